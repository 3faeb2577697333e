"""Random well-shaped expressions: every derivative right by value, and every printed form read back."""

from __future__ import annotations

from mcalc.calculus.derive import derivative_of
from mcalc.numeric.verify import verify
from tests.generator import DIFFERENTIABLE, TWICE, Generator
from tests.properties import Outcome, check_seed
from tests.reading import reads_back
from tests.values import variables

COUNT = 2_000
"""Random expressions in a normal run; `python -m tests.properties 100000` is the long one."""
SEVERAL = 150
"""Random expressions that are differentiated by several variables at once, twice."""


def test_random_derivatives_agree_with_complex_step_and_read_back() -> None:
    outcome = Outcome()
    for seed in range(COUNT):
        check_seed(seed, outcome, 2 if seed % 4 == 0 else 1)
    assert outcome.wrong == []
    assert outcome.checked > 0.9 * COUNT
    assert {row.name for row in DIFFERENTIABLE} <= outcome.once
    assert {row.name for row in TWICE} <= outcome.twice


def test_random_derivatives_by_several_variables_and_their_hessians_agree_with_complex_step() -> None:
    checked = 0
    for seed in range(SEVERAL):
        expr = Generator(seed).of((), 2 + seed % 2)
        by = [variable for variable in variables(expr) if variable.order < 2][:3]
        if len(by) < 2:
            continue
        gradient = derivative_of(expr, by)
        for function, result in ((expr, gradient), (gradient, derivative_of(gradient, by))):
            found = verify(function, by, result)
            assert found.ok is not False, (seed, found)
            assert not reads_back(result), seed
            checked += found.points > 0
    assert checked > SEVERAL / 3
