"""Linear maps in a product: what is contracted with the tensor of one becomes its direction.

The derivative of a function of a matrix is a tensor L(A) with two axes for its value and two for each direction. In a
product Σ_kl L(A)_ijkl E_kl it is L(A, E)_ij, and Σ_ij C_ij L(A)_ijkl is (L(A, Cᵀ)ᵀ)_kl, since tr(C L(A, E)) is
symmetric in C and E; for Sylvester's equation it is sylvester(Aᵀ, Bᵀ, C)_kl. On what
commutes with A the map is a product.
"""

from __future__ import annotations

from collections import Counter

from mcalc.calculus.basics.orientation import transposed
from mcalc.calculus.index_notation.contracting import contract
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, is_product
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.leaves import EYE, ONES, is_number, number, ones
from mcalc.operators.linear import MATMUL, TRANSPOSE, matmul, transpose
from mcalc.operators.matrix import INV
from mcalc.operators.matrix_functions import EXPM, LOGM, POWM, derivative_at, frechet, order_of, powm
from mcalc.operators.solutions import SYLVESTER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels, Number

    Factor = tuple[Expr, Labels, Expr]

OF_ONE_MATRIX = frozenset({INV, EXPM, LOGM, POWM})
"""Functions whose value commutes with whatever their argument commutes with."""


def along_direction(term: Term, place: int) -> Term | None:
    """Apply a linear map of a product to what its axes are contracted with; None where they are not."""
    base, labels, exponent = term.factors[place]
    rest = [*term.factors[:place], *term.factors[place + 1 :]]
    if len(labels) == 2 and labels[0] == labels[1] and exponent is ONE and _is_first(base):
        if any([labels[0] in own for own in (term.out, *[own for _, own, _ in rest])]):
            return None  # an entry of the diagonal, and not the trace
        return contract(Term(term.coef, [*rest, *_trace(base, labels[0], term)], term.out))
    if len(labels) < 4 or exponent is not ONE or (base.op is SYLVESTER and len(base.args) != 2):
        return None
    pairs = [labels[at : at + 2] for at in range(0, len(labels), 2)]
    for at in [*range(1, len(pairs)), 0]:
        others = [label for k, pair in enumerate(pairs) if k != at for label in pair]
        found = _direction(rest, pairs[at][:: 1 if at or base.op is SYLVESTER else -1], {*others, *term.out}, base)
        if found is not None:
            made, own = _along(base, found[0], pairs, at)
            return contract(Term(term.coef, [*found[1], *_simplified(made, own, term)], term.out))
    return None


def _direction(rest: list[Factor], pair: Labels, taken: set[int], base: Expr) -> tuple[Expr, list[Factor]] | None:
    """What a pair of axes is contracted with, as a matrix, and the factors that are left; None where it is not."""
    k, m = pair
    if not taken.isdisjoint(pair):
        return None
    if k == m:
        return None if any([k in own for _, own, _ in rest]) else (make(EYE, (), base.shape[0]), rest)
    reached, group = {k, m}, set[int]()
    grown = True
    while grown:
        grown = False
        for at, (_, own, _) in enumerate(rest):
            if at not in group and not reached.isdisjoint(own):
                group.add(at)
                reached.update(own)
                grown = True
    if not reached.isdisjoint(taken):
        return None
    inside = [rest[at] for at in sorted(group)]
    left = [factor for at, factor in enumerate(rest) if at not in group]
    covered = {label for _, own, _ in inside for label in own}
    sizes = dict(zip(pair, base.shape[-2:] if base.op is SYLVESTER else base.shape[:2], strict=True))
    inside += [(ones((sizes[label],)), (label,), ONE) for label in pair if label not in covered]
    return _as_matrix(inside, pair), left


def _as_matrix(factors: list[Factor], pair: Labels) -> Expr:
    """A product with two labels in matrix notation: a chain, or a column by a row; else in index notation."""
    met = Counter([label for _, own, _ in factors for label in own])
    if any([count != (1 if label in pair else 2) for label, count in met.items()]):
        return build(Term(1, factors, pair))  # entry by entry somewhere
    chain: list[Expr] = []
    at, left = pair[0], [*factors]
    while left:
        following = next((f for f in left if at in f[1] and f[2] is ONE and len(f[1]) < 3), None)
        if following is None or len({*following[1]}) < len(following[1]):
            break
        base, own, _ = following
        if len(own) == 1:
            if len(left) != 2 or [f[1] for f in left if f is not following] != [(pair[1],)] or at != pair[0]:
                break
            other = next(f for f in left if f is not following)
            if base.op is ONES and other[0].op is ONES:
                return ones(base.shape + other[0].shape)
            return matmul(base, transpose(other[0])) if other[2] is ONE else build(Term(1, factors, pair))
        left.remove(following)
        chain.append(base if own[0] == at else transposed(base))
        at = own[1] if own[0] == at else own[0]
    whole = not left and at == pair[1] and all([f.order == 2 for f in chain])
    return matmul(*chain) if whole and chain else build(Term(1, factors, pair))


def _along(base: Expr, direction: Expr, pairs: list[Labels], at: int) -> tuple[Expr, Labels]:
    """A map along one direction more, and the labels of what it gives."""
    kept = [pair for k, pair in enumerate(pairs) if k != at]
    if base.op is SYLVESTER:
        sides = base.args if at else tuple([transposed(side) for side in base.args])
        return make(SYLVESTER, (*sides, direction)), kept[0]
    if not at:  # the first pair turned round is like all the others
        kept[0] = kept[0][::-1]
    made = frechet(base.op, (*base.args, direction), order_of(base))
    return made, tuple([label for pair in kept for label in pair])


