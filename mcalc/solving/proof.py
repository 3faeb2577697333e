"""Is it the point that was asked for? The gradient there is 0, the constraints hold, and the Hessian says what it is.

All by value, at random data of several sizes; where the form of the Hessian says it for all data, that is said instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import Draws, Kink
from mcalc.operators.arithmetic import POW
from mcalc.operators.leaves import is_number
from mcalc.operators.singular import POLAR
from mcalc.operators.structures import structure_of
from mcalc.solving.problem import EQUATION, Problem

Values = dict[str, Any]

POINTS = 8
ATTEMPTS = 80
NEEDED = 4
"""Points at which a solution must have a value to be believed."""
STEP = 1e-4
THIN = 1e-4
"""A matrix whose eigenvalues are so far apart says little about what is near it."""
NEAR = 1e-7
"""A divisor as small as this is 0 but for rounding."""
ZERO = 1e-6
SMALL = 1e-8
"""What is to be positive and is not more than this is taken for 0."""
FLAT = 1e-4
"""Eigenvalues of the Hessian smaller than this, relative to the largest, count as 0."""
BESIDE, MANY, FEW = (1e-1, 1e-2), 60, 4
"""Where a Hessian is flat, the objective is looked at so far beside it, at so many places; few under constraints."""
NEWTON_STEPS = 12
"""So many steps lead from any place to one where the constraints hold."""
MINIMUM, MAXIMUM, SADDLE, LEVEL = "minimum", "maximum", "saddle", "level"
FLAT_MINIMUM, FLAT_MAXIMUM = "flat minimum", "flat maximum"


class Trial(NamedTuple):
    """What was found at one point of data: the values there, the objective, and the kind of stationary point."""

    values: Values
    objective: float
    kind: str


class Data:
    """Random data for a problem: the same at each attempt, whatever is looked at."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.symbols = problem.symbols
        self.draws = Draws([*problem.given, *problem.unknowns])
        self._known: dict[int, Values] = {}

    def at(self, attempt: int) -> Values:
        """Return the data of an attempt."""
        if attempt not in self._known:
            self._known[attempt] = self.draws.at(np.random.default_rng([18, attempt]), attempt)
        return self._known[attempt]

    def value(self, expr: Expr, values: Mapping[str, Any]) -> Any:
        """Return the value of an expression, or None where it has none that is finite, or an inverse is far off."""
        try:
            found = evaluate(expr, values, self.symbols, watch=_steady)
        except (Mistake, Kink, np.linalg.LinAlgError, IndexError, ZeroDivisionError, ValueError):
            return None
        return found if bool(np.all(np.isfinite(found))) else None

    def solved(self, solution: Mapping[Expr, Expr], attempt: int) -> Values | None:
        """Return data with the unknowns at a solution, or None where that has no value or is none."""
        values = dict(self.at(attempt))
        for unknown, expr in solution.items():
            value = self.value(expr, values)
            if value is None or np.shape(value) != np.shape(self._known[attempt].get(unknown.attr[0], value)):
                return None
            if not _fits(unknown, np.asarray(value)):
                return None
            values[unknown.attr[0]] = value
        return values

    def vanishes(self, expr: Expr, solution: Mapping[Expr, Expr]) -> bool:
        """Say whether an expression is 0 at random data where some unknowns are at a solution."""
        seen = 0
        for attempt in range(ATTEMPTS):
            values = self.solved(solution, attempt)
            found = None if values is None else self.value(expr, values)
            if found is None:
                continue
            if np.max(np.abs(found), initial=0.0) > ZERO:
                return False
            seen += 1
            if seen == NEEDED:
                return True
        return False


def _steady(node: Expr, args: Sequence[Any]) -> None:
    """Leave points out at which a matrix is nearly singular."""
    below = node.op is POW and is_number(node.args[1]) and node.args[1].attr < 0
    if below and np.min(np.abs(np.asarray(args[0], dtype=float)), initial=np.inf) < NEAR:
        raise Kink("a divisor is 0")
    if node.op is POLAR:
        matrix = np.asarray(args[0], dtype=float)
        if matrix.shape[0] < matrix.shape[1] or np.linalg.cond(matrix) > 1e7:
            raise Kink("fewer rows than columns")
    if node.op.name == "inv":
        matrix = np.asarray(args[0], dtype=float)
        if np.all(np.isfinite(matrix)) and np.linalg.cond(matrix) > 1e7:
            raise Kink("nearly singular")


