"""From a comparison to what is said of it: the difference, what agrees, the likely slip, and a point."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from mcalc.calculus.basics.orientation import as_row
from mcalc.checking.by_value import Trial, alike
from mcalc.checking.equality import BETWEEN, FLIPPED, NORMAL_FORM, SAME, SHAPES, TURNED, Comparison, agreement
from mcalc.checking.points import Point, Search
from mcalc.checking.restrictions import Restrictions
from mcalc.checking.slips import SlipSearch, addends
from mcalc.checking.verdict import Evidence, Question, Verdict, holds
from mcalc.expr import Expr, walk
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.leaves import SYMBOL, symbols_in
from mcalc.render.text import display_shape

if TYPE_CHECKING:
    Write = Callable[[Expr], str]

ROOM = 64
"""A difference that is longer than this in print, and than both sides, is not shown."""
DIGITS = (4, 8, 16)
"""Digits of a value in print: more where fewer do not show a difference."""
POINT_ROOM = 100
"""A point that takes more than this in print is in the record alone."""
TERMS = 12
"""Terms that are told to agree at most: more say no more."""
NOTHING = 1e-14
"""Beside the largest of some values, what is below this part of it is a rounded 0."""
REPLAYS = 6
"""So many slips of a kind are replayed before another kind is looked for."""
LOOKED_THROUGH = 1000
"""Operators of a claim in which a slip is looked for: nobody writes a longer one by hand."""


def explained(comparison: Comparison, question: Question | None, write: Write) -> Verdict:
    """Return the verdict on two sides, with its reasons; the left one is mcalc's where a `question` was asked."""
    yours, right = ("yours", "mcalc's") if question is not None else ("the right side", "the left side")
    verdict = Verdict(comparison.verdict, write(comparison.left), write(comparison.right), comparison.method)
    if comparison.verdict == "undecided":
        verdict.details.append(comparison.reason)
    elif comparison.verdict == "not-equal":
        _not_equal(verdict, comparison, question, write, (yours, right))
    else:
        by_form = comparison.method == NORMAL_FORM
        how = "the normal forms meet" if by_form else f"the values agree at {len(comparison.points)} random points"
        if comparison.verdict == "equal":
            verdict.headline += f": {how}"
        else:
            verdict.headline += f": {_layouts(comparison, question)}"
            verdict.details.append(how)
        if comparison.face in BETWEEN:
            verdict.details.append("as the matrix between vecs, which stack columns")
        _provisos(verdict, comparison, (yours, right))
    return verdict


def _layouts(comparison: Comparison, question: Question | None) -> str:
    left, right = comparison.left, comparison.right
    if question is None:
        return "the right side is the transpose of the left one"
    if left.order == 1:
        words = {True: "row", False: "column"}
        layout = "denominator" if left.is_row else "numerator"
        return (
            f"yours is the {words[right.is_row]} of the {layout} layout, "
            f"its transpose is the {words[left.is_row]} mcalc prints"
        )
    return "yours is the transpose of what mcalc prints"


def _provisos(verdict: Verdict, comparison: Comparison, names: tuple[str, str]) -> None:
    """Say where sides that are equal are not: on a kink, or outside the domain of one."""
    yours, right = names
    if comparison.kink is not None:
        at, a, b = _point(comparison, comparison.kink.values, comparison.kink.arrays)
        verdict.details.append(f"at {at}, on a kink, {yours} is {b} and {right} {a}: a convention")
    if comparison.partial is not None:
        verdict.details.append(f"{yours} is not defined everywhere {right} is")


def _not_equal(
    verdict: Verdict, comparison: Comparison, question: Question | None, write: Write, names: tuple[str, str]
) -> None:
    yours, right = names
    if comparison.search is None:
        comparison.search = search = Search([with_values(comparison.left), with_values(comparison.right)])
        comparison.points = [*search.random(), *search.borders()]
    shown = _point_to_show(comparison)
    trial = Trial(comparison, names, shown) if comparison.points else None
    if comparison.method == SHAPES:
        shapes = [display_shape(side) for side in (comparison.right, comparison.left)]
        verdict.headline += f": {yours} is {shapes[0]}, {right} {shapes[1]}"
    else:
        verdict.difference = _difference(comparison, trial, write)
        if verdict.difference is not None:
            short = "yours - mcalc's" if question is not None else "right - left"
            verdict.headline += f": {short} = {verdict.difference}"
    if verdict.difference is None and len(verdict.left) <= ROOM:
        verdict.details.append(f"{right} is {verdict.left}")
    if trial is not None and trial.fits:
        _tell_agreeing(verdict, trial, comparison, write)
    sides = [comparison.left, comparison.right, *([question.body] if question is not None else [])]
    if trial is not None and sum(1 for _ in walk(*sides)) <= LOOKED_THROUGH:
        _tell_slip(verdict, trial, comparison, question, write, shown)
    own = set(symbols_in(comparison.left))
    if question is not None:
        own |= set(symbols_in(question.body))
    strange = [write(node) for node in walk(comparison.right) if node.op is SYMBOL and node not in own]
    if strange:
        verdict.details.append(f"{', '.join(strange)} occur{'s' * (len(strange) == 1)} on the right only")
    if shown is not None:
        _show_point(verdict, comparison, shown, names)


