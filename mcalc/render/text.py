"""From an expression to one line of text: a stream of (text, role) pieces, by one stack, in time linear in it.

A template (templates.py) turns one node into a list of items: pieces, arguments with the level they must hold
together at, and marks that open or close a scope. A face supplies the glyphs. Where the printed tree would be large,
shared parts are named and printed once (naming.py). The text is Unicode or ASCII, as it is printed in a pipe, and what
mcalc reads back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mcalc.calculus.basics.running_indices import told_apart
from mcalc.expr import Expr, walk
from mcalc.fresh import free_base, names_in
from mcalc.render.faces import ASCII, ATOM, TOP, UNICODE, Emitter, Face, Item, Piece
from mcalc.render.naming import DEFINED, NUMBERED, choose, letter_for, repeated, unsized
from mcalc.render.quotients import gathered
from mcalc.render.templates import template_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.calculus.stories.lines import Marks

BRIEFER = 0.87
"""A repeated part is named where the whole, with its definition, is at most this long."""
BUDGET = 2000
"""An expression of more pieces than this is printed with names for its shared parts."""


class _TooLong(Exception):
    """The printed tree is beyond the budget."""


def pieces(emitter: Emitter, node: Expr, budget: int | None = None, whole: bool = False) -> list[Piece]:
    """Return the pieces of a node that stands alone; with `whole`, of the node itself even where it has a name.

    An == stands in parentheses there: alone it would be read as an equation.
    """
    out: list[Piece] = []
    templates = emitter.face.templates
    named = emitter.named
    stack: list[Item] = [(node, ATOM if node.op.layout == "compare ==" else TOP)]
    following, write = stack.pop, out.append
    while stack:
        item = following()
        first, second = item
        if first.__class__ is str:
            write(item)
        elif first.__class__ is not Expr:
            first(emitter, second)
        elif named and first in named and not whole:
            write((emitter.face.symbol(emitter, named[first], first), "name"))
        else:
            whole = False
            template = templates.get(first.op) or template_of(emitter.face, first.op)
            own, items = template(emitter, first)
            if own < second:
                stack.append(emitter.face.closing)
                write(emitter.face.opening)
            stack += items[::-1]
            if budget is not None and len(out) > budget:
                raise _TooLong
    return out


class Layout:
    """A printed expression: its pieces, and the definitions of the parts that were named, each using earlier ones."""

    __slots__ = ("definitions", "main")

    def __init__(self, main: list[Piece], definitions: list[tuple[str, list[Piece]]]) -> None:
        self.main = main
        self.definitions = definitions

    def pieces(self, face: Face) -> list[Piece]:
        """Return all pieces in a row, the definitions after `where`."""
        if not self.definitions:
            return self.main
        out = [*self.main, face.where]
        for place, (name, pieces) in enumerate(self.definitions):
            if place:
                out.append(face.and_where)
            out.append((name, "name"))
            out.append(face.equals)
            out.extend(pieces)
        return out


def lay_out(
    root: Expr,
    face: Face,
    taken: Collection[str] = (),
    budget: int = BUDGET,
    marks: Marks | None = None,
    brief: bool = False,
    apart: Collection[Expr] = (),
    alone: bool = False,
) -> Layout:
    """Return the layout of an expression in a face; `taken` are names that mean something else where it will be read.

    `marks` are those of the derivatives in a derivation; without them a derivative is one still to be taken. With
    `brief`, as for a result, a part that is repeated gets a name where that makes the whole clearly shorter. The parts
    that are to stand `apart` get names, too. What stands `alone`, as the meaning of a name, says all its sizes.
    A word with a meaning of its own (`I`, `T`, `σ`, ...) is printed another way where something has its name.
    """
    root = told_apart(root if face.is_gathered else gathered(root, bars=False, slashes=not face.fractions), taken)
    taken = {*taken, *names_in(root)}
    sized: set[Expr] = set()
    while True:
        emitter = Emitter(face, root, taken, sized, marks)
        try:
            layout = Layout(pieces(emitter, root, budget=-1 if apart else budget), [])
            part = repeated(root) if brief and len(layout.main) > 4 * DEFINED else None
            if part is not None:
                named = Emitter(face, root, taken, sized, marks)
                shorter = _with_name(named, root, part)
                if shorter is not None and _written(shorter.pieces(face)) <= BRIEFER * _written(layout.main):
                    emitter, layout = named, shorter
        except _TooLong:
            emitter = Emitter(face, root, taken, sized, marks)
            layout = _with_names(emitter, root, apart)
        if emitter.constants and not sized:
            named_parts = {*emitter.named, root} if alone else emitter.named
            sized = unsized(root, named_parts) if emitter.reducing or named_parts else set()
            if _is_called(layout.pieces(face), face):
                sized |= {node for node in walk(root) if node.op.layout == "eye"}
        if not sized or emitter.sized is sized:
            return layout


def _is_called(pieces: Sequence[Piece], face: Face) -> bool:
    """Say whether an identity stands before a bracket, where `I (x + y)` would be read as `I(n)`."""
    identity, opening = face.identity, face.opening
    for place, piece in enumerate(pieces):
        if piece == identity and pieces[place + 1 : place + 3] == [face.space, opening]:
            return True
    return False


def _written(pieces: Sequence[Piece]) -> int:
    """The number of pieces that are more than a space."""
    return sum([not text.isspace() for text, _ in pieces])


def _with_name(emitter: Emitter, root: Expr, part: Expr) -> Layout | None:
    """Give one part a name that says what it is, and define it once; None where no good name is free."""
    name = letter_for(part, emitter.all_names())
    if name is None:
        return None
    emitter.named[part] = name
    main = pieces(emitter, root, whole=True)
    return Layout(main, [(emitter.face.symbol(emitter, name, part), pieces(emitter, part, whole=True))])


def _with_names(emitter: Emitter, root: Expr, apart: Collection[Expr] = ()) -> Layout:
    """Name the shared parts and print each once; or, where there are some, those that are to stand apart."""
    everywhere, local = ([node for node in walk(root) if node in apart], {}) if apart else choose(root)
    if not everywhere and not local:
        return Layout(pieces(emitter, root), [])
    prefix = free_base(emitter.all_names(), NUMBERED)
    number = 0
    for nodes in (everywhere, *local.values()):
        for node in nodes:
            if node not in emitter.named:
                number += 1
                emitter.named[node] = f"{prefix}_{number}"
    emitter.local = local
    main = pieces(emitter, root, whole=True)
    definitions = []
    for node in everywhere:
        name = emitter.face.symbol(emitter, emitter.named[node], node)
        definitions.append((name, pieces(emitter, node, whole=True)))
    return Layout(main, definitions)


def unicode(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as one line of Unicode; `taken` are names declared where it will be read.

    With `brief` a repeated part may get a name: `… where s = softmax(K q)`.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import dot, transpose
    >>> x = symbol("x", (Dim.named("n"),))
    >>> unicode(dot(x, x)), unicode(transpose(x))
    ('x · x', 'xᵀ')
    """
    return write(expr, UNICODE, taken, brief)


