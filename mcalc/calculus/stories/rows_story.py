"""A list of functions by several variables: a gradient for each function, and the gradients as rows (the paper's 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.intermediates import Intermediate, Names
from mcalc.calculus.stories.lines import DIRECT, Derivation, Line, mark
from mcalc.expr import Expr, make
from mcalc.operators.blocks import BLOCK, block
from mcalc.operators.derivative import DERIVATIVE
from mcalc.operators.leaves import symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

IN_ONE_ROW = ("the partial derivatives in one row", "3")
MOST = 9
"""A Jacobian of more entries than this is not told entry by entry."""


def as_list(body: Expr) -> Expr:
    """Return a gradient, the row of several derivatives, as the list of functions that it is to differentiate again."""
    return as_columns(body) if body.op is BLOCK and body.attr[0] == 1 else body


def has_rows(body: Expr, variables: Sequence[Expr]) -> bool:
    """Say whether a derivative is a small Jacobian of several functions by several variables."""
    if body.op is not BLOCK or body.attr[1] != 1 or len(body.args) < 2 or len(variables) < 2:
        return False
    flat = all([part.order < 2 for part in (*body.args, *variables)])
    return flat and len(body.args) * len(variables) <= MOST


def functions_of(body: Expr) -> list[Intermediate]:
    """Return the list and the functions in it under names of their own: f, f_1, f_2, ..."""
    letter = Names(body).one_of("f", "g", "h", "y")
    parts = [Intermediate(symbol(f"{letter}_{k}", part.shape), part, part) for k, part in enumerate(body.args, 1)]
    return [*parts, Intermediate(symbol(letter, body.shape), body, body)]


def told_by_rows(
    body: Expr, variables: Sequence[Expr], result: Expr, told: Callable[[Expr, Expr], Derivation]
) -> list[tuple[Intermediate | None, Expr | None, Derivation]]:
    """Return the derivations in order, each with the function and the variable it is about.

    `told` tells the derivative of one function by one variable. After those of a function its gradient follows, without
    a variable; at the end, without a function, the Jacobian.
    """
    *functions, whole = functions_of(body)
    found: list[tuple[Intermediate | None, Expr | None, Derivation]] = []
    gradients: list[Expr] = []
    for function in functions:
        found += [(function, variable, told(function.definition, variable)) for variable in variables]
        gradient = derivative_of(function.definition, variables)
        lhs = make(DERIVATIVE, (function.symbol, *variables))
        members = [block(1, len(variables), *[mark(function.symbol, variable) for variable in variables]), gradient]
        row = [Line(DIRECT, lhs, members, *IN_ONE_ROW)]
        found.append((function, None, Derivation(body, variables[0], gradient, row, [function])))
        gradients.append(lhs)
    rule = ("stack the gradients, one row for each function", "4")
    members = [block(len(gradients), 1, *gradients), result]
    rows = [Line(DIRECT, make(DERIVATIVE, (whole.symbol, *variables)), members, *rule)]
    found.append((None, None, Derivation(body, variables[0], result, rows, [*functions, whole])))
    return found
