"""Text that came from a user, made safe to show; how wide it is on a terminal, and folded to fit."""

from __future__ import annotations

import os
import sys
from unicodedata import category

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any


HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
PLAIN = (("\u0020", "\u10ff"), ("\u1d00", "\u2319"), ("\u239b", "\u23b3"), ("\u2c60", "\u2c7f"))
"""Ranges of characters, those of mathematics among them, that take one column each where they take any."""
NARROW = 20
"""A terminal that says it has fewer columns is taken to have this many."""
_spelled: dict[str, str] = {}
_unchanged: set[str] = set()
_widths: dict[str, int] = {}
_LIMIT = 4096


def shown(character: str) -> tuple[str, int]:
    """Return how a character is shown and how many columns that takes.

    >>> shown("x"), shown(chr(0x20D7)), shown(chr(0x202E)), shown("語")
    (('x', 1), ('⃗', 0), ('<U+202E>', 8), ('語', 2))
    """
    return spelled(character), columns(character)


def spelled(character: str) -> str:
    """Return what a character is shown as: itself, or its code where it cannot be seen or acts on what is beside it."""
    found = _spelled.get(character)
    if found is None:
        found = f"<U+{ord(character):04X}>" if category(character) in HIDDEN else character
        if len(_spelled) < _LIMIT:
            _spelled[character] = found
    return found


def columns(character: str) -> int:
    """Return how many columns a character takes as it is shown."""
    found = _widths.get(character)
    if found is None:
        text = spelled(character)
        if text != character:
            found = len(text)
        elif category(character) in ("Mn", "Me"):
            found = 0
        else:
            found = 1 if any([first <= character <= last for first, last in PLAIN]) else _of_other_scripts(character)
        if len(_widths) < _LIMIT:
            _widths[character] = found
    return found


def _of_other_scripts(character: str) -> int:
    from wcwidth import wcwidth

    return max(wcwidth(character), 0)


def safe(text: str) -> str:
    """Return a text with every control, bidirectional and invisible character spelled out; tabs become spaces.

    >>> safe("a" + chr(27) + "[31m")
    'a<U+001B>[31m'
    """
    if (text.isascii() and text.isprintable()) or _unchanged.issuperset(text):
        return text
    found = "".join(["    " if c == "\t" else spelled(c) for c in text])
    if found == text and len(_unchanged) < _LIMIT:
        _unchanged.update(text)
    return found


def width(text: str) -> int:
    """Return how many columns a text takes.

    >>> width("1⃗ᵀ"), width("x̂")
    (2, 1)
    """
    if text.isascii():
        return len(text)
    return sum([columns(c) for c in text])


def terminal_width(stream: IO[Any] | None = None) -> int:
    """Return the columns of a stream's terminal: those of COLUMNS, of the terminal itself, or 80."""
    if stream is not None and not os.environ.get("COLUMNS"):
        try:
            return max(os.get_terminal_size(stream.fileno()).columns or 80, NARROW)
        except (OSError, ValueError, AttributeError):
            return 80
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
        except (OSError, ValueError, AttributeError):
            columns = 80
    return max(columns, NARROW)


LATER = 2
"""Columns by which the lines after the first are indented more than it."""


def folded(line: str, room: int | None, later: int = LATER) -> str:
    r"""Return a line broken at its blanks where it is too wide, with later rows indented; no room is without end.

    >>> folded("  the term x agrees, the others do not", 24)
    '  the term x agrees, the\n    others do not'
    """
    if room is None:
        return line
    indent = len(line) - len(line.lstrip())
    rows = [" " * indent]
    filled = indent
    for word in line.split():
        wide = width(word)
        if filled + 1 + wide > room and rows[-1].strip():
            rows.append(" " * (indent + later))
            filled = indent + later
        gap = " " if rows[-1].strip() else ""
        rows[-1] += gap + word
        filled += len(gap) + wide
    return "\n".join(rows)
