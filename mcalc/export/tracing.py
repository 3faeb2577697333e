"""A row's own value, recorded as code: its NumPy function is run once on arrays that only write down what is done.

So a function that is added to the operator table can be exported as it can be evaluated, with no second declaration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.export.code import (
    Code,
    as_number,
    entrywise,
    expand,
    is_number,
    matmul,
    number,
    permute,
    reduce,
    reshape,
    size,
    taken,
)
from mcalc.expr import Expr

if TYPE_CHECKING:
    from mcalc.expr import Number


UNARY = {
    "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "sin": "sin", "cos": "cos",
    "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sinh": "sinh", "cosh": "cosh",
    "arcsinh": "asinh", "tanh": "tanh", "sign": "sign", "floor": "floor", "abs": "abs",
}  # fmt: skip
"""Functions of one array, by NumPy's name and by the name of the operation."""


def unwrapped(value: Any) -> Code:
    """Return the code of something that is traced, or of a number."""
    if isinstance(value, Traced):
        return value.code
    return number(value if isinstance(value, (int, float)) else float(value))


def aligned(a: Code, b: Code) -> tuple[Code, Code]:
    """Put axes of length 1 in front of the operand with fewer axes, as NumPy does."""
    if not a.shape or not b.shape or a.order == b.order:
        return a, b
    order = max(a.order, b.order)
    return expand(a, range(order - a.order, order), order), expand(b, range(order - b.order, order), order)


def _binary(op: str, *, turned: bool = False) -> Callable[[Traced, Any], Traced]:
    def record(self: Traced, other: Any) -> Traced:
        a, b = aligned(as_number(self.code), as_number(unwrapped(other)))
        return Traced(entrywise(op, b, a) if turned else entrywise(op, a, b))

    return record


def _reduction(op: str) -> Callable[..., Traced]:
    def record(self: Traced, axis: int | None = None, *, keepdims: bool = False) -> Traced:
        axes = tuple(range(self.code.order)) if axis is None else (axis % self.code.order,)
        found = reduce(op, self.code, axes)
        if keepdims and found.shape:
            return Traced(expand(found, [k for k in range(self.code.order) if k not in axes], self.code.order))
        return Traced(found)

    return record


class Traced:
    """An array that writes down what is done to it."""

    __slots__ = ("code",)

    def __init__(self, code: Code) -> None:
        self.code = code

    __add__, __radd__ = _binary("add"), _binary("add", turned=True)
    __sub__, __rsub__ = _binary("sub"), _binary("sub", turned=True)
    __mul__, __rmul__ = _binary("mul"), _binary("mul", turned=True)
    __truediv__, __rtruediv__ = _binary("div"), _binary("div", turned=True)
    __pow__ = _binary("pow")
    __lt__, __le__ = _binary("lt"), _binary("le")
    __gt__, __ge__ = _binary("gt"), _binary("ge")
    __eq__ = _binary("eq")  # type: ignore[assignment]  # entry by entry, as in NumPy
    __ne__ = _binary("ne")  # type: ignore[assignment]  # the same
    __hash__ = None  # type: ignore[assignment]  # what is compared so cannot be a key

    def __neg__(self) -> Traced:
        return Traced(entrywise("neg", self.code))

    def __matmul__(self, other: Any) -> Traced:
        return Traced(matmul(self.code, unwrapped(other)))

    def __getitem__(self, at: Any) -> Traced:
        """Return a part: whole numbers count from 0, `None` puts an axis in, `...` stands for the axes left out."""
        places = list(at) if isinstance(at, tuple) else [at]
        if not self.code.shape:
            return self  # a reduction that kept its axis is a number here
        if Ellipsis in places:
            here = places.index(Ellipsis)
            given = sum([place is not None for place in places]) - 1
            places[here : here + 1] = [slice(None)] * (self.code.order - given)
        if None in places:
            axes = [axis for axis, place in enumerate(places) if place is not None]
            assert all([place is None or place == slice(None) for place in places])
            return Traced(expand(self.code, axes, len(places)))
        found = self.code
        for axis in reversed(range(len(places))):
            if isinstance(places[axis], int):
                found = taken(found, axis, number(places[axis]))
        return Traced(found)

    sum, prod = _reduction("sum"), _reduction("prod")
    max, min = _reduction("max"), _reduction("min")

    def mean(self, axis: int | None = None, *, keepdims: bool = False) -> Traced:
        """Return the mean along one axis, or of all entries."""
        count = number(1)
        for k, dim in enumerate(self.code.shape):
            if axis is None or k == axis % self.code.order:
                count = entrywise("mul", count, size(dim))
        return self.sum(axis, keepdims=keepdims) / Traced(count)

    def trace(self) -> Traced:
        """Return the trace."""
        return Traced(reduce("sum", Code("diagonal", (self.code,), None, self.code.shape[:1]), (0,)))

    def reshape(self, *shape: Any) -> Traced:
        """Return all entries in one axis, or in axes of sizes that were traced."""
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
        if list(sizes) == [-1]:
            return Traced(reshape(self.code, (math.prod(self.code.shape, start=Dim.of(1)),)))
        return Traced(reshape(self.code, tuple([_dim(one) for one in sizes])))

    @property
    def T(self) -> Traced:  # noqa: N802 - NumPy's name
        """The transpose."""
        return Traced(permute(self.code, range(self.code.order)[::-1]))

    @property
    def shape(self) -> tuple[Traced, ...]:
        """The lengths of the axes."""
        return tuple([Traced(size(dim)) for dim in self.code.shape])

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.code.order


