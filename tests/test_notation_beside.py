"""What stands behind a formula: definitions are put in place, declarations declare, conditions are left out."""

from __future__ import annotations

import pytest

from mcalc import derive

SAME = [
    ("||y||^2, y = A x", "||A x||^2", "x"),
    ("||y||^2 where y = A x", "||A x||^2", "x"),
    ("(x - g(c))^T (x - g(c)), g(c) = D c", "(x - D c)^T (x - D c)", "c"),
    ("x^T A x, x ∈ R^n, A ∈ R^{n x n}", "x^T A x", "x"),
    ("exp(-γ x^2), γ > 0, (3)", "exp(-γ x^2)", "x"),
    (r"(x - g(c))^\top (x - g(c)), g(c) = Dc", "(x - D c)^T (x - D c)", "c"),
    (r"\|y\|^2, y = Ax", "||A x||^2", "x"),
]


@pytest.mark.parametrize(("text", "other", "variable"), SAME)
def test_what_stands_behind_a_formula_belongs_to_it(text: str, other: str, variable: str) -> None:
    found, meant = derive(text, wrt=variable), derive(other, wrt=variable)
    assert found.text == meant.text
    assert found.text != "0"


def test_what_is_left_out_is_said() -> None:
    assert "γ > 0 is left out" in derive("exp(-γ x^2), γ > 0", wrt="x").notes


def test_variables_of_definitions_are_said_to_be_assumed() -> None:
    assert derive("||y||^2, y = A x", wrt="x").assumed == ["A ∈ ℝ^{m×n}", "x ∈ ℝⁿ"]
