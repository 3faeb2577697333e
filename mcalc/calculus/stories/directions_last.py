"""Directions at the end of what they stand in, tr(Gᵀ dX) or g dx: there the derivative is read off."""

from __future__ import annotations

from mcalc.calculus.basics.orientation import transposed
from mcalc.calculus.basics.simplifications import Reason
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.intermediates import replaced
from mcalc.calculus.stories.lines import DIRECT, Line
from mcalc.calculus.stories.reasons import (
    CANCEL,
    COLLECT,
    CYCLIC,
    MASK,
    OF_TRANSPOSE,
    OWN_TRACE,
    OWN_TRANSPOSE,
    SIMPLIFY,
)
from mcalc.calculus.stories.reasons import PUT_IN_DIFFERENTIALS as PUT_IN
from mcalc.expr import Expr, make, walk
from mcalc.operators.abstract import DIFFERENTIAL, MARK
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, parted
from mcalc.operators.leaves import SYMBOL, is_number, ones, symbol
from mcalc.operators.linear import MATMUL, ROW, TRACE, TRANSPOSE, matmul, transpose


def at_the_end(current: Expr, direction: Expr) -> Expr:
    """Return a number that is linear in directions with each of them at the end: tr(Gᵀ dX), g dx."""
    present = [node for node in walk(current) if node is direction or (node.op is SYMBOL and MARK in node.attr[2])]
    present += [node for node in walk(current) if node.op is DIFFERENTIAL]
    parts: list[Expr] = []
    for change in dict.fromkeys(present):
        name = change if change.op is SYMBOL else symbol("#", change.shape)
        inside = current if name is change else replaced(current, {change: name})
        others = {other: _zero_like(other) for other in present if other is not change}
        slope = derivative_of(replaced(inside, others) if others else inside, [name])
        parts.append(_along(slope, change))
    return add(*parts)


def before_direction(last: Expr, direction: Expr) -> Expr | None:
    """Return the Gᵀ of tr(Gᵀ dX), where it is more than one factor; else None."""
    factors = last.args if last.op is MUL else (last,)
    inside = factors[-1].args[0] if factors[-1].op is TRACE else None
    if inside is None or inside.op is not MATMUL or inside.args[-1] is not direction:
        return None
    rest = inside.args[:-1]
    if len(rest) == 1 and rest[0].op is not ADD:
        return None
    return mul(*factors[:-1], matmul(*rest) if len(rest) > 1 else rest[0])


def brought(before: Expr, last: Expr, dy: Expr, direction: Expr) -> list[Line]:
    """Return the lines that bring directions to the end: where there are several terms one by one, then all in one."""
    if last is before:
        return []
    if before.op is not ADD:
        return [Line(DIRECT, dy, [last], _why(before, last))]
    terms = [(term, at_the_end(term, direction)) for term in before.args]
    apart = add(*[made for _, made in terms])
    if apart is before:
        return [Line(DIRECT, dy, [last], COLLECT)]
    why = [*dict.fromkeys([_why(term, made) for term, made in terms if made is not term])]
    lines = [Line(DIRECT, dy, [apart], why)]
    if len({made for _, made in terms}) < len(terms):
        return [Line(DIRECT, dy, [last], why)]
    return lines if apart is last else [*lines, Line(DIRECT, dy, [last], COLLECT)]


def without_middle(lines: list[Line]) -> list[Line]:
    """Put several names in at once where one line after another does so: those between say no more."""
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else None
        both = before is not None and before.reasons == line.reasons == (PUT_IN,) and before.lhs is line.lhs
        if both and before is not None and not before.name.startswith(("δ", "ε")):
            kept[-1] = Line(
                DIRECT, line.lhs, line.rhs, PUT_IN, name=" and ".join(filter(None, [before.name, line.name]))
            )
        else:
            kept.append(line)
    return kept


def _why(before: Expr, after: Expr) -> Reason:
    """Return the rule that brings a direction to the end."""
    traces = {node for node in walk(before) if node.op is TRACE}
    if any([node.op is MUL and sum([arg.order > 0 for arg in node.args]) > 1 for node in walk(before)]):
        return MASK
    turned = any([node.op in (TRANSPOSE, ROW) and _has_direction(node.args[0]) for node in walk(before)])
    if turned:
        return OF_TRANSPOSE if traces else OWN_TRANSPOSE
    now = {node for node in walk(after) if node.op is TRACE}
    if now and not traces:
        return OWN_TRACE
    if now and len(now) < len(traces):
        return CYCLIC
    if _divisors(after) < _divisors(before):
        return CANCEL
    return CYCLIC if now - traces else SIMPLIFY


def _has_direction(node: Expr) -> bool:
    """Say whether a direction stands in a node, outside of any function."""
    return any([part.op is DIFFERENTIAL or (part.op is SYMBOL and MARK in part.attr[2]) for part in walk(node)])


def _divisors(expr: Expr) -> int:
    """Count the divisors in an expression."""
    return sum([node.op is POW and is_number(node.args[1]) and node.args[1].attr < 0 for node in walk(expr)])


def _zero_like(direction: Expr) -> Expr:
    """Return what stands for the zeros that a direction is held at, under a name of no variable."""
    from_shape = ones(direction.shape) if direction.shape else None
    return mul(symbol("#0"), from_shape) if from_shape is not None else symbol("#0")


def _along(slope: Expr, change: Expr) -> Expr:
    """Return tr(Gᵀ dX), g dx or g dx of numbers."""
    scalars, tensors = parted(slope)
    if not change.shape:
        return mul(*(slope.args if slope.op is MUL else (slope,)), change)
    whole = tensors[0] if len(tensors) == 1 else mul(*tensors)
    if change.order == 1:
        row = whole if whole.is_row else transpose(whole)
        made = matmul(*(row.args if row.op is MATMUL else (row,)), change)
    else:
        turned = transposed(whole)
        made = make(TRACE, (matmul(*(turned.args if turned.op is MATMUL else (turned,)), change),))
    return mul(*scalars, made)
