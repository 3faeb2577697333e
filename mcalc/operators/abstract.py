"""Rows of functions that are only named, with no definition: f(x), f′(x), ∂₁f(x, y); and that an equation defines."""

from __future__ import annotations

from collections import namedtuple

from mcalc.errors import Mistake
from mcalc.expr import Expr, LocalTerm, Operator, make, rebuild
from mcalc.operators.arithmetic import power
from mcalc.operators.leaves import SYMBOL, number
from mcalc.operators.matrix import inv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mcalc.expr import Shape

NOTHING: frozenset[str] = frozenset()


# Not typing's: the first of those costs every start a millisecond.
_Attribute = namedtuple("_Attribute", "name counts out behind properties", defaults=((), ("", 0), NOTHING))  # noqa: PYI024


class Undefined(_Attribute):
    """Which function is applied, and what of it: the attribute of both rows.

    `counts` says how often it is derived by each argument, `out` is the shape of its own value. `behind` is the sign
    before its parameters, ``;`` or ``|``, and how many arguments stand before that. `properties` are those of its
    value, such as symmetric.
    """

    __slots__ = ()
    name: str
    counts: tuple[int, ...]
    out: Shape
    behind: tuple[str, int]
    properties: frozenset[str]

    def derived(self, place: int) -> Undefined:
        """Return the derivative by the argument at a place."""
        return self._replace(counts=tuple([n + (place == k) for k, n in enumerate(self.counts)]))


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

    >>> from mcalc.expr import Dim
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


ROWS = (APPLY, MAP, IMPLICIT)
