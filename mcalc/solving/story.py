"""How a solution is found, as a person tells it: the gradient, set to zero, collected, and solved for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr
from mcalc.operators.leaves import symbol, zeros
from mcalc.operators.linear import matmul
from mcalc.solving.kkt import kkt_system

if TYPE_CHECKING:
    from mcalc.solving.solver import Answer, Point

    Line = tuple[str, Expr, Expr]

WAYS = {
    "A W = C": "multiply by the inverse from the left",
    "W B = C": "multiply by the inverse from the right",
    "A W B = C": "multiply by the inverses from both sides",
    "A W + W B = C": "this is Sylvester's equation",
    "K vec(W) = vec(C)": "solve it between vecs",
    "A x = λ x": "an eigenvector solves it",
    "A x = λ B x": "a generalised eigenvector solves it",
    "A W = B W Λ": "eigenvectors side by side solve it",
}
"""How each form of equation is solved, in words."""


def story(answer: Answer) -> list[Line]:
    """Return the lines of a derivation: what is done, and the two sides of the equation that comes of it."""
    problem = answer.problem
    lines: list[Line] = []
    if problem.multipliers and problem.lagrangian is not None:
        lines.append(("the Lagrangian", symbol("L"), problem.lagrangian))
    for unknown, gradient in zip(problem.unknowns, problem.gradients, strict=False):
        lines.append((f"set the gradient by {unknown.attr[0]} to zero", gradient, zeros(gradient.shape)))
    word = "the constraint" if problem.objective is not None else "the equation"
    lines += [(word, constraint, zeros(constraint.shape)) for constraint in problem.constraints]
    together = kkt_system(problem) if problem.objective is not None else None
    if together is not None:
        lines.append(("together, one linear system", matmul(together.matrix, together.unknowns), together.right))
    for place, point in enumerate(answer.points):
        many = f" ({place + 1})" if len(answer.points) > 1 else ""
        lines += [(name + many, left, right) for name, left, right in _solved(point)]
    return lines


def _solved(point: Point) -> list[Line]:
    """Return the lines in which one unknown after the other is found, and what the last of them make of the first."""
    lines: list[Line] = []
    for step in point.state.steps:
        found = step.found
        if found.equation is not None:
            lines.append((f"collect the terms of {step.unknown.attr[0]}", *found.equation))
        default = "multiply by the inverse" if step.unknown.shape else f"solve for {step.unknown.attr[0]}"
        lines.append((WAYS.get(found.how, found.how) or default, step.unknown, found.value))
    values = {step.unknown: step.found.value for step in point.state.steps}
    for unknown, value in point.told.items():
        if values.get(unknown) is not value:
            lines.append(("put in what is known", unknown, value))
    return lines
