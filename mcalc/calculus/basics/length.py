"""How long an expression is when it is written: names, numbers, signs and brackets, one each."""

from __future__ import annotations

from mcalc.expr import Expr, remembered
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, has_minus
from mcalc.operators.elementwise import ABS
from mcalc.operators.leaves import NUMBER, ONES, is_number
from mcalc.operators.linear import DOT, EINSUM, ELEMENT, MATMUL, ROW, SIGMA, TRANSPOSE
from mcalc.operators.matrix import INV, NORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mcalc.expr import Number

LONGEST = 1_000_000
"""Lengths are counted up to this: what is longer is printed with names for its parts anyway."""

MOST_PARTS = 1 << 60
"""Parts are counted up to this: where parts are shared, a whole may have as many as two to the power of its nodes."""


class Lengths:
    """The lengths of some expressions and of all that stands in them, each worked out once.

    >>> from mcalc.notation import Scope, read_expression
    >>> length = Lengths()
    >>> [length(read_expression(text, Scope()).expr) for text in ("x^T", "2 (a + b)", "sin(z)/z")]
    [2, 6, 6]
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Expr, int] = {}

    def __call__(self, root: Expr) -> int:
        """Return the length of an expression."""
        found = self._known.get(root)
        if found is None:
            for node in self._unknown(root):
                self._known[node] = min(LONGEST, self._of(node))
            found = self._known[root]
        return found

    def _unknown(self, root: Expr) -> Iterator[Expr]:
        """Walk the part under `root` that is not yet known; a leaf is known at once."""
        if not any([arg not in self._known for arg in root.args]):
            yield root
            return
        stack = [root]
        while stack:
            node = stack[-1]
            waiting = [arg for arg in node.args if arg not in self._known]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if node not in self._known:
                yield node

    def _of(self, node: Expr) -> int:
        op, args = node.op, node.args
        if op is NUMBER:
            return number_length(node)
        if not args:
            return 6 if op is ONES and node.order == 2 else 1
        if op is ADD:
            return sum([self._known[arg] for arg in args]) + sum([not has_minus(arg) for arg in args[1:]])
        if op is MUL:
            return self._of_product(node)
        if op is MATMUL:
            return sum([self._inside(arg, MATMUL) for arg in args])
        if op is POW:
            return self._of_power(node)
        if op in (ROW, TRANSPOSE, INV):
            return self._inside(args[0], INV) + 1
        if op is DOT:
            return sum([self._inside(arg, MATMUL) for arg in args]) + 1
        if op is ELEMENT:
            return self._known[args[0]] + len(args) - 2 + bool(args[0].args)
        if op in (NORM, ABS):
            return self._known[args[0]] + 2
        if op is SIGMA:
            return 9 + self._known[args[1]]
        if op is CASES:
            return sum([self._known[arg] for arg in args]) + len(args) + 1
        if op is EINSUM:
            return sum([self._inside(arg, POW) for arg in args]) + len(args) + 4
        return sum([self._known[arg] for arg in args]) + len(args) + 2

    def _of_power(self, node: Expr) -> int:
        base, exponent = node.args
        inner = self._inside(base, POW)
        if not is_number(exponent):
            return inner + self._known[exponent] + 1
        size = abs(exponent.attr)
        own = inner if size == 1 else self._known[base] + 3 if size * 2 == 1 else inner + 1
        return own if exponent.attr >= 0 else own + 2

    def _of_product(self, node: Expr) -> int:
        """A product: a sign, what divides after a bar, tensors of the same shape with an operator between them."""
        total = 0
        tensors = sum([bool(arg.shape) for arg in node.args])
        for place, arg in enumerate(node.args):
            if arg.op is NUMBER:
                total += 1 if arg.attr == -1 else number_length(arg) - (place > 0)
            elif arg.op is POW and is_number(arg.args[1]) and arg.args[1].attr < 0:
                total += self._of_power(arg) - (place > 0)
            else:
                total += self._inside(arg, MUL) + 2 * (arg.op is MATMUL and bool(arg.shape) and tensors > 1)
        return total + max(0, tensors - 1)

    def _inside(self, arg: Expr, around: object) -> int:
        """The length of a part, with the brackets it needs."""
        own = self._known[arg]
        loose = arg.op is ADD or (arg.op in (MUL, DOT) and around is not MUL)
        return own + 2 if loose or (arg.op is MATMUL and (around in (POW, INV) or not arg.shape)) else own


def number_length(node: Expr) -> int:
    """The length of a number: a sign, a numerator, and a bar and a denominator where it has one."""
    value: Number = node.attr
    return 1 + (value < 0) + 2 * (not isinstance(value, float) and value.denominator != 1)


@remembered
def written_size(_: Expr, parts: Sequence[int]) -> int:
    """Return how many parts an expression has when it is written out: its nodes as a tree, a transpose counting one.

    By this forms of one result are chosen among; brackets count nothing, unlike in :class:`Lengths`, by which is
    decided whether taking something out of a sum is worth it.
    """
    return min(MOST_PARTS, 1 + sum(parts))
