"""Matrices put together of blocks, and rows that pick entries out: block, selection, unit vectors at a place."""

from __future__ import annotations

from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Dim, Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.leaves import eye, size, unit, zeros
from mcalc.operators.linear import chain_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Labels, Shape


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
ROWS = (BLOCK, SELECTION, BLOCKDIAG)
