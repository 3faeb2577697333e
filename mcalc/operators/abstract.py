"""Rows of what has no value by itself: functions that are only named, or that an equation defines; expectations.

`f(g(x))` gives `f′(g(x)) g′(x)`, or a product of Jacobians; into an expectation, which is linear, a derivative goes
inside. And the rows of a derivative and a differential that are asked for and not yet worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from mcalc.dims import Dim, Shape, shape_text
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, LocalTerm, Operator, make, rebuild, walk
from mcalc.limits import WORK
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import SYMBOL, number
from mcalc.operators.matrix import inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Move = tuple[Expr, Expr]
NOTHING: frozenset[str] = frozenset()


class Undefined(tuple):  # type: ignore[type-arg] # not a named tuple, which takes a start a tenth of a millisecond
    """Which function is applied, and what of it: the attribute of both rows.

    `counts` says how often it is derived by each argument, `out` is the shape of its own value. `behind` is the sign
    before its parameters, ``;`` or ``|``, and how many arguments stand before that. `properties` are those of its
    value, such as symmetric.
    """

    __slots__ = ()
    name, counts, out, behind, properties = [property(itemgetter(place)) for place in range(5)]

    def __new__(
        cls,
        name: str,
        counts: tuple[int, ...],
        out: Shape = (),
        behind: tuple[str, int] = ("", 0),
        properties: frozenset[str] = NOTHING,
    ) -> Undefined:
        """Return what is applied, in this order."""
        return super().__new__(cls, (name, counts, out, behind, properties))

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what a copy is made of."""
        return tuple(self)

    def derived(self, place: int) -> Undefined:
        """Return the derivative by the argument at a place."""
        name, counts, *rest = self
        return Undefined(name, tuple([n + (place == k) for k, n in enumerate(counts)]), *rest)


def is_gradient(node: Expr) -> bool:
    """Say whether a node is the first derivative of a scalar function by a vector: ∇f(x) is written as a row."""
    return node.op is MAP and node.order == 1 and not node.attr.out and sum(node.attr.counts) == 1


def _apply_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    return next((arg.shape for arg in args if arg.shape), ())


def _map_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    """The axes of the value, then those of the arguments that it is derived by, each as often as that."""
    shape: Shape = attr.out
    for arg, count in zip(args, attr.counts, strict=True):
        shape = shape + arg.shape * count
    return shape


def _map_jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """The function derived once more by an argument, whose axes come after those of the arguments before it."""
    own = node.args[k].order
    before = len(node.attr.out) + sum([a.order * n for a, n in zip(node.args[: k + 1], node.attr.counts, strict=False)])
    axes = tuple(range(node.order))
    new = tuple(range(node.order, node.order + own))
    made = make(MAP, node.args, node.attr.derived(k))
    return [LocalTerm(1, ((made, axes[:before] + new + axes[before:]),), axes, new)]


def _map_symmetric(args: tuple[Expr, ...], attr: Any) -> bool:
    """A Hessian by a vector; the value of a curve of symmetric matrices, and its derivatives by numbers."""
    if len(attr.out) == 2:
        return bool({"symmetric", "posdef"} & attr.properties)
    return any([count == 2 and arg.order == 1 for arg, count in zip(args, attr.counts, strict=True)])


def _no_value(env: Any, node: Expr, *values: Any) -> Any:
    name = node.attr.name
    raise Mistake("E-NAME", f"the function {name} has no definition, so no value", hint=f"define it: {name}(t) = ...")


APPLY: Operator = Operator(
    "apply", "elementwise", _apply_shape, arity=(1, None), layout="apply", numpy=_no_value,
    partial=lambda node, k: make(APPLY, node.args, node.attr.derived(k)),
    rule="single-variable chain rule", section="4.5.1", formula="d f(g(x))/dx = f′(g(x)) g′(x)", example="f(g(x))",
)  # fmt: skip
MAP: Operator = Operator(
    "map", "tensor", _map_shape, arity=(1, None), layout="apply", numpy=_no_value, jacobian=_map_jacobian,
    symmetric=_map_symmetric, row=lambda args, attr: False,
    rule="vector chain rule", section="4.5.3", formula="∂f(g(x))/∂x = ∂f/∂g ∂g/∂x", example="f(A x)",
)  # fmt: skip


