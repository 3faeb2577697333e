"""One solution, solutions put in place, and what comes of it written as short as a person would."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt, lcm, prod
from typing import TYPE_CHECKING, NamedTuple

from mcalc.calculus.accumulate.differentiate import expand_defined
from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.orientation import as_columns, as_units
from mcalc.calculus.basics.positive import is_nonnegative
from mcalc.calculus.basics.running_indices import told_apart
from mcalc.calculus.basics.simplifications import disabled
from mcalc.calculus.derive import simplified
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build
from mcalc.calculus.other_forms import tied_together
from mcalc.calculus.rules.normal_form import normalise
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.operators.arithmetic import ADD, LN, MUL, POW, mul, power
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import ONES, is_number, is_zero, number, zeros
from mcalc.operators.linear import DOT, ELEMENT, MATMUL, ROW, element, matmul
from mcalc.operators.matrix import norm

if TYPE_CHECKING:
    from mcalc.calculus.basics.simplifications import Simplification
    from mcalc.calculus.index_notation.term import Factor
    from mcalc.expr import Number

MOST = 2_000
"""An expression of more nodes than this is no closed form that a person would want."""


LARGEST = 1 << 52
"""Of a number beyond this no root is looked for that would be a whole number."""
LARGEST_PRIME = 1 << 10
"""Larger factors of a number are not looked for."""
LATEST = 256
"""So many equations stay known as they were written or opened: each way to solve one asks for the same anew."""


class TooLong(Exception):
    """What came of a substitution is too long to be an answer."""


def put(expr: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """Return an expression with some variables replaced, its sums over indices told apart."""
    if not any([node in values for node in walk(expr)]):
        return expr
    return told_apart(rebuild(expr, lambda node, args: values.get(node)))


def occurs(expr: Expr, variables: Collection[Expr]) -> bool:
    """Say whether one of some variables stands in an expression."""
    return any([node in variables for node in walk(expr)])


def moving(expr: Expr, variables: Collection[Expr]) -> list[Expr]:
    """Return the nodes of an expression that depend on some variables, arguments first."""
    found: dict[Expr, None] = {}
    for node in walk(expr):
        if node in variables or any([arg in found for arg in node.args]):
            found[node] = None
    return list(found)


def parted(term: Term) -> tuple[Expr, list[list[Factor]]]:
    """Return a term as the vector or matrix in it, and the factors of each number that it is multiplied by."""
    groups = tied_together(term)
    whole = build(Term(1, [factor for reached, own in groups if reached for factor in own], term.out))
    return whole, [own for reached, own in groups if not reached]


def at_zero(expr: Expr, variable: Expr) -> Expr:
    """Return what is left of an expression where a variable is 0."""
    return tidy(put(expr, {variable: zeros(variable.shape)}))


def tidy(expr: Expr) -> Expr:
    """Return an equal column or matrix, simplified from the inside out; of two ways to write it, the shorter.

    Raises:
        TooLong: where it has too many nodes.
    """
    columns = as_columns(expand_defined(expr))
    if sum([1 for _ in walk(columns)]) > MOST:
        raise TooLong
    while (entries := rebuild(columns, _entry)) is not columns:
        columns = entries
    return _simple(rebuild(columns, _tidied))


def _entry(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Take an entry of each argument of what works entry by entry: (a / b)_k is a_k / b_k; one of 1⃗ is 1."""
    of = args[0] if node.op is ELEMENT else None
    if of is not None and of.op is ONES:
        return number(1)
    if of is None or of.op.kind != "elementwise" or of.order != len(args) - 1:
        return None
    return make(of.op, tuple([element(arg, *args[1:]) if arg.shape else arg for arg in of.args]), of.attr)


