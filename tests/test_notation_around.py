"""What stands around a formula is taken off with a note, put in place, or refused; it is never a factor."""

from __future__ import annotations

import re

import pytest

from mcalc import Mistake, check, derive, parse
from mcalc.api import scope_of
from mcalc.notation import Scope, read

HEADS = [
    ("min_w ||X w - y||^2 s.t. ||w|| = 1", "||X w - y||^2", "w"),
    ("argmin_x ||A x - b||^2", "||A x - b||^2", "x"),
    ("arg min_x ||A x - b||^2", "||A x - b||^2", "x"),
    ("w* = argmin_w ||X w - y||^2", "||X w - y||^2", "w"),
    ("minimize x^T Q x + c^T x subject to A x = b", "x^T Q x + c^T x", "x"),
    ("max_x x^T A x subject to x^T x = 1", "x^T A x", "x"),
    ("min ||X w - y||^2 s.t. w >= 0", "||X w - y||^2", "w"),
    ("maximise -||w||^2 such that y_i (w^T x_i + b) >= 1 for all i", "-||w||^2", "w"),
    ("min_{w, b} ||X w + b - y||^2, w >= 0", "||X w + b - y||^2", "w"),
]
HEADS += [
    ("minimize over w: ||X w - y||^2", "||X w - y||^2", "w"),
    ("minimize ||X w - y||^2 over w", "||X w - y||^2", "w"),
    ("minimise ||X w + b - y||^2 with respect to w, b", "||X w + b - y||^2", "w"),
]
LEFT_SIDES = [
    ("L(w) = ||X w - y||^2", "||X w - y||^2", "w"),
    ("f(x, y) := x^T A y", "x^T A y", "x"),
    ("k(x, x') = exp(-||x - x'||^2)", "exp(-||x - z||^2)", "x"),
    ("D_{ij} = ||x_i - x_j||^2", "||x_i - x_j||^2", "x_i"),
    ("||x||_p = (x_1^p + x_2^p)^(1/p)", "(x_1^p + x_2^p)^(1/p)", "x_1"),
    ("log p(y|X, θ) = -||y - X θ||^2", "-||y - X θ||^2", "θ"),
]
BEHIND = [
    ("x^T A x with A in R^{n x n}", "x^T A x", "x"),
    ("f(x) = x^T A x, x in R^n", "x^T A x", "x"),
    ("exp(-γ x^2), γ > 0", "exp(-γ x^2)", "x"),
    ("exp(-γ x^2), γ > 0, (3)", "exp(-γ x^2)", "x"),
    ("exp(-γ x^2) where γ is a positive constant.", "exp(-γ x^2)", "x"),
    ("γ x^2  (3)", "γ x^2", "x"),
    ("x_i^2 for all i", "x_i^2", "x_i"),
    ("x_i^2 ∀ i", "x_i^2", "x_i"),
    ("x^T y where x, y are vectors", "x^T y", "x"),
    ("sum_i x_i^2, x_1 = 2", "sum_i x_i^2", "x"),
    ("x^2, i = 1, ..., n", "x^2", "x"),
    ("x^T A x where A is fixed", "x^T A x", "x"),
    ("x^T A x, x ∈ R^n, A ∈ R^{n x n}", "x^T A x", "x"),
    ("||X w - y||^2 where X ∈ R^{n×d}, w ∈ R^d, and y ∈ R^n", "||X w - y||^2", "w"),
    ("<a, x>, x ≠ 0", "<a, x>", "x"),
]
BESIDE = [
    ("||r||^2 where r = X w - y", "||X w - y||^2", "w"),
    ("||r||^2, r = X w - y", "||X w - y||^2", "w"),
    ("||y||^2, y = A x", "||A x||^2", "x"),
    ("y = A x, L = ||y||^2", "||A x||^2", "x"),
    ("L = ||y||^2, y = A x", "||A x||^2", "x"),
    ("z = A x, y = tanh(z), L = y^T y", "tanh(A x)^T tanh(A x)", "x"),
    ("||u - v||^2 where v = B u, u = A x", "||A x - B (A x)||^2", "x"),
    ("(x - g(c))^T (x - g(c)), g(c) = D c", "(x - D c)^T (x - D c)", "c"),
    ("||v||^2 where u = A x; v = tanh(u)", "||tanh(A x)||^2", "x"),
    ("sum(v .* v), u = A x, v = tanh(u)", "sum(tanh(A x) .* tanh(A x))", "x"),
    ("sum_i r_i^2 where r_i = y_i - w^T x_i", "sum_i (y_i - w^T x_i)^2", "w"),
    ("sum_i e^2 where e = y_i - w^T x_i", "sum_i (y_i - w^T x_i)^2", "w"),
    ("sum_i r_i^2 where r = y - X w", "||y - X w||^2", "w"),
    (r"(x - g(c))^\top (x - g(c)), g(c) = Dc", "(x - D c)^T (x - D c)", "c"),
    (r"\|y\|^2, y = Ax", "||A x||^2", "x"),
]
CHAINS = [
    ("L = x^T x = ||x||^2", "||x||^2", "x"),
    ("(a + b)^2 = a^2 + 2 a b + b^2", "a^2 + 2 a b + b^2", "a"),
    ("L(x) = (x + 1)^2 = x^2 + 2 x + 1", "x^2 + 2 x + 1", "x"),
]


