"""What a terminal shows of a result: in colour, and in two dimensions where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.render import two_dimensional as grid
from mcalc.render.safe import terminal_width
from mcalc.render.safe import width as text_width
from mcalc.render.styles import paint

if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.expr import Expr
    from mcalc.render.faces import Piece


def two_dimensional(
    expr: Expr,
    *,
    unicode: bool = True,
    color: bool = False,
    theme: str = "dark",
    width: int | None = None,
    before: str = "",
    words: str = "",
    taken: Collection[str] = (),
    brief: bool = False,
) -> str:
    """Return a result as a terminal shows it; `before` stands on its base line, `words` at the right of its last.

    >>> from mcalc.operators.leaves import symbol
    >>> two_dimensional(symbol("x"), before="y = ", words="a scalar", width=20)
    'y = x       a scalar'
    """
    rows = result_lines(expr, unicode=unicode, width=width, before=before, words=words, taken=taken, brief=brief)
    return paint(rows, color=color, theme=theme)


def result_lines(
    expr: Expr,
    *,
    unicode: bool = True,
    width: int | None = None,
    before: str = "",
    words: str = "",
    taken: Collection[str] = (),
    brief: bool = False,
) -> list[list[Piece]]:
    """Return the lines of a result as pieces with roles, in two dimensions where they fit."""
    room = terminal_width() if width is None else width
    rows = grid.lines_or_one(expr, room, unicode=unicode, taken=taken, before=before, brief=brief)
    if not words:
        return rows
    gap = room - sum([text_width(text) for text, _ in rows[-1]]) - text_width(words)
    if gap < 2:
        return [*rows, [(" " * max(room - text_width(words), 0), "space"), (words, "words")]]
    return [*rows[:-1], [*rows[-1], (" " * gap, "space"), (words, "words")]]
