"""A derivation as it stands on a page: each line judged, and what is to be said of the whole; its problems apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from mcalc.checking.equality import SHAPES
from mcalc.checking.page_conditions import Course
from mcalc.checking.page_judging import RESTS, ask_derivative, ask_identity, ask_signs, ask_unread, misfits, tried
from mcalc.checking.page_names import Known, Pair
from mcalc.checking.page_parts import IN_WORDS, SET_TO_ZERO
from mcalc.checking.page_prepared import LENGTH, Prepared
from mcalc.checking.page_reading import refuse_failed, spelled
from mcalc.checking.page_spellings import bounded
from mcalc.checking.page_verdicts import Claim, Judged, as_mistake, settle_partial, summary, tell_layouts, verdict_of
from mcalc.checking.stated_reasons import is_stated, remark
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, ShapeError, clip
from mcalc.expr import walk
from mcalc.notation import Scope
from mcalc.notation.surface.characters import refuse_gaps
from mcalc.notation.surface.words import entries_of, is_function
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.linear import ROW, TRANSPOSE, transpose
from mcalc.patterns import pattern

Within = Callable[[Callable[[], None]], None]
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
        self.prepared = Prepared(text, notation, self.known)
        self.course = course = Course(self.known, self.prepared)
        self.notes = self.prepared.notes
        self.pairs: dict[str, set[Pair]] = {"straight": set(), "curly": set()}
        for place in jointly:
            self.prepared.take_jointly(place)
        found: dict[int, Judged] = {}
        for place in sorted(range(len(self.prepared.lines)), key=lambda k: k not in self.prepared.declaring):
            for first in [*self.prepared.needed(place, found), place]:
                if first not in found:
                    chain = course.root, course.standing, course.broken
                    found[first] = self._judged(first)
                    if first != place:
                        course.root, course.standing, course.broken = chain
        self.judged = [found[place] for place in sorted(found)]
        settle_partial(self.judged, self.pairs["straight"] & self.pairs["curly"])
        tell_layouts(self.claims)
        course.zeros.settle_waiting()

    def _judged(self, place: int) -> Judged:
        one, course, head = Judged(self.prepared.lines[place]), self.course, self.prepared.heads[place]
        try:
            self.within(partial(self._take, one, head))
        except (Mistake, ShapeError) as trouble:
            one.mistake = as_mistake(trouble, one.line.text)
            if head is not None and not self.known.has_meaning(head[0]):
                course.failed[head[0]] = course.failed[entries_of(head[0])] = one.line.number
            course.unread_lines += [one.line] * (not trouble.message.startswith(RESTS))
            if not one.line.text.startswith("=") or course.unread is None:
                course.unread = one.line.number
            course.standing = course.root = None
        return one

    def _take(self, one: Judged, head: tuple[str, bool] | None) -> None:
        """Read a line, take in what it defines, and judge what it claims.

        A line that does not hold as it stands, or has no shapes, may be meant with gradients as columns, or in the
        denominator layout.
        """
        line, course = one.line, self.course
        if IN_WORDS.search(line.text) is not None:
            raise Mistake("E-SYNTAX", "this is said in words, and is not judged", hint="write an equation: ∇f = 2 x")
        if head is None and self.prepared.updates(line, alone=True):
            return
        refuse_failed(line, course)
        self.known.stack({text for name in self.prepared.names_in(line) for text in (name.full, name.full[1:])})
        told = spelled(line, head, course)
        text = told.text
        if not told.at and course.solves(one, head, f"{text} = 0" if told.is_zero else text):
            return
        if line.reason == SET_TO_ZERO and (course.root is None or course.root.op is not DERIVATIVE):
            return  # the gradient that is set to zero in words was not written down
        if told.is_zero and not text.strip() and course.standing is not None:
            course.take_zero(self.known.names.settled(course.standing), line.number)
            return
        found = tried(told, course)
        if not found:
            return
        within = bounded(text) if "=" in text and not any([c is not None and c.verdict for c, _ in found]) else None
        if within is not None:  # f'' = 2 > 0; what m = z > 0 defines was taken in
            told = told._replace(bound=within[1:])
            again = tried(told._replace(text=within[0]), course)
            found = again if any([c is not None for c, _ in again]) else found
        chosen = next((c for c, _ in reversed(found) if c is not None and c.verdict), None)
        chosen = chosen or next((c for c, _ in found if c is not None), None)
        mistake = found[0][1]
        if chosen is not None and not chosen.verdict:
            if course.is_condition(line, chosen) or course.is_equation(line, chosen):
                return
            called = next((name.full for name in self.prepared.names_in(line) if ":=" in line.spelled), "")
            if is_function(called) and not self.known.has_meaning(called):
                course.failed[called] = line.number
                raise Mistake(
                    "E-NAME", f"{clip(called)} has another meaning in mcalc", hint="give it a name of its own"
                )
            ask_identity(chosen, self.known)
            ask_signs(told, chosen, course)
            ask_unread(told, chosen, course)
        elif chosen is None and mistake is not None and mistake.code == "E-SHAPE":
            ask_derivative(told, course)
        if chosen is not None:
            self._settle(one, chosen, is_zero=told.is_zero)
        elif mistake is not None and not misfits(one, mistake, text, course):
            raise mistake

    def _settle(self, one: Judged, claim: Claim, *, is_zero: bool) -> None:
        """Take in what a claim says, now that it was judged."""
        verdict, sides, course = claim.verdict, claim.sides, self.course
        assert verdict is not None
        self.known.keep(claim.reading)
        one.verdict, one.pairs, one.by_partial, one.reading = verdict, claim.pairs, claim.by_partial, claim.reading
        verdict.notes = [note for note in claim.reading.notes if "does not depend on" not in note]
        verdict.assumed = list(claim.reading.assumed)
        if not claim.goes_on:
            course.root, course.root_layout, course.broken = sides[0], claim.layout, None
            if sides[0].op is DERIVATIVE:
                mark = "straight" if claim.is_straight else "curly"
                self.pairs[mark].add((sides[0].args[0], sides[0].args[1]))
        name = sides[0].args[0] if sides[0].op in (ROW, TRANSPOSE) else sides[0]
        if verdict and name in self.known.names.forms and not any([side.has(DERIVATIVE) for side in sides[1:]]):
            for side in sides[1:]:
                self.known.names.define(name, side if name is sides[0] else transpose(side))
        if verdict and one.line.reason and (said := self._said_of(one.line.reason, claim)):
            verdict.details.append(said)
        course.broken = course.broken if verdict else course.broken or one.line.number
        course.standing = sides[-1]
        if is_zero:
            course.take_zero(sides[-1], one.line.number)

    def _said_of(self, reason: str, claim: Claim) -> str:
        """What is to be said of the rule that is stated behind a line."""
        sides = claim.sides
        before = sides[:-1] if len(sides) > 1 else sides
        worked_out = [node for node in walk(*before) if node.op is DERIVATIVE]
        by = [{part for part in walk(*node.args[1:]) if part in self.known.names.forms} for node in worked_out]
        asked = [self.known.names.asked(node, keep) for node, keep in zip(worked_out, by, strict=True)]
        return remark(reason, [node for node in asked if node.op is DERIVATIVE], sides)

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


def page_of(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged, each of its problems apart."""
    refuse_gaps(text)
    (_, first), *others = sections(text, scope, layout, notation)
    page = _fitting(first, scope, layout, notation, within)
    for begun, part in others:
        again = _fitting(part, scope, layout, notation, within)
        page.judged += [one for one in again.judged if one.line.number >= begun]
        page.notes += [note for note in again.notes if note not in page.notes]
    return page