def apply(
    name: str,
    *args: Expr,
    counts: tuple[int, ...] = (),
    out: Shape = (),
    behind: tuple[str, int] = ("", 0),
    properties: frozenset[str] = NOTHING,
) -> Expr:
    """Return an undefined function of some arguments, derived by each as many times as `counts` says.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> x = symbol("x", (Dim.named("n"),))
    >>> apply("f", x, counts=(2,)).shape, apply("g", x, counts=(1,), out=(Dim.named("m"),)).shape
    ((Dim(n), Dim(n)), (Dim(m), Dim(n)))
    """
    attr = Undefined(name, (*counts, *[0] * (len(args) - len(counts))), out, behind, properties)
    return make(MAP if out or any([arg.shape for arg in args]) else APPLY, args, attr)


def entrywise(name: str, *args: Expr, counts: tuple[int, ...] = ()) -> Expr:
    """Return an undefined function of numbers, applied to each entry of its arguments."""
    return make(APPLY, args, Undefined(name, (*counts, *[0] * (len(args) - len(counts)))))


NO_VALUE = "what an equation defines has no value by itself: give one that solves it"


def _not_solved(env: Any, node: Expr, *values: Any) -> Any:
    raise Mistake("E-UNSUPPORTED", NO_VALUE)


def _jacobian(node: Expr, k: int) -> list[LocalTerm]:
    """∂u/∂F = -(∂F/∂u)⁻¹, of which F is what the equation says to be 0 and ∂F/∂u is in the attribute."""
    slope = node.attr[3]
    if not node.shape:
        return [LocalTerm(-1, ((power(slope, number(-1)), ()),), (), ())]
    return [LocalTerm(-1, ((inv(slope), (0, 1)),), (0,), (1,))]


IMPLICIT = Operator(
    "implicit", "tensor", lambda args, attr: attr[1], layout="symbol", jacobian=_jacobian, numpy=_not_solved,
    row=lambda args, attr: False,
    rule="implicit function", section="beyond the paper", formula="du/dp = -(∂F/∂u)⁻¹ ∂F/∂p where F(u, p) = 0",
    example="d/dt x* where x^3 + t x = 1",
)  # fmt: skip


def defined_by(unknown: Expr, residual: Expr, derivative: Callable[[Expr, Expr], Expr]) -> Expr:
    """Return an unknown as the function that an equation `residual` = 0 makes it; `derivative` differentiates.

    Raises:
        Mistake: `E-SHAPE`, where the equation has not as many entries as the unknown; `E-UNSUPPORTED` for a matrix.
    """
    if unknown.order > 1:
        raise Mistake("E-UNSUPPORTED", f"{unknown.attr[0]} is a matrix, and an equation for one is not solved for")
    if residual.shape != unknown.shape:
        said = f"the equation for {unknown.attr[0]} has not as many entries as {unknown.attr[0]} has"
        raise Mistake("E-SHAPE", said, hint="as many equations as unknowns define a function")
    slope = derivative(residual, unknown)
    return make(IMPLICIT, (residual,), (*unknown.attr, slope))


