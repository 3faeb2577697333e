"""Factors that are 0 or 1 by a condition: what the others become where it holds, and braces made of them."""

from __future__ import annotations

from functools import cache

from mcalc.calculus.basics.simplifications import UNDER_CONDITION, enabled
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.rules.equation import built, matches, read_expressions
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
from mcalc.operators.elementwise import ABS, RELU, SIGN
from mcalc.operators.leaves import is_number, number, ones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.calculus.rules.equation import Pattern
    from mcalc.expr import Operator

UNDER: dict[Operator, dict[str, tuple[str, ...]]] = {
    MAX: {"max(a, b) = a": ("a > b", "a ≥ b")},
    MIN: {"min(a, b) = a": ("a < b", "a ≤ b")},
    RELU: {"relu(u) = u": ("u > 0",), "relu(u) = 0": ("u < 0",)},
    ABS: {"abs(u) = u": ("u > 0",), "abs(u) = -u": ("u < 0",)},
    SIGN: {"sign(u) = 1": ("u > 0",), "sign(u) = -1": ("u < 0",)},
}
"""What functions are where a condition holds."""
MIRRORED = {GT: LT, LT: GT, GE: LE, LE: GE}


@cache
def rows_of(op: Operator) -> list[tuple[list[Pattern], Pattern]]:
    """Return the rows of an operator: both sides, and a condition that grants it."""
    return [
        (read_expressions(text), condition)
        for text, conditions in UNDER[op].items()
        for said in conditions
        for condition in read_expressions(said)
    ]


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
        if node.op in UNDER:
            return _by_rows(node, args, known)
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


def _by_rows(node: Expr, args: tuple[Expr, ...], known: Sequence[Expr]) -> Expr | None:
    """Return what a row of the table puts for a node; None where no condition that is known grants it."""
    made = make(node.op, args, node.attr)
    for (left, right), condition in rows_of(node.op):
        for bound in matches(left, made, {}):
            granted = built(condition, bound)
            if granted in known or make(MIRRORED[granted.op], granted.args[::-1]) in known:
                return built(right, bound)
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
    return make(CASES, (*kept, *last)) if kept else last[0] if last else None
