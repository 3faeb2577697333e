"""Quotients in LaTeX: one fraction for a product, and beside it what is long; the value is the same."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.numeric.evaluate import evaluate
from mcalc.render.quotients import gathered
from tests.generator import SIZES
from tests.latex_reading import expressions
from tests.values import agree, random_values

WRITTEN = [
    ("norm(x)^3/s", "x", r"\frac{3 \lVert \mathbf{x} \rVert}{s} \mathbf{x}^\top"),
    ("x' x / norm(y)", "x", r"\frac{2 \mathbf{x}^\top}{\lVert \mathbf{y} \rVert}"),
    ("norm(X w - y)^2 / N", "w", r"\frac{2}{N} (X \mathbf{w} - \mathbf{y})^\top X"),
    ("norm(X w - y)^2 / s^2 / (2 t)", "w", r"\frac{(X \mathbf{w} - \mathbf{y})^\top X}{s^{2} t}"),
    ("n/2 log(det(S))", "S", r"\frac{n}{2} S^{-\top}"),
    ("s t / (a b)", "s", r"\frac{t}{a b}"),
    ("sqrt(s)/t", "s", r"\frac{1}{2 t \sqrt{s}}"),
    ("1/N sum_{i=1}^{N} (w . x_i - y_i)^2", "w",
     r"\frac{2}{N} \sum_{i=1}^{N} (\mathbf{w} \cdot \mathbf{x}_{i} - y_{i}) \mathbf{x}_{i}^\top"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "printed"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_a_product_has_one_fraction_and_no_brackets_around_a_numerator(text: str, wrt: str, printed: str) -> None:
    assert derive(text, wrt=wrt).latex == printed


def test_gathered_quotients_have_the_same_value() -> None:
    rng = np.random.default_rng(1)
    checked = 0
    for seed in range(60):
        for expr in expressions(seed):
            if gathered(expr) is not expr:
                at = random_values(expr, rng, SIZES)
                with np.errstate(all="ignore"):
                    one, other = evaluate(gathered(expr), at), evaluate(expr, at)
                if np.all(np.isfinite(other)):
                    assert agree(one, other), seed
                    checked += 1
    assert checked > 3
