"""Verdicts on claims: equal in all its disguises, in the other layout, not equal with the reason, and undecided."""

from __future__ import annotations

import pytest

import mcalc
from mcalc.operators.leaves import number

MATRICES = "A, B: R^{n x n}; x, y: R^n"
LOSS = "½ ‖X w - y‖² + λ/2 ‖w‖²"


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("∂/∂w (w·x) = xᵀ", "w, x: R^n"),
        ("∂/∂x (x^T A x) = x^T A + x^T A^T", MATRICES),
        ("∂/∂x (x^T S x) = 2 x^T S", "S: R^{n x n} symmetric; x: R^n"),
        ("∂/∂x (x^T S x) = x^T (S + S^T)", "S: R^{n x n} symmetric; x: R^n"),
        ("d/dx max(0, x) = {0 if x <= 0; 1 if x > 0}", ""),
        ("d/dx max(0, x) = step(x)", ""),
        ("d/dx relu(3x) = 3 (x > 0)", ""),
        ("∂/∂z softmax(z) = diag(softmax(z)) - softmax(z) softmax(z)^T", "z: R^n"),
        ("∂/∂z softmax(z) = diag(s) - s s^T where s = exp(z)/sum(exp(z))", "z: R^n"),
        ("∂/∂z logsumexp(z) = softmax(z)^T", "z: R^n"),
        ("d/dx sin(x)^2 = sin(2x)", ""),
        ("d/dx σ(x) = exp(-x)/(1 + exp(-x))^2", ""),
        ("∂/∂x sum(x .* x) = 2 x^T", "x: R^n"),
        ("∂/∂x_1 sum_{i=1}^{n} x_i^2 = 2 x_1", "x: R^n"),
        ("∂/∂w sum_{i=1}^{N} (w . x_i - y_i)^2 = 2 (X w - y)^T X", "X: R^{N x n}; w: R^n; y: R^N"),
        ("∂/∂A (A x) = kron(x^T, I)", "A: R^{m x n}; x: R^n"),
        ("∂/∂X tr(B X) = vec(B^T)^T", "B: R^{m x n}; X: R^{n x m}"),
        ("∂²/∂x² (x^T A x) = A + A^T", MATRICES),
        ("∂/∂x x = I", "x: R^n"),
        ("∂/∂x (b . y) = 0", "x, b, y: R^n"),
        ("d/dx x^n = n x^(n-1)", ""),
        ("d/dx (f(x) g(x)) = f(x) d/dx g(x) + g(x) d/dx f(x)", ""),
        ("d/dx f(x^2) = 2 x f_prime(x^2)", ""),
        ("∂/∂x mean(x) = 1/n 1vec^T", ""),
        ("∂/∂x (x . x) = [2 x_1, 2 x_2]", "x: R^2"),
        ("∂/∂x ||x|| = x^T/sqrt(x^T x)", "x: R^n"),
        ("∂/∂A det(A) = det(A) inv(A^T)", MATRICES),
    ],
)
def test_a_right_answer_is_equal_however_it_is_written(claim: str, where: str) -> None:
    found = mcalc.check(claim, where=where)
    assert (found.verdict, found.slip) == ("equal", None), found.text
    assert found
    assert "the normal forms meet" in found.text or "the values agree at" in found.text


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("∂/∂w (w·x) = x", "w, x: R^n"),
        ("∂/∂x (A x) = A^T", "A: R^{m x n}; x: R^n"),
        ("∂/∂x (A x) = A^T", MATRICES),
        ("∂/∂X tr(B X) = B", "B: R^{m x n}; X: R^{n x m}"),
        ("∂/∂w ‖X w - y‖² = 2 Xᵀ (X w - y)", "X: R^{N x n}; w: R^n; y: R^N"),
    ],
)
def test_the_transpose_is_equal_in_the_other_layout(claim: str, where: str) -> None:
    found = mcalc.check(claim, where=where)
    assert found.verdict == "other-layout", found.text
    assert found


