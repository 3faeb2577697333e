"""A structured Jacobian as what it does: products with a vector from either side, its diagonal, the whole array.

Nothing n×n is made until `dense` asks for it; what does not depend on the vector is worked out once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.orientation import transposed
from mcalc.errors import Mistake
from mcalc.expr import Expr, shape_text
from mcalc.fresh import free_names, names_in
from mcalc.operators.arithmetic import ADD, MUL, add, mul
from mcalc.operators.leaves import symbol
from mcalc.operators.linear import DIAG, MATMUL, diag, matmul

if TYPE_CHECKING:
    from collections.abc import Collection

CLASS = '''class Operator:
    """A matrix known by what it does; `operator @ v` is its product with a vector."""

    def __init__(self, shape, matvec, rmatvec, diagonal, dense):
        self.shape = shape
        self.matvec = matvec
        self.rmatvec = rmatvec
        self.diagonal = diagonal
        self.dense = dense

    def __matmul__(self, v):
        return self.matvec(v)'''


def actions(matrix: Expr, taken: Collection[str]) -> list[tuple[str, Expr | None, Expr]]:
    """Return what an operator is made of: the name of each action, the vector it takes, and its result.

    Raises :class:`~mcalc.errors.Mistake` for what is no matrix.
    """
    if matrix.order != 2:
        raise Mistake(
            "E-UNSUPPORTED",
            f"an operator is of a matrix, not of a {shape_text(matrix.shape)}",
            hint="a vector by a vector, or a Hessian by a vector",
        )
    name = next(free_names({*names_in(matrix), *taken}, "vuz"))
    v, u = symbol(name, matrix.shape[1:]), symbol(name, matrix.shape[:1])
    found: list[tuple[str, Expr | None, Expr]] = [
        ("matvec", v, applied(matrix, v)),
        ("rmatvec", u, applied(transposed(matrix), u)),
    ]
    if matrix.shape[0] is matrix.shape[1]:
        found.append(("diagonal", None, matrix.args[0] if matrix.op is DIAG else diag(matrix)))
    found.append(("dense", None, matrix))
    return found


def applied(matrix: Expr, v: Expr) -> Expr:
    """Return A v with sums opened, so that no part of a sum has to be made as a whole.

    Algebra: (A + B) v = A v + B v; (c A) v = c (A v). Opens one sum or product, so it ends.
    """
    terms = matrix.args if matrix.op is ADD else (matrix,)
    if any([not term.shape for term in terms]):
        return matmul(matrix, v)
    parts: list[Expr] = []
    for term in terms:
        tensors = [arg for arg in term.args if arg.shape] if term.op is MUL else [term]
        if len(tensors) > 1:
            parts.append(matmul(term, v))
            continue
        [tensor] = tensors
        factors = tensor.args if tensor.op is MATMUL else (tensor,)
        scalars = [arg for arg in term.args if not arg.shape] if term.op is MUL else []
        parts.append(mul(*scalars, matmul(*factors, v)))
    return add(*parts)
