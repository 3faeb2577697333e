"""Matrices put together of blocks, and parts of arrays: entries picked out, unit vectors at a place, slices."""

from __future__ import annotations

from itertools import combinations, permutations

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.leaves import EYE, NUMBER, eye, number, size, unit, zeros
from mcalc.operators.linear import chain_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Labels


def unit_at(position: Dim, dim: Dim) -> Expr:
    """Return the unit vector with its 1 at a position given as a size."""
    return unit(size(position), dim)


def _selection_numpy(env: Any, node: Expr) -> Any:
    before, own, total = [env.length(d) for d in node.attr]
    if before + own > total:
        raise Mistake("E-SHAPE", f"there are no places {before + 1} to {before + own}: the size is {total}")
    return env.np.eye(total)[:, before : before + own]


SELECTION = Operator(
    "selection", "leaf", lambda args, attr: (attr[2], attr[1]), arity=(0, 0), layout="selection",
    numpy=_selection_numpy,
    rule="block", section="beyond the paper", formula="the columns of I where a block stands", example="[w; b]",
)  # fmt: skip


def selection(before: Dim, own: Dim, total: Dim) -> Expr:
    """Return the columns `before + 1` to `before + own` of the identity of size `total`."""
    return eye(total) if own is total else make(SELECTION, (), (before, own, total))


def block_sizes(args: tuple[Expr, ...], rows: int, columns: int) -> tuple[list[Dim | None], list[Dim | None]]:
    """Return the height of each block row and the width of each block column; None stands for a single entry.

    Raises:
        ShapeError: where a block is no matrix, or blocks do not fit beside each other.
    """
    heights: list[Dim | None] = [None] * rows
    widths: list[Dim | None] = [None] * columns
    for place, arg in enumerate(args):
        r, c = divmod(place, columns)
        if arg.order > 2:
            raise ShapeError(f"no block of a {shape_text(arg.shape)}", (place,))
        height, width = chain_ends(arg) if arg.order else (None, None)
        for ends, at, end in ((heights, r, height), (widths, c, width)):
            if end is not None and end is not Dim.of(1):
                known = ends[at]
                if known is not None and known is not end:
                    raise ShapeError(f"blocks of sizes {known} and {end} side by side", (place,), known, end)
                ends[at] = end
    for place, arg in enumerate(args):
        r, c = divmod(place, columns)
        height, width = chain_ends(arg) if arg.order else (None, None)
        if (height is None and heights[r] is not None) or (width is None and widths[c] is not None):
            raise ShapeError(f"a {shape_text(arg.shape)} does not fill its block", (place,), hint="write 1⃗ times it")
    return heights, widths


def _total(ends: list[Dim | None]) -> Dim:
    total = Dim.of(ends.count(None))
    for end in ends:
        if end is not None:
            total = total + end
    return total


def _block_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    heights, widths = block_sizes(args, *attr)
    flat = all([a.order < 2 for a in args])
    if attr[1] == 1 and flat and not any([a.is_row for a in args]):
        return (_total(heights),)
    if attr[0] == 1 and flat and all([a.order == 0 or a.is_row for a in args]):
        return (_total(widths),)
    return (_total(heights), _total(widths))


def _block_numpy(env: Any, node: Expr, *values: Any) -> Any:
    rows, columns = node.attr
    np = env.np
    grid = []
    for r in range(rows):
        line = []
        for value, arg in zip(
            values[r * columns : (r + 1) * columns], node.args[r * columns : (r + 1) * columns], strict=True
        ):
            value = np.asarray(value)
            line.append(
                value[None, :]
                if arg.is_row
                else value[:, None]
                if arg.order == 1
                else value.reshape(1, 1)
                if not arg.order
                else value
            )
        grid.append(np.concatenate(line, axis=1))
    whole = np.concatenate(grid, axis=0)
    return whole.reshape(-1) if node.order == 1 else whole


