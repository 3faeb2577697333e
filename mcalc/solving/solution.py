"""What a problem comes to, as Python and the shell show it: the solution, how it is found, what it is and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcalc.calculus.basics.orientation import as_columns
from mcalc.choices import LETTERS
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.notation import Reading
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, neg, power
from mcalc.operators.leaves import is_number, symbol, zeros
from mcalc.operators.linear import SIGMA, matmul
from mcalc.render.glyphs import letters as letters_of
from mcalc.render.glyphs import spell_ascii
from mcalc.render.latex_face import LatexFace, face_of
from mcalc.render.latex_text import bundle, formula, sentences
from mcalc.render.steps_latex import equations_latex
from mcalc.render.text import unicode
from mcalc.results import Expression
from mcalc.solving.problem import Problem, kkt_system
from mcalc.solving.proof import MAXIMUM, MINIMUM, SADDLE
from mcalc.solving.solver import Answer, Point, needs, rank_needs

Line = tuple[str, Expr, Expr]

LONGEST = 40
"""A Hessian whose text is longer than this is not written out."""


class Step:
    """One line of how a solution is found: what is done, and the equation that comes of it."""

    __slots__ = ("_face", "_taken", "left", "name", "right")

    def __init__(self, name: str, left: Expr, right: Expr, taken: set[str], face: LatexFace) -> None:
        self._face = face
        self.name = name
        self.left = left
        self.right = right
        self._taken = taken

    @property
    def lhs(self) -> str:
        """The left side in Unicode."""
        return unicode(self.left, self._taken)

    @property
    def rhs(self) -> str:
        """The right side in Unicode."""
        return unicode(self.right, self._taken)

    @property
    def latex(self) -> str:
        """The equation in LaTeX."""
        return equations_latex([(self.left, [self.right])], self._face, self._taken, products=True)

    def __str__(self) -> str:
        return f"{self.lhs} = {self.rhs}"


class Solution:
    """The stationary points of an objective, or what solves an equation, in closed form.

    `solution` maps each name to an expression, or is a list of such where there are several points. `nature` says what
    the point is, and how one knows; `needs` what of the data it needs. `declined` says why there is no closed form,
    and is empty where there is one.

    >>> from mcalc import minimise
    >>> s = minimise("½ ‖X w - y‖²", over="w", where="X: R^{N x n}; y: R^N; w: R^n")
    >>> s.solution["w"].text, s.nature
    ('(Xᵀ X)⁻¹ Xᵀ y', 'minimum of a convex objective: the Hessian Xᵀ X is positive definite')
    >>> s.needs
    ['X has full column rank']
    """

    def __init__(self, answer: Answer, reading: Reading, notes: list[str]) -> None:
        self._answer = answer
        self._reading = reading
        self._taken = reading.scope.names()
        self.declined = answer.declined
        self.letters = LETTERS[0]
        if answer.ridge is not None:
            left, right = answer.ridge
            name = unicode(answer.problem.unknowns[0], self._taken)
            self.declined += f": every {name} with {unicode(left, self._taken)} = {unicode(right, self._taken)}"
        self.assumed: list[str] = list(reading.assumed)
        self.notes = notes
        self.points = answer.points if not answer.declined else []

    # what is asked for ------------------------------------------------------------------------------------------------

    @property
    def solution(self) -> dict[str, Expression] | list[dict[str, Expression]]:
        """The value of each unknown, made of the data alone; a list where there are several points."""
        found = [{self.name_of(u): self._expression(v) for u, v in point.solution.items()} for point in self.points]
        return found[0] if len(found) == 1 else found

    @property
    def value(self) -> Expression | None:
        """The one value that was found, where there is one point and one unknown."""
        values = [value for point in self._all() for value in point.values()] if self.points else []
        return values[0] if len(values) == 1 else None

    @property
    def gradient(self) -> dict[str, Expression]:
        """The gradient of the objective by each unknown; with constraints, that of the Lagrangian."""
        problem = self._answer.problem
        return {self.name_of(u): self._expression(g) for u, g in zip(problem.unknowns, problem.gradients, strict=False)}

    @property
    def nature(self) -> str:
        """What the point is: minimum, maximum, saddle, or not known; and how one knows."""
        return "; ".join(dict.fromkeys([self._nature(point) for point in self.points]))

    @property
    def needs(self) -> list[str]:
        """What of the data the closed form needs, such as that X has full column rank."""
        problem = self._answer.problem
        given = {node for expr in problem.given for node in walk(as_columns(expr))}
        found = [needs(point.solution, given, self.written) for point in self.points]
        return list(dict.fromkeys([text for texts in found for text in texts]))

    @property
    def text(self) -> str:
        """Each unknown with its value, one a line, in the order of finding; later ones name earlier ones.

        Where there are several points of several unknowns, each point has a line.
        """
        return self._lines([{name: value.text for name, value in point.items()} for point in self.told])

    def _lines(self, points: Sequence[Mapping[str, str]]) -> str:
        between = ", " if len(points) > 1 else "\n"
        return "\n".join([between.join([f"{name} = {value}" for name, value in point.items()]) for point in points])

    @property
    def latex(self) -> str:
        """The same in LaTeX, in the style of `letters`."""
        told = [(u, [signs_in(v)]) for point in self.points for u, v in point.told.items()]
        return equations_latex(told, self._face(), self._taken)

    @property
    def told(self) -> list[dict[str, Expression]]:
        """The points as a person writes them: later unknowns have the names of earlier ones in them."""
        return [{self.name_of(u): self._expression(v) for u, v in point.told.items()} for point in self.points]

    @property
    def steps(self) -> list[Step]:
        """How the solution is found, line by line: gradient, set to zero, collect, solve."""
        face = self._face()
        return [Step(name, left, right, self._taken, face) for name, left, right in story(self._answer)]

    @property
    def equation(self) -> str:
        """The equations that were to be solved, one a line."""
        return "\n".join(
            [f"{self.written(e)} = {self.written(zeros(e.shape))}" for e in self._answer.problem.equations]
        )

    @property
    def written_constraints(self) -> str:
        """The constraints in Unicode, each as an expression that is 0."""
        return ", ".join([f"{self.written(c)} = {self.written(zeros(c.shape))}" for c in self.problem.constraints])

    @property
    def reading(self) -> Reading:
        """How the problem was read."""
        return self._reading

    @property
    def said(self) -> list[str]:
        """What is to be said of it, a sentence each: what the point is, and what it needs."""
        return [*[self.nature] * bool(self.nature), *[f"needs: {'; '.join(self.needs)}"] * bool(self.needs)]

    @property
    def ascii(self) -> str:
        """The text in ASCII."""
        return self._lines([{spell_ascii(name): value.ascii for name, value in point.items()} for point in self.told])

    @property
    def problem(self) -> Problem:
        """What was to be solved."""
        return self._answer.problem

    # in parts ---------------------------------------------------------------------------------------------------------

    def written(self, part: Expr) -> str:
        """Return a part of it in Unicode, as a note has it."""
        return unicode(part, self._taken, brief=True)

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        points = [{name: value.record() for name, value in point.items()} for point in self._all()]
        return {
            "solution": points[0] if len(points) == 1 else points,
            "nature": self.nature,
            "needs": self.needs,
            "declined": self.declined,
            "gradient": {name: value.text for name, value in self.gradient.items()},
            "text": self.text,
            "latex": self.latex if self.points else "",
        }

    def to(self, target: str = "numpy") -> str:
        """Return the source of plain functions, one for each unknown, in which systems are solved, never inverted.

        Raises :class:`~mcalc.errors.Mistake` where there is no closed form, or the target lacks what it needs.
        """
        from mcalc.solving.solution_code import source

        return source(self, target)

    def _all(self) -> list[dict[str, Expression]]:
        found = self.solution
        return found if isinstance(found, list) else [found]

    def _face(self) -> LatexFace:
        return face_of(letters_of(self.letters, self._reading.scope.fonts))

    def name_of(self, unknown: Expr) -> str:
        """Return the name of an unknown as it is printed."""
        return unicode(unknown, self._taken)

    def _expression(self, expr: Expr) -> Expression:
        return Expression(signs_in(expr), self._reading)

    def _nature(self, point: Point) -> str:
        problem = self._answer.problem
        if problem.objective is None:
            return ""
        if not point.nature:
            return "not known: it depends on the data"
        if point.sure and point.hessian is not None:
            word = "positive" if point.nature == MINIMUM else "negative"
            strict = not point.flat or self._made_definite(point)
            weak = "negative" if point.nature == MINIMUM else "positive"
            what = word if strict else f"not {weak}"
            if point.hessian.shape:
                what = f"{word} {'definite' if strict else 'semidefinite'}"
            name = "Hessian" if point.hessian.shape else "second derivative"
            shape = "convex" if point.nature == MINIMUM else "concave"
            return f"{point.nature} of a {shape} objective: the {name}{self._short(point.hessian)} is {what}"
        flat = ", flat in some directions" if point.flat else ""
        assert point.nature in (MINIMUM, MAXIMUM, SADDLE)
        return f"{'saddle point' if point.nature == SADDLE else point.nature}{flat}: {point.why}"

    def _made_definite(self, point: Point) -> bool:
        """Say whether the needs make a semidefinite Hessian definite: Xᵀ X with X of full column rank."""
        wanted = rank_needs(point.hessian, self.written) if point.hessian is not None else []
        return bool(wanted) and all([need in self.needs for need in wanted])

    def _short(self, expr: Expr) -> str:
        text = self.written(expr)
        return f" {text}" if len(text) <= LONGEST else ""

    def __str__(self) -> str:
        return self.declined or self.text

    def __repr__(self) -> str:
        return f"<Solution {self}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the solution, and what kind of point it is and what it needs below it."""
        words = [*([f"assumed: {'; '.join(self.assumed)}"] if self.assumed else []), *self.said, *self.notes]
        plain = "\n".join([str(self), *[f"  {line}" for line in words]])
        return bundle(plain, formula(self.latex, words) if self.points else sentences([self.declined, *words]))


