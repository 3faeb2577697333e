"""What a derivative is where its formula divides by 0: at a singular matrix, and where a norm is 0.

A determinant beside an inverse of the same matrix is the adjugate, which a singular matrix has as well. In x/‖x‖ the
quotient is what the norm's derivative gives: 0 is taken there, as is said of it, so ‖x‖ where it divides becomes
{‖x‖ if ‖x‖ ≠ 0; ∞ otherwise}. Roots of sums of squares are norms by another name, standard deviations among them.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mcalc.calculus.accumulate.differentiate import expand_defined
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.basics.positive import is_positive, vanishes_flatly
from mcalc.expr import Expr, fold, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, CASES, LN, MUL, NE, POW, add, mul, power
from mcalc.operators.blocks import SLICE
from mcalc.operators.elementwise import LOG2, LOG10
from mcalc.operators.leaves import is_number, number
from mcalc.operators.linear import DIAG, EINSUM, ELEMENT, SIGMA, diag, transpose
from mcalc.operators.matrix import ADJ, DET, INV, NORM


def with_adjugates(expr: Expr) -> Expr:
    """Return an equal expression with adj(A) for det(A) A⁻¹ wherever one multiplies the other, however far inside.

    Algebra: det(A) A⁻¹ = adj(A), a matrix of polynomials in the entries of A; det(A) (f + g) = det(A) f + det(A) g.

    >>> from mcalc import parse
    >>> cofactors = parse("det(A) A^-T", where="A: R^{n x n}").expr
    >>> with_adjugates(cofactors) is parse("adj(A)^T", where="A: R^{n x n}").expr
    True
    """
    return rebuild(expr, _with_adjugates)


def _with_adjugates(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Put each determinant among the factors of a product into another factor, as often as there is an inverse."""
    if node.op not in (MUL, EINSUM):
        return None
    factors = list(args)
    changed = False
    for place, factor in enumerate(args):
        base, times = factor, 1
        if factor.op is POW and is_number(factor.args[1]) and type(factor.args[1].attr) is int:
            base, times = factor.args[0], factor.args[1].attr
        while base.op is DET and times > 0:
            pushed = _first_taken(base, [one for k, one in enumerate(factors) if k != place])
            if pushed is None:
                break
            times, changed = times - 1, True
            factors = [*pushed[:place], power(base, number(times)), *pushed[place:]]
    if not changed:
        return None
    return mul(*factors) if node.op is MUL else make(EINSUM, tuple(factors), node.attr)


def _first_taken(det: Expr, factors: list[Expr]) -> list[Expr] | None:
    """The factors of a product, the first that can take the determinant in having done so; None where none can."""
    for place, factor in enumerate(factors):
        taken: Expr | None = fold(factor, _inner, lambda node, done: _taken(det, node, done))
        if taken is not None:
            return [*factors[:place], taken, *factors[place + 1 :]]
    return None


def _inner(node: Expr) -> tuple[Expr, ...]:
    """The arguments in each of which the node is linear, or, of a sum, is so in all at once."""
    if node.op in (SIGMA, ELEMENT):
        return node.args[1:] if node.op is SIGMA else node.args[:1]
    return node.args if node.op.kind == "linear" or node.op in (ADD, MUL, DIAG, SLICE) else ()


def _taken(det: Expr, node: Expr, done: dict[Expr, Expr | None]) -> Expr | None:
    """The node times the determinant, with no inverse of that matrix left where it stood; None where there is none."""
    if node.op is INV:
        return _adjugate(det.args[0], node.args[0])
    if node.op is POW and node.order == 1 and det.args[0] is diag(node.args[0]) and is_number(node.args[1], -1):
        return diag(make(ADJ, det.args))
    inner = _inner(node)
    if all([done[arg] is None for arg in inner]):
        return None
    if node.op is ADD:
        parts = [done[arg] for arg in inner]
        return add(*[mul(det, arg) if part is None else part for arg, part in zip(inner, parts, strict=True)])
    at = next(place for place, arg in enumerate(node.args) if done.get(arg) is not None and arg in inner)
    args = tuple([done[arg] or arg if place == at else arg for place, arg in enumerate(node.args)])
    return mul(*args) if node.op is MUL else make(node.op, args, node.attr)


