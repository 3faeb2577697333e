"""The likely slip behind an answer that is not right: named only where undoing it makes the answer right, by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from mcalc.checking.by_value import STRAIGHT, Factor, Trial, alike, same
from mcalc.checking.edits import edits, without_parts
from mcalc.checking.misrules import derivatives, misrules
from mcalc.checking.verdict import Evidence, Question
from mcalc.errors import ShapeError
from mcalc.expr import Expr, depends, walk
from mcalc.operators.arithmetic import ADD, MUL, POW, add, div, mul, neg
from mcalc.operators.leaves import SIZE, SYMBOL, is_number, number, symbols_in
from mcalc.operators.linear import MATMUL, diag, matmul, transpose

if TYPE_CHECKING:
    Write = Callable[[Expr], str]
    Slip = tuple[str, Evidence]

WORDS = {
    "sign": "a sign",
    "factor": "a factor",
    "transpose": "a transpose",
    "product": "the kind of product",
    "dropped term": "a term is missing",
    "extra term": "a term too many",
    "exponent": "an exponent",
    "inner derivative": "an inner derivative",
    "sum or mean": "a sum where a mean should be, or the other way round",
    "variable": "the wrong variable",
    "dropped case": "a case is missing",
    "swapped cases": "the cases are the wrong way round",
    "order": "the order of the factors",
    "kron": "the order of the factors of kron, since vec stacks columns",
    "diagonal": "a diagonal matrix",
    "function": "the wrong function",
    "mask": "the derivative of max is missing",
    "norm": "the derivative of the square, not of the norm",
    "softmax": "a part of the Jacobian of softmax",
    "power rule": "the power rule",
    "product rule": "the product rule",
    "quotient rule": "the quotient rule",
    "differential": "the derivative, not the differential",
    "inverse": "an inverse",
    "missing factor": "a factor is missing",
    "integrated": "integrated, not differentiated",
}
"""The slips that have a name, in words."""
MOST_EDITS = 400
LARGE = 300
"""Sides of as many nodes are looked at as a whole, not part by part."""
INNER = 20
"""As many parts of what is differentiated are tried as the inner function whose derivative was forgotten."""
LONG = 60
"""A part that is longer in print is not quoted."""


def slip(kind: str, text: str, one: Expr, other: Expr) -> Slip:
    """Return a slip: its kind, one of `WORDS`, and what to look at, with the two sides that are equal if it is so."""
    return kind, Evidence(text, one, other)


class SlipSearch:
    """Looks for the slip that makes an answer wrong: one that accounts for its values at the points of a trial."""

    def __init__(self, trial: Trial, left: Expr, right: Expr, question: Question | None, write: Write) -> None:
        self.trial = trial
        self.left = left
        self.right = right
        self.question = question
        self.write = write

    @property
    def is_multiple(self) -> bool:
        """Whether the answer is at each point some multiple of what is right."""
        trial = self.trial
        return trial.fits and all([
            same(r * float((w * w).sum()), w * float((r * w).sum()))
            for r, w in zip(trial.right, trial.wanted, strict=True)
        ])  # fmt: skip

    def likely(self) -> Iterator[Slip]:
        """Yield the slips in a part: of an inner function, of a rule, of a term, somewhere inside the answer."""
        yield from self._inner_derivative()
        if self._is_large or self._are_numbers:
            return
        rules = [*self._with_differentials(), *self._misremembered()]
        yield from [one for one in rules if one[0] != "product rule"]
        yield from self._of_a_term()
        yield from [one for one in rules if one[0] == "product rule"]  # f′ g′ may be f′ g, a term alone
        yield from self._undone()

    def others(self) -> Iterator[Slip]:
        """Yield the slips that may be told in another way, as a condition, or not at all."""
        for search in (
            () if self._is_large or self._are_numbers else (self._done_again, self._diagonal_alone, self._scalar_factor)
        ):
            yield from search()

    @property
    def _are_numbers(self) -> bool:
        """Whether a number is claimed, of which each other one is some multiple."""
        return is_number(self.right) and not symbols_in(self.left)

    @property
    def _is_large(self) -> bool:
        return sum(1 for _ in islice(walk(self.left, self.right), LARGE)) == LARGE

    def of_the_whole(self) -> Iterator[Slip]:
        """Yield by which factor yours is a multiple of mcalc's; powers of the variable are told as something else."""
        if not self.trial.fits:
            return
        factor = self.trial.multiple(self.trial.right, self.trial.wanted)
        asked = set(self.question.variables) if self.question is not None else set()
        if (
            factor is None
            or factor.is_number(0, 1)
            or (self._are_numbers and not factor.is_number(-1, 2))
            or any([part in asked for _, part, _ in factor.powers])
        ):
            return
        if not factor.is_number(-1) and any(True for _ in self._inner_derivative()):
            return  # which says more: 3, the derivative of 3 x
        kind, text = _scaled(factor, *self.trial.names)
        if factor.is_number(-1):
            text += self._instead_integral()
        yield slip(kind, text, self.right, mul(factor.expr, self.left))

    def _instead_integral(self) -> str:
        """What to add of an answer that is the integral: -cos(x) for sin(x)."""
        question = self.question
        if question is None or not self._is_integral():
            return ""
        return f", {self.write(self.right)} is the integral of {self.write(question.body)}"

    def _is_integral(self) -> bool:
        question = self.question
        if question is None or question.order != 1 or len(question.variables) != 1 or question.variables[0].shape:
            return False
        back = question.derivative(self.right)
        values, body = (None, None) if back is None else (self.trial.values(back), self.trial.values(question.body))
        return values is not None and body is not None and alike(values, body)

    def _misremembered(self) -> Iterator[Slip]:
        """A rule of differentiation is misremembered; or the answer is the integral."""
        question = self.question
        if question is None or question.order != 1 or len(question.variables) != 1:
            return
        if self._is_integral():
            back = question.derivative(self.right)
            assert back is not None
            integral, body, slope = self.write(self.right), self.write(question.body), self.write(self.left)
            text = f"integrated, not differentiated: {integral} is the integral of {body}, its derivative is {slope}"
            yield slip("integrated", text if len(text) <= 3 * LONG else WORDS["integrated"], back, question.body)
        for kind, text, made in derivatives(question, self.write):
            if self.trial.gives(made, self.trial.right):
                yield slip(kind, text, made, self.right)

    def _with_differentials(self) -> Iterator[Slip]:
        """The derivative in the place of the differential; all factors of a product with a d at once."""
        question = self.question
        for kind, text, made in misrules(question, self.write) if question is not None and question.directions else ():
            if self.trial.gives(made, self.trial.right):
                yield slip(kind, text, made, self.right)

    def _of_a_term(self) -> Iterator[Slip]:
        """The difference is a multiple of what one term of the function, or of the derivative, comes to."""
        trial = self.trial
        if not trial.fits:
            return
        gap = [r - w for r, w in zip(trial.right, trial.wanted, strict=True)]
        for text, made, hint in self._terms():
            term = trial.like_right(made)
            values = None if term is None else trial.values(term)
            over = None if values is None else trial.multiple(gap, values)
            if over is None or over.is_number(0) or values is None or term is None:
                continue
            if over.is_number(-1):
                yield slip("dropped term", f"{WORDS['dropped term']}: {text}", add(self.right, term), self.left)
            total = trial.multiple([g + v for g, v in zip(gap, values, strict=True)], values)
            if total is not None and not total.is_number(0, 1):
                kind, said = _scaled(total, "a term", "what it should be", f"{text}{hint(total)}")
                less = mul(add(total.expr, number(-1)), term)
                yield slip(kind, said, add(self.right, neg(less)), self.left)
        for part in addends(self.right):
            values = trial.values(part)
            if values is None:
                continue
            wide = [v + 0 * g if v.size == 1 else v for v, g in zip(values, gap, strict=True)]
            if alike(wide, gap):
                text = f"{WORDS['extra term']}: {self.write(part)}"
                yield slip("extra term", text, add(self.right, neg(part)), self.left)

    def _terms(self) -> Iterator[tuple[str, Expr, Callable[[Factor], str]]]:
        """The terms to look at: the derivative of each term of the function, then each term of the derivative."""
        question = self.question
        if question is not None:
            names = ", ".join([self.write(variable) for variable in question.variables])
            names = names if len(question.variables) == 1 else f"({names})"
            for body in addends(question.body) if question.body.op in (ADD, MUL) else ():
                made = question.derivative(body)
                if made is not None:
                    yield f"∂({self.write(body)})/∂{names} = {self.write(made)}", made, _halves(body)
        for made in addends(self.left):
            yield self.write(made), made, lambda _factor: ""

    def _inner_derivative(self) -> Iterator[Slip]:
        """The derivative of an inner function is missing as a factor, of the whole or a term; or it is there twice."""
        question, trial = self.question, self.trial
        if question is None or question.order != 1 or len(question.variables) != 1:
            return
        variable = question.variables[0]
        whole = variable if variable.op is SYMBOL else variable.args[0]
        touched = depends(question.body, whole)
        held = {arg for node in touched if node.shape or node.op not in (ADD, MUL) for arg in node.args}
        inner = [node for node in walk(question.body) if node in touched and node.args and (node.shape or node in held)]
        terms = addends(self.right)[:INNER]
        for node in inner[: -INNER - 1 : -1]:
            made = None if node in (variable, question.body) or node.order > 1 else question.derivative(node)
            factors = None if made is None else trial.values(made)
            if made is None or factors is None or all([f.size == 1 and abs(f.item()) == 1 for f in factors]):
                continue
            said = f"the derivative of the inner {self.write(node)}, {self.write(made)}"
            for longer in _chained(self.right, made):
                if trial.gives(longer, trial.left):
                    yield slip("inner derivative", f"{said}, is missing", longer, self.left)
            for place, part in enumerate(terms):
                others = [*terms[:place], *terms[place + 1 :]]
                for longer in _chained(part, made):
                    for total in _sums(longer, others):
                        if trial.gives(total, trial.left):
                            text = f"{said}, is missing in {self.write(part)}"
                            yield slip("inner derivative", text, total, self.left)
            for twice in _chained(self.left, made):
                if trial.gives(twice, trial.right):
                    yield slip("inner derivative", f"{said}, stands there twice", twice, self.right)

    def _diagonal_alone(self) -> Iterator[Slip]:
        """The diagonal of a matrix in the place of the matrix."""
        if self.left.order == 2 and self.right.order == 1 and self.left.shape == 2 * self.right.shape:
            whole = diag(self.left)
            if self.trial.gives(whole, self.trial.right):
                text = f"only the diagonal of {self.trial.names[1]}: {self.trial.names[1]} is a matrix"
                yield slip("diagonal", text, whole, self.right)

    def _scalar_factor(self) -> Iterator[Slip]:
        """A scalar part of the function or of its derivative, such as ‖x‖, is missing as a factor or a divisor."""
        trial = self.trial
        parts = walk(self.left, self.question.body) if self.question is not None else walk(self.left)
        for node in islice(parts, MOST_EDITS):
            if node is self.left or node.shape or not node.args or node.free:
                continue
            for whole, what in ((mul(self.right, node), "factor"), (div(self.right, node), "divisor")):
                if trial.gives(whole, trial.left):
                    yield slip("factor", f"a {what} is missing: {self.write(node)}", whole, self.left)

    def _undone(self) -> Iterator[Slip]:
        """One small change somewhere inside the answer makes it right; one that gives it in its own layout first."""
        variables = symbols_in(self.left)
        turned = None
        for edit in islice(edits(self.right, variables), MOST_EDITS):
            how = self.trial.gives(edit.whole, self.trial.left)
            if how == STRAIGHT:
                yield self._changed(edit.kind, edit.before, edit.after, edit.whole, self.left)
            turned = turned or (edit if how else None)
        if turned is not None:
            yield self._changed(turned.kind, turned.before, turned.after, turned.whole, self.left)

    def _done_again(self) -> Iterator[Slip]:
        """One small change inside what is right makes the answer of it: where it cannot be seen in the answer."""
        for edit in without_parts(self.left):
            if self.trial.gives(edit.whole, self.trial.right):
                missing = " is missing" if edit.kind == "factor" else ""
                text = f"{WORDS[edit.kind]}{missing}: {self.write(edit.before)}"
                yield slip(edit.kind, text, edit.whole, self.right)
        for edit in islice(edits(self.left, ()), MOST_EDITS):
            if self.trial.gives(edit.whole, self.trial.right):
                yield self._changed(edit.kind, edit.after, edit.before, edit.whole, self.right)

    def _changed(self, kind: str, wrong: Expr, right: Expr, one: Expr, other: Expr) -> Slip:
        said = [self.write(wrong), self.write(right)]
        if kind == "factor" and is_number(right, 1):
            return slip(
                kind, f"a factor too many: {said[0]}" if len(said[0]) <= LONG else "a factor too many", one, other
            )
        short = max(map(len, said)) <= LONG and said[0] != said[1]
        return slip(kind, f"{WORDS[kind]}: {said[0]} should be {said[1]}" if short else WORDS[kind], one, other)


