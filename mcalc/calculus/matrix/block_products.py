"""Pairs of summed indices, written as products with the blocks of a matrix: blockdot(G, B), blocksum(G, A), unvec."""

from __future__ import annotations

from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.matrix.chains import hadamard
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import power
from mcalc.operators.kronecker import BLOCKDOT, BLOCKSUM, PAIRING, UNVEC
from mcalc.operators.leaves import eye, size
from mcalc.operators.linear import EINSUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]
    Words = Callable[[Term], Expr]


def with_blocks(term: Term, words: Words) -> Term:
    """Return a product in index notation with pairs of summed indices put into the names of block products.

    Algebra: Σ_r P(r,i,k) u_r = unvec(u)_ki; Σ G_rc P(r,i,k) P(c,j,l) B_kl = ⟨G_[ij], B⟩ = blockdot(G, B)_ij;
    Σ G_rc P(r,i,k) P(c,j,l) A_ij = Σ_ij A_ij G_[ij] = blocksum(G, A)_kl. Each takes a pairing away, so it ends.
    `words` writes a product in matrix notation.
    """
    while any([base.op is PAIRING for base, _, _ in term.factors]):
        found = _of_vector(term) or _of_matrix(term, words)
        if found is None:
            return term
        term = found
    return term


def _summed(term: Term) -> list[int]:
    """The places of pairings whose first index is summed."""
    return [k for k, (base, xs, _) in enumerate(term.factors) if base.op is PAIRING and xs[0] not in term.out]


def _of_vector(term: Term) -> Term | None:
    """A vector at the first index of a pairing: the matrix of which it is the vec."""
    for place in _summed(term):
        base, (r, i, k), _ = term.factors[place]
        others = [at for at, factor in enumerate(term.factors) if at != place and r in factor[1]]
        vectors = [term.factors[at] for at in others]
        if not others or i == k or any([len(xs) > 1 for _, xs, _ in vectors]):
            continue
        vector = hadamard([one if exponent is ONE else power(one, exponent) for one, _, exponent in vectors])
        made = make(UNVEC, (vector, size(base.shape[2]), size(base.shape[1])))
        rest = [factor for at, factor in enumerate(term.factors) if at not in (place, *others)]
        return Term(term.coef, [*rest, (made, (k, i), ONE)], term.out)
    return None


def _of_matrix(term: Term, words: Words) -> Term | None:
    """A matrix between the first indices of two pairings: its blocks."""
    places = _summed(term)
    for first in places:
        for second in places:
            found = _between(term, first, second, words) if first != second else None
            if found is not None:
                return found
    return None


def _between(term: Term, first: int, second: int, words: Words) -> Term | None:
    (row, (r, i, k), _), (_, (c, j, m), _) = term.factors[first], term.factors[second]
    if len({r, c}) < 2 or len({i, k}) < 2 or len({j, m}) < 2:
        return None
    rest = [factor for at, factor in enumerate(term.factors) if at not in (first, second)]
    whole = _matrix(rest, (r, c), {i, k, j, m, *term.out}, words)
    if whole is None:
        return None
    outer, inner = (i, j), (k, m)
    for own, kept, op in ((inner, outer, BLOCKDOT), (outer, inner, BLOCKSUM)):
        if set(own) & set(term.out):
            continue
        other: tuple[Expr, list[Factor]] | None
        if own[0] == own[1]:
            axis = 2 if op is BLOCKDOT else 1
            other = (eye(row.shape[axis]), []) if not any([own[0] in xs for _, xs, _ in whole[1]]) else None
        else:
            other = _matrix(whole[1], own, {*kept, *term.out}, words)
        if other is None:
            continue
        left = [factor for factor in whole[1] if factor not in other[1]] if own[0] == own[1] else other[1]
        made = make(op, (whole[0], other[0]))
        return Term(term.coef, [*left, (made, kept, ONE)], term.out)
    return None


def _matrix(
    factors: Sequence[Factor], ends: Labels, outside: set[int], words: Words
) -> tuple[Expr, list[Factor]] | None:
    """The matrix that all that is tied to two labels makes, and the factors left; None where it reaches others."""
    reached, own = set(ends), list[int]()
    while more := [at for at, (_, xs, _) in enumerate(factors) if at not in own and reached & set(xs)]:
        own += more
        reached.update([x for at in more for x in factors[at][1]])
    if not set(ends) <= {x for at in own for x in factors[at][1]} or reached & (outside - set(ends)):
        return None
    if any([factors[at][0].op is PAIRING for at in own]):
        return None
    made = words(Term(1, [factors[at] for at in own], ends))
    if made.order != 2 or made.op is EINSUM:
        return None
    return made, [factor for at, factor in enumerate(factors) if at not in own]