@pytest.mark.parametrize(("text", "other", "variable"), [*HEADS, *LEFT_SIDES, *BEHIND, *BESIDE, *CHAINS])
def test_what_stands_around_a_formula_is_no_part_of_it(text: str, other: str, variable: str) -> None:
    found, meant = derive(text, wrt=variable), derive(other, wrt=variable)
    assert found.text.replace("x_prime", "z") == meant.text
    assert found.text != "0"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("x^T A x where A is symmetric", "x: R^n; A: R^{n x n} symmetric"),
        ("x^T A x for symmetric A", "x: R^n; A: R^{n x n} symmetric"),
        (r"x^\top A x, \quad A \text{ symmetric}", "x: R^n; A: R^{n x n} symmetric"),
        ("x^T A B x where A and B are symmetric", "x: R^n; A, B: R^{n x n} symmetric"),
        ("x^T A^-1 x with A positive definite", "x: R^n; A: R^{n x n} posdef"),
    ],
)
def test_what_is_said_of_a_matrix_in_words_is_a_property_of_it(text: str, where: str) -> None:
    formula = text.partition(" where")[0].partition(" for")[0].partition(" with")[0].partition(",")[0]
    assert derive(text, wrt="x").text == derive(formula, wrt="x", where=where).text
    assert any("taken as symmetric" in note for note in parse(text).notes)


def test_what_is_said_of_a_declared_matrix_holds_for_the_statement_alone() -> None:
    where = "x: R^n; A: R^{n x n}"
    assert derive("x^T A x where A is symmetric", wrt="x", where=where).text == "2 xᵀ A"
    assert derive("x^T A x", wrt="x", where=where).text == "xᵀ (A + Aᵀ)"


@pytest.mark.parametrize(("text", "variable"), [(t, v) for t, _, v in [*HEADS, *CHAINS, *BESIDE]])
def test_what_is_taken_off_is_said(text: str, variable: str) -> None:
    assert derive(text, wrt=variable).notes


def test_the_notes_say_which_words_were_left_out() -> None:
    notes = derive("min_w ||w||^2 s.t. ||w|| = 1, w >= 0 for all i", wrt="w").notes
    assert "min_w is left out: its objective is read" in notes
    assert "s.t. ||w|| = 1 is left out" in notes
    assert "for all i is left out" in notes
    assert "γ > 0 is left out" in derive("exp(-γ x^2), γ > 0", wrt="x").notes


DECLARED = [
    ("γ x (3)", "3 γ x", "γ, x: R"),
    ("{x if x ≤ 0; 1 otherwise} (3)", "3 {x if x ≤ 0; 1 otherwise}", "x: R"),
    ("x sum_{i=1}^{n} (3)", "3 n x", ""),
    ("2 (3)", "6", ""),
]


@pytest.mark.parametrize(("text", "other", "where"), DECLARED)
def test_a_number_in_brackets_is_a_factor_where_all_is_declared(text: str, other: str, where: str) -> None:
    assert check(f"{text} = {other}", where=where or None).verdict == "equal"


def test_a_function_with_brackets_is_no_head() -> None:
    assert derive("max(x)", wrt="x").text == derive("max x", wrt="x").text == "hardmax(x)ᵀ"


def test_what_is_differentiated_by_is_not_put_in_place() -> None:
    found = derive("||r||^2 where r = X w - y", wrt="r")
    assert found.text == "2 rᵀ"
    assert "r = X w - y is left out: r is what is differentiated by" in found.notes


def test_variables_of_definitions_are_said_to_be_assumed() -> None:
    assert derive("||y||^2, y = A x", wrt="x").assumed == ["A ∈ ℝ^{m×n}", "x ∈ ℝⁿ"]


def test_definitions_beside_hold_for_one_statement() -> None:
    scope = scope_of("A: R^{m x n}; r: R")
    after = read("L = ||r||^2, r = A x", scope).scope
    assert "L" in after.definitions
    assert after.variables["r"] is scope.variables["r"]
    assert not after.beside
    assert not after.inlined


def test_a_function_keeps_what_is_defined_beside_it() -> None:
    scope = read("f(x) = ||r||^2 where r = A x - b", Scope()).scope
    found = read("∂/∂x f(x)", scope)
    assert found.expr is not None
    assert check("∂/∂x f(x) = 2 (A x - b)^T A", where="f(x) = ||A x - b||^2").verdict == "equal"


def test_parse_takes_the_right_side_as_derive_does() -> None:
    assert parse("L(w) = w^T w").text == "wᵀ w"
    assert parse("x^T x = ||x||^2").text == "‖x‖²"


