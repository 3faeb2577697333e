"""What some terms of a sum share is taken out where that is shorter, and the rules of one product do as they say."""

from __future__ import annotations

import pytest

from mcalc.api import derive, scope_of
from mcalc.calculus.matrix.factoring import factored
from mcalc.notation import read_expression
from mcalc.operators.leaves import is_zero

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
    ("logdet(t A)", "t", "A: R^{n x n}; t: R", "n / t"),
    ("det(2 A)", "A", "A: R^{n x n}", "det(2 A) A⁻ᵀ"),
    ("logdet(diag(w))", "w", "w: R^n > 0", "(1⃗ ⊘ w)ᵀ"),
    ("log(exp(x)/sum(exp(x)))", "x", "x: R^n", "I - 1⃗ softmax(x)ᵀ"),
    ("log(sum_{j=1}^{n} exp(z_j))", "z", "z: R^n", "softmax(z)ᵀ"),
    ("sum(softmax(x))", "x", "x: R^n", "0⃗ᵀ"),
    ("tr(softmax(Q K') V)", "V", "Q, K: R^{N x n}; V: R^{N x N}", "softmax(Q Kᵀ)ᵀ"),
    ("exp(w . x)/(1 + exp(w . x))", "w", "w, x: R^n", "σ(w · x) (1 - σ(w · x)) xᵀ"),
    (
        "normF(softmax(Q K') V - Y)^2",
        "Q",
        "Q, K: R^{N x n}; V, Y: R^{N x k}",
        "2 (C - diag(C 1⃗) softmax(Q Kᵀ)) K where C = softmax(Q Kᵀ) ⊗ ((softmax(Q Kᵀ) V - Y) Vᵀ)",
    ),
    ("norm(y - X inv(X' X) X' y)^2", "X", "X: R^{m x n}; y: R^m", "2 (X (Xᵀ X)⁻¹ Xᵀ y - y) yᵀ X (Xᵀ X)⁻¹"),
    ("vec(X)' kron(A, B) vec(X)", "X", "X: R^{m x n}; A: R^{n x n}; B: R^{m x m}", "Bᵀ X A + B X Aᵀ"),
    ("sum((x - mean(x))/norm(x - mean(x)))", "x", "x: R^n", "0⃗ᵀ"),
    ("tr(A' A) - tr(A' B)", "A", "A, B: R^{m x n}", "2 A - B"),
    ("tr(A' A) - 2 tr(A' B) + tr(B' B)", "A", "A, B: R^{m x n}", "2 (A - B)"),
    ("tr(A (B .* X))", "X", "A: R^{n x m}; B, X: R^{m x n}", "Aᵀ ⊗ B"),
    ("1/(norm(A x) norm(B x))", "x", "A, B: R^{n x n}; x: R^n", "-xᵀ (Aᵀ A / ‖A x‖² + Bᵀ B / ‖B x‖²) / (‖A x‖ ‖B x‖)"),
]


@pytest.mark.parametrize(("text", "wrt", "where", "form"), FORMS)
def test_form(text: str, wrt: str, where: str, form: str) -> None:
    assert derive(text, wrt=wrt, where=where).text == form


def test_what_cancels_between_shared_factors_is_zero() -> None:
    where = "A: R^{m x m}; B: R^{m x n}; y: R^m; x: R^n; s: R > 0"
    terms = ["3 A' y (1/3 y' A B + 1/3 x' + 1/9 1vec')/s", "-A' y y' A B/s", "-A' y x'/s", "-A' y 1vec'/3/s"]
    scope = scope_of(f"{where}; Z: R^{{m x n}}")
    parts = [read_expression(term, scope, shape=scope.variables["Z"].shape).expr for term in terms]
    assert is_zero(factored([part for part in parts if part is not None], scope.variables["Z"].shape))
