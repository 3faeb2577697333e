"""How long an expression is when it is written: names, numbers, signs and brackets, one each."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.expr import Expr, remembered
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, has_minus
from mcalc.operators.elementwise import ABS
from mcalc.operators.leaves import NUMBER, ONES, is_number
from mcalc.operators.linear import DOT, EINSUM, ELEMENT, MATMUL, ROW, SIGMA, TRANSPOSE
from mcalc.operators.matrix import INV, NORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Number


LONGEST = 1 << 60
"""Lengths are counted up to this: where parts are shared, a whole may be as long as two to the power of its nodes."""


@remembered
def length(node: Expr, parts: Sequence[int]) -> int:
    """Return how long an expression is when it is written out.

    >>> from mcalc.notation import Scope, read_expression
    >>> [length(read_expression(text, Scope()).expr) for text in ("x^T", "2 (a + b)", "sin(z)/z")]
    [2, 6, 6]
    """
    return min(LONGEST, _of(node, parts))


def _of(node: Expr, parts: Sequence[int]) -> int:
    op, args = node.op, node.args
    if op is NUMBER:
        return number_length(node)
    if not args:
        return 6 if op is ONES and node.order == 2 else 1
    if op is ADD:
        return sum(parts) + sum([not has_minus(arg) for arg in args[1:]])
    if op is MUL:
        return _of_product(node, parts)
    if op is MATMUL:
        return sum(map(_in_chain, args, parts))
    if op is POW:
        return _of_power(node, *parts)
    if op in (ROW, TRANSPOSE, INV):
        return _raised(args[0], parts[0]) + 1
    if op is DOT:
        return sum(map(_in_chain, args, parts)) + 1
    if op is ELEMENT:
        return parts[0] + len(args) - 2 + bool(args[0].args)
    if op in (NORM, ABS):
        return parts[0] + 2
    if op is SIGMA:
        return 9 + parts[1]
    if op is CASES:
        return sum(parts) + len(args) + 1
    if op is EINSUM:
        return sum(map(_raised, args, parts)) + len(args) + 4
    return sum(parts) + len(args) + 2


def _of_power(node: Expr, base: int, exponent: int) -> int:
    inner = _raised(node.args[0], base)
    if not is_number(node.args[1]):
        return inner + exponent + 1
    value = node.args[1].attr
    size = abs(value)
    own = inner if size == 1 else base + 3 if size * 2 == 1 else inner + 1
    return own if value >= 0 else own + 2


def _of_product(node: Expr, parts: Sequence[int]) -> int:
    """A product: a sign, what divides after a bar, tensors of the same shape with an operator between them."""
    total = 0
    tensors = sum([bool(arg.shape) for arg in node.args])
    for place, (arg, own) in enumerate(zip(node.args, parts, strict=True)):
        if arg.op is NUMBER:
            total += 1 if arg.attr == -1 else own - (place > 0)
        elif arg.op is POW and is_number(arg.args[1]) and arg.args[1].attr < 0:
            total += own - (place > 0)
        else:
            bracketed = arg.op is ADD or (arg.op is MATMUL and not arg.shape)
            total += own + 2 * bracketed + 2 * (arg.op is MATMUL and bool(arg.shape) and tensors > 1)
    return total + max(0, tensors - 1)


def _in_chain(arg: Expr, own: int) -> int:
    """The length of a factor of a matrix product, with the brackets it needs."""
    return own + 2 if arg.op in (ADD, MUL, DOT) or (arg.op is MATMUL and not arg.shape) else own


def _raised(arg: Expr, own: int) -> int:
    """The length of what has an exponent, with the brackets it needs."""
    return own + 2 if arg.op in (ADD, MUL, DOT, MATMUL) else own


def number_length(node: Expr) -> int:
    """The length of a number: a sign, a numerator, and a bar and a denominator where it has one."""
    value: Number = node.attr
    return 1 + (value < 0) + 2 * (not isinstance(value, float) and value.denominator != 1)


@remembered
def written_size(_: Expr, parts: Sequence[int]) -> int:
    """Return how many parts an expression has when it is written out: its nodes as a tree.

    By this the forms of a result are chosen among. Brackets count nothing, unlike in :func:`length`, by which it is
    decided whether taking something out of a sum is worth it: v ⊗ h ⊗ (1 - h) is to stand, though the sum is as short.
    """
    return min(LONGEST, 1 + sum(parts))
