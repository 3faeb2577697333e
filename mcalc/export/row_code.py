"""Rows as array code, each a function of the node and of the code of its arguments: places, parts, matrix functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from mcalc.dims import Dim
from mcalc.export.code import (
    Code,
    as_number,
    entrywise,
    expand,
    full,
    is_number,
    matmul,
    number,
    permute,
    reduce,
    reshape,
    size,
    taken,
)
from mcalc.export.contraction import contracted
from mcalc.export.structured import Matrix, dense
from mcalc.expr import Expr
from mcalc.operators.cross import SIGNS, THREE
from mcalc.operators.matrix_functions import FRECHET
from mcalc.operators.singular import VALUES, VECTORS
from mcalc.operators.spectral import EIGENVALUES, EIGENVECTORS
from mcalc.operators.toeplitz import CONVOLUTIONS, diagonals

if TYPE_CHECKING:
    from mcalc.expr import Labels


Rule = Callable[[Expr, Sequence[Code]], Code]

TURNS = ((1, 2), (2, 0), (0, 1))
"""The two places beside each entry of a vector of 3, in the order of a cross product."""
SOLUTIONS = ("sylvester", "pinv", "chol", "polar", "nuclear", "schatten", "eigvecs_max", "eigvecs_min")
"""Rows that are functions written out in each language that has them."""
AXES = (("rows", 1), ("cols", 0))
"""Reductions of each row and of each column, with the axis that they go along."""


def _element(node: Expr, args: Sequence[Code]) -> Code:
    """One place of each of the first axes, counted from 1."""
    found = args[0]
    for position in args[1:]:
        found = taken(found, 0, entrywise("sub", position, number(1)))
    return found


def _unit(node: Expr, args: Sequence[Code]) -> Code:
    """A unit vector: where the places are the one wanted."""
    at = entrywise("sub", args[0], number(1))
    places = Code("places", (), None, node.shape)
    return entrywise("where", Code("eq", (places, at), None, node.shape), number(1), number(0))


def _slice(node: Expr, args: Sequence[Code]) -> Code:
    """The part of each axis from one place to another."""
    found = args[0]
    for axis, part in enumerate(node.attr):
        if part is not None:
            before, own = part
            shape = (*found.shape[:axis], own, *found.shape[axis + 1 :])
            found = Code("cut", (found, size(before), size(before + own)), axis, shape)
    return found


def _block(node: Expr, args: Sequence[Code]) -> Code:
    """Parts side by side and one above the other."""
    rows, columns = node.attr
    parts = [_two_axes(part, code) for part, code in zip(node.args, args, strict=True)]
    whole = _joined([_joined(parts[r * columns : (r + 1) * columns], 1) for r in range(rows)], 0)
    return reshape(whole, node.shape)


def _selection(node: Expr, args: Sequence[Code]) -> Code:
    """Some columns of the identity."""
    before, own, whole = node.attr
    eye = Code("eye", (), None, (whole, whole))
    return Code("cut", (eye, size(before), size(before + own)), 1, node.shape)


def _pairing(node: Expr, args: Sequence[Code]) -> Code:
    """The tensor that counts pairs: an identity with its columns in two axes."""
    whole = node.shape[0]
    return reshape(Code("eye", (), None, (whole, whole)), node.shape)


def _unvec(node: Expr, args: Sequence[Code]) -> Code:
    """A vector laid out column by column."""
    flat = args[0]
    return permute(reshape(flat, node.shape[::-1]), (1, 0))


def _blocks(node: Expr, args: Sequence[Code]) -> Code:
    """Products with the blocks of a matrix, which has four axes for them."""
    whole, other = args
    outer, inner = (node.shape, other.shape) if node.op.name == "blockdot" else (other.shape, node.shape)
    axes = reshape(whole, (outer[0], inner[0], outer[1], inner[1]))
    own, out = ((1, 3), (0, 2)) if node.op.name == "blockdot" else ((0, 2), (1, 3))
    return contracted([(axes, (0, 1, 2, 3)), (other, own)], out)


def _shifts(node: Expr, args: Sequence[Code]) -> Code:
    """The tensor that says where h_j x_p is a term of the entry i of a convolution, counted from 0."""
    mode = node.op.name.removeprefix("shifts").strip() or "full"
    i, j, p = [expand(Code("places", (), None, (dim,)), (axis,), 3) for axis, dim in enumerate(node.shape)]
    k, met = size(node.shape[1]), entrywise("add", j, p)
    before = entrywise("sub", k, number(1))
    if mode == "same":
        before = entrywise("floor", entrywise("div", before, number(2)))
    at = entrywise("add", i, before) if mode in ("same", "valid") else i
    where = Code("eq", (as_number(met), as_number(at)), None, node.shape)
    if mode == "circular":
        again = Code("eq", (as_number(met), as_number(entrywise("add", i, k))), None, node.shape)
        where = Code("or", (where, again), None, node.shape)
    return as_number(where)


def _convolution(node: Expr, args: Sequence[Code]) -> Code:
    """A convolution, or the matrix of one, by that tensor."""
    name, *mode = node.op.name.split()
    rows = next(one for one in CONVOLUTIONS if one.mode == (mode[0] if mode else "full"))
    first, second = args
    factors: list[tuple[Code, Labels]] = [(first, (1,) if name != "lagmatrix" else (2,))]
    out: Labels = {"conv": (0,), "convmatrix": (0, 2), "lagmatrix": (0, 1)}[name]
    if name == "conv":
        factors.append((second, (2,)))
        sizes = (node.args[0].shape[0], node.args[1].shape[0])
    elif name == "convmatrix":
        sizes = (node.args[0].shape[0], node.shape[1])
    else:
        sizes = (node.shape[1], node.args[0].shape[0])
    return contracted([(_shifts(rows.shifts(*sizes), ()), (0, 1, 2)), *factors], out)


def _entries(node: Expr, args: Sequence[Code]) -> Code:
    """What is made of the entries of vectors of 3, entry by entry."""
    values = args
    flat = [reshape(value, (THREE,)) for value in values if value.order == 1]
    places = [[taken(value, 0, number(k)) for k in range(3)] for value in flat]
    made: list[Code]
    if node.op.name == "levicivita":
        made = [number(entry) for table in SIGNS for row in table for entry in row]
    elif node.op.name == "vee":
        at = [[taken(taken(values[0], 0, number(i)), 0, number(j)) for j in range(3)] for i in range(3)]
        made = [entrywise("div", entrywise("sub", at[k][j], at[j][k]), number(2)) for j, k in TURNS]
    elif node.op.name == "cross":
        a, b = places
        made = [entrywise("sub", entrywise("mul", a[j], b[k]), entrywise("mul", a[k], b[j])) for j, k in TURNS]
    else:
        [(x, y, z)] = places
        minus = [entrywise("neg", one) for one in (x, y, z)]
        made = [number(0), minus[2], y, z, number(0), minus[0], minus[1], x, number(0)]
    parts = [Code("reshape", (one,), None, (Dim.of(1), Dim.of(1))) for one in made]
    return reshape(_joined(parts, 0), node.shape)


def _diagonals(node: Expr, args: Sequence[Code]) -> Code:
    """The tensor that says on which diagonal an entry lies: k + i = j + n - 1, counted from 0."""
    all_places = [expand(Code("places", (), None, (dim,)), (k,), 3) for k, dim in enumerate(node.shape)]
    above, row, column = all_places
    ends = entrywise("add", column, size(node.shape[1] - 1))
    return as_number(Code("eq", (entrywise("add", above, row), ends), None, node.shape))


def _along_diagonals(node: Expr, args: Sequence[Code], *, mean: bool) -> Code:
    """The sum or the mean of each diagonal, put on it."""
    of = args[0]
    where = _diagonals(diagonals(node.shape[0]), ())
    found = contracted([(where, (0, 1, 2)), (of, (1, 2))], (0,))
    if mean:
        found = entrywise("div", found, reduce("sum", where, (1, 2)))
    return contracted([(where, (0, 1, 2)), (found, (0,))], (1, 2))


def _commutation(node: Expr, args: Sequence[Code]) -> Code:
    """An identity whose rows, counted by pairs, are counted by the pairs turned round."""
    m, n = [arg.attr if arg.op.name == "size" else Dim.of(arg.attr) for arg in node.args]
    whole = m * n
    by_pairs = reshape(Code("eye", (), None, (whole, whole)), (n, m, whole))
    return reshape(permute(by_pairs, (1, 0, 2)), node.shape)


def _kron(node: Expr, args: Sequence[Code]) -> Code:
    """A Kronecker product; a vector is a matrix of one column, or of one row."""
    parts = [_two_axes(part, code) for part, code in zip(node.args, args, strict=True)]
    shape = tuple([a * b for a, b in zip(parts[0].shape, parts[1].shape, strict=True)])
    return reshape(Code("kron", parts, None, shape), node.shape)


def _two_axes(part: Expr, code: Code) -> Code:
    code = as_number(code)
    if part.order == 2:
        return code
    if part.order == 1:
        return expand(code, (1,) if part.is_row else (0,), 2)
    return Code("reshape", (code,), None, (Dim.of(1), Dim.of(1)))


def _joined(parts: Sequence[Code], axis: int) -> Code:
    if len(parts) == 1:
        return parts[0]
    along = sum([part.shape[axis] for part in parts], start=Dim.of(0))
    shape = (along, parts[0].shape[1]) if axis == 0 else (parts[0].shape[0], along)
    return Code("concat", tuple(parts), axis, shape)


def _solution(name: str) -> Rule:
    """A function that is written out under this name."""
    return lambda node, args: Code("solution", tuple(args), name, node.shape)


def _of_all(name: str) -> Rule:
    """All eigenvalues, or their vectors, from the largest down; of a matrix that is surely symmetric, in one call."""
    return lambda node, args: Code(
        "solution", tuple(args), name if node.args[0].is_symmetric else f"{name}_of", node.shape
    )


def _at_place(name: str, end: str, *, falling: bool) -> Rule:
    """An eigenvalue or a vector by its place: of those that rise, or, where they are `falling`, fall."""

    def lowered(node: Expr, args: Sequence[Code]) -> Code:
        a, *rest = args
        of = name
        if rest and end:
            of, place = "generalised", number(-1 if end == "max" else 0)
            return Code("solution", (a, *rest, place), of, node.shape)
        down = falling or not (node.args[0].is_symmetric or falling)
        of = name if falling or node.args[0].is_symmetric else f"{name}_of"
        if end:
            place = number(0 if (end == "max") == down else -1)
        else:
            place = entrywise("sub", rest[0], number(1)) if down else entrywise("neg", rest[0])
        return Code("solution", (a, place), of, node.shape)

    return lowered


def _of_matrix(name: str) -> Rule:
    """The logarithm or a power of a matrix, by its eigenvalues where it is surely symmetric."""

    def lowered(node: Expr, args: Sequence[Code]) -> Code:
        by = f"{name}_symmetric" if node.args[0].is_symmetric else name
        return Code("solution", tuple(args), by, node.shape)

    return lowered


def _frechet(name: str) -> Rule:
    """A Fréchet derivative: that of e^A along directions is a block of e^[A, E; 0, A], which every language has."""

    def lowered(node: Expr, args: Sequence[Code]) -> Code:
        if name == "exp" and node.order == 2:
            return _block_of_exponential(args, node.shape[0])
        return Code("solution", (*args, number(node.order // 2 - 1)), f"L_{name}", node.shape)

    return lowered


def _block_of_exponential(args: Sequence[Code], n: Dim) -> Code:
    whole, count = args[0], 1
    for direction in args[1:]:
        zero = full(number(0), whole.shape)
        one = Code("full", (number(0),), None, (n, n))
        rows = [_joined([direction if r == c else one for c in range(count)], 1) for r in range(count)]
        corner = _joined(rows, 0)
        whole = _joined([_joined([whole, corner], 1), _joined([zero, whole], 1)], 0)
        count *= 2
    found = Code("expm", (whole,), None, whole.shape)
    found = Code("cut", (found, number(0), size(n)), 0, (n, whole.shape[1]))
    return Code("cut", (found, size(whole.shape[1] - n), size(whole.shape[1])), 1, (n, n))


def _halves(node: Expr, args: Sequence[Code]) -> Code:
    """Ones below the diagonal, halves on it."""
    lower = Code("tril", (full(number(1), node.shape),), None, node.shape)
    return entrywise("sub", lower, dense(Matrix(node.shape, diagonal=number(Fraction(1, 2)))))


def _matrix_function(op: str) -> Rule:
    return lambda node, args: Code(op, (args[0],), None, node.shape)


def _function(op: str) -> Rule:
    return lambda node, args: entrywise(op, args[0])


def _norm(node: Expr, args: Sequence[Code]) -> Code:
    array = args[0]
    if array.order == 1:
        return entrywise("sqrt", matmul(array, array))
    return entrywise("sqrt", reduce("sum", entrywise("mul", array, array), (0, 1)))


def _extreme(op: str, axis: int | None = None, *, absolute: bool = False) -> Rule:
    """The largest or least entry: of all, or of each row or column, whose other axis is `axis`."""

    def lowered(node: Expr, args: Sequence[Code]) -> Code:
        array = args[0]
        return reduce(
            op, entrywise("abs", array) if absolute else array, range(array.order) if axis is None else [axis]
        )

    return lowered


def _hot(op: str, axis: int | None = None) -> Rule:
    """Ones at the first largest or least entry: of all, or of each row or column, whose other axis is `axis`."""

    def lowered(node: Expr, args: Sequence[Code]) -> Code:
        array = args[0]
        if axis is None:
            array = reshape(array, (math.prod(array.shape, start=Dim.of(1)),))
        places = Code("places", (), None, array.shape if axis is None else array.shape[axis : axis + 1])
        at = reduce(op, array, (0,) if axis is None else (axis,))
        if axis is not None:
            places, at = expand(places, (axis,), 2), expand(at, (1 - axis,), 2)
        return reshape(as_number(Code("eq", (places, at), None, array.shape)), node.shape)

    return lowered


def _log(node: Expr, args: Sequence[Code]) -> Code:
    """The logarithm, of 1 + x so that a small x is not lost."""
    of = args[0]
    if of.op == "add" and is_number(of.args[0], 1):
        return entrywise("log1p", of.args[1])
    return entrywise("log", of)


RULES: dict[str, Rule] = {
    "unit": _unit,
    "element": _element,
    "block": _block,
    "slice": _slice,
    "selection": _selection,
    "pairing": _pairing,
    "commutation": _commutation,
    "kron": _kron,
    "diagonals": _diagonals,
    "unvec": _unvec,
    "blockdot": _blocks,
    "blocksum": _blocks,
    **{one.constant.name: _shifts for one in CONVOLUTIONS},
    **{row.name: _convolution for one in CONVOLUTIONS for row in (one.conv, one.matrix, one.lags)},
    **dict.fromkeys(("levicivita", "hat", "vee", "cross"), _entries),
    "diagmean": partial(_along_diagonals, mean=True),
    "diagsum": partial(_along_diagonals, mean=False),
    **{op: _function(op) for op in ("acos", "log2", "log10")},
    "ln": _log,
    "norm": _norm,
    "maximum": _extreme("max"),
    "minimum": _extreme("min"),
    "norminf": _extreme("max", absolute=True),
    **{f"hard{op}": _hot(f"arg{op}") for op in ("max", "min")},
    **{f"hard{op} {each}": _hot(f"arg{op}", axis) for op in ("max", "min") for each, axis in AXES},
    **{f"{op} {each}": _extreme(op, axis) for op in ("max", "min") for each, axis in AXES},
    **{op: _matrix_function(op) for op in ("inv", "det", "adj", "logdet", "expm")},
    **{name: _solution(name) for name in SOLUTIONS},
    **{name: _of_all(name) for name in ("eigvals", "eigvecs")},
    **{row.name: _at_place("eigenvalue", end, falling=False) for end, row in EIGENVALUES.items()},
    **{row.name: _at_place("eigenvector", end, falling=False) for end, row in EIGENVECTORS.items()},
    **{row.name: _at_place("singular_value", end, falling=True) for end, row in VALUES.items()},
    **{
        row.name: _at_place(name, end, falling=True)
        for end, pair in VECTORS.items()
        for row, name in zip(pair, ("left_vector", "right_vector"), strict=True)
    },
    "logm": _of_matrix("logm"),
    "matrix power": _of_matrix("powm"),
    **{f"L_{name}": _frechet(name) for name in FRECHET},
    "halftril": _halves,
}
"""The rows that are written so, by name."""
