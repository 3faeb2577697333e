"""Special functions, entry by entry: those of the gamma function, and the normal distribution's.

Their values are sums that NumPy's own functions make, so that they hold for complex arguments near the real axis, and
can be exported to every language.
"""

from __future__ import annotations

import math

from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make
from mcalc.operators.arithmetic import add, mul, neg, power, same_shape
from mcalc.operators.elementwise import EXP, PI_NODE, TWO, erfc
from mcalc.operators.leaves import is_number, number, ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mcalc.expr import Shape

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
