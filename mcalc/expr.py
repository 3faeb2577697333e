"""The one expression type: immutable, interned, and walked by loops.

Two equal expressions are the same object, so identity is equality and a shared sub-expression is stored, differentiated
and printed once. A shape is a tuple of :class:`~mcalc.dims.Dim`: no axes for a scalar, one for a vector, two for a
matrix. Tensor shapes have no orientation; `Expr.is_row` says that a vector is written as a row (``xᵀ``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from itertools import count

from mcalc.dims import Table, shape_text
from mcalc.limits import WORK, Exhausted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any, TypeAlias, TypeVar

    from mcalc.dims import Shape

    Number: TypeAlias = int | Fraction | float
    ShapeRule: TypeAlias = Callable[[tuple["Expr", ...], Any], Shape]
    Labels: TypeAlias = tuple[int, ...]
    T = TypeVar("T")


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
    names it is called by in input, and `also` those it has elsewhere, which are read as the first of these. `rule`,
    `section`, `kink`, `domain`, `formula` and `example` are what the steps, the notes and the reference say of it.
    `bit` is a power of two of its own, with which an expression says that it has the operator in it.
    """

    __slots__ = (
        "also", "arity", "bit", "body", "domain", "einsum", "example", "formula", "jacobian", "kind", "kink", "latex",
        "layout", "name", "numpy", "partial", "row", "rule", "section", "shape", "spellings", "symmetric",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        kind: str,
        shape: ShapeRule,
        *,
        spellings: Sequence[str] = (),
        also: Sequence[str] = (),
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
        self.also = tuple(also)
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
        "__weakref__", "args", "attr", "bits", "free", "is_row", "is_symmetric", "known", "op", "order", "shape",
    )  # fmt: skip
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

    @property
    def is_square(self) -> bool:
        """Whether it is a matrix with as many rows as columns."""
        return self.order == 2 and self.shape[0] is self.shape[1]

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
    key = (op, args, attr if attr is None or not isinstance(attr, (bool, float)) else (type(attr), repr(attr)))
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
        with Table.lock:
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


@remembered_of
def _below(root: Expr) -> list[Expr]:
    return [*walk(root)][:-1]  # the root in its own memory would be a circle


def nodes_of(root: Expr) -> list[Expr]:
    """Return every node of an expression, as `walk` yields them: of what is asked many things, walked once for all.

    >>> from mcalc.operators.arithmetic import add
    >>> from mcalc.operators.leaves import number, symbol
    >>> [node.op.name for node in nodes_of(add(symbol("x"), number(1)))]
    ['symbol', 'number', 'add']
    """
    return [*_below(root), root]


def rebuild(root: Expr, change: Callable[[Expr, tuple[Expr, ...]], Expr | None]) -> Expr:
    """Return `root` rebuilt from the leaves: `change(node, new_args)` gives a replacement, or None for the same op."""
    new: dict[Expr, Expr] = {}
    for node in walk(root):
        args = tuple([new[a] for a in node.args])
        made = change(node, args)
        if made is None:
            made = node if args == node.args else make(node.op, args, node.attr)
        new[node] = made
    return new[root]


def depends(root: Expr, on: Expr) -> set[Expr]:
    """Return the nodes under `root` in which `on` occurs, itself included."""
    touched: set[Expr] = set()
    for node in walk(root):
        if node is on or not touched.isdisjoint(node.args):
            touched.add(node)
    return touched


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
