"""One result in three ways: with matrix products, with sums over samples, in index notation; equal by value."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.calculus.other_forms import in_index_notation, with_matrices, with_sums
from mcalc.numeric.evaluate import evaluate
from tests.test_golden import point
from tests.values import agree

WHERE = "w: R^n; X: R^{N x n}; y: R^N; b: R; U: R^{n x k}; T: R^{N x k}; S, A: R^{n x n}; v: R^n"
SUMS = [
    ("sum_{i=1}^{N} (w . x_i - y_i)^2", "w", "2 (X w - y)ᵀ X"),
    ("1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2", "w", "2 ((X w + b > 0) ⊗ (X w + b - y))ᵀ X / N"),
    ("1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2", "b", "2 ((X w + b > 0) · (X w + b - y)) / N"),
    ("sum_{i=1}^{N} log(1 + exp(-y_i (w . x_i)))", "w", "-(y ⊗ σ(-y ⊗ (X w)))ᵀ X"),
    ("sum_{i=1}^{N} norm(U' x_i - T_i)^2", "U", "2 Xᵀ (X U - T)"),
    ("sum_{i=1}^{N} logsumexp(U' x_i)", "U", "Xᵀ softmax(X U)"),
    ("sum_{i=1}^{N} exp(w . x_i) x_i", "w", "Xᵀ diag(exp(X w)) X"),
    ("sum_{i=1}^{N} x_i' S x_i", "S", "Xᵀ X"),
    ("sum_{i=1}^{N} y_i w' x_i + norm(w)^2", "w", "yᵀ X + 2 wᵀ"),
]
PRODUCTS = [
    ("norm(X w - y)^2", "w", "2 Σ_{i=1}^{N} (xᵢ · w - yᵢ) xᵢᵀ"),
    ("sum(log(1 + exp(-y .* (X w))))", "w", "-Σ_{i=1}^{N} yᵢ σ(-yᵢ (xᵢ · w)) xᵢᵀ"),
    ("normF(X U - T)^2", "U", "2 Σ_{i=1}^{N} xᵢ ((X U)ᵢ - tᵢ)ᵀ"),
    ("norm(X w - y)^2 + b norm(w)^2", "w", "2 (Σ_{i=1}^{N} (xᵢ · w - yᵢ) xᵢᵀ + b wᵀ)"),
    ("sum(X w)", "w", "Σ_{i=1}^{N} xᵢᵀ"),
    ("v' A v", "v", "vᵀ (A + Aᵀ)"),
]


@pytest.mark.parametrize(("expr", "wrt", "printed"), SUMS)
def test_sums_over_samples_become_matrix_products(expr: str, wrt: str, printed: str) -> None:
    found = derive(expr, wrt=wrt, where=WHERE, way="matrix")
    assert found.text == printed
    check(expr, wrt, "matrix")


@pytest.mark.parametrize(("expr", "wrt", "printed"), PRODUCTS)
def test_matrix_products_become_sums_over_samples(expr: str, wrt: str, printed: str) -> None:
    assert derive(expr, wrt=wrt, where=WHERE, way="sum").text == printed
    check(expr, wrt, "sum")


@pytest.mark.parametrize(("expr", "wrt"), [row[:2] for row in [*SUMS, *PRODUCTS]])
def test_all_ways_have_one_value(expr: str, wrt: str) -> None:
    for way in ("matrix", "sum", "index"):
        check(expr, wrt, way)


def check(expr: str, wrt: str, way: str) -> None:
    plain, other = [derive(expr, wrt=wrt, where=WHERE, way=how) for how in ("auto", way)]
    values = point(plain.body, np.random.default_rng(1))
    assert agree(evaluate(other.expr, values, plain.symbols), evaluate(plain.expr, values, plain.symbols))


def test_a_sum_over_neighbours_stays_a_sum() -> None:
    found = derive("sum_{i=1}^{N - 1} (y_{i+1} - y_i)^2", wrt="y", where=WHERE)
    assert with_matrices(found.expr) is found.expr


def test_what_has_no_samples_stays_as_it_is() -> None:
    found = derive("v' A v", wrt="v", where=WHERE)
    assert with_sums(found.expr, found.variables[0]) is found.expr
    assert in_index_notation(found.expr).op.name == "add"


def test_the_derivation_says_what_the_result_was_written_as() -> None:
    steps = derive("sum_{i=1}^{N} (w . x_i - y_i)^2", wrt="w", where=WHERE, way="matrix").steps
    assert (steps[-1].rhs, steps[-1].rule) == ("2 (X w - y)ᵀ X", "the sum over samples as a matrix product")
