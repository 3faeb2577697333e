"""Rows for what solves equations: Sylvester's, pseudoinverses, Cholesky factors, linear systems."""

from __future__ import annotations

from mcalc.dims import Shape, shape_text
from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, neg, power
from mcalc.operators.leaves import eye, known_size, number, ratio, size
from mcalc.operators.linear import equal, matmul, taken, transpose
from mcalc.operators.matrix import inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"


def matrix_at(args: tuple[Expr, ...], place: int, what: str, *, square: bool = True) -> Expr:
    """Return an argument that has to be a matrix, and a square one unless said otherwise; raises ShapeError."""
    a = taken(args, place, what, 2)
    if square and a.shape[0] is not a.shape[1]:
        raise ShapeError(f"{what} takes a square matrix, not a {shape_text(a.shape)}", (place,), a.shape[0], a.shape[1])
    return a


def _sylvester_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a, b = matrix_at(args, 0, "sylvester"), matrix_at(args, 1, "sylvester")
    if len(args) == 2:
        return (a.shape[0], b.shape[0]) * 2
    c = matrix_at(args, 2, "sylvester", square=False)
    equal("sylvester(A, B, C) solves A X + X B = C", a.shape[0], c.shape[0], (0, 2))
    equal("sylvester(A, B, C) solves A X + X B = C", b.shape[0], c.shape[1], (1, 2))
    return c.shape


def _is_own_turn(a: Expr, b: Expr, c: Expr) -> bool:
    """A X + X Aᵀ = C with C symmetric: the one solution equals its transpose."""
    return transpose(a) is b and c.is_symmetric


def _sylvester_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """A dX + dX B = dC - dA X - X dB; without a C, of the tensor T itself, for X the part for each entry of C."""
    solves = make(SYLVESTER, node.args[:2])
    if k == 2:
        return [LocalTerm(1, ((solves, (0, 1, 2, 3)),), (0, 1), (2, 3))]
    more = tuple(range(8, 8 + node.order - 2))
    inner, own = ((6, 5), (4, 6)) if k == 0 else ((4, 6), (6, 5))
    return [LocalTerm(-1, ((solves, (0, 1, 4, 5)), (node, inner + more)), (0, 1, *more), own)]


SYLVESTER = Operator(
    "sylvester", "tensor", _sylvester_shape, spellings=("sylvester",), arity=(2, 3),
    numpy=lambda env, node, *args: env.matrices.sylvester(env.np, *args), jacobian=_sylvester_jacobian,
    symmetric=lambda args, attr: _is_own_turn(*args), latex=r"\operatorname{sylvester}",
    rule="Sylvester's equation", section=BEYOND, formula="X = sylvester(A, B, C) solves A X + X B = C",
    domain="A and -B have no eigenvalue in common", example="sylvester(A, B, C)",
)  # fmt: skip
"""Without a C it is the tensor that takes C to X."""


def _pinv_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """dA⁺ = -A⁺ dA A⁺ + A⁺ A⁺ᵀ dAᵀ (I - A A⁺) + (I - A⁺ A) dAᵀ A⁺ᵀ A⁺.

    Source: Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems (1973), 4.12.
    """
    a, turned = node.args[0], transpose(node)
    m, n = a.shape
    left, right = matmul(node, turned), matmul(turned, node)
    return [
        LocalTerm(-1, ((node, (0, 2)), (node, (3, 1))), (0, 1), (2, 3)),
        LocalTerm(1, ((left, (0, 3)), (eye(m), (2, 1))), (0, 1), (2, 3)),
        LocalTerm(-1, ((left, (0, 3)), (matmul(a, node), (2, 1))), (0, 1), (2, 3)),
        LocalTerm(1, ((eye(n), (0, 3)), (right, (2, 1))), (0, 1), (2, 3)),
        LocalTerm(-1, ((matmul(node, a), (0, 3)), (right, (2, 1))), (0, 1), (2, 3)),
    ]


PINV = Operator(
    "pinv", "tensor", lambda args, attr: matrix_at(args, 0, "pinv", square=False).shape[::-1], spellings=("pinv",),
    layout="pseudoinverse", jacobian=_pinv_jacobian, numpy=lambda env, node, a: env.matrices.pinv(env.np, a),
    symmetric=lambda args, attr: args[0].is_symmetric,
    rule="pseudoinverse", section=BEYOND,
    formula="∂A⁺ = -A⁺ ∂A A⁺ + A⁺ A⁺ᵀ ∂Aᵀ (I - A A⁺) + (I - A⁺ A) ∂Aᵀ A⁺ᵀ A⁺",
    domain="the rank of A stays the same", example="pinv(A)",
)  # fmt: skip


def _resolvent_numpy(env: Any, node: Expr, a: Any, value: Any, v: Any) -> Any:
    along = v[:, None] * v[None, :]
    return env.np.linalg.inv(value * env.np.eye(a.shape[0]) - a + along) - along


def _resolvent(a: Expr, value: Expr, v: Expr) -> Expr:
    along = matmul(v, transpose(v))
    return add(inv(add(mul(value, eye(a.shape[0])), neg(a), along)), neg(along))


