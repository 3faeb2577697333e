"""A minus sign before a sum over an index goes into the difference inside: -Σ (b x - y) is Σ (y - b x)."""

from __future__ import annotations

from mcalc.expr import Expr, make, rebuild
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, neg, power
from mcalc.operators.leaves import is_number
from mcalc.operators.linear import SIGMA


def signs_in(expr: Expr) -> Expr:
    """Return an expression with the minus signs before sums over an index taken into the differences in them."""
    return rebuild(expr, _signed)


def _signed(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is not MUL or not is_number(args[0]) or args[0].attr >= 0:
        return None
    for place, factor in enumerate(args):
        if factor.op is POW and factor.args[0].op is ADD and is_number(factor.args[1], -1):
            turned = _turned(factor.args[0])
            if turned is not None:
                return mul(neg(args[0]), *args[1:place], power(turned, factor.args[1]), *args[place + 1 :])
        if factor.op is SIGMA:
            turned = _turned(factor.args[1])
            if turned is not None:
                sum_of = make(SIGMA, (factor.args[0], turned))
                return mul(neg(args[0]), *args[1:place], sum_of, *args[place + 1 :])
    return None


def _turned(body: Expr) -> Expr | None:
    """Return the negative of a body where that is as short: a difference the other way round, in one factor."""
    if body.op is ADD:
        negatives = sum([part.op is MUL and is_number(part.args[0]) and part.args[0].attr < 0 for part in body.args])
        if not negatives:
            return None
        parts = [neg(part) for part in body.args]
        return add(
            *sorted(parts, key=lambda part: part.op is MUL and is_number(part.args[0]) and part.args[0].attr < 0)
        )
    if body.op is MUL:
        if is_number(body.args[0]) and body.args[0].attr < 0:
            return neg(body)
        for place, factor in enumerate(body.args):
            turned = _turned(factor) if factor.op is ADD else None
            if turned is not None:
                return mul(*body.args[:place], turned, *body.args[place + 1 :])
    return None
