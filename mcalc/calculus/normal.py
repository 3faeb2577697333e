"""The normal form of a derivative: sums of contracted products, like terms merged, shared parts kept shared.

`normalise` goes over the graph of sums and products that differentiation made. What the user wrote inside (`given`)
stays as written: a sum of theirs is one factor, a product of theirs is opened up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.calculus.conditions import apply_conditions, assume, clip_once
from mcalc.calculus.denominators import over_one_denominator
from mcalc.calculus.entries import gather, spans_axis
from mcalc.calculus.factoring import common_number
from mcalc.calculus.folding import cancel_products, fold_beside_powers
from mcalc.calculus.recognise import recognised
from mcalc.calculus.simplifications import (
    CANCEL_INVERSES,
    FACE_ALIKE,
    MERGE_LIKE_TERMS,
    MULTIPLY_OUT,
    OUT_OF_SUM,
    TURN_SIGN,
    UNDER_CONDITION,
    enabled,
)
from mcalc.calculus.tensor import (
    INLINE_FACTORS,
    ONE,
    Term,
    as_term,
    build,
    contract,
    flatten,
    holds_products,
    is_product,
    product,
    term_key,
)
from mcalc.expr import NO_INDICES, Expr, in_order, make
from mcalc.operators.arithmetic import ADD, CASES, add, neg, scale
from mcalc.operators.leaves import EYE, NUMBER, ONES, UNIT, is_number, is_zero, number, zeros
from mcalc.operators.linear import SIGMA

if TYPE_CHECKING:
    from collections.abc import Container

    from mcalc.expr import Dim, Labels, Shape

EXPANDED = 8
"""A sum of more terms than this is not multiplied out."""
MOST_TERMS = 200
"""When multiplying out has made as many terms as this, the sums that are left stay factors."""


def normalise(root: Expr, given: Container[Expr] = frozenset(), expand: bool = False) -> Expr:
    """Return an equal expression in normal form.

    Works from the leaves of the graph to the root, each node once, and opens only products that are used once or are
    small: so the work is linear in the graph, and ends. With `expand`, sums that differentiation made are multiplied
    out too where they are short, so that like terms meet.
    """
    room = [MOST_TERMS] if expand else [0]
    uses: dict[Expr, int] = {root: 1}
    order: list[Expr] = []
    for node in _region(root, given):
        order.append(node)
        for inner in _inner(node, given):
            uses[inner] = uses.get(inner, 0) + 1
    inside_product: set[Expr] = set()
    inside_sum: set[Expr] = set()
    for node in order:
        if is_product(node):
            inside_product.update([arg for arg in node.args if uses.get(arg) == 1 and is_product(arg)])
        elif node.op is ADD and node not in given:
            inside_sum.update([arg for arg in node.args if uses.get(arg) == 1 and arg.op is ADD and arg not in given])
    value: dict[Expr, Expr] = {}

    def opened(factor: Expr) -> Expr | None:
        """A product used here alone is opened as it is; a shared one, once normal, if it is small."""
        if factor in inside_product:
            return factor
        normal = value.get(factor)
        if normal is None:
            return (
                factor
                if is_product(factor) and len(factor.args) <= INLINE_FACTORS
                else None
                if is_product(factor)
                else factor
            )
        if is_product(normal) and len(normal.args) > INLINE_FACTORS:
            return None
        return normal

    for node in order:
        if node in inside_product or node in inside_sum:
            continue
        if node.op is ADD and node not in given:
            value[node] = _normal_sum(_terms_of(node, inside_sum, value), node.shape)
        elif is_product(node):
            value[node] = _close(_swap(flatten(node, opened), value), given, room)
        elif node.op is SIGMA:
            value[node] = _normal_sigma(node.args[0], value.get(node.args[1], node.args[1]))
        elif node.op is CASES:
            value[node] = _normal_cases([value.get(arg, arg) for arg in node.args])
        else:
            value[node] = node
    return value[root]


def _normal_cases(args: list[Expr]) -> Expr:
    """Simplify each piece of a choice by the condition it stands under."""
    if enabled(UNDER_CONDITION) and not any([condition.shape for condition in args[1::2]]):
        for place in range(1, len(args), 2):
            args[place - 1] = assume(args[place - 1], [args[place]])
    return make(CASES, tuple(args))


def _region(root: Expr, given: Container[Expr]) -> list[Expr]:
    """The nodes of the graph that normalising may change, arguments first."""
    return list(in_order([root], lambda node: _inner(node, given)))


def _inner(node: Expr, given: Container[Expr]) -> tuple[Expr, ...]:
    if is_product(node):
        return node.args
    if node.op in (ADD, SIGMA, CASES) and node not in given:
        return (
            node.args[1:]
            if node.op is SIGMA
            else node.args[::2]
            if node.op is CASES and len(node.args) % 2 == 0
            else node.args
        )
    return ()


def _swap(term: Term, value: dict[Expr, Expr]) -> Term:
    """Put the normal form of each factor that stayed whole in its place."""
    if not any([value.get(base, base) is not base for base, _, _ in term.factors]):
        return term
    return Term(
        term.coef, [(value.get(base, base), labels, exponent) for base, labels, exponent in term.factors], term.out
    )


def _close(term: Term, given: Container[Expr] = frozenset(), room: list[int] | None = None) -> Expr:
    """Settle one product: signs, conditions, sums that an identity is stuck in.

    `room` holds how many terms may still be made by multiplying out what need not be.
    """
    if term.is_zero:
        return _zero_of(term)
    stuck = _stuck(term, given, room or [0])
    if stuck is not None:
        return stuck
    for rule in IN_ONE_PRODUCT:
        term = rule(term)
    return build(term)


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
            if alone and not opened and _vanishes(base, labels, term.out):
                return _zero_of(term)
        elif len(base.args) <= min(EXPANDED, room[0]) and base.free == NO_INDICES:
            opened = True
            room[0] -= len(base.args)
        else:
            opened = bool(labels) and (
                any([_has_structure(part) for part in base.args])
                or ((at_unit or alone) and holds_products(base))
                or (len(labels) > 2 and len(base.args) <= EXPANDED)
            )
        if opened:
            rest = [*term.factors[:place], *term.factors[place + 1 :]]
            parts: list[Expr] = []
            for part in base.args:
                own = labels if part.shape else ()
                missing: list[tuple[Expr, Labels, Expr]] = []
                if not part.shape and base.shape:
                    missing = [(make(ONES, (), base.shape), labels, ONE)]
                whole = build(Term(term.coef, [*rest, *missing, (part, own, ONE)], term.out))
                parts.append(_close(as_term(whole), given, room))
            return _normal_sum(parts, tuple([_dim(term, label) for label in term.out]))
    return None


def _vanishes(base: Expr, labels: Labels, out: Labels) -> bool:
    """Say whether a sum of the user's is nothing once it is summed over its one axis: Σ_i (x_i - sum(x)/n) = 0."""
    if len(labels) != 1 or labels[0] in out or len(base.args) > EXPANDED:
        return False
    whole = make(ONES, (), base.shape)
    parts = [product(1, [(whole, (0,)), (part, (0,) if part.shape else ())], ()) for part in base.args]
    return is_zero(_normal_sum([build(as_term(part)) for part in parts], ()))


