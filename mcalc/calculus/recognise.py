"""Functions recognised when they arise: softmax, sigmoid, tanh from what they are made of; signs and absolute values.

Each rule puts one factor for two, or turns a negative argument, so it ends.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from mcalc.calculus.contracting import contract
from mcalc.calculus.denominators import MOST, covering, merged_terms, times_sum, without_factor
from mcalc.calculus.entries import gather, spans_axis
from mcalc.calculus.simplifications import RECOGNISE, enabled
from mcalc.calculus.tensor import ONE, Term
from mcalc.expr import Dim, Expr, make
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, add, neg
from mcalc.operators.extremes import ONE_HOT
from mcalc.operators.functions import ABS, COS, COSH, EXP, SIGMOID, SIGN, SIN, SINH, TAN, TANH
from mcalc.operators.leaves import NUMBER, ONES, SIZE, is_number, number, ones
from mcalc.operators.linear import MATMUL, SIGMA, SUM
from mcalc.operators.network import SOFTMAX, softmax

if TYPE_CHECKING:
    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]

QUOTIENTS = {COSH: (SINH, TANH), COS: (SIN, TAN)}
"""What is made of a quotient: by the divisor, the dividend and the result."""


def recognised(term: Term) -> Term:
    """Return a product with softmax and sigmoid where their exponentials stand in it, and without needless signs.

    Algebra: exp(z)_i / sum(exp(z)) = softmax(z)_i; exp(u) / (1 + exp(u)) = σ(u); 1 / (1 + exp(-u)) = σ(u);
    sinh(u) / cosh(u) = tanh(u); σ(-u) (1 - σ(-u)) = σ(u) (1 - σ(u)); |u| sign(u) = u; sign(u) / |u| = 1 / u;
    sum(softmax(z)) = 1 = sum(hardmax(z)); softmax(z)_i / exp(z)_i = 1 / sum(exp(z)); exp(a + 2 ln(u)) = u² exp(a);
    ln(exp(u)) = u; 1 - 1 / (1 + exp(u)) = σ(u); (1 + exp(u)) σ(-u) = 1.
    """
    if not enabled(RECOGNISE):
        return term
    place = 0
    while place < len(term.factors):
        base, labels, exponent = term.factors[place]
        found: Term | None = None
        if base.op in (EXP, LN) and is_number(exponent):
            found = _exponential_of_logarithm(term, place, base, labels)
        if found is None and base.op is ADD and len(base.args) == 2 and is_number(exponent):
            found = _complement(term, place, base) or _beside_sigmoid(term, place, base, labels)
        if found is None and _whole(exponent) < 0:
            if base.op in (SUM, SIGMA, MATMUL):
                found = _softmax(term, place)
            elif base.op in QUOTIENTS:
                found = _quotient(term, place, base, labels)
            else:
                found = _sigmoid(term, place, base, labels)
        elif base.op is SIGN and exponent is ONE:
            found = _sign(term, place, base, labels)
        elif base.op is SIGMOID and exponent is ONE:
            found = _mirrored(term, place, base, labels)
        elif base.op in ONE_HOT and exponent is ONE:
            found = _sums_to_one(term, place, base, labels, ONE_HOT[base.op][: base.order])
        elif base.op is SOFTMAX and exponent is ONE:
            found = _sums_to_one(term, place, base, labels, (base.order - 1,)) or _over_its_exponential(
                term, place, base, labels
            )
        term, place = (term, place + 1) if found is None else (found, 0)
    return term


def _whole(exponent: Expr) -> int:
    """The exponent where it is a whole number, else 0."""
    return exponent.attr if is_number(exponent) and type(exponent.attr) is int else 0


def _softmax(term: Term, place: int) -> Term | None:
    inner, rows = _summed_exponential(term.factors[place][0])
    if inner is None:
        return None
    for other, (base, labels, exponent) in enumerate(term.factors):
        if base is inner and _whole(exponent) > 0 and (not rows or labels[:1] == term.factors[place][1]):
            return _exchange(term, other, place, softmax(inner.args[0]), labels)
    return None


def _summed_exponential(total: Expr) -> tuple[Expr | None, bool]:
    """The exponential whose entries a sum adds up, over all of them or row by row; None for any other sum."""
    if total.op is SUM:
        inner: Expr | None = total.args[0]
    elif total.op is MATMUL:
        by_row = len(total.args) == 2 and total.args[1].op is ONES and total.args[0].op is EXP
        return (total.args[0] if by_row and total.args[0].order == 2 else None), True
    else:
        running, body = total.args
        last = running.args[1]
        dim = last.attr if last.op is SIZE else Dim.of(last.attr) if is_number(last) else None
        inner = gather(body, running, dim) if dim is not None and spans_axis(running, dim) else None
    return (inner if inner is not None and inner.op is EXP and inner.order == 1 else None), False


def _sums_to_one(term: Term, place: int, base: Expr, labels: Labels, axes: tuple[int, ...]) -> Term | None:
    """The entries of a softmax, or of each row of one, add up to 1; so do those of a hardmax."""
    summed = [labels[axis] for axis in axes]
    if any([label in term.out or sum([xs.count(label) for _, xs, _ in term.factors]) > 1 for label in summed]):
        return None
    rest = [factor for at, factor in enumerate(term.factors) if at != place]
    kept = [axis for axis in range(base.order) if axis not in axes]
    left = [(ones((base.shape[axis],)), (labels[axis],), ONE) for axis in kept]
    return contract(Term(term.coef, [*rest, *left], term.out))


def _over_its_exponential(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    if base.order != 1:
        return None
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor.op is EXP and factor.args == base.args and own == labels and is_number(exponent, -1):
            rest = [f for at, f in enumerate(term.factors) if at not in (place, other)]
            dims = [(ones(base.shape), labels, ONE)]
            return contract(Term(term.coef, [*rest, *dims, (make(SUM, (factor,)), (), number(-1))], term.out))
    return None


def _exponential_of_logarithm(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """The exponential of a sum with multiples of logarithms in it, or the logarithm of an exponential."""
    exponent = term.factors[place][2].attr
    [inner] = base.args
    made: list[Factor] = []
    if base.op is LN:
        if inner.op is not EXP or exponent != 1:
            return None
        made.append((inner.args[0], labels if inner.shape else (), ONE))
    else:
        left: list[Expr] = []
        for part in inner.args if inner.op is ADD else (inner,):
            factors = part.args if part.op is MUL else (part,)
            of = [factor for factor in factors if not is_number(factor)]
            if len(of) == 1 and of[0].op is LN:
                times = prod([factor.attr for factor in factors if is_number(factor)])
                made += _raised(of[0].args[0], labels if part.shape else (), times * exponent)
            else:
                left.append(part)
        if not made:
            return None
        if left:
            rest = add(*left)
            made.append((make(EXP, (rest,)), labels if rest.shape else (), number(exponent)))
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


def _sigmoid(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """The two forms of the logistic function; a lone 1 / (1 + exp(u)) is taken only where u is a negative."""
    power = _beside_one(base)
    if power is None or power.op is not EXP:
        return None
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor is power and own == labels and _whole(exponent) > 0:
            return _exchange(term, other, place, make(SIGMOID, power.args), labels)
    u = power.args[0]
    if _is_negative(u):
        return _exchange(term, None, place, make(SIGMOID, (neg(u),)), labels)
    return None


def _beside_one(base: Expr) -> Expr | None:
    """The other part of 1 plus something; None for any other expression."""
    if base.op is not ADD or len(base.args) != 2:
        return None
    first, second = base.args
    return second if is_number(first, 1) else first if is_number(second, 1) else None


def _complement(term: Term, place: int, base: Expr) -> Term | None:
    """1 - 1 / (1 + exp(u)) in the place of a factor is σ(u)."""
    part = _beside_one(base)
    if part is None or part.op is not MUL or len(part.args) != 2 or not is_number(part.args[0], -1):
        return None
    below = part.args[1]
    power = _beside_one(below.args[0]) if below.op is POW and is_number(below.args[1], -1) else None
    if power is None or power.op is not EXP:
        return None
    _, labels, exponent = term.factors[place]
    made = (make(SIGMOID, power.args), labels, exponent)
    return contract(Term(term.coef, [*term.factors[:place], made, *term.factors[place + 1 :]], term.out))


def _beside_sigmoid(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """(1 + exp(u)) σ(u) is exp(u), and (1 + exp(u)) σ(-u) is 1."""
    power = _beside_one(base)
    times = _whole(term.factors[place][2])
    if power is None or power.op is not EXP or times < 1:
        return None
    u = power.args[0]
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor.op is not SIGMOID or own != labels or _whole(exponent) < 1:
            continue
        if factor.args[0] is not u and factor.args[0] is not neg(u):
            continue
        count = min(times, _whole(exponent))
        taken = {place: (base, times - count), other: (factor, _whole(exponent) - count)}
        factors = [
            (taken[at][0], xs, number(taken[at][1])) if at in taken else (f, xs, e)
            for at, (f, xs, e) in enumerate(term.factors)
            if at not in taken or taken[at][1]
        ]
        made = power if factor.args[0] is u else ones(base.shape)
        factors.append((made, labels, number(count)))
        return contract(Term(term.coef, factors, term.out))
    return None


def complemented(terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with 1 - σ(u) for σ(-u), where they get fewer or shorter by it.

    Algebra: (1 - y) σ(u) - y σ(-u) = σ(u) - y. Each step leaves less to write, so it ends.
    """
    if not 1 < len(terms) <= MOST or not enabled(RECOGNISE):
        return terms
    plain = {(base, labels) for term in terms for base, labels, _ in term.factors if base.op is SIGMOID}
    for base, labels in plain:
        turned = make(SIGMOID, (neg(base.args[0]),))
        if (turned, labels) not in plain or not _is_negative(base.args[0]):
            continue
        opened: list[Term] = []
        for term in terms:
            opened += _without_mirror(term, base, turned, labels)
        merged = merged_terms(opened)
        if sum([1 + len(term.factors) for term in merged]) < sum([1 + len(term.factors) for term in terms]):
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


