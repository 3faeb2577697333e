"""The words of exported code: identifiers, numbers, sizes, how tightly each binds, how libraries spell functions."""

from __future__ import annotations

import keyword
import math
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.dims import Dim
from mcalc.export.code import OF_NUMBERS, Code, unlike, walk
from mcalc.export.python_solutions import OWN, TEXTS, TRIANGULAR
from mcalc.operators import TABLE

if TYPE_CHECKING:
    from mcalc.expr import Number


Text = tuple[str, int]

ATOM, POWER, SIGN, TIMES, PLUS, COMPARE, LOOSE, CHOICE = 9, 8, 7, 6, 5, 4, 0, -1
INFIX = {
    "add": (" + ", PLUS), "sub": (" - ", PLUS), "mul": (" * ", TIMES), "div": (" / ", TIMES), "matmul": (" @ ", TIMES),
    "lt": (" < ", COMPARE), "le": (" <= ", COMPARE), "gt": (" > ", COMPARE), "ge": (" >= ", COMPARE),
    "eq": (" == ", COMPARE), "ne": (" != ", COMPARE),
}  # fmt: skip
MATH = {**{op: op for op in OF_NUMBERS}, "abs": "fabs"}
"""Functions of numbers alone, by Python's own names."""


def size_text(dim: Dim, names: dict[str, str]) -> Text:
    """Return the length of an axis in terms of named sizes, which code may call otherwise."""
    parts: list[str] = []
    for monomial, c in dim.terms:
        name = " * ".join([names.get(one, one) for one in monomial])
        part = f"{abs(c)} * {name}" if name and abs(c) != 1 else name or str(abs(c))
        parts.append(part if not parts and c > 0 else f"-{part}" if not parts else f" {'-' if c < 0 else '+'} {part}")
    plain = len(dim.terms) == 1 and len(dim.terms[0][0]) <= 1 and dim.terms[0][1] == 1
    text = "".join(parts) or "0"
    return text, ATOM if plain or dim.value is not None else PLUS


def fraction_text(value: Fraction, point: str = "") -> Text:
    """Return a fraction as a decimal number where that is the same, else as a quotient; `point` ends its numerator.

    >>> fraction_text(Fraction(1, 2)), fraction_text(Fraction(1, 3), ".0")
    (('0.5', 9), ('1.0 / 3', 6))
    """
    exact = float(value)
    if Fraction(exact) == value:
        return repr(exact), ATOM if value >= 0 else SIGN
    return f"{value.numerator}{point} / {value.denominator}", TIMES


def number_text(value: Number) -> Text:
    """Return a number as Python writes it."""
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")', ATOM
    if isinstance(value, int) and abs(value) > 2**53:
        return repr(float(value)) if abs(value) < 10**300 else 'float("inf")', ATOM
    return repr(value), ATOM if value >= 0 else SIGN


class Dialect:
    """How one array library spells what the others spell differently.

    `xp` is the name of its namespace, `names` its spellings of functions, `lacks` what it has no way to do.
    """

    def __init__(
        self,
        xp: str,
        imports: Sequence[str],
        *,
        axis: str = "axis",
        names: dict[str, str] | None = None,
        lacks: Sequence[str] = (),
        typed: bool = False,
        in_place: bool = False,
    ) -> None:
        self.xp = xp
        self.imports = tuple(imports)
        self.axis = axis
        self.names = names or {}
        self.lacks = frozenset(lacks)
        self.typed = typed
        self.in_place = in_place

    def function(self, op: str) -> str:
        """Return the name of a function."""
        return f"{self.xp}.{self.names.get(op, op)}"

    def device(self, array: str) -> str:
        """Return where an array lies; under a compiler, and in Dask, an array has no such attribute."""
        return f"device({array})" if self.xp == "xp" else f"{array}.device"


