"""Signs between two operands that call a function: a row of the table has them among its spellings, ``A ⋆ B``.

Such a sign stands on the level of ⊗ and of the dot: products bind tighter, and a chain is read from left to right.
"""

from __future__ import annotations

from mcalc.notation.surface.syntax import Name, Node
from mcalc.operators import FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.surface.syntax import Token


def is_sign(spelling: str) -> bool:
    """Say whether a spelling in the table is a sign.

    >>> is_sign("kron"), is_sign("σ"), is_sign("⋆")
    (False, False, True)
    """
    return len(spelling) == 1 and not spelling.isalpha()


def product(start: int, parts: list[Node], signs: list[Token]) -> Node:
    """Return a chain of factors; what stands on both sides of a sign of the table is what is called."""
    cuts = [k for k, sign in enumerate(signs) if sign.text in FUNCTIONS]
    if not cuts:
        return Node("product", start, parts[-1].end, parts, signs)
    made: Node | None = None
    begin = 0
    for end in (*cuts, len(parts) - 1):
        group = list(parts[begin : end + 1])
        factor = group[0]
        if len(group) > 1:
            first = start if begin == 0 else group[0].start
            factor = Node("product", first, group[-1].end, group, list(signs[begin:end]))
        if made is not None:
            name = next(name for name in FUNCTIONS[signs[begin - 1].text].spellings if not is_sign(name))
            factor = Node("call", made.start, factor.end, [made, factor], Name(name))
        made, begin = factor, end + 1
    assert made is not None
    return made
