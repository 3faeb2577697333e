"""A derivation with a slip in one line: made as hands make them, and proved wrong by value, that line and no other."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from mcalc.api import page_of, scope_of
from mcalc.calculus.stories.lines import Line
from mcalc.checking.edits import edits, without_parts
from mcalc.checking.misrules import derivatives
from mcalc.checking.question import Question
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import walk
from mcalc.operators.leaves import SYMBOL
from mcalc.render.text import unicode

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from mcalc.expr import Expr
    from mcalc.practice.told import Told

MOST_SLIPS = 60
"""Slips of a line among which one is chosen."""
TRIES = 6
"""Slips that are tried on a line before another line is."""
SHORTER, LONGER = 0.6, 1.5
"""A slip that makes a line so much shorter or longer is seen at a glance."""


def spoiled(told: Told, rng: random.Random) -> tuple[int, Line] | None:
    """Return a place and the line with a slip in it; None where none can be proved to be the only one that is wrong."""
    if not told.lines or _wrong_lines(told, told.lines) != []:
        return None
    places = [place for place, line in enumerate(told.lines) if told.is_whole(line) and line.rule]
    rng.shuffle(places)
    for place in places:
        line = told.lines[place]
        usual = len(told.text(line))
        for slip in _slips(told, line, rng)[:TRIES]:
            made = Line(line.part, line.lhs, [*line.rhs[:-1], slip], line.reasons, line.detail, line.name)
            text = told.text(made)
            if text == told.text(line) or not SHORTER * usual < len(text) < LONGER * usual:
                continue
            lines = [*told.lines[:place], made, *told.lines[place + 1 :]]
            if _wrong_lines(told, lines) == [place]:
                return place, made
    return None


def _slips(told: Told, line: Line, rng: random.Random) -> list[Expr]:
    """Return what slips make of a line, one of each kind in turn, in an order of chance."""
    kinds: dict[str, list[Expr]] = {}
    for kind, slip in islice(_made(told, line), MOST_SLIPS):
        if slip.shape == line.rhs[-1].shape and slip.is_row == line.rhs[-1].is_row:
            kinds.setdefault(kind, []).append(slip)
    found: list[Expr] = []
    groups = list(kinds.values())
    rng.shuffle(groups)
    while groups:
        found += [group.pop(rng.randrange(len(group))) for group in groups]
        groups = [group for group in groups if group]
    return found


def _made(told: Told, line: Line) -> Iterator[tuple[str, Expr]]:
    """Yield each slip with its kind: a rule that is misremembered, a part left out, a small change."""
    right = line.rhs[-1]
    of, *by = line.lhs.args
    body = next((item.definition for item in told.derivation.listed if item.symbol is of), of)
    if len(by) == 1 and by[0] in set(walk(body)):
        misremembered = derivatives(Question(body, by, 1, right), unicode)
        yield from islice(((f"rule {kind}", made) for kind, _, made in misremembered), MOST_SLIPS // 3)
    variables = [node for node in walk(right) if node.op is SYMBOL]
    for edit in chain(without_parts(right), edits(right, variables)):
        yield edit.kind, edit.whole


def _wrong_lines(told: Told, lines: list[Line]) -> list[int] | None:
    """Return the places of the lines that do not hold, by value; None where one cannot be judged."""
    try:
        page = page_of("\n".join([told.text(line) for line in lines]), scope_of(told.task.where))
    except (Mistake, ShapeError):
        return None
    if page.mistakes:
        return None
    verdicts = [(one.line.number - 1, one.verdict) for one in page.judged if one.verdict is not None]
    wrong = [(place, verdict) for place, verdict in verdicts if not verdict]
    by_value = all([verdict.verdict == "not-equal" and verdict.method.startswith("values") for _, verdict in wrong])
    return [place for place, _ in wrong] if by_value else None
