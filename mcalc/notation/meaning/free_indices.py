"""Free indices: letters below a name that no sum binds, for all of whose values a statement is said.

``∂/∂x_i xᵀx`` is one derivative for each i, ``σ_i = exp(z_i)/Σ_j exp(z_j)`` a vector over i. A letter is free where
what it stands below has entries for sure: a declared name, a variable that stands without a subscript too and is
differentiated by, a bracket or a call, δ; and what is differentiated by with another letter: ``σ(z_i)`` by ``z_j``.
Elsewhere ``x_i`` is a name of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, make
from mcalc.notation.names.scope import Function, Scope
from mcalc.notation.shapes.unknowns import is_comprehension, walk_inside
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, derived_by, walk_syntax
from mcalc.notation.surface.words import INDICES, letters_of
from mcalc.operators.arithmetic import mul
from mcalc.operators.leaves import to_dim, unit
from mcalc.operators.linear import SIGMA, matmul, transpose

BEHIND = INDICES | frozenset("pqrst")
"""Letters that are indices behind a bracket or a call, where nothing else can be meant."""


class _Met:
    """What a walk over the trees of a statement has met."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: list[tuple[Name, frozenset[str], Node, int, Function | None]] = []
        self.by: list[tuple[Name, frozenset[str]]] = []
        self.behind: list[tuple[str, Node, int]] = []
        self.bound: list[set[str]] = []
        self.limits: set[str] = set()
        self.bare: set[str] = set()
        self.running: set[str] = set()

    def walk(self, roots: Sequence[Node]) -> None:
        """Meet all that stands in some trees, in what is defined beside them, and in the functions that they call."""
        trees = [*roots, *self.scope.beside.values()]
        self.bound += [set() for _ in trees]
        for node, inside, place, within, _ in walk_inside(trees, self.scope, frozenset(), self._inner):
            if node.kind == "name":
                self._name(node, inside, place, within)

    def _inner(self, node: Node, inside: frozenset[str], place: int) -> Sequence[Node]:
        """Return the parts of a node in which names stand that are no indices; meet the indices that it has itself."""
        kind, parts = node.kind, node.parts
        if kind == "big":
            self._limits(node, inside)
            own = {*node.value.names}
            excluded = [] if node.value.pair else [name for *_, unequal in node.value.indices for name in unequal]
            self._behind([name for name in excluded if name in INDICES], inside | own, node, place)
            self.bound[place] |= own - {*node.value.names[1:]} if node.value.pair else own  # of Σ_{i≠k} k may be free
        elif kind == "subscript" and not is_comprehension(node):
            letters = letters_of(node.value, BEHIND)
            if parts[0].kind != "number" or letters[:1] not in (["n"], ["m"]):  # 1_n is n ones
                self._behind(letters, inside, node, place)
        elif kind == "slice":
            places = [part.first for part in node.value if not part.is_range]
            letters = [p.value.full for p in places if p is not None and p.kind == "name"]
            self._behind([letter for letter in letters if letter in BEHIND], inside, node, place)
        elif kind in ("derivative", "quotient"):
            by = derived_by(node)
            self.by += [(name, inside) for name in by]
            body = parts[0]
            while body.kind == "group":
                body = body.parts[0]
            of = body.value if body.kind == "name" else None
            if of is not None and of.sub and of.base in [name.base for name in by if letters_of(name.sub)]:
                # ∂x_i/∂x_j
                letters = [letter for name in (of, *by) for letter in letters_of(name.sub)]
                self._behind(letters, inside, node, place)
        elif kind == "call" and node.value.full == "unit" and parts and parts[0].kind == "name":
            self._behind(letters_of(parts[0].value.full, BEHIND), inside, node, place)
            return ()
        elif kind == "relation":
            return [part for part in parts if part.kind != "name" or not letters_of(part.value.full)]
        return parts

    def _name(self, node: Node, inside: frozenset[str], place: int, within: Function | None) -> None:
        name: Name = node.value
        if name.sub is None:
            if name.base not in inside and name.base not in ("i", "j"):  # which are indices and seldom anything else
                self.bare.add(name.base)
            return
        letters = letters_of(name.sub, INDICES | inside)
        if not inside.isdisjoint(letters):
            self.running.add(name.base)
        if name.base == "δ" and len(letters) == 2:
            self._behind(letters, inside, node, place)
        elif letters:
            self.names.append((name, inside, node, place, within))

    def _behind(self, letters: Sequence[str], inside: frozenset[str], node: Node, place: int) -> None:
        self.behind += [(letter, node, place) for letter in letters if letter not in inside]

    def _limits(self, node: Node, inside: frozenset[str]) -> None:
        big = node.value
        order = [big.order.low, big.order.high] if big.order is not None else []
        for limit in [big.upper, *[low for _, low, _ in big.indices], *order]:
            for inner in walk_syntax(limit) if limit is not None else ():
                if inner.kind == "name" and inner.value.full not in inside:
                    self.limits.add(inner.value.full)

    def has_entries(self, name: Name, within: Function | None) -> bool:
        """Say whether the base of a name is declared or defined as something that has entries, and the name is not."""
        if within is not None and name.base in within.parameters:
            return name.full not in within.parameters
        scope = self.scope
        meaning = scope.meaning if within is None else within.meanings.get
        if meaning(name.full) is not None or name.full in scope.beside:
            return False
        found = meaning(name.base)
        if found is None and len(name.base) == 1 and name.base.islower():
            rows = meaning(name.base.upper())
            found = rows if isinstance(rows, Expr) and rows.order == 2 else None
        return (isinstance(found, Expr) and found.order > 0) or name.base in scope.beside


