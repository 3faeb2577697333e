"""Several equations in several unknowns: one solved for one, put into the others, and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mcalc.calculus.basics.positive import is_positive
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import MUL, POW, add, mul, power
from mcalc.operators.leaves import is_number, is_zero, number, symbol, symbols_in
from mcalc.operators.linear import MATMUL, matmul
from mcalc.operators.matrix import INV
from mcalc.solving.eigenvectors import solve_eigen, solve_orthonormal
from mcalc.solving.linear_equations import solve_inverse, solve_linear, solve_shrunk
from mcalc.solving.problem import Problem
from mcalc.solving.scalars import powers_of, solve_entrywise, vanishing
from mcalc.solving.tidy import Found, TooLong, occurs, put, tidy

MOST_STATES = 96
"""So many partly solved systems are looked at."""
LENGTH = "t"


class Step(NamedTuple):
    """One unknown solved for: the equation it comes from, as it stood, and what was found."""

    unknown: Expr
    equation: Expr
    found: Found


class State:
    """Equations that are left, unknowns that are left, and what the others are, in the order in which they are known.

    An unknown whose value has no other unknown in it keeps its name in what follows, as a person keeps it, but for one
    that is a number.
    """

    __slots__ = ("equations", "left", "nature", "steps", "values")

    def __init__(self, equations: Sequence[Expr], left: Sequence[Expr]) -> None:
        self.equations = list(equations)
        self.left = list(left)
        self.values: dict[Expr, Expr] = {}
        self.steps: list[Step] = []
        self.nature = ""

    def with_solution(self, unknown: Expr, equation: Expr, found: Found) -> State:
        """Return the state after one unknown is solved for, and put into everything else where it has others in it."""
        others = [e for e in self.equations if e is not equation]
        left = [*[u for u in self.left if u is not unknown], *found.new]
        if occurs(found.value, set(left)) or not symbols_in(found.value):
            swap = {unknown: found.value}
            others = [e if not occurs(e, {unknown}) else tidy(put(e, swap)) for e in others]
        state = State(others, left)
        state.values = {**self.values, unknown: found.value}
        state.steps = [*self.steps, Step(unknown, equation, found)]
        state.nature = self.nature or found.nature
        return state

    def with_equations(self, old: Expr, new: Sequence[Expr]) -> State:
        """Return the state with some equations, those that say anything, in the place of one."""
        others = [e for e in self.equations if e is not old]
        state = State([*others, *[e for e in new if not is_zero(e) and e not in others]], self.left)
        state.values, state.steps, state.nature = dict(self.values), [*self.steps], self.nature
        return state

    def known(self) -> dict[Expr, Expr]:
        """Return the unknowns whose values have no unknowns that are left in them, each after those it is made of.

        A value that is a number is put into the others.
        """
        left = set(self.left)
        waiting = dict(self.values)
        found: dict[Expr, Expr] = {}
        while waiting:
            ready = [u for u, v in waiting.items() if not occurs(v, waiting.keys() | left)]
            if not ready:
                break
            numbers = {u: v for u, v in found.items() if not symbols_in(v)}
            for u in ready:
                value = waiting.pop(u)
                found[u] = tidy(put(value, numbers)) if occurs(value, numbers.keys()) else value
        return found


def eliminated(problem: Problem, vanishes: Callable[[Expr, dict[Expr, Expr]], bool]) -> list[State] | None:
    """Return the states in which every unknown of a problem is known; None where some stay, none if no value fits.

    `vanishes` says by value whether an expression is 0 where some unknowns have values.
    """
    if problem.metrics:
        return _orthonormal(problem)
    first = State([tidy(e) for e in problem.equations], [*problem.unknowns, *problem.multipliers])
    waiting, done, seen = [first], [], 0
    while waiting:
        state = waiting.pop()
        if any([_cannot_hold(e, state) for e in state.equations]):
            continue
        seen += 1
        if seen > MOST_STATES:
            return None
        if set(problem.unknowns) <= state.known().keys():
            done.append(state)
            continue
        following = _by_factors(state) or _next(state, problem, vanishes)
        if following is None:
            return None
        waiting.extend(reversed(following))
    return done


def _orthonormal(problem: Problem) -> list[State]:
    """Solve for the one W of constraints Wᵀ B W = I."""
    if len(problem.unknowns) > 1 or problem.own_constraints:
        return []
    [unknown], [gradient] = problem.unknowns, problem.plain
    first = State([gradient], [unknown])
    return [
        first.with_solution(unknown, gradient, found)
        for found in solve_orthonormal(gradient, unknown, problem.metrics[unknown])
    ]


def _next(state: State, problem: Problem, vanishes: Callable[[Expr, dict[Expr, Expr]], bool]) -> list[State] | None:
    """Solve one equation for one unknown: best one whose solution is known altogether, else the first there is.

    None is returned where no equation can be solved; an equation that no value solves leaves no state.
    """
    best: tuple[int, Expr, Expr, list[Found]] | None = None
    for place, unknown in enumerate(state.left):
        for equation in _in_turn(state.equations, place):
            if equation.order != unknown.order or not occurs(equation, {unknown}):
                continue
            try:
                found = _solved(equation, unknown, state, vanishes)
            except (TooLong, Mistake, ShapeError):
                continue
            if found == []:
                return []
            found = [one for one in found or () if not occurs(one.value, {unknown})]
            if not found:
                continue
            rest = set(state.left) - {unknown}
            rank = sum([occurs(one.value, {u}) for one in found for u in rest])
            rank = 2 * rank + (rank > 0 and any([_has_root(one.value) for one in found]))
            if best is None or rank < best[0]:
                best = rank, unknown, equation, found
            if rank == 0:
                break
        if best is not None and (best[0] == 0 or unknown in problem.multipliers):
            break
    if best is None:
        return None
    _, unknown, equation, found = best
    made = []
    for one in found:
        try:
            made.append(_without_settled(state.with_solution(unknown, equation, one), one, vanishes))
        except (TooLong, Mistake, ShapeError):
            return None
    return [*made, *_where_it_vanishes(state, unknown, equation)]


def _where_it_vanishes(state: State, unknown: Expr, equation: Expr) -> list[State]:
    """Return the state in which an unknown is not in an equation: y z = l is y = l / z, or z = 0 and l = 0."""
    collected = None if equation.shape else powers_of(equation, unknown)
    if collected is None:
        return []
    base, powers = collected
    highest = max(powers)
    leading = powers[highest]
    if not highest or not occurs(leading, set(state.left)):
        return []
    lower = [mul(c, power(base, number(degree))) for degree, c in powers.items() if degree != highest]
    return [state.with_equations(equation, [leading, tidy(add(*lower)) if lower else number(0)])]


def _by_factors(state: State) -> list[State]:
    """Return the states in which one factor of a product is 0 that has to be; none where no equation is such a one."""
    for equation in state.equations:
        if not equation.shape and equation.op in (MUL, POW):
            factors = [f for f in (vanishing(f, u) for u in state.left for f in _factors(equation)) if f is not None]
            if len(set(factors)) > 1 or (factors and factors[0] is not equation):
                return [state.with_equations(equation, [factor]) for factor in dict.fromkeys(factors)]
    return []


def _factors(equation: Expr) -> tuple[Expr, ...]:
    return equation.args if equation.op is MUL else (equation,)


def _cannot_hold(equation: Expr, state: State) -> bool:
    """Say whether an equation cannot hold: a number that is not 0, or a product of data and of what is never 0.

    What has an unknown in it that is solved for may well hold.
    """
    if is_number(equation):
        return not is_zero(equation)
    if equation.shape or occurs(equation, state.values.keys()):
        return False
    return all([vanishing(factor, u) is None for u in state.left for factor in _factors(equation)])


def _has_root(value: Expr) -> bool:
    """Say whether a root stands in a solution, which is put into other equations after one without."""
    return any([node.op is POW and is_number(node.args[1]) and node.args[1].attr % 1 != 0 for node in walk(value)])


def _in_turn(equations: list[Expr], place: int) -> list[Expr]:
    """The equations, that of the same place first."""
    own = equations[place : place + 1]
    return [*own, *[e for e in equations if e not in own]]


def _without_settled(state: State, found: Found, vanishes: Callable[[Expr, dict[Expr, Expr]], bool]) -> State:
    """Leave out equations that hold now, such as that of the length of an eigenvector."""
    if found.how.startswith("A x"):
        kept = [e for e in state.equations if occurs(e, set(state.left)) or not vanishes(e, state.known())]
        state.equations = kept
    return state


def _solved(
    equation: Expr, unknown: Expr, state: State, vanishes: Callable[[Expr, dict[Expr, Expr]], bool]
) -> list[Found] | None:
    """Solve one equation for one unknown, in whichever way does it; None where none does."""
    equation = plain(equation)
    entrywise = solve_entrywise(equation, unknown)
    if entrywise is not None:
        return entrywise
    shrunk = solve_shrunk(equation, unknown)
    if shrunk is not None:
        return [shrunk]
    others = {u for u in state.left if u is not unknown}
    for way in (solve_linear, solve_inverse):
        found = way(equation, unknown, others)
        if found is not None:
            return [found]
    eigen = solve_eigen(equation, unknown, {*state.left, unknown})
    return [_of_length(one, unknown, state, vanishes) for one in eigen] or None


def _of_length(found: Found, unknown: Expr, state: State, vanishes: Callable[[Expr, dict[Expr, Expr]], bool]) -> Found:
    """Give an eigenvector a length of its own, t v, where a constraint in it alone is not met by v."""
    others = set(state.left) - {unknown}
    alone = [e for e in state.equations if occurs(e, {unknown}) and not occurs(e, others) and not e.shape]
    if all([vanishes(e, {**state.known(), unknown: found.value}) for e in alone]):
        return found
    length = symbol(LENGTH, (), frozenset({"positive"}))
    return found._replace(value=mul(length, found.value), new=(length,))


def plain(equation: Expr) -> Expr:
    """Return an equation of several entries without factors that are never 0: numbers, data, inverses at its ends."""
    while True:
        if equation.shape and equation.op is MUL:
            kept = [f for f in equation.args if f.shape or not _never_zero(f)]
            if len(kept) < len(equation.args):
                equation = mul(*kept)
                continue
        if equation.op is MATMUL and equation.order and equation.args[0].op is INV and len(equation.args) > 1:
            equation = matmul(*equation.args[1:])
            continue
        if equation.op is MATMUL and equation.order == 2 and equation.args[-1].op is INV and len(equation.args) > 1:
            equation = matmul(*equation.args[:-1])
            continue
        return equation


def _never_zero(factor: Expr) -> bool:
    below = factor.op is POW and is_number(factor.args[1]) and factor.args[1].attr < 0
    return below or is_positive(factor) or (is_number(factor) and factor.attr != 0)
