"""Numbers as text: an array on one line or in columns, cut for a terminal; and what a formula without variables is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from mcalc.expr import Expr, walk
from mcalc.numeric.binding import Binding
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.values import Values
from mcalc.operators.leaves import SYMBOL, variables_in
from mcalc.render.text import unicode as written

MOST_ROWS, DIGITS = 12, 6
EDGE = 3
"""How many rows, or columns, stay at each end where the middle is left out."""
GAP = "  "


def number_text(value: float, digits: int | None = None) -> str:
    """Return a number with as many digits as it takes to read it back, or with a few.

    >>> number_text(0.1), number_text(3.0), number_text(2 / 3, 6), number_text(float("nan"))
    ('0.1', '3', '0.666667', 'nan')
    """
    if digits is not None:
        text = f"{value:.{digits}g}"
        return "0" if text == "-0" else text
    whole = math.isfinite(value) and value == int(value) and abs(value) < 1e16
    return str(int(value)) if whole else repr(value)


def size_words(shape: tuple[int, ...], *, is_row: bool) -> str:
    """Return the size of an array as rows by columns, nothing for a number; of one axis, as a row or as a column.

    >>> size_words((3,), is_row=True), size_words((2, 3), is_row=False), size_words((), is_row=False)
    ('1×3', '2×3', '')
    """
    sizes = shape if len(shape) != 1 else (1, *shape) if is_row else (*shape, 1)
    return "×".join([str(length) for length in sizes])


def one_line(array: Any) -> str:
    """Return an array on one line with all digits: ``[1, 2]``, ``[1, 2; 3, 4]``, further axes in brackets.

    >>> import numpy as np
    >>> one_line(np.array([[1, 0.5], [3, 4]])), one_line(np.array(2.0)), one_line(np.ones((1, 1, 2)))
    ('[1, 0.5; 3, 4]', '2', '[[[1, 1]]]')
    """
    if array.ndim == 0:
        return number_text(float(array))
    if array.ndim > 2:
        return f"[{', '.join([_bracketed(part) for part in array])}]"
    rows = [", ".join([number_text(value) for value in row]) for row in array.reshape(-1, array.shape[-1]).tolist()]
    # Rows of one entry need brackets of their own, since [1; 2] is a vector.
    return f"[[{'], ['.join(rows)}]]" if array.ndim == 2 and 1 in array.shape else f"[{'; '.join(rows)}]"


def _bracketed(array: Any) -> str:
    """Nested brackets, one level an axis; a loop, though arrays have few axes."""
    texts = [number_text(value) for value in array.reshape(-1).tolist()]
    for length in reversed(array.shape):
        texts = [f"[{', '.join(texts[k : k + length])}]" for k in range(0, len(texts), length)]
    return texts[0]


def columns(array: Any, width: int, *, unicode: bool = True) -> list[str]:
    """Return the lines of an array as a terminal shows it: columns aligned, with six digits, the middle cut out.

    A vector is one row. Of further axes there is one block for each matrix, under its place.

    >>> import numpy as np
    >>> columns(np.array([[1, -0.5], [10, 1 / 3]]), 80)
    ['⎡  1      -0.5 ⎤', '⎣ 10  0.333333 ⎦']
    >>> columns(np.arange(100.0), 30)
    ['[ 0  1  2  …  97  98  99 ]']
    """
    if array.ndim == 0:
        return [number_text(float(array), DIGITS)]
    if array.ndim <= 2:
        return _matrix(array.reshape(-1, array.shape[-1]), width, unicode=unicode)
    lines: list[str] = []
    flat = array.reshape(-1, *array.shape[-2:])
    shown = _kept(len(flat), MOST_ROWS // 4)
    for place in shown:
        if place is None:
            lines.append(_dots(unicode))
            continue
        at: list[int] = []
        rest = place
        for length in reversed(array.shape[:-2]):
            rest, digit = divmod(rest, length)
            at.insert(0, digit + 1)
        lines.append(f"at {','.join([str(k) for k in at])}:")
        lines += _matrix(flat[place], width, unicode=unicode)
    return lines


def _dots(unicode: bool) -> str:
    return "…" if unicode else "..."


def _kept(count: int, most: int) -> list[int | None]:
    """The places that are shown of so many, with None where some are left out."""
    if count <= max(most, 2 * EDGE + 1):
        return list(range(count))
    return [*range(EDGE), None, *range(count - EDGE, count)]


def _matrix(array: Any, width: int, *, unicode: bool) -> list[str]:
    rows = _kept(len(array), MOST_ROWS)
    across: Sequence[int | None] = list(range(array.shape[1]))
    # A row of more columns than the terminal has characters is not laid out to find that it does not fit.
    if len(across) <= width // (1 + len(GAP)):
        texts = _laid_out(array, rows, across, unicode=unicode)
        if len(texts[0]) <= width:
            return texts
    count = array.shape[1]
    for edge in range(max(min((count - 1) // 2, EDGE), 1), 0, -1):
        across = [*range(edge), None, *range(count - edge, count)] if count > 2 else list(range(count))
        texts = _laid_out(array, rows, across, unicode=unicode)
        if len(texts[0]) <= width:
            break
    return texts


def _laid_out(array: Any, rows: Sequence[int | None], across: Sequence[int | None], *, unicode: bool) -> list[str]:
    """Return the chosen rows and columns, right-aligned, in brackets."""
    dots = _dots(unicode)
    cells = [
        [dots if row is None or k is None else number_text(float(array[row, k]), DIGITS) for k in across]
        for row in rows
    ]
    wide = [max([len(row[k]) for row in cells]) for k in range(len(across))]
    lines = [GAP.join([cell.rjust(w) for cell, w in zip(row, wide, strict=True)]) for row in cells]
    last = len(lines) - 1
    left, right = ("⎡⎢⎣", "⎤⎥⎦") if unicode else ("[|[", "]|]")
    if not last:
        return [f"[ {lines[0]} ]"]
    sides = [0 if k == 0 else 2 if k == last else 1 for k in range(len(lines))]
    return [f"{left[side]} {line} {right[side]}" for side, line in zip(sides, lines, strict=True)]


ALONE = 10
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
        said = number_text(float(array), ALONE)
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