def free_indices(roots: Sequence[Node], scope: Scope, wrt: Sequence[Name], left: Name | None = None) -> list[str]:
    """Return the free indices of the trees of a statement; `wrt` are further names that it is differentiated by.

    Indices of the `left` side, and those of all sides of a claim but the first, are free if entries may be meant at
    all. Raises a `Mistake` where an index that a sum binds stands beside that sum, too.
    """
    met = _Met(scope)
    met.walk(roots)
    if not (met.behind or met.names or met.by or wrt):
        return []
    known = {*scope.names(), *met.limits, *met.bare}
    found: dict[str, None] = {}
    entries: set[str] = set()
    stands = {name.full for name, *_ in met.names}
    alike = {(name.base, len(letters_of(name.sub))) for name, *_ in met.names}
    for name, inside in [*met.by, *[(name, frozenset[str]()) for name in wrt]]:
        there = name.base in met.bare or name.base in met.running or met.has_entries(name, None)
        count = len(letters_of(name.sub))
        there = there or (count > 0 and name.full not in stands and (name.base, count) in alike)
        if there and name.full not in known:
            entries.add(name.base)
            found.update([(letter, None) for letter in letters_of(name.sub) if letter not in inside])
    own = letters_of(left.sub) if left is not None else []
    whole = met.bare | met.running
    for name, inside, _, place, within in met.names:
        letters = letters_of(name.sub)
        may = (0 < place < len(roots) or not set(own).isdisjoint(letters)) and name.base in whole
        runs = name.base in met.running or name.base in entries
        if met.has_entries(name, within) or ((may or runs) and name.full not in known):
            found.update([(letter, None) for letter in letters_of(name.sub) if letter not in inside])
    found.update([(letter, None) for letter, _, _ in met.behind])
    free = [letter for letter in found if letter not in known]
    if free:
        _refuse_beside_sums(met, free)
    if len(roots) == 1 and left is None and any([node.kind == "name" for _, node, _ in met.behind]):
        _refuse_contracted(roots[0], free, scope.variables)
    return free


def _refuse_contracted(root: Node, free: Sequence[str], declared: Container[str]) -> None:
    """Refuse δ_ij x_i x_j, whose indices are summed over to its writer, and δ_ij x_j beside nothing that has a j.

    In δ_ij p_i - p_i p_j none is, and 2 x_i δ_ij of a declared x is what an answer may be.
    """
    while root.kind in ("group", "derivative"):
        root = root.parts[0]
    terms = root.parts if root.kind == "sum" else [root]
    for node in [node for node in walk_syntax(root) if node.kind == "product"]:
        names = [part.value for part in node.parts if part.kind == "name"]
        letters = [set(letters_of(name.sub)) for name in names]
        for name, own in zip(names, letters, strict=True):
            others = {
                letter for other, below in zip(names, letters, strict=True) if other is not name for letter in below
            }
            twice = own & others & {*free}
            alone = node in terms and all([n.base == "δ" or n.base not in declared for n in names])
            alone = alone and not any([twice <= _letters_in(term) for term in terms if term is not node])
            if name.base == "δ" and twice and (twice == own or alone):
                hint = f"write sum_{{{','.join(sorted(twice))}}} before it; it is no vector over them"
                said = f"the indices of {name.full} are bound by no sum, and stand twice"
                raise mistake_at("E-NAME", said, node, "free indices", hint)


def _letters_in(term: Node) -> set[str]:
    """Return the letters of the indices of the names in a term."""
    return {letter for part in walk_syntax(term) if part.kind == "name" for letter in letters_of(part.value.sub)}


