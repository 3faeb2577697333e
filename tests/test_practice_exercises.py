"""One exercise: which answers are taken, what is said of the others, and that nothing said is the answer."""

from __future__ import annotations

import random

import pytest

from mcalc.errors import Mistake
from mcalc.practice.exercises import AGAIN, Exercise, leaks, of_derivative, of_shape
from mcalc.practice.line_exercises import Told, of_line, of_rule, of_slip
from mcalc.practice.topics import Task
from mcalc.shell.quiz import rule_called

SINE = Task("4.5.1", "d/dx (sin(x^2))", "x: R")
PRODUCT = Task("2", "d/dx (x^3 sin(x))", "x: R")
DOT = Task("5", "∂/∂w (w . x)", "w, x: R^n")
JACOBIAN = Task("4.1", "∂/∂x (A B x)", "A: R^{m x k}; B: R^{k x n}; x: R^n")
TRACE = Task("matrices", "∂/∂X (tr(A X B))", "A: R^{k x m}; X: R^{m x n}; B: R^{n x k}")


def derivative(task: Task) -> Exercise:
    return of_derivative(task, rule_called)


@pytest.mark.parametrize(
    "text",
    [
        "2 x cos(x^2)",
        "= 2x cos(x²)",
        r"$2x\cos(x^{2})$",
        r"\frac{2x}{1} \cos(x^2)",
        "x cos(x^2) + cos(x^2) x",
        "d/dx sin(x^2) = 2x cos(x^2)",
        "2x cos(x^2).",
    ],
)
def test_any_equal_form_is_right_and_latex_too(text: str) -> None:
    assert derivative(SINE).judge(text).is_right


@pytest.mark.parametrize(
    "text",
    [
        "d/dx sin(x^2)",
        "d/dx (sin(x^2))",
        "∂/∂x sin(x²)",
        "grad sin(x^2)",
        "∇_x sin(x^2)",
        "diff(sin(x^2), x)",
        "d(sin(x^2))/dx",
        "u where u = d/dx sin(x^2)",
        "cos(x^2) d/dx x^2",
        r"\frac{d}{dx} \sin(x^2)",
        "2x cos(x^2) = d/dx sin(x^2)",
        "",
        "= ",
    ],
)
def test_the_question_typed_back_is_no_answer(text: str) -> None:
    try:
        found = derivative(SINE).judge(text)
    except Mistake:
        assert not text.strip(" =")
        return
    assert not found.is_right
    assert not found.counts
    assert found.said == AGAIN


def test_the_other_layout_is_told_as_such() -> None:
    assert derivative(DOT).judge("x^T").said == "right: xᵀ"
    turned = derivative(DOT).judge("x")
    assert turned.is_right
    assert turned.said == "right, in the other layout; here it is xᵀ"


def test_a_wrong_answer_is_told_why_and_never_what_is_right() -> None:
    found = derivative(SINE).judge("cos(x^2)")
    assert not found.is_right
    assert found.details[0] == "likely slip: the derivative of the inner x², 2 x, is missing"
    constant = derivative(Task("2", "d/dx (7x)", "x: R")).judge("7x")
    assert not any([leaks("7", detail) for detail in constant.details])
    swapped = derivative(DOT).judge("w")
    assert not any(["should be x" in detail for detail in swapped.details])
    assert derivative(DOT).judge("w x^T").details[0] == "it should have another shape"


def test_names_that_the_question_does_not_have_are_asked_about() -> None:
    with pytest.raises(Mistake, match="the question has no q and no z"):
        derivative(SINE).judge("q z")
    with pytest.raises(Mistake, match="nothing follows") as caught:
        derivative(SINE).judge("2x +")
    assert caught.value.source == "2x +"
    assert [(span.start, span.end) for span in caught.value.spans] == [(3, 4)]


def test_what_is_offered_for_an_answer_that_has_no_shape_is_not_the_answer() -> None:
    for text in ("A B'", "A' B"):
        with pytest.raises(Mistake) as caught:
            derivative(TRACE).judge(text)
        assert caught.value.code == "E-SHAPE"
        assert not leaks("Aᵀ Bᵀ", caught.value.hint)


def test_hints_say_the_rules_then_the_shape_then_the_lines() -> None:
    hints = derivative(SINE).hints
    assert hints[:3] == [
        "by these rules: power rule, sin, single-variable chain rule",
        "it is a scalar",
        "u₁ = x²; y = sin(u₁)",
    ]
    assert hints[-1].startswith("dy/dx = 2 x cos(x²)")
    assert not any([leaks("2 x cos(x²)", hint) for hint in hints[:-1]])


@pytest.mark.parametrize(
    "text", ["m x n", "m×n", "m, n", "(m, n)", "R^{m x n}", "ℝ^{m×n}", r"\mathbb{R}^{m \times n}", "m by n", " m * n "]
)
def test_a_shape_is_read_as_people_write_it(text: str) -> None:
    assert of_shape(JACOBIAN).judge(text).is_right


