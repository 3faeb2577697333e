"""What Python and the shell call: `minimise`, `maximise` and `solve`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from mcalc.api import judged, read_value, scope_of
from mcalc.calculus.derive import resolve
from mcalc.checking.page_parts import parted
from mcalc.checking.verdict import Verdict
from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, Span
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.limits import counted
from mcalc.notation import Reading, Scope, assumed_text, read, read_variables
from mcalc.notation.pastes.detect import notation_of
from mcalc.notation.surface.words import plain_name
from mcalc.operators.arithmetic import CONDITIONS, GT, add, mul, neg, power
from mcalc.operators.leaves import SYMBOL, is_number, is_zero, number, symbol, symbols_in, to_dim, unit
from mcalc.operators.linear import DOT, SIGMA
from mcalc.operators.matrix import NORM
from mcalc.results import echo
from mcalc.solving.problem import EQUATION, MAXIMISE, MINIMISE, STATIONARY, Problem, is_likelihood, logarithm, opened
from mcalc.solving.problem_statement import SOLVE, Cut, cut, equations_of, is_problem, no_names
from mcalc.solving.solution import Solution
from mcalc.solving.solver import solve as solved
from mcalc.solving.tidy import put, tidy

if TYPE_CHECKING:
    Names = str | Sequence[str] | None

COORDINATES = frozenset("xyz")
"""What is sought where nothing else stands in an objective."""
ALONE = re.compile(r"\\?[^\W\d_⁰-⁹²³¹ᵀ]+(?:_\w+)?")
"""A name that stands alone on one side of an equation."""
DECORATED = re.compile(
    r"[^\W\d_]\s*(?:\^?\{?[*⋆]\}?|[\u0302\u0304])|[ŵŷẑâêîôûŝĉ]|\\(?:wide)?(?:hat|bar)\s*\{?\s*\\?\w+\s*\}?"
)
"""A name with a star or a hat, as a solution has it."""


@counted()
def minimise(
    objective: str, over: Names = None, subject: str | Sequence[str] | None = None, where: str | None = None,
    notation: str = "auto",
) -> Solution:  # fmt: skip
    """Return where an objective is least, in closed form.

    `over` are the names that are not known, `subject` equations that they satisfy, and `where` declares shapes.
    Raises :class:`~mcalc.errors.Mistake` for what cannot be read.

    >>> minimise("‖x - z‖²", over="x", subject="sum(x) = 1", where="x, z: R^n").solution["x"].text
    'z + (1 - sum(z)) / n'
    """
    return _optimised(MINIMISE, objective, over, subject, scope_of(where), notation)


@counted()
def maximise(
    objective: str, over: Names = None, subject: str | Sequence[str] | None = None, where: str | None = None,
    notation: str = "auto",
) -> Solution:  # fmt: skip
    """Return where an objective is greatest, in closed form; the rest as in :func:`minimise`.

    >>> maximise("N ln(λ) - λ sum(x)", over="λ", where="x: R^N > 0; λ: R > 0").solution["λ"].text
    'N / sum(x)'
    """
    return _optimised(MAXIMISE, objective, over, subject, scope_of(where), notation)


@counted()
def solve(statement: str, over: Names = None, where: str | None = None, notation: str = "auto") -> Solution:
    """Return what solves a statement: an equation, a gradient that is to be 0, or a whole problem (``min_w ...``).

    >>> solve("A X + X B = C", over="X", where="A: R^{m x m}; B: R^{n x n}; X, C: R^{m x n}").solution["X"].text
    'sylvester(A, B, C)'
    """
    return of_statement(statement, over, scope_of(where), notation)


def asked(
    goal: str | None, text: str, over: Names, subject: Sequence[str], scope: Scope, notation: str = "auto"
) -> Solution:
    """Return what a text comes to that is read against a scope: `goal` is None where the text itself says it."""
    if goal in (MINIMISE, MAXIMISE):
        return _optimised(goal, text, over, subject, scope, notation)
    return of_statement(text, over, scope, notation)


def held_against(solution: Solution, answer: str, notation: str = "auto") -> Verdict:
    """Return whether an answer, such as ``w = inv(X^T X) X^T y``, is the solution that was found.

    Where there are several points or unknowns, it has to give all of them: x = 2, x = -2.
    Raises :class:`~mcalc.errors.Mistake` where there is no closed form.
    """
    value = solution.value
    if solution.declined:
        raise Mistake("E-CLOSED", solution.declined)
    known = _with_names(solution.reading)
    for node in symbols_in(*[one for point in solution.points for one in point.solution.values()]):
        if node.attr[0] in known.variables:
            known.variables[node.attr[0]] = node  # of A x = b the solution says that A is square
    if value is None:
        return _held_against_all(solution, answer, known, notation)
    *before, text = answer.split("=")
    reading = read_value(text, known, notation=notation_of(text, answer, notation))
    assert reading.expr is not None
    left = before[0].strip() if before else ""
    _claim(reading, [value.expr, reading.expr])
    if left and not _is_label(left, known.names()):
        readings = [read_value(side, known, notation=notation_of(side, answer, notation)) for side in before]
        sides = [one.expr for one in [*readings, reading] if one.expr is not None]
        [(unknown, found)] = solution.points[0].solution.items()
        told = [unknown in symbols_in(side) for side in sides]
        if not any(told) or (all(told) and judged(_claim(reading, sides), asking=False)):
            raise Mistake("E-SYNTAX", f"this says nothing of {unknown.attr[0]}", hint=f"{unknown.attr[0]} = ...")
        _claim(reading, [put(side, {unknown: found}) for side in sides])
    return judged(reading)


def _held_against_all(solution: Solution, answer: str, known: Scope, notation: str) -> Verdict:
    """Return whether an answer gives all points that were found and no other, each with all of its unknowns."""
    found = [{u: put(v, point.solution) for u, v in point.solution.items()} for point in solution.points]
    unknowns = {solution.name_of(u): u for u in found[0]}
    missing = list(found)
    given: dict[Expr, Expr] = {}
    verdict = Verdict("equal", "", answer, "values")
    lines = list(parted(1, answer, ""))
    for place, line in enumerate(lines):
        name, _, text = line.text.partition("=")
        unknown = unknowns.get(plain_name(name.strip()))
        if unknown is None:
            raise Mistake(
                "E-SYNTAX", f"this says nothing of {' and '.join(unknowns)}", hint=f"{next(iter(unknowns))} = ..."
            )
        reading = read_value(text, known, notation=notation_of(text, answer, notation))
        assert reading.expr is not None
        given[unknown] = reading.expr
        after = lines[place + 1].text.partition("=")[0] if place + 1 < len(lines) else ""
        if after and unknowns.get(plain_name(after.strip())) not in given:
            continue
        met = [p for p in found if all([judged(_claim(reading, [p[u], v])) for u, v in given.items()])]
        if not met:
            said = ", ".join([f"{solution.name_of(u)} = {solution.written(v)}" for u, v in given.items()])
            verdict = Verdict("not-equal", "", answer, "values")
            verdict.details = [f"{said} is no solution that was found"]
            return verdict
        missing = [p for p in missing if p not in met or given.keys() != p.keys()]
        given = {}
    if missing:
        said = ", ".join([f"{solution.name_of(u)} = {solution.written(v)}" for u, v in missing[0].items()])
        verdict = Verdict("not-equal", "", answer, "values")
        verdict.headline = f"right, but {said} is missing"
    return verdict


def _claim(reading: Reading, sides: list[Expr]) -> Reading:
    reading.kind, reading.sides = "claim", sides
    return reading


def _is_label(left: str, known: Collection[str]) -> bool:
    """Say whether what stands left of an answer is a name for it alone: ŵ, w*, w_opt."""
    if DECORATED.fullmatch(left) is not None:
        return True
    return ALONE.fullmatch(left) is not None and plain_name(left) not in known


def of_statement(statement: str, over: Names, scope: Scope, notation: str = "auto") -> Solution:
    """Return what solves a statement that is read against a scope."""
    pieces = cut(statement)
    if pieces.goal == SOLVE:
        return _equations(statement, pieces, over, scope, notation)
    return _optimised(pieces.goal, statement, over, None, scope, notation)


def _listed(names: Names) -> list[str]:
    if names is None:
        return []
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


# an objective ----------------------------------------------------------------------------------------------------


def _optimised(
    goal: str, text: str, over: Names, subject: str | Sequence[str] | None, scope: Scope, notation: str
) -> Solution:
    pieces = cut(text, goal)
    body, constraints = pieces.body, pieces.constraints
    names = _listed(over) or pieces.names
    notes: list[str] = []
    if not names:
        alone = read_value(body, scope, None, notation_of(body, text, notation))
        names = _only_name(alone) or [name for name in alone.names if COORDINATES.issuperset(alone.names)]
        if len(names) > 1:
            notes.append(f"{', '.join(names[:-1])} and {names[-1]} are what is sought: --over says it otherwise")
        if not names:
            raise no_names(text, [*alone.names], objective=not is_problem(text))
    constraints = [*constraints, *([subject] if isinstance(subject, str) else subject or [])]
    reading = read_value(body, scope, names, notation_of(body, text, notation))
    if reading.doubt is not None:
        raise reading.doubt[0]
    reading.notes += notes
    unknowns = _unknowns(names, reading)
    known = _with_names(reading)
    equalities: list[Expr] = []
    limits: list[tuple[Expr, str]] = []
    positive: dict[Expr, Expr] = {}
    for constraint in constraints:
        inner = _read_equation(constraint, known, names, notation_of(constraint, text, notation))
        if inner.kind == "declaration":
            continue
        known = _with_names(inner, known)
        _take_in(reading, inner)
        if inner.kind == "claim" and len(inner.sides) == 2:
            equalities.append(_for_every(_difference(*inner.sides)))
        elif inner.expr is not None and inner.expr.op in CONDITIONS:
            above = _above_zero(inner.expr)
            if above is None or above in unknowns:
                limits.append((inner.expr, constraint))
            else:
                positive[above] = symbol(above.attr[0], above.shape, above.attr[2] | {"positive"})
        else:
            raise Mistake("E-SYNTAX", "a constraint is an equation", [Span(0, len(constraint))], "A x = b", constraint)
    assert reading.expr is not None
    objective = resolve(reading.expr)
    if objective.shape:
        raise Mistake(
            "E-SHAPE",
            f"only a scalar has a least value, and this is a {shape_text(objective.shape)}",
            [Span(0, len(body))],
            "write a norm or a sum of its entries",
            body,
        )
    if positive:
        objective, *equalities = [put(expr, positive) for expr in (objective, *equalities)]
        reading.symbols = [positive.get(s, s) for s in reading.symbols]
    objective = opened(objective)
    if is_likelihood(objective, unknowns):
        reading.notes.append("its logarithm is taken, which is greatest and least where it is")
        objective = logarithm(objective)
    return _made(Problem(goal, objective, unknowns, equalities), reading, limits)


def _read_equation(text: str, scope: Scope, names: Sequence[str], notation: str) -> Reading:
    """Read an equation; a name that stands alone on one side, and that nothing declares, has the shape of the other."""
    sides = text.split("=")
    if len(sides) == 2:
        for one, other in (sides, sides[::-1]):
            name = one.strip()
            if not ALONE.fullmatch(name) or plain_name(name) in {*scope.names(), *map(plain_name, names), "I"}:
                continue
            alone = _read_alone(other, scope, names, notation)
            if alone is not None and alone.expr is not None and not alone.expr.is_row:
                known = _with_names(alone, scope)
                variable = symbol(plain_name(name), alone.expr.shape)
                known.assume(plain_name(name), variable)
                reading = read(text, known, wrt=names, equation=True, notation=notation)
                reading.assumed = list(dict.fromkeys([*alone.assumed, *assumed_text([variable])]))
                return reading
    return read(text, scope, wrt=names, equation=True, notation=notation)


def _read_alone(text: str, scope: Scope, names: Sequence[str], notation: str) -> Reading | None:
    """Return the reading of one side of an equation, or None where it cannot be read alone."""
    try:
        reading = read_value(text.strip(), scope, names, notation)
    except Mistake:
        return None
    return reading if reading.doubt is None else None


def _above_zero(condition: Expr) -> Expr | None:
    """Return the variable that a condition says to be positive: λ > 0."""
    left, *right = condition.args
    named = condition.op is GT and left.op.name == "symbol" and not left.args and len(right) == 1
    return left if named and is_zero(right[0]) else None


def _with_names(reading: Reading, scope: Scope | None = None) -> Scope:
    """Return a scope in which the names of a statement are known as it reads them."""
    known = (scope or reading.scope).copy()
    for name, variable in reading.names.items():
        if variable.op.name == "symbol" and name not in known.names():
            known.assume(name, variable)
    return known


def _take_in(reading: Reading, other: Reading) -> None:
    """Add to a reading what was assumed and is to be noted of another."""
    reading.assumed = list(dict.fromkeys([*reading.assumed, *other.assumed]))
    reading.symbols = list(dict.fromkeys([*reading.symbols, *other.symbols]))
    reading.notes += [note for note in other.notes if note not in reading.notes]


def _unknowns(names: Sequence[str], reading: Reading) -> list[Expr]:
    found = read_variables(list(names), reading.scope, reading)
    for unknown in found:
        if unknown.op.name != "symbol" or unknown.args:
            raise Mistake("E-USAGE", "solve for whole variables", hint="name a vector, a matrix or a number")
    return found


def _for_every(constraint: Expr) -> Expr:
    """Return a constraint for every i, such as Σ_j P_ij = 1, as one of a vector: P 1⃗ = 1⃗."""
    if constraint.shape or len(constraint.free) != 1:
        return constraint
    [index] = constraint.free
    dim = to_dim(index.args[1])
    if dim is None or not is_number(index.args[0], 1):
        return constraint
    return tidy(make(SIGMA, (index, mul(constraint, unit(index, dim)))))


def _difference(left: Expr, right: Expr) -> Expr:
    """Return left - right; a 0 on one side has any shape; of ‖x‖ = r the squares are compared."""
    if is_zero(right):
        return left
    if is_zero(left):
        return right
    for one, other in ((left, right), (right, left)):
        if one.op is NORM and not other.has(NORM):
            return add(make(DOT, one.args * 2), neg(power(other, number(2))))
    if left.order == right.order == 1 and left.is_row != right.is_row:
        raise Mistake("E-SHAPE", "a row is not equal to a column", hint="transpose one side: xᵀ")
    if left.shape and right.shape and left.shape != right.shape:
        raise Mistake(
            "E-SHAPE", f"the sides are a {shape_text(left.shape)} and a {shape_text(right.shape)}",
            hint="both sides of an equation have one shape",
        )  # fmt: skip
    return add(left, neg(right))


def _only_name(reading: Reading) -> list[str]:
    """Return the one name of a statement that says nothing else; of several none is chosen."""
    sides = reading.sides or ([reading.expr] if reading.expr is not None else [])
    named = [node.attr[0] for side in sides for node in walk(side) if node.op is SYMBOL]
    return list(dict.fromkeys(named)) if len({*named}) == 1 else []


# equations -------------------------------------------------------------------------------------------------------


def _equations(text: str, pieces: Cut, over: Names, scope: Scope, notation: str) -> Solution:
    names = _listed(over) or pieces.names
    readings: list[Reading] = []
    known = scope
    for equation in equations_of(pieces.body):
        reading = _read_equation(equation, known, names, notation_of(equation, text, notation))
        if reading.doubt is not None:
            raise reading.doubt[0]
        if reading.kind != "claim" or len(reading.sides) != 2:
            raise Mistake("E-SYNTAX", "there is no equation to solve", [Span(0, len(text))],
                          'mcalc solve "A x = b" --for x; mcalc min "..." --over x', text)  # fmt: skip
        known = _with_names(reading, known)
        readings.append(reading)
    first = readings[0]
    for other in readings[1:]:
        _take_in(first, other)
        first.names = {**first.names, **other.names}
    asked = [_gradient_of(reading.sides) for reading in readings]
    by = list(dict.fromkeys([variable for one in asked if one is not None for variable in one[1]]))
    bodies = {one[0] for one in asked if one is not None}
    if all([one is not None for one in asked]) and len(bodies) == 1:
        body = resolve(bodies.pop())
        if not body.shape:
            unknowns = _unknowns(names, first) if names else by
            return _made(Problem(STATIONARY, body, unknowns), first, [])
    by = by or list(
        dict.fromkeys([v for reading in readings for side in reading.sides for v in _differentiated_by(side)])
    )
    names = names or ([] if by else _only_name(first))
    if not names and not by and len(readings) > 1:  # as many equations as numbers
        alone = {node.attr[0]: node for reading in readings for node in symbols_in(*reading.sides)}
        every = first.names | {name: node for name, node in alone.items() if name not in scope.names()}
        scalars = [name for name, variable in every.items() if not variable.shape]
        names = scalars if len(scalars) == len(every) == len(readings) else []
    if not names and not by:
        raise no_names(text, [node.attr[0] for node in symbols_in(*first.sides)])
    unknowns = _unknowns(names, first) if names else by
    equations = [_difference(*_resolved(reading.sides)) for reading in readings]
    if len(equations) == len(unknowns) == 1:
        equations, unknowns = _square(equations[0], unknowns[0], first, scope)
    return _made(Problem(EQUATION, None, unknowns, equations), first, [])


def _square(equation: Expr, unknown: Expr, reading: Reading, scope: Scope) -> tuple[list[Expr], list[Expr]]:
    """Make a system of assumed sizes square: A x = b, where nothing is said of A, has one equation for each unknown.

    Raises :class:`~mcalc.errors.Mistake` where the sizes are declared and differ.
    """
    if equation.order != unknown.order or equation.shape == unknown.shape:
        return [equation], [unknown]
    fixed = {dim for variable in scope.variables.values() for dim in variable.shape}
    swap = {one: other for one, other in zip(equation.shape, unknown.shape, strict=True) if one is not other}
    free = all([one.value is None and len(one.terms) == 1 and one not in fixed for one in swap])
    if not free or unknown.order > 1:
        raise Mistake(
            "E-SHAPE",
            f"a {shape_text(equation.shape)} is to be 0 and a {shape_text(unknown.shape)} is sought: sizes differ",
            hint=f'the least squares solution: mcalc min "‖left - right‖²" --over {unknown.attr[0]}',
        )
    named = {one.names[0]: other for one, other in swap.items()}
    made = rebuild(equation, lambda node, args: _resized(node, named))
    reading.symbols = [_resized(s, named) or s for s in reading.symbols]
    reading.assumed = assumed_text([s for s in reading.symbols if s.op.name == "symbol"])
    return [made], [unknown]


def _resized(node: Expr, named: dict[str, Dim]) -> Expr | None:
    """Return a variable with other sizes."""
    if node.op.name != "symbol" or node.args:
        return None
    name, shape, properties = node.attr
    return symbol(name, tuple([dim.substitute(named) for dim in shape]), properties)


def _differentiated_by(side: Expr) -> list[Expr]:
    """Return the variables that a side differentiates by, where it is a derivative."""
    return [v for v in side.args[1:] if v.op.name == "symbol"] if side.op.name == "derivative" else []


def _resolved(sides: Sequence[Expr]) -> list[Expr]:
    """Return the sides with their derivatives worked out, as rows where another side is a row, else as columns."""
    rows = any([side.is_row and not _differentiated_by(side) for side in sides])
    return [resolve(side, layout="numerator" if rows else "denominator") for side in sides]


def _gradient_of(sides: Sequence[Expr]) -> tuple[Expr, tuple[Expr, ...]] | None:
    """Return the function and the variables of a derivative that an equation sets to 0."""
    for one, other in (tuple(sides), tuple(sides)[::-1]):
        whole = _differentiated_by(one)
        if whole and is_zero(other):
            return one.args[0], tuple(whole)
    return None


def _made(problem: Problem, reading: Reading, limits: list[tuple[Expr, str]]) -> Solution:
    """Solve a problem, and hold inequalities against what is found without them."""
    present = {node for expr in problem.given for node in walk(expr)}
    for unknown in problem.unknowns:
        if unknown not in present:
            raise Mistake("E-NAME", f"{unknown.attr[0]} does not occur in it", hint="name what is not known")
    elsewhere = tuple([f"{unknown.attr[0]} does not occur in the expression" for unknown in problem.unknowns])
    notes = [n for n in echo(reading) + reading.notes if "derivative" not in n and not n.startswith(elsewhere)]
    return Solution(solved(problem, limits), reading, notes)
