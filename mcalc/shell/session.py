"""A session: the names that statements have made, and one statement at a time run against them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mcalc.api import (
    asks_derivative,
    differentiated,
    judged,
    moved,
    one_side,
    refuse_other_meaning,
    scope_of,
    worked_out,
)
from mcalc.calculus.derive import as_whole
from mcalc.choices import PLAIN, Manner
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, walk
from mcalc.limits import counted
from mcalc.notation import Reading, Scope, read, read_where
from mcalc.notation.pastes.detect import begins_block
from mcalc.notation.statements.asked import wanted_names
from mcalc.operators.abstract import APPLY, MAP
from mcalc.patterns import pattern
from mcalc.results import Expression, echo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.checking.verdict import Verdict
    from mcalc.numeric.verify import Verification
    from mcalc.solving.solution import Solution

ASKING = (
    "solve", "arg", "min", "max", "$", "\\[", "\\begin", "\\underset", "\\arg", "\\min", "\\max", "\\text", "\\oper",
    "\\math",
)  # fmt: skip
"""What a statement begins with that may ask for a solution; whether it does is looked at then."""
_NAMED = pattern(r"[^=]{1,40}=\s*\\?(?:arg|oper|under)")
"""How one begins that gives the solution a name."""
_NAMES = r"[^\W\d]\w*"
_DEFINES = pattern(rf"\s*({_NAMES}(?:\s*,\s*{_NAMES})*)\s*(?:(?:\([^()=]*\)\s*)?:?=(?!=)|[:∈])")
NAMING = ("declaration", "definition", "function")
"""Kinds of statements after which others may mean something else; all others leave the names as they are."""


class Outcome:
    """What came of a statement: its kind, the name it made, the value it has to show, and what is to be said of it.

    `solution` is what a problem came to.
    `expr` is the expression as it was read, with the derivatives in it not worked out; `check` is what a check of its
    derivatives found, where there was one; `verdict` is that on a claim.
    """

    def __init__(self, reading: Reading, text: str, value: Expression | None = None) -> None:
        told = reading if value is None else value
        self.check: Verification | None = None
        self.verdict: Verdict | None = None
        self.solution: Solution | None = None
        self.kind = "derivative" if isinstance(value, Derivative) else reading.kind
        self.input = text.strip()
        self.expr = reading.expr
        self.name = reading.name
        self.value = value
        self.assumed = told.assumed
        self.notes = told.notes if value is not None else echo(reading) + reading.notes
        self.warnings = [] if value is None else value.warnings


class Asks:
    """What a command asks of each statement: to ``minimise``, ``maximise`` or ``solve`` it, for which names.

    An `answer` is held against the solution instead of showing it.
    """

    __slots__ = ("answer", "goal", "over", "subject")

    def __init__(
        self, goal: str | None, over: str | None, subject: Sequence[str] = (), answer: str | None = None
    ) -> None:
        self.answer = answer
        self.goal = goal
        self.over = over
        self.subject = tuple(subject)


class Standing:
    """What a line that begins with an equals sign goes on from: an expression, with the names assumed for it."""

    __slots__ = ("expr", "names")

    def __init__(self, expr: Expr, names: dict[str, Expr]) -> None:
        self.expr = expr
        self.names = names


def _may_ask(text: str) -> bool:
    return text.lstrip().startswith(ASKING) or ("=" in text and _NAMED.match(text) is not None)


class Session:
    """Names, and how results are wanted; `run` executes one statement, whole or not at all.

    With `must_derive`, expressions are differentiated by `wrt` rather than shown as they were read, with `differential`
    it is their differential that is wanted; with `equations`,
    whatever is no definition and has an equals sign in it is a claim. `standing` is what the next line may go on from.

    >>> session = Session()
    >>> for text in ("w, x: R^n", "z = w · x", "∂/∂w z^2"):
    ...     outcome = session.run(text)
    >>> outcome.kind, outcome.value.text
    ('derivative', '2 (w · x) xᵀ')
    """

    def __init__(
        self,
        *,
        wrt: str | None = None,
        order: int = 1,
        manner: Manner = PLAIN,
        must_derive: bool = False,
        differential: bool = False,
        equations: bool = False,
        macros: str | None = None,
        asks: Asks | None = None,
    ) -> None:
        self.asks = asks
        self.equations = equations
        self.standing: Standing | None = None
        self.scope = scope_of(None, macros)
        self.wrt = wrt
        self.order = order
        self.manner = manner
        self.must_derive = must_derive or wrt is not None
        self.differential = differential
        self.missing: set[str] = set()
        """Names whose definitions had a mistake: what follows is not about undeclared ones."""

    def declare(self, where: str) -> None:
        """Take declarations, as they are given with --where."""
        scope = self.scope.copy()
        read_where(where, scope)
        self.scope = scope

    @counted()
    def run(self, text: str, line: int | None = None, *, last: bool = False, notation: str = "auto") -> Outcome:
        """Run one statement; raises :class:`~mcalc.errors.Mistake`, and then leaves the session as it was.

        Where expressions are to be differentiated and this is the `last` one, ``L(w) = ...`` is what is meant: its
        right-hand side is derived, and the name kept. A name whose definition failed is none that may be assumed.
        """
        try:
            return self._run(text, line, last=last, notation=notation)
        except Mistake:
            self.missing |= _defined_in(text)
            raise

    def _run(self, text: str, line: int | None, *, last: bool, notation: str) -> Outcome:
        scope = self.scope.on_line(line)
        if self.asks is not None or (not self.must_derive and not self.equations and _may_ask(text)):
            solved = self._solved(text, scope.copy(), notation)
            if solved is not None:
                if self.missing and solved.solution is not None:
                    self._refuse_missing(solved.solution.reading)
                return solved
        goes_on = self.standing if goes_on_from(text) else None
        if goes_on is None:
            self.standing = None  # also where this statement fails: the next one goes on from it, or from nothing
        inner = scope if goes_on is None else _with_names(scope, goes_on.names)
        before = None if goes_on is None else goes_on.expr
        reading = self._read(text, inner, last=last, notation=notation, before=before)
        if self.must_derive and self.wrt is not None and begins_block(text) and self._is_by_parameters(reading):
            reading = read(text, scope, wrt=self.wrt, value=True, notation=notation)
        if self.missing:
            self._refuse_missing(reading)
        if reading.kind == "empty" and not reading.notes:
            raise Mistake("E-SYNTAX", "empty expression", hint="type a formula, such as d/dx x^2")
        if self.must_derive and reading.kind == "claim" and not asks_derivative(reading):
            reading = one_side(reading, text)
        outcome = Outcome(reading, text, self._value(reading))
        if reading.kind == "claim":
            outcome.verdict = judged(reading, self.manner.layout)
            again = partial(self._read, last=last, notation=notation, before=before)
            refuse_other_meaning(outcome.verdict, text, reading, inner, again, self.manner.layout)
            outcome.notes = [
                note for note in outcome.notes if note in outcome.verdict.notes or note not in reading.notes
            ]
        if goes_on is None:
            self._take(reading)
        stands = reading.sides[-1] if reading.sides else reading.expr
        names = reading.names if goes_on is None else goes_on.names | reading.names
        self.standing = None if stands is None or self.must_derive else Standing(stands, names)
        return outcome

    def _read(self, text: str, scope: Scope, *, last: bool, notation: str, before: Expr | None) -> Reading:
        """Read a statement; where it is no definition, but has an equals sign, what is meant is its right-hand side."""
        wanted = self.wrt or ()
        ways = (True,) if last and self.must_derive else (False, True) if self.must_derive and "=" in text else (False,)
        for value in ways:
            try:
                return read(
                    text, scope, wrt=wanted, value=value, equation=self.equations, notation=notation, before=before
                )
            except Mistake:
                if value is ways[-1]:
                    raise
        raise AssertionError("one of the ways is the last")

    def _solved(self, text: str, scope: Scope, notation: str) -> Outcome | None:
        """Return what a problem comes to; None where a statement that may be one is none."""
        from mcalc.solving.problem_statement import is_problem

        if self.asks is None and (not is_problem(text) or not scope.names().isdisjoint(("min", "max", "solve"))):
            return None
        from mcalc.solving.public import asked, held_against

        self.standing = None
        asks = self.asks or Asks(None, None)
        solution = asked(asks.goal, text, asks.over, asks.subject, scope, notation)
        outcome = Outcome(solution.reading, text)
        outcome.kind, outcome.name, outcome.solution = "solution", None, solution
        outcome.assumed, outcome.notes = solution.assumed, [*solution.said, *solution.notes]
        if asks.answer is not None:
            outcome.verdict, outcome.solution = held_against(solution, asks.answer, notation), None
            return outcome
        outcome.value = solution.value
        outcome.expr = None if outcome.value is None else outcome.value.expr
        return outcome

    def _is_by_parameters(self, reading: Reading) -> bool:
        """Say whether a function was defined whose parameters are what is to be differentiated by."""
        function = reading.scope.functions.get(reading.name or "")
        wanted = {name.full for name in wanted_names(self.wrt or ())}
        return reading.kind == "function" and function is not None and wanted <= {*function.parameters}

    def _take(self, reading: Reading) -> None:
        """Take the names that a statement has made; what makes none leaves the very scope that there was."""
        if reading.kind == "definition" and reading.name is not None and reading.expr is not None:
            reading.expr = reading.scope.definitions[reading.name] = as_whole(reading.expr)
        if reading.kind in NAMING or reading.name or reading.scope.macros != self.scope.macros:
            self.scope = reading.scope
            if self.missing:
                self.missing -= self.scope.names()

    def absorb(self, text: str, line: int | None = None, notation: str = "auto") -> None:
        """Take the names that a statement makes, without working out its value."""
        scope = self.scope.on_line(line)
        try:
            reading = read(text, scope, wrt=self.wrt or (), equation=self.equations, notation=notation)
        except Mistake:
            self.missing |= _defined_in(text)
            raise
        self._take(reading)

    def _refuse_missing(self, reading: Reading) -> None:
        """Refuse to assume what a name is whose definition had a mistake; a declaration gives it a meaning."""
        if reading.kind == "declaration":
            return
        sides = [*reading.sides, *([] if reading.expr is None else [reading.expr])]
        functions = {node.attr.name for node in walk(*sides) if node.op in (APPLY, MAP)}
        assumed = [name for name in (*reading.names, *sorted(functions)) if name != reading.name]
        name = next((name for name in assumed if name in self.missing), None)
        if name is not None:
            said = f"{clip(name)} was to be defined before, and that had a mistake"
            declared = f"{clip(name)}: R^n{' -> R' if name in functions else ''}"
            raise Mistake("E-NAME", said, hint=f"mend its definition, or declare it: {declared}")

    def _value(self, reading: Reading) -> Expression | None:
        if reading.kind == "claim" and self.wrt is not None:
            raise Mistake(
                "E-SYNTAX", "this is an equation, not an expression", hint="mcalc check tells whether it holds"
            )
        if reading.kind not in ("expression", "derivative") or reading.expr is None:
            return None
        if self.differential:
            return moved(reading, self.wrt, self.order)
        asks = self.wrt is None and self.order == 1 and reading.expr.has_kind("derivative")
        if self.must_derive and not asks:
            return differentiated(reading, self.wrt, self.order, self.manner)
        return worked_out(reading, self.manner)


def _defined_in(text: str) -> set[str]:
    """Return the names that a statement would have defined or declared."""
    found = _DEFINES.match(text)
    try:
        return set() if found is None else {name.full for name in wanted_names(found[1])}
    except Mistake:
        return set()  # π is no name, and what is wrong with the statement is told already


def goes_on_from(text: str) -> bool:
    """Say whether a statement goes on from the one before it.

    >>> goes_on_from(" = 2 x"), goes_on_from("y = 2 x")
    (True, False)
    """
    return text.lstrip().startswith("=")


def _with_names(scope: Scope, names: dict[str, Expr]) -> Scope:
    """Return a scope in which the variables that were assumed for the line before are known."""
    inner = scope.copy()
    for name, variable in names.items():
        if name not in inner.names():
            inner.assume(name, variable)
    return inner
