"""What a statement did to the names of a session, so that it can be undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.notation import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = ("variables", "sizes", "definitions", "functions", "maps", "origins", "outdated", "made_with")
Items = list[tuple[str, Any]]


class ScopeChange:
    """The difference between two scopes, in both directions; the order of the names is part of it.

    >>> from mcalc.notation import read
    >>> before = read("x: R^n", Scope()).scope
    >>> after = read("y = x · x", before).scope
    >>> change = ScopeChange(before, after)
    >>> sorted(change.undone(after).names()), sorted(change.done(before).names()), change.size
    (['n', 'x'], ['n', 'x', 'y'], 2)
    """

    __slots__ = ("_tables",)

    def __init__(self, before: Scope, after: Scope) -> None:
        self._tables: tuple[tuple[str, int, Items, Items], ...] = ()
        if before is after:
            return
        found = []
        for table in TABLES:
            old, new = list(getattr(before, table).items()), list(getattr(after, table).items())
            kept = _common(old, new)
            if kept < len(old) or kept < len(new):
                found.append((table, kept, old[kept:], new[kept:]))
        self._tables = tuple(found)

    @property
    def size(self) -> int:
        """How many names it holds."""
        return sum([len(old) + len(new) for _, _, old, new in self._tables])

    def undone(self, scope: Scope) -> Scope:
        """Return the scope before the statement, from the one after it."""
        return self._put(scope, is_done=False)

    def done(self, scope: Scope) -> Scope:
        """Return the scope after the statement, from the one before it."""
        return self._put(scope, is_done=True)

    def _put(self, scope: Scope, *, is_done: bool) -> Scope:
        if not self._tables:
            return scope
        other = scope.copy()
        for table, kept, old, new in self._tables:
            items = list(getattr(scope, table).items())
            setattr(other, table, dict(items[:kept] + (new if is_done else old)))
        return other


def _common(old: Sequence[Any], new: Sequence[Any]) -> int:
    """Return how many items two lists begin with alike; a list that only grew is told at once."""
    low, high = 0, min(len(old), len(new))
    if old[:high] == new[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
