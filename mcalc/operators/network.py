"""Rows of machine learning: softmax and its kin, and functions composed of other rows."""

from __future__ import annotations

from collections.abc import Callable

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import LN, MAX, add, cases, greater, mul, neg, power, same_shape
from mcalc.operators.axes import AXES, spread
from mcalc.operators.axes import ROWS as ALONG
from mcalc.operators.blocks import block, slice_
from mcalc.operators.elementwise import ABS, ERF, EXP, RELU6, SIGMOID, SOFTPLUS, TANH
from mcalc.operators.elementwise import erf as erf_numpy
from mcalc.operators.leaves import is_number, number, ratio, size
from mcalc.operators.linear import SUM, dot, taken, transpose
from mcalc.operators.matrix import MEAN, NORM, STD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import ShapeRule

BEYOND = "beyond the paper"
ROWS: list[Operator] = []


def _row(name: str, kind: str, shape: ShapeRule, **fields: Any) -> Operator:
    """Add a row: of a function that gives its own Jacobian, or of one that is composed of other rows."""
    operator = Operator(
        name, kind, shape, section=BEYOND, row=lambda args, attr: args[0].is_row,
        **{"rule": name, "example": f"{name}(x)", **fields, "spellings": (name, *fields.get("spellings", ()))},
    )  # fmt: skip
    ROWS.append(operator)
    return operator


def _composed(
    name: str, body: Callable[..., Expr], numpy: Callable[..., Any], formula: str, *, shape: ShapeRule = same_shape,
    **fields: Any,
) -> Operator:  # fmt: skip
    """Add the row of a function composed of other rows: `body(*args)` is the same thing, `numpy(np, *args)` its value.

    Further fields of the row: `arity` and `shape` where it is not one argument, entry by entry; `spellings` beside its
    name; `latex`; `domain` and `kink`; `rule` and `example`.
    """
    return _row(
        name, "defined", shape, body=body, numpy=lambda env, node, *args: numpy(env.np, *args), formula=formula,
        **fields,
    )  # fmt: skip


def _rows(what: str, args: tuple[Expr, ...]) -> Shape:
    if args[0].order not in (1, 2):
        raise ShapeError(f"{what} takes a vector, or a matrix row by row, not a {shape_text(args[0].shape)}", (0,))
    return args[0].shape


