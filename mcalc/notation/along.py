"""Functions of each row or column: `rows` and `cols` as the last argument of sum, mean, max, softmax and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.operators import FUNCTIONS
from mcalc.operators.along import AXES

if TYPE_CHECKING:
    from mcalc.notation.syntax import Node


def along(node: Node) -> str:
    """Return the spelling of the reduction along an axis that a call is, `sum rows`, or "" where it is another call."""
    if len(node.parts) != 2 or node.parts[1].kind != "name" or node.parts[1].value.full not in AXES:
        return ""
    name = f"{node.value.full} {node.parts[1].value.full}"
    return name if name in FUNCTIONS else ""
