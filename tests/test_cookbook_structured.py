"""The Matrix Cookbook (2012), equations 33 to 48 and section 2.8: differentials along a line, and structured variables.

Left out: 45, the conjugate transpose, which is complex. The differential of 33 to 44 is the derivative by t where X is
A + t B and Y is C + t D; of 46 to 48 Y is such a curve, too. Structured variables follow the book's convention, in
which each free entry counts once: ``structured="free"``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc import check, derive

LINES = "A, B, C, D: R^{n x n}; t, α: R"
X, Y = "(A + t B)", "(C + t D)"
DIFFERENTIALS = {
    "33": "∂/∂t A = zeros(n, n)",
    "34": f"∂/∂t (α {X}) = α B",
    "35": f"∂/∂t ({X} + {Y}) = B + D",
    "36": f"∂/∂t tr({X}) = tr(B)",
    "37": f"∂/∂t ({X} {Y}) = B {Y} + {X} D",
    "38": f"∂/∂t ({X} .* {Y}) = B .* {Y} + {X} .* D",
    "39": f"∂/∂t kron({X}, {Y}) = kron(B, {Y}) + kron({X}, D)",
    "40": f"∂/∂t inv({X}) = -inv({X}) B inv({X})",
    "41": f"∂/∂t det({X}) = tr(adj({X}) B)",
    "42": f"∂/∂t det({X}) = det({X}) tr(inv({X}) B)",
    "43": f"∂/∂t logdet({X}) = tr(inv({X}) B)",
    "44": f"∂/∂t {X}' = B'",
    "46": f"∂/∂t det({X}) = det({X}) tr(inv({X}) B)",
    "48": f"∂²/∂t² det({X}) = det({X}) (tr(inv({X}) B)^2 - tr(inv({X}) B inv({X}) B))",
}
WRONG = {
    "37": f"∂/∂t ({X} {Y}) = B {Y} + D {X}",
    "40": f"∂/∂t inv({X}) = -inv({X}) inv({X}) B",
    "48": f"∂²/∂t² det({X}) = det({X}) (tr(inv({X}) B)^2 + tr(inv({X}) B inv({X}) B))",
}
FREE = {
    "138 (f = a' A b)": ("a' A b", "A: R^{n x n} symmetric; a, b: R^n", "A", "a b' + b a' - diag(a .* b)"),
    "139": ("tr(C X)", "X: R^{n x n} symmetric; C: R^{n x n}", "X", "C + C' - C .* I(n)"),
    "140": ("det(X)", "X: R^{n x n} symmetric", "X", "det(X) (2 inv(X) - inv(X) .* I(n))"),
    "141": ("logdet(X)", "X: R^{n x n} symmetric", "X", "2 inv(X) - inv(X) .* I(n)"),
    "142": ("tr(C X)", "X: R^{n x n} diagonal; C: R^{n x n}", "X", "C .* I(n)"),
    "143": ("tr(C T)", "T: R^{n x n} toeplitz; C: R^{n x n}", "T", "diagsum(C')"),
}
"""Equation, function, declarations, variable, and the book's answer."""


@pytest.mark.parametrize("number", DIFFERENTIALS)
def test_a_differential_of_the_book_holds(number: str) -> None:
    assert check(DIFFERENTIALS[number], where=LINES).verdict == "equal"


@pytest.mark.parametrize("number", WRONG)
def test_what_is_beside_it_does_not(number: str) -> None:
    assert check(WRONG[number], where=LINES).verdict == "not-equal"


def test_rows_of_a_matrix_times_cofactors_are_the_determinant_or_nothing() -> None:
    """Equation 47: Σ_k ∂det(X)/∂X_ik X_jk = δ_ij det(X)."""
    assert derive("det(A)", wrt="A", where=LINES).text == "det(A) A⁻ᵀ"
    assert check("(∂/∂A det(A)) A' = det(A) I(n)", where=LINES).verdict == "equal"


@pytest.mark.parametrize("number", FREE)
def test_derivatives_by_structured_variables_are_those_of_the_book(number: str) -> None:
    text, where, wrt, answer = FREE[number]
    found = derive(text, wrt=wrt, where=where, structured="free")
    assert found.check().ok
    rng = np.random.default_rng(7)
    for n in (1, 2, 3, 4):
        values: dict[str, Any] = {name: rng.normal(size=(n, n)) for name in "AXCT"}
        values |= {name: values[name] @ values[name].T + np.eye(n) for name in "AX"}
        values |= {"a": rng.normal(size=n), "b": rng.normal(size=n), "n": n}
        if "diagonal" in where:
            values["X"] = np.diag(np.diag(values["X"]))
        wanted = derive(f"α ({answer})", wrt="α", where=f"{where}; α: R").evaluate({**values, "α": 1.0})
        assert np.allclose(found.evaluate(values), wanted)


@pytest.mark.parametrize("number", [number for number in FREE if "det" not in FREE[number][0]])
def test_the_answer_of_the_book_is_accepted_and_its_convention_named(number: str) -> None:
    text, where, wrt, answer = FREE[number]
    found = check(f"∂/∂{wrt} {text if text.startswith(('tr', 'log')) else f'({text})'} = {answer}", where=where)
    assert found, found.text
    assert "diagonal" in where or "counts as one variable" in found.headline
