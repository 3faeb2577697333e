"""Rows of machine learning: softmax and its kin, and functions composed of other rows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.errors import ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.arithmetic import add, mul, power, same_shape
from mcalc.operators.functions import ERF, SIGMOID
from mcalc.operators.leaves import number

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

ROWS = (SOFTMAX, LOGSUMEXP, SILU, GELU)
