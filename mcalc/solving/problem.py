"""What is to be solved: an objective with constraints, or equations; what holds where it is stationary.

A quadratic with linear constraints is one linear system: [H, Aᵀ; A, 0] [x; ν] = [-g; b]. The eliminated form is shorter
where H has an inverse; where it has none, this system may have one all the same.
Source: Boyd and Vandenberghe, Convex Optimization, 10.1.

The logarithm of an objective is greatest where the objective is, and has sums for the products in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mcalc.calculus.basics.orientation import as_columns, as_row, transposed
from mcalc.calculus.basics.positive import is_positive
from mcalc.calculus.derive import derivative_of
from mcalc.dims import Dim
from mcalc.expr import Expr, fold, make, rebuild, walk
from mcalc.fresh import names_in
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, add, mul, neg
from mcalc.operators.blocks import block, slice_
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import is_number, number, symbol, variables_in, zeros
from mcalc.operators.linear import DOT, PRODUCT, SIGMA, matmul
from mcalc.operators.matrix import DET, LOGDET, inv
from mcalc.solving.eigenvectors import orthonormal
from mcalc.solving.linear_equations import affine
from mcalc.solving.tidy import Found, tidy

MULTIPLIERS = ("ν", "κ", "η", "ξ", "ζ", "τ")
"""What the multipliers of constraints are called, where nothing else is."""
MINIMISE, MAXIMISE, STATIONARY, EQUATION = "minimise", "maximise", "stationary", "equation"


class Problem:
    """Find the `unknowns` at which an objective is least or greatest, or stationary, or at which equations hold.

    Each constraint is an expression that is to be 0. `metrics` are the B of the constraints Wᵀ B W = I by their W,
    which have no multiplier. `gradients` are those of the Lagrangian, column by column, `multipliers` go with the
    other constraints. `plain` are the gradients of the objective alone, and `full` those with a multiplier for every
    constraint, `all_multipliers`: by these a point is proved.
    """

    def __init__(
        self, goal: str, objective: Expr | None, unknowns: Sequence[Expr], constraints: Sequence[Expr] = ()
    ) -> None:
        self.goal = goal
        self.objective = objective
        self.unknowns = list(unknowns)
        self.constraints = [as_columns(constraint) for constraint in constraints]
        self.metrics: dict[Expr, Expr] = {}
        self.multipliers: list[Expr] = []
        self.all_multipliers: list[Expr] = []
        self.gradients: list[Expr] = []
        self.plain: list[Expr] = []
        self.full: list[Expr] = []
        self.lagrangian = objective
        if objective is not None:
            self._lagrange(objective)

    def _asked(self) -> tuple[object, ...]:
        return self.goal, self.objective, *self.unknowns, None, *self.constraints

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._asked() == other._asked()

    def __hash__(self) -> int:
        return hash(self._asked())

    def _lagrange(self, objective: Expr) -> None:
        taken = {name for expr in (objective, *self.constraints) for name in names_in(expr)}
        taken |= {unknown.attr[0] for unknown in self.unknowns}
        names = [name for name in MULTIPLIERS if name not in taken]
        names += [f"{MULTIPLIERS[0]}_{k}" for k in range(len(self.constraints))]
        total = objective
        whole = objective
        for constraint, name in zip(self.constraints, names, strict=False):
            of = symbol(name, constraint.shape)
            term = make(DOT, (of, constraint)) if of.shape else mul(of, constraint)
            self.all_multipliers.append(of)
            whole = add(whole, term)
            if not self._is_metric(constraint):
                self.multipliers.append(of)
                total = add(total, term)
        self.lagrangian = total
        functions = dict.fromkeys((objective, whole, total))  # without constraints they are the same
        by = {of: [self._gradient(of, unknown) for unknown in self.unknowns] for of in functions}
        self.plain, self.full, self.gradients = by[objective], by[whole], by[total]

    def _is_metric(self, constraint: Expr) -> bool:
        for unknown in self.unknowns:
            metric = orthonormal(constraint, unknown)
            if metric is not None:
                self.metrics[unknown] = metric
                return True
        return False

    @staticmethod
    def _gradient(of: Expr, unknown: Expr) -> Expr:
        return as_columns(derivative_of(of, [unknown], layout="denominator"))

    @property
    def equations(self) -> list[Expr]:
        """What has to be 0: the gradients, then the constraints with multipliers; of equations, these."""
        if self.objective is None:
            return self.constraints
        return [*self.gradients, *self.own_constraints]

    @property
    def own_constraints(self) -> list[Expr]:
        """The constraints with multipliers."""
        return [c for c in self.constraints if not any([orthonormal(c, u) is not None for u in self.metrics])]

    @property
    def given(self) -> list[Expr]:
        """The objective, where there is one, and the constraints."""
        return self.constraints if self.objective is None else [self.objective, *self.constraints]

    @property
    def symbols(self) -> list[Expr]:
        """All that is given a value: the data, and the unknowns."""
        return list(dict.fromkeys([*variables_in(*self.given), *self.unknowns]))


class System(NamedTuple):
    """The matrix, the unknowns stacked with the multipliers, and the right-hand side."""

    matrix: Expr
    unknowns: Expr
    right: Expr


def kkt_system(problem: Problem) -> System | None:
    """Return the system of a problem in one vector, quadratic with linear constraints; None of others."""
    if len(problem.unknowns) != 1 or problem.metrics or not problem.multipliers or not problem.plain:
        return None
    [unknown], [gradient] = problem.unknowns, problem.plain
    found = affine(tidy(gradient), unknown)
    parts = [affine(tidy(c), unknown) for c in problem.constraints]
    if unknown.order != 1 or found is None or found.slope.order != 2:
        return None
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or any([m.order > 1 for m in problem.multipliers]):
        return None
    rows = [as_row(as_columns(p.slope)) if p.slope.order == 1 else p.slope for p in known]
    turned = [as_columns(p.slope) if p.slope.order == 1 else transposed(p.slope) for p in known]
    lower = [
        [row, *[_nothing(one.shape, other.shape) for other in problem.multipliers]]
        for row, one in zip(rows, problem.multipliers, strict=True)
    ]
    grid = [[found.slope, *turned], *lower]
    count = len(grid)
    whole = block(count, count, *[part for line in grid for part in line])
    right = block(count, 1, tidy(neg(found.rest)), *[tidy(neg(p.rest)) for p in known])
    return System(whole, block(count, 1, unknown, *problem.multipliers), right)


def _nothing(rows: tuple[Dim, ...], columns: tuple[Dim, ...]) -> Expr:
    """A block of zeros: a matrix, a column, a row or the number 0."""
    if rows and columns:
        return zeros((*rows, *columns))
    if not rows and not columns:
        return number(0)
    column = zeros(rows or columns)
    return column if rows else as_row(column)


def solve_system(problem: Problem) -> Found | None:
    """Return the unknown as the first entries of the solution of the whole system."""
    made = kkt_system(problem)
    if made is None:
        return None
    [unknown] = problem.unknowns
    value = slice_(matmul(inv(made.matrix), made.right), ((Dim.of(0), unknown.shape[0]),))
    return Found(value, (matmul(made.matrix, made.unknowns), made.right), "the first entries solve it")


def opened(objective: Expr) -> Expr:
    """Return an expression with logarithms of products and powers as sums: ln(λ exp(-λ x)) is ln(λ) - λ x."""
    return rebuild(objective, lambda node, args: logarithm(args[0]) if node.op is LN else None)


def logarithm(of: Expr) -> Expr:
    """Return the logarithm of what is positive as a sum, where it is a product of positive factors.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> unicode(logarithm(parse("a exp(-a x)", where="a: R > 0; x: R").expr))
    'ln(a) - a x'
    """
    made: Expr = fold(of, _parts, _logarithm)
    return made


def _parts(of: Expr) -> tuple[Expr, ...]:
    """The parts of a product or a power whose logarithms its own is made of."""
    if of.op is MUL and all([_is_above(factor) for factor in of.args]):
        return of.args
    if of.op is POW and _is_above(of) and not of.args[1].shape:
        return of.args[:1]
    return of.args[1:] if of.op is PRODUCT else ()


def _logarithm(of: Expr, done: dict[Expr, Expr]) -> Expr:
    parts = [done[part] for part in _parts(of)]
    if of.op is EXP:
        return of.args[0]
    if parts and of.op is MUL:
        return add(*parts)
    if parts and of.op is POW:
        return mul(of.args[1], parts[0])
    if of.op is PRODUCT:
        return make(SIGMA, (of.args[0], parts[0]))
    return make(LOGDET if of.op is DET else LN, of.args if of.op is DET else (of,))


def is_likelihood(objective: Expr, unknowns: list[Expr]) -> bool:
    """Say whether an objective is a product of powers, exponentials and the like, whose logarithm is simpler."""
    if objective.op is PRODUCT:
        return True
    if objective.op is not MUL or not all([_is_above(factor) for factor in objective.args]):
        return False
    own = [f for f in objective.args if any([node in unknowns for node in walk(f)])]
    return len(own) > 1 and not any([f.op is ADD for f in own])


def _is_above(factor: Expr) -> bool:
    """Say whether a factor is positive wherever it has a logarithm: what has a power that is no whole number is."""
    base, exponent = factor.args if factor.op is POW else (factor, factor)
    whole = is_number(exponent) and type(exponent.attr) is int
    return is_positive(factor) or base.op is DET or (factor.op is POW and not whole)
