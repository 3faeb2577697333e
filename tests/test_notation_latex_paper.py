"""The paper's own equations as it typesets them pass through, and give the results it prints."""

from __future__ import annotations

import pytest

from mcalc.api import check, derive

EQUATIONS = [
    ("2", r"\frac{d}{dx} 99", "x: R", "0"),
    ("2", r"\frac{d}{dx}3x", "x: R", "3"),
    ("2", r"\frac{d}{dx}x^3", "x: R", "3 x²"),
    ("2", r"\frac{d}{dx} (x^2 + 3x)", "x: R", "2 x + 3"),
    ("2", r"\frac{d}{dx} (x^2 - 3x)", "x: R", "2 x - 3"),
    ("2", r"\frac{d}{dx}x^2x", "x: R", "3 x²"),
    ("2", r"\frac{d}{dx} ln(x^2)", "x: R", "2/x"),
    ("2", r"\frac{d}{dx} 9(x + x^2)", "x: R", "9 + 18 x"),
    ("3", r"\frac{\partial}{\partial x} 3yx^2", "x, y: R", "6 y x"),
    ("3", r"\frac{\partial}{\partial y} 3x^2y", "x, y: R", "3 x²"),
    ("3", r"\nabla f(x,y)", "x, y: R; f(x,y) = 3x^2y", "[6 y x, 3 x²]"),
    ("4", r"\nabla g(x,y)", "x, y: R; g(x,y) = 2x + y^8", "[2, 8 y⁷]"),
    (
        "4",
        r"\frac{\partial}{\partial (x, y)} \begin{bmatrix} 3x^2y\\ 2x+y^8 \end{bmatrix}",
        "x, y: R",
        "[[6 y x, 3 x²], [2, 8 y⁷]]",
    ),
    ("4.1", r"\frac{\partial \mathbf{x}}{\partial \mathbf{x}}", "x: R^n", "I"),
    ("4.2", r"\frac{\partial (\mathbf{w+x})}{\partial \mathbf{w}}", "w, x: R^n", "I"),
    ("4.2", r"\frac{\partial (\mathbf{w-x})}{\partial \mathbf{x}}", "w, x: R^n", "-I"),
    ("4.2", r"\frac{\partial (\mathbf{w \otimes x})}{\partial \mathbf{w}}", "w, x: R^n", "diag(x)"),
    ("4.2", r"\frac{\partial (\mathbf{w \oslash x})}{\partial \mathbf{w}}", "w, x: R^n", "diag(1⃗ ⊘ x)"),
    ("4.2", r"\frac{\partial (\mathbf{w \oslash x})}{\partial \mathbf{x}}", "w, x: R^n", "diag(-w ⊘ x²)"),
    ("4.2", r"\frac{\partial\, max(\mathbf{w},\mathbf{x})}{\partial \mathbf{w}}", "w, x: R^n", "diag(w > x)"),
    ("4.2", r"\frac{\partial (\mathbf{w} > \mathbf{x})}{\partial \mathbf{w}}", "w, x: R^n", "zeros(n, n)"),
    ("4.3", r"\frac{\partial}{\partial \mathbf{x}} ( \mathbf{x} + z )", "x: R^n; z: R", "I"),
    ("4.3", r"\frac{\partial}{\partial z} ( \mathbf{x} + z )", "x: R^n; z: R", "1⃗"),
    ("4.3", r"\frac{\partial}{\partial \mathbf{x}} ( \mathbf{x} z )", "x: R^n; z: R", "z I"),
    ("4.3", r"\frac{\partial}{\partial z} ( \mathbf{x} z )", "x: R^n; z: R", "x"),
    ("4.4", r"\nabla_{\mathbf{x}} sum(\mathbf{x})", "x: R^n", "1⃗ᵀ"),
    ("4.4", r"\frac{\partial}{\partial \mathbf{x}} \sum_{i=1}^n x_i", "x: R^n", "1⃗ᵀ"),
    ("4.4", r"\frac{\partial}{\partial \mathbf{x}} sum(\mathbf{x} z)", "x: R^n; z: R", "z 1⃗ᵀ"),
    ("4.4", r"\frac{\partial}{\partial z} sum(\mathbf{x} z)", "x: R^n; z: R", "sum(x)"),
    ("4.5.1", r"\frac{d}{dx} sin(x^2)", "x: R", "2 x cos(x²)"),
    ("4.5.1", r"\frac{d}{dx} ln(sin(x^3)^2)", "x: R", "6 x² cos(x³) / sin(x³)"),
    ("4.5.2", r"\frac{d}{dx} sin(x + x^2)", "x: R", "cos(x + x²) (1 + 2 x)"),
    ("4.5.2", r"\frac{d}{dx} x^3", "x: R", "3 x²"),
    ("4.5.3", r"\frac{d}{dx} \begin{bmatrix} ln(x^2)\\ sin(3x) \end{bmatrix}", "x: R", "[2/x; 3 cos(3 x)]"),
    ("5", r"\frac{\partial}{\partial \mathbf{w}} (\mathbf{w} \cdot \mathbf{x} + b)", "w, x: R^n; b: R", "xᵀ"),
    ("5", r"\frac{\partial}{\partial b} (\mathbf{w} \cdot \mathbf{x} + b)", "w, x: R^n; b: R", "1"),
    (
        "5",
        r"\frac{\partial}{\partial \mathbf{w}} max(0, \mathbf{w} \cdot \mathbf{x} + b)",
        "w, x: R^n; b: R",
        "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}",
    ),
    (
        "5",
        r"\frac{\partial}{\partial b} max(0, \mathbf{w} \cdot \mathbf{x} + b)",
        "w, x: R^n; b: R",
        "{0 if w · x + b ≤ 0; 1 if w · x + b > 0}",
    ),
    (
        "5",
        r"\frac{\partial}{\partial z} \begin{cases} 0 & z \leq 0\\ z & z > 0 \end{cases}",
        "z: R",
        "{0 if z ≤ 0; 1 if z > 0}",
    ),
    ("5", r"\frac{\partial}{\partial \mathbf{x}} max(0, \mathbf{x})", "x: R^n", "diag(x > 0)"),
    (
        "6.1",
        r"\frac{\partial}{\partial\mathbf{w}} \frac{1}{N} \sum_{i=1}^N (y_i - max(0, \mathbf{w}\cdot\mathbf{x}_i+b))^2",
        "w: R^n; b: R; X: R^{N x n}; y: R^N",
        "2/N Σ_{i=1}^{N} {0⃗ᵀ if w · xᵢ + b ≤ 0; (w · xᵢ + b - yᵢ) xᵢᵀ if w · xᵢ + b > 0}",
    ),
    (
        "6.2",
        r"\frac{\partial}{\partial b} \frac{1}{N} \sum_{i=1}^N (y_i - max(0, \mathbf{w}\cdot\mathbf{x}_i + b))^2",
        "w: R^n; b: R; X: R^{N x n}; y: R^N",
        "2/N Σ_{i=1}^{N} {0 if w · xᵢ + b ≤ 0; w · xᵢ + b - yᵢ if w · xᵢ + b > 0}",
    ),
    ("8.4", r"\nabla_{\mathbf{x}} \mathbf{x}^T\mathbf{x}", "x: R^n", "2 xᵀ"),
    ("8.4", r"\frac{\partial}{\partial \mathbf{x}} \sum_i x_i^2", "x: R^n", "2 xᵀ"),
    ("9", r"\frac{\partial (\mathbf{w}^{T}\mathbf{x})}{\partial \mathbf{w}}", "w, x: R^n", "xᵀ"),
]


