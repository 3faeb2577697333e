"""The rows of a derivative and a differential that are asked for and not yet worked out: `∂/∂w f`, `d tr(A X B)`."""

from __future__ import annotations

from mcalc.errors import ShapeError
from mcalc.expr import Dim, Expr, Operator, make, shape_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from mcalc.expr import Shape

    Move = tuple[Expr, Expr]


def _derivative_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    """Axes of the function, then those of the variable; of several variables, one axis as long as all together."""
    body, *variables = args
    for place, variable in enumerate(variables, 1):
        if variable.op.name not in ("symbol", "element"):
            raise ShapeError(
                "a derivative is taken with respect to a variable or one element of it", (place,), code="E-NAME"
            )
    if len(variables) == 1:
        return body.shape + variables[0].shape
    total = Dim.of(0)
    for place, variable in enumerate(variables, 1):
        if variable.order > 1:
            raise ShapeError(
                f"one row of derivatives has no room for a {shape_text(variable.shape)}",
                (place,),
                hint="name one variable, as in ∂/∂x or ∇_x",
            )
        total = total + (variable.shape[0] if variable.shape else 1)
    return (*body.shape, total)


DERIVATIVE = Operator(
    "derivative", "derivative", _derivative_shape, arity=(2, None), layout="derivative", latex=r"\partial",
    row=lambda args, attr: args[0].order == 0,
    rule="derivative", section="3", formula="∂f/∂x", example="d/dx x^2",
)  # fmt: skip


def derivative(body: Expr, *variables: Expr) -> Expr:
    """Return the derivative of `body` by a variable, an element, or several variables, in numerator layout.

    Raises :class:`~mcalc.errors.ShapeError` where something else stands in place of a variable.
    """
    return make(DERIVATIVE, (body, *variables))


DIFFERENTIAL = Operator(
    "differential", "derivative", lambda args, attr: args[0].shape, arity=(1, None), layout="differential",
    latex=r"\mathrm{d}", row=lambda args, attr: args[0].is_row, symmetric=lambda args, attr: args[0].is_symmetric,
    rule="differential", section="beyond the paper", formula="df = ∂f/∂x dx", example="d(x^2)",
)  # fmt: skip
"""What a body changes by, to first order, when variables move. Behind the body stand a variable and its direction, then
another, and so on. The attribute is the order: of d²f the directions stay as they are."""
MARK = "differential"
"""The property of a symbol such as dX, which is the differential of another one."""


def differential(body: Expr, moves: Sequence[Move] = (), order: int = 1) -> Expr:
    """Return the differential of `body` along some moves, each a variable and the direction in which it moves."""
    return make(DIFFERENTIAL, (body, *[part for move in moves for part in move]), order)


def moves_of(node: Expr) -> list[Move]:
    """Return the variables that move in a differential, each with its direction."""
    return list(zip(node.args[1::2], node.args[2::2], strict=True))


ROWS = (DERIVATIVE, DIFFERENTIAL)
