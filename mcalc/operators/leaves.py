"""Rows without arguments to differentiate: numbers, symbols, sizes, running indices and the constant tensors."""

from __future__ import annotations

from mcalc.dims import Dim, Shape
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make, nodes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any, TypeGuard

    from mcalc.expr import Number


MAX_DIGITS = 4300
"""Digits of a number: as many as Python writes."""
MAX_BITS = MAX_DIGITS * 3321928 // 1000000


def _scalar(args: tuple[Expr, ...], attr: Any) -> Shape:
    return ()


NUMBER = Operator(
    "number", "leaf", _scalar, arity=(0, 0), layout="number",
    numpy=lambda env, node: env.number(node.attr),
    rule="constant rule", section="2", formula="dc/dx = 0", example="99",
)  # fmt: skip
SYMBOL = Operator(
    "symbol", "leaf", lambda args, attr: attr[1], arity=(0, 0), layout="symbol",
    symmetric=lambda args, attr: bool({"symmetric", "posdef", "diagonal"} & attr[2]),
    numpy=lambda env, node, *running: env.value(node),
    rule="variable", section="2", formula="dx/dx = 1", example="x",
)  # fmt: skip
SIZE = Operator(
    "size", "leaf", _scalar, arity=(0, 0), layout="size",
    numpy=lambda env, node: env.size(node.attr),
    rule="constant rule", section="2", formula="d|x|/dx = 0", example="|x|",
)  # fmt: skip
PI = Operator(
    "pi", "leaf", _scalar, arity=(0, 0), layout="pi", numpy=lambda env, node: env.np.pi,
    rule="constant rule", section="2", formula="dπ/dx = 0", example="pi",
)  # fmt: skip
INDEX = Operator(
    "index", "leaf", _scalar, arity=(2, None), layout="index", numpy=lambda env, node: env.index(node),
    rule="running index", section="4.4", formula="i = 1 ... n", example="sum_{i=1}^{n} x_i",
)  # fmt: skip
EYE = Operator(
    "eye", "leaf", lambda args, attr: (attr, attr), arity=(0, 0), layout="eye", latex="I",
    symmetric=lambda args, attr: True,
    numpy=lambda env, node: env.np.eye(env.length(node.attr)),
    rule="identity", section="4.1", formula="∂x/∂x = I", example="I(n)",
)  # fmt: skip
ONES = Operator(
    "ones", "leaf", lambda args, attr: attr, arity=(0, 0), layout="ones", latex=r"\vec{1}",
    symmetric=lambda args, attr: True,
    numpy=lambda env, node: env.np.ones([env.length(d) for d in node.attr]),
    rule="ones vector", section="4.3", formula="∂(x + z)/∂z = 1⃗", example="ones(n)",
)  # fmt: skip
ZEROS = Operator(
    "zeros", "leaf", lambda args, attr: attr, arity=(0, 0), layout="zeros", latex=r"\vec{0}",
    symmetric=lambda args, attr: True,
    numpy=lambda env, node: env.np.zeros([env.length(d) for d in node.attr]),
    rule="zeros vector", section="5", formula="∂b/∂w = 0⃗ᵀ", example="zeros(n)",
)  # fmt: skip


def _unit_numpy(env: Any, node: Expr, position: Any) -> Any:
    unit = env.np.zeros(env.length(node.attr))
    unit[env.position(position, node.attr)] = 1.0
    return unit


UNIT = Operator(
    "unit", "leaf", lambda args, attr: (attr,), arity=(1, 1), layout="unit", numpy=_unit_numpy,
    rule="element", section="4.1", formula="∂x_i/∂x = e_iᵀ", example="x_1",
)  # fmt: skip


def ratio(over: Number | str, under: int = 1) -> Fraction:
    """Return an exact fraction.

    >>> ratio(4, 6), ratio("0.25")
    (Fraction(2, 3), Fraction(1, 4))
    """
    from fractions import Fraction  # with the decimal numbers that it loads, a twentieth of a start that needs neither

    return Fraction(over, under) if type(over) is int else Fraction(over) / under


def is_fraction(value: Number) -> TypeGuard[Fraction]:
    """Say whether a number is exact and a fraction."""
    return not isinstance(value, (int, float))


def number(value: Number) -> Expr:
    """Return a number; fractions that are whole become whole numbers.

    >>> number(ratio(4, 2)) is number(2), number(1) is number(1.0)
    (True, False)
    """
    if type(value) is int:
        return _SMALL.get(value) or make(NUMBER, (), _written(value))
    if is_fraction(value):
        over, under = _written(value.numerator), _written(value.denominator)
        value = over if under == 1 else value
    return make(NUMBER, (), value)


def _written(value: int) -> int:
    """Return a number that can be written."""
    if value.bit_length() > MAX_BITS:
        raise Mistake("E-LIMIT", f"a number of more than {MAX_DIGITS} digits", hint="write it as a power")
    return value


