"""The row of slices: the part of a vector or matrix from one place to another, `x[2:n]`, `A[1:2, :]`."""

from __future__ import annotations

from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Dim, Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.blocks import selection
from mcalc.operators.leaves import EYE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Labels, Shape


def _slice_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    """Each axis runs from `before + 1` on through as many places as its part of the attribute says; None is all."""
    of = args[0]
    if len(attr) != of.order or not of.order:
        raise ShapeError(f"{len(attr)} parts of a slice of a {shape_text(of.shape)}", (0,), hint="A[1:2, :], x[2:n]")
    shape: list[Dim] = []
    for part, dim in zip(attr, of.shape, strict=True):
        before, own = part or (Dim.of(0), dim)
        first, length, rest = before.value, own.value, (dim - before - own).value
        if (first is not None and first < 0) or (rest is not None and rest < 0):
            raise ShapeError(
                f"there are no places {before + 1} to {before + own}: "
                f"the {shape_text(of.shape)} counts from 1 to {dim}",
                (0,),
            )
        if length is not None and length < 1:
            raise ShapeError(
                f"nothing lies from {before + 1} to {before + own}",
                (0,),
                hint="a slice runs from its first place to its last, both included",
            )
        shape.append(own)
    return tuple(shape)


def _slice_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂x[a:b]/∂x holds a 1 where an entry of the slice is one of x: a selection for each axis that is cut."""
    factors: list[tuple[Expr, Labels]] = []
    out: list[int] = []
    own: list[int] = []
    for axis, (part, dim) in enumerate(zip(node.attr, node.args[0].shape, strict=True)):
        own.append(axis)
        out.append(axis if part is None else 4 + axis)
        if part is not None:
            factors.append((selection(part[0], part[1], dim), (axis, 4 + axis)))
    return [LocalTerm(1, factors, tuple(out), tuple(own))]


def _slice_numpy(env: Any, node: Expr, of: Any) -> Any:
    cuts: list[slice] = []
    for part, dim in zip(node.attr, node.args[0].shape, strict=True):
        before, own = [env.size(d) for d in part] if part else (0, env.size(dim))
        if before < 0 or own < 1 or before + own > env.size(dim):
            raise Mistake("E-SHAPE", f"there are no places {before + 1} to {before + own}: the size is {env.size(dim)}")
        cuts.append(slice(before, before + own))
    return of[tuple(cuts)]


SLICE = Operator(
    "slice", "tensor", _slice_shape, layout="slice", jacobian=_slice_jacobian, numpy=_slice_numpy,
    row=lambda args, attr: args[0].is_row,
    rule="slice", section="beyond the paper", formula="x[a:b] has the elements a to b, both included, counted from 1",
    example="x[2:n]",
)  # fmt: skip


def slice_(of: Expr, parts: tuple[tuple[Dim, Dim] | None, ...]) -> Expr:
    """Return the part of a vector or matrix from one place to another along each axis.

    A part of the slice is (places before it, its length), or None for a whole axis. Columns of the identity are a
    selection; a slice of a slice is one slice.

    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> x = symbol("x", (n,))
    >>> slice_(x, ((Dim.of(1), n - 1),)).shape, slice_(x, ((Dim.of(0), n),)) is x
    ((Dim(n - 1),), True)
    """
    kept = tuple([
        None if part and part[1] is dim and not part[0].terms else part
        for part, dim in zip(parts, of.shape, strict=len(parts) == of.order)
    ])  # fmt: skip
    whole = make(SLICE, (of,), kept)
    if not any(kept):
        return of
    if of.op is EYE and kept[0] is None and kept[1] is not None:
        return selection(kept[1][0], kept[1][1], of.attr)
    if of.op is SLICE:
        joined = [
            inner if outer is None else outer if inner is None else (inner[0] + outer[0], outer[1])
            for inner, outer in zip(of.attr, kept, strict=True)
        ]
        return make(SLICE, of.args, tuple(joined))
    return whole


ROWS = (SLICE,)
