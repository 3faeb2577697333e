"""The likely slip behind an answer that is not right: named only where undoing it makes the answer right, by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from mcalc.calculus.derive import derivative_of
from mcalc.checking.edits import edits, replaced, without_parts
from mcalc.checking.trial import STRAIGHT, Factor, Trial, alike
from mcalc.errors import Mistake
from mcalc.expr import Expr, depends, walk
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul
from mcalc.operators.leaves import SYMBOL, is_number, number
from mcalc.operators.linear import MATMUL, matmul, transpose

if TYPE_CHECKING:
    Write = Callable[[Expr], str]
    Arrays = list[Any]

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
    "symmetric": "right for a symmetric matrix only",
    "variable": "the wrong variable",
    "dropped case": "a case is missing",
    "swapped cases": "the cases are the wrong way round",
    "order": "the order of the factors",
    "diagonal": "a diagonal matrix",
    "function": "a sine where a cosine should be, or the other way round",
}
"""The slips that have a name, in words."""
MOST_EDITS = 400
LARGE = 300
"""Sides of as many nodes are looked at as a whole, not part by part."""
INNER = 20
"""As many parts of what is differentiated are tried as the inner function whose derivative was forgotten."""
LONG = 60
"""A part that is longer in print is not quoted."""


class Slip:
    """A slip: its kind, one of `WORDS`, and a sentence on what to look at."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text

    def __repr__(self) -> str:
        return f"<Slip {self.kind}: {self.text}>"


class Question:
    """What was differentiated: a body by variables, with the derivative that mcalc has for it, laid out."""

    __slots__ = ("body", "left", "order", "variables")

    def __init__(self, body: Expr, variables: Sequence[Expr], order: int, left: Expr) -> None:
        self.body = body
        self.variables = list(variables)
        self.order = order
        self.left = left

    def derivative(self, body: Expr) -> Expr | None:
        """Return the derivative of another body by the same variables, as often; None where it has none."""
        found = body
        try:
            for _ in range(self.order):
                found = derivative_of(found, self.variables)
        except Mistake:
            return None
        return found


def find_slip(trial: Trial, left: Expr, right: Expr, question: Question | None, write: Write) -> Slip | None:
    """Return the likely slip, or None: a slip of the whole first, then of a term, then somewhere inside."""
    if sum(1 for _ in islice(walk(left, right), LARGE)) == LARGE:
        return _of_the_whole(trial)
    searches: list[Callable[[], Slip | None]] = [
        lambda: _inner_derivative(trial, right, question, write),
        lambda: _of_the_whole(trial),
        lambda: _of_a_term(trial, left, right, question, write),
        lambda: _undone(trial, left, right, write),
        lambda: _symmetry(trial, left, right, write),
        lambda: _done_again(trial, left, write),
        lambda: _scalar_factor(trial, left, question, write),
    ]
    return next((slip for search in searches if (slip := search()) is not None), None)


def _of_the_whole(trial: Trial) -> Slip | None:
    """Yours is a multiple of mcalc's."""
    if not trial.fits:
        return None
    factor = trial.multiple(trial.right, trial.wanted)
    return None if factor is None or factor.is_number(0, 1) else _scaled(factor, *trial.names)


def _scaled(factor: Factor, yours: str, right: str, hint: str = "") -> Slip:
    """The slip of something that is `factor` times what it should be."""
    tail = f", {hint}" if hint else ""
    if factor.is_number(-1):
        return Slip("sign", f"a sign: {yours} is minus {right}{tail}")
    kind = "sum or mean" if factor.is_size and abs(factor.number) == 1 else "factor"
    return Slip(kind, f"{WORDS[kind]}: {yours} is {_times(factor)} {right}{tail}")


def _times(factor: Factor) -> str:
    if factor.is_number(2):
        return "twice"
    if factor.is_plain and factor.number == Fraction(1, 2):
        return "half of"
    return f"{factor} times"


def _of_a_term(trial: Trial, left: Expr, right: Expr, question: Question | None, write: Write) -> Slip | None:
    """The difference is a multiple of what one term of the function, or of the derivative, comes to."""
    if not trial.fits:
        return None
    gap = [r - w for r, w in zip(trial.right, trial.wanted, strict=True)]
    for text, made, hint in _terms(left, question, write):
        values = trial.oriented(made)
        over = None if values is None else trial.multiple(gap, values)
        if over is None or over.is_number(0) or values is None:
            continue
        if over.is_number(-1):
            return Slip("dropped term", f"{WORDS['dropped term']}: {text}")
        total = trial.multiple([g + v for g, v in zip(gap, values, strict=True)], values)
        if total is not None:
            return _scaled(total, "a term", "what it should be", f"{text}{hint(total)}")
    for part in addends(right):
        values = trial.values(part)
        if values is not None and alike(
            [v + 0 * g if v.size == 1 else v for v, g in zip(values, gap, strict=True)], gap
        ):
            return Slip("extra term", f"{WORDS['extra term']}: {write(part)}")
    return None


def _terms(left: Expr, question: Question | None, write: Write) -> Iterator[tuple[str, Expr, Callable[[Factor], str]]]:
    """The terms to look at: the derivative of each term of the function, then each term of the derivative."""
    if question is not None:
        names = ", ".join([write(variable) for variable in question.variables])
        names = names if len(question.variables) == 1 else f"({names})"
        for body in addends(question.body) if question.body.op is ADD or question.body.op is MUL else ():
            made = question.derivative(body)
            if made is not None:
                yield f"∂({write(body)})/∂{names} = {write(made)}", made, _halves(body)
    for made in addends(left):
        yield write(made), made, lambda _factor: ""


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


