"""The syntax tree, and how the parser builds it: no meaning yet, but the places where everything stood.

The parser makes the surface tree: runs of letters whole, what stands before a bracket `applied`, chains as they are.
`resolve.py` turns it into names, calls, derivatives and sums, which is what the elaborator takes.

The rows of `BUILD` are the rules and aliases of ``grammar/mcalc.lark``; the parser calls them while it reads, so there
is no second pass. Chains of one level stay flat: `parts` are the operands, `value` the operators between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from mcalc.patterns import GREEK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any

    Children = list[Any]

Variable = tuple["Name", int, int]
"""A name, and where it begins and ends."""
Steps = list[list[Variable]]
SPELLED = frozenset(GREEK.values())
MATRIX_BAR = "❘"
"""A bar that around a matrix can only be the determinant: in LaTeX, and in a logarithm."""


class Noting:
    """What has notes on the choices that it made."""

    notes: list[str]

    def note(self, text: str) -> None:
        """Add a note, once."""
        if text not in self.notes:
            self.notes.append(text)


class Token:
    """A piece of the text: its type in the grammar, its text, where it stood, and what was made of it."""

    __slots__ = ("end", "start", "text", "type", "value")

    def __init__(self, kind: str, text: str, start: int, end: int, value: Any = None) -> None:
        self.type = kind
        self.text = text
        self.start = start
        self.end = end
        self.value = value

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})"


def spelled(tokens: Sequence[Token]) -> str:
    """Return what some tokens say in mcalc's own notation, wherever they came from."""
    return "".join([token.text if token.type == "SUB" else f" {token.text}" for token in tokens]).strip()


