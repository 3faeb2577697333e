"""The best reading of all undeclared names, and the second best: a search over bounds, counted.

The table of a slot treats every occurrence of a name as free: a lower bound. Where the cheapest choice gives each name
one order it is the best reading; else the name whose occurrences disagree is tried with each of its orders, the least
bound first. The runner-up is found likewise, with one name at a time held away from what it is in the best reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from heapq import heappop, heappush

from mcalc.notation.shapes.oddities import ALONE, MARGIN, NEVER, ODDITY, ORDERS, C, M, S
from mcalc.notation.shapes.rules import FREE, Fold, Table, chosen, fold
from mcalc.notation.shapes.slots import ENTRY_OF_WHOLE, Leaf, Slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Orders = dict[str, int]
Allowed = dict[str, tuple[int, ...]]

LARGE = 1500
"""Statements of more slots are settled by one pass, without search."""
STATES = 300
"""The most states that one search looks at."""
NAMES = 12
"""With more names that may have several orders, no runner-up is looked for."""


class Pass:
    """The table of each slot, and what all slots cost at least (`least`; `common` without the roots' own tables)."""

    def __init__(self, tables: list[Table], folds: list[Fold | None], common: int) -> None:
        self.tables = tables
        self.folds = folds
        self.common = common
        self.least = common


def order_there(axes: int, value: int) -> int:
    """Return the order that a name has where subscripts take axes away, of one that has the order `value` by itself."""
    if axes == ENTRY_OF_WHOLE:
        return C if value == M else S
    return value - axes


@cache
def leaf_table(axes: int, charge: Table, allowed: tuple[int, ...]) -> Table:
    """Return the oddity of each order of a name where it stands, of the orders that it may have by itself."""
    table = [NEVER] * 4
    for value in allowed:
        order = order_there(axes, value)
        if 0 <= order < len(table) and value < len(charge):
            table[order] = min(table[order], charge[value])
    return tuple(table)


class Search:
    """The readings of the unknown names of some slots.

    `odd` is the oddity of each name at each order, `allowed` the orders that it may have.
    """

    def __init__(self, slots: Slots, odd: dict[str, Table], allowed: Allowed) -> None:
        self.slots = slots
        self.odd = odd
        self.allowed = allowed
        self.is_large = len(slots.parts) > LARGE
        self.leaves = {leaf.slot: leaf for leaf in slots.leaves}
        self.first: dict[str, int] = {}
        for leaf in slots.leaves:
            self.first.setdefault(leaf.name, leaf.slot)
        self.above = {} if self.is_large else self._ancestors()

    def _ancestors(self) -> dict[str, list[int]]:
        """Return the slots of each name and all slots around them, parts before wholes."""
        parent = {part: slot for slot, parts in enumerate(self.slots.parts) for part in parts}
        found: dict[str, set[int]] = {}
        for leaf in self.slots.leaves:
            met = found.setdefault(leaf.name, set())
            slot: int | None = leaf.slot
            while slot is not None and slot not in met:
                met.add(slot)
                slot = parent.get(slot)
        return {name: sorted(met) for name, met in found.items()}

    def run(
        self, allowed: Allowed, before: Pass | None = None, name: str = "", odd: dict[str, Table] | None = None
    ) -> Pass:
        """Return a pass; one after another in which only `name` may have other orders goes over its slots alone."""
        slots, odd = self.slots, odd or self.odd
        todo: Iterable[int]
        if before is None:
            made, todo = Pass([FREE] * len(slots.parts), [None] * len(slots.parts), 0), range(len(slots.parts))
        else:
            made, todo = Pass(before.tables[:], before.folds[:], before.common), self.above[name]
        tables, folds = made.tables, made.folds
        for slot in todo:
            parts = slots.parts[slot]
            if parts:
                old, found = folds[slot], fold(slots.signatures[slot], tuple([tables[p] for p in parts]))
                made.common += found[0] - (old[0] if old is not None else 0)
                tables[slot], folds[slot] = found[1], found
            else:
                tables[slot] = slots.tables[slot] or self._leaf_table(self.leaves[slot], allowed, odd)
        made.least = made.common + sum([min(self._root_table(root, tables)) for root in slots.roots])
        return made

    def _leaf_table(self, leaf: Leaf, allowed: Allowed, odd: dict[str, Table]) -> Table:
        """Return the oddity of a name where it stands: charged once, but at every place in a large statement."""
        charge = odd[leaf.name] if self.is_large or self.first[leaf.name] == leaf.slot else FREE
        return leaf_table(leaf.axes, charge, allowed[leaf.name])

    def _root_table(self, root: int, tables: list[Table]) -> Table:
        """Return a table with the oddity of a function that is no scalar; of a derivative the body was charged."""
        if self.slots.signatures[root][0] == "derivative":
            return tables[root]
        return tuple([odd + alone for odd, alone in zip(tables[root], ALONE, strict=True)])

    def wanted(self, made: Pass) -> dict[int, int]:
        """Return the order of each slot in the cheapest choice."""
        found: dict[int, int] = {}
        for root in self.slots.roots:
            table = self._root_table(root, made.tables)
            found[root] = min(ORDERS, key=table.__getitem__)
        for slot in range(len(self.slots.parts) - 1, -1, -1):
            parts, fold_ = self.slots.parts[slot], made.folds[slot]
            if fold_ is not None and slot in found:
                found.update(zip(parts, chosen(fold_, found[slot]), strict=True))
        return found

    def _values(self, allowed: Allowed, made: Pass) -> tuple[Orders, str]:
        """Return the order of each name in the cheapest choice, and the first name whose occurrences disagree."""
        wanted = self.wanted(made)
        values: dict[str, set[int]] = {}
        for leaf in self.slots.leaves:
            order = wanted[leaf.slot]
            fitting = {v for v in allowed[leaf.name] if order_there(leaf.axes, v) == order}
            values[leaf.name] = values[leaf.name] & fitting if leaf.name in values else fitting
        torn = next((name for name, fitting in values.items() if not fitting), "")
        least = {n: min(values.get(n) or may, key=self.odd[n].__getitem__) for n, may in allowed.items()}
        return least, torn

    def best(self, allowed: Allowed, below: int, base: Pass | None = None, name: str = "") -> tuple[int, Orders | None]:
        """Return the reading of least oddity, where that is below a bound, and its oddity."""
        made = base if base is not None and not name else self.run(allowed, base, name)
        heap: list[Any] = [(made.least, 0, allowed, made)]
        count = 0
        while heap and count < STATES:
            least, _, allowed, made = heappop(heap)
            if least >= below:
                break
            orders, torn = self._values(allowed, made)
            if not torn:
                return least, orders
            for value in allowed[torn]:
                count += 1
                held = {**allowed, torn: (value,)}
                inner = self.run(held, made, torn)
                if inner.least < below:
                    heappush(heap, (inner.least, count, held, inner))
        return NEVER, None

    def scalars(self) -> tuple[int, Orders]:
        """Return the reading without any vector but those that an index runs through.

        In it x, w and y are no odd scalars.
        """
        axes = {leaf.name: leaf.axes for leaf in self.slots.leaves if leaf.axes > 0}
        orders = {name: may[0] if S not in may else axes.get(name, S) for name, may in self.allowed.items()}
        if any([order and name not in axes for name, order in orders.items()]):
            return NEVER, orders
        odd = {name: self.odd[name] if name[0].isupper() else FREE for name in orders}
        made = self.run({name: (order,) for name, order in orders.items()}, odd=odd)
        only = all([made.tables[root][S] < NEVER for root in self.slots.roots])
        return made.least if only else NEVER, orders

    def votes(self, made: Pass) -> Orders:
        """Settle a large statement by one pass: a name has the order that most of its occurrences take."""
        wanted = self.wanted(made)
        votes: dict[str, dict[int, int]] = {name: {} for name in self.allowed}
        for leaf in self.slots.leaves:
            own = votes[leaf.name]
            for value in [v for v in self.allowed[leaf.name] if order_there(leaf.axes, v) == wanted[leaf.slot]]:
                own[value] = own.get(value, 0) + 1
        return {name: max(own or self.allowed[name], key=lambda v: own.get(v, 0)) for name, own in votes.items()}

    def two_best(self) -> tuple[int, Orders | None, Orders | None]:
        """Return the least oddity, the reading that has it, and the runner-up as far as it comes within the margin."""
        none, scalars = self.scalars()
        if not none:
            return none, scalars, None
        tensors = ODDITY["tensors at all"]
        if self.is_large:
            made = self.run(self.allowed)
            if made.least >= NEVER:
                return NEVER, None, None
            orders = self.votes(made)
            least = self.run({name: (order,) for name, order in orders.items()}).least + tensors
            return (none, scalars, None) if none <= least else (least, orders, None)
        base = self.run(self.allowed)
        least, found = self.best(self.allowed, NEVER, base)
        least += tensors
        if none <= least:
            least, found = none, scalars
        if found is None or least >= NEVER:
            return NEVER, None, None
        below, second = least + MARGIN, None
        by = self.slots.unknowns.by
        free = [name for name, may in self.allowed.items() if len(may) > 1 and name in self.first]
        free.sort(key=lambda name: name not in by)
        others = [(name, order) for name in free for order in self.allowed[name] if order != found[name]]
        for name, order in others if len(free) <= NAMES else ():
            total, other = self.best({**self.allowed, name: (order,)}, below - tensors, base, name)
            if other is not None:
                below, second = total + tensors, other
                if name in by:
                    break  # no answer is the same by a variable of another order
        if least < none < below and any(found.values()):
            second = scalars
        return least, found, second
