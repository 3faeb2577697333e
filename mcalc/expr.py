"""The one expression type: immutable, interned, and walked by loops.

Two equal expressions are the same object, so identity is equality and a shared sub-expression is stored, differentiated
and printed once. A shape is a tuple of :class:`Dim`: no axes for a scalar, one for a vector, two for a matrix. Tensor
shapes have no orientation; `Expr.is_row` says that a vector is written as a row (``xᵀ``).
"""

from __future__ import annotations

import os
from _thread import RLock  # that of threading, without what else that module loads at each start
from _weakref import _remove_dead_weakref, ref  # type: ignore[attr-defined] # as above, those of weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import count

from mcalc.limits import WORK, Exhausted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any, TypeAlias, TypeVar

    Number: TypeAlias = int | Fraction | float
    Shape: TypeAlias = tuple["Dim", ...]
    Monomial: TypeAlias = tuple[str, ...]
    ShapeRule: TypeAlias = Callable[[tuple["Expr", ...], Any], Shape]
    Labels: TypeAlias = tuple[int, ...]
    T = TypeVar("T")


_lock = RLock()


def _renew() -> None:
    """Take a new lock in a child process, in which no other thread is there to release the old one."""
    global _lock  # noqa: PLW0603 - one lock for a process
    _lock = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


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

    def __init__(self) -> None:
        entries: dict[Any, _Entry] = {}
        self.entry = entries.get
        self._entries = entries

        def drop(entry: _Entry, remove: Callable[[Any, Any], None] = _remove_dead_weakref) -> None:
            remove(entries, entry.key)

        self._drop = drop

    def interned(self, key: Any, made: T) -> T:
        """Return what stands under a key, or put there what was `made`; all threads get the same object."""
        with _lock:
            entry = self.entry(key)
            found: T | None = None if entry is None else entry()
            if found is None:
                entry = _Entry(made, self._drop)
                entry.key = key
                self._entries[key] = entry
                found = made
        return found


