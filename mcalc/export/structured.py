"""Matrices kept as what they are made of, a diagonal, outer products and an array; chains of them in the best order.

Nothing structured is written out before it has to be: diag(v) A scales rows, a row sum of diag(v) is v, and (u vᵀ) x is
a number times u. A matrix is the sum of its three kinds of parts.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from mcalc.dims import Dim, Shape
from mcalc.export.code import Code, as_number, entrywise, expand, full, matmul, number, permute, reduce
from mcalc.export.contraction import guessed
from mcalc.expr import Expr

Outer = tuple[Code, Code]


class Matrix:
    """The sum of ``diag(diagonal)``, of outer products ``u vᵀ``, and of an array; each may be absent.

    The diagonal is a vector, or a number for a multiple of the identity.
    """

    __slots__ = ("array", "diagonal", "outers", "shape")

    def __init__(
        self, shape: Shape, *, diagonal: Code | None = None, outers: Sequence[Outer] = (), array: Code | None = None
    ) -> None:
        self.shape = shape
        self.diagonal = diagonal
        self.outers = tuple(outers)
        self.array = array

    @property
    def is_plain(self) -> bool:
        """Whether it is an array and nothing else."""
        return self.diagonal is None and not self.outers

    @property
    def is_diagonal(self) -> bool:
        """Whether it is a diagonal and nothing else."""
        return self.diagonal is not None and not self.outers and self.array is None

    def pieces(self) -> list[Matrix]:
        """Return its parts, each as a matrix of its own."""
        found = [Matrix(self.shape, diagonal=self.diagonal)] if self.diagonal is not None else []
        found += [Matrix(self.shape, outers=[outer]) for outer in self.outers]
        return found + ([Matrix(self.shape, array=self.array)] if self.array is not None else [])

    def dense(self) -> Code:
        """Return the whole as one array."""
        parts: list[Code] = [] if self.array is None else [self.array]
        for u, v in self.outers:
            less = parts and u.op == "neg"  # subtracted, which takes no pass of its own
            product = entrywise("mul", expand(u.args[0] if less else u, (0,), 2), expand(v, (1,), 2))
            parts.append(entrywise("neg", product) if less else product)
        base: Code | None = None
        for part in parts:
            base = part if base is None else entrywise("add", base, part)
        if self.diagonal is None:
            return base if base is not None else full(number(0), self.shape)
        if base is None:
            one = self.diagonal.op == "number" and self.diagonal.attr == 1
            if one:
                return Code("eye", (), None, self.shape)
            base = full(number(0), self.shape)
        return Code("on_diagonal", (base, self.diagonal), None, self.shape)


def added(matrices: Sequence[Matrix]) -> Matrix:
    """Return a sum of matrices, its parts put together by their kinds."""
    diagonal: Code | None = None
    array: Code | None = None
    outers: list[Outer] = []
    for matrix in matrices:
        if matrix.diagonal is not None:
            diagonal = matrix.diagonal if diagonal is None else entrywise("add", diagonal, matrix.diagonal)
        if matrix.array is not None:
            array = matrix.array if array is None else entrywise("add", array, matrix.array)
        outers.extend(matrix.outers)
    return Matrix(matrices[0].shape, diagonal=diagonal, outers=outers, array=array)


def scaled(matrix: Matrix, factor: Code) -> Matrix:
    """Return a number times a matrix."""
    factor = as_number(factor)
    return Matrix(
        matrix.shape,
        diagonal=None if matrix.diagonal is None else entrywise("mul", factor, matrix.diagonal),
        outers=[(entrywise("mul", factor, u), v) for u, v in matrix.outers],
        array=None if matrix.array is None else entrywise("mul", factor, matrix.array),
    )


def transposed(matrix: Matrix) -> Matrix:
    """Return the transpose."""
    return Matrix(
        matrix.shape[::-1],
        diagonal=matrix.diagonal,
        outers=[(v, u) for u, v in matrix.outers],
        array=None if matrix.array is None else permute(matrix.array, (1, 0)),
    )


def times_vector(matrix: Matrix, x: Code) -> Code:
    """Return A x."""
    parts: list[Code] = []
    if matrix.diagonal is not None:
        parts.append(entrywise("mul", matrix.diagonal, x))
    parts += [entrywise("mul", matmul(v, x), u) for u, v in matrix.outers]
    if matrix.array is not None:
        parts.append(matmul(matrix.array, x))
    return _in_all(parts) if parts else full(number(0), matrix.shape[:1])


def times(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix product, part by part."""
    shape = (a.shape[0], b.shape[1])
    products = [_product(left, right, shape) for left in a.pieces() for right in b.pieces()]
    return added(products) if products else Matrix(shape)


