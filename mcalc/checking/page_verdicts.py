"""The verdicts of a page: on a line, with total derivatives or partial ones, and on the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.claims import judge
from mcalc.checking.page_names import Known, Pair
from mcalc.checking.stated_reasons import Stated
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, ShapeError, Span, clip
from mcalc.expr import Expr, walk
from mcalc.notation import Reading
from mcalc.notation.meaning.moving import opened, outside, settled
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.leaves import SYMBOL, symbols_in

if TYPE_CHECKING:
    from mcalc.checking.page_parts import PageLine

HELD = "equal, with {} held fixed"


class Judged:
    """What became of a line: a verdict where it claims something, or the mistake for which it could not be read."""

    def __init__(self, line: PageLine, verdict: Verdict | None = None, mistake: Mistake | None = None) -> None:
        self.line = line
        self.verdict = verdict
        self.mistake = mistake
        self.reading: Reading | None = None
        self.pairs: set[Pair] = set()
        self.by_partial: Verdict | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing is said against the line."""
        return self.mistake is None and (self.verdict is None or bool(self.verdict))


class Told(NamedTuple):
    """A line as its `text` is read: with the name it may give a meaning, and what its sides are taken at, by place.

    The last side may be said to be less or greater than a number, its `bound`, or 0, which the text goes without.
    """

    line: PageLine
    head: tuple[str, bool] | None
    text: str
    at: dict[int, dict[Expr, Expr]]
    bound: tuple[str, Fraction] | None
    is_zero: bool


class Claim:
    """A line that claims something, as it was read in some layout, with its verdict.

    `values` has the variables, with their values, that all sides are taken at; `stated` are the conditions that stand
    beside it.
    """

    def __init__(self, reading: Reading, layout: str, told: Told) -> None:
        self.reading = reading
        self.sides = reading.sides or [one for one in [reading.expr] if one is not None]
        self.layout = layout
        self.told = told
        self.goes_on = told.text.startswith("=")
        self.is_straight = False
        self.values: Mapping[Expr, Expr] = {}
        self.stated: Sequence[Stated] = ()
        self.verdict: Verdict | None = None
        self.pairs: set[Pair] = set()
        self.by_partial: Verdict | None = None


def verdict_on(claim: Claim, sides: Sequence[Expr], known: Known) -> Verdict:
    """Return the verdict on some sides: with every derivative a total one, or those on the right partial ones."""
    each = [(node, (node.args[0], node.args[1])) for side in sides for node in walk(side) if node.op is DERIVATIVE]
    by = {s for node in walk(sides[0]) if node.op is DERIVATIVE for s in walk(*node.args[1:]) if s.op is SYMBOL}
    keep = by & known.names.forms.keys()
    own = (sides[0].args[0], sides[0].args[1]) if sides[0].op is DERIVATIVE else None
    pairs = {pair for node, pair in each if _is_partial(node, known, anyway=pair == own)}
    found = _compared(claim, sides, known, keep, explain=not (keep or pairs))
    if not found and keep:
        found = _compared(claim, sides, known, frozenset(), explain=False) or found
    if not found and known.names.curves:
        found = _off_curves(claim, sides, known, keep) or found
    if found:
        return found
    for chosen in (pairs, {pair for pair in pairs if pair == own}):
        by_right = _compared(claim, sides, known, keep, chosen, right=True, explain=False) if chosen else found
        if by_right:
            claim.pairs = chosen
            return by_right
    by_both = found if claim.is_straight or not pairs else _compared(claim, sides, known, keep, pairs, explain=False)
    if by_both:
        claim.pairs = {(node.args[0], node.args[1]) for node in walk(sides[0]) if node.op is DERIVATIVE}
        held = {n for of, _ in pairs for form in known.names.forms[of] for n in walk(form) if n in known.names.forms}
        names = " and ".join(sorted([node.attr[0] for node in held]))
        by_both.headline = HELD.format(names)
        claim.by_partial = by_both
    return _compared(claim, sides, known, keep) if keep or pairs else found


