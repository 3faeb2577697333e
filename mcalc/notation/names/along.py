"""Words as the last argument: `rows` and `cols` of sum, mean, softmax and others, `same` and its like of conv."""

from __future__ import annotations

from mcalc.operators import FUNCTIONS
from mcalc.operators.axes import LAST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.surface.syntax import Node


def along(node: Node) -> str:
    """Return the spelling of a call with a word as its last argument, `sum rows`, or "" where it is another call."""
    if len(node.parts) < 2 or node.parts[-1].kind != "name" or node.parts[-1].value.full not in LAST:
        return ""
    name = f"{node.value.full} {node.parts[-1].value.full}"
    return name if name in FUNCTIONS and len(node.parts) == FUNCTIONS[name].arity[0] + 1 else ""
