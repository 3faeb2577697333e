"""The differential of one operator, written as a person writes it: nothing is simplified, each factor stays in place.

Each rule has a name of the field: product rule, inverse, determinant, element-wise function, and so on (Magnus and
Neudecker, Matrix Differential Calculus, chapters 8 and 9; MIT 18.063). An operator without a rule of its own has the
differential that the engine finds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mcalc.calculus.basics.orientation import transposed
from mcalc.calculus.basics.simplifications import Reason, Reasons
from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.calculus.stories import reasons
from mcalc.calculus.stories.intermediates import replaced
from mcalc.calculus.stories.lines import DIRECT, Line
from mcalc.calculus.stories.reasons import (
    CANCEL,
    COLLECT,
    CYCLIC,
    MASK,
    OF_TRANSPOSE,
    OWN_TRACE,
    OWN_TRANSPOSE,
    SIMPLIFY,
)
from mcalc.calculus.stories.reasons import PUT_IN_DIFFERENTIALS as PUT_IN
from mcalc.expr import Expr, Operator, make, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.operators.abstract import DIFFERENTIAL, MARK
from mcalc.operators.arithmetic import ADD, CASES, LN, MUL, POW, add, mul, multiple, neg, parted, power
from mcalc.operators.kronecker import KRON, VEC
from mcalc.operators.leaves import SYMBOL, is_number, number, ones, symbol
from mcalc.operators.linear import DIAG, DOT, MATMUL, ROW, SIGMA, SUM, TRACE, TRANSPOSE, dot, matmul, transpose
from mcalc.operators.matrix import ADJ, DET, INV, MEAN, NORM
from mcalc.operators.network import LOGSUMEXP, SOFTMAX

Differentials = Mapping[Expr, Expr]

MANY = 2
PASSING = frozenset((ADD, MUL, MATMUL, DOT, TRANSPOSE, ROW, TRACE, VEC, MEAN, KRON, SIGMA, DIAG))
"""Operators that are linear in each argument, beside the linear rows of the table."""


def _product(*factors: Expr) -> Expr:
    """Return a matrix product without products in it, its numbers before it."""
    scalars: list[Expr] = []
    opened: list[Expr] = []
    for factor in factors:
        own, inner = multiple(factor)
        scalars += own
        opened += inner.args if inner.op is MATMUL and inner.shape else (inner,)
    made = matmul(*opened)
    return mul(*scalars, made) if scalars else made


def _through(op: Operator) -> Callable[..., Expr]:
    """Return what makes a trace or a sum of a sum, or of a multiple, term by term."""

    def build(inner: Expr) -> Expr:
        if inner.op is ADD and all([part.shape for part in inner.args]):
            return add(*[build(part) for part in inner.args])
        scalars, tensors = parted(inner)
        made = make(op, (mul(*tensors) if scalars else inner,))
        return mul(*scalars, made) if scalars else made

    return build


def _times(*factors: Expr) -> Expr:
    """Return a product with the numbers of its factors before it; one of a sum alone goes to each term."""
    opened = [part for factor in factors for part in (factor.args if factor.op is MUL else (factor,))]
    numbers = [part for part in opened if is_number(part)]
    rest = [part for part in opened if not is_number(part)]
    return mul(*numbers, *rest) if rest else mul(*numbers)


BUILDERS: dict[object, Callable[..., Expr]] = {
    ADD: add,
    MUL: _times,
    MATMUL: _product,
    DOT: dot,
    TRANSPOSE: transpose,
    ROW: transpose,
    TRACE: _through(TRACE),
    SUM: _through(SUM),
}
"""What makes an operator of changed arguments, as a person would write it."""


def put_in(expr: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """Return an expression with some nodes put as others, written as a person would."""

    def put(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node in values:
            return values[node]
        build = BUILDERS.get(node.op)
        return build(*args) if build is not None and args != node.args else None

    return rebuild(expr, put)


def passes(node: Expr) -> bool:
    """Say whether an operator is linear in each of its arguments, so that a d goes through it."""
    return node.op in PASSING or node.op.kind == "linear"


def is_squared_norm(node: Expr) -> bool:
    """Say whether a node is ‖r‖²."""
    return node.op is POW and node.args[0].op is NORM and is_number(node.args[1], 2)


def as_product(node: Expr) -> Expr:
    """Return ‖r‖² as rᵀ r, ‖R‖² as tr(Rᵀ R)."""
    inner = node.args[0].args[0]
    if inner.order == 1:
        return matmul(transpose(inner), inner) if not inner.is_row else matmul(inner, transpose(inner))
    return make(TRACE, (matmul(transpose(inner), inner),)) if inner.order == 2 else power(inner, number(2))


def tangent(node: Expr, moved: Differentials) -> Expr:
    """Return the differential of a node, given those of the arguments that move; all else is held.

    >>> from mcalc.dims import Dim
    >>> from mcalc.render.text import unicode
    >>> n = Dim.named("n")
    >>> X, dX = symbol("X", (n, n)), symbol("dX", (n, n))
    >>> unicode(tangent(make(INV, (X,)), {X: dX}))
    '-X⁻¹ dX X⁻¹'
    """
    places = [k for k, arg in enumerate(node.args) if arg in moved]
    if node.op is ADD:
        return add(*[_spread(moved[node.args[k]], node) for k in places])
    if node.op is SIGMA:
        return make(SIGMA, (node.args[0], moved[node.args[1]]))
    if passes(node):
        return add(*[_rebuilt(node, k, moved[node.args[k]]) for k in places])
    rule = RULES.get(node.op)
    if rule is not None and len(places) == 1:
        made = rule(node, moved[node.args[places[0]]])
        if made is not None:
            return made
    if node.op.kind == "elementwise" and node.op.partial is not None and node.op is not CASES:
        terms: list[Expr] = []
        for k in places:
            slope = node.op.partial(node, k)
            if slope is not None:
                terms.append(_times(slope, _spread(moved[node.args[k]], node)))
        return add(*terms)
    return _by_the_engine(node, places, moved)


def _spread(term: Expr, node: Expr) -> Expr:
    """A number that is added to each entry of something changes each of them."""
    return term if term.shape or not node.shape else mul(term, ones(node.shape))


def _rebuilt(node: Expr, k: int, change: Expr) -> Expr:
    args = (*node.args[:k], change, *node.args[k + 1 :])
    build = BUILDERS.get(node.op)
    return build(*args) if build is not None else make(node.op, args, node.attr)


def _power(node: Expr, change: Expr) -> Expr | None:
    base, exponent = node.args
    if not is_number(exponent) or change.shape != base.shape:
        return None
    return mul(number(exponent.attr), power(base, number(exponent.attr - 1)), change)


def _norm(node: Expr, change: Expr) -> Expr | None:
    inner = node.args[0]
    if inner.order != 1:
        return None
    return mul(power(node, number(-1)), _product(transpose(inner), change))


def by_cofactors(node: Expr, moved: Differentials) -> Expr | None:
    """Return the differential of a determinant before its adjugate is opened: the slope by an entry is its cofactor."""
    change = tangents(node.args[0], moved) if node.op is DET else None
    return make(TRACE, (_product(make(ADJ, node.args), change),)) if change is not None else None


def _logsumexp(node: Expr, change: Expr) -> Expr | None:
    return _product(transpose(make(SOFTMAX, node.args)), change) if node.args[0].order == 1 else None


RULES: dict[object, Callable[[Expr, Expr], Expr | None]] = {
    POW: _power,
    NORM: _norm,
    INV: lambda node, change: neg(_product(node, change, node)),
    DET: lambda node, change: mul(node, make(TRACE, (_product(make(INV, node.args), change),))),
    SOFTMAX: lambda node, change: mul(node, add(change, neg(dot(node, change)))) if node.order == 1 else None,
    LOGSUMEXP: _logsumexp,
}
"""The operators whose differential is written by a rule of its own, of one argument that moves."""
NAMED_RULES = {
    POW: reasons.POWER.at(""), NORM: reasons.FROBENIUS, INV: reasons.of_row(INV).at(""),
    DET: reasons.of_row(DET).at(""), SOFTMAX: reasons.OF_SOFTMAX, LOGSUMEXP: reasons.OF_SOFTMAX,
}  # fmt: skip


def _by_the_engine(node: Expr, places: Sequence[int], moved: Differentials) -> Expr:
    taken = names_in(node)
    names = free_names(taken, [f"#{k}" for k in range(len(places) * 2)])
    stands = {}
    for k in places:
        arg = node.args[k]
        stands[arg] = symbol(next(names), arg.shape, frozenset({"symmetric"} if arg.is_symmetric else ()))
    changes = {arg: symbol(next(names), moved[arg].shape) for arg in stands}
    args = tuple([stands.get(arg, arg) for arg in node.args])
    args = tuple([transpose(new) if old.is_row else new for old, new in zip(node.args, args, strict=True)])
    found = differential_of(make(node.op, args, node.attr), [(stands[arg], changes[arg]) for arg in stands])
    back = {changes[arg]: moved[arg] for arg in stands}
    return replaced(found, {**{stand: arg for arg, stand in stands.items()}, **back})


def tangents(expr: Expr, moved: Differentials) -> Expr | None:
    """Return the differential of an expression by the rules, operator by operator; None where nothing in it moves."""
    known: dict[Expr, Expr] = {}
    for node in walk(expr):
        if node in moved:
            known[node] = moved[node]
        elif any([arg in known for arg in node.args]):
            known[node] = tangent(node, known)
    return known.get(expr)


def reason(expr: Expr, moved: Differentials) -> tuple[Reasons, str]:
    """Return the rules that a differential is found by, those of what is not linear first, and what is held."""
    moving = set(moved)
    found: dict[str, Reason] = {}
    for node in walk(expr):
        if node in moved or not any([arg in moving for arg in node.args]):
            continue
        moving.add(node)
        count = sum([arg in moving for arg in node.args])
        if node.op in NAMED_RULES:
            rule = NAMED_RULES[node.op]
        elif passes(node):
            if count < MANY:
                continue
            rule = reasons.SUM_RULE if node.op is ADD else reasons.PRODUCT_RULE
        else:
            rule = reasons.ENTRYWISE if node.op.kind == "elementwise" and node.shape else reasons.of_row(node.op)
        found[rule.name] = rule.at("")
    if found:
        return tuple(found.values()), ""
    if any([node.op in (TRACE, TRANSPOSE, SUM) for node in moving]):
        return (reasons.LINEAR,), ""
    held = [node.attr[0] for node in walk(expr) if node.op is SYMBOL and node not in moving]
    if not held:
        return (reasons.LINEAR,), ""
    return (reasons.HELD,), f"{listed(held)} {'is' if len(held) == 1 else 'are'} held"


def listed(names: Sequence[str]) -> str:
    """Return some names in a row.

    >>> listed(["x"]), listed(["x", "b", "y"])
    ('x', 'x, b and y')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def without_number(whole: Expr) -> Expr:
    """Return what stands behind a number: the ‖r‖² of ½ ‖r‖²."""
    return whole.args[1] if whole.op is MUL and len(whole.args) == 2 and is_number(whole.args[0]) else whole


