"""What a run of letters is: a name, a product, a function glued to its argument, or a word that is refused."""

from __future__ import annotations

import pytest

from mcalc import check, derive, parse
from mcalc.errors import Mistake

SAME = [
    ("W1 x + b1", "W_1 x + b_1", ""),
    ("theta1 x", "θ_1 x", ""),
    ("2x1", "2 x_1", ""),
    ("2sinx", "2 sin(x)", ""),
    ("sinx cosx", "sin(x) cos(x)", ""),
    ("exp(-xlnx)", "exp(-x ln(x))", ""),
    ("lnθ + θ", "ln(θ) + θ", ""),
    ("A(x - b)", "A*(x - b)", ""),
    ("λ(xᵀx - 1)", "λ*(xᵀx - 1)", ""),
    ("α_i(w^T x + b)", "α_i*(w^T x + b)", "w, x: R^n; b, α_i: R"),
    ("x(1 + 2x)", "x*(1 + 2x)", ""),
    ("s(s - 1) + s", "s*(s - 1) + s", ""),
    ("tr(AXB)", "tr(A X B)", ""),
    ("x^TABx", "x^T A B x", ""),
    ("Tr(A) + Trace(A)", "tr(A) + tr(A)", "A: R^{n x n}"),
    ("Det(A) + determinant(A)", "det(A) + det(A)", "A: R^{n x n}"),
    ("Softmax(x)", "softmax(x)", ""),
    ("tr[A B]", "tr(A B)", "A, B: R^{n x n}"),
    ("A : B", "A · B", "A, B: R^{m x n}"),
    ("2 (A - B) : (A + B)", "2 (A - B) · (A + B)", "A, B: R^{m x n}"),
    ("log[x]", "log(x)", ""),
    ("exp{x}", "exp(x)", ""),
    ("log|A|", "logdet(A)", "A: R^{n x n}"),
    ("1/2 ln(|A|)", "1/2 logdet(A)", "A: R^{n x n}"),
    ("log|z|", "log(abs(z))", "z: R"),
    ("weight @ x + bias", "(weight) @ (x) + bias", ""),
    ("x if x > 0 else a x", "{x if x > 0; a x otherwise}", ""),
    ("x if x > 0, a x otherwise", "{x if x > 0; a x otherwise}", ""),
    ("x for x > 0, 0 for x <= 0", "{x if x > 0; 0 if x <= 0}", ""),
    ("1 - y (w·x + b)", "1 - y*(w·x + b)", ""),
    ("diff(x^3, x, x)", "d^2/dx^2 x^3", ""),
    ("diff(x^3 y^2, x, 2, y)", "d/dy (d^2/dx^2 (x^3 y^2))", ""),
    ("D[x^2 y, x, y]", "d/dy (d/dx (x^2 y))", ""),
]


@pytest.mark.parametrize(("text", "other", "where"), SAME)
def test_what_is_typed_is_read_as_it_is_meant(text: str, other: str, where: str) -> None:
    assert parse(text, where=where or None).text == parse(other, where=where or None).text


SENTENCES = [
    ("find the derivative of x^2 with respect to x", "d/dx (x^2)"),
    ("What is the gradient of x'Ax w.r.t. x?", "d/dx (x'Ax)"),
    ("hessian of x^2 y wrt x and y", "d^2/d(x, y)^2 (x^2 y)"),
    ("second derivative of exp(-x^2) by x", "d^2/dx^2 (exp(-x^2))"),
    ("the third derivative of x^5 with respect to x", "d^3/dx^3 (x^5)"),
    ("2nd partial derivative of x^3 y wrt x", "d^2/dx^2 (x^3 y)"),
    ("differentiate f(x, y) = x^2 y with respect to y", "d/dy (x^2 y)"),
    ("If f(x) = x^2 sin(x), find f'(x).", "f(x) = x^2 sin(x), f'(x)"),
    ("Given y = x^2 + 1, find dy/dx", "y = x^2 + 1, dy/dx"),
    ("find dy/dx where y = sin(x)", "y = sin(x), dy/dx"),
    ("What is d/dx of x^2?", "d/dx x^2"),
    ("Q1. find the derivative of x^2 with respect to x", "d/dx (x^2)"),
]


@pytest.mark.parametrize("label", ["a)", "Q1.", "Step 2:", "Given:", "Find:"])
def test_a_label_before_a_statement_is_left_out_and_said(label: str) -> None:
    asked = parse(f"{label} d/dx x^3")
    assert (asked.text, f"{label} is left out" in asked.notes) == ("3 x²", True)


@pytest.mark.parametrize(("text", "formula"), SENTENCES)
def test_a_sentence_that_asks_for_a_derivative_is_the_derivative_and_says_so(text: str, formula: str) -> None:
    asked = parse(text)
    assert asked.text == parse(formula).text
    assert f"read as {formula}" in asked.notes


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Is the derivative of ln(x) with respect to x = 1/x?", "equal"),
        ("the gradient of x^T A x wrt x is (A + A^T) x", "other-layout"),
        ("is the derivative of x^3 by x equal to 3x", "not-equal"),
        ("verify that d/dx ln(x) = 1/x", "equal"),
        ("d/dx relu(x) = 1 if x > 0 else 0", "equal"),
        ("d/dx max(0, x) = 0 if x < 0, 2 if x > 0", "not-equal"),
    ],
)
def test_a_claim_in_words_is_judged_as_it_is_meant(text: str, verdict: str) -> None:
    assert check(text).verdict == verdict