@pytest.mark.parametrize(
    ("claim", "where", "slip"),
    [
        ("d/dx exp(-x) = exp(-x)", "", "sign"),
        ("d/dx exp(2x) = exp(2x)", "", "inner derivative"),
        ("d/dx (3x^2 + 4x) = 6x + 4x", "", "factor"),
        ("∂/∂x (x^T A x) = 2 x^T A", MATRICES, "symmetric"),
        ("∂/∂A det(A) = inv(A)^T", MATRICES, "factor"),
        ("∂/∂w max(0, w . x) = x^T", "w, x: R^n", "mask"),
        ("∂/∂w max(0, w . x) = {x^T if w . x < 0; 0 otherwise}", "w, x: R^n", "swapped cases"),
        ("∂/∂w (w . x + b) = x^T + 1", "w, x: R^n; b: R", "extra term"),
        ("d/dx (x^2 - x) = 2x + 1", "", "sign"),
        ("d/dx (x^2/2 + 3x) = 2x + 3", "", "factor"),
        ("∂/∂w ‖w‖² = wᵀ", "w: R^n", "factor"),
        ("∂/∂x (x^T A y) = x^T A", MATRICES, ""),
        ("∂/∂x (y^T A x) = y^T A^T", MATRICES, "transpose"),
        ("∂/∂x (w ⊗ x) = w x^T", "w, x: R^n", ""),
        ("∂/∂x sum(A x) = 1vec^T .* (A x)^T", MATRICES, ""),
        ("d/dx (x sin(x)) = x cos(x)", "", "dropped term"),
        ("∂/∂x (x^T A x) = A x", MATRICES, "dropped term"),
        ("∂/∂x (x^T A x) = 2 A x", MATRICES, "symmetric"),
        ("d/dx x^5 = 5 x^5", "", "exponent"),
        ("d/dx x^-2 = -2 x^-1", "", "exponent"),
        ("d/dx sin(x^2) = cos(x^2)", "", "inner derivative"),
        ("∂/∂w (w·x + b)^2 = 2 (w·x + b)", "w, x: R^n; b: R", "inner derivative"),
        ("∂/∂w (1/N ‖X w - y‖²) = 2 (X w - y)ᵀ X", "X: R^{N x n}; w: R^n; y: R^N", "sum or mean"),
        ("∂/∂x (w ⊗ x) = w", "w, x: R^n", "diagonal"),
        ("∂/∂X tr(A X B) = A B", "A, B, X: R^{n x n}", "transpose"),
        ("d/dx x^2 = 2x + 1", "", "extra term"),
        ("d/dx (x^2 + exp(x)) = 2x + sin(x)", "", ""),
    ],
)
def test_a_wrong_answer_is_told_with_its_slip(claim: str, where: str, slip: str) -> None:
    found = mcalc.check(claim, where=where)
    assert found.verdict == "not-equal", found.text
    assert not found
    assert (found.slip or "") == slip, found.text
    assert found.point is not None


def test_the_sessions_of_the_interface_come_out() -> None:
    wrong = mcalc.check(f"∂/∂w ({LOSS}) = (X w - y)ᵀ X + 2 λ wᵀ")
    assert wrong.headline == "not equal: yours - mcalc's = λ wᵀ"
    assert wrong.details[0] == "the term (X w - y)ᵀ X agrees"
    assert wrong.details[1].endswith("∂(λ / 2 ‖w‖²)/∂w = λ wᵀ, the ½ cancels the 2")
    assert (wrong.difference, wrong.agreeing, wrong.slip) == ("λ wᵀ", ["(X w - y)ᵀ X"], "factor")
    column = mcalc.check(f"∂/∂w ({LOSS}) = Xᵀ(X w - y) + λ w")
    assert column.headline == (
        "equal, in the other layout: yours is the column of the denominator layout, "
        "its transpose is the row mcalc prints"
    )


def test_in_denominator_layout_the_row_is_the_other_one() -> None:
    assert mcalc.check("∂/∂w (w·x) = x", layout="denominator").verdict == "equal"
    row = mcalc.check("∂/∂w (w·x) = xᵀ", layout="denominator")
    assert row.verdict == "other-layout"
    assert "the row of the numerator layout" in row.headline


def test_shapes_that_are_no_layout_are_both_told() -> None:
    found = mcalc.check("∂/∂x (w ⊗ x) = w", where="w, x: R^n")
    assert found.headline == "not equal: yours is n×1, mcalc's n×n"
    assert found.method == "shapes"


def test_a_branch_far_away_is_entered_before_sides_are_called_equal() -> None:
    assert mcalc.check("d/dx max(0, x - 1000) = 0").verdict == "not-equal"
    assert mcalc.check("d/dx {x if x < 12345; 0 if x >= 12345} = 1").verdict == "not-equal"
    assert mcalc.check("d/dx max(0, x^2) = 2x").verdict == "equal"
    assert mcalc.check("d/dx x = 1.00000000001").verdict == "not-equal"


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("∂/∂x (n x·x) = 6 x^T", "x: R^n"),
        ("mean(x) = sum(x)/3", "x: R^n"),
        ("det(2 A) = 8 det(A)", MATRICES),
        ("det(-A) = -det(A)", MATRICES),
        ("tr(I(n)) = 3", "x: R^n"),
        ("tr(B^T B) = sum(B .* B) (m - n)^2", "B: R^{m x n}"),
        ("sum(x)^2 = sum(x^2)", "x: R^n"),
        ("∂/∂x var(x) = (x - mean(x))^T", "x: R^n"),
    ],
)
def test_what_holds_for_vectors_of_one_length_is_not_equal(claim: str, where: str) -> None:
    assert mcalc.check(claim, where=where).verdict == "not-equal"


