"""Right answers rewritten and wrong ones with a slip: none misjudged, and the slip named in most of them."""

from __future__ import annotations

import pytest

from mcalc import check
from mcalc.errors import Mistake
from tests.claims import SLIPS, Tally, check_seed
from tests.generator import DIFFERENTIABLE

SEEDS = [seed for seed in range(3 * len(DIFFERENTIABLE)) if seed % 3 == 2 or seed < 120]
"""In a normal run, each row of the table once and some others; `python -m tests.claims 20000` is the long one."""
LEAST = 100
"""Claims of each kind among them."""


@pytest.mark.slow
def test_no_claim_is_misjudged_and_most_slips_are_named() -> None:
    tally = Tally()
    for seed in SEEDS:
        check_seed(seed, tally)
    assert tally.misjudged == []
    assert tally.untrue == []
    assert tally.undecided == []
    assert tally.refused == []
    assert min(tally.right, tally.wrong) >= LEAST
    assert tally.hints > LEAST // 2
    assert tally.share > 0.9
    assert set(tally.named) == set(SLIPS)


def test_a_column_added_to_a_row_in_one_layout_is_a_mistake() -> None:
    page = "L = ‖X w - y‖²\n-- L = wᵀXᵀX - yᵀX w + yᵀy\n+ ∂L/∂w = 2(X w - y)ᵀX"
    with pytest.raises(Mistake) as caught:
        check(f"# least squares | X: R^{{m x n}}\n{page}", layout="denominator")
    assert caught.value.code == "E-SHAPE"


def test_a_right_claim_whose_terms_cancel_far_out_is_equal() -> None:
    right = "(1 + tan(1/2 (2 σ(2 sum(A B)) - 1))²) (1 + (-1) ((2 σ(2 sum(A B)) - 1) (2 σ(2 sum(A B)) - 1))) 1⃗ 1⃗ᵀ Bᵀ / 2"
    claim = f"d/dA (tan(1/2 tanh(sum(A B)))) = {right}"
    assert check(claim, where="A: R^{n x m}; B: R^{m x p}").verdict == "equal"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\nabla_\mu \log \mathcal{N}(x;\mu,\Sigma) = \Sigma^{-1}(x-\mu)", "nothing says what N is"),
        (r"\frac{\partial}{\partial z} (y - p)^2 = 2 (p - y) p (1-p)", "nothing says that p depends on it"),
    ],
)
def test_what_nothing_defines_is_asked_about_before_a_claim_is_called_wrong(claim: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        check(claim)


def test_a_derivation_that_ends_in_zero_asks_where_and_claims_what_stands_before() -> None:
    found = check(r"\nabla_w \|Xw-y\|^2 = 2X^T(Xw-y) = 0")
    assert found
    assert "mcalc solve" in found.text
    assert not check(r"\nabla_w \|Xw-y\|^2 = X^T(Xw-y) = 0")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("A = Aᵀ", "not-equal"),
        ("A B = (A B)ᵀ", "not-equal"),
        ("A B = (Bᵀ Aᵀ)ᵀ", "equal"),
        ("C = Cᵀ", "not-equal"),
        ("∂/∂A tr(A B) = B", "other-layout"),
        ("A x = xᵀ Aᵀ", "other-layout"),
    ],
)
def test_a_transpose_is_a_matter_of_layout_for_derivatives_and_vectors_alone(claim: str, verdict: str) -> None:
    assert check(claim, where="A, B: R^{n x n}; C: R^{m x n}; x: R^n").verdict == verdict


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("d/dx Γ(x) = Γ(x) ψ(x)", "nothing says what ψ is"),
        ("d/dx gelu(x) = Φ(x) + x φ(x)", "nothing says what φ is"),
        ("∂/∂μ N(x; μ, σ²) = (x-μ)/σ² N(x; μ, σ²)", "goes without its derivative"),
        ("∂/∂X det(A X B) = det(A X B) X⁻ᵀ", "where all are square"),
    ],
)
def test_a_claim_that_a_meaning_would_make_right_is_asked_about(claim: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        check(claim)


@pytest.mark.parametrize("claim", ["d/dx (1/f(x)) = -1/f(x)²", "d/dx (f(x)²) = 2 f'(x)", "A B = B A"])
def test_a_slip_beside_functions_and_shapes_of_nobody_is_one_all_the_same(claim: str) -> None:
    assert check(claim).verdict == "not-equal"


def test_a_number_that_is_a_size_too_is_drawn_as_a_length() -> None:
    verdict = check("max(0, x) ones(x) = x ones(x) + 1")
    assert verdict.verdict == "not-equal"
    assert check("sum(x ones(x)) = x^2").verdict == "equal"
