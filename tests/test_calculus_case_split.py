"""What one case alone needs is left out of the others: no infinity or NaN times 0, in evaluation, code and print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import mcalc
from tests.exported import exported
from tests.values import agree, complex_step, variables

WHERE = "A, B: R^{m x n}; Q: R^{n x n}; x, y: R^n; z: R^m; s: R"
SHAPES = {"A": (3, 4), "B": (3, 4), "Q": (4, 4), "x": (4,), "y": (4,), "z": (3,), "s": ()}
GUARDED = [
    "sum(where(x > 0, sqrt(x), 0))", "{x^1.5 if x > 0; 0 otherwise}", "sqrt(max(0, x))", "sum(elu(x))", "elu(A x)",
    "where(A > 0, sqrt(A), 0) y", "A sqrt(max(0, x))", "y · where(x > 1, 1/x, x)", "sum(sqrt(max(0, A x - z)))",
    "sum(where(x > y, sqrt(x - y), exp(x - y)))", "x^T where(Q > 0, sqrt(Q), 0) y",
    "sum(where(x != 0, sin(x) ./ x, 1))",
    "sum(where(x > 0 and y > 0, sqrt(x .* y), 0))", "sum(where(x > 0, sqrt(x), 0) .* y)^2", "relu(x)^0.5",
    "norm(where(x > 0, sqrt(x), 0) + y)", "sum_{i=1}^m where(z_i > 0, sqrt(z_i), 0)", "sum(relu(A x)^1.5)",
    "sum_{i=1}^m sum(sqrt(max(0, A_i .* x)))", "where(x > 0, x .* log(x), 0)", "where(x > 0, exp(-1 ./ x), 0)",
    "where(x > 0, x^s, 0)", "where(x > 0, 2^x, 1 ./ (1 - x))", "where(A > 0, sqrt(A), 0) (B .* A)^T z",
    "max(sqrt(max(0, x)))", "tr(diag(where(x > 0, sqrt(x), 0)) Q)", "sum(where(A > 0, z (sqrt(max(0, x)))^T, A))",
    "where(x > 0, where(x > 1, log(x), sqrt(x)), 0)", "sum(leaky_relu(sqrt(max(0, x)), s))",
    "sum(where(x > 0, asin(x/9), 0))", "max(0, diag(exp(x))) y", "relu(diag(acos(tanh(x)/2))) y",
    "where(abs(x) < 1, sqrt(1 - x^2), 0) · y", "where(abs(x) < 1, asin(x), x)", "diag(where(x > 0, sqrt(x), 0)) Q y",
    "softmax(where(x > 0, sqrt(x), 0)) · y", "where(z > 0, sqrt(max(0, A x)), z)", "sum(where(x > 0, exp(x), x))",
    "sum(max(sqrt(max(0, A)), rows))", "{sum(sqrt(max(0, x))) if s > 0; sum(x) otherwise}",
]  # fmt: skip
HARMLESS = {
    "max(x, y)": "diag(x > y)",
    "sum(max(0, A x - z))": "(A x - z > 0)ᵀ A",
    "max(0, 1 - y .* x)": "diag(-(1 - y ⊗ x > 0) ⊗ y)",
    "log(max(1, x))": "diag((x > 1) ⊘ max(1, x))",
    "log(1 + max(0, x))": "diag((x > 0) ⊘ (1 + max(0, x)))",
    "sum(where(x > 0, x^2, x^3))": "(2 (x > 0) ⊗ x + 3 (x ≤ 0) ⊗ x²)ᵀ",
    "sum(leaky_relu(x, s))": "((x > 0) + s (x ≤ 0))ᵀ",
    "sum(max(0, x) ./ y)": "((x > 0) ⊘ y)ᵀ",
    "sum(max(0, x) .* sqrt(y))": "(sqrt(y) ⊗ (x > 0))ᵀ",
    "sum(exp(max(0, x)))": "(exp(max(0, x)) ⊗ (x > 0))ᵀ",
    "sum(abs(x)^1.5)": "(3 sqrt(abs(x)) ⊗ sign(x) / 2)ᵀ",
}


def points() -> Iterator[dict[str, Any]]:
    """Values of either sign, positive, large, and with zeros among them."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        drawn = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
        if seed % 4 == 1:
            drawn = {name: np.abs(value) for name, value in drawn.items()}
        if seed % 4 == 2:
            drawn = {name: value * 400 for name, value in drawn.items()}
        yield drawn


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("text", GUARDED)
def test_a_derivative_has_a_value_wherever_the_function_is_smooth(text: str, mode: str) -> None:
    read = mcalc.parse(text, where=WHERE)
    compared = 0
    for variable in variables(read.expr):
        found = mcalc.derive(text, wrt=variable.attr[0], where=WHERE, mode=mode)
        again = mcalc.parse(found.text, where=WHERE)
        for values in points():
            with np.errstate(all="ignore"):
                want = complex_step(read.expr, variable, {"m": 3, "n": 4, **values})
                if not np.all(np.isfinite(want)) or not np.all(np.isfinite(read.evaluate(values))):
                    continue
                compared += 1
                assert agree(found.evaluate(values), want), (found.text, values)
                assert agree(exported(found, values), want), (found.text, values)
                assert agree(np.reshape(again.evaluate(values), want.shape), want), (found.text, values)
    assert compared > 3


