"""Rows of matrices, norms and reductions that are no einsum: inverse, determinant, norms, means, extremes.

`hardmax(x)` is 1 at the first largest entry and 0 elsewhere: to max what softmax is to logsumexp. It finds the entry by
its place, so that of equal entries one counts, and rounding cannot part an entry from the maximum it is.
"""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Shape
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import add, div, mul, neg, power
from mcalc.operators.axes import AXES, reduction
from mcalc.operators.elementwise import ABS, SIGN
from mcalc.operators.leaves import EYE, index, number, ratio, size
from mcalc.operators.linear import PRODUCT, SUM, TRANSPOSE, element, square, taken, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"


def _inv_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂(A⁻¹)_ij/∂A_pq = -(A⁻¹)_ip (A⁻¹)_qj."""
    return [LocalTerm(-1, ((node, (0, 2)), (node, (3, 1))), (0, 1), (2, 3))]


INV = Operator(
    "inv", "tensor", lambda args, attr: square(args, "the inverse"), spellings=("inv",), also=("inverse", "Inverse"),
    layout="inverse",
    jacobian=_inv_jacobian, symmetric=lambda args, attr: args[0].is_symmetric,
    numpy=lambda env, node, a: env.np.linalg.inv(a),
    rule="inverse", section=BEYOND, formula="∂A⁻¹ = -A⁻¹ ∂A A⁻¹", domain="det(A) ≠ 0", example="inv(A)",
)  # fmt: skip


def _det_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    return [LocalTerm(1, ((node, ()), (inv(node.args[0]), (1, 0))), (), (0, 1))]


DET = Operator(
    "det", "tensor", lambda args, attr: square(args, "the determinant")[:0], spellings=("det",), also=("determinant",),
    latex=r"\det",
    jacobian=_det_jacobian, numpy=lambda env, node, a: env.np.linalg.det(a),
    rule="determinant", section=BEYOND, formula="∂det(A)/∂A = det(A) A⁻ᵀ", domain="det(A) ≠ 0", example="det(A)",
)  # fmt: skip


def _adj_numpy(env: Any, node: Expr, a: Any) -> Any:
    """det(A) A⁻¹; where A has no inverse, by its singular values: each is the product of all the others."""
    np = env.np
    try:
        return np.linalg.det(a) * np.linalg.inv(a)
    except np.linalg.LinAlgError:
        left, values, right = np.linalg.svd(a)
        others = np.where(np.eye(len(values)) == 1, 1.0, values).prod(axis=1)
        return np.linalg.det(left) * np.linalg.det(right) * (right.conj().T * others) @ left.conj().T


ADJ = Operator(
    "adj", "defined", lambda args, attr: square(args, "the adjugate"), spellings=("adj", "adjugate"),
    latex=r"\operatorname{adj}", body=lambda a: mul(make(DET, (a,)), inv(a)), numpy=_adj_numpy,
    symmetric=lambda args, attr: args[0].is_symmetric,
    rule="adjugate", section=BEYOND, formula="adj(A) = det(A) A⁻¹, also where A has no inverse",
    domain="det(A) ≠ 0", example="adj(A)",
)  # fmt: skip


def _logdet_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    return [LocalTerm(1, ((inv(node.args[0]), (1, 0)),), (), (0, 1))]


LOGDET = Operator(
    "logdet", "tensor", lambda args, attr: square(args, "the log-determinant")[:0], spellings=("logdet",),
    latex=r"\log\det", jacobian=_logdet_jacobian, numpy=lambda env, node, a: env.np.log(env.np.linalg.det(a)),
    rule="log-determinant", section=BEYOND, formula="∂ln det(A)/∂A = A⁻ᵀ", domain="det(A) > 0", example="logdet(A)",
)  # fmt: skip


def _norm_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    of = node.args[0]
    labels = tuple(range(of.order))
    return [LocalTerm(1, ((of, labels), (power(node, number(-1)), ())), (), labels)]


NORM = Operator(
    "norm", "tensor", lambda args, attr: taken(args, 0, "the norm", 1, 2).shape[:0],
    layout="norm", jacobian=_norm_jacobian, numpy=lambda env, node, a: env.np.sqrt((a * a).sum()),
    rule="norm", section=BEYOND, formula="∂‖x‖/∂x = xᵀ/‖x‖",
    kink="‖x‖ has no derivative where it is 0; in numbers 0 is taken there",
    domain="‖x‖ ≠ 0", example="norm(x)",
)  # fmt: skip


def norm(of: Expr) -> Expr:
    """Return the Euclidean norm of a vector, the Frobenius norm of a matrix, the absolute value of a scalar."""
    return make(NORM, (of,)) if of.order else make(ABS, (of,))


def _norm1_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    of = node.args[0]
    labels = tuple(range(of.order))
    return [LocalTerm(1, ((make(SIGN, (of,)), labels),), (), labels)]


NORM1 = Operator(
    "norm1", "tensor", lambda args, attr: taken(args, 0, "norm1", 1, 2).shape[:0], spellings=("norm1",),
    layout="norm 1", jacobian=_norm1_jacobian, numpy=lambda env, node, a: env.np.where(env.np.real(a) < 0, -a, a).sum(),
    rule="1-norm", section=BEYOND, formula="∂‖x‖₁/∂x = sign(x)ᵀ",
    kink="where an entry is 0 its derivative is taken as 0",
    example="norm1(x)",
)  # fmt: skip


INVERSES: dict[Operator, Callable[[Expr], Expr]] = {
    INV: lambda a: a.args[0],  # (A⁻¹)⁻¹ = A
    TRANSPOSE: lambda a: transpose(inv(a.args[0])),  # (Aᵀ)⁻¹ = A⁻ᵀ
    EYE: lambda a: a,  # I⁻¹ = I
}
"""What the inverse of an operator's result is, where it is simpler than a ⁻¹; rows of other files add theirs."""


