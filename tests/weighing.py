"""How the readings of a statement are weighed: the lines of golden/weighed.txt, noted while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from mcalc.expr import Operator
from mcalc.notation.shapes import doubts
from mcalc.notation.shapes.search import Search

LETTERS = "SCMR"


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


@contextmanager
def noted() -> Iterator[list[Search]]:
    """Give the searches that are made of what is read meanwhile, of what is plain to see, too: they must see it."""
    found: list[Search] = []
    searching, seeing = doubts._search, doubts._are_numbers
    numbers = False

    def are_numbers(*args: Any) -> bool:
        nonlocal numbers
        numbers = seeing(*args)
        return False

    def search(*args: Any) -> Search:
        found.append(searching(*args))
        if numbers:
            assert found[-1].two_best() == (0, dict.fromkeys(found[-1].allowed, 0), None)
        return found[-1]

    with patch.object(doubts, "_search", search), patch.object(doubts, "_are_numbers", are_numbers):
        yield found


def weighed(found: list[Search]) -> list[str]:
    """Return the lines of golden/weighed.txt on some searches."""
    return [line for search in found for line in (met(search), laid(search), odd(search))]
