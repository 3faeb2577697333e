r"""Telling LaTeX from mcalc's own notation, and a paste that is not finished from one that is.

Light enough to be loaded with every statement: nothing here knows a command.
"""

from __future__ import annotations

import re

from mcalc.choices import NOTATIONS, one_of
from mcalc.notation.detect.python import without_blocks
from mcalc.patterns import pattern

_COMMAND = pattern(r"\\(?:[A-Za-z]|[\[\](){}|,;:!\\%&$])|^\s*\$|&=|\^\{[(\[]|[)\]]_\{?\+")
_DECLARED = pattern(r":(?!=)")
_DISPLAY = pattern(r"\\.|\$\$?|%[^\n]*", re.DOTALL)
_OPENING = {r"\[": r"\]", r"\(": r"\)", "$": "$", "$$": "$$"}
_ESCAPED = pattern(r"\\.", re.DOTALL)
_COMMENT = pattern(r"(?<!\\)((?:\\\\)*)(?:%|\s#(?!\d)).*")


def is_latex(text: str, notation: str = "auto") -> bool:
    r"""Say whether a text is LaTeX: it is called so, or has a command, a dollar sign where a formula begins, ``&=``.

    So it is where a label stands above a name, as in ``x^{(i)}``, which else would be a power, and of ``[x]_+``.

    >>> is_latex(r"\frac12 x"), is_latex("x^{2}"), is_latex("x^{2}", "latex"), is_latex("$x$"), is_latex("x^{(i)}")
    (True, False, True, True, True)
    """
    if one_of(NOTATIONS, "notation", notation) == "auto":
        if not ("\\" in text or "$" in text or "&=" in text or "^{" in text or "_" in text):
            return False
        return _COMMAND.search(text if "def" not in text else without_blocks(text)) is not None
    return notation == "latex"


def notation_of(part: str, whole: str, notation: str = "auto") -> str:
    r"""Return the notation of a part of a text: LaTeX where the whole is, unless it declares a name as mcalc does.

    >>> notation_of("L &= z^2", r"z &= w^\top x \\ L &= z^2"), notation_of("y: R", r"x \in \mathbb{R}; y: R")
    ('latex', 'plain')
    """
    if not is_latex(whole, notation):
        return "plain"
    return "plain" if _DECLARED.search(part) is not None and "\\" not in part else "latex"


def is_unfinished(text: str) -> bool:
    r"""Say whether a formula goes on: a dollar sign, ``\[`` or ``\begin`` has no end yet, or a row of it ends here.

    >>> is_unfinished(r"\begin{align} a &= b \\"), is_unfinished("$$ x"), is_unfinished("$x$")
    (True, True, False)
    """
    wanted = ""
    for match in _DISPLAY.finditer(text):
        mark = match[0]
        wanted = ("" if mark == wanted else wanted) if wanted else _OPENING.get(mark, "")
    braces = _ESCAPED.sub("", text)
    return (
        bool(wanted)
        or text.count(r"\begin{") > text.count(r"\end{")
        or braces.count("{") > braces.count("}")
        or text.rstrip().endswith(r"\\")
    )


def without_comment(line: str) -> str:
    r"""Return a line of LaTeX without its comment, from a per cent sign on, or mcalc's own from a ``#`` on.

    >>> without_comment(r"x^2 % square"), without_comment(r"50\% x")
    ('x^2 ', '50\\% x')
    """
    return _COMMENT.sub(r"\1", line)
