"""Constant tensors in a product, written by what has a name: vec, kron, products with blocks, hat, vee, convmatrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.calculus.basics.orientation import as_columns, as_row
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.matrix.chains import hadamard
from mcalc.dims import Dim
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import MUL, mul, power
from mcalc.operators.cross import HAT, LEVICIVITA, VEE
from mcalc.operators.kronecker import BLOCKDOT, BLOCKSUM, KRON, PAIRING, VEC, unvec
from mcalc.operators.leaves import NUMBER, eye, number, ones, size
from mcalc.operators.linear import EINSUM
from mcalc.operators.toeplitz import CONVOLUTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]
Words = Callable[[Term], Expr]


def in_pairs(term: Term, words: Words) -> Expr | None:
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


def _part(factors: list[Factor], out: Labels, sizes: dict[int, Dim], words: Words) -> Expr:
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


def with_blocks(term: Term, words: Words) -> Term:
    """Return a product in index notation with pairs of summed indices put into the names of block products.

    Algebra: Σ_r P(r,i,k) u_r = unvec(u)_ki; Σ G_rc P(r,i,k) P(c,j,l) B_kl = ⟨G_[ij], B⟩ = blockdot(G, B)_ij;
    Σ G_rc P(r,i,k) P(c,j,l) A_ij = Σ_ij A_ij G_[ij] = blocksum(G, A)_kl; Σ P(r,i,k) A_ki = vec(A)_r. Each takes a
    pairing away, so it ends. `words` writes a product in matrix notation.
    """
    while any([base.op is PAIRING for base, _, _ in term.factors]):
        found = _block_of_vector(term) or _block_of_matrix(term, words)
        found = found or _block_of_product(term, words) or _vec_of_matrix(term, words)
        if found is None:
            return term
        term = found
    return term


def _summed(term: Term) -> list[int]:
    """The places of pairings whose first index is summed."""
    return [k for k, (base, xs, _) in enumerate(term.factors) if base.op is PAIRING and xs[0] not in term.out]


def _block_of_vector(term: Term) -> Term | None:
    """A vector at the first index of a pairing: the matrix of which it is the vec."""
    for place in _summed(term):
        base, (r, i, k), _ = term.factors[place]
        others = [at for at, factor in enumerate(term.factors) if at != place and r in factor[1]]
        vectors = [term.factors[at] for at in others]
        if not others or i == k or any([len(xs) > 1 for _, xs, _ in vectors]):
            continue
        vector = hadamard([one if exponent is ONE else power(one, exponent) for one, _, exponent in vectors])
        made = unvec(vector, base.shape[2], base.shape[1])
        rest = [factor for at, factor in enumerate(term.factors) if at not in (place, *others)]
        return Term(term.coef, [*rest, (made, (k, i), ONE)], term.out)
    return None


def _block_of_product(term: Term, words: Words) -> Term | None:
    """A vector at the first index of a pairing that is a product itself, as A x: the matrix of which it is the vec."""
    for place in _summed(term):
        base, (r, i, k), _ = term.factors[place]
        own, reached = _tied(term, place, {r})
        if i == k or not own or not reached.isdisjoint({i, k, *term.out}):
            continue
        vector = words(Term(1, [term.factors[at] for at in own], (r,)))
        if vector.order == 1 and not vector.has(EINSUM):
            made = unvec(as_columns(vector), base.shape[2], base.shape[1])
            rest = [factor for at, factor in enumerate(term.factors) if at not in (place, *own)]
            return Term(term.coef, [*rest, (made, (k, i), ONE)], term.out)
    return None


def _block_of_matrix(term: Term, words: Words) -> Term | None:
    """A matrix between the first indices of two pairings: its blocks."""
    places = _summed(term)
    for first in places:
        for second in places:
            found = _between(term, first, second, words) if first != second else None
            if found is not None:
                return found
    return None


def _vec_of_matrix(term: Term, words: Words) -> Term | None:
    """A matrix between the two others of the indices of a pairing: its vec."""
    for place in _summed(term):
        _, (r, i, k), _ = term.factors[place]
        rest = [factor for at, factor in enumerate(term.factors) if at != place]
        whole = _factor(rest, (k, i), {r, *term.out}, words) if len({r, i, k}) == 3 else None
        if whole is not None and not {i, k} & {*term.out, *[x for _, xs, _ in whole[1] for x in xs]}:
            return Term(term.coef, [*whole[1], (make(VEC, whole[:1]), (r,), ONE)], term.out)
    return None


def _between(term: Term, first: int, second: int, words: Words) -> Term | None:
    (row, (r, i, k), _), (_, (c, j, m), _) = term.factors[first], term.factors[second]
    if len({r, c}) < 2 or len({i, k}) < 2 or len({j, m}) < 2:
        return None
    rest = [factor for at, factor in enumerate(term.factors) if at not in (first, second)]
    whole = _factor(rest, (r, c), {i, k, j, m, *term.out}, words)
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
            other = _factor(whole[1], own, {*kept, *term.out}, words)
        if other is None:
            continue
        left = [factor for factor in whole[1] if factor not in other[1]] if own[0] == own[1] else other[1]
        made = make(op, (whole[0], other[0]))
        return Term(term.coef, [*left, (made, kept, ONE)], term.out)
    return None


def _factor(
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


OF_SHIFTS = {one.constant: one for one in CONVOLUTIONS}


def with_named_matrices(term: Term, words: Words) -> Term:
    """Return a product in index notation with a constant and what it multiplies put together.

    Algebra: Σ_k ε_ikj a_k = hat(a)_ij; Σ_pq ε_ipq A_pq = -2 vee(A)_i; Σ_j shifts_ijp h_j = convmatrix(h, n)_ip;
    Σ_p shifts_ijp x_p = lagmatrix(x, k)_ij. Each step takes a constant away, so it ends. `words` writes a product.
    """
    while True:
        at = [k for k, f in enumerate(term.factors) if f[0].op is LEVICIVITA or f[0].op in OF_SHIFTS]
        made = [found for k in at if (found := _of_vector(term, k)) is not None]
        made = made or [found for k in at if (found := _of_product(term, k, words)) is not None]
        made = made or [found for k in at if (found := _of_matrix(term, k, words)) is not None]
        if not made:
            return term
        term = made[0]


def _of_vector(term: Term, place: int) -> Term | None:
    """The product with the constant at a place put together with a vector; None where there is none."""
    base, labels, _ = term.factors[place]
    for axis in _axes_of_vectors(base):
        label = labels[axis]
        others = [k for k, factor in enumerate(term.factors) if k != place and label in factor[1]]
        vectors = [term.factors[k] for k in others]
        if label in term.out or not others or labels.count(label) > 1 or any([len(f[1]) > 1 for f in vectors]):
            continue
        vector = hadamard([one if exponent is ONE else power(one, exponent) for one, _, exponent in vectors])
        return _with_matrix(term, place, axis, vector, others)
    return None


def _of_product(term: Term, place: int, words: Words) -> Term | None:
    """The product with the constant at a place put together with a vector that is a product itself, as A x."""
    base, labels, _ = term.factors[place]
    for axis in _axes_of_vectors(base):
        label = labels[axis]
        own, reached = _tied(term, place, {label})
        if not own or not reached.isdisjoint({*term.out, *labels[:axis], *labels[axis + 1 :]}):
            continue
        vector = words(Term(1, [term.factors[k] for k in own], (label,)))
        if vector.order == 1 and not vector.has(EINSUM):
            return _with_matrix(term, place, axis, as_columns(vector), own)
    return None


def _axes_of_vectors(base: Expr) -> Sequence[int]:
    """The axes of a constant at which a vector makes a matrix of it."""
    return range(3) if base.op is LEVICIVITA else (1, 2)


def _tied(term: Term, place: int, reached: set[int]) -> tuple[list[int], set[int]]:
    """The places of the factors beside one that are tied to some labels, directly or through others; their labels."""
    own: list[int] = []
    while more := [k for k, f in enumerate(term.factors) if k != place and k not in own and reached & {*f[1]}]:
        own += more
        reached = reached.union(*[term.factors[k][1] for k in more])
    return own, reached


def _with_matrix(term: Term, place: int, axis: int, vector: Expr, others: Sequence[int]) -> Term:
    """The product with the matrix that a vector makes of the constant at a place, instead of these factors."""
    base, labels, _ = term.factors[place]
    made, own = _matrix(base, labels, axis, vector)
    rest = [factor for k, factor in enumerate(term.factors) if k not in (place, *others)]
    coef = term.coef
    if made.op is HAT and own == term.out[::-1]:
        coef, own = -coef, own[::-1]
    return Term(coef, [*rest, (made, own, ONE)], term.out)


def _of_matrix(term: Term, place: int, words: Words) -> Term | None:
    """The product with ε and the matrix between two of its labels, which are summed, put together as a vector."""
    base, labels, _ = term.factors[place]
    if base.op is not LEVICIVITA or len(set(labels)) < 3:
        return None
    for axis in range(3):
        label, p, q = labels[axis], labels[(axis + 1) % 3], labels[(axis + 2) % 3]
        if p in term.out or q in term.out:
            continue
        own, reached = _tied(term, place, {p, q})
        covered = {x for k in own for x in term.factors[k][1]}
        if label in reached or reached & set(term.out) or not {p, q} <= covered:
            continue
        matrix = words(Term(1, [term.factors[k] for k in own], (p, q)))
        if matrix.order != 2 or matrix.op is EINSUM:
            continue
        rest = [factor for k, factor in enumerate(term.factors) if k not in (place, *own)]
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