def _fitting(text: str, scope: Scope, layout: str, notation: str, within: Within) -> Page:
    """Return a page judged; once more, with definitions and what uses them read together, where lines fit no shapes.

    So are the lines that use what one says that has two readings alone. And once more where lines are wrong, with
    matrices that the page says are symmetric read as such: those are square, and differentiated by as a whole.
    """
    page = Page(text, scope, layout, notation, within)
    codes = [one.mistake.code if one.mistake is not None else "" for one in page.judged]
    unfit = [k for k, code in enumerate(codes) if code == "E-SHAPE"]
    asked = {name for k, code in enumerate(codes) if code == "E-AMBIG" for name in page.prepared.mentioned(k)}
    if _misfitting(page) or (LENGTH in page.notes and "E-NAME" in codes):
        unfit += [k for k, head in reversed([*enumerate(page.prepared.heads)]) if head is not None]
    users = [k for k, code in enumerate(codes) if code != "E-AMBIG" and asked & page.prepared.mentioned(k)]
    unfit += users[:MOST_USERS]
    again = Page(text, scope, layout, notation, within, [*dict.fromkeys(unfit)]) if unfit else page
    better = (len(again.mistakes), _misfitting(again)) < (len(page.mistakes), _misfitting(page))
    page = again if better else page
    wrong = [one for one in page.claims if not one.verdict]
    structures = _structures(page) if wrong else {}
    if structures:
        beside = scope.copy()
        beside.orders.update(dict.fromkeys(structures, 2))
        beside.properties.update(structures)
        again = Page(text, beside, layout, notation, within)
        left = [one for one in again.claims if not one.verdict]
        fewer = (len(left), _misfitting(again)) < (len(wrong), _misfitting(page))
        page = again if fewer and len(again.mistakes) <= len(page.mistakes) else page
    return page


def _structures(page: Page) -> dict[str, frozenset[str]]:
    """The names of a page that it says are symmetric or diagonal; the entries of such a matrix are not independent."""
    names = {name.full: None for line in page.prepared.lines for name in page.prepared.names_in(line)}
    return {
        name: frozenset((structure,))
        for structure in ("symmetric", "diagonal")
        for name in names
        if any([is_stated(f"{name} is {structure}", row.text) for row in page.prepared.said])
    }


def _misfitting(page: Page) -> int:
    """Return how many lines of a page are called wrong for their shapes alone."""
    return [one.verdict.method for one in page.claims if one.verdict is not None].count(SHAPES)


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
    free = [(used[place + 1] - names - before, own[:place]) for place, names in enumerate(own)]
    if not again or any([names & other for names, others in free for other in others]):
        return whole
    return [
        (start, "\n".join([row if k < starts[0] or start <= k < stop else "" for k, row in enumerate(rows, 1)]))
        for start, stop in bounds[1:]
    ]