def _block_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """A block stands at its place: unit vectors for single entries, a selection for a block of several."""
    rows, columns = node.attr
    heights, widths = block_sizes(node.args, rows, columns)
    r, c = divmod(k, columns)
    arg = node.args[k]
    factors: list[tuple[Expr, Labels]] = []
    out: list[int] = []
    inner: list[int] = []
    height, width = chain_ends(arg) if arg.order else (None, None)
    axes = (
        [(heights, r, height)]
        if node.order == 1 and not node.is_row
        else [(widths, c, width)]
        if node.order == 1
        else [(heights, r, height), (widths, c, width)]
    )
    label = 0
    for ends, at, own in axes:
        total, before = _total(ends), _total(ends[:at])
        if own is None:
            factors.append((unit_at(before + 1, total), (label,)))
            out.append(label)
            label += 1
        else:
            factors.append((selection(before, own, total), (label, label + 1)))
            out.append(label)
            inner.append(label + 1)
            label += 2
    return [LocalTerm(1, factors, tuple(out), tuple(inner))]


BLOCK = Operator(
    "block", "tensor", _block_shape, arity=(1, None), layout="block", jacobian=_block_jacobian,
    row=lambda args, attr: attr[0] == 1 and all([a.order == 0 or a.is_row for a in args]), numpy=_block_numpy,
    rule="vector of functions", section="4.1", formula="∂[f; g]/∂x = [∂f/∂x; ∂g/∂x]", example="[x^2; 3x]",
)  # fmt: skip


def block(rows: int, columns: int, *parts: Expr) -> Expr:
    """Return a vector, row or matrix put together from parts, row by row."""
    return make(BLOCK, parts, (rows, columns)) if len(parts) > 1 else parts[0]


MOST_OPENED = 3
"""A determinant of at most so many rows is written by its entries."""


def determinant(matrix: Expr) -> Expr | None:
    """Return the determinant of a small matrix that is given by its entries, a d - b c; None of any other.

    >>> from mcalc.operators.leaves import symbol
    >>> a, b = symbol("a"), symbol("b")
    >>> [term.args for term in determinant(block(2, 2, a, b, b, a)).args] == [(a, a), (number(-1), b, b)]
    True
    """
    if matrix.op is not BLOCK or any([entry.shape for entry in matrix.args]):
        return None
    rows, columns = matrix.attr
    if rows != columns or rows > MOST_OPENED:
        return None
    terms: list[Expr] = []
    for places in permutations(range(rows)):
        crossings = sum([a > b for a, b in combinations(places, 2)])
        factors = [matrix.args[row * columns + column] for row, column in enumerate(places)]
        factors.sort(key=lambda factor: factor.op is not NUMBER)
        terms.append(mul(number(-1 if crossings % 2 else 1), *factors))
    return add(*terms)


def _on_the_diagonal(*parts: Expr) -> Expr:
    """Matrices one behind the other on the diagonal, zeros beside them."""
    grid = [
        part if row == column else zeros((part.shape[0], other.shape[1]))
        for row, part in enumerate(parts)
        for column, other in enumerate(parts)
    ]
    return block(len(parts), len(parts), *grid)


def _matrices(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if arg.order != 2:
            raise ShapeError(f"blockdiag takes matrices, not a {shape_text(arg.shape)}", (place,))
    return (_total([arg.shape[0] for arg in args]), _total([arg.shape[1] for arg in args]))


BLOCKDIAG = Operator(
    "blockdiag", "spelling", _matrices, spellings=("blockdiag", "block_diag", "blkdiag"), arity=(2, None),
    body=_on_the_diagonal, rule="block", section="beyond the paper", example="blockdiag(A, B)",
    formula="blockdiag(A, B) = [A, 0; 0, B]",
)  # fmt: skip


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


ROWS = (BLOCK, SELECTION, BLOCKDIAG, SLICE)
