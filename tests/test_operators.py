"""The operator table: every row complete, every derivative right to second order on scalars, vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mcalc.api import parse
from mcalc.calculus.derive import derivative_of
from mcalc.dims import Dim
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.arithmetic import add, mul, power, same_shape
from mcalc.operators.cross import hat
from mcalc.operators.kronecker import KRON
from mcalc.operators.leaves import NUMBER, eye, number, ones, ratio, symbol
from mcalc.operators.linear import matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.singular import VALUES, VECTORS
from mcalc.operators.spectral import EIGENVALUES, EIGENVECTORS
from tests.values import agree, complex_step

KINDS = {"leaf", "elementwise", "linear", "tensor", "defined", "spelling", "binder", "derivative", "solution"}
N, M = Dim.named("n"), Dim.named("m")
SHAPES: dict[str, tuple[Dim, ...]] = {"scalar": (), "vector": (N,), "matrix": (N, M)}
CALLED = [
    row
    for row in TABLE.values()
    if row.kind != "spelling" and row.arity == (1, 1) and (row.spellings or row.layout != "call")
]
UNARY = [row for row in CALLED if row.shape is same_shape]
OF_EITHER_SIGN = [*EIGENVECTORS.values(), *[row for pair in VECTORS.values() for row in pair]]
"""Vectors whose sign is open; their products with themselves are not."""
AT_A_PLACE = [EIGENVALUES[""], EIGENVECTORS[""], VALUES[""], *VECTORS[""]]
NOT_CALLED_ALONE = ("row", "slice", "expectation", "implicit")
"""What has a value only with indices or draws beside it."""
OF_TENSORS = [
    row
    for row in CALLED
    if row.shape is not same_shape and row.kind in ("tensor", "linear", "defined") and row.name not in NOT_CALLED_ALONE
]


@pytest.mark.parametrize("row", TABLE.values(), ids=lambda row: row.name)
def test_every_row_says_what_it_is(row: Operator) -> None:
    assert row.kind in KINDS
    for field in (row.rule, row.section, row.formula, row.example, row.layout):
        assert field
    assert row.arity[1] is None or row.arity[0] <= row.arity[1]
    if row.kind in ("elementwise", "linear", "tensor", "leaf", "defined", "solution"):
        assert row.numpy is not None
    assert (row.partial is not None) == (row.kind == "elementwise")
    assert (row.einsum is not None) == (row.kind == "linear")
    assert (row.jacobian is not None) == (row.kind == "tensor")
    assert (row.body is not None) == (row.kind in ("defined", "spelling"))


def test_no_spelling_stands_for_two_rows() -> None:
    spellings = [spelling for row in TABLE.values() for spelling in row.spellings]
    assert len(spellings) == len(set(spellings)) == len(FUNCTIONS)


def test_a_name_that_a_function_has_elsewhere_is_no_spelling_and_is_read_as_the_first_of_its_row() -> None:
    elsewhere = {name: row for row in TABLE.values() for name in row.also}
    assert not set(elsewhere) & set(FUNCTIONS)
    where = "A: R^{n x n}; x, y: R^n"
    for name, row in elsewhere.items():
        arguments = "A" if row.name in ("trace", "det", "inv") else "x, y" if row.arity[0] == 2 else "x"
        own, other = [parse(f"{word}({arguments})", where=where).expr for word in (row.spellings[0], name)]
        assert own is other


@pytest.mark.parametrize("made", [transpose, inv])
def test_twice_a_transpose_or_an_inverse_is_nothing(made: Callable[[Expr], Expr]) -> None:
    n, three = Dim.named("n"), Dim.of(3)
    a, s, t, x = symbol("A", (n, n)), symbol("S", (n, n), frozenset({"symmetric"})), symbol("t"), symbol("a", (three,))
    for value in (
        a,
        s,
        make(KRON, (a, s)),
        hat(x),
        transpose(a),
        inv(a),
        eye(n),
        *([t, x] if made is transpose else []),
    ):
        assert made(made(value)) is value


def in_domain(row: Operator, x: Expr) -> Expr:
    """Return an argument that stays inside the function's domain: the interval from 0.04 to 0.44 serves all of them."""
    squared = power(make(TABLE["tanh"], (x,)), number(2))
    inside = mul(number(0.4), add(squared, number(0.1)))
    return x if not row.domain else add(inside, number(1)) if row.domain == "x > 1" else inside


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("row", UNARY, ids=lambda row: row.name)
def test_function_has_right_first_and_second_derivative(row: Operator, shape: str) -> None:
    x = symbol("x", SHAPES[shape])
    argument = in_domain(row, x)
    rng = np.random.default_rng(3)
    values = {"x": rng.normal(size=[{N: 3, M: 2}[d] for d in SHAPES[shape]]), "n": 3, "m": 2}
    value = make(row, (argument,))
    first = derivative_of(value, [x])
    assert agree(evaluate(first, values), complex_step(value, x, values))
    scalar = mul(value, value) if shape == "scalar" else make(TABLE["sum"], (mul(value, value),))
    gradient = derivative_of(scalar, [x])
    second = derivative_of(gradient, [x])
    assert agree(evaluate(second, values), complex_step(gradient, x, values))


