"""Whether what was typed is all of it, or goes on with the next line."""

from __future__ import annotations

from mcalc.notation.detect.latex import is_latex, is_unfinished
from mcalc.shell.batch import unclosed


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
