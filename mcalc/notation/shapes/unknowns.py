"""The names of some syntax trees that nothing declares: variables, sizes in limits, and what subscripts are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mcalc.notation.names.running import read_limit
from mcalc.notation.names.scope import Function, Scope
from mcalc.notation.names.spines import along
from mcalc.notation.names.undefined import NUMBERS
from mcalc.notation.shapes.oddities import MATRIX_LETTERS
from mcalc.notation.surface.syntax import Name, Node, Partial, derived_by, walk_syntax, walk_trees
from mcalc.notation.surface.words import INDICES, SIZES_OF_I, is_multiple, letters_of
from mcalc.patterns import GREEK as WORDS

Names = frozenset[str]

PLAIN = frozenset((
    "sum", "product", "negative", "group", "transpose", "norm", "bars", "angle", "relation", "cases", "block", "number",
    "constant",
))  # fmt: skip
"""Kinds of nodes that are no more than their parts."""
DERIVED = frozenset(("derivative", "quotient", "differential", "directional"))
"""Kinds of nodes that ask for a derivative of their first part."""
SIZED = frozenset(["I", "eye", "ones", "zeros", "unit", "δ"])
"""Functions whose arguments are sizes."""


def _is_current(node: Node, scope: Scope) -> bool:
    """Say whether I is no identity, as in I² R or V I: nobody squares that, or writes it beside a quantity."""
    if node.kind == "product":
        names = [part.value.full for part in node.parts if part.kind == "name"]
        others = [n for n in names if n != "I" and n[0].isupper() and n[0] not in MATRIX_LETTERS]
        return "I" in names and any([not _is_matrix(n, scope) for n in others])
    return node.kind == "power" and node.parts[0].kind == "name" and node.parts[0].value == Name("I")


def _is_matrix(full: str, scope: Scope) -> bool:
    """Say whether a name is declared or defined as a matrix, or stands for what has one in it."""
    known = scope.variables.get(full) or scope.definitions.get(full)
    if known is not None:
        return known.order == 2
    beside = scope.beside.get(full)
    names = [node.value.full for node in walk_syntax(beside) if node.kind == "name"] if beside is not None else []
    return any([name != full and _is_matrix(name, scope) for name in names])


def all_declared(roots: Sequence[Node], scope: Scope, wrt: Sequence[Name]) -> bool:
    """Say whether it is plain to see that all names of some trees are declared variables: no more is asked of most."""
    variables = scope.variables
    special = {*SIZED, *scope.functions}
    stack = [*roots]
    names = [*wrt]
    while stack:
        node = stack.pop()
        kind = node.kind
        if kind == "name":
            if node.value.full not in variables and node.value.base not in variables:
                return False
            continue
        called = kind == "call" and type(node.value) is Name and node.value.full not in special
        if not (called or kind in PLAIN or kind in ("power", "derivative")):
            return False
        stack.extend(node.parts)
        if kind == "derivative":
            names += derived_by(node)
    return all([name.full in variables or name.base in variables for name in names])


def walk_inside(
    trees: Sequence[Node], scope: Scope, free: Names, inner: Callable[[Node, Names, int], Sequence[Node]]
) -> Iterator[tuple[Node, Names, int, Function | None, Function | None]]:
    """Yield the nodes of some trees and of the functions of the user's that they call, each before its parts.

    With a node come the indices that run in its parts, the place of its tree, the function in whose body it stands, and
    the one whose body follows. `inner` says which parts are gone into; nodes that are no more than these are left out.
    """
    called: set[Function] = set()
    stack: list[tuple[Node, Names, int, Function | None]] = []
    stack += reversed([(tree, free, place, None) for place, tree in enumerate(trees)])
    while stack:
        node, inside, place, within = stack.pop()
        if node.kind in PLAIN and node.kind != "relation":
            stack.extend([(part, inside, place, within) for part in reversed(node.parts)])
            continue
        entered: Function | None = None
        if node.kind != "name":
            parts = inner(node, inside, place)
            inside = running_in(node, inside)
            stack.extend([(part, inside, place, within) for part in reversed(parts)])
            function = function_of(called_by(node), scope, within)
            if function is not None and function not in called:
                called.add(function)
                entered = function
                stack.append((function.body, free, place, function))
        yield node, inside, place, within, entered


def running_in(node: Node, inside: Names) -> Names:
    """Return the indices that run in the parts of a node: those around it, and those that it binds."""
    if node.kind == "big":
        return inside | {*node.value.names}
    if node.kind == "over":
        return inside | set(node.value)
    return inside | indices_of(node) if is_comprehension(node) else inside


class Unknowns:
    """The names that nothing declares, in order of appearance.

    `names` are variables; `sizes` stand in limits; `elements` are names such as x_1, each with the vector that it may
    be an element of; `running` are names that an index runs through; `bare` stand without a subscript in a formula,
    `whole` there or in what is differentiated by; `absent` are differentiated by and stand nowhere else; `free` are
    indices that nothing binds; `traced` is ρ as a factor in a trace; `turning` is θ in R(θ); `random` are the names in
    expectations; `by` are differentiated by; `euler` is a power of Euler's number.
    """

    def __init__(self, roots: Sequence[Node], scope: Scope, wrt: Sequence[Name], free: Sequence[str] = ()) -> None:
        self.scope = scope
        self.free = frozenset(free)
        self.euler: Node | None = None
        self.traced: set[str] = set()
        self.turning: set[str] = set()
        self.random: set[str] = set()
        self.by = {n.full for n in wrt}
        self.names: dict[str, None] = {}
        self.functions: dict[str, None] = {}
        self.sizes: dict[str, None] = {}
        self.elements: dict[str, str] = {}
        self.running: set[str] = set()
        self.bare: set[str] = set()
        self.whole = {n.base for n in wrt if n.sub is None}
        met = self._names_in(roots)
        named = any([name.full == "I" for name, _ in met])
        nodes = [*walk_trees(roots)] if named else []
        self.is_current = "I" in self.by or any([_is_current(node, scope) for node in nodes])
        for name, inside in met:
            if name.base == "I" and name.sub is not None and name.sub in SIZES_OF_I.difference(inside):
                self.sizes.update({} if self.is_known(name.sub) else {name.sub: None})
        self.numbered = {name.sub for name, _ in met if name.base == "I" and name.sub and name.sub.isdecimal()}
        self.running.update([name.base for name, inside in met if inside and self.indexed(name, inside)])
        for name, inside in met:
            if name.full not in scope.variables:
                self._meet(name, inside)
        indices = INDICES.union(*[inside for _, inside in met])
        for name in wrt:
            if samples_of(name, self.names.keys() & self.running, indices) is None and not self.is_sample(name.base):
                self._meet(name, self.free)
        self.names.update(self.functions)

    def _names_in(self, roots: Sequence[Node]) -> list[tuple[Name, Names]]:
        """Return each name with the running indices around it; bodies of the user's functions without parameters."""
        met: list[tuple[Name, Names]] = []
        by: list[Name] = []
        seen: set[int] = set()
        trees = [*roots, *self.scope.beside.values()]
        for node, inside, _, within, entered in walk_inside(trees, self.scope, self.free, self._inner):
            kind = node.kind
            if kind == "name":
                name: Name = node.value
                if within is None or not (within.hides(name.base) or within.hides(name.full)):
                    met.append((name, inside))
                    if name.sub is None:
                        self.bare.add(name.base)
                continue
            if kind in ("derivative", "quotient"):
                names = derived_by(node)
                found = [name for name in names if within is None or not within.hides(name.full)]
                met.extend([(name, inside) for name in found])
                by.extend(found)
            if kind == "call" and type(node.value) is Partial and node.value.full not in self.scope.maps:
                self.functions.setdefault(f"{node.value.full}(")
                alone = node.parts[0].value.full if [part.kind for part in node.parts] == ["name"] else ""
                self.turning.update([alone] if node.value.full[0].isupper() and alone in NUMBERS else [])
            if entered is not None and kind != "call":
                met += [(Name(p), inside) for p in entered.parameters if within is None or not within.hides(p)]
            if kind == "expectation" and id(node) not in seen:
                for part in walk_syntax(node):
                    seen.add(id(part))
                    self.random.update([part.value.full] if part.kind == "name" else [])
            if kind == "call" and node.value.full in ("tr", "trace"):
                products = [part.parts for part in node.parts if part.kind == "product"]
                factors = [part.value for parts in products for part in parts if part.kind == "name"]
                self.traced.update([name.full for name in factors if name.base == "ρ"])
        self.whole.update(self.bare, [name.base for name in by if name.sub is None])
        self.absent = {name.full for name in by}
        self.by |= self.absent
        there = {id(name) for name in by}
        for name, _ in met if by else ():
            if id(name) not in there:
                self.absent -= {name.full, name.base}
        return met

    def _inner(self, node: Node, inside: Names, _: int) -> Sequence[Node]:
        """Return the parts of a node in which names stand; of what else stands there, meet sizes."""
        kind, parts = node.kind, node.parts
        if kind == "big":
            if (limit := node.value.last) is not None:
                self._limit(limit, inside)
        elif kind == "slice":
            for limit in [limit for part in node.value if part.is_range for limit in part.limits]:
                self._limit(limit, inside)
        elif kind == "call" and node.value.full in SIZED:
            unit = node.value.full == "unit"
            for part in parts[1:] if unit else parts:
                self._limit(part, inside)
            parts = parts[:1] if unit else ()
        elif kind == "call" and along(node) and not self.is_known(parts[-1].value.full):
            parts = parts[:-1]
        elif self.is_euler(node):
            self.euler = node
            parts = parts[1:]
        return parts

    def is_euler(self, node: Node) -> bool:
        """Say whether a node is a power of Euler's number: of e, where nothing of that name is known."""
        base = node.parts[0] if node.kind == "power" else node
        return base is not node and base.kind == "name" and base.value.full == "e" and not self.is_known("e")

    def _limit(self, limit: Node, inside: Names) -> None:
        """Names that stand in limits are sizes where nothing else declares them; |x| is the length of a vector."""
        for node in walk_syntax(limit):
            if node.kind == "bars":
                self._meet(node.parts[0].value, inside)
                self.running.add(node.parts[0].value.full)
                return
            if node.kind == "name" and node.value.full not in inside and not self.is_known(node.value.full):
                self.sizes.setdefault(node.value.full)

    def is_known(self, name: str) -> bool:
        """Say whether a name has a meaning already."""
        s = self.scope
        if name in s.variables or name in s.definitions or name in s.sizes:
            return True
        return name in s.functions or name in s.maps or name in s.beside

    def is_sample(self, base: str) -> bool:
        """Say whether a name is a row of a declared matrix: x_i of X."""
        matrix = self.scope.variables.get(base.upper()) if len(base) == 1 and base.islower() else None
        return matrix is not None and matrix.order == 2

    def _meet(self, name: Name, inside: Names) -> None:
        """Note an unknown name: the whole of it, or its base where the subscript is an index."""
        full, base, sub = name.full, name.base, name.sub
        if full in inside or full in self.names or full in self.sizes or self.is_known(full):
            return
        if sub is None:
            if full != "π" and (full != "I" or self.is_current):
                self.names[full] = None
            return
        if base == "I" and sub.isdecimal():
            if sub in ("0", "1") or len(self.numbered) > 1:
                self.names[full] = None  # I_0 e^{-kx}: an intensity, a current, an invariant
            return
        if base == "I" and sub.isalpha() and not self._is_identity(sub, inside):
            self.names["I" if sub in inside else full] = None  # I_i, I_z, I_obs: currents, moments, images
            if "I" in self.bare and not self.is_known("I"):
                self.names["I"] = None  # ... and so is I beside it
            return
        if base in self.scope.functions and sub not in INDICES:
            self.names[full] = None  # x_0 in x(t) = x_0 + v t: functions have no entries
            return
        if base == "I" or self.is_known(base) or self.is_sample(base):
            return
        if "_" in base and self.is_known(base.partition("_")[0]):
            return  # x_1_2 of a vector x is no name of its own
        if base == "δ" and len(pair := sub.replace(",", "")) == 2 and inside.issuperset(pair):
            return
        counted = base in self.running and base in self.by and not inside > self.free
        places = letters_of(sub) or sub.isdecimal() or not sub.isalnum()
        if (sub == "0" and not counted) or sub in "+-":
            self.names[full] = None  # w_0 beside w, Σ_i (r_i - r_0)²: vectors count from 1; k_+ beside k_i
        elif sub.isdecimal() and (base in self.whole or base in self.scope.orders):
            self.elements[full] = base  # if x turns out to be a vector
            self.names.setdefault(base)
        elif base in self.running and (places or self.indexed(name, inside)):
            self.names.setdefault(base)  # ∂/∂x_i Σ_i x_i²: no name of its own
        elif base in self.whole and not (sub.isalnum() and not letters_of(sub)):  # x_min is a name
            self.names.setdefault(base)
        elif len(sub) == 2 and sub.isalpha() and not inside.isdisjoint(sub):
            self.names.setdefault(base)  # Σ_k w_hk x_k: h is an index that no sum binds
        else:
            self.names[full] = None

    def _is_identity(self, sub: str, inside: Names) -> bool:
        """Say whether I with letters below is the identity of a size, as I_n is, or an entry of it, as I_ij is."""
        if sub in self.sizes or sub in self.scope.sizes or self.is_known("I"):
            return True
        return inside.issuperset(sub) if len(sub) == 2 else sub in SIZES_OF_I and sub not in inside

    @property
    def units(self) -> frozenset[str]:
        """The names that are unit vectors where they are vectors: e_k, e_1, which nothing says anything else of."""
        found = [name for name in self.names if name[:2] == "e_" and name not in self.by]
        return frozenset([name for name in found if name[2:].isdecimal() or name[2:] in INDICES])

    def indexed(self, name: Name, inside: Names) -> int:
        """Return how many subscripts a name has, where running indices stand in them; else 0."""
        sub = name.sub
        if not sub or not inside or (name.base == "e" and sub in self.free):
            return 0  # e_i is a unit vector, and no entry of e
        if sub in inside:
            return 1
        parts = sub.split(",")
        if len(parts) == 1 and len(sub) > 1 and sub.isalnum() and not (is_multiple(sub) and name.base[:1].islower()):
            bound = [c in inside for c in sub]
            return len(sub) if any(bound) and all([b or c.isdecimal() for b, c in zip(bound, sub, strict=True)]) else 0
        trees = [read_limit(part, 0, 0) for part in parts]
        if None in trees:
            return 0
        names = [n.value.full for tree in trees if tree is not None for n in walk_syntax(tree) if n.kind == "name"]
        return 0 if inside.isdisjoint(names) else len(parts)


