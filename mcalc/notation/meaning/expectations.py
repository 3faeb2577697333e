"""Expectations as expressions, and what they go over."""

from __future__ import annotations

from mcalc.errors import Mistake
from mcalc.expr import rebuild, walk
from mcalc.notation.meaning.elaborate import BUILDERS
from mcalc.notation.surface.words import clip
from mcalc.operators.abstract import DERIVATIVE, EXPECTATION, over_all_but
from mcalc.operators.abstract import expectation as expectation_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mcalc.expr import Expr
    from mcalc.notation.meaning.elaborate import Elaborator
    from mcalc.notation.surface.syntax import Node


def build(e: Elaborator, node: Node, args: list[Expr]) -> Expr:
    """Return the expectation of what stands in the brackets."""
    names, subscript = node.value
    over = ", ".join(names) if names else "all that is not differentiated by"
    e.note(f"E[...] is an expectation over {clip(over, 60)}: a derivative goes inside it")
    return expectation_of(args[0], names, subscript)


def settled(found: Sequence[Expr], wrt: Iterable[str]) -> list[Expr]:
    """Return expressions in which expectations without a subscript go over all that nothing is differentiated by."""
    if not any([expr.has(EXPECTATION) for expr in found]):
        return [*found]
    nodes = [node for expr in found for node in walk(expr)]
    if all([node.op is not EXPECTATION or node.attr.names is not None for node in nodes]):
        return [*found]
    fixed = {*wrt}
    for node in nodes:
        if node.op is DERIVATIVE:
            fixed |= {(v if v.op.name == "symbol" else v.args[0]).attr[0] for v in node.args[1:]}
    if not fixed:
        return [*found]

    def said(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is EXPECTATION and node.attr.names is None:
            made = over_all_but(expectation_of(args[0], None, node.attr.subscript), fixed)
            if not made.attr.names and any([inner.op.name == "symbol" for inner in walk(args[0])]):
                raise Mistake(
                    "E-AMBIG",
                    "nothing in the brackets of E[...] is random: they hold only what is differentiated by",
                    hint="for the mean of the entries write mean(x), for what is random say so: E_x[...]",
                )
            return made
        return None

    return [rebuild(expr, said) for expr in found]


BUILDERS["expectation"] = build
