"""The property check behind test_properties, and the long run: `python -m tests.properties 100000`.

For each random expression: the derivative by a random variable, forward and reverse, simplified and not, against
complex step; and what is printed is read back to the same object.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.differentiate import expand_defined, forward, reverse
from mcalc.calculus.orientation import as_columns
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from tests.generator import DIFFERENTIABLE, TWICE, Generator
from tests.reading import reads_back
from tests.values import agree, complex_step, random_values, variables

LARGEST = 1e8
FEATURED, FEATURED_TWICE = (1, 7, 10), (4, 8)
"""Of twelve seeds in a row, those whose expressions have a row of the table in them, each row in its turn."""


class Outcome:
    """What became of some seeds: how many were checked, what was wrong, and which operators were differentiated.

    `once` holds those of the expressions whose first derivative was checked, `twice` those of the second ones.
    """

    def __init__(self) -> None:
        self.checked = 0
        self.skipped = 0
        self.once: set[str] = set()
        self.twice: set[str] = set()
        self.wrong: list[str] = []


def usable(value: object) -> bool:
    """Say whether a value is finite and not so large that comparing means nothing."""
    array = np.asarray(value)
    return bool(np.all(np.isfinite(array)) and np.max(np.abs(array), initial=0.0) < LARGEST)


def check_seed(seed: int, outcome: Outcome, order: int = 1) -> None:
    """Check the expression of one seed; what disagrees is added to `outcome.wrong` with the seed."""
    generator = Generator(seed)
    depth = 2 + seed % 3
    turn, rows = (FEATURED, DIFFERENTIABLE) if order == 1 else (FEATURED_TWICE, TWICE)
    if seed % 12 in turn:
        row = rows[(seed // 12 * len(turn) + turn.index(seed % 12)) % len(rows)]
        expr = generator.featuring(row, 1 + seed % 2, scalar=order > 1)
    else:
        expr = generator.listed(depth - 1) if seed % 7 == 0 else generator.expression(depth)
    featured = expr
    values = random_values(expr, np.random.default_rng(seed))
    for level in range(order):
        choices = variables(expr)
        if level and not choices:
            # Step functions: the first derivative was checked, and is constant.
            outcome.twice.update([node.op.name for node in walk(featured)])
        if not choices or expr.order > 2:
            return
        variable = generator.random.choice(choices)
        if not usable(evaluate(expr, values)):
            outcome.skipped += 1
            return
        want = complex_step(expr, variable, values)
        if not usable(want):
            outcome.skipped += 1
            return
        outcome.checked += 1
        (outcome.twice if level else outcome.once).update([node.op.name for node in walk(featured)])
        expr = _compare(expr, variable, values, want, f"seed {seed}, order {level + 1}", outcome)


def _compare(expr: Expr, variable: Expr, values: dict[str, object], want: object, where: str, outcome: Outcome) -> Expr:
    """Compare both modes, raw and simplified, with the value wanted, and the printed forms with what they read as."""
    body = as_columns(expand_defined(expr))
    name = variable.attr[0]
    results: list[Expr] = []
    for mode, accumulate in (("forward", forward), ("reverse", reverse)):
        if not agree(evaluate(accumulate(body, variable), values), want):
            outcome.wrong.append(f"{where}: {mode}, unsimplified, by {name}")
        result = derivative_of(expr, [variable], mode=mode)
        results.append(result)
        if not agree(evaluate(result, values), want):
            outcome.wrong.append(f"{where}: {mode}, by {name}")
    for shown in (expr, results[0]):
        slip = reads_back(shown)
        if slip:
            outcome.wrong.append(f"{where}: {slip}")
    return results[0]


def main(count: int, first: int = 0) -> int:
    """Check `count` seeds, second derivatives every fourth; print what was found; return the number of wrong ones."""
    outcome = Outcome()
    start = time.perf_counter()
    for seed in range(first, first + count):
        try:
            check_seed(seed, outcome, 2 if seed % 4 == 0 else 1)
        except Exception as problem:  # noqa: BLE001 - the run goes on, and tells of it
            outcome.wrong.append(f"seed {seed}: {type(problem).__name__}: {problem}")
    spent = time.perf_counter() - start
    counts = f"{outcome.checked} checked, {outcome.skipped} out of range, {len(outcome.wrong)} wrong"
    print(f"{counts}, {len(outcome.once)} operators, {len(outcome.twice)} twice, {spent:.0f} s")
    for line in outcome.wrong[:20]:
        print(line)
    return len(outcome.wrong)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
