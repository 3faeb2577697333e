"""Slips that only differentials have: the derivative in the place of the differential, dX dY for d(X Y)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.checking.edits import replaced
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make, walk
from mcalc.operators.arithmetic import MUL, mul
from mcalc.operators.linear import DOT, MATMUL, matmul

if TYPE_CHECKING:
    from mcalc.checking.question import Question

    Write = Callable[[Expr], str]

PRODUCTS: dict[object, Callable[..., Expr]] = {
    MUL: mul,
    MATMUL: matmul,
    DOT: lambda *args: make(DOT, args),
}


def misrules(question: Question, write: Write) -> Iterator[tuple[str, str, Expr]]:
    """Yield what comes of a slip with differentials: its kind, in words, and the answer that it gives."""
    if question.order != 1:
        return
    for variable, direction in question.moves if len(question.moves) == 1 else ():
        name = write(direction)
        try:
            slope = derivative_of(question.body, [variable])
        except Mistake:
            continue
        text = f"the derivative, not the differential: {name} is missing"
        yield "differential", text, slope
    moving = dict(question.moves)
    for node in walk(question.body):
        factors = [arg for arg in node.args if any([part in moving for part in walk(arg)])]
        if node.op not in PRODUCTS or len(factors) < 2:
            continue
        try:
            changed = [differential_of(arg, question.moves) if arg in factors else arg for arg in node.args]
            wrong = replaced(question.body, node, PRODUCTS[node.op](*changed))
        except (Mistake, ShapeError):
            continue
        said = " ".join([write(part) for part in factors])
        text = f"the product rule: the differential of {said} has a term for each factor, with a d on that one alone"
        yield "product rule", text, wrong