def _product(a: Matrix, b: Matrix, shape: Shape) -> Matrix:
    """The product of two matrices of one part each."""
    if a.diagonal is not None and b.diagonal is not None:
        return Matrix(shape, diagonal=entrywise("mul", a.diagonal, b.diagonal))
    if a.outers:
        [(u, v)] = a.outers
        if b.outers:
            [(other, last)] = b.outers
            return Matrix(shape, outers=[(entrywise("mul", matmul(v, other), u), last)])
        return Matrix(shape, outers=[(u, times_vector(transposed(b), v))])
    if b.outers:
        [(u, v)] = b.outers
        return Matrix(shape, outers=[(times_vector(a, u), v)])
    if a.diagonal is not None:
        assert b.array is not None
        return Matrix(shape, array=entrywise("mul", expand(a.diagonal, (0,), 2), b.array))
    assert a.array is not None
    if b.diagonal is not None:
        return Matrix(shape, array=entrywise("mul", a.array, expand(b.diagonal, (1,), 2)))
    assert b.array is not None
    return Matrix(shape, array=matmul(a.array, b.array))


def hadamard(a: Matrix, b: Matrix) -> Matrix:
    """Return the product entry by entry: a diagonal or an outer product stays one."""
    if a.is_plain and b.is_plain:
        return Matrix(a.shape, array=entrywise("mul", a.dense(), b.dense()))
    if b.is_diagonal or (b.outers and not a.is_diagonal and not a.outers):
        a, b = b, a
    if a.is_diagonal:
        assert a.diagonal is not None
        return Matrix(a.shape, diagonal=entrywise("mul", a.diagonal, diagonal_of(b)))
    if len(a.outers) == 1 and a.diagonal is None and a.array is None:
        [(u, v)] = a.outers
        if len(b.outers) == 1 and b.diagonal is None and b.array is None:
            [(other, last)] = b.outers
            return Matrix(a.shape, outers=[(entrywise("mul", u, other), entrywise("mul", v, last))])
        rows = entrywise("mul", expand(u, (0,), 2), b.dense())
        return Matrix(a.shape, array=entrywise("mul", rows, expand(v, (1,), 2)))
    return Matrix(a.shape, array=entrywise("mul", a.dense(), b.dense()))


def _in_all(parts: list[Code]) -> Code:
    return functools.reduce(functools.partial(entrywise, "add"), parts)


def _product_entries(matrix: Code) -> Code:
    """The array whose row sums are the diagonal of a product of two matrices: A ⊗ Bᵀ of A B."""
    a, b = matrix.args
    return entrywise("mul", a, permute(b, (1, 0)))


def diagonal_of(matrix: Matrix) -> Code:
    """Return the diagonal as a vector."""
    parts: list[Code] = []
    if matrix.diagonal is not None:
        vector = matrix.diagonal
        parts.append(vector if vector.shape else full(vector, matrix.shape[:1]))
    parts += [entrywise("mul", u, v) for u, v in matrix.outers]
    if matrix.array is not None and matrix.array.op == "matmul":
        parts.append(reduce("sum", _product_entries(matrix.array), (1,)))
    elif matrix.array is not None:
        parts.append(Code("diagonal", (matrix.array,), None, matrix.shape[:1]))
    return _in_all(parts) if parts else full(number(0), matrix.shape[:1])


def trace_of(matrix: Matrix) -> Code:
    """Return the trace: of an outer product u vᵀ it is u · v, of A B the sum of A ⊗ Bᵀ."""
    parts: list[Code] = []
    for piece in matrix.pieces():
        if piece.outers:
            parts.append(matmul(*piece.outers[0]))
        elif piece.array is not None and piece.array.op == "matmul":
            parts.append(reduce("sum", _product_entries(piece.array), (0, 1)))
        else:
            parts.append(reduce("sum", diagonal_of(piece), (0,)))
    return _in_all(parts) if parts else number(0)


def sum_of(matrix: Matrix) -> Code:
    """Return the sum of all entries."""
    parts: list[Code] = []
    for piece in matrix.pieces():
        if piece.outers:
            [(u, v)] = piece.outers
            parts.append(entrywise("mul", reduce("sum", u, (0,)), reduce("sum", v, (0,))))
        elif piece.array is not None:
            parts.append(reduce("sum", piece.array, (0, 1)))
        else:
            parts.append(reduce("sum", diagonal_of(piece), (0,)))
    return _in_all(parts) if parts else number(0)


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
