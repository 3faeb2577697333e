"""Quotients of one sum put over one denominator, where what stands above it then cancels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.simplifications import COMMON_DENOMINATOR, enabled, note
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, term_key
from mcalc.operators.arithmetic import ADD
from mcalc.operators.leaves import is_number, number, ones

if TYPE_CHECKING:
    from mcalc.expr import Expr, Labels

MOST = 8
"""Sums of more terms than this are left alone, and so are denominators of more."""


def over_one_denominator(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with those put together whose numerators cancel over a common denominator.

    Algebra: a / d + b / d² = (a d + b) / d², where a d + b, multiplied out, has fewer terms than there were: so
    2 x / (1 + x²) - 2 x³ / (1 + x²)² = 2 x / (1 + x²)². Each step leaves fewer terms, so it ends.
    """
    if not 1 < len(terms) <= MOST or not enabled(COMMON_DENOMINATOR):
        return terms
    for base, labels in _denominators(terms):
        powers = [_power(term, base, labels) for term in terms]
        most = max(powers)
        places = [place for place, power in enumerate(powers) if most - 1 <= power and power > 0]
        if {powers[place] for place in places} != {most, most - 1}:
            continue
        above: list[Term] = []
        for place in places:
            rest = without_factor(terms[place], base, labels)
            above += [rest] if powers[place] == most else times_sum(rest, base, labels)
        merged = merged_terms(above)
        if len(merged) < len(places):
            note(COMMON_DENOMINATOR)
            own = [Term(t.coef, [*t.factors, (base, labels, number(-most))], t.out) for t in merged]
            return over_one_denominator([*own, *[t for place, t in enumerate(terms) if place not in places]])
    return terms


def _denominators(terms: list[Term]) -> list[tuple[Expr, Labels]]:
    """The sums by which more than one term is divided."""
    found: dict[tuple[Expr, Labels], int] = {}
    for term in terms:
        for base, labels, exponent in term.factors:
            divides = is_number(exponent) and type(exponent.attr) is int and exponent.attr < 0
            if divides and base.op is ADD and len(base.args) <= MOST and set(labels) <= set(term.out):
                found[base, labels] = found.get((base, labels), 0) + 1
    return [key for key, count in found.items() if count > 1]


def _power(term: Term, base: Expr, labels: Labels) -> int:
    for factor, own, exponent in term.factors:
        if factor is base and own == labels:
            return -exponent.attr if is_number(exponent) and type(exponent.attr) is int else 0
    return 0


def without_factor(term: Term, base: Expr, labels: Labels) -> Term:
    """Return a term without the powers of one factor."""
    return Term(term.coef, [f for f in term.factors if not (f[0] is base and f[1] == labels)], term.out)


def times_sum(term: Term, base: Expr, labels: Labels) -> list[Term]:
    """Return the terms that a product with a sum has when it is multiplied out."""
    found: list[Term] = []
    for part in base.args:
        factors = [*term.factors, (part, labels if part.shape else (), ONE)]
        opened = as_term(build(Term(term.coef, covering(factors, base, labels), term.out)))
        found.append(opened)
    return found


def covering(factors: list[tuple[Expr, Labels, Expr]], base: Expr, labels: Labels) -> list[tuple[Expr, Labels, Expr]]:
    """Add ones at the axes that nothing else spans any more."""
    covered = {label for _, own, _ in factors for label in own}
    missing = [k for k, label in enumerate(labels) if label not in covered]
    return [*factors, *[(ones((base.shape[k],)), (labels[k],), ONE) for k in missing]]


def merged_terms(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with like terms merged and without zeros."""
    merged: dict[tuple[object, ...], Term] = {}
    for term in terms:
        key = term_key(term)
        merged[key] = Term(merged[key].coef + term.coef, merged[key].factors, term.out) if key in merged else term
    return [term for term in merged.values() if not term.is_zero]