def _fits(unknown: Expr, value: Any) -> bool:
    """Say whether a value has what was declared of an unknown: positive, positive definite."""
    properties = unknown.attr[2]
    if "positive" in properties and not bool(np.all(value > SMALL)):
        return False
    if "posdef" in properties:
        sizes = np.linalg.eigvalsh((value + value.T) / 2)
        return bool(np.all(sizes > max(SMALL, THIN * sizes[-1])))
    structure = structure_of(unknown)
    return structure is None or bool(np.allclose(structure.fit(np, value), value))


# by value --------------------------------------------------------------------------------------------------------


class Looked:
    """Looks at a solution of a problem at random data; `trials` are the points at which it holds."""

    def __init__(self, problem: Problem, data: Data, solution: Mapping[Expr, Expr]) -> None:
        self.problem = problem
        self.data = data
        self.solution = solution
        self.gradients = problem.plain
        self.trials: list[Trial] = []
        self.wrong = ""

    def look(self, *, kinky: bool = False) -> bool:
        """Try points until there are enough; return whether the equations hold at all of them."""
        for attempt in range(ATTEMPTS):
            values = self.data.solved(self.solution, attempt)
            if values is None:
                continue
            trial = self._trial(values, kinky=kinky)
            if trial is None:
                continue
            if trial.kind == "":
                self.wrong = "the equations do not hold there"
                return False
            self.trials.append(trial)
            if len(self.trials) == POINTS:
                break
        if len(self.trials) < NEEDED:
            self.wrong = "it has no value at random data"
            return False
        single = [n for n in self.data.draws.names if len({int(trial.values[n]) for trial in self.trials}) == 1]
        if single:
            self.wrong = f"it holds for one size only: {', '.join(single)}"
            return False
        return True

    def _trial(self, values: Values, *, kinky: bool) -> Trial | None:
        """What is found at one point; of an empty kind where the equations do not hold."""
        constraints = [self.data.value(c, values) for c in self.problem.constraints]
        if any([c is None for c in constraints]):
            return None
        if any([np.max(np.abs(c), initial=0.0) > ZERO * _scale(values) for c in constraints]):
            return Trial(values, 0.0, "")
        if self.problem.goal == EQUATION or self.problem.objective is None:
            return Trial(values, 0.0, EQUATION)
        objective = self.data.value(self.problem.objective, values)
        if objective is None:
            return None
        if kinky:
            return Trial(values, float(objective), self._around(values, float(objective)))
        kind = self._kind(values)
        if kind is None:
            return None
        trial = Trial(values, float(objective), kind)
        flat = {FLAT_MINIMUM: 1, FLAT_MAXIMUM: -1}.get(kind)
        places = (BESIDE[:1], FEW) if self.problem.constraints else (BESIDE, MANY)
        beaten = flat is not None and self._beaten(trial, flat, *places)
        return trial._replace(kind=SADDLE) if beaten else trial

    def _around(self, values: Values, least: float) -> str:
        """Say whether the objective is larger all around, near and far."""
        rng = np.random.default_rng(5)
        for reach in (1e-3, 1e-1, 1.0, 10.0):
            for _ in range(20):
                moved = {u.attr[0]: values[u.attr[0]] + reach * rng.normal(size=np.shape(values[u.attr[0]]))
                         for u in self.problem.unknowns}  # fmt: skip
                there = self.data.value(self.problem.objective, {**values, **moved})  # type: ignore[arg-type]
                if there is not None and there < least - 1e-9 * (1 + abs(least)):
                    return ""
        return MINIMUM

    def is_beaten(self, sign: int) -> bool:
        """Say whether the objective is less somewhere than at the point (greater, of sign -1), at any of the data."""
        held = bool(self.problem.constraints)
        trials, reaches, times = (2, (1.0, 30.0), 6) if held else (NEEDED, (1.0, 30.0, 1e3), 8)
        return any([self._beaten(trial, sign, reaches, times) for trial in self.trials[:trials]])

    def _beaten(self, trial: Trial, sign: int, reaches: Sequence[float], times: int) -> bool:
        """Say whether the objective is less (greater, of sign -1) at one of so many places as far away as that."""
        assert self.problem.objective is not None
        rng = np.random.default_rng(7)
        for reach in reaches:
            for _ in range(times):
                elsewhere = self._elsewhere(trial.values, reach, rng)
                there = None if elsewhere is None else self.data.value(self.problem.objective, elsewhere)
                if there is not None and sign * (trial.objective - there) > SMALL * (1 + abs(trial.objective)):
                    return True
        return False

    def _elsewhere(self, values: Values, reach: float, rng: np.random.Generator) -> Values | None:
        """Return data with the unknowns elsewhere, where the constraints hold; None where no such place is found."""
        basis, start = self._basis(values)
        shapes = [np.shape(values[unknown.attr[0]]) for unknown in self.problem.unknowns]
        above = np.concatenate(
            [np.full(np.prod(s, dtype=int), "positive" in u.attr[2])
             for u, s in zip(self.problem.unknowns, shapes, strict=True)]
        )  # fmt: skip
        moved = start + basis @ (reach * rng.normal(size=basis.shape[1]))
        moved = np.where(above, np.abs(moved), moved)

        def at(z: Any) -> Values:
            parts = zip(self.problem.unknowns, _parted(moved + basis @ z, shapes), strict=True)
            return {**values, **{u.attr[0]: part for u, part in parts}}

        def limits(z: Any) -> Any:
            return self._stacked(self.problem.constraints, at(z))

        z, rest = (
            np.zeros(basis.shape[1]),
            limits(np.zeros(basis.shape[1])) if self.problem.constraints else np.zeros(1),
        )
        for _ in range(NEWTON_STEPS):
            if rest is None or np.max(np.abs(rest)) < SMALL:
                break
            beside = [limits(z + STEP * unit) for unit in np.eye(len(z))]
            if any([found is None for found in beside]):
                return None
            z = z - np.linalg.lstsq((np.stack(beside, -1) - rest[:, None]) / STEP, rest, rcond=1e-8)[0]
            rest = limits(z)
        found = at(z)
        fit = all([_fits(u, np.asarray(found[u.attr[0]])) for u in self.problem.unknowns])
        return found if fit and rest is not None and np.max(np.abs(rest)) < SMALL else None

    def _kind(self, values: Values) -> str | None:
        """Say what the Hessian of the Lagrangian is on what the constraints leave free; empty where no point is."""
        basis, start = self._basis(values)
        shapes = [np.shape(values[unknown.attr[0]]) for unknown in self.problem.unknowns]

        def at(z: Any, given: Values) -> Values:
            parts = _parted(start + basis @ z, shapes)
            return {**given, **{u.attr[0]: part for u, part in zip(self.problem.unknowns, parts, strict=True)}}

        def slope(z: Any) -> Any:
            found = self._stacked(self.gradients, at(z, values))
            return None if found is None else basis.T @ found

        def limits(z: Any) -> Any:
            return self._stacked(self.problem.constraints, at(z, values))

        free = basis.shape[1]
        origin = np.zeros(free)
        here = slope(origin)
        if here is None:
            return None
        jacobian = _differences(limits, origin) if self.problem.constraints else np.zeros((0, free))
        multipliers = np.zeros(0)
        if jacobian is None:
            return None
        if len(jacobian):
            multipliers = np.linalg.lstsq(jacobian.T, -here, rcond=1e-8)[0]
        left = here + jacobian.T @ multipliers
        if np.max(np.abs(left), initial=0.0) > ZERO * _scale(values) * (1 + np.max(np.abs(here), initial=0.0)):
            return ""
        constrained = [np.shape(self.data.value(constraint, values)) for constraint in self.problem.constraints]
        of = zip(self.problem.all_multipliers, _parted(multipliers, constrained), strict=True)
        held = {**values, **{multiplier.attr[0]: part for multiplier, part in of}}

        def lagrange(z: Any) -> Any:
            found = self._stacked(self.problem.full, at(z, held))
            return None if found is None else basis.T @ found

        hessian = _differences(lagrange, origin)
        if hessian is None:
            return None
        tangent = np.eye(free)
        if len(jacobian):
            _, sizes, across = np.linalg.svd(jacobian)
            tangent = across[int((sizes > 1e-7 * max(1.0, sizes[0])).sum()) :].T
        inner = tangent.T @ (hessian + hessian.T) @ tangent / 2
        return _signs(np.linalg.eigvalsh(inner), float(np.max(np.abs(hessian), initial=0.0)))

    def _stacked(self, exprs: Sequence[Expr], values: Values) -> Any:
        """The values of some expressions in one vector; None where one of them has none."""
        parts = [self.data.value(expr, values) for expr in exprs]
        return None if any([part is None for part in parts]) else np.concatenate([np.ravel(part) for part in parts])

    def _basis(self, values: Values) -> tuple[Any, Any]:
        """The directions in which the unknowns may move, symmetric ones of symmetric matrices, and where they are."""
        blocks = []
        for unknown in self.problem.unknowns:
            value = np.asarray(values[unknown.attr[0]], dtype=float)
            count = value.size
            if structure_of(unknown) is None:
                blocks.append(np.eye(count))
                continue
            n = len(value)
            columns = []
            for i in range(n):
                for j in range(i + 1):
                    one = np.zeros((n, n))
                    one[i, j] = one[j, i] = 1.0
                    columns.append(one.ravel())
            blocks.append(np.array(columns).T)
        rows, columns_count = sum([b.shape[0] for b in blocks]), sum([b.shape[1] for b in blocks])
        basis = np.zeros((rows, columns_count))
        row = column = 0
        for b in blocks:
            basis[row : row + b.shape[0], column : column + b.shape[1]] = b
            row, column = row + b.shape[0], column + b.shape[1]
        start = np.concatenate([np.ravel(np.asarray(values[u.attr[0]], dtype=float)) for u in self.problem.unknowns])
        return basis, start


