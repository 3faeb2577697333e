"""The least oddity of a node at each order, from those of its parts; remembered over all statements.

A table is a tuple of four oddities, one an order, the least of them 0: what they have in common is kept apart, so that
equal sub-expressions have equal tables wherever they stand.
"""

from __future__ import annotations

from functools import lru_cache

from mcalc.notation.shapes.oddities import NEVER, ORDERS
from mcalc.notation.shapes.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Table: TypeAlias = tuple[int, ...]
    Signature: TypeAlias = tuple[str, Any, tuple[Any, ...]]
    Backs: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
    Fold: TypeAlias = tuple[int, Table, tuple[int, ...], Backs]

FREE: Table = (0, 0, 0, 0)
NOTHING: Table = (NEVER, NEVER, NEVER, NEVER)
SHORT = 8
"""A node of up to so many parts is remembered whole; of a longer one, each step is."""


def only(order: int) -> Table:
    """Return the table of what has one order.

    >>> only(1)
    (1000000, 0, 1000000, 1000000)
    """
    return tuple([0 if o == order else NEVER for o in ORDERS])


@lru_cache(maxsize=1 << 15)
def _step(
    kind: str, fixed: Any, label: Any, states: tuple[tuple[Any, int], ...], table: Table
) -> tuple[tuple[tuple[Any, int], ...], int, tuple[tuple[int, int], ...]]:
    """Return the states after one part, what all of them cost, and for each the state before and the part's order."""
    step = RULES[kind].step
    after: dict[Any, tuple[int, int, int]] = {}
    for place, (state, cost) in enumerate(states):
        for order, odd in enumerate(table):
            made = step(fixed, label, state, order) if odd < NEVER else None
            if made is not None:
                total = cost + odd + made[1]
                if made[0] not in after or total < after[made[0]][0]:
                    after[made[0]] = total, place, order
    least = min([total for total, _, _ in after.values()], default=0)
    found = tuple([(state, total - least) for state, (total, _, _) in after.items()])
    return found, least, tuple([(place, order) for _, place, order in after.values()])


def _fold(signature: Signature, tables: tuple[Table, ...]) -> Fold:
    kind, fixed, labels = signature
    rule = RULES[kind]
    states = tuple([(state, 0) for state in rule.start])
    common, backs = 0, []
    for label, table in zip(labels, tables, strict=True):
        states, least, back = _step(kind, fixed, label, states, table)
        common += least
        backs.append(back)
    best, ends = [NEVER] * 4, [-1] * 4
    for place, (state, cost) in enumerate(states):
        made = rule.end(fixed, state)
        if made is not None and cost + made[1] < best[made[0]]:
            best[made[0]], ends[made[0]] = cost + made[1], place
    least = min(best)
    if least >= NEVER:
        return 0, NOTHING, tuple(ends), ()
    table = tuple([NEVER if odd >= NEVER else odd - least for odd in best])
    return common + least, table, tuple(ends), tuple(backs)


_short_fold = lru_cache(maxsize=1 << 15)(_fold)


def fold(signature: Signature, tables: tuple[Table, ...]) -> Fold:
    """Return what a node costs at least, its table, and what :func:`chosen` needs."""
    return (_short_fold if len(tables) <= SHORT else _fold)(signature, tables)


def chosen(found: Fold, order: int) -> list[int]:
    """Return the orders of the parts by which a node has an order at the least oddity."""
    place, orders = found[2][order], []
    for back in reversed(found[3]):
        place, part = back[place]
        orders.append(part)
    return orders[::-1]
