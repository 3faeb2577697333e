"""The rules of differentiation as they are misremembered: each gives the derivative that comes of it.

One part h of what is differentiated gets a wrong derivative p u′ + q v′ + ..., all else is differentiated as it should
be. For that, h is replaced by p u + q v + ... + c with p, q and c constant, and what they stand for is put back after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.checking.edits import rebuilt, replaced
from mcalc.checking.verdict import Question
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.operators.arithmetic import CONDITIONS, LN, MAX, MIN, MUL, POW, add, div, mul, neg, power
from mcalc.operators.elementwise import ABS, COS, EXP, RELU, SIGMOID, SIGN, SIN, SOFTPLUS, TANH
from mcalc.operators.leaves import SYMBOL, is_number, number, ones, symbol
from mcalc.operators.linear import DOT, MATMUL, SUM, dot, matmul, transpose
from mcalc.operators.matrix import NORM, NORM1
from mcalc.operators.network import SOFTMAX

if TYPE_CHECKING:
    Write = Callable[[Expr], str]
    Terms = Sequence[tuple[Expr, Callable[[tuple[Expr, ...]], Expr]]]

MOST_PARTS = 24
"""As many parts of what is differentiated are looked at, those nearest to the whole first."""


class Misrule(NamedTuple):
    """A wrong rule for one part: the kind of the slip, what it is in words, and the wrong derivative.

    That is given by `terms`, each a factor, and what makes of the arguments of the part what it is the factor of; or by
    `gradient`, the derivative of a scalar part by the variable.
    """

    part: Expr
    kind: str
    text: str
    terms: Terms = ()
    gradient: Expr | None = None


def derivatives(question: Question, write: Write) -> Iterator[tuple[str, str, Expr]]:
    """Yield the derivatives that come of the misremembered rules: the kind of slip, in words, and the derivative."""
    variable = question.variables[0]
    touched = depends(question.body, variable)
    parts = [node for node in walk(question.body) if node in touched and node.args][: -MOST_PARTS - 1 : -1]
    masks: dict[Expr, Misrule] = {}
    for part in parts:
        for rule in _misrules(part, variable, touched, question, write):
            made = _derived(question, {part: rule})
            if made is not None:
                yield rule.kind, rule.text, made
            if rule.kind == "mask":
                masks.setdefault(part, rule)
    if len(masks) > 1:
        made = _derived(question, masks)
        if made is not None:
            text = " and ".join([rule.text.removesuffix(", is missing") for rule in masks.values()])
            yield "mask", f"{text}, are missing", made


def _derived(question: Question, rules: Mapping[Expr, Misrule]) -> Expr | None:
    """The derivative with wrong rules for some parts."""
    variable = question.variables[0]
    meant: dict[str, Expr] = {}

    def constant(value: Expr) -> Expr:
        name = f"constant {len(meant)}"
        meant[name] = transpose(value) if value.is_row else value
        stand_in = symbol(name, value.shape, frozenset(), *sorted(value.free, key=lambda index: str(index.attr)))
        return transpose(stand_in) if value.is_row else stand_in

    def linear(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        rule = rules.get(node)
        if rule is None:
            return None
        if rule.gradient is not None:
            whole = [(constant(rule.gradient), variable)]
            total = [dot(p, u) if p.shape else mul(p, u) for p, u in whole]
            back = [dot(rule.gradient, variable) if variable.shape else mul(rule.gradient, variable)]
        else:
            total = [mul(constant(p), of(args)) for p, of in rule.terms]
            back = [mul(p, of(node.args)) for p, of in rule.terms]
        return add(*total, constant(add(node, *[neg(term) for term in back])))

    try:
        body = rebuild(question.body, linear)
        made = question.derivative(body)
        if made is not None:
            made = _put_back(made, meant)
    except (ShapeError, ValueError):
        return None
    return made


def _put_back(made: Expr, meant: Mapping[str, Expr]) -> Expr:
    """Put what the constants stand for in their place, inside a sum for the index that runs there."""

    def swap(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not SYMBOL or node.attr[0] not in meant:
            return rebuilt(node, args)
        value = meant[node.attr[0]]
        for index, running in zip(sorted(value.free, key=lambda index: str(index.attr)), args, strict=True):
            value = replaced(value, index, running)
        return value

    return rebuild(made, swap)


def _slope(part: Expr, place: int = 0) -> Expr | None:
    """The derivative of a function of numbers by one of its arguments; None where it is 0."""
    return part.op.partial(part, place) if part.op.partial is not None else None


def _argument(place: int) -> Callable[[tuple[Expr, ...]], Expr]:
    return lambda args: args[place]


def _misrules(
    part: Expr, variable: Expr, touched: frozenset[Expr] | set[Expr], question: Question, write: Write
) -> Iterator[Misrule]:
    """The wrong rules that there are for a part."""
    op = part.op
    if op in (MAX, MIN, RELU, ABS, NORM1):
        yield from _without_mask(part, touched, write)
    elif op is NORM:
        yield from _of_the_square(part, write)
    elif op is SOFTMAX:
        yield from _diagonal_alone(part, write)
    elif op is POW or op is EXP:
        yield from _powers(part, touched, write)
    elif op.kind == "elementwise" and len(part.args) == 1:
        yield from _function(part, write)
        if not variable.shape and not part.shape:
            yield from _at_the_inner_slope(part, question, write)
    if op in (MUL, DOT, MATMUL) and not part.shape:
        yield from _products(part, variable, touched, question, write)


def _without_mask(part: Expr, touched: frozenset[Expr] | set[Expr], write: Write) -> Iterator[Misrule]:
    """The derivative of max(0, u) as that of u, of |u| as that of u."""
    name = {MAX: "max", MIN: "min", RELU: "relu", ABS: "the absolute value", NORM1: "the 1-norm"}[part.op]
    for place, arg in enumerate(part.args):
        if arg not in touched:
            continue
        if part.op is NORM1:
            mask = write(make(SIGN, (arg,)))
            terms: Terms = [(number(1), lambda args: make(SUM, args))]
        else:
            slope = _slope(part, place)
            mask = write(slope) if slope is not None else ""
            mask = f"({mask})" if slope is not None and slope.op in CONDITIONS else mask
            terms = [(number(1), _argument(place))]
        text = f"the derivative of {name}, {mask}, is missing"
        if part.op is ABS:
            text += f"; it is 1 only where {write(arg)} > 0"
        yield Misrule(part, "mask", text, terms)


def _of_the_square(part: Expr, write: Write) -> Iterator[Misrule]:
    """The derivative of ‖u‖ as that of ‖u‖²."""
    if part.args[0].order == 1:
        square: Callable[[tuple[Expr, ...]], Expr] = lambda args: dot(args[0], args[0])  # noqa: E731 - short
    else:
        square = lambda args: make(SUM, (mul(args[0], args[0]),))  # noqa: E731 - short
    text = f"the derivative of the square {write(power(part, number(2)))} in the place of that of {write(part)}"
    yield Misrule(part, "norm", text, [(number(1), square)])


def _diagonal_alone(part: Expr, write: Write) -> Iterator[Misrule]:
    """The Jacobian of softmax as its diagonal, or as the first of its two terms."""
    s = write(part)
    yield Misrule(
        part, "softmax", f"only the diagonal of the Jacobian of {s}: -{s} {s}ᵀ is missing beside it",
        [(mul(part, add(ones(part.shape), neg(part))), _argument(0))],
    )  # fmt: skip
    yield Misrule(part, "softmax", f"-{s} {s}ᵀ is missing in the Jacobian of {s}", [(part, _argument(0))])


def _powers(part: Expr, touched: frozenset[Expr] | set[Expr], write: Write) -> Iterator[Misrule]:
    """The power rule where there is an exponential, a factor that it brings down, a power integrated."""
    base, exponent = part.args if part.op is POW else (None, part.args[0])
    place = len(part.args) - 1
    if exponent in touched:
        lower = power(base, add(exponent, number(-1))) if base is not None else make(EXP, (add(exponent, number(-1)),))
        right = write(mul(make(LN, (base,)), part)) if base is not None else write(part)
        text = f"the power rule on an exponential: of {write(part)} by its exponent the derivative is {right}"
        yield Misrule(part, "power rule", text, [(mul(exponent, lower), _argument(place))])
        if base is not None and base not in touched:
            text = f"the factor {write(make(LN, (base,)))} is missing, of the derivative of {write(part)}"
            yield Misrule(part, "power rule", text, [(part, _argument(place))])
    if base is None or base not in touched or not is_number(exponent):
        return
    slope = _slope(part)
    assert slope is not None
    k = Fraction(exponent.attr)
    text = f"the derivative of the outer power {write(part)}, {write(slope)}, is missing"
    yield Misrule(part, "inner derivative", text, [(number(1), _argument(0))])
    text = f"the factor {write(exponent)} is missing, which the power {write(part)} brings down"
    yield Misrule(part, "power rule", text, [(power(base, number(k - 1)), _argument(0))])
    whole = make(LN, (base,)) if k == -1 else div(power(base, number(k + 1)), number(k + 1))
    yield Misrule(part, "integrated", _integrated(write(part), write(whole), write(slope)), [(whole, _argument(0))])


def _integrated(function: str, integral: str, slope: str) -> str:
    return f"integrated, not differentiated: {integral} is the integral of {function}, its derivative is {slope}"


def _function(part: Expr, write: Write) -> Iterator[Misrule]:
    """A function in the place of its derivative, its integral, its derivative left out."""
    slope = _slope(part)
    if slope is None:
        return
    u = part.args[0]
    f, right = write(part), write(slope)
    for wrong in (part, add(number(1), neg(part))) if part.op in (SIGMOID, TANH) else (part,):
        text = f"the derivative of {f} is {right}, not {write(wrong)}"
        yield Misrule(part, "function", text, [(wrong, _argument(0))])
    integral = {
        SIN: lambda: neg(make(COS, (u,))),
        COS: lambda: make(SIN, (u,)),
        LN: lambda: add(mul(u, part), neg(u)),
        SIGMOID: lambda: make(SOFTPLUS, (u,)),
    }.get(part.op)
    if integral is not None:
        whole = integral()
        yield Misrule(part, "integrated", _integrated(f, write(whole), right), [(whole, _argument(0))])
    if u.args:
        text = f"the derivative of the outer {f}, {right}, is missing"
        yield Misrule(part, "inner derivative", text, [(number(1), _argument(0))])


def _at_the_inner_slope(part: Expr, question: Question, write: Write) -> Iterator[Misrule]:
    """f′(g′) for f(g), of a number."""
    slope = _slope(part)
    inner = question.derivative(part.args[0])
    if slope is not None and inner is not None and part.args[0].args:
        wrong = replaced(slope, part.args[0], inner)
        text = f"the chain rule: {write(wrong)}, f′(g′), in the place of f′(g) g′, where f(g) is {write(part)}"
        yield Misrule(part, "inner derivative", text, gradient=wrong)


def _products(
    part: Expr, variable: Expr, touched: frozenset[Expr] | set[Expr], question: Question, write: Write
) -> Iterator[Misrule]:
    """f′ g′ for a product, f′/g′ for a quotient, of a scalar."""
    moving = [arg for arg in part.args if arg in touched]
    fixed = [arg for arg in part.args if arg not in touched]
    if len(moving) < 2 or (part.op is MATMUL and len(part.args) > 2):
        return
    below = [arg for arg in moving if arg.op is POW and is_number(arg.args[1]) and arg.args[1].attr < 0]
    for place in range(1 if len(moving) == 2 else len(moving)):
        one = moving[place]
        others = [*moving[:place], *moving[place + 1 :]]
        f, g = (one, mul(*others)) if part.op is MUL else (part.args[0], part.args[1])
        slopes = [question.derivative(f), question.derivative(g)]
        if slopes[0] is not None and slopes[1] is not None:
            try:
                together = _pointwise(part, slopes[0], slopes[1], fixed)
            except ShapeError:
                continue
            text = "the product rule: f′ g′ in the place of f′ g + f g′, where f is {} and g is {}"
            yield Misrule(part, "product rule", text.format(write(f), write(g)), gradient=together)
    if part.op is MUL and len(below) == 1 and len(moving) > 1:
        g = power(below[0].args[0], number(-below[0].args[1].attr))
        f = mul(*[arg for arg in moving if arg is not below[0]])
        slopes = [question.derivative(f), question.derivative(g)]
        if slopes[0] is not None and slopes[1] is not None:
            text = "the quotient rule: f′/g′ in the place of (f′ g - f g′)/g², where f is {} and g is {}"
            wrong = mul(*fixed, div(slopes[0], slopes[1]))
            yield Misrule(part, "quotient rule", text.format(write(f), write(g)), gradient=_upright(wrong, variable))


def _upright(gradient: Expr, variable: Expr) -> Expr:
    return transpose(gradient) if gradient.is_row and not variable.is_row else gradient


def _pointwise(part: Expr, one: Expr, other: Expr, fixed: Sequence[Expr]) -> Expr:
    """f′ g′: of numbers, of rows entry by entry, of vectors that depend on a number by their dot product."""
    if part.op is MUL:
        made = mul(*fixed, one, other)
    elif part.op is DOT:
        made = dot(one, other)
    else:
        made = matmul(one, other)
    return transpose(made) if made.is_row else made


PRODUCTS: dict[object, Callable[..., Expr]] = {MUL: mul, MATMUL: matmul, DOT: lambda *args: make(DOT, args)}


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