def _softmax_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂s_i/∂x_j = s_i (δ_ij - s_j), row by row."""
    batch = tuple(range(node.order - 1))
    i, j = (*batch, 8), (*batch, 9)
    return [LocalTerm(1, ((node, i),), i, i), LocalTerm(-1, ((node, i), (node, j)), i, j)]


def _softmax_numpy(env: Any, node: Expr, x: Any) -> Any:
    e = env.np.exp(x - env.np.real(x).max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


SOFTMAX = _row(
    "softmax", "tensor", lambda args, attr: _rows("softmax", args), jacobian=_softmax_jacobian, numpy=_softmax_numpy,
    formula="∂s/∂x = diag(s) - s sᵀ",
)  # fmt: skip


def _logsumexp_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    return _rows("logsumexp", args)[:-1]


def _logsumexp_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    batch = tuple(range(node.order))
    return [LocalTerm(1, ((softmax(node.args[0]), (*batch, 9)),), batch, (*batch, 9))]


def _logsumexp_numpy(env: Any, node: Expr, x: Any) -> Any:
    top = env.np.real(x).max(axis=-1, keepdims=True)
    return env.np.log(env.np.exp(x - top).sum(axis=-1)) + top[..., 0]


LOGSUMEXP = _row(
    "logsumexp", "tensor", _logsumexp_shape, spellings=("lse",), jacobian=_logsumexp_jacobian, numpy=_logsumexp_numpy,
    rule="log-sum-exp", formula="∂ln sum(exp(x))/∂x = softmax(x)ᵀ",
)  # fmt: skip


def softmax(x: Expr) -> Expr:
    """Return the softmax of a vector, or of a matrix row by row."""
    return make(SOFTMAX, (x,))


SILU = _composed(
    "silu", lambda x: mul(x, make(SIGMOID, (x,))), lambda np, x: x / (1 + np.exp(-x)), "silu(x) = x σ(x)",
    spellings=("swish",),
)  # fmt: skip


def _gelu(x: Expr) -> Expr:
    inner = make(ERF, (mul(x, power(number(2), number(ratio(-1, 2)))),))
    return mul(number(ratio(1, 2)), x, add(number(1), inner))


GELU = _composed(
    "gelu", _gelu, lambda np, x: 0.5 * x * (1 + erf_numpy(np, x / 2**0.5)), "gelu(x) = x (1 + erf(x/√2))/2"
)


def _logsoftmax(x: Expr) -> Expr:
    if x.order == 1:
        return add(x, neg(make(LOGSUMEXP, (x,))))
    return make(LN, (softmax(x),))


def _logsoftmax_numpy(np: Any, x: Any) -> Any:
    moved = x - np.real(x).max(axis=-1, keepdims=True)
    return moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True))


LOGSOFTMAX = _composed(
    "logsoftmax", _logsoftmax, _logsoftmax_numpy, "logsoftmax(x) = x - logsumexp(x)",
    shape=lambda args, attr: _rows("logsoftmax", args), spellings=("log_softmax",), rule="log-softmax",
)  # fmt: skip


def _vector(what: str, args: tuple[Expr, ...]) -> Shape:
    for place, arg in enumerate(args):
        if arg.order != 1:
            raise ShapeError(f"{what} takes vectors, not a {shape_text(arg.shape)}", (place,))
    return same_shape(args)


def _pnorm(x: Expr, p: Expr) -> Expr:
    return power(make(SUM, (power(make(ABS, (x,)), p),)), power(p, number(-1)))


def _pnorm_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if args[1].order:
        raise ShapeError(f"pnorm takes a vector and a number, not a {shape_text(args[1].shape)}", (1,))
    return _vector("pnorm", args[:1])[:0]


PNORM = _composed(
    "pnorm", _pnorm, lambda np, x, p: (np.where(np.real(x) < 0, -x, x) ** p).sum() ** (1 / p),
    "‖x‖ₚ = (Σ |xᵢ|^p)^(1/p)", shape=_pnorm_shape, arity=(2, 2), rule="p-norm", example="pnorm(x, 3)",
    domain="x ≠ 0",
)  # fmt: skip
NORMALIZE = _composed(
    "normalize", lambda x: mul(x, power(make(NORM, (x,)), number(-1))), lambda np, x: x / np.sqrt((x * x).sum()),
    "normalize(x) = x/‖x‖", shape=lambda args, attr: _vector("normalize", args), spellings=("normalise",),
    rule="normalisation", domain="‖x‖ ≠ 0",
)  # fmt: skip


def _layernorm(x: Expr) -> Expr:
    centred = add(x, neg(make(MEAN, (x,))))
    return mul(centred, power(make(STD, (x,)), number(-1)))


LAYERNORM = _composed(
    "layernorm", _layernorm, lambda np, x: (x - x.mean()) / np.sqrt(((x - x.mean()) ** 2).mean()),
    "layernorm(x) = (x - mean(x))/std(x)", shape=lambda args, attr: _vector("layernorm", args),
    spellings=("layer_norm",), rule="layer normalisation", domain="var(x) ≠ 0",
)  # fmt: skip
COSINE = _composed(
    "cosine", lambda x, y: mul(dot(x, y), power(make(NORM, (x,)), number(-1)), power(make(NORM, (y,)), number(-1))),
    lambda np, x, y: (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()), "cosine(x, y) = x · y/(‖x‖ ‖y‖)",
    arity=(2, 2), shape=lambda args, attr: _vector("cosine", args)[:0], domain="‖x‖ ≠ 0 and ‖y‖ ≠ 0",
    example="cosine(x, y)",
)  # fmt: skip
CROSSENTROPY = _composed(
    "crossentropy", lambda y, p: neg(dot(y, make(LN, (p,)))), lambda np, y, p: -(y * np.log(p)).sum(),
    "crossentropy(y, p) = -y · ln(p)", arity=(2, 2), shape=lambda args, attr: _vector("crossentropy", args)[:0],
    spellings=("cross_entropy",), rule="cross-entropy", domain="p > 0", example="crossentropy(y, softmax(x))",
)  # fmt: skip


def _all_entries(what: str, args: tuple[Expr, ...]) -> Shape:
    if not same_shape(args):
        raise ShapeError(f"{what} takes vectors or matrices, not two scalars", (0, 1), hint="(a - b)^2")
    return ()


MSE = _composed(
    "mse", lambda a, b: make(MEAN, (power(add(a, neg(b)), number(2)),)), lambda np, a, b: ((a - b) ** 2).mean(),
    "mse(a, b) = mean((a - b)²)", arity=(2, 2), shape=lambda args, attr: _all_entries("mse", args),
    rule="mean squared error", example="mse(x, y)",
)  # fmt: skip
LEAKY_RELU = _composed(
    "leaky_relu", lambda x, a: cases(x, greater(x, number(0)), mul(a, x)),
    lambda np, x, a: np.where(np.real(x) > 0, x, a * x), "leaky_relu(x, a) = {x if x > 0; a x otherwise}", arity=(2, 2),
    also=("leakyrelu", "lrelu"), rule="leaky relu",
    kink="at x = 0 the derivative of leaky_relu is taken as a", example="leaky_relu(x, a)",
)  # fmt: skip
ELU = _composed(
    "elu",
    lambda x: cases(x, greater(x, number(0)), add(make(EXP, (x,)), number(-1))),
    lambda np, x: np.where(np.real(x) > 0, x, np.exp(np.where(np.real(x) > 0, 0 * x, x)) - 1),
    "elu(x) = {x if x > 0; exp(x) - 1 otherwise}",
)
SELU_SCALE, SELU_FLOOR = "1.0507009873554805", "1.7580993408473766"
"""λ and λ α of the unit whose activations keep mean 0 and variance 1.

