"""The logarithm of an objective, which is greatest where the objective is, and of products in it as sums."""

from __future__ import annotations

from mcalc.calculus.basics.positive import is_positive
from mcalc.expr import Expr, fold, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, add, mul
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import is_number
from mcalc.operators.linear import PRODUCT, SIGMA
from mcalc.operators.matrix import DET, LOGDET


def opened(objective: Expr) -> Expr:
    """Return an expression with logarithms of products and powers as sums: ln(λ exp(-λ x)) is ln(λ) - λ x."""
    return rebuild(objective, lambda node, args: logarithm(args[0]) if node.op is LN else None)


def logarithm(of: Expr) -> Expr:
    """Return the logarithm of what is positive as a sum, where it is a product of positive factors.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> unicode(logarithm(parse("a exp(-a x)", where="a: R > 0; x: R").expr))
    'ln(a) - a x'
    """
    made: Expr = fold(of, _parts, _logarithm)
    return made


def _parts(of: Expr) -> tuple[Expr, ...]:
    """The parts of a product or a power whose logarithms its own is made of."""
    if of.op is MUL and all([_is_above(factor) for factor in of.args]):
        return of.args
    if of.op is POW and _is_above(of) and not of.args[1].shape:
        return of.args[:1]
    return of.args[1:] if of.op is PRODUCT else ()


def _logarithm(of: Expr, done: dict[Expr, Expr]) -> Expr:
    parts = [done[part] for part in _parts(of)]
    if of.op is EXP:
        return of.args[0]
    if parts and of.op is MUL:
        return add(*parts)
    if parts and of.op is POW:
        return mul(of.args[1], parts[0])
    if of.op is PRODUCT:
        return make(SIGMA, (of.args[0], parts[0]))
    return make(LOGDET if of.op is DET else LN, of.args if of.op is DET else (of,))


def is_likelihood(objective: Expr, unknowns: list[Expr]) -> bool:
    """Say whether an objective is a product of powers, exponentials and the like, whose logarithm is simpler."""
    if objective.op is PRODUCT:
        return True
    if objective.op is not MUL or not all([_is_above(factor) for factor in objective.args]):
        return False
    own = [f for f in objective.args if any([node in unknowns for node in walk(f)])]
    return len(own) > 1 and not any([f.op is ADD for f in own])


def _is_above(factor: Expr) -> bool:
    """Say whether a factor is positive wherever it has a logarithm: what has a power that is no whole number is."""
    base, exponent = factor.args if factor.op is POW else (factor, factor)
    whole = is_number(exponent) and type(exponent.attr) is int
    return is_positive(factor) or base.op is DET or (factor.op is POW and not whole)
