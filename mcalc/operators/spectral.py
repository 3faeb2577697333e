"""Rows of eigenvalues and eigenvectors.

An eigenvector is a unit vector, of either sign: a result is differentiated where it does not depend on the sign, and
then v may be any of the two.
"""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import is_number, number, size_given
from mcalc.operators.linear import dot, equal, matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.solutions import EIGENPAIRS, matrix_at, pinv, shifted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
ENDS = {"max": (0, "largest"), "min": (-1, "least")}
"""The place of each end among the eigenvalues from the largest down, and its word."""


def place_of(node: Expr, end: str, last: Any) -> int:
    """Return at which place an eigenvalue or singular value stands, counted from 0; -1 is the last."""
    return ENDS[end][0] if end else int(last) - 1


def counted(args: tuple[Expr, ...], what: str, most: Dim) -> None:
    """Raise ShapeError where the last argument is no place among so many."""
    at = args[-1]
    if at.shape or (is_number(at) and (type(at.attr) is not int or at.attr < 1)):
        raise ShapeError(f"{what} takes a matrix and a place, counted from 1", (1,), hint=f"{what}(S, 2)")
    if is_number(at) and most.value is not None and at.attr > most.value:
        raise ShapeError(f"there is no {what} {at.attr} of a matrix of {most.value}", (1,))


def refuse_place(node: Expr, k: int) -> None:
    """Raise E-UNSUPPORTED where it is the place that is differentiated by."""
    if k:
        raise Mistake("E-UNSUPPORTED", f"the place of {node.op.name} is a whole number, and has no derivative")


def _eigenvalue_shape(args: tuple[Expr, ...], name: str, end: str) -> Shape:
    size = matrix_at(args, 0, name).shape[0]
    if not end:
        counted(args, name, size)
    return ()


def _sides(node: Expr, vector: Operator) -> tuple[Expr, Expr]:
    """The left and the right eigenvector; of a symmetric matrix they are one."""
    a = node.args[0]
    right = make(vector, node.args)
    return (right if a.is_symmetric else make(vector, (transpose(a), *node.args[1:]))), right


def _eigenvalue_jacobian(node: Expr, vector: Operator, k: int) -> list[LocalTerm]:
    """dλ = vᵀ dS v; wᵀ dA v / (w · v) with the left eigenvector w.

    Source: Magnus and Neudecker, Matrix Differential Calculus (1988), 8.9, theorem 7.
    """
    refuse_place(node, k)
    left, right = _sides(node, vector)
    factors: list[tuple[Expr, tuple[int, ...]]] = [(left, (0,)), (right, (1,))]
    return [LocalTerm(1, [*factors, *_over(left, right)], (), (0, 1))]


def _over(left: Expr, right: Expr) -> list[tuple[Expr, tuple[int, ...]]]:
    return [] if left is right else [(power(dot(left, right), number(-1)), ())]


def _eigenvector_jacobian(node: Expr, value: Operator, k: int) -> list[LocalTerm]:
    """Dv = (λI - S)⁺ dS v; of a matrix that is not symmetric (λI - A)⁺ (dA - dλ I) v, which is at right angles to v."""
    if len(node.args) > 1 and node.args[1].order == 2:
        raise Mistake(
            "E-UNSUPPORTED",
            f"the derivative of {node.op.name}(A, B) is not supported",
            hint=f"of one matrix it is: {node.op.name}(A)",
        )
    refuse_place(node, k)
    a = node.args[0]
    resolvent = pinv(shifted(a, make(value, node.args)))
    left, right = _sides(node, node.op)
    found = [LocalTerm(1, ((resolvent, (0, 1)), (right, (2,))), (0,), (1, 2))]
    if left is not right:
        along = matmul(resolvent, right)
        found.append(LocalTerm(-1, ((along, (0,)), (left, (1,)), (right, (2,)), *_over(left, right)), (0,), (1, 2)))
    return found