def test_sides_with_values_at_one_size_alone_are_undecided() -> None:
    found = mcalc.check("inv(x x^T) (x x^T) x = x + 0 max(x)", where="x: R^n")
    assert found.verdict in ("undecided", "equal")
    found = mcalc.check("sum(inv(x x^T)) = 1/sum(x^2)", where="x: R^n")
    assert (found.verdict, found.reason) == ("undecided", "both sides have values only where n = 1")


@pytest.mark.parametrize(
    "claim",
    [
        "∂/∂x max(x) = {} (x == max(x))^T",
        "∂/∂x max(log(x)) = {} ((x == max(x)) ./ x)^T",
        "∂/∂x norminf(cumsum(x)) = {} ((abs(cumsum(x)) == max(abs(cumsum(x)))) .* sign(cumsum(x)))^T tril(ones(n, n))",
        "∂/∂x min(x) = {} (min(x) == x)^T",
    ],
)
def test_a_comparison_with_the_largest_entry_is_decided(claim: str) -> None:
    for where in ("x: R^n", "x: R^n > 0"):
        assert mcalc.check(claim.format("1"), where=where).verdict == "equal"
        assert mcalc.check(claim.format("2"), where=where).verdict == "not-equal"


@pytest.mark.parametrize(
    "seldom",
    [
        "max(0, s - 3)",
        "max(0, 1e-3 - s^2)",
        "max(0, ||x|| - 70)",
        "max(0, s - 3) max(0, 4 - s)",
        "max(0, exp(s) - 1e6)",
        "max(0, s - t - 400) max(0, t - 7)",
        "max(0, 5 - t) max(0, t - 4) max(0, s - 90)",
    ],
)
def test_every_branch_is_entered_also_where_several_tests_must_come_out_one_way(seldom: str) -> None:
    for left, right in (
        ("∂/∂x sum(x^2)", f"2 x^T + {seldom} x^T"),
        ("∂/∂x norminf(x)", f"((abs(x) == max(abs(x))) .* sign(x))^T + {seldom} x^T"),
    ):
        assert mcalc.check(f"{left} = {right}", where="x: R^k; s, t: R").verdict == "not-equal", seldom


def test_conditions_that_differ_a_little_are_told_apart() -> None:
    claim = "∂/∂w max(0, w . x - 1) = {x^T if w . x > 1.0625; 0 otherwise}"
    assert mcalc.check(claim, where="w, x: R^n").verdict == "not-equal"
    assert mcalc.check("∂/∂w max(0, w . x - 1) = {x^T if 2 w . x > 2; 0 otherwise}", where="w, x: R^n")


def test_rounding_is_not_taken_for_a_difference() -> None:
    claim = "d/dx tanh(3x)^2 = 6 tanh(3x) (1 - (1 - 2/(exp(6x) + 1))^2)"
    assert mcalc.check(claim).verdict == "equal"
    assert mcalc.check("(x + y)^2 - x^2 - 2 x y - y^2 = 0").verdict == "equal"


def test_a_name_of_the_left_side_before_a_bracket_is_a_factor() -> None:
    assert mcalc.check("∂/∂x ‖A x - b‖² = 2 A (A x - b)").slip == "transpose"


def test_a_domain_far_from_the_origin_is_found() -> None:
    found = mcalc.check("d/dx (sqrt(x - 100) + sin(x)^2) = 1/(2 sqrt(x - 100)) + sin(2x)")
    assert found.verdict == "equal"
    assert "the values agree" in found.text


def test_values_are_shown_with_as_many_digits_as_tell_them_apart() -> None:
    assert mcalc.check("π = 3.14159").details[-1] == "the right side 3.14159, the left side 3.1415927"


def test_on_a_kink_another_value_is_a_convention() -> None:
    found = mcalc.check("d/dx max(0, x) = {0 if x < 0; 1 if x >= 0}")
    assert found.verdict == "equal"
    assert "at x = 0, on a kink, yours is 1 and mcalc's 0: a convention" in found.details


def test_where_no_point_has_a_value_nothing_is_decided() -> None:
    found = mcalc.check("d/dx x^2 = 2x + ln(-1 - x^2)")
    assert found.verdict == "undecided"
    assert not found
    assert "has no value" in found.reason


def test_what_holds_for_positive_numbers_alone_is_told_so() -> None:
    assert "right only where x > 0" in mcalc.check("d/dx sqrt(x^2) = 1").reason
    assert mcalc.check("d/dx sqrt(x^2) = 1", where="x: R > 0").verdict == "equal"


