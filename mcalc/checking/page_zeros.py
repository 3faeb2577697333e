"""What a page sets to 0, and what its later lines make of that: solutions, and equations that say the same.

A solution is put into every condition. One that leaves other unknowns open waits for the lines that give these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from mcalc.calculus.derive import resolve, simplified
from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.by_value import Factor, Trial
from mcalc.checking.claims import HOLDS
from mcalc.checking.equality import compare
from mcalc.checking.page_names import Known
from mcalc.checking.page_parts import PageLine
from mcalc.checking.page_verdicts import Judged
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import Draws
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.arithmetic import POW, add, mul, neg, power
from mcalc.operators.leaves import SYMBOL, is_number, is_zero, number, symbols_in, zeros

LONG = 60
"""What is left of a condition is shown if it is shorter than this."""
MET, LEFT_OPEN, BROKEN = "met", "left open", "broken"
CLOSE, APART = 1e-6, 1e-3
TRIES, ENOUGH, STEPS = 12, 5, 40
NOT_JUDGED = "whether this follows from what is set to 0 is not judged"
ALONE = 'write the equation alone: mcalc solve "..." --answer "..."'


class Condition(NamedTuple):
    """What a line sets to 0, and what is to be found from it: what it was differentiated by, or a later line gives.

    It may be an equation, or a first derivative.
    """

    zero: Expr
    unknowns: frozenset[Expr]
    line: int
    is_equation: bool
    is_slope: bool


class Zeros:
    """The conditions of a page, and the solutions that its lines give.

    `compared` judges two sides; `solver` says which later lines give some names. `values` are the solutions so
    far, `waiting` the lines whose condition still has another unknown in it, each with the name that it gives and its
    value; what was assumed is added to `notes`.
    """

    def __init__(
        self,
        known: Known,
        compared: Callable[[Expr, Expr], Verdict],
        solver: Callable[[PageLine, Collection[str]], Mapping[str, PageLine]],
        notes: list[str],
    ) -> None:
        self.known = known
        self.compared = compared
        self.solver = solver
        self.notes = notes
        self.conditions: list[Condition] = []
        self.values: dict[Expr, Expr] = {}
        self.waiting: list[tuple[Judged, Expr, Expr]] = []

    def take(
        self, zero: Expr, unknowns: Collection[Expr], line: int, *, is_equation: bool = False, is_slope: bool = False
    ) -> None:
        """Take in that a line sets something to 0, a derivative by some `unknowns`, or an equation for them.

        It takes the place of a derivative by the same, and of conditions that are solved.
        """
        solved = {*self.values} - {name for _, name, _ in self.waiting}
        new = Condition(self.known.names.expanded(zero), frozenset(symbols_in(*unknowns)), line, is_equation, is_slope)
        again = [one for one in self.conditions if one.unknowns <= solved and one.unknowns & new.unknowns]
        again += [o for o in self.conditions if o.unknowns == new.unknowns and not (o.is_equation or is_equation)]
        self.conditions = [*[one for one in self.conditions if one not in again], new]
        for name in {node for one in [*again, new] for node in symbols_in(one.zero)}:
            if new.unknowns.isdisjoint(symbols_in(self.values.get(name, name))) or name in new.unknowns:
                self.values.pop(name, None)  # w = λ a stays where w·a = 1 gives λ

    def settle(self, one: Judged, name: str, left: Expr, right: Expr) -> bool:
        """Judge what a line makes of the conditions, if it does; `name` is what stands alone on its left, or "".

        Raises:
            Mistake: `E-UNSUPPORTED`, where an equation is no multiple of a condition.
        """
        left, right = self.known.names.expanded(left), self.known.names.expanded(right)
        inside = {node.attr[0]: node for condition in self.conditions for node in symbols_in(condition.zero)}
        if inside.keys().isdisjoint([node.attr[0] for node in symbols_in(left, right)]):
            return False
        unknown = inside.get(name)
        sought = self._unknowns()
        if unknown is not None and unknown not in symbols_in(right):
            if unknown in sought:
                self._settle_solution(one, unknown, right)
                return True
            if sought.isdisjoint(symbols_in(right)):  # the value of a parameter
                self.values[unknown] = right
                return False
        if sought.isdisjoint(symbols_in(left, right)) or self.compared(left, right):
            return False
        rest = left if is_zero(right) else add(left, neg(right))
        for condition in self.conditions:
            if is_multiple(condition.zero, rest) or self._state(condition, self.values, rest) == MET:
                one.verdict = Verdict("equal", self.known.text(left), self.known.text(right), "values")
                one.verdict.headline = f"equal, where line {condition.line} is zero"
                return True
        if not one.line.follows and (self._is_held(one.line, rest) or self.takes_equation(one.line, left, right)):
            return True
        if left.op is POW and left.args[0] in sought - {*symbols_in(right)} and is_number(left.args[1]):
            root = power(right, number(1 / Fraction(left.args[1].attr)))
            values = [{**self.values, left.args[0]: value} for value in (root, neg(root))]
            broken = [c for c in self.conditions if all([self._state(c, each) == BROKEN for each in values])]
            if broken:
                self._refute(one, broken[0], values[0], left.args[0])
                return True
        if not one.line.follows and self._is_of_the_same(one, left, rest):
            return True
        raise Mistake("E-UNSUPPORTED", NOT_JUDGED, hint=ALONE)

    def _is_of_the_same(self, one: Judged, left: Expr, rest: Expr) -> bool:
        """Judge by value an equation that has all the names of one condition and no other, and so rearranges it."""
        for condition in self.conditions:
            zero, said = self._put(condition.zero, self.values), self._put(rest, self.values)
            unknowns = condition.unknowns - self.values.keys()
            names_other = left.op is SYMBOL and left not in unknowns  # λ = xᵀ A x, which xᵀ x = 1 may give
            same = (
                {*symbols_in(zero)} == {*symbols_in(said)} > unknowns and zero.shape == said.shape and not names_other
            )
            state = where_zero(zero, said, *unknowns) if len(unknowns) == 1 and same else ""
            if state == MET or (state == BROKEN and not _is_another_slope(zero, said, *unknowns)):
                one.verdict = Verdict("equal" if state == MET else "not-equal", self.known.text(left), "", "values")
                told = f"where line {condition.line} is zero"
                one.verdict.headline = f"equal, {told}" if state == MET else f"not equal {told}"
                return True
        return False

    def takes_equation(self, line: PageLine, left: Expr, right: Expr) -> bool:
        """Take in a line that does not hold for all values as an equation, if later lines give what is in it.

        There are no more equations than unknowns: another one would have to follow. A multiplier, which stands in
        conditions and is given later, is one of them.
        """
        solved = {*self.values} - {name for _, name, _ in self.waiting}
        waiting = [one for one in self.conditions if not one.unknowns <= solved]
        found = symbols_in(left, right, *[self._put(side, self.values) for side in (left, right)])
        own = {node.attr[0]: node for node in found if node not in self.known.names.forms}
        inside = own | {node.attr[0]: node for one in waiting for node in symbols_in(one.zero)}
        given = self.solver(line, inside.keys())
        unknowns = {inside[name] for name in given}
        if own.keys().isdisjoint(given) or len(waiting) >= len(unknowns.union(*[one.unknowns for one in waiting])):
            return False
        self.take(add(left, neg(right)), unknowns, line.number, is_equation=True)
        first = min([one for name, one in given.items() if name in own], key=lambda one: one.number)
        self.notes.append(f"line {line.number} is taken for an equation that line {first.number} solves")
        return True

    def _is_held(self, line: PageLine, rest: Expr) -> bool:
        """Take in a line as the constraint whose multiplier stands in the gradients that are set to 0, if it is that.

        The derivative of each gradient by the multiplier is that of the constraint, or minus that.
        """
        gradients = [one for one in self.conditions if len(one.unknowns) == 1 and not one.is_equation]
        free = {node for one in gradients for node in symbols_in(one.zero)} - self._unknowns() - {*symbols_in(rest)}
        for name in sorted(free, key=lambda node: str(node.attr[0])):
            if rest.shape or name.shape:
                continue
            by_name = [resolve(make(DERIVATIVE, (one.zero, name))) for one in gradients]
            own = [resolve(make(DERIVATIVE, (rest, *one.unknowns))) for one in gradients]
            for turned in (own, [neg(slope) for slope in own]):
                if all([self.compared(a, b) for a, b in zip(by_name, turned, strict=True)]):
                    self.take(rest, {name}, line.number, is_equation=True)
                    self.notes.append(f"line {line.number} is taken for the constraint of {name.attr[0]}")
                    return True
        return False

    def takes_constraint(self, line: PageLine, left: Expr, right: Expr) -> bool:
        """Take in that what is made of several numbers is a number, x + y = 10."""
        free = symbols_in(left)
        named = any([node.shape or node in self.known.names.forms for node in free])
        if len(free) < 2 or not is_number(right) or named:
            return False
        self.take(add(left, neg(right)), (), line.number, is_equation=True)
        self.notes.append(f"line {line.number} is taken for a condition")
        return True

    def given(self) -> dict[Expr, Expr]:
        """The solutions that lines gave and that hold, each with the others put in."""
        waiting = {name for _, name, _ in self.waiting}
        return {name: self._put(value, self.values) for name, value in self.values.items() if name not in waiting}

    def constraints(self) -> Iterator[tuple[int, Expr, Expr]]:
        """Yield what equations say that the numbers in them are, each with the number of its line."""
        for condition in self.conditions:
            for name in symbols_in(condition.zero) if condition.is_equation else ():
                value = solved_for(condition.zero, name)
                if value is not None:
                    yield condition.line, name, value

    def names(self) -> set[str]:
        """The names of what is to be found."""
        return {node.attr[0] for node in self._unknowns()}

    def settle_waiting(self) -> None:
        """Judge the solutions that are still waiting at the end of the page, if linear conditions give the rest."""
        values = self._completed()
        states = self._states(values).values()
        for one, name, value in self.waiting:
            fits = self.compared(self._put(value, values), self._put(name, values))
            if {*states} == {MET} and fits:
                one.verdict = self._made(name, value, self.conditions[0])
            elif BROKEN in states and len(self.waiting) == 1:
                broken = next(c for c in self.conditions if self._state(c, values) == BROKEN)
                self._refute(one, broken, values, name)
            else:
                said = f"whether {name.attr[0]} is this is not judged: lines that hold have to give the other unknowns"
                one.mistake = Mistake("E-UNSUPPORTED", said, hint=ALONE, source=one.line.text)

    def _completed(self) -> dict[Expr, Expr]:
        """Return the solutions with those that conditions give which are linear in the one unknown left in them."""
        values = {**self.values}
        for _ in self.conditions:
            for condition in self.conditions:
                left = self._put(condition.zero, values)
                open_ = self._unknowns() & {*symbols_in(left)} - values.keys()
                value = solved_for(left, *open_) if len(open_) == 1 else None
                if value is not None:
                    values[next(iter(open_))] = value
        return values

    def _made(self, name: Expr, value: Expr, zero: Condition) -> Verdict:
        verdict = Verdict("equal", name.attr[0], self.known.text(value), "values")
        verdict.headline = f"equal: it makes line {zero.line} zero"
        return verdict

    def _settle_solution(self, one: Judged, name: Expr, value: Expr) -> None:
        """Judge what a line gives for an unknown: it breaks no condition, and meets one or waits for others."""
        values = {**self.values, name: value}
        states = self._states(values)
        if name in self.values and BROKEN in states.values():  # another solution begins
            values, self.waiting = {name: value}, []
            states = self._states(values)
        met = [condition for condition, state in states.items() if state == MET]
        broken = next((condition for condition, state in states.items() if state == BROKEN), None)
        if broken is not None:
            self._refute(one, broken, values, name)
            return
        self.values = values
        waiting, self.waiting = [*self.waiting, (one, name, value)], []
        for line, given, own_value in waiting:
            others = {other: of for other, of in values.items() if other is not given}
            own = [c for c in met if given in {*symbols_in(c.zero), *symbols_in(self._put(c.zero, others))}]
            makes = next((condition for condition in own if given in condition.unknowns), own[0] if own else None)
            again = own_value is values[given] or self.compared(self._put(own_value, values), self._put(given, values))
            if makes is None or not again:
                self.waiting.append((line, given, own_value))
            else:
                line.verdict = self._made(given, values[given], makes)
                if line.line.nature:
                    self._judge_nature(line, line.verdict, given, makes)

    def _judge_nature(self, one: Judged, made: Verdict, name: Expr, slope: Condition) -> None:
        """Judge what a line says that a solution is, a minimum or a maximum, by the second derivative."""
        nature = one.line.nature
        second = resolve(make(DERIVATIVE, (slope.zero, name))) if not name.shape and slope.is_slope else name
        second = self._put(second, self.values)
        is_number = len(self._unknowns()) == 1 and not second.shape and not symbols_in(second)
        value = float(evaluate(second, {})) if is_number else 0.0
        if not value:
            made.details.append(f"whether that is a {nature} is not judged")
        elif (value > 0) != (nature == "minimum"):
            one.verdict = Verdict("not-equal", made.left, made.right, "values")
            other = "minimum" if value > 0 else "maximum"
            one.verdict.details = [f"the second derivative there is {self.known.text(second)}: a {other}"]

    def _refute(self, one: Judged, broken: Condition, values: dict[Expr, Expr], name: Expr) -> None:
        for _, given, _ in [waiting for waiting in self.waiting if waiting[0] is one]:
            self.values.pop(given, None)
        self.waiting = [waiting for waiting in self.waiting if waiting[0] is not one]
        said = self.known.text(self._put(broken.zero, values))
        others = [f"{v.attr[0]} = {self.known.text(values[v])}" for v in values if v is not name]
        beside = f" with {' and '.join(others)}" if others else ""
        one.verdict = Verdict("not-equal", name.attr[0], self.known.text(values[name]), "values")
        told = f"put into line {broken.line}{beside} it leaves {said}, not 0"
        one.verdict.details = [told] if len(said) < LONG else []

    def _unknowns(self) -> set[Expr]:
        return {node for condition in self.conditions for node in condition.unknowns}

    def _states(self, values: dict[Expr, Expr]) -> dict[Condition, str]:
        return {condition: self._state(condition, values) for condition in self.conditions}

    def _state(self, condition: Condition, values: dict[Expr, Expr], of: Expr | None = None) -> str:
        """Say what some values make of a condition, or `of` another expression that is to be 0 where it is."""
        left = self._put(condition.zero if of is None else of, values)
        if self.compared(left, zeros(left.shape) if left.shape else number(0)):
            return MET
        rest = {*symbols_in(left)}
        told = values.keys() | {*symbols_in(*values.values())}
        more = rest - told if condition.is_equation else set()  # in x² + y² = 1, y may be what it must
        return LEFT_OPEN if more or rest & self._unknowns() - values.keys() else BROKEN

    def _put(self, expr: Expr, values: dict[Expr, Expr]) -> Expr:
        """Return an expression with values put in, in which others may stand."""
        for _ in values:
            expr = replaced(expr, values)
        return simplified(resolve(expr), frozenset())


def where_zero(zero: Expr, said: Expr, name: Expr) -> str:
    """Say whether an expression is 0 too where another one is, at random data: `MET`, `BROKEN`, or "" if not sure.

    >>> from mcalc.operators.leaves import symbol
    >>> a, x = symbol("a"), symbol("x")
    >>> zero = add(power(x, number(3)), neg(a))
    >>> where_zero(zero, add(x, neg(power(a, number(3)))), x), where_zero(zero, mul(x, zero), x)
    ('broken', 'met')
    """
    draws = Draws([zero, said])
    off: list[float] = []
    for attempt in range(TRIES):
        values = draws.at(np.random.default_rng([7, attempt]), attempt)

        def at(x: Any, expr: Expr = zero, values: dict[str, Any] = values) -> Any:
            return np.asarray(evaluate(expr, {**values, name.attr[0]: x}))

        start = values[name.attr[0]]
        try:
            root = _root(at, start)
            if root is not None:
                off.append(float(np.abs(at(root, said)).max() / (1 + np.abs(at(start, said)).max())))
        except (Mistake, ShapeError, ArithmeticError, np.linalg.LinAlgError):
            continue
    if len(off) < ENOUGH or not np.isfinite(off).all():
        return ""
    return MET if max(off) < CLOSE else BROKEN if min(off) > APART else ""


def _root(of: Callable[[Any], Any], start: Any) -> Any:
    """Return a root of a function of an array, near one; None where Newton's iteration finds none."""
    x = np.asarray(start, dtype=float)
    for _ in range(STEPS):
        left = of(x)
        if left.size != x.size or not np.isfinite(left).all():
            return None
        if np.abs(left).max() < CLOSE**2:
            return x
        units = np.eye(x.size).reshape(x.size, *x.shape) * 1e-6
        slope = np.stack([((of(x + unit) - of(x - unit)) / 2e-6).ravel() for unit in units], 1)
        x = x - np.linalg.solve(slope, left.ravel()).reshape(x.shape)
    return None


