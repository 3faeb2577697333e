"""A chain of scalar functions, each of the one before: its derivative is one product (the paper's 4.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.normal.normal_form import normalise
from mcalc.calculus.stories.intermediates import used_in
from mcalc.calculus.stories.lines import COMBINE, Derivation, Line, mark
from mcalc.calculus.stories.reasons import SINGLE
from mcalc.calculus.stories.story_parts import Locals, closed, distinct, local_lines, naming_lines
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MUL
from mcalc.operators.leaves import NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.calculus.stories.intermediates import Intermediate

MOST = 6
"""A product of more factors than this is not written in one line."""


def is_single_path(listed: Sequence[Intermediate], variable: Expr) -> bool:
    """Say whether each intermediate variable is a scalar function of the one before it alone."""
    if not 1 < len(listed) <= MOST or variable.shape:
        return False
    before = variable
    names = {variable, *[item.symbol for item in listed]}
    for item in listed:
        used = used_in(item.definition, names)
        if used != [before] or item.symbol.shape or item.running:
            return False
        if before is not variable and _adds_constants(item.definition):
            return False
        before = item.symbol
    return not any([item.definition.has_kind("binder") for item in listed])


def _adds_constants(definition: Expr) -> bool:
    """Say whether a sum has a constant in it that is no number: its zero derivative is shown, by the sum rule."""
    return definition.op is ADD and sum([term.op is not NUMBER for term in definition.args]) > 1


def along_one_path(
    body: Expr, variable: Expr, result: Expr, listed: Sequence[Intermediate], *, forward: bool
) -> Derivation:
    """Tell the derivative as one product: dy/du du/dx, or, `forward` from x to y, du/dx dy/du."""
    arguments = [variable, *[item.symbol for item in listed[:-1]]]
    steps = list(zip(listed, arguments, strict=True))
    if not forward:
        steps.reverse()
    locally = [derivative_of(item.definition, [argument]) for item, argument in steps]
    product = make(MUL, tuple(locally))
    total = matrix_form(normalise(product))
    shown = [make(MUL, tuple([mark(item.symbol, argument) for item, argument in steps])), product, total]
    lines = naming_lines(listed)
    for item, argument in zip(listed, arguments, strict=True):
        lines += local_lines(item, [argument], Locals(listed))
    last = listed[-1].symbol
    lines.append(Line(COMBINE, mark(last, variable), distinct(shown), SINGLE, name=last.attr[0]))
    named = list(listed)
    return Derivation(body, variable, result, closed(lines, named, total, body, variable, result), named)