def decimal(value: Number) -> str:
    """Return a fraction without its sign as a decimal number, where that is exact and shorter; else nothing.

    >>> decimal(ratio(-26829, 200000)), decimal(ratio(1, 2)), decimal(ratio(10, 3))
    ('0.134145', '', '')
    """
    if not is_fraction(value):
        return ""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    prime = 2 if rest % 2 == 0 else 5
    while rest % prime == 0:
        rest, places = rest // prime, places + 1
    if rest != 1 or places > _PLACES:
        return ""
    over = abs(value.numerator)
    whole, part = divmod(over * 10**places // value.denominator, 10**places)
    text = f"{whole}.{part:0{places}d}"
    return text if len(text) < len(f"{over}/{value.denominator}") else ""


_PLACES = 16
"""A number with more decimal places is a fraction that came out of a calculation."""
_SMALL = {value: make(NUMBER, (), value) for value in range(-2, 11)}
"""The numbers that are needed most: they are made once."""


def symbol(name: str, shape: Shape = (), properties: frozenset[str] = frozenset(), *running: Expr) -> Expr:
    """Return the variable `name` of a shape, with declared properties: symmetric, posdef, positive.

    One that stands for something inside a sum carries the indices it is `running` with.
    """
    return make(SYMBOL, running, (name, shape, properties))


def size(dim: Dim) -> Expr:
    """Return a size as a number in an expression: `n`, or the number itself where it is known."""
    return number(dim.value) if dim.value is not None else make(SIZE, (), dim)


def index(name: str, level: int, first: Expr, last: Expr, *excluded: Expr) -> Expr:
    """Return the running index `name` from `first` to `last`, both included, leaving out the `excluded` values.

    `level` is the number of sums around it over an index of the same name, which makes it another one.
    """
    return make(INDEX, (as_place(first), as_place(last), *excluded), (name, level))


def to_dim(value: Expr) -> Dim | None:
    """Return the size that an expression is: sums and products of sizes and whole numbers."""
    if value.op is NUMBER:
        return Dim.of(value.attr) if type(value.attr) is int else None
    if value.op is SIZE:
        return value.attr  # type: ignore[no-any-return]
    if value.op.name not in ("add", "mul"):
        return None
    total: Dim | None = None
    for arg in value.args:
        part = to_dim(arg) if arg.op.name in ("number", "size", "mul") else None
        if part is None:
            return None
        total = part if total is None else total + part if value.op.name == "add" else total * part
    return total


def size_given(arg: Expr) -> Dim | None:
    """Return the size that an argument is: a number, a size, or the name of one that nothing declares."""
    named = arg.op is SYMBOL and not arg.shape and not arg.args
    return Dim.named(arg.attr[0]) if named else known_size(arg)


def known_size(arg: Expr) -> Dim | None:
    """Return the size that an argument is: a positive number, or made of sizes."""
    dim = to_dim(arg)
    return None if dim is not None and dim.value is not None and dim.value < 1 else dim


def as_place(at: Expr) -> Expr:
    """Return a place or a limit as one size where it is made of sizes and whole numbers, as n + 1 is."""
    if at.op.name not in ("add", "mul"):
        return at
    dim = to_dim(at)
    return at if dim is None else size(dim)


def eye(dim: Dim) -> Expr:
    """Return the identity matrix."""
    return make(EYE, (), dim)


def ones(shape: Shape) -> Expr:
    """Return the tensor of ones; the scalar of no axes is the number 1."""
    return make(ONES, (), shape) if shape else number(1)


def zeros(shape: Shape) -> Expr:
    """Return the tensor of zeros; the scalar of no axes is the number 0."""
    return make(ZEROS, (), shape) if shape else number(0)


def unit(position: Expr, dim: Dim) -> Expr:
    """Return the unit vector with a 1 at `position`, counted from 1; of one place it is a vector of ones.

    Raises:
        ShapeError: where the vector has no such place.

    >>> from mcalc.dims import Dim
    >>> unit(number(1), Dim.of(3)).shape
    (Dim(3),)
    """
    position = as_place(position)
    at = position.attr if position.op is NUMBER else None
    if at is not None and dim.value is not None and not 1 <= at <= dim.value:
        raise ShapeError(f"there is no element {at} in a vector of {dim}", (0,), code="E-SHAPE")
    return ones((dim,)) if at is not None and dim.value == 1 else make(UNIT, (position,), dim)


def symbols_in(*exprs: Expr) -> list[Expr]:
    """Return the symbols in some expressions, in the order of :func:`~mcalc.expr.walk`, those in limits too."""
    return list(dict.fromkeys([node for expr in exprs for node in nodes_of(expr) if node.op is SYMBOL]))


def variables_in(*exprs: Expr) -> list[Expr]:
    """Return the symbols in some expressions but for those that are named after an index, as u_i is in a derivation."""
    return [node for node in symbols_in(*exprs) if not node.args]


def is_number(node: Expr, value: Number | None = None) -> bool:
    """Say whether a node is a number, and, where one is given, that very exact number."""
    if node.op is not NUMBER:
        return False
    own = node.attr
    return value is None or ((type(own) is int or (type(own) is not float and type(value) is not int)) and own == value)


def is_zero(node: Expr) -> bool:
    """Say whether a node is known to be zero in every entry."""
    return node.op is ZEROS or is_number(node, 0)


ROWS = (NUMBER, SYMBOL, SIZE, PI, INDEX, EYE, ONES, ZEROS, UNIT)
