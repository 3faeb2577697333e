"""The operator table: every row complete, every derivative right to second order on scalars, vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mcalc import derive, parse
from mcalc.calculus.derive import derivative_of
from mcalc.dims import Dim
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import FUNCTIONS, TABLE, matrix_values
from mcalc.operators.arithmetic import MUL, POW, add, mul, power, same_shape
from mcalc.operators.cross import hat
from mcalc.operators.kronecker import KRON
from mcalc.operators.kronecker import _parts as parts_of
from mcalc.operators.leaves import MAX_BITS, NUMBER, decimal, eye, number, ones, ratio, symbol, zeros
from mcalc.operators.linear import matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.matrix_functions import POWM, powm
from mcalc.operators.singular import VALUES, VECTORS
from mcalc.operators.spectral import EIGENVALUES, EIGENVECTORS
from mcalc.operators.structures import STRUCTURES, structure_of
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
        arguments = "A" if row.name in ("trace", "det", "inv", "eigvals") else ", ".join("xyx"[: row.arity[0]])
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


# what rows and their makers give for numbers and small cases --------------------------------------------------------


def test_a_power_of_a_number_is_worked_out_where_it_stays_small_and_is_as_exact_as_the_number() -> None:
    assert (power(number(0.5), number(-2)).attr, type(power(number(0.5), number(-2)).attr)) == (4.0, float)
    assert [power(number(0.5), number(n)).op for n in (64, 65)] == [NUMBER, POW]
    assert power(number(1e5), number(2)).op is POW
    assert power(number(2), number(-2)).attr == ratio(1, 4)
    assert [power(number(2), number(n)).op for n in (MAX_BITS // 2 - 1, MAX_BITS // 2)] == [NUMBER, POW]
    assert number(2**MAX_BITS - 1).op is NUMBER
    with pytest.raises(Mistake, match="E-LIMIT"):
        number(2**MAX_BITS)


@pytest.mark.parametrize(
    ("over", "under", "text"),
    [
        (1, 10, "0.1"), (101, 100, "1.01"), (1, 1000, "0.001"), (26829, 200000, "0.134145"), (1, 8, ""), (1, 3, ""),
        (3, 40, ""), (10, 3, ""), (123456789, 10**8, "1.23456789"), (1, 10**17, ""), (12345, 4096, ""),
        (1234567, 3125 * 2**8, "1.54320875"),
    ],
)  # fmt: skip
def test_a_fraction_is_written_as_a_decimal_where_that_is_exact_and_shorter(over: int, under: int, text: str) -> None:
    assert decimal(ratio(over, under)) == text
    assert not text or float(text) == over / under


def test_ones_merge_in_a_product_and_vanish_beside_what_has_their_shape() -> None:
    x = symbol("x", (N,))
    assert mul(ones((N,)), ones((N,))) is ones((N,))
    assert mul(ones((N,)), x) is x
    assert mul(x, x).op is MUL


def test_braces_without_an_otherwise_have_no_value_where_no_condition_holds() -> None:
    clipped = parse("{x if x > 0}").expr
    assert evaluate(clipped, {"x": 2.0}) == 2.0
    assert np.isnan(evaluate(clipped, {"x": -1.0}))


def test_slices_of_slices_are_one_slice() -> None:
    where = "A: R^{5 x 6}; x: R^6"
    for cut, at_once in [
        ("A[1:3, :][:, 2:4]", "A[1:3, 2:4]"), ("A[:, 2:4][1:3, :]", "A[1:3, 2:4]"), ("x[2:5][2:3]", "x[3:4]"),
        ("A[2:5, :][2:3, :]", "A[3:4, :]"),
    ]:  # fmt: skip
        assert parse(cut, where=where).expr is parse(at_once, where=where).expr
    matrix = np.arange(30.0).reshape(5, 6)
    assert np.array_equal(parse("A[1:3, 2:4]", where=where).evaluate({"A": matrix}), matrix[0:3, 1:4])


def test_unvec_takes_as_many_entries_as_the_matrix_has() -> None:
    made = parse("unvec(v, 2, 3)", where="v: R^k").expr
    assert evaluate(made, {"v": np.arange(6.0)}).tolist() == [[0, 2, 4], [1, 3, 5]]
    with pytest.raises(Mistake, match="E-SHAPE: unvec of 5 entries into 2×3"):
        evaluate(made, {"v": np.arange(5.0)})
    with pytest.raises(Mistake, match="E-UNSUPPORTED: the derivative of unvec takes a vector of 6, not of k"):
        derive("unvec(v, 2, 3)", wrt="v", where="v: R^k")


def test_a_size_is_divided_by_its_factors_alone() -> None:
    six, four, none = Dim.of(6), Dim.of(4), Dim.of(0)
    assert [parts_of(six, part) for part in (Dim.of(3), four, none, N)] == [Dim.of(2), None, None, None]
    assert [parts_of(N * 2, N), parts_of(N, Dim.of(2)), parts_of(N * M, M)] == [Dim.of(2), None, N]


def test_what_is_symmetric_whatever_its_arguments_are_says_so() -> None:
    x, y = symbol("x", (N,)), symbol("y", (N,))
    outer = FUNCTIONS["outer"]
    assert zeros((N, N)).is_symmetric
    assert make(outer, (x, x)).is_symmetric
    assert not make(outer, (x, y)).is_symmetric


def test_powers_of_matrices_are_products_where_the_exponent_is_whole() -> None:
    a = symbol("A", (N, N))
    assert powm(eye(N), number(3)) is eye(N)
    assert powm(a, number(0)) is eye(N)
    assert powm(a, number(3)) is matmul(a, a, a)
    assert powm(powm(a, number(ratio(1, 4))), number(2)) is powm(a, number(ratio(1, 2)))
    assert powm(a, number(ratio(1, 2))).op is POWM


def test_no_scale_of_a_matrix_decides_what_rank_or_roots_it_has() -> None:
    near, far = 1e-9 * np.array([[2.0, 1.0], [0.0, 3.0]]), 1e9 * np.array([[2.0, 1.0], [0.0, 3.0]])
    assert np.allclose(matrix_values.polar(np, near), matrix_values.polar(np, far))
    assert not matrix_values.polar(np, np.zeros((2, 2))).any()
    assert not matrix_values.without_root(np, near)
    assert matrix_values.without_root(np, np.array([[-1.0, 1.0], [0.0, 1.0]]))
    assert np.isnan(matrix_values.logm(np, np.array([[-1.0, 1.0], [0.0, 1.0]]))).all()
    assert np.isnan(matrix_values.powm(np, np.array([[-1.0, 1.0], [0.0, 1.0]]), 0.5)).all()


def test_only_a_variable_of_a_structure_has_one() -> None:
    properties = frozenset({"symmetric"})
    square = symbol("S", (N, N), properties)
    assert structure_of(square) is STRUCTURES["symmetric"]
    assert structure_of(symbol("s", (), properties)) is None
    assert structure_of(matmul(square, square)) is None
