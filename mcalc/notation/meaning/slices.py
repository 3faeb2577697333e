"""Slices ``x[2:n]``, ``A[1:2, :]``, ``A[:, j]``: places counted from 1, the first and the last both included.

A colon alone is a whole axis; a place without a colon takes one row or one column, a vector.
"""

from __future__ import annotations

from mcalc.errors import ShapeError
from mcalc.notation.meaning.elaborate import BUILDERS, Elaborator
from mcalc.notation.meaning.names import small
from mcalc.notation.surface.syntax import Node, Part
from mcalc.operators.leaves import number, to_dim
from mcalc.operators.linear import element, transpose
from mcalc.operators.slicing import slice_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Dim, Expr


def sliced(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a part of a vector or matrix; a place without a colon takes that axis away."""
    [of] = args
    parts: list[Part] = node.value
    shown = e.source(node.parts[0]) or "x"
    if of.order != len(parts):
        raise e.fail(
            "E-SHAPE",
            f"a slice of {len(parts)} part{'s' if len(parts) != 1 else ''}",
            node,
            e.label(node.parts[0], of),
            "a slice has one part for each axis: x[2:n], A[1:2, :], A[:, 1]",
        )
    for part, dim in zip(parts, of.shape, strict=True):
        _learn(e, part, dim)
    of = e.sizes.resolve(of)
    cuts: list[tuple[Dim, Dim] | None] = [
        _range(e, part, dim) if part.is_range and part.limits else None
        for part, dim in zip(parts, of.shape, strict=True)
    ]
    try:
        if not any([part.is_range for part in parts]):
            return _entry(e, node, of, parts, shown)
        value = slice_(of, tuple(cuts))
        for axis, part in enumerate(parts):
            if not part.is_range:
                assert part.first is not None
                place = small(e, part.first, shown, of.shape[axis])
                value = element(value if axis == 0 else transpose(value), place)
    except ShapeError as error:
        raise e.mistake(error, [node.parts[0]], [of]) from None
    return value


def _entry(e: Elaborator, node: Node, of: Expr, parts: list[Part], shown: str) -> Expr:
    """Return the entry that ``x[2]`` and ``W[i, j]`` are."""
    places = [(part.first, dim) for part, dim in zip(parts, of.shape, strict=True)]
    found = element(of, *[small(e, place, shown, dim) for place, dim in places if place is not None])
    e.elements.append((found, node))
    return found


def _learn(e: Elaborator, part: Part, dim: Dim) -> None:
    """Where the size of an axis is open and a slice ends at a named size, that is its length."""
    if part.is_range and part.last is not None and part.last.kind == "name" and e.sizes.is_open((dim,)):
        named = to_dim(small(e, part.last, ""))
        if named is not None:
            e.sizes.equate(dim, named)


def _range(e: Elaborator, part: Part, dim: Dim) -> tuple[Dim, Dim]:
    """Return how many places lie before a range, and its length."""
    first = _place(e, part.first) if part.first is not None else to_dim(number(1))
    last = _place(e, part.last) if part.last is not None else dim
    assert first is not None
    return first - 1, last - first + 1


def _place(e: Elaborator, node: Node) -> Dim:
    value = small(e, node, "")
    found = to_dim(value)
    if found is None:
        what = "runs with a sum" if value.free else "is no whole number or size"
        raise e.fail(
            "E-SHAPE",
            f"an end of a slice {what}, so its length is not known",
            node,
            "no size",
            "write x[2:n], x[1:n - 1]",
        )
    return found


BUILDERS["slice"] = sliced
