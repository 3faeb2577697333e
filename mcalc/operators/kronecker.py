"""Rows that pair axes: the Kronecker product and vec.

A pair of indices is counted by one: `pairing` is the constant tensor of ones and zeros that says which pair a number
stands for, and two of them contract to identities. So tr(kron(A, B)) comes out as tr(A) tr(B) by itself.
"""

from __future__ import annotations

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import ADD, MUL, add, mul
from mcalc.operators.leaves import eye, known_size, size, size_given
from mcalc.operators.linear import taken
from mcalc.operators.matrix import INV, INVERSES, inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"


def _dims(args: tuple[Expr, ...]) -> tuple[Dim, Dim]:
    """The two sizes of a pairing, from the numbers or names they are given as."""
    found: list[Dim] = []
    for place, arg in enumerate(args):
        dim = known_size(arg)
        if dim is None:
            raise ShapeError("pairing takes two sizes", (place,), hint="pairing(m, n)")
        found.append(dim)
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


def _both_flat(args: tuple[Expr, ...]) -> bool:
    """Say whether two vectors are multiplied that are both columns, or both rows: the result is one, too."""
    return all([arg.order == 1 for arg in args]) and args[0].is_row == args[1].is_row


def _kron_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if arg.order not in (1, 2):
            raise ShapeError(f"kron takes matrices or vectors, not a {shape_text(arg.shape)}", (place,))
    if _both_flat(args):
        return (args[0].shape[0] * args[1].shape[0],)
    (m, n), (p, q) = _sides(args[0]), _sides(args[1])
    return (m * p, n * q)


def _kron_numpy(env: Any, node: Expr, a: Any, b: Any) -> Any:
    sides = [
        value if arg.order == 2 else value[None, :] if arg.is_row else value[:, None]
        for arg, value in zip(node.args, (a, b), strict=True)
    ]
    return env.np.kron(a, b) if _both_flat(node.args) else env.np.kron(*sides)


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
    if _both_flat(node.args):
        (first, i), (second, m) = [side for side in (columns if node.is_row else rows) if side is not None]
        return [LocalTerm(1, ((pairing(first, second), (0, i, m)), other), (0,), labels[k])]
    return [LocalTerm(1, (_paired(rows, 0), _paired(columns, 1), other), (0, 1), labels[k])]


KRON = Operator(
    "kron", "tensor", _kron_shape, spellings=("kron",), arity=(2, 2), jacobian=_kron_jacobian,
    numpy=_kron_numpy, row=lambda args, attr: args[0].is_row,
    symmetric=lambda args, attr: all([arg.is_symmetric for arg in args]),
    rule="Kronecker product", section=BEYOND, example="kron(A, B)",
    formula="kron(A, B) has a block A_ij B for each entry of A; d kron(A, B) = kron(dA, B) + kron(A, dB)",
)  # fmt: skip


def _inverse(product: Expr) -> Expr:
    """(A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹ of square matrices."""
    square = all([side.is_square for side in product.args])
    return make(KRON, tuple([inv(side) for side in product.args])) if square else make(INV, (product,))


INVERSES[KRON] = _inverse


def _vec_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    a = node.args[0]
    return [LocalTerm(1, ((pairing(a.shape[1], a.shape[0]), (0, 2, 1)),), (0,), (1, 2))]


def _vec_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    rows, columns = taken(args, 0, "vec", 2).shape
    return (rows * columns,)


VEC = Operator(
    "vec", "tensor", _vec_shape, spellings=("vec",), jacobian=_vec_jacobian,
    numpy=lambda env, node, a: a.T.reshape(-1),
    rule="vectorisation", section=BEYOND, formula="vec(A) stacks the columns of A", example="vec(A)",
)  # fmt: skip


def _unvec_dims(args: tuple[Expr, ...]) -> tuple[Dim, Dim]:
    found = [size_given(arg) for arg in args[1:]]
    for place, dim in enumerate(found, 1):
        if dim is None:
            raise ShapeError("unvec takes a vector and two sizes", (place,), hint="unvec(v, m, n)")
    return found[0], found[1]  # type: ignore[return-value]


def _unvec_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    m, n = _unvec_dims(args)
    [own] = taken(args, 0, "unvec", 1).shape
    settled = own.value is not None or len(own.terms) > 1 or len(own.names) > 1  # a name alone may be m n by its data
    if settled and own is not m * n:
        raise ShapeError(f"unvec(v, m, n) takes a vector of m n: sizes {own} and {m * n} differ", (0,), own, m * n)
    return (m, n)


def _unvec_numpy(env: Any, node: Expr, v: Any, m: Any, n: Any) -> Any:
    if v.size != int(m) * int(n):
        raise Mistake("E-SHAPE", f"unvec of {v.size} entries into {int(m)}×{int(n)}")
    return v.reshape(int(n), int(m)).T


def _unvec_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    m, n = node.shape
    if k or node.args[0].shape[0] is not m * n:
        said = f"the derivative of unvec takes a vector of {m * n}, not of {node.args[0].shape[0]}"
        raise Mistake("E-UNSUPPORTED", said, hint="declare its size as a product of numbers")
    return [LocalTerm(1, ((pairing(n, m), (2, 1, 0)),), (0, 1), (2,))]


