"""Functions of two numbers, entry by entry: a scalar goes with each entry of the other argument."""

from __future__ import annotations

import math

from mcalc.expr import Expr, Operator, make
from mcalc.operators.arithmetic import GT, MAX, MIN, add, cases, mul, neg, power, same_shape
from mcalc.operators.elementwise import ABS, RELU, SIGMOID
from mcalc.operators.leaves import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

BEYOND = "beyond the paper"
ROWS: list[Operator] = []
HALF_TURN = math.pi


def _row(name: str, partial: Callable[[Expr, int], Expr | None], numpy: Callable[..., Any], **fields: Any) -> Operator:
    """Add a row; `numpy(np, a, b)` is its value."""
    row = Operator(
        name, "elementwise", same_shape, partial=partial, section=BEYOND,
        numpy=lambda env, node, *args: numpy(env.np, *args),
        **{"arity": (2, 2), "latex": rf"\operatorname{{{name}}}", "rule": name, "example": f"{name}(x, y)",
           "spellings": (name,), **fields},
    )  # fmt: skip
    ROWS.append(row)
    return row


def _logaddexp(np: Any, a: Any, b: Any) -> Any:
    gap = a - b
    return np.where(np.real(gap) > 0, a, b) + np.log1p(np.exp(np.where(np.real(gap) > 0, -gap, gap)))


LOGADDEXP = _row(
    "logaddexp", lambda node, k: make(SIGMOID, (add(node.args[k], neg(node.args[1 - k])),)), _logaddexp,
    formula="∂ln(exp(x) + exp(y))/∂x = σ(x - y)", rule="logarithm of a sum of exponentials",
)  # fmt: skip
HYPOT = _row(
    "hypot", lambda node, k: mul(node.args[k], power(node, number(-1))), lambda np, a, b: np.sqrt(a * a + b * b),
    formula="∂√(x² + y²)/∂x = x/√(x² + y²)", rule="hypotenuse", domain="x² + y² ≠ 0",
    kink="hypot(x, y) has no derivative where it is 0",
)  # fmt: skip


def _atan2(np: Any, y: Any, x: Any) -> Any:
    """The angle of the point (x, y), by the arctangent of the lesser coordinate over the other."""
    below, left, flat = np.real(y) < 0, np.real(x) < 0, np.real(x * x) > np.real(y * y)
    side = np.where(below, -1.0, 1.0)
    across = np.arctan(np.where(flat, y, 0 * y) / np.where(flat, x, 0 * x + 1)) + np.where(left, side, 0.0) * HALF_TURN
    upright = side * HALF_TURN / 2 - np.arctan(np.where(flat, 0 * x, x) / np.where(flat, 0 * y + 1, y))
    return np.where(flat, across, upright)


def _atan2_partial(node: Expr, k: int) -> Expr:
    y, x = node.args
    below = power(add(power(x, number(2)), power(y, number(2))), number(-1))
    return mul(x, below) if k == 0 else neg(mul(y, below))


ATAN2 = _row(
    "atan2", _atan2_partial, _atan2, spellings=("atan2", "arctan2"), example="atan2(y, x)", rule="angle of a point",
    formula="∂atan2(y, x)/∂y = x/(x² + y²), ∂atan2(y, x)/∂x = -y/(x² + y²)", domain="x² + y² ≠ 0",
)  # fmt: skip


def _huber(np: Any, r: Any, width: Any = 1.0) -> Any:
    size = np.where(np.real(r) < 0, -r, r)
    return np.where(np.real(size) > np.real(width), width * (size - width / 2), r * r / 2)


def _huber_partial(node: Expr, k: int) -> Expr:
    r, width = (*node.args, number(1))[:2]
    if k:
        return make(RELU, (add(make(ABS, (r,)), neg(width)),))
    return make(MIN, (make(MAX, (r, neg(width))), width))


HUBER = _row(
    "huber", _huber_partial, _huber, arity=(1, 2), example="huber(r, δ)", rule="Huber's loss",
    formula="huber(r, δ) = {r²/2 if |r| ≤ δ; δ (|r| - δ/2) otherwise}, δ = 1 where it is not given; "
    "∂huber(r, δ)/∂r = min(max(r, -δ), δ)",
)  # fmt: skip


def _pinball_partial(node: Expr, k: int) -> Expr:
    r, level = node.args
    above = make(GT, (r, number(0)))
    return r if k else cases(level, above, add(level, number(-1)))


PINBALL = _row(
    "pinball", _pinball_partial, lambda np, r, level: np.where(np.real(r) > 0, level * r, (level - 1) * r),
    example="pinball(r, τ)", rule="quantile loss", formula="pinball(r, τ) = max(τ r, (τ - 1) r)",
    kink="at r = 0 the derivative of pinball(r, τ) is taken as τ - 1",
)  # fmt: skip
