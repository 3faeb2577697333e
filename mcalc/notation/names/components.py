"""Component functions: in a sum over i what is called ``g_i(x)`` is the entry i of g(x), a vector for each x."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.syntax import Node, Partial, walk_syntax
from mcalc.notation.surface.words import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.notation.names.names_known import Names


def take_components(r: Names, trees: Sequence[Node]) -> None:
    """Let undefined functions that run with a sum be entries: Σ_i λ_i g_i(x) is Σ_i λ_i g(x)_i.

    Raises a `Mistake` for ``f_i(x_i)``, where function and argument run together.
    """
    stack: list[tuple[Node, frozenset[str]]] = [(tree, frozenset()) for tree in trees]
    while stack:
        node, inside = stack.pop()
        if node.kind == "big":
            inside = inside | {name for name, _, _ in node.value.indices}
        of = node.value
        if node.kind == "call" and isinstance(of, Partial) and not any(of.counts):
            base, _, sub = of.full.rpartition("_")
            if sub in inside and base:
                _take(r, node, base, sub)
        stack.extend([(part, inside) for part in node.parts])


def _take(r: Names, node: Node, base: str, index: str) -> None:
    of: Partial = node.value
    for inner in [inner for part in node.parts for inner in walk_syntax(part) if inner.kind == "name"]:
        if inner.value.full == index or index in (inner.value.sub or ""):
            raise Mistake(
                "E-UNSUPPORTED",
                f"{clip(of.full)} is another function for each {index}, of another argument",
                [Span(node.start, node.end, "which function?")],
                hint=f"if it is one function, write {clip(base)}(...) without the index",
            )
    r.note(f"{clip(of.full)} is the entry {index} of {clip(base)}")
    node.parts = [Node("call", node.start, node.end, node.parts, Partial(base, of.counts, of.behind, of.mark))]
    node.kind, node.value = "subscript", index
