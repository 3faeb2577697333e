"""Where a norm is 0, what the note says holds: in the value, of first and second order, and in exported code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mcalc
from mcalc.calculus.singular_points import taken_at_zero
from mcalc.export.exported import source
from tests.exported import C, Case, exported, function_of, julia
from tests.values import agree, complex_step

WHERE = "A: R^{m x n}; x, y: R^n; z: R^m; s: R"
ZERO: dict[str, Any] = {"A": np.zeros((3, 4)), "x": np.zeros(4), "y": np.zeros(4), "z": np.zeros(3), "s": 0.0}
TAKEN = [
    ("norm(x)", "x"), ("norm(A x - z)", "x"), ("norm(A x - z)", "A"), ("norm(A)", "A"), ("std(x)", "x"),
    ("sqrt(var(x))", "x"), ("std(A, rows) · z", "A"), ("std(A, cols)", "A"), ("sqrt(x · x)", "x"),
    ("std([x; s])", "x"), ("sqrt(sum(x^2))", "x"), ("sqrt(x^T x)", "x"), ("sqrt(tr(A^T A))", "A"),
    ("sum_i norm(A_i)", "A"), ("mse(x, y)^0.5", "x"), ("exp(norm(x))", "x"), ("norm(norm(x) y + x)", "x"),
    ("norm(max(0, x))", "x"), ("norm([s; x])", "s"), ("sqrt(s^2)", "s"), ("norm(x) + norm(y)/(1 + norm(y))", "y"),
    ("norm(x - y) s + norm(x)", "x"), ("std(where(x > 0, sqrt(x), 0))", "x"),
    ("std(x) / norm(z + 1)", "x"), ("std(log10(1/2 + x^2))", "x"),
]  # fmt: skip
NONE = ["normalize(x)", "layernorm(x)", "x/norm(x)", "log(norm(x))", "norm(x)^0.5", "sqrt(x · x)^-1 x", "log(x · x)",
        "1/std(x)", "std(x)^-2", "x/std(x)", "log(std(x))", "std(x)^0.5"]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "wrt"), TAKEN)
def test_0_is_taken_where_it_is_said(text: str, wrt: str, order: int) -> None:
    found = mcalc.derive(text, wrt=wrt, where=WHERE, order=order)
    assert any("in numbers 0 is taken there" in note for note in found.notes), found.notes
    with np.errstate(all="ignore"):
        assert not np.any(found.evaluate(ZERO))
        assert not np.any(exported(found, ZERO))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("text", NONE)
def test_a_function_without_a_value_there_has_no_derivative_and_it_is_said(text: str, order: int) -> None:
    found = mcalc.derive(text, wrt="x", where=WHERE, order=order)
    assert not any("taken" in note for note in found.notes), found.notes
    assert any("holds where" in note for note in found.notes), found.notes
    with np.errstate(all="ignore"):
        assert not np.any(np.isfinite(np.diagonal(np.atleast_2d(found.evaluate(ZERO)))))
        assert not np.any(np.isfinite(np.diagonal(np.atleast_2d(exported(found, ZERO)))))


@pytest.mark.parametrize(("text", "wrt"), TAKEN)
def test_elsewhere_the_value_is_that_of_the_formula(text: str, wrt: str) -> None:
    read = mcalc.parse(text, where=WHERE)
    found = mcalc.derive(text, wrt=wrt, where=WHERE)
    rng = np.random.default_rng(5)
    values = {name: np.abs(rng.normal(size=np.shape(value))) for name, value in ZERO.items()}
    variable = next(v for v in read.symbols if v.attr[0] == wrt)
    want = complex_step(read.expr, variable, {"m": 3, "n": 4, **values})
    assert agree(found.evaluate(values), want)
    assert agree(exported(found, values), want)


def test_derivatives_that_exist_at_0_are_right_there() -> None:
    known = [
        ("norm(x)^2", 2, 2),
        ("norm(x)^3", 2, 0),
        ("sqrt(1 + x · x)", 2, 1),
        ("var(x)", 1, 0),
        ("norm(x)^1.5", 1, 0),
    ]
    for text, order, factor in known:
        want = factor * np.eye(4) if order == 2 else np.zeros(4)
        found = mcalc.derive(text, wrt="x", where=WHERE, order=order)
        assert np.allclose(found.evaluate(ZERO), want)
        assert np.allclose(exported(found, ZERO), want)
    assert not mcalc.derive("var(x)", wrt="x", where=WHERE).notes


def test_what_is_not_a_number_stays_so() -> None:
    found = mcalc.derive("norm(x)", wrt="x", where=WHERE)
    assert np.all(np.isnan(found.evaluate({"x": np.array([np.nan, 1.0])})))


def test_parts_and_operators_take_0_too() -> None:
    found = mcalc.derive("norm(x)", wrt="x", where=WHERE, order=2)
    value, gradient, hessian = found.compile(parts=("value", "grad", "hess"))(np.zeros(4))
    assert not np.any(value)
    assert not np.any(gradient)
    assert not np.any(hessian)
    assert not np.any(found.compile(as_operator=True)(np.zeros(4)) @ np.ones(4))


def test_other_languages_take_0_too(tmp_path: Path) -> None:
    cases = []
    for text, wrt in TAKEN:
        found = mcalc.derive(text, wrt=wrt, where=WHERE)
        numbers, _ = taken_at_zero(found.function, found.expr)
        cases.append(Case(text, numbers, ZERO, np.zeros_like(found.evaluate(ZERO))))
    library = C(tmp_path)
    for case in cases:
        library.add(case)
    library.build()
    for case in cases:
        assert not np.any(library(case)), case.label
        assert not np.any(julia(case)), case.label
        assert source(function_of(case.expr), "torch")