def _simplified(made: Expr, labels: Labels, term: Term) -> list[Factor]:
    """A first derivative along what commutes with the matrix: the product of both."""
    a, direction = made.args[0], made.args[-1]
    if made.order != 2 or not _is_first(made) or not commute(a, direction):
        return [(made, labels, ONE)]
    *numbers, derivative = derivative_at(made)
    found: list[Factor] = [(scalar, (), ONE) for scalar in numbers]
    between = 1 + max([*term.out, *labels, *[label for _, own, _ in term.factors for label in own]])
    if direction.op is EYE:
        return [*found, *_opened(derivative, labels, between)]
    first = _opened(direction, (labels[0], between), between + 1)
    after = 1 + max([between, *[label for _, own, _ in first for label in own]])
    return [*found, *first, *_opened(derivative, (between, labels[1]), after)]


def _is_first(base: Expr) -> bool:
    """Say whether a map along a direction is a first derivative at one matrix."""
    return base.args[0] is base.args[1] if base.op is SYLVESTER else order_of(base) == 1


def _trace(base: Expr, label: int, term: Term) -> list[Factor]:
    """Tr L(A, E) = tr(f′(A) E)."""
    *numbers, derivative = derivative_at(base)
    between = 1 + max([*term.out, *[x for _, own, _ in term.factors for x in own]])
    first = _opened(derivative, (label, between), between + 1)
    after = 1 + max([between, *[x for _, own, _ in first for x in own]])
    return [*[(scalar, (), ONE) for scalar in numbers], *first, *_opened(base.args[-1], (between, label), after)]


def _opened(matrix: Expr, labels: Labels, fresh: int) -> list[Factor]:
    """The factors of a matrix that is a product, with new labels from `fresh` on."""
    if not is_product(matrix):
        return [(matrix, labels, ONE)]
    inner = as_term(matrix)
    names = dict(zip(inner.out, labels, strict=True))
    coef: list[Factor] = [(number(inner.coef), (), ONE)] if inner.coef != 1 else []
    return coef + [(base, tuple([names.get(x, fresh + x) for x in own]), e) for base, own, e in inner.factors]


def merged_powers(term: Term, place: int) -> Term | None:
    """A^p A^q = A^(p + q), for powers that stand beside each other: one of them is no whole power; (A^p)⁻¹ = A^-p."""
    base, labels, exponent = term.factors[place]
    if base.op is INV:
        inner = base.args[0]
        if inner.op is not POWM or not is_number(inner.args[1]):
            return None
        made = powm(inner.args[0], number(-inner.args[1].attr))
        factors = [*term.factors[:place], (made, labels, exponent), *term.factors[place + 1 :]]
        return Term(term.coef, factors, term.out)
    a, p = base.args
    if exponent is not ONE or not is_number(p):
        return None
    for other, (beside, own, power) in enumerate(term.factors):
        q = _power_of(a, beside)
        joint = set(labels) & set(own)
        if other == place or not q or power is not ONE or len(joint) != 1 or joint & {*term.out}:
            continue
        [label] = joint
        if sum([xs.count(label) for _, xs, _ in term.factors]) != 2 or labels.index(label) == own.index(label):
            continue
        ends = (labels[0], own[1]) if labels[1] == label else (own[0], labels[1])
        total = p.attr + q
        if abs(total) > 1 and total == int(total):
            continue
        rest = [factor for at, factor in enumerate(term.factors) if at not in (place, other)]
        made = powm(a, number(total))
        return contract(Term(term.coef, [*rest, (made, ends, ONE)], term.out))
    return None


def _power_of(a: Expr, factor: Expr) -> Number:
    """The exponent with which a factor is a power of a matrix; 0 where it is none."""
    if factor is a:
        return 1
    if factor.op is INV and factor.args[0] is a:
        return -1
    return factor.args[1].attr if factor.op is POWM and factor.args[0] is a and is_number(factor.args[1]) else 0


def core(matrix: Expr) -> Expr:
    """Return the matrix that another is a function of: of t A, of A⁻¹ and of e^A it is A."""
    while True:
        if matrix.op in OF_ONE_MATRIX:
            matrix = matrix.args[0]
            continue
        parts = [arg for arg in matrix.args if arg.shape] if matrix.op is MUL else []
        if len(parts) != 1:
            return matrix
        matrix = parts[0]


def commute(a: Expr, b: Expr) -> bool:
    """Say whether a matrix is surely made of another alone: of its powers, functions, multiples, and of I.

    >>> from mcalc import parse
    >>> where = "A, B: R^{n x n}; t: R"
    >>> a, b, c = [parse(text, where=where).expr for text in ("t A", "A^2 + 3 expm(A)", "A B")]
    >>> commute(a, b), commute(a, c)
    (True, False)
    """
    if a.op is TRANSPOSE:
        a, b = a.args[0], transposed(b)
    whole = {a, core(a)}
    stack = [b]
    while stack:
        node = stack.pop()
        if node in whole or node.op is EYE or core(node) in whole:
            continue
        if node.op is MATMUL or node.op is ADD:
            if any([arg.order != 2 for arg in node.args]):
                return False
            stack.extend(node.args)
        elif core(node) is not node:
            stack.append(core(node))
        else:
            return False
    return True
