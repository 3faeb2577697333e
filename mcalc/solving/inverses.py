"""A matrix that enters by its inverse: the inverse is solved for, or both sides are multiplied by the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, add
from mcalc.operators.leaves import symbol
from mcalc.operators.linear import matmul, transpose
from mcalc.operators.matrix import INV, inv
from mcalc.solving.found import Found
from mcalc.solving.linear import solve_linear
from mcalc.solving.tidy import occurs, tidy

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def solve_inverse(equation: Expr, unknown: Expr, others: AbstractSet[Expr] = frozenset()) -> Found | None:
    """Return the solution of an equation in a square matrix and its inverse, or None.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("S - inv(X)", where="S, X: R^{n x n} posdef")
    >>> x = next(s for s in e.symbols if s.attr[0] == "X")
    >>> unicode(solve_inverse(e.expr, x).value)
    'S⁻¹'
    """
    inverse = inv(unknown) if unknown.order == 2 and unknown.shape[0] is unknown.shape[1] else None
    if inverse is None or not any([node.op is INV and node.args[0] is unknown for node in walk(equation)]):
        return None
    fresh = symbol(next(free_names(names_in(equation))), unknown.shape, unknown.attr[2])
    turned = transpose(inverse)
    swapped = rebuild(
        equation, lambda node, args: fresh if node is inverse else transpose(fresh) if node is turned else None
    )
    if not occurs(swapped, {unknown}):
        found = solve_linear(swapped, fresh, others)
        if found is not None and not occurs(found.value, {fresh}):
            return Found(tidy(inv(found.value)), None, "the inverse is solved for")
    for factors in ((unknown, equation, unknown), (unknown, equation), (equation, unknown)):
        parts = equation.args if equation.op is ADD else (equation,)
        cleared = add(*[tidy(matmul(*[part if f is equation else f for f in factors])) for part in parts])
        if any([node.op is INV and occurs(node, {unknown}) for node in walk(cleared)]):
            continue
        found = solve_linear(cleared, unknown, others)
        if found is not None:
            sides = "from both sides" if len(factors) == 3 else "from one side"
            return Found(found.value, found.equation, f"both sides are multiplied by the unknown {sides}")
    return None