INVERSES = {"asinh": "arcsinh", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
NUMPY = Dialect("np", ["import numpy as np"], in_place=True, names={**INVERSES, "concat": "concatenate"})
JAX = Dialect("jnp", ["import jax", "import jax.numpy as jnp"], names={**INVERSES, "concat": "concatenate"})
TORCH = Dialect(
    "torch", ["import torch"], axis="dim", typed=True, in_place=True,
    names={"concat": "cat", "max": "amax", "min": "amin", "permute": "permute"},
)  # fmt: skip
ARRAY_API = Dialect(
    "xp", ["from array_api_compat import array_namespace, device"], typed=True, lacks=("erf", "erfc"),
    names={"permute": "permute_dims", "cumsum": "cumulative_sum"},
)  # fmt: skip
DIALECTS = {"numpy": NUMPY, "jax": JAX, "torch": TORCH, "array-api": ARRAY_API}


AWAY = frozenset({
    "np", "jnp", "jax", "torch", "xp", "math", "sum", "range", "float", "array_namespace", "device", "erf",
    "erfc", "expm", "logdet", "adjugate", "Operator", "self", "print", "max", "int",
    # Julia: words of the language, and functions that it calls without a prefix
    "abstract", "baremodule", "begin", "catch", "const", "do", "end", "export", "false", "function", "let", "local",
    "macro", "module", "mutable", "primitive", "quote", "struct", "true", "type", "using", "I", "abs", "acos", "asin",
    "asinh", "atan", "cat", "cos", "cosh", "cumsum", "det", "diag", "Diagonal", "dot", "exp", "expm1", "fill", "floor",
    "argmax", "argmin", "axes", "ifelse", "inv", "kron", "log", "log10", "log1p", "log2", "logabsdet", "maximum", "min",
    "minimum", "ones",
    "permutedims", "prod", "reshape", "sign", "sin", "sinh", "size", "sqrt", "tan", "tanh", "tril", "zeros", "similar",
    "LinearAlgebra", "missing", "nothing", "NaN", "Inf", "pi", "vec",
    # C: words of the language, and functions that it calls
    "auto", "case", "char", "default", "double", "enum", "extern", "goto", "inline", "long", "register", "restrict",
    "short", "signed", "sizeof", "static", "switch", "typedef", "union", "unsigned", "void", "volatile", "ptrdiff_t",
    "size_t", "main", "malloc", "free", "NULL", "NAN", "INFINITY", "pow", "fabs", "fmax", "fmin", "ceil", "work",
    "eliminated", "solve", "inverse", "determinant", "log_determinant", "exponential", "sigmoid", "softplus",
})  # fmt: skip
"""Names that the code uses itself, in any language: an argument has one name in all of them."""
LIBRARY = frozenset(("acosh", "atanh", "lgamma", "hypot", "atan2"))
"""Rows with a name that a function of C or Julia has as well."""


def helper_name(row: str) -> str:
    """Return what the helper of a row is called.

    >>> helper_name("hypot"), helper_name("std rows")
    ('hypot_', 'std_rows')
    """
    return row.replace(" ", "_") + "_" * (row in LIBRARY)


FUNCTIONS_WRITTEN = frozenset([helper_name(name) for name in TABLE])
"""Names of helpers, which are those of rows."""


def identifiers(names: Iterable[str], away: Iterable[str] = ()) -> dict[str, str]:
    """Return an identifier for each name, all different, and none that means something where it will stand.

    >>> identifiers(["λ", "x_1", "Σ_w", "np"])
    {'λ': 'lambda_', 'x_1': 'x_1', 'Σ_w': 'Sigma_w', 'np': 'np_'}
    """
    taken = {*away, *AWAY, *FUNCTIONS_WRITTEN, *TEXTS, *TRIANGULAR, *OWN, *keyword.kwlist}
    found: dict[str, str] = {}
    for name in names:
        made = "".join([_spelled(c) for c in name]) or "v"
        made = unlike(f"v{made}" if made[0].isdigit() else made, taken)
        taken.add(made)
        found[name] = made
    return found


def _spelled(c: str) -> str:
    """One character of an identifier: a Greek letter is its word, what has no word is its number."""
    if c.isascii() and (c.isalnum() or c == "_"):
        return c
    words = unicodedata.name(c, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words:
        word = words[words.index("LETTER") + 1].replace("LAMDA", "LAMBDA")
        return word.capitalize() if "CAPITAL" in words else word.lower()
    return f"u{ord(c):x}"


SHAPED = frozenset({"full", "eye", "on_diagonal", "spread", "places", "kron"})
"""Operations that write down the shape of their result."""


def written(codes: Iterable[Code]) -> set[str]:
    """Return the names of sizes that code writes down; a helper takes its own from its arguments."""
    found: set[str] = set()
    for node in walk(*codes):
        branch = node.op == "where" and not node.args[0].shape
        if node.op == "size":
            found.update(node.attr.names)
        elif branch or node.op in SHAPED or (node.op == "reshape" and node.order > 1):
            found.update([name for dim in node.shape for name in dim.names])
    return found


def plain_name(dim: Dim) -> str:
    """Return the name of a size that is a name alone, else nothing."""
    return dim.names[0] if len(dim.names) == 1 and dim is Dim.named(dim.names[0]) else ""


def in_quotes(name: str) -> str:
    r"""Return the name of a file as it stands between double quotes, in Python and in Julia.

    >>> print(in_quotes('a"b$\u202e.py'))
    a\"b\x24\u202e.py
    """
    shown: list[str] = []
    for c in name:
        code = ord(c)
        escaped = f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
        shown.append(f"\\{c}" if c in '"\\' else escaped if c == "$" or not c.isprintable() else c)
    return "".join(shown)