UNVEC = Operator(
    "unvec", "tensor", _unvec_shape, spellings=("unvec",), arity=(3, 3), jacobian=_unvec_jacobian,
    numpy=_unvec_numpy, latex=r"\operatorname{unvec}",
    rule="matrix of a vec", section=BEYOND, formula="unvec(vec(X), m, n) = X for X of m×n",
    example="unvec(v, 2, 3)",
)  # fmt: skip


def unvec(vector: Expr, m: Dim, n: Dim) -> Expr:
    """Return the matrix of m×n that a vector is the vec of: of vec(X) - 2 vec(Y) it is X - 2 Y."""
    terms = vector.args if vector.op is ADD else (vector,)
    opened: list[Expr] = []
    for term in terms:
        *numbers, last = term.args if term.op is MUL else (term,)
        if last.op is not VEC or last.args[0].shape != (m, n) or any([factor.shape for factor in numbers]):
            return make(UNVEC, (vector, size(m), size(n)))
        opened.append(mul(*numbers, last.args[0]))
    return add(*opened)


def _parts(whole: Dim, part: Dim) -> Dim | None:
    """A size divided by another that it is a product of."""
    if whole.value is not None and part.value is not None:
        return Dim.of(whole.value // part.value) if part.value and whole.value % part.value == 0 else None
    [*left], count = whole.terms[0] if len(whole.terms) == 1 else ((), 0)
    [*over], by = part.terms[0] if len(part.terms) == 1 else ((), 0)
    if not count or not by or count % by:
        return None
    for name in over:
        if name not in left:
            return None
        left.remove(name)
    found = Dim.of(count // by)
    for name in left:
        found = found * Dim.named(name)
    return found


def _blocks(what: str, args: tuple[Expr, ...]) -> list[Dim]:
    """How often the second of two matrices goes into the first, by rows and by columns."""
    if args[0].order != 2 or args[1].order != 2:
        place = int(args[0].order == 2)
        raise ShapeError(f"{what} takes two matrices, not a {shape_text(args[place].shape)}", (place,))
    found: list[Dim] = []
    for whole, part in zip(args[0].shape, args[1].shape, strict=True):
        times = _parts(whole, part)
        if times is None:
            said = f"{what}: a {shape_text(args[0].shape)} has no blocks by a {shape_text(args[1].shape)}"
            raise ShapeError(said, (0, 1), hint="its sizes are multiples of the other's")
        found.append(times)
    return found


def _as_blocks(np: Any, g: Any, rows: int, columns: int) -> Any:
    """The blocks of a matrix: axes are rows and columns of blocks, then those within a block."""
    return g.reshape(rows, g.shape[0] // rows, columns, g.shape[1] // columns).transpose(0, 2, 1, 3)


def _blockdot_numpy(env: Any, node: Expr, g: Any, b: Any) -> Any:
    blocks = _as_blocks(env.np, g, g.shape[0] // b.shape[0], g.shape[1] // b.shape[1])
    return env.np.einsum("ijkl,kl->ij", blocks, b)


def _block_jacobian(node: Expr, k: int, *, inner: bool) -> list[LocalTerm]:
    """Σ G_rc P(r,i,k) P(c,j,l) B_kl, by G and by B; of blocksum the pairs are summed by their first indices."""
    g, b = node.args
    (m, n), (p, q) = (node.shape, b.shape) if inner else (b.shape, node.shape)
    pairs = [(pairing(m, p), (0, 2, 4)), (pairing(n, q), (1, 3, 5))]
    own, out = ((4, 5), (2, 3)) if inner else ((2, 3), (4, 5))
    if k == 0:
        return [LocalTerm(1, (*pairs, (b, own)), out, (0, 1))]
    return [LocalTerm(1, (*pairs, (g, (0, 1))), out, own)]


BLOCKDOT = Operator(
    "blockdot", "tensor", lambda args, attr: tuple(_blocks("blockdot", args)), spellings=("blockdot",), arity=(2, 2),
    jacobian=lambda node, k: _block_jacobian(node, k, inner=True), numpy=_blockdot_numpy,
    rule="inner products with blocks", section=BEYOND, example="blockdot(kron(A, B), B)",
    formula="blockdot(G, B)_ij = ⟨G_[ij], B⟩, the blocks of G as large as B; blockdot(kron(A, B), B) = ‖B‖² A",
)  # fmt: skip
BLOCKSUM = Operator(
    "blocksum", "tensor", lambda args, attr: tuple(_blocks("blocksum", args)), spellings=("blocksum",), arity=(2, 2),
    jacobian=lambda node, k: _block_jacobian(node, k, inner=False),
    numpy=lambda env, node, g, a: env.np.einsum("ijkl,ij->kl", _as_blocks(env.np, g, *a.shape), a),
    rule="sum of blocks", section=BEYOND, example="blocksum(kron(A, B), A)",
    formula="blocksum(G, A) = Σ_ij A_ij G_[ij], as many blocks of G as A has entries; "
    "blocksum(kron(A, B), A) = ‖A‖² B",
)  # fmt: skip
ROWS = (PAIRING, COMMUTATION, KRON, VEC, UNVEC, BLOCKDOT, BLOCKSUM)
