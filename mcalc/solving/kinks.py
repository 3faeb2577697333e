"""Objectives with a kink at 0 that a person solves all the same: a square and an absolute value, or a norm.

The gradient is 0 there in the sense of a subgradient only, so the point is proved by the values around it.
"""

from __future__ import annotations

from mcalc.calculus.basics.positive import is_positive
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import Term, build
from mcalc.calculus.tensor_forms import tied_together
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import ADD, MAX, add, div, mul, neg
from mcalc.operators.leaves import is_number, is_zero, number
from mcalc.operators.matrix import NORM, norm
from mcalc.solving.linear_equations import affine
from mcalc.solving.tidy import Found, occurs, tidy


def solve_shrunk(equation: Expr, unknown: Expr) -> Found | None:
    """Return x = max(0, 1 - c / ‖b‖) b / a where a x + c x / ‖x‖ = b, with a and c positive.

    Source: Parikh and Boyd, Proximal Algorithms, 6.5.1.

    >>> from mcalc import parse
    >>> from mcalc.render.text import unicode
    >>> e = parse("x - z + λ x / norm(x)", where="x, z: R^n; λ: R > 0")
    >>> x = next(s for s in e.symbols if s.attr[0] == "x")
    >>> unicode(solve_shrunk(e.expr, x).value)
    'max(0, 1 - λ / ‖z‖) z'
    """
    if unknown.order != 1 or equation.shape != unknown.shape:
        return None
    plain: list[Expr] = []
    over: list[Expr] = []
    rest: list[Expr] = []
    for part in equation.args if equation.op is ADD else (equation,):
        term = as_term(part)
        if not occurs(part, {unknown}):
            rest.append(part)
            continue
        scalar, divided = _factors(term, unknown)
        if scalar is None:
            return None
        (over if divided else plain).append(scalar)
    if not (plain and over and rest):
        return None
    a, c, b = tidy(add(*plain)), tidy(add(*over)), tidy(neg(add(*rest)))
    if not (is_positive(a) and is_positive(c)) or is_zero(b):
        return None
    shrunk = make(MAX, (number(0), add(number(1), neg(div(c, norm(b))))))
    return Found(mul(shrunk, tidy(div(b, a))), None, "a norm and a square: shrunk towards 0", nature="minimum")


def _factors(term: Term, unknown: Expr) -> tuple[Expr | None, bool]:
    """Return s of a term s x or s x / ‖x‖, and whether it is divided by the norm; None of others."""
    groups = tied_together(term)
    vector = build(Term(1, [f for reached, own in groups if reached for f in own], term.out))
    slope = affine(vector, unknown)
    if vector is not unknown or slope is None:
        return None, False
    scalars = [f for reached, own in groups if not reached for f in own]
    norms = [f for f in scalars if f[0].op is NORM and f[0].args[0] is unknown]
    free = [f for f in scalars if f not in norms]
    if any([occurs(f[0], {unknown}) for f in free]) or len(norms) > 1 or (norms and not is_number(norms[0][2], -1)):
        return None, False
    return build(Term(term.coef, free, ())), bool(norms)
