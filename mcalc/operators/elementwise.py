"""Scalar functions, applied entry by entry to any shape: one row each.

A row gives its derivative from the argument `x` and the function's own value `y`. Values stay right for complex
arguments with a tiny imaginary part, by which derivatives are checked (complex step): comparisons look at the real
part.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mcalc.expr import Expr, Operator, make
from mcalc.operators.arithmetic import GT, LN, LT, add, mul, neg, power, same_shape
from mcalc.operators.leaves import PI, number, ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ROWS: list[Operator] = []
ONE = number(1)
TWO = number(2)
OF_NUMBERS = "functions of numbers"
NEAR = 2.0
"""The error function is summed as a series up to this distance from zero."""


def _function(
    name: str,
    slope: Callable[[Expr, Expr], Expr | None],
    numpy: Callable[[Any, Any], Any],
    formula: str,
    *,
    spellings: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    latex: str = "",
    domain: str = "",
    kink: str = "",
    body: Callable[[Expr], Expr] | None = None,
) -> Operator:
    """Add the row of a scalar function: `slope(x, y)` is dy/dx, `numpy(np, x)` its value."""
    row = Operator(
        name, "elementwise", same_shape, spellings=(name, *spellings), also=also,
        latex=latex or rf"\operatorname{{{name}}}", partial=lambda node, k: slope(node.args[0], node),
        numpy=lambda env, node, x: numpy(env.np, x),
        body=body, rule=name, section=OF_NUMBERS, formula=formula, domain=domain, kink=kink, example=f"{name}(x)",
    )  # fmt: skip
    ROWS.append(row)
    return row


def _abs(np: Any, x: Any) -> Any:
    return np.where(np.real(x) < 0, -x, x)


def _sigmoid(np: Any, x: Any) -> Any:
    far = np.where(np.real(x) < 0, x, -x)
    small = np.exp(far)
    return np.where(np.real(x) < 0, small / (1 + small), 1 / (1 + small))


def _softplus(np: Any, x: Any) -> Any:
    return np.where(np.real(x) > 0, x, 0 * x) + np.log1p(np.exp(np.where(np.real(x) > 0, -x, x)))


def erf(np: Any, x: Any) -> Any:
    """The error function: the standard library's on real numbers, its Taylor series on complex ones near zero.

    Further out the series cancels; there a tiny imaginary part is carried by the slope.
    """
    if not np.iscomplexobj(x):
        return np.vectorize(math.erf, otypes=[float])(x)
    x = np.asarray(x)
    near = np.abs(np.real(x)) < NEAR
    inside = np.where(near, x, 0)
    term, total = inside, inside
    for n in range(1, 60):
        term = -term * inside * inside / n
        total = total + term / (2 * n + 1)
    real = np.real(x)
    slope = 2 / math.sqrt(math.pi) * np.exp(-real * real)
    far = np.vectorize(math.erf, otypes=[float])(real) + 1j * np.imag(x) * slope
    return np.where(near, total * (2 / math.sqrt(math.pi)), far)


def erfc(np: Any, x: Any) -> Any:
    """The complement of the error function, which keeps its digits where 1 - erf(x) loses them.

    A tiny imaginary part is carried by the slope.
    """
    real = np.vectorize(math.erfc, otypes=[float])
    if not np.iscomplexobj(x):
        return real(x)
    at = np.real(x)
    return real(at) - 2j / math.sqrt(math.pi) * np.imag(x) * np.exp(-at * at)


def _logcosh(np: Any, x: Any) -> Any:
    far = _abs(np, x)
    return far + np.log1p(np.exp(-2 * far)) - math.log(2)


def _step_between(low: float, high: float) -> Callable[[Expr, Expr], Expr]:
    return lambda x, y: mul(make(GT, (x, number(low))), make(LT, (x, number(high))))


EXP = _function("exp", lambda x, y: y, lambda np, x: np.exp(x), "d exp(x)/dx = exp(x)", latex=r"\exp")
SIN = _function("sin", lambda x, y: make(COS, (x,)), lambda np, x: np.sin(x), "d sin(x)/dx = cos(x)", latex=r"\sin")
COS: Operator = _function(
    "cos", lambda x, y: neg(make(SIN, (x,))), lambda np, x: np.cos(x), "d cos(x)/dx = -sin(x)", latex=r"\cos"
)
TAN = _function(
    "tan", lambda x, y: add(ONE, power(y, TWO)), lambda np, x: np.tan(x), "d tan(x)/dx = 1 + tan(x)²", latex=r"\tan",
    domain="cos(x) ≠ 0", also=("tg",),
)  # fmt: skip
ASIN = _function(
    "asin", lambda x, y: power(add(ONE, neg(power(x, TWO))), number(ratio(-1, 2))), lambda np, x: np.arcsin(x),
    "d asin(x)/dx = 1/√(1 - x²)", spellings=("arcsin",), latex=r"\arcsin", domain="-1 < x < 1",
)  # fmt: skip
ACOS = _function(
    "acos", lambda x, y: neg(power(add(ONE, neg(power(x, TWO))), number(ratio(-1, 2)))),
    lambda np, x: np.pi / 2 - np.arcsin(x),
    "d acos(x)/dx = -1/√(1 - x²)", spellings=("arccos",), latex=r"\arccos", domain="-1 < x < 1",
)  # fmt: skip
ATAN = _function(
    "atan", lambda x, y: power(add(ONE, power(x, TWO)), number(-1)), lambda np, x: np.arctan(x),
    "d atan(x)/dx = 1/(1 + x²)", spellings=("arctan",), latex=r"\arctan", also=("arctg",),
)  # fmt: skip
SEC: Operator = _function(
    "sec", lambda x, y: mul(y, make(TAN, (x,))), lambda np, x: 1 / np.cos(x), "d sec(x)/dx = sec(x) tan(x)",
    latex=r"\sec", domain="cos(x) ≠ 0",
)  # fmt: skip
CSC: Operator = _function(
    "csc", lambda x, y: neg(mul(y, make(COT, (x,)))), lambda np, x: 1 / np.sin(x), "d csc(x)/dx = -csc(x) cot(x)",
    latex=r"\csc", domain="sin(x) ≠ 0", spellings=("cosec",),
)  # fmt: skip
COT: Operator = _function(
    "cot", lambda x, y: neg(add(ONE, power(y, TWO))), lambda np, x: 1 / np.tan(x), "d cot(x)/dx = -(1 + cot(x)²)",
    latex=r"\cot", domain="sin(x) ≠ 0", spellings=("cotan",),
)  # fmt: skip
SINH = _function(
    "sinh", lambda x, y: make(COSH, (x,)), lambda np, x: np.sinh(x), "d sinh(x)/dx = cosh(x)", latex=r"\sinh"
)
COSH: Operator = _function(
    "cosh", lambda x, y: make(SINH, (x,)), lambda np, x: np.cosh(x), "d cosh(x)/dx = sinh(x)", latex=r"\cosh"
)
SECH: Operator = _function(
    "sech", lambda x, y: neg(mul(y, make(TANH, (x,)))), lambda np, x: 1 / np.cosh(x), "d sech(x)/dx = -sech(x) tanh(x)"
)
CSCH: Operator = _function(
    "csch", lambda x, y: neg(mul(y, make(COTH, (x,)))), lambda np, x: 1 / np.sinh(x),
    "d csch(x)/dx = -csch(x) coth(x)", domain="x ≠ 0",
)  # fmt: skip
COTH: Operator = _function(
    "coth", lambda x, y: add(ONE, neg(power(y, TWO))), lambda np, x: 1 / np.tanh(x), "d coth(x)/dx = 1 - coth(x)²",
    latex=r"\coth", domain="x ≠ 0",
)  # fmt: skip
ASINH = _function(
    "asinh", lambda x, y: power(add(ONE, power(x, TWO)), number(ratio(-1, 2))), lambda np, x: np.arcsinh(x),
    "d asinh(x)/dx = 1/√(1 + x²)",
    also=("arcsinh", "arsinh"),
)  # fmt: skip
ACOSH = _function(
    "acosh", lambda x, y: power(add(power(x, TWO), number(-1)), number(ratio(-1, 2))),
    lambda np, x: np.log(x + np.sqrt(x * x - 1)), "d acosh(x)/dx = 1/√(x² - 1)", spellings=("arccosh",),
    also=("arcosh",), domain="x > 1",
)  # fmt: skip
ATANH = _function(
    "atanh", lambda x, y: power(add(ONE, neg(power(x, TWO))), number(-1)),
    lambda np, x: (np.log1p(x) - np.log1p(-x)) / 2,
    "d atanh(x)/dx = 1/(1 - x²)", spellings=("arctanh",), also=("artanh",), domain="-1 < x < 1",
)  # fmt: skip
LOGCOSH = _function("logcosh", lambda x, y: make(TANH, (x,)), _logcosh, "d logcosh(x)/dx = tanh(x)")
TANH: Operator = _function(
    "tanh", lambda x, y: add(ONE, neg(power(y, TWO))), lambda np, x: np.tanh(x), "d tanh(x)/dx = 1 - tanh(x)²",
    latex=r"\tanh",
)  # fmt: skip
LOG2 = _function(
    "log2", lambda x, y: power(mul(x, make(LN, (TWO,))), number(-1)), lambda np, x: np.log(x) / math.log(2),
    "d log2(x)/dx = 1/(x ln 2)", domain="x > 0",
)  # fmt: skip
LOG1P = _function(
    "log1p", lambda x, y: power(add(ONE, x), number(-1)), lambda np, x: np.log1p(x), "d log1p(x)/dx = 1/(1 + x)",
    domain="x > -1",
)  # fmt: skip
EXPM1 = _function("expm1", lambda x, y: make(EXP, (x,)), lambda np, x: np.expm1(x), "d expm1(x)/dx = exp(x)")
LOGIT = _function(
    "logit", lambda x, y: power(mul(x, add(ONE, neg(x))), number(-1)), lambda np, x: np.log(x) - np.log1p(-x),
    "d logit(x)/dx = 1/(x (1 - x))", domain="0 < x < 1",
)  # fmt: skip
LOG10 = _function(
    "log10", lambda x, y: power(mul(x, make(LN, (number(10),))), number(-1)), lambda np, x: np.log(x) / math.log(10),
    "d log10(x)/dx = 1/(x ln 10)", domain="x > 0",
)  # fmt: skip
SIGN = _function(
    "sign", lambda x, y: None, lambda np, x: np.sign(np.real(x)), "d sign(x)/dx = 0",
    kink="constant but for the jump at x = 0", also=("sgn",),
)  # fmt: skip
ABS = _function(
    "abs", lambda x, y: make(SIGN, (x,)), _abs, "d|x|/dx = sign(x)", kink="at x = 0 the derivative of |x| is taken as 0"
)
FLOOR = _function(
    "floor", lambda x, y: None, lambda np, x: np.floor(np.real(x)), "d floor(x)/dx = 0",
    kink="constant but for the jumps at whole numbers",
)  # fmt: skip
STEP = _function(
    "step", lambda x, y: None, lambda np, x: (np.real(x) > 0) * 1.0, "d step(x)/dx = 0",
    kink="constant but for the jump at x = 0",
)  # fmt: skip
SIGMOID = _function(
    "sigmoid", lambda x, y: mul(y, add(ONE, neg(y))), _sigmoid, "dσ(x)/dx = σ(x)(1 - σ(x))", latex=r"\sigma",
    spellings=("σ", "logistic"), also=("expit", "plogis"),
)  # fmt: skip
SOFTPLUS = _function("softplus", lambda x, y: make(SIGMOID, (x,)), _softplus, "d softplus(x)/dx = σ(x)")
ERF = _function(
    "erf", lambda x, y: mul(TWO, power(PI_NODE, number(ratio(-1, 2))), make(EXP, (neg(power(x, TWO)),))), erf,
    "d erf(x)/dx = 2 exp(-x²)/√π",
)  # fmt: skip
ERFC = _function(
    "erfc", lambda x, y: mul(number(-2), power(PI_NODE, number(ratio(-1, 2))), make(EXP, (neg(power(x, TWO)),))),
    erfc, "d erfc(x)/dx = -2 exp(-x²)/√π",
)  # fmt: skip
RELU = _function(
    "relu", lambda x, y: make(GT, (x, number(0))), lambda np, x: np.where(np.real(x) > 0, x, 0 * x),
    "d relu(x)/dx = {0 if x ≤ 0; 1 if x > 0}", spellings=("ReLU",),
    kink="at x = 0 the derivative of relu is taken as 0",
)  # fmt: skip
RELU6 = _function(
    "relu6", _step_between(0, 6), lambda np, x: np.where(np.real(x) < 6, np.where(np.real(x) > 0, x, 0 * x), 6 + 0 * x),
    "relu6(x) = min(max(0, x), 6)", spellings=("ReLU6",),
    kink="at x = 0 and x = 6 the derivative of relu6 is taken as 0",
)  # fmt: skip
HARDTANH = _function(
    "hardtanh", _step_between(-1, 1),
    lambda np, x: np.where(np.real(x) < 1, np.where(np.real(x) > -1, x, 0 * x - 1), 0 * x + 1),
    "hardtanh(x) = min(max(-1, x), 1)", kink="at x = -1 and x = 1 the derivative of hardtanh is taken as 0",
)  # fmt: skip
PI_NODE: Expr = make(PI)
SQRT = Operator(
    "sqrt", "spelling", same_shape, spellings=("sqrt", "√"), body=lambda x: power(x, number(ratio(1, 2))),
    rule="power rule", section=OF_NUMBERS, formula="√x = x^(1/2)", domain="x > 0", example="sqrt(x)",
)  # fmt: skip
ROWS.append(SQRT)
