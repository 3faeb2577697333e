"""Factors that are 0 or 1 by a condition: what the others become where it holds, and braces made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.simplifications import UNDER_CONDITION, enabled
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.expr import Expr, make, rebuild
from mcalc.operators.arithmetic import (
    ADD,
    AND,
    CASES,
    CONDITIONS,
    GE,
    GT,
    LE,
    LT,
    MAX,
    MIN,
    MUL,
    OR,
    POW,
    add,
    mul,
    negate,
    power,
)
from mcalc.operators.functions import ABS, RELU, SIGN
from mcalc.operators.leaves import is_number, number, ones

if TYPE_CHECKING:
    from collections.abc import Sequence


def scalar_conditions(term: Term) -> list[Expr]:
    """Return the factors of a term that are conditions without axes."""
    return [
        base for base, labels, exponent in term.factors if not base.shape and base.op in CONDITIONS and exponent is ONE
    ]


def apply_conditions(term: Term) -> Term:
    """Simplify the other factors of a product by its conditions: where z > 0, max(0, z) is z.

    Algebra: [c] f = [c] g where f = g under c. Replaces operators by their arguments, so it ends.
    """
    conditions = scalar_conditions(term)
    if not conditions or not enabled(UNDER_CONDITION):
        return term
    factors = [
        (base if base in conditions else assume(base, conditions), labels, exponent)
        for base, labels, exponent in term.factors
    ]
    return term if factors == term.factors else Term(term.coef, factors, term.out)


def assume(expr: Expr, conditions: Sequence[Expr]) -> Expr:
    """Return the expression as it is where the conditions hold."""
    known: list[Expr] = []
    for condition in conditions:
        known.extend(condition.args if condition.op is AND else (condition,))
    running = {index for condition in known for index in condition.free}

    def under(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op.kind == "binder" and node.args[0] in running:
            return node  # inside, the index runs on its own, and the condition is of another entry
        if node.op in (AND, OR):
            return _joined(node, args)
        if node.op is CASES:
            found = _case(args, known)
            return found if found is None or found.shape == node.shape else mul(found, ones(node.shape))
        if node.shape:
            return _made_anew(node, args)
        if node in known:
            return number(1)
        if node.op in CONDITIONS and negate(node) in known:
            return number(0)
        if node.op is MAX and len(args) == 2:
            return _larger(args, known) or None
        if node.op is MIN and len(args) == 2:
            return _larger(args[::-1], known, smaller=True) or None
        if node.op in (RELU, ABS, SIGN):
            return _signed(node, args[0], known)
        return _made_anew(node, args)

    return rebuild(expr, under)


def _joined(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Several conditions at once, of which some are known: 1 and c is c, 0 and c is 0."""
    absorbing, neutral = (0, 1) if node.op is AND else (1, 0)
    kept = [arg for arg in args if not is_number(arg, neutral)]
    if not kept or any([is_number(arg, absorbing) for arg in kept]):
        return number(absorbing if kept else neutral)
    return None if len(kept) == len(args) else kept[0] if len(kept) == 1 else make(node.op, tuple(kept))


def _made_anew(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """What a condition has changed is put together as if it were new: y - (w · x + b) = y - w · x - b, 1 s = s."""
    if all([a is b for a, b in zip(args, node.args, strict=True)]):
        return None
    if node.op is MUL:
        return mul(*args)
    if node.op is POW:
        return power(*args)
    if node.op is not ADD:
        return None
    flat: list[Expr] = []
    for arg in args:
        if arg.op is ADD:
            flat.extend(arg.args)
        elif arg.op is MUL and len(arg.args) == 2 and is_number(arg.args[0]) and arg.args[1].op is ADD:
            flat.extend([mul(arg.args[0], part) for part in arg.args[1].args])
        else:
            flat.append(arg)
    return add(*flat)


def _larger(args: tuple[Expr, ...], known: list[Expr], smaller: bool = False) -> Expr | None:
    a, b = args
    for first, second in ((a, b), (b, a)):
        above = (LT, LE) if smaller else (GT, GE)
        below = (GT, GE) if smaller else (LT, LE)
        for c in known:
            if (c.op in above and c.args == (first, second)) or (c.op in below and c.args == (second, first)):
                return first
    return None


def _signed(node: Expr, arg: Expr, known: list[Expr]) -> Expr | None:
    zero = number(0)
    positive = any([(c.op is GT and c.args == (arg, zero)) or (c.op is LT and c.args == (zero, arg)) for c in known])
    negative = any([(c.op is LT and c.args == (arg, zero)) or (c.op is GT and c.args == (zero, arg)) for c in known])
    if positive:
        return number(1) if node.op is SIGN else arg
    if negative:
        return {RELU: zero, SIGN: number(-1)}.get(node.op) or mul(number(-1), arg)
    return None


def _case(args: tuple[Expr, ...], known: list[Expr]) -> Expr | None:
    """Leave out the pieces whose condition is known not to hold, and all after one that is known to hold."""
    kept: list[Expr] = []
    for value, condition in zip(args[0::2], args[1::2], strict=False):
        if condition in known or is_number(condition, 1):
            return make(CASES, (*kept, value)) if kept else value
        if not (is_number(condition, 0) or negate(condition) in known):
            kept += [value, condition]
    last = args[-1:] if len(args) % 2 else ()
    if len(kept) + len(last) == len(args):
        return None
    return make(CASES, (*kept, *last)) if kept else last[0] if last else None
