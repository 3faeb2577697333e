"""Special functions, entry by entry: those of the gamma function, of the normal distribution, and of two numbers.

Their values are made of NumPy's own functions, so that they hold for complex arguments near the real axis, and can be
exported to every language.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mcalc.dims import Shape
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make
from mcalc.operators.arithmetic import GT, MAX, MIN, add, cases, mul, neg, power, same_shape
from mcalc.operators.elementwise import ABS, EXP, PI_NODE, RELU, SIGMOID, TWO, erfc
from mcalc.operators.leaves import is_number, number, ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BEYOND = "beyond the paper"
FAR = 10
"""From here on Stirling's series has all digits; an argument is moved so far by the recurrence."""
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
"""Bernoulli's numbers B₂, B₄, ..., B₁₄."""
HIGHEST = 50
ORDERED = "polygamma(2, x) is the second derivative of digamma(x)"
ROWS: list[Operator] = []


def _row(name: str, partial: Callable[[Expr, int], Expr | None], numpy: Callable[..., Any], **fields: Any) -> Operator:
    """Add a row; `numpy(np, *args)` is its value."""
    row = Operator(
        name, "elementwise", fields.pop("shape", same_shape), partial=partial, section=BEYOND,
        numpy=lambda env, node, *args: numpy(env.np, *args),
        **{"latex": rf"\operatorname{{{name}}}", "rule": name, "example": f"{name}(x)", "spellings": (name,), **fields},
    )  # fmt: skip
    ROWS.append(row)
    return row


def _lgamma(np: Any, x: Any) -> Any:
    """Stirling's series at x + 10, less the logarithms of the factors between."""
    y = x + FAR
    series = sum([b / (2 * k * (2 * k - 1)) / y ** (2 * k - 1) for k, b in enumerate(BERNOULLI, 1)])
    near = (x + 1) * (x + 2) * (x + 3)
    far = (x + 4) * (x + 5) * (x + 6)
    last = (x + 7) * (x + 8) * (x + 9)
    moved = np.log(x) + np.log(near) + np.log(far) + np.log(last)
    return (y - 0.5) * np.log(y) - y + math.log(2 * math.pi) / 2 + series - moved


def _digamma(np: Any, x: Any) -> Any:
    y = x + FAR
    series = sum([b / (2 * k) / y ** (2 * k) for k, b in enumerate(BERNOULLI, 1)])
    return np.log(y) - 0.5 / y - series - sum([1 / (x + k) for k in range(FAR)])


def hurwitz(s: int, x: Any) -> Any:
    """Return Σ_k 1/(x + k)^s for a whole s > 1, by Euler and Maclaurin's formula from some k on."""
    far = FAR + s
    y = x + far
    tail = 1 / ((s - 1) * y ** (s - 1)) + 0.5 / y**s
    rising = float(s)
    for k, b in enumerate(BERNOULLI, 1):
        tail = tail + b / math.factorial(2 * k) * rising / y ** (s + 2 * k - 1)
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return tail + sum([1 / (x + k) ** s for k in range(far)])


def _polygamma_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    if args[0].shape:
        raise ShapeError("the order of polygamma is a whole number", (0,), hint="polygamma(2, x)")
    return args[1].shape


def _order(node: Expr) -> int:
    """The order of a polygamma function, which is a number as it stands."""
    order = node.args[0]
    if not is_number(order) or type(order.attr) is not int or not 0 <= order.attr <= HIGHEST:
        raise Mistake("E-UNSUPPORTED", f"the order of polygamma is a whole number up to {HIGHEST}", hint=ORDERED)
    return order.attr


def _polygamma_partial(node: Expr, k: int) -> Expr | None:
    if k == 0 and is_number(node.args[0]):
        return None
    if k == 0:
        raise Mistake("E-UNSUPPORTED", "polygamma has no derivative by its order", hint=ORDERED)
    return polygamma(_order(node) + 1, node.args[1])


def _polygamma_numpy(env: Any, node: Expr, order: Any, x: Any) -> Any:
    n = _order(node)
    return (-1) ** (n + 1) * math.factorial(n) * hurwitz(n + 1, x) if n else _digamma(env.np, x)


def polygamma(order: int, x: Expr) -> Expr:
    """Return the derivative of this order of the digamma function.

    >>> from mcalc.operators.leaves import symbol
    >>> polygamma(1, symbol("x")).op.name, polygamma(2, symbol("x")).op.name
    ('trigamma', 'polygamma')
    """
    named = {0: DIGAMMA, 1: TRIGAMMA}.get(order)
    return make(named, (x,)) if named is not None else make(POLYGAMMA, (number(order), x))


