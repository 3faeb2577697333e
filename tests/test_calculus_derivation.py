"""Derivations: every line is an equation that holds, and the last of them is the result."""

from __future__ import annotations

import pytest

from mcalc.calculus.derivation import derive_in_steps
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.lines import Derivation, Line
from mcalc.expr import make
from mcalc.notation import Scope, read_expression, read_variables, read_where
from mcalc.operators.arithmetic import MUL
from mcalc.operators.leaves import number
from mcalc.render.text import unicode
from tests.derivations import replay, replay_seed

COUNT = 500
"""Random derivations replayed."""


def derivation(text: str, wrt: str, where: str, mode: str = "auto") -> Derivation:
    scope = Scope()
    read_where(where, scope)
    reading = read_expression(text, scope)
    [variable] = read_variables(wrt, scope, reading)
    assert reading.expr is not None
    return derive_in_steps(reading.expr, variable, derivative_of(reading.expr, [variable]), mode)


def told(text: str, wrt: str, where: str, mode: str = "auto") -> list[str]:
    lines = derivation(text, wrt, where, mode).lines
    return [f"{line.rule} {line.section}".strip() + f": {unicode(line.rhs[-1])}" for line in lines]


def test_random_derivations_hold_line_by_line_and_end_in_the_result() -> None:
    wrong: list[str] = []
    replayed = seed = 0
    while replayed < COUNT:
        seed += 1
        found = replay_seed(seed)
        replayed += found is not None
        wrong += found or []
    assert wrong == []


def test_a_wrong_line_is_caught() -> None:
    told_as = derivation("sum(w .* x)", "w", "w, x: R^n")
    assert replay(told_as, 1) == []
    line = told_as.lines[-1]
    told_as.lines.append(Line(line.part, line.lhs, [make(MUL, (number(2), line.rhs[-1]))]))
    assert replay(told_as, 1) == ["∂/∂w y = 2 xᵀ"]


PAPER = [
    ("9(x + x^2)", "x", "x: R", [
        "multiplication by constant rule 2: 9 ∂/∂x (x + x²)", "sum rule 2: 9 (∂/∂x x + ∂/∂x x²)",
        "derivative of a variable by itself, power rule 2: 9 (1 + 2 x)", "multiply out: 9 + 18 x",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "lines"), PAPER)
def test_paper_derivation_comes_in_the_papers_order(text: str, wrt: str, where: str, lines: list[str]) -> None:
    assert told(text, wrt, where) == lines
