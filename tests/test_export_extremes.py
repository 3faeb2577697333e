"""Exported code at extreme values, where naive forms overflow, and on large data, where naive forms fill the memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc.api import derive
from tests.exported import COMPILER, C, Case, differing, julia

X = np.array([1000.0, -1000.0, 0.0])
P = np.array([0.2, 0.5, 0.3])
SCALARS = [
    ("sigmoid(x)", [0, 0], [1, 0]),
    ("1/(1 + exp(-x))", [0, 0], [1, 0]),
    ("exp(x)/(1 + exp(x))", [0, 0], [1, 0]),
    ("log(1 + exp(x))", [0, 0], [1000, 1]),
    ("log(1 + exp(-x))", [1000, -1], [0, 0]),
    ("log(exp(x) + exp(-x))", [1000, -1], [1000, 1]),
    ("log(sigmoid(x))", [-1000, 1], [0, 0]),
    ("-log(1 - sigmoid(x))", [0, 0], [1000, 1]),
    ("log(cosh(x))", [1000 - np.log(2), -1], [1000 - np.log(2), 1]),
    ("silu(x)", [0, 0], [1000, 1]),
    ("elu(x)", [-1, 0], [1000, 1]),
    ("gelu(x)", [0, 0], [1000, 1]),
]
"""A function of a number, and its value and derivative at -1000 and at 1000."""


@pytest.mark.parametrize(("expr", "left", "right"), SCALARS)
def test_nothing_overflows_at_minus_and_plus_a_thousand(expr: str, left: list[float], right: list[float]) -> None:
    function = derive(expr, wrt="x", where="x: R").compile("numpy", ["value", "grad", "hess"])
    for at, want in ((-1000.0, left), (1000.0, right)):
        with np.errstate(all="raise", under="ignore"):
            value, gradient, hessian = function(at)
        assert value == pytest.approx(want[0], abs=1e-300)
        assert gradient == pytest.approx(want[1], abs=1e-300)
        assert abs(hessian) < 1e-300


def test_exponentials_over_their_sum_share_its_powers() -> None:
    value, gradient = derive("exp(x)/(exp(x) + exp(2))", wrt="x").compile("numpy", ["value", "grad"])(1000.0)
    assert value == pytest.approx(1)
    assert gradient == pytest.approx(0)


VECTORS = [
    "log(sum(exp(x)))",
    "softmax(x)",
    "exp(x)/sum(exp(x))",
    "log(softmax(x))",
    "crossentropy(p, softmax(x))",
    "sum(p .* log(p ./ softmax(x)))",
    "sum(log(1 + exp(-p .* x)))",
    "sum(p .* log(sigmoid(x)) + (1 - p) .* log(1 - sigmoid(x)))",
]


@pytest.mark.parametrize("expr", VECTORS)
def test_values_and_derivatives_of_losses_stay_finite(expr: str) -> None:
    d = derive(expr, wrt="x", where="x, p: R^n")
    parts = ["value", "grad", *([] if d.body.shape else ["hess"])]
    function = d.compile("numpy", parts)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    for x in (X, X - 1000, np.array([1000.0, 999, 998])):
        with np.errstate(all="raise", under="ignore"):
            results = function(**{name: {"x": x, "p": P}[name] for name in names})
        assert all(np.all(np.isfinite(result)) for result in results)


LARGE = [("log(sum(exp(x)))", 1000.0), ("sum(log(1 + exp(x)))", 1000 + np.log(2)), ("sum(silu(x))", 1000.0)]


def cases() -> list[Case]:
    return [Case(e, derive(e, wrt="x", where="x: R^n").body, {"x": X, "n": 3}, np.asarray(w)) for e, w in LARGE]


def test_julia_stays_finite_too() -> None:
    assert differing(julia, cases()) == ([], {})


@pytest.mark.skipif(COMPILER is None, reason="no C compiler here")
def test_c_stays_finite_too(tmp_path: Path) -> None:
    compiled, large = C(tmp_path), cases()
    for case in large:
        compiled.add(case)
    compiled.build()
    assert differing(compiled, large) == ([], {})


N = 3000
"""A matrix of N × N doubles takes 72 MB."""
SLIM = [
    ("x' diag(v) x", "x", 1, {"x": N, "v": N}, 1),
    ("sum(diag(v) A)", "v", 1, {"v": N, "A": (N, 5)}, 1),
    ("v' (u v' + diag(u)) u", "u", 1, {"u": N, "v": N}, 1),
    ("tr(u v')", "u", 1, {"u": N, "v": N}, 1),
    ("trace(diag(v) + eye(n))", "v", 1, {"v": N}, 1),
    ("norm((I + u u') x)^2", "x", 1, {"u": N, "x": N}, 1),
    ("normF(diag(v) A)^2", "v", 1, {"v": N, "A": (N, 5)}, 1),
    ("sum(log(1 + exp(-y .* (X w))))", "w", 2, {"X": (N, 5), "y": N, "w": 5}, 1),
    ("softmax(x)' diag(v) softmax(x)", "x", 1, {"x": N, "v": N}, 1),
]
"""A function that has matrices of N × N in its formula, the sizes of its arguments, and the megabytes it may take."""


@pytest.mark.parametrize(("expr", "wrt", "order", "sizes", "most"), SLIM)
def test_matrices_that_are_diagonal_or_of_rank_one_are_never_written_out(
    expr: str, wrt: str, order: int, sizes: dict[str, Any], most: float
) -> None:
    where = "; ".join(
        [f"{n}: R^{'n' if isinstance(s, int) and s == N else '{n x k}' if s != 5 else 'k'}" for n, s in sizes.items()]
    )
    function = derive(expr, wrt=wrt, where=where, order=order).compile()
    rng = np.random.default_rng(0)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    arrays = {name: rng.normal(size=sizes[name]) if name in sizes else N for name in names}
    tracemalloc.start()
    function(**arrays)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < most * 1e6


def test_a_hessian_kept_as_an_operator_takes_no_more_than_its_vectors() -> None:
    make = derive("log(sum(exp(x)))", wrt="x", where="x: R^n", order=2).compile(as_operator=True)
    x = np.linspace(0, 1, 10_000)
    tracemalloc.start()
    operator = make(x)
    product = operator @ x
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    p = np.exp(x) / np.exp(x).sum()
    assert np.allclose(product, p * x - p * (p @ x))
    assert peak < 1e6
