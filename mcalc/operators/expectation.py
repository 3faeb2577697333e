"""The row of an expectation: E[f(x)] is linear, so that a derivative goes inside."""

from __future__ import annotations

from collections import namedtuple

from mcalc.errors import Mistake
from mcalc.expr import Operator, make, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.expr import Expr, LocalTerm


_Attribute = namedtuple("_Attribute", "names subscript", defaults=(None, ""))  # noqa: PYI024


class Over(_Attribute):
    """What an expectation goes over: the names of random variables, None where that is open, and its subscript."""

    __slots__ = ()


def _no_value(env: Any, node: Expr, value: Any) -> Any:
    hint = "give draws of what is random, one more axis before its own: their average is taken"
    raise Mistake("E-UNSUPPORTED", "an expectation has no value by itself", hint=hint)


def _not_told(node: Expr, k: int) -> list[LocalTerm]:
    hint = "the derivative goes inside: differentiate what stands in its brackets"
    raise Mistake("E-UNSUPPORTED", "the steps through an expectation are not told", hint=hint)


EXPECTATION = Operator(
    "expectation", "tensor", lambda args, attr: args[0].shape, layout="expectation", jacobian=_not_told,
    row=lambda args, attr: args[0].is_row, symmetric=lambda args, attr: args[0].is_symmetric,
    numpy=_no_value, latex=r"\mathbb{E}",
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
    names = {inner.attr[0] for inner in walk(node.args[0]) if inner.op.name == "symbol"}
    return expectation(node.args[0], tuple(sorted(names - fixed)), node.attr.subscript)


ROWS = (EXPECTATION,)