def _dim(value: Any) -> Dim:
    if isinstance(value, Traced):
        assert value.code.op in ("size", "number")
        return value.code.attr if value.code.op == "size" else Dim.of(value.code.attr)
    return Dim.of(int(value))


class _Linalg:
    """What rows use of NumPy's linear algebra."""

    @staticmethod
    def inv(a: Traced) -> Traced:
        return Traced(Code("inv", (a.code,), None, a.code.shape))

    @staticmethod
    def det(a: Traced) -> Traced:
        return Traced(Code("det", (a.code,)))


def _pair(op: str) -> staticmethod[[Any, Any], Traced]:
    return staticmethod(lambda a, b: Traced(entrywise(op, *aligned(unwrapped(a), unwrapped(b)))))


class Recorder:
    """Stands in place of NumPy while a row's function is traced."""

    pi = math.pi
    nan = math.nan
    linalg = _Linalg()

    def __getattr__(self, name: str) -> Any:
        if name in UNARY:
            return lambda x: Traced(entrywise(UNARY[name], unwrapped(x)))
        raise Mistake("E-UNSUPPORTED", f"np.{name} is not among the operations that can be exported")

    @staticmethod
    def real(x: Any) -> Any:
        """Return the number itself: exported code is real."""
        return x

    @staticmethod
    def asarray(x: Any) -> Any:
        """Return the array itself."""
        return x

    @staticmethod
    def iscomplexobj(x: Any) -> bool:
        """Say that there are no complex numbers."""
        return isinstance(x, complex)

    @staticmethod
    def where(condition: Traced, a: Any, b: Any) -> Traced:
        """Record a choice; `where(x > 0, x, 0)` is the maximum of both."""
        (test, first), second = aligned(condition.code, unwrapped(a)), unwrapped(b)
        test, second = aligned(test, second)
        second = second.args[0] if second.op == "full" else second
        if test.op == "gt" and test.args == (first, second):
            return Traced(entrywise("maximum", first, second))
        if test.op == "lt" and test.args[0] is first and test.args[1] is second:
            return Traced(entrywise("minimum", first, second))
        below_zero = test.op == "lt" and is_number(test.args[1], 0)
        above_zero = test.op == "gt" and is_number(test.args[1], 0)
        if above_zero and first.op == "neg" and first.args[0] is second is test.args[0]:
            return Traced(entrywise("neg", entrywise("abs", second)))
        if below_zero and first.op == "neg" and first.args[0] is second is test.args[0]:
            return Traced(entrywise("abs", second))
        return Traced(entrywise("where", test, as_number(first), as_number(second)))

    power, minimum, maximum = _pair("pow"), _pair("minimum"), _pair("maximum")

    @staticmethod
    def kron(a: Traced, b: Traced) -> Traced:
        """Record a Kronecker product."""
        shape = tuple([x * y for x, y in zip(a.code.shape, b.code.shape, strict=True)])
        return Traced(Code("kron", (a.code, b.code), None, shape))

    @staticmethod
    def eye(n: Any) -> Traced:
        """Record an identity."""
        dim = _dim(n)
        return Traced(Code("eye", (), None, (dim, dim)))

    @staticmethod
    def vectorize(function: Any, otypes: Any = None) -> Any:
        """Record the error function or its complement, which no array language makes of others."""
        assert function in (math.erf, math.erfc), otypes
        return lambda x: Traced(entrywise(function.__name__, unwrapped(x)))

    @staticmethod
    def tril(a: Traced) -> Traced:
        """Record the lower triangle."""
        return Traced(Code("tril", (as_number(a.code),), None, a.code.shape))

    @staticmethod
    def triu(a: Traced) -> Traced:
        """Record the upper triangle: the lower one of the transpose, transposed."""
        return Recorder.tril(a.T).T

    @staticmethod
    def cumsum(x: Traced, axis: int = 0) -> Traced:
        """Record running sums."""
        return Traced(Code("cumsum", (as_number(x.code),), axis, x.code.shape))


class Surroundings:
    """What a row's function asks of the evaluation around it, traced."""

    def __init__(self) -> None:
        self.np = Recorder()

    @staticmethod
    def size(dim: Dim) -> Any:
        """Return the length of an axis."""
        return Traced(size(dim))

    @staticmethod
    def number(value: Number) -> Traced:
        """Return a number."""
        return Traced(number(value))


def traced(node: Expr, args: Sequence[Code]) -> Code:
    """Return the code of one node, whose arguments are given, by running its row's function.

    Raises :class:`~mcalc.errors.Mistake` where it uses something that cannot be exported.
    """
    assert node.op.numpy is not None
    try:
        found = node.op.numpy(Surroundings(), node, *[Traced(arg) for arg in args])
    except (TypeError, AttributeError, ValueError) as trouble:
        raise Mistake("E-UNSUPPORTED", f"{node.op.name} cannot be exported as code: {trouble}") from trouble
    return unwrapped(found)
