from __future__ import annotations

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from tests.reading import reads_back
from tests.values import agree, complex_step

WHERE = "x, y: R^n; A: R^{m x n}; B: R^{2 x n}; z: R^{n - 1}; k: R"
SIZES = {"n": 4, "m": 3}


def point() -> dict[str, object]:
    rng = np.random.default_rng(4)
    shapes = {"x": (4,), "y": (4,), "A": (3, 4), "B": (2, 4), "z": (3,), "k": ()}
    return {**SIZES, **{name: rng.normal(size=shape) for name, shape in shapes.items()}}


def test_slice_counts_from_one_and_includes_both_ends() -> None:
    x = np.array([10.0, 20, 30, 40])
    assert parse("x[2:n]", where="x: R^n").evaluate({"x": x}).tolist() == [20, 30, 40]
    assert parse("x[1:2]", where="x: R^n").evaluate({"x": x}).tolist() == [10, 20]
    assert parse("x[:2]", where="x: R^n").text == "x[1:2]"
    assert parse("x[3:]", where="x: R^n").text == "x[3:n]"
    a = np.arange(12.0).reshape(3, 4)
    assert parse("A[1:2, :]", where="A: R^{m x n}").evaluate({"A": a}).tolist() == a[:2].tolist()
    assert parse("A[:, 2]", where="A: R^{m x n}").evaluate({"A": a}).tolist() == a[:, 1].tolist()
    assert parse("A[2, 2:3]", where="A: R^{m x n}").evaluate({"A": a}).tolist() == a[1, 1:3].tolist()
    assert parse("A[2, :]", where="A: R^{m x n}").expr is parse("A_2", where="A: R^{m x n}").expr


@pytest.mark.parametrize(
    ("expr", "wrt", "printed"),
    [
        ("sum(x[2:n])", "x", "[0; ones(n - 1)]ᵀ"),
        ("sum(x[2:n]^2)", "x", "[0; 2 x[2:n]]ᵀ"),
        ("x[2:n] . x[1:n-1]", "x", "([0; x[1:n - 1]] + [x[2:n]; 0])ᵀ"),
        ("x[1:3]", "x", "I(n)[:, 1:3]ᵀ"),
        ("x[2:n]", "x", "[zeros(n - 1), I(n - 1)]"),
        ("A[1:2, :] x", "x", "A[1:2, :]"),
        ("sum(A[1:2, :] .^ 2)", "A", "[2 A[1:2, :]; zeros(m - 2, n)]"),
        ("sum(A[1:2, :] .* B)", "A", "[B; zeros(m - 2, n)]"),
        ("(A x)[1:2]", "x", "I(m)[:, 1:2]ᵀ A"),
        ("exp(x[2:n]) . z", "x", "[0; z ⊗ exp(x[2:n])]ᵀ"),
        ("[x[1:2]; k; x[3:n]]", "x", None),
        ("det(A[1:2, 1:2])", "A", None),
        ("A[2:3, 2:4] x[2:4]", "A", None),
        ("sum_{j=1}^{n} x . A[2, :] x_j", "x", None),
        ("sum_{i=1}^{n - 1} x[2:n]_i z_i", "x", None),
        ("sum((x[2:n] - x[1:n - 1])^2)", "x", None),
        ("softmax(x[1:3])", "x", None),
    ],
)
def test_derivative_of_a_slice_is_right_and_reads_back(expr: str, wrt: str, printed: str | None) -> None:
    for order in (1, 2):
        found = derive(expr, wrt=wrt, where=WHERE, order=order)
        function = found.body if order == 1 else derive(expr, wrt=wrt, where=WHERE).expr
        assert agree(found.evaluate(point()), complex_step(function, found.variables[0], point()))
        assert not reads_back(found.expr)
        if order == 1 and printed is not None:
            assert found.text == printed
        if len(found.body.shape) + 2 * len(found.variables[0].shape) > 3:
            break


def test_slice_of_a_name_that_nothing_declares_makes_it_a_vector_or_a_matrix() -> None:
    assert parse("sum(x[2:n])").assumed == ["x ∈ ℝⁿ"]
    assert parse("sum(A[1:2, :])").assumed == ["A ∈ ℝ^{m×n}"]


def test_columns_of_the_identity_are_read_as_they_are_printed() -> None:
    found = derive("x[3:n]", wrt="x", where="x: R^n")
    assert found.text == "I(n)[:, 3:n]ᵀ"
    assert parse(found.text, where="x: R^n").expr is found.expr
    taken = derive("x[3:n] + I[3:n]", wrt="x", where="x, I: R^n")
    assert taken.text == "eye(n)[:, 3:n]ᵀ"
    assert parse(taken.text, where="x, I: R^n").expr is taken.expr


@pytest.mark.parametrize(
    ("expr", "code", "said"),
    [
        ("x[2:n+1]", "E-SHAPE", "no places 2 to n \\+ 1"),
        ("x[0:2]", "E-SHAPE", "no places 0 to 2"),
        ("x[3:2]", "E-SHAPE", "nothing lies"),
        ("x[1:2:3]", "E-UNSUPPORTED", "no step"),
        ("A[:]", "E-SHAPE", "1 part"),
        ("x[1, 2:3]", "E-SHAPE", "2 parts"),
        ("sum_{i=1}^{n} sum(x[1:i])", "E-SHAPE", "runs with a sum"),
        ("x[1; 2]", "E-SYNTAX", "is an index"),
        ("x[0]", "E-SHAPE", "no element 0"),
        ("k[1:2]", "E-SHAPE", "1 part"),
        ("A[1:2,]", "E-SYNTAX", "cannot stand here"),
    ],
)
def test_slice_that_is_none_says_what_a_slice_is(expr: str, code: str, said: str) -> None:
    with pytest.raises(Mistake, match=said) as raised:
        parse(expr, where=WHERE)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x[1]", "x_1"),
        ("A[2, 3]", "A_{2,3}"),
        ("softmax(x)[1]", "softmax(x)_1"),
        ("(A x)[2]", "(A x)_2"),
        ("sum_{i=1}^{n} x[i]^2", "sum_{i=1}^{n} x_i^2"),
        ("sum_{i=2}^{n} (x[i] - x[i - 1])^2", "sum_{i=2}^{n} (x_i - x_{i-1})^2"),
        ("(x + y)[1]", "(x + y)_1"),
    ],
)
def test_what_stands_in_brackets_right_behind_something_is_an_index(text: str, other: str) -> None:
    where = "x, y: R^n; A: R^{n x n}"
    assert parse(text, where=where).expr is parse(other, where=where).expr


@pytest.mark.parametrize("count", [2, 3000])
def test_an_index_of_an_element_is_a_mistake(count: int) -> None:
    with pytest.raises(Mistake) as caught:
        parse("x" + "[1]" * count)
    assert caught.value.code == "E-SHAPE"


def test_slice_beyond_the_values_given_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="no places"):
        parse("sum(x[1:5])", where="x: R^n").evaluate({"x": np.ones(4)})