def inv(a: Expr) -> Expr:
    """Return the inverse, by the table of inverses."""
    known = INVERSES.get(a.op)
    return make(INV, (a,)) if known is None else known(a)


def count(a: Expr) -> Expr:
    """Return the number of entries of a tensor."""
    total = number(1)
    for dim in a.shape:
        total = mul(total, size(dim))
    return total


def _mean(a: Expr) -> Expr:
    return div(make(SUM, (a,)), count(a))


MEAN = Operator(
    "mean", "defined", lambda args, attr: taken(args, 0, "mean", 1, 2).shape[:0], spellings=("mean",),
    also=("average",), body=_mean, numpy=lambda env, node, a: a.mean(),
    rule="mean", section=BEYOND, formula="mean(x) = sum(x)/|x|", example="mean(x)",
)  # fmt: skip


def _var(a: Expr) -> Expr:
    return _mean(power(add(a, neg(_mean(a))), number(2)))


VAR = Operator(
    "var", "defined", lambda args, attr: taken(args, 0, "var", 1, 2).shape[:0], spellings=("var",), body=_var,
    numpy=lambda env, node, a: ((a - a.mean()) ** 2).mean(),
    rule="variance", section=BEYOND, formula="var(x) = mean((x - mean(x))²)", example="var(x)",
)  # fmt: skip
STD = Operator(
    "std", "defined", lambda args, attr: taken(args, 0, "std", 1, 2).shape[:0], spellings=("std",),
    body=lambda a: power(_var(a), number(ratio(1, 2))),
    numpy=lambda env, node, a: env.np.sqrt(((a - a.mean()) ** 2).mean()),
    rule="standard deviation", section=BEYOND, formula="std(x) = √var(x)", domain="std(x) ≠ 0",
    kink="std(x) has no derivative where it is 0; in numbers 0 is taken there", example="std(x)",
)  # fmt: skip


def _prod(a: Expr) -> Expr:
    i = index(next(free_names(names_in(a))), 0, number(1), size(a.shape[0]))
    return make(PRODUCT, (i, element(a, i)))


PROD = Operator(
    "prod", "defined", lambda args, attr: taken(args, 0, "prod", 1).shape[:0], spellings=("prod",), body=_prod,
    numpy=lambda env, node, a: a.prod(),
    rule="product of the entries", section=BEYOND, formula="prod(x) = Πᵢ xᵢ", example="prod(x)",
)  # fmt: skip


NORM_SPELLING = Operator(
    "norm of a scalar", "spelling", lambda args, attr: (), spellings=("norm", "norm2", "normF"), body=norm,
    rule="norm", section=BEYOND, formula="‖s‖ = |s|", kink="at 0 the derivative of |s| is taken as 0",
    example="norm(s)",
)  # fmt: skip

WORDS = {"max": "largest", "min": "least"}
ROWS: list[Operator] = [NORM_SPELLING, INV, DET, ADJ, LOGDET, NORM, NORM1, MEAN, VAR, STD, PROD]


def _matrix(name: str, axis: int, args: tuple[Expr, ...]) -> Shape:
    return taken(args, 0, f"{name}(A, {AXES[axis]})", 2, hint=f"{name}(x) is that of all entries").shape


def _place(env: Any, name: str, a: Any, axis: int | None = None) -> Any:
    """The first place of the largest or least entry by its real part, of all entries or along an axis."""
    find = env.np.argmax if name == "max" else env.np.argmin
    return find(env.np.real(a).reshape(-1)) if axis is None else find(env.np.real(a), axis=axis)


def _at_place(env: Any, name: str, a: Any, axis: int | None = None) -> Any:
    """Ones at those places, zeros elsewhere; NaN where an entry is, for then none is the largest."""
    np = env.np
    found = np.zeros(a.shape)
    if axis is None:
        found.reshape(-1)[_place(env, name, a)] = 1.0
    else:
        np.put_along_axis(found, np.expand_dims(_place(env, name, a, axis), axis), 1.0, axis)
    return np.where(np.isnan(a).any(axis=axis, keepdims=True), np.nan, found)


