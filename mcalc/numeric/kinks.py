"""Derivatives at points where a norm is 0, and so has none: 0 is taken there, as is said of it, rather than 0/0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.expr import rebuild
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import POW
from mcalc.operators.leaves import is_number, number
from mcalc.operators.matrix import NORM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mcalc.expr import Expr


def at_zero_norms(
    function: Expr, result: Expr, values: Mapping[str, Any], declared: Iterable[Expr]
) -> tuple[Any, list[Expr]]:
    """Return a first derivative at a point where a norm in the function is 0, and those norms; none if that is not so.

    In x/‖x‖ the quotient is what the norm's derivative gives, and 1/‖x‖ becomes 0. A function that divides by the norm
    itself has no value there, and keeps its derivative as it is.

    >>> from mcalc.expr import Dim, make
    >>> from mcalc.operators.arithmetic import div
    >>> from mcalc.operators.leaves import symbol
    >>> x = symbol("x", (Dim.named("n"),))
    >>> length = make(NORM, (x,))
    >>> at_zero_norms(length, div(x, length), {"x": [0.0, 0.0]}, [])[0].tolist()
    [0.0, 0.0]
    """
    import numpy as np

    declared = list(declared)
    zero: dict[Expr, None] = {}

    def see(node: Expr, args: Sequence[Any]) -> None:
        if node.op is NORM and not np.any(args[0]):
            zero[node] = None

    value = evaluate(function, values, declared, watch=see)
    if not zero or not np.all(np.isfinite(value)):
        return None, []
    told = list(zero)
    evaluate(result, values, declared, watch=see)

    def without(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        # Below -1 the function has no bounded slope there, as ‖x‖^(1/2) has none.
        power = node.op is POW and is_number(node.args[1]) and -1 <= node.args[1].attr < 0
        return number(0) if power and node.args[0] in zero else None

    return evaluate(rebuild(result, without), values, declared), told