def _refuse_beside_sums(met: _Met, free: list[str]) -> None:
    """Refuse an index that stands beside the sum that binds it: it may belong into that sum."""
    there = [(letter, node, place) for name, inside, node, place, _ in met.names for letter in letters_of(name.sub)
             if letter not in inside]  # fmt: skip
    for letter, node, place in [*there, *met.behind]:
        if letter in free and letter in met.bound[place]:
            said = f"{clip(letter)} runs in a sum, and stands beside that sum, too"
            hint = f"put brackets around all that the sum over {letter} goes over, or give its index another letter"
            raise mistake_at("E-AMBIG", said, node, "in the sum or beside it?", hint)


def over_left(tree: Node, name: Name, scope: Scope, wrt: Sequence[Name]) -> Node:
    """Return what ``σ_i = ...`` says as one vector over i, ``K_ij = ...`` as a matrix; the tree itself for any other.

    So it is where what runs with the index has entries: it stands without the index too, or in a sum, or is
    differentiated by as a whole. By ``z_i`` it is the one entry; ``y_i = wᵀ x_i`` by w are names of their own.
    """
    letters = letters_of(name.sub)
    if not letters or len({*letters}) < len(letters) or not scope.names().isdisjoint(letters):
        return tree
    if any([letters_of(v.sub) for v in wrt]):
        return tree
    met = _Met(scope)
    met.walk([tree])
    there = {c for n, inside, *_ in met.names for c in letters_of(n.sub) if c not in inside}
    there |= {letter for letter, _, _ in met.behind}
    entries = met.running | met.bare | {v.base for v in wrt if v.sub is None}
    sure = len(letters) == 2 or any([letter in letters for letter, _, _ in met.behind])
    sure = sure or any([
        (n.base in entries or met.has_entries(n, None)) and not set(letters).isdisjoint(letters_of(n.sub))
        for n, *_ in met.names
    ])  # fmt: skip
    bound = met.bound[0]
    for node in walk_syntax(tree) if len(letters) == 2 else ():
        sub = (node.value.sub or "") if node.kind == "name" else ""
        other = {*sub} - {*letters}
        if len(sub) == 2 and sub.islower() and len(other) == 1 and not other & {*INDICES, *met.limits, *bound}:
            raise _contracted(other.pop(), node)  # C_ij = A_ip B_pj: to some it is summed over
    if not sure or not there.issuperset(letters) or not bound.isdisjoint(letters) or not met.limits.isdisjoint(letters):
        return tree
    for n, inside, node, *_ in met.names:
        for letter in letters_of(n.sub) if n.base not in scope.variables else ():
            if letter not in inside and letter not in letters and letter in INDICES - met.limits:
                raise _contracted(letter, node)
    return Node("over", tree.start, tree.end, [tree], letters)


def _contracted(letter: str, node: Node) -> Mistake:
    """Return the mistake of an index that stands on the right of C_ij = ... alone, and is bound by no sum there."""
    said = f"the index {letter} is bound by no sum, and stands on one side alone"
    return mistake_at("E-NAME", said, node, "a free index", f"write sum_{letter} before what it goes over")


def stacked(value: Expr, indices: Sequence[Expr]) -> Expr | None:
    """Return the vector or matrix whose entries, or rows, are the values over one or two indices; None beyond that.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import index, number, size
    >>> i = index("i", 0, number(1), size(Dim.named("n")))
    >>> stacked(number(3), [i]).shape
    (Dim(n),)
    """
    if not indices or value.order + len(indices) > 2:
        return None
    units = []
    for index in indices:
        dim = to_dim(index.args[1])
        if dim is None:
            return None
        units.append(unit(index, dim))
    columns = [*units, value] if value.order else units
    basis = columns[0] if len(columns) == 1 else matmul(columns[0], transpose(columns[1]))
    made = basis if value.order else mul(value, basis)
    for index in reversed(indices):
        made = make(SIGMA, (index, made))
    return made


def said_for(indices: Iterable[Expr]) -> str:
    """Return for which values of its free indices something is said; nothing where there are none.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import index, number, size
    >>> said_for([index(name, 0, number(1), size(Dim.named("n"))) for name in "ji"])
    'for every i and j from 1 to n'
    """
    ends: dict[str, list[str]] = {}
    for index in sorted(indices, key=lambda index: str(index.attr[0])):
        dim = to_dim(index.args[1])
        ends.setdefault(str(dim) if dim is not None else "", []).append(index.attr[0])
    listed = {end: " and ".join([", ".join(names[:-1])] * (len(names) > 1) + names[-1:]) for end, names in ends.items()}
    return ", ".join([f"for every {names} from 1 to {end}" for end, names in listed.items()])
