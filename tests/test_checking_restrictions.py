"""What is stated beside a claim counts: it holds where that is met, and it is said under which condition."""

from __future__ import annotations

import pytest

from mcalc import check
from mcalc.checking.stated_reasons import is_stated

CROSS_ENTROPY = "∂L/∂z = p - y where L = -Σ_i y_i log p_i, p = softmax(z)"
ENTRIES = "∂p_i/∂z_j"
HOLD = [
    ("d/dx |x| = 1 for x > 0", "x > 0"),
    ("d/dx |x - 1| = 1 where x > 1", "x > 1"),
    ("d/dx relu(x) = 0 if x < 0", "x < 0"),
    ("d/dx max(0, min(1, x)) = 1 for 0 < x < 1", "0 < x < 1"),
    ("d/dx sqrt(x^2) = 1, x > 0", "x > 0"),
    ("d/dx |x y| = y for x > 0, y > 0", "y > 0, x > 0"),
    ("∂‖x‖/∂x = x where ‖x‖ = 1", "‖x‖ = 1"),
    ("∂/∂w ‖w‖ = w for a unit vector w", "‖w‖ = 1"),
    ("∂/∂x ‖Q x‖ = xᵀ/‖x‖ for orthogonal Q", "Qᵀ Q = I"),
    ("d/dx max(x, x^2) = 2 x for x > 1", "x > 1"),
    ("∂/∂w max(0, 1 - y w·x) = -y x when y w·x < 1", "y w · x < 1"),
    ("∂/∂w max(0, 1 - y w·x) = 0 when y w·x > 1", "y w · x > 1"),
    (f"{ENTRIES} = -p_i p_j for i ≠ j where p = softmax(z)", "i ≠ j"),
    (f"{ENTRIES} = p_i (1 - p_j) where p = softmax(z), i = j", "i = j"),
    (f"{CROSS_ENTROPY}, Σ_i y_i = 1", "sum(y) = 1"),
    (f"{CROSS_ENTROPY} and sum(y) = 1", "sum(y) = 1"),
    (f"{CROSS_ENTROPY}, y is one-hot", "sum(y) = 1"),
]


@pytest.mark.parametrize(("claim", "condition"), HOLD)
def test_a_claim_holds_under_the_condition_that_is_stated_beside_it(claim: str, condition: str) -> None:
    found = check(claim)
    assert (found.verdict, found.headline) == ("equal", f"equal, given that {condition}")
    assert not any("is left out" in note for note in found.notes)


@pytest.mark.parametrize(
    "claim",
    [
        "d/dx |x| = -1 for x > 0",
        "d/dx |x| = 1 for x > -1",
        "d/dx max(0, min(1, x)) = 1 for 0 < x < 2",
        "d/dx |x y| = y for y > 0",
        "∂‖x‖/∂x = 2 x where ‖x‖ = 1",
        f"{CROSS_ENTROPY}, Σ_i y_i = 2",
        "d/dx max(x, x^2) = 2 x for x > 0",
        "∂/∂w max(0, 1 - y w·x) = 0 when y w·x > 0.9",
        f"{ENTRIES} = -p_i p_j for i = j where p = softmax(z)",
        "d/dx x^2 = 3 x for x > 0",
    ],
)
def test_a_condition_under_which_a_claim_does_not_hold_saves_none(claim: str) -> None:
    assert check(claim).verdict == "not-equal"


def test_a_condition_that_a_right_claim_does_not_need_is_left_out_and_said_so() -> None:
    found = check("d/dx log(x^2) = 2/x for x > 0")
    assert found.verdict == "equal"
    assert "for x > 0 is left out" in found.notes


