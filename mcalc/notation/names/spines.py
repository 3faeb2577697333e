"""What stands around an operand, powers, transposes and subscripts, taken off and put on; the signs of chains.

A sign between two operands calls a function where a row of the table has it among its spellings, ``A ⋆ B``. It stands
on the level of ⊗ and of the dot: products bind tighter, and a chain is read from left to right.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.notation.surface.syntax import Name, Node, Token, subscripted_name
from mcalc.notation.surface.words import plain_name
from mcalc.operators import FUNCTIONS
from mcalc.operators.axes import LAST

Found = tuple[list[Node], list[Token], int, Node | None]
"""Nodes and the signs between them, the place in the chain after them, and what opens there: a derivative, a sum."""

SPINE = frozenset(("power", "transpose", "subscript", "indexed"))


def descend(node: Node) -> tuple[list[Node], Node]:
    """Return the nodes around an operand, the outermost first, and the operand."""
    spine: list[Node] = []
    while node.kind in SPINE:
        spine.append(node)
        node = node.parts[0]
    return spine, node


def first_of(node: Node) -> Node:
    """Return what a part of a chain begins with: a run of letters, alone or before a bracket, or another operand."""
    leaf = descend(node)[1]
    return leaf.parts[0] if leaf.kind == "applied" else leaf


def rewrap(spine: list[Node], leaf: Node, made: Node) -> Node:
    """Put a node in the place of the operand of a spine."""
    if made is leaf and spine:
        return spine[0]
    for outer in reversed(spine):
        outer.parts = [made, *outer.parts[1:]]
        outer.start = made.start
        made = outer
    return made


def name_of(run: Node) -> Name:
    """Return the name that a whole run of letters is."""
    word, subs = run.value
    return subscripted_name(plain_name(word), subs)


def juxtaposed(left: Node, right: Node) -> Token:
    """Return the product sign that is not written between two parts."""
    return Token("OP", "", left.end, right.start, " " if left.end < right.start else "")


def side_by_side(nodes: Sequence[Node]) -> list[Token]:
    """Return the product signs that are not written between nodes."""
    return [juxtaposed(left, right) for left, right in pairwise(nodes)]


def several(pieces: list[Node]) -> Node:
    """Return the product of the names that a run of letters is made of, or the only one."""
    if len(pieces) == 1:
        return pieces[0]
    return Node("product", pieces[0].start, pieces[-1].end, pieces, side_by_side(pieces))


def power_of(node: Node) -> tuple[Node, int | None]:
    """Return a part without its power, and that power where it is a whole number."""
    if node.kind == "power" and len(node.parts) > 1:
        exponent = node.parts[1]
        if exponent.kind in ("bracket", "group") and len(exponent.parts) == 1:
            exponent = exponent.parts[0]
        if exponent.kind == "number" and isinstance(exponent.value, int):
            return node.parts[0], exponent.value
    return node, None


def along(node: Node) -> str:
    """Return the spelling of a call with a word as its last argument, `sum rows`, or "" where it is another call."""
    if len(node.parts) < 2 or node.parts[-1].kind != "name" or node.parts[-1].value.full not in LAST:
        return ""
    name = f"{node.value.full} {node.parts[-1].value.full}"
    return name if name in FUNCTIONS and len(node.parts) == FUNCTIONS[name].arity[0] + 1 else ""


def is_sign(spelling: str) -> bool:
    """Say whether a spelling in the table is a sign.

    >>> is_sign("kron"), is_sign("σ"), is_sign("⋆")
    (False, False, True)
    """
    return len(spelling) == 1 and not spelling.isalpha()


def chained(start: int, parts: list[Node], signs: list[Token]) -> Node:
    """Return a chain of factors; what stands on both sides of a sign of the table is what is called."""
    cuts = [k for k, sign in enumerate(signs) if sign.text in FUNCTIONS]
    if not cuts:
        return Node("product", start, parts[-1].end, parts, signs)
    stretches = zip([0, *[cut + 1 for cut in cuts]], [*cuts, len(parts) - 1], strict=True)
    made, *others = [
        Node("product", parts[low].start if low else start, parts[high].end, parts[low : high + 1], signs[low:high])
        if low < high
        else parts[low]
        for low, high in stretches
    ]
    for cut, factor in zip(cuts, others, strict=True):
        name = next(name for name in FUNCTIONS[signs[cut].text].spellings if not is_sign(name))
        made = Node("call", made.start, factor.end, [made, factor], Name(name))
    return made
