"""Rows of singular values and vectors, and of the norms that are made of them.

With X = U diag(σ) Vᵀ the derivative of a sum of functions of the singular values is U diag(f′(σ)) Vᵀ.
"""

from __future__ import annotations

from mcalc.dims import Shape
from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import add, neg, power
from mcalc.operators.leaves import eye, is_number, number
from mcalc.operators.linear import matmul, transpose
from mcalc.operators.matrix import norm
from mcalc.operators.solutions import SYLVESTER, TRIPLES, matrix_at, pinv, shifted
from mcalc.operators.spectral import ENDS, counted, place_of, refuse_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
SIDES = ("left", "right")


def _shape(args: tuple[Expr, ...], name: str, end: str, axis: int | None) -> Shape:
    x = matrix_at(args, 0, name, square=False)
    if not end:
        for dim in x.shape:
            counted(args, name, dim)
    return () if axis is None else (x.shape[axis],)


def _vector_jacobian(node: Expr, end: str, side: int, k: int) -> list[LocalTerm]:
    """Dv = (σ²I - XᵀX)⁺ (dXᵀ X + Xᵀ dX) v with X v = σ u; of the left vector the same with Xᵀ for X."""
    refuse_place(node, k)
    x = node.args[0]
    other = make(VECTORS[end][1 - side], node.args)
    value = make(VALUES[end], node.args)
    turned = transpose(x) if side else x
    gram = matmul(turned, transpose(turned))
    resolvent = pinv(shifted(gram, power(value, number(2))))
    carried = matmul(resolvent, turned)
    if side:
        return [
            LocalTerm(1, ((value, ()), (resolvent, (0, 2)), (other, (1,))), (0,), (1, 2)),
            LocalTerm(1, ((carried, (0, 1)), (node, (2,))), (0,), (1, 2)),
        ]
    return [
        LocalTerm(1, ((value, ()), (resolvent, (0, 1)), (other, (2,))), (0,), (1, 2)),
        LocalTerm(1, ((carried, (0, 2)), (node, (1,))), (0,), (1, 2)),
    ]


def _value_jacobian(node: Expr, end: str, k: int) -> list[LocalTerm]:
    """dσ = uᵀ dX v."""
    refuse_place(node, k)
    left, right = [make(row, node.args) for row in VECTORS[end]]
    return [LocalTerm(1, ((left, (0,)), (right, (1,))), (), (0, 1))]


def _triple(env: Any, node: Expr, end: str, args: tuple[Any, ...]) -> Any:
    return env.matrices.singular_triple(env.np, args[0], place_of(node, end, args[-1] if len(args) > 1 else 0))


def _singular_value(end: str) -> Operator:
    name, word = (f"σ_{end}", ENDS[end][1]) if end else ("svdval", "k-th largest")
    given = f"{name}(X)" if end else f"{name}(X, k)"
    norms = ("spectral", "normspec") if end == "max" else ()
    return Operator(
        name, "tensor", lambda args, attr: _shape(args, name, end, None),
        spellings=(name, f"svdval_{end}", f"sigma_{end}", *norms) if end else (name,),
        arity=(1, 1) if end else (2, 2), latex=rf"\sigma_{{\{end}}}" if end else r"\operatorname{svdval}",
        layout=f"call svdval_{end}" if end else "call",
        jacobian=lambda node, k: _value_jacobian(node, end, k),
        numpy=lambda env, node, *args: _triple(env, node, end, args)[0],
        rule="singular value", section=BEYOND,
        formula=f"∂{given}/∂X = u vᵀ, u and v the unit singular vectors of the {word} singular value",
        domain=f"{name}(A) is a simple singular value and not 0" if end else "the singular value is simple and not 0",
        example=given if end else "svdval(X, 2)",
    )  # fmt: skip


def _singular_vector(end: str, side: int) -> Operator:
    short = f"{SIDES[side][0]}svec"
    name = f"{short}_{end}" if end else short
    word = ENDS[end][1] if end else "k-th largest"
    return Operator(
        name, "tensor", lambda args, attr: _shape(args, name, end, side), spellings=(name,),
        arity=(1, 1) if end else (2, 2), row=lambda args, attr: False,
        jacobian=lambda node, k: _vector_jacobian(node, end, side, k),
        numpy=lambda env, node, *args: _triple(env, node, end, args)[1 + side],
        rule=f"{SIDES[side]} singular vector", section=BEYOND,
        formula=f"X v = σ u and Xᵀ u = σ v with ‖u‖ = ‖v‖ = 1 and the {word} σ: the {'uv'[side]} of these",
        domain="the singular value is simple and not 0", example=f"{name}(X)" if end else f"{name}(X, 2)",
    )  # fmt: skip


VALUES = {end: _singular_value(end) for end in ("max", "min", "")}
VECTORS = {end: (_singular_vector(end, 0), _singular_vector(end, 1)) for end in ("max", "min", "")}
TRIPLES.update({VALUES[end]: pair for end, pair in VECTORS.items()})


