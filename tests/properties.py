"""The property check behind test_properties, and the long run: `python -m tests.properties 20000`.

Random expressions over every row of the operator table, at sizes of 1 to 6 and in a tenth of the draws with ties and
zeros in the data, in a fifth of them with functions that nobody defined. For each: the derivative by a random variable,
forward and reverse, simplified and not, and as exported NumPy, against complex step, at a kink against what the rows
state or the slopes to both sides; and what is printed is read back to the same object.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mcalc.calculus.accumulate.differentiate import expand_defined, forward, reverse
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.singular_points import taken_at_zero
from mcalc.errors import Mistake
from mcalc.export.exported import compiled
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.oracles import unsteadiness
from mcalc.numeric.stand_ins import with_values
from mcalc.numeric.values import value_of
from tests.conventions import by_convention, slopes, stands
from tests.exported import arrays_of, function_of
from tests.generator import DIFFERENTIABLE, FEATURED_ROWS, SIZES, Generator
from tests.reading import reads_back
from tests.values import agree, complex_step, random_values, variables

LARGEST = 1e8
FEATURED, FEATURED_TWICE = (1, 7, 10), (4, 8)
"""Of twelve seeds in a row, those whose expressions have a row of the table in them, each row in its turn."""
TIED = 10
"""One draw of so many has ties and zeros in its data."""
NOISE = 1e-8
"""A gap larger than this is never taken for rounding."""
FEW = (-1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 2.0)
"""The data of such a draw."""


class Outcome:
    """What became of some seeds: how many were checked, what was left out and why, and what was wrong.

    `once` holds the operators of the expressions whose first derivative was checked, `twice` those of the second ones.
    """

    def __init__(self) -> None:
        self.checked = 0
        self.tied = 0
        self.left_out: Counter[str] = Counter()
        self.once: set[str] = set()
        self.twice: set[str] = set()
        self.wrong: list[str] = []


def usable(value: object) -> bool:
    """Say whether a value is finite and not so large that comparing means nothing."""
    array = np.asarray(value)
    return bool(np.all(np.isfinite(array)) and np.max(np.abs(array), initial=0.0) < LARGEST)


def drawn_sizes(seed: int) -> dict[str, int]:
    """Return sizes of 1 to 6, in half of the draws pairwise different ones."""
    draw = random.Random(f"sizes {seed}")
    pick = draw.sample(range(1, 7), len(SIZES)) if draw.random() < 0.5 else draw.choices(range(1, 7), k=len(SIZES))
    return dict(zip(SIZES, pick, strict=True))


def drawn_values(expr: Expr, seed: int, sizes: dict[str, int]) -> dict[str, Any]:
    """Return an array for each variable: of normal numbers, in one draw of ten of a few, so that some are equal."""
    rng = np.random.default_rng(seed)
    values = random_values(expr, rng, sizes)
    if is_tied(seed):
        for node in variables(expr):
            values[node.attr[0]] = rng.choice(FEW, size=np.shape(values[node.attr[0]]))
    return values


def is_tied(seed: int) -> bool:
    """Say whether the data of a seed has ties and zeros."""
    return random.Random(f"ties {seed}").random() < 1 / TIED


def featured(seed: int, order: int) -> int | None:
    """Return the place of the row of the table whose turn it is in a seed; None where it is that of none."""
    turn, rows = (FEATURED, FEATURED_ROWS) if order == 1 else (FEATURED_TWICE, DIFFERENTIABLE)
    return (seed // 12 * len(turn) + turn.index(seed % 12)) % len(rows) if seed % 12 in turn else None


def expression_of(seed: int, generator: Generator, order: int) -> Expr:
    """Return the expression of a seed, one with a row of the table in it where it is the turn of one."""
    depth = 2 + seed % 3
    place = featured(seed, order)
    if place is not None:
        row = (FEATURED_ROWS if order == 1 else DIFFERENTIABLE)[place]
        return generator.featuring(row, 1 + seed % 2, scalar=order > 1)
    return generator.listed(depth - 1) if seed % 7 == 0 else generator.expression(depth)


def check_seed(seed: int, outcome: Outcome, order: int = 1) -> None:
    """Check the expression of one seed; what disagrees is added to `outcome.wrong` with the seed."""
    sizes = drawn_sizes(seed)
    generator = Generator(seed, sizes, undefined=seed % 5 == 2)
    expr = whole = expression_of(seed, generator, order)
    values = drawn_values(expr, seed, sizes)
    for level in range(order):
        choices = variables(expr)
        if level and not choices:
            # Step functions: the first derivative was checked, and is constant.
            outcome.twice.update([node.op.name for node in walk(whole)])
        if not choices or expr.order > 2:
            return
        variable = generator.random.choice(choices)
        point = Point(expr, variable, values, is_tied(seed))
        if point.reason:
            outcome.left_out[point.reason] += 1
            return
        outcome.checked += 1
        outcome.tied += point.tied
        (outcome.twice if level else outcome.once).update([node.op.name for node in walk(whole)])
        try:
            expr = _compare(point, f"seed {seed}, order {level + 1}", outcome)
        except Mistake as mistake:
            if mistake.code != "E-UNSUPPORTED":
                raise
            outcome.left_out["a derivative that is refused by name"] += 1
            return


class Point:
    """An expression at a point, with the derivative wanted there; `reason` says why there is none to compare with."""

    def __init__(self, expr: Expr, variable: Expr, values: dict[str, Any], tied: bool) -> None:
        self.expr = expr
        self.valued = with_values(expr)
        self.variable = variable
        self.values = values
        self.tied = tied
        self.reason = ""
        self.largest = 0.0
        self.want: Any = None
        self._sides: tuple[Any, Any] | None = None
        try:
            self.value = evaluate(self.valued, values, watch=self._see)
            if not usable(self.value) or (self.largest > LARGEST and not tied):
                self.reason = "no finite value" if tied else "out of range"
                return
            self.want = (by_convention if tied else complex_step)(self.valued, variable, values)
        except np.linalg.LinAlgError:
            self.reason = "no inverse"
            return
        if usable(self.want):
            return
        self.reason = "no finite slope" if tied else "out of range"

    def _see(self, node: Expr, args: Sequence[Any]) -> None:
        """Keep the largest number on the way to the value: rounding is as large as that."""
        self.largest = max(self.largest, *[float(np.max(np.abs(arg), initial=0.0)) for arg in args], 0.0)

    def agrees(self, found: Any) -> bool:
        """Say whether a derivative is the one wanted, or at a tie one between the slopes to both sides."""
        if agree(found, self.want) or self._is_rounding(found):
            return True
        if not self.tied:
            return self._is_noise(found)
        sides = self._slopes()
        return sides is not None and bool(np.all(np.isfinite(found))) and stands(found, sides)

    def _is_rounding(self, found: Any) -> bool:
        """Say whether a gap is no more than what rounding the value of the function does to a complex step."""
        most = 4 * np.finfo(float).eps * float(np.max(np.abs(self.value), initial=0.0))
        return bool(np.shape(found) == np.shape(self.want) and np.all(np.abs(found - self.want) <= most))

    def _is_noise(self, found: Any) -> bool:
        """Say whether a small gap is less than what the reference moves by with the last digits of the point.

        So where layernorm of two entries, which is constant, leaves a derivative of terms that cancel to nothing.
        """
        moved = unsteadiness(lambda at: complex_step(self.valued, self.variable, dict(at)), self.values, self.want)
        return bool(
            np.shape(found) == np.shape(self.want) and np.all(np.abs(found - self.want) <= np.minimum(moved, NOISE))
        )

    def has_none(self) -> bool:
        """Say whether the function has no slopes beside the point, so that there is no derivative to be right."""
        return self.tied and self._slopes() is None

    def _slopes(self) -> tuple[Any, Any] | None:
        if self._sides is None:
            self._sides = slopes(self.valued, self.variable, self.values)
        return self._sides


def _compare(point: Point, where: str, outcome: Outcome) -> Expr:
    """Compare both modes, raw and simplified, and exported code with what is wanted, and the print with its reading."""
    expr, variable, values = point.expr, point.variable, point.values
    body = as_columns(expand_defined(expr))
    by = variable.attr[0]
    results: list[Expr] = []
    taken: list[Expr] = []

    def held(found: Callable[[], Any], what: str, *, raw: bool = False) -> None:
        try:
            value = found()
        except np.linalg.LinAlgError:
            value = np.nan
        if raw and not np.all(np.isfinite(value)):
            outcome.left_out["0/0 or no inverse in a product that is not simplified"] += 1
        elif not point.agrees(value):
            if point.has_none():
                outcome.left_out["no slope beside the point"] += 1
            else:
                outcome.wrong.append(f"{where}: {what}, by {by}")

    for mode, accumulate in (("forward", forward), ("reverse", reverse)):
        raw = with_values(accumulate(body, variable))
        held(lambda raw=raw: evaluate(raw, values), f"{mode}, unsimplified", raw=True)  # type: ignore[misc]
        result = derivative_of(expr, [variable], mode=mode)
        results.append(result)
        taken.append(taken_at_zero(expr, result)[0])
        held(lambda made=taken[-1]: value_of(with_values(made), "derivative", values, [], point.valued), mode)  # type: ignore[misc]
    if point.valued is expr:
        held(lambda: exported(taken[0], values), "exported")
        if not agree(exported(expr, values), point.value):
            outcome.wrong.append(f"{where}: exported value")
    for shown in (expr, results[0]):
        slip = reads_back(shown)
        if slip:
            outcome.wrong.append(f"{where}: {slip}")
    return results[0]


def exported(expr: Expr, values: dict[str, Any]) -> Any:
    """Return what the exported NumPy function of an expression gives."""
    function = function_of(expr)
    with np.errstate(all="ignore"):
        return np.asarray(compiled(function, "numpy")(*arrays_of(function, values)))


def main(count: int, first: int = 0) -> int:
    """Check `count` seeds, second derivatives every fourth; print what is found; return the number of wrong ones."""
    outcome = Outcome()
    crashed = told = 0
    start = time.perf_counter()
    for seed in range(first, first + count):
        try:
            check_seed(seed, outcome, 2 if seed % 4 == 0 else 1)
        except Exception as problem:  # noqa: BLE001 - the run goes on, and tells of it
            crashed += 1
            print(f"seed {seed}: {type(problem).__name__}: {problem}", flush=True)
        for line in outcome.wrong[told:]:
            print(line, flush=True)
        told = len(outcome.wrong)
    spent = time.perf_counter() - start
    print(
        f"{outcome.checked} checked, {outcome.tied} of them at ties and zeros, "
        f"{len(outcome.wrong)} wrong, {crashed} crashed, "
        f"{len(outcome.once)} operators, {len(outcome.twice)} twice, {spent:.0f} s"
    )
    print("left out: " + ", ".join([f"{many} {why}" for why, many in outcome.left_out.most_common()]))
    return len(outcome.wrong) + crashed


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
