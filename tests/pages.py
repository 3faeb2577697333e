"""The check behind test_checking_pages, and the long run: `python -m tests.pages 600`.

Pages are made of derivations as mcalc tells them, of golden results, random expressions, each row of the table. As
it is told, every line must hold; spoiled by a slip of the hand, none must. What is true of a spoiled line is settled
by the values of its two sides, on its own; the page goes in as text.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence

import numpy as np

from mcalc.api import page_of
from mcalc.calculus.stories.lines import Derivation, Line
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import Draws
from mcalc.operators.abstract import DERIVATIVE
from mcalc.steps import Steps
from tests.claims import answer_to, mutants
from tests.derivations import POSITION, at_positions
from tests.properties import usable
from tests.reading import scope_of

LONGEST = 300
POINTS = 4
APART = 1e-4
"""Sides that differ by so much of their size are surely different."""


class Tally:
    """How many lines were judged rightly, and which were not, or could not be read."""

    def __init__(self) -> None:
        self.right = 0
        self.wrong = 0
        self.misjudged: list[str] = []
        self.refused: list[str] = []


def differ(told: Derivation, line: Line, spoiled: Expr) -> bool:
    """Say whether a spoiled side is surely another one than that of a line, and no transpose of it."""
    apart = False
    sides = [told.settled(side) for side in (line.lhs, spoiled)]
    draws = Draws([*sides, told.body])
    for seed in range(POINTS):
        values = draws.at(np.random.default_rng([99, seed]), seed)
        positions = {index: POSITION for side in sides for index in side.free}
        try:
            here, there = [np.asarray(evaluate(at_positions(side, positions), values)) for side in sides]
        except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError, Mistake):
            continue
        if not (usable(here) and usable(there)):
            continue
        faces = [there] if there.shape == here.shape else []
        faces += [there.T] if there.T.shape == here.shape else []
        gaps = [np.max(np.abs(face - here), initial=0) / (1e-9 + np.max(np.abs(here), initial=0)) for face in faces]
        if not all([gap > APART for gap in gaps]):
            return False
        apart = True
    return apart


def judge_seed(seed: int, tally: Tally) -> None:
    """Judge the derivation of a seed as it is told, and with its lines spoiled."""
    rng = random.Random(seed)
    answered = answer_to(seed)
    if answered is None:
        return
    body, variable, answer = answered
    steps = Steps(body, [variable], answer)
    if len(steps.stories) > 1:
        return
    told = steps.stories[0].derivation
    rows = [str(step) for step in steps]
    if max(map(len, rows)) > LONGEST:
        return
    _judged(seed, rows, (), tally, body)
    spoiled: list[int] = []
    for place, line in enumerate(told.lines):
        if line.lhs.op is not DERIVATIVE:
            continue
        try:
            changed, _ = rng.choice(list(mutants(line.rhs[-1], rng)))
        except ShapeError:
            continue
        if changed.order == line.lhs.order and differ(told, line, changed):
            step = steps[place]
            rows[place] = f"{step.lhs} = {step._text(changed)}"
            spoiled.append(place)
    if spoiled:
        _judged(seed, rows, spoiled, tally, body)


def _judged(seed: int, rows: list[str], spoiled: Sequence[int], tally: Tally, body: Expr) -> None:
    """Judge a page; of one with `spoiled` lines, these alone."""
    page = page_of("\n".join(rows), scope_of(body))
    for one in page.judged:
        if spoiled and one.line.number - 1 not in spoiled:
            continue
        said = f"seed {seed}, line {one.line.number}: {one.line.text}"
        if one.mistake is not None:
            tally.refused.append(f"{said}: {one.mistake}")
        elif one.verdict is not None and one.verdict.verdict == "undecided":
            tally.refused.append(f"{said}: {one.verdict}")
        elif one.verdict is not None and bool(one.verdict) is bool(spoiled):
            tally.misjudged.append(f"{said}: {one.verdict}")
        elif one.verdict is not None:
            tally.right += not spoiled
            tally.wrong += bool(spoiled)


def main(count: int, first: int = 0) -> int:
    """Judge pages until `count` right lines and `count` wrong ones were judged; return how many were misjudged."""
    start = time.perf_counter()
    tally = Tally()
    seed = first
    while min(tally.right, tally.wrong) < count:
        try:
            judge_seed(seed, tally)
        except Exception as trouble:  # noqa: BLE001 - the run goes on, and tells of it
            tally.misjudged.append(f"seed {seed}: {type(trouble).__name__}: {trouble}")
        seed += 1
    print(
        f"{tally.right} right lines and {tally.wrong} wrong ones judged, {len(tally.misjudged)} misjudged, "
        f"{len(tally.refused)} not read or decided, {time.perf_counter() - start:.0f} s"
    )
    for line in [*tally.misjudged, *tally.refused][:40]:
        print(line[:400])
    return len(tally.misjudged)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
