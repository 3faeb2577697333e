"""From a comparison to what is said of it: the difference, what agrees, the likely slip, and a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcalc.calculus.orientation import as_row
from mcalc.checking.equality import (
    BETWEEN,
    FLIPPED,
    NORMAL_FORM,
    SAME,
    SHAPES,
    TURNED,
    Comparison,
    agreement,
)
from mcalc.checking.points import Search, with_values
from mcalc.checking.slips import Question, addends, find_slip
from mcalc.checking.trial import Trial, alike
from mcalc.checking.verdict import Verdict
from mcalc.expr import Expr, walk
from mcalc.operators.leaves import SYMBOL
from mcalc.render.text import display_shape

if TYPE_CHECKING:
    Write = Callable[[Expr], str]

ROOM = 64
"""A difference that is longer than this in print, and than both sides, is not shown."""
OF_CASES = ("dropped case", "swapped cases")
"""Slips that are told although the answer is right for positive numbers, where one case is all there is."""
DIGITS = (4, 8, 16)
"""Digits of a value in print: more where fewer do not show a difference."""
POINT_ROOM = 100
TERMS = 12
"""Terms that are told to agree at most: more say no more."""
"""A point that takes more than this in print is in the record alone."""


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
        comparison.search = Search([with_values(comparison.left), with_values(comparison.right)])
        comparison.points = comparison.search.random()
    trial = Trial(comparison, names) if comparison.points else None
    positive = _agree_where_positive(comparison)
    slip = None if trial is None else find_slip(trial, comparison.left, comparison.right, question, write)
    if positive and slip is not None and slip.kind not in OF_CASES:
        slip = None
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
        verdict.agreeing = _agreeing(trial, comparison, write)
    if verdict.agreeing:
        said = " and ".join(verdict.agreeing)
        verdict.details.append(f"the term {said} agrees" if len(verdict.agreeing) == 1 else f"the terms {said} agree")
    if slip is not None:
        verdict.slip = slip.kind
        verdict.details.append(f"likely slip: {slip.text}")
    elif positive:
        verdict.details.append("the two agree where all variables are positive: declare them so, x: R > 0")
    own = {node for node in walk(comparison.left) if node.op is SYMBOL}
    if question is not None:
        own |= {node for node in walk(question.body) if node.op is SYMBOL}
    strange = [write(node) for node in walk(comparison.right) if node.op is SYMBOL and node not in own]
    if strange:
        verdict.details.append(f"{', '.join(strange)} occurs on the right only")
    _show_point(verdict, comparison, names)


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


def _agreeing(trial: Trial, comparison: Comparison, write: Write) -> list[str]:
    """The terms of the right side that the left one has too."""
    theirs = [values for part in addends(comparison.left)[:TERMS] if (values := trial.oriented(part)) is not None]
    found: list[str] = []
    for part in addends(comparison.right)[:TERMS]:
        values = trial.values(part)
        place = next((k for k, own in enumerate(theirs) if values is not None and alike(values, own)), None)
        if place is not None:
            del theirs[place]
            found.append(write(part))
    return found


def _agree_where_positive(comparison: Comparison) -> bool:
    import numpy as np

    search = comparison.search
    assert search is not None
    names = [node.attr[0] for node in search.variables]
    positive = [at for at in comparison.points if all([bool(np.all(at.values[name] > 0)) for name in names])]
    faces = (
        [SAME] if comparison.left.shape == comparison.right.shape and comparison.left.order != 1 else [SAME, FLIPPED]
    )
    agreeing = [at for at in positive if any([agreement(search, at, face, None) == "agree" for face in faces])]
    return len(agreeing) >= 3 and len(agreeing) == len(positive)


def _show_point(verdict: Verdict, comparison: Comparison, names: tuple[str, str]) -> None:
    """Say at which small numbers the two sides differ, and what they come to."""
    search = comparison.search
    assert search is not None
    at = next(
        (p for p in search.readable() if all([agreement(search, p, f, None) == "differ" for f in (SAME, *TURNED[:1])])),
        None,
    )
    if at is None:
        return
    text, a, b = _point(comparison, at.values, at.arrays)
    verdict.point = {"at": text, "left": a, "right": b}
    said = f"{f'at {text}: ' if text else ''}{names[0]} {b}, {names[1]} {a}"
    if len(said) <= POINT_ROOM:
        verdict.details.append(said)


def _point(comparison: Comparison, values: dict[str, Any], arrays: list[Any]) -> tuple[str, str, str]:
    """The values of the variables that occur, and of the two sides, as text."""
    used = dict.fromkeys([node.attr[0] for node in walk(comparison.left, comparison.right) if node.op is SYMBOL])
    used = used or dict.fromkeys(values)
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

    array = np.asarray(array)
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    if array.ndim == 1:
        return f"[{', '.join([written(entry, digits) for entry in array])}]"
    inner = [written(part, digits)[1:-1] for part in array]
    return f"[{'; '.join(inner)}]"
