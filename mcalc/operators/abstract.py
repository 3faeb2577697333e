"""The row of functions that are named but not defined: `f(g(x))` gives `f′(g(x)) g′(x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, Operator, make, shape_text

if TYPE_CHECKING:
    from mcalc.expr import Shape


def _apply_shape(args: tuple[Expr, ...], attr: Any) -> Shape:
    for place, arg in enumerate(args):
        if arg.order:
            raise ShapeError(
                f"the undefined function {attr[0]} takes scalars, not a {shape_text(arg.shape)}",
                (place,),
                hint=f"define it: {attr[0]}(t) = ...",
                code="E-UNSUPPORTED",
            )
    return ()


def _apply_numpy(env: Any, node: Expr, *values: Any) -> Any:
    raise Mistake(
        "E-NAME", f"the function {node.attr[0]} has no definition, so no value", hint=f"{node.attr[0]}(t) = ..."
    )


APPLY: Operator = Operator(
    "apply", "elementwise", _apply_shape, arity=(1, None), layout="apply", numpy=_apply_numpy,
    partial=lambda node, k: make(
        APPLY, node.args, (node.attr[0], tuple([n + (place == k) for place, n in enumerate(node.attr[1])]))
    ),
    rule="single-variable chain rule", section="4.5.1", formula="d f(g(x))/dx = f′(g(x)) g′(x)", example="f(g(x))",
)  # fmt: skip


def apply(name: str, *args: Expr) -> Expr:
    """Return the undefined function `name` of some scalars; the attribute counts its derivatives by each argument."""
    return make(APPLY, args, (name, (0,) * len(args)))


ROWS = (APPLY,)
