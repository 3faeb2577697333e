"""What a statement is made of before it has a meaning: the lines of golden/trees.txt, noted while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from mcalc.notation.around.around import Around, separate
from mcalc.notation.names import resolve
from mcalc.notation.names.resolve import Resolver
from mcalc.notation.names.undefined import put_in_brackets
from mcalc.notation.statements import statement
from mcalc.notation.surface.syntax import Name, Node, Token, spelled

KNOWN = ("by", "heads", "undefined", "labels", "running", "sets", "from_zero", "bases", "used")
"""What a resolver knows of the names of a statement and its tree does not show."""
SHOWN = ("text", "formula", "known")
"""What is shown of a formula and what stands around it before all else, or is what was given."""


def said(value: Any) -> str:
    """Return what a node has beside its parts, short: the text of a token, a name in full."""
    match value:
        case None:
            return ""
        case Token():
            return value.text or "_"
        case Name():
            return value.full
        case Node():
            return tree(value)
        case list() | tuple():
            return f"[{','.join([said(each) for each in value])}]"
        case set() | frozenset():
            return said(sorted(value))
        case dict():
            return said(list(value.items()))
        case str() | int() | float():
            return str(value)
    try:
        inside = vars(value).items()
    except TypeError:
        return str(value)
    return "{" + " ".join([f"{key}={said(one)}" for key, one in inside if one not in (None, (), "", False)]) + "}"


def tree(node: Node) -> str:
    """Return a node with its place, what it has and its parts (this recurses)."""
    has = said(node.value)
    own = f"{node.kind}{has and f'.{has}'}@{node.start}-{node.end}"
    if node.kind in ("name", "number"):
        own = f"{has}@{node.start}-{node.end}"
    return f"{own}({' '.join([tree(part) for part in node.parts])})" if node.parts else own


def stands(around: Around) -> str:
    """Return what stands around a formula, and the formula."""
    shown = [
        f"{key}={said(one)}" for key, one in vars(around).items() if key not in ("text", "formula", "known") and one
    ]
    return " ".join(["around", spelled(around.formula), *shown])


@contextmanager
def noted() -> Iterator[list[str]]:
    """Give the lines of golden/trees.txt on what is read meanwhile."""
    found: list[str] = []

    def note(*lines: str) -> None:
        found.extend([line for line in lines if line not in found])

    def separated(*args: Any, **options: Any) -> Around:
        around = separate(*args, **options)
        if not around.is_bare:
            note(stands(around))
        return around

    def bracketed(resolver: Resolver, sides: list[Node]) -> None:
        put_in_brackets(resolver, sides)
        known = [f"{name} {said(value)}" for name in KNOWN if (value := getattr(resolver, name))]
        note(*[tree(side) for side in sides], *(["; ".join(known)] if known else []))

    with patch.object(statement, "separate", separated), patch.object(resolve, "put_in_brackets", bracketed):
        yield found