def _extreme(name: str, hard: Operator, layout: str) -> Operator:
    """The row of the largest or least entry of all."""
    what = WORDS[name]
    return Operator(
        f"{name}imum", "tensor", lambda args, attr: taken(args, 0, name, 1, 2).shape[:0], layout=layout,
        jacobian=lambda node, k: [
            LocalTerm(1, ((make(hard, node.args), axes := tuple(range(node.args[0].order))),), (), axes)
        ],
        numpy=lambda env, node, a: a.reshape(-1)[_place(env, name, a)],
        rule=f"{what} entry", section=BEYOND, formula=f"∂{name}(x)/∂x = hard{name}(x)ᵀ",
        kink=f"{name}(x) has no derivative where two entries are the {what}: that of the first is taken",
        example=f"{name}(x)",
    )  # fmt: skip


def _hard(name: str) -> Operator:
    """The row of where the largest or least entry of all is."""
    called = f"hard{name}"
    return Operator(
        called, "tensor", lambda args, attr: taken(args, 0, called, 1, 2).shape, spellings=(called,),
        row=lambda args, attr: args[0].is_row, jacobian=lambda node, k: [],
        numpy=lambda env, node, a: _at_place(env, name, a),
        rule=f"place of the {WORDS[name]} entry", section=BEYOND,
        formula=f"{called}(x) is 1 at the first {WORDS[name]} entry, 0 elsewhere",
        kink=f"{called}(x) is constant but for the jumps where another entry becomes the {WORDS[name]}",
        example=f"{called}(x)",
    )  # fmt: skip


HARDMAX, HARDMIN = _hard("max"), _hard("min")
MAXIMUM, MINIMUM = _extreme("max", HARDMAX, "call max"), _extreme("min", HARDMIN, "call min")
NORMINF = Operator(
    "norminf", "defined", lambda args, attr: taken(args, 0, "norminf", 1, 2).shape[:0], spellings=("norminf",),
    body=lambda a: make(MAXIMUM, (make(ABS, (a,)),)),
    numpy=lambda env, node, a: (size := env.np.where(env.np.real(a) < 0, -a, a)).reshape(-1)[_place(env, "max", size)],
    rule="sup norm", section=BEYOND, formula="norminf(x) = max(|x|)",
    kink="the sup norm has no derivative where two entries are the largest: that of the first is taken",
    example="norminf(x)",
)  # fmt: skip


def _hard_along(name: str, axis: int) -> Operator:
    """The row of where the largest or least entry of each row (`axis` 0) or column is."""
    called, each = f"hard{name}", ("row", "column")[axis]
    return Operator(
        f"{called} {AXES[axis]}", "tensor", lambda args, attr: _matrix(called, axis, args),
        spellings=(f"{called} {AXES[axis]}",), layout=f"along {called} {AXES[axis]}", jacobian=lambda node, k: [],
        numpy=lambda env, node, a: _at_place(env, name, a, 1 - axis),
        rule=f"place of the {WORDS[name]} entry of each {each}", section=BEYOND,
        formula=f"{called}(A, {AXES[axis]}) is 1 at the first {WORDS[name]} entry of each {each}, 0 elsewhere",
        kink=f"{called}(A, {AXES[axis]}) is constant but for the jumps where another entry becomes the {WORDS[name]}",
        example=f"{called}(A, {AXES[axis]})",
    )  # fmt: skip


def _along(name: str, axis: int, hard: Operator) -> Operator:
    """The row of the largest or least entry of each row or column."""
    each, what = ("row", "column")[axis], WORDS[name]

    def value(env: Any, node: Expr, a: Any) -> Any:
        np = env.np
        places = np.expand_dims(_place(env, name, a, 1 - axis), 1 - axis)
        return np.take_along_axis(a, places, axis=1 - axis).squeeze(1 - axis)

    return reduction(
        name, axis, f"{what} entry of each {each}", f"{name}(A, {AXES[axis]}): the {what} entry of each {each}",
        kind="tensor", jacobian=lambda node, k: [LocalTerm(1, ((make(hard, node.args), (0, 1)),), (axis,), (0, 1))],
        numpy=value,
        kink=f"{name}(A, {AXES[axis]}) has no derivative where two entries of a {each} are the {what}: "
        "that of the first is taken",
    )  # fmt: skip


HARD_ALONG = {(name, axis): _hard_along(name, axis) for axis in (0, 1) for name in WORDS}
"""Where the largest and the least entry of each row (0) and of each column (1) are."""
ONE_HOT: dict[Operator, tuple[int, ...]] = {
    HARDMAX: (0, 1),
    HARDMIN: (0, 1),
    **{row: (1 - axis,) for (_, axis), row in HARD_ALONG.items()},
}
"""Rows whose entries add up to 1, with the axes along which they do."""
EXTREMES = (MAXIMUM, MINIMUM, *[_along(name, axis, row) for (name, axis), row in HARD_ALONG.items()])
"""The largest and the least entry of all, of each row and of each column."""
ROWS += [*EXTREMES, NORMINF, *ONE_HOT]
