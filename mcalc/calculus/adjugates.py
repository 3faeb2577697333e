"""Determinants beside inverses of the same matrix, written as the adjugate, which a singular matrix has as well."""

from __future__ import annotations

from mcalc.expr import Expr, fold, make, rebuild
from mcalc.operators.arithmetic import ADD, MUL, POW, add, mul, power
from mcalc.operators.leaves import is_number, number
from mcalc.operators.linear import DIAG, EINSUM, ELEMENT, SIGMA, diag, transpose
from mcalc.operators.matrix import ADJ, DET, INV
from mcalc.operators.slicing import SLICE


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
