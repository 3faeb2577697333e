"""Derivations: how a result comes about, told as the paper tells it, by the same local rules that computed it.

Nothing here is computed unless asked for: the result comes from :mod:`mcalc.calculus.derive` alone, and the lines ask
the operators' rows for the same local Jacobians again, one operator at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.derive import derivative_of, simplified_as
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.calculus.rules.normal_form import normalise
from mcalc.calculus.stories.direct import is_direct, is_plain_sum, lines_from, lines_inside_sum, lines_of_entry, moving
from mcalc.calculus.stories.four_steps import BackwardStory, ForwardStory
from mcalc.calculus.stories.function_lists import in_two_layers, inner_functions
from mcalc.calculus.stories.intermediates import Intermediate, intermediates, used_in
from mcalc.calculus.stories.lines import COMBINE, DIRECT, NAME, Derivation, Line, mark, rule_of, sum_rule
from mcalc.calculus.stories.reasons import CONSTANT, DIAGONAL, DOT_PRODUCT, IDENTITY, INSIDE, ITSELF, SINGLE, definition
from mcalc.calculus.stories.rewriting import rewritings
from mcalc.calculus.stories.story_parts import Locals, closed, distinct, local_lines, naming_lines, sigma_in
from mcalc.errors import Mistake
from mcalc.expr import Expr, depends, make, rebuild
from mcalc.operators.abstract import EXPECTATION
from mcalc.operators.arithmetic import ADD, CONDITIONS, LN, MUL, has_minus, mul, neg, power
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import NUMBER, is_number, is_zero, number, ones
from mcalc.operators.linear import DIAG, DOT, ELEMENT, SIGMA, SUM
from mcalc.operators.network import LOGSUMEXP, SOFTMAX

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


LONG = 5
"""A function with more intermediate variables than this is told by the rules of section 2, where they carry it."""
CHAIN, SHORTER = 4, 0.9
"""Through a chain of more intermediate variables a scalar is told backward, where that takes so much of the length."""
FEW = 2
"""A composed function of no more operators than this is told by its own rule."""


WRITTEN_OUT: dict[object, Callable[[Expr], Expr]] = {
    SOFTMAX: lambda z: mul(make(EXP, (z,)), power(make(SUM, (make(EXP, (z,)),)), number(-1))),
    LOGSUMEXP: lambda z: make(LN, (make(SUM, (make(EXP, (z,)),)),)),
}
"""What a function of a vector that has a rule of its own is by definition, for where it is the whole question."""


def derive_in_steps(body: Expr, variable: Expr, result: Expr, mode: str = "auto") -> Derivation:
    """Tell how `result`, the derivative of `body` by `variable`, comes about.

    What the rules of section 2 carry alone is told in their order, one rule a line, unless a `mode` is asked for,
    ``forward`` or ``backward``; any other by the four-step process. Left to itself that is backward for a scalar where
    forward would go through tensors of three axes, or where a long chain is shorter so.

    >>> from mcalc.calculus.derive import derivative_of
    >>> from mcalc.operators.leaves import number, symbol
    >>> from mcalc.operators.arithmetic import power
    >>> x = symbol("x")
    >>> square = power(x, number(2))
    >>> [line.rule for line in derive_in_steps(square, x, derivative_of(square, [x])).lines]
    ['power rule']
    """
    if body.has(EXPECTATION):
        if body.op is EXPECTATION:
            return _one_rule(body, variable, result)
        raise Mistake(
            "E-UNSUPPORTED",
            "the steps around an expectation are not told",
            hint="the derivative goes inside: differentiate what stands in its brackets",
        )
    opened = _definition(body, variable)
    if opened is not None:
        return _by_definition(body, derive_in_steps(opened, variable, result, mode))
    if mode == "auto" and is_plain_sum(body) and (told := _told_inside_sum(body, variable, result)) is not None:
        return told
    if mode == "auto" and (told := _told_by_sum_rule(body, variable, result)) is not None:
        return told
    direct = is_direct(body, variable) or _is_long_direct(body, variable)
    if direct and mode == "auto":
        return _told_directly(body, variable, result)
    touched = moving(body, variable)
    if not touched or variable not in touched:
        return _told_directly(body, variable, result) if direct and touched else _one_rule(body, variable, result)
    inner = inner_functions(body, variable)
    if inner:
        return in_two_layers(body, variable, result, inner)
    listed = intermediates(body, variable)
    if len(listed) <= 1 and sigma_in(body) is not None and not body.shape:
        return _told_under_sum(body, variable, result)
    if len(listed) <= 1:
        return _told_directly(body, variable, result) if direct else _one_rule(body, variable, result)
    if is_single_path(listed, variable) and (mode == "auto" or len(listed) == 2):
        return along_one_path(body, variable, result, listed, forward=mode == "forward")
    deep = not body.shape and any([item.symbol.order + variable.order > 2 for item in listed])
    summed = any([item.definition.has_kind("binder") for item in listed])
    backward = mode in ("backward", "reverse") and not body.shape and not summed
    if backward or (mode == "auto" and deep and not summed):
        return BackwardStory(body, variable, result, listed).derivation()
    forward = ForwardStory(body, variable, result, listed).derivation()
    if mode == "auto" and not body.shape and variable.shape and not summed and _is_long_chain(listed, variable):
        told = BackwardStory(body, variable, result, listed).derivation()
        if written(told) < SHORTER * written(forward):
            return told
    return forward


def _is_long_chain(listed: Sequence[Intermediate], variable: Expr) -> bool:
    """Say whether there are many intermediate variables, each made of the one before alone."""
    names = {variable, *[item.symbol for item in listed]}
    return len(listed) > CHAIN and all([len(used_in(item.definition, names)) == 1 for item in listed])


def written(derivation: Derivation) -> int:
    """Return the length of all that a derivation works out, as it is written."""
    return sum([written_size(side) for line in derivation.lines if line.part != NAME for side in line.rhs])


def _is_long_direct(body: Expr, variable: Expr) -> bool:
    """Say whether the rules of section 2 carry a longer function of shifted parts: y ln(p) + (1 - y) ln(1 - p)."""
    return is_direct(body, variable, shifted=True) and len(intermediates(body, variable)) > LONG


def _definition(body: Expr, variable: Expr) -> Expr | None:
    """Return what one composed function of the variable is composed of, where that takes some steps; else None."""
    if variable not in body.args:
        return None
    if body.op in WRITTEN_OUT and variable.order == 1:
        return WRITTEN_OUT[body.op](variable)
    if body.op.kind != "defined" or body.op.body is None:
        return None
    opened = body.op.body(*body.args)
    return opened if len(intermediates(opened, variable)) > FEW else None


def _by_definition(body: Expr, told: Derivation) -> Derivation:
    """Begin a derivation with the definition of the function it is about."""
    reason = definition(body.op)
    if told.lines[0].part == NAME:
        first = Line(NAME, body, [told.body], reason)
    else:
        first = Line(DIRECT, mark(body, told.variable), [mark(told.body, told.variable)], reason)
    lines = [first, *told.lines]
    return Derivation(body, told.variable, told.result, lines, told.listed, mode=told.mode)


def _told_inside_sum(body: Expr, variable: Expr, result: Expr) -> Derivation | None:
    """The sum of a function of one vector, by that vector or by a number beside it, as section 4.4 tells it."""
    if variable not in depends(body, variable):
        return None
    if variable.shape:
        return _one_rule(body, variable, result) if lines_of_entry(body, variable) else None
    lines = lines_inside_sum(body, variable)
    if not lines:
        return None
    return _settled(body, variable, result, lines)


def _settled(body: Expr, variable: Expr, result: Expr, lines: list[Line]) -> Derivation:
    """Return the derivation that some lines begin: what simplifies the last of them, step by step, ends it."""
    settled = rewritings(lines[-1].rhs[-1], result, lambda expr: simplified_as(expr, body, variable))
    lines += [Line(DIRECT, lines[0].lhs, [shown], reason) for shown, reason in settled]
    return Derivation(body, variable, result, lines)


def _told_by_sum_rule(body: Expr, variable: Expr, result: Expr) -> Derivation | None:
    """The sum of a dot product with the variable and of what does not depend on it, as section 5 tells w · x + b."""
    if body.op is not ADD or body.shape or variable.order != 1:
        return None
    touched = depends(body, variable)
    moved = [term for term in body.args if term in touched]
    if len(moved) != 1 or moved[0].op is not DOT or sum([arg is variable for arg in moved[0].args]) != 1:
        return None
    if sum([arg in touched for arg in moved[0].args]) != 1:
        return None
    start = mark(body, variable)
    taken = [derivative_of(term, [variable]) for term in body.args]
    terms = [neg(mark(neg(term), variable)) if has_minus(term) else mark(term, variable) for term in body.args]
    lines = [
        Line(DIRECT, start, [make(ADD, tuple(terms))], sum_rule(body)),
        Line(DIRECT, start, [make(ADD, tuple(taken))], (DOT_PRODUCT, CONSTANT)),
    ]
    return _settled(body, variable, result, lines)


def _told_directly(body: Expr, variable: Expr, result: Expr) -> Derivation:
    return _settled(body, variable, result, lines_from(mark(body, variable)))


def _one_rule(body: Expr, variable: Expr, result: Expr) -> Derivation:
    """A derivation of one operator: its rule, with the diagonal it makes written out where it is element-wise.

    Before it stands the rule for one entry, where scalar rules carry that.
    """
    rules = rule_of(body, by=variable)
    entries: list[Line] = []
    shown: list[Expr | None] = [result]
    whole = variable if variable.op.name == "symbol" else variable.args[0]
    if body is variable:
        rules = (IDENTITY if variable.shape else ITSELF,)
    elif whole not in depends(body, whole) or (is_zero(result) and body.op not in (ELEMENT, *CONDITIONS)):
        rules = (CONSTANT,)
    else:
        entries = lines_of_entry(body, variable)
        diagonal = _diagonal(body, variable)
        if diagonal is not None:
            shown = [make(DIAG, (diagonal,)), result]
        if diagonal is not None or (body.op.kind == "elementwise" and _is_diagonal(result)):
            rules = (*rules, DIAGONAL)
    last = Line(DIRECT, mark(body, variable), distinct(shown), rules)
    return Derivation(body, variable, result, [*entries, last])


def _told_under_sum(body: Expr, variable: Expr, result: Expr) -> Derivation:
    """A sum over an index whose term has one rule: the derivative is moved inside, and taken there."""
    sigma = sigma_in(body)
    assert sigma is not None
    index, term = sigma.args

    def outside(inner: Expr) -> Expr:
        return rebuild(body, lambda node, args: make(SIGMA, (index, inner)) if node is sigma else None)

    start = mark(body, variable)
    touched = depends(term, variable)
    moving_args = sum([arg in touched for arg in term.args])
    taken = outside(derivative_of(term, [variable]))
    lines = [
        Line(DIRECT, start, [outside(mark(term, variable))], INSIDE.at("6.1")),
        Line(DIRECT, start, [taken], rule_of(term, moving_args, variable)),
    ]
    return _settled(body, variable, result, lines)


def _diagonal(body: Expr, variable: Expr) -> Expr | None:
    """Return the diagonal of the derivative of one element-wise operator by one of its arguments, or ± one of them."""
    if body.op.kind != "elementwise" or body.order != 1 or variable.order != 1 or body.op.partial is None:
        return None
    moved = [place for place, arg in enumerate(body.args) if variable in depends(arg, variable)]
    if len(moved) != 1:
        return None
    argument = body.args[moved[0]]
    multiple = argument.op is MUL and argument.args[1:] == (variable,)
    factor = argument.args[0] if multiple else number(1)
    if not is_number(factor) or not (multiple or argument is variable):
        return None
    partial = body.op.partial(body, moved[0])
    if partial is None:
        return None
    entries = mul(factor, partial)
    return entries if entries.shape else mul(entries, ones(body.shape))


def _is_diagonal(result: Expr) -> bool:
    """Say whether a matrix is written as a diagonal, but for a scalar before it."""
    return result.op is DIAG or (result.op is MUL and result.args[-1].op is DIAG)
