"""Quotients: one division for a product, in LaTeX beside it what is long; the value is the same."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.numeric.evaluate import evaluate
from mcalc.render.mathml import mathml
from mcalc.render.quotients import gathered
from mcalc.render.two_dimensional import lines
from tests.generator import SIZES
from tests.latex_reading import expressions
from tests.reading import reads_back
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


IN_A_LINE = [
    ("sqrt(x)", "x", "1/(2 sqrt(x))", "1/(2 sqrt(x))"),
    ("log_10 x", "x", "1/(x ln(10))", "1/(x ln(10))"),
    ("a x/(2 s)", "x", "a / (2 s)", "a / (2 s)"),
    ("q/(4 π ε |x|)", "x", "-q / (4 π ε x abs(x))", "-q / (4 pi epsilon x abs(x))"),
    ("2 x' x / (s t)", "x", "4 xᵀ / (s t)", "4 x^T / (s t)"),
    ("1/(2 N) Σ_{i=1}^{N} (x_i - μ)^2/s", "μ", "1/(N s) Σ_{i=1}^{N} (μ - xᵢ)", "1/(N s) sum_{i=1}^{N} (mu - x_i)"),
]


@pytest.mark.parametrize(("text", "wrt", "printed", "plain"), IN_A_LINE, ids=[row[0] for row in IN_A_LINE])
def test_a_product_in_a_line_has_one_division(text: str, wrt: str, printed: str, plain: str) -> None:
    found = derive(text, wrt=wrt)
    assert (found.text, found.ascii) == (printed, plain)
    assert reads_back(found.expr) == ""


def test_in_mathml_and_two_dimensions_a_product_has_one_fraction() -> None:
    expr = derive("a x/(2 s)", wrt="x").expr
    assert mathml(expr).count("<mfrac>") == 1
    rows = ["".join([text for text, _ in row]) for row in lines(expr) or []]
    assert [row.strip() for row in rows] == ["a", "─────", "2 s"]


@pytest.mark.parametrize("bars", [True, False])
def test_gathered_quotients_have_the_same_value(bars: bool) -> None:
    rng = np.random.default_rng(1)
    checked = 0
    for seed in range(60 if bars else 200):
        for expr in expressions(seed):
            made = gathered(expr, bars=bars, slashes=not bars)
            if made is not expr:
                at = random_values(expr, rng, SIZES)
                with np.errstate(all="ignore"):
                    one, other = evaluate(made, at), evaluate(expr, at)
                if np.all(np.isfinite(other)):
                    assert agree(one, other), seed
                    checked += 1
    assert checked > 3