@pytest.mark.parametrize("text", ["softmax(x + c) = softmax(x)", "var(x + c) = var(x)", "log det A = tr log A"])
def test_a_claim_that_holds_in_the_other_reading_is_not_called_wrong(text: str) -> None:
    with pytest.raises(Mistake) as refused:
        check(text)
    assert refused.value.code == "E-AMBIG"


def test_words_that_differentiate_by_another_name_than_is_asked_for_are_refused() -> None:
    with pytest.raises(Mistake, match="the words differentiate with respect to y"):
        derive("derivative of x^2 y wrt y", wrt="x")


REFUSED = [
    ("find the derivative of x^2 at 3 with respect to x", "E-SYNTAX", "x^2"),
    ("derivative of x^2 by hand", "E-SYNTAX", "x^2"),
    ("gradient of x^T A x", "E-SYNTAX", "x^T A x"),
    ("derivative of sin(x) at x = 2", "E-SYNTAX", "sin(x)"),
    ("plot L", "E-SYNTAX", "type a formula"),
    ("undo 2", "E-SYNTAX", "type a formula"),
    ("at x = 2", "E-SYNTAX", "type a formula"),
    ("the loss is w^2", "E-SYNTAX", "w^2"),
    ("loss + reg w", "E-NAME", "reg"),
    ("2 weight", "E-NAME", "weight"),
    ("A(x)", "E-AMBIG", "A*(x)"),
    ("x2x", "E-AMBIG", "x^2 x"),
    ("loss(x, y)", "E-NAME", "loss: R^n, R^n -> R"),
]


@pytest.mark.parametrize(("text", "code", "hint"), REFUSED)
def test_what_is_no_formula_or_has_two_readings_is_refused_with_what_to_type(text: str, code: str, hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert caught.value.code == code
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        ("d/dx x^2 + 3x", "d/dx (x^2 + 3x)", "(d/dx x^2) + 3x"),
        ("d/dx sin(x) - x", "d/dx (sin(x) - x)", "(d/dx sin(x)) - x"),
        ("∂/∂x (x + 1)^2 + 3x", "∂/∂x ((x + 1)^2 + 3x)", "(∂/∂x (x + 1)^2) + 3x"),
    ],
)
def test_a_derivative_that_may_reach_further_is_refused_with_both_readings(text: str, whole: str, part: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert caught.value.code == "E-AMBIG"
    assert caught.value.hint == f"write {whole}, or {part}"
    assert parse(whole).text != parse(part).text


def test_a_derivative_reaches_to_the_next_sign_where_nothing_else_can_be_meant() -> None:
    for text in ("d/dx x^2 + 3y", "d/dx x + d/dx x^2", "d/dx (x^2) + 3x", "(d/dx x^2) + 3x", "d/dx (x^2 + 3x)"):
        assert parse(text).text


def test_a_choice_that_was_made_is_said() -> None:
    assert "W1 is read as W_1" in parse("W1 x").notes
    assert "sinx is read as sin(x)" in derive("sinx", wrt="x").notes
    assert "AXB is read as A X B" in parse("tr(AXB)").notes


def test_a_name_with_digits_can_be_what_is_differentiated_by() -> None:
    assert derive("sum(W1 x)", wrt="W1").text == derive("sum(W_1 x)", wrt="W_1").text


def test_declared_names_stay_as_they_are() -> None:
    assert parse("W1 x1", where="W1: R^{m x n}; x1: R^n").assumed == []
    assert parse("loss weight", where="loss, weight: R").text == "loss weight"
    assert parse("d x", where="d, x: R").text == "d x"


CALLED_ELSEWHERE = {
    "Tr": "tr", "Trace": "tr", "Det": "det", "determinant": "det", "Diag": "diag", "Exp": "exp", "Log": "ln",
    "Ln": "ln", "Sin": "sin", "Cos": "cos", "Max": "max", "Min": "min", "maximum": "max", "minimum": "min",
    "inverse": "inv", "Inv": "inv", "expit": "sigmoid", "sgn": "sign", "average": "mean", "tg": "tan",
    "arctg": "atan", "Softmax": "softmax",
}  # fmt: skip


@pytest.mark.parametrize(("word", "name"), CALLED_ELSEWHERE.items())
def test_what_a_function_is_called_elsewhere_is_that_function(word: str, name: str) -> None:
    where = "A: R^{k x k}" if name in ("tr", "det", "inv") else "A: R^k"
    assert parse(f"{word}(A)", where=where).expr is parse(f"{name}(A)", where=where).expr


@pytest.mark.parametrize(
    ("order", "name"),
    [("1", "norm1"), ("2", "norm2"), ("inf", "norminf"), ("fro", "normF"), ("nuc", "nuclear")],
)
def test_a_norm_is_the_one_that_its_second_argument_says(order: str, name: str) -> None:
    where = "A: R^{m x n}" if order in ("fro", "nuc") else "A: R^n"
    assert parse(f"norm(A, {order})", where=where).expr is parse(f"{name}(A)", where=where).expr


def test_a_reason_behind_a_formula_is_left_out_where_it_says_something() -> None:
    assert parse("x^2, since a is b").notes == ["since a is b is left out"]
    for text in ("x^2 + since a is b", "x^2 since a"):
        with pytest.raises(Mistake):
            parse(text)
