"""Simplifications of the terms of a sum that are no rows: sums that differ by sign or name, common denominators."""

from __future__ import annotations

from fractions import Fraction

from mcalc.calculus.basics.length import length
from mcalc.calculus.basics.running_indices import anonymous
from mcalc.calculus.basics.simplifications import COMMON_DENOMINATOR, FACE_ALIKE, NAME_ALIKE, RECOGNISE, enabled, note
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, common_number, term_key
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, add, has_minus, mul, neg, power
from mcalc.operators.elementwise import COS, COSH, SIGMOID, SIN, SINH
from mcalc.operators.leaves import is_number, number, ones
from mcalc.operators.solutions import HALVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]

ZERO = number(0)
ONE_OF_SQUARES = {COS: (SIN, 1), COSH: (SINH, -1)}
"""Functions whose square is 1 with the square of another, added or subtracted."""
OF_ONE = HALVES.bit | COS.bit | COSH.bit
"""The bits of what is looked for in a sum, since it may be 1 with another term."""
MOST = 8
"""Sums of more terms than this are left alone, and so are denominators of more."""


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
            sums = [(part, xs) for part, xs, e in rest.factors if part.op is ADD and e is ONE and len(part.args) == 2]
            parts = times_sum(without_factor(rest, *sums[0]), *sums[0]) if sums else [rest]
            with_turned = [Term(t.coef, [*t.factors, (turned, labels, ONE)], t.out) for t in parts]
            if base is turned:
                return with_turned
            alone = [Term(t.coef, covering(t.factors, base, labels), t.out) for t in parts]
            return [*alone, *[Term(-t.coef, t.factors, t.out) for t in with_turned]]
    return [term]


