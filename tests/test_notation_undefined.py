"""Functions that nobody defined, and expectations: how they are read, derived, printed and checked."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc import Mistake, check, derive, parse
from tests.latex_reading import reads_back as reads_back_in_latex
from tests.reading import reads_back

MAPS = (
    "f: R^m -> R; g: R^n -> R^m; F: R^m -> R^k; A: R -> R^{n x n}; S: R -> R^{n x n} posdef; φ: R^{m x k} -> R; "
    "x, b: R^n; t: R"
)
DERIVED = [
    ("f(g(x))", "x", "∇f(g(x)) J_g(x)"),
    ("F(g(x))", "x", "J_F(g(x)) J_g(x)"),
    ("f(B x)", "x", "∇f(B x) B"),
    ("φ(W X)", "W", "φ′(W X) Xᵀ"),
    ("inv(A(t))", "t", "-A(t)⁻¹ A′(t) A(t)⁻¹"),
    ("logdet(S(t))", "t", "tr(S(t)⁻¹ S′(t))"),
    ("tr(A(t))", "t", "tr(A′(t))"),
    ("det(A(t))", "t", "det(A(t)) tr(A(t)⁻¹ A′(t))"),
    ("bᵀ A(t) b", "t", "bᵀ A′(t) b"),
    ("‖g(x) - y‖²", "x", "2 (g(x) - y)ᵀ J_g(x)"),
    ("λᵀ g(x)", "x", "λᵀ J_g(x)"),
    ("ln(f(g(x)))", "x", "∇f(g(x)) J_g(x) / f(g(x))"),
]
UNDECLARED = [
    ("f(g(x))", "x", "f′(g(x)) g′(x)"),
    ("f(x) + λᵀ h(x)", "x", "∇f(x) + λᵀ J_h(x)"),
    ("inv(A(t))", "t", "-A(t)⁻¹ A′(t) A(t)⁻¹"),
    ("logdet(Σ_θ)", "θ", "tr(Σ(θ)⁻¹ Σ′(θ))"),
    ("f_θ(x)", "θ", "∂₂f(x; θ)"),
    ("ln p(x|θ)", "θ", "∂₂p(x | θ) / p(x | θ)"),
    ("ℓ(y, f(w))", "w", "∂₂ℓ(y, f(w)) f′(w)"),
    ("f(W X)", "W", "f′(W X) Xᵀ"),
    ("u(x) v(x)", "x", "v(x) u′(x) + u(x) v′(x)"),
    ("w_t^2", "t", "2 w(t) w′(t)"),
    ("E[(w · x - y)^2]", "w", "2 E[(w · x - y) xᵀ]"),
    ("E_{x~p}[f(x; w)]", "w", "E_{x∼p}[∂₂f(x; w)]"),
    (r"\mathbb{E}_{x \sim p}\left[\|y - W x\|^2\right]", "W", "2 E_{x∼p}[(W x - y) xᵀ]"),
]
CLAIMS = [
    ("d/dx f(g(x)) = f'(g(x)) g'(x)", "", "equal"),
    ("∂/∂x F(g(x)) = ∂F/∂g ∂g/∂x", MAPS, "equal"),
    ("∂/∂x F(g(x)) = J_F(g(x)) J_g(x)", MAPS, "equal"),
    ("∂/∂x F(g(x)) = ∂g/∂x ∂F/∂g", MAPS, "not-equal"),
    ("d/dt inv(A(t)) = -inv(A(t)) dA/dt inv(A(t))", MAPS, "equal"),
    ("d/dt inv(A(t)) = -inv(A(t)) inv(A(t)) dA/dt", MAPS, "not-equal"),
    ("∂/∂x f(g(x)) = ∇f(g(x)) J_g(x)", MAPS, "equal"),
    ("d/dt f(x(t), t) = ∂f/∂x dx/dt + ∂f/∂t", "f: ℝⁿ, ℝ → ℝ; x: ℝ → ℝⁿ; t: ℝ", "equal"),
    ("d/dw E[(w·x)^2] = 2 E[(w·x) x^T]", "w, x: R^n", "equal"),
    ("d/dw E[(w·x)^2] = 2 E[w·x] E[x^T]", "w, x: R^n", "not-equal"),
]
REFUSED = [
    ("f(x) + f(B x)", "x: R^n; B: R^{m x n}", "f takes a vector of n"),
    ("f(x, x) + f(x)", "", "f takes 2 arguments"),
    ("f_x(x, y)", "", "two readings"),
    ("A(x)", "", "two readings"),
    ("inv(A)", MAPS, "A is a function"),
    ("CE(p, q)", "", "unknown function CE"),
    ("∇_θ E_{x~p_θ}[f(x)]", "", "the distribution depends on θ"),
    ("d/dx E_x[x^2]", "", "the expectation goes over x"),
    ("Var[x]", "", "Var"),
]


@pytest.mark.parametrize(("text", "wrt", "wanted"), DERIVED)
def test_declared_functions_have_gradients_jacobians_and_derivatives_that_hold_by_value(
    text: str, wrt: str, wanted: str
) -> None:
    found = derive(text, wrt=wrt, where=MAPS + "; B: R^{m x n}; W: R^{m x n}; X: R^{n x k}; y, λ: R^m")
    assert found.text == wanted
    assert found.check().ok
    assert not reads_back(found.expr)
    assert not reads_back_in_latex(found.expr)


@pytest.mark.parametrize(("text", "wrt", "wanted"), UNDECLARED)
def test_what_undeclared_functions_take_and_give_is_told_by_what_stands_around_them(
    text: str, wrt: str, wanted: str
) -> None:
    found = derive(text, wrt=wrt)
    assert found.text == wanted
    assert found.check().ok


def test_second_derivatives_hold_by_value() -> None:
    for text, wrt in (("f(B x)", "x"), ("inv(A(t))", "t"), ("f(g(x))", "x"), ("logdet(S(t))", "t")):
        assert derive(text, wrt=wrt, where=MAPS + "; B: R^{m x n}", order=2).check().ok, text


@pytest.mark.parametrize(("claim", "where", "verdict"), CLAIMS)
def test_claims_are_judged_with_smooth_functions_in_place(claim: str, where: str, verdict: str) -> None:
    assert check(claim, where=where or None).verdict == verdict


@pytest.mark.parametrize(("text", "where", "said"), REFUSED)
def test_what_does_not_fit_is_refused(text: str, where: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        print(parse(text, where=where or None))


def test_what_was_assumed_of_a_function_is_said() -> None:
    assert derive("h(A x)", wrt="x").assumed == ["A ∈ ℝ^{m×n}", "x ∈ ℝⁿ", "h: ℝᵐ → ℝ"]


def test_a_function_of_numbers_is_applied_entry_by_entry() -> None:
    found = derive("sum(f(W x))", wrt="x", where="f: R -> R; W: R^{m x n}; x: R^n")
    assert found.text == "f′(W x)ᵀ W"
    assert found.check().ok


def test_an_expectation_is_the_average_of_the_draws_that_are_given() -> None:
    rng = np.random.default_rng(0)
    at, draws, targets = rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5)
    found = derive("E[(w · x - y)^2]", wrt="w")
    want = (2 * (draws @ at - targets)[:, None] * draws).mean(axis=0)
    assert np.allclose(found.evaluate({"w": at, "x": draws, "y": targets}), want)
