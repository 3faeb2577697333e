"""Derivatives of determinants at matrices without an inverse, by differences; what has no value there is a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc import Mistake, derive, parse
from tests.exported import COMPILER, C, Case, Python, julia
from tests.values import agree

WHERE = "A, B: R^{n x n}; x: R^n; s: R"
SINGULAR: dict[str, Any] = {
    "rank one of two": [[1.0, 2.0], [2.0, 4.0]],
    "rank one of three": np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
    "rank two of three": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
    "a zero on the diagonal": np.diag([1.0, 2.0, 0.0]),
    "zero": np.zeros((2, 2)),
    "one zero": np.zeros((1, 1)),
}
CASES = [
    ("det(A)", "A"),
    ("det(A)", "A_{1,1}"),
    ("det(A)^2", "A"),
    ("det(A)^3", "A"),
    ("det(2 A)", "A"),
    ("det(s A)", "A"),
    ("det(A) tr(A)", "A"),
    ("det(A^T A)", "A"),
    ("det(A A^T)", "A"),
    ("det(A B)", "A"),
    ("det(A^T B A)", "A"),
    ("exp(det(A))", "A"),
    ("sin(det(A)) + det(A)", "A"),
    ("det(A) x", "A"),
    ("det(A + x x^T)", "x"),
    ("x^T A x det(A) + tr(A)", "A"),
]


def by_differences(text: str, name: str, at: dict[str, object], step: float = 1e-5) -> np.ndarray:
    """Return the derivative by central differences."""
    function, base = parse(text, where=WHERE), np.asarray(at[name], float)
    columns = []
    for place in np.ndindex(base.shape):
        up, down = base.copy(), base.copy()
        up[place] += step
        down[place] -= step
        both = [np.asarray(function.evaluate({**at, name: moved})) for moved in (up, down)]
        columns.append((both[0] - both[1]) / (2 * step))
    return np.stack(columns, axis=-1).reshape(*columns[0].shape, *base.shape)


@pytest.mark.parametrize("name", SINGULAR)
@pytest.mark.parametrize(("text", "wrt"), CASES)
def test_the_derivative_of_a_determinant_has_its_value_at_a_singular_matrix(text: str, wrt: str, name: str) -> None:
    matrix = np.asarray(SINGULAR[name])
    n = len(matrix)
    at = {"A": matrix, "B": np.random.default_rng(1).normal(size=(n, n)), "x": np.arange(1.0, n + 1), "s": 2.0}
    found = np.asarray(derive(text, wrt=wrt, where=WHERE).evaluate(at))
    want = by_differences(text, wrt[0], at)
    if "_" in wrt:
        want = want[..., 0, 0]
    assert found == pytest.approx(want, rel=1e-5, abs=1e-6 * max(1.0, float(np.max(np.abs(want)))))


def singular_cases() -> list[Case]:
    """Return the derivatives at the singular matrices, with the values that they have there."""
    found: list[Case] = []
    for text, wrt in CASES:
        derivative = derive(text, wrt=wrt, where=WHERE)
        for name, matrix in SINGULAR.items():
            n = len(matrix)
            b = np.random.default_rng(1).normal(size=(n, n))
            at = {"A": np.asarray(matrix), "B": b, "x": np.arange(1.0, n + 1), "s": 2.0, "n": n}
            found.append(Case(f"{text} by {wrt}, {name}", derivative.expr, at, np.asarray(derivative.evaluate(at))))
    return found


@pytest.mark.parametrize("run", [Python("numpy", np.asarray), julia], ids=["numpy", "julia"])
def test_exported_code_has_the_value_at_a_singular_matrix(run: Python) -> None:
    assert [case.label for case in singular_cases() if not agree(run(case), case.want, 1e-8)] == []


@pytest.mark.skipif(COMPILER is None, reason="no C compiler here")
def test_exported_c_has_the_value_at_a_singular_matrix(tmp_path: Path) -> None:
    library, cases = C(tmp_path), singular_cases()
    for case in cases:
        library.add(case)
    library.build()
    assert [case.label for case in cases if not agree(library(case), case.want, 1e-8)] == []


def test_the_adjugate_has_a_value_at_a_singular_matrix_and_is_the_determinant_times_the_inverse_elsewhere() -> None:
    adjugate = parse("adj(A)", where=WHERE)
    assert adjugate.evaluate({"A": [[1.0, 2.0], [2.0, 4.0]]}) == pytest.approx(np.array([[4.0, -2.0], [-2.0, 1.0]]))
    assert adjugate.evaluate({"A": [[1.0, 2.0], [3.0, 4.0]]}) == pytest.approx(np.array([[4.0, -2.0], [-3.0, 1.0]]))


@pytest.mark.parametrize("text", ["inv(A)", "logdet(A)", "det(A) tr(inv(A))", "tr(adj(A))"])
def test_what_has_no_derivative_at_a_singular_matrix_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake, match="E-DOMAIN"):
        derive(text, wrt="A", where=WHERE).evaluate({"A": np.zeros((2, 2))})


def test_a_formula_that_has_no_value_at_a_singular_matrix_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="E-DOMAIN"):
        parse("A^-1 x", where=WHERE).evaluate({"A": np.zeros((2, 2)), "x": [1.0, 2.0]})