@pytest.mark.parametrize(
    ("claim", "where", "said"),
    [
        (  # of two entries the slope of std is a sign: it is that of another pair for most of them, and not for all
            "∂/∂x (std(x² + x)) = (((3 x² + x) - mean(3 x² + x)) ⊗ (2 x + 1))ᵀ / (n std(3 x² + x))",
            "x: R^n",
            "a factor: 3 x² + x should be 1/3 (3 x²) + x",
        ),
        (
            "d/dx_n (std(diag(y_n) x_n + y_n)) = ((y_n - mean(y_n)) .* y_n / (n std(y_n)))^T",
            "x_n, y_n: R^n",
            "a term is missing: diag(yₙ) xₙ",
        ),
        (  # numbers that sum to 0 seldom have one that is at least 1/2
            "∂/∂yₙ {‖yₙ + xₙ + 1/3‖² if (yₚ)₂ ≥ 1/2; std(yₚ + xₚ) otherwise} = {2 (yₙ + xₙ)ᵀ if (yₚ)₂ ≥ 1/2; 0⃗ᵀ else}",
            "x_n, y_n: R^n; x_p, y_p: R^p",
            "right only where (yₚ)₂ < 1/2",
        ),
    ],
)
def test_a_condition_is_said_only_where_it_is_met_in_every_branch(claim: str, where: str, said: str) -> None:
    assert f"likely slip: {said}" in check(claim, where=where).text


def test_definitions_with_accents_beside_a_claim_are_put_in_place() -> None:
    parts = [
        r"\frac{\partial L}{\partial b} = \sum_i (\hat{y}_i - y_i)",
        r"L = \frac12\sum_i(\hat y_i-y_i)^2",
        r"\hat y_i = w^T x_i + b",
    ]
    where = "X: R^{m x n}; w: R^n; y: R^m; b: R"
    assert check(", ".join(parts), where=where).verdict == "equal"
    assert check(", ".join([*parts[1:], parts[0]]), where=where).verdict == "equal"
    assert check(", ".join([*parts[1:], parts[0]])).verdict == "equal"


@pytest.mark.parametrize(
    "page",
    [
        "Let p = softmax(z), L = -sum_i y_i log p_i where y is one-hot.\n∂L/∂z_k = p_k - y_k",
        "p = softmax(z)\nL = -y·log(p) with sum(y) = 1\n∂L/∂z = p - y",
        "f(x) = x^T A x, A symmetric\n∇f(x) = 2 A x",
        "f(x) = |x| for x > 0\nf'(x) = 1",
    ],
)
def test_what_is_stated_beside_a_definition_of_a_page_holds_for_its_lines(page: str) -> None:
    assert "given that" in check(page).text


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("A is symmetric", "since A and B are both symmetric"),
        ("B is symmetric", "since A and B are both symmetric"),
        ("A is symmetric", "symmetric matrices B and A"),
        ("A is symmetric", "as A=Aᵀ"),
        ("A is symmetric", r"A^\top = A"),
        ("A is symmetric", r"A \text{ symmetric}"),
        ("sum(y) = 1", "since 1ᵀy = 1"),
        ("sum(y) = 1", r"\sum_i y_i = 1"),
        ("‖w‖ = 1", "unit vector w"),
        ("x > 0", "positive x"),
        ("Q_1ᵀ Q_1 = I", "Q_1 orthogonal"),
    ],
)
def test_a_condition_is_found_in_what_is_said_of_its_name(condition: str, said: str) -> None:
    assert is_stated(condition, said)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("s is symmetric", "A is symmetric"),
        ("i is symmetric", "A is symmetric"),
        ("a is symmetric", "A is symmetric"),
        ("A is symmetric", "A is not symmetric"),
        ("A is symmetric", "A is invertible and B is symmetric"),
        ("H is symmetric", "the Hessian is symmetric"),
        ("sum(y) = 1", "sum(z) = 1"),
        ("x > 0", "max > 0"),
    ],
)
def test_a_condition_is_not_found_inside_words_or_in_what_is_said_of_other_names(condition: str, said: str) -> None:
    assert not is_stated(condition, said)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("E[(x - E[x])²] = E[x²] - E[x]²", "equal"),
        ("E[(x - E[x])²] = E[x²] + E[x]²", "not-equal"),
        ("E[E[x]] = E[x]", "equal"),
        ("E[x E[x]] = E[x²]", "not-equal"),
        ("E[A x + b] = A E[x] + b", "equal"),
        ("E[x y] = E[x] E[y]", "not-equal"),
        ("d/dw E[(w x - E[w x])²] = 2 w (E[x²] - E[x]²)", "equal"),
        ("m = E[x]\nv = E[(x - m)²] = E[x²] - m²", "equal"),
        ("m = E[x]\nv = E[(x - m)²] = E[x²] - m", "not-equal"),
    ],
)
def test_an_expectation_is_a_number_to_one_around_it_and_what_stands_outside_is_not_random(
    claim: str, verdict: str
) -> None:
    assert check(claim).verdict == verdict
