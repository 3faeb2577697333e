"""What undeclared names are: scalars, unless something they are used with says that they are vectors or matrices.

The rules are those of the notation (4.24): names used with ``·``, ``⊗``, `sum`, `diag`, a matrix, or indexed by a
running index are vectors, capitals used as matrices are matrices, all else are scalars. Orders are spread over the
syntax tree, bottom up and top down, until nothing changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.along import along
from mcalc.notation.big_signs import Big
from mcalc.notation.limits import is_multiple, read_limit
from mcalc.notation.orders import least_order, order_of, row_of
from mcalc.notation.syntax import Name, Node, walk_syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from mcalc.notation.scope import Function, Scope

ROW = 3
"""The order of a row in these rules; 0 is a scalar, 1 a column, 2 a matrix, None not known."""
ROUNDS = 8
SIZED = frozenset(["I", "eye", "ones", "zeros", "unit", "δ"])


class Inference:
    """The names of a syntax tree that nothing declares, and their orders as far as they are known."""

    __slots__ = (
        "bare",
        "changed",
        "elements",
        "known",
        "nodes",
        "orders",
        "running",
        "scope",
        "sizes",
        "weak",
        "whole",
    )

    def __init__(
        self, roots: list[Node], scope: Scope, known: Container[str], hints: dict[str, int], wrt: list[Name]
    ) -> None:
        """Collect the names; `known` are parameters, `hints` orders that bold letters say, `wrt` further names."""
        self.scope = scope
        self.known = known
        self.orders: dict[str, int | None] = {}
        self.sizes: dict[str, None] = {}
        self.elements: dict[str, str] = {}
        self.bare: set[str] = set()
        self.running: set[str] = set()
        self.weak = False
        self.nodes: list[tuple[Node, frozenset[str]]] = []
        self.whole: set[str] = {n.base for n in wrt if n.sub is None}
        self.changed = False
        for root in roots:
            self._collect(root)
        for name in wrt:
            self._meet(name, frozenset())
        for letter, order in hints.items():
            if letter in self.orders:
                self.orders[letter] = order

    def _collect(self, root: Node) -> None:
        """List all nodes with the running indices around them, and the names that mean nothing yet."""
        stack: list[tuple[Node, frozenset[str]]] = [(root, frozenset())]
        bodies: list[Function] = []
        meant: Callable[[str], Function | None] = self.scope.functions.get
        pending: list[tuple[Name, frozenset[str]]] = []
        called: set[Function] = set()
        while stack or bodies:
            if not stack:
                function = bodies.pop()
                stack.append((function.body, frozenset(function.parameters)))
                meant = function.function
            node, inside = stack.pop()
            self.nodes.append((node, inside))
            kind = node.kind
            if kind == "name":
                pending.append((node.value, inside))
                if node.value.sub is None:
                    self.whole.add(node.value.base)
                    self.bare.add(node.value.base)
                continue
            if kind == "big":
                big: Big = node.value
                if big.upper is not None:
                    self._limit(big.upper, inside)
                inside = inside | {name for name, _, _ in big.indices}
            elif kind in ("derivative", "quotient"):
                for group in node.value:
                    for name, _, _ in group:
                        pending.append((name, inside))
                        if name.sub is None:
                            self.whole.add(name.base)
            elif kind == "subscript" and node.parts[0].kind == "block" and not node.value.isdecimal():
                inside = (
                    inside
                    | set(node.value.replace(",", ""))
                    | {name for n in walk_syntax(node) if n.kind == "big" for name, _, _ in n.value.indices}
                )
            elif kind == "slice":
                for part in node.value:
                    for limit in part.limits if part.is_range else ():
                        self._limit(limit, inside)
            elif kind == "call":
                full = node.value.full
                if along(node) and not self._is_known(node.parts[1].value.full):
                    stack.append((node.parts[0], inside))
                    continue
                if full in SIZED:
                    for part in node.parts[1:] if full == "unit" else node.parts:
                        self._limit(part, inside)
                    if full != "unit":
                        continue
                called_here = meant(full)
                if called_here is not None and called_here not in called:
                    called.add(called_here)
                    bodies.append(called_here)
            elif kind in ("power", "superscript") and self._is_euler(node.parts[0]):
                stack.append((node.parts[1], inside))
                continue
            stack.extend([(part, inside) for part in reversed(node.parts)])
        self.running.update([name.base for name, inside in pending if self.indexed(name, inside) is not None])
        for name, inside in pending:
            self._meet(name, inside)

    def _is_euler(self, base: Node) -> bool:
        """Say whether the base of a power is Euler's number: e where nothing of that name is known."""
        return base.kind == "name" and base.value.full == "e" and not self._is_known("e")

    def _limit(self, limit: Node, inside: frozenset[str]) -> None:
        """Names that stand in limits are sizes where nothing else declares them."""
        for node in walk_syntax(limit):
            if node.kind == "name":
                name = node.value.full
                if name not in inside and not self._is_known(name):
                    self.sizes.setdefault(name)
            elif node.kind == "bars":
                self._meet(node.parts[0].value, inside)
                self.orders[node.parts[0].value.full] = 1
                break

    def _is_known(self, name: str) -> bool:
        scope = self.scope
        return (
            name in scope.variables
            or name in scope.definitions
            or name in scope.sizes
            or name in scope.functions
            or name in self.known
        )

    def _meet(self, name: Name, inside: frozenset[str]) -> None:
        """Note an unknown name: the whole of it, or its base where the subscript is an index."""
        full = name.full
        if full in inside or full in self.orders or full in self.sizes or self._is_known(full):
            return
        if name.sub is None:
            if full not in ("π", "I"):
                self.orders[full] = None
            return
        base = name.base
        if "_" in base and self._is_known(base.partition("_")[0]):
            # x_1_2 of a vector x is no name of its own
            return
        if base == "δ" and len(name.sub) == 2 and inside.issuperset(name.sub):
            return
        if self._is_known(base) or self._sample(base):
            return
        if name.sub.isdecimal() and (base in self.whole or base in self.scope.orders):
            # an element of x, if x turns out to be a vector
            self.elements[full] = base
            self.orders.setdefault(base, None)
            return
        if len(name.sub) > 2 and name.sub.isalpha() and self.indexed(name, inside) is None:
            # x_star beside x: a word is part of the name
            self.orders[full] = None
            return
        if base in self.orders or base in self.running:
            # ∂/∂x_i Σ_i x_i²: what has a running index somewhere is no name of its own elsewhere
            self.orders.setdefault(base, None)
            return
        if len(name.sub) == 2 and name.sub.isalpha() and not inside.isdisjoint(name.sub):
            # Σ_k w_hk x_k: h is an index that no sum binds, unless w_hk is declared
            self.orders.setdefault(base, None)
            return
        self.orders[full] = None

    def _sample(self, base: str) -> bool:
        """Say whether a name is the row of a declared matrix: x_i of X."""
        matrix = self.scope.variables.get(base.upper()) if len(base) == 1 and base.islower() else None
        return matrix is not None and matrix.order == 2

    def indexed(self, name: Name, inside: frozenset[str]) -> int | None:
        """Return how many subscripts a name has, where they are running indices or sums with them; else None."""
        sub = name.sub or ""
        if not sub or not inside:
            return None
        if sub in inside:
            return 1
        parts = sub.split(",")
        vector = is_multiple(sub) and name.base[:1].islower()
        if len(parts) == 1 and len(sub) > 1 and sub.isalnum() and not vector:
            return (
                len(sub)
                if all([c in inside or c.isdecimal() for c in sub]) and any([c in inside for c in sub])
                else None
            )
        found = False
        for part in parts:
            tree = read_limit(part, 0, 0)
            if tree is None:
                return None
            found = found or any([n.kind == "name" and n.value.full in inside for n in walk_syntax(tree)])
        return len(parts) if found else None

    def run(self) -> dict[str, int]:
        """Return the order of each unknown name."""
        backwards = self.nodes[::-1]
        for _ in range(ROUNDS):
            self.changed = False
            known: dict[int, int | None] = {}
            for node, inside in backwards:
                known[id(node)] = self._up(node, inside, known)
            for node, inside in self.nodes:
                self._down(node, inside, known)
            if not self.changed:
                # What a product of unknown factors must be says little of each; it is asked last.
                if self.weak:
                    break
                self.weak = True
        for full, base in self.elements.items():
            if not self.orders[base] and base in self.bare:
                self.orders[full] = 0
            else:
                self.orders[base] = self.orders[base] or 1
        return {name: order or 0 for name, order in self.orders.items()}

    def _up(self, node: Node, inside: frozenset[str], known: dict[int, int | None]) -> int | None:
        """Return the order of a node as far as its parts say."""
        kind = node.kind
        if kind == "name":
            return self._name(node.value, inside)
        parts = [known.get(id(p), 0) for p in node.parts]
        if kind in ("number", "bars", "norm", "angle"):
            return 0
        if kind == "constant":
            return 1
        if kind == "product":
            return self._product(node, parts)
        if kind == "transpose":
            return {1: ROW, ROW: 1}.get(parts[0] or 0, parts[0])
        if kind == "call":
            return self._call(node, parts)
        if kind == "block":
            rows = node.value
            return ROW if len(rows) == 1 else 1 if max(rows) == 1 and not any([p in (2, ROW) for p in parts]) else 2
        if kind == "subscript":
            return None if not node.value.isdecimal() else 0
        if kind == "slice":
            return len([part for part in node.value if part.is_range])
        if kind in ("derivative", "quotient"):
            return None
        if kind == "cases":
            return max([p or 0 for p in parts], default=0) or (None if None in parts else 0)
        if any(parts):
            return max([p or 0 for p in parts])
        return None if None in parts else 0

    def _name(self, name: Name, inside: frozenset[str]) -> int | None:
        full = name.full
        if full in inside:
            return 0
        if full in self.orders:
            return self.orders[full]
        scope = self.scope
        found = scope.definitions.get(full) or scope.variables.get(full)
        if found is None and name.sub is not None:
            count = self.indexed(name, inside) or (1 if name.sub.isdecimal() else 0)
            if name.base in self.orders:
                order = self.orders[name.base]
                return None if order is None else max(order - count, 0)
            found = scope.definitions.get(name.base) or scope.variables.get(name.base)
            if found is None and self._sample(name.base):
                found = scope.variables[name.base.upper()]
            return max(found.order - count, 0) if found is not None else 0
        if found is not None:
            return ROW if found.is_row else found.order
        return 2 if full == "I" else 0

    def _call(self, node: Node, parts: list[int | None]) -> int | None:
        full = node.value.full
        if full in ("I", "eye"):
            return 2
        if full in ("ones", "zeros"):
            return len(parts)
        if full in self.scope.functions:
            return None
        row = row_of(node)
        if row is None:
            return 0
        least = least_order(node)
        if not least:
            return max([p or 0 for p in parts], default=0) or (None if None in parts else 0)
        orders = tuple([least if part is None else 1 if part == ROW else part for part in parts[: row.arity[0]]])
        made = order_of(row, orders)
        if made is None or (None in parts and order_of(row, (least + 1,) * len(orders)) not in (None, made)):
            # of what takes vectors and matrices alike, and is not told which
            return None
        return ROW if made == 1 and parts[0] == ROW else made

    def _is_entrywise(self, node: Node) -> bool:
        """Say whether a call makes of its arguments something of their own order, whatever it is."""
        row = None if node.value.full in self.scope.functions else row_of(node)
        return row is not None and all([order_of(row, (n,) * len(node.parts)) in (n, None) for n in (1, 2)])

    def _product(self, node: Node, parts: list[int | None]) -> int | None:
        """Return the order of a chain: by groups of matrices, columns and rows between the element-wise signs."""
        result: int | None = 0
        unknown = None in parts
        ops = [" ", *[t.value for t in node.value]]
        current: int | None = None
        for op, part in zip(ops, parts, strict=True):
            if op == "·" and part and result:
                return 0
            if not part or op == "/":
                continue
            if op in "⊗⊘" or current is None:
                current = part
            elif current == ROW:
                current = ROW if part == 2 else 0
            elif current == 2:
                current = 1 if part == 1 else 2
            elif current == 1:
                current = 2 if part == ROW else 1
            elif current == 0:
                current = part
            result = current
        return result if result or not unknown else None

    def _demand(self, node: Node, order: int, inside: frozenset[str], known: dict[int, int | None]) -> None:
        """Spread the order that a node must have to the names that make it; no recursion."""
        stack = [node]
        while stack:
            n = stack.pop()
            if known.get(id(n)):
                continue
            kind = n.kind
            if kind == "name":
                self._set(n.value, order, inside)
            elif kind in ("negative", "group") or (kind == "power" and n.parts) or kind == "superscript":
                stack.append(n.parts[0])
            elif kind in ("sum", "relation") or (kind == "call" and self._is_entrywise(n)):
                stack.extend(p for p in n.parts if known.get(id(p)) is None)
            elif kind == "product" and self.weak:
                ops = [" ", *[t.value for t in n.value]]
                first = next(
                    (p for p, op in zip(n.parts, ops, strict=True) if known.get(id(p)) is None and op not in "/⊘"), None
                )
                if first is not None and not any([known.get(id(p)) for p in n.parts]):
                    stack.append(first)

    def _set(self, name: Name, order: int, inside: frozenset[str]) -> None:
        full = name.full
        if full in inside:
            return
        if full not in self.orders:
            count = self.indexed(name, inside)
            if name.sub is None or count is None or name.base not in self.orders:
                return
            full, order = name.base, order + count
        old = self.orders[full]
        if old is None or (old < order and full == name.base and name.sub is not None):
            self.orders[full] = order
            self.changed = True

    def _down(self, node: Node, inside: frozenset[str], known: dict[int, int | None]) -> None:
        """Tell the parts of a node what they must be."""
        kind = node.kind
        parts = node.parts
        if kind == "name":
            count = self.indexed(node.value, inside) if node.value.sub else None
            base = node.value.base
            if (
                count
                and node.value.full not in self.orders
                and base in self.orders
                and (self.orders[base] or 0) < count
            ):
                self.orders[base] = count
                self.changed = True
        elif kind == "product":
            self._down_product(node, inside, known)
        elif kind == "sum":
            self._down_sum(node, inside, known)
        elif kind in ("norm", "angle"):
            for part in parts:
                self._demand(part, 2 if kind == "norm" and node.value == "F" else 1, inside, known)
        elif kind == "transpose":
            part = parts[0]
            if part.kind == "name" and known.get(id(part)) is None:
                capital = part.value.full[0].isupper()
                self._set(part.value, 2 if capital else 1, inside)
        elif kind == "call":
            row = None if node.value.full in self.scope.functions else row_of(node)
            least = least_order(node)
            if row is not None and least:
                count = row.arity[0]
                most = max([known.get(id(part)) or 0 for part in parts[:count] if part.kind == "name"], default=0)
                wanted = most if least < most < ROW and order_of(row, (most,) * count) is not None else least
                for part in parts[:count]:
                    self._demand(part, wanted, inside, known)
        elif kind == "slice":
            self._demand(parts[0], len(node.value), inside, known)
        elif kind == "superscript" and parts[1].kind == "transpose_mark":
            self._demand(parts[0], 2, inside, known)
        elif kind in ("power", "superscript") and _capital(parts[0]) and parts[1].kind == "negative":
            # A^-1 of a capital is an inverse
            self._set(parts[0].value, 2, inside)

    def _down_sum(self, node: Node, inside: frozenset[str], known: dict[int, int | None]) -> None:
        """A name added to a matrix times a vector is a vector too: ``X w - y``; a capital added to a matrix is one."""
        if any([known.get(id(p)) == 2 for p in node.parts]):
            for part in node.parts:
                if _capital(part):
                    self._demand(part, 2, inside, known)
            return
        for part in node.parts:
            if part.kind == "product" and known.get(id(part)) == 1 and any([known.get(id(p)) == 2 for p in part.parts]):
                for other in node.parts:
                    if known.get(id(other)) is None and other.kind in ("name", "group", "negative"):
                        self._demand(other, 1, inside, known)
                return

    def _down_product(self, node: Node, inside: frozenset[str], known: dict[int, int | None]) -> None:
        parts = node.parts
        ops = [" ", *[t.value for t in node.value], " "]
        matrices = any([known.get(id(p)) == 2 for p in parts])
        for k, op in enumerate(ops[1:-1]):
            if (
                op == "/"
                and parts[k].kind == parts[k + 1].kind == "name"
                and _capital(parts[k])
                and _capital(parts[k + 1])
            ):
                # A / B: two capitals are matrices, whose quotient is refused rather than guessed
                self._set(parts[k].value, 2, inside)
                self._set(parts[k + 1].value, 2, inside)
        for k, part in enumerate(parts):
            before, after = ops[k] if k else "", ops[k + 1] if k + 1 < len(parts) else ""
            if "·" in (before, after):
                # the operand of a dot product is the whole segment beside it
                self._demand_segment(node, k, inside, known)
            elif before in ("⊗", "⊘") or after in ("⊗", "⊘"):
                self._demand(part, 2 if matrices else 1, inside, known)
            elif known.get(id(part)) is None and part.kind in ("name", "group", "sum", "power", "superscript"):
                self._neighbours(parts, ops, k, inside, known)

    def _demand_segment(self, node: Node, k: int, inside: frozenset[str], known: dict[int, int | None]) -> None:
        ops = [t.value for t in node.value]
        low = k
        while low > 0 and ops[low - 1] not in "·⊗⊘":
            low -= 1
        high = k
        while high < len(ops) and ops[high] not in "·⊗⊘":
            high += 1
        segment = node.parts[low : high + 1]
        if any([known.get(id(p)) for p in segment]):
            return
        unknown = [p for p in segment if known.get(id(p)) is None]
        if unknown:
            # of several factors, the one at the sign
            self._demand(unknown[-1] if high > k or (k == high and k < len(ops)) else unknown[0], 1, inside, known)

    def _neighbours(
        self,
        parts: list[Node] | tuple[Node, ...],
        ops: list[str],
        k: int,
        inside: frozenset[str],
        known: dict[int, int | None],
    ) -> None:
        """Settle an unknown factor by the ones beside it: after a matrix or a row comes a vector, and so on."""
        part = parts[k]
        left = known.get(id(parts[k - 1])) if k and ops[k] in (" ", "", "*", "@") else None
        right = known.get(id(parts[k + 1])) if k + 1 < len(parts) and ops[k + 1] in (" ", "", "*", "@") else None
        if _capital(part):
            follows = (
                k + 1 < len(parts)
                and ops[k + 1] in (" ", "", "*", "@")
                and parts[k + 1].kind in ("name", "group", "sum", "transpose")
            )
            if left in (2, ROW) or right in (1, 2) or (follows and right != ROW):
                self._demand(part, 2, inside, known)
        elif ops[k] != "/" and (
            left in (2, ROW) or (right == ROW and not self._meets_a_column(parts, ops, k + 1, known))
        ):
            self._demand(part, 1, inside, known)

    @staticmethod
    def _meets_a_column(
        parts: list[Node] | tuple[Node, ...], ops: list[str], row: int, known: dict[int, int | None]
    ) -> bool:
        """Say whether a row is multiplied by a column, or by what may be one: λ is a scalar in λ wᵀ w, not in x yᵀ."""
        for k in range(row + 1, len(parts)):
            if ops[k] not in (" ", "", "*", "@"):
                return False
            order = known.get(id(parts[k]))
            if order in (1, None):
                return True
        return False


def _capital(node: Node) -> bool:
    """Say whether a node is a capital letter, perhaps to a power, that is likely to name a matrix."""
    if node.kind in ("power", "superscript", "group", "negative"):
        node = node.parts[0]
    if node.kind != "name":
        return False
    name: Name = node.value
    return len(name.base) == 1 and name.base.isupper() and (name.sub is None or name.sub.isdecimal())


def undeclared(
    roots: list[Node], scope: Scope, known: Container[str], hints: dict[str, int], wrt: list[Name]
) -> Inference | None:
    """Return what is to be inferred of the names in some syntax trees, or None where all are declared."""
    found = Inference(roots, scope, known, hints, wrt)
    return found if found.orders or found.sizes else None