def ascii(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:  # noqa: A001
    """Return an expression as one line of ASCII.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import dot, transpose
    >>> x = symbol("λ", (Dim.named("n"),))
    >>> ascii(dot(x, x)), ascii(transpose(x))
    ('lambda . lambda', 'lambda^T')
    """
    return write(expr, ASCII, taken, brief)


def write(expr: Expr, face: Face, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as text in a face."""
    return "".join([text for text, _ in lay_out(expr, face, taken, brief=brief).pieces(face)])


def display_shape(expr: Expr) -> str:
    """Return the shape as rows by columns.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import transpose
    >>> x = symbol("x", (Dim.named("n"),))
    >>> display_shape(x), display_shape(transpose(x)), display_shape(symbol("z"))
    ('n×1', '1×n', '1×1')
    """
    if not expr.shape:
        return "1×1"
    sizes = [f"({dim})" if " " in str(dim) else str(dim) for dim in expr.shape]
    if len(sizes) == 1:
        sizes = ["1", sizes[0]] if expr.is_row else [sizes[0], "1"]
    return "×".join(sizes)


def shape_words(expr: Expr, layout: str = "") -> str:
    """Return the shape in words, with the layout that it is due to, where one is given.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import transpose
    >>> shape_words(transpose(symbol("x", (Dim.named("n"),)))), shape_words(symbol("A", (Dim.named("m"),)), "numerator")
    ('1×n, a row', 'm×1, a column: numerator layout')
    """
    order = len(expr.shape)
    if not order:
        return "a scalar"
    what = {1: ", a row" if expr.is_row else ", a column", 2: ""}.get(order, f", {order} axes")
    return f"{display_shape(expr)}{what}{f': {layout} layout' * bool(layout)}"
