"""What stands around an operand, powers, transposes and subscripts, taken off and put on; the last word of a call."""

from __future__ import annotations

from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.notation.surface.words import plain_name
from mcalc.operators import FUNCTIONS
from mcalc.operators.axes import LAST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Found: TypeAlias = tuple[list[Node], list[Token], int, Node | None]
    """Nodes and the signs between them, the place in the chain after them, and what opens there: a derivative, a sum"""

SPINE = frozenset(("power", "superscript", "transpose", "subscript", "indexed"))


def descend(node: Node) -> tuple[list[Node], Node]:
    """Return the nodes around an operand, the outermost first, and the operand."""
    spine: list[Node] = []
    while node.kind in SPINE:
        spine.append(node)
        node = node.parts[0]
    return spine, node


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
    base = plain_name(word)
    for sub in subs[:-1]:
        base = Name(base, sub).full
    return Name(base, subs[-1] if subs else None)


def juxtaposed(left: Node, right: Node) -> Token:
    """Return the product sign that is not written between two parts."""
    return Token("OP", "", left.end, right.start, " " if left.end < right.start else "")


def power_of(node: Node) -> tuple[Node, int | None]:
    """Return a part without its power, and that power where it is a whole number."""
    if node.kind in ("power", "superscript") and len(node.parts) > 1:
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
