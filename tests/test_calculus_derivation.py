"""Derivations: every line is an equation that holds, and the last of them is the result."""

from __future__ import annotations

import pytest

from mcalc.api import derive
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.derivation import SHORTER, derive_in_steps, written
from mcalc.calculus.stories.lines import Derivation, Line
from mcalc.expr import make, walk
from mcalc.notation import Scope, read_expression, read_variables, read_where
from mcalc.operators.arithmetic import MUL
from mcalc.operators.leaves import number
from mcalc.render.text import unicode
from tests.derivations import replay, replay_seed
from tests.generator import DIFFERENTIABLE

SEEDS = [seed for seed in range(1, 4 * len(DIFFERENTIABLE) + 4) if seed % 3 == 1 or seed < 120]
"""In a normal run, each row of the table once and some others; `python -m tests.derivations 5000` is the long one."""


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


@pytest.mark.slow
def test_random_derivations_hold_line_by_line_and_end_in_the_result() -> None:
    found = [replay_seed(seed) for seed in SEEDS]
    replayed = [wrong for wrong in found if wrong is not None]
    assert not any(replayed), [line for wrong in replayed for line in wrong]
    assert len(replayed) > 0.9 * len(SEEDS)


def test_an_entry_that_expands_over_a_vector_makes_no_diagonal() -> None:
    told_as = derivation("softmax(z) - x_2", "x", "z, x: R^n")
    assert replay(told_as, 1) == []
    assert not any([node.op.name == "diag" for line in told_as.lines for side in line.rhs for node in walk(side)])


def test_a_variable_in_conditions_alone_has_a_zero_of_its_own_shape() -> None:
    told_as = derivation("sum(A {B if x_1 < 0; C otherwise})", "x", "A, B, C: R^{m x m}; x: R^n", "backward")
    assert replay(told_as, 1) == []
    assert told_as.lines[-1].rhs[-1].shape == told_as.result.shape


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


LOSS = "w: R^n; b: R; X: R^{N x n}; y: R^N"
NAMED = [
    # the residual of a square has a name, and is the error term itself
    ("1/N sum_{i=1}^{N} (w . x_i + b - y_i)^2", "w", LOSS, ["uᵢ = w · xᵢ + b - yᵢ", "C = 1/N Σ_{i=1}^{N} uᵢ²"]),
    ("sum_{j=1}^{N} exp(w . x_j)", "w", LOSS, ["uⱼ = w · xⱼ", "C = Σ_{j=1}^{N} exp(uⱼ)"]),
    # a quadratic form is the dot product of x and A x
    ("x^T A x", "x", "x: R^n; A: R^{n x n}", ["u₁ = A x", "y = x · u₁"]),
    # what is subtracted has the name, not its negative
    ("x - sum(x)/n", "x", "x: R^n", ["u₁ = sum(x)", "u₂ = u₁ / n", "y = x - u₂"]),
    # a condition has no name: it has no derivative
    ("{sin(z^2) if z > 0; 0 otherwise}", "z", "z: R", ["u₁ = z²", "u₂ = sin(u₁)", "y = {u₂ if z > 0; 0 otherwise}"]),
    # a composed function of several operators begins with its definition
    ("mse(x, y)", "x", "x, y: R^n", ["mse(x, y) = mean((x - y)²)", "u₁ = x - y", "u₂ = u₁²", "f = mean(u₂)"]),
    ("silu(z)", "z", "z: R", []),
    # the elements of a vector u are called u₁, u₂
    ("sin(u . u)", "u", "u: R^n", ["v₁ = u · u", "y = sin(v₁)"]),
    ("sum_{i=1}^{n} (u_i - 1)^2", "u", "u: R^n", ["vᵢ = uᵢ - 1", "C = Σ_{i=1}^{n} vᵢ²"]),
]


@pytest.mark.parametrize(("text", "wrt", "where", "names"), NAMED)
def test_intermediate_variables_are_what_a_teacher_would_name(
    text: str, wrt: str, where: str, names: list[str]
) -> None:
    assert [str(step) for step in derive(text, wrt=wrt, where=where).steps if step.part == 1] == names


COMBINED = [
    ("softmax(x) . y", "x", "x, y: R^n", "∂u₁/∂x = diag(u₁) - u₁ u₁ᵀ"),
    ("norm(x)^3", "x", "x: R^n", "∂u₁/∂x = xᵀ / u₁"),
    ("log(σ(w . x))", "w", "w, x: R^n", "∂u₂/∂u₁ = u₂ (1 - u₂)"),
    ("sum_{i=1}^{N} a_i (w . x_i)", "w", "w: R^n; a: R^N; X: R^{N x n}", "Σ_{i=1}^{N} ∂/∂w (aᵢ (w · xᵢ))"),
    ("sum((W relu(V x))^2)", "V", "V: R^{m x n}; W: R^{k x m}; x: R^n", "∂y/∂u₂ = ∂y/∂u₃ ∂u₃/∂u₂ = (2 u₃ᵀ) W"),
    ("2^sin(x)", "x", "x: R", "dy/du₁ = 2^(u₁) ln(2)"),
]


@pytest.mark.parametrize(("text", "wrt", "where", "line"), COMBINED)
def test_a_line_is_written_as_in_a_text_book(text: str, wrt: str, where: str, line: str) -> None:
    found = derive(text, wrt=wrt, where=where)
    found.by = "chain"
    assert any([line in str(step) for step in found.steps])


def test_forward_through_a_matrix_is_a_chain_in_index_notation() -> None:
    steps = derive("sum((V x)^2)", wrt="V", where="V: R^{m x n}; x: R^n", mode="forward").steps
    assert "∂u₂/∂V = [Σₚ (∂u₂/∂u₁)ᵢₚ (∂u₁/∂V)ₚⱼₖ]_{ijk}" in steps.text("brief")


def test_a_generic_entry_is_not_taken_for_another_one_of_a_given_number() -> None:
    told_as = derivation("x_2 x", "x", "x: R^n")
    assert replay(told_as, 1) == []


def test_a_row_moves_with_each_of_its_entries() -> None:
    for text in ("norm1(A_1)", "sum(A_1)", "A_1 . x"):
        told_as = derivation(text, "A_{1,2}", "A: R^{n x n}; x: R^n")
        assert replay(told_as, 1) == []


NET = "A: R^{m x n}; B: R^{p x m}; C: R^{m x p}; c, y: R^m; x: R^n; b: R^p"


@pytest.mark.parametrize(
    ("text", "wrt", "where", "mode"),
    [
        ("c' tanh(C tanh(B tanh(A x)))", "x", NET, "backward"),
        ("-y' ln(softmax(C relu(B relu(A x) + b)))", "b", NET, "backward"),
        ("norm(C relu(B relu(A x) + b) - y)^2", "x", NET, "forward"),
        ("(y - max(0, w . x + b))^2", "w", "w, x: R^n; b, y: R", "forward"),
    ],
)
def test_a_scalar_through_a_long_chain_is_told_in_the_order_that_is_shorter(
    text: str, wrt: str, where: str, mode: str
) -> None:
    told_as = derivation(text, wrt, where)
    assert told_as.mode == mode
    other = derivation(text, wrt, where, "forward" if mode == "backward" else "backward")
    assert written(told_as) < written(other) / (SHORTER if mode == "forward" else 1)
    assert replay(told_as, 1) == []