REFUSED = [
    ("x > 0", "x", "E-UNSUPPORTED"),
    ("x^T x >= 1", "x", "E-UNSUPPORTED"),
    ("a = 2 x = x^2", "x", "E-SYNTAX"),
    ("x^2 = 2 x", "x", "E-SYNTAX"),
    ("||x||^2, y = A x", "x", "E-SYNTAX"),
    ("x^2 = x*x, y = 3 x", "x", "E-SYNTAX"),
    ("min ||X w - y||^2", "w", "E-AMBIG"),
    ("max x + y", "x", "E-AMBIG"),
    ("γ x^2 (3)", "x", "E-AMBIG"),
    ("||a||^2 where a = b x; b = a", "x", "E-NAME"),
    ("sum_i a_i + b_i", "b", "E-AMBIG"),
    ("sum_{i=1}^{n-1} r_{i+1} where r_i = 2 x_i", "x", "E-UNSUPPORTED"),
    ("||r||^2 where s = X w - y", "w", "E-SYNTAX"),
    ("x^2, 2 x", "x", "E-SYNTAX"),
    ("a = b", "a", "E-SYNTAX"),
    ("min over x of x^2", "x", "E-SYNTAX"),
]


@pytest.mark.parametrize(("text", "variable", "code"), REFUSED)
def test_what_has_no_reading_is_refused_with_a_place(text: str, variable: str, code: str) -> None:
    with pytest.raises(Mistake) as caught:
        derive(text, wrt=variable)
    assert caught.value.code == code
    assert caught.value.spans
    assert all(0 <= span.start < span.end <= len(text) + 1 for span in caught.value.spans)


OFFERED = [
    ("x > 0", "keep one side, (.*), or write (.*)"),
    ("γ x^2 (3)", r"leave it out: (.*); as a factor write (.*)"),
    ("max x + y", r"its objective alone: (.*); entries are in brackets: (.*)"),
    ("min ||x||^2", r"its objective alone: (.*)"),
    ("||x||^2, y = A x", "give one alone: (.*)"),
]


@pytest.mark.parametrize(("text", "pattern"), OFFERED)
def test_what_a_refusal_offers_is_read(text: str, pattern: str) -> None:
    with pytest.raises(Mistake) as caught:
        derive(text, wrt="x")
    found = re.fullmatch(pattern, caught.value.hint)
    assert found is not None, caught.value.hint
    for offer in found.groups():
        derive(offer, wrt="x")


@pytest.mark.parametrize("test", ["x > 0 and y < 1", "x > 0 and y < 1 or x >= y", "x > 0 and y < 1 and x < 2"])
def test_a_name_may_be_defined_as_conditions_that_are_joined(test: str) -> None:
    where = "x, y: R"
    meant = parse(f"{{x if {test}; y otherwise}}", where=where).expr
    assert parse(f"{{x if c; y otherwise}} where c = {test}", where=where).expr is meant


SPELLED = [
    (r"\|\mathbf{w}\|^2", r"\mathbf{w}", "2 wᵀ"),
    ("tr(Σ^-1 S)", r"$\Sigma$", "-Σ⁻ᵀ Sᵀ Σ⁻ᵀ"),
    ("ŷ^2", r"\hat{y}", "2 ŷ"),
    ("w_out^2", r"w_{\text{out}}", "2 w_out"),
    ("W_1 + W_2", r"W^{(1)}", "1"),
    ("(x - μ)^2/(2 σ^2)", "σ^2", "-(x - μ)² / (2 σ_sq²)"),
    ("σ^4 + σ²", r"\sigma^{2}", "2 σ_sq + 1"),
]


@pytest.mark.parametrize(("text", "wrt", "found"), SPELLED)
def test_a_variable_is_named_in_any_spelling(text: str, wrt: str, found: str) -> None:
    where = "W_1, W_2: R" if "W" in text else None
    assert derive(text, wrt=wrt, where=where).text == found


def test_a_square_is_a_variable_only_where_its_name_is_always_squared() -> None:
    with pytest.raises(Mistake) as caught:
        derive("σ^2 + σ", wrt="σ^2")
    assert caught.value.code == "E-UNSUPPORTED"
    assert "σ_sq stands for σ^2" in derive("1/σ^2", wrt="σ^2").notes


MARGINS = [
    ("x^2 [3]", "E-AMBIG"), ("(3) x^2", "E-AMBIG"), ("(a) x^2", "E-AMBIG"), ("(x + 1)2", "E-AMBIG"),
    ("‖x‖2", "E-AMBIG"), ("x^2 (frobnicated)", "E-NAME"), ("f(x) = x^2. g(x) = x^3", "E-SYNTAX"),
    ("min_x max_y x^T A y", "E-UNSUPPORTED"), ("x = y = z", "E-SYNTAX"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), MARGINS)
def test_what_may_be_a_factor_and_may_be_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Mistake) as caught:
        derive(text, wrt="x")
    assert caught.value.code == code
