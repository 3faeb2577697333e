from __future__ import annotations

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from tests.reading import reads_back
from tests.values import agree, complex_step

WHERE = "A: R^{m x n}; x, y: R^n; z: R^m"
NAMES = ["sum", "mean", "var", "std", "max", "min"]


def point() -> dict[str, object]:
    rng = np.random.default_rng(9)
    return {"A": rng.normal(size=(3, 4)), "x": rng.normal(size=4), "y": rng.normal(size=4), "z": rng.normal(size=3)}


@pytest.mark.parametrize("name", NAMES)
def test_rows_is_one_number_for_each_row_and_cols_one_for_each_column(name: str) -> None:
    a = np.array([[1.0, 2, 6], [4, 5, 9]])
    for axis, word in ((1, "rows"), (0, "cols")):
        found = parse(f"{name}(A, {word})", where=WHERE)
        assert agree(found.evaluate({"A": a}), getattr(np, name)(a, axis=axis))
        assert found.shape == ("m" if word == "rows" else "n",)
        assert not reads_back(found.expr)
        assert any("that of each" in note for note in found.notes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("word", "vector"), [("rows", "z"), ("cols", "y")])
def test_reduction_along_an_axis_has_right_first_and_second_derivative(name: str, word: str, vector: str) -> None:
    for expr in (f"{name}(A, {word})", f"sum({vector} .* {name}(A, {word})^2)"):
        found = derive(expr, wrt="A", where=WHERE)
        assert agree(found.evaluate(point()), complex_step(found.body, found.variables[0], point()))
        assert not reads_back(found.expr)
    second = derive(expr, wrt="A", where=WHERE, order=2)
    assert agree(second.evaluate(point()), complex_step(found.expr, found.variables[0], point()))


def test_running_sum_prints_its_derivative_as_a_triangle_of_ones() -> None:
    found = derive("sum(cumsum(x)^2)", wrt="x", where=WHERE)
    assert found.text == "2 cumsum(x)ᵀ tril(ones(n, n))"
    assert agree(found.evaluate(point()), complex_step(found.body, found.variables[0], point()))
    assert not reads_back(found.expr)


def test_rows_and_cols_are_names_elsewhere() -> None:
    assert parse("2 rows + cols", where="rows, cols: R").text == "2 rows + cols"
    assert parse("max(A, rows)", where="A: R^{m x n}; rows: R").evaluate({"A": np.ones((2, 2)), "rows": 3}).max() == 3
    assert parse("sum(A, rows)", where="r, o, w, s: R; A: R^{m x n}").shape == ("m",)


def test_rows_of_what_is_no_matrix_is_refused() -> None:
    with pytest.raises(Mistake, match="takes a matrix") as raised:
        parse("sum(x, rows)", where=WHERE)
    assert raised.value.code == "E-SHAPE"
    with pytest.raises(Mistake, match="takes 1 argument") as raised:
        parse("mean(A, 1)", where=WHERE)
    assert "mean(A, rows)" in raised.value.hint


EACH = {
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=1, keepdims=True),
    "logsoftmax": lambda a: a - np.log(np.exp(a).sum(axis=1, keepdims=True)),
    "logsumexp": lambda a: np.log(np.exp(a).sum(axis=1)),
    "norm": lambda a: np.sqrt((a * a).sum(axis=1)),
    "normalize": lambda a: a / np.sqrt((a * a).sum(axis=1, keepdims=True)),
    "layernorm": lambda a: (a - a.mean(axis=1, keepdims=True)) / a.std(axis=1, keepdims=True),
}


@pytest.mark.parametrize("name", EACH)
def test_function_of_vectors_goes_over_each_row_or_column(name: str) -> None:
    a = np.asarray(point()["A"])
    for word, want in (("rows", EACH[name](a)), ("cols", EACH[name](a.T).T)):
        found = parse(f"{name}(A, {word})", where=WHERE)
        assert agree(found.evaluate({"A": a}), want)
        assert any("that of each" in note for note in found.notes)
        sizes = " x ".join(map(str, found.shape))
        loss = derive(f"sum(B .* {name}(A, {word}).^2)", wrt="A", where=f"{WHERE}; B: R^{{{sizes}}}")
        values = {**point(), "B": np.random.default_rng(3).normal(size=np.shape(want))}
        assert agree(loss.evaluate(values), complex_step(loss.body, loss.variables[0], values))
        assert not reads_back(loss.expr)
    with pytest.raises(Mistake, match="takes a matrix"):
        parse(f"{name}(x, rows)", where=WHERE)
