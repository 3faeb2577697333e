"""What mcalc prints in LaTeX, mcalc reads, and reads as the same expression."""

from __future__ import annotations

import pytest

from mcalc.api import derive, parse
from mcalc.expr import Expr, Operator, walk
from mcalc.render.faces import ASCII, UNICODE
from mcalc.render.latex_face import LATEX
from mcalc.render.latex_lines import join
from mcalc.render.quotients import gathered
from mcalc.render.text import lay_out
from tests.generator import DIFFERENTIABLE, Generator
from tests.latex_reading import expressions, hostile, reads_back
from tests.reading import misread
from tests.test_render_latex import SAMPLES

SEEDS = 240
"""`python -m tests.latex_reading 2000` is the long run."""
READABLE = [e for e, _ in SAMPLES if not e.free and not any([type(n.attr) is float for n in walk(e)])]
"""Samples that are whole expressions, and have no number that is only near what is written."""


@pytest.mark.parametrize("part", range(8))
def test_random_expressions_and_their_derivatives_are_read_back(part: int) -> None:
    slips = [slip for seed in range(part, SEEDS, 8) for expr in expressions(seed) if (slip := reads_back(expr))]
    assert slips == []


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=[row.name for row in DIFFERENTIABLE])
def test_every_row_of_the_table_is_read_back(row: Operator) -> None:
    assert reads_back(Generator(7).featuring(row, 1, scalar=False)) == ""


@pytest.mark.parametrize("expr", READABLE, ids=[text for expr, text in SAMPLES if expr in READABLE])
def test_the_samples_of_the_printer_are_read_back(expr: Expr) -> None:
    assert reads_back(expr) == ""


@pytest.mark.parametrize("text", ["∂/∂w (w·x)^2", "max(0, w·x + b)", "sin(x^2)^3"])
def test_the_sides_of_a_derivation_are_read_back(text: str) -> None:
    wrt = None if "∂" in text else "x" if "sin" in text else "w"
    for step in derive(text, wrt=wrt).steps:
        line = step._line
        for side in (line.lhs, *line.rhs):
            assert reads_back(side) == ""


@pytest.mark.parametrize("part", range(4))
def test_parts_that_are_named_to_keep_a_result_short_are_read_back_in_all_notations(part: int) -> None:
    slips: list[str] = []
    named = 0
    for seed in range(part, 120, 4):
        for expr in hostile(seed):
            for face, notation in ((UNICODE, "auto"), (ASCII, "auto"), (LATEX, "latex")):
                shown = gathered(expr) if face is LATEX else expr
                layout = lay_out(shown, face, budget=12)
                named += bool(layout.definitions)
                text = join(layout.pieces(face)) if face is LATEX else "".join([p for p, _ in layout.pieces(face)])
                slips.append(misread(shown, [text], notation))
    assert [slip for slip in slips if slip] == []
    assert named > 5


def test_definitions_inside_a_sum_are_read_in_latex() -> None:
    text = (
        r"\sum_{i=1}^{p} \left(u_{1} u_{2} \text{ where } u_{1} = x_{i}; u_{2} = \prod_{j=1, j \neq i}^{p} x_{j}\right)"
    )
    assert parse(text, where="x: R^p", notation="latex").text == "Σ_{i=1}^{p} xᵢ Π_{j=1, j ≠ i}^{p} xⱼ"


def test_an_index_that_runs_in_one_definition_leaves_the_others_alone() -> None:
    text = r"\mathbf{u}_{1} \sum_{i=1}^{N} \mathbf{x}_{i} + u_{2} "
    text += r"\text{ where } \mathbf{u}_{1} = \mathbf{w}^\top; u_{2} = \sum_{i=1}^{N} y_{i}"
    found = parse(text, where="w: R^n; X: R^{N x n}; y: R^N", notation="latex")
    assert found.text == "wᵀ Σ_{i=1}^{N} xᵢ + Σ_{i=1}^{N} yᵢ"
