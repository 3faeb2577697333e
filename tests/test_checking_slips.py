"""What is said of a wrong answer: the rule that was misremembered, the condition it needs; nothing untrue."""

from __future__ import annotations

import re

import numpy as np
import pytest

import mcalc
from mcalc.checking.diagnosis import written
from mcalc.checking.slips import _chained
from mcalc.checking.verdict import Evidence, holds
from mcalc.operators.arithmetic import mul
from mcalc.operators.leaves import number
from tests.claims import replayed

MATRICES = "A, B: R^{n x n}; x, y: R^n"


@pytest.mark.parametrize(
    ("claim", "where", "slip", "said"),
    [
        ("d/dx (x^2 sin(x)) = 2x cos(x)", "", "product rule", "f′ g′ in the place of f′ g + f g′"),
        ("d/dt (sin(t) exp(2t)) = 2 cos(t) exp(2t)", "", "product rule", "f′ g′"),
        ("∂/∂x (a·x)(b·x) = (a .* b)^T", "a, b, x: R^n", "product rule", "f is a · x and g is b · x"),
        ("d/dx (x^2/sin(x)) = 2x/cos(x)", "", "quotient rule", "f′/g′"),
        ("d/dx 2^x = x 2^(x-1)", "", "power rule", "the derivative is ln(2) 2^x"),
        ("d/dx e^x = x e^(x-1)", "", "power rule", "the power rule on an exponential"),
        ("∂/∂w exp(w·x) = (w·x) exp(w·x - 1) x^T", "w, x: R^n", "power rule", "exponential"),
        ("d/dx x^2 = x^3/3", "", "integrated", "integrated, not differentiated"),
        ("d/dx (x^2 + cos(x)) = x^3/3 + sin(x)", "", "integrated", "its derivative is 2 x - sin(x)"),
        ("∂/∂x sum(x^2) = x^T .* x^T .* x^T / 3", "x: R^n", "integrated", "integrated"),
        ("∂/∂X ||X|| = 2X", "X: R^{m x n}", "norm", "the square ‖X‖²"),
        ("∂/∂x ||A x - b|| = 2 (A x - b)^T A", "A: R^{m x n}; x: R^n; b: R^m", "norm", "of ‖A x - b‖"),
        ("∂/∂x softmax(x) = diag(softmax(x) .* (1 - softmax(x)))", "x: R^n", "softmax", "only the diagonal"),
        ("∂/∂x (y · softmax(x)) = (y .* softmax(x) .* (1 - softmax(x)))^T", "x, y: R^n", "softmax", "the diagonal"),
        ("∂/∂x softmax(x) = softmax(x) .* (1 - softmax(x))", "x: R^n", "diagonal", "only the diagonal of mcalc's"),
        ("d/dx σ(x) = σ(x)", "", "function", "σ(x) (1 - σ(x)), not σ(x)"),
        ("∂/∂w σ(w·x) = σ(w·x) x^T", "w, x: R^n", "function", "not σ(w · x)"),
        ("d/dx tanh(x) = 1 - tanh(x)", "", "function", "1 - tanh(x)², not 1 - tanh(x)"),
        ("d/dx sin(x^2) = cos(2x)", "", "inner derivative", "f′(g′), in the place of f′(g) g′"),
        ("d/dx (ln(x)/x) = (1 - ln(x))/x", "", "exponent", "x should be x²"),
        ("d/dx (c/x^2 - ln(x)) = -2c/x^2 - 1/x", "c: R", "exponent", "1/x² should be 1/x³"),
        ("d/dy y^3 = 3 y^4", "", "exponent", "y⁴ should be y²"),
        ("d/dx ln(x)^2 = 2 ln(x)", "", "inner derivative", "the inner ln(x), 1/x, is missing"),
        ("∂/∂x max(0, A x) = A", "A: R^{m x n}; x: R^n", "mask", "the derivative of max, (A x > 0), is missing"),
        ("∂/∂W (max(0, W x)·v) = v x^T", "W: R^{m x n}; x: R^n; v: R^m", "mask", "max, (W x > 0), is missing"),
        ("∂/∂x relu(A x) = A", "A: R^{m x n}; x: R^n", "mask", "the derivative of relu, (A x > 0), is missing"),
        ("∂/∂w sum(max(0, 1 - y .* (X w))) = -y^T X", "X: R^{N x n}; w: R^n; y: R^N", "mask", "> 0), is missing"),
        ("∂/∂w sum_{i=1}^N max(0, 1 - y_i (w · x_i)) = -y^T X", "X: R^{N x n}; w: R^n; y: R^N", "mask", "is missing"),
        ("∂/∂w sum(max(0, X w) + max(0, -3 X w)) = -2 ones(N)^T X", "X: R^{N x n}; w: R^n", "mask", "are missing"),
        ("∂/∂w max(0, w·x) = (w·x <= 0) x^T", "w, x: R^n", "swapped cases", "the wrong way round"),
        ("d/dx {x^2 if x > 0; -x otherwise} = {-1 if x > 0; 2x otherwise}", "", "swapped cases", "wrong way round"),
        ("∂/∂x mean(x) = 1vec^T", "x: R^n", "sum or mean", "n times mcalc's, the 1/n is missing"),
        ("∂/∂A mean(A) = ones(m, n)", "A: R^{m x n}", "sum or mean", "the 1/(m n) is missing"),
        ("∂/∂x sum(x) = 1vec^T / n", "x: R^n", "sum or mean", "1/n times mcalc's, the factor n is missing"),
        ("∂/∂x (y·log(softmax(x))) = (y - softmax(x))^T", "x, y: R^n", "condition", "only where sum(y) = 1"),
        ("∂/∂x (-y·logsoftmax(x)) = (softmax(x) - y)^T", "x, y: R^n", "condition", "only where sum(y) = 1"),
        ("∂/∂x (x^T A x) = 2 x^T A", MATRICES, "symmetric", "only where A is symmetric"),
        ("∂/∂x ||A x||^2 = 2 x^T", MATRICES, "condition", "only where Aᵀ A = I"),
        ("det(2 A) = 8 det(A)", MATRICES, "condition", "only where n = 3"),
        ("∂/∂x (n x·x) = 6 x^T", "x: R^n", "factor", "only where n = 3"),
        ("d/dx |x| = 1", "", "mask", "only where x > 0"),
        ("d/dx sqrt(x^2) = 1", "", "condition", "only where x > 0"),
        ("∂/∂X ‖A X - B‖^2 = 2 (A X - B) A^T", MATRICES.replace("x, y", "X: R^{n x n}; x"), "order", "the order"),
    ],
)
def test_the_classic_slips_and_conditions_have_names(claim: str, where: str, slip: str, said: str) -> None:
    found = mcalc.check(claim, where=where)
    assert (found.verdict, found.slip) == ("not-equal", slip), found.text
    assert said in found.reason
    for evidence in found.evidence:
        assert replayed(evidence), evidence


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("d/dx (x^2/2) = 1/x", ""),
        ("d/dx ln(x) = x", ""),
        ("∂/∂x max(0, A x) = A + 1", "A: R^{m x n}; x: R^n"),
        ("∂/∂w (max(0, w·x) + max(0, -w·x)) = 2 x^T", "w, x: R^n"),
        ("∂/∂w max(0, w·x)^2 = 2 (w·x) x^T", "w, x: R^n"),
        ("∂/∂w max(0, max(0, w·x) - 1) = x^T", "w, x: R^n"),
    ],
)
def test_a_mask_or_an_exponent_is_not_excused_by_positive_variables(claim: str, where: str) -> None:
    found = mcalc.check(claim, where=where)
    assert found.verdict == "not-equal"
    assert not re.search(r"positive|only where \w > 0|1/x should be x|x should be 1/x", found.text), found.text


