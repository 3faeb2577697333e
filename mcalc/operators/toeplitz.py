"""Rows of matrices that are constant along their diagonals.

`diagonals(n)` is the constant tensor that says on which diagonal an entry lies, as `pairing` says it of pairs.
"""

from __future__ import annotations

from mcalc.errors import ShapeError
from mcalc.expr import Dim, Expr, LocalTerm, Operator, make, shape_text
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import number, size, size_given
from mcalc.operators.linear import einsum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Shape

BEYOND = "beyond the paper"


def dims_of(args: tuple[Expr, ...], what: str) -> list[Dim]:
    """Return the sizes that a constant is of, from the numbers or names they are given as.

    Raises:
        ShapeError: where one is no size.
    """
    found = [size_given(arg) for arg in args]
    for place, dim in enumerate(found):
        if dim is None:
            raise ShapeError(f"{what} takes sizes", (place,), hint=f"{what}(n)")
    return [dim for dim in found if dim is not None]


def _diagonals_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    [n] = dims_of(args, "diagonals")
    return (n + n - 1, n, n)


def _diagonals_numpy(env: Any, node: Expr, n: Any) -> Any:
    np, n = env.np, int(n)
    return np.stack([np.eye(n, k=k) for k in range(1 - n, n)])


DIAGONALS = Operator(
    "diagonals", "leaf", _diagonals_shape, spellings=("diagonals",), arity=(1, 1), numpy=_diagonals_numpy,
    rule="diagonals", section=BEYOND, formula="1 where the entry i, j lies on the diagonal k, counted from below",
    example="diagonals(3)",
)  # fmt: skip


def diagonals(n: Dim) -> Expr:
    """Return the tensor with axes 2n - 1, n and n that is 1 at (k, i, j) where j - i = k - n."""
    return make(DIAGONALS, (size(n),))


def _square(what: str, args: tuple[Expr, ...]) -> Shape:
    a = args[0]
    if a.order != 2:
        raise ShapeError(f"{what} takes a matrix, not a {shape_text(a.shape)}", (0,))
    if a.shape[0] is not a.shape[1]:
        said = f"{what} takes a square matrix: sizes {a.shape[0]} and {a.shape[1]} differ"
        raise ShapeError(said, (0,), a.shape[0], a.shape[1])
    return a.shape


def lengths(n: Dim) -> Expr:
    """Return the vector of one over the lengths of the diagonals of a matrix of n×n."""
    return power(einsum(((0, 1, 2),), (0,), (diagonals(n),)), number(-1))


def _along_diagonals(np: Any, a: Any, *, mean: bool) -> Any:
    n = len(a)
    found = 0 * a
    for shift in range(1 - n, n):
        along = np.diagonal(a, shift)
        value = along.mean() if mean else along.sum()
        found = found + value * np.eye(n, k=shift)
    return found


def _diagonal_jacobian(node: Expr, *, mean: bool) -> list[LocalTerm]:
    n = node.shape[0]
    weight = [(lengths(n), (4,))] if mean else []
    return [LocalTerm(1, ((diagonals(n), (4, 0, 1)), (diagonals(n), (4, 2, 3)), *weight), (0, 1), (2, 3))]


def _over_diagonals(name: str, word: str, *, mean: bool) -> Operator:
    """The row of the mean, or the sum, along each diagonal of a square matrix."""
    return Operator(
        name, "tensor", lambda args, attr: _square(name, args), spellings=(name,),
        jacobian=lambda node, k: _diagonal_jacobian(node, mean=mean),
        numpy=lambda env, node, a: _along_diagonals(env.np, a, mean=mean),
        rule=f"{word} along diagonals", section=BEYOND, example=f"{name}(A)",
        formula=f"{name}(A) has the {word} of each diagonal of A at all of its entries",
    )  # fmt: skip


DIAGONAL_MEANS, DIAGONAL_SUMS = (
    _over_diagonals("diagmean", "mean", mean=True),
    _over_diagonals("diagsum", "sum", mean=False),
)


ROWS = (DIAGONALS, DIAGONAL_MEANS, DIAGONAL_SUMS)
