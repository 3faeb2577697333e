"""A derivation as it stands on a page: each line judged, and what is to be said of the whole."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise

from mcalc.calculus.derive import as_whole, simplified
from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.claims import ask_meanings, ask_names, entry_by_entry, judge, misfitting, star_meant
from mcalc.checking.equality import SHAPES
from mcalc.checking.page_names import Known, Pair
from mcalc.checking.page_parts import IN_WORDS, SET_TO_ZERO, PageLine
from mcalc.checking.page_prepared import LENGTH, VALUE, ZEROS, Prepared, solved_name
from mcalc.checking.page_rates import SLOPE, Rates, rates
from mcalc.checking.page_spellings import (
    AT,
    BY_SEVERAL,
    VALUED,
    bare_gradients,
    bounded,
    gradients,
    lowered_partials,
    primed_brackets,
    primed_names,
    sides_of,
    taken_at,
    taken_at_numbers,
    values_in,
    with_components,
)
from mcalc.checking.page_verdicts import (
    Claim,
    Judged,
    as_mistake,
    ask_dependence,
    summary,
    verdict_of,
    verdict_on,
    verdict_on_constraints,
    verdict_where,
)
from mcalc.checking.page_zeros import Zeros
from mcalc.checking.stated_reasons import Stated, is_condition, remark, stated
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, ShapeError, clip
from mcalc.expr import Expr, walk
from mcalc.notation import Reading, Scope, read
from mcalc.notation.meaning.assumed import refuse_labelled
from mcalc.notation.meaning.free_indices import stacked
from mcalc.notation.surface.words import entries_of, is_function
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL
from mcalc.operators.arithmetic import POW, neg
from mcalc.operators.leaves import INDEX, SYMBOL, is_zero, number, symbols_in, zeros
from mcalc.operators.linear import ELEMENT, ROW, TRANSPOSE, transpose
from mcalc.patterns import pattern
from mcalc.render.latex_face import latex

Within = Callable[[Callable[[], None]], None]
MARK = pattern(
    r"∂|∇|\\partial|\\nabla|\bd\w*\s*/\s*d|grad|frac\s*\{\s*(?:d[^{}]*\}\s*\{\s*d|\\(?:mathrm|operatorname|text)\s*\{\s*d)"
)
"""A derivative, in a text."""
LETTER = pattern(r"[^\W\d_]")
SIGNS = {"<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}
MAPPED = pattern(r"\s*d\w+\s*(?:↦|\\mapsto)\s*")
"""What a line begins with that tells a differential as a map, dX ↦ …; it goes on from the line before it."""
CODED = pattern(r"\s*d([^\W\d_]\w*)\s*(?==)")
"""What a line of code begins with that gives a derivative the name dz."""
CONDITION = pattern(r"(?:(?![^\W\d_]{4})[^=])+=(?:(?![^\W\d_]{4})[^=])+")
"""An equation without words."""
STRAIGHT = pattern(r"\s*(?:d|\\[dt]?frac\s*\{\s*(?:d|\\mathrm\{d\}|\\operatorname\{d\}))")
"""What a line with a straight d begins with."""
LAYOUTS = ("numerator", "columns", "denominator")
COLUMNS = "equal, with gradients as columns"
DENOMINATOR = "equal, in the denominator layout"
FOLLOWS = "follows from line {}, which does not hold"
RESTS = "this may rest on"
MEANT = "right, though line {} is not"
MOST_USERS = 8
"""Lines that use a name which one leaves open, read together with what they are made of."""
SECTION = pattern(
    r"(?i)[\s#*_]*(?:\\\w+\*?\{)?(?:(?:problem|exercise|question|example|task|case|part|ex|q)\b\.?\s*\(?(?:\d+|[a-z])\b|\(?[a-h]\)\s)"
)
"""What a problem of a page, or a part of one, begins with."""


class Page:
    """The lines of a page, judged one after the other: what is defined on it is a variable to the lines that use it.

    `judged` has what became of each line; the work on one is done by `within`, which may stop it. A definition stands
    before the lines that use its name, wherever it is written. A line that begins with an equals sign
    goes on from the one before it. What is `given` beside a definition holds for all lines. Lines at some places are
    read `jointly` with what they are made of, for what nothing declares.

    >>> from mcalc.notation import Scope
    >>> page = Page("u = A x; f = u · u; ∂f/∂u = 2uᵀ; ∂f/∂x = ∂f/∂u ∂u/∂x; = 2 uᵀ Aᵀ", Scope())
    >>> [one.verdict.verdict for one in page.judged if one.verdict is not None]
    ['equal', 'equal', 'not-equal']
    """

    def __init__(
        self,
        text: str,
        scope: Scope,
        layout: str = "numerator",
        notation: str = "auto",
        within: Within = lambda work: work(),
        jointly: Sequence[int] = (),
    ) -> None:
        self.known = Known(scope, layout)
        self.within = within
        self.layout = layout
        self.root: Expr | None = None
        self.standing: Expr | None = None
        self.root_layout = "numerator"
        self.broken: int | None = None
        self.unread: int | None = None
        self.failed: dict[str, int] = {}
        self.unread_lines: list[PageLine] = []
        self.is_zero = False
        self.values: dict[Expr, Expr] = {}
        self.curve: PageLine | None = None
        self.pairs: dict[str, set[Pair]] = {"straight": set(), "curly": set()}
        self.at: dict[int, dict[Expr, Expr]] = {}
        self.bound: tuple[str, Fraction] | None = None
        self.prepared = Prepared(text, notation, self.known)
        self.given = self.prepared.said
        self.lines, self.heads, self.notes = self.prepared.lines, self.prepared.heads, self.prepared.notes
        heads = {head[0] for head in self.heads if head is not None}
        self.known.names.rates = rates([line.spelled for line in self.lines], heads)
        self.rates = Rates(self.known.names)
        for place in jointly:
            self.prepared.take_jointly(place)
        self.zeros = Zeros(self.known, self._compared, self.prepared.solver, self.notes)
        found: dict[int, Judged] = {}
        for place in sorted(range(len(self.lines)), key=lambda k: k not in self.prepared.declaring):
            for first in [*self.prepared.needed(place, found), place]:
                if first not in found:
                    chain = self.root, self.standing, self.broken
                    found[first] = self._judged(first)
                    if first != place:
                        self.root, self.standing, self.broken = chain
        self.judged = [found[place] for place in sorted(found)]
        self._settle_partial()
        self._tell_layouts()
        self.zeros.settle_waiting()

    # reading ---------------------------------------------------------------------------------------------------------

    def _judged(self, place: int) -> Judged:
        one = Judged(self.lines[place])
        try:
            self.within(partial(self._take, one, self.heads[place]))
        except (Mistake, ShapeError) as trouble:
            one.mistake = as_mistake(trouble, one.line.text)
            head = self.heads[place]
            if head is not None and not self.known.has_meaning(head[0]):
                self.failed[head[0]] = self.failed[entries_of(head[0])] = one.line.number
            self.unread_lines += [one.line] * (not trouble.message.startswith(RESTS))
            self.unread = one.line.number if not one.line.text.startswith("=") or self.unread is None else self.unread
            self.standing = self.root = None
        return one

    def _take(self, one: Judged, head: tuple[str, bool] | None) -> None:
        """Read a line, take in what it defines, and judge what it claims.

        A line that does not hold as it stands, or has no shapes, may be meant with gradients as columns, or in the
        denominator layout.
        """
        line = one.line
        if IN_WORDS.search(line.text) is not None:
            raise Mistake("E-SYNTAX", "this is said in words, and is not judged", hint="write an equation: ∇f = 2 x")
        self._refuse_failed(line)
        self.known.stack({text for name in self.prepared.names_in(line) for text in (name.full, name.full[1:])})
        text = self._spelled(line) if head is not None else self._spelled(line).replace(":=", "=", 1)
        if self._solves(one, head, f"{text} = 0" if self.is_zero else text):
            return
        if line.reason == SET_TO_ZERO and (self.root is None or self.root.op is not DERIVATIVE):
            return  # the gradient that is set to zero in words was not written down
        if self.is_zero and not text.strip() and self.standing is not None:
            self._take_zero(self.known.names.settled(self.standing), line.number)
            return
        tried = self._tried(line, text, head)
        if not tried:
            return
        within = bounded(text) if "=" in text and not any([c is not None and c.verdict for c, _ in tried]) else None
        if within is not None:  # f'' = 2 > 0; what m = z > 0 defines was taken in
            self.bound = within[1:]
            again = self._tried(line, within[0], head)
            tried = again if any([c is not None for c, _ in again]) else tried
        chosen = next((c for c, _ in reversed(tried) if c is not None and c.verdict), None)
        chosen = chosen or next((c for c, _ in tried if c is not None), None)
        mistake = tried[0][1]
        if chosen is not None and not chosen.verdict:
            if self._is_condition(line, chosen) or self._is_equation(line, chosen):
                return
            called = next((name.full for name in self.prepared.names_in(line) if ":=" in line.spelled), "")
            if is_function(called) and not self.known.has_meaning(called):
                self.failed[called] = line.number
                hint = "give it a name of its own"
                raise Mistake("E-NAME", f"{clip(called)} has another meaning in mcalc", hint=hint)
            self._ask_identity(chosen)
            self._ask_signs(line, chosen, text, head)
            self._ask_unread(line, chosen)
        elif chosen is None and mistake is not None and mistake.code == "E-SHAPE":
            self._ask_derivative(line, text)
        if chosen is not None:
            self._settle(one, chosen)
        elif mistake is not None and not self._misfits(one, mistake, text):
            raise mistake

    def _tried(
        self, line: PageLine, text: str, head: tuple[str, bool] | None
    ) -> list[tuple[Claim | None, Mistake | None]]:
        """Return what a line claims, judged, in each layout until it holds; nothing if it claims nothing."""
        tried: list[tuple[Claim | None, Mistake | None]] = []
        for layout in LAYOUTS if self.layout == "numerator" else LAYOUTS[:1]:
            try:
                claim = self._read(line, text, head, layout)
                if claim is None:
                    return []
                claim.stated = [*self.given, *stated(claim.reading, line.reason)]
                claim.is_straight = STRAIGHT.match(line.text) is not None
                claim.verdict = self._judge(claim)
                if claim.verdict and (self.bound is not None or line.nature):
                    claim.verdict = self._bounded(claim, claim.verdict, line.nature)
                tried.append((claim, None))
                if claim.verdict:
                    break
            except (Mistake, ShapeError) as trouble:
                tried.append((None, as_mistake(trouble, line.text)))
                if trouble.code != "E-SHAPE":
                    break
            of_rows = not self.known.rows.isdisjoint([name.full for name in self.prepared.names_in(line)])
            if not (of_rows or asks(self.standing if text.startswith("=") else None, text)):
                break
        return tried

    def _solves(self, one: Judged, head: tuple[str, bool] | None, text: str) -> bool:
        """Judge what a line makes of what was set to 0 before, if it does; a name of its own it defines or restates."""
        sides = sides_of(text)
        *names, last = [side.strip() for side in sides]
        if len(names) > 1 and {*names} <= self.zeros.names():  # x = y = λ
            return all([self._solves(one, (name, False), f"{name} = {last}") for name in names if one.stands])
        if not self.zeros.conditions or self.at or len(sides) != 2 or not sides[0].strip() or MARK.search(text):
            return False
        name = "" if head is None or head[1] else head[0]
        solved = solved_name(name)
        scope, notation = self.known.scope, one.line.notation
        if entries_of(name) != name and name not in scope.names():
            return self._solves_entries(one, entries_of(name), text)
        if head is not None and solved not in self.zeros.names() and head[0] not in scope.names():
            return False
        right = read(sides[1], scope, value=True, notation=notation).expr or number(0)
        left = scope.variables[solved] if solved != name else read(sides[0], scope, value=True, notation=notation).expr
        if left is None or {left, right} & self.known.names.forms.keys():
            return False
        settles = self.zeros.settle(one, solved, left, right)
        if settles and solved != name:
            self.known.define(name, right)
        return settles

    def _solves_entries(self, one: Judged, name: str, text: str) -> bool:
        """Judge p_i = ... as a solution for p, if p is to be found and i runs over all of its entries."""
        reading = read(text, self.known.scope, equation=True, notation=one.line.notation)
        if name not in self.zeros.names() or len(reading.sides) != 2:
            return False
        left, right = reading.sides
        at = left.args[1:] if left.op is ELEMENT else ()
        whole = stacked(right, at) if len(at) == 1 and at[0].op is INDEX else None
        return whole is not None and self.zeros.settle(one, name, left.args[0], whole)

    def _is_condition(self, line: PageLine, claim: Claim) -> bool:
        """Say whether a line states what no other one defines: A = Aᵀ, Σ y = 1, σ² = v; it holds for the page then.

        Raises:
            Mistake: `E-UNSUPPORTED`, where it gives a name by itself.
        """
        free = [node for node in symbols_in(*claim.sides) if node not in self.known.names.forms]
        if not claim.goes_on and self.rates.take(line.number, claim.sides):
            self.known.keep(claim.reading)
            self.notes.append(f"line {line.number} is taken for a condition")
            return True
        if claim.goes_on or any([side.has(DERIVATIVE) for side in claim.sides]):
            return False
        left, right = claim.sides[0], symbols_in(*claim.sides[1:])
        says_square = left.op is POW and left.args[0] in free and bool(right) and left.args[0] not in right
        if says_square or is_condition(line.text, [node.attr[0] for node in free]):
            self.known.keep(claim.reading)
            self.given.append(Stated(line.text))
            self.notes.append(f"line {line.number} is taken for a condition")
            return True
        if claim.sides[0] in free and claim.sides[0] in symbols_in(*claim.sides[1:]):
            said = f"{claim.sides[0].attr[0]} stands on both sides: a step of an iteration is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="call the new value by a name of its own")
        return False

    def _is_equation(self, line: PageLine, claim: Claim) -> bool:
        """Say whether a line that does not hold is an equation that later ones solve; it is taken in then.

        So f'(x) = 0 is, where a line says what x is.
        """
        left, right = claim.sides if len(claim.sides) == 2 else (claim.sides[0], claim.sides[0])
        root = self.root if claim.goes_on else left
        if left is right or right.has(DERIVATIVE) or root is None:
            return False
        if root.op is DERIVATIVE and is_zero(right):
            solved = self.prepared.solver(line, [node.attr[0] for node in symbols_in(*root.args[1:])])
            if not solved and not line.sets:
                return False
            self._take_zero(self.known.names.settled(left, layout=self.layout), line.number, root)
            self._note_zero(line)
        elif claim.goes_on or self._is_restated(left, right):
            return False
        else:
            left = self.known.names.settled(left, layout=self.layout) if is_zero(right) else left
            if left.has(DERIVATIVE) or not (
                self.zeros.takes_equation(line, left, right) or self.zeros.takes_constraint(line, left, right)
            ):
                return False
        self.known.keep(claim.reading)
        return True

    def _ask_identity(self, claim: Claim) -> None:
        """Refuse XᵀX w = Xᵀy and XᵀX w - Xᵀy = 0, equations that to their writer hold for some values alone."""
        left, right = claim.sides[0], claim.sides[-1]
        named = left in self.known.names.forms or left.op in (SYMBOL, ELEMENT)
        if (
            claim.goes_on
            or len(claim.sides) > 2
            or named
            or any([s.has(DERIVATIVE, DIFFERENTIAL) for s in claim.sides])
        ):
            return
        one, other = [{*symbols_in(self.known.names.expanded(side))} for side in (left, right)]
        if (is_zero(right) and len(one) > 1) or (one - other and other - one):
            said = "this is an equation, and no identity: whether it follows from what stands before is not judged"
            raise Mistake(
                "E-UNSUPPORTED", said, hint="write the derivative that is set to 0 before it: ∂L/∂w = ... = 0"
            )

    def _is_restated(self, left: Expr, right: Expr) -> bool:
        """Say whether a line tells again what a name of the page is, in terms of variables: f = x² + 1, not f = 0."""
        forms = self.known.names.forms
        if left not in forms:  # x = (u + v)/2 of u = x + y
            return left not in symbols_in(right) and left in symbols_in(self.known.names.expanded(right))
        return any([node not in forms for node in symbols_in(right)])

    def _note_zero(self, line: PageLine) -> None:
        note = f"= 0 in line {line.number} is taken for the condition that it is 0"
        self.notes += [] if note in self.notes else [note]

    def _compared(self, left: Expr, right: Expr) -> Verdict:
        return judge([left, right], self.known.text, self.known.assumed, self.layout, self.given)

    def _misfits(self, one: Judged, mistake: Mistake, text: str) -> bool:
        """Judge a line wrong whose claimed side fits no shapes, where all in it is known; say whether that is so."""
        first, *others = sides_of(text)
        if mistake.code != "E-SHAPE" or not others:
            return False
        try:
            left = (
                self.standing if not first.strip() else read(first, self.known.scope, notation=one.line.notation).expr
            )
            unknown = [
                n.full
                for n in self.prepared.names_in(one.line)
                if n.full[:1] not in "d∂" and not self.known.is_known(n)
            ]
        except (Mistake, ShapeError):
            return False
        if left is None or unknown:
            return False
        one.verdict = misfitting(self.known.text(left), mistake)
        if first.strip():
            self.root = left
            self.broken = one.line.number
        self.broken = self.broken or one.line.number
        return True

    def _refuse_failed(self, line: PageLine) -> None:
        """Refuse a line with a name whose definition was not read: it would be judged by another meaning."""
        for name in self.prepared.names_in(line) if self.failed else ():
            for text in (name.full, entries_of(name.full), name.full[1:] if name.full[:1] in "d∂" else ""):
                number = self.failed.get(text)
                if number is not None and not self.known.has_meaning(text):
                    hint = "put that right first"
                    raise Mistake("E-NAME", f"{clip(text)} is defined in line {number}, which is not read", hint=hint)

    def _spelled(self, line: PageLine) -> str:
        """The text of a line with primes as derivatives, and without the places that its sides are taken at."""
        latex = line.notation == "latex"
        spelled = MAPPED.sub("= ", line.spelled) if self.standing is not None else line.spelled
        text = taken_at_numbers(spelled, self.known.only_variable, self.known.only_parameter, latex=latex)
        text = primed_names(text, self.known.only_variable, latex=latex)
        text = primed_brackets(text, partial(self.known.variable_in, notation=line.notation), latex=latex)
        text = gradients(text, self.known.only_argument)
        goes_on = text.startswith("=") and self.root is not None and self.root.op is DERIVATIVE
        by = (
            [one.attr[0] for one in self.root.args[1:] if one.op is SYMBOL] if goes_on and self.root is not None else []
        )
        text = bare_gradients(text, by[0] if len(by) == 1 else None)
        text = lowered_partials(text, self.known.is_partial, latex=latex)
        whole = [VALUED.fullmatch((bounded(side) or [side])[0].strip()) for side in sides_of(text)]
        put = partial(VALUED.sub, partial(self._valued, line))
        text = "=".join([side if as_it_is else put(side) for side, as_it_is in zip(sides_of(text), whole, strict=True)])
        within = bounded(text)
        last = sides_of(within[0])[-1] if within is not None else ""
        sure = within is not None and (AT.fullmatch(last) or (last is not within[0] and not LETTER.search(last)))
        text, self.bound = (within[0], within[1:]) if sure and within is not None else (text, None)
        text, places = taken_at(text)
        several = BY_SEVERAL.match(text)
        count = several[1].count(",") + 1 if several else len(self.root.args) - 1 if goes_on and self.root else 0
        text = with_components(text, count, latex=latex)
        *before, last = sides_of(text)
        self.is_zero = last.strip(" .") in ZEROS and len(before) > 1 - self.prepared.leads(line)
        if self.is_zero:
            self._note_zero(line)
            text = "=".join(before).rstrip()
        self.at = {side: self._point(values, line) for side, values in places.items()}
        return text

    def _point(self, values: Mapping[str, str], line: PageLine) -> dict[Expr, Expr]:
        """Read the values of variables at which something is taken."""
        point: dict[Expr, Expr] = {}
        for name, value in values.items():
            told = "exp(1)" if value == "e" and not self.known.has_meaning("e") else value
            variable, at = [read(part, self.known.scope, notation=line.notation).expr for part in (name, told)]
            if variable is not None and at is not None:
                point[variable] = zeros(variable.shape) if variable.shape and is_zero(at) else at
        return point

    def _valued(self, line: PageLine, found: re.Match[str]) -> str:
        """Return the value of f'(4) inside a formula, as text; the same text where it has none."""
        asked = read(found[1] or found[3], self.known.scope, notation=line.notation).expr
        point = self._point(values_in(found[2] or found[4]), line)
        if asked is None or asked in point:
            return found[0]
        value = simplified(replaced(self.known.names.settled(asked, layout=self.layout), point), frozenset())
        return f"\\left({latex(value)}\\right)" if line.notation == "latex" else f"({self.known.text(value)})"

    def _read(self, line: PageLine, text: str, head: tuple[str, bool] | None, layout: str) -> Claim | None:
        """Read a line, with its derivatives in some layout; None where it claims nothing, and is taken in."""
        goes_on = text.startswith("=")
        if goes_on and self.standing is None and self.unread is not None:
            hint = "put that right first"
            raise Mistake("E-SYNTAX", f"this goes on from line {self.unread}, which is not read", hint=hint)
        if head is not None and not head[1] and self.known.is_iterate(head[0]):
            form = read(sides_of(text)[1], self._scope(line, layout), value=True, notation=line.notation).expr
            if form is not None:
                self.known.define(head[0], as_whole(form))
                self.root = self.standing = form
            if len(sides_of(text)) == 2:
                return None
        ask = partial(read, text, equation=True, before=self.standing if goes_on else None, notation=line.notation)
        opened = head[0] if head is not None and not head[1] and self.known.is_open(head[0]) else ""
        before = self.known.scope.variables[opened] if opened else None
        reading = ask(self._scope(line, layout, opened))
        if before is not None and reading.expr is not None and reading.expr.shape != before.shape:
            self.known.keep(ask(self._scope(line, layout)))  # beside the name, what nothing declares is of its sizes
            reading = ask(self._scope(line, layout, opened))
        if (
            before is not None
            and reading.expr is not None
            and before in symbols_in(self.known.names.expanded(reading.expr))
        ):
            reading = ask(
                self._scope(line, layout)
            )  # x = (u + v)/2, of u = x + y: what stands on the right is made of x
        if before is not None and reading.expr is not None and VALUE.search(text) is not None:
            self.values[before] = reading.expr  # of a variable that is in use, x = 1 is no definition
            return None
        if reading.kind == "empty":
            return None
        if reading.kind != "claim":
            self.given += stated(reading)
        if reading.kind in ("declaration", "function"):
            self.known.scope = reading.scope
            if self.prepared.names_identity:
                self.known.scope.variables.pop("I", None)
            return None
        if reading.kind == "claim" and not goes_on and self._is_curve(line, reading):
            return None
        if reading.kind == "claim" or (self.bound is not None and reading.kind in ("expression", "derivative")):
            return Claim(reading, layout, head, self.at, goes_on=goes_on)
        self.known.keep(reading)
        if reading.expr is not None:
            if reading.kind == "definition" and reading.name is not None:
                self.known.define(reading.name, as_whole(reading.expr), before)
            self.root = self.standing = reading.expr
            self.root_layout, self.broken = layout, None
            if self.is_zero:
                zero = self.known.names.settled(reading.expr, layout=self.layout)
                self._take_zero(zero, line.number)
        return None

    def _scope(self, line: PageLine, layout: str, without: str = "") -> Scope:
        """What a line is read with, its derivatives in some layout, and without a name that it defines."""
        scope = self.known.scope.copy()
        scope.line, scope.layout = line.number, layout
        if layout != "numerator":
            for name in self.known.rows:
                scope.variables[name] = scope.definitions.pop(name).args[0]
        scope.forget(without)
        return scope

    def _is_curve(self, line: PageLine, reading: Reading) -> bool:
        """Say whether an equation defines a name that a later line differentiates; it is taken in then."""
        after = self.lines[self.lines.index(line) + 1 :]
        pairs = [(found[1] or found[3], found[2] or "") for one in after for found in SLOPE.finditer(one.spelled)]
        y = self.known.curve(reading.sides, {above for above, _ in pairs}, {below for _, below in pairs})
        if y is not None:
            self.known.keep(reading)
            self.curve = line
            self.notes.append(f"{y.attr[0]} is taken for the function that line {line.number} defines")
        return y is not None

    # judging ---------------------------------------------------------------------------------------------------------

    def _judge(self, claim: Claim) -> Verdict:
        """Judge a claim, against the line that it goes on from, or where that does not hold against the first one."""
        sides = claim.sides
        if claim.reading.misfit is not None:
            return misfitting(self.known.text(sides[0]), claim.reading.misfit)
        if len(sides) == 1:  # f''(1) > 0
            return Verdict("equal", self.known.text(sides[0]), "", "values")
        root = self.root if claim.goes_on else sides[0]
        assert root is not None
        for node in walk(root, *sides):
            if node.op is DERIVATIVE:
                inside = symbols_in(*map(self.known.names.expanded, symbols_in(node.args[0])))
                refuse_labelled({n.attr[0]: n for n in inside if n in self.known.assumed}, node.args[1:])
        new = [variable for variable in claim.reading.symbols if variable.attr[0] not in self.known.scope.names()]
        if claim.head is not None and claim.head[0] not in self.known.scope.names() and not sides[0].free:
            self.known.keep(claim.reading)
            self.known.define(claim.head[0], sides[0])
        if not claim.goes_on or self.broken is None:
            found = verdict_on(claim, [root, *sides[1:]], self.known)
        else:
            found = verdict_on(claim, [root, sides[-1]], self.known)
            if found:
                found.headline = MEANT.format(self.broken)
            elif verdict_on(claim, sides, self.known):
                found.headline = FOLLOWS.format(self.broken)
                found.details = []
        for values in (self.values, self.zeros.given()) if not found else ():
            found = verdict_where(claim, [root, *sides[1:]], values, self.known) or found
        if not found:
            found = verdict_on_constraints(claim, [root, *sides[1:]], self.zeros.constraints(), self.known) or found
        if not found and not claim.goes_on and self._inverts(sides):
            found = Verdict("equal", self.known.text(sides[0]), self.known.text(sides[-1]), "values")
            found.headline = "equal: it solves what defines the names in it"
        if not found and self.rates.relations:
            follows = self.rates.followed(sides[0], sides[-1])
            found = Verdict("equal", self.known.text(sides[0]), self.known.text(sides[-1]), "values")
            found.headline = f"equal, where line {follows} holds"
        if not found and self.curve is not None and self.known.names.curves.keys() & {*symbols_in(*sides)}:
            said = f"this is not so for all values, and whether it is where {clip(self.curve.text, 40)} is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="solve the equation for one name, and define that: y = ...")
        if not found:
            ask_dependence(sides[0], self.known)
            known = set(walk(root, sides[0]))
            known |= set(walk(*[self.known.names.expanded(node) for node in known if node in self.known.names.forms]))
            ask_meanings(sides[0], sides[1:], new, found.slip)
            ask_names(sides[1:], known, new)
        layout = self.root_layout if claim.goes_on and claim.layout == "numerator" else claim.layout
        if found.verdict == "equal" and layout != "numerator":
            found.verdict = "other-layout"
            found.headline = COLUMNS if layout == "columns" else DENOMINATOR
        return found

    def _bounded(self, claim: Claim, found: Verdict, nature: str) -> Verdict:
        """Return the verdict on a claim whose last side is said to be less or greater than a number as well.

        A second derivative may be said to be that of a minimum or a maximum.
        """
        value = self.known.names.settled(claim.sides[-1], layout=self.layout)
        value = simplified(replaced(value, claim.at.get(len(claim.sides) - 1, {})), frozenset())
        amount = None if value.shape or symbols_in(value) else float(evaluate(value, {}))
        wrong = ""
        for sign, bound in [self.bound] if self.bound is not None else ():
            if amount is None:
                found.details.append(f"whether that is {sign} {bound} is not judged")
            elif not SIGNS[sign](amount, bound):
                wrong = f"{self.known.text(value)} is not {sign} {bound}"
            elif len(claim.sides) == 1:
                found.headline = f"right: it is {self.known.text(value)}"
        of = self.root if claim.goes_on else claim.sides[0]
        is_second = of is not None and of.op is DERIVATIVE and of.args[0].op is DERIVATIVE
        if nature and (not amount or not is_second):
            found.details.append(f"whether that is a {nature} is not judged")
        elif nature and amount is not None and (amount > 0) != (nature == "minimum"):
            wrong = wrong or f"where a second derivative is {self.known.text(value)}, there is no {nature}"
        if wrong:
            found = Verdict("not-equal", found.left, found.right, "values")
            found.details = [wrong]
        return found

    def _inverts(self, sides: Sequence[Expr]) -> bool:
        """Say whether x = g(y) solves what defines y in terms of x, where it is no equation for all values of x."""
        x, g = sides[0], sides[-1]
        if x.op is not SYMBOL or len(sides) != 2:
            return False
        for name, forms in self.known.names.forms.items():
            made_of = self.known.names.expanded(forms[0])
            if name in symbols_in(g) and x in symbols_in(made_of) and x not in symbols_in(g):
                return bool(self._compared(replaced(made_of, {x: g}), name))
        return False

    def _ask_signs(self, line: PageLine, claim: Claim, text: str, head: tuple[str, bool] | None) -> None:
        """Ask what a dash, or a *, is in a line that does not hold, but would with a minus sign, or entry by entry.

        Raises:
            Mistake: `E-AMBIG`, where that is so.
        """
        self._ask_derivative(line, text)
        first, *others = claim.sides
        if self.prepared.is_list and not claim.goes_on and verdict_on(claim, [neg(first), *others], self.known):
            said = "the dash before this may begin an item or be a minus, with which it holds"
            raise Mistake("E-AMBIG", said, hint="leave the dash out, or write 0 - in its place")
        entries = entry_by_entry(text)
        if entries != text and any([one is not None and one.verdict for one, _ in self._tried(line, entries, head)]):
            raise star_meant(entry_by_entry(line.text))

    def _ask_unread(self, line: PageLine, claim: Claim) -> None:
        """Refuse to call a line wrong that may rest on one that was not read: a condition, or behind an equation any.

        Raises:
            Mistake: `E-NAME`, where that is so.
        """
        derived = CODED.match(line.text) or any([side.has(DERIVATIVE, DIFFERENTIAL) for side in claim.sides])
        is_equation = not derived and {*symbols_in(*claim.sides)}.isdisjoint(self.known.names.forms)
        own = {name.full for name in self.prepared.names_in(line)}
        for before in self.unread_lines:
            is_short = self.heads[self.lines.index(before)] is None and CONDITION.fullmatch(before.text) is not None
            shared = own & {name.full for name in self.prepared.names_in(before)}
            derives = MARK.search(before.text) is not None or CODED.match(before.text) is not None
            if shared and (is_equation or (is_short and not derives)):
                said = f"{RESTS} line {before.number}, which is not read"
                raise Mistake("E-NAME", said, hint="put that right first")

    def _ask_derivative(self, line: PageLine, text: str) -> None:
        """Ask what dz is in a line that does not hold, but would if it were the derivative of a number by z.

        Raises:
            Mistake: `E-AMBIG`, where that is so.
        """
        found = CODED.match(text)
        if found is None:
            return
        for of in [name.attr[0] for name in self.known.names.forms if name.op is SYMBOL and not name.shape]:
            for told in dict.fromkeys((text, entry_by_entry(text))):
                meant = f"∂{of}/∂{found[1]} {told[found.end() :]}"
                if any([one is not None and one.verdict for one, _ in self._tried(line, meant, None)]):
                    said = f"d{found[1]} is a differential, and the line holds for ∂{of}/∂{found[1]}"
                    raise Mistake("E-AMBIG", said, hint=f"write {meant}")

    def _settle(self, one: Judged, claim: Claim) -> None:
        """Take in what a claim says, now that it was judged."""
        verdict, sides = claim.verdict, claim.sides
        assert verdict is not None
        self.known.keep(claim.reading)
        one.verdict, one.pairs, one.by_partial = verdict, claim.pairs, claim.by_partial
        one.reading = claim.reading
        verdict.notes = [note for note in claim.reading.notes if "does not depend on" not in note]
        verdict.assumed = list(claim.reading.assumed)
        if not claim.goes_on:
            self.root, self.root_layout, self.broken = sides[0], claim.layout, None
            if sides[0].op is DERIVATIVE:
                mark = "straight" if STRAIGHT.match(one.line.text) else "curly"
                self.pairs[mark].add((sides[0].args[0], sides[0].args[1]))
        name = sides[0].args[0] if sides[0].op in (ROW, TRANSPOSE) else sides[0]
        if verdict and name in self.known.names.forms and not any([side.has(DERIVATIVE) for side in sides[1:]]):
            for side in sides[1:]:
                self.known.names.define(name, side if name is sides[0] else transpose(side))
        if verdict and one.line.reason and (said := self._said_of(one.line.reason, claim)):
            verdict.details.append(said)
        self.broken = self.broken if verdict else self.broken or one.line.number
        self.standing = sides[-1]
        if self.is_zero:
            self._take_zero(sides[-1], one.line.number)

    def _take_zero(self, zero: Expr, line: int, root: Expr | None = None) -> None:
        """Take in that a line sets something to 0, which stands behind an equals sign of a derivative, or is one."""
        root = root or self.root
        derived = root is not None and root.op is DERIVATIVE
        by = root.args[1:] if root is not None and derived else () if root is None else symbols_in(root)
        self.zeros.take(zero, by, line, is_slope=derived and root is not None and not root.args[0].has(DERIVATIVE))

    def _said_of(self, reason: str, claim: Claim) -> str:
        """What is to be said of the rule that is stated behind a line."""
        sides = claim.sides
        before = sides[:-1] if len(sides) > 1 else sides
        worked_out = [node for node in walk(*before) if node.op is DERIVATIVE]
        by = [{part for part in walk(*node.args[1:]) if part in self.known.names.forms} for node in worked_out]
        asked = [self.known.names.asked(node, keep) for node, keep in zip(worked_out, by, strict=True)]
        return remark(reason, [node for node in asked if node.op is DERIVATIVE], sides)

    def _settle_partial(self) -> None:
        """Let lines hold that are right as partial derivatives, where another line uses these as such."""
        used = {pair for one in self.judged if one.verdict for pair in one.pairs}
        used |= self.pairs["straight"] & self.pairs["curly"]
        for one in self.judged:
            if one.by_partial is not None and one.pairs <= used:
                one.verdict = one.by_partial

    def _tell_layouts(self) -> None:
        """Tell of a gradient by a matrix that is transposed on a page whose gradients by vectors are columns."""
        column = 0
        turned: list[Verdict] = []
        for one in self.claims:
            sides = one.reading.sides if one.reading is not None else []
            derived = next((side for side in sides if side.op is DERIVATIVE and not side.args[0].shape), None)
            if one.verdict is None or one.verdict.verdict != "other-layout" or derived is None:
                continue
            by = derived.args[1]
            column = column or one.line.number * (by.order == 1)
            turned += [one.verdict] * (by.order == 2 and by.shape != sides[-1].shape)
        for verdict in turned if column else ():
            said = f"beside the column of line {column} it would be the transpose of this, of the shape of its matrix"
            verdict.details.append(said)

    # the whole -------------------------------------------------------------------------------------------------------

    @property
    def claims(self) -> list[Judged]:
        """The lines that claim something, as far as they were read."""
        return [one for one in self.judged if one.verdict is not None]

    @property
    def mistakes(self) -> list[Judged]:
        """The lines that could not be read."""
        return [one for one in self.judged if one.mistake is not None]

    @property
    def summary(self) -> str:
        """What is to be said of the whole: which lines hold, and whether the last one does all the same."""
        return summary(self.judged)

    @property
    def verdict(self) -> Verdict:
        """The verdict on the whole: that of the first line that does not hold, with its place; or that all do."""
        return verdict_of(self.judged, self.notes)


