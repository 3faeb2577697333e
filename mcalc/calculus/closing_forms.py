"""What a derivative is written by at last: sums over an index as products, means and deviations, σ (1 - σ).

A sum over a running index becomes a product of matrices, Σ_j A_ij x_j is (A x)_i, by putting for each running factor
the tensor of its entries, contracted at a new label. The means and deviations are those of the function, which the
derivative opens.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence

from mcalc.calculus.basics.entries import gather, spans_axis
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, product
from mcalc.calculus.rules.normal_form import normalise
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, CASES, MUL, POW, add, has_minus, mul, neg, negate, power
from mcalc.operators.elementwise import SIGMOID
from mcalc.operators.leaves import SIZE, is_number, is_zero, number, ones, size
from mcalc.operators.linear import ELEMENT, SIGMA, SUM, TRANSPOSE
from mcalc.operators.matrix import MEAN, STD, VAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels


MOMENTS = frozenset((MEAN, VAR, STD))


def with_slopes(expr: Expr) -> Expr:
    """Return an equal expression with σ(u) (1 - σ(u)) for σ(u) σ(-u), as the derivative of σ is known.

    >>> from mcalc import derive
    >>> derive("1/(1 + exp(-x))", wrt="x").text
    'σ(x) (1 - σ(x))'
    """

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not MUL:
            return None
        for one in [arg for arg in args if arg.op is SIGMOID]:
            rest = _without(args, (one, make(SIGMOID, (neg(one.args[0]),))))
            if rest is not None:
                upright = make(SIGMOID, (neg(one.args[0]),)) if has_minus(one.args[0]) else one
                return mul(*rest, upright, add(number(1), neg(upright)))
        return None

    return rebuild(expr, change) if expr.has(SIGMOID) else expr


def with_moments(expr: Expr, body: Expr) -> Expr:
    """Return an equal expression with mean(x) for sum(x) / n, var(x) and std(x), wherever `body` has them of an x.

    Algebra: mean(x) = sum(x) / n; var(x) = sum((x - mean(x))²) / n; std(x) = √var(x).

    >>> from mcalc import derive
    >>> derive("std(x)", wrt="x", where="x: R^n").text
    '(x - mean(x))ᵀ / (n std(x))'
    """
    used = _moments_of(body)
    for of in dict.fromkeys([node.args[0] for node in used]):
        expr = _with_those_of(expr, of, spread=any([node.op is STD for node in used if node.args[0] is of]))
    return expr


def _moments_of(body: Expr) -> list[Expr]:
    """Return the moments in an expression, those in the definitions of its functions too."""
    found: list[Expr] = []
    for node in walk(body):
        if node.op in MOMENTS:
            found.append(node)
        elif node.op.kind == "defined" and node.op.body is not None:
            found += [inner for inner in walk(node.op.body(*node.args)) if inner.op in MOMENTS]
    return found


def _with_those_of(expr: Expr, of: Expr, *, spread: bool) -> Expr:
    total, mean, variance = make(SUM, (of,)), make(MEAN, (of,)), make(VAR, (of,))
    counts = [power(size(dim), number(-1)) for dim in of.shape]
    terms = {*(of.args if of.op is ADD else (of,))}
    centred = [{*terms, neg(mean)}, {*[neg(term) for term in terms], mean}]

    def is_squares(node: Expr) -> bool:
        square = node.args[0] if node.op is SUM else node
        return square.op is POW and is_number(square.args[1], 2) and is_centred(square.args[0])

    def is_centred(node: Expr) -> bool:
        opened = [part for arg in node.args for part in (arg.args if arg.op is ADD else (arg,))]
        return node.op is ADD and {*opened} in centred

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is POW and args[0] is variance and spread and is_number(args[1]):
            return power(make(STD, (of,)), number(args[1].attr * 2))
        if node.op is not MUL:
            return None
        for whole in [arg for arg in args if arg is total or (arg.op is SUM and is_squares(arg))]:
            rest = _without(args, (whole, *counts))
            if rest is not None:
                return mul(*rest, mean if whole is total else variance)
        return None

    if not any([node.op is SIZE or node is total for node in walk(expr)]):
        return expr
    made = rebuild(expr, change)
    return _divided(made, make(STD, (of,))) if made.op is ADD and spread else made


def _divided(total: Expr, divisor: Expr) -> Expr:
    """Return a sum that is divided by something once, where each of its terms is: a / s + b / s³ = (a + b / s²) / s."""
    split = [(term.args if term.op is MUL else (term,)) for term in total.args]
    found = [[f for f in factors if f.op is POW and f.args[0] is divisor and f.args[1].attr < 0] for factors in split]
    if not all(found):
        return total
    most = max([one[0].args[1].attr for one in found])
    rest = [
        mul(*[power(divisor, number(f.args[1].attr - most)) if f is one[0] else f for f in factors])
        for factors, one in zip(split, found, strict=True)
    ]
    return mul(add(*rest), power(divisor, number(most)))


def _without(factors: Sequence[Expr], taken: Sequence[Expr]) -> list[Expr] | None:
    """Return factors without some of them; None where one is not there."""
    rest = list(factors)
    for one in taken:
        if one not in rest:
            return None
        rest.remove(one)
    return rest


def with_products(result: Expr, may_open: Callable[[Expr], bool]) -> Expr:
    """Return a result, its vectors columns, with each sum over a running index that `may_open` as a product.

    What spans no axis stays a sum.
    """

    def opened(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not SIGMA or not may_open(node):
            return None
        return as_product(args[0], args[1])

    return rebuild(as_columns(result), opened)


def without_sums_of_entries(result: Expr, given: Collection[Expr]) -> Iterable[Expr]:
    """Yield a result in other forms, where differentiation by a whole vector or matrix left sums over entries in it.

    Algebra: Σ_i x_i A_ij = (Aᵀ x)_j; Σ_i (x_i - sum(x)/n) = 0. Sums over samples, x_i a row that the user wrote, stay,
    but where the matrix of the samples stands beside them.
    Where one goes, the user's own sums over entries may go with it.
    """
    result = as_columns(result)
    sums = [node for node in walk(result) if node.op is SIGMA and is_number(node.args[0].args[0], 1)]
    samples = {at for node in given if node.op is ELEMENT and node.shape for at in node.args[1:]}
    samples -= {at for node in walk(result) if _is_column_of_entries(node, given) for at in node.args[1:]}
    whole = {arg for node in walk(result) if node.op is not ELEMENT for arg in node.args if arg.op.layout == "symbol"}
    samples -= {at for node in walk(result) if node.op is ELEMENT and node.args[0] in whole for at in node.args[1:]}
    entries = [node for node in sums if node.args[0] not in samples]
    made = {node for node in entries if node not in given}
    gone = {node for node in made if node.shape or _is_nothing(node)}
    if gone:
        first = with_products(result, lambda node: node in gone or (bool(node.free) and node in entries))
        second = with_products(result, lambda node: node in entries)
        yield from [form for form in dict.fromkeys((first, second)) if form is not result]


def _is_column_of_entries(node: Expr, given: Collection[Expr]) -> bool:
    """Say whether a node is a column of a matrix, written as a row of its transpose, that the user did not write."""
    return node.op is ELEMENT and bool(node.shape) and node.args[0].op is TRANSPOSE and node not in given


def _is_nothing(total: Expr) -> bool:
    """Say whether a sum of entries adds up to 0, as that of deviations from a mean does."""
    return total.args[1].op is ADD and is_zero(normalise(with_products(total, lambda node: True)))


def as_product(running: Expr, body: Expr) -> Expr | None:
    """Return Σ_i body as one contraction; None where an index is no axis of anything, or not all of one."""
    dims = {
        node.args[0].shape[place]
        for node in walk(body)
        if node.op is ELEMENT
        for place, at in enumerate(node.args[1:])
        if at is running
    }
    if len(dims) != 1:
        return None
    [dim] = dims
    if not spans_axis(running, dim):
        return None
    parts: list[Expr] = []
    normal = normalise(_without_braces(body))
    for part in normal.args if normal.op is ADD else (normal,):
        term = as_term(part)
        label = 1 + max([x for _, xs, _ in term.factors for x in xs] + list(term.out), default=0)
        factors: list[tuple[Expr, Labels]] = [(ones((dim,)), (label,))]
        for base, labels, exponent in term.factors:
            factor = base if exponent is ONE else power(base, exponent)
            if running not in factor.free:
                factors.append((factor, labels))
                continue
            whole = gather(factor, running, dim)
            if whole is None:
                return None
            factors.append((whole, (label, *labels)))
        parts.append(product(term.coef, factors, term.out))
    return add(*parts)


def _without_braces(body: Expr) -> Expr:
    """{0 if c; f if d} = [d] f: each piece times its condition, and times those of no piece before it."""

    def product_of_condition(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not CASES or any([condition.shape for condition in args[1::2]]):
            return None
        if any([is_number(piece) and math.isinf(piece.attr) for piece in args[::2]]):
            return None  # ∞ times a condition that does not hold is no 0
        parts: list[Expr] = []
        before: list[Expr] = []
        for place in range(0, len(args), 2):
            own = args[place + 1 : place + 2]
            apart = [c for c in before if not (own and negate(c) is own[0])]
            if not is_zero(args[place]):
                parts.append(mul(*[negate(c) for c in apart], *own, args[place]))
            before += own
        return add(*parts) if parts else None

    return rebuild(body, product_of_condition)