@pytest.mark.parametrize(
    ("text", "at", "want"),
    [
        ("sum(sqrt(max(0, x)))", [-1.0, 0.0, 4.0], [0, 0, 0.25]),
        ("sum(where(x > 0, sqrt(x), 0))", [-1.0, 0.0, 4.0], [0, 0, 0.25]),
        ("sum(max(0, log(x)))", [0.0, 0.5, 4.0], [0, 0, 0.25]),
        ("max(sqrt(x))", [0.0, 0.0, 4.0], [0, 0, 0.25]),
        ("sum(elu(x))", [1000.0, 0.0, 2.0], [1, 1, 1]),
        ("sum(where(x != 0, sin(x) ./ x, 1))", [0.0, 0.0, np.pi], [0, 0, -1 / np.pi]),
        ("sum(where(x > 0, x .* log(x), 0))", [-1.0, 0.0, 1.0], [0, 0, 1]),
        ("norminf(sqrt(max(0, x)))", [-1.0, 0.0, 4.0], [0, 0, 0.25]),
    ],
)
def test_at_the_border_the_case_that_holds_there_decides(text: str, at: list[float], want: list[float]) -> None:
    found = mcalc.derive(text, wrt="x", where="x: R^n")
    with np.errstate(all="ignore"):
        for got in (found.evaluate({"x": at}), exported(found, {"x": np.array(at)})):
            assert np.allclose(got, want), found.text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_condition_beside_what_has_a_value_stays_a_factor(text: str) -> None:
    assert mcalc.derive(text, wrt="x", where=WHERE).text == HARMLESS[text]


def test_two_cases_become_one_choice() -> None:
    assert mcalc.derive("sum(elu(x))", wrt="x", where="x: R^n").text == "({1 if x > 0; exp(x) otherwise})ᵀ"
    found = mcalc.derive("where(x > y, sqrt(x - y), exp(x - y))", wrt="x", where="x, y: R^n").text
    assert found == "diag({1⃗ ⊘ sqrt(x - y) ⊘ 2 if x > y; exp(x - y) otherwise})"


def test_second_derivatives_keep_the_cases() -> None:
    for text, second in [("sum(where(x > 0, x^2.5, 0))", 3.75), ("sum(max(0, x)^2.5)", 3.75)]:
        found = mcalc.derive(text, wrt="x", where="x: R^n", order=2)
        values = {"x": np.array([-1.0, 0.0, 4.0])}
        want = np.diag([0, 0, second * 2])
        with np.errstate(all="ignore"):
            assert np.allclose(found.evaluate(values), want), found.text
            assert np.allclose(exported(found, values), want), found.text


def test_the_maximum_of_what_has_no_value_has_none() -> None:
    for text in ("max(0, log(x))", "max(log(x), 0)", "min(0, log(x))", "min(log(x), 0)"):
        assert np.isnan(mcalc.parse(text).evaluate({"x": -1.0}))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("sum(where(x > 0, sqrt(x), 0))", []),
        ("sum(where(x > -1, sqrt(x), 0))", ["the derivative holds where x > 0"]),
        ("sum(where(x > 0, sqrt(x), 0) + sqrt(x))", ["the derivative holds where x > 0"]),
        ("where(x > 0 and y > 0, log(x) + sqrt(y), 0)", []),
        ("where(0 < x, where(y > 0, log(x), x), 0)", []),
        ("where(x > 0, sqrt(y), 0)", ["the derivative holds where y > 0"]),
        ("sqrt(max(0, x))", []),
        ("1/sqrt(max(0, x))", ["the derivative holds where max(0, x) > 0"]),
    ],
)
def test_a_domain_is_told_where_no_condition_keeps_to_it(text: str, holds: list[str]) -> None:
    wrt = "y" if "sqrt(y), 0)" in text and "log" not in text else "x"
    notes = mcalc.derive(text, wrt=wrt, where="x, y: R^n").notes
    assert [note for note in notes if "holds where" in note] == holds