def signs_in(expr: Expr) -> Expr:
    """Return an expression with the minus signs before sums over an index taken into the differences in them."""
    return rebuild(expr, _signed)


def _signed(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    if node.op is not MUL or not is_number(args[0]) or args[0].attr >= 0:
        return None
    for place, factor in enumerate(args):
        if factor.op is POW and factor.args[0].op is ADD and is_number(factor.args[1], -1):
            turned = _turned(factor.args[0])
            if turned is not None:
                return mul(neg(args[0]), *args[1:place], power(turned, factor.args[1]), *args[place + 1 :])
        if factor.op is SIGMA:
            turned = _turned(factor.args[1])
            if turned is not None:
                sum_of = make(SIGMA, (factor.args[0], turned))
                return mul(neg(args[0]), *args[1:place], sum_of, *args[place + 1 :])
    return None


def _turned(body: Expr) -> Expr | None:
    """Return the negative of a body where that is as short: a difference the other way round, in one factor."""
    if body.op is ADD:
        negatives = sum([part.op is MUL and is_number(part.args[0]) and part.args[0].attr < 0 for part in body.args])
        if not negatives:
            return None
        parts = [neg(part) for part in body.args]
        return add(
            *sorted(parts, key=lambda part: part.op is MUL and is_number(part.args[0]) and part.args[0].attr < 0)
        )
    if body.op is MUL:
        if is_number(body.args[0]) and body.args[0].attr < 0:
            return neg(body)
        for place, factor in enumerate(body.args):
            turned = _turned(factor) if factor.op is ADD else None
            if turned is not None:
                return mul(*body.args[:place], turned, *body.args[place + 1 :])
    return None


WAYS = {
    "A W = C": "multiply by the inverse from the left",
    "W B = C": "multiply by the inverse from the right",
    "A W B = C": "multiply by the inverses from both sides",
    "A W + W B = C": "this is Sylvester's equation",
    "K vec(W) = vec(C)": "solve it between vecs",
    "A x = λ x": "an eigenvector solves it",
    "A x = λ B x": "a generalised eigenvector solves it",
    "A W = B W Λ": "eigenvectors side by side solve it",
}
"""How each form of equation is solved, in words."""


def story(answer: Answer) -> list[Line]:
    """Return the lines of a derivation: what is done, and the two sides of the equation that comes of it."""
    problem = answer.problem
    lines: list[Line] = []
    if problem.multipliers and problem.lagrangian is not None:
        lines.append(("the Lagrangian", symbol("L"), problem.lagrangian))
    for unknown, gradient in zip(problem.unknowns, problem.gradients, strict=False):
        lines.append((f"set the gradient by {unknown.attr[0]} to zero", gradient, zeros(gradient.shape)))
    word = "the constraint" if problem.objective is not None else "the equation"
    lines += [(word, constraint, zeros(constraint.shape)) for constraint in problem.constraints]
    together = kkt_system(problem) if problem.objective is not None else None
    if together is not None:
        lines.append(("together, one linear system", matmul(together.matrix, together.unknowns), together.right))
    for place, point in enumerate(answer.points):
        many = f" ({place + 1})" if len(answer.points) > 1 else ""
        lines += [(name + many, left, right) for name, left, right in _solved(point)]
    return lines


def _solved(point: Point) -> list[Line]:
    """Return the lines in which one unknown after the other is found, and what the last of them make of the first."""
    lines: list[Line] = []
    for step in point.state.steps:
        found = step.found
        if found.equation is not None:
            lines.append((f"collect the terms of {step.unknown.attr[0]}", *found.equation))
        default = "multiply by the inverse" if step.unknown.shape else f"solve for {step.unknown.attr[0]}"
        lines.append((WAYS.get(found.how, found.how) or default, step.unknown, found.value))
    values = {step.unknown: step.found.value for step in point.state.steps}
    for unknown, value in point.told.items():
        if values.get(unknown) is not value:
            lines.append(("put in what is known", unknown, value))
    return lines