def _tell_slip(
    verdict: Verdict, trial: Trial, comparison: Comparison, question: Question | None, write: Write, shown: Point | None
) -> None:
    """Say which slip it is, or under which condition the answer would be right; nothing that does not hold again."""
    slips = SlipSearch(trial, comparison.left, comparison.right, question, write)
    conditions = Restrictions(comparison, question, write) if trial.fits else None
    for search in (
        slips.of_the_whole,
        partial(conditions.likely, is_multiple=slips.is_multiple and not comparison.left.free)
        if conditions is not None
        else None,
        slips.likely,
        conditions.others_than_slips if conditions is not None else None,
        slips.others,
    ):
        for kind, evidence in islice(search(), REPLAYS) if search is not None else ():
            if holds(evidence, shown):
                verdict.slip = kind
                verdict.evidence.append(evidence)
                verdict.details.append(f"likely slip: {evidence.said}")
                return


def _tell_agreeing(verdict: Verdict, trial: Trial, comparison: Comparison, write: Write) -> None:
    """Say which terms of the right side the left one has too."""
    pairs = _agreeing(trial, comparison)
    verdict.agreeing = [write(part) for part, _ in pairs]
    if pairs:
        text = " and ".join(verdict.agreeing)
        said = f"the term {text} agrees" if len(pairs) == 1 else f"the terms {text} agree"
        verdict.evidence += [Evidence(said, part, own) for part, own in pairs]
        verdict.details.append(said)


def _difference(comparison: Comparison, trial: Trial | None, write: Write) -> str | None:
    """The right side less the left one, in the right one's layout, where that is short enough to say something."""
    left, right = comparison.left, comparison.right
    turned = right.order == 2 and trial is not None and trial.turned
    turned = turned or (right.order == 1 and right.is_row is not left.is_row)
    apart = comparison.apart(FLIPPED if turned else SAME)
    if apart is None:
        return None
    text = write(as_row(apart) if right.is_row and apart.order == 1 else apart)
    return text if len(text) <= max(ROOM, len(write(left)), len(write(right))) else None


def _agreeing(trial: Trial, comparison: Comparison) -> list[tuple[Expr, Expr]]:
    """The terms of the right side that the left one has too, each with that."""
    theirs = [
        (part, values) for part in addends(comparison.left)[:TERMS] if (values := trial.oriented(part)) is not None
    ]
    found: list[tuple[Expr, Expr]] = []
    for part in addends(comparison.right)[:TERMS]:
        values = trial.values(part)
        place = next((k for k, (_, own) in enumerate(theirs) if values is not None and alike(values, own)), None)
        if place is not None:
            found.append((part, theirs.pop(place)[0]))
    return found


def _point_to_show(comparison: Comparison) -> Point | None:
    """Small numbers at which the two sides differ, in either layout."""
    search = comparison.search
    assert search is not None
    faces = (SAME, *TURNED[:1])
    return next(
        (p for p in search.readable() if all([agreement(search, p, face, None) == "differ" for face in faces])), None
    )


def _show_point(verdict: Verdict, comparison: Comparison, shown: Point, names: tuple[str, str]) -> None:
    """Say what the two sides come to there."""
    text, a, b = _point(comparison, shown.values, shown.arrays)
    verdict.point = {"at": text, "left": a, "right": b}
    said = f"{f'at {text}: ' if text else ''}{names[0]} {b}, {names[1]} {a}"
    if len(said) <= POINT_ROOM:
        verdict.details.append(said)


def _point(comparison: Comparison, values: dict[str, Any], arrays: list[Any]) -> tuple[str, str, str]:
    """The values of the variables that occur, and of the two sides, as text."""
    variables = symbols_in(comparison.left, comparison.right)
    told = set(names_of_sizes(*variables))
    sizes = [name for name in names_of_sizes(comparison.left, comparison.right) if name not in told]
    free = sorted([index.attr[0] for index in comparison.left.free | comparison.right.free])
    used = dict.fromkeys([*free, *[node.attr[0] for node in variables], *sizes])
    at = ", ".join([f"{name} = {written(values[name])}" for name in used if name in values])
    left = right = ""
    for digits in DIGITS:
        left, right = written(arrays[0], digits), written(arrays[1], digits)
        if left != right:
            break
    return at, left, right


def written(array: Any, digits: int = DIGITS[0]) -> str:
    """Return numbers as mcalc reads them: 2.5, [1, 2], [1, 2; 3, 4].

    >>> import numpy as np
    >>> written(np.array([[1.0, 2.5], [3, 4]]))
    '[1, 2.5; 3, 4]'
    """
    import numpy as np

    array = np.asarray(array, dtype=float)
    # What is so small beside the rest is 0, and a 0 has no sign.
    array = np.where(np.abs(array) <= NOTHING * np.max(np.abs(array), initial=0.0), 0.0, array)
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    if array.ndim == 1:
        return f"[{', '.join([written(entry, digits) for entry in array])}]"
    inner = [written(part, digits)[1:-1] for part in array]
    return f"[{'; '.join(inner)}]"
