"""The d of a derivative that is shown as it was read or made: straight where there is one variable, a scalar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import walk

if TYPE_CHECKING:
    from mcalc.expr import Expr


def with_marks(text: str, expr: Expr | None) -> str:
    """Return the text of an expression with a straight d for its derivatives where it has one variable, a scalar."""
    if expr is None:
        return text
    symbols = {node for node in walk(expr) if node.op.name == "symbol"}
    return text.replace("∂", "d") if len(symbols) == 1 and not any([one.shape for one in symbols]) else text
