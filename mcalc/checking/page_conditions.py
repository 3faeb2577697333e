"""What lines of a page say for those behind them: conditions, curves, related rates, what is 0 and what solves that."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.claims import judge
from mcalc.checking.page_names import Known, Names
from mcalc.checking.page_parts import PageLine
from mcalc.checking.page_prepared import Prepared, solved_name
from mcalc.checking.page_spellings import sides_of
from mcalc.checking.page_verdicts import Claim, Judged
from mcalc.checking.page_zeros import Zeros, is_multiple, solved_for
from mcalc.checking.stated_reasons import Stated, is_condition
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import Reading, read
from mcalc.notation.meaning.free_indices import stacked
from mcalc.notation.surface.words import entries_of
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import POW, add, neg
from mcalc.operators.leaves import INDEX, SYMBOL, is_zero, number, symbol, symbols_in
from mcalc.operators.linear import ELEMENT
from mcalc.patterns import pattern

SLOPE = pattern(
    r"(?<![^\W_])(?:d|∂|\\[dt]?frac\s*\{\s*d)\s*([^\W\d_])\s*\}?\s*(?:/|\{)\s*(?:d|∂)\s*([^\W\d_])(?!\w)"
    r"|(?<![^\W_])([^\W\d_])['′]"
)
"""A derivative of a name by another, or of a name alone."""
RATED = pattern(r"(?<![^\W_])d\s*/\s*d\s*[^\W\d_](?!\w)|\\[dt]?frac\s*\{\s*d\s*\}\s*\{\s*d\s*[^\W\d_]\s*\}")
"""What a derivative of a formula begins with."""
MARK = pattern(
    r"∂|∇|\\partial|\\nabla|\bd\w*\s*/\s*d|grad|frac\s*\{\s*(?:d[^{}]*\}\s*\{\s*d|\\(?:mathrm|operatorname|text)\s*\{\s*d)"
)
"""A derivative, in a text."""


def rates(texts: Sequence[str], defined: Collection[str]) -> dict[str, set[str]]:
    """Return what changes with each name that stands below straight derivatives alone: t of dA/dt = 2 π r dr/dt.

    >>> rates(["A = π r²", "dA/dt = 2 π r dr/dt"], {"A"}), rates(["x = t²", "dx/dt = 2t"], {"x"})
    ({'t': {'r'}}, {})
    """
    slopes = [found for text in texts for found in SLOPE.finditer(text)]
    pairs = [(found[1], found[2]) for found in slopes if found[2] and "∂" not in found[0]]
    rest = " ".join([RATED.sub(" ", SLOPE.sub(" ", text)) for text in texts])
    below = [t for t in dict.fromkeys([t for _, t in pairs]) if not re.search(rf"(?<![^\W_\d]){t}(?!\w)", rest)]
    found = {t: {of for of, by in pairs if by == t and of not in defined} for t in below}
    return {t: names for t, names in found.items() if names}


class Rates:
    """What lines say of changing names: of a rate, dr/dt = 3, or of what ties them together, x² + y² = 25."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.relations: list[tuple[int, Expr]] = []

    def take(self, line: int, sides: Sequence[Expr]) -> bool:
        """Take in that a line gives a rate, or ties changing names together; return whether it does."""
        changing = {name for of_one in self.names.rates.values() for name in of_one}
        if len(sides) != 2 or not changing or sides[1].has(DERIVATIVE):
            return False
        left, right = [self.names.settled(side) for side in sides]
        if left.shape or right.shape:
            return False
        zero = add(left, neg(right))
        own = [node for node in symbols_in(left) if "/" in node.attr[0]]
        if sides[0].op is DERIVATIVE:
            forgot = sides[0].args[0] in self.names.forms and any([n.attr[0] in changing for n in symbols_in(right)])
            value = solved_for(zero, own[0]) if len(own) == 1 and not forgot else None  # dy/dt = 3x² lacks dx/dt
            if value is not None:
                self.names.define(own[0], value)
            return value is not None
        tied = [node for node in symbols_in(zero) if node.attr[0] in changing]
        if own or sides[0].has(DERIVATIVE) or len(tied) < 2 or sides[0] in self.names.forms:
            return False
        slopes = [self.names.rate(zero, [symbol(t)]) for t in self.names.rates]
        self.relations += [(line, slope) for slope in slopes if slope is not None]
        return True

    def followed(self, left: Expr, right: Expr) -> int:
        """Return the line of a relation whose rate of change two sides say.

        Raises:
            Mistake: `E-UNSUPPORTED`, where they say something else.
        """
        rest = add(self.names.settled(left), neg(self.names.settled(right)))
        found = next((line for line, zero in self.relations if is_multiple(zero, rest)), None)
        if found is None:
            said = f"whether this follows from line {self.relations[0][0]} is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="write what changes as functions: x(t) = ...")
        return found