def _symmetry(trial: Trial, left: Expr, right: Expr, write: Write) -> Slip | None:
    """The answer is right for a symmetric matrix, and the matrix is not known to be one."""
    for node in walk(left, right):
        if node.op is not SYMBOL or node.order != 2 or node.is_symmetric or node.shape[0] is not node.shape[1]:
            continue
        mirrored = mul(number(Fraction(1, 2)), add(node, transpose(node)))
        sides = [replaced(side, node, mirrored) for side in (left, right)]
        values = [trial.values(side) for side in sides]
        if values[0] is None or values[1] is None:
            continue
        if alike(values[0], values[1]) or alike(values[0], [array.T for array in values[1]]):
            text = write(node)
            return Slip("symmetric", f"right only where {text} is symmetric: then declare it so")
    return None


def _inner_derivative(trial: Trial, right: Expr, question: Question | None, write: Write) -> Slip | None:
    """The derivative of an inner function is missing as a factor, from the whole or from one term; or stands twice."""
    if question is None or question.order != 1 or len(question.variables) != 1:
        return None
    variable = question.variables[0]
    whole = variable if variable.op is SYMBOL else variable.args[0]
    touched = depends(question.body, whole)
    inner = [node for node in walk(question.body) if node in touched and node.args]
    terms = [(part, trial.values(part)) for part in addends(right)[:INNER]]
    for node in inner[: -INNER - 1 : -1]:
        made = None if node in (variable, question.body) or node.order > 1 else question.derivative(node)
        factors = None if made is None else trial.values(made)
        if made is None or factors is None or all([f.size == 1 and abs(f.item()) == 1 for f in factors]):
            continue
        said = f"the derivative of the inner {write(node)}, {write(made)}"
        if trial.is_left(_products(trial.right, factors, node)):
            return Slip("inner derivative", f"{said}, is missing")
        for part, values in terms:
            if values is None:
                continue
            longer = _products(values, factors, node)
            rest = (
                [r - v for r, v in zip(trial.right, values, strict=True)]
                if trial.right[0].shape == values[0].shape
                else []
            )
            if (
                rest
                and longer[0].shape == rest[0].shape
                and trial.is_left([r + v for r, v in zip(rest, longer, strict=True)])
            ):
                return Slip("inner derivative", f"{said}, is missing in {write(part)}")
        if alike(_products(trial.left, factors, node), trial.right):
            return Slip("inner derivative", f"{said}, stands there twice")
    return None


def _products(arrays: Arrays, factors: Arrays, inner: Expr) -> Arrays:
    """Each array times the Jacobian of an inner function, where the two fit: as numbers, or as matrices."""
    found: Arrays = []
    for array, factor in zip(arrays, factors, strict=True):
        jacobian = factor.T if inner.order == 1 and factor.shape[0] == 1 and array.shape[1] != 1 else factor
        if array.size == 1 or factor.size == 1:
            found.append(array * factor)
        elif array.ndim != 2 or jacobian.ndim != 2:
            found.append(array * 0)
        elif array.shape[1] == jacobian.shape[0]:
            found.append(array @ jacobian)
        elif array.shape[0] == jacobian.shape[0]:
            found.append(array.T @ jacobian)
        else:
            found.append(array * 0)
    return found


def _scalar_factor(trial: Trial, left: Expr, question: Question | None, write: Write) -> Slip | None:
    """A scalar part of the function or of its derivative, such as ‖x‖, is missing as a factor or a divisor."""
    parts = walk(left, question.body) if question is not None else walk(left)
    for node in islice(parts, MOST_EDITS):
        if node is left or node.shape or not node.args or node.free:
            continue
        values = trial.values(node)
        if values is None or any([not value.any() for value in values]):
            continue
        if trial.is_left([r * v for r, v in zip(trial.right, values, strict=True)]):
            return Slip("factor", f"a factor is missing: {write(node)}")
        if trial.is_left([r / v for r, v in zip(trial.right, values, strict=True)]):
            return Slip("factor", f"a divisor is missing: {write(node)}")
    return None


def _undone(trial: Trial, left: Expr, right: Expr, write: Write) -> Slip | None:
    """One small change somewhere inside the answer makes it right."""
    variables = [node for node in walk(left) if node.op is SYMBOL]
    turned = None
    for edit in islice(edits(right, variables), MOST_EDITS):
        how = trial.gives(edit.whole, trial.left)
        if how == STRAIGHT:
            return _changed(edit.kind, write(edit.before), write(edit.after))
        turned = turned or (edit if how else None)
    return None if turned is None else _changed(turned.kind, write(turned.before), write(turned.after))


def _done_again(trial: Trial, left: Expr, write: Write) -> Slip | None:
    """One small change somewhere inside what is right makes the answer of it: where it cannot be seen in the answer."""
    for edit in without_parts(left):
        if trial.gives(edit.whole, trial.right):
            missing = " is missing" if edit.kind == "factor" else ""
            return Slip(edit.kind, f"{WORDS[edit.kind]}{missing}: {write(edit.before)}")
    for edit in islice(edits(left, ()), MOST_EDITS):
        if trial.gives(edit.whole, trial.right):
            return _changed(edit.kind, write(edit.after), write(edit.before))
    return None


def _changed(kind: str, wrong: str, right: str) -> Slip:
    short = len(wrong) <= LONG and len(right) <= LONG
    return Slip(kind, f"{WORDS[kind]}: {wrong} should be {right}" if short else WORDS[kind])
