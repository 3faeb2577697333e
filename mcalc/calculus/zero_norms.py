"""Derivatives where a norm is 0, and so has none: 0 is taken there, as is said of it, rather than 0/0.

In x/‖x‖ the quotient is what the norm's derivative gives, so ‖x‖ where it divides becomes
{‖x‖ if ‖x‖ ≠ 0; ∞ otherwise}. Roots of sums of squares are norms by another name, standard deviations among them.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mcalc.calculus.accumulate.differentiate import expand_defined
from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.basics.positive import is_positive, vanishes_flatly
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import CASES, LN, NE, POW
from mcalc.operators.elementwise import LOG2, LOG10
from mcalc.operators.leaves import is_number, number
from mcalc.operators.matrix import NORM

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
        if length is None or length in steep or (steep and length not in smooth):
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


def _is_length(expr: Expr) -> bool:
    if expr.op.kind == "defined":  # a standard deviation is a root of squares
        expr = expand_defined(expr)
        if expr.op is POW and is_number(expr.args[1], HALF):
            expr = expr.args[0]
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
        elif node.op is POW and _is_length(node.args[0]):
            base, exponent = node.args
            least = 1 if base.op is NORM else HALF
            bounded = is_number(exponent) and exponent.attr >= least
            (smooth if bounded else steep).add(base)
    return smooth - steep, steep
