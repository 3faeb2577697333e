"""The normal form of a sum over a running index: numbers and what does not move come out, the rest is gathered."""

from __future__ import annotations

from fractions import Fraction

from mcalc.calculus.basics.entries import gather, spans_axis
from mcalc.calculus.basics.simplifications import (
    OUT_OF_SUM,
    enabled,
    note,
)
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.flattening import as_term, flatten
from mcalc.calculus.index_notation.term import ONE, Term, build, common_number, is_product, product
from mcalc.calculus.normal.collecting import close, normal_sum
from mcalc.calculus.rules.of_products import absorb_sign
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, CASES, neg, scale
from mcalc.operators.leaves import ONES, UNIT, is_zero, number, zeros
from mcalc.operators.linear import SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels


def normal_sigma(index: Expr, body: Expr) -> Expr:
    """Move what does not run out of a sum, and put whole tensors for entries gathered by unit vectors.

    Algebra: Σ_i c f_i = c Σ_i f_i; Σ_i f_i e(i) = f; Σ_{i=a}^b 1 = b - a + 1.
    """
    if is_zero(body):
        return zeros(body.shape)
    if body.op is ADD and any([_gathers(part, index) for part in body.args]):
        parts = [normal_sigma(index, part) for part in body.args]
        return normal_sum(parts, body.shape)
    if body.op is CASES and enabled(OUT_OF_SUM):
        body = _number_in_front(body)
    term = as_term(body)
    inside = [factor for factor in term.factors if index in factor[0].free or index in factor[2].free]
    outside = [factor for factor in term.factors if factor not in inside]
    if not inside:
        first, last, *excluded = index.args
        steps = normal_sum([last, neg(first), number(1)], ())
        inside_sum = make(SIGMA, (index, number(1))) if excluded else steps
        return build(absorb_sign(contract(Term(term.coef, [*outside, (inside_sum, (), ONE)], term.out))))
    whole = _gathered(term, inside, outside, index)
    if whole is not None:
        return whole
    if not enabled(OUT_OF_SUM):
        return make(SIGMA, (index, body))
    touched = {label for _, labels, _ in outside for label in labels}
    needed = tuple(
        sorted({label for _, labels, _ in inside for label in labels if label in touched or label in term.out})
    )
    summand = build(Term(1, inside, needed))
    if not outside and term.coef == 1:
        return make(SIGMA, (index, _in_order(term, summand, needed)))
    note(OUT_OF_SUM)
    factor = (make(SIGMA, (index, summand)), needed, ONE)
    return build(contract(Term(term.coef, [*outside, factor], term.out)))


def _number_in_front(body: Expr) -> Expr:
    """{0 if c; 2 f if d} = 2 {0 if c; f if d}: the number that all pieces share."""
    values = body.args[::2]
    signed = [as_term(value).coef for value in values if not is_zero(value)]
    coefs = [-coef if coef < 0 else coef for coef in signed]
    shared = common_number(coefs) if len(set(coefs)) == 1 and len(body.args) % 2 == 0 else Fraction(1)
    if shared == 1:
        return body
    pieces = [value if is_zero(value) else scale(1 / shared, value) for value in values]
    args = [arg for pair in zip(pieces, body.args[1::2], strict=True) for arg in pair]
    axes = tuple(range(body.order))
    note(OUT_OF_SUM)
    return product(shared, [(make(CASES, tuple(args)), axes)], axes)


def _in_order(term: Term, summand: Expr, needed: Labels) -> Expr:
    return summand if needed == term.out else product(1, [(summand, needed)], term.out)


def _gathers(part: Expr, index: Expr) -> bool:
    at = [arg for arg in part.args if arg.op is UNIT] if is_product(part) else [part] if part.op is UNIT else []
    return any([arg.args[0] is index for arg in at])


def _gathered(
    term: Term, inside: list[tuple[Expr, Labels, Expr]], outside: list[tuple[Expr, Labels, Expr]], index: Expr
) -> Expr | None:
    """Σ_i f_i e(i)_a = f_a: every running factor becomes the tensor of its entries, with the label a in front."""
    units = [k for k, (base, _, _) in enumerate(inside) if base.op is UNIT and base.args[0] is index]
    if not units or not spans_axis(index, inside[units[0]][0].attr):
        return None
    unit = inside[units[0]]
    label = unit[1][0]
    factors: list[tuple[Expr, Labels, Expr]] = [(make(ONES, (), unit[0].shape), (label,), ONE)]
    for k, (base, labels, exponent) in enumerate(inside):
        if k == units[0]:
            continue
        if index in exponent.free or exponent.shape:
            return None
        whole = gather(base, index, unit[0].attr)
        if whole is None:
            return None
        factors.append((whole, (label, *labels), exponent))
    return close(flatten(build(Term(term.coef, [*outside, *factors], term.out))))
