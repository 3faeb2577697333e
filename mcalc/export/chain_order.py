"""Chains of matrix products in the order of least cost, with the structure of each factor kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mcalc.dims import Dim
from mcalc.export.code import Code, as_number, entrywise, matmul, number
from mcalc.export.contraction import guessed
from mcalc.export.structured import Matrix, hadamard, scaled, times, times_vector, transposed
from mcalc.expr import Expr

if TYPE_CHECKING:
    Value = Code | Matrix


class Item(NamedTuple):
    """A factor of a matrix product: its value, and its rows and columns, 1 for a vector's missing axis."""

    value: Value
    rows: Dim | None
    columns: Dim | None

    @staticmethod
    def of(arg: Expr, value: Value) -> Item:
        """Return an argument of a product as a factor."""
        if arg.order == 2:
            return Item(value if isinstance(value, Matrix) else as_number(value), *arg.shape)
        vector = as_number(dense(value))
        return Item(vector, None, arg.shape[0]) if arg.is_row else Item(vector, arg.shape[0], None)

    def cost(self, other: Item) -> float:
        """About how many multiplications the product of two factors takes."""
        rows, inner, columns = [guessed(d) if d is not None else 1.0 for d in (self.rows, self.columns, other.columns)]
        structured = [item for item in (self, other) if isinstance(item.value, Matrix) and not item.value.is_plain]
        if structured:
            other_side = other if structured[0] is self else self
            a, b = [guessed(d) if d is not None else 1.0 for d in (other_side.rows, other_side.columns)]
            return a * b
        return rows * inner * columns

    def product(self, other: Item) -> Item:
        """Return the product of two neighbours."""
        made: Value
        a, b = self.value, other.value
        for single, tensor in ((self, other), (other, self)):
            if single.rows is None and single.columns is None:
                factor, value = dense(single.value), tensor.value
                made = scaled(value, factor) if isinstance(value, Matrix) else entrywise("mul", factor, value)
                return Item(made, tensor.rows, tensor.columns)
        if self.columns is None:  # a column times a row
            assert isinstance(a, Code)
            assert isinstance(b, Code)
            assert self.rows is not None
            assert other.columns is not None
            made = Matrix((self.rows, other.columns), outers=[(a, b)])
        elif self.rows is None and other.columns is None:
            made = matmul(dense(a), dense(b))
        elif other.columns is None:
            made = times_vector(a, dense(b)) if isinstance(a, Matrix) else matmul(a, dense(b))
        elif self.rows is None:
            made = times_vector(transposed(b), dense(a)) if isinstance(b, Matrix) else matmul(dense(a), b)
        elif isinstance(a, Matrix) or isinstance(b, Matrix):
            made = times(_parts(a, (self.rows, self.columns)), _parts(b, (self.columns, other.columns)))
        else:
            made = matmul(a, b)
        return Item(made, self.rows, other.columns)


def _parts(value: Value, shape: tuple[Dim | None, Dim | None]) -> Matrix:
    if isinstance(value, Matrix):
        return value
    rows, columns = shape
    assert rows is not None
    assert columns is not None
    return Matrix((rows, columns), array=value)


def in_best_order(items: list[Item]) -> Value:
    """Multiply a chain in the order of least cost: what is known of every stretch of it gives the next longer ones."""
    n = len(items)
    dims = [guessed(items[0].rows) if items[0].rows is not None else 1.0]
    dims += [guessed(item.columns) if item.columns is not None else 1.0 for item in items]
    best: dict[tuple[int, int], tuple[float, int]] = {(i, i): (0.0, i) for i in range(n)}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            options: list[tuple[float, int]] = []
            for k in range(i, j):
                step = items[i].cost(items[j]) if length == 2 else dims[i] * dims[k + 1] * dims[j + 1]
                if length > 2 and (k == i or k == j - 1):
                    single = items[i] if k == i else items[j]
                    if isinstance(single.value, Matrix) and not single.value.is_plain:
                        step = dims[i] * dims[j + 1]
                options.append((best[i, k][0] + best[k + 1, j][0] + step, k))
            best[i, j] = min(options)
    done: dict[tuple[int, int], Item] = {(i, i): item for i, item in enumerate(items)}
    stack = [(0, n - 1)]
    while stack:
        i, j = stack[-1]
        k = best[i, j][1]
        if (i, j) in done:
            stack.pop()
        elif (i, k) in done and (k + 1, j) in done:
            done[i, j] = done[i, k].product(done[k + 1, j])
        else:
            stack += [part for part in ((i, k), (k + 1, j)) if part not in done]
    return done[0, n - 1].value


def dense(value: Value) -> Code:
    """Return a value as one array."""
    return value.dense() if isinstance(value, Matrix) else value


def as_matrix(code: Code) -> Value:
    """Return the code of an identity as a matrix in parts; any other as it is."""
    return Matrix(code.shape, diagonal=number(1)) if code.op == "eye" else code


def with_arrays(matrix: Matrix, arrays: Sequence[Code]) -> Matrix:
    """Return a matrix multiplied entry by entry with some arrays."""
    for array in arrays:
        matrix = hadamard(matrix, Matrix(matrix.shape, array=array))
    return matrix
