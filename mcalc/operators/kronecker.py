"""Rows that pair axes: the Kronecker product and vec.

A pair of indices is counted by one: `pairing` is the constant tensor of ones and zeros that says which pair a number
stands for, and two of them contract to identities. So tr(kron(A, B)) comes out as tr(A) tr(B) by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import ShapeError
from mcalc.expr import Dim, Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.leaves import eye, size

if TYPE_CHECKING:
    from mcalc.expr import Shape

BEYOND = "beyond the paper"


def _dims(args: tuple[Expr, ...]) -> tuple[Dim, Dim]:
    """The two sizes of a pairing, from the numbers or names they are given as."""
    found: list[Dim] = []
    for place, arg in enumerate(args):
        if arg.op.name not in ("size", "number") or type(arg.attr) not in (Dim, int):
            raise ShapeError("pairing takes two sizes", (place,), hint="pairing(m, n)")
        found.append(arg.attr if arg.op.name == "size" else Dim.of(arg.attr))
    return found[0], found[1]


def _pairing_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a, b = _dims(args)
    return (a * b, a, b)


PAIRING = Operator(
    "pairing", "leaf", _pairing_shape, spellings=("pairing",), arity=(2, 2),
    numpy=lambda env, node, a, b: env.np.eye(int(a * b)).reshape(int(a * b), int(a), int(b)),
    rule="pairs of indices", section=BEYOND, formula="1 where one index counts the pair of two others",
    example="pairing(m, n)",
)  # fmt: skip


def pairing(a: Dim, b: Dim) -> Expr:
    """Return the tensor that counts pairs: 1 at (r, i, k) where r = (i - 1) b + k, with axes a·b, a and b."""
    return make(PAIRING, (size(a), size(b)))


def _sides(arg: Expr) -> tuple[Dim, Dim]:
    """The rows and columns of a matrix, of a row 1 and n, of a column n and 1."""
    if arg.order == 2:
        return arg.shape[0], arg.shape[1]
    return (Dim.of(1), arg.shape[0]) if arg.is_row else (arg.shape[0], Dim.of(1))


def _kron_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if arg.order not in (1, 2) or all([other.order == 1 for other in args]):
            raise ShapeError(f"kron takes matrices, not a {shape_text(arg.shape)}", (place,))
    (m, n), (p, q) = _sides(args[0]), _sides(args[1])
    return (m * p, n * q)


def _kron_numpy(env: Any, node: Expr, a: Any, b: Any) -> Any:
    sides = [
        value if arg.order == 2 else value[None, :] if arg.is_row else value[:, None]
        for arg, value in zip(node.args, (a, b), strict=True)
    ]
    return env.np.kron(*sides)


def _commutation_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a, b = _dims(args)
    return (a * b, a * b)


def _commutation_numpy(env: Any, node: Expr, a: Any, b: Any) -> Any:
    m, n = int(a), int(b)
    return env.np.eye(m * n).reshape(n, m, m * n).transpose(1, 0, 2).reshape(m * n, m * n)


COMMUTATION = Operator(
    "commutation", "leaf", _commutation_shape, spellings=("commutation",), arity=(2, 2), numpy=_commutation_numpy,
    rule="commutation matrix", section=BEYOND, formula="commutation(m, n) vec(X) = vec(Xᵀ) for X of m×n",
    example="commutation(m, n)",
)  # fmt: skip


def commutation(m: Dim, n: Dim) -> Expr:
    """Return K with K vec(X) = vec(Xᵀ) for X of m×n; of a single row or column it is the identity.

    Source: Magnus and Neudecker, Matrix Differential Calculus, chapter 3.
    """
    one = Dim.of(1)
    return eye(m * n) if m is one or n is one else make(COMMUTATION, (size(m), size(n)))


def _paired(sides: list[tuple[Dim, int] | None], out: int) -> tuple[Expr, tuple[int, ...]]:
    """The factor that says which pair of the axes of two arguments an axis of the result counts; one may lack it."""
    (first, i), *second = [side for side in sides if side is not None]
    if not second:
        return eye(first), (out, i)
    [(other, k)] = second
    return pairing(first, other), (out, i, k)


def _kron_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """(A ⊗ B)_rc = A_ij B_kl, where r counts the pairs i, k and c the pairs j, l; a row lacks i, a column j."""
    labels: list[tuple[int, ...]] = []
    rows: list[tuple[Dim, int] | None] = []
    columns: list[tuple[Dim, int] | None] = []
    for arg, (row, column) in zip(node.args, ((2, 3), (4, 5)), strict=True):
        flat = arg.order == 1
        rows.append(None if flat and arg.is_row else (arg.shape[0], row))
        columns.append(None if flat and not arg.is_row else (arg.shape[-1], column))
        labels.append((row, column) if not flat else (column,) if arg.is_row else (row,))
    other = (node.args[1 - k], labels[1 - k])
    return [LocalTerm(1, (_paired(rows, 0), _paired(columns, 1), other), (0, 1), labels[k])]


KRON = Operator(
    "kron", "tensor", _kron_shape, spellings=("kron",), arity=(2, 2), jacobian=_kron_jacobian,
    numpy=_kron_numpy,
    rule="Kronecker product", section=BEYOND, formula="tr(kron(A, B)) = tr(A) tr(B)", example="kron(A, B)",
)  # fmt: skip


def _vec_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    a = node.args[0]
    return [LocalTerm(1, ((pairing(a.shape[1], a.shape[0]), (0, 2, 1)),), (0,), (1, 2))]


def _vec_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if args[0].order != 2:
        raise ShapeError(f"vec takes a matrix, not a {shape_text(args[0].shape)}", (0,))
    return (args[0].shape[0] * args[0].shape[1],)


VEC = Operator(
    "vec", "tensor", _vec_shape, spellings=("vec",), jacobian=_vec_jacobian,
    numpy=lambda env, node, a: a.T.reshape(-1),
    rule="vectorisation", section=BEYOND, formula="vec(A) stacks the columns of A", example="vec(A)",
)  # fmt: skip

ROWS = (PAIRING, COMMUTATION, KRON, VEC)
