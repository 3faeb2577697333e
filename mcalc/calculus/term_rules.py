"""Rules that change one product in index notation at a time: inverses that cancel, axes that face alike, signs."""

from __future__ import annotations

from mcalc.calculus.contracting import contract
from mcalc.calculus.equal_sums import anonymous
from mcalc.calculus.simplifications import (
    CANCEL_INVERSES,
    FACE_ALIKE,
    NAME_ALIKE,
    TURN_SIGN,
    enabled,
)
from mcalc.calculus.tensor import ONE, Term
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, add, neg
from mcalc.operators.leaves import EYE, NUMBER, is_number


def cancel_inverses(term: Term) -> Term:
    """A⁻¹ A = I: an inverse and its matrix joined by one summed label that nothing else touches.

    Each step takes two factors away, so it ends.
    """
    while (cancelled := _without_one_inverse(term)) is not None:
        term = contract(cancelled)
    return term


def _without_one_inverse(term: Term) -> Term | None:
    if not enabled(CANCEL_INVERSES):
        return None
    inverses = [
        place for place, (base, labels, _) in enumerate(term.factors) if base.op.name == "inv" and len(labels) == 2
    ]
    if not inverses:
        return None
    count: dict[int, int] = {}
    for _, labels, _ in term.factors:
        for label in labels:
            count[label] = count.get(label, 0) + 1
    for place in inverses:
        inverse, (i, j), _ = term.factors[place]
        for other, (base, labels, _) in enumerate(term.factors):
            if base is not inverse.args[0] or len(labels) != 2:
                continue
            k, m = labels
            found, left, right, joint = (True, i, m, j) if j == k else (m == i, k, j, i)
            if found and count[joint] == 2 and joint not in term.out:
                rest = [f for at, f in enumerate(term.factors) if at not in (place, other)]
                return Term(term.coef, [*rest, (make(EYE, (), base.shape[0]), (left, right), ONE)], term.out)
    return None


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
        negative = sum([_is_negative(part) for part in base.args])
        if 2 * negative >= len(base.args):
            turned = turn_round(base)
            factors = [*term.factors[:place], (turned, labels, ONE), *term.factors[place + 1 :]]
            return Term(-term.coef, factors, term.out)
    return term


def turn_round(base: Expr) -> Expr:
    """Return the negative of a sum, positive terms first."""
    parts = [neg(part) for part in base.args]
    return add(*[p for p in parts if not _is_negative(p)], *[p for p in parts if _is_negative(p)])


def _is_negative(part: Expr) -> bool:
    leading = part.args[0] if part.op.name in ("mul", "einsum") else part
    return leading.op is NUMBER and leading.attr < 0