def test_a_shape_in_the_other_layout_is_told_so_and_is_not_what_was_asked() -> None:
    found = of_shape(JACOBIAN).judge("n x m")
    assert not found.is_right
    assert found.details == ["that is its shape in the other layout, the denominator layout"]
    assert of_shape(JACOBIAN).judge("k x n").details == []
    row = of_shape(DOT)
    assert row.answer == "1×n"
    assert all([row.judge(text).is_right for text in ("1 x n", "a row of n", "row vector with n entries", "n", "R^n")])
    assert not row.judge("column of n").is_right
    for text in ("", "wide", "n x", "x", "-1", "1e9", "R^", "n x q"):
        with pytest.raises(Mistake, match="this is no shape"):
            of_shape(DOT).judge(text)


def test_sizes_that_are_sums_stand_in_brackets_or_not() -> None:
    shape = of_shape(Task("", "∂/∂(w, b) (w . x + b)", "w, x: R^n; b: R"))
    assert shape.answer == "1×(n + 1)"
    assert all([shape.judge(text).is_right for text in ("1×(n + 1)", "1 x (n+1)", "1 x n+1", "n + 1", "[1, n + 1]")])


def test_what_is_known_of_a_name_is_said_with_the_question() -> None:
    task = Task("", "∂/∂S (ln(det(S)) + a)", "S: R^{n x n} symmetric; a: R > 0")
    assert derivative(task).names == ["S ∈ ℝ^{n×n}", "a ∈ ℝ", "S is symmetric", "a is positive"]


def test_a_missing_line_is_judged_with_the_names_above_it() -> None:
    made = {
        one.question.splitlines()[-1]: one for one in (of_line(Told(SINE), random.Random(k)) for k in range(20)) if one
    }
    assert set(made) == {"du₁/dx = ?", "dy/du₁ = ?", "dy/dx = ?"}
    inner = made["dy/du₁ = ?"]
    assert all([inner.judge(text).is_right for text in ("cos(u₁)", "cos(u1)", "cos(u_1)", r"\cos(u_1)", "cos(x^2)")])
    assert not inner.judge("cos(x)").is_right
    assert made["dy/dx = ?"].judge("cos(u1) 2x").is_right
    assert inner.whole == "dy/du₁ = cos(u₁)"


def test_no_line_that_stands_above_is_an_answer_to_what_is_missing() -> None:
    missing = of_line(Told(PRODUCT), random.Random(1))
    assert missing is not None
    *above, _ = missing.question.splitlines()[-2:]
    assert missing.judge(above[0].partition(" = ")[2]).said == AGAIN


def test_the_wrong_line_is_the_only_number_that_is_right() -> None:
    for seed in range(4):
        exercise = of_slip(Told(SINE), random.Random(seed))
        assert exercise is not None
        right = int(exercise.answer.split()[1])
        assert [exercise.judge(str(k)).is_right for k in range(1, 7)] == [k == right for k in range(1, 7)]
        assert exercise.judge(f"Line {right}.").is_right
        assert exercise.judge(str(right % 6 + 1)).details == [f"line {right % 6 + 1} holds"]
        for text in ("0", "7", "two", "-1", "1 2", "١٢٣٤"):
            with pytest.raises(Mistake, match="from 1 to 6"):
                exercise.judge(text)


def test_a_derivation_by_differentials_has_its_exercises_too() -> None:
    missing, slip = of_line(Told(TRACE), random.Random(0)), of_slip(Told(TRACE), random.Random(0))
    assert missing is not None
    assert slip is not None
    assert missing.judge("A'B'").is_right
    assert missing.judge("B A").said == "right, in the other layout; here it is Aᵀ Bᵀ"


def test_a_rule_goes_by_its_names() -> None:
    rule = of_rule(Told(PRODUCT), random.Random(0), rule_called)
    assert rule is not None
    assert rule.answer == "product rule"
    assert all(
        [rule.judge(text).is_right for text in ("product rule", "the Product Rule", "product", "by the product rule")]
    )
    assert not rule.judge("chain rule").is_right
    assert not rule.judge("sum rule").is_right
    with pytest.raises(Mistake, match="no rule of this name"):
        rule.judge("leibniz")
    assert not any(["product" in text for text in (rule.question, *rule.hints[:2])])


def test_the_chain_rule_is_one_name_of_the_three_there_are() -> None:
    made = [of_rule(Told(SINE), random.Random(k), rule_called) for k in range(12)]
    chain = next(one for one in made if one is not None and "chain" in one.answer)
    assert chain.judge("chain rule").said == "right: single-variable chain rule"
    assert not chain.judge("vector chain rule").is_right