POLYGAMMA = Operator(
    "polygamma", "elementwise", _polygamma_shape, spellings=("polygamma",), arity=(2, 2), partial=_polygamma_partial,
    numpy=_polygamma_numpy, latex=r"\operatorname{polygamma}", row=lambda args, attr: args[1].is_row,
    rule="polygamma function", section=BEYOND, formula="∂polygamma(k, x)/∂x = polygamma(k + 1, x)", domain="x > 0",
    example="polygamma(2, x)",
)  # fmt: skip
ROWS.append(POLYGAMMA)
TRIGAMMA = _row(
    "trigamma", lambda node, k: polygamma(2, node.args[0]), lambda np, x: hurwitz(2, x),
    rule="trigamma function", formula="d trigamma(x)/dx = polygamma(2, x)", domain="x > 0",
)  # fmt: skip
DIGAMMA = _row(
    "digamma", lambda node, k: polygamma(1, node.args[0]), _digamma,
    rule="digamma function", formula="d digamma(x)/dx = trigamma(x)", domain="x > 0",
)  # fmt: skip
LGAMMA = _row(
    "lgamma", lambda node, k: make(DIGAMMA, node.args), _lgamma, spellings=("lgamma", "gammaln", "loggamma"),
    rule="logarithm of the gamma function", formula="d lgamma(x)/dx = digamma(x)", domain="x > 0",
)  # fmt: skip
GAMMA = _row(
    "gamma function", lambda node, k: mul(node, make(DIGAMMA, node.args)), lambda np, x: np.exp(_lgamma(np, x)),
    spellings=("tgamma", "Γ"), layout="call Γ", latex=r"\Gamma", example="Γ(x)",
    rule="gamma function", formula="dΓ(x)/dx = Γ(x) digamma(x)", domain="x > 0",
)  # fmt: skip


def _beta_partial(node: Expr, k: int) -> Expr:
    """∂β(a, b)/∂a = β(a, b) (ψ(a) - ψ(a + b))."""
    return mul(node, add(make(DIGAMMA, (node.args[k],)), neg(make(DIGAMMA, (add(*node.args),)))))


def _lbeta(np: Any, a: Any, b: Any) -> Any:
    return _lgamma(np, a) + _lgamma(np, b) - _lgamma(np, a + b)


LBETA = _row(
    "lbeta", lambda node, k: add(make(DIGAMMA, (node.args[k],)), neg(make(DIGAMMA, (add(*node.args),)))), _lbeta,
    spellings=("lbeta", "betaln"), arity=(2, 2), example="lbeta(a, b)",
    rule="logarithm of the beta function", formula="∂lbeta(a, b)/∂a = digamma(a) - digamma(a + b)",
    domain="a > 0 and b > 0",
)  # fmt: skip
BETA = _row(
    "beta function", _beta_partial, lambda np, a, b: np.exp(_lbeta(np, a, b)),
    spellings=("Beta", "β"), arity=(2, 2), layout="call β", latex=r"\beta", example="β(a, b)",
    rule="beta function", formula="β(a, b) = Γ(a) Γ(b)/Γ(a + b)", domain="a > 0 and b > 0",
)  # fmt: skip


def _density(x: Expr) -> Expr:
    """exp(-x²/2)/√(2π)."""
    return mul(power(mul(TWO, PI_NODE), number(ratio(-1, 2))), make(EXP, (mul(number(ratio(-1, 2)), power(x, TWO)),)))


NORMPDF = _row(
    "normpdf", lambda node, k: neg(mul(node.args[0], node)),
    lambda np, x: np.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    rule="density of the normal distribution", formula="normpdf(x) = exp(-x²/2)/√(2π)",
)  # fmt: skip
NORMCDF = _row(
    "normcdf", lambda node, k: _density(node.args[0]), lambda np, x: erfc(np, x * -math.sqrt(0.5)) / 2,
    spellings=("normcdf", "ndtr", "Φ"), layout="call Φ", latex=r"\Phi", example="Φ(x)",
    rule="normal distribution function", formula="dΦ(x)/dx = exp(-x²/2)/√(2π)",
)  # fmt: skip


HALF_TURN = math.pi


def _of_two(
    name: str, partial: Callable[[Expr, int], Expr | None], numpy: Callable[..., Any], **fields: Any
) -> Operator:
    """Add a row; `numpy(np, a, b)` is its value. A scalar goes with each entry of the other argument."""
    return _row(name, partial, numpy, **{"arity": (2, 2), "example": f"{name}(x, y)", **fields})


def _logaddexp(np: Any, a: Any, b: Any) -> Any:
    gap = a - b
    return np.where(np.real(gap) > 0, a, b) + np.log1p(np.exp(np.where(np.real(gap) > 0, -gap, gap)))


LOGADDEXP = _of_two(
    "logaddexp", lambda node, k: make(SIGMOID, (add(node.args[k], neg(node.args[1 - k])),)), _logaddexp,
    formula="∂ln(exp(x) + exp(y))/∂x = σ(x - y)", rule="logarithm of a sum of exponentials",
)  # fmt: skip
HYPOT = _of_two(
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


ATAN2 = _of_two(
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


HUBER = _of_two(
    "huber", _huber_partial, _huber, arity=(1, 2), example="huber(r, δ)", rule="Huber's loss",
    formula="huber(r, δ) = {r²/2 if |r| ≤ δ; δ (|r| - δ/2) otherwise}, δ = 1 where it is not given; "
    "∂huber(r, δ)/∂r = min(max(r, -δ), δ)",
)  # fmt: skip


def _pinball_partial(node: Expr, k: int) -> Expr:
    r, level = node.args
    above = make(GT, (r, number(0)))
    return r if k else cases(level, above, add(level, number(-1)))


PINBALL = _of_two(
    "pinball", _pinball_partial, lambda np, r, level: np.where(np.real(r) > 0, level * r, (level - 1) * r),
    example="pinball(r, τ)", rule="quantile loss", formula="pinball(r, τ) = max(τ r, (τ - 1) r)",
    kink="at r = 0 the derivative of pinball(r, τ) is taken as τ - 1",
)  # fmt: skip