def fitting(row: Operator, x: Expr) -> Expr:
    """Return an argument made of a variable that the row accepts: a square matrix, a matrix, or a vector."""
    wide = x if x.order == 2 else matmul(x, transpose(x))
    square = add(matmul(wide, transpose(wide)), make(TABLE["eye"], (), N))
    if "simple" in row.domain:  # x xᵀ + I has an eigenvalue twice
        square = add(square, make(TABLE["diag"], (make(TABLE["cumsum"], (ones((N,)),)),)))
    if row.name in ("maximum", "minimum"):
        return x  # a symmetric matrix has each entry twice
    column = matmul(square, ones((N,)))
    three = matmul(ones((Dim.of(3), N)), column)
    uneven = mul(three, symbol("w", (Dim.of(3),)))
    for argument in (square, wide, column, three, matmul(uneven, transpose(power(uneven, number(2))))):
        try:
            row.shape((argument,), None)
        except ShapeError:
            continue
        return argument
    raise AssertionError(row.name)


@pytest.mark.parametrize("shape", ["vector", "matrix"])
@pytest.mark.parametrize("row", OF_TENSORS, ids=lambda row: row.name)
def test_row_of_tensors_has_right_first_and_second_derivative(row: Operator, shape: str) -> None:
    x = symbol("x", SHAPES[shape])
    value = make(row, (fitting(row, x),))
    if row in OF_EITHER_SIGN:
        value = matmul(value, transpose(value))
    rng = np.random.default_rng(5)
    values = {"x": 0.4 * rng.normal(size=[{N: 3, M: 2}[d] for d in SHAPES[shape]]), "n": 3, "m": 2}
    values["w"] = rng.normal(size=3)
    for mode in ("forward", "reverse"):
        first = derivative_of(value, [x], mode=mode)
        assert agree(evaluate(first, values), complex_step(value, x, values))
    scalar = power(value, number(2)) if not value.shape else make(TABLE["sum"], (mul(value, value, value),))
    gradient = derivative_of(scalar, [x])
    second = derivative_of(gradient, [x])
    assert agree(evaluate(second, values), complex_step(gradient, x, values))


PAIRS = [
    row
    for row in TABLE.values()
    if row.arity == (2, 2) and row.spellings and row.kind in ("defined", "tensor", "linear") and row not in AT_A_PLACE
]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row.name)
def test_row_of_two_arguments_has_right_derivative_by_each(row: Operator, place: int) -> None:
    rng = np.random.default_rng(8)
    three = (Dim.of(3),)
    for shapes in (((N,), (N,)), ((N, M), (N, M)), ((N,), ()), ((N, M), (M, N)), (three, three)):
        a, b = symbol("a", shapes[0]), symbol("b", shapes[1])
        try:
            value = make(row, (a, b))
        except ShapeError:
            continue
        sizes = zip("ab", shapes, strict=True)
        values: dict[str, object] = {"n": 3, "m": 2}
        for name, dims in sizes:
            values[name] = rng.uniform(0.2, 0.9, size=[{N: 3, M: 2, Dim.of(3): 3}[d] for d in dims])
        for mode in ("forward", "reverse"):
            found = derivative_of(value, [(a, b)[place]], mode=mode)
            assert agree(evaluate(found, values), complex_step(value, (a, b)[place], values))
        return
    raise AssertionError(row.name)


@pytest.mark.parametrize("function", [add, mul])
def test_an_exact_number_too_large_for_a_float_beside_one_is_a_mistake(function: Any) -> None:
    with pytest.raises(Mistake, match="E-LIMIT"):
        function(number(0.5), number(10**400))
    assert function(number(ratio(1, 2)), number(10**400)).op is NUMBER
