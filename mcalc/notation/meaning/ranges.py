"""Slices ``x[2:n]``, ``A[1:2, :]``, ``A[:, j]``, and how far running indices reach.

Places are counted from 1, the first and the last both included. A colon alone is a whole axis; a place without a colon
takes one row or one column, a vector. An element that no vector of that size has is refused, not differentiated. Only
what is sure is refused: x_{n+1} of n entries, x_{i-1} where i starts at 1. Sizes are at least 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from mcalc.dims import Dim, shape_text
from mcalc.errors import ShapeError
from mcalc.expr import Expr
from mcalc.notation.meaning.elaborate import BUILDERS, Elaborator
from mcalc.notation.meaning.named import small
from mcalc.notation.surface.syntax import Node, Part
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.blocks import slice_
from mcalc.operators.leaves import INDEX, NUMBER, SIZE, SYMBOL, is_number, number, to_dim
from mcalc.operators.linear import element, transpose


def sliced(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return a part of a vector or matrix; a place without a colon takes that axis away."""
    [of] = args
    parts: list[Part] = node.value
    shown = e.source(node.parts[0]) or "x"
    if of.order != len(parts):
        said = f"a slice of {len(parts)} part{'s' if len(parts) != 1 else ''}"
        hint = "a slice has one part for each axis: x[2:n], A[1:2, :], A[:, 1]"
        raise e.fail("E-SHAPE", said, node, e.label(node.parts[0], of), hint)
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
        hint = "write x[2:n], x[1:n - 1]"
        raise e.fail("E-SHAPE", f"an end of a slice {what}, so its length is not known", node, "no size", hint)
    return found


BUILDERS["slice"] = sliced


def check_ranges(e: Elaborator, trees: Iterable[Node]) -> None:
    """Raise the mistake of the first element of a statement that is surely none of its vector.

    One inside braces may stand under a condition that keeps the index within the vector.
    """
    inside: set[int] | None = None

    def is_guarded(node: Node) -> bool:
        nonlocal inside
        if inside is None:
            inside = _inside_braces([*trees, *e.bodies])
        return id(node) in inside

    runs: dict[Expr, list[tuple[Expr, int, Node]]] = {}
    for found, node in e.elements:
        of, *at = e.sizes.resolve(found).args if e.sizes.count else found.args
        for place, position in enumerate(at):
            if position.op is INDEX and position.args[1].op is SIZE and is_number(position.args[0], 1):
                runs.setdefault(position, []).append((of, place, node))
                if position.args[1].attr is of.shape[place]:
                    continue  # from the first to the last, as most do
            wrong = _outside(position, of.shape[place])
            if wrong is not None and not is_guarded(node):
                said = f"there is no element {wrong}: the {shape_text(of.shape)} counts from 1"
                hint = "let the index run where there are elements: sum_{i=2}^{n}, sum_{i=1}^{n-1}"
                raise e.fail("E-SHAPE", said, node, f"reaches {wrong}", hint)
    for index, through in runs.items():
        limit: Dim = index.args[1].attr
        others = [one for one in through if not _reaches(limit, one[0].shape[one[1]]) and not is_guarded(one[2])]
        if others:
            _other_limit(e, index.attr[0], limit, *others[0], fits=any([of.shape[k] is limit for of, k, _ in through]))


def _other_limit(e: Elaborator, name: str, limit: Dim, of: Expr, place: int, node: Node, *, fits: bool) -> None:
    """Look at a sum from 1 to a size that is not that of what its index runs through.

    Where it is the size of none of it, and stands for something else already, it is refused: rows are counted by N, not
    by n. Else the sum goes over the first of the entries, which is noted.
    """
    dim, counted = of.shape[place], ("rows", "columns")[place] if of.order == 2 else "entries along that axis"
    counted = "entries" if of.order == 1 else counted
    what = f"{of.attr[0]} has {dim} {counted}" if of.op is SYMBOL else f"there are {dim} {counted}"
    if not fits and all([size in e.scope.sizes for size in limit.names]):
        hint = f"let it run over all of them: sum_{{{name}=1}}^{{{dim}}}"
        raise e.fail("E-SHAPE", f"the limit of {name} is {limit}, and {what}", node, f"of size {dim}", hint)
    e.note(e.sizes.text(f"the limit of {name} is {limit}, and {what}: the sum goes over the first {limit}"))


def _reaches(limit: Dim, dim: Dim) -> bool:
    """Say whether all sizes up to a limit are surely within an axis, or surely known to be apart by a number."""
    if dim is limit:
        return True
    rest = dim - limit
    return rest.value is not None or _positive(rest)


def _outside(position: Expr, dim: Dim) -> Dim | None:
    """The element that is reached and does not exist; None where it may exist."""
    if position.op is NUMBER:
        return None  # the shape rule of elements looks at these
    low, high = _reach(position)
    if high is not None and _positive(high - dim):
        return high
    return low if low is not None and _positive(Dim.of(1) - low) else None


def _positive(dim: Dim) -> bool:
    return bool(dim.terms) and all([c > 0 for _, c in dim.terms])


def _reach(position: Expr) -> tuple[Dim | None, Dim | None]:
    """The least and the greatest value of a subscript; None where it is no sum, or what runs in it is not independent.

    A limit that holds an index, as in sum_{j=i+1}^{n}, is followed to the limits of that one, where it runs alone.
    """
    low: Dim | None
    high: Dim | None
    low, high = Dim.of(0), Dim.of(0)
    running: list[tuple[Expr, int]] = []
    for part in position.args if position.op is ADD else (position,):
        coef, inner = 1, part
        if part.op is MUL and len(part.args) == 2 and part.args[0].op is NUMBER and type(part.args[0].attr) is int:
            coef, inner = part.args[0].attr, part.args[1]
        if (inner.op is NUMBER and type(inner.attr) is int) or inner.op is SIZE:
            low, high = low + inner.attr * coef, high + inner.attr * coef
        elif inner.op is INDEX:
            running.append((inner, coef))
        else:
            return None, None
    if len(running) > 1 and any([len(index.args) > 2 or any([a.free for a in index.args]) for index, _ in running]):
        return None, None
    for index, sign in running:
        first, last = _reach(index.args[0])[0], _reach(index.args[1])[1]
        ends = (first, last) if sign > 0 else (last, first)
        low = None if ends[0] is None or low is None else low + ends[0] * sign
        high = None if ends[1] is None or high is None else high + ends[1] * sign
    return low, high


def _inside_braces(trees: Iterable[Node]) -> set[int]:
    """The nodes inside braces, and inside where(c, a, b)."""
    found: set[int] = set()
    stack = [(tree, False) for tree in trees]
    while stack:
        node, inside = stack.pop()
        if inside:
            found.add(id(node))
        deeper = inside or node.kind == "cases" or (node.kind == "call" and node.value.full == "where")
        stack.extend([(part, deeper) for part in node.parts])
    return found
