"""What undeclared names are taken for, and what is refused: a reading that is too odd, and two that are alike."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake, clip
from mcalc.notation.names.scope import Scope
from mcalc.notation.shapes.oddities import (
    MATRIX_LETTERS,
    NEVER,
    ODD_NAME,
    ODD_NODE,
    ODDITY,
    ORDERS,
    TRACED,
    C,
    M,
    R,
    S,
    of_function,
    of_name,
)
from mcalc.notation.shapes.rules import FREE
from mcalc.notation.shapes.search import Orders, Search
from mcalc.notation.shapes.slots import Slots
from mcalc.notation.shapes.unknowns import Unknowns, all_declared
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, derived_by, walk_trees
from mcalc.operators import FUNCTIONS

KINDS = ("a number", "a vector", "a matrix", "a row")
EACH = ("", "numbers", "vectors", "matrices")
"""What entries are, of a name through which an index runs, by its number of axes."""
SAMPLES = "a name stands beside one of its entries: are these samples? they need a letter of their own, as s_i"
NUMERIC = frozenset(("number", "sum", "negative", "group"))
"""Kinds of nodes that numbers stand in as well as all else."""
PLAIN_SIGNS = frozenset(("", "*", "/"))
"""Signs between factors that are no odder between numbers than elsewhere."""
TWO_READINGS = frozenset(("exp", "ln", "sqrt"))
"""Functions that of a matrix are as often meant otherwise than entry by entry."""
ROWS_WRITTEN = frozenset(("transpose", "product"))
"""What makes a row that is written as one, and no derivative."""


class Shapes:
    """What undeclared names are: `orders` of variables, and `sizes`; `other` orders that are about as likely.

    `units` are names that as vectors are unit vectors, `rows` those that are rows, `running` those through which an
    index runs. `doubt` is what is to be raised once nothing else is wrong with the statement: always, where there are
    no `other` orders, else where the answer by them is another. Its hint is filled in when the sizes are known.
    """

    def __init__(
        self, orders: Orders, sizes: Sequence[str], doubt: Mistake | None = None, other: Orders | None = None
    ) -> None:
        self.orders = orders
        self.sizes = sizes
        self.doubt = doubt
        self.other = other
        self.units: frozenset[str] = frozenset()
        self.running: frozenset[str] = frozenset()

    @property
    def rows(self) -> frozenset[str]:
        """The names that are rows: of three axes are only those through which an index runs."""
        return frozenset([name for name, order in self.orders.items() if order == R and name not in self.running])

    def by(self, orders: Orders) -> Shapes:
        """Return the same with other orders."""
        found = Shapes(orders, self.sizes, self.doubt, self.other)
        found.units, found.running = self.units, self.running
        return found


def undeclared(
    roots: Sequence[Node], scope: Scope, fonts: dict[str, int], wrt: Sequence[Name], known: Orders | None = None,
    free: Sequence[str] = (),
) -> Shapes | None:  # fmt: skip
    """Return what the names of some syntax trees are that nothing declares; None where all are declared.

    `fonts` are the orders that bold letters hint at, `wrt` further names, `known` the orders that some names have,
    `free` the indices that nothing binds.
    """
    if not scope.beside and all_declared(roots, scope, wrt):
        return None
    unknowns = Unknowns(roots, scope, wrt, free)
    sizes = list(unknowns.sizes)
    if unknowns.euler is not None and "e" in unknowns.names:
        raise refusal(
            unknowns.euler, "e is Euler's number here, and a variable elsewhere", "write exp(x), or rename the variable"
        )
    if not unknowns.names:
        return Shapes({}, sizes) if sizes else None
    hinted = {**scope.orders, **(known or {})}
    if _are_numbers(roots, unknowns, {*hinted, *fonts}):
        return Shapes(dict.fromkeys(unknowns.names, S), sizes)
    search = _search(roots, unknowns, fonts, hinted)
    found = _least_odd(search, unknowns, roots[0], sure=bool(scope.variables or scope.definitions))
    names = [node.value for node in walk_trees(roots) if node.kind == "name"] if found.orders.get("e") == M else []
    below = [name.sub for name in names if name.base == "e" and len(name.sub or "") == 1]  # of e_ij it is an entry
    if below and "e" not in unknowns.bare and "e" not in scope.orders:
        said = "e_i may be the unit vectors, or one vector for each i"
        raise refusal(roots[0], said, "unit(i, n) is a unit vector; for one vector for each i declare e: R^{m x n}")
    found.units, found.running = unknowns.units, frozenset(unknowns.running)
    return found


def _are_numbers(roots: Sequence[Node], unknowns: Unknowns, hinted: set[str]) -> bool:
    """Say whether it is plain to see that all names are numbers: there is no capital, and nothing marks a vector."""
    names = unknowns.names
    if unknowns.euler is not None or any([n[0].isupper() or "_" in n or n in hinted for n in names]):
        return False
    stack = [*roots]
    while stack:
        node = stack.pop()
        kind, value = node.kind, node.value
        if kind == "name":
            plain = value.full in names
        elif kind == "product":
            plain = all([token.text in PLAIN_SIGNS for token in value])
        elif kind == "call" and type(value) is Name:
            row = FUNCTIONS.get(value.full)
            of_one = row is not None and row.kind == "elementwise" and row.arity == (1, 1) and len(node.parts) == 1
            plain = of_one and value.full not in unknowns.scope.functions
        elif kind == "derivative":
            plain = all([name.full in names for name in derived_by(node)])
        else:
            plain = kind in NUMERIC or (kind == "power" and value != ".^")
        if not plain:
            return False
        stack += node.parts
    return True


def _least_odd(search: Search, unknowns: Unknowns, root: Node, *, sure: bool) -> Shapes:
    """Return the least odd reading, and what is to be said of it; where something is declared, it is never too odd."""
    sizes = list(unknowns.sizes)
    least, best, second = search.two_best()
    if best is None:
        cheapest = {n: min(may, key=search.odd[n].__getitem__) for n, may in search.allowed.items()}
        return Shapes(settled(unknowns, cheapest), sizes, refusal(root, "no reading of this is without contradiction"))
    orders = settled(unknowns, best)
    if not sure and (quantity := _quantity(search, unknowns, best)):
        said = f"this has two readings: {clip(quantity)} may be a matrix or a number"
        return Shapes(orders, sizes, refusal(root, said), settled(unknowns, dict.fromkeys(best, S)))
    if (least >= ODD_NAME or R in orders.values()) and not sure:
        odd = _too_odd(search, best, root)
        odd = odd and (_beside_samples(search) or odd)
        if odd is not None:
            return Shapes(orders, sizes, odd)
    if second is None:
        return Shapes(orders, sizes)
    other = settled(unknowns, second)
    name = next((n for n in orders if other.get(n) != orders[n]), None)
    if name is None:
        return Shapes(orders, sizes)
    if name in unknowns.running and orders[name] and other[name]:
        said = f"this has two readings: the entries of {clip(name)} may be {EACH[orders[name]]} or {EACH[other[name]]}"
    else:
        said = f"this has two readings: {_shown(name)} may be {KINDS[orders[name]]} or {KINDS[other[name]]}"
    return Shapes(orders, sizes, refusal(root, said), other)


def _quantity(search: Search, unknowns: Unknowns, best: Orders) -> str:
    """Return a name that only its capital makes a matrix, H - T S by T, V_0 e^{-k T} by k: these may be quantities.

    Letters that are matrices to all, where they are not random, and whatever is written of matrices or vectors alone,
    tell more than a capital.
    """
    sure = [name for name in best if name[:1] in MATRIX_LETTERS and name not in unknowns.random]
    if sure or any([order not in (S, M) or name[-1:] == "(" for name, order in best.items()]):
        return ""
    name = next((n for n in sorted(best, key=lambda n: n not in unknowns.by) if best[n] == M), "")
    if not name or any([S not in search.allowed[n] for n in best]):
        return ""
    numbers = search.run(dict.fromkeys(best, (S,)))
    return name if numbers.least == sum([search.odd[n][S] for n in best]) else ""


def _search(roots: Sequence[Node], unknowns: Unknowns, fonts: dict[str, int], known: Orders) -> Search:
    """Return the search for the names of some syntax trees: how odd each order of each is, and which it may have."""
    slots = Slots(roots, unknowns)
    axes: dict[str, int] = {}
    for leaf in slots.leaves:
        axes[leaf.name] = max(axes.get(leaf.name, 0), leaf.axes)
    odd = {
        name: of_function(name) if name[-1] == "(" else of_name(name, axes.get(name, 0), name in unknowns.bare)
        for name in unknowns.names
    }
    odd |= dict.fromkeys(unknowns.traced & odd.keys(), TRACED)
    odd |= dict.fromkeys(unknowns.turning & odd.keys(), of_name("t", 0, whole=True))
    allowed: dict[str, tuple[int, ...]] = {}
    own = set(unknowns.elements.values()) - unknowns.bare
    for name in unknowns.names:
        hint = known.get(name, fonts.get(name.rstrip("(")))
        if hint is not None:
            bold = hint == C and name not in known
            odd[name] = (NEVER, 0, 0 if name[0].isupper() else ODDITY["small matrix"], NEVER) if bold else FREE
            allowed[name] = (C, M) if bold else (min(hint, M),)
        elif name not in axes or name in unknowns.absent:
            allowed[name] = (S,)
        else:
            allowed[name] = (C, M) if name in own else tuple([o for o in ORDERS if odd[name][o] < NEVER])
    return Search(slots, odd, allowed)


def settled(unknowns: Unknowns, orders: Orders) -> Orders:
    """Return the orders of names with those such as x_1 made names of their own where x is no vector."""
    found = dict(orders)
    for full, base in unknowns.elements.items():
        if not found[base] and base in unknowns.bare:
            found[full] = S
        else:
            found[base] = found[base] or C
    return found


def _too_odd(search: Search, best: Orders, root: Node) -> Mistake | None:
    """Return the refusal of a reading, the least odd though it is, in which one name or node is too odd."""
    for name, order in best.items():
        each = name in search.slots.unknowns.running
        if search.odd[name][order] >= ODD_NAME or (order == R and not each):
            kind = f"the entries of {clip(name)} would have to be {EACH[order]}"
            return refusal(root, kind if each else f"{_shown(name)} would have to be {KINDS[order]}")
    made = search.run({name: (order,) for name, order in best.items()})
    wanted = search.wanted(made)
    for slot, order in wanted.items():
        found, node = made.folds[slot], search.slots.nodes[slot]
        if found is None or node is None:
            continue
        own = found[0] + found[1][order] - sum([made.tables[p][wanted[p]] for p in search.slots.parts[slot]])
        kind, fixed, _ = search.slots.signatures[slot]
        if kind == "call" and order == M and fixed[1] in TWO_READINGS and not fixed[2]:
            return refusal(node, f"{fixed[1]} of a matrix may be meant entry by entry or not")
        rows = [search.slots.signatures[p][0] for p in search.slots.parts[slot] if wanted[p] == R]
        spread = kind == "sum" and not ROWS_WRITTEN.isdisjoint(rows)
        if own >= (ODDITY["scalar added"] if spread else ODD_NODE):  # xᵀx + xᵀ
            u = search.slots.unknowns  # q · k_i / τ beside q · k: k_i is none of its entries
            both = any([best[name] == C for name in u.running & u.bare & best.keys()])
            return refusal(node, SAMPLES if both else "this would be odd to write: what are the names in it?")
    return None


def _beside_samples(search: Search) -> Mistake | None:
    """Return the refusal of x - x_i where it is too odd for x_i to be an entry of x: it is a sample to its writer."""
    for node, (_, _, labels) in zip(search.slots.nodes, search.slots.signatures, strict=True):
        if node is not None and ODDITY["entry of the same"] in labels:
            return refusal(node, SAMPLES)
    return None


def _shown(name: str) -> str:
    return f"{clip(name[:-1])}(...)" if name[-1] == "(" else clip(name)


def refusal(node: Node, said: str, hint: str = "") -> Mistake:
    """Return the mistake of a statement whose names could not be settled."""
    return mistake_at("E-AMBIG", said, node, "", hint)
