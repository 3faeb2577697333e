"""Rules that change one product in index notation at a time: inverses that cancel, axes that face alike, signs."""

from __future__ import annotations

from mcalc.calculus.basics.equal_sums import anonymous
from mcalc.calculus.basics.simplifications import (
    FACE_ALIKE,
    NAME_ALIKE,
    TURN_SIGN,
    enabled,
    note,
)
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.expr import Expr
from mcalc.operators.arithmetic import ADD, add, has_minus, neg
from mcalc.operators.leaves import is_number


def face_alike(term: Term) -> Term:
    """Write sums that are each other's negatives as one, so that their powers merge.

    Algebra: (b - a)^k = (-1)^k (a - b)^k for whole k. Each step makes two sums one, so it ends.
    """
    sums = [place for place, (base, _, _) in enumerate(term.factors) if base.op is ADD]
    if len(sums) < 2 or not enabled(FACE_ALIKE):
        return term
    facing: dict[frozenset[Expr], Expr] = {}
    factors = list(term.factors)
    coef = term.coef
    for place in sums:
        base, labels, exponent = factors[place]
        opposite = facing.get(frozenset([neg(part) for part in base.args]))
        if opposite is None or not (is_number(exponent) and type(exponent.attr) is int):
            facing.setdefault(frozenset(base.args), base)
            continue
        factors[place] = (opposite, labels, exponent)
        coef = -coef if exponent.attr % 2 else coef
    return term if coef == term.coef and factors == term.factors else contract(Term(coef, factors, term.out))


def facing_alike(terms: list[Term]) -> list[Term]:
    """Write a sum and its negative as one in all the terms of a sum, so that they can share it.

    Algebra: a (1 - s)² + b (s - 1) = a (1 - s)² - b (1 - s). Once to each factor, so it ends.
    """
    sums = [base for term in terms for base, _, _ in term.factors if base.op is ADD]
    if len(terms) < 2 or len(sums) < 2 or not enabled(FACE_ALIKE):
        return terms
    facing: dict[frozenset[Expr], Expr] = {}
    found: list[Term] = []
    for term in terms:
        coef, factors = term.coef, list(term.factors)
        for place, (base, labels, exponent) in enumerate(factors):
            if base.op is not ADD or not (is_number(exponent) and type(exponent.attr) is int):
                continue
            opposite = facing.get(frozenset([neg(part) for part in base.args]))
            if opposite is None:
                facing.setdefault(frozenset(base.args), base)
                continue
            note(FACE_ALIKE)
            factors[place] = (opposite, labels, exponent)
            coef = -coef if exponent.attr % 2 else coef
        found.append(Term(coef, factors, term.out))
    return found


def named_alike(terms: list[Term]) -> list[Term]:
    """Write sums over an index that differ by its name alone as one in all the terms of a sum, so that they merge.

    Algebra: Σ_j f_j = Σ_i f_i. Once to each factor, so it ends.
    """
    if len(terms) < 2 or not enabled(NAME_ALIKE):
        return terms
    if sum([base.op.kind == "binder" for term in terms for base, _, _ in term.factors]) < 2:
        return terms
    first: dict[Expr, Expr] = {}
    found: list[Term] = []
    for term in terms:
        factors = [
            (first.setdefault(anonymous(base), base) if base.op.kind == "binder" else base, labels, exponent)
            for base, labels, exponent in term.factors
        ]
        if factors != term.factors:
            note(NAME_ALIKE)
        found.append(Term(term.coef, factors, term.out))
    return found


def absorb_sign(term: Term) -> Term:
    """-2 (y - z) = 2 (z - y): a negative coefficient turns round a sum with at least as many minuses as pluses.

    A sum that stands there twice, as in (x - y) (x - y)ᵀ, stays.
    """
    if type(term.coef) is float or not term.coef < 0 or not enabled(TURN_SIGN):
        return term
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op is not ADD or exponent is not ONE or sum([other is base for other, _, _ in term.factors]) > 1:
            continue
        negative = sum([has_minus(part) for part in base.args])
        if 2 * negative >= len(base.args):
            turned = turn_round(base)
            factors = [*term.factors[:place], (turned, labels, ONE), *term.factors[place + 1 :]]
            return Term(-term.coef, factors, term.out)
    return term


def turn_round(base: Expr) -> Expr:
    """Return the negative of a sum, positive terms first."""
    parts = [neg(part) for part in base.args]
    return add(*[p for p in parts if not has_minus(p)], *[p for p in parts if has_minus(p)])
