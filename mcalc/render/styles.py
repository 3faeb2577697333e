"""The style of each role of a piece, and lines of pieces painted with it."""

from __future__ import annotations

from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.render.faces import Piece

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
