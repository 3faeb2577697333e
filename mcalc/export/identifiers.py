"""Identifiers for the names of variables: Greek letters by their words, subscripts after a line, no keyword."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable

from mcalc.dims import Dim
from mcalc.export.code import Code, walk
from mcalc.export.python_solutions import OWN, TEXTS
from mcalc.operators import TABLE

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
    taken = {*away, *AWAY, *FUNCTIONS_WRITTEN, *TEXTS, *OWN}
    found: dict[str, str] = {}
    for name in names:
        made = "".join([_spelled(c) for c in name]) or "v"
        made = f"v{made}" if made[0].isdigit() else made
        while made in taken or keyword.iskeyword(made):
            made += "_"
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
