"""Array code before it is printed: a graph of primitive operations on arrays, each node once.

What a target language has to know is the short list of operations below; everything else is made of them. Axes are
those of NumPy: two operands have the same number of axes, of which some may be of length 1, or one is a scalar.

- ``input``, ``number``, ``size``, ``index``: an argument, a number, the length of an axis, a running index of a loop;
- ``add sub mul div pow neg``, ``exp log ...``: entry by entry; ``lt le gt ge eq ne and or`` give truth values;
- ``where``, ``maximum``, ``minimum``: choices entry by entry;
- ``expand`` puts axes of length 1 in, ``permute`` exchanges axes, ``reshape``, ``concat``, ``take``, ``cut`` as named;
- ``matmul``, ``sum``, ``max``, ``min``, ``prod``: contraction and reductions over `attr` axes, or all; ``argmax``,
  ``argmin``: the first place of the largest or least along one axis, counted from 0;
- ``full``: one scalar at all places; ``eye``, ``diagonal``, ``on_diagonal`` (a matrix with a vector added to its
  diagonal), ``spread`` (a tensor with pairs of axes that must be equal);
- ``solution``: a row of what solves an equation, by its name;
- ``inv``, ``adj``, ``solve``, ``det``, ``logdet``, ``kron``, ``expm``: of matrices;
- ``call``: a helper function, `attr` its :class:`Helper`; ``loop``: a sum or product over an index.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mcalc.dims import Dim, Shape, Table
from mcalc.expr import in_order

if TYPE_CHECKING:
    from mcalc.expr import Number


SINGLE = Dim.of(1)
TRUTH = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "and", "or"})
"""Operations whose result is true or false at each place."""
OF_NUMBERS = (
    "abs", "log", "log1p", "exp", "expm1", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh",
    "tanh", "floor", "erf", "erfc",
)  # fmt: skip
"""Functions that a language has for numbers alone."""
SCALARS = frozenset({"number", "size", "index", "add", "sub", "mul", "div", "pow", "neg", *OF_NUMBERS})
"""Operations that leave numbers numbers."""


class Code:
    """One operation on arrays; equal operations are the same object. `free` are the running indices in it.

    One that is made of numbers and sizes alone `is_scalar`: it is a number of the language, and not an array.
    """

    __slots__ = ("__weakref__", "args", "attr", "free", "is_scalar", "op", "shape")
    _table = Table()
    op: str
    args: tuple[Code, ...]
    attr: Any
    shape: Shape
    free: frozenset[Code]
    is_scalar: bool

    def __new__(cls, op: str, args: Sequence[Code] = (), attr: Any = None, shape: Shape = ()) -> Code:
        """Return the operation; `shape` is that of its result."""
        key = (op, tuple(args), type(attr), repr(attr) if isinstance(attr, float) else attr, shape)
        entry = cls._table.entry(key)
        found: Code | None = None if entry is None else entry()
        if found is None:
            found = object.__new__(cls)
            found.op = op
            found.args = tuple(args)
            found.attr = attr
            found.shape = shape
            free: frozenset[Code] = frozenset()
            for arg in found.args:
                free = free | arg.free
            if op == "index":
                free = free | {found}
            if op == "loop":
                free = free - {found.args[0]}
            found.free = free
            found.is_scalar = not shape and op in SCALARS and all([arg.is_scalar for arg in found.args])
            return cls._table.interned(key, found)
        return found

    @property
    def order(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<{self.op} {self.attr if self.attr is not None else ''} of {len(self.args)}>"


class Helper:
    """A function that the code calls: its name, its formal arguments, and what it returns."""

    __slots__ = ("name", "parameters", "result")

    def __init__(self, name: str, parameters: tuple[Code, ...], result: Code) -> None:
        self.name = name
        self.parameters = parameters
        self.result = result

    def arguments(self, sizes: Collection[str]) -> dict[Code, str]:
        """Return the name of each formal argument, none of them that of a size."""
        found: dict[Code, str] = {}
        for code in self.parameters:
            found[code] = unlike(str(code.attr), {*sizes, *found.values()})
        return found


def unlike(name: str, taken: Container[str]) -> str:
    """Return a name, with as many lines after it as make it another one than those that are taken."""
    while name in taken:
        name += "_"
    return name


def walk(*roots: Code) -> Iterator[Code]:
    """Yield every node under the roots once, arguments first; the bodies of helpers are not entered."""
    return in_order(roots, attrgetter("args"))


def number(value: Number) -> Code:
    """Return a number; fractions that are whole become whole numbers."""
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return Code("number", (), value)


def is_number(code: Code, value: Number | None = None) -> bool:
    """Say whether a node is a number, and which."""
    return code.op == "number" and (value is None or code.attr == value)


def size(dim: Dim) -> Code:
    """Return the length of an axis as a number."""
    return number(dim.value) if dim.value is not None else Code("size", (), dim)


def full(value: Code, shape: Shape) -> Code:
    """Return a scalar at all places of a shape; it is broadcast where it can be."""
    return Code("full", (value,), None, shape) if shape else value


def broadcast(*codes: Code) -> Shape:
    """Return the shape of an operation entry by entry."""
    shape: list[Dim] = []
    for code in codes:
        if not code.shape:
            continue
        if not shape:
            shape = list(code.shape)
            continue
        assert len(shape) == code.order, "operands have the same number of axes, or none"
        shape = [b if a is SINGLE else a for a, b in zip(shape, code.shape, strict=True)]
    return tuple(shape)


def without_ones(code: Code) -> Code:
    """An operand that is spread over a shape only by one number at all places of it, as it was before."""
    if code.op == "full":
        return code.args[0]
    if code.op == "neg":
        bare = without_ones(code.args[0])
        return code if bare is code.args[0] else entrywise("neg", bare)
    if code.op == "mul" and code.args[0].op == "full":
        return entrywise("mul", code.args[0].args[0], code.args[1])
    return code


def entrywise(op: str, *args: Code) -> Code:
    """Return an operation entry by entry; scalars expand, and where all operands are constant so is the result.

    >>> x = Code("input", (), "x", (Dim.named("n"),))
    >>> entrywise("mul", full(number(1), x.shape), x) is x
    True
    """
    shape = broadcast(*args)
    if shape and all([arg.op == "full" or not arg.shape for arg in args]):
        return full(entrywise(op, *[arg.args[0] if arg.op == "full" else arg for arg in args]), shape)
    plain = tuple([without_ones(arg) for arg in args])
    if broadcast(*plain) != shape:  # worked out on what varies, and then spread over the shape
        return _widened(entrywise(op, *plain), shape)
    args = plain
    if op == "where" and not args[0].shape:  # one side is taken as it stands, and nothing widens it
        args = (args[0], *[side if side.shape in ((), shape) else _widened(side, shape) for side in args[1:]])
    if op in ("add", "sub", "neg", "mul", "div") and any([arg.op == "spread" for arg in args]):
        ties = [arg.attr for arg in args if arg.shape]
        scales = op == "mul" or (op == "div" and args[0].op == "spread")
        if all([arg.op == "spread" or (scales and not arg.shape) for arg in args]) and len({*ties}) == 1:
            inner = entrywise(op, *[arg.args[0] if arg.op == "spread" else arg for arg in args])
            return Code("spread", (inner,), ties[0], shape)
    return _settled(op, args) or Code(op, args, None, shape)


def _widened(code: Code, shape: Shape) -> Code:
    return Code("mul", (full(number(1), shape), code), None, shape)


def _settled(op: str, args: tuple[Code, ...]) -> Code | None:
    """What needs no operation: numbers alone, zeros and ones beside something else."""
    if op == "neg":
        [a] = args
        return number(-a.attr) if is_number(a) else a.args[0] if a.op == "neg" else None
    if op in ("maximum", "minimum") and args[0] is args[1]:
        return args[0]
    if op not in ("add", "sub", "mul", "div"):
        return None
    a, b = args
    shape = broadcast(a, b)
    if is_number(a) and is_number(b) and not (op == "div" and b.attr == 0):
        exact = type(a.attr) is not float and type(b.attr) is not float
        if op == "div":
            return number(Fraction(a.attr) / Fraction(b.attr)) if exact else number(a.attr / b.attr)
        return number({"add": a.attr + b.attr, "sub": a.attr - b.attr, "mul": a.attr * b.attr}[op])
    if op in ("add", "sub") and "size" in (a.op, b.op):
        first, second = as_length(a), as_length(b)
        if first is not None and second is not None:
            return size(first + second if op == "add" else first - second)
    if op == "add":
        if is_number(a, 0) or is_number(b, 0):
            return b if is_number(a, 0) else a
        less = _negated(b)
        if less is not None:
            return entrywise("sub", a, less)
        less = _negated(a)
        return entrywise("sub", b, less) if less is not None else None
    if op == "sub":
        if is_number(b, 0):
            return a
        if is_number(a, 0):
            return entrywise("neg", b)
        less = _negated(b)
        return entrywise("add", a, less) if less is not None else None
    if is_number(b, 1):
        return a
    if op == "div":
        return entrywise("neg", entrywise("div", a.args[0], b)) if a.op == "neg" else None
    if is_number(a, 0) or is_number(b, 0):
        return full(number(0), shape)
    if is_number(a, 1):
        return b
    if is_number(a, -1) or is_number(b, -1):
        return entrywise("neg", b if is_number(a, -1) else a)
    if a.op == "neg" or b.op == "neg":
        bare = entrywise("mul", a.args[0] if a.op == "neg" else a, b.args[0] if b.op == "neg" else b)
        return bare if a.op == b.op else entrywise("neg", bare)
    return None


def as_length(code: Code) -> Dim | None:
    """Return the length of an axis, or a whole number, as a size; None for anything else."""
    whole = code.op == "number" and type(code.attr) is int
    return code.attr if code.op == "size" else Dim.of(code.attr) if whole else None


def _negated(code: Code) -> Code | None:
    """What is written with a minus, without it; None for anything else."""
    if code.op == "neg":
        return code.args[0]
    if code.op == "number":
        return number(-code.attr) if code.attr < 0 else None
    first = code
    factors: list[Code] = []
    while first.op == "mul" and not first.args[0].shape:
        factors.append(first.args[1])
        first = first.args[0]
    if not factors or first.op != "number" or not first.attr < 0:
        return None
    found = number(-first.attr)
    for factor in reversed(factors):
        found = entrywise("mul", found, factor)
    return found


def total(op: str, codes: Sequence[Code]) -> Code:
    """Return a sum or product of several operands, from left to right."""
    found = codes[0]
    for code in codes[1:]:
        found = entrywise(op, found, code)
    return found


def is_mask(code: Code) -> bool:
    """Say whether an operation gives 1 where something holds and 0 elsewhere."""
    return code.op == "where" and is_number(code.args[1], 1) and is_number(code.args[2], 0)


def as_number(code: Code) -> Code:
    """Return truth values as ones and zeros; anything else as it is."""
    return entrywise("where", code, number(1), number(0)) if code.op in TRUTH else code


def expand(code: Code, axes: Sequence[int], order: int) -> Code:
    """Return an array whose axes stand at `axes` among `order`, with axes of length 1 between them.

    >>> x = Code("input", (), "x", (Dim.named("n"),))
    >>> expand(x, (0,), 2).shape
    (Dim(n), Dim(1))
    """
    if not code.shape or len(axes) == order:
        return code
    shape = [SINGLE] * order
    for axis, dim in zip(axes, code.shape, strict=True):
        shape[axis] = dim
    if code.op == "full":
        return full(code.args[0], tuple(shape))
    return Code("expand", (code,), tuple(axes), tuple(shape))


def permute(code: Code, axes: Sequence[int]) -> Code:
    """Return an array with its axes in another order: axis `axes[k]` becomes axis k."""
    if tuple(axes) == tuple(range(code.order)):
        return code
    shape = tuple([code.shape[axis] for axis in axes])
    if code.op == "full":
        return full(code.args[0], shape)
    if code.op == "permute":
        return permute(code.args[0], [code.attr[axis] for axis in axes])
    return Code("permute", (code,), tuple(axes), shape)


def reshape(code: Code, shape: Shape) -> Code:
    """Return the same entries, row by row, in another shape."""
    if code.shape == shape:
        return code
    if code.op == "full":
        return full(code.args[0], shape)
    return Code("reshape", (code,), None, shape)


def taken(code: Code, axis: int, at: Code) -> Code:
    """Return the part of an array at one place of an axis, counted from 0."""
    shape = tuple([dim for k, dim in enumerate(code.shape) if k != axis])
    if code.op == "expand" and axis not in code.attr:
        rest = [k - (k > axis) for k in code.attr]
        return expand(code.args[0], rest, code.order - 1)
    return Code("take", (code, at), axis, shape)


def matmul(a: Code, b: Code) -> Code:
    """Return the product of vectors and matrices; of two vectors, the number.

    A factor that is one number everywhere makes it a sum, one with a single 1 takes a row or a column.
    """
    shape = a.shape[:-1] + b.shape[1:]
    for one, other, axis in ((a, b, 0), (b, a, a.order - 1)):
        if one.op == "full":
            summed = entrywise("mul", one.args[0], reduce("sum", other, (axis,)))
            if one.order == 1:
                return summed
            far = expand(summed, (1,) if one is a else (0,), 2) if summed.shape else summed
            return entrywise("mul", full(number(1), shape), far)
    for hot, other, axis in ((a, b, 0), (b, a, a.order - 1)):
        at = _place_of_one(hot)
        if at is not None and other.op != "number":
            return taken(other, axis, at)
    if a.op == b.op == "number":
        return entrywise("mul", a, b)
    return Code("matmul", (a, b), None, shape)


def _place_of_one(code: Code) -> Code | None:
    """The place of the 1 in a vector of zeros and one 1; None for anything else."""
    if code.order != 1 or not is_mask(code) or code.args[0].op != "eq":
        return None
    places, at = code.args[0].args
    return at if places.op == "places" and not at.shape else None


def reduce(op: str, code: Code, axes: Sequence[int]) -> Code:
    """Return a sum, product, maximum or minimum over some axes."""
    if not axes:
        return code
    if code.op == "permute":
        kept = [own for axis, own in enumerate(code.attr) if axis not in axes]
        if kept == sorted(kept):
            return reduce(op, code.args[0], [code.attr[axis] for axis in axes])
    shape = tuple([dim for axis, dim in enumerate(code.shape) if axis not in axes])
    if op == "sum" and code.op == "full":
        count = total("mul", [size(code.shape[axis]) for axis in axes])
        return full(entrywise("mul", count, code.args[0]), shape)
    if op == "sum" and code.op == "neg":
        return entrywise("neg", reduce(op, code.args[0], axes))
    if op == "sum" and code.op == "mul" and not code.args[0].shape:
        return entrywise("mul", code.args[0], reduce(op, code.args[1], axes))
    if op == "sum" and code.op == "mul" and code.order == 1 and code.args[0].order == code.args[1].order == 1:
        return matmul(*code.args)
    if op == "sum" and code.op == "pow" and code.order == 1 and is_number(code.args[1], 2) and code.args[0].shape:
        return matmul(code.args[0], code.args[0])
    return Code(op, (as_number(code),), tuple(axes), shape)


def is_trailing(code: Code) -> bool:
    """Say whether axes of length 1 are only put in front, where broadcasting puts them itself."""
    return code.op == "expand" and code.attr == tuple(range(code.order - code.args[0].order, code.order))


def needed_by(node: Code) -> list[Code]:
    """Return what a node needs in its own scope: of a loop, its limits and what does not run in its body."""
    if node.op != "loop":
        return list(node.args)
    _, body, *limits = node.args
    inside = list(walk(body))
    used = {arg for inner in inside if not inner.free <= node.free for arg in inner.args} | {body}
    return [*limits, *[inner for inner in inside if inner.free <= node.free and inner in used]]