def _ordered(np: Any, a: Any, b: Any | None) -> Any:
    """The eigenvectors of A v = λ B v with vᵀ B v = 1, in order of λ, each with its largest entry positive."""
    a = (a + a.T) / 2
    if b is None:
        vectors = np.linalg.eigh(a)[1]
    else:
        root = np.linalg.inv(np.linalg.cholesky((b + b.T) / 2))
        inner = root @ a @ root.T
        vectors = root.T @ np.linalg.eigh((inner + inner.T) / 2)[1]
    tops = np.abs(vectors).argmax(axis=0)
    return vectors * np.where(vectors[tops, np.arange(vectors.shape[1])] < 0, -1.0, 1.0)


def _pencil(args: tuple[Expr, ...], what: str) -> Dim:
    a = matrix_at(args, 0, what)
    if len(args) > 1:
        b = matrix_at(args, 1, what)
        equal(f"{what}(A, B)", a.shape[0], b.shape[0], (0, 1))
    return a.shape[0]


def _eigenvector_shape(args: tuple[Expr, ...], name: str, end: str) -> Shape:
    if end:
        return (_pencil(args, name),)
    size = matrix_at(args, 0, name).shape[0]
    counted(args, name, size)
    return (size,)


def _pair(env: Any, node: Expr, end: str, a: Any, rest: tuple[Any, ...]) -> Any:
    place = place_of(node, end, rest[-1] if rest else 0)
    return env.matrices.eigenpair(env.np, a, place, symmetric=node.args[0].is_symmetric)


def _vector_numpy(end: str) -> Callable[..., Any]:
    def value(env: Any, node: Expr, a: Any, *rest: Any) -> Any:
        if rest and env.np.ndim(rest[0]) == 2:
            return _ordered(env.np, a, rest[0])[:, ENDS[end][0] - 1 if end == "max" else 0]
        return _pair(env, node, end, a, rest)[1]

    return value


def _eigenvalue(end: str) -> Operator:
    """The row of the largest or least eigenvalue, or, without an end, of that at a place."""
    name, said = (f"λ_{end}", ENDS[end][1]) if end else ("eigval", "k-th largest")
    given = f"{name}(S)" if end else f"{name}(S, k)"
    return Operator(
        name, "tensor", lambda args, attr: _eigenvalue_shape(args, name, end),
        spellings=(name, f"eigval_{end}", f"lambda_{end}") if end else (name,),
        arity=(1, 1) if end else (2, 2), latex=rf"\lambda_{{\{end}}}" if end else r"\operatorname{eigval}",
        layout=f"call eigval_{end}" if end else "call",
        jacobian=lambda node, k: _eigenvalue_jacobian(node, EIGENVECTORS[end], k),
        numpy=lambda env, node, a, *rest: _pair(env, node, end, a, rest)[0],
        rule="eigenvalue", section=BEYOND,
        formula=f"∂{given}/∂S = v vᵀ, v the unit eigenvector of the {said} eigenvalue of a symmetric S",
        domain=f"{name}(A) is a simple eigenvalue" if end else "the eigenvalue is simple",
        example=given if end else "eigval(S, 2)",
    )  # fmt: skip


def _eigenvector(end: str) -> Operator:
    """The row of the eigenvector of such an eigenvalue; at an end there may be a second matrix."""
    name = f"eigvec_{end}" if end else "eigvec"
    word = ENDS[end][1] if end else "k-th largest"
    given = f"{name}(A)" if end else f"{name}(A, 2)"
    pencil = f"; {name}(A, B): A v = λ B v with vᵀ B v = 1" if end else ""
    return Operator(
        name, "tensor", lambda args, attr: _eigenvector_shape(args, name, end),
        spellings=(name, f"v_{end}") if end else (name,), arity=(1, 2) if end else (2, 2),
        jacobian=lambda node, k: _eigenvector_jacobian(node, EIGENVALUES[end], k), numpy=_vector_numpy(end),
        layout=f"call {name}", row=lambda args, attr: False,
        rule="eigenvector", section=BEYOND,
        formula=f"A v = λ v with ‖v‖ = 1 and the {word} λ, of a symmetric A: ∂v = (λI - A)⁺ ∂A v{pencil}",
        domain="the eigenvalue is simple", example=given,
    )  # fmt: skip