def _scaled(factor: Factor, yours: str, right: str, hint: str = "") -> tuple[str, str]:
    """What something is that is `factor` times what it should be: the kind of slip, and in words."""
    tail = f", {hint}" if hint else ""
    if factor.is_number(-1):
        return "sign", f"a sign: {yours} is minus {right}{tail}"
    kind = "sum or mean" if factor.is_size else "factor"
    if (only := _right_at(factor)) is not None:
        tail += f", right only where {only}"
    elif factor.is_size and factor.number == 1:
        missing = str(factor.inverse)
        tail += f", the {missing} is missing" if missing.startswith("1/") else f", the factor {missing} is missing"
    return kind, f"{WORDS[kind]}: {yours} is {_times(factor)} {right}{tail}"


def _right_at(factor: Factor) -> str | None:
    """Where 3/n, or n/3, is 1."""
    if len(factor.powers) != 1 or factor.powers[0][1].op is not SIZE:
        return None
    [(name, _, exponent)] = factor.powers
    k = factor.number if exponent < 0 else 1 / factor.number
    return f"{name} = {k}" if abs(exponent) == 1 and k.denominator == 1 and k > 1 else None


def _times(factor: Factor) -> str:
    if factor.is_number(2):
        return "twice"
    if factor.is_plain and factor.number == Fraction(1, 2):
        return "half of"
    return f"{factor} times"


