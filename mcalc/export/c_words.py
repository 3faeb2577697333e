"""The smallest words of C code: numbers, sizes, places in memory, and how tightly each operator binds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.export.python_words import size_text

if TYPE_CHECKING:
    from mcalc.expr import Number, Shape

    Text = tuple[str, int]

ATOM, SIGN, TIMES, PLUS, COMPARE, EQUAL, AND, OR, CHOICE, LOOSE = 9, 8, 6, 5, 4, 3, 2, 1, 0, -1
INFIX = {
    "add": (" + ", PLUS), "sub": (" - ", PLUS), "mul": (" * ", TIMES), "div": (" / ", TIMES),
    "lt": (" < ", COMPARE), "le": (" <= ", COMPARE), "gt": (" > ", COMPARE), "ge": (" >= ", COMPARE),
    "eq": (" == ", EQUAL), "ne": (" != ", EQUAL), "and": (" && ", AND), "or": (" || ", OR),
}  # fmt: skip
FUNCTIONS = {
    "abs": "fabs", **{op: op for op in (
        "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
        "cosh", "asinh", "tanh", "floor", "erf", "erfc", "maximum", "minimum", "sign",
    )},
}  # fmt: skip
"""Functions of numbers by their names in C; the last three are helpers that are written where they are needed."""
HELPERS = {
    "maximum": """static double maximum(double a, double b) {
    return a > b || a != a ? a : b; /* unlike fmax, not a number where one of them is not */
}""",
    "minimum": """static double minimum(double a, double b) {
    return a < b || a != a ? a : b; /* unlike fmin, not a number where one of them is not */
}""",
    "sign": """static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : x;
}""",
}


def number_text(value: Number) -> Text:
    """Return a number as C writes a double; a whole number stays one, since its partner is a double."""
    if isinstance(value, Fraction):
        exact = float(value)
        if Fraction(exact) == value:
            return repr(exact), ATOM if value >= 0 else SIGN
        return f"{value.numerator}.0 / {value.denominator}", TIMES
    if isinstance(value, float):
        if math.isnan(value):
            return "NAN", ATOM
        if math.isinf(value):
            return ("INFINITY", ATOM) if value > 0 else ("-INFINITY", SIGN)
        return repr(value), ATOM if math.copysign(1, value) > 0 else SIGN
    if abs(value) > 10**9:
        return f"{float(value)!r}" if abs(value) < 10**300 else "INFINITY", ATOM
    return str(value), ATOM if value >= 0 else SIGN


def place_text(at: Sequence[str], shape: Shape, names: dict[str, str]) -> str:
    """Return where an entry of an array lies that is stored row by row: ``i * n + j``; axes of length 1 have no part.

    >>> from mcalc.expr import Dim
    >>> place_text(("i", "j"), (Dim.named("N"), Dim.named("n")), {})
    'i * n + j'
    """
    found = ""
    for index, dim in zip(at, shape, strict=True):
        if dim.value == 1:
            continue
        length, level = size_text(dim, names)
        length = length if level == 9 else f"({length})"
        inner = found if not found or found.isidentifier() else f"({found})"
        found = f"{inner} * {length} + {index}" if found and found != "0" else index
    return found or "0"


def count_text(shape: Shape, names: dict[str, str]) -> str:
    """Return the number of entries of an array."""
    parts = [size_text(dim, names) for dim in shape if dim.value != 1]
    return " * ".join([text if level == 9 or len(parts) == 1 else f"({text})" for text, level in parts]) or "1"
