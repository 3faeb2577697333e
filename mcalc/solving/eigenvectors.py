"""Equations whose solutions are eigenvectors, and matrices with orthonormal columns.

A x = λ B x, with any number λ, has the eigenvectors of A and B as its solutions: so it does not matter what λ is made
of, a multiplier or a quotient that has x in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns, as_row
from mcalc.calculus.basics.positive import is_definite
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build
from mcalc.dims import Dim
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL, add, mul, multiple, neg
from mcalc.operators.leaves import EYE, eye, is_zero, number, size, symbol, zeros
from mcalc.operators.linear import MATMUL, matmul, transpose
from mcalc.operators.matrix import inv
from mcalc.operators.singular import POLAR
from mcalc.operators.spectral import EIGVEC_MAX, EIGVEC_MIN, EIGVECS_MAX, EIGVECS_MIN
from mcalc.solving.linear_equations import affine, pieces
from mcalc.solving.tidy import Found, occurs, parted, terms_of, tidy

if TYPE_CHECKING:
    from mcalc.calculus.index_notation.term import Factor


def solve_eigen(equation: Expr, unknown: Expr, unknowns: AbstractSet[Expr]) -> list[Found]:
    """Return the eigenvectors of the largest and the least eigenvalue where an equation says A x = λ B x."""
    if unknown.order != 1 or equation.shape != unknown.shape:
        return []
    ways = (_by_number(terms, unknown, unknowns) for terms in (_distributed(equation), terms_of(equation)))
    groups = next((found for found in ways if found is not None and len(found) == 2), None)
    if groups is None:
        return _direction(equation, unknown, unknowns)
    matrices = [tidy(add(*parts)) for parts in groups]
    if not all([is_zero(tidy(add(m, neg(transpose(m))))) for m in matrices]):
        return []
    pencil = _metric_last([_without_number(m) for m in matrices])
    if pencil is None:
        return []
    a, b = pencil
    single = _one_vector(a)
    form = "A x = λ x" if b.op is EYE else "A x = λ B x"
    equation_sides = (tidy(matmul(a, unknown)), mul(_lambda(unknowns), tidy(matmul(b, unknown))))
    if single is not None:
        value = tidy(matmul(inv(b), single)) if b.op is not EYE else single
        return [Found(value, equation_sides, form, among=True)]
    args = (a,) if b.op is EYE else (a, b)
    return [Found(make(row, args), equation_sides, form, among=True) for row in (EIGVEC_MAX, EIGVEC_MIN)]


def _direction(equation: Expr, unknown: Expr, unknowns: AbstractSet[Expr]) -> list[Found]:
    """Return x = ± M⁻¹ a where an equation says s a = λ M x with numbers s and λ that are not known: of any length.

    That any length does is not sure, and shows when the point is put back into the equations.
    """
    fixed: dict[Expr, list[Expr]] = {}
    moving: dict[Expr, list[Expr]] = {}
    for term in _distributed(equation):
        vector, scalars = parted(term)
        rest, free = _by_unknowns(scalars, unknowns)
        key = tidy(build(Term(1, rest, ())))
        slope = affine(vector, unknown)
        if slope is not None and is_zero(slope.rest):
            moving.setdefault(key, []).append(mul(build(Term(term.coef, free, ())), slope.slope))
        elif not occurs(vector, unknowns):
            fixed.setdefault(key, []).append(mul(build(Term(term.coef, free, ())), vector))
        else:
            return []
    if len(fixed) != 1 or len(moving) != 1 or not any([occurs(key, {unknown}) for key in (*fixed, *moving)]):
        return []
    [vectors], [matrices] = fixed.values(), moving.values()
    value = tidy(matmul(inv(_without_number(tidy(add(*matrices)))), tidy(add(*vectors))))
    return [Found(one, None, "any length will do", among=True) for one in (value, tidy(neg(value)))]


def _by_unknowns(scalars: list[list[Factor]], unknowns: AbstractSet[Expr]) -> tuple[list[Factor], list[Factor]]:
    """Part the scalar factors of a term into those that are not known and those that are."""
    rest: list[Factor] = []
    free: list[Factor] = []
    for factors in scalars:
        unsure = any([occurs(f[0], unknowns) or occurs(f[2], unknowns) for f in factors])
        (rest if unsure else free).extend(factors)
    return rest, free


def _lambda(unknowns: AbstractSet[Expr]) -> Expr:
    taken = {u.attr[0] for u in unknowns}
    return symbol("λ" if "λ" not in taken else "ρ")


def _distributed(equation: Expr) -> list[Term]:
    """Return the terms of an equation with the numbers before a sum given to each, and nothing else multiplied out."""
    factors = equation.args if equation.op is MUL else (equation,)
    sums = [f for f in factors if f.shape and f.op is ADD]
    if len(sums) != 1:
        return [as_term(part) for part in (equation.args if equation.op is ADD else (equation,))]
    rest = [f for f in factors if f is not sums[0]]
    return [as_term(mul(*rest, part)) for part in sums[0].args]


def _by_number(terms: Sequence[Term], unknown: Expr, unknowns: AbstractSet[Expr]) -> list[list[Expr]] | None:
    """Collect the matrices M of terms s M x by what in s is not known; None where a term is of another form."""
    found: dict[Expr, list[Expr]] = {}
    for term in terms:
        vector, scalars = parted(term)
        slope = affine(vector, unknown)
        if slope is not None:
            matrix, fits = slope.slope, is_zero(slope.rest)
        elif occurs(vector, {unknown}):
            return None
        else:
            outer = _outer(vector, scalars, unknown)
            if outer is None:
                return None
            (matrix, scalars), fits = outer, True
        if not fits:
            return None
        rest, free = _by_unknowns(scalars, unknowns)
        key = tidy(build(Term(1, rest, ())))
        found.setdefault(key, []).append(mul(build(Term(term.coef, free, ())), matrix))
    return list(found.values())


def _outer(vector: Expr, scalars: list[list[Factor]], unknown: Expr) -> tuple[Expr, list[list[Factor]]] | None:
    """Return a bᵀ for a term a (b · x), and its other factors."""
    for place, factors in enumerate(scalars):
        slope = affine(build(Term(1, factors, ())), unknown)
        if slope is not None and is_zero(slope.rest):
            row = as_row(as_columns(slope.slope))
            return matmul(vector, row), [*scalars[:place], *scalars[place + 1 :]]
    return None


def _without_number(matrix: Expr) -> Expr:
    """Return a matrix without the number before it, negative ones too: which way λ turns then shows by value."""
    return multiple(matrix)[1]


def _metric_last(matrices: list[Expr]) -> tuple[Expr, Expr] | None:
    """Return A and B of A x = λ B x, where B is surely positive definite, or so where columns are independent."""
    for sure in ("identity", "definite", "gram"):
        for place in (1, 0):
            b = matrices[place]
            fits = b.op is EYE if sure == "identity" else is_definite(b, strictly=sure == "definite")
            if fits and (sure != "gram" or _one_vector(b) is None):
                return matrices[1 - place], b
    return None


def _one_vector(matrix: Expr) -> Expr | None:
    """Return a where a matrix is a aᵀ, which has one eigenvector of an eigenvalue that is not 0."""
    if matrix.op is MATMUL and len(matrix.args) == 2 and matrix.args[0].order == matrix.args[1].order == 1:
        column, row = matrix.args
        return column if transpose(row) is column or transpose(column) is row else None
    return None


# orthonormal columns ---------------------------------------------------------------------------------------------


def orthonormal(constraint: Expr, unknown: Expr) -> Expr | None:
    """Return B where a constraint says Wᵀ B W = I, and I where it says Q Qᵀ = I of a square Q; else None."""
    if unknown.order != 2 or constraint.order != 2 or constraint.shape[0] is not constraint.shape[1]:
        return None
    form = tidy(add(constraint, eye(constraint.shape[0])))
    if form.op is not MATMUL:
        return None
    first, *middle, last = form.args
    if last is unknown and transpose(first) is unknown:
        return matmul(*middle) if middle else eye(unknown.shape[0])
    square = unknown.shape[0] is unknown.shape[1]
    return eye(unknown.shape[0]) if square and not middle and first is unknown and transpose(last) is unknown else None


def solve_orthonormal(gradient: Expr, unknown: Expr, metric: Expr) -> list[Found]:
    """Return the W with Wᵀ B W = I at which tr(Wᵀ A W) or tr(Wᵀ C) is greatest and least.

    Terms of the objective that do not change under the constraint do not count: tr(W R Wᵀ), and, of a square Q,
    tr(Qᵀ A Q).
    """
    gradient = _under_constraint(gradient, unknown) if metric.op is EYE else gradient
    found = affine(gradient, unknown)
    if found is None:
        return _linear_objective(gradient, unknown, metric)
    parts = pieces(found.slope)
    if parts is None or any([p.turned for p in parts]):
        return []
    square, plain = unknown.shape[0] is unknown.shape[1], metric.op is EYE
    moving = [p for p in parts if not (plain and (p.left.op is EYE or (square and p.right.op is EYE)))]
    if not moving and not is_zero(found.rest):
        return _linear_objective(found.rest, unknown, metric)
    if not is_zero(found.rest) or not moving or not all([p.right.op is EYE for p in moving]):
        return []
    a = _without_number(tidy(add(*[mul(p.scale, p.left) for p in moving])))
    if not is_zero(tidy(add(a, neg(transpose(a))))):
        return []
    args = (a,) if plain else (a, metric)
    count = size(unknown.shape[1])
    return [
        Found(
            make(row, (*args, count)),
            (tidy(matmul(a, unknown)), matmul(metric, unknown, _multipliers(unknown))),
            "A W = B W Λ",
        )
        for row in (EIGVECS_MAX, EIGVECS_MIN)
    ]


def _under_constraint(gradient: Expr, unknown: Expr) -> Expr:
    """Return a gradient with Wᵀ W as I in it, and without terms W S with S symmetric, which the multipliers take up."""
    turned = transpose(unknown)
    kept: list[Expr] = []
    for term in terms_of(gradient):
        part = tidy(build(term))
        numbers = [f for f in part.args if not f.shape] if part.op is MUL else []
        whole = next((f for f in part.args if f.shape), part) if part.op is MUL else part
        factors = list(whole.args) if whole.op is MATMUL else [whole]
        while (place := _pair(factors, turned, unknown)) is not None:
            del factors[place : place + 2]
        if len(factors) > 1 and factors[0] is unknown:
            rest = matmul(*factors[1:])
            if rest.is_symmetric and occurs(rest, {unknown}):
                continue
        kept.append(mul(*numbers, matmul(*factors) if factors else eye(whole.shape[0])))
    return tidy(add(*kept)) if kept else zeros(unknown.shape)


def _pair(factors: list[Expr], first: Expr, second: Expr) -> int | None:
    """Return the first place at which one factor stands before another."""
    return next((k for k in range(len(factors) - 1) if factors[k] is first and factors[k + 1] is second), None)


def _multipliers(unknown: Expr) -> Expr:
    k: Dim = unknown.shape[1]
    return symbol("Λ", (k, k), frozenset({"symmetric"}))


def _linear_objective(rest: Expr, unknown: Expr, metric: Expr) -> list[Found]:
    if occurs(rest, {unknown}) or metric.op is not EYE or is_zero(rest):
        return []
    target = _without_positive_number(rest)
    return [
        Found(make(POLAR, (part,)), None, "the factor U Vᵀ of the singular value decomposition U diag(σ) Vᵀ")
        for part in (target, tidy(neg(target)))
    ]


def _without_positive_number(matrix: Expr) -> Expr:
    if matrix.op.name == "mul" and matrix.args[0].op.name == "number":
        sign = number(1 if matrix.args[0].attr > 0 else -1)
        return tidy(mul(sign, *matrix.args[1:]))
    return matrix
