"""Simplifications of one product that are no rows: signs of the sums in it, logarithms in an exponential."""

from __future__ import annotations

from math import prod

from mcalc.calculus.basics.simplifications import FACE_ALIKE, TURN_SIGN, enabled
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, add, has_minus, mul, neg, power, whole_power
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import is_fraction, is_number, number, ones, ratio
from mcalc.operators.linear import SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]


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
    return term if factors == term.factors else contract(Term(coef, factors, term.out))


def absorb_sign(term: Term) -> Term:
    """-2 (y - z) = 2 (z - y), -Σ (y - z) = Σ (z - y): a negative coefficient turns round a sum of as many minuses.

    A sum that stands there twice, as in (x - y) (x - y)ᵀ, stays.
    """
    if type(term.coef) is float or not term.coef < 0 or not enabled(TURN_SIGN):
        return term
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op not in (ADD, SIGMA) or exponent is not ONE or sum([f[0] is base for f in term.factors]) > 1:
            continue
        inner = base.args[1] if base.op is SIGMA else base
        if inner.op is ADD and 2 * sum([has_minus(part) for part in inner.args]) >= len(inner.args):
            turned = turn_round(inner)
            turned = make(SIGMA, (base.args[0], turned)) if base.op is SIGMA else turned
            factors = [*term.factors[:place], (turned, labels, ONE), *term.factors[place + 1 :]]
            return Term(-term.coef, factors, term.out)
    return term


def turn_round(base: Expr) -> Expr:
    """Return the negative of a sum, positive terms first."""
    parts = [neg(part) for part in base.args]
    return add(*[p for p in parts if not has_minus(p)], *[p for p in parts if has_minus(p)])


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


def without_roots_in_exponent(term: Term, place: int) -> Term | None:
    """Raise a quotient by the root of a number in an exponential to its power; None where there is none.

    Algebra: exp(-(x / √2)²) = exp(-x² / 2). Each step leaves a root less, so it ends.
    """
    base, labels, exponent = term.factors[place]
    [inner] = base.args
    opened = [_without_roots(part) for part in (inner.args if inner.op is ADD else (inner,))]
    if not any(opened):
        return None
    parts = [new or old for new, old in zip(opened, inner.args if inner.op is ADD else (inner,), strict=True)]
    made: list[Factor] = [*term.factors]
    made[place] = (make(EXP, (add(*parts),)), labels, exponent)
    return Term(term.coef, made, term.out)


def _without_roots(part: Expr) -> Expr | None:
    """A term c (u / √n)² as it is without the root; None for any other."""
    coef: Number = 1
    left: list[Expr] = []
    found = False
    for factor in part.args if part.op is MUL else (part,):
        of, times = whole_power(factor)
        for inner in of.args if of.op is MUL else (of,):
            raised = power(inner, number(times))
            found = found or (inner.op is POW and is_number(inner.args[0]) and is_number(raised))
            coef = coef * raised.attr if is_number(raised) else coef
            left += [] if is_number(raised) else [raised]
    if not found or not left or type(coef) is float:
        return None
    over, under = coef.as_integer_ratio()
    return mul(number(over), *left, number(ratio(1, under)))


def one_root(term: Term, place: int) -> Term | None:
    """Write the roots of π and of a number as one; None where they are not both there.

    Algebra: √2 √π = √(2 π). Each step leaves a factor less, so it ends.
    """
    pi, _, exponent = term.factors[place]
    if not is_number(exponent) or not is_fraction(exponent.attr):
        return None
    for other, (base, _, own) in enumerate(term.factors):
        if own is exponent and is_number(base) and base.attr > 0:
            left = [factor for at, factor in enumerate(term.factors) if at not in (place, other)]
            return Term(term.coef, [*left, (mul(base, pi), (), exponent)], term.out)
    return None


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
