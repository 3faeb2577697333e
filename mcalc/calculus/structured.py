"""Derivatives by structured variables: from independent entries to the projection, or to the entries left free.

Source: the projection is the gradient in the inner product tr(Aᵀ B) among matrices of the structure; for symmetric ones
by free entries see The Matrix Cookbook, 2.8.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.tensor import product
from mcalc.operators.arithmetic import add
from mcalc.operators.structures import structure_of

if TYPE_CHECKING:
    from mcalc.expr import Expr


def by_structure(raw: Expr, variable: Expr, convention: str = "projected") -> Expr:
    """Return a derivative by independent entries as one by a structured variable; its last two axes are the variable's.

    An entry of the variable stands for all that move with it, so for one the rule is that of free entries.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> G, S = symbol("G", (n, n)), symbol("S", (n, n), frozenset({"symmetric"}))
    >>> by_structure(G, symbol("A", (n, n))) is G, len(by_structure(G, S).args)
    (True, 2)
    """
    structure = structure_of(variable)
    if structure is None or convention == "independent":
        return raw
    rule = structure.free if convention == "free" or variable.args else structure.projected
    axes = tuple(range(raw.order))
    *_, row, column = axes
    turned = (*axes[:-2], column, row)
    dim = raw.shape[-1]
    return add(
        *[
            product(
                coef,
                [(raw, turned if is_turned else axes), *([] if mask is None else [(mask(dim), (row, column))])],
                axes,
            )
            for coef, is_turned, mask in rule
        ]
    )
