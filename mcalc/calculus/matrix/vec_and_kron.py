"""Pairs of indices counted by one, written as vec and kron again."""

from __future__ import annotations

from mcalc.calculus.basics.orientation import as_row
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import MUL, mul
from mcalc.operators.kronecker import KRON, PAIRING, VEC
from mcalc.operators.leaves import NUMBER, eye, number, ones
from mcalc.operators.linear import EINSUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mcalc.expr import Dim, Labels

    Factor = tuple[Expr, Labels, Expr]


def in_pairs(term: Term, words: Callable[[Term], Expr]) -> Expr | None:
    """Return a product in which an index of the result counts pairs as a vec or a Kronecker product.

    `words` writes what is left in matrix notation. None where the product is of no such form.
    Algebra: Σ_ij P(r,j,i) A_ij = vec(A)_r; Σ_ijkl P(r,i,k) P(c,j,l) A_ij B_kl = kron(A, B)_rc.
    """
    term = _with_ends(term)
    pairs = {labels[0]: labels[1:] for base, labels, _ in term.factors if base.op is PAIRING}
    others = [factor for factor in term.factors if factor[0].op is not PAIRING]
    inner = [label for two in pairs.values() for label in two]
    touched = {label for _, labels, _ in others for label in labels}
    every = len(others) + len(pairs) == len(term.factors)
    if not pairs or not every or not set(pairs) <= set(term.out) or touched & set(pairs):
        return None
    if len({*inner, *term.out}) < len(inner) + len(term.out) or len(term.out) > 2:
        return None
    sizes = term.sizes
    if len(term.out) == 1:
        [(column, row)] = pairs.values()
        whole = _part(others, (row, column), sizes, words)
        return None if whole.op is EINSUM else _numbers_out(make(VEC, (whole,)), term)
    for left, right in _sides(term.out, pairs):
        own = _reached(others, set(left))
        rest = [factor for factor in others if factor not in own]
        if any([label in right for _, labels, _ in own for label in labels]):
            continue
        sides = [_part(own, left, sizes, words), _part(rest, right, sizes, words)]
        if any([side.op is EINSUM for side in sides]):
            return None
        turned = [as_row(side) if side.order == 1 and term.out[1] in pairs else side for side in sides]
        return _numbers_out(make(KRON, tuple(turned)), term)
    return None


def _with_ends(term: Term) -> Term:
    """A product in which no index of a pair is one of the result: an identity stands between the two."""
    fresh = 1 + max([label for _, xs, _ in term.factors for label in xs], default=0)
    factors: list[Factor] = []
    for base, labels, exponent in term.factors:
        own = list(labels)
        for axis in (1, 2) if base.op is PAIRING else ():
            if labels[axis] in term.out:
                own[axis], fresh = fresh, fresh + 1
                factors.append((eye(base.shape[axis]), (own[axis], labels[axis]), ONE))
        factors.append((base, tuple(own), exponent))
    return Term(term.coef, factors, term.out)


def _sides(out: Labels, pairs: dict[int, Labels]) -> list[tuple[Labels, Labels]]:
    """The labels of the two factors of a Kronecker product; one that counts nothing belongs to either of them."""
    rows, columns = pairs.get(out[0]), pairs.get(out[1])
    if rows is not None and columns is not None:
        return [((rows[0], columns[0]), (rows[1], columns[1]))]
    if rows is not None:
        return [((rows[0],), (rows[1], out[1])), ((rows[0], out[1]), (rows[1],))]
    assert columns is not None
    return [((columns[0],), (out[0], columns[1])), ((out[0], columns[0]), (columns[1],))]


def _part(factors: list[Factor], out: Labels, sizes: dict[int, Dim], words: Callable[[Term], Expr]) -> Expr:
    covered = {label for _, labels, _ in factors for label in labels}
    bare = [(ones((sizes[label],)), (label,), ONE) for label in out if label not in covered]
    return words(Term(1, [*factors, *bare], out))


def _reached(factors: list[Factor], start: set[int]) -> list[Factor]:
    """The factors tied to some labels, directly or through others."""
    reached = set(start)
    found: list[Factor] = []
    grown = True
    while grown:
        more = [factor for factor in factors if factor not in found and reached & set(factor[1])]
        found += more
        reached.update([label for _, labels, _ in more for label in labels])
        grown = bool(more)
    return found


def _numbers_out(whole: Expr, term: Term) -> Expr:
    """Put the coefficient, and numbers inside, in front: vec(2 A) is 2 vec(A)."""
    coef = term.coef
    args = list(whole.args)
    for place, arg in enumerate(args):
        if arg.op is MUL and arg.args[0].op is NUMBER:
            coef = coef * arg.args[0].attr
            args[place] = mul(*arg.args[1:])
    return mul(number(coef), make(whole.op, tuple(args)))


def unfolded(term: Term) -> tuple[Term, tuple[Dim, ...]] | None:
    """Return a derivative of a vector that counts pairs as one of the matrix it is the vec of, with its first sizes.

    Algebra: Σ_ij P(r,j,i) T_ij = vec(T)_r, and vec(vec(T)) = vec(T). None where no index of the result counts pairs.
    """
    for place, (base, labels, _) in enumerate(term.factors):
        counted = [f for f in term.factors if labels[:1] and labels[0] in f[1]]
        if base.op is not PAIRING or labels[0] != term.out[0] or len(counted) > 1:
            continue
        factors = [factor for at, factor in enumerate(term.factors) if at != place]
        fresh = 1 + max([label for _, xs, _ in term.factors for label in xs])
        rows: list[int] = []
        for label, dim in ((labels[2], base.shape[2]), (labels[1], base.shape[1])):
            if label in term.out or label in rows:
                factors.append((eye(dim), (fresh, label), ONE))
                rows.append(fresh)
                fresh += 1
            else:
                rows.append(label)
        return Term(term.coef, factors, (*rows, *term.out[1:])), (base.shape[2], base.shape[1])
    return None
