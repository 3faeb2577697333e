"""Solutions as code: a function of the data, in which systems are solved; where there is none, Newton's iteration."""

from __future__ import annotations

from typing import Protocol

from mcalc.calculus.derive import derivative_of
from mcalc.choices import one_of
from mcalc.errors import Mistake
from mcalc.export.code_words import DIALECTS
from mcalc.export.exported import TARGETS
from mcalc.export.exported import source as code_of
from mcalc.export.function import Function, Output
from mcalc.expr import Expr, walk
from mcalc.solving.problem import MAXIMISE, MINIMISE, STATIONARY, Problem
from mcalc.solving.solver import Point
from mcalc.solving.tidy import moving

NEWTON = '''

def newton({arguments}, steps=100, close=1e-10):
    """Newton's iteration for the gradient to be 0, from {start} as it is given."""
    for _ in range(steps):
        slope, curve = gradient_and_hessian({arguments})
        step = {solve}
        {start} = {start} - step
        if abs(step).max() <= close:
            break
    return {start}
'''


class Solved(Protocol):
    """What is asked of a solution, to write its code."""

    declined: str
    points: list[Point]

    @property
    def needs(self) -> list[str]:
        """What of the data it needs."""

    @property
    def problem(self) -> Problem:
        """The problem that it solves."""

    @property
    def equation(self) -> str:
        """The equations, as they are written."""

    @property
    def written_constraints(self) -> str:
        """The constraints, as they are written."""

    def written(self, expr: Expr) -> str:
        """Return an expression as it is written."""

    def name_of(self, unknown: Expr) -> str:
        """Return what an unknown is called."""


def source(solution: Solved, target: str) -> str:
    """Return the code of a solution, or of an iteration towards one.

    Raises :class:`~mcalc.errors.Mistake` for a target that is not known or cannot do it.
    """
    one_of(TARGETS, "target", target)
    if solution.declined:
        return _iteration(solution, target)
    if len(solution.points) > 1:
        raise Mistake("E-UNSUPPORTED", "there are several points: code is of one", hint="ask for a min or a max")
    [point] = solution.points
    given = solution.problem.symbols
    names = list(point.solution)
    used = {node for value in point.solution.values() for node in walk(value) if node.op.name == "symbol"}
    arguments = [s for s in given if s in used]
    outputs = [Output(solution.name_of(u), value) for u, value in point.solution.items()]
    about = [_about(solution, [solution.name_of(u) for u in names]), ""]
    about += [f"{out.name} = {solution.written(out.expr)}" for out in outputs]
    about += [""] * bool(solution.needs) + [f"Needs: {'; '.join(solution.needs)}."] * bool(solution.needs)
    name = f"solve_{'_'.join([u.attr[0] for u in names])}"
    return code_of(Function((name if name.isascii() else "solution"), arguments, outputs, about), target)


def _about(solution: Solved, names: list[str]) -> str:
    """Return in a sentence what the function returns."""
    problem = solution.problem
    said = {MINIMISE: "least", MAXIMISE: "greatest", STATIONARY: "stationary"}.get(problem.goal)
    which = " and ".join(names)
    if said is None or problem.objective is None:
        return f"The solution {which} of {solution.equation}.".replace("\n", "; ")
    under = f" where {solution.written_constraints}" if problem.constraints else ""
    return f"The {which} at which {solution.written(problem.objective)} is {said}{under}."


def _iteration(solution: Solved, target: str) -> str:
    """Return Newton's iteration for one unknown without constraints."""
    problem = solution.problem
    objective = problem.objective
    if objective is None or len(problem.unknowns) != 1 or problem.constraints or target not in DIALECTS:
        raise Mistake("E-CLOSED", f"{solution.declined}, and no iteration as code", hint=solution.equation)
    [unknown] = problem.unknowns
    if unknown.order > 1 or _has_kinks(problem):
        raise Mistake("E-CLOSED", f"{solution.declined}, and Newton's iteration does not apply", hint=solution.equation)
    gradient = problem.plain[0]
    hessian = derivative_of(gradient, [unknown])
    arguments = problem.symbols
    function = Function(
        "gradient_and_hessian", arguments, [Output("grad", gradient), Output("hess", hessian)],
        [f"Gradient and Hessian of {solution.written(objective)} by {solution.name_of(unknown)}."],
    )  # fmt: skip
    dialect = DIALECTS[target]
    start = function.names[unknown.attr[0]]
    solve = f"{dialect.xp}.linalg.solve(curve, slope)" if unknown.shape else "slope / curve"
    words = NEWTON.format(arguments=", ".join(function.arguments), start=start, solve=solve)
    return code_of(function, target).rstrip("\n") + "\n" + (words if unknown.shape else words.replace(".max()", ""))


def _has_kinks(problem: Problem) -> bool:
    assert problem.objective is not None
    return any([node.op.kink and node.op.name != "norm" for node in moving(problem.objective, problem.unknowns)])
