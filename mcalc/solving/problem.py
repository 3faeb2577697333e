"""What is to be solved: an objective with constraints, or equations; what holds where it is stationary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.derive import derivative_of
from mcalc.expr import Expr, make, walk
from mcalc.fresh import names_in
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.leaves import symbol
from mcalc.operators.linear import DOT
from mcalc.solving.eigenvectors import orthonormal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.expr import Expr


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
        self.full = [self._gradient(whole, u) for u in self.unknowns]
        self.plain = [self._gradient(objective, u) for u in self.unknowns]
        self.gradients = [self._gradient(total, u) for u in self.unknowns]

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
    def symbols(self) -> list[Expr]:
        """All that is given a value: the data, and the unknowns."""
        exprs = [e for e in (self.objective, *self.constraints) if e is not None]
        found = [node for node in walk(*exprs) if node.op.name == "symbol" and not node.args]
        return list(dict.fromkeys([*found, *self.unknowns]))
