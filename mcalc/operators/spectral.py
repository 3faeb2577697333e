"""Rows for what solves an equation and is no formula of products: Sylvester's equation, eigenvectors, polar factors.

They have a value and are printed; their derivatives are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Dim, Expr, Operator, shape_text
from mcalc.operators.leaves import SYMBOL, to_dim
from mcalc.operators.linear import transpose

if TYPE_CHECKING:
    from mcalc.expr import Shape

BEYOND = "beyond the paper"


def _matrix(args: tuple[Expr, ...], place: int, what: str, *, square: bool = True) -> Expr:
    a = args[place]
    if a.order != 2:
        raise ShapeError(f"{what} takes a matrix, not a {shape_text(a.shape)}", (place,))
    if square and a.shape[0] is not a.shape[1]:
        raise ShapeError(f"{what} takes a square matrix, not a {shape_text(a.shape)}", (place,), a.shape[0], a.shape[1])
    return a


def _fit(what: str, left: Dim, right: Dim, places: tuple[int, ...]) -> None:
    if left is not right:
        raise ShapeError(f"{what}: sizes {left} and {right} differ", places, left, right)


def _sylvester_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    a, b = _matrix(args, 0, "sylvester"), _matrix(args, 1, "sylvester")
    c = _matrix(args, 2, "sylvester", square=False)
    _fit("sylvester(A, B, C) solves A X + X B = C", a.shape[0], c.shape[0], (0, 2))
    _fit("sylvester(A, B, C) solves A X + X B = C", b.shape[0], c.shape[1], (1, 2))
    return c.shape


def _is_own_turn(a: Expr, b: Expr, c: Expr) -> bool:
    """A X + X Aᵀ = C with C symmetric: the one solution equals its transpose."""
    return transpose(a) is b and c.is_symmetric


def _sylvester_numpy(env: Any, node: Expr, a: Any, b: Any, c: Any) -> Any:
    np = env.np
    m, n = c.shape
    whole = np.kron(np.eye(n), a) + np.kron(b.T, np.eye(m))
    return np.linalg.solve(whole, c.T.reshape(-1)).reshape(n, m).T


SYLVESTER = Operator(
    "sylvester", "solution", _sylvester_shape, spellings=("sylvester",), arity=(3, 3),
    numpy=_sylvester_numpy, symmetric=lambda args, attr: _is_own_turn(*args), latex=r"\operatorname{sylvester}",
    rule="Sylvester's equation", section=BEYOND, formula="X = sylvester(A, B, C) solves A X + X B = C",
    domain="A and -B have no eigenvalue in common", example="sylvester(A, B, C)",
)  # fmt: skip


def _size_of(arg: Expr) -> Dim | None:
    """Return the size that an argument is: a number, a size, or the name of one that nothing declares."""
    named = arg.op is SYMBOL and not arg.shape and not arg.args
    return Dim.named(arg.attr[0]) if named else to_dim(arg)


def _unvec_dims(args: tuple[Expr, ...]) -> tuple[Dim, Dim]:
    found = [_size_of(arg) for arg in args[1:]]
    for place, dim in enumerate(found, 1):
        if dim is None:
            raise ShapeError("unvec takes a vector and two sizes", (place,), hint="unvec(v, m, n)")
    return found[0], found[1]  # type: ignore[return-value]


def _unvec_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    m, n = _unvec_dims(args)
    if args[0].order != 1:
        raise ShapeError(f"unvec takes a vector, not a {shape_text(args[0].shape)}", (0,))
    own = args[0].shape[0]
    if own.value is not None or len(own.terms) > 1 or len(own.names) > 1:  # a size with a name may be m n by its data
        _fit("unvec(v, m, n) takes a vector of m n", own, m * n, (0,))
    return (m, n)


def _unvec_numpy(env: Any, node: Expr, v: Any, m: Any, n: Any) -> Any:
    if v.size != int(m) * int(n):
        raise Mistake("E-SHAPE", f"unvec of {v.size} entries into {int(m)}×{int(n)}")
    return v.reshape(int(n), int(m)).T


UNVEC = Operator(
    "unvec", "solution", _unvec_shape, spellings=("unvec",), arity=(3, 3),
    numpy=_unvec_numpy, latex=r"\operatorname{unvec}",
    rule="matrix of a vec", section=BEYOND, formula="unvec(vec(X), m, n) = X for X of m×n",
    example="unvec(v, 2, 3)",
)  # fmt: skip


def _pencil(args: tuple[Expr, ...], what: str) -> Dim:
    a = _matrix(args, 0, what)
    if len(args) > 1:
        b = _matrix(args, 1, what)
        _fit(f"{what}(A, B)", a.shape[0], b.shape[0], (0, 1))
    return a.shape[0]


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


def _eigvec(end: str, place: int, word: str) -> Operator:
    name = f"eigvec_{end}"
    return Operator(
        name, "solution", lambda args, attr: (_pencil(args, name),), spellings=(name,), arity=(1, 2),

        numpy=lambda env, node, a, b=None: _ordered(env.np, a, b)[:, place],
        latex=rf"\operatorname{{eigvec}}_{{\{end}}}",
        rule="eigenvector", section=BEYOND,
        formula=f"A v = λ v with ‖v‖ = 1 and the {word} λ, of a symmetric A; {name}(A, B): A v = λ B v with vᵀ B v = 1",
        example=f"{name}(A)",
    )  # fmt: skip


EIGVEC_MAX = _eigvec("max", -1, "largest")
EIGVEC_MIN = _eigvec("min", 0, "least")


def _eigvecs_shape(args: tuple[Expr, ...], name: str) -> Shape:
    count = _size_of(args[-1])
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
        latex=rf"\operatorname{{eigvecs}}_{{\{end}}}",
        rule="eigenvectors", section=BEYOND,
        formula=f"the eigenvectors of the k {word} eigenvalues of a symmetric A side by side, as in eigvec_{end}",
        example=f"{name}(A, 2)",
    )  # fmt: skip


EIGVECS_MAX = _eigvecs("max", "largest")
EIGVECS_MIN = _eigvecs("min", "least")


def _polar_numpy(env: Any, node: Expr, a: Any) -> Any:
    left, _, right = env.np.linalg.svd(a, full_matrices=False)
    return left @ right


POLAR = Operator(
    "polar", "solution", lambda args, attr: _matrix(args, 0, "polar", square=False).shape, spellings=("polar",),
    numpy=_polar_numpy, latex=r"\operatorname{polar}",
    rule="nearest matrix with orthonormal columns", section=BEYOND,
    formula="polar(A) = U Vᵀ where A = U diag(σ) Vᵀ is the singular value decomposition", example="polar(A)",
)  # fmt: skip

ROWS = (SYLVESTER, UNVEC, EIGVEC_MAX, EIGVEC_MIN, EIGVECS_MAX, EIGVECS_MIN, POLAR)