def test_names_that_stand_on_the_right_alone_are_told() -> None:
    assert "y occurs on the right only" in mcalc.check("d/dx x^2 = 2 y", where="x, y: R").details


@pytest.mark.parametrize(
    ("chain", "verdict", "wrong"),
    [
        ("d/dx sin(x^2) = cos(x^2) d/dx x^2 = 2x cos(x^2)", "equal", None),
        ("d/dx sin(x^2)\n  = cos(x^2) d/dx x^2\n  = x cos(x^2)", "not-equal", 2),
        ("(x - 1)^2 = x^2 - 2x + 1 = x*(x - 2) + 1", "equal", None),
        ("L = (x - 1)^2 = x^2 - 2x - 1", "not-equal", None),
        ("∂/∂x (x^T A x) = x^T (A + A^T) = (A + A^T) x", "other-layout", None),
    ],
)
def test_a_chain_is_checked_link_by_link(chain: str, verdict: str, wrong: int | None) -> None:
    found = mcalc.check(chain, where="A: R^{n x n}")
    assert (found.verdict, found.wrong) == (verdict, wrong), found.text
    if wrong is not None:
        assert [bool(link) for link in found.links].index(False) == wrong - 1 or not found.links


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The derivative of $x^T A x$ with respect to $x$ is $2 A x$.", "not-equal"),
        ("Is the gradient of $f(x) = x^T A x$ equal to $(A + A^T)x$?", "other-layout"),
        (r"We know that the derivative of $\log\det X$ w.r.t. $X$ is $X^{-T}$.", "equal"),
        (r"Is the derivative of $\operatorname{tr}(AX)$ with respect to $X$ equal to $A^T$?", "equal"),
        ("∂L/∂z_i = p_i - y_i where L = -sum_i y_i log p_i, p_i = exp(z_i)/sum_j exp(z_j)", "not-equal"),
        ("∂L/∂z_i = p_i sum_k y_k - y_i where L = -sum_i y_i log p_i, p_i = exp(z_i)/sum_j exp(z_j)", "equal"),
        (
            r"$\partial L/\partial z_i=p_i\sum_ky_k-y_i$ where $L = -\sum_ky_k\log p_k$, $p_i=e^{z_i}/\sum_k e^{z_k}$",
            "equal",
        ),
        ("∂E/∂w = -Σ_i (y_i - ŷ_i) x_i, ŷ_i = w x_i + b, E = Σ_i (y_i - ŷ_i)²", "not-equal"),
        ("d/dx x^2 == 2x", "equal"),
        ("d/dw np.sum((X @ w - y)**2) = 2 * X.T @ (X @ w - y)", "other-layout"),
        ("d/dw np.sum((X @ w - y)**2) == X.T @ (X @ w - y)", "not-equal"),
        ("np.trace(A @ B) == np.trace(B @ A)", "equal"),
        ("tanh'(x) = 1 - tanh(x)^2", "equal"),
        (r"\sigma'(z) = \sigma(z)", "not-equal"),
        ("d/dz σ(w z + b) = σ'(w z + b)", "not-equal"),
        ("d/dz σ(w z + b) = w σ'(w z + b)", "equal"),
    ],
)
def test_a_claim_in_words_or_in_a_program_is_judged_as_it_is_meant(claim: str, verdict: str) -> None:
    assert mcalc.check(claim).verdict == verdict


def test_labels_that_sum_to_one_are_told_of_an_entry_too() -> None:
    found = mcalc.check("∂/∂z_i (-sum_k y_k log softmax(z)_k) = softmax(z)_i - y_i")
    assert "right only where sum(y) = 1" in found.text


@pytest.mark.parametrize("text", ["z = w . x", "x^2", "f(t) = t^2", "x: R^n"])
def test_what_claims_nothing_is_a_mistake(text: str) -> None:
    with pytest.raises(mcalc.Mistake) as raised:
        mcalc.check(text)
    assert raised.value.code == "E-SYNTAX"


def test_an_equation_without_a_derivative_is_checked_where_it_is_asked_for() -> None:
    assert mcalc.check("(A B)^T = B^T A^T", where="A: R^{m x n}; B: R^{n x k}").verdict == "equal"
    assert mcalc.check("(A B)^T = A^T B^T", where=MATRICES).slip == "order"
    assert mcalc.check("sigmoid(x) = 1/(1 + exp(-x))").verdict == "equal"
    assert mcalc.check("z = w . x; ∂/∂w z = x^T", where="w, x: R^n").verdict == "equal"


def test_normal_forms_that_meet_wrongly_are_contradicted_by_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcalc.checking.equality.difference", lambda left, right, face: number(0))
    assert mcalc.check("d/dx x^2 = 3 x").verdict == "not-equal"
    assert mcalc.check("d/dx x^2 = 2 x").method == "normal form"
