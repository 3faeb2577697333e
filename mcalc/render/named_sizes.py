"""Which identities and vectors of ones or zeros must say their size, since nothing around them tells it.

`I`, `1⃗` and `0⃗` take their size from what they are added to or multiplied by. Where an axis is summed before anything
tells its size, as in `sum(1⃗)`, they are printed `I(n)`, `ones(n)`, `zeros(n)`. Sizes that reach the outermost level
are those of the whole result, and are left to the reader, but for an axis of one place.
"""

from __future__ import annotations

from mcalc.expr import Expr, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from typing import TypeAlias

    Token: TypeAlias = tuple[Expr, int]
    """A constant and the axis of it that asks for a size; both axes of an identity ask for one."""
    Axes: TypeAlias = tuple[frozenset[Token], ...]
    """For each axis of an expression what would be told by its size; nothing, where the size is known."""

KNOWN: frozenset[Token] = frozenset()
CONSTANTS = frozenset({"eye", "ones", "zeros"})
PLAIN = frozenset({"symbol", "element"})


def may_lose(node: Expr) -> bool:
    """Say whether a constant without a size may stand in an argument: in anything but a variable or a part of one."""
    for arg in node.args:
        layout = arg.op.layout
        if layout == "transpose":
            layout = arg.args[0].op.layout
        if layout not in PLAIN:
            return True
    return False


def unsized(root: Expr, named: Container[Expr] = frozenset()) -> set[Expr]:
    """Return the constants under `root` whose size nothing tells; a part that is `named` stands by itself.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import ones, symbol
    >>> from mcalc.operators.linear import SUM, dot
    >>> from mcalc.expr import make
    >>> n = Dim.named("n")
    >>> unsized(dot(ones((n,)), symbol("x", (n,)))), unsized(make(SUM, (ones((n,)),)))
    (set(), {<ones vector of n (Dim(n),)>})
    """
    asking: dict[Expr, Axes] = {}
    found: set[Expr] = set()
    for node in walk(root):
        layout = node.op.layout
        if layout in CONSTANTS:
            if layout == "eye":
                asking[node] = (frozenset({(node, 0)}),) * 2
            elif node.order == 1:
                asking[node] = (frozenset({(node, 0)}),)
        elif any([arg in asking for arg in node.args]):
            axes, lost = _combine(node, asking)
            found.update([constant for token in lost for constant in token[:1]])
            if any(axes):
                asking[node] = axes
        if node in named and node in asking:
            found.update([constant for axis in asking.pop(node) for constant, _ in axis])
    single = [constant for axis in asking.get(root, ()) for constant, at in axis if constant.shape[at].value == 1]
    found.update(single)  # whose vector no reader takes to have one entry
    return found


def _combine(node: Expr, asking: dict[Expr, Axes]) -> tuple[Axes, frozenset[Token]]:
    """Return what still asks for a size on each axis of a node, and what is lost in it."""
    if node.op.layout.startswith("along") and node.order < node.args[0].order:
        labels: Sequence[Sequence[object]] = [(0, 1)]
        out: Sequence[object] = (0,) if node.op.layout.endswith("rows") else (1,)
    elif node.op.kind == "elementwise" or (node.op.kind == "defined" and node.order):
        labels, out = [range(arg.order) for arg in node.args], range(node.order)
    elif node.op.kind == "linear" and node.op.einsum is not None:
        labels, out = node.op.einsum(node)
    elif len(node.args) == 1 and node.args[0].shape == node.shape:
        labels, out = [range(node.order)], range(node.order)
    elif node.op.kind == "binder":
        labels, out = [(), range(node.order)], range(node.order)
    elif node.op.layout == "call" and node.op.name == "diag":
        labels, out = ([(0,)], (0, 0)) if node.order == 2 else ([(0, 0)], (0,))
    else:
        labels, out = [[(place, axis) for axis in range(arg.order)] for place, arg in enumerate(node.args)], ()
    asked: dict[object, frozenset[Token]] = {}
    links: list[tuple[object, object]] = []
    known: set[object] = set()
    for arg, names in zip(node.args, labels, strict=True):
        axes = asking.get(arg) or (KNOWN,) * arg.order
        if node.op.layout == "einsum" and arg.op.layout in CONSTANTS:
            continue  # the template of index notation sees to these
        for name, tokens in zip(names, axes, strict=True):
            if tokens:
                asked[name] = asked.get(name, KNOWN) | tokens
            else:
                known.add(name)
        if arg.order == 2 and any([token[0].op.layout == "eye" for token in axes[0] & axes[1]]):
            links.append((names[0], names[1]))
    # Both axes of an identity are told by one; and one that is left tells the other where the whole is used.
    kept = known | set(out)
    for _ in links:
        for one, other in links:
            for told in (known, kept):
                if one in told or other in told:
                    told |= {one, other}
    lost = KNOWN.union(*[tokens for name, tokens in asked.items() if name not in kept])
    return tuple([KNOWN if name in known else asked.get(name, KNOWN) for name in out]), lost


__all__ = ["may_lose", "unsized"]