def with_names(expr: Expr) -> Expr:
    """Return an expression in which what an equation defines stands under its name."""

    def named(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        return make(SYMBOL, (), node.attr[:3]) if node.op is IMPLICIT else None

    return rebuild(expr, named)


class Over(tuple):  # type: ignore[type-arg] # see Undefined
    """What an expectation goes over: the names of random variables, None where that is open, and its subscript."""

    __slots__ = ()
    names, subscript = property(itemgetter(0)), property(itemgetter(1))

    def __new__(cls, names: tuple[str, ...] | None, subscript: str) -> Over:
        """Return both."""
        return super().__new__(cls, (names, subscript))

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what a copy is made of."""
        return tuple(self)


def _no_average(env: Any, node: Expr, value: Any) -> Any:
    hint = "give draws of what is random, one more axis before its own: their average is taken"
    raise Mistake("E-UNSUPPORTED", "an expectation has no value by itself", hint=hint)


def _not_told(node: Expr, k: int) -> list[LocalTerm]:
    hint = "the derivative goes inside: differentiate what stands in its brackets"
    raise Mistake("E-UNSUPPORTED", "the steps through an expectation are not told", hint=hint)


EXPECTATION = Operator(
    "expectation", "tensor", lambda args, attr: args[0].shape, layout="expectation", jacobian=_not_told,
    row=lambda args, attr: args[0].is_row, symmetric=lambda args, attr: args[0].is_symmetric,
    numpy=_no_average, latex=r"\mathbb{E}",
    rule="expectation", section="beyond the paper", formula="∂E[f]/∂w = E[∂f/∂w]", example="E[w · x]",
)  # fmt: skip


def expectation(of: Expr, names: tuple[str, ...] | None = None, subscript: str = "") -> Expr:
    """Return the expectation of an expression over the random variables of these names.

    >>> from mcalc.operators.leaves import symbol
    >>> expectation(symbol("x"), ("x",)).shape
    ()
    """
    return make(EXPECTATION, (of,), Over(names, subscript))


def over_all_but(node: Expr, fixed: set[str]) -> Expr:
    """Return an expectation that says what it goes over: all variables in it but those that are differentiated by."""
    inside = [*walk(node.args[0])]
    WORK.spend(len(inside))
    names = {inner.attr[0] for inner in inside if inner.op.name == "symbol"}
    return expectation(node.args[0], tuple(sorted(names - fixed)), node.attr.subscript)


def _derivative_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    """Axes of the function, then those of the variable; of several variables, one axis as long as all together."""
    body, *variables = args
    for place, variable in enumerate(variables, 1):
        if variable.op.name not in ("symbol", "element"):
            raise ShapeError(
                "a derivative is taken with respect to a variable or one element of it", (place,), code="E-NAME"
            )
    if len(variables) == 1:
        return body.shape + variables[0].shape
    total = Dim.of(0)
    for place, variable in enumerate(variables, 1):
        if variable.order > 1:
            raise ShapeError(
                f"one row of derivatives has no room for a {shape_text(variable.shape)}",
                (place,),
                hint="name one variable, as in ∂/∂x or ∇_x",
            )
        total = total + (variable.shape[0] if variable.shape else 1)
    return (*body.shape, total)


DERIVATIVE = Operator(
    "derivative", "derivative", _derivative_shape, arity=(2, None), layout="derivative", latex=r"\partial",
    row=lambda args, attr: args[0].order == 0,
    rule="derivative", section="3", formula="∂f/∂x", example="d/dx x^2",
)  # fmt: skip


def derivative(body: Expr, *variables: Expr) -> Expr:
    """Return the derivative of `body` by a variable, an element, or several variables, in numerator layout.

    Raises :class:`~mcalc.errors.ShapeError` where something else stands in place of a variable.
    """
    return make(DERIVATIVE, (body, *variables))


DIFFERENTIAL = Operator(
    "differential", "derivative", lambda args, attr: args[0].shape, arity=(1, None), layout="differential",
    latex=r"\mathrm{d}", row=lambda args, attr: args[0].is_row, symmetric=lambda args, attr: args[0].is_symmetric,
    rule="differential", section="beyond the paper", formula="df = ∂f/∂x dx", example="d(x^2)",
)  # fmt: skip
"""What a body changes by, to first order, when variables move. Behind the body stand a variable and its direction, then
another, and so on. The attribute is the order: of d²f the directions stay as they are."""
MARK = "differential"
"""The property of a symbol such as dX, which is the differential of another one."""


def differential(body: Expr, moves: Sequence[Move] = (), order: int = 1) -> Expr:
    """Return the differential of `body` along some moves, each a variable and the direction in which it moves."""
    return make(DIFFERENTIAL, (body, *[part for move in moves for part in move]), order)


def moves_of(node: Expr) -> list[Move]:
    """Return the variables that move in a differential, each with its direction."""
    return list(zip(node.args[1::2], node.args[2::2], strict=True))


ROWS = (APPLY, MAP, IMPLICIT, EXPECTATION, DERIVATIVE, DIFFERENTIAL)
