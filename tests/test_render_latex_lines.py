"""LaTeX is no wider than a column: broken before signs, and with names for what cannot be broken."""

from __future__ import annotations

import pytest

from mcalc.dims import Dim
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import add, mul, power
from mcalc.operators.blocks import block
from mcalc.operators.elementwise import EXP, SIN
from mcalc.operators.leaves import number, symbol
from mcalc.render.latex_face import LATEX, fitting, latex
from mcalc.render.latex_lines import COLUMN, fits, lines, width_of
from mcalc.render.text import lay_out
from tests.latex_reading import reads_back

n = Dim.named("n")
x, s, t = symbol("x", (n,)), symbol("s"), symbol("t")
TERMS = [make(SIN, (power(add(s, number(k)), number(2)),)) for k in range(2, 9)]
SUM, PRODUCT = add(*TERMS), mul(*TERMS)
WIDE = [
    (SUM, r" \\ & \quad + \sin("),
    (make(EXP, (SUM,)), r" \\ & \quad + \sin("),
    (mul(SUM, s, SUM), r" \\ & \quad + \sin("),
    (PRODUCT, r" \\ & \text{where } u_{1} = "),
    (block(2, 2, s, SUM, t, s), r" \\ & \text{where } u_{1} = "),
    (mul(s, power(add(t, PRODUCT), number(-1))), r" \\ & \text{where } u_{1} = "),
]


@pytest.mark.parametrize(
    ("expr", "line"), WIDE, ids=["sum", "call", "product of sums", "product", "matrix", "fraction"]
)
def test_what_is_wider_than_a_column_goes_on_in_the_next_line_and_is_read_back(expr: Expr, line: str) -> None:
    text = latex(expr)
    assert line in text
    assert text.count(r"\left") == text.count(r"\right")
    assert text.count(r"\Bigl") == text.count(r"\Bigr")
    assert all([fits(row, COLUMN) for row in fitting(expr, LATEX)[1]])
    assert reads_back(expr) == ""


def test_a_step_may_break_a_product_where_it_is_read_by_people_only() -> None:
    pieces = lay_out(PRODUCT, LATEX).pieces(LATEX)
    assert len(lines(pieces)) == 1
    assert len(lines(pieces, products=True)) == 2


MEASURED = [
    (r"a_i^2", 9.8),
    (r"\frac{\partial u}{\partial w}", 13.1),
    (r"\begin{cases}a & b\\c & d\end{cases}", 29.7),
    (r"\begin{bmatrix}a & b\\c & d\end{bmatrix}", 31.0),
    (r"\operatorname{sum}(\arctan(\sigma(A_{\text{nn}})) \odot \arctan(\sigma(A_{\text{nn}})))", 170.4),
    (r"C^\top X B B^\top X^\top C^\top X + (C^\top X X^\top C^\top + C X X^\top C) X B B^\top", 238.7),
    (r"a\text{ where }b", 41.8),
]
"""Formulas with the width in points that TeX gives them."""


@pytest.mark.parametrize(("text", "points"), MEASURED)
def test_widths_are_nearly_those_of_tex_and_rather_too_wide(text: str, points: float) -> None:
    assert 0.98 * points <= width_of(text) <= 1.15 * points + 1
