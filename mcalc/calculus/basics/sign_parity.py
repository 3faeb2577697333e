"""Does a result depend on the sign of an eigenvector, which nothing decides? Then it has no derivative."""

from __future__ import annotations

from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import ADD, MUL, POW
from mcalc.operators.blocks import BLOCK
from mcalc.operators.leaves import is_number
from mcalc.operators.linear import DIAG, ELEMENT, SIGMA
from mcalc.operators.singular import VECTORS
from mcalc.operators.solutions import RESOLVENT
from mcalc.operators.spectral import EIGENVECTORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ODD = frozenset({"sin", "tan", "tanh", "atan", "asin", "sinh", "asinh", "erf", "sign"})
EVEN = frozenset({"cos", "cosh", "abs", "norm", "norm1", "norminf"})
SIDES = [row for pair in VECTORS.values() for row in pair]
"""Singular vectors: the left and the right one change their signs together."""
OPEN = (*EIGENVECTORS.values(), *SIDES)
"""What may have either sign."""


def refuse_open_signs(body: Expr, variable: Expr) -> None:
    """Raise E-UNSUPPORTED where a vector of either sign stands in a function of a variable that is not even in it.

    >>> from mcalc import parse
    >>> S = parse("S", where="S: R^{n x n} symmetric").expr
    >>> even = parse("(a · v_max(S))^2", where="S: R^{n x n} symmetric; a: R^n").expr
    >>> refuse_open_signs(even, S)
    """
    if not body.has(*OPEN):
        return
    groups: dict[object, list[Expr]] = {}
    for node in walk(body):
        if node.op in EIGENVECTORS.values():
            groups.setdefault(node, []).append(node)
        elif node.op in SIDES:
            end = next(end for end, pair in VECTORS.items() if node.op in pair)
            groups.setdefault((end, node.args), []).append(node)
    for flipped in groups.values():
        if any([variable in walk(node) for node in flipped]) and _parity(body, flipped) != 1:
            name = flipped[0].op.name
            raise Mistake(
                "E-UNSUPPORTED",
                f"the sign of {name} is open, and this depends on it",
                hint=f"a function that is the same for v and -v has a derivative: (a · v)^2, v v'; v is {name}(...)",
            )


def _parity(body: Expr, flipped: Sequence[Expr]) -> int:
    """Return 1 where an expression stays when these vectors change their sign, -1 where it does too, 0 for neither."""
    known: dict[Expr, int] = dict.fromkeys(flipped, -1)
    for node in walk(body):
        if node not in known:
            known[node] = _of(node, [known[arg] for arg in node.args])
    return known[body]


def _of(node: Expr, inner: Sequence[int]) -> int:
    if all([sign == 1 for sign in inner]):
        return 1
    if 0 in inner:
        return 0
    op = node.op
    if op is RESOLVENT:
        return 1 if inner[:2] == [1, 1] else 0
    if op in (ADD, BLOCK):
        return inner[0] if len({*inner}) == 1 else 0
    if op is POW:
        exponent = node.args[1]
        whole = is_number(exponent) and type(exponent.attr) is int
        return (1 if exponent.attr % 2 == 0 else inner[0]) if whole else 0
    if op is MUL or op.kind == "linear":
        product = 1
        for sign in inner:
            product *= sign
        return product
    if op in (SIGMA, ELEMENT, DIAG):
        return inner[1] if op is SIGMA else inner[0]
    if op.name in EVEN or op.name in ODD:
        return 1 if op.name in EVEN else -1
    return 0
