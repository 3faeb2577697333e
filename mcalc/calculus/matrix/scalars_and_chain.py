"""The terms of a sum taken apart: what is a scalar in them, and the chain of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.operators.arithmetic import mul
from mcalc.operators.leaves import NUMBER, number
from mcalc.operators.linear import MATMUL

if TYPE_CHECKING:
    from mcalc.expr import Expr, Number

    Parted = tuple[list[Expr], list[Expr]]


def coefficient(scalars: list[Expr]) -> Number:
    """Return the product of the numbers among some scalars."""
    value: Number = 1
    for scalar in scalars:
        if scalar.op is NUMBER:
            value = value * scalar.attr
    return value


def split_term(part: Expr) -> Parted:
    """Return the scalar factors of a product and its matrix chain; an element-wise product is a chain of one."""
    if part.op is MATMUL:
        return [], list(part.args)
    if part.op.name == "mul":
        tensors = [arg for arg in part.args if arg.shape]
        if len(tensors) == 1:
            scalars = [arg for arg in part.args if not arg.shape]
            [tensor] = tensors
            return scalars, list(tensor.args) if tensor.op is MATMUL else [tensor]
        scalars = [arg for arg in part.args if not arg.shape]
        return scalars, [mul(*tensors) if tensors else number(1)]
    return ([], [part]) if part.shape else ([part], [number(1)])
