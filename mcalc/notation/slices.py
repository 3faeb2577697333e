"""Slices ``x[2:n]``, ``A[1:2, :]``, ``A[:, j]``: places counted from 1, the first and the last both included.

A colon alone is a whole axis; a place without a colon takes one row or one column, a vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, ShapeError, Span
from mcalc.notation.elaborate import BUILDERS, Elaborator
from mcalc.notation.limits import limit
from mcalc.notation.names import small
from mcalc.notation.syntax import Node, Token
from mcalc.operators.leaves import number, to_dim
from mcalc.operators.linear import element, transpose
from mcalc.operators.slices import slice_

if TYPE_CHECKING:
    from mcalc.expr import Dim, Expr
    from mcalc.notation.prepare import Prepare


class Part:
    """What stands for one axis: a place, or the first and the last place, each None where it is not written."""

    __slots__ = ("end", "first", "is_range", "last", "start")

    def __init__(self, start: int, end: int, first: Node | None, last: Node | None, *, is_range: bool) -> None:
        self.start = start
        self.end = end
        self.first = first
        self.last = last
        self.is_range = is_range

    @property
    def limits(self) -> list[Node]:
        """The places that are written."""
        return [node for node in (self.first, self.last) if node is not None]


def begin(p: Prepare, opening: Token) -> bool:
    """Read the brackets of a slice, which are glued to what they cut and have a colon; say whether they are those."""
    if not p.ended or p.out[-1].end != opening.start:
        return False
    close = p.place
    while close < len(p.raw) and p.raw[close].type != "RSQB":
        if p.raw[close].type == "LSQB" and close > p.place:
            return False
        close += 1
    inside = p.raw[p.place + 1 : close]
    if close == len(p.raw) or not any([token.type == "COLON" for token in inside]):
        return False
    parts: list[Part] = []
    low = opening.end
    for token in [*[t for t in inside if t.type == "COMMA"], p.raw[close]]:
        parts.append(_part(p, [t for t in inside if low <= t.start < token.start], low, token.start))
        low = token.end
    end = p.raw[close].end
    p.place = close + 1
    p.emit(Token("SLICE", p.text[opening.start : end], opening.start, end, parts))
    return True


def _part(p: Prepare, tokens: list[Token], start: int, end: int) -> Part:
    colons = [token for token in tokens if token.type == "COLON"]
    if len(colons) > 1:
        raise Mistake(
            "E-UNSUPPORTED",
            "a slice has no step",
            [Span(colons[1].start, end, "not read")],
            hint="write x[first:last], both included",
        )
    if not tokens:
        raise Mistake("E-SYNTAX", "a place is missing", [Span(start, end + 1)], hint="write A[1:2, :] or A[:, 1]")
    middle = colons[0].start if colons else end
    first = limit(p.text[start:middle], start, middle) if p.text[start:middle].strip() else None
    after = colons[0].end if colons else end
    last = limit(p.text[after:end], after, end) if p.text[after:end].strip() else None
    return Part(start, end, first, last, is_range=bool(colons))


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
        value = slice_(of, tuple(cuts))
        for axis, part in enumerate(parts):
            if not part.is_range:
                assert part.first is not None
                place = small(e, part.first, shown)
                value = element(value if axis == 0 else transpose(value), place)
    except ShapeError as error:
        raise e.mistake(error, [node.parts[0]], [of]) from None
    return value


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
