"""What the form of a Hessian shows for all data: that an objective is convex, or concave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.positive import is_definite, is_nonnegative, is_positive
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.tensor_forms import between_vecs
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.operators.arithmetic import neg
from mcalc.operators.leaves import is_zero
from mcalc.operators.matrix import NORM
from mcalc.solving.proof import MAXIMUM, MINIMUM
from mcalc.solving.tidy import TooLong, occurs, tidy

if TYPE_CHECKING:
    from mcalc.solving.problem import Problem


def curvature(problem: Problem) -> tuple[str, Expr | None, bool]:
    """Return ``minimum`` or ``maximum`` where the form of the Hessian shows it for all data; the Hessian; if strictly.

    Of one unknown without constraints, or with linear ones; a semidefinite Hessian does not depend on the unknown then.
    """
    if problem.objective is None or len(problem.unknowns) != 1 or problem.metrics:
        return "", None, False
    [unknown] = problem.unknowns
    try:
        if any([occurs(derivative_of(c, [unknown]), {unknown}) for c in problem.constraints]):
            return "", None, False
        if any([n.op.kink and n.op is not NORM for n in walk(problem.objective)]):
            return "", None, False
        hessian = tidy(derivative_of(problem.plain[0], [unknown], structured="ignore"))
        if unknown.order == 2:
            between = between_vecs(hessian, 2)
            if between is None:
                return "", None, False
            hessian = between
        for nature, matrix in ((MINIMUM, hessian), (MAXIMUM, tidy(neg(hessian)))):
            if is_zero(matrix):
                return "", hessian, False
            for strictly in (True, False):
                if _above(matrix, strictly=strictly):
                    return nature, hessian, strictly
    except (Mistake, TooLong):
        return "", None, False
    return "", hessian, False


def _above(matrix: Expr, *, strictly: bool) -> bool:
    if not matrix.shape:
        return is_positive(matrix) if strictly else is_nonnegative(matrix)
    return is_definite(matrix, strictly=strictly)
