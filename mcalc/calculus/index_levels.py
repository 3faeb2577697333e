"""Running indices of one name, told apart by how many sums over that name stand around each, as in what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr, fold, make, rebuild, walk
from mcalc.operators.leaves import index

if TYPE_CHECKING:
    from typing import TypeAlias

    Key: TypeAlias = tuple[Expr, frozenset[tuple[str, int]], frozenset[tuple[Expr, Expr]]]


def levelled(root: Expr) -> Expr:
    """Return an expression in which the level of a running index is the number of sums of its name around its own.

    A derivative may lose the outer one of two sums over i, or get a product over i inside a sum over i.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import number, size
    >>> from mcalc.operators.linear import SIGMA
    >>> outer, inner = [index("i", level, number(1), size(Dim.named("n"))) for level in (0, 1)]
    >>> levelled(make(SIGMA, (inner, inner))) is make(SIGMA, (outer, outer))
    True
    """
    below: dict[Expr, frozenset[str]] = {}
    settled = True
    for node in walk(root):
        names = frozenset[str]()
        for arg in node.args:
            names = names | below[arg] if below[arg] - names else names
        if node.op.kind == "binder":
            name, level = node.args[0].attr
            settled = settled and not level and name not in names
            names = names | {name}
        below[node] = names
    if settled:
        return root

    def key(node: Expr, around: dict[str, int], renamed: dict[Expr, Expr]) -> Key:
        levels = frozenset([(name, count) for name, count in around.items() if name in below[node]])
        return node, levels, frozenset([(old, new) for old, new in renamed.items() if old in node.free])

    def parts(whole: Key) -> list[Key]:
        node, around, renamed = whole[0], dict(whole[1]), dict(whole[2])
        if node in renamed or not (around or renamed or below[node]):
            return []
        if node.op.kind != "binder":
            return [key(arg, around, renamed) for arg in node.args]
        old, new = node.args[0], _at_level(node.args[0], around, renamed)
        return [key(node.args[1], {**around, new.attr[0]: new.attr[1] + 1}, {**renamed, old: new})]

    def made(whole: Key, done: dict[Key, Expr]) -> Expr:
        node, around, renamed = whole[0], dict(whole[1]), dict(whole[2])
        args = [done[part] for part in parts(whole)]
        if node.op.kind == "binder":
            args = [_at_level(node.args[0], around, renamed), *args]
        return make(node.op, tuple(args), node.attr) if args else renamed.get(node, node)

    found: Expr = fold(key(root, {}, {}), parts, made)
    return found


def _at_level(running: Expr, around: dict[str, int], renamed: dict[Expr, Expr]) -> Expr:
    limits = [rebuild(limit, lambda node, args: renamed.get(node)) for limit in running.args]
    return index(running.attr[0], around.get(running.attr[0], 0), *limits)