class Node:
    """A node of the syntax tree: what it is, where it stood, its parts, and a value that depends on the kind."""

    __slots__ = ("end", "kind", "parts", "start", "value")

    def __init__(
        self, kind: str, start: int, end: int, parts: tuple[Node, ...] | list[Node] = (), value: Any = None
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.parts = parts
        self.value = value

    def __repr__(self) -> str:
        return f"<{self.kind} {self.start}:{self.end} {self.value!r}>"


class Leaf(Node):
    """A node that is a token as well: a run of letters, a number, a vector of ones; the parser takes it as it is."""

    __slots__ = ("text", "type")

    def __init__(self, kind: str, token: str, text: str, start: int, end: int, value: Any) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.parts = ()
        self.value = value
        self.type = token
        self.text = text


class Name:
    """What a name in the text says: its base, its subscript as written, and both as one: ``w_train``, ``u_{n+1}``."""

    __slots__ = ("base", "full", "sub")

    def __init__(self, base: str, sub: str | None = None) -> None:
        self.base = base
        self.sub = sub
        self.full = base if sub is None else f"{base}_{sub}" if sub.isalnum() else f"{base}_{{{sub}}}"

    def __repr__(self) -> str:
        return self.full


def subscripted_name(base: str, subs: Sequence[str]) -> Name:
    """Return a name with its subscripts, of which all but the last belong to its base: x_hat_i.

    >>> subscripted_name("x", ["hat", "i"]), subscripted_name("x", ["hat", "i"]).sub
    (x_hat_i, 'i')
    """
    name = Name(base, subs[0] if subs else None)
    for sub in subs[1:]:
        name = Name(name.full, sub)
    return name


class Part:
    """What a slice has for one axis: a place, or the first and the last place, each None where it is not written."""

    def __init__(self, start: int, end: int, first: Node | None, last: Node | None, *, is_range: bool) -> None:
        self.start = start
        self.end = end
        self.first = first
        self.last = last
        self.is_range = is_range

    @property
    def limits(self) -> list[Node]:
        """The places that are written."""
        return [node for node in (self.first, self.last) if node is not None]


class Partial:
    """An undefined function that is derived by its arguments, as many times each as `counts` says.

    `behind` is the sign before its parameters, and how many arguments stand before that. `mark` is ∇ or J where the
    derivative was written so: ∇f(x), J_f(x).
    """

    def __init__(
        self, base: str, counts: tuple[int, ...] = (), behind: tuple[str, int] = ("", 0), mark: str = ""
    ) -> None:
        self.base = self.full = base
        self.sub = None
        self.counts = counts
        self.behind = behind
        self.mark = mark


def called_alone(name: Node, parameters: Iterable[str]) -> Node:
    """Return a function of the user's that is named alone as its call by its own parameters: the f of ∂f/∂x."""
    own = [Node("name", name.start, name.end, (), Name(parameter)) for parameter in parameters]
    return Node("call", name.start, name.end, own, name.value)


def derived_by(node: Node) -> list[Name]:
    """Return the names that a derivative is taken by."""
    return [name for group in node.value for name, _, _ in group]


CHAINS = {"SIGN": "sum", "OP": "product", "RELATION": "relation"}


def walk_trees(roots: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes of some syntax trees, one tree after the other."""
    for root in roots:
        yield from walk_syntax(root)


def walk_syntax(root: Node) -> Iterator[Node]:
    """Yield every node of a syntax tree once, a node before its parts; no recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.parts:
            stack.extend(reversed(node.parts))


def _chain_more(c: Children) -> Node:
    chain, op, right = c
    chain.parts.append(right)
    chain.value.append(op)
    chain.end = right.end
    return chain  # type: ignore[no-any-return]


def _list_more(c: Children) -> Node:
    c[0].parts.append(c[2])
    c[0].end = c[2].end
    return c[0]  # type: ignore[no-any-return]


def _subscript(c: Children) -> Node:
    if c[1].value == "×" and c[0].kind in ("block", "bracket") and len(c[0].parts) == 1:
        # [a]_×, the matrix that multiplies by a in a cross product
        run = Node("run", c[0].start, c[0].start, (), ("hat", []))
        bracket = Node("bracket", c[0].start, c[0].end, c[0].parts, "(")
        return Node("applied", c[0].start, c[1].end, [run, bracket], Token("OP", "", c[0].start, c[0].start, ""))
    if c[0].kind == "bars" and c[1].value in ("1", "2", "∞"):  # λ|β|_1
        return Node("norm", c[0].start, c[1].end, [*c[0].parts], c[1].value)
    base = c[0]
    while _is_plain_power(base):
        base = base.parts[0]
    if base is not c[0] and base.kind == "run" and not base.value[1] and c[0].end == c[1].start and _is_letter(base):
        base.value = (base.value[0], [c[1].value])  # x^T_i, σ^2_x: scripts above and below come in any order
        return c[0]  # type: ignore[no-any-return]
    return Node("subscript", c[0].start, c[1].end, (c[0],), c[1].value)


def _is_plain_power(node: Node) -> bool:
    """Say whether a node is a transpose, or a power with a number above: what stands below it is below its base."""
    if node.kind == "transpose":
        return True
    above = node.parts[1] if node.kind == "power" and node.value != ".^" else node
    while above.kind == "negative" or (above.kind == "bracket" and len(above.parts) == 1):
        above = above.parts[0]
    return above is not node and above.kind in ("number", "transpose_mark")


def _is_letter(run: Node) -> bool:
    word: str = run.value[0]
    return (len(word) == 1 and word.isalpha()) or word in SPELLED


def _span(c: Children) -> Node:
    colon = next(k for k, part in enumerate(c) if part.__class__ is Token)
    return Node("span", c[0].start, c[-1].end, [part for part in c if part.__class__ is not Token], colon)


def _applied(c: Children) -> Node:
    arguments = c[2].parts if len(c) > 3 else ()
    bracket = Node("bracket", c[1].start, c[-1].end, arguments, "(")
    if len(c) == 6:
        bracket.value = (c[3].value, len(arguments))
        bracket.parts = [*arguments, *c[4].parts]
    return Node("applied", c[0].start, c[-1].end, [c[0], bracket], Token("OP", "", c[0].end, c[1].start, ""))


def _primed(c: Children) -> Node:
    made = _applied([c[0], *c[2:]])
    made.kind = "primed"
    made.parts[1].value = (c[1], made.parts[1].value)
    return made


def _block(c: Children) -> Node:
    rows = c[1].parts
    entries = [entry for row in rows for entry in row.parts]
    return Node("block", c[0].start, c[2].end, entries, [len(row.parts) for row in rows])


def _braces(c: Children) -> Node:
    pieces = c[1].parts
    parts = [part for piece in pieces for part in piece.parts]
    lengths = [-1 if piece.value else len(piece.parts) for piece in pieces]
    kind, value = ("bracket", "{") if lengths == [1] else ("cases", lengths)
    return Node(kind, c[0].start, c[2].end, parts, value)


BUILD: dict[str, Callable[[Children], Node]] = {
    "chain_begin": lambda c: Node(CHAINS[c[1].type], c[0].start, c[2].end, [c[0], c[2]], [c[1]]),
    "chain_more": _chain_more,
    "negative": lambda c: c[1] if c[0].value == "+" else Node("negative", c[0].start, c[1].end, (c[1],)),
    "power": lambda c: Node("power", c[0].start, c[2].end, (c[0], c[2]), c[1].text),
    "transposed": lambda c: Node("transpose", c[0].start, c[1].end, (c[0],), c[1].text),
    "superscript": lambda c: Node("power", c[0].start, c[1].end, (c[0], c[1].value), c[1].text),
    "subscript": _subscript,
    "indexed": lambda c: Node("indexed", c[0].start, c[3].end, (c[0], *c[2].parts), c[1].start),
    "span": _span, "applied": _applied, "primed": _primed,
    "ranged": lambda c: Node("ranged", c[0].start, c[9].end, [c[2], c[4], c[6], c[8]], c[0]),
    "bracket": lambda c: Node("bracket", c[0].start, c[2].end, c[1].parts, c[0].text),
    "bars": lambda c: Node("bars", c[0].start, c[2].end, (c[1],), c[0].text),
    "norm": lambda c: Node("norm", c[0].start, c[2].end, (c[1],), c[2].value),
    "angle": lambda c: Node("angle", c[0].start, c[4].end, (c[1], c[3])),
    "list_begin": lambda c: Node("list", c[0].start, c[0].end, [c[0]]), "list_more": _list_more,
    "block": _block,
    "piece": lambda c: Node("piece", c[0].start, c[-1].end, c[::2]),
    "piece_otherwise": lambda c: Node("piece", c[0].start, c[1].end, (c[0],), "otherwise"),
    "braces": _braces,
}  # fmt: skip
"""What the parser calls for each rule and alias of the grammar, with the list of the rule's tokens and nodes."""


def exact(text: str, digits: int) -> int | Fraction | None:
    """Return the number that a text says, exactly, or None where it has more digits than that.

    >>> exact("0.5", 100), exact("1e3", 100), exact("1e999", 100)
    (Fraction(1, 2), 1000, None)
    """
    if text.isdecimal() and len(text) <= digits:
        return int(text)
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > digits or len(exponent) > 6 or abs(int(exponent or 0)) > digits:
        return None
    from fractions import Fraction

    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value