def solved_for(zero: Expr, name: Expr) -> Expr | None:
    """Return what makes an expression 0 that is linear in a number; None where it is not.

    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> solved_for(add(x, y), y) is neg(x), solved_for(make(POW, (y, number(2))), y)
    (True, None)
    """
    slope = resolve(make(DERIVATIVE, (zero, name))) if not (zero.shape or name.shape) else zero
    if is_zero(slope) or name in symbols_in(slope):
        return None
    rest = replaced(zero, {name: number(0)})
    return simplified(mul(neg(rest), power(slope, number(-1))), frozenset())


def is_multiple(zero: Expr, rest: Expr) -> bool:
    """Say whether an expression is a multiple of one that is set to 0, by numbers, sizes, scalars and denominators."""
    return _factor(zero, rest) is not None


def _factor(zero: Expr, rest: Expr) -> Factor | None:
    """Return the factor of which an expression is a multiple of another one, but 0; None where there is none."""
    comparison = compare(zero, rest)
    if comparison.verdict in HOLDS:
        return Factor(Fraction(1))
    if comparison.search is None or not comparison.points:
        return None
    trial = Trial(comparison, ("", ""))
    powers = [node for node in walk(zero, rest) if node.op is POW and is_number(node.args[1]) and node.args[1].attr < 0]
    below = list(dict.fromkeys([node.args[0] for node in powers if not node.args[0].shape]))
    factor = trial.multiple(trial.right, trial.wanted, below) if trial.fits else None
    return factor if factor is not None and factor.number != 0 else None


def _is_another_slope(zero: Expr, rest: Expr, name: Expr) -> bool:
    """Say whether two expressions may be the slopes of one function, by a name and by another one."""
    for other in {*symbols_in(zero)} - {name}:
        crossed = [resolve(make(DERIVATIVE, pair)) for pair in ((zero, other), (rest, name))]
        factor = _factor(*crossed)
        if factor is not None and factor.is_plain and not is_zero(crossed[0]):
            return True
    return False
