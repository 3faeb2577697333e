"""Functions recognised when they arise: softmax, sigmoid, tanh from what they are made of; signs and absolute values.

Each rule puts one factor for two, or turns a negative argument, so it ends.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from mcalc.calculus.basics.simplifications import RECOGNISE, enabled, note
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.rules.denominators import MOST, covering, merged_terms, times_sum, without_factor
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, add, has_minus, neg
from mcalc.operators.functions import COS, COSH, EXP, SIGMOID, SIN, SINH, TAN, TANH
from mcalc.operators.leaves import is_number, number, ones

if TYPE_CHECKING:
    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]

QUOTIENTS = {COSH: (SINH, TANH), COS: (SIN, TAN)}
"""What is made of a quotient: by the divisor, the dividend and the result."""


def exponential_of_logarithm(term: Term, place: int) -> Term | None:
    """Take the logarithms out of an exponential; None where there are none.

    Algebra: exp(a + c ln(u)) = exp(a) u^c. Each step leaves a logarithm less, so it ends.
    """
    base, labels, exponent = term.factors[place]
    [inner] = base.args
    if not is_number(exponent):
        return None
    made: list[Factor] = []
    left: list[Expr] = []
    for part in inner.args if inner.op is ADD else (inner,):
        factors = part.args if part.op is MUL else (part,)
        of = [factor for factor in factors if not is_number(factor)]
        if len(of) == 1 and of[0].op is LN:
            times = prod([factor.attr for factor in factors if is_number(factor)])
            made += _raised(of[0].args[0], labels if part.shape else (), times * exponent.attr)
        else:
            left.append(part)
    if not made:
        return None
    if left:
        rest = add(*left)
        made.append((make(EXP, (rest,)), labels if rest.shape else (), exponent))
    covered = {label for _, own, _ in made for label in own}
    if not covered.issuperset(labels):
        made.append((ones(base.shape), labels, ONE))
    return contract(Term(term.coef, [*term.factors[:place], *made, *term.factors[place + 1 :]], term.out))


def _raised(base: Expr, labels: Labels, exponent: Number) -> list[Factor]:
    """A power as factors: those of a product, and of a power the base."""
    found: list[Factor] = []
    stack = [(base, exponent)]
    while stack:
        of, times = stack.pop()
        whole = type(times) is int
        if of.op is MUL and whole:
            stack.extend([(arg, times) for arg in reversed(of.args)])
        elif of.op is POW and is_number(of.args[1]) and whole:
            stack.append((of.args[0], times * of.args[1].attr))
        else:
            found.append((of, labels if of.shape else (), number(times)))
    return found


def complemented(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with 1 - σ(u) for σ(-u), where they get fewer or shorter by it.

    Algebra: (1 - y) σ(u) - y σ(-u) = σ(u) - y. Each step leaves less to write, so it ends.
    """
    if not 1 < len(terms) <= MOST or not enabled(RECOGNISE):
        return terms
    plain = {(base, labels) for term in terms for base, labels, _ in term.factors if base.op is SIGMOID}
    for base, labels in plain:
        turned = make(SIGMOID, (neg(base.args[0]),))
        if (turned, labels) not in plain or not has_minus(base.args[0]):
            continue
        opened: list[Term] = []
        for term in terms:
            opened += _without_mirror(term, base, turned, labels)
        merged = merged_terms(opened)
        if sum([1 + len(term.factors) for term in merged]) < sum([1 + len(term.factors) for term in terms]):
            note(RECOGNISE)
            return complemented(merged)
    return terms


def _without_mirror(term: Term, mirrored: Expr, turned: Expr, labels: Labels) -> list[Term]:
    """A term with 1 - σ(u) for σ(-u), multiplied out; one with σ(u) is multiplied out, too."""
    for base, own, exponent in term.factors:
        if own == labels and exponent is ONE and base in (mirrored, turned):
            rest = without_factor(term, base, labels)
            sums = [part for part, xs, e in rest.factors if part.op is ADD and e is ONE and len(part.args) == 2]
            parts = times_sum(without_factor(rest, sums[0], labels), sums[0], labels) if sums else [rest]
            with_turned = [Term(t.coef, [*t.factors, (turned, labels, ONE)], t.out) for t in parts]
            if base is turned:
                return with_turned
            alone = [Term(t.coef, covering(t.factors, base, labels), t.out) for t in parts]
            return [*alone, *[Term(-t.coef, t.factors, t.out) for t in with_turned]]
    return [term]
