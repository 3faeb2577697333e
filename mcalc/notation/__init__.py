"""Text in: from what is typed to expressions, with what was assumed and how it was read.

>>> from mcalc.notation import Scope, read
>>> read("max(0, w·x + b)", Scope()).assumed
['w, x ∈ ℝⁿ', 'b ∈ ℝ']
"""

from __future__ import annotations

from mcalc.notation.meaning.assumed import assumed_text
from mcalc.notation.names.scope import Function, Reading, Scope
from mcalc.notation.reading import (
    MAX_TEXT,
    MAX_TOKENS,
    expression_of,
    may_name,
    read,
    read_expression,
    read_where,
    take_macros,
)
from mcalc.notation.splitting import split_statements
from mcalc.notation.statements.asked import read_variables

__all__ = [
    "MAX_TEXT",
    "MAX_TOKENS",
    "Function",
    "Reading",
    "Scope",
    "assumed_text",
    "expression_of",
    "may_name",
    "read",
    "read_expression",
    "read_variables",
    "read_where",
    "split_statements",
    "take_macros",
]
