"""The row of a function that an equation defines: u with F(u, p) = 0."""

from __future__ import annotations

from mcalc.errors import Mistake
from mcalc.expr import Expr, LocalTerm, Operator, make, rebuild
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import SYMBOL, number
from mcalc.operators.matrix import inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NO_VALUE = "what an equation defines has no value by itself: give one that solves it"


def _no_value(env: Any, node: Expr, *values: Any) -> Any:
    raise Mistake("E-UNSUPPORTED", NO_VALUE)


def _jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂u/∂F = -(∂F/∂u)⁻¹, of which F is what the equation says to be 0 and ∂F/∂u is in the attribute."""
    slope = node.attr[3]
    if not node.shape:
        return [LocalTerm(-1, ((power(slope, number(-1)), ()),), (), ())]
    return [LocalTerm(-1, ((inv(slope), (0, 1)),), (0,), (1,))]


IMPLICIT = Operator(
    "implicit", "tensor", lambda args, attr: attr[1], layout="symbol", jacobian=_jacobian, numpy=_no_value,
    row=lambda args, attr: False,
    rule="implicit function", section="beyond the paper", formula="du/dp = -(∂F/∂u)⁻¹ ∂F/∂p where F(u, p) = 0",
    example="d/dt x* where x^3 + t x = 1",
)  # fmt: skip


def defined_by(unknown: Expr, residual: Expr, derivative: Callable[[Expr, Expr], Expr]) -> Expr:
    """Return an unknown as the function that an equation `residual` = 0 makes it; `derivative` differentiates.

    Raises:
        Mistake: `E-SHAPE`, where the equation has not as many entries as the unknown; `E-UNSUPPORTED` for a matrix.
    """
    if unknown.order > 1:
        raise Mistake("E-UNSUPPORTED", f"{unknown.attr[0]} is a matrix, and an equation for one is not solved for")
    if residual.shape != unknown.shape:
        said = f"the equation for {unknown.attr[0]} has not as many entries as {unknown.attr[0]} has"
        raise Mistake("E-SHAPE", said, hint="as many equations as unknowns define a function")
    slope = derivative(residual, unknown)
    return make(IMPLICIT, (residual,), (*unknown.attr, slope))


def with_names(expr: Expr) -> Expr:
    """Return an expression in which what an equation defines stands under its name."""

    def named(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        return make(SYMBOL, (), node.attr[:3]) if node.op is IMPLICIT else None

    return rebuild(expr, named)


ROWS = (IMPLICIT,)
