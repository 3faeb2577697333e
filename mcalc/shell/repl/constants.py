"""What a formula without variables comes to: its value, and whether that is exact."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mcalc.expr import Expr, walk
from mcalc.numeric.binding import Binding
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.values import Values
from mcalc.operators.leaves import SYMBOL, variables_in
from mcalc.render.number_arrays import columns, number_text, one_line
from mcalc.render.text import unicode as written

DIGITS = 10
"""Digits of a number that stands alone."""
WIDTH = 80
EXACT = frozenset((
    "number", "index", "size", "eye", "ones", "zeros", "unit", "add", "mul", "block", "selection", "transpose", "row",
    "dot", "matmul", "sum", "trace", "diag", "outer", "einsum", "element", "sigma", "product",
))  # fmt: skip
"""Operators of sums and products: of whole numbers they give whole numbers, to the last digit."""


def is_constant(expr: Expr) -> bool:
    """Say whether an expression has a value by itself: no variables, no named sizes, no free indices."""
    return not expr.free and not variables_in(expr) and not names_of_sizes(expr) and not expr.has(SYMBOL)


def constant_line(expr: Expr, room: int, warn: Callable[[str], None], *, unicode: bool) -> str | None:
    """Return ``= 5`` or ``≈ 2.9142135624`` for a formula without variables; None where it says no more than itself.

    `room` is how wide a line may be, and `warn` tells of what is said of the value. Raises Mistake where it has none.
    """
    if not is_constant(expr) or _is_written_out(expr):
        return None
    Binding((), (), (), {}).check_room(list(walk(expr)))
    found = Values(expr, None, {}, ())
    array = found.value
    if array.ndim:
        said = one_line(array)
        lines = columns(array, room, unicode=unicode)
        said = said if len(said) <= WIDTH // 2 and len(lines) == 1 else "\n  ".join(["", *lines])
    else:
        said = number_text(float(array), DIGITS)
        whole = float(array).is_integer() and abs(float(array)) < 1e15
        said = number_text(float(array)) if whole else said
    if said == written(expr):
        return None
    sign = "=" if _is_exact(expr, array, said) else "≈" if unicode else "~="
    for warning in found.warnings:
        warn(warning)
    return f"{sign} {said}" if said[0] != "\n" else f"{sign}{said}"


def _is_written_out(expr: Expr) -> bool:
    """Say whether an expression is a whole number, or an array of such, and nothing else."""
    return all([node.op.name in ("number", "block") and not isinstance(node.attr, Fraction) for node in walk(expr)])


def _is_exact(expr: Expr, array: Any, said: str) -> bool:
    """Say whether a value, as it is shown, is the very value of an expression."""
    if expr.op.name == "number":
        return bool(Fraction(said) == Fraction(expr.attr))
    whole = all([isinstance(node.attr, int) for node in walk(expr) if node.op.name == "number"])
    small = bool((array == array.round()).all() and (abs(array) < 10**6).all())
    return whole and small and all([node.op.name in EXACT for node in walk(expr)])