def called_by(node: Node) -> str:
    """Return the name of the function that a node calls: f in f(x), and L in dL/dw; else nothing."""
    if node.kind == "call":
        return str(node.value.full)
    of = node.parts[0] if node.kind in DERIVED else node
    return str(of.value.full) if of is not node and of.kind == "name" else ""


def function_of(name: str, scope: Scope, within: Function | None) -> Function | None:
    """Return the user's function of a name; within the body of another, the one meant when that was defined."""
    return scope.functions.get(name) if within is None else within.function(name)


def is_comprehension(node: Node) -> bool:
    """Say whether a node is index notation in brackets, such as [A_ij x_j]_{i}; [A x]_i is an entry of A x."""
    if node.kind != "subscript" or node.parts[0].kind != "block" or node.value.isdecimal():
        return False
    letters = set(node.value.replace(",", ""))
    words = 0
    for inner in walk_syntax(node.parts[0]):
        below = inner.value.sub if inner.kind == "name" else inner.value if inner.kind == "subscript" else None
        if isinstance(below, str) and not letters.isdisjoint(WORDS.get(below, below)):
            return True
        words += inner.kind in ("name", "call")
    return not words or not letters


def indices_of(node: Node) -> set[str]:
    """Return the indices that run in index notation: those of its subscript, and of the sums in it."""
    inner = {name for n in walk_syntax(node) if n.kind == "big" for name in n.value.names}
    return inner | set(node.value.replace(",", ""))


def samples_of(name: Name, bases: set[str], indices: Names = INDICES) -> str | None:
    """Return the name through whose samples an index runs that X or x_i stand for: x."""
    if name.sub is not None and indices.issuperset(name.sub):
        return name.base if name.base in bases else None
    lower = name.base.lower()
    return lower if name.sub is None and name.base not in bases and name.base.isupper() and lower in bases else None
