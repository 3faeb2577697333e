"""Derivations: how a result comes about, told as the paper tells it, by the same local rules that computed it.

Nothing here is computed unless asked for: the result comes from :mod:`mcalc.calculus.derive` alone, and the lines ask
the operators' rows for the same local Jacobians again, one operator at a time.
"""

from __future__ import annotations

from mcalc.calculus.backward_story import BackwardStory
from mcalc.calculus.derive import simplified_as
from mcalc.calculus.direct import is_direct, next_line
from mcalc.calculus.forward_story import ForwardStory, distinct, rule_of
from mcalc.calculus.intermediates import intermediates
from mcalc.calculus.lines import DIRECT, Derivation, Line, mark
from mcalc.calculus.rewriting import rewritings
from mcalc.expr import Expr, depends, make, walk
from mcalc.operators.arithmetic import CONDITIONS, mul
from mcalc.operators.leaves import is_zero, ones
from mcalc.operators.linear import DIAG, ELEMENT


def derive_in_steps(body: Expr, variable: Expr, result: Expr, mode: str = "auto") -> Derivation:
    """Tell how `result`, the derivative of `body` by `variable`, comes about.

    What the rules of section 2 carry alone is told in their order, one rule a line; any other by the four-step process,
    `mode` ``forward`` or ``backward``. Left to itself it is backward for a scalar where forward would go through
    tensors of three axes.

    >>> from mcalc.calculus.derive import derivative_of
    >>> from mcalc.operators.leaves import number, symbol
    >>> from mcalc.operators.arithmetic import power
    >>> x = symbol("x")
    >>> square = power(x, number(2))
    >>> [line.rule for line in derive_in_steps(square, x, derivative_of(square, [x])).lines]
    ['power rule']
    """
    if is_direct(body, variable):
        return _told_directly(body, variable, result)
    if variable.op.name != "symbol" or variable not in depends(body, variable):
        return _one_rule(body, variable, result)
    listed = intermediates(body, variable)
    if len(listed) <= 1:
        return _one_rule(body, variable, result)
    deep = not body.shape and any([item.symbol.order + variable.order > 2 for item in listed])
    summed = any([node.op.kind == "binder" for item in listed for node in walk(item.definition)])
    backward = mode in ("backward", "reverse") and not body.shape and not summed
    if backward or (mode == "auto" and deep and not summed):
        return BackwardStory(body, variable, result, listed).derivation()
    return ForwardStory(body, variable, result, listed).derivation()


def _told_directly(body: Expr, variable: Expr, result: Expr) -> Derivation:
    start = line = mark(body, variable)
    lines: list[Line] = []
    while (advanced := next_line(line)) is not None:
        line, used = advanced
        rules = ", ".join([rule for rule, _ in used])
        lines.append(Line(DIRECT, start, [line], rules, ", ".join(dict.fromkeys([section for _, section in used]))))
    for shown, reason in rewritings(line, result, lambda expr: simplified_as(expr, body, variable)):
        lines.append(Line(DIRECT, start, [shown], reason))
    return Derivation(body, variable, result, lines)


def _one_rule(body: Expr, variable: Expr, result: Expr) -> Derivation:
    """A derivation of one operator: its rule, with the diagonal it makes written out where it is element-wise."""
    rule, section = rule_of(body)
    shown: list[Expr | None] = [result]
    whole = variable if variable.op.name == "symbol" else variable.args[0]
    if body is variable:
        rule, section = ("identity", "4.1") if variable.shape else ("derivative of a variable by itself", "2")
    elif whole not in depends(body, whole) or (is_zero(result) and body.op not in (ELEMENT, *CONDITIONS)):
        rule, section = "constant rule", "2"
    elif body.op.kind == "elementwise" and body.order == 1 and variable.order == 1 and body.args.count(variable) == 1:
        assert body.op.partial is not None
        partial = body.op.partial(body, body.args.index(variable))
        if partial is not None:
            entries = partial if partial.shape else mul(partial, ones(body.shape))
            shown = [make(DIAG, (entries,)), result]
    return Derivation(body, variable, result, [Line(DIRECT, mark(body, variable), distinct(shown), rule, section)])
