"""The replay behind test_calculus_derivation, and the long run: `python -m tests.derivations 5000`.

For each random expression: its derivation is told, in one of the modes, of the first or the second order, in one of the
layouts, and every line is replayed by value: both sides of each equation, and every rewriting that ``full`` shows, at
a random point. The last line must be the result, byte for byte.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from mcalc.calculus.basics.entries import substitute
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.other_forms import written
from mcalc.calculus.stories.lines import ByDifferentials, Derivation
from mcalc.calculus.stories.rewriting import in_full
from mcalc.choices import Manner
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import number
from mcalc.render.text import unicode
from mcalc.steps import Steps
from tests.generator import DIFFERENTIABLE, Generator
from tests.properties import usable
from tests.values import agree, random_values, variables

MODES = ("auto", "forward", "backward")
WAYS = ("auto", "auto", "matrix", "sum", "index")
POSITION = 2
"""What a free running index, as the i of u_i, is replayed at."""


def at_positions(side: Expr, positions: dict[Expr, int]) -> Expr:
    for index, k in positions.items():
        side = substitute(side, index, number(k))
    return side


def replay(told_as: Derivation, seed: int, *more: Expr) -> list[str]:
    """Evaluate both sides of every line at a random point; return the lines that do not hold."""
    wrong: list[str] = []
    values: dict[str, object] = {}
    rng = np.random.default_rng(seed)
    for expr in (told_as.body, *more):
        values = {**random_values(expr, rng), **values}
    if isinstance(told_as, ByDifferentials):
        values = {**random_values(told_as.direction, rng), **values}
    for line in told_as.lines:
        sides = [told_as.settled(side) for side in (line.lhs, *line.rhs)]
        positions = {index: POSITION for side in sides for index in side.free}
        want = evaluate(at_positions(sides[0], positions), values)
        if not usable(want):
            continue
        for side in dict.fromkeys([*line.rhs, *[member for member, _ in in_full(line)]]):
            settled = at_positions(told_as.settled(side), positions)
            found = evaluate(settled, values)
            if not agree(found, want) and not is_rounding(settled, values, np.asarray(found) - np.asarray(want)):
                wrong.append(f"{unicode(line.lhs)} = {unicode(side)}")
    return wrong


def is_rounding(side: Expr, values: dict[str, object], off: np.ndarray) -> bool:
    """Say whether a side moves by as much as it is `off` when the values move in their last digits."""
    near = {name: value * (1 + 1e-13) if isinstance(value, np.ndarray) else value for name, value in values.items()}
    moved = np.asarray(evaluate(side, near)) - np.asarray(evaluate(side, values))
    return moved.shape == off.shape and bool(np.max(np.abs(moved)) > np.max(np.abs(off)) / 30)


def expression_of(seed: int, order: int) -> tuple[Expr, Generator]:
    """Return the random expression of a seed: any, or one with a row of the table in it; a scalar for order 2."""
    generator = Generator(seed)
    if seed % 3 == 1:
        rows = DIFFERENTIABLE
        return generator.featuring(rows[seed // 4 % len(rows)], 1, scalar=order > 1), generator
    return generator.of((), 2) if order > 1 else generator.expression(2 + seed % 2), generator


def replay_seed(seed: int) -> list[str] | None:
    """Return what is wrong with the derivation of a seed; None where there is nothing to derive or no value."""
    order = 2 if seed % 10 == 4 else 1
    expr, generator = expression_of(seed, order)
    choices = variables(expr)
    if not choices or expr.order + order * choices[0].order > 4 or expr.order > 1 + (order == 1):
        return None
    variable = generator.random.choice(choices)
    if not usable(evaluate(expr, random_values(expr, np.random.default_rng(seed)))):
        return None
    mode, way = MODES[seed % 3], WAYS[seed % len(WAYS)]
    layout = "denominator" if seed % 7 == 3 else "numerator"
    result = expr
    for left in range(order, 0, -1):
        how = layout if left == 1 else "numerator"
        result = derivative_of(result, [variable], layout=how, mode="reverse" if mode == "backward" else mode)
    if way != "auto":
        result = written(result, way, variable)
    steps = Steps(expr, [variable], result, order=order, manner=Manner(layout, mode, way))
    said = f"seed {seed}, {mode}, {way}, order {order}"
    wrong = [f"{said}: {line}" for story in steps.stories for line in replay(story.derivation, seed, variable)]
    named = steps[-2].rule == "name the error term" if len(steps) > 1 else False
    if steps[-3 if named else -1].rhs != unicode(result, brief=True):
        wrong.append(f"{said}: the last line is {steps[-1].rhs}, the result {unicode(result, brief=True)}")
    return wrong


def main(count: int, first: int = 0) -> int:
    """Replay the derivations of `count` seeds; print what was found; return the number of wrong lines."""
    start = time.perf_counter()
    replayed = 0
    wrong: list[str] = []
    for seed in range(first, first + count):
        try:
            found = replay_seed(seed)
        except (Mistake, np.linalg.LinAlgError):
            continue  # det(y xᵀ) has no inverse in it that exists
        except Exception as problem:  # noqa: BLE001 - the run goes on, and tells of it
            found = [f"seed {seed}: {type(problem).__name__}: {problem}"]
        replayed += found is not None
        wrong += found or []
    print(f"{replayed} derivations, {len(wrong)} lines wrong, {time.perf_counter() - start:.0f} s")
    for line in wrong[:40]:
        print(line[:300])
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
