"""What the table says of the orders of a function's arguments, for names that nothing declares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mcalc.errors import ShapeError
from mcalc.expr import Dim
from mcalc.notation.along import along
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.leaves import symbol

if TYPE_CHECKING:
    from mcalc.expr import Operator
    from mcalc.notation.syntax import Node

LIKELY = {"sum": 1, "norm": 1, "norm2": 1, "normF": 2}
"""Functions that take scalars too, and the order of what an undeclared name in them is taken for."""


@cache
def order_of(row: Operator, orders: tuple[int, ...]) -> int | None:
    """Return the order of what a row makes of arguments of these orders, all sizes equal; None where it takes none.

    >>> order_of(TABLE["softmax"], (1,)), order_of(TABLE["trace"], (2,)), order_of(TABLE["trace"], (1,))
    (1, 0, None)
    """
    least, most = row.arity
    if len(orders) < least or (most is not None and len(orders) > most):
        return None
    try:
        return len(row.shape(tuple([symbol("a", (Dim.named("n"),) * order) for order in orders]), None))
    except ShapeError:
        return None


@cache
def _least(row: Operator) -> int:
    return next((order for order in (0, 1, 2) if order_of(row, (order,) * row.arity[0]) is not None), 0)


def row_of(node: Node) -> Operator | None:
    """Return the row that a call is of: that of `sum rows` for sum(A, rows), `maximum` for max(x), or None."""
    full: str = node.value.full
    if full in ("max", "min") and len(node.parts) == 1:
        return TABLE[f"{full}imum"]
    return FUNCTIONS.get(along(node) or full)


def least_order(node: Node) -> int:
    """Return the order that the arguments of a call have at least: 0 where it takes scalars, 1 for softmax."""
    row = row_of(node)
    if row is None:
        return 0
    return LIKELY.get(along(node) or node.value.full) or _least(row)