def _off_curves(claim: Claim, sides: Sequence[Expr], known: Known, keep: Collection[Expr]) -> Verdict | None:
    """Return the verdict on partial derivatives, for which what an equation defines is held fixed, if they are right.

    A derivative of that itself is a total one.
    """
    curves = known.names.curves
    bodies = [node.args[0] for side in sides for node in walk(side) if node.op is DERIVATIVE]
    held = sorted([node.attr[0] for node in {*symbols_in(*bodies)} & curves.keys()])
    if claim.is_straight or not held or not curves.keys().isdisjoint(bodies):
        return None
    known.names.curves = {}
    try:
        found = _compared(claim, sides, known, keep, explain=False)
    finally:
        known.names.curves = curves
    found.headline = HELD.format(" and ".join(held))
    return found or None


def _is_partial(node: Expr, known: Known, *, anyway: bool) -> bool:
    """Say whether a derivative has two readings: its function has the variable beside names that depend on it.

    Where that is wanted `anyway`, the function may also have the variable in those names alone.
    """
    of, *by = node.args
    form = known.names.partial(of) if len(by) == 1 else None
    if form is None or not (anyway or by[0] in set(walk(form))):
        return False
    inner = {n for n in walk(form) if n in known.names.forms}
    return any([by[0] in set(walk(known.names.expanded(name, by))) for name in inner])


def _compared(
    claim: Claim,
    sides: Sequence[Expr],
    known: Known,
    keep: Collection[Expr],
    direct: Collection[Pair] = (),
    *,
    right: bool = False,
    explain: bool = True,
) -> Verdict:
    """Return the verdict on some sides, some of their derivatives partial ones; all, or those on the right.

    One that is taken only where the sides are equal need not explain why they are not.
    """
    names = known.names
    made = [
        names.asked(opened(names.moved(side)), keep, () if right and not place else direct, known.layout)
        for place, side in enumerate(sides)
    ]
    by = {node.attr[0] for side in sides for d in walk(side) if d.op is DERIVATIVE for node in symbols_in(*d.args[1:])}
    fixed = {*by, *names.fixed, *outside(sides), *names.moving, *[f"d{name}" for name in names.moving]}
    made = settled(made, fixed)
    for place, values in claim.told.at.items():
        if place < len(made):
            made[place] = replaced(names.settled(made[place], keep, (), known.layout), values)
    if claim.values:
        made = [replaced(names.settled(side, (), (), known.layout), dict(claim.values)) for side in made]
    return judge(made, known.text, known.assumed, known.layout, claim.stated, explain=explain)


def settle_partial(judged: Sequence[Judged], both: Collection[Pair]) -> None:
    """Let lines hold that are right as partial derivatives, where another line uses these, or `both` ways are told."""
    used = {pair for one in judged if one.verdict for pair in one.pairs}.union(both)
    for one in judged:
        if one.by_partial is not None and one.pairs <= used:
            one.verdict = one.by_partial


def tell_layouts(claims: Sequence[Judged]) -> None:
    """Tell of a gradient by a matrix that is transposed on a page whose gradients by vectors are columns."""
    column = 0
    turned: list[Verdict] = []
    for one in claims:
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


def summary(judged: Sequence[Judged]) -> str:
    """What is to be said of the whole: which lines hold, and whether the last one does all the same."""
    claims = [one for one in judged if one.verdict is not None]
    wrong = [one for one in claims if not one.verdict]
    unread = [one for one in judged if one.mistake is not None and one.line.number]
    said = [f"{_lines(unread)} {'is' if _is_one(unread) else 'are'} not read"] if unread else []
    if not wrong:
        count = {1: "the line", 2: "both lines"}.get(len(claims), f"all {len(claims)} lines")
        rest = "the other line" if len(claims) == 1 else f"the other {len(claims)} lines"
        held = f"{rest if unread else count} {'holds' if len(claims) == 1 else 'hold'}"
        return "; ".join([held, *said] if claims else said)
    does = f"{_lines(wrong)} {'does' if _is_one(wrong) else 'do'} not hold"
    if claims[-1].verdict:
        first = f"your last line is right; {does}"
        return "; ".join([first, *said])
    return "; ".join([does, *said])


