"""Text on a terminal: made safe where it came from a user, how wide it is, folded to fit, and painted."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from unicodedata import category

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    from mcalc.render.faces import Piece


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


STYLES = {
    "number": "cyan",
    "constant": "cyan",
    "function": "blue",
    "keyword": "magenta",
    "index": "yellow",
    "size": "yellow",
    "words": "dim",
    "error": "bold red",
    "caret": "red",
    "label": "red",
    "margin": "blue",
    "hint": "bold cyan",
    "place": "bold",
    "message": "bold",
}
"""Names, signs and brackets are left in the terminal's own colour."""
LIGHT = {**STYLES, "number": "blue", "constant": "blue", "function": "magenta", "keyword": "red", "index": "green",
         "size": "green", "hint": "bold blue"}  # fmt: skip
"""On a light background cyan and yellow are hard to read."""
THEMES = {"dark": STYLES, "light": LIGHT}
CODES = {
    "bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36",
}  # fmt: skip
CHANGED = " changed"
"""The end of the role of what a step of a derivation has changed, which stands out."""


def style_of(role: str, theme: str = "dark") -> str | None:
    """Return the style of a role; a theme that is not known is the dark one.

    >>> style_of("number"), style_of("number changed", "light"), style_of("name")
    ('cyan', 'bold blue', None)
    """
    styles = THEMES.get(theme, STYLES)
    style = styles.get(role.removesuffix(CHANGED))
    if role.endswith(CHANGED):
        return f"bold {style}" if style else "bold"
    return style


def plain(rows: Sequence[Sequence[Piece]]) -> str:
    """Return lines of pieces as text without colour, and without blanks at the ends of lines."""
    return "\n".join(["".join([text for text, _ in row]).rstrip() for row in rows])


def _sgr(role: str, theme: str) -> str:
    style = style_of(role, theme)
    return "\x1b[" + ";".join([CODES[word] for word in style.split()]) + "m" if style else ""


def paint(rows: Sequence[Sequence[Piece]], *, color: bool, theme: str = "dark") -> str:
    r"""Return lines of pieces as text, with colours if asked for.

    >>> paint([[("2", "number"), (" x", "name"), ("  ", "space")]], color=True)
    '\x1b[36m2\x1b[0m x'
    """
    if not color:
        return plain(rows)
    out: list[str] = []
    codes: dict[str, str] = {}
    for row in rows:
        kept = list(row)
        while kept and not kept[-1][0].strip():
            kept.pop()
        if kept:
            kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
        for _, role in kept:
            if role not in codes:
                codes[role] = _sgr(role, theme)
        painted = [f"{codes[role]}{text}\x1b[0m" if codes[role] and text.strip() else text for text, role in kept]
        out.append("".join(painted))
    return "\n".join(out)
