"""Products of Jacobians as the chain rules write them, with nothing settled in them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns, as_row, as_units
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.linear import MATMUL, ROW, einsum

if TYPE_CHECKING:
    from collections.abc import Sequence

MATRIX = 2


def chained(outer: Expr, inner: Expr, order: int) -> Expr | None:
    """Return the product of two Jacobians as the chain rule writes it; None where matrices cannot say it.

    `order` is the number of axes of the variable between them.
    """
    if order == 0:
        if not outer.shape or not inner.shape:
            return make(MUL, (outer, inner)) if max(outer.order, inner.order) <= MATRIX else None
        if outer.order == inner.order == 1 and not outer.is_row:
            return make(MATMUL, (outer, inner if inner.is_row else make(ROW, (inner,))))
        return None
    if order > 1 or outer.order > MATRIX or inner.order > MATRIX or (outer.order == 1 and not outer.is_row):
        return None
    return None if inner.is_row else make(MATMUL, (outer, inner))


def chained_by_index(outer: Expr, inner: Expr, order: int) -> Expr:
    """Return the product of two Jacobians of any rank: the sum over the axes of the variable between them."""
    n, k = outer.order - order, inner.order - order
    labels = tuple(range(n + order + k))
    subscripts = (labels[: n + order], labels[n:])
    made = einsum(subscripts, labels[:n] + labels[n + order :], (as_columns(outer), as_columns(inner)))
    return in_row(made, n)


def make_sum(parts: Sequence[Expr | None]) -> Expr | None:
    """Return the sum of some terms as it stands, nothing settled; None where one of them could not be written."""
    kept = [part for part in parts if part is not None]
    if len(kept) < len(parts) or not kept:
        return None
    return kept[0] if len(kept) == 1 else make(ADD, tuple(kept))


def distinct(shown: Sequence[Expr | None]) -> list[Expr]:
    """Return the members of an equation that are there, without one that repeats the one before."""
    kept: list[Expr] = []
    for expr in shown:
        if expr is not None and (not kept or expr is not kept[-1]):
            kept.append(expr)
    return kept


def in_row(made: Expr, order: int) -> Expr:
    """Return a gradient of a scalar as a row."""
    return as_row(made) if made.order == 1 and order == 0 else made


def entries_of(value: Expr) -> Expr:
    """Return a derivative as a tensor to calculate with: columns, and lists entry by entry."""
    return as_units(as_columns(value))