def over_one_denominator(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with those put together whose numerators cancel over a common denominator.

    Algebra: a / d + b / d² = (a d + b) / d², where a d + b, multiplied out, has fewer terms than there were: so
    2 x / (1 + x²) - 2 x³ / (1 + x²)² = 2 x / (1 + x²)². Each step leaves fewer terms, so it ends.
    """
    if not 1 < len(terms) <= MOST or not enabled(COMMON_DENOMINATOR):
        return terms
    powers_of = [exponent for term in terms for _, _, exponent in term.factors if exponent is not ONE]
    if not any([is_number(exponent) and exponent.attr < 0 for exponent in powers_of]):
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
    return _over_all_denominators(terms)


def _over_all_denominators(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum of numbers over the denominator of all of them, where that is shorter.

    Algebra: 1 / (x - 1) - (x + 1) / (x - 1)² = -2 / (x - 1)². All terms then have one denominator, so it ends. A term
    is multiplied by a name only where one is left: -n / s² + q / s⁴ stays.
    """
    own = [{base: exponent for base, labels, exponent in term.factors if not labels} for term in terms]
    if terms[0].out or any([len(powers) < len(term.factors) for powers, term in zip(own, terms, strict=True)]):
        return terms
    lowest: dict[Expr, Expr] = {}
    by_name = differ = False
    for base in dict.fromkeys([base for powers in own for base in powers]):
        exponents = [powers.get(base, ZERO) for powers in own]
        if len(set(exponents)) == 1:
            lowest[base] = exponents[0]
        elif all([is_number(exponent) and type(exponent.attr) is not float for exponent in exponents]):
            least = min([exponent.attr for exponent in exponents])
            if least and not any([(exponent.attr - least) % 1 for exponent in exponents]):
                lowest[base] = number(least)
                differ = differ or least < 0
                by_name = by_name or (least < 0 and least % 1 == 0 and base.op is not ADD)
    shared: list[Factor] = [(base, (), exponent) for base, exponent in lowest.items()]
    if not differ:
        return terms
    merged: list[Term] = []
    for term, powers in zip(terms, own, strict=True):
        factors = [(base, (), _less(powers.get(base, ZERO), lowest.get(base))) for base in {**powers, **lowest}]
        merged += multiplied_out(Term(term.coef, [factor for factor in factors if factor[2] is not ZERO], ()))
    merged = merged_terms(parts_of_one(merged_terms(merged)))
    if by_name and len(merged) > 1:
        return terms
    if _length(merged, shared) >= _length(terms, []):
        return terms
    note(COMMON_DENOMINATOR)
    return [Term(term.coef, [*term.factors, *shared], ()) for term in merged]


def parts_of_one(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with 1 for the squares of a cosine and a sine, and for the halves of a triangle.

    Algebra: c sin(u)² + c cos(u)² = c; c cosh(u)² - c sinh(u)² = c; c halftril(n)_ij + c halftril(n)_ji = c. Each step
    leaves a term less, so it ends.
    """
    if not any([base.op.bit & OF_ONE for term in terms for base, _, _ in term.factors]) or not enabled(RECOGNISE):
        return terms
    for place, term in enumerate(terms):
        for factor in term.factors:
            partner, sign = _other_part(*factor)
            if partner is None:
                continue
            base, labels, _ = factor
            rest = without_factor(term, base, labels)
            other = Term(sign * term.coef, [*rest.factors, partner], term.out)
            key = term_key(other)
            at = next((k for k, one in enumerate(terms) if one.coef == other.coef and term_key(one) == key), None)
            if at is not None:
                note(RECOGNISE)
                whole = contract(Term(term.coef, covering(rest.factors, base, labels), term.out))
                return parts_of_one([whole, *[t for k, t in enumerate(terms) if k not in (place, at)]])
    return terms


def _other_part(base: Expr, labels: Labels, exponent: Expr) -> tuple[Factor | None, int]:
    """What is 1 together with a factor, and whether it is added or subtracted."""
    if base.op is HALVES and exponent is ONE:
        return (base, labels[::-1], exponent), 1
    if base.op not in ONE_OF_SQUARES or not is_number(exponent, 2):
        return None, 1
    op, sign = ONE_OF_SQUARES[base.op]
    return (make(op, base.args), labels, exponent), sign


def _less(exponent: Expr, taken: Expr | None) -> Expr:
    """The exponent of a power that is divided by another of the same base."""
    return exponent if taken is None else ZERO if taken is exponent else number(exponent.attr - taken.attr)


def multiplied_out(term: Term) -> list[Term]:
    """Return the terms of a product of numbers of which the sums are multiplied out, while they are few."""
    done: list[Term] = []
    stack = [term]
    while stack:
        part = stack.pop()
        found = next(
            (base for base, xs, exponent in part.factors if base.op is ADD and exponent is ONE and not xs), None
        )
        if found is None or len(done) + len(stack) + len(found.args) > MOST:
            done.append(part)
        else:
            stack += times_sum(without_factor(part, found, ()), found, ())[::-1]
    return done


def _length(terms: list[Term], shared: list[Factor]) -> int:
    """The length of some factors times a sum of numbers, what number its terms share before it."""
    front = common_number([term.coef for term in terms]) if shared and terms else Fraction(1)
    total = add(*[build(Term(term.coef / front, term.factors, ())) for term in terms]) if terms else ZERO
    return length(mul(number(front), total, *[power(base, exponent) for base, _, exponent in shared]))


def _denominators(terms: list[Term]) -> list[tuple[Expr, Labels]]:
    """The sums by which terms are divided."""
    found: dict[tuple[Expr, Labels], None] = {}
    for term in terms:
        for base, labels, exponent in term.factors:
            divides = is_number(exponent) and type(exponent.attr) is not float and exponent.attr < 0
            if divides and base.op is ADD and len(base.args) <= MOST and set(labels) <= set(term.out):
                found[base, labels] = None
    return list(found)


def _power(term: Term, base: Expr, labels: Labels) -> int | Fraction:
    for factor, own, exponent in term.factors:
        if factor is base and own == labels:
            return -exponent.attr if is_number(exponent) and type(exponent.attr) is not float else 0
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