def verdict_of(judged: Sequence[Judged], notes: Sequence[str]) -> Verdict:
    """The verdict on the whole: that of the first line that does not hold, with its place; or that all do."""
    claims = [one for one in judged if one.verdict is not None]
    wrong = next((one for one in claims if not one.verdict), None)
    first = claims[0].verdict
    assert first is not None
    if len(claims) == 1:
        return first
    if wrong is None or wrong.verdict is None:
        turned = any([one.verdict is not None and one.verdict.verdict == "other-layout" for one in claims])
        whole = Verdict("other-layout" if turned else "equal", first.left, first.right, first.method)
        whole.headline += f": {summary(judged)}"
    else:
        line = wrong.line
        whole = wrong.verdict.of_whole(line.number, f"line {line.number}, {clip(line.text, 60)}")
        whole.details.append(summary(judged))
    whole.links = [one.verdict for one in claims if one.verdict is not None]
    whole.assumed = list(dict.fromkeys([text for link in whole.links for text in link.assumed]))
    whole.notes = list(dict.fromkeys([*notes, *[note for link in whole.links for note in link.notes]]))
    return whole


def _is_one(some: Sequence[Judged]) -> bool:
    return len({one.line.number for one in some}) == 1


def _lines(some: Sequence[Judged]) -> str:
    """Return the numbers of some lines in words.

    >>> from mcalc.checking.page_parts import PageLine
    >>> _lines([Judged(PageLine(k, "")) for k in (2, 5, 7)])
    'lines 2, 5 and 7'
    """
    numbers = list(dict.fromkeys([str(one.line.number) for one in some]))
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def as_mistake(trouble: Mistake | ShapeError, text: str) -> Mistake:
    """Return what is wrong with a line, in it."""
    if isinstance(trouble, ShapeError):
        return Mistake(trouble.code, trouble.message, [Span(0, len(text))], trouble.hint, text)
    if trouble.source is None:
        trouble.source = text
    return trouble


def verdict_where(claim: Claim, sides: Sequence[Expr], values: Mapping[Expr, Expr], known: Known) -> Verdict | None:
    """Return the verdict on some sides where variables have values that lines gave; None if it is no other one.

    What is claimed in terms of a variable is claimed for all its values.
    """
    if not values:
        return None
    settled = [known.names.settled(side, layout=known.layout) for side in sides]
    inside = {*symbols_in(*settled)}
    if values.keys() & {*symbols_in(settled[-1])}:
        return None
    claim.values = {name: value for name, value in values.items() if name in inside}
    if not claim.values:
        return None
    found = verdict_on(claim, sides, known)
    met = [f"{name.attr[0]} = {known.text(value)}" for name, value in claim.values.items()]
    found.headline = f"equal, where {' and '.join(met)}"
    claim.values = {}
    return found or None


def verdict_on_constraints(
    claim: Claim, sides: Sequence[Expr], constraints: Iterable[tuple[int, Expr, Expr]], known: Known
) -> Verdict | None:
    """Return the verdict on some sides with what an equation says of a number put in; None if it is no other one.

    Partial derivatives hold that number fixed.
    """
    derived = [node for node in walk(*sides) if node.op is DERIVATIVE]
    if derived and not claim.is_straight:
        return None
    names = known.names
    by = symbols_in(*[part for node in derived for part in node.args[1:]])
    for line, name, value in constraints:
        if name in by or name in names.forms:
            continue
        names.forms[name] = [value]
        try:
            found = verdict_on(claim, sides, known)
        finally:
            del names.forms[name]
        if found:
            found.headline = f"equal, where line {line} holds"
            return found
    return None


def ask_dependence(side: Expr, known: Known) -> None:
    """Ask how a variable depends on another one by which it is differentiated.

    Raises:
        Mistake: `E-NAME`, where nothing says that.
    """
    names = known.names
    of, *by = side.args if side.op is DERIVATIVE else (side,)
    free = of.op is SYMBOL and of not in names.forms and of not in names.curves and of not in symbols_in(*by)
    if by and free and names.parameter(of, by) is None and names.rate(of, by) is None:
        said = f"nothing says how {of.attr[0]} depends on {' and '.join([n.attr[0] for n in symbols_in(*by)])}"
        raise Mistake("E-NAME", said, hint=f"say it on a line before: {of.attr[0]} = ..., or an equation of both")
