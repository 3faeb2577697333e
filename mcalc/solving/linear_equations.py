"""An unknown that enters linearly: its terms collected as Σ A W B + C, and solved by a table of kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from mcalc.calculus.basics.positive import is_definite, is_positive
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build
from mcalc.calculus.matrix.chains import scaled
from mcalc.calculus.matrix.index_graph import Graph
from mcalc.calculus.other_forms import between_vecs, joined_over, tied_together
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, CASES, CONDITIONS, MAX, add, div, mul, neg
from mcalc.operators.blocks import BLOCK
from mcalc.operators.kronecker import VEC, unvec
from mcalc.operators.leaves import EYE, ZEROS, is_number, is_zero, number, symbol
from mcalc.operators.linear import DIAG, matmul, transpose
from mcalc.operators.matrix import INV, NORM, inv, norm
from mcalc.operators.solutions import SYLVESTER
from mcalc.operators.structures import structure_of
from mcalc.solving.tidy import Found, at_zero, moving, occurs, parted, terms_of, tidy


class Piece(NamedTuple):
    """One term ``scale · left W right`` of a linear equation, of Wᵀ where it is `turned`."""

    scale: Expr
    left: Expr
    right: Expr
    turned: bool


class Affine(NamedTuple):
    """An equation ``slope · u + rest = 0``, where neither depends on the unknown `u`."""

    slope: Expr
    rest: Expr
    unknown: Expr


def affine(equation: Expr, unknown: Expr) -> Affine | None:
    """Return an equation as one that is linear in an unknown, or None where it is not.

    The slope is the derivative, which must not depend on the unknown, nor have kinks on the way to it.
    """
    touched = moving(equation, {unknown})
    if equation not in touched or any([node.op.kink or node.op in (CASES, *CONDITIONS) for node in touched]):
        return None
    if any([node.op.kind == "elementwise" and len(node.args) == 1 for node in touched]):
        return None  # no function of one number is linear: what its slope is need not be worked out
    slope = derivative_of(equation, [unknown], structured="ignore")
    if occurs(slope, {unknown}) or is_zero(slope):
        return None
    return Affine(slope, at_zero(equation, unknown), unknown)


def solve_linear(equation: Expr, unknown: Expr, others: AbstractSet[Expr] = frozenset()) -> Found | None:
    """Return the solution of an equation of an unknown's own shape that is linear in it, or None.

    `others` are what else is not known: where M u = 0 with some of them in M, u is not 0 but what M is singular for.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("A x - b", where="A: R^{n x n}; b, x: R^n")
    >>> x = next(s for s in e.symbols if s.attr[0] == "x")
    >>> unicode(solve_linear(e.expr, x).value)
    'A⁻¹ b'
    """
    if equation.shape not in (unknown.shape, unknown.shape[::-1]):
        return None
    found = affine(equation, unknown)
    if found is None or (is_zero(found.rest) and not _only_zero(found, others)):
        return None
    if unknown.order == 2:
        return _matrix(equation, found)
    target = tidy(neg(found.rest))
    if unknown.order == 1:
        if not _is_scalar_multiple(found.slope) and found.slope.op is not DIAG and _never_inverts(found.slope):
            return None
        return Found(tidy(matmul(inv(found.slope), target)), (tidy(matmul(found.slope, unknown)), target))
    return Found(tidy(div(target, found.slope)), (tidy(mul(found.slope, unknown)), target))


def _only_zero(found: Affine, others: AbstractSet[Expr]) -> bool:
    """Say whether M u = 0 has no solution but 0: M is definite, or a number; else u may be what M is singular for."""
    if not found.unknown.shape:
        return True
    matrix = found.slope if found.unknown.order == 1 else None
    if matrix is None or occurs(matrix, others):
        return False
    return any([is_definite(m, strictly=False) for m in (matrix, tidy(neg(matrix)))])


def _is_scalar_multiple(matrix: Expr) -> bool:
    return matrix.op is EYE or (
        any([a.op is EYE for a in matrix.args]) and all([not a.shape or a.op is EYE for a in matrix.args])
    )


def _never_inverts(matrix: Expr) -> bool:
    """Say whether a matrix is surely singular: an outer product of two vectors, or with rows of zeros."""
    if any([node.op is BLOCK and any([arg.op is ZEROS for arg in node.args]) for node in walk(matrix)]):
        return True
    terms = terms_of(matrix)
    groups = [reached for reached, _ in tied_together(terms[0]) if reached] if len(terms) == 1 else []
    return len(groups) == 2 and matrix.shape[0].value != 1


# matrices --------------------------------------------------------------------------------------------------------


def pieces(slope: Expr) -> list[Piece] | None:
    """Return ∂F/∂W, of axes i, j, k, l, as terms of A W B and A Wᵀ B; None where a term is neither.

    Algebra: A_ik B_lj is the derivative of A W B, and A_il B_kj that of A Wᵀ B.
    """
    found: list[Piece] = []
    for term in terms_of(slope):
        piece = _piece(term, slope)
        if piece is None:
            return None
        found.append(piece)
    return found


def _piece(term: Term, slope: Expr) -> Piece | None:
    sizes = dict(zip(term.out, slope.shape, strict=True))
    i, j, k, l = term.out  # noqa: E741 - the names of the axes
    groups = tied_together(term)
    pairs = [(reached, own) for reached, own in groups if reached]
    graph = Graph(Term(term.coef, [factor for reached, own in groups if not reached for factor in own], ()))
    rest = graph.reduce()
    if rest is None:
        return None
    scale = scaled(graph.coef, graph.scalars, rest)
    for first, second, turned in (((i, k), (l, j), False), ((i, l), (k, j), True)):
        if not all([set(reached) <= set(first) or set(reached) <= set(second) for reached, _ in pairs]):
            continue
        left, right = joined_over(pairs, first, sizes), joined_over(pairs, second, sizes)
        if left is not None and right is not None:
            return Piece(scale, left, right, turned=turned)
    return None


class Kind(NamedTuple):
    """A kind of linear equation in a matrix W: what it looks like, which pieces it takes, and its solution."""

    form: str
    fits: Callable[[Sequence[Piece]], bool]
    solve: Callable[[Sequence[Piece], Expr], Expr]


def _from_left(parts: Sequence[Piece]) -> Expr:
    return tidy(add(*[mul(p.scale, p.left) for p in parts]))


def _from_right(parts: Sequence[Piece]) -> Expr:
    return tidy(add(*[mul(p.scale, p.right) for p in parts]))


def _sylvester(parts: Sequence[Piece], target: Expr) -> Expr:
    left = [p for p in parts if p.right.op is EYE]
    right = [p for p in parts if p.right.op is not EYE]
    return make(SYLVESTER, (_from_left(left), _from_right(right), target))


def _around(parts: Sequence[Piece], target: Expr) -> Expr:
    [part] = parts
    return div(matmul(inv(part.left), target, inv(part.right)), part.scale)


KINDS = (
    Kind("A W = C", lambda parts: all([p.right.op is EYE for p in parts]),
         lambda parts, target: matmul(inv(_from_left(parts)), target)),
    Kind("W B = C", lambda parts: all([p.left.op is EYE for p in parts]),
         lambda parts, target: matmul(target, inv(_from_right(parts)))),
    Kind("A W B = C", lambda parts: len(parts) == 1 and parts[0].left.is_square and parts[0].right.is_square, _around),
    Kind("A W + W B = C", lambda parts: all([EYE in (p.left.op, p.right.op) for p in parts]), _sylvester),
)  # fmt: skip
"""The kinds of linear matrix equations in the order in which they are looked for; others are solved between vecs."""


def _matrix(equation: Expr, found: Affine) -> Found | None:
    unknown, target = found.unknown, tidy(neg(found.rest))
    parts = pieces(found.slope)
    symmetric = structure_of(unknown) is not None
    turned = False
    if parts is not None:
        if symmetric:
            parts = [Piece(p.scale, p.left, p.right, turned=False) for p in parts]
        turned = bool(parts) and all([p.turned for p in parts])
        if turned or not any([p.turned for p in parts]):
            for kind in KINDS:
                if kind.fits(parts):
                    value = kind.solve(parts, target)
                    value = transpose(value) if turned else value
                    side = tidy(add(equation, target))
                    return Found(tidy(value), (side, target), kind.form)
    if symmetric:
        return None
    between = between_vecs(found.slope, 2)
    if between is None:
        return None
    flat = make(VEC, (target,))
    solved = tidy(matmul(inv(between), flat))
    value = unvec(solved, *unknown.shape)
    return Found(value, (matmul(between, make(VEC, (unknown,))), flat), "K vec(W) = vec(C)")


def solve_inverse(equation: Expr, unknown: Expr, others: AbstractSet[Expr] = frozenset()) -> Found | None:
    """Return the solution of an equation in a square matrix and its inverse, or None.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("S - inv(X)", where="S, X: R^{n x n} posdef")
    >>> x = next(s for s in e.symbols if s.attr[0] == "X")
    >>> unicode(solve_inverse(e.expr, x).value)
    'S⁻¹'
    """
    inverse = inv(unknown) if unknown.is_square else None
    if inverse is None or not any([node.op is INV and node.args[0] is unknown for node in walk(equation)]):
        return None
    fresh = symbol(next(free_names(names_in(equation))), unknown.shape, unknown.attr[2])
    turned = transpose(inverse)
    swapped = rebuild(
        equation, lambda node, args: fresh if node is inverse else transpose(fresh) if node is turned else None
    )
    if not occurs(swapped, {unknown}):
        found = solve_linear(swapped, fresh, others)
        if found is not None and not occurs(found.value, {fresh}):
            return Found(tidy(inv(found.value)), None, "the inverse is solved for")
    for factors in ((unknown, equation, unknown), (unknown, equation), (equation, unknown)):
        parts = equation.args if equation.op is ADD else (equation,)
        cleared = add(*[tidy(matmul(*[part if f is equation else f for f in factors])) for part in parts])
        if any([node.op is INV and occurs(node, {unknown}) for node in walk(cleared)]):
            continue
        found = solve_linear(cleared, unknown, others)
        if found is not None:
            sides = "from both sides" if len(factors) == 3 else "from one side"
            return Found(found.value, found.equation, f"both sides are multiplied by the unknown {sides}")
    return None


def solve_shrunk(equation: Expr, unknown: Expr) -> Found | None:
    """Return x = max(0, 1 - c / ‖b‖) b / a where a x + c x / ‖x‖ = b, with a and c positive.

    Source: Parikh and Boyd, Proximal Algorithms, 6.5.1.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("x - z + λ x / norm(x)", where="x, z: R^n; λ: R > 0")
    >>> x = next(s for s in e.symbols if s.attr[0] == "x")
    >>> unicode(solve_shrunk(e.expr, x).value)
    'max(0, 1 - λ / ‖z‖) z'
    """
    if unknown.order != 1 or equation.shape != unknown.shape:
        return None
    plain: list[Expr] = []
    over: list[Expr] = []
    rest: list[Expr] = []
    for part in equation.args if equation.op is ADD else (equation,):
        term = as_term(part)
        if not occurs(part, {unknown}):
            rest.append(part)
            continue
        scalar, divided = _factors(term, unknown)
        if scalar is None:
            return None
        (over if divided else plain).append(scalar)
    if not (plain and over and rest):
        return None
    a, c, b = tidy(add(*plain)), tidy(add(*over)), tidy(neg(add(*rest)))
    if not (is_positive(a) and is_positive(c)) or is_zero(b):
        return None
    shrunk = make(MAX, (number(0), add(number(1), neg(div(c, norm(b))))))
    return Found(mul(shrunk, tidy(div(b, a))), None, "a norm and a square: shrunk towards 0", nature="minimum")


def _factors(term: Term, unknown: Expr) -> tuple[Expr | None, bool]:
    """Return s of a term s x or s x / ‖x‖, and whether it is divided by the norm; None of others."""
    vector, numbers = parted(term)
    if vector is not unknown or affine(vector, unknown) is None:
        return None, False
    scalars = [factor for own in numbers for factor in own]
    norms = [f for f in scalars if f[0].op is NORM and f[0].args[0] is unknown]
    free = [f for f in scalars if f not in norms]
    if any([occurs(f[0], {unknown}) for f in free]) or len(norms) > 1 or (norms and not is_number(norms[0][2], -1)):
        return None, False
    return build(Term(term.coef, free, ())), bool(norms)
