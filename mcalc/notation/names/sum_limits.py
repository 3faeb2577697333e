"""Limits of sums and shifted subscripts: sums of products of names, whole numbers and lengths."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.parse import parse_script
from mcalc.notation.surface.scripts import simple
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.words import plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DEPTH = 20
"""As many brackets and signs as a limit may have inside each other."""
_PASSED = frozenset(("sum", "product", "negative", "bars", "relation"))


def limit(text: str, start: int, end: int) -> Node:
    """Return the syntax tree of a limit or of a shifted subscript: sums of products of names, numbers and lengths.

    `start` and `end` say where it stands in the statement.
    """
    node = read_limit(text, start, end)
    if node is None:
        raise no_limit(start, end)
    return node


def no_limit(start: int, end: int) -> Mistake:
    """Return the mistake of what is no limit."""
    return Mistake(
        "E-SYNTAX",
        "this is no limit or subscript",
        [Span(start, end, "not read")],
        hint="write n, n - 1, i + 1 or |x|",
    )


def read_limit(text: str, start: int, end: int) -> Node | None:
    """Return what :func:`limit` does, or None where the text is nothing of the kind."""
    found = simple(text, start, end)
    if found is not None:
        return found
    parts = read_script(text)
    return small_tree(parts[0], lambda node: (start, end)) if len(parts) == 1 else None


def read_script(text: str) -> list[Node]:
    """Return the parts of a script that are separated by commas, as they were typed; none where it is no formula."""
    try:
        return parse_script(text)
    except Mistake:
        return []


def small_tree(node: Node, place: Callable[[Node], tuple[int, int]]) -> Node | None:
    """Return a limit with each run of letters as one name, at the places that are given; None where it is no limit."""
    return _small(node, place, _DEPTH)


def _small(node: Node, place: Callable[[Node], tuple[int, int]], depth: int) -> Node | None:
    kind = node.kind
    start, end = place(node)
    if kind == "run":
        word, subs = node.value
        return Node("name", start, end, (), Name(plain_name(word), subs[0] if subs else None))
    if kind == "name":
        return node
    if kind == "number":
        return Node(kind, start, end, (), node.value)
    if kind == "applied" and len(node.parts) == 2:
        # n(n - 1): the bracket of a name is a factor here
        name, bracket = node.parts
        return _small(Node("product", start, end, [name, bracket], [node.value]), place, depth)
    if kind in ("bracket", "group") and len(node.parts) == 1 and depth:
        inner = _small(node.parts[0], place, depth - 1)
        return inner and (inner if inner.kind in ("name", "number") else Node("group", start, end, (inner,)))
    if kind not in _PASSED or not depth or (kind == "bars" and node.parts[0].kind not in ("run", "name")):
        return None
    if kind == "product" and any([token.value not in ("*", "/", "", " ") for token in node.value]):
        return None
    parts = [_small(part, place, depth - 1) for part in node.parts]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    if kind != "sum":
        return Node(kind, start, end, found, node.value)
    signs = ["+", *[token.value for token in node.value]]
    terms = [p if sign == "+" else Node("negative", start, end, (p,)) for sign, p in zip(signs, found, strict=True)]
    return Node(kind, start, end, terms, [Token("SIGN", "+", start, end, "+") for _ in terms[1:]])
