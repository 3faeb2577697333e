"""Rows of matrices that are constant along their diagonals, and of convolution in four modes, which they are made of.

`diagonals(n)` is the constant tensor that says on which diagonal an entry lies, as `pairing` says it of pairs;
`shifts(k, n)` says which places of h and x meet in a place of their convolution: its products with h and with x are
matrices that have a name.
"""

from __future__ import annotations

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import SYMBOL, number, size, size_given
from mcalc.operators.linear import einsum, square

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
        name, "tensor", lambda args, attr: square(args, name), spellings=(name,),
        jacobian=lambda node, k: _diagonal_jacobian(node, mean=mean),
        numpy=lambda env, node, a: _along_diagonals(env.np, a, mean=mean),
        rule=f"{word} along diagonals", section=BEYOND, example=f"{name}(A)",
        formula=f"{name}(A) has the {word} of each diagonal of A at all of its entries",
    )  # fmt: skip


DIAGONAL_MEANS, DIAGONAL_SUMS = (
    _over_diagonals("diagmean", "mean", mean=True),
    _over_diagonals("diagsum", "sum", mean=False),
)


MODES = ("full", "same", "valid", "circular")
SAID = {
    "full": "y_i = Σ_j h_j x_{i-j+1}, of k + n - 1 entries",
    "same": "the middle of conv(h, x), as long as x; h is not longer",
    "valid": "the part of conv(h, x) in which h lies within x, of n - k + 1 entries",
    "circular": "conv(h, x) with x going round, h as long as x",
}


def _length(k: Dim, n: Dim, mode: str) -> Dim:
    """The length of the convolution of vectors of k and n entries."""
    return {"full": k + n - 1, "same": n, "valid": n - k + 1, "circular": n}[mode]


def _fits(k: Dim, n: Dim, mode: str, places: tuple[int, ...]) -> None:
    if mode == "circular" and k is not n:
        raise ShapeError(f"a circular convolution is of vectors of one length: {k} and {n} differ", places, k, n)
    gap = (n - k).value
    if mode in ("same", "valid") and gap is not None and gap < 0:
        raise ShapeError(f"conv(h, x, {mode}) takes an h of at most the {n} entries of x, not {k}", places)


