"""The error term e_i of the paper's section 6: prediction minus target, named where a result has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.stories.intermediates import Intermediate, replaced
from mcalc.expr import Expr, walk
from mcalc.fresh import names_in, parts_of
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.leaves import NUMBER, symbol
from mcalc.operators.linear import ELEMENT, SIGMA

if TYPE_CHECKING:
    from collections.abc import Sequence


def named_error(result: Expr, listed: Sequence[Intermediate]) -> tuple[Intermediate, Expr] | None:
    """Return e_i and the result written with it, where a sum over samples has a prediction minus a target in it.

    None where there is no such term, or where its name is taken.
    """
    sigma = next((node for node in walk(result) if node.op is SIGMA), None)
    if sigma is None:
        return None
    index = sigma.args[0]
    name = f"e_{index.attr[0]}"
    if parts_of(names_in(result)) & {name, "e"} or any([item.symbol.attr[0] == name for item in listed]):
        return None
    named = {item.told for item in listed}
    conditions = {arg for node in walk(sigma) if node.op.layout.startswith("compare") for arg in node.args}
    for node in walk(sigma.args[1]):
        if (
            node.op is ADD
            and not node.shape
            and node not in conditions
            and index in node.free
            and _has_target(node)
            and node not in named
        ):
            error = symbol(name, (), frozenset(), index)
            return Intermediate(error, node, node, running=True), replaced(result, {node: error})
    return None


def _has_target(error: Expr) -> bool:
    """One of the terms is an element, subtracted: the target y_i."""
    return any([
        term.op is MUL and term.args[0].op is NUMBER and term.args[0].attr == -1 and term.args[-1].op is ELEMENT
        for term in error.args
    ])  # fmt: skip
