"""Lines of words, folded between words for a terminal."""

from __future__ import annotations

from mcalc.render.safe import width as text_width

LATER = 2
"""Columns by which the lines after the first are indented more than it."""


def folded(line: str, width: int | None) -> str:
    r"""Return a line broken at its blanks where it is too wide; no width is one without end.

    >>> folded("  the term x agrees, the others do not", 24)
    '  the term x agrees, the\n    others do not'
    """
    if width is None:
        return line
    indent = len(line) - len(line.lstrip())
    rows = [" " * indent]
    filled = indent
    for word in line.split():
        wide = text_width(word)
        if filled + 1 + wide > width and rows[-1].strip():
            rows.append(" " * (indent + LATER))
            filled = indent + LATER
        gap = " " if rows[-1].strip() else ""
        rows[-1] += gap + word
        filled += len(gap) + wide
    return "\n".join(rows)
