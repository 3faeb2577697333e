"""Every row of the table has a value: on scalars, vectors, matrices, with sizes of 1, and near the real axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc.api import derive, parse
from mcalc.errors import Mistake
from mcalc.expr import Expr, Operator, make, walk
from mcalc.numeric import data
from mcalc.numeric.binding import Binding
from mcalc.numeric.data import read_given
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import length
from mcalc.numeric.values import Values
from mcalc.operators import TABLE
from mcalc.operators.leaves import symbol, variables_in
from mcalc.operators.linear import MATMUL
from tests.generator import DIFFERENTIABLE, Generator
from tests.values import random_values, variables

VALUELESS = {"spelling", "derivative", "binder"}
"""Kinds of rows that are replaced, worked out, or run by the evaluation itself."""
SIZES = ({"n": 2, "m": 3, "p": 4}, {"n": 1, "m": 1, "p": 1}, {"n": 5, "m": 1, "p": 2})
ENTRIES = {"element", "slice", "block"}
"""Rows that take the second entry, which is not there where the size is 1."""
STEP = 1e-30
WIDTH = 1e-6


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_row_says_how_it_is_evaluated(row: Operator) -> None:
    assert (row.numpy is not None) == (row.kind not in VALUELESS)


def test_a_function_without_a_definition_has_no_value() -> None:
    with pytest.raises(Mistake, match="has no definition, so no value"):
        parse("f(x)").evaluate({"x": 1})


SPARSE = frozenset(("layernorm", "eigval", "eigvec", "svdval", "lsvec", "rsvec"))
"""Rows without a value where there is one entry alone: no spread to divide by, no second eigenvalue."""


def uses(row: Operator) -> list[Expr]:
    """Return the row applied to variables of all the shapes that it takes."""
    found: dict[Expr, None] = {}
    for seed in range(12):
        found[Generator(seed).called(row, 0)] = None
    return list(found)


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=lambda row: row.name)
def test_every_row_has_values_on_all_shapes_and_near_the_real_axis(row: Operator) -> None:
    compared = 0
    for place, expr in enumerate(uses(row)):
        for sizes in SIZES:
            rng = np.random.default_rng(place)
            values = random_values(expr, rng, sizes)
            names = [node.attr[0] for node in variables(expr)]
            try:
                value = evaluate(expr, values)
            except Mistake:
                assert any(node.op.name in ENTRIES for node in walk(expr))
                assert 1 in sizes.values()
                continue
            assert value.dtype.kind in "fiub"
            assert value.shape == tuple([length(dim, dict(sizes)) for dim in expr.shape])
            if row.name in SPARSE and not np.all(np.isfinite(value)):
                assert 1 in sizes.values()
                continue
            assert np.all(np.isfinite(value))
            ways = {name: rng.normal(size=np.shape(values[name])) for name in names}
            off = evaluate(expr, {**values, **{name: values[name] + 1j * STEP * ways[name] for name in names}})
            np.testing.assert_allclose(np.real(off), value, rtol=1e-11, atol=1e-11)
            slope = np.imag(off) / STEP
            assert np.all(np.isfinite(slope))
            up, down = [
                evaluate(expr, {**values, **{name: values[name] + sign * WIDTH * ways[name] for name in names}})
                for sign in (1, -1)
            ]
            want = (np.asarray(up, float) - np.asarray(down, float)) / (2 * WIDTH)
            np.testing.assert_allclose(slope, want, rtol=1e-5, atol=1e-5 * (1 + np.max(np.abs(value), initial=0)))
            compared += 1
    assert compared


@pytest.mark.parametrize(
    ("name", "given", "want"),
    [
        ("floor", 2.5, 2.0),
        ("sign", 0.0, 0.0),
        ("abs", -2.0, 2.0),
        ("step", 0.0, 0.0),
        ("relu", -1.0, 0.0),
        ("exp", 1, np.e),
    ],
)
def test_values_at_kinks_and_of_whole_numbers(name: str, given: Any, want: float) -> None:
    assert evaluate(make(TABLE[name], (symbol("s"),)), {"s": given}) == pytest.approx(want)


@pytest.mark.parametrize(("power", "want"), [("2^53+1", -1), ("-2^53-1", -1), ("2^53+2", 1), ("10^400+1", -1)])
def test_a_power_beyond_all_floats_is_odd_or_even(power: str, want: int) -> None:
    assert parse(f"x^({power})").evaluate({"x": -1.0}) == want
    assert derive(f"x^({power})", wrt="x").check().ok is not False


def test_what_a_function_and_its_derivative_have_in_common_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    products: list[Expr] = []
    worked_out = MATMUL.numpy
    assert worked_out is not None

    def seen(env: Any, node: Expr, *args: Any) -> Any:
        products.append(node)
        return worked_out(env, node, *args)

    monkeypatch.setattr(MATMUL, "numpy", seen)
    d = derive("sum(max(0, y - X w)^2)", wrt="w", where="X: R^{m x n}")
    at = {"X": np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 0.0]]), "y": np.ones(3), "w": np.array([0.5, 0.25])}
    found = Values(d.function, d.expr, at, d.symbols)
    rest = np.maximum(0, at["y"] - at["X"] @ at["w"])
    assert found.value == rest @ rest
    assert found.derivative.tolist() == (-2 * rest @ at["X"]).tolist()
    assert len(products) == 2  # X w and what is left of y times X, as by hand


@pytest.mark.parametrize(
    ("text", "x", "said"),
    [
        ("1/x + (1/x)^2", 0.0, ["value is NaN or infinite here: a division by 0"] * 2),
        ("ln(x) sqrt(x)", -1.0, ["value is NaN or infinite here: x > 0 does not hold"] * 2),
        ("x^2", 1e200, ["value is NaN or infinite here"]),
    ],
)
def test_a_loss_that_both_have_in_common_is_told_of_both(text: str, x: float, said: list[str]) -> None:
    d = derive(text, wrt="x")
    warnings = Values(d.function, d.expr, {"x": x}, d.symbols).warnings
    assert [warning.replace("the derivative", "the value") for warning in warnings] == [f"the {one}" for one in said]


def test_what_is_given_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, ...]] = []

    def look(array: Any) -> bool:
        looked.append(np.shape(array))
        return True

    monkeypatch.setattr(data, "all_finite", look)
    given = {"S": read_given("S", "[2, 1; 1, 2]"), "x": read_given("x", "[1, 2]")}
    d = derive("xᵀ S x", wrt="x", where="S: R^{n x n} symmetric")
    binding = Binding(d.symbols, variables_in(d.function), (), given)
    Values(d.function, d.expr, binding.values, d.symbols, finite=binding.finite)
    assert looked == [(2, 2), (2,)]
