"""Derivatives of expectations: each stands for a function of the variable until the rest is done, then goes inside."""

from __future__ import annotations

import re

from mcalc.calculus.basics.orientation import as_row, transposed
from mcalc.errors import Mistake
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.operators.abstract import apply
from mcalc.operators.arithmetic import MUL, mul
from mcalc.operators.expectation import EXPECTATION, over_all_but
from mcalc.operators.leaves import is_number
from mcalc.operators.linear import ROW, TRANSPOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = "E#"
"""Functions that stand for expectations are called so, with a number: no name has this sign."""


def set_aside(body: Expr, variable: Expr) -> tuple[Expr, dict[str, Expr]]:
    """Return an expression with undefined functions of the variable for the outermost expectations that depend on it.

    Raises :class:`~mcalc.errors.Mistake` where a derivative does not go inside.
    """
    kept: dict[str, Expr] = {}
    if not body.has(EXPECTATION):
        return body, kept
    for node in walk(body):
        if node.op is EXPECTATION:
            _refuse_random(node, variable.attr[0])
    touched = depends(body, variable)
    inner = {below for node in walk(body) if node.op is EXPECTATION for below in walk(node.args[0])}
    outer = [node for node in walk(body) if node.op is EXPECTATION and node in touched and node not in inner]
    stands: dict[Expr, Expr] = {}
    for node in outer:
        known = node if node.attr.names is not None else over_all_but(node, {variable.attr[0]})
        name = f"{_MARK}{len(kept)}"
        kept[name] = known
        stands[node] = apply(name, variable, out=node.shape)
    return rebuild(body, lambda node, args: stands.get(node)), kept


def _refuse_random(node: Expr, name: str) -> None:
    names, subscript = node.attr
    if names is not None and name in names:
        raise Mistake(
            "E-UNSUPPORTED",
            f"the expectation goes over {name}, and does not depend on it",
            hint=f"write what is random below: E_x[...] where x is, and {name} is not",
        )
    if name in re.findall(r"[^\W\d_]+", subscript):
        raise Mistake(
            "E-UNSUPPORTED",
            f"the distribution depends on {name}: the derivative does not go inside",
            hint=f"it is E[f ∂ln(p)/∂{name}], f times the score; or write what is random by {name} and noise",
        )


def put_inside(result: Expr, kept: dict[str, Expr], derivative: Callable[[Expr], Expr]) -> Expr:
    """Return a result with the expectations in their places again, and those of derivatives for their derivatives."""

    def back(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op.layout == "apply" and node.attr.name in kept:
            whole = kept[node.attr.name]
            if not any(node.attr.counts):
                return whole
            inner = derivative(whole.args[0])
            numbers = [factor for factor in inner.args if is_number(factor)] if inner.op is MUL else []
            rest = [factor for factor in inner.args if not is_number(factor)] if numbers else [inner]
            return mul(*numbers, make(EXPECTATION, (mul(*rest),), whole.attr))
        return None

    return rebuild(result, back)


def rows_inside(result: Expr) -> Expr:
    """Return a result with the transposes of expectations inside them: E[x]ᵀ is E[xᵀ]."""

    def turned(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op not in (ROW, TRANSPOSE):
            return None
        factors = args[0].args if args[0].op is MUL else args
        whole = [factor for factor in factors if factor.shape]
        if len(whole) != 1 or whole[0].op is not EXPECTATION:
            return None
        inner = (as_row if node.op is ROW else transposed)(whole[0].args[0])
        made = make(EXPECTATION, (inner,), whole[0].attr)
        return mul(*[made if factor is whole[0] else factor for factor in factors])

    return rebuild(result, turned)
