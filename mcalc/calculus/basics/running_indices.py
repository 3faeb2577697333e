"""Running indices told apart, as in what is read: by names that nothing else has, by levels where they share one.

Sums that differ by the name of their index alone are one: Σ_j f_j is Σ_i f_i.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mcalc.expr import Expr, Operator, fold, make, rebuild, walk
from mcalc.fresh import free_names, names_in, subscripts
from mcalc.operators.leaves import index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Key: TypeAlias = tuple[Expr, frozenset[tuple[str, int]], frozenset[tuple[Expr, Expr]]]


def told_apart(root: Expr, taken: Iterable[str] = ()) -> Expr:
    """Return an expression that says the same wherever it is read: each running index is told from all that it is not.

    An index that has the name of a variable, a size or a function in the whole gets another one, and so does one whose
    entries would be spelled as a variable is: j where there are y and y_j. `taken` are further names that mean
    something where the expression will be read. Of sums over one name inside each other, the level of an index is the
    number of those around its own; where the inner one uses the outer index too, it gets another name, and so does an
    outer one that nothing runs with.

    A derivative may lose the outer one of two sums over i, get a product over i inside a sum over i, or divide by a
    size that has the name of an index.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import number, size, symbol
    >>> from mcalc.operators.linear import SIGMA, element
    >>> n = Dim.named("n")
    >>> outer, inner = [index("i", level, number(1), size(n)) for level in (0, 1)]
    >>> told_apart(make(SIGMA, (inner, inner))) is make(SIGMA, (outer, outer))
    True
    >>> told_apart(make(SIGMA, (outer, symbol("i")))).args[0].attr
    ('j', 0)
    """
    return _lowered(_apart(root, taken))


def _lowered(root: Expr) -> Expr:
    """Return an expression with its free indices at the lowest level; no bound one has their names any more."""
    if not any([index.attr[1] for index in root.free]):
        return root
    return rebuild(
        root, lambda node, args: index(node.attr[0], 0, *args) if node in root.free and node.attr[1] else None
    )


def _apart(root: Expr, taken: Iterable[str]) -> Expr:
    if not root.has_kind("binder"):
        return root
    order = list(walk(root))
    binders = [node for node in order if node.op.kind == "binder"]
    names, fresh = _new_names(root, binders, taken)
    below: dict[Expr, frozenset[str]] = {}
    settled = not names
    for node in order:
        inside = frozenset[str]()
        for arg in node.args:
            inside = inside | below[arg] if below[arg] - inside else inside
        if node.op.kind == "binder":
            own, body = node.args
            name = names.get(own, own.attr[0])
            settled = settled and not own.attr[1] and name not in inside
            if name in inside and own not in body.free:
                # Of two sums over i, one right around the other, nothing says which runs.
                name = names[node] = next(fresh)
            inside = inside | {name}
        below[node] = inside
    return root if settled else _renamed(root, names, below)


def _new_names(root: Expr, binders: list[Expr], taken: Iterable[str]) -> tuple[dict[Expr, str], Iterator[str]]:
    """Return the indices that have to be called something else, each with its new name; and further free names."""
    used = names_in(root)
    free = {index.attr[0] for index in root.free}
    others = names_in(root, indices=False) | free
    spelled = {*others, *[name for name in taken if _is_entry_of(name, used)]}
    others.update([part for name in spelled for part in subscripts(name)])
    names: dict[Expr, str] = {}
    # Those renamed first are called as they would be if nothing else were an index, so that one sum has one spelling.
    first = free_names({*others, *taken, *[index.attr[0] for index in root.free]})
    by_name: dict[str, str] = {}
    for node in reversed(binders):
        index = node.args[0]
        if index.attr[0] in others and (index.attr[0] in free or index not in root.free):
            if index.attr[0] not in by_name:
                by_name[index.attr[0]] = next(first)
            names[index] = by_name[index.attr[0]]
    fresh = free_names({*used, *taken, *by_name.values()})
    for node in binders:
        index, body = node.args
        name = names.get(index, index.attr[0])
        if any([other is not index and names.get(other, other.attr[0]) == name for other in body.free]):
            names[index] = next(fresh)
    return names, fresh


def _is_entry_of(name: str, used: set[str]) -> bool:
    """Say whether a name is that of an entry or a row of something in use: y_j beside y, x_i beside X."""
    base = name.partition("_")[0]
    return base != name and bool({base, base.upper()} & used)


def _renamed(root: Expr, names: dict[Expr, str], below: dict[Expr, frozenset[str]]) -> Expr:
    """Return an expression with its indices under their new names, each at the level that it is read at.

    `names` has those of indices, wherever they run, and of single sums.
    """

    def key(node: Expr, around: dict[str, int], renamed: dict[Expr, Expr]) -> Key:
        levels = frozenset([(name, count) for name, count in around.items() if name in below[node]])
        return node, levels, frozenset([(old, new) for old, new in renamed.items() if old in node.free])

    def moved(binder: Expr, around: dict[str, int], renamed: dict[Expr, Expr]) -> Expr:
        old = binder.args[0]
        limits = [rebuild(limit, lambda node, args: renamed.get(node)) for limit in old.args]
        name = names.get(binder) or names.get(old, old.attr[0])
        return index(name, around.get(name, 0), *limits)

    def parts(whole: Key) -> list[Key]:
        node, around, renamed = whole[0], dict(whole[1]), dict(whole[2])
        if node in renamed or not (around or renamed or below[node]):
            return []
        if node.op.kind != "binder":
            return [key(arg, around, renamed) for arg in node.args]
        old, new = node.args[0], moved(node, around, renamed)
        return [key(node.args[1], {**around, new.attr[0]: new.attr[1] + 1}, {**renamed, old: new})]

    def made(whole: Key, done: dict[Key, Expr]) -> Expr:
        node, around, renamed = whole[0], dict(whole[1]), dict(whole[2])
        args = [done[part] for part in parts(whole)]
        if node.op.kind == "binder":
            args = [moved(node, around, renamed), *args]
        return make(node.op, tuple(args), _respelled(node, args)) if args else renamed.get(node, node)

    found: Expr = fold(key(root, {}, {}), parts, made)
    return found


def _respelled(node: Expr, args: list[Expr]) -> object:
    """The attribute of a node; a variable that runs with an index is called after it, u_i."""
    if node.op.layout != "symbol":
        return node.attr
    name, *rest = node.attr
    for old, new in zip(node.args, args, strict=True):
        name = f"{name.removesuffix(old.attr[0])}{new.attr[0]}" if name.endswith(f"_{old.attr[0]}") else name
    return (name, *rest)


DEEPEST = 4
"""Sums that nest deeper than this keep the names of their indices."""


def anonymous(root: Expr) -> Expr:
    """Return an expression that is the same for all names of the indices bound in it.

    >>> from mcalc.dims import Dim
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
    from mcalc.calculus.basics.entries import substitute

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
