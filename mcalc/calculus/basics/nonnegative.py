"""Which expressions are surely not negative, so that a square root of them may be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr, remembered
from mcalc.operators.arithmetic import ADD, CONDITIONS, MUL, POW
from mcalc.operators.extremes import ONE_HOT
from mcalc.operators.leaves import NUMBER, ONES, is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN = frozenset({"sigmoid", "softmax"})
"""Functions with values between 0 and 1."""
POSITIVE = (
    frozenset({"exp", "cosh", "softplus", "relu", "abs", "step", "norm", "norm1", "norminf", "size"})
    | BETWEEN
    | {row.name for row in ONE_HOT}
)


@remembered
def is_nonnegative(node: Expr, inner: Sequence[bool]) -> bool:
    """Say whether every entry is surely 0 or more: squares, exponentials, σ (1 - σ), sums and products of such.

    >>> from mcalc import parse
    >>> is_nonnegative(parse("sigmoid(x) .* (1 - sigmoid(x))", where="x: R^n").expr)
    True
    >>> is_nonnegative(parse("1 - x", where="x: R^n").expr)
    False
    """
    if node.op is NUMBER:
        return bool(node.attr >= 0)
    if node.op is ADD:
        return all(inner) or _is_complement(node)
    if node.op is MUL:
        return all(inner)
    if node.op is POW:
        exponent = node.args[1]
        return inner[0] or (is_number(exponent) and type(exponent.attr) is int and exponent.attr % 2 == 0)
    if node.op.name == "symbol":
        return "positive" in node.attr[2]
    if node.op.name in ("sum", "diag", "row", "mean", "var", "std", "transpose"):
        return node.op.name in ("var", "std") or all(inner)
    return node.op is ONES or node.op.name in POSITIVE or node.op in CONDITIONS


def _is_complement(node: Expr) -> bool:
    """1 - s, where s is between 0 and 1; 1 - tanh²."""
    if len(node.args) != 2 or not is_number(node.args[0], 1):
        return False
    other = node.args[1]
    if other.op is not MUL or len(other.args) != 2 or not is_number(other.args[0], -1):
        return False
    s = other.args[1]
    if s.op is POW and s.args[0].op.name in ("tanh", "sin", "cos", *BETWEEN):
        return is_number(s.args[1]) and type(s.args[1].attr) is int and s.args[1].attr > 0 and s.args[1].attr % 2 == 0
    return s.op.name in BETWEEN
