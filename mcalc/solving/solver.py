"""From a problem to its answer: eliminate, prove, choose among the points found; and what a closed form needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.positive import is_definite, is_nonnegative, is_positive
from mcalc.calculus.basics.simplifications import Simplification, disabled
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.other_forms import between_vecs
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, rebuild, walk
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, has_minus, multiple, neg
from mcalc.operators.kronecker import KRON
from mcalc.operators.leaves import EYE, is_number, is_zero, symbol, symbols_in
from mcalc.operators.linear import DOT, MATMUL, TRANSPOSE, matmul, transpose
from mcalc.operators.matrix import INV, NORM
from mcalc.operators.singular import POLAR
from mcalc.operators.solutions import SYLVESTER
from mcalc.operators.spectral import EIGVEC_MAX, EIGVEC_MIN, EIGVECS_MAX, EIGVECS_MIN
from mcalc.operators.structures import structure_of
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
LATEST = 32
"""So many problems stay known with their answers: a stream may ask for the same again and again."""


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
    return _answer(problem, tuple(limits), disabled())


@lru_cache(LATEST)
def _answer(problem: Problem, limits: Sequence[tuple[Expr, str]], _without: Collection[Simplification]) -> Answer:
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
    states: list[State] | None = None
    try:
        states = eliminated(problem, data.vanishes)
    except (TooLong, ShapeError):
        pass
    except Mistake as mistake:
        return Answer(problem, [], f"no closed form: {mistake.message}")
    points: list[Point] = []
    for state in states or ():
        point = _point(problem, data, state)
        if point is not None and all([point.solution != other.solution for other in points]):
            points.append(point)
    longest = max([written_size(value) for point in points for value in point.told.values()], default=0)
    if not points or (len(problem.constraints) > 1 and longest > LONG):
        points = _by_system(problem, data) or points
    if not points:
        ridge = _ridge(problem, data)
        told = "no single point, but a ridge of solutions" if ridge else "no closed form that mcalc knows"
        numbers = states is not None and not any([symbols_in(v) for state in states for v in state.known().values()])
        if numbers and not data.draws.names and set(problem.symbols) == set(problem.unknowns):
            told = "no real solution" if problem.goal == EQUATION else "no stationary point"
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
    alone = not any([occurs(value, problem.unknowns) for value in told.values()])
    order = [u for u in (problem.unknowns if alone else told) if u in solution]
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
    good = good or [p for p in points if p.nature == wanted]
    if not good:
        word = best[0].nature
        kind = "saddle point" if word == SADDLE else word or "point of inflection"
        if any([step.found.among for point in points for step in point.state.steps]):
            found = (
                f"the stationary point found is a {kind}" if len(points) == 1 else f"none that was found is a {wanted}"
            )
            return Answer(problem, best, f"no closed form that mcalc knows: {found}")
        said = f"the stationary point is a {kind}" if len(points) == 1 else "no stationary point is one"
        return Answer(problem, best, f"no {wanted}: {said}")
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
        factors = matrix.args if matrix.op is MUL else (matrix,)
        return all([is_positive(f) or _is_inverse_square(f) for f in factors]) if strictly else is_nonnegative(matrix)
    return is_definite(matrix, strictly=strictly)


def _is_inverse_square(factor: Expr) -> bool:
    exponent = factor.args[1] if factor.op is POW else None
    return exponent is not None and is_number(exponent) and exponent.attr < 0 and exponent.attr % 2 == 0


Write = Callable[[Expr], str]

LONGEST = 48


def needs(solution: dict[Expr, Expr], given: Collection[Expr], write: Write) -> list[str]:
    """Return in words what the solution needs that the problem does not say already.

    `given` are the nodes of the problem, in which an inverse is there from the start; `write` prints an expression.
    """
    said: dict[str, None] = {}
    for unknown, value in solution.items():
        for node in walk(value):
            if node not in given and symbols_in(node):
                said |= dict.fromkeys(_of(node, write))
        structure = structure_of(unknown)
        if structure is not None and "posdef" in unknown.attr[2] and not is_definite(value):
            said[f"{write(unknown)} so found is positive definite"] = None
        if "positive" in unknown.attr[2] and not is_positive(value):
            said[f"{write(unknown)} so found is positive"] = None
    return list(said)


def _of(node: Expr, write: Write) -> list[str]:
    if node.op is INV:
        return rank_needs(node.args[0], write)
    if node.op is POW and is_number(node.args[1]):
        return _power(node.args[0], node.args[1].attr, write)
    if node.op is LN and not is_positive(node.args[0]):
        entries = "all entries of " if node.shape else ""
        return [f"{entries}{_short(node.args[0], write)} > 0"]
    if node.op is SYLVESTER:
        a, b = node.args[:2]
        if is_definite(a, strictly=False) and is_definite(b, strictly=False):
            if is_definite(a) or is_definite(b):
                return []
            return [f"{_short(a, write)} or {_short(b, write)} is positive definite"]
        return [f"{_short(a, write)} and {_short(tidy(neg(b)), write)} have no eigenvalue in common"]
    if node.op in (EIGVEC_MAX, EIGVEC_MIN):
        return [
            f"the {'largest' if node.op is EIGVEC_MAX else 'least'} eigenvalue is simple",
            *_metric(node.args[1:2], write),
        ]
    if node.op in (EIGVECS_MAX, EIGVECS_MIN):
        return ["a gap between the eigenvalues taken and the others", *_metric(node.args[1:-1], write)]
    if node.op is POLAR and any([part.op is EYE for part in (node.args[0], *node.args[0].args)]):
        return []
    if node.op is POLAR:
        return [f"{_short(node.args[0], write)} has full column rank"]
    return []


def _metric(matrices: tuple[Expr, ...], write: Write) -> list[str]:
    return [text for m in matrices if not is_definite(m) for text in rank_needs(m, write)]


def _short(expr: Expr, write: Write) -> str:
    text = write(expr)
    return text if len(text) <= LONGEST and " where " not in text else "a part of it"


def rank_needs(matrix: Expr, write: Write) -> list[str]:
    """Return what makes a matrix have an inverse: Xᵀ X needs independent columns of X."""
    _, matrix = multiple(matrix)
    settled = rebuild(matrix, _settled)
    if is_definite(settled):
        return []
    if matrix.op is KRON:
        return list(dict.fromkeys([need for side in matrix.args for need in rank_needs(side, write)]))
    weakly = is_definite(settled, strictly=False)
    if matrix.op is MATMUL and weakly:
        last = matrix.args[-1]
        if last.op is TRANSPOSE:
            return [f"{_short(last.args[0], write)} has full row rank"]
        return [f"{_short(last, write)} has full column rank"]
    if weakly:
        return [f"{_short(matrix, write)} is positive definite"]
    return [f"{_short(matrix, write)} is invertible"]


def _is_form(base: Expr) -> bool:
    """Say whether a number is xᵀ P x with P positive definite or semidefinite: positive but for points."""
    if base.op is not MATMUL or base.shape or len(base.args) < 3:
        return False
    first, *middle, last = base.args
    return transpose(first) is last and is_definite(matmul(*middle), strictly=False)


def _settled(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Take the inverse of a semidefinite matrix for a definite one: that it is invertible has been said."""
    if node.op is INV and is_definite(args[0], strictly=False):
        return symbol(f"inverse of {id(args[0])}", node.shape, frozenset({"posdef"}))
    return None


def _power(base: Expr, exponent: object, write: Write) -> list[str]:
    if base.op is DOT and base.args[0] is base.args[1]:
        return [f"{_short(base.args[0], write)} is not 0"]
    if not isinstance(exponent, (int, float)) and not is_nonnegative(base) and not base.shape:
        surely = is_positive(base) or _is_form(base)
        return [] if surely else [f"{_short(base, write)} > 0"]
    signed = is_positive(base) or is_positive(tidy(neg(base))) or base.op.name == "size"
    if exponent < 0 and not signed:  # type: ignore[operator]
        if base.op is NORM:
            return [f"{_short(base.args[0], write)} is not 0"]
        if base.op is ADD and all([has_minus(part) for part in base.args]):
            base = tidy(neg(base))
        if base.shape:
            return [f"no entry of {_short(base, write)} is 0"]
        return [f"{_short(base, write)} is not 0"]
    return []
