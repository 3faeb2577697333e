"""Constant tensors of three axes beside a vector or a matrix, as what has a name: hat(a), vee(A), convmatrix(h, n)."""

from __future__ import annotations

from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.matrix.chains import hadamard
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import power
from mcalc.operators.convolution import CONVOLUTIONS
from mcalc.operators.cross import HAT, LEVICIVITA, VEE
from mcalc.operators.leaves import size
from mcalc.operators.linear import EINSUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]

OF_SHIFTS = {one.constant: one for one in CONVOLUTIONS}


def with_named_matrices(term: Term, words: Callable[[Term], Expr]) -> Term:
    """Return a product in index notation with a constant and what it multiplies put together.

    Algebra: Σ_k ε_ikj a_k = hat(a)_ij; Σ_pq ε_ipq A_pq = -2 vee(A)_i; Σ_j shifts_ijp h_j = convmatrix(h, n)_ip;
    Σ_p shifts_ijp x_p = lagmatrix(x, k)_ij. Each step takes a constant away, so it ends. `words` writes a product.
    """
    while True:
        at = [k for k, f in enumerate(term.factors) if f[0].op is LEVICIVITA or f[0].op in OF_SHIFTS]
        made = [found for k in at if (found := _of_vector(term, k)) is not None]
        made = made or [found for k in at if (found := _of_matrix(term, k, words)) is not None]
        if not made:
            return term
        term = made[0]


def _of_vector(term: Term, place: int) -> Term | None:
    """The product with the constant at a place put together with a vector; None where there is none."""
    base, labels, _ = term.factors[place]
    for axis in range(3) if base.op is LEVICIVITA else (1, 2):
        label = labels[axis]
        others = [k for k, factor in enumerate(term.factors) if k != place and label in factor[1]]
        vectors = [term.factors[k] for k in others]
        if label in term.out or not others or labels.count(label) > 1 or any([len(f[1]) > 1 for f in vectors]):
            continue
        vector = hadamard([one if exponent is ONE else power(one, exponent) for one, _, exponent in vectors])
        made, own = _matrix(base, labels, axis, vector)
        rest = [factor for k, factor in enumerate(term.factors) if k not in (place, *others)]
        coef = term.coef
        if made.op is HAT and own == term.out[::-1]:
            coef, own = -coef, own[::-1]
        return Term(coef, [*rest, (made, own, ONE)], term.out)
    return None


def _of_matrix(term: Term, place: int, words: Callable[[Term], Expr]) -> Term | None:
    """The product with ε and the matrix between two of its labels, which are summed, put together as a vector."""
    base, labels, _ = term.factors[place]
    if base.op is not LEVICIVITA or len(set(labels)) < 3:
        return None
    others = [factor for k, factor in enumerate(term.factors) if k != place]
    for axis in range(3):
        label, p, q = labels[axis], labels[(axis + 1) % 3], labels[(axis + 2) % 3]
        if p in term.out or q in term.out:
            continue
        reached, own = {p, q}, list[int]()
        while more := [k for k, (_, xs, _) in enumerate(others) if k not in own and reached & set(xs)]:
            own += more
            reached.update([x for k in more for x in others[k][1]])
        covered = {x for k in own for x in others[k][1]}
        if label in reached or reached & set(term.out) or not {p, q} <= covered:
            continue
        matrix = words(Term(1, [others[k] for k in own], (p, q)))
        if matrix.order != 2 or matrix.op is EINSUM:
            continue
        rest = [factor for k, factor in enumerate(others) if k not in own]
        return Term(term.coef * -2, [*rest, (make(VEE, (matrix,)), (label,), ONE)], term.out)
    return None


def _matrix(base: Expr, labels: Labels, axis: int, vector: Expr) -> tuple[Expr, Labels]:
    """The matrix that a vector at one axis of a constant makes, and its labels."""
    if base.op is LEVICIVITA:
        return make(HAT, (vector,)), (labels[axis - 1], labels[(axis + 1) % 3])
    rows = OF_SHIFTS[base.op]
    if axis == 1:
        return make(rows.matrix, (vector, size(base.shape[2]))), (labels[0], labels[2])
    return make(rows.lags, (vector, size(base.shape[1]))), (labels[0], labels[1])