def asks(before: Expr | None, text: str) -> bool:
    """Say whether a derivative stands in a line, or in what it goes on from."""
    return MARK.search(text) is not None or (before is not None and before.has(DERIVATIVE))


def page_of(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged, each of its problems apart."""
    (_, first), *others = sections(text, scope, layout, notation)
    page = _fitting(first, scope, layout, notation, within)
    for begun, part in others:
        again = _fitting(part, scope, layout, notation, within)
        page.judged += [one for one in again.judged if one.line.number >= begun]
        page.notes += [note for note in again.notes if note not in page.notes]
    return page


def _fitting(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged; once more, with definitions and what uses them read together, where lines fit no shapes.

    So are the lines that use what one says that has two readings alone.
    """
    page = Page(text, scope, layout, notation, within)
    codes = [one.mistake.code if one.mistake is not None else "" for one in page.judged]
    unfit = [k for k, code in enumerate(codes) if code == "E-SHAPE"]
    asked = {name for k, code in enumerate(codes) if code == "E-AMBIG" for name in page.prepared.mentioned(k)}
    if misfits(page) or (LENGTH in page.notes and "E-NAME" in codes):
        unfit += [k for k, head in reversed([*enumerate(page.prepared.heads)]) if head is not None]
    users = [k for k, code in enumerate(codes) if code != "E-AMBIG" and asked & page.prepared.mentioned(k)]
    unfit += users[:MOST_USERS]
    again = Page(text, scope, layout, notation, within, [*dict.fromkeys(unfit)]) if unfit else page
    better = (len(again.mistakes), misfits(again)) < (len(page.mistakes), misfits(page))
    return again if better else page


def misfits(page: Page) -> int:
    """Return how many lines of a page are called wrong for their shapes alone."""
    return len([one for one in page.claims if one.verdict is not None and one.verdict.method == SHAPES])


def sections(text: str, scope: Scope, layout: str, notation: str) -> list[tuple[int, str]]:
    r"""Return the problems of a page, each with its first row, at its place behind what stands before them all.

    It is one where no name is defined in two of them, or one needs what another one defines.

    >>> from mcalc.notation import Scope
    >>> sections("a = 2\n(a) y = a x\n(b) y = x²", Scope(), "numerator", "auto")
    [(2, 'a = 2\n(a) y = a x\n'), (3, 'a = 2\n\n(b) y = x²')]
    >>> sections("(a) y = 2 x\n(b) z = x²", Scope(), "numerator", "auto")
    [(1, '(a) y = 2 x\n(b) z = x²')]
    """
    rows = text.split("\n")
    starts = [number for number, row in enumerate(rows, 1) if SECTION.match(row)]
    whole = [(1, text)]
    if len(starts) < 2:
        return whole
    prepared = Prepared(text, notation, Known(scope, layout))
    defined: list[set[str]] = []
    used: list[set[str]] = []
    bounds = list(pairwise([1, *starts, len(rows) + 1]))
    for start, stop in bounds:
        inside = [k for k, line in enumerate(prepared.lines) if start <= line.number < stop]
        defined.append({head[0] for k in inside if (head := prepared.heads[k]) is not None})
        used.append({name.full for k in inside for name in prepared.names_in(prepared.lines[k])})
    before, *own = defined
    again = {name for place, names in enumerate(own) for other in own[:place] for name in names & other}
    needs = any(
        [(used[place + 1] - names - before) & other for place, names in enumerate(own) for other in own[:place]]
    )
    if not again or needs:
        return whole
    return [
        (start, "\n".join([row if k < starts[0] or start <= k < stop else "" for k, row in enumerate(rows, 1)]))
        for start, stop in bounds[1:]
    ]
