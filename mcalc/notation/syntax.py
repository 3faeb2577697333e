"""The syntax tree, and how the parser builds it: no meaning yet, but the places where everything stood.

The methods of :class:`Build` are the rules and aliases of ``grammar/mcalc.lark``; the parser calls them while it reads,
so there is no second pass. Chains of one level stay flat: `parts` are the operands, `value` the operators between them.
"""

# ruff: noqa: D102, each method of Build is named after its rule and does what the rule says
from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Children = list[Any]


class Token:
    """A piece of the text: its type in the grammar, its text, where it stood, and what was made of it."""

    __slots__ = ("end", "start", "text", "type", "value")
    # Lark asks the last token for these when it makes the token that ends the text.
    start_pos = line = column = end_line = end_column = end_pos = 0

    def __init__(self, kind: str, text: str, start: int, end: int, value: Any = None) -> None:
        self.type = kind
        self.text = text
        self.start = start
        self.end = end
        self.value = value

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})"


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


class Name:
    """What a name in the text says: the name, its subscript as written, and whether it came with a note."""

    __slots__ = ("base", "sub")

    def __init__(self, base: str, sub: str | None = None) -> None:
        self.base = base
        self.sub = sub

    @property
    def full(self) -> str:
        """The name with its subscript: ``w_train``, ``u_{n+1}``."""
        if self.sub is None:
            return self.base
        return f"{self.base}_{self.sub}" if self.sub.isalnum() else f"{self.base}_{{{self.sub}}}"

    def __repr__(self) -> str:
        return self.full


CHAINS = {"SIGN": "sum", "OP": "product", "RELATION": "relation"}


def walk_syntax(root: Node) -> Iterator[Node]:
    """Yield every node of a syntax tree once, a node before its parts; no recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.parts:
            stack.extend(reversed(node.parts))


class Build:
    """What the parser calls for each rule; the argument is always the list of tokens and nodes of the rule."""

    @staticmethod
    def alone(c: Children) -> Node:
        node: Node = c[0]
        return node

    @staticmethod
    def chain_begin(c: Children) -> Node:
        left, op, right = c
        return Node(CHAINS[op.type], left.start, right.end, [left, right], [op])

    @staticmethod
    def chain_more(c: Children) -> Node:
        chain, op, right = c
        chain.parts.append(right)
        chain.value.append(op)
        chain.end = right.end
        return chain  # type: ignore[no-any-return]

    @staticmethod
    def negative(c: Children) -> Node:
        return c[1] if c[0].value == "+" else Node("negative", c[0].start, c[1].end, (c[1],))

    @staticmethod
    def prefixed(c: Children) -> Node:
        token, body = c
        kind, value = token.value
        return Node(kind, token.start, body.end, (body,), value)

    @staticmethod
    def power(c: Children) -> Node:
        return Node("power", c[0].start, c[2].end, (c[0], c[2]), c[1].text)

    @staticmethod
    def transposed(c: Children) -> Node:
        return Node("transpose", c[0].start, c[1].end, (c[0],), c[1].text)

    @staticmethod
    def superscript(c: Children) -> Node:
        return Node("superscript", c[0].start, c[1].end, (c[0], c[1].value), c[1].text)

    @staticmethod
    def subscript(c: Children) -> Node:
        return Node("subscript", c[0].start, c[1].end, (c[0],), c[1].value)

    @staticmethod
    def sliced(c: Children) -> Node:
        return Node("slice", c[0].start, c[1].end, (c[0],), c[1].value)

    @staticmethod
    def number(c: Children) -> Node:
        return Node("number", c[0].start, c[0].end, (), c[0].value)

    @staticmethod
    def name(c: Children) -> Node:
        return Node("name", c[0].start, c[0].end, (), c[0].value)

    @staticmethod
    def constant(c: Children) -> Node:
        return Node("constant", c[0].start, c[0].end, (), c[0].value)

    @staticmethod
    def quotient(c: Children) -> Node:
        name, variables = c[0].value
        of = Node("name", c[0].start, c[0].end, (), name)
        return Node("quotient", c[0].start, c[0].end, (of,), variables)

    @staticmethod
    def quotient_of(c: Children) -> Node:
        return Node("derivative", c[0].start, c[2].end, (c[1],), c[2].value)

    @staticmethod
    def call_nothing(c: Children) -> Node:
        return Node("call", c[0].start, c[2].end, (), c[0].value)

    @staticmethod
    def call(c: Children) -> Node:
        return Node("call", c[0].start, c[3].end, c[2].parts, c[0].value)

    @staticmethod
    def ranged(c: Children) -> Node:
        kind, value = c[2].value
        return Node(kind, c[0].start, c[5].end, (c[4],), value)

    @staticmethod
    def group(c: Children) -> Node:
        node: Node = c[1]
        if node.kind in ("power", "number", "name", "superscript", "product"):
            return Node("group", c[0].start, c[2].end, (node,))
        node.start, node.end = c[0].start, c[2].end
        return node

    @staticmethod
    def bars(c: Children) -> Node:
        return Node("bars", c[0].start, c[2].end, (c[1],), c[0].text)

    @staticmethod
    def norm(c: Children) -> Node:
        return Node("norm", c[0].start, c[2].end, (c[1],), c[2].value)

    @staticmethod
    def angle(c: Children) -> Node:
        return Node("angle", c[0].start, c[4].end, (c[1], c[3]))

    @staticmethod
    def list_begin(c: Children) -> Node:
        return Node("list", c[0].start, c[0].end, [c[0]])

    @staticmethod
    def list_more(c: Children) -> Node:
        c[0].parts.append(c[2])
        c[0].end = c[2].end
        return c[0]  # type: ignore[no-any-return]

    @staticmethod
    def block(c: Children) -> Node:
        rows = c[1].parts
        return Node(
            "block", c[0].start, c[2].end, [entry for row in rows for entry in row.parts], [len(r.parts) for r in rows]
        )

    @staticmethod
    def piece(c: Children) -> Node:
        return Node("piece", c[0].start, c[-1].end, c[::2])

    @staticmethod
    def piece_otherwise(c: Children) -> Node:
        return Node("piece", c[0].start, c[1].end, (c[0],), "otherwise")

    @staticmethod
    def braces(c: Children) -> Node:
        pieces = c[1].parts
        parts = [part for piece in pieces for part in piece.parts]
        lengths = [-1 if piece.value else len(piece.parts) for piece in pieces]
        if lengths == [1]:
            return Build.group([c[0], parts[0], c[2]])
        return Node("cases", c[0].start, c[2].end, parts, lengths)


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
    value = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
    return value.numerator if value.denominator == 1 else value
