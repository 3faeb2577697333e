"""What some terms of a sum share is taken out where that is shorter, and the rules of one product do as they say."""

from __future__ import annotations

import pytest

from mcalc.api import derive

FORMS = [
    ("sum(log(cosh(A x)))", "x", "A: R^{m x n}; x: R^n", "tanh(A x)ᵀ A"),
    ("-sum(log(cos(x)))", "x", "x: R^n", "tan(x)ᵀ"),
    ("ln(abs(det(X)))", "X", "X: R^{n x n}", "X⁻ᵀ"),
    ("abs(z)^3", "z", "z: R", "3 z abs(z)"),
    ("sum(relu(x).^3)", "x", "x: R^n", "3 (relu(x)²)ᵀ"),
    ("x .* exp(x)", "x", "x: R^n", "diag(exp(x) ⊗ (1 + x))"),
    ("sum(x.^2 ./ (1 + x.^2))", "x", "x: R^n", "(2 x ⊘ (1 + x²)²)ᵀ"),
    ("z^2/(1 + z^2)", "z", "z: R", "2 z / (1 + z²)²"),
    ("norm(A x - t x)^2", "x", "A: R^{n x n}; x: R^n; t: R", "2 (A x - t x)ᵀ (A - t I)"),
    ("sum(1 ./ (W H) + log(W H))", "H", "W: R^{m x k}; H: R^{k x n}", "Wᵀ (1 ⊘ (W H) - 1 ⊘ (W H).^2)"),
    ("1/(norm(A x) norm(B x))", "x", "A, B: R^{n x n}; x: R^n", "-xᵀ (Aᵀ A / ‖A x‖² + Bᵀ B / ‖B x‖²) / ‖A x‖ / ‖B x‖"),
]


@pytest.mark.parametrize(("text", "wrt", "where", "form"), FORMS)
def test_form(text: str, wrt: str, where: str, form: str) -> None:
    assert derive(text, wrt=wrt, where=where).text == form