def _dim(term: Term, label: int) -> Dim:
    return next(
        dim for base, labels, _ in term.factors for own, dim in zip(labels, base.shape, strict=True) if own == label
    )


def _has_structure(part: Expr) -> bool:
    return part.op in (EYE, ONES, UNIT) or (
        is_product(part) and any([arg.op in (EYE, ONES, UNIT) for arg in part.args])
    )


def _terms_of(node: Expr, inside_sum: set[Expr], value: dict[Expr, Expr]) -> list[Expr]:
    """The terms of a sum with the sums inside it opened, in order."""
    terms: list[Expr] = []
    stack = list(reversed(node.args))
    while stack:
        part = stack.pop()
        if part in inside_sum:
            stack.extend(reversed(part.args))
            continue
        normal = value.get(part, part)
        own = normal.op is ADD and not node.shape and node.args.count(part) == 1 and len(normal.args) <= EXPANDED
        if own or (normal.op is ADD and part.op is not ADD):
            stack.extend(reversed(normal.args))
        else:
            terms.append(normal)
    return terms


def _normal_sum(terms: list[Expr], shape: Shape) -> Expr:
    """Merge like terms and drop zeros; terms keep the order in which they first appeared."""
    merged: dict[tuple[object, ...], Term] = {}
    for place, term in enumerate(_facing_alike([as_term(part) for part in terms if not is_zero(part)])):
        key = (len(term.out), *term_key(term)) if enabled(MERGE_LIKE_TERMS) else (place,)
        merged[key] = Term(merged[key].coef + term.coef, merged[key].factors, term.out) if key in merged else term
    kept = over_one_denominator([term for term in merged.values() if not term.is_zero])
    result = [build(term) for term in kept]
    if not result:
        return zeros(shape)
    return add(*result) if any([part.shape == shape for part in result]) else add(*result, zeros(shape))


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


def _facing_alike(terms: list[Term]) -> list[Term]:
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


def _normal_sigma(index: Expr, body: Expr) -> Expr:
    """Move what does not run out of a sum, and put whole tensors for entries gathered by unit vectors.

    Algebra: Σ_i c f_i = c Σ_i f_i; Σ_i f_i e(i) = f; Σ_{i=a}^b 1 = b - a + 1.
    """
    if is_zero(body):
        return zeros(body.shape)
    if body.op is ADD and any([_gathers(part, index) for part in body.args]):
        parts = [_normal_sigma(index, part) for part in body.args]
        return _normal_sum(parts, body.shape)
    if body.op is CASES and enabled(OUT_OF_SUM):
        body = _number_in_front(body)
    term = as_term(body)
    inside = [factor for factor in term.factors if index in factor[0].free or index in factor[2].free]
    outside = [factor for factor in term.factors if factor not in inside]
    if not inside:
        first, last, *excluded = index.args
        steps = _normal_sum([last, neg(first), number(1)], ())
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
    unit = next((factor for factor in inside if factor[0].op is UNIT and factor[0].args[0] is index), None)
    if unit is None or not spans_axis(index, unit[0].attr):
        return None
    label = unit[1][0]
    factors: list[tuple[Expr, Labels, Expr]] = [(make(ONES, (), unit[0].shape), (label,), ONE)]
    for base, labels, exponent in inside:
        if base is unit[0]:
            continue
        if index in exponent.free:
            return None
        whole = gather(base, index, unit[0].attr)
        if whole is None:
            return None
        factors.append((whole, (label, *labels), exponent))
    return _close(flatten(build(Term(term.coef, [*outside, *factors], term.out))))


IN_ONE_PRODUCT = (
    fold_beside_powers, apply_conditions, clip_once, recognised, face_alike, cancel_inverses, cancel_products,
    absorb_sign,
)  # fmt: skip
"""What is simplified within one product, in this order."""
