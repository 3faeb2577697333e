"""From the syntax tree to an expression: names get their meaning, operators their shapes; by loops only.

:class:`Elaborator` is a machine with a stack of things to do and a stack of expressions. What each kind of node means
is in the modules beside this one: `named`, `products`, `calls`, `forms` and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import pairwise

from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, ShapeError, Span
from mcalc.expr import Expr, Operator, make
from mcalc.notation.names.scope import Function, Scope, Signature
from mcalc.notation.shapes.sizes import Sizes
from mcalc.notation.surface.properties import SQUARE
from mcalc.notation.surface.syntax import Node, Noting
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.kronecker import KRON, VEC
from mcalc.operators.leaves import index, number, size, symbol, unit
from mcalc.operators.linear import ROW, TRANSPOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Elaborator(Noting):
    """Elaborates the syntax trees of one statement against a scope."""

    def __init__(self, text: str, scope: Scope, notes: list[str]) -> None:
        self.statement = text
        self.scope = scope
        self.notes = notes
        self.sizes = Sizes()
        self.frame: dict[str, Expr] = {}
        self.free: dict[str, Expr | None] = {}
        self.unsized: dict[Expr, bool] = {}
        self.assumed: dict[str, Expr] = {}
        self.beside: dict[str, Expr] = {}
        self.maps: dict[str, Signature] = {}
        self.orders: dict[str, int] = {}
        self.local_sizes: dict[str, Dim] = {}
        self.levels: dict[str, int] = {}
        self.calls = 0
        self.doubt: tuple[Mistake, list[Expr], Elaborator] | None = None
        self.elements: list[tuple[Expr, Node]] = []
        self.caller: Node | None = None
        self.within: Function | None = None
        self.bodies: list[Node] = []
        self.spent: set[str] = set()
        self.summed: dict[Node, bool] = {}
        self.entrywise: list[tuple[Node, Expr]] = []
        self.capitals: dict[str, dict[str, Node]] = {}
        self.todo: list[tuple[Callable[..., None], Any]] = []
        self.values: list[Expr] = []
        self.differentiated: tuple[Expr | None, dict[Expr, None]] = (None, {})
        """The last derivative, and the variables in it."""

    @property
    def text(self) -> str:
        """The text that the places of nodes count in: that of the function whose body is read, or the statement."""
        return self.statement if self.within is None else self.within.text

    def assume(
        self, orders: dict[str, int], sizes: Sequence[str], units: Container[str] = (), rows: Container[str] = ()
    ) -> None:
        """Make the variables that nothing declares, with sizes left open, and the sizes that stand in limits.

        Of those in `units` a vector is a unit vector; those in `rows` are matrices of one row.
        """
        for name in sizes:
            self.local_sizes[name] = Dim.named(name)
        self.orders = orders
        for name, order in orders.items():
            if name in units and order == 1 and (place := self._place(name[2:])) is not None:
                self.beside[name] = place
                self.note(f"{name} is the unit vector with a 1 at {name[2:]}")
            elif name[-1] != "(" and name not in self.local_sizes:  # f( is a function
                shape = [self.sizes.fresh() for _ in range(min(order, 1) if name in rows else order)]
                said = self.scope.properties.get(name, frozenset())
                if order == 2 and said & SQUARE:
                    shape = shape[:1] * 2
                properties = said - {"square"} if order == 2 else said - SQUARE
                self.assumed[name] = symbol(name, (Dim.of(1), *shape) if name in rows else tuple(shape), properties)

    def _place(self, sub: str) -> Expr | None:
        """Return the unit vector e_k, its size open; k is a number, a size, or else an index that nothing binds."""
        dim = self.sizes.fresh()
        if sub.isdecimal():
            return unit(number(int(sub)), dim)
        size_of = self.local_sizes.get(sub) or self.scope.sizes.get(sub)
        if size_of is not None:
            return unit(size(size_of), dim)
        if sub in self.scope.names() or sub in self.assumed:
            return None
        known = self.free.get(sub)
        if known is None:
            known = self.free[sub] = index(sub, 0, number(1), size(dim))
            self.levels[sub] = 1
        elif not self.sizes.equate(known.args[1].attr, dim):
            return None
        return unit(known, dim)

    def begin_free(self, letters: Iterable[str]) -> None:
        """Let these letters be indices that nothing binds; each runs through the axis where it is met first."""
        for letter in letters:
            self.free[letter] = None
            self.levels[letter] = 1

    def runs_through(self, running: Expr, dim: Dim) -> None:
        """Let an index run through an axis, where the size of that or how far the index runs is not known yet."""
        if running in self.unsized:
            limit = running.args[1].attr
            whole = len(limit.terms) == 1 and self.sizes.is_open(map(self.sizes.settle, (limit, dim)))
            self.unsized[running] = (whole and self.sizes.equate(limit, dim)) or self.unsized[running]

    def run(self, root: Node) -> Expr:
        """Return the expression of a syntax tree; sizes may still be open in it."""
        todo = self.todo
        todo.append((Elaborator.visit, root))
        while todo:
            action, what = todo.pop()
            action(self, what)
        return self.values.pop()

    def visit(self, node: Node) -> None:
        """Elaborate a node: a leaf at once, another after its parts, of which leaves need no turn of their own."""
        kind = node.kind
        leaf = LEAVES.get(kind)
        values = self.values
        if leaf is not None:
            values.append(leaf(self, node))
            return
        if (module := SELDOM.get(kind)) is not None:
            __import__(f"mcalc.notation.meaning.{module}")
            SELDOM.pop(kind, None)
        special = SPECIAL.get(kind)
        if special is not None and special(self, node):
            return
        parts = node.parts
        for place, part in enumerate(parts):
            leaf = LEAVES.get(part.kind)
            if leaf is None:
                self.after(parts[place:], Elaborator.build, node)
                return
            values.append(leaf(self, part))
        self.build(node)

    def after(self, parts: Sequence[Node], action: Callable[[Elaborator, Any], None], what: Any) -> bool:
        """Elaborate some parts, the first one first, then do something; return True, as what begins a node does."""
        visit = Elaborator.visit
        self.todo.append((action, what))
        self.todo.extend([(visit, part) for part in reversed(parts)])
        return True

    def take(self, count: int) -> list[Expr]:
        """Return the last expressions made, so many, and take them off the stack."""
        start = len(self.values) - count
        found = self.values[start:]
        del self.values[start:]
        return found

    def build(self, node: Node) -> None:
        """Make the expression of a node whose parts are done."""
        args = self.take(len(node.parts))
        self.values.append(BUILDERS[node.kind](self, node, args))

    def attempt(self, function: Callable[..., Expr], args: Sequence[Expr], nodes: Sequence[Node]) -> Expr:
        """Return `function(*args)`; where sizes differ that are still open, bind them and try again."""
        while True:
            try:
                return function(*args)
            except ShapeError as e:
                changed = self._bind(e, args)
                if changed is None:
                    raise self.mistake(e, nodes, args) from None
                args = changed

    def made(self, row: Operator, args: Sequence[Expr], nodes: Sequence[Node]) -> Expr:
        """Return a row of the table applied; where sizes differ that are still open, bind them and try again."""
        return self.attempt(lambda *found: make(row, found), args, nodes)

    def _bind(self, e: ShapeError, args: Sequence[Expr]) -> Sequence[Expr] | None:
        """Return the arguments with sizes put in that make them agree, or None where nothing is open."""
        sizes = self.sizes
        if not sizes.count:
            return None
        for _ in range(2):
            settled = [sizes.resolve(a) if a.shape and sizes.is_open(a.shape) else a for a in args]
            if any([a is not b for a, b in zip(settled, args, strict=True)]):
                return settled
            if not (isinstance(e.left, Dim) and isinstance(e.right, Dim)):
                break
            if not (sizes.equate(e.left, e.right) or any([self._pairs_fit(*two) for two in pairwise(args)])):
                break
        return None

    def _pairs_fit(self, left: Expr, right: Expr) -> bool:
        """Bind the sizes of X in kron(A, B) vec(X), which is vec(B X Aᵀ), in vec(X)ᵀ kron(A, B) and vec(X)ᵀ vec(Y)."""
        left, right = _vec_in(left), _vec_in(right)
        if left.op is right.op is VEC:
            return self.sizes.equate_shapes(left.args[0].shape, right.args[0].shape)
        axis = 1 if right.op is VEC else 0
        whole, vec = (left, right) if axis else (right, left)
        if whole.op is TRANSPOSE:
            whole, axis = whole.args[0], 1 - axis
        if whole.op is not KRON or vec.op is not VEC:
            return False
        sides = zip(vec.args[0].shape, whole.args[::-1], strict=True)
        return all([self.sizes.equate(own, side.shape[axis]) for own, side in sides])

    def square(self, value: Expr) -> Expr:
        """Return a matrix whose sizes are bound to be equal, where one of them is open."""
        if self.sizes.count and value.order == 2 and self.sizes.equate(*value.shape):
            return self.sizes.resolve(value)
        return value

    def same_shapes(self, args: Sequence[Expr]) -> None:
        """Bind the open sizes of arguments of one shape, all at once, since a sum may be long."""
        shapes = [arg.shape for arg in args if arg.shape]
        for shape in shapes[1:]:
            if shape is not shapes[0]:
                self.sizes.equate_shapes(shapes[0], shape)

    def of_one_shape(self, function: Callable[..., Expr], args: Sequence[Expr], nodes: Sequence[Node]) -> Expr:
        """Return `function(*args)` of arguments of one shape."""
        if self.sizes.count:
            self.same_shapes(args)
        return self.attempt(function, args, nodes)

    def source(self, node: Node, width: int = 24) -> str:
        """Return the text of a node, where it is short enough for a message."""
        text = " ".join(self.text[node.start : node.end].split())
        if text[:1] == "}":  # what is below the line of a \\frac
            text = text[1:].strip().removeprefix("{").removesuffix("}").strip()
        elif text[-1:] == "]" and text.count("]") > text.count("["):
            text = f"[{text}"
        return text if len(text) <= width else ""

    def label(self, node: Node, value: Expr) -> str:
        """Return what stands at a node, for the label of a span."""
        text = shape_text(value.shape) if not value.is_row else f"row of {value.shape[0]}"
        inner = node.parts[0] if node.kind in ("transpose", "group") else node
        if inner.kind == "name":
            name = inner.value.full
            origin = "assumed" if name in self.assumed else self.scope.origins.get(name, "")
            if origin:
                text += f", {origin}"
        return self.sizes.text(text)

    def spans(self, nodes: Sequence[Node], labels: Sequence[str]) -> list[Span]:
        """Return labelled spans; inside a function's body, that of its call."""
        if self.caller is not None:
            return [Span(self.caller.start, self.caller.end, f"in {self.caller.value.full}(...)")]
        return [Span(n.start, n.end, label) for n, label in zip(nodes, labels, strict=True)]

    def fail(self, code: str, message: str, node: Node, label: str = "", hint: str = "") -> Mistake:
        """Return a mistake at one node."""
        return Mistake(code, self.sizes.text(message), self.spans([node], [label]), hint=hint)

    def mistake(self, e: ShapeError, nodes: Sequence[Node], values: Sequence[Expr] | None = None) -> Mistake:
        """Return the mistake of a shape rule, with the places of the operands that do not fit."""
        places = [p for p in e.places if p < len(nodes)] or list(range(min(len(nodes), 2)))
        marked = [nodes[p] for p in places]
        labels = [self.label(nodes[p], values[p]) if values is not None else "" for p in places]
        message, hint = e.message, e.hint
        names = [self.source(n) for n in marked]
        if values is not None and len(places) == 2 and all(names) and message.startswith("cannot multiply"):
            shapes = [_size_text(values[p]) for p in places]
            reason = message.partition(": ")[2]
            message = f"cannot multiply {names[0]} ({shapes[0]}) by {names[1]} ({shapes[1]})" + (
                f": {reason}" if reason else ""
            )
            for side, (left, right) in {"left": ("{}ᵀ", "{}"), "right": ("{}", "{}ᵀ")}.items():
                if hint.startswith(f"transpose the {side} one: "):
                    fit = hint.partition(": ")[2].replace(" fits, and gives", " gives")
                    hint = f"{left.format(_bracket(names[0]))} {right.format(_bracket(names[1]))} fits ({fit})"
        return Mistake(e.code, self.sizes.text(message), self.spans(marked, labels), hint=self.sizes.text(hint))


def _vec_in(side: Expr) -> Expr:
    """The vec of which a sum, a multiple or a transpose is made: that of -vec(Y), vec(X)ᵀ, vec(X) - vec(Y)."""
    while side.op in (ROW, MUL, ADD):
        side = side.args[0 if side.op is ADD else -1]
    return side


def _size_text(value: Expr) -> str:
    if not value.shape:
        return "a scalar"
    sizes = "×".join([f"({d})" if " " in str(d) and value.order > 1 else str(d) for d in value.shape])
    return f"1×{sizes}" if value.is_row else sizes


def _bracket(text: str) -> str:
    return text if text.isalnum() else f"({text})"


LEAVES: dict[str, Callable[[Elaborator, Node], Expr]] = {}
SPECIAL: dict[str, Callable[[Elaborator, Node], bool]] = {}
BUILDERS: dict[str, Callable[[Elaborator, Node, list[Expr]], Expr]] = {}
SELDOM = {
    "big": "bigs", "slice": "ranges", "expectation": "moving", "differential": "moving", "directional": "moving",
    "power": "powers", "transpose": "powers",
}  # fmt: skip
"""Kinds that no statement had so far, and which module says what they mean: it is loaded when one is met."""
