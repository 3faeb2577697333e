"""Which shared parts of a large expression get a name: `… where u₁ = …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr, walk

if TYPE_CHECKING:
    from collections.abc import Collection

WORTH = 4
"""A part that prints in fewer nodes than this is printed in place each time it is used."""


def choose(root: Expr) -> tuple[list[Expr], dict[Expr, list[Expr]]]:
    """Return the parts to name, each after those it uses; and those to name inside the body of a sum, by the sum.

    A part is named where it is used twice or more and is not short, counting a part named before as one. So what is
    printed is at most a constant times the number of nodes. A part with a free running index means something only
    inside the body of the innermost sum around it, and is named there.
    """
    order = list(walk(root))
    uses: dict[Expr, int] = {}
    for node in order:
        for arg in node.args:
            uses[arg] = uses.get(arg, 0) + 1
    length: dict[Expr, int] = {}
    everywhere: list[Expr] = []
    bound: dict[Expr, list[Expr]] = {}
    for node in order:
        if node.op.layout == "index" or (node.op.layout == "element" and not node.args[0].args):
            length[node] = 1  # printed as x_i, whatever the limits of the index are
            continue
        total = 1
        for arg in node.args:
            total += length[arg]
        if total >= WORTH and uses.get(node, 0) > 1 and node is not root:
            total = 1
            inside = node.free - root.free
            if inside:
                innermost = max(inside, key=_depth)
                bound.setdefault(innermost, []).append(node)
            else:
                everywhere.append(node)
        length[node] = total
    return everywhere, _by_binder(order, bound)


def _depth(index: Expr) -> tuple[int, str]:
    name, level = index.attr
    return level, name


def _by_binder(order: list[Expr], bound: dict[Expr, list[Expr]]) -> dict[Expr, list[Expr]]:
    """Give each sum the parts to name in its body; of two sums over one index, each those that it contains."""
    if not bound:
        return {}
    binders: dict[Expr, list[Expr]] = {}
    for node in order:
        if node.op.kind == "binder" and node.args[0] in bound:
            binders.setdefault(node.args[0], []).append(node)
    local: dict[Expr, list[Expr]] = {}
    for index, parts in bound.items():
        for binder in binders[index]:
            found = parts
            if len(binders[index]) > 1:
                below = set(walk(binder.args[1]))
                found = [part for part in parts if part in below]
            if found:
                local[binder] = found
    return local


def name_prefix(used: Collection[str]) -> str:
    """Return a letter for names `u_1`, `u_2`, ...: the first that no name in use begins with.

    >>> name_prefix({"x", "w"}), name_prefix({"u", "v_1"})
    ('u', 't')
    """
    bases = {name.partition("_")[0] for name in used}
    letter = next((letter for letter in "uvtqsrgabcdhklmnop" if letter not in bases), "uu")
    while letter in bases:
        letter += "u"
    return letter
