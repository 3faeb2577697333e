"""Sums over a running index that differ by its name alone are one: Σ_j f_j is Σ_i f_i."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.entries import substitute
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.leaves import index

if TYPE_CHECKING:
    from mcalc.expr import Operator

DEEPEST = 4
"""Sums that nest deeper than this keep the names of their indices."""


def anonymous(root: Expr) -> Expr:
    """Return an expression that is the same for all names of the indices bound in it.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import number, size
    >>> from mcalc.operators.linear import SIGMA
    >>> i, j = [index(name, 0, number(1), size(Dim.named("n"))) for name in "ij"]
    >>> anonymous(make(SIGMA, (i, i))) is anonymous(make(SIGMA, (j, j)))
    True
    """
    heights: dict[Expr, int] = {}

    def unnamed(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        height = max([heights.get(arg, 0) for arg in args], default=0)
        made = make(node.op, args, node.attr)
        if node.op.kind == "binder":
            height += 1
            if height <= DEEPEST:
                made = _over(node.op, args, index("", height, *args[0].args))
        heights[made] = height
        return made

    return rebuild(root, unnamed)


def _over(op: Operator, args: tuple[Expr, ...], running: Expr) -> Expr:
    return make(op, (running, substitute(args[1], args[0], running)))


def named_alike(root: Expr) -> Expr:
    """Return an expression in which sums that differ by the name of an index alone are one: Σ_j f_j is Σ_i f_i.

    A sum inside one over an index of the other's name keeps its own. Each binder is looked at once.
    """
    if not root.has_kind("binder") or sum([node.op.kind == "binder" for node in walk(root)]) < 2:
        return root
    around: dict[Expr, frozenset[str]] = {root: frozenset()}
    for node in reversed(list(walk(root))):
        names = around[node] | {node.args[0].attr[0]} if node.op.kind == "binder" else around[node]
        for arg in node.args:
            around[arg] = around[arg] | names if arg in around else names
    first: dict[Expr, Expr] = {}

    def alike(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op.kind != "binder":
            return None
        made = make(node.op, args, node.attr)
        known = first.setdefault(anonymous(made), made)
        return made if known.args[0].attr[0] in around[node] else known

    return rebuild(root, alike)
