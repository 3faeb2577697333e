"""What a derivative is written by at last: the means and deviations of its function, which it opens, and σ (1 - σ)."""

from __future__ import annotations

from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, MUL, POW, add, has_minus, mul, neg, power
from mcalc.operators.elementwise import SIGMOID
from mcalc.operators.leaves import SIZE, is_number, number, size
from mcalc.operators.linear import SUM
from mcalc.operators.matrix import MEAN, STD, VAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOMENTS = frozenset((MEAN, VAR, STD))


def with_slopes(expr: Expr) -> Expr:
    """Return an equal expression with σ(u) (1 - σ(u)) for σ(u) σ(-u), as the derivative of σ is known.

    >>> from mcalc import derive
    >>> derive("1/(1 + exp(-x))", wrt="x").text
    'σ(x) (1 - σ(x))'
    """

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not MUL:
            return None
        for one in [arg for arg in args if arg.op is SIGMOID]:
            rest = _without(args, (one, make(SIGMOID, (neg(one.args[0]),))))
            if rest is not None:
                upright = make(SIGMOID, (neg(one.args[0]),)) if has_minus(one.args[0]) else one
                return mul(*rest, upright, add(number(1), neg(upright)))
        return None

    return rebuild(expr, change) if expr.has(SIGMOID) else expr


def with_moments(expr: Expr, body: Expr) -> Expr:
    """Return an equal expression with mean(x) for sum(x) / n, var(x) and std(x), wherever `body` has them of an x.

    Algebra: mean(x) = sum(x) / n; var(x) = sum((x - mean(x))²) / n; std(x) = √var(x).

    >>> from mcalc import derive
    >>> derive("std(x)", wrt="x", where="x: R^n").text
    '(x - mean(x))ᵀ / (n std(x))'
    """
    used = _moments_of(body)
    for of in dict.fromkeys([node.args[0] for node in used]):
        expr = _with_those_of(expr, of, spread=any([node.op is STD for node in used if node.args[0] is of]))
    return expr


def _moments_of(body: Expr) -> list[Expr]:
    """Return the moments in an expression, those in the definitions of its functions too."""
    found: list[Expr] = []
    for node in walk(body):
        if node.op in MOMENTS:
            found.append(node)
        elif node.op.kind == "defined" and node.op.body is not None:
            found += [inner for inner in walk(node.op.body(*node.args)) if inner.op in MOMENTS]
    return found


def _with_those_of(expr: Expr, of: Expr, *, spread: bool) -> Expr:
    total, mean, variance = make(SUM, (of,)), make(MEAN, (of,)), make(VAR, (of,))
    counts = [power(size(dim), number(-1)) for dim in of.shape]
    terms = {*(of.args if of.op is ADD else (of,))}
    centred = [{*terms, neg(mean)}, {*[neg(term) for term in terms], mean}]

    def is_squares(node: Expr) -> bool:
        square = node.args[0] if node.op is SUM else node
        return square.op is POW and is_number(square.args[1], 2) and is_centred(square.args[0])

    def is_centred(node: Expr) -> bool:
        opened = [part for arg in node.args for part in (arg.args if arg.op is ADD else (arg,))]
        return node.op is ADD and {*opened} in centred

    def change(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is POW and args[0] is variance and spread and is_number(args[1]):
            return power(make(STD, (of,)), number(args[1].attr * 2))
        if node.op is not MUL:
            return None
        for whole in [arg for arg in args if arg is total or (arg.op is SUM and is_squares(arg))]:
            rest = _without(args, (whole, *counts))
            if rest is not None:
                return mul(*rest, mean if whole is total else variance)
        return None

    if not any([node.op is SIZE or node is total for node in walk(expr)]):
        return expr
    made = rebuild(expr, change)
    return _divided(made, make(STD, (of,))) if made.op is ADD and spread else made


def _divided(total: Expr, divisor: Expr) -> Expr:
    """Return a sum that is divided by something once, where each of its terms is: a / s + b / s³ = (a + b / s²) / s."""
    split = [(term.args if term.op is MUL else (term,)) for term in total.args]
    found = [[f for f in factors if f.op is POW and f.args[0] is divisor and f.args[1].attr < 0] for factors in split]
    if not all(found):
        return total
    most = max([one[0].args[1].attr for one in found])
    rest = [
        mul(*[power(divisor, number(f.args[1].attr - most)) if f is one[0] else f for f in factors])
        for factors, one in zip(split, found, strict=True)
    ]
    return mul(add(*rest), power(divisor, number(most)))


def _without(factors: Sequence[Expr], taken: Sequence[Expr]) -> list[Expr] | None:
    """Return factors without some of them; None where one is not there."""
    rest = list(factors)
    for one in taken:
        if one not in rest:
            return None
        rest.remove(one)
    return rest
