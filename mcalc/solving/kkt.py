"""Quadratics with linear constraints as one linear system: [H, Aᵀ; A, 0] [x; ν] = [-g; b].

The eliminated form is shorter where H has an inverse; where it has none, this system may have one all the same.
Source: Boyd and Vandenberghe, Convex Optimization, 10.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns, as_row, transposed
from mcalc.expr import Dim, Expr
from mcalc.operators.arithmetic import neg
from mcalc.operators.blocks import block
from mcalc.operators.leaves import number, zeros
from mcalc.operators.linear import matmul
from mcalc.operators.matrix import inv
from mcalc.operators.slicing import slice_
from mcalc.solving.linear_equations import affine
from mcalc.solving.tidy import Found, tidy

if TYPE_CHECKING:
    from mcalc.solving.problem import Problem


class System:
    """The matrix, the unknowns stacked with the multipliers, and the right-hand side."""

    __slots__ = ("matrix", "right", "unknowns")

    def __init__(self, matrix: Expr, unknowns: Expr, right: Expr) -> None:
        self.matrix = matrix
        self.unknowns = unknowns
        self.right = right


def kkt_system(problem: Problem) -> System | None:
    """Return the system of a problem in one vector, quadratic with linear constraints; None of others."""
    if len(problem.unknowns) != 1 or problem.metrics or not problem.multipliers or not problem.plain:
        return None
    [unknown], [gradient] = problem.unknowns, problem.plain
    found = affine(tidy(gradient), unknown)
    parts = [affine(tidy(c), unknown) for c in problem.constraints]
    if unknown.order != 1 or found is None or found.slope.order != 2:
        return None
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or any([m.order > 1 for m in problem.multipliers]):
        return None
    rows = [as_row(as_columns(p.slope)) if p.slope.order == 1 else p.slope for p in known]
    turned = [as_columns(p.slope) if p.slope.order == 1 else transposed(p.slope) for p in known]
    lower = [
        [row, *[_nothing(one.shape, other.shape) for other in problem.multipliers]]
        for row, one in zip(rows, problem.multipliers, strict=True)
    ]
    grid = [[found.slope, *turned], *lower]
    count = len(grid)
    whole = block(count, count, *[part for line in grid for part in line])
    right = block(count, 1, tidy(neg(found.rest)), *[tidy(neg(p.rest)) for p in known])
    return System(whole, block(count, 1, unknown, *problem.multipliers), right)


def _nothing(rows: tuple[Dim, ...], columns: tuple[Dim, ...]) -> Expr:
    """A block of zeros: a matrix, a column, a row or the number 0."""
    if rows and columns:
        return zeros((*rows, *columns))
    if not rows and not columns:
        return number(0)
    column = zeros(rows or columns)
    return column if rows else as_row(column)


def solve_system(problem: Problem) -> Found | None:
    """Return the unknown as the first entries of the solution of the whole system."""
    made = kkt_system(problem)
    if made is None:
        return None
    [unknown] = problem.unknowns
    value = slice_(matmul(inv(made.matrix), made.right), ((Dim.of(0), unknown.shape[0]),))
    return Found(value, (matmul(made.matrix, made.unknowns), made.right), "the first entries solve it")