EIGENVALUES = {end: _eigenvalue(end) for end in ("max", "min", "")}
EIGENVECTORS = {end: _eigenvector(end) for end in ("max", "min", "")}
EIGENPAIRS.update({EIGENVALUES[end]: row for end, row in EIGENVECTORS.items()})
EIGVEC_MAX, EIGVEC_MIN = EIGENVECTORS["max"], EIGENVECTORS["min"]


def _eigenvalues_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂λ_i/∂S_jk = V_ji V_ki with the eigenvectors in the columns of V; (V⁻¹)_ij V_ki of a matrix A = V diag(λ) V⁻¹.

    Source: Magnus and Neudecker, Matrix Differential Calculus (1988), 8.9, theorem 7.
    """
    right = make(EIGVECS, node.args)
    left = (right, (1, 0)) if node.args[0].is_symmetric else (inv(right), (0, 1))
    return [LocalTerm(1, (left, (right, (2, 0))), (0,), (1, 2))]


def _pairs(env: Any, node: Expr, a: Any, which: int) -> Any:
    found = [_pair(env, node, "", a, (place + 1,))[which] for place in range(len(a))]
    return env.np.stack(found, axis=-1)


EIGVALS = Operator(
    "eigvals", "tensor", lambda args, attr: matrix_at(args, 0, "eigvals").shape[:1],
    spellings=("eigvals",), also=("eigenvalues",),
    jacobian=_eigenvalues_jacobian, numpy=lambda env, node, a: _pairs(env, node, a, 0), row=lambda args, attr: False,
    rule="eigenvalues", section=BEYOND,
    formula="∂sum(f(eigvals(S)))/∂S = V diag(f′(λ)) Vᵀ, V with the unit eigenvectors of a symmetric S in its columns",
    domain="all eigenvalues are simple", example="eigvals(S)",
)  # fmt: skip
"""From the largest down."""
EIGVECS = Operator(
    "eigvecs", "solution", lambda args, attr: matrix_at(args, 0, "eigvecs").shape, spellings=("eigvecs",),
    numpy=lambda env, node, a: _pairs(env, node, a, 1),
    rule="eigenvectors", section=BEYOND, formula="S = eigvecs(S) diag(eigvals(S)) eigvecs(S)ᵀ of a symmetric S",
    domain="all eigenvalues are simple", example="eigvecs(S)",
)  # fmt: skip


def _eigvecs_shape(args: tuple[Expr, ...], name: str) -> Shape:
    count = size_given(args[-1])
    if count is None:
        raise ShapeError(f"the last argument of {name} is a number of columns", (len(args) - 1,), hint=f"{name}(A, 2)")
    return (_pencil(args[:-1], name), count)


def _some(np: Any, end: str, args: tuple[Any, ...]) -> Any:
    *pencil, count = args
    vectors = _ordered(np, pencil[0], pencil[1] if len(pencil) > 1 else None)
    return vectors[:, ::-1][:, : int(count)] if end == "max" else vectors[:, : int(count)]


def _eigvecs(end: str, word: str) -> Operator:
    name = f"eigvecs_{end}"
    return Operator(
        name, "solution", lambda args, attr: _eigvecs_shape(args, name), spellings=(name,), arity=(2, 3),
        numpy=lambda env, node, *args: _some(env.np, end, args),
        rule="eigenvectors", section=BEYOND,
        formula=f"the eigenvectors of the k {word} eigenvalues of a symmetric A side by side, as in eigvec_{end}",
        example=f"{name}(A, 2)",
    )  # fmt: skip


EIGVECS_MAX = _eigvecs("max", "largest")
EIGVECS_MIN = _eigvecs("min", "least")

ROWS = (*EIGENVALUES.values(), *EIGENVECTORS.values(), EIGVALS, EIGVECS, EIGVECS_MAX, EIGVECS_MIN)
