"""The style of each role of a piece, and lines of pieces painted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.render.layout import Piece

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
CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36"}
SGR = {role: "\x1b[" + ";".join([CODES[word] for word in style.split()]) + "m" for role, style in STYLES.items()}


def plain(rows: Sequence[Sequence[Piece]]) -> str:
    """Return lines of pieces as text without colour, and without blanks at the ends of lines."""
    return "\n".join(["".join([text for text, _ in row]).rstrip() for row in rows])


def paint(rows: Sequence[Sequence[Piece]], *, color: bool) -> str:
    r"""Return lines of pieces as text, with colours if asked for.

    >>> paint([[("2", "number"), (" x", "name"), ("  ", "space")]], color=True)
    '\x1b[36m2\x1b[0m x'
    """
    if not color:
        return plain(rows)
    out: list[str] = []
    for row in rows:
        kept = list(row)
        while kept and not kept[-1][0].strip():
            kept.pop()
        if kept:
            kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
        painted = [f"{SGR[role]}{text}\x1b[0m" if role in SGR and text.strip() else text for text, role in kept]
        out.append("".join(painted))
    return "\n".join(out)
