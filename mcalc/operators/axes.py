"""Rows that go along one axis: reductions of each row or of each column of a matrix, and running sums.

`sum(A, rows)` is the sum of each row: a vector with one entry for each row, m of them for A of m×n. `sum(A, cols)` is
the sum of each column, a vector of n. So for `mean`, `var` and `std`; `max` and `min` stand in `extremes.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Shape
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import add, div, neg, power
from mcalc.operators.leaves import number, ones, ratio, size
from mcalc.operators.linear import diag, matmul, taken, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
AXES = ("rows", "cols")
LAST = (*AXES, "full", "same", "valid", "circular")
"""Words that are the last argument of a call: along which axis something goes, and how far a convolution."""
ROWS: list[Operator] = []


def _each(name: str, axis: int) -> Callable[[tuple[Expr, ...], Any], Shape]:
    """Return the shape rule of a reduction that keeps an axis."""

    def shape(args: tuple[Expr, ...], attr: Any) -> Shape:
        hint = f"{name}(x) is that of all entries"
        return taken(args, 0, f"{name}(A, {AXES[axis]})", 2, hint=hint).shape[axis : axis + 1]

    return shape


def reduction(name: str, axis: int, rule: str, formula: str, **row: Any) -> Operator:
    """Add the row of a reduction of each row (`axis` 0) or each column (`axis` 1)."""
    called = f"{name} {AXES[axis]}"
    operator = Operator(
        called, shape=_each(name, axis), spellings=(called,), layout=f"along {called}", rule=rule, section=BEYOND,
        formula=formula, example=f"{name}(A, {AXES[axis]})", **row,
    )  # fmt: skip
    ROWS.append(operator)
    return operator


def spread(values: Expr, like: Expr, axis: int) -> Expr:
    """Return the matrix of the shape of `like` whose rows (`axis` 0) or columns each hold one of the values."""
    one = ones((like.shape[1 - axis],))
    return matmul(values, transpose(one)) if axis == 0 else matmul(one, transpose(values))


def _sums(axis: int) -> Operator:
    each, of = ("row", "A 1⃗, a vector of m") if axis == 0 else ("column", "Aᵀ 1⃗, a vector of n")
    return reduction(
        "sum", axis, f"sum of each {each}", f"sum(A, {AXES[axis]}) = {of} for A of m×n", kind="linear",
        einsum=lambda node: (((0, 1),), (axis,)), numpy=lambda env, node, a: a.sum(axis=1 - axis),
    )  # fmt: skip


def _means(axis: int, total: Operator) -> Operator:
    each, length = ("row", "n") if axis == 0 else ("column", "m")
    name = AXES[axis]
    return reduction(
        "mean", axis, f"mean of each {each}", f"mean(A, {name}) = sum(A, {name})/{length} for A of m×n", kind="defined",
        body=lambda a: div(make(total, (a,)), size(a.shape[1 - axis])),
        numpy=lambda env, node, a: a.mean(axis=1 - axis),
    )  # fmt: skip


def _variances(axis: int, mean: Operator) -> Operator:
    each, name = ("row", "column")[axis], AXES[axis]

    def body(a: Expr) -> Expr:
        return make(mean, (power(add(a, neg(spread(make(mean, (a,)), a, axis))), number(2)),))

    def value(env: Any, node: Expr, a: Any) -> Any:
        return ((a - a.mean(axis=1 - axis, keepdims=True)) ** 2).mean(axis=1 - axis)

    variance = reduction(
        "var", axis, f"variance of each {each}", f"var(A, {name}): the mean of the squared distances from the mean",
        kind="defined", body=body, numpy=value,
    )  # fmt: skip
    reduction(
        "std", axis, f"standard deviation of each {each}", f"std(A, {name}) = √var(A, {name})", kind="defined",
        body=lambda a: power(body(a), number(ratio(1, 2))),
        numpy=lambda env, node, a: env.np.sqrt(value(env, node, a)), domain=f"no {each} has equal entries",
        kink=f"std(A, {name}) has no derivative where a {each} has equal entries; in numbers 0 is taken there",
    )  # fmt: skip
    return variance


for _axis in (0, 1):
    _variances(_axis, _means(_axis, _sums(_axis)))


def _matrix(name: str) -> Callable[[tuple[Expr, ...], Any], Shape]:
    return lambda args, attr: taken(args, 0, name, 2).shape


def lower_ones(shape: Shape) -> Expr:
    """Return the matrix with ones on its diagonal and below it, zeros above."""
    return make(TRIL, (ones(shape),))


def upper_ones(shape: Shape) -> Expr:
    """Return the matrix with ones on its diagonal and above it, zeros below."""
    return make(TRIU, (ones(shape),))


TRIL: Operator = Operator(
    "tril", "tensor", _matrix("tril"), spellings=("tril",),
    jacobian=lambda node, k: [LocalTerm(1, ((lower_ones(node.shape), (0, 1)),), (0, 1), (0, 1))],
    numpy=lambda env, node, a: env.np.tril(a),
    rule="lower triangle", section=BEYOND, formula="tril(A) is A with zeros above its diagonal", example="tril(A)",
)  # fmt: skip
TRIU: Operator = Operator(
    "triu", "tensor", _matrix("triu"), spellings=("triu",),
    jacobian=lambda node, k: [LocalTerm(1, ((upper_ones(node.shape), (0, 1)),), (0, 1), (0, 1))],
    numpy=lambda env, node, a: env.np.triu(a),
    rule="upper triangle", section=BEYOND, formula="triu(A) is A with zeros below its diagonal", example="triu(A)",
)  # fmt: skip
OFFDIAG = Operator(
    "offdiag", "spelling", _matrix("offdiag"), spellings=("offdiag",),
    body=lambda a: add(a, neg(diag(diag(a)))),
    rule="entries beside the diagonal", section=BEYOND, formula="offdiag(A) = A - diag(diag(A))", example="offdiag(A)",
)  # fmt: skip
DG = Operator(
    "dg", "spelling", _matrix("dg"), spellings=("dg", "Dg"), body=lambda a: diag(diag(a)),
    rule="diagonal part", section=BEYOND, formula="dg(A) = diag(diag(A))", example="dg(A)",
)  # fmt: skip
ROWS += [TRIL, TRIU, OFFDIAG, DG]


def _running(args: tuple[Expr, ...], attr: Any) -> Shape:
    return taken(args, 0, "cumsum", 1, hint="tril(ones(m, m)) A").shape


CUMSUM = Operator(
    "cumsum", "tensor", _running, spellings=("cumsum",), row=lambda args, attr: args[0].is_row,
    jacobian=lambda node, k: [LocalTerm(1, ((lower_ones(node.shape * 2), (0, 1)),), (0,), (1,))],
    numpy=lambda env, node, x: env.np.cumsum(x),
    rule="running sum", section=BEYOND, formula="cumsum(x)ᵢ = x₁ + ... + xᵢ, so ∂cumsum(x)/∂x = tril(ones(n, n))",
    example="cumsum(x)",
)  # fmt: skip
ROWS.append(CUMSUM)
