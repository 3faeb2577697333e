"""LaTeX: the subset that mcalc reads."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mcalc.api import derive
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr, make
from mcalc.operators import TABLE
from mcalc.operators.abstract import apply, derivative
from mcalc.operators.arithmetic import AND, GT, LE, NE, add, cases, div, mul, neg, power
from mcalc.operators.blocks import block
from mcalc.operators.leaves import eye, index, number, ones, size, symbol, unit, zeros
from mcalc.operators.linear import SIGMA, dot, einsum, element, matmul, transpose
from mcalc.operators.matrix import inv, norm
from mcalc.render.glyphs import BOLD, PLAIN, Letters, letters
from mcalc.render.latex_face import latex

n, N = Dim.named("n"), Dim.named("N")
x, w = symbol("x", (n,)), symbol("w", (n,))
A, B, X = symbol("A", (n, n)), symbol("B", (n, n)), symbol("X", (N, n))
y = symbol("y", (N,))
z, s, t = symbol("z"), symbol("s"), symbol("t")
i = index("i", 0, number(1), size(N))
HALF = number(Fraction(1, 2))

SAMPLES = [
    (dot(w, x), r"\mathbf{w} \cdot \mathbf{x}"),
    (mul(x, w), r"\mathbf{x} \odot \mathbf{w}"),
    (mul(x, power(w, number(-1))), r"\mathbf{x} \oslash \mathbf{w}"),
    (power(x, number(-1)), r"\vec{1} \oslash \mathbf{x}"),
    (transpose(x), r"\mathbf{x}^\top"),
    (transpose(zeros((n,))), r"\vec{0}^\top"),
    (transpose(inv(A)), r"A^{-\top}"),
    (inv(A), "A^{-1}"),
    (matmul(A, A, x), r"A^{2} \mathbf{x}"),
    (power(A, number(2)), r"A^{\circ 2}"),
    (power(norm(x), number(2)), r"\lVert \mathbf{x} \rVert^{2}"),
    (make(TABLE["norm1"], (x,)), r"\lVert \mathbf{x} \rVert_1"),
    (norm(div(x, z)), r"\left\lVert \frac{\mathbf{x}}{z}\right\rVert"),
    (make(TABLE["abs"], (z,)), r"\lvert z \rvert"),
    (make(TABLE["abs"], (div(s, t),)), r"\left\lvert \frac{s}{t}\right\rvert"),
    (make(TABLE["abs"], (x,)), r"\operatorname{abs}(\mathbf{x})"),
    (div(s, t), r"\frac{s}{t}"),
    (mul(number(2), s, power(t, number(-2)), z), r"\frac{2 s}{t^{2}} z"),
    (mul(s, power(t, number(-1)), power(z, number(-1))), r"\frac{s}{t z}"),
    (mul(x, power(norm(x), number(-1)), power(z, number(-2))), r"\frac{\mathbf{x}}{z^{2} \lVert \mathbf{x} \rVert}"),
    (mul(matmul(add(A, B), x), HALF), r"\frac{1}{2} (A + B) \mathbf{x}"),
    (mul(size(n), inv(A), HALF), r"\frac{n}{2} A^{-1}"),
    (mul(make(SIGMA, (i, element(y, i))), power(size(N), number(-1))), r"\frac{1}{N} \sum_{i=1}^{N} y_{i}"),
    (div(add(s, t), add(z, number(1))), r"\frac{s + t}{z + 1}"),
    (mul(s, t, power(add(z, number(1)), number(-1))), r"\frac{s t}{z + 1}"),
    (div(mul(s, t), z), r"\frac{s t}{z}"),
    (neg(div(s, t)), r"-\frac{s}{t}"),
    (power(t, number(-1)), r"\frac{1}{t}"),
    (power(power(t, number(-1)), s), r"\left(\frac{1}{t}\right)^{s}"),
    (mul(HALF, s), r"\frac{1}{2} s"),
    (mul(HALF, s, power(t, number(-1))), r"\frac{s}{2 t}"),
    (mul(s, HALF), r"\frac{s}{2}"),
    (power(t, HALF), r"\sqrt{t}"),
    (power(t, number(Fraction(1, 3))), "t^{1/3}"),
    (power(t, add(s, number(-1))), "t^{s - 1}"),
    (matmul(A, div(x, z)), r"A \left(\frac{\mathbf{x}}{z}\right)"),
    (make(TABLE["sin"], (div(s, t),)), r"\sin\left(\frac{s}{t}\right)"),
    (make(TABLE["softmax"], (x,)), r"\operatorname{softmax}(\mathbf{x})"),
    (make(TABLE["trace"], (A,)), r"\operatorname{tr}(A)"),
    (make(TABLE["sigmoid"], (z,)), r"\sigma(z)"),
    (make(TABLE["max"], (number(0), z)), r"\max(0, z)"),
    (make(TABLE["pi"]), r"\pi"),
    (eye(n), "I"),
    (ones((n, N)), r"\mathbf{1}_{n \times N}"),
    (norm(A), r"\lVert A \rVert_F"),
    (element(symbol("y_hat", (N,)), i), r"\hat{y}_{i}"),
    (element(symbol("Y_hat", (N, n)), i), r"\hat{\mathbf{Y}}_{i}"),
    (element(y, index("ℓ", 0, number(1), size(N))), r"y_{\ell}"),
    (unit(number(1), n), r"\operatorname{unit}(1, n)"),
    (element(x, i), "x_{i}"),
    (element(X, i), r"\mathbf{x}_{i}"),
    (element(A, number(1), number(2)), "A_{1,2}"),
    (make(SIGMA, (i, power(element(y, i), number(2)))), r"\sum_{i=1}^{N} y_{i}^{2}"),
    (
        cases(z, make(LE, (z, number(0))), s, make(AND, (make(GT, (z, number(0))), make(NE, (z, s)))), t),
        r"\begin{cases} z & z \leq 0\\ s & z > 0 \land z \neq s\\ t & \text{otherwise} \end{cases}",
    ),
    (block(2, 1, s, t), r"\begin{bmatrix} s\\ t \end{bmatrix}"),
    (block(2, 2, s, t, z, s), r"\begin{bmatrix} s & t\\ z & s \end{bmatrix}"),
    (derivative(dot(w, x), w), r"\frac{\partial}{\partial \mathbf{w}} (\mathbf{w} \cdot \mathbf{x})"),
    (derivative(dot(w, x), w, z), r"\frac{\partial}{\partial (\mathbf{w}, z)} (\mathbf{w} \cdot \mathbf{x})"),
    (apply("f", t, counts=(2,)), r"f^{\prime\prime}(t)"),
    (apply("f", t, s, counts=(1, 0)), r"\partial_{1} f(t, s)"),
    (einsum(((0, 1), (1,)), (0,), (A, x)), r"\left[ \sum_{p} A_{ip} x_{p} \right]_{i}"),
    (symbol("λ", (n,)), r"\boldsymbol{\lambda}"),
    (symbol("x_hat", (n,)), r"\hat{\mathbf{x}}"),
    (symbol("w_train", (n,)), r"\mathbf{w}_{\text{train}}"),
    (symbol("c_{t-1}"), "c_{t-1}"),
    (number(2.5e-9), r"2.5 \times 10^{-9}"),
]


@pytest.mark.parametrize(("expr", "text"), SAMPLES, ids=[s[1] for s in SAMPLES])
def test_latex_is_what_a_paper_would_print(expr: Expr, text: str) -> None:
    assert latex(expr) == text


STYLED = [
    (matmul(A, x), BOLD, r"\mathbf{A} \mathbf{x}"),
    (matmul(A, x), PLAIN, "A x"),
    (transpose(ones((n,))), BOLD, r"\mathbf{1}^\top"),
    (add(symbol("Σ", (n, n)), eye(n)), BOLD, r"\boldsymbol{\Sigma} + \mathbf{I}"),
    (mul(element(y, i), s), BOLD, "y_{i} s"),
    (matmul(A, x), letters("auto", {"A": 2, "x": 0}), r"\mathbf{A} x"),
]


@pytest.mark.parametrize(("expr", "style", "text"), STYLED, ids=[s[2] for s in STYLED])
def test_letters_are_bold_as_a_style_says(expr: Expr, style: Letters, text: str) -> None:
    assert latex(expr, letters=style) == text


def test_there_is_no_other_style() -> None:
    with pytest.raises(Mistake, match="no style of LaTeX 'script'"):
        derive("x^2", wrt="x").to_latex("script")


def test_what_was_pasted_in_bold_is_printed_in_bold_and_what_was_not_is_not() -> None:
    bold = derive(r"\mathbf{w}^\top \mathbf{S} \mathbf{w}", wrt="w")
    assert bold.latex == r"\mathbf{w}^\top (\mathbf{S} + \mathbf{S}^\top)"
    assert r"\mathbf{S}" in bold.steps.latex
    assert r"\mathbf{S}" not in bold.steps.to_latex("plain")
    assert derive(r"w^\top S w", wrt="w").latex == r"w^\top (S + S^\top)"


def test_braces_and_environments_pair_in_every_sample() -> None:
    for expr, _ in SAMPLES:
        text = latex(expr)
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count(r"\begin") == text.count(r"\end")