class Dim:
    """The size of an axis: a polynomial with integer coefficients in named sizes, such as ``3``, ``n`` or ``n + 1``.

    Interned, so equal sizes are the same object.

    >>> n = Dim.named("n")
    >>> (n + 1) - 1 is n, str(n + 1), (n * n).names
    (True, 'n + 1', ('n',))
    """

    __slots__ = ("__weakref__", "terms")
    _table = Table()
    terms: tuple[tuple[Monomial, int], ...]

    def __new__(cls, terms: Iterable[tuple[Monomial, int]]) -> Dim:
        """Return the size with these (monomial, coefficient) terms; zero coefficients vanish."""
        key = tuple(sorted((m, c) for m, c in terms if c))
        entry = cls._table.entry(key)
        found: Dim | None = None if entry is None else entry()
        if found is None:
            found = object.__new__(cls)
            found.terms = key
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
                total[m] = total.get(m, 0) + c1 * c2
        return Dim(total.items())

    @property
    def value(self) -> int | None:
        """The number this size is, or None where it has a name in it."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def least(self) -> int | None:
        """The least number this size can be, where each name in it is at least 1; None where it may be any."""
        if any([monomial and c < 0 for monomial, c in self.terms]):
            return None
        return sum([c for _, c in self.terms])

    @property
    def names(self) -> tuple[str, ...]:
        """The named sizes in it, in alphabetical order."""
        return tuple(sorted({name for monomial, _ in self.terms for name in monomial}))

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
        if not any(name in sizes for name in self.names):
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


class LocalTerm:
    """One term of a local Jacobian in index notation: ``coef · Π factor[labels]`` from `arg` labels to `out` labels.

    A label that stands in both `out` and `arg` is the same axis; a label in neither is summed.
    """

    __slots__ = ("arg", "coef", "factors", "out")

    def __init__(self, coef: Number, factors: Sequence[tuple[Expr, Labels]], out: Labels, arg: Labels) -> None:
        self.coef = coef
        self.factors = tuple(factors)
        self.out = out
        self.arg = arg


kinds: dict[str, int] = {}
"""The bits of all operators of a kind."""
_places = count()


class Operator:
    """One row of the operator table: all that mcalc knows of one operator, declared once.

    `kind` says how it is differentiated:

    - ``leaf``: a symbol or constant;
    - ``elementwise``: `partial(node, k)` is the derivative of the result with respect to the k-th argument, entry by
      entry; scalar arguments expand (the paper's 4.3);
    - ``linear``: `einsum(node)` gives labels for each argument and for the result, and the derivative follows;
    - ``tensor``: `jacobian(node, k)` gives the Jacobian as a list of :class:`LocalTerm`;
    - ``defined``: `body(*args)` is the same thing in other rows, and is differentiated in its place;
    - ``spelling``: only a way to write `body(*args)`, put in its place as soon as it is read;
    - ``binder``: binds a running index (a sum or a product over it);
    - ``solution``: what solves an equation, with a value and no derivative.

    `shape` checks the arguments and returns the result's shape, `row` says whether a vector result is written as a
    row, `symmetric` whether a matrix result surely equals its transpose, and `numpy(env, node, *values)` evaluates it,
    where `env.np` is NumPy and `env.size(dim)` a number. `layout` is its template for the printers, `spellings` the
    names it is called by in input. `rule`, `section`, `kink`,
    `domain`, `formula` and `example` are what the steps, the notes and the reference say of it. `bit` is a power of two
    of its own, with which an expression says that it has the operator in it.
    """

    __slots__ = (
        "arity",
        "bit",
        "body",
        "domain",
        "einsum",
        "example",
        "formula",
        "jacobian",
        "kind",
        "kink",
        "latex",
        "layout",
        "name",
        "numpy",
        "partial",
        "row",
        "rule",
        "section",
        "shape",
        "spellings",
        "symmetric",
    )

    def __init__(
        self,
        name: str,
        kind: str,
        shape: ShapeRule,
        *,
        spellings: Sequence[str] = (),
        arity: tuple[int, int | None] = (1, 1),
        partial: Callable[[Expr, int], Expr | None] | None = None,
        einsum: Callable[[Expr], tuple[tuple[Labels, ...], Labels]] | None = None,
        jacobian: Callable[[Expr, int], list[LocalTerm]] | None = None,
        body: Callable[..., Expr] | None = None,
        row: Callable[[tuple[Expr, ...], Any], bool] | None = None,
        symmetric: Callable[[tuple[Expr, ...], Any], bool] | None = None,
        numpy: Callable[..., Any] | None = None,
        layout: str = "call",
        latex: str = "",
        rule: str = "",
        section: str = "",
        formula: str = "",
        kink: str = "",
        domain: str = "",
        example: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.bit = 1 << next(_places)
        kinds[kind] = kinds.get(kind, 0) | self.bit
        self.shape = shape
        self.spellings = tuple(spellings)
        self.arity = arity
        self.partial = partial
        self.einsum = einsum
        self.jacobian = jacobian
        self.body = body
        self.row = row
        self.symmetric = symmetric
        self.numpy = numpy
        self.layout = layout
        self.latex = latex
        self.rule = rule
        self.section = section
        self.formula = formula
        self.kink = kink
        self.domain = domain
        self.example = example

    def __repr__(self) -> str:
        return f"<operator {self.name}>"


class Expr:
    """An interned expression: an operator applied to expressions, with an attribute and a shape.

    Made by :func:`make` only. `order` is the number of axes, 0 for a scalar, 1 for a vector, 2 for a matrix. `free`
    holds the running indices that occur unbound in it; `is_row` says that a vector is written as a row, `is_symmetric`
    that a matrix is known to equal its transpose. `bits` are those of all operators in it, so that no walk is needed to
    say whether it has one; `known` is what :func:`remembered` functions said of it.
    """

    __slots__ = (
        "__weakref__",
        "args",
        "attr",
        "bits",
        "free",
        "is_row",
        "is_symmetric",
        "known",
        "op",
        "order",
        "shape",
    )
    op: Operator
    args: tuple[Expr, ...]
    attr: Any
    shape: Shape
    order: int
    is_row: bool
    is_symmetric: bool
    free: frozenset[Expr]
    bits: int
    known: dict[Any, Any]

    def has(self, *operators: Operator) -> bool:
        """Say whether one of some operators stands anywhere in it.

        >>> from mcalc.operators.leaves import NUMBER, SYMBOL, number
        >>> number(2).has(NUMBER), number(2).has(SYMBOL)
        (True, False)
        """
        bits = self.bits
        for op in operators:  # noqa: SIM110 - asked of every statement, several times
            if bits & op.bit:
                return True
        return False

    def has_kind(self, kind: str) -> bool:
        """Say whether an operator of a kind stands anywhere in it."""
        return self.bits & kinds.get(kind, 0) != 0

    def __repr__(self) -> str:
        return f"<{self.op.name} {shape_text(self.shape)}{f' {self.attr}' if self.op.kind == 'leaf' else ''}>"


NO_INDICES: frozenset[Expr] = frozenset()
NOTHING: dict[Any, Any] = {}
_table = Table()


def make(op: Operator, args: tuple[Expr, ...] = (), attr: Any = None) -> Expr:
    """Return the expression `op(*args)`; the same arguments give the same object.

    Raises :class:`~mcalc.errors.ShapeError` where the arguments do not fit. The key tells 1, 1.0 and True apart,
    which are equal in Python, and 0.0 from -0.0.
    """
    key = (op, args, attr if not isinstance(attr, (bool, float)) else (type(attr), repr(attr)))
    entry = _table.entry(key)
    found: Expr | None = None if entry is None else entry()
    if found is None:
        WORK.left -= 1
        if WORK.left < 0:
            raise Exhausted
        found = object.__new__(Expr)
        found.op = op
        found.args = args
        found.attr = attr
        found.shape = shape = op.shape(args, attr)
        found.order = order = len(shape)
        found.is_row = order == 1 and _is_row(found)
        found.is_symmetric = order == 2 and shape[0] is shape[1] and _is_symmetric(found)
        bits, free = op.bit, NO_INDICES
        for arg in args:
            bits |= arg.bits
            if arg.free:
                free |= arg.free
        found.bits = bits
        found.free = free if op.kind not in BINDING else _left_free(found, free)
        found.known = NOTHING
        return _table.interned(key, found)
    return found


BINDING = frozenset({"binder", "leaf"})
"""Kinds of operators that bind an index or are one."""


def _left_free(node: Expr, free: frozenset[Expr]) -> frozenset[Expr]:
    """The running indices left unbound, of those that are free in the arguments."""
    if node.op.kind == "binder":
        # The index is the first argument; the indices of its limits stay free, its own does not.
        return free - {node.args[0]}
    return free | {node} if node.op.name == "index" else free


def _is_row(vector: Expr) -> bool:
    """A vector is a row where its operator says so; entry by entry, where an argument is one."""
    if vector.op.row is not None:
        return vector.op.row(vector.args, vector.attr)
    return vector.op.kind == "elementwise" and any([a.is_row for a in vector.args])


def _is_symmetric(square: Expr) -> bool:
    """A matrix is known to equal its transpose where its operator says so; entry by entry, where its arguments do."""
    if square.op.symmetric is not None:
        return square.op.symmetric(square.args, square.attr)
    return square.op.kind == "elementwise" and all([not a.shape or a.is_symmetric for a in square.args])


def walk(*roots: Expr) -> Iterator[Expr]:
    """Yield every node under the roots once, arguments before the nodes that use them: `in_order` without its calls."""
    seen: set[Expr] = set()
    opened: set[Expr] = set()
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        if node.args and node not in opened:
            opened.add(node)
            stack.append(node)
            stack += node.args[::-1]
        else:
            seen.add(node)
            yield node


def in_order(roots: Sequence[T], needs: Callable[[T], Iterable[T]], known: Iterable[T] = ()) -> Iterator[T]:
    """Yield the nodes of a graph once, each after those it needs; those that are `known`, and what only they need, not.

    >>> list(in_order("ab", {"a": "cb", "b": "c", "c": ""}.__getitem__))
    ['c', 'b', 'a']
    """
    seen = set(known)
    opened: set[T] = set()
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        waiting = () if node in opened else needs(node)
        if waiting:
            opened.add(node)
            stack.append(node)
            stack += reversed([*waiting])
        else:
            seen.add(node)
            yield node


def _memory(expr: Expr) -> dict[Any, Any]:
    """Return what is remembered of an expression, to be added to; all threads get the same table."""
    if expr.known is NOTHING:
        with _lock:
            if expr.known is NOTHING:
                expr.known = {}
    return expr.known


def remembered(work: Callable[[Expr, Sequence[T]], T]) -> Callable[[Expr], T]:
    """Return what `work` says of an expression, given what it says of the arguments: worked out once for each node.

    It is remembered as long as the node lives.

    >>> from mcalc.operators.arithmetic import add
    >>> from mcalc.operators.leaves import number, symbol
    >>> height = remembered(lambda node, heights: 1 + max(heights, default=0))
    >>> height(add(symbol("x"), number(1)))
    2
    """

    @wraps(work)
    def asked(expr: Expr) -> T:
        if work not in expr.known:
            for node in in_order([expr], lambda node: [arg for arg in node.args if work not in arg.known]):
                _memory(node)[work] = work(node, [arg.known[work] for arg in node.args])
        found: T = expr.known[work]
        return found

    return asked


def remembered_of(work: Callable[[Expr], T]) -> Callable[[Expr], T]:
    """Return what `work` says of an expression as a whole: worked out once, and remembered as long as it lives.

    >>> from mcalc.operators.leaves import symbol
    >>> count = remembered_of(lambda root: len(list(walk(root))))
    >>> count(symbol("x")), count(symbol("x"))
    (1, 1)
    """

    @wraps(work)
    def asked(expr: Expr) -> T:
        if work not in expr.known:
            _memory(expr)[work] = work(expr)
        found: T = expr.known[work]
        return found

    return asked


def rebuild(root: Expr, change: Callable[[Expr, tuple[Expr, ...]], Expr | None]) -> Expr:
    """Return `root` rebuilt from the leaves: `change(node, new_args)` gives a replacement, or None for the same op."""
    new: dict[Expr, Expr] = {}
    for node in walk(root):
        args = tuple([new[a] for a in node.args])
        made = change(node, args)
        if made is None:
            made = node if all(a is b for a, b in zip(args, node.args, strict=True)) else make(node.op, args, node.attr)
        new[node] = made
    return new[root]


def depends(root: Expr, on: Expr) -> set[Expr]:
    """Return the nodes under `root` in which `on` occurs, itself included."""
    touched: set[Expr] = set()
    for node in walk(root):
        if node is on or not touched.isdisjoint(node.args):
            touched.add(node)
    return touched


class Uses:
    """What uses what in an expression: so what depends on a variable is found without a look at all the rest.

    `place` has every node, with its place in the order of :func:`walk`.

    >>> from mcalc.operators.arithmetic import add, mul
    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> [node.op.name for node, _ in Uses(add(mul(x, y), y)).depending(x)]
    ['symbol', 'mul', 'add']
    """

    __slots__ = ("place", "users")

    def __init__(self, root: Expr) -> None:
        self.place = {node: place for place, node in enumerate(walk(root))}
        self.users: dict[Expr, list[tuple[Expr, int]]] = {}
        for node in self.place:
            for k, arg in enumerate(node.args):
                self.users.setdefault(arg, []).append((node, k))

    def depending(self, on: Expr) -> list[tuple[Expr, list[int]]]:
        """Return the nodes in which one occurs, itself included, in order; with the places of arguments that do."""
        if on not in self.place:
            return []
        found: dict[Expr, list[int]] = {on: []}
        stack = [on]
        while stack:
            for user, k in self.users.get(stack.pop(), ()):
                if user not in found:
                    found[user] = []
                    stack.append(user)
                found[user].append(k)
        return [(node, sorted(found[node])) for node in sorted(found, key=self.place.__getitem__)]


def fold(root: Any, needs: Callable[[Any], Sequence[Any]], combine: Callable[[Any, dict[Any, Any]], Any]) -> Any:
    """Work out a value that is defined by those of other keys, without recursion.

    `needs(key)` lists the keys whose values `combine(key, values)` will look up.

    >>> fold(4, lambda n: [n - 1] if n else [], lambda n, done: n * done[n - 1] if n else 1)
    24
    """
    done: dict[Any, Any] = {}
    asked: dict[Any, Sequence[Any]] = {}
    stack = [root]
    while stack:
        key = stack[-1]
        if key in done:
            stack.pop()
            continue
        if key not in asked:
            asked[key] = needs(key)
            waiting = [inner for inner in asked[key] if inner not in done]
            if waiting:
                stack.extend(reversed(waiting))
                continue
        stack.pop()
        done[key] = combine(key, done)
    return done[root]