def _polar_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """DP = P Ω PᵀP + (I - PPᵀ) dX X⁺P + P X⁺ dX (I - PᵀP) with H Ω + Ω H = Pᵀ dX - dXᵀ P.

    H is PᵀX = (XᵀX)^½, made regular by I - PᵀP, which is 0 where X has as many rows as columns at least.
    """
    x = node.args[0]
    m, n = x.shape
    turned, back = transpose(node), pinv(x)
    mine, over = matmul(turned, node), matmul(node, turned)
    length = add(matmul(turned, x), eye(n), neg(mine))
    solves = make(SYLVESTER, (length, length))
    out, arg = (0, 1), (2, 3)
    return [
        LocalTerm(1, ((node, (0, 4)), (solves, (4, 5, 6, 3)), (node, (2, 6)), (mine, (5, 1))), out, arg),
        LocalTerm(-1, ((node, (0, 4)), (solves, (4, 5, 3, 6)), (node, (2, 6)), (mine, (5, 1))), out, arg),
        LocalTerm(1, ((eye(m), (0, 2)), (matmul(back, node), (3, 1))), out, arg),
        LocalTerm(-1, ((over, (0, 2)), (matmul(back, node), (3, 1))), out, arg),
        LocalTerm(1, ((matmul(node, back), (0, 2)), (eye(n), (3, 1))), out, arg),
        LocalTerm(-1, ((matmul(node, back), (0, 2)), (mine, (3, 1))), out, arg),
    ]


POLAR = Operator(
    "polar", "tensor", lambda args, attr: matrix_at(args, 0, "polar", square=False).shape, spellings=("polar",),
    jacobian=_polar_jacobian, numpy=lambda env, node, x: env.matrices.polar(env.np, x), latex=r"\operatorname{polar}",
    rule="nearest matrix with orthonormal columns", section=BEYOND,
    formula="polar(A) = U Vᵀ where A = U diag(σ) Vᵀ is the singular value decomposition",
    domain="no singular value of A is 0", example="polar(A)",
)  # fmt: skip
NUCLEAR = Operator(
    "nuclear", "tensor", lambda args, attr: matrix_at(args, 0, "nuclear", square=False).shape[:0],
    spellings=("nuclear", "normnuc"),
    jacobian=lambda node, k: [LocalTerm(1, ((make(POLAR, node.args), (0, 1)),), (), (0, 1))],
    numpy=lambda env, node, x: env.matrices.schatten(env.np, x, 1), latex=r"\operatorname{nuclear}",
    rule="nuclear norm", section=BEYOND, formula="nuclear(X) = ‖X‖_* = Σ σ_i(X): ∂‖X‖_*/∂X = U Vᵀ = polar(X)",
    domain="no singular value of A is 0", example="nuclear(X)",
)  # fmt: skip


def _schatten_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if not is_number(args[1]) or type(args[1].attr) is not int or args[1].attr < 1:
        raise ShapeError("schatten takes a matrix and a whole number", (1,), hint="schatten(X, 3)")
    return matrix_at(args, 0, "schatten", square=False).shape[:0]


def _schatten_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """U diag(σ)^(p-1) Vᵀ / ‖X‖^(p-1): X Xᵀ X ... for an even p, with one polar factor among them for an odd one."""
    if k:
        return []
    x, p = node.args[0], node.args[1].attr
    polar = make(POLAR, (x,))
    factors = [x if place % 2 == 0 else transpose(polar if place == 1 and p % 2 else x) for place in range(p - 1)]
    if p % 2:
        factors = [x, transpose(polar), x] + [f for _ in range((p - 3) // 2) for f in (transpose(x), x)]
    whole = matmul(*factors)
    return [LocalTerm(1, ((whole, (0, 1)), (power(node, number(1 - p)), ())), (), (0, 1))]


SCHATTEN = Operator(
    "schatten", "tensor", _schatten_shape, arity=(2, 2), jacobian=_schatten_jacobian,
    numpy=lambda env, node, x, p: env.matrices.schatten(env.np, x, int(p)), latex=r"\operatorname{schatten}",
    rule="Schatten norm", section=BEYOND, domain="no singular value of A is 0",
    formula="schatten(X, p) = (Σ σ_i(X)^p)^(1/p): ∂schatten(X, p)/∂X = U diag(σ)^(p - 1) Vᵀ / schatten(X, p)^(p - 1)",
    example="schatten(X, 3)",
)  # fmt: skip


def schatten(x: Expr, p: Expr) -> Expr:
    """Return the Schatten norm; of 1 and 2 it has names of its own. Raises ShapeError."""
    _schatten_shape((x, p), None)
    return make(NUCLEAR, (x,)) if is_number(p, 1) else norm(x) if is_number(p, 2) else make(SCHATTEN, (x, p))


SCHATTEN_SPELLING = Operator(
    "schatten norm of any order", "spelling", _schatten_shape, spellings=("schatten", "normschatten"), arity=(2, 2),
    body=schatten, rule="Schatten norm", section=BEYOND, formula="schatten(X, 1) = nuclear(X), schatten(X, 2) = ‖X‖",
    example="schatten(X, 3)",
)  # fmt: skip


ROWS = (
    *VALUES.values(), *[row for pair in VECTORS.values() for row in pair], POLAR, NUCLEAR, SCHATTEN, SCHATTEN_SPELLING,
)  # fmt: skip
