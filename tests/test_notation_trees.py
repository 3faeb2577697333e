"""What a statement is made of before it has a meaning: golden/trees.txt, for the statements of golden/readings.txt.

For each it has what stands around its formula, as far as anything does, and the tree of each side, with the places of
its nodes and what is known of its names. `MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from mcalc.errors import Mistake
from mcalc.notation import Scope, read, read_where
from mcalc.notation.around.around import Around, separate
from mcalc.notation.names import resolve
from mcalc.notation.names.resolve import Resolver
from mcalc.notation.names.undefined import put_in_brackets
from mcalc.notation.statements import statement
from mcalc.notation.surface.syntax import Name, Node, Token, spelled
from tests.outline import WORLD
from tests.said import said_in, write
from tests.test_notation_readings import DECLARED, cases

GOLDEN = Path(__file__).parent / "golden" / "trees.txt"
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


def trees(typed: str) -> list[str]:
    """Return the lines of golden/trees.txt on a statement."""
    found: list[str] = []

    def separated(*args: Any, **options: Any) -> Around:
        around = separate(*args, **options)
        if not around.is_bare:
            found.append(stands(around))
        return around

    def bracketed(resolver: Resolver, sides: list[Node]) -> None:
        put_in_brackets(resolver, sides)
        known = [f"{name} {said(value)}" for name in KNOWN if (value := getattr(resolver, name))]
        found.extend([*[tree(side) for side in sides], *(["; ".join(known)] if known else [])])

    scope = Scope()
    if typed.startswith(DECLARED):
        read_where(WORLD, scope)
    with (
        patch.object(statement, "separate", separated),
        patch.object(resolve, "put_in_brackets", bracketed),
        suppress(Mistake),  # what is refused in the end had trees, too
    ):
        read(typed.removeprefix(DECLARED), scope)
    return list(dict.fromkeys(found))


def wanted() -> dict[str, list[str]]:
    """Return the statements of golden/trees.txt, each with its lines."""
    return said_in(GOLDEN)


if os.environ.get("MCALC_GOLDEN") == "write":
    told = {typed: lines for typed in cases() if (lines := trees(typed))}
    write(GOLDEN, "# What stands around a formula, and the trees of its sides: tests/test_notation_trees.py.", told)


@pytest.mark.parametrize(
    ("typed", "lines"), wanted().items(), ids=lambda value: value[:50] if type(value) is str else ""
)
def test_a_statement_has_the_tree_that_it_had(typed: str, lines: list[str]) -> None:
    assert trees(typed) == lines