Source: Klambauer et al., Self-normalizing neural networks (2017), (14).
"""
_composed(
    "selu",
    lambda x: cases(
        mul(number(ratio(SELU_SCALE)), x), greater(x, number(0)),
        mul(number(ratio(SELU_FLOOR)), add(make(EXP, (x,)), number(-1))),
    ),
    lambda np, x: np.where(np.real(x) > 0, float(SELU_SCALE) * x, float(SELU_FLOOR) * (np.exp(_under(np, x)) - 1)),
    "selu(x) = {1.0507 x if x > 0; 1.7581 (exp(x) - 1) otherwise}",
    rule="selu", kink="at x = 0 the derivative of selu is taken as 1.7581",
)  # fmt: skip


def _size(np: Any, x: Any) -> Any:
    return np.where(np.real(x) < 0, -x, x)


def _under(np: Any, x: Any) -> Any:
    """The entries that are not positive, and 0 in place of others, whose exponential might overflow."""
    return np.where(np.real(x) > 0, 0 * x, x)


_composed("mish", lambda x: mul(x, make(TANH, (make(SOFTPLUS, (x,)),))),
       lambda np, x: x * np.tanh(np.where(np.real(x) > 0, x, 0 * x) + np.log1p(np.exp(-_size(np, x)))),
       "mish(x) = x tanh(softplus(x))")  # fmt: skip
_composed("logsigmoid", lambda x: neg(make(SOFTPLUS, (neg(x),))),
       lambda np, x: _under(np, x) - np.log1p(np.exp(-_size(np, x))),
       "logsigmoid(x) = -softplus(-x)", spellings=("log_sigmoid",), rule="log-sigmoid")  # fmt: skip
_composed("hardsigmoid", lambda x: mul(number(ratio(1, 6)), make(RELU6, (add(x, number(3)),))),
       lambda np, x: np.where(np.real(x) < 3, np.where(np.real(x) > -3, x + 3, 0 * x), 6 + 0 * x) / 6,
       "hardsigmoid(x) = relu6(x + 3)/6")  # fmt: skip
_composed("hardswish", lambda x: mul(number(ratio(1, 6)), x, make(RELU6, (add(x, number(3)),))),
       lambda np, x: x * np.where(np.real(x) < 3, np.where(np.real(x) > -3, x + 3, 0 * x), 6 + 0 * x) / 6,
       "hardswish(x) = x relu6(x + 3)/6")  # fmt: skip
_composed("softsign", lambda x: mul(x, power(add(number(1), make(ABS, (x,))), number(-1))),
       lambda np, x: x / (1 + _size(np, x)), "softsign(x) = x/(1 + |x|)")  # fmt: skip
_composed("tanhshrink", lambda x: add(x, neg(make(TANH, (x,)))), lambda np, x: x - np.tanh(x),
       "tanhshrink(x) = x - tanh(x)")  # fmt: skip
CELU = _composed(
    "celu",
    lambda x, a: cases(x, greater(x, number(0)), mul(a, add(make(EXP, (mul(x, power(a, number(-1))),)), number(-1)))),
    lambda np, x, a: np.where(np.real(x) > 0, x, a * (np.exp(_under(np, x) / a) - 1)),
    "celu(x, a) = {x if x > 0; a (exp(x/a) - 1) otherwise}", arity=(2, 2), domain="a > 0", example="celu(x, a)",
)  # fmt: skip
_composed("hinge", lambda m: make(MAX, (number(0), add(number(1), neg(m)))),
       lambda np, m: np.where(np.real(m) < 1, 1 - m, 0 * m), "hinge(m) = max(0, 1 - m), m the margin",
       rule="hinge loss", kink="at m = 1 the derivative of hinge is taken as 0", example="hinge(y .* f)")  # fmt: skip
KL = _composed(
    "kl", lambda p, q: dot(p, add(make(LN, (p,)), neg(make(LN, (q,))))), lambda np, p, q: (p * np.log(p / q)).sum(),
    "kl(p, q) = p · (ln(p) - ln(q))", arity=(2, 2), shape=lambda args, attr: _vector("kl", args)[:0],
    spellings=("kl_div",), also=("KL",), rule="Kullback-Leibler divergence", domain="p > 0 and q > 0",
    example="kl(p, q)",
)  # fmt: skip
ENTROPY = _composed(
    "entropy", lambda p: neg(dot(p, make(LN, (p,)))), lambda np, p: -(p * np.log(p)).sum(), "entropy(p) = -p · ln(p)",
    shape=lambda args, attr: _vector("entropy", args)[:0], domain="p > 0", example="entropy(softmax(x))",
)  # fmt: skip


def _rms(x: Expr) -> Expr:
    """√n/‖x‖, in which the mean is taken out of the square root."""
    return mul(power(size(x.shape[0]), number(ratio(1, 2))), power(make(NORM, (x,)), number(-1)))


RMSNORM = _composed(
    "rmsnorm", lambda x: mul(_rms(x), x), lambda np, x: x / np.sqrt((x * x).mean()), "rmsnorm(x) = x/√mean(x²)",
    shape=lambda args, attr: _vector("rmsnorm", args), spellings=("rms_norm",), rule="root mean square normalisation",
    domain="‖x‖ ≠ 0",
)  # fmt: skip


def _gates(args: tuple[Expr, ...]) -> Shape:
    """Two arguments of one shape, or one vector of a known even number of entries."""
    if len(args) == 2:
        return same_shape(args)
    length = args[0].shape[0].value if args[0].order == 1 else None
    if length is None or length % 2:
        raise ShapeError(
            "glu(x) takes a vector of an even number of entries", (0,), hint="of two halves it is glu(a, b)"
        )
    return (Dim.of(length // 2),)


def _glu(x: Expr, gate: Expr | None = None) -> Expr:
    if gate is not None:
        return mul(x, make(SIGMOID, (gate,)))
    half = _gates((x,))[0]
    return mul(slice_(x, ((Dim.of(0), half),)), make(SIGMOID, (slice_(x, ((half, half),)),)))


def _groups(args: tuple[Expr, ...]) -> list[tuple[Dim, Dim]]:
    """The places before each group of a vector of a known number of entries, and its length."""
    count = args[1].attr if is_number(args[1]) else None
    length = args[0].shape[0].value if args[0].order == 1 else None
    if length is None or type(count) is not int or count < 1 or length % count:
        said = "groupnorm(x, g) takes a vector of a number of entries that g divides"
        raise ShapeError(said, (0, 1), hint="x: R^6 and groupnorm(x, 2); of each row it is layernorm(A, rows)")
    size_of = length // count
    return [(Dim.of(k * size_of), Dim.of(size_of)) for k in range(count)]


def _groupnorm(x: Expr, count: Expr) -> Expr:
    parts = [make(LAYERNORM, (slice_(x, (part,)),)) for part in _groups((x, count))]
    return block(len(parts), 1, *parts)


ROWS += [
    Operator(
        "glu", "spelling", lambda args, attr: _gates(args), spellings=("glu", "GLU"), arity=(1, 2), body=_glu,
        rule="gated linear unit", section=BEYOND, formula="glu(a, b) = a ⊗ σ(b); glu(x) of the two halves of x",
        example="glu(a, b)",
    ),
    Operator(
        "groupnorm", "spelling", lambda args, attr: args[0].shape, spellings=("groupnorm", "group_norm"), arity=(2, 2),
        body=_groupnorm, rule="group normalisation", section=BEYOND, example="groupnorm([a; b; c; d], 2)",
        formula="groupnorm(x, g): layernorm of each of g parts of x",
    ),
]  # fmt: skip


def _matrix_only(name: str, word: str, gives: int) -> ShapeRule:
    """Return the shape rule of a function of each row or column: its result has `gives` axes."""

    def shape(args: tuple[Expr, ...], attr: Any) -> Shape:
        shape = taken(args, 0, f"{name}(A, {word})", 2, hint=f"{name}(x)").shape
        kept = AXES.index(word)
        return shape if gives == 2 else shape[kept : kept + 1]

    return shape


def _of_each(name: str, body: Callable[[Expr], Expr], formula: str, *, gives: int = 2, also: str = "") -> None:
    """Add the spellings `name(A, rows)` and `name(A, cols)`; `body` is what it is of each row.

    Of each column it is that of each row of the transpose.
    """

    def of_columns(a: Expr) -> Expr:
        made = body(transpose(a))
        return transpose(made) if made.order == 2 else made

    said = (f"{name}(A, rows) is {formula}", f"{name}(A, cols): for the columns of A")
    for word, own, words in zip(AXES, (body, of_columns), said, strict=True):
        each = word.removesuffix("s").replace("col", "column")
        calls = tuple([f"{spelling} {word}" for spelling in (name, also) if spelling])
        ROWS.append(
            Operator(
                calls[0], "spelling", _matrix_only(name, word, gives), spellings=calls, body=own,
                rule=f"{name} of each {each}", section=BEYOND, example=f"{name}(A, {word})",
                formula=words,
            )
        )  # fmt: skip


def _norms(a: Expr) -> Expr:
    return power(make(SUM_OF_ROWS, (power(a, number(2)),)), number(ratio(1, 2)))


def _layernorms(a: Expr) -> Expr:
    centred = add(a, neg(spread(make(MEAN_OF_ROWS, (a,)), a, 0)))
    return mul(centred, power(spread(make(STD_OF_ROWS, (a,)), a, 0), number(-1)))


def _rmsnorms(a: Expr) -> Expr:
    lengths = spread(_norms(a), a, 0)
    return mul(power(size(a.shape[1]), number(ratio(1, 2))), a, power(lengths, number(-1)))


SUM_OF_ROWS, MEAN_OF_ROWS, STD_OF_ROWS = [
    row for name in ("sum", "mean", "std") for row in ALONG if row.name == f"{name} rows"
]
_of_each("softmax", softmax, "softmax(A), row by row")
_of_each("logsoftmax", lambda a: make(LOGSOFTMAX, (a,)), "ln(softmax(A)), row by row", also="log_softmax")
_of_each("logsumexp", lambda a: make(LOGSUMEXP, (a,)), "ln(sum(exp(A), rows)), a vector", gives=1, also="lse")
_of_each("norm", _norms, "√sum(A², rows), a vector", gives=1)
_of_each("normalize", lambda a: mul(a, power(spread(_norms(a), a, 0), number(-1))), "A with rows of length 1",
         also="normalise")  # fmt: skip
_of_each("layernorm", _layernorms, "(A - mean)/std, row by row", also="layer_norm")
_of_each("rmsnorm", _rmsnorms, "A/√mean(A²), row by row", also="rms_norm")


def _norm21(a: Expr) -> Expr:
    _matrix_only("norm21", "rows", 1)((a,), None)
    return make(SUM, (_norms(a),))


NORM21 = Operator(
    "norm21", "spelling", lambda args, attr: (), spellings=("norm21",), body=_norm21,
    rule="sum of the norms of the rows", section=BEYOND, formula="norm21(X) = ‖X‖_{2,1} = sum(norm(X, rows))",
    example="norm21(X)",
)  # fmt: skip
ROWS.append(NORM21)
