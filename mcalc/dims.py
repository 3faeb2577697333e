"""Sizes of axes, which may have names, and the table of what is made once, however many threads make it."""

from __future__ import annotations

import os
from _thread import RLock  # that of threading, without what else that module loads at each start
from _weakref import _remove_dead_weakref, ref  # type: ignore[attr-defined] # as above, those of weakref
from collections.abc import Callable, Iterable

from mcalc.limits import WORK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")

Shape = tuple["Dim", ...]
Monomial = tuple[str, ...]


class _Entry(ref):  # type: ignore[type-arg]
    __slots__ = ("key",)
    key: Any


class Table:
    """What is made once for a key, kept as long as anything else holds it.

    A `WeakValueDictionary` would be this, and take twice as long to look something up: ``entry(key)`` is a weak
    reference, or None.

    >>> table = Table()
    >>> kept = table.interned("the set", {1, 2})
    >>> table.interned("the set", {3, 4}) is kept
    True
    >>> del kept
    >>> table.entry("the set") is None
    True
    """

    __slots__ = ("_drop", "_entries", "entry")
    lock = RLock()
    """The one lock of a process, for all tables."""

    def __init__(self) -> None:
        entries: dict[Any, _Entry] = {}
        self.entry = entries.get
        self._entries = entries

        def drop(entry: _Entry, remove: Callable[[Any, Any], None] = _remove_dead_weakref) -> None:
            remove(entries, entry.key)

        self._drop = drop

    def interned(self, key: Any, made: T) -> T:
        """Return what stands under a key, or put there what was `made`; all threads get the same object."""
        entry = _Entry(made, self._drop)
        entry.key = key
        standing = self._entries.setdefault(key, entry)
        if standing is entry:
            return made
        with Table.lock:  # another thread was first, or what stood there has just gone
            standing = self._entries.get(key, entry)
            found: T | None = standing()
            if found is None or standing is entry:
                self._entries[key] = entry
                found = made
        return found


def _renew() -> None:
    """Take a new lock in a child process, in which no other thread is there to release the old one."""
    Table.lock = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


class Dim:
    """The size of an axis: a polynomial with integer coefficients in named sizes, such as ``3``, ``n`` or ``n + 1``.

    Interned, so equal sizes are the same object. `value` is the number it is, or None where it has a name in it, and
    `names` are the named sizes in it, in alphabetical order.

    >>> n = Dim.named("n")
    >>> (n + 1) - 1 is n, str(n + 1), (n * n).names
    (True, 'n + 1', ('n',))
    """

    __slots__ = ("__weakref__", "names", "terms", "value")
    _table = Table()
    terms: tuple[tuple[Monomial, int], ...]
    names: tuple[str, ...]
    value: int | None

    def __new__(cls, terms: Iterable[tuple[Monomial, int]]) -> Dim:
        """Return the size with these (monomial, coefficient) terms; zero coefficients vanish."""
        key = tuple(sorted([(m, c) for m, c in terms if c]))
        entry = cls._table.entry(key)
        found: Dim | None = None if entry is None else entry()
        if found is None:
            found = object.__new__(cls)
            found.terms = key
            found.names = tuple(sorted({name for monomial, _ in key for name in monomial}))
            found.value = None if found.names else key[0][1] if key else 0
            return cls._table.interned(key, found)
        return found

    @staticmethod
    def of(value: int) -> Dim:
        """Return the size that is a number."""
        return Dim([((), value)])

    @staticmethod
    def named(name: str) -> Dim:
        """Return the size called `name`."""
        return Dim([((name,), 1)])

    def __add__(self, other: Dim | int) -> Dim:
        total = dict(self.terms)
        for monomial, c in (other if isinstance(other, Dim) else Dim.of(other)).terms:
            total[monomial] = total.get(monomial, 0) + c
        return Dim(total.items())

    def __sub__(self, other: Dim | int) -> Dim:
        return self + (other if isinstance(other, Dim) else Dim.of(other)) * -1

    def __mul__(self, other: Dim | int) -> Dim:
        total: dict[Monomial, int] = {}
        for m1, c1 in self.terms:
            for m2, c2 in (other if isinstance(other, Dim) else Dim.of(other)).terms:
                m = tuple(sorted(m1 + m2))
                WORK.spend(len(m))  # kron(A, kron(A, ...)) has sizes as long as it is
                total[m] = total.get(m, 0) + c1 * c2
        return Dim(total.items())

    @property
    def least(self) -> int | None:
        """The least number this size can be, where each name in it is at least 1; None where it may be any."""
        if any([monomial and c < 0 for monomial, c in self.terms]):
            return None
        return sum([c for _, c in self.terms])

    def at(self, value: Callable[[str], int]) -> int:
        """Return the number that it comes to, given the value of each of its names.

        >>> (Dim.named("n") * 2 + 1).at({"n": 3}.__getitem__)
        7
        """
        total = 0
        for monomial, coefficient in self.terms:
            part = coefficient
            for name in monomial:
                part *= value(name)
            total += part
        return total

    def substitute(self, sizes: dict[str, Dim]) -> Dim:
        """Return this size with some of its names replaced."""
        if sizes.keys().isdisjoint(self.names):
            return self
        total = Dim.of(0)
        for monomial, c in self.terms:
            part = Dim.of(c)
            for name in monomial:
                part = part * sizes.get(name, Dim.named(name))
            total = total + part
        return total

    def __str__(self) -> str:
        parts: list[str] = []
        for monomial, c in sorted(self.terms, key=lambda term: (not term[0], term[0])):
            name = " ".join(monomial)
            size = f"{abs(c)} {name}" if name and abs(c) != 1 else name or str(abs(c))
            sign = "-" if c < 0 else "+"
            parts.append(size if not parts and c > 0 else f"-{size}" if not parts else f"{sign} {size}")
        return " ".join(parts) or "0"

    def __repr__(self) -> str:
        return f"Dim({self})"


def shape_text(shape: Shape) -> str:
    """Return a shape in words of the paper: ``scalar``, ``vector of n``, ``matrix m×n``.

    >>> shape_text((Dim.named("m"), Dim.named("n")))
    'matrix m×n'
    """
    if not shape:
        return "scalar"
    sizes = "×".join(f"({d})" if " " in str(d) else str(d) for d in shape) if len(shape) > 1 else str(shape[0])
    return {1: "vector of ", 2: "matrix "}.get(len(shape), f"tensor of {len(shape)} axes, ") + sizes
