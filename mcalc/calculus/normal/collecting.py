"""One product and one sum in normal form: contracted, multiplied out where it would stay stuck, like terms merged."""

from __future__ import annotations

from mcalc.calculus.basics.simplifications import (
    MERGE_LIKE_TERMS,
    MULTIPLY_OUT,
    enabled,
    logged,
    note,
)
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, holds_products, is_product, product, term_key
from mcalc.calculus.rules.table import in_one_product
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, add
from mcalc.operators.leaves import EYE, ONES, UNIT, is_zero, zeros

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from mcalc.expr import Labels, Shape

EXPANDED = 8
"""A sum of more terms than this is not multiplied out."""


def close(term: Term, given: Container[Expr] = frozenset(), room: list[int] | None = None) -> Expr:
    """Settle one product: signs, conditions, sums that an identity is stuck in.

    `room` holds how many terms may still be made by multiplying out what need not be.
    """
    if term.is_zero:
        return _zero_of(term)
    stuck = _stuck(term, given, room or [0])
    if stuck is not None:
        return stuck
    return build(in_one_product(term))


def _zero_of(term: Term) -> Expr:
    return product(0, [(base, labels) for base, labels, _ in term.factors], term.out)


def _stuck(term: Term, given: Container[Expr], room: list[int]) -> Expr | None:
    """Multiply out a sum that holds an identity, ones or a unit vector whose label is contracted with another factor.

    Also one that is summed over a label of its own, Σ_i (a_i + b_i) = Σ_i a_i + Σ_i b_i, where its terms are products,
    and every short sum while there is `room`. A sum of the user's, in `given`, is opened only where an entry of it
    is taken.
    Algebra: (δ_ij + A_ij) x_j = x_i + A_ij x_j. The sum vanishes and its terms are contracted, so this ends.
    """
    alone = len(term.factors) == 1 and term.factors[0][1] == term.out
    if not enabled(MULTIPLY_OUT) or (alone and not (room[0] and term.coef != 1)):
        return None
    count: dict[int, int] = {}
    for _, labels, _ in term.factors:
        for label in labels:
            count[label] = count.get(label, 0) + 1
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op is not ADD or exponent is not ONE:
            continue
        at_unit = any([other.op is UNIT and own[0] in labels for other, own, _ in term.factors])
        alone = any([label not in term.out and count[label] == 1 for label in labels])
        if base in given:
            opened = at_unit and any([_has_structure(part) for part in base.args])
            if alone and not opened:
                with logged() as log:
                    zero = _vanishes(base, [label in term.out or count[label] > 1 for label in labels])
                if zero:
                    note(MULTIPLY_OUT, *log.applied)
                    return _zero_of(term)
        elif len(base.args) <= min(EXPANDED, room[0]):
            opened = True
            room[0] -= len(base.args)
        else:
            # Opened, a Jacobian of a layer of a network would grow by a factor with each layer.
            small = at_unit or len(labels) != 2 or len(base.args) <= EXPANDED
            opened = bool(labels) and (
                (small and any([_has_structure(part) for part in base.args]))
                or (small and (at_unit or alone) and holds_products(base))
                or (len(labels) > 2 and len(base.args) <= EXPANDED)
            )
        if opened:
            note(MULTIPLY_OUT)
            rest = [*term.factors[:place], *term.factors[place + 1 :]]
            parts: list[Expr] = []
            for part in base.args:
                own = labels if part.shape else ()
                missing: list[tuple[Expr, Labels, Expr]] = []
                if not part.shape and base.shape:
                    missing = [(make(ONES, (), base.shape), labels, ONE)]
                whole = build(Term(term.coef, [*rest, *missing, (part, own, ONE)], term.out))
                made = close(as_term(whole), given, room)
                parts.extend(made.args if made.op is ADD and made not in given else [made])
            return normal_sum(parts, tuple([term.sizes[label] for label in term.out]))
    return None


def _vanishes(base: Expr, kept: list[bool]) -> bool:
    """Say whether a sum of the user's is nothing once it is summed over the axes not `kept`.

    Algebra: Σ_i (x_i - sum(x)/n) = 0; Σ_j (A_ij - Σ_k A_ik/n) = 0.
    """
    if len(base.args) > EXPANDED:
        return False
    axes = tuple(range(len(kept)))
    out = tuple([axis for axis in axes if kept[axis]])
    whole = make(ONES, (), base.shape)
    parts = [product(1, [(whole, axes), (part, axes if part.shape else ())], out) for part in base.args]
    return is_zero(normal_sum([build(as_term(part)) for part in parts], tuple([base.shape[axis] for axis in out])))


def _has_structure(part: Expr) -> bool:
    return part.op in (EYE, ONES, UNIT) or (
        is_product(part) and any([arg.op in (EYE, ONES, UNIT) for arg in part.args])
    )


def normal_sum(terms: list[Expr], shape: Shape) -> Expr:
    """Merge like terms and drop zeros; terms keep the order in which they first appeared."""
    merged: dict[tuple[object, ...], Term] = {}
    alike = [as_term(part) for part in terms if not is_zero(part)]
    if len(alike) > 1:
        from mcalc.calculus.rules.of_sums import facing_alike, named_alike

        alike = named_alike(facing_alike(alike))
    for place, term in enumerate(alike):
        key = (len(term.out), *term_key(term)) if enabled(MERGE_LIKE_TERMS) else (place,)
        if key in merged:
            note(MERGE_LIKE_TERMS)
        merged[key] = Term(merged[key].coef + term.coef, merged[key].factors, term.out) if key in merged else term
    kept = [term for term in merged.values() if not term.is_zero]
    if len(kept) > 1:
        from mcalc.calculus.rules.of_sums import complemented, over_one_denominator, squares_of_one

        kept = complemented(over_one_denominator(squares_of_one(kept)))
    result = [build(term) for term in kept]
    if not result:
        return zeros(shape)
    return add(*result) if any([part.shape == shape for part in result]) else add(*result, zeros(shape))