def _shifts(np: Any, k: int, n: int, mode: str) -> Any:
    """1 at (i, j, p) where h_j x_p is a term of the entry i."""
    _check_lengths(k, n, mode)
    full = np.zeros((k + n - 1, k, n))
    j, p = np.indices((k, n))
    full[j + p, j, p] = 1.0
    if mode == "same":
        return full[(k - 1) // 2 :][:n]
    if mode == "circular":
        full[: n - 1] += full[n:]
        return full[:n]
    return full[k - 1 : n] if mode == "valid" else full


def _shifts_shape(args: tuple[Expr, ...], mode: str) -> Shape:
    k, n = dims_of(args, "shifts")
    _fits(k, n, mode, (0, 1))
    return (_length(k, n, mode), k, n)


def _conv_shape(args: tuple[Expr, ...], mode: str) -> Shape:
    for place, arg in enumerate(args):
        if arg.order != 1:
            raise ShapeError(f"conv takes vectors, not a {shape_text(arg.shape)}", (place,))
    [k], [n] = args[0].shape, args[1].shape
    _fits(k, n, mode, (0, 1))
    return (_length(k, n, mode),)


def _sized(args: tuple[Expr, ...], what: str) -> tuple[Dim, Dim]:
    """The length of a vector, and the size beside it."""
    if args[0].order != 1:
        raise ShapeError(f"{what} takes a vector and a size, not a {shape_text(args[0].shape)}", (0,))
    [other] = dims_of(args[1:], what)
    named = args[1].op is SYMBOL  # a name that nothing declares
    return args[0].shape[0], args[0].shape[0] if named else other


def _matrix_shape(args: tuple[Expr, ...], mode: str) -> Shape:
    k, n = _sized(args, "convmatrix")
    _fits(k, n, mode, (0, 1))
    return (_length(k, n, mode), n)


def _lags_shape(args: tuple[Expr, ...], mode: str) -> Shape:
    n, k = _sized(args, "lagmatrix")
    _fits(k, n, mode, (1, 0))
    return (_length(k, n, mode), k)


class Convolution:
    """The rows of one mode of convolution: of vectors, as a matrix of either of them, and the constant behind them."""

    def __init__(self, mode: str) -> None:
        said = "" if mode == "full" else f", {mode}"
        end = "" if mode == "full" else f" {mode}"
        fields: dict[str, Any] = {"section": BEYOND, "row": lambda args, attr: False}

        def layout(name: str) -> str:
            return f"call {name}" if mode == "full" else f"along {name} {mode}"

        def spelled(name: str) -> tuple[str, ...]:
            return (name, f"{name} full") if mode == "full" else (f"{name} {mode}",)

        self.mode = mode
        self.constant = Operator(
            f"shifts{end}", "leaf", lambda args, attr: _shifts_shape(args, mode), arity=(2, 2),
            numpy=lambda env, node, k, n: _shifts(env.np, int(k), int(n), mode), layout=layout("shifts"),
            rule="shifts", formula=f"conv(h, x{said})_i = Σ_jp shifts_ijp h_j x_p", **fields,
            example=f"shifts({3 if mode == 'circular' else 2}, 3{said})",
        )  # fmt: skip
        self.matrix = Operator(
            f"convmatrix{end}", "tensor", lambda args, attr: _matrix_shape(args, mode), arity=(2, 2),
            layout=layout("convmatrix"), jacobian=self._matrix_jacobian,
            numpy=lambda env, node, h, n: env.np.einsum("ijp,j->ip", _shifts(env.np, len(h), int(n), mode), h),
            rule="matrix of a convolution", formula=f"convmatrix(h, n{said}) x = conv(h, x{said}) for x of n entries",
            example=f"convmatrix(h, 3{said})", **fields,
        )  # fmt: skip
        self.lags = Operator(
            f"lagmatrix{end}", "tensor", lambda args, attr: _lags_shape(args, mode), arity=(2, 2),
            layout=layout("lagmatrix"), jacobian=self._lags_jacobian,
            numpy=lambda env, node, x, k: env.np.einsum("ijp,p->ij", _shifts(env.np, int(k), len(x), mode), x),
            rule="matrix of lags", formula=f"lagmatrix(x, k{said}) h = conv(h, x{said}) for h of k entries",
            example=f"lagmatrix(x, 1{said})" if mode != "circular" else "lagmatrix(x, n, circular)", **fields,
        )  # fmt: skip
        spellings = spelled("conv") + (("circconv",) if mode == "circular" else ("convolve",) if mode == "full" else ())
        self.conv = Operator(
            f"conv{end}", "tensor", lambda args, attr: _conv_shape(args, mode), spellings=spellings,
            arity=(2, 2), layout=layout("conv"), jacobian=self._conv_jacobian,
            numpy=lambda env, node, h, x: _convolved(env.np, h, x, mode),
            rule="convolution", formula=f"conv(h, x{said}): {SAID[mode]}", example=f"conv(h, x{said})", **fields,
        )  # fmt: skip
        self.rows = [self.constant, self.matrix, self.lags, self.conv]
        for row in self.rows[:3]:
            name = row.name.split()[0]
            self.rows.append(
                Operator(
                    f"{row.name} by its size", "spelling", row.shape, spellings=spelled(name), arity=(2, 2),
                    body=lambda first, second, row=row: _with_sizes(row, first, second), rule=row.rule, section=BEYOND,
                    formula=row.formula, example=row.example,
                )
            )  # fmt: skip

    def shifts(self, k: Dim, n: Dim) -> Expr:
        """Return the constant for vectors of k and n entries."""
        return make(self.constant, (size(k), size(n)))

    def _conv_jacobian(self, node: Expr, k: int) -> list[LocalTerm]:
        h, x = node.args
        other = make(self.lags, (x, size(h.shape[0]))) if k == 0 else make(self.matrix, (h, size(x.shape[0])))
        return [LocalTerm(1, ((other, (0, 1)),), (0,), (1,))]

    def _matrix_jacobian(self, node: Expr, k: int) -> list[LocalTerm]:
        return [LocalTerm(1, ((self.shifts(node.args[0].shape[0], node.shape[1]), (0, 2, 1)),), (0, 1), (2,))]

    def _lags_jacobian(self, node: Expr, k: int) -> list[LocalTerm]:
        return [LocalTerm(1, ((self.shifts(node.shape[1], node.args[0].shape[0]), (0, 1, 2)),), (0, 1), (2,))]


def _check_lengths(k: int, n: int, mode: str) -> None:
    if (mode in ("same", "valid") and k > n) or (mode == "circular" and k != n):
        raise Mistake("E-SHAPE", f"conv(h, x, {mode}) of an h of {k} and an x of {n} entries", hint=SAID[mode])


def _with_sizes(row: Operator, *args: Expr) -> Expr:
    """Return a row with its arguments that are sizes as sizes, n + 1 as one."""
    dims = [None if arg.shape else size_given(arg) for arg in args]
    return make(row, tuple([arg if dim is None else size(dim) for arg, dim in zip(args, dims, strict=True)]))


def _convolved(np: Any, h: Any, x: Any, mode: str) -> Any:
    k, n = len(h), len(x)
    _check_lengths(k, n, mode)
    if mode == "circular":
        return sum([h[j] * np.roll(x, j) for j in range(k)])
    full = np.convolve(h, x)
    return full[(k - 1) // 2 :][:n] if mode == "same" else full[k - 1 : n] if mode == "valid" else full


CONVOLUTIONS = [Convolution(mode) for mode in MODES]
ROWS = [DIAGONALS, DIAGONAL_MEANS, DIAGONAL_SUMS, *[row for one in CONVOLUTIONS for row in one.rows]]
