"""The normal form of a derivative: sums of contracted products, like terms merged, shared parts kept shared.

`normalise` goes over the graph of sums and products that differentiation made. What the user wrote inside (`given`)
stays as written: a sum of theirs is one factor, a product of theirs is opened up. One product is contracted and
multiplied out where it would stay stuck (:func:`close`); out of a sum over a running index come numbers and what does
not move (:func:`normal_sigma`).
"""

from __future__ import annotations

from mcalc.calculus.basics.orientation import untransposed
from mcalc.calculus.basics.simplifications import (
    MERGE_LIKE_TERMS,
    MULTIPLY_OUT,
    OUT_OF_SUM,
    UNDER_CONDITION,
    enabled,
    logged,
    note,
)
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.flattening import as_term, flatten
from mcalc.calculus.index_notation.term import (
    ONE,
    Term,
    build,
    common_number,
    holds_products,
    is_product,
    product,
    term_key,
)
from mcalc.calculus.rules.conditions import assume
from mcalc.calculus.rules.of_products import absorb_sign
from mcalc.calculus.rules.table import in_one_product
from mcalc.expr import Expr, in_order, make
from mcalc.operators.arithmetic import ADD, CASES, LN, POW, add, neg, scale
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import EYE, NUMBER, ONES, UNIT, is_number, is_zero, number, zeros
from mcalc.operators.linear import SIGMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from mcalc.dims import Shape
    from mcalc.expr import Labels

EXPANDED = 8
"""A sum of more terms than this is not multiplied out."""


def close(
    term: Term,
    given: Container[Expr] = frozenset(),
    room: list[int] | None = None,
    closed: dict[Expr, Term] | None = None,
) -> Expr:
    """Settle one product: signs, conditions, sums that an identity is stuck in.

    `room` holds how many terms may still be made by multiplying out what need not be; in `closed` is noted which term
    an expression was made of, where opening it would give that term again.
    """
    if term.is_zero:
        return _zero_of(term)
    stuck = _stuck(term, given, room or [0])
    if stuck is not None:
        return stuck
    found = in_one_product(term)
    made = build(found)
    if closed is not None and _is_settled(found):
        closed[made] = found
    return made


def _is_settled(term: Term) -> bool:
    """Say whether opening what a term is built as would give this term, but for long products, which stay shared."""
    if term.bits & EYE.bit and term.bits & UNIT.bit:
        return False  # opened again, they change places
    for base, _, exponent in term.factors:
        short = is_product(base) and len(base.args) <= INLINE_FACTORS
        if short or base.op is NUMBER or base.op is POW or not (exponent is ONE or is_number(exponent)):
            return False
    return True


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
    at_units = {labels[0] for base, labels, _ in term.factors if base.op is UNIT}
    for place, (base, labels, exponent) in enumerate(term.factors):
        if base.op is not ADD or exponent is not ONE:
            continue
        at_unit = not at_units.isdisjoint(labels)
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


def normal_sum(terms: list[Expr], shape: Shape, closed: dict[Expr, Term] | None = None) -> Expr:
    """Merge like terms and drop zeros; terms keep the order in which they first appeared.

    `closed` has the terms that some of the expressions were made of: in them long products that are shared stay so.
    """
    merged: dict[tuple[object, ...], Term] = {}
    known = closed or {}
    alike = [known.get(part) or as_term(part) for part in terms if not is_zero(part)]
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
        from mcalc.calculus.rules.of_sums import complemented, over_one_denominator, parts_of_one

        joined = parts_of_one(kept)
        kept = kept if joined is kept else [in_one_product(term) for term in joined]
        kept = complemented(over_one_denominator(kept))
    result = [build(term) for term in kept]
    if not result:
        return zeros(shape)
    return add(*result) if any([part.shape == shape for part in result]) else add(*result, zeros(shape))


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
    if len(set(coefs)) != 1 or len(body.args) % 2 or (shared := common_number(coefs)) == 1:
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
    if not units:
        return None
    from mcalc.calculus.basics.entries import gather, spans_axis

    if not spans_axis(index, inside[units[0]][0].attr):
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
        upright = untransposed(whole) if whole.order == 2 else None
        own = (label, *labels)
        factors.append((whole, own, exponent) if upright is None else (upright, own[::-1], exponent))
    return close(flatten(build(Term(term.coef, [*outside, *factors], term.out))))