def _adjugate(of: Expr, inverted: Expr) -> Expr | None:
    """The determinant of one matrix times the inverse of another: itself, its transpose, or a part of a multiple."""
    scalars = [arg for arg in of.args if not arg.shape] if of.op is MUL else []
    matrices = [arg for arg in of.args if arg.shape] if scalars else [of]
    if len(matrices) != 1 or inverted not in (matrices[0], transpose(matrices[0])):
        return None
    return mul(*scalars, make(ADJ, (mul(*scalars, inverted),)))


INFINITE = number(math.inf)
LOGARITHMS = frozenset({LN, LOG2, LOG10})
HALF = Fraction(1, 2)


def taken_at_zero(function: Expr, result: Expr) -> tuple[Expr, frozenset[Expr]]:
    """Return a derivative of a function as 0 is taken for it where a norm is 0, and the tests of that in it.

    A function that divides by a norm itself has no value where it is 0; its derivative stays as it is. So it does where
    the function has no bounded slope, as ‖x‖^(1/2) has none.

    >>> from mcalc import parse
    >>> length, slope = [parse(text, where="x: R^n").expr for text in ("norm(x)", "x / norm(x)")]
    >>> from mcalc.numeric.evaluate import evaluate
    >>> evaluate(taken_at_zero(length, slope)[0], {"x": [0.0, 0.0]}).tolist()
    [0.0, 0.0]
    """
    if not result.has(POW) or not any([_is_divided(node) for node in walk(result)]):
        return result, frozenset()
    smooth, steep = lengths(as_columns(expand_defined(function)))
    if not smooth:
        return result, frozenset()
    tests: set[Expr] = set()

    def without(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        length = node.args[0] if _is_divided(node) else None
        names = {length, _under_root(length)} if length is not None else set()
        if length is None or names & steep or (steep and not names & smooth):
            return None
        test = make(NE, (args[0], number(0)))
        tests.add(test)
        return make(POW, (make(CASES, (args[0], test, INFINITE)), args[1]))

    return rebuild(result, without), frozenset(tests)


def _is_divided(node: Expr) -> bool:
    """Say whether a node is a quotient by a norm, or by a sum of squares, to some power."""
    if node.op is not POW or not is_number(node.args[1]) or node.args[1].attr >= 0:
        return False
    return _is_length(node.args[0])


def _under_root(expr: Expr) -> Expr:
    """The sum of squares that a standard deviation is the root of; anything else as it is."""
    if expr.op.kind != "defined":
        return expr
    expr = as_columns(expand_defined(expr))
    return expr.args[0] if expr.op is POW and is_number(expr.args[1], HALF) else expr


def _is_length(expr: Expr) -> bool:
    expr = _under_root(expr)
    return expr.op is NORM or (not is_positive(expr) and vanishes_flatly(expr))


def lengths(function: Expr) -> tuple[set[Expr], set[Expr]]:
    """Return the norms and sums of squares whose roots a function is made of, and those that it divides by.

    In the first it has a bounded slope where they are 0, in the second none.
    """
    smooth: set[Expr] = set()
    steep: set[Expr] = set()
    for node in walk(function) if function.has(NORM, POW, *LOGARITHMS) else ():
        if node.op is NORM:
            smooth.add(node)
        elif node.op in LOGARITHMS:
            steep.add(node.args[0])
        elif node.op is POW:
            base, exponent = node.args
            least = 1 if base.op is NORM or base.op.kind == "defined" else HALF
            if base.op is POW and is_number(base.args[1], HALF):
                base, least = base.args[0], 1
            if _is_length(base):
                bounded = is_number(exponent) and exponent.attr >= least
                (smooth if bounded else steep).add(base)
    return smooth - steep, steep