def _parted(flat: Any, shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """Return the arrays of some shapes that a vector holds one after the other."""
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
    parts = zip(np.split(flat, ends[:-1]), shapes, strict=True) if shapes else ()
    return [part.reshape(shape) for part, shape in parts]


def _scale(values: Values) -> float:
    return 1.0 + max([float(np.max(np.abs(v), initial=0.0)) for v in values.values() if np.ndim(v)] or [0.0])


def _differences(function: Any, at: Any) -> Any:
    """The derivative of a function by central differences, of fourth order; None where it has no value nearby."""
    columns = []
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = STEP
        parts = [function(at + c * step) for c in (2, 1, -1, -2)]
        if any([p is None for p in parts]):
            return None
        columns.append((-parts[0] + 8 * parts[1] - 8 * parts[2] + parts[3]) / (12 * STEP))
    return np.stack(columns, -1) if columns else np.zeros((0, 0))


def _signs(eigenvalues: Any, largest: float) -> str:
    flat = FLAT * max(largest, 1e-3)
    below, above = bool(np.any(eigenvalues < -flat)), bool(np.any(eigenvalues > flat))
    level = bool(np.any(np.abs(eigenvalues) <= flat))
    if below and above:
        return SADDLE
    if below:
        return FLAT_MAXIMUM if level else MAXIMUM
    if above:
        return FLAT_MINIMUM if level else MINIMUM
    return LEVEL


def kind_of(trials: Sequence[Trial]) -> tuple[str, bool]:
    """Return the kind of stationary point that all points show, and whether it is flat somewhere; "" where they differ.

    A point at which nothing is free, or the objective is level, says nothing.
    """
    found = {trial.kind for trial in trials} - {LEVEL}
    for kind, flat in ((MINIMUM, FLAT_MINIMUM), (MAXIMUM, FLAT_MAXIMUM)):
        if found and found <= {kind, flat}:
            return kind, flat in found
    return (SADDLE, False) if found == {SADDLE} else ("", False)
