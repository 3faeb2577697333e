"""Derivations: every line is an equation that holds, and the last of them is the result."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.calculus.derivation import derive_in_steps
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.entries import substitute
from mcalc.calculus.lines import Derivation
from mcalc.calculus.rewriting import in_full
from mcalc.expr import Expr
from mcalc.notation import Scope, read_expression, read_variables, read_where
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import number
from mcalc.render.text import unicode
from tests.generator import Generator
from tests.properties import usable
from tests.values import agree, random_values, variables

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


def at_positions(side: Expr, positions: dict[Expr, int]) -> Expr:
    for index, k in positions.items():
        side = substitute(side, index, number(k))
    return side


def replay(told_as: Derivation, seed: int) -> list[str]:
    """Evaluate both sides of every line at a random point; return the lines that do not hold."""
    wrong: list[str] = []
    values = random_values(told_as.body, np.random.default_rng(seed))
    values.setdefault(told_as.variable.attr[0], np.zeros([values[str(d)] for d in told_as.variable.shape]))
    if not usable(evaluate(told_as.result, values)):
        return []
    for line in told_as.lines:
        sides = [told_as.settled(side) for side in (line.lhs, *line.rhs)]
        positions = {index: 2 for side in sides for index in side.free}
        want = evaluate(at_positions(sides[0], positions), values)
        if not usable(want):
            continue
        sides = list(dict.fromkeys([*line.rhs, *[member for member, _ in in_full(line)]]))
        found = [evaluate(at_positions(told_as.settled(side), positions), values) for side in sides]
        wrong += [
            f"{unicode(line.lhs)} = {unicode(side)}"
            for side, value in zip(sides, found, strict=True)
            if not agree(value, want)
        ]
    return wrong


def test_random_derivations_hold_line_by_line_and_end_in_the_result() -> None:
    wrong: list[str] = []
    replayed = seed = 0
    while replayed < COUNT:
        seed += 1
        generator = Generator(seed)
        expr = generator.expression(2 + seed % 2)
        choices = variables(expr)
        if not choices or expr.order > 1:
            continue
        variable = generator.random.choice(choices)
        result = derivative_of(expr, [variable])
        mode = ("auto", "forward", "backward")[seed % 3]
        told_as = derive_in_steps(expr, variable, result, mode)
        assert told_as.lines[-1].rhs[-1] is result
        wrong += [f"seed {seed}, {mode}: {line}" for line in replay(told_as, seed)]
        replayed += 1
    assert wrong == []


PAPER = [
    ("9(x + x^2)", "x", "x: R", [
        "multiplication by constant rule 2: 9 ∂/∂x (x + x²)", "sum rule 2: 9 (∂/∂x x + ∂/∂x x²)",
        "derivative of a variable by itself, power rule 2: 9 (1 + 2 x)", "multiply out: 9 + 18 x",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "where", "lines"), PAPER)
def test_paper_derivation_comes_in_the_papers_order(text: str, wrt: str, where: str, lines: list[str]) -> None:
    assert told(text, wrt, where) == lines