class Course:
    """What the lines of a page have said so far, and the chain that the next one may go on from.

    A chain begins with its `root` and is at what is `standing`; its line `broken` is the first that does not hold.
    Beside them are what was given in words, the values of variables, conditions, and which lines were not read.
    """

    def __init__(self, known: Known, prepared: Prepared) -> None:
        self.known, self.prepared = known, prepared
        self.given, self.notes = prepared.said, prepared.notes
        self.root: Expr | None = None
        self.standing: Expr | None = None
        self.root_layout = "numerator"
        self.broken: int | None = None
        self.unread: int | None = None
        self.unread_lines: list[PageLine] = []
        self.failed: dict[str, int] = {}
        self.values: dict[Expr, Expr] = {}
        self.curve: PageLine | None = None
        heads = {head[0] for head in prepared.heads if head is not None}
        known.names.rates = rates([line.spelled for line in prepared.lines], heads)
        self.rates = Rates(known.names)
        self.zeros = Zeros(known, self.compared, prepared.solver, self.notes)

    def compared(self, left: Expr, right: Expr) -> Verdict:
        """Judge two sides beside what was given."""
        return judge([left, right], self.known.text, self.known.assumed, self.known.layout, self.given)

    def note_zero(self, line: PageLine) -> None:
        """Note that a line is taken for the condition that something is 0."""
        note = f"= 0 in line {line.number} is taken for the condition that it is 0"
        self.notes += [] if note in self.notes else [note]

    def take_zero(self, zero: Expr, line: int, root: Expr | None = None) -> None:
        """Take in that a line sets something to 0, which stands behind an equals sign of a derivative, or is one."""
        root = root or self.root
        derived = root is not None and root.op is DERIVATIVE
        by = root.args[1:] if root is not None and derived else () if root is None else symbols_in(root)
        self.zeros.take(zero, by, line, is_slope=derived and root is not None and not root.args[0].has(DERIVATIVE))

    def solves(self, one: Judged, head: tuple[str, bool] | None, text: str) -> bool:
        """Judge what a line makes of what was set to 0 before, if it does; a name of its own it defines or restates."""
        sides = sides_of(text)
        *names, last = [side.strip() for side in sides]
        if len(names) > 1 and {*names} <= self.zeros.names():  # x = y = λ
            return all([self.solves(one, (name, False), f"{name} = {last}") for name in names if one.stands])
        if not self.zeros.conditions or len(sides) != 2 or not sides[0].strip() or MARK.search(text):
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

    def is_condition(self, line: PageLine, claim: Claim) -> bool:
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

    def is_equation(self, line: PageLine, claim: Claim) -> bool:
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
            self.take_zero(self.known.names.settled(left, layout=self.known.layout), line.number, root)
            self.note_zero(line)
        elif claim.goes_on or self._is_restated(left, right):
            return False
        else:
            left = self.known.names.settled(left, layout=self.known.layout) if is_zero(right) else left
            takes = () if left.has(DERIVATIVE) else (self.zeros.takes_equation, self.zeros.takes_constraint)
            if not any(take(line, left, right) for take in takes):
                return False
        self.known.keep(claim.reading)
        return True

    def _is_restated(self, left: Expr, right: Expr) -> bool:
        """Say whether a line tells again what a name of the page is, in terms of variables: f = x² + 1, not f = 0."""
        forms = self.known.names.forms
        if left not in forms:  # x = (u + v)/2 of u = x + y
            return left not in symbols_in(right) and left in symbols_in(self.known.names.expanded(right))
        return any([node not in forms for node in symbols_in(right)])

    def is_curve(self, line: PageLine, reading: Reading) -> bool:
        """Say whether an equation defines a name that a later line differentiates; it is taken in then."""
        after = self.prepared.lines[self.prepared.lines.index(line) + 1 :]
        pairs = [(found[1] or found[3], found[2] or "") for one in after for found in SLOPE.finditer(one.spelled)]
        y = self.known.curve(reading.sides, {above for above, _ in pairs}, {below for _, below in pairs})
        if y is not None:
            self.known.keep(reading)
            self.curve = line
            self.notes.append(f"{y.attr[0]} is taken for the function that line {line.number} defines")
        return y is not None

    def inverts(self, sides: Sequence[Expr]) -> bool:
        """Say whether x = g(y) solves what defines y in terms of x, where it is no equation for all values of x."""
        x, g = sides[0], sides[-1]
        if x.op is not SYMBOL or len(sides) != 2:
            return False
        for name, forms in self.known.names.forms.items():
            made_of = self.known.names.expanded(forms[0])
            if name in symbols_in(g) and x in symbols_in(made_of) and x not in symbols_in(g):
                return bool(self.compared(replaced(made_of, {x: g}), name))
        return False
