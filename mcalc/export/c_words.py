"""The words of C code: numbers, sizes, places in memory, how tightly operators bind, and functions of linear algebra.

These exported code brings with it, so that it needs nothing but libm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.dims import Shape
from mcalc.export.code_words import fraction_text, size_text

if TYPE_CHECKING:
    from mcalc.expr import Number


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
        return fraction_text(value, ".0")
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

    >>> from mcalc.dims import Dim
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


ELIMINATED = """static double eliminated(ptrdiff_t n, ptrdiff_t m, double *a, double *b) {
    /* Gauss-Jordan elimination with row exchanges: b, of n rows and m columns, becomes inv(a) b; returns det(a). */
    double determinant = 1;
    for (ptrdiff_t k = 0; k < n; k++) {
        ptrdiff_t top = k;
        for (ptrdiff_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[top * n + k]))
                top = i;
        if (top != k) {
            determinant = -determinant;
            for (ptrdiff_t j = k; j < n; j++) {
                const double kept = a[k * n + j];
                a[k * n + j] = a[top * n + j];
                a[top * n + j] = kept;
            }
            for (ptrdiff_t j = 0; j < m; j++) {
                const double kept = b[k * m + j];
                b[k * m + j] = b[top * m + j];
                b[top * m + j] = kept;
            }
        }
        determinant *= a[k * n + k];
        if (m == 0 && a[k * n + k] == 0)
            return 0;
        for (ptrdiff_t i = m == 0 ? k + 1 : 0; i < n; i++) {
            if (i == k)
                continue;
            const double factor = a[i * n + k] / a[k * n + k];
            for (ptrdiff_t j = k; j < n; j++)
                a[i * n + j] -= factor * a[k * n + j];
            for (ptrdiff_t j = 0; j < m; j++)
                b[i * m + j] -= factor * b[k * m + j];
        }
    }
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < m; j++)
            b[i * m + j] /= a[i * n + i];
    return determinant;
}"""
TEXTS = {
    "solve": """static void solve(ptrdiff_t n, ptrdiff_t m, double *a, double *b) {
    eliminated(n, m, a, b);
}""",
    "inverse": """static void inverse(ptrdiff_t n, double *a, double *result) {
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            result[i * n + j] = i == j ? 1 : 0;
    eliminated(n, n, a, result);
}""",
    "adjugate": """static void adjugate(ptrdiff_t n, const double *a, double *copy, double *result) {
    /* det(a) inv(a); where a has no inverse, determinants of a with a unit vector in the place of a row */
    for (ptrdiff_t k = 0; k < n * n; k++)
        copy[k] = a[k];
    const double whole = eliminated(n, 0, copy, NULL);
    for (ptrdiff_t k = 0; k < n * n; k++) {
        copy[k] = a[k];
        result[k] = k % (n + 1) == 0 ? whole : 0;
    }
    if (whole != 0) {
        eliminated(n, n, copy, result);
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < n; j++) {
            for (ptrdiff_t k = 0; k < n * n; k++)
                copy[k] = k / n == j ? (k % n == i ? 1 : 0) : a[k];
            result[i * n + j] = eliminated(n, 0, copy, NULL);
        }
}""",
    "determinant": """static double determinant(ptrdiff_t n, double *a) {
    return eliminated(n, 0, a, NULL);
}""",
    "log_determinant": """static double log_determinant(ptrdiff_t n, double *a) {
    /* the sum of the logarithms of the pivots, which does not overflow where the determinant does */
    const double sign = eliminated(n, 0, a, NULL);
    double sum = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        sum += log(fabs(a[i * n + i]));
    return sign > 0 ? sum : NAN;
}""",
    "exponential": """static void exponential(ptrdiff_t n, double *a, double *term, double *next, double *result) {
    /* Taylor series of a matrix scaled by a power of two, then squared back */
    double largest = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        double row = 0;
        for (ptrdiff_t j = 0; j < n; j++)
            row += fabs(a[i * n + j]);
        largest = fmax(largest, row);
    }
    const int count = largest > 0 ? (int)fmax(0, ceil(log2(largest)) + 4) : 0;
    for (ptrdiff_t i = 0; i < n * n; i++) {
        a[i] /= pow(2, count);
        result[i] = term[i] = i % (n + 1) == 0 ? 1 : 0;
    }
    for (int power = 1; power < 20 + count; power++) {
        const int squaring = power >= 20;
        for (ptrdiff_t i = 0; i < n; i++)
            for (ptrdiff_t j = 0; j < n; j++) {
                double sum = 0;
                for (ptrdiff_t k = 0; k < n; k++)
                    sum += squaring ? result[i * n + k] * result[k * n + j] : term[i * n + k] * a[k * n + j] / power;
                next[i * n + j] = sum;
            }
        for (ptrdiff_t i = 0; i < n * n; i++) {
            term[i] = next[i];
            result[i] = squaring ? next[i] : result[i] + next[i];
        }
    }
}""",
}


def texts(needs: Iterable[str]) -> list[str]:
    """Return the text of the helpers that are needed, each after those that it calls."""
    own = [TEXTS[name] for name in needs if name in TEXTS]
    return [*([ELIMINATED] if any(["eliminated" in text for text in own]) else []), *own]
