"""What surely holds of an expression whatever its variables are: it is positive, or a positive definite matrix."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.expr import Expr, remembered
from mcalc.operators.arithmetic import ADD, CONDITIONS, MUL, POW
from mcalc.operators.kronecker import KRON
from mcalc.operators.leaves import EYE, NUMBER, ONES, is_number
from mcalc.operators.linear import DIAG, DOT, MATMUL, SIGMA, TRACE, TRANSPOSE, transpose
from mcalc.operators.matrix import ONE_HOT

ABOVE = frozenset({"exp", "cosh", "softplus", "sigmoid", "softmax", "size", "pi"})
"""Functions that have positive values only."""
KEEPS = frozenset({"sum", "mean", "row", "transpose", "element", "max", "min"})
"""Operators that give something positive of what is positive."""


SPREADS = frozenset({"var", "var rows", "var cols", "mse"})
"""Means of squares."""
ADDING = frozenset({"sum", "sum rows", "sum cols", "mean", "mean rows", "mean cols", "row", "transpose", "diag"})
"""Operators that add up entries, or put them elsewhere."""


@remembered
def is_positive(node: Expr, inner: Sequence[bool]) -> bool:
    """Say whether every entry is surely more than 0.

    >>> from mcalc import parse
    >>> [is_positive(parse(text).expr) for text in ("exp(x)", "1 + x^2", "x^2")]
    [True, True, False]
    """
    name = node.op.name
    if node.op is NUMBER:
        return bool(node.attr > 0)
    if name == "symbol":
        return "positive" in node.attr[2]
    if node.op is ADD:
        parts = zip(inner, node.args, strict=True)
        return any(inner) and all([sure or is_nonnegative(arg) or _is_square(arg) for sure, arg in parts])
    if node.op is MUL or name in KEEPS:
        return inner[0] if name == "element" else all(inner)
    if node.op is POW:
        return inner[0]
    if node.op is SIGMA:
        return inner[1]
    if name == "det":
        return is_definite(node.args[0])
    return node.op is ONES or name in ABOVE


@remembered
def vanishes_flatly(node: Expr, inner: Sequence[bool]) -> bool:
    """Say whether every entry is surely not negative, and has a derivative, 0 then, wherever it is 0: a sum of squares.

    >>> from mcalc import parse
    >>> [vanishes_flatly(parse(text, where="x: R^n").expr) for text in ("x · x", "var(x)", "abs(sum(x))")]
    [True, True, False]
    """
    if node.op is POW:
        exponent = node.args[1]
        whole = is_number(exponent) and type(exponent.attr) is int
        return whole and exponent.attr > 0 and exponent.attr % 2 == 0
    if node.op is DOT:
        return node.args[0] is node.args[1]
    if node.op is MATMUL:
        return (not node.shape and _is_own_transpose(node)) or _adds_up(node, inner)
    if node.op is TRACE:
        return node.args[0].op is MATMUL and _is_own_transpose(node.args[0])
    if node.op is ADD:
        return all(inner)
    if node.op is MUL:
        rest = [arg for arg, flat in zip(node.args, inner, strict=True) if not flat]
        return any(inner) and all([is_positive(arg) for arg in rest])
    if node.op is SIGMA:
        return inner[1]
    return node.op.name in SPREADS or (node.op.name in ADDING and all(inner))


def _is_own_transpose(product: Expr) -> bool:
    """Say whether a product is xᵀ x, or Aᵀ A, whose trace is a sum of squares."""
    left, *rest = product.args
    return len(rest) == 1 and transpose(left) is rest[0]


def _adds_up(node: Expr, flat: Sequence[bool]) -> bool:
    """Say whether a product adds up squares: B 1⃗ with every entry of B a square."""
    return all([sure or is_positive(arg) for sure, arg in zip(flat, node.args, strict=True)]) and any(flat)


def _is_square(part: Expr) -> bool:
    """X · x, ‖x‖², xᵀ P x of a positive definite P, times what is not negative."""
    factors = part.args if part.op is MUL else (part,)
    return all([(f.op.name == "dot" and f.args[0] is f.args[1]) or is_nonnegative(f) or _is_form(f) for f in factors])


def _is_form(part: Expr) -> bool:
    if part.op is not MATMUL or part.shape:
        return False
    return all([a is b for a, b in zip(part.args, _turned(part), strict=True)]) and _middle_is_definite(part)


def _turned(product: Expr) -> list[Expr]:
    return [factor if factor.is_symmetric and factor.order == 2 else transpose(factor) for factor in product.args[::-1]]


def _middle_is_definite(product: Expr) -> bool:
    count = len(product.args)
    return count % 2 == 0 or is_definite(product.args[count // 2])


def is_definite(matrix: Expr, *, strictly: bool = True) -> bool:
    """Say whether a matrix is surely positive definite, or, not `strictly`, positive semidefinite.

    >>> from mcalc import parse
    >>> is_definite(parse("A' A + s I", where="A: R^{m x n}; s: R > 0").expr)
    True
    >>> is_definite(parse("A' A", where="A: R^{m x n}").expr)
    False
    """
    return _definite(matrix)[0 if strictly else 1]


@remembered
def _definite(node: Expr, inner: Sequence[tuple[bool, bool]]) -> tuple[bool, bool]:
    """Say whether a matrix is positive definite, and whether it is positive semidefinite."""
    strict, weak = [known[0] for known in inner], [known[1] for known in inner]
    if node.order != 2:
        return False, False
    if node.op is EYE:
        return True, True
    if node.op.name == "symbol":
        return ("posdef" in node.attr[2],) * 2
    if node.op is ADD:
        return all(weak) and any(strict), all(weak)
    if node.op is MUL:
        matrices = [place for place, arg in enumerate(node.args) if arg.order == 2]
        rest = [arg for arg in node.args if arg.order != 2]
        if len(matrices) != 1:
            return False, False
        above = all([is_positive(arg) for arg in rest])
        least = above or all([is_nonnegative(arg) for arg in rest])
        return above and strict[matrices[0]], least and weak[matrices[0]]
    if node.op is TRANSPOSE or node.op.name == "inv":
        return strict[0], strict[0]
    if node.op is SIGMA:
        return False, weak[1]
    if node.op is KRON:
        return all(strict), all(weak)
    if node.op is DIAG and node.args[0].order == 1:
        return is_positive(node.args[0]), is_nonnegative(node.args[0])
    if node.op is MATMUL:
        alike = all([a is b for a, b in zip(node.args, _turned(node), strict=True)])
        count = len(node.args)
        return False, alike and (count % 2 == 0 or weak[count // 2])
    return False, False


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
