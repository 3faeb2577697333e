"""How the readings of a statement are weighed: golden/weighed.txt, for the statements of golden/readings.txt.

For each it has what is met of the names that nothing declares, the slots in which it is laid out, parts before wholes,
and how odd the least odd reading is, and the next one. `MCALC_GOLDEN=write` writes it anew: look at what has changed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from mcalc.errors import Mistake
from mcalc.expr import Operator
from mcalc.notation import Scope, read, read_where
from mcalc.notation.shapes import doubts
from mcalc.notation.shapes.search import Search
from tests.outline import WORLD
from tests.said import said_in, write
from tests.test_notation_readings import DECLARED, cases

GOLDEN = Path(__file__).parent / "golden" / "weighed.txt"
LETTERS = "SCMR"


def searches(typed: str) -> list[Search]:
    """Return the searches that are made while a statement is read."""
    found: list[Search] = []
    searching = doubts._search

    def noted(*args: Any) -> Search:
        found.append(searching(*args))
        return found[-1]

    scope = Scope()
    if typed.startswith(DECLARED):
        read_where(WORLD, scope)
    with patch.object(doubts, "_search", noted), suppress(Mistake):  # what is refused in the end was weighed, too
        read(typed.removeprefix(DECLARED), scope)
    return found


def said(value: Any) -> str:
    """Return what a signature says, short: the name in place of a row of the table, nothing in place of None."""
    if isinstance(value, tuple):
        return f"({','.join([said(part) for part in value])})"
    return value.name if isinstance(value, Operator) else "" if value is None else str(value)


def met(search: Search) -> str:
    """Return the names that nothing declares, and what stands in them or around them."""
    u = search.slots.unknowns
    each = {"names": u.names, "sizes": u.sizes, "functions": u.functions, "units": sorted(u.units)}
    each |= {name: sorted(getattr(u, name)) for name in ("running", "bare", "whole", "absent", "free", "by")}
    parts = [f"{kind} {' '.join(names)}" for kind, names in each.items() if names]
    return "; ".join([*parts, *[f"{full} of {base}" for full, base in u.elements.items()]])


def laid(search: Search) -> str:
    """Return the slots: a name with the axes that subscripts take, the orders of what is known, or a node."""
    slots, shown = search.slots, []
    leaves = {leaf.slot: f"{leaf.name}{leaf.axes or ''}" for leaf in slots.leaves}
    for slot, ((kind, fixed, labels), table) in enumerate(zip(slots.signatures, slots.tables, strict=True)):
        known = "".join([letter for letter, much in zip(LETTERS, table or (), strict=False) if not much])
        shown.append(leaves.get(slot) or known or f"{kind}{said(fixed) and f'[{said(fixed)}]'}{said(labels)}")
    return " ".join(shown)


def odd(search: Search) -> str:
    """Return how odd the least odd reading is, what names are in it and in the next one, and what they may be."""
    least, best, second = search.two_best()
    may = " ".join([f"{name}:{''.join([LETTERS[o] for o in orders])}" for name, orders in search.allowed.items()])
    shown = [" ".join([f"{name}:{LETTERS[o]}" for name, o in (found or {}).items()]) for found in (best, second)]
    return f"{least} {shown[0]}; then {shown[1] or 'none'}; of {may}"


def weighed(typed: str) -> list[str]:
    """Return the lines of golden/weighed.txt on a statement."""
    return [line for search in searches(typed) for line in (met(search), laid(search), odd(search))]


def wanted() -> dict[str, list[str]]:
    """Return the statements of golden/weighed.txt, each with its lines."""
    return said_in(GOLDEN)


if os.environ.get("MCALC_GOLDEN") == "write":
    told = {typed: lines for typed in cases() if (lines := weighed(typed))}
    head = "# What is met, how it is laid out and how odd its readings are: tests/test_notation_weighed.py."
    write(GOLDEN, head, told)


@pytest.mark.parametrize(
    ("typed", "lines"), wanted().items(), ids=lambda value: value[:50] if type(value) is str else ""
)
def test_a_statement_is_weighed_as_it_was(typed: str, lines: list[str]) -> None:
    assert weighed(typed) == lines
