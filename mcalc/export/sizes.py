"""Which sizes code writes down, and has to learn from the shapes of its arguments first."""

from __future__ import annotations

from collections.abc import Iterable

from mcalc.export.code import Code, walk
from mcalc.expr import Dim

SHAPED = frozenset({"full", "eye", "on_diagonal", "spread", "places", "kron"})
"""Operations that write down the shape of their result."""


def written(codes: Iterable[Code]) -> set[str]:
    """Return the names of sizes that code writes down; a helper takes its own from its arguments."""
    found: set[str] = set()
    for node in walk(*codes):
        branch = node.op == "where" and not node.args[0].shape
        if node.op == "size":
            found.update(node.attr.names)
        elif branch or node.op in SHAPED or (node.op == "reshape" and node.order > 1):
            found.update([name for dim in node.shape for name in dim.names])
    return found


def plain_name(dim: Dim) -> str:
    """Return the name of a size that is a name alone, else nothing."""
    return dim.names[0] if len(dim.names) == 1 and dim is Dim.named(dim.names[0]) else ""