def _quotient(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    above, made = QUOTIENTS[base.op]
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor.op is above and factor.args == base.args and own == labels and _whole(exponent) > 0:
            return _exchange(term, other, place, make(made, base.args), labels)
    return None


def _sign(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    """sign(u) beside a power of |u|; at 0 both sides are 0, or have no value."""
    for other, (factor, own, exponent) in enumerate(term.factors):
        power = _whole(exponent)
        if factor.op is ABS and factor.args == base.args and own == labels and power:
            rest = [f for at, f in enumerate(term.factors) if at not in (place, other)]
            left = power - 1 if power > 0 else power + 1
            kept = [(factor, own, number(left))] if left else []
            unsigned = (base.args[0], labels, number(1 if power > 0 else -1))
            return contract(Term(term.coef, [*rest, *kept, unsigned], term.out))
    return None


def _mirrored(term: Term, place: int, base: Expr, labels: Labels) -> Term | None:
    inner = base.args[0]
    if not _is_negative(inner):
        return None
    complement = add(number(1), neg(base))
    for other, (factor, own, exponent) in enumerate(term.factors):
        if factor is complement and own == labels and exponent is ONE:
            turned = make(SIGMOID, (neg(inner),))
            put = {place: turned, other: add(number(1), neg(turned))}
            factors = [(put.get(at, f), xs, e) for at, (f, xs, e) in enumerate(term.factors)]
            return contract(Term(term.coef, factors, term.out))
    return None


def _is_negative(u: Expr) -> bool:
    return u.op is MUL and u.args[0].op is NUMBER and u.args[0].attr < 0


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