def _tidied(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Simplify what a power, an inverse or a function is taken of, where it is a sum."""
    if node.op in (ADD, MUL, MATMUL, DOT, ROW) or node.op.kind in ("leaf", "binder", "linear"):
        return None
    inner = tuple([_simple(arg) if arg.op in (ADD, MUL, MATMUL) and not arg.is_row else arg for arg in args])
    if node.op is POW:
        return _root(inner[0], inner[1])
    if node.op is LN:
        return _logarithm(inner[0])
    if node.op is EXP and is_zero(inner[0]) and not inner[0].shape:
        return number(1)
    return make(node.op, inner, node.attr)


def _simple(expr: Expr) -> Expr:
    return _simple_by(expr, disabled())


@lru_cache(LATEST)
def _simple_by(expr: Expr, _without: Collection[Simplification]) -> Expr:
    units = as_units(as_columns(expr))
    written = simplified(units, frozenset(walk(units)))
    opened = simplified(units, frozenset())
    return told_apart(opened if written_size(opened) <= written_size(written) else written)


def _root(base: Expr, exponent: Expr) -> Expr:
    """Return a power; of a root, squares go out of it: √(x · x / 4) is ‖x‖ / 2, and 8^(1/3) is 2."""
    if base.op is EXP and is_number(exponent) and isinstance(exponent.attr, Fraction):
        return make(EXP, (mul(exponent, base.args[0]),))
    if is_number(exponent) and isinstance(exponent.attr, Fraction) and _is_exact(base):
        return _root_of_number(base.attr, exponent.attr)
    if is_number(exponent) and isinstance(exponent.attr, Fraction) and exponent.attr.denominator == 2:
        return mul(*_out_of_root(base, exponent))
    outer = base.op is MATMUL and base.order == 2 and [factor.order for factor in base.args] == [1, 1]
    if outer:
        return matmul(*[_each(factor, exponent) for factor in base.args])
    return power(base, exponent)


def _root_of_number(value: Number, exponent: Fraction) -> Expr:
    """Return a root of a positive number with what is whole before it: √(1/8) is √2 / 4, and 8^(1/3) is 2."""
    outside, inside = Fraction(1), {}
    for prime, times in _factored(Fraction(value)).items():
        whole, rest = divmod(times * exponent, 1)
        outside *= Fraction(prime) ** int(whole)
        inside[prime] = rest
    degree = lcm(*[rest.denominator for rest in inside.values()])
    under = prod([prime ** int(rest * degree) for prime, rest in inside.items()])
    return mul(number(outside), power(number(under), number(Fraction(1, degree))))


def _logarithm(of: Expr) -> Expr:
    """Return a logarithm, of a number as short as it is: ln(8) is 3 ln(2), ln(√2) is ln(2) / 2, ln(exp(c)) is c."""
    if of.op is POW and is_number(of.args[1]) and (_is_exact(of.args[0]) or of.args[0].op is EXP):
        return mul(of.args[1], _logarithm(of.args[0]))
    if of.op is EXP:
        return of.args[0]
    if not _is_exact(of):
        return make(LN, (of,))
    times = gcd(*_factored(Fraction(of.attr)).values()) * (1 if of.attr >= 1 else -1)
    return mul(number(times), make(LN, (_root_of_number(of.attr, Fraction(1, times)),))) if times else number(0)


def _factored(value: Fraction) -> dict[int, int]:
    """Return how often each prime stands in a positive number; what has only large ones stands as it is."""
    found: dict[int, int] = {}
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        prime = 2
        while part > 1:
            if part % prime == 0:
                found[prime], part = found.get(prime, 0) + sign, part // prime
            else:
                prime = prime + 1 if prime < LARGEST_PRIME and prime * prime < part else part
    return found


def _out_of_root(base: Expr, exponent: Expr) -> list[Expr]:
    """Return the factors of a root of a product, those that are squares without it."""
    factors = base.args if base.op is MUL else (base,)
    twice = number(exponent.attr * 2)
    out: list[Expr] = []
    under: list[Expr] = []
    for factor in factors:
        if is_number(factor) and type(factor.attr) is not float and factor.attr > 0:
            exact = Fraction(factor.attr)
            tops = [isqrt(exact.numerator), isqrt(exact.denominator)]
            square = [t * t for t in tops] == [exact.numerator, exact.denominator]
            (out if square else under).append(power(number(Fraction(*tops)), twice) if square else factor)
        elif _is_square(factor):
            out.append(power(norm(factor.args[0]), twice))
        elif factor.op is POW and _is_square(factor.args[0]) and is_number(factor.args[1]):
            of = norm(factor.args[0].args[0])
            out.append(power(of, number(factor.args[1].attr * twice.attr)))
        elif (
            factor.op is POW
            and is_number(factor.args[1])
            and factor.args[1].attr % 2 == 0
            and is_nonnegative(factor.args[0])
        ):
            out.append(power(factor.args[0], number(Fraction(factor.args[1].attr) * exponent.attr)))
        else:
            under.append(factor)
    return [*out, power(mul(*under), exponent)] if under else out


def _is_exact(expr: Expr) -> bool:
    """Say whether an expression is a positive number without a rounding error that is short enough to be factored."""
    exact = is_number(expr) and type(expr.attr) is not float and expr.attr > 0
    return exact and max(expr.attr.as_integer_ratio()) < LARGEST


def _is_square(factor: Expr) -> bool:
    return factor.op is DOT and factor.args[0] is factor.args[1]


def _each(factor: Expr, exponent: Expr) -> Expr:
    """The power of each entry of one factor of an outer product."""
    column = factor.args[0] if factor.op is ROW else factor
    if column.op is ONES or column.is_row:
        return factor if column.op is ONES else power(factor, exponent)
    raised = power(column, exponent)
    return make(ROW, (raised,)) if factor.op is ROW else raised


def terms_of(expr: Expr) -> Sequence[Term]:
    """Return the terms of an expression, multiplied out, in index notation."""
    return _terms_by(expr, disabled())


@lru_cache(LATEST)
def _terms_by(expr: Expr, _without: Collection[Simplification]) -> Sequence[Term]:
    normal = normalise(as_units(as_columns(expand_defined(expr))), frozenset(), expand=True)
    parts = normal.args if normal.op is ADD else (normal,)
    return tuple([as_term(part) for part in parts])


class Found(NamedTuple):
    """One solution: the unknown's `value`, the collected equation it comes from (two sides), and how it is solved.

    `new` are unknowns that it brings with it, such as the length of an eigenvector; `nature` is what is known of
    the point beforehand, such as ``maximum`` for the largest eigenvalue. `among` others: the equation may have more
    solutions than were found.
    """

    value: Expr
    equation: tuple[Expr, Expr] | None = None
    how: str = ""
    new: tuple[Expr, ...] = ()
    nature: str = ""
    among: bool = False