INLINE_FACTORS = 12
"""A shared product of at most this many factors is copied into the products that use it; a longer one stays shared."""
MOST_TERMS = 24
"""When multiplying out has made as many terms as this, the sums that are left stay factors."""


def _walked(root: Expr, given: Container[Expr]) -> tuple[list[Expr], dict[Expr, int], set[Expr]]:
    """Return what normalising may change, each node behind its arguments, how often each is used, and the products."""
    uses: dict[Expr, int] = {root: 1}
    products: set[Expr] = set()

    def inside(node: Expr) -> tuple[Expr, ...]:
        if is_product(node):
            products.add(node)
        found = node.args if node in products else _inner(node, given)
        for arg in found:
            uses[arg] = uses.get(arg, 0) + 1
        return found

    return list(in_order([root], inside)), uses, products


def normalise(root: Expr, given: Container[Expr] = frozenset(), expand: bool = False) -> Expr:
    """Return an equal expression in normal form.

    Works from the leaves of the graph to the root, each node once, and opens only products that are used once or are
    small: so the work is linear in the graph, and ends. With `expand`, sums that differentiation made are multiplied
    out too where they are short, so that like terms meet.
    """
    room = [MOST_TERMS] if expand else [0]
    order, uses, products = _walked(root, given)
    inside_product: set[Expr] = set()
    inside_sum: set[Expr] = set()
    for node in order:
        if node in products:
            inside_product.update([arg for arg in node.args if uses[arg] == 1 and arg in products])
        elif node.op is ADD and node not in given:
            inside_sum.update([arg for arg in node.args if uses.get(arg) == 1 and arg.op is ADD and arg not in given])
    value: dict[Expr, Expr] = {}
    closed: dict[Expr, Term] = {}

    def opened(factor: Expr) -> Expr | None:
        """A product used here alone is opened as it is; a shared one, once normal, if it is small."""
        if factor in inside_product:
            return factor
        normal = value.get(factor, factor)
        return None if is_product(normal) and len(normal.args) > INLINE_FACTORS else normal

    for node in order:
        if node in inside_product or node in inside_sum:
            continue
        if node.op is ADD and node not in given:
            value[node] = normal_sum(_terms_of(node, inside_sum, value), node.shape, closed)
        elif node in products:
            value[node] = close(_swap(flatten(node, opened), value), given, room, closed)
        elif node.op in (EXP, LN):
            value[node] = close(as_term(node))
        elif node.op is SIGMA:
            value[node] = normal_sigma(node.args[0], value.get(node.args[1], node.args[1]))
        elif node.op is CASES:
            value[node] = _normal_cases([value.get(arg, arg) for arg in node.args])
        else:
            value[node] = node
    return value[root]


def _normal_cases(args: list[Expr]) -> Expr:
    """Simplify each piece of a choice by the condition it stands under."""
    if enabled(UNDER_CONDITION) and not any([condition.shape for condition in args[1::2]]):
        for place in range(1, len(args), 2):
            value = assume(args[place - 1], [args[place]])
            if value is not args[place - 1]:
                note(UNDER_CONDITION)
                args[place - 1] = value
    return make(CASES, tuple(args))


def _inner(node: Expr, given: Container[Expr]) -> tuple[Expr, ...]:
    """The parts of a sum or of braces that differentiation made."""
    if node.op not in (ADD, SIGMA, CASES) or node in given:
        return ()
    if node.op is SIGMA:
        return node.args[1:]
    return node.args[::2] if node.op is CASES and len(node.args) % 2 == 0 else node.args


def _swap(term: Term, value: dict[Expr, Expr]) -> Term:
    """Put the normal form of each factor that stayed whole in its place."""
    if not any([value.get(base, base) is not base for base, _, _ in term.factors]):
        return term
    return Term(
        term.coef, [(value.get(base, base), labels, exponent) for base, labels, exponent in term.factors], term.out
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