RESOLVENT = Operator(
    "resolvent", "defined", lambda args, attr: args[0].shape, arity=(3, 3), layout="resolvent", body=_resolvent,
    numpy=_resolvent_numpy, symmetric=lambda args, attr: args[0].is_symmetric,
    rule="reduced resolvent", section=BEYOND,
    formula="(λI - S)⁺ = (λI - S + v vᵀ)⁻¹ - v vᵀ for a symmetric S and the unit eigenvector v of λ",
    domain="λ is a simple eigenvalue", example="pinv(λ_max(S) I - S)",
)  # fmt: skip
"""The pseudoinverse of λI - S for an eigenvalue λ of S, whose null space is known: no rank has to be found."""
EIGENPAIRS: dict[Operator, Operator] = {}
"""The row of the eigenvector that goes with each row of an eigenvalue."""
TRIPLES: dict[Operator, tuple[Operator, Operator]] = {}
"""The rows of the left and right singular vectors that go with each row of a singular value."""


def shifted(a: Expr, value: Expr) -> Expr:
    """Return λI - A."""
    return add(mul(value, eye(a.shape[0])), neg(a))


def pinv(a: Expr) -> Expr:
    """Return A⁺; of λI - S, for an eigenvalue λ of a symmetric S, the reduced resolvent."""
    if a.op is not ADD or a.args[0].op is not MUL or a.order != 2:
        return make(PINV, (a,))
    value = a.args[0].args[0]
    vector = EIGENPAIRS.get(value.op)
    if vector is not None and value.args[0].is_symmetric and a is shifted(value.args[0], value):
        return make(RESOLVENT, (value.args[0], value, make(vector, value.args)))
    root = value.args[0] if value.op is POW else value
    for side, sided in enumerate(TRIPLES.get(root.op, ())):
        x = root.args[0]
        gram = matmul(transpose(x), x) if side else matmul(x, transpose(x))
        if a is shifted(gram, power(root, number(2))):
            return make(RESOLVENT, (gram, value, make(sided, root.args)))
    return make(PINV, (a,))


def _halves_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    dim = known_size(args[0])
    if dim is None:
        raise ShapeError("halftril takes a size", (0,), hint="halftril(n)")
    return (dim, dim)


HALVES = Operator(
    "halftril", "leaf", _halves_shape, spellings=("halftril",),
    numpy=lambda env, node, n: env.np.tril(env.np.ones((int(n), int(n)))) - env.np.eye(int(n)) / 2,
    rule="lower half", section=BEYOND, formula="ones below the diagonal, halves on it", example="halftril(n)",
)  # fmt: skip


def _chol_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """DL = L Φ(L⁻¹ dA L⁻ᵀ), where Φ takes the lower half with half the diagonal; of A its symmetric part counts.

    Source: Murray, Differentiation of the Cholesky decomposition (2016), (8).
    """
    back = inv(node)
    halves = make(HALVES, (size(node.shape[0]),))
    moves = ((2, 3),) if node.args[0].is_symmetric else ((2, 3), (3, 2))
    return [
        LocalTerm(
            ratio(1, len(moves)), ((node, (0, 4)), (halves, (4, 1)), (back, (4, p)), (back, (1, q))), (0, 1), (2, 3)
        )
        for p, q in moves
    ]


CHOL = Operator(
    "chol", "tensor", lambda args, attr: matrix_at(args, 0, "chol").shape, spellings=("chol", "cholesky"),
    jacobian=_chol_jacobian, numpy=lambda env, node, a: env.matrices.cholesky(env.np, a),
    symmetric=lambda args, attr: False,
    rule="Cholesky factor", section=BEYOND, formula="∂L = L (halftril(n) ⊗ (L⁻¹ ∂A L⁻ᵀ)) for L = chol(A)",
    domain="A is positive definite", example="chol(A' A + I)",
)  # fmt: skip


def _solve_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a = matrix_at(args, 0, "solve")
    if args[1].order not in (1, 2):
        raise ShapeError(f"solve(A, b) takes a vector or a matrix b, not a {shape_text(args[1].shape)}", (1,))
    equal("solve(A, b) solves A x = b", a.shape[1], args[1].shape[0], (0, 1))
    return args[1].shape


def _solve(a: Expr, b: Expr) -> Expr:
    _solve_shape((a, b), None)
    return matmul(inv(a), b)


SOLVE = Operator(
    "solve", "spelling", _solve_shape, spellings=("solve",), arity=(2, 2), body=_solve,
    rule="linear system", section=BEYOND, formula="solve(A, b) = A⁻¹ b", domain="det(A) ≠ 0", example="solve(A, b)",
)  # fmt: skip


def _mahalanobis_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    x, m = [taken(args, place, "mahalanobis", 1) for place in (0, 1)]
    equal("mahalanobis(x, m, S)", x.shape[0], m.shape[0], (0, 1))
    equal("mahalanobis(x, m, S)", x.shape[0], matrix_at(args, 2, "mahalanobis").shape[0], (0, 2))
    return ()


def _mahalanobis(x: Expr, m: Expr, s: Expr) -> Expr:
    _mahalanobis_shape((x, m, s), None)
    gap = add(x, neg(m))
    return power(matmul(transpose(gap), inv(s), gap), number(ratio(1, 2)))


MAHALANOBIS = Operator(
    "mahalanobis", "spelling", _mahalanobis_shape, spellings=("mahalanobis",), arity=(3, 3), body=_mahalanobis,
    rule="Mahalanobis distance", section=BEYOND, formula="mahalanobis(x, m, S) = √((x - m)ᵀ S⁻¹ (x - m))",
    domain="det(S) ≠ 0", example="mahalanobis(x, m, S)",
)  # fmt: skip

ROWS = (SYLVESTER, PINV, RESOLVENT, HALVES, CHOL, SOLVE, MAHALANOBIS)