def addends(expr: Expr) -> list[Expr]:
    """Return the terms of a sum, or of a product with one sum in it; none of what is no sum."""
    if expr.op not in (MUL, MATMUL):
        return list(expr.args) if expr.op is ADD else []
    sums = [place for place, arg in enumerate(expr.args) if arg.op is ADD]
    if len(sums) != 1:
        return []
    [at] = sums
    build = mul if expr.op is MUL else matmul
    if any([part.shape != expr.args[at].shape for part in expr.args[at].args]):
        return []
    return [build(*expr.args[:at], part, *expr.args[at + 1 :]) for part in expr.args[at].args]


def _halves(body: Expr) -> Callable[[Factor], str]:
    """What to say of a half and a square, where a term is twice or half as large as it should be."""
    numbers = [arg.attr for arg in (body.args if body.op is MUL else ()) if is_number(arg)]
    halved = any([Fraction(value).denominator % 2 == 0 for value in numbers])
    squared = any([node.op is POW and is_number(node.args[1], 2) for node in walk(body)])

    def hint(factor: Factor) -> str:
        if halved and squared and factor.is_number(2):
            return ", the ½ cancels the 2"
        if squared and factor.is_plain and factor.number == Fraction(1, 2):
            return ", the square brings down a 2"
        return ""

    return hint


def _chained(answer: Expr, jacobian: Expr) -> Iterator[Expr]:
    """An answer times the Jacobian of an inner function, in the ways in which the two fit."""
    if not answer.shape or not jacobian.shape:
        yield mul(answer, jacobian)
        return
    for left in _both_ways(answer):
        for build in (matmul, mul):
            try:
                yield build(left, jacobian)
            except ShapeError:
                continue


def _both_ways(part: Expr) -> tuple[Expr, ...]:
    """A part, and as it is in the other layout."""
    return (part, transpose(part)) if part.order in (1, 2) else (part,)


def _sums(part: Expr, others: list[Expr]) -> Iterator[Expr]:
    """A term, as it is or in the other layout, with the others."""
    for turned in _both_ways(part):
        try:
            yield add(turned, *others)
        except ShapeError:
            continue
