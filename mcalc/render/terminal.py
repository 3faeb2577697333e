"""What a terminal shows: results and mistakes in colour. The only file that needs rich, and only when it prints."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any

from mcalc.render import two_dimensional as grid
from mcalc.render.mistake import lay_out_mistake
from mcalc.render.safe import terminal_width
from mcalc.render.safe import width as text_width
from mcalc.render.styles import paint, style_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mcalc.errors import Mistake
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


def make_console(file: IO[str] | None = None, *, width: int | None = None, color: str = "auto") -> Any:
    """Return a console for a stream; `color` is auto, always or never, and auto heeds NO_COLOR and its kin."""
    from rich.console import Console

    options: dict[str, dict[str, Any]] = {
        "auto": {},
        "always": {"force_terminal": True, "color_system": "standard"},
        "never": {"no_color": True, "color_system": None},
    }
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False, **options[color])


def can_show_unicode(stream: Any) -> bool:
    """Say whether a stream can take the glyphs of the Unicode face."""
    try:
        "⎧1⃗ᵀ⊘Σ".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_result(
    expr: Expr,
    *,
    before: str = "",
    words: str = "",
    console: Any = None,
    unicode: bool | None = None,
    taken: Collection[str] = (),
) -> None:
    """Print an expression on a terminal, in two dimensions where they fit; `words` say its shape at the right."""
    console = console if console is not None else make_console()
    glyphs = unicode if unicode is not None else can_show_unicode(console.file)
    rows = result_lines(expr, unicode=glyphs, width=console.width, before=before, words=words, taken=taken)
    print_lines(rows, console)


def print_mistake(
    mistake: Mistake, file: IO[str] | None = None, *, place: str = "", console: Any = None, unicode: bool | None = None
) -> None:
    """Print a mistake with its place and hint, on standard error unless another file is given."""
    if console is None:
        console = make_console(file if file is not None else sys.stderr)
    glyphs = unicode if unicode is not None else can_show_unicode(console.file)
    print_lines(lay_out_mistake(mistake, place, console.width, unicode=glyphs), console)


def print_lines(rows: Sequence[Sequence[Piece]], console: Any, theme: str = "dark") -> None:
    """Print lines of pieces as they stand: no markup, and no wrapping but the terminal's own."""
    from rich.text import Text

    for row in rows:
        line = Text(end="")
        for text, role in row:
            line.append(text, style_of(role, theme))
        line.rstrip()
        console.print(line, soft_wrap=True)
