"""Random well-shaped expressions: every derivative right by value, and every printed form read back."""

from __future__ import annotations

from tests.generator import DIFFERENTIABLE, TWICE
from tests.properties import Outcome, check_seed

COUNT = 2_000
"""Random expressions in a normal run; `python -m tests.properties 100000` is the long one."""


def test_random_derivatives_agree_with_complex_step_and_read_back() -> None:
    outcome = Outcome()
    for seed in range(COUNT):
        check_seed(seed, outcome, 2 if seed % 4 == 0 else 1)
    assert outcome.wrong == []
    assert outcome.checked > 0.9 * COUNT
    assert {row.name for row in DIFFERENTIABLE} <= outcome.once
    assert {row.name for row in TWICE} <= outcome.twice
