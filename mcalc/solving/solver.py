"""From a problem to its answer: eliminate, prove, and choose among the points that are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.positive import is_definite, is_nonnegative, is_positive
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.tensor_forms import between_vecs
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import neg
from mcalc.operators.leaves import is_zero
from mcalc.operators.linear import matmul
from mcalc.operators.matrix import NORM
from mcalc.solving.elimination import State, eliminated
from mcalc.solving.linear_equations import affine
from mcalc.solving.problem import EQUATION, MAXIMISE, MINIMISE, Problem, solve_system
from mcalc.solving.proof import LEVEL, MAXIMUM, MINIMUM, SADDLE, Data, Looked, kind_of
from mcalc.solving.tidy import TooLong, occurs, put, tidy

BY_VALUE = "the Hessian there, by value at {} random points"
CLOSE = 1e-7
LONG = 60
"""A closed form of several constraints that takes more to write is shown as one linear system, where that is known."""
RIDGE_POINTS = 12
"""Data at which it is looked whether a linear equation has many solutions."""


class Point:
    """A stationary point: the value of each unknown, what it is (minimum, maximum, saddle, or nothing), how one knows.

    `told` is the same in the order of solving, where later ones may have the names of earlier ones in them. `sure` says
    that the form of the Hessian shows it for all data; `flat` that points beside it are as good.
    """

    __slots__ = ("flat", "hessian", "looked", "nature", "solution", "state", "sure", "told", "why")

    def __init__(self, solution: dict[Expr, Expr], told: dict[Expr, Expr], state: State, looked: Looked) -> None:
        self.solution = solution
        self.told = told
        self.state = state
        self.looked = looked
        self.nature = ""
        self.why = ""
        self.hessian: Expr | None = None
        self.sure = False
        self.flat = False


class Answer(NamedTuple):
    """What came of a problem: points, or why there are none in closed form.

    A `ridge` is an equation with many solutions, by its two sides: each of them is a point.
    """

    problem: Problem
    points: list[Point]
    declined: str = ""
    ridge: tuple[Expr, Expr] | None = None


def solve(problem: Problem, limits: Sequence[tuple[Expr, str]] = ()) -> Answer:
    """Return the points at which a problem is solved, each proved by value, or why there are none.

    `limits` are inequalities, each with its text: a point that satisfies them at all data is what was asked for, and
    of others there is no closed form.
    """
    answer = _solved(problem, limits)
    if limits and answer.declined and not answer.declined.startswith("no closed form"):
        said = "no closed form: the inequalities decide, and they are not solved for"
        return answer._replace(declined=said, ridge=None)
    return answer


def _solved(problem: Problem, limits: Sequence[tuple[Expr, str]]) -> Answer:
    for unknown in problem.unknowns:
        if not any([occurs(e, {unknown}) for e in [*problem.equations, *problem.constraints]]):
            return Answer(problem, [], f"the gradient by {unknown.attr[0]} does not depend on it: no stationary point")
    data = Data(problem)
    try:
        states = eliminated(problem, data.vanishes)
    except (TooLong, ShapeError):
        states = []
    except Mistake as mistake:
        return Answer(problem, [], f"no closed form: {mistake.message}")
    points: list[Point] = []
    for state in states:
        point = _point(problem, data, state)
        if point is not None:
            points.append(point)
    if not points or (len(problem.constraints) > 1 and _longest(points) > LONG):
        points = _by_system(problem, data) or points
    if not points:
        ridge = _ridge(problem, data)
        told = "no single point, but a ridge of solutions" if ridge else "no closed form that mcalc knows"
        return Answer(problem, [], told, ridge)
    for limit, text in limits:
        points = [point for point in points if _holds(limit, data, point)]
        if not points:
            return Answer(problem, [], f"no closed form: the point found without {text} does not satisfy it")
    if problem.goal == EQUATION or problem.objective is None:
        return Answer(problem, points)
    by_form = curvature(problem)
    for point in points:
        _classify(point, by_form)
    return _chosen(problem, points)


def _longest(points: list[Point]) -> int:
    return max([written_size(value) for point in points for value in point.told.values()])


def _by_system(problem: Problem, data: Data) -> list[Point]:
    """Return the point of a quadratic with linear constraints by its whole system."""
    try:
        found = solve_system(problem)
    except (TooLong, ShapeError, Mistake):
        return []
    if found is None:
        return []
    state = State([], problem.unknowns).with_solution(problem.unknowns[0], problem.gradients[0], found)
    point = _point(problem, data, state)
    return [] if point is None else [point]


def _ridge(problem: Problem, data: Data) -> tuple[Expr, Expr] | None:
    """Return the sides of a linear equation M x = c whose M is singular at all data, though c is in its range."""
    import numpy as np

    if len(problem.unknowns) > 1 or problem.unknowns[0].order != 1 or problem.constraints or problem.objective is None:
        return None
    [unknown], [gradient] = problem.unknowns, problem.gradients
    found = affine(tidy(gradient), unknown)
    if found is None:
        return None
    seen = 0
    for attempt in range(RIDGE_POINTS):
        values = data.at(attempt)
        matrix, rest = [data.value(e, values) for e in (found.slope, found.rest)]
        if matrix is None or rest is None or len(matrix) < 2:
            continue
        rank = np.linalg.matrix_rank(matrix, tol=1e-8)
        together = np.linalg.matrix_rank(np.column_stack([matrix, rest]), tol=1e-8)
        if rank == len(matrix) or together > rank:
            return None
        seen += 1
    return (tidy(matmul(found.slope, unknown)), tidy(neg(found.rest))) if seen else None


def _point(problem: Problem, data: Data, state: State) -> Point | None:
    """Return the point of a solved system where it holds at random data."""
    try:
        whole = written(state, ())
        told = written(state, problem.unknowns)
    except (TooLong, ShapeError):
        return None
    solution = {u: whole[u] for u in problem.unknowns}
    looked = Looked(problem, data, solution)
    if not looked.look(kinky=state.nature == MINIMUM):
        return None
    order = [u for u in told if u in solution]
    return Point(solution, {u: told[u] for u in order}, state, looked)


def written(state: State, keep: Collection[Expr]) -> dict[Expr, Expr]:
    """Return what each unknown is, with what it is made of put in place, but for unknowns that `keep` their names."""
    whole: dict[Expr, Expr] = {}
    for unknown, value in state.known().items():
        swap = {u: v for u, v in whole.items() if u not in keep}
        placed = put(value, swap)
        if placed is not value:
            shorter = tidy(placed)
            placed = shorter if written_size(shorter) <= written_size(placed) else placed
        whole[unknown] = placed
    return whole


def _holds(limit: Expr, data: Data, point: Point) -> bool:
    """Say whether an inequality holds at a point for all data that were tried."""
    import numpy as np

    values = [data.value(limit, trial.values) for trial in point.looked.trials]
    return all([value is not None and bool(np.all(value)) for value in values])


def _classify(point: Point, by_form: tuple[str, Expr | None, bool]) -> None:
    """Say what a stationary point is: by the form of the Hessian, else by its values at all points."""
    nature, hessian, strictly = by_form
    kind, flat = kind_of(point.looked.trials)
    if nature and hessian is not None:
        point.nature, point.sure, point.flat, point.hessian = nature, True, not strictly, hessian
    elif point.state.nature:
        point.nature, point.why = point.state.nature, "the objective is larger all around"
    elif kind:
        point.nature, point.why, point.flat = kind, BY_VALUE.format(len(point.looked.trials)), flat


def _chosen(problem: Problem, points: list[Point]) -> Answer:
    """Return the points that were asked for: of a minimum, those at which the objective is least."""
    if problem.goal not in (MINIMISE, MAXIMISE):
        return Answer(problem, points)
    sign = 1 if problem.goal == MINIMISE else -1
    best = _best(points, sign)
    wanted, other = (MINIMUM, MAXIMUM) if sign > 0 else (MAXIMUM, MINIMUM)
    good = [p for p in best if p.nature not in (other, SADDLE) and not (_is_level(p) and p.looked.is_beaten(sign))]
    if not good:
        word = best[0].nature
        kind = "saddle point" if word == SADDLE else word or "point of inflection"
        return Answer(problem, best, f"no {wanted}: the stationary point is a {kind}")
    for point in good:
        if not point.sure and point.nature == wanted and point.looked.is_beaten(sign):
            point.why += f"; a {wanted} nearby only: the objective is {'less' if sign > 0 else 'greater'} elsewhere"
    return Answer(problem, good)


def _is_level(point: Point) -> bool:
    """Say whether the Hessian is 0 at the point, whatever the data are, so that it says nothing."""
    return not point.nature and {trial.kind for trial in point.looked.trials} == {LEVEL}


def _best(points: list[Point], sign: int) -> list[Point]:
    """The points at which the objective is least (greatest) at all data at which all have a value."""
    if len(points) < 2:
        return points
    kept = []
    for point in points:
        others = [other for other in points if other is not point]
        if all([_no_worse(point, other, sign) for other in others]):
            kept.append(point)
    return kept or points


def _no_worse(one: Point, other: Point, sign: int) -> bool:
    """Compare the objective at the same data."""
    mine = {_key(t.values, one): t.objective for t in one.looked.trials}
    theirs = {_key(t.values, other): t.objective for t in other.looked.trials}
    shared = mine.keys() & theirs.keys()
    return all([sign * (mine[k] - theirs[k]) <= CLOSE * (1 + abs(mine[k])) for k in shared])


def _key(values: dict[str, object], point: Point) -> int:
    own = {u.attr[0] for u in point.solution}
    return hash(tuple([(name, repr(value)) for name, value in values.items() if name not in own]))


def curvature(problem: Problem) -> tuple[str, Expr | None, bool]:
    """Return ``minimum`` or ``maximum`` where the form of the Hessian shows it for all data; the Hessian; if strictly.

    Of one unknown without constraints, or with linear ones; a semidefinite Hessian does not depend on the unknown then.
    """
    if problem.objective is None or len(problem.unknowns) != 1 or problem.metrics:
        return "", None, False
    [unknown] = problem.unknowns
    try:
        if any([occurs(derivative_of(c, [unknown]), {unknown}) for c in problem.constraints]):
            return "", None, False
        if any([n.op.kink and n.op is not NORM for n in walk(problem.objective)]):
            return "", None, False
        hessian = tidy(derivative_of(problem.plain[0], [unknown], structured="ignore"))
        if unknown.order == 2:
            between = between_vecs(hessian, 2)
            if between is None:
                return "", None, False
            hessian = between
        for nature, matrix in ((MINIMUM, hessian), (MAXIMUM, tidy(neg(hessian)))):
            if is_zero(matrix):
                return "", hessian, False
            for strictly in (True, False):
                if _above(matrix, strictly=strictly):
                    return nature, hessian, strictly
    except (Mistake, TooLong):
        return "", None, False
    return "", hessian, False


def _above(matrix: Expr, *, strictly: bool) -> bool:
    if not matrix.shape:
        return is_positive(matrix) if strictly else is_nonnegative(matrix)
    return is_definite(matrix, strictly=strictly)
