"""A line as it is typed: whether it is all of it, and its pieces, with the roles that the printers use for colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.notation.pastes.detect import is_latex, is_unfinished
from mcalc.notation.surface.words import is_function
from mcalc.shell.batch import unclosed

if TYPE_CHECKING:
    from collections.abc import Container

    from mcalc.render.faces import Piece


KEYWORDS = frozenset(("if", "otherwise", "else", "and", "or", "where", "in"))
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<glyph>\\[A-Za-z]*)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[½⅓¼])
      | (?P<constant>[01]⃗)
      | (?P<keyword>(?:∂|d)(?:[²³0-9]|\^[0-9])?/(?:∂|d)|grad_|hess_|∇[²_]*)
      | (?P<index>[₀-₉ᵢⱼₖ]+|_[0-9A-Za-z]+)
      | (?P<word>[^\W\d_]+)
      | (?P<text>\s+|.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMAND = re.compile(r"\s*(?::|\?)[\w-]*")


def line_pieces(text: str, functions: Container[str] = ()) -> list[Piece]:
    """Return a line cut into (text, role); `functions` are those that the user defined.

    >>> line_pieces("sin(2x)")
    [('sin', 'function'), ('(', 'text'), ('2', 'number'), ('x', 'name'), (')', 'text')]
    >>> line_pieces(":save a.mc")
    [(':save', 'keyword'), (' a.mc', 'text')]
    """
    command = _COMMAND.match(text)
    if command and text.lstrip()[:1] in (":", "?"):
        return [(command[0], "keyword"), (text[command.end() :], "text")]
    found: list[Piece] = []
    for match in _TOKEN.finditer(text):
        role = match.lastgroup or "text"
        said = match[0]
        if role == "word":
            role = "function" if is_function(said) or said in functions else "keyword" if said in KEYWORDS else "name"
        found.append((said, {"comment": "words", "glyph": "hint"}.get(role, role)))
    return found


def is_complete(text: str) -> bool:
    r"""Say whether Enter ends what was typed: no bracket is open, and no backslash or empty line says otherwise.

    >>> is_complete("max(0, x)"), is_complete("max(0,"), is_complete("x + \\"), is_complete("max(0,\n")
    (True, False, False, True)
    >>> is_complete(r"\frac12 x"), is_complete(r"\begin{align} a &= b \\\\")
    (True, False)
    """
    if text.lstrip().startswith((":", "?")) or (text.endswith("\n") and not text.endswith("\\\n")):
        return True
    if is_latex(text):
        return not is_unfinished(text)
    lines = [line.partition("#")[0].rstrip() for line in text.split("\n")]
    return sum([unclosed(line) for line in lines]) <= 0 and not lines[-1].endswith("\\")