ACTIVATION = r"""
\begin{aligned}
  \frac{\partial}{\partial \mathbf{w}} max(0, \mathbf{w}\cdot\mathbf{x} + b)
  &= \begin{cases}
    \vec{0}^T & \mathbf{w}\cdot\mathbf{x} + b \leq 0 \\
    \mathbf{x}^T & \mathbf{w}\cdot\mathbf{x} + b > 0
  \end{cases}
\end{aligned}
"""


@pytest.mark.parametrize(("section", "pasted", "where", "result"), EQUATIONS, ids=[" ".join(e[:2]) for e in EQUATIONS])
def test_an_equation_of_the_paper_gives_its_result(section: str, pasted: str, where: str, result: str) -> None:
    derivative = derive(pasted, where=where)
    assert derivative.text == result
    assert derivative.notes[0].startswith("read as ∂")


@pytest.mark.parametrize(
    ("pasted", "where"),
    [
        (r"\frac{d}{dx} (x^2 + 3x) = \frac{d}{dx} x^2 + 3\frac{d}{dx}x = 2x + 3", "x: R"),
        (r"\frac{\partial (\mathbf{w \otimes x})}{\partial \mathbf{w}} = diag(\mathbf{x})", "w, x: R^n"),
        (r"\frac{\partial}{\partial z}sum(\mathbf{x} z) = sum(\mathbf{x})", "x: R^n; z: R"),
        (ACTIVATION, "w, x: R^n; b: R"),
    ],
)
def test_a_derivation_of_the_paper_holds(pasted: str, where: str) -> None:
    assert check(pasted, where=where).verdict == "equal"
