"""Declarations as people say them: in any order of words, with sizes and without, alone and behind a formula."""

from __future__ import annotations

import pytest

from mcalc import derive, parse
from mcalc.errors import Mistake
from mcalc.notation.around.declared_in_words import as_declaration
from mcalc.notation.names.scope import Scope
from mcalc.notation.reading import read, read_where
from mcalc.notation.surface.parse import scan
from mcalc.shell.settings import Settings
from mcalc.shell.streams import asked_for

SYMMETRIC = [
    "S: R^{n x n} symmetric", "S: symmetric R^{n x n}", "symmetric S: R^{n x n}", "S: R^{n x n}, symmetric",
    "S: R^{n×n} (symmetric)", "S ∈ S^n", "S: n x n symmetric", "S: symmetric n by n", "S is a symmetric n x n matrix",
    "S: real symmetric R^{n x n}", "S: (n, n) symmetric", "S: symmetric positive definite R^{n x n}",
    "S: R^{n x n}; S symmetric", "S symmetric; S: R^{n x n}", "S: R^{n x n}; S' = S",
    "S: R^{n x n}; S = S'", "S: R^{n x n}; S ≻ 0",
    "S: symmetric", "S symmetric", "symmetric S", "let S be symmetric", "S: a symmetric matrix", "S = S^T", "Sᵀ = S",
    "S, T: symmetric", "S and T are symmetric", "S ≻ 0", "S ⪰ 0", "S: SPD", "S: psd", "S: positive definite",
    "S: positive semi-definite",
]  # fmt: skip


@pytest.mark.parametrize("where", SYMMETRIC)
def test_a_matrix_is_symmetric_however_that_is_said(where: str) -> None:
    assert derive("x' S x", wrt="x", where=f"x: R^n; {where}").text == "2 xᵀ S"


SHAPES = {
    "w is a 3-vector": "w: R^3", "w: n-vector": "w: R^n", "w: n-dimensional vector": "w: R^n",
    "w is a vector of length n": "w: R^n", "w: vector in R^n": "w: R^n", "w is in R^n": "w: R^n",
    "let w ∈ R^n": "w: R^n", "let w be in R^n": "w: R^n", "vector w in R^n": "w: R^n", "w: (n,)": "w: R^n",
    "w: n x 1": "w: R^n", "W: (m, n)": "W: R^{m x n}", "W: 3x4": "W: R^{3 x 4}", "W: m-by-n": "W: R^{m x n}",
    "W is mxn": "W: R^{m x n}", "W: real m x n matrix": "W: R^{m x n}", "W: R^{m x n} matrix": "W: R^{m x n}",
    "A and B are n x n matrices": "A, B: R^{n x n}", "scalars a, b": "a, b: R", "a: positive scalar": "a: R > 0",
    "a: R_{++}": "a: R > 0", "a: ℝ_+": "a: R", "a: R^+": "a: R", "w: R^n_+": "w: R^n", "n: integer": "n: R",
    "k: ℕ": "k: R", "W: R^{n x n} (invertible)": "W: R^{n x n}", "W: orthogonal n x n": "W: R^{n x n} orthogonal",
    "L: lower triangular R^{n x n}": "L: R^{n x n} lower", "K: skew-symmetric R^{3 x 3}": "K: R^{3 x 3} skew",
}  # fmt: skip


def declared(where: str) -> dict[str, object]:
    """Return the variables that some declarations make."""
    scope = Scope()
    read_where(where, scope)
    return dict(scope.variables)


@pytest.mark.parametrize("said", SHAPES)
def test_sizes_are_said_in_words_as_by_a_space(said: str) -> None:
    assert declared(said) == declared(SHAPES[said])


def test_what_is_said_without_a_size_holds_where_the_uses_say_it() -> None:
    assert derive("a b", wrt="a", where="b: vector").assumed == ["a ∈ ℝ", "b ∈ ℝⁿ"]
    assert parse("X Y", where="X, Y: square").shape == ("n", "n")
    assert parse("log(a)", where="a: positive").assumed == ["a ∈ ℝ"]


@pytest.mark.parametrize(
    "text",
    ["A diag(x)", "diag x", "skew x", "square x", "trace A", "x: x^2", "P is x^2", "let A x = b", "given x", "A"],
)
def test_a_formula_is_no_declaration(text: str) -> None:
    assert as_declaration(scan(text), ()) is None


WRONG = {
    "S is not symmetric": "'not' is no property",
    "W: R^{m x n} vector": "what has this shape is no vector",
    "u: unit vector": "'unit' is no property",
    "x: row vector": "'row' is no property",
    "f: vector -> scalar": "a function takes and gives what has a shape",
    "X: R^{m x n}; X symmetric": "only a square matrix is symmetric",
    "x: R^n; x: matrix": "x was declared a vector of n",
    "S: symmetric banana": "'banana' is no property",
    "S ≻ 1": "'≻' cannot stand here",
}


@pytest.mark.parametrize("where", WRONG)
def test_what_cannot_be_so_is_refused(where: str) -> None:
    with pytest.raises(Mistake) as caught:
        derive("x' x", wrt="x", where=where)
    assert caught.value.message == WRONG[where]


@pytest.mark.parametrize("text", ["c^T x, x ⪰ 0", r"c^\top x \text{ where } x \succeq 0", "c^T x subject to x ⪰ 0"])
def test_a_vector_above_zero_is_so_entry_by_entry(text: str) -> None:
    found = derive(text, wrt="x")
    assert found.text == "cᵀ"
    assert any("is left out" in note for note in found.notes)


@pytest.mark.parametrize(
    "behind",
    ["with S: symmetric", "where S: symmetric R^{n x n}", "where S ≻ 0", ", S = S'", "where S is spd", ", S ⪰ 0"],
)
def test_words_behind_a_formula_say_the_same(behind: str) -> None:
    assert derive(f"x' S x {behind}", wrt="x").text == "2 xᵀ S"


def test_a_triangular_matrix_behind_a_formula_has_that_structure() -> None:
    found = derive("tr(A L) where L is lower triangular", wrt="L")
    assert "L is taken as lower triangular" in found.notes
    assert found.text == "tril(Aᵀ)"


def test_a_session_keeps_what_was_said_until_a_size_is_declared() -> None:
    scope = read("let S be symmetric", Scope()).scope
    assert scope.said() == ["S"]
    scope = read("S: R^{3 x 3}", scope).scope
    assert scope.said() == []
    assert scope.variables["S"].is_symmetric


def test_what_is_said_holds_for_what_a_report_a_quiz_and_a_plot_ask_for() -> None:
    found = asked_for("a x", Settings(where="x is a vector", wrt="x"))
    assert found.assumed == ["a ∈ ℝ", "x ∈ ℝⁿ"]