def with_number_of(whole: Expr, bare: Expr) -> Expr:
    """Return something behind the number that a whole has before it."""
    return bare if without_number(whole) is whole else mul(whole.args[0], bare)


def log_of_softmax(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Open yᵀ ln(softmax(z)) = yᵀ z - sum(y) lse(z), which has a simple differential."""
    if node.op not in (MATMUL, DOT) or node.shape or len(args) != 2:
        return None
    for row, other in (args, args[::-1]):
        if other.op is LN and other.args[0].op is SOFTMAX and other.args[0].order == 1 and not other.is_row:
            inner, column = other.args[0].args[0], row.args[0] if row.op is ROW else row
            lse = make(LOGSUMEXP, (inner,))
            return add(matmul(transpose(column), inner), neg(mul(make(SUM, (column,)), lse)))
    return None


def turned_difference(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Turn a difference round: -(a - b) = b - a."""
    if node.op is MUL and len(args) == 2 and is_number(args[0], -1) and args[1].op is ADD:
        return add(*reversed([neg(part) for part in args[1].args]))
    return None


def at_the_end(current: Expr, direction: Expr) -> Expr:
    """Return a number that is linear in directions with each of them at the end: tr(Gᵀ dX), g dx."""
    present = [node for node in walk(current) if node is direction or (node.op is SYMBOL and MARK in node.attr[2])]
    present += [node for node in walk(current) if node.op is DIFFERENTIAL]
    parts: list[Expr] = []
    for change in dict.fromkeys(present):
        name = change if change.op is SYMBOL else symbol("#", change.shape)
        inside = current if name is change else replaced(current, {change: name})
        others = {other: _zero_like(other) for other in present if other is not change}
        slope = derivative_of(replaced(inside, others) if others else inside, [name])
        parts.append(_along(slope, change))
    return add(*parts)


def before_direction(last: Expr, direction: Expr) -> Expr | None:
    """Return the Gᵀ of tr(Gᵀ dX), where it is more than one factor; else None."""
    factors = last.args if last.op is MUL else (last,)
    inside = factors[-1].args[0] if factors[-1].op is TRACE else None
    if inside is None or inside.op is not MATMUL or inside.args[-1] is not direction:
        return None
    rest = inside.args[:-1]
    if len(rest) == 1 and rest[0].op is not ADD:
        return None
    return mul(*factors[:-1], matmul(*rest) if len(rest) > 1 else rest[0])


def brought(before: Expr, last: Expr, dy: Expr, direction: Expr) -> list[Line]:
    """Return the lines that bring directions to the end: where there are several terms one by one, then all in one."""
    if last is before:
        return []
    if before.op is not ADD:
        return [Line(DIRECT, dy, [last], _why(before, last))]
    terms = [(term, at_the_end(term, direction)) for term in before.args]
    apart = add(*[made for _, made in terms])
    if apart is before:
        return [Line(DIRECT, dy, [last], COLLECT)]
    why = [*dict.fromkeys([_why(term, made) for term, made in terms if made is not term])]
    lines = [Line(DIRECT, dy, [apart], why)]
    if len({made for _, made in terms}) < len(terms):
        return [Line(DIRECT, dy, [last], why)]
    return lines if apart is last else [*lines, Line(DIRECT, dy, [last], COLLECT)]


def without_middle(lines: list[Line]) -> list[Line]:
    """Put several names in at once where one line after another does so: those between say no more."""
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else None
        both = before is not None and before.reasons == line.reasons == (PUT_IN,) and before.lhs is line.lhs
        if both and before is not None and not before.name.startswith(("δ", "ε")):
            kept[-1] = Line(
                DIRECT, line.lhs, line.rhs, PUT_IN, name=" and ".join(filter(None, [before.name, line.name]))
            )
        else:
            kept.append(line)
    return kept


def _why(before: Expr, after: Expr) -> Reason:
    """Return the rule that brings a direction to the end."""
    traces = {node for node in walk(before) if node.op is TRACE}
    if any([node.op is MUL and sum([arg.order > 0 for arg in node.args]) > 1 for node in walk(before)]):
        return MASK
    turned = any([node.op in (TRANSPOSE, ROW) and _has_direction(node.args[0]) for node in walk(before)])
    if turned:
        return OF_TRANSPOSE if traces else OWN_TRANSPOSE
    now = {node for node in walk(after) if node.op is TRACE}
    if now and not traces:
        return OWN_TRACE
    if now and len(now) < len(traces):
        return CYCLIC
    if _divisors(after) < _divisors(before):
        return CANCEL
    return CYCLIC if now - traces else SIMPLIFY


def _has_direction(node: Expr) -> bool:
    """Say whether a direction stands in a node, outside of any function."""
    return any([part.op is DIFFERENTIAL or (part.op is SYMBOL and MARK in part.attr[2]) for part in walk(node)])


def _divisors(expr: Expr) -> int:
    """Count the divisors in an expression."""
    return sum([node.op is POW and is_number(node.args[1]) and node.args[1].attr < 0 for node in walk(expr)])


def _zero_like(direction: Expr) -> Expr:
    """Return what stands for the zeros that a direction is held at, under a name of no variable."""
    from_shape = ones(direction.shape) if direction.shape else None
    return mul(symbol("#0"), from_shape) if from_shape is not None else symbol("#0")


def _along(slope: Expr, change: Expr) -> Expr:
    """Return tr(Gᵀ dX), g dx or g dx of numbers."""
    scalars, tensors = parted(slope)
    if not change.shape:
        return mul(*(slope.args if slope.op is MUL else (slope,)), change)
    whole = tensors[0] if len(tensors) == 1 else mul(*tensors)
    if change.order == 1:
        row = whole if whole.is_row else transpose(whole)
        made = matmul(*(row.args if row.op is MATMUL else (row,)), change)
    else:
        turned = transposed(whole)
        made = make(TRACE, (matmul(*(turned.args if turned.op is MATMUL else (turned,)), change),))
    return mul(*scalars, made)
