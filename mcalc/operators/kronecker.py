"""Rows that pair axes: the Kronecker product and vec.

A pair of indices is counted by one: `pairing` is the constant tensor of ones and zeros that says which pair a number
stands for, and two of them contract to identities. So tr(kron(A, B)) comes out as tr(A) tr(B) by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import ShapeError
from mcalc.expr import Dim, Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.leaves import size

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


def _kron_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if arg.order != 2:
            raise ShapeError(f"kron takes matrices, not a {shape_text(arg.shape)}", (place,))
    a, b = args
    return (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])


def _kron_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """(A ⊗ B)_rc = A_ij B_kl, where r counts the pairs i, k and c the pairs j, l."""
    a, b = node.args
    rows, columns = pairing(a.shape[0], b.shape[0]), pairing(a.shape[1], b.shape[1])
    other, labels, own = (b, (4, 5), (2, 3)) if k == 0 else (a, (2, 3), (4, 5))
    return [LocalTerm(1, ((rows, (0, 2, 4)), (columns, (1, 3, 5)), (other, labels)), (0, 1), own)]


KRON = Operator(
    "kron", "tensor", _kron_shape, spellings=("kron",), arity=(2, 2), jacobian=_kron_jacobian,
    numpy=lambda env, node, a, b: env.np.kron(a, b),
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

ROWS = (PAIRING, KRON, VEC)
