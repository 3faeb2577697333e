"""Functions recognised when they arise: softmax and sigmoid, from the exponentials they are made of.

Each rule puts one factor for two, so it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.simplifications import RECOGNISE, enabled
from mcalc.calculus.tensor import Term
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL, add, neg
from mcalc.operators.functions import EXP, SIGMOID
from mcalc.operators.leaves import NUMBER, is_number, number
from mcalc.operators.linear import SUM
from mcalc.operators.network import softmax

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]


def recognised(term: Term) -> Term:
    """Return a product with softmax and sigmoid where their exponentials stand in it.

    Algebra: exp(z)_i / sum(exp(z)) = softmax(z)_i; exp(u) / (1 + exp(u)) = σ(u); 1 / (1 + exp(-u)) = σ(u).
    """
    if not enabled(RECOGNISE):
        return term
    place = 0
    while place < len(term.factors):
        base, labels, exponent = term.factors[place]
        found: Term | None = None
        if _whole(exponent) < 0:
            found = _softmax(term, place) if base.op is SUM else _sigmoid(term, place, base, labels)
        term, place = (term, place + 1) if found is None else (found, 0)
    return term


def _whole(exponent: Expr) -> int:
    """The exponent where it is a whole number, else 0."""
    return exponent.attr if is_number(exponent) and type(exponent.attr) is int else 0


def _softmax(term: Term, place: int) -> Term | None:
    inner = term.factors[place][0].args[0]
    if inner.op is not EXP or inner.order != 1:
        return None
    for other, (base, labels, exponent) in enumerate(term.factors):
        if base is inner and _whole(exponent) > 0:
            return _exchange(term, other, place, softmax(inner.args[0]), labels)
    return None


def _sigmoid(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """The two forms of the logistic function; a lone 1 / (1 + exp(u)) is taken only where u is a negative."""
    if base.op is not ADD or len(base.args) != 2 or not any([is_number(part, 1) for part in base.args]):
        return None
    [power] = [part for part in base.args if not is_number(part, 1)] or [base]
    if power.op is not EXP:
        return None
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor is power and own == labels and _whole(exponent) > 0:
            return _exchange(term, other, place, make(SIGMOID, power.args), labels)
    u = power.args[0]
    if u.op is MUL and u.args[0].op is NUMBER and u.args[0].attr < 0:
        return _exchange(term, None, place, make(SIGMOID, (neg(u),)), labels)
    return None


def _exchange(term: Term, top: int | None, bottom: int, made: Expr, labels: Labels) -> Term:
    """Take as many powers off the factor above as off the one below, and put what they make together."""
    below = -_whole(term.factors[bottom][2])
    count = below if top is None else min(below, _whole(term.factors[top][2]))
    factors: list[Factor] = []
    for place, (base, own, exponent) in enumerate(term.factors):
        change = -count if place == top else count if place == bottom else 0
        left = add(exponent, number(change)) if change else exponent
        if place == (bottom if top is None else top):
            factors.append((made, labels, number(count)))
        if not is_number(left, 0):
            factors.append((base, own, left))
    return Term(term.coef, factors, term.out)
