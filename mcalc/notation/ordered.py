"""Sums and products over indices in order: ``i < j``, ``1 ≤ i < j ≤ n``, ``j < i`` inside a sum over i."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.limits import limit
from mcalc.notation.words import plain_name

if TYPE_CHECKING:
    from mcalc.notation.syntax import Node

_SIGNS = re.compile(r"(<=|>=|[<>≤≥⩽⩾])")


class Ordered:
    """Indices in increasing order, how far each is at least from the one before, and the limits of all."""

    __slots__ = ("gaps", "high", "low", "names")

    def __init__(self, names: list[str], gaps: list[int], low: Node | None, high: Node | None) -> None:
        self.names = names
        self.gaps = gaps
        self.low = low
        self.high = high

    def after(self, name: str, at: tuple[int, int]) -> Node:
        """Return the least value of the index that follows `name`."""
        return limit(f"{name}+1" if self.gaps[self.names.index(name)] else name, *at)

    def before(self, name: str, at: tuple[int, int]) -> Node:
        """Return the greatest value of the index that `name` follows."""
        return limit(f"{name}-1" if self.gaps[self.names.index(name) - 1] else name, *at)


def ordered(text: str, start: int, end: int) -> Ordered | None:
    """Return what a comparison below a big operator says; None where the text is none.

    >>> found = ordered("1≤i<j≤n", 0, 7)
    >>> found.names, found.gaps
    (['i', 'j'], [1])
    """
    parts = [part.strip() for part in _SIGNS.split(text)]
    terms, signs = parts[::2], parts[1::2]
    if not signs:
        return None
    down = [sign[0] in ">≥⩾" for sign in signs]
    if all(down):
        terms, signs = terms[::-1], signs[::-1]
    gaps = [int(sign in "<>") for sign in signs]
    low = high = None
    if terms and not _is_index(terms[0]) and len(terms) > 1:
        low = limit(f"{terms[0]}+1" if gaps[0] else terms[0], start, end)
        terms, gaps = terms[1:], gaps[1:]
    if len(terms) > 1 and (low is not None or not _is_index(terms[-1])):
        high = limit(f"{terms[-1]}-1" if gaps[-1] else terms[-1], start, end)
        terms, gaps = terms[:-1], gaps[:-1]
    wrong = any(down) and not all(down)
    if (
        wrong
        or not all([_is_index(term) for term in terms])
        or len({*terms}) < len(terms)
        or (low is None and len(terms) > 2)
    ):
        raise Mistake(
            "E-UNSUPPORTED",
            "a sum over this condition is not read",
            [Span(start, end, "which values?")],
            hint="the indices may be ordered, as in sum_{i < j} and sum_{1 <= i < j <= n}",
        )
    return Ordered([plain_name(term) for term in terms], gaps, low, high)


def _is_index(term: str) -> bool:
    return len(term) == 1 and term.isalpha()
