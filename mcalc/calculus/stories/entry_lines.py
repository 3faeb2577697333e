"""One entry of a derivative ground down to a scalar rule, as the paper's sections 4.2 to 4.4 do before the whole."""

from __future__ import annotations

from itertools import islice

from mcalc.calculus.basics.entries import entry
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.normal.normal_form import normalise
from mcalc.calculus.stories.direct import is_direct, lines_from
from mcalc.calculus.stories.lines import Line, mark
from mcalc.calculus.stories.rewriting import rewritings
from mcalc.expr import Dim, Expr
from mcalc.fresh import free_names, names_in
from mcalc.operators.leaves import index, number, size
from mcalc.operators.linear import SUM, element


def lines_of_entry(body: Expr, variable: Expr) -> list[Line]:
    """Return the derivative of entry i by entry i, or of a sum by entry j; nothing where scalar rules do not carry it.

    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.arithmetic import mul
    >>> from mcalc.render.text import unicode
    >>> w, x = symbol("w", (Dim.named("n"),)), symbol("x", (Dim.named("n"),))
    >>> [unicode(line.rhs[0]) for line in lines_of_entry(mul(w, x), w)]
    ['xᵢ ∂/∂wᵢ wᵢ', 'xᵢ (1)', 'xᵢ']
    """
    if variable.op.name != "symbol" or variable.order > 1 or body.order > 1 or body.is_row:
        return []
    first, second = islice(free_names(names_in(body, variable)), 2)
    if body.shape:
        at = _running(first, body.shape[0])
        of, by = entry(body, {0: at}), element(variable, at) if variable.shape else variable
    elif body.op is SUM and variable.shape:
        of, by = body, element(variable, _running(second, variable.shape[0]))
    else:
        return []
    if not is_direct(of, by):
        return []
    found = derivative_of(of, [by])
    lines = lines_from(mark(of, by))
    last = lines[-1].rhs[-1]
    settled = rewritings(last, found, lambda expr: matrix_form(normalise(expr)))
    return [*lines, *[Line(lines[0].part, lines[0].lhs, [shown], reason) for shown, reason in settled]]


def _running(name: str, dim: Dim) -> Expr:
    return index(name, 0, number(1), size(dim))
