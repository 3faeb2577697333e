"""Rows of machine learning: softmax and its kin, and functions composed of other rows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.arithmetic import LN, add, cases, greater, mul, neg, power, same_shape
from mcalc.operators.functions import ERF, EXP, SIGMOID
from mcalc.operators.leaves import number
from mcalc.operators.linear import dot
from mcalc.operators.matrix import MEAN, NORM, STD

if TYPE_CHECKING:
    from mcalc.expr import Shape

BEYOND = "beyond the paper"


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


SOFTMAX = Operator(
    "softmax", "tensor", lambda args, attr: _rows("softmax", args), spellings=("softmax",), jacobian=_softmax_jacobian,
    row=lambda args, attr: args[0].is_row, numpy=_softmax_numpy,
    rule="softmax", section=BEYOND, formula="∂s/∂x = diag(s) - s sᵀ", example="softmax(x)",
)  # fmt: skip


def _logsumexp_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    return _rows("logsumexp", args)[:-1]


def _logsumexp_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    batch = tuple(range(node.order))
    return [LocalTerm(1, ((softmax(node.args[0]), (*batch, 9)),), batch, (*batch, 9))]


def _logsumexp_numpy(env: Any, node: Expr, x: Any) -> Any:
    top = env.np.real(x).max(axis=-1, keepdims=True)
    return env.np.log(env.np.exp(x - top).sum(axis=-1)) + top[..., 0]


LOGSUMEXP = Operator(
    "logsumexp", "tensor", _logsumexp_shape, spellings=("logsumexp", "lse"), jacobian=_logsumexp_jacobian,
    numpy=_logsumexp_numpy,
    rule="log-sum-exp", section=BEYOND, formula="∂ln sum(exp(x))/∂x = softmax(x)ᵀ", example="logsumexp(x)",
)  # fmt: skip


def softmax(x: Expr) -> Expr:
    """Return the softmax of a vector, or of a matrix row by row."""
    return make(SOFTMAX, (x,))


SILU = Operator(
    "silu", "defined", same_shape, spellings=("silu", "swish"), body=lambda x: mul(x, make(SIGMOID, (x,))),
    numpy=lambda env, node, x: x / (1 + env.np.exp(-x)),
    rule="silu", section=BEYOND, formula="silu(x) = x σ(x)", example="silu(x)",
)  # fmt: skip


def _gelu_numpy(env: Any, node: Expr, x: Any) -> Any:
    assert ERF.numpy is not None
    return 0.5 * x * (1 + ERF.numpy(env, node, x / 2**0.5))


def _gelu(x: Expr) -> Expr:
    inner = make(ERF, (mul(x, power(number(2), number(Fraction(-1, 2)))),))
    return mul(number(Fraction(1, 2)), x, add(number(1), inner))


GELU = Operator(
    "gelu", "defined", same_shape, spellings=("gelu",), body=_gelu,
    numpy=_gelu_numpy,
    rule="gelu", section=BEYOND, formula="gelu(x) = x (1 + erf(x/√2))/2", example="gelu(x)",
)  # fmt: skip


def _logsoftmax(x: Expr) -> Expr:
    if x.order == 1:
        return add(x, neg(make(LOGSUMEXP, (x,))))
    return make(LN, (softmax(x),))


LOGSOFTMAX = Operator(
    "logsoftmax", "defined", lambda args, attr: _rows("logsoftmax", args), spellings=("logsoftmax", "log_softmax"),
    body=_logsoftmax, row=lambda args, attr: args[0].is_row,
    numpy=lambda env, node, x: env.np.log(_softmax_numpy(env, node, x)),
    rule="log-softmax", section=BEYOND, formula="logsoftmax(x) = x - logsumexp(x)", example="logsoftmax(x)",
)  # fmt: skip


def _vector(what: str, args: tuple[Expr, ...]) -> Shape:
    for place, arg in enumerate(args):
        if arg.order != 1:
            raise ShapeError(f"{what} takes vectors, not a {shape_text(arg.shape)}", (place,))
    return same_shape(args)


NORMALIZE = Operator(
    "normalize", "defined", lambda args, attr: _vector("normalize", args), spellings=("normalize", "normalise"),
    body=lambda x: mul(x, power(make(NORM, (x,)), number(-1))), row=lambda args, attr: args[0].is_row,
    numpy=lambda env, node, x: x / env.np.sqrt((x * x).sum()),
    rule="normalisation", section=BEYOND, formula="normalize(x) = x/‖x‖", domain="‖x‖ ≠ 0", example="normalize(x)",
)  # fmt: skip


def _layernorm(x: Expr) -> Expr:
    centred = add(x, neg(make(MEAN, (x,))))
    return mul(centred, power(make(STD, (x,)), number(-1)))


LAYERNORM = Operator(
    "layernorm", "defined", lambda args, attr: _vector("layernorm", args), spellings=("layernorm", "layer_norm"),
    body=_layernorm, row=lambda args, attr: args[0].is_row,
    numpy=lambda env, node, x: (x - x.mean()) / env.np.sqrt(((x - x.mean()) ** 2).mean()),
    rule="layer normalisation", section=BEYOND, formula="layernorm(x) = (x - mean(x))/std(x)", domain="var(x) ≠ 0",
    example="layernorm(x)",
)  # fmt: skip
COSINE = Operator(
    "cosine", "defined", lambda args, attr: _vector("cosine", args)[:0], spellings=("cosine",), arity=(2, 2),
    body=lambda x, y: mul(dot(x, y), power(make(NORM, (x,)), number(-1)), power(make(NORM, (y,)), number(-1))),
    numpy=lambda env, node, x, y: (x * y).sum() / env.np.sqrt((x * x).sum() * (y * y).sum()),
    rule="cosine", section=BEYOND, formula="cosine(x, y) = x · y/(‖x‖ ‖y‖)", domain="‖x‖ ≠ 0 and ‖y‖ ≠ 0",
    example="cosine(x, y)",
)  # fmt: skip
CROSSENTROPY = Operator(
    "crossentropy", "defined", lambda args, attr: _vector("crossentropy", args)[:0],
    spellings=("crossentropy", "cross_entropy"), arity=(2, 2), body=lambda y, p: neg(dot(y, make(LN, (p,)))),
    numpy=lambda env, node, y, p: -(y * env.np.log(p)).sum(),
    rule="cross-entropy", section=BEYOND, formula="crossentropy(y, p) = -y · ln(p)", domain="p > 0",
    example="crossentropy(y, softmax(x))",
)  # fmt: skip


def _mse_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if not same_shape(args):
        raise ShapeError("mse takes vectors or matrices, not two scalars", (0, 1), hint="(a - b)^2")
    return ()


MSE = Operator(
    "mse", "defined", _mse_shape, spellings=("mse",), arity=(2, 2),
    body=lambda a, b: make(MEAN, (power(add(a, neg(b)), number(2)),)),
    numpy=lambda env, node, a, b: ((a - b) ** 2).mean(),
    rule="mean squared error", section=BEYOND, formula="mse(a, b) = mean((a - b)²)", example="mse(x, y)",
)  # fmt: skip
LEAKY_RELU = Operator(
    "leaky_relu", "defined", same_shape, spellings=("leaky_relu",), arity=(2, 2),
    body=lambda x, a: cases(x, greater(x, number(0)), mul(a, x)),
    numpy=lambda env, node, x, a: env.np.where(env.np.real(x) > 0, x, a * x),
    rule="leaky relu", section=BEYOND, formula="leaky_relu(x, a) = {x if x > 0; a x otherwise}",
    kink="at x = 0 the derivative of leaky_relu is taken as a", example="leaky_relu(x, a)",
)  # fmt: skip


def _elu_numpy(env: Any, node: Expr, x: Any) -> Any:
    below = env.np.where(env.np.real(x) > 0, 0 * x, x)
    return env.np.where(env.np.real(x) > 0, x, env.np.exp(below) - 1)


ELU = Operator(
    "elu", "defined", same_shape, spellings=("elu",), numpy=_elu_numpy,
    body=lambda x: cases(x, greater(x, number(0)), add(make(EXP, (x,)), number(-1))),
    rule="elu", section=BEYOND, formula="elu(x) = {x if x > 0; exp(x) - 1 otherwise}", example="elu(x)",
)  # fmt: skip

ROWS = (
    SOFTMAX, LOGSUMEXP, SILU, GELU, LOGSOFTMAX, NORMALIZE, LAYERNORM, COSINE, CROSSENTROPY, MSE, LEAKY_RELU, ELU,
)  # fmt: skip
