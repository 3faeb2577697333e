"""Telling Python from mcalc's own notation, and where a function of several lines ends.

Light enough to be loaded with every statement: nothing here knows a function.
"""

from __future__ import annotations

import re

from mcalc.notation.surface.words import LIBRARIES
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.names.scope import Scope

_NAMES = "|".join(sorted(LIBRARIES))
_DEF = r"(?:@[\w.]+\s*)?def\s+[^\W\d]\w*\s*\("
_LAMBDA = r"(?:\w+\s*=\s*)?lambda\s+[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*:"
_IMPORT = rf"(?:import\s+(?:{_NAMES})\b|from\s+(?:{_NAMES})[\w.]*\s+import\b)[^\n;]*"
_BEGINS = pattern(rf"\s*(?:{_DEF}|{_LAMBDA}|{_IMPORT})")
_BLOCK = pattern(rf"^{_DEF}[^\n]*(?:\n(?:[ \t]+[^\n]*|\)[^\n]*|[ \t]*(?=\n)))*", re.MULTILINE)
_BEGINS_BLOCK = pattern(_DEF)
_IMPORTS = pattern(rf"\s*{_IMPORT}\s*")
_LIBRARY = pattern(rf"(?<![\w.])({_NAMES})\.[A-Za-z_]")
_NETWORK = pattern(r"(?<![\w.])(F|nn)\.(?:functional\.)?[a-z]\w\w+\(")
_METHOD = pattern(r"[\w)\]]\.[a-z_]+\(")
_PLAINLY_METHOD = pattern(r"[\w)\]]\.[a-z_]+\((?:\)|(?:axis|dim)\s*=)")


def begins_python(text: str) -> bool:
    """Say whether a text begins as nothing but Python does: with def, lambda, or the import of a library.

    >>> begins_python("lambda w: w @ w"), begins_python("lambda: R"), begins_python("def f(x): return x")
    (True, False, True)
    """
    may = "def" in text or "lambda" in text or "import" in text
    return may and _BEGINS.match(text) is not None


def names_library(text: str, scope: Scope) -> bool:
    """Say whether a text is Python for certain, as it has a function of a library: ``np.sum``.

    A library whose name means something in the scope is none.

    >>> from mcalc.notation.names.scope import Scope
    >>> names_library("np.sum(x)", Scope()), names_library("F.softmax(z, dim=-1)", Scope())
    (True, True)
    """
    found = [match[1] for marks in (_LIBRARY, _NETWORK) for match in marks.finditer(text)] if "." in text else []
    return bool(found) and not scope.names().issuperset(found)


def calls_method(text: str, *, surely: bool = False) -> bool:
    """Say whether a text may call a method, as ``x.dot(y)`` does; `surely` as only Python does: ``(x * y).sum()``."""
    return "." in text and (_PLAINLY_METHOD if surely else _METHOD).search(text) is not None


def is_import(text: str) -> bool:
    """Say whether a line imports from a library whose functions are read, which needs nothing done.

    >>> is_import("import numpy as np"), is_import("import os")
    (True, False)
    """
    return _IMPORTS.fullmatch(text) is not None


def begins_block(line: str) -> bool:
    """Say whether a line begins a function of Python's, which goes on with the lines that are indented."""
    return _BEGINS_BLOCK.match(line) is not None


def blocks(text: str) -> dict[int, int]:
    r"""Return where functions of Python's begin in a text, each with its end.

    >>> blocks("x: R\ndef f(x):\n  y = x\n\n  return y\n2 f(x)")
    {5: 34}
    """
    return {match.start(): match.end() for match in _BLOCK.finditer(text)} if "def" in text else {}


def without_blocks(text: str) -> str:
    """Return a text without the functions of Python's in it, whose docstrings may hold anything."""
    return _BLOCK.sub("", text)