def test_what_holds_at_one_size_or_in_one_branch_alone_is_not_said() -> None:
    x = mcalc.parse("x", where="x: R^n").expr
    relu = mcalc.parse("max(0, x)", where="x: R^n").expr
    far = mcalc.parse("max(0, x - 3000)", where="x: R^n").expr
    thrice = mcalc.parse("3 x", where="x: R^n").expr
    size = mcalc.parse("n x", where="x: R^n").expr
    assert holds(Evidence("", mul(number(3), x), thrice))
    assert not holds(Evidence("", size, thrice))
    assert holds(Evidence("", size, thrice, sizes={"n": 3}))
    assert not holds(Evidence("", size, thrice, sizes={"n": 4}))
    assert not holds(Evidence("", relu, x))
    assert not holds(Evidence("", far, mul(number(0), x)))
    assert holds(Evidence("", relu, x, lambda values: {**values, "x": np.abs(values["x"])}))


def test_a_zero_has_no_sign_and_rounding_is_none() -> None:
    assert written(np.array([-0.0, 1.0])) == "[0, 1]"
    assert written(np.array([[-1e-17, -0.0], [2, 1e-20]])) == "[0, 0; 2, 0]"
    assert written(np.array(-0.0)) == "0"
    said = mcalc.check("∂/∂X (a^T X^-1 b) = X^-T a b^T X^-T", where="X: R^{n x n}; a, b: R^n").text
    assert "-0" not in re.sub(r"-0\.\d", "", said)


def test_sizes_that_no_shown_array_has_are_told_with_the_point() -> None:
    assert "at n = 2: the right side 3, the left side 2" in mcalc.check("tr(I(n)) = 3", where="x: R^n").text


def test_an_answer_of_three_axes_is_not_turned_to_be_chained() -> None:
    jacobian = mcalc.derive("tanh(x)", wrt="x", where=MATRICES)
    tensor = mcalc.derive("A x", wrt="A", where=MATRICES)
    assert tensor.expr.order == 3
    assert list(_chained(tensor.expr, jacobian.expr)) == []
