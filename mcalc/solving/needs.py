"""What a closed form needs of the data: matrices that have an inverse, divisors that are not 0."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mcalc.calculus.basics.positive import is_definite, is_nonnegative, is_positive
from mcalc.expr import Expr, rebuild, walk
from mcalc.operators.arithmetic import POW, multiple, neg
from mcalc.operators.kronecker import KRON
from mcalc.operators.leaves import EYE, is_number, symbol
from mcalc.operators.linear import DOT, MATMUL, TRANSPOSE, matmul, transpose
from mcalc.operators.matrix import INV, NORM
from mcalc.operators.singular import POLAR
from mcalc.operators.solutions import SYLVESTER
from mcalc.operators.spectral import EIGVEC_MAX, EIGVEC_MIN, EIGVECS_MAX, EIGVECS_MIN
from mcalc.operators.structures import structure_of
from mcalc.solving.tidy import tidy

Write = Callable[[Expr], str]

LONGEST = 48


def needs(solution: dict[Expr, Expr], given: Collection[Expr], write: Write) -> list[str]:
    """Return in words what the solution needs that the problem does not say already.

    `given` are the nodes of the problem, in which an inverse is there from the start; `write` prints an expression.
    """
    said: dict[str, None] = {}
    for unknown, value in solution.items():
        for node in walk(value):
            if node not in given:
                said |= dict.fromkeys(_of(node, write))
        structure = structure_of(unknown)
        if structure is not None and "posdef" in unknown.attr[2] and not is_definite(value):
            said[f"{write(unknown)} so found is positive definite"] = None
        if "positive" in unknown.attr[2] and not is_positive(value):
            said[f"{write(unknown)} so found is positive"] = None
    return list(said)


def _of(node: Expr, write: Write) -> list[str]:
    if node.op is INV:
        return rank_needs(node.args[0], write)
    if node.op is POW and is_number(node.args[1]):
        return _power(node.args[0], node.args[1].attr, write)
    if node.op is SYLVESTER:
        a, b = node.args[:2]
        if is_definite(a, strictly=False) and is_definite(b, strictly=False):
            if is_definite(a) or is_definite(b):
                return []
            return [f"{_short(a, write)} or {_short(b, write)} is positive definite"]
        return [f"{_short(a, write)} and {_short(tidy(neg(b)), write)} have no eigenvalue in common"]
    if node.op in (EIGVEC_MAX, EIGVEC_MIN):
        return [
            f"the {'largest' if node.op is EIGVEC_MAX else 'least'} eigenvalue is simple",
            *_metric(node.args[1:2], write),
        ]
    if node.op in (EIGVECS_MAX, EIGVECS_MIN):
        return ["a gap between the eigenvalues taken and the others", *_metric(node.args[1:-1], write)]
    if node.op is POLAR and any([part.op is EYE for part in (node.args[0], *node.args[0].args)]):
        return []
    if node.op is POLAR:
        return [f"{_short(node.args[0], write)} has full column rank"]
    return []


def _metric(matrices: tuple[Expr, ...], write: Write) -> list[str]:
    return [text for m in matrices if not is_definite(m) for text in rank_needs(m, write)]


def _short(expr: Expr, write: Write) -> str:
    text = write(expr)
    return text if len(text) <= LONGEST and " where " not in text else "a part of it"


def rank_needs(matrix: Expr, write: Write) -> list[str]:
    """Return what makes a matrix have an inverse: Xᵀ X needs independent columns of X."""
    _, matrix = multiple(matrix)
    settled = rebuild(matrix, _settled)
    if is_definite(settled):
        return []
    if matrix.op is KRON:
        return list(dict.fromkeys([need for side in matrix.args for need in rank_needs(side, write)]))
    weakly = is_definite(settled, strictly=False)
    if matrix.op is MATMUL and weakly:
        last = matrix.args[-1]
        if last.op is TRANSPOSE:
            return [f"{_short(last.args[0], write)} has full row rank"]
        return [f"{_short(last, write)} has full column rank"]
    if weakly:
        return [f"{_short(matrix, write)} is positive definite"]
    return [f"{_short(matrix, write)} is invertible"]


def _is_form(base: Expr) -> bool:
    """Say whether a number is xᵀ P x with P positive definite or semidefinite: positive but for points."""
    if base.op is not MATMUL or base.shape or len(base.args) < 3:
        return False
    first, *middle, last = base.args
    return transpose(first) is last and is_definite(matmul(*middle), strictly=False)


def _settled(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Take the inverse of a semidefinite matrix for a definite one: that it is invertible has been said."""
    if node.op is INV and is_definite(args[0], strictly=False):
        return symbol(f"inverse of {id(args[0])}", node.shape, frozenset({"posdef"}))
    return None


def _power(base: Expr, exponent: object, write: Write) -> list[str]:
    if base.op is DOT and base.args[0] is base.args[1]:
        return [f"{_short(base.args[0], write)} is not 0"]
    if not isinstance(exponent, (int, float)) and not is_nonnegative(base) and not base.shape:
        surely = is_positive(base) or _is_form(base)
        return [] if surely else [f"{_short(base, write)} > 0"]
    signed = is_positive(base) or is_positive(tidy(neg(base))) or base.op.name == "size"
    if exponent < 0 and not signed:  # type: ignore[operator]
        if base.op is NORM:
            return [f"{_short(base.args[0], write)} is not 0"]
        if base.shape:
            return [f"no entry of {_short(base, write)} is 0"]
        return [f"{_short(base, write)} is not 0"]
    return []
