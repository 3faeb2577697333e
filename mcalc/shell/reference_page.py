"""A page of reference on an output: lines of pieces, wrapped and painted for a terminal, plain in a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.render.equation_lines import broken, wrapped
from mcalc.render.faces import Piece
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import paint
from mcalc.shell.output import Output

FACT, ENTRY = 8, 14
"""Columns of the word that says what a fact is about, and of a name in a list."""
MOST = 100
"""Columns that words are wrapped to on a wide terminal."""


class Page:
    """Writes lines to an output, one at a time."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.unicode = output.face == "unicode"
        self.width = output.room
        self.empty = True

    def said(self, text: str) -> str:
        """Return words in the glyphs that the output can show."""
        return text if self.unicode else spell_ascii(text.replace(" · ", ", "))

    def gap(self) -> None:
        """Leave a line free, but at the top."""
        if not self.empty:
            self.output.result("")

    def line(self, pieces: Sequence[Piece]) -> None:
        """Write a line, broken where it is too wide for the terminal."""
        said = [(self.said(text), role) for text, role in pieces]
        rows = [said] if self.width is None else broken(said, self.width, 7)
        self.rows(rows)

    def command(self, text: str) -> None:
        r"""Write a command as it is typed in a shell; on a terminal broken at its blanks, with a \ at the end."""
        width = None if self.width is None else self.width - 2
        rows = wrapped([("$ ", "margin"), (self.said(text), "place")], width, 0, 4)
        self.rows([[*row, (" \\", "margin")] for row in rows[:-1]] + rows[-1:])

    def fact(self, word: str, text: str) -> None:
        """Write what is said of something, under a word for it."""
        self.hanging(word, text, FACT, "keyword")

    def entry(self, name: str, text: str, column: int = ENTRY) -> None:
        """Write an entry of a list: a name and what is said of it, in a column."""
        self.hanging(name, text, column, "function")

    def hanging(self, word: str, text: str, column: int, role: str) -> None:
        """Write a word and, in a column after it, a text that is wrapped there."""
        width = None if self.width is None else min(self.width, MOST)
        head = f"  {self.said(word).ljust(column - 1)} "
        self.rows(wrapped([(head, role), (self.said(text), "text")], width, 0, column + 2))

    def words(self, text: str, role: str = "text", indent: int = 2) -> None:
        """Write a sentence, wrapped at blanks on a terminal."""
        width = None if self.width is None else min(self.width, MOST)
        self.rows(wrapped([(self.said(text), role)], width, indent, indent))

    def rows(self, rows: Sequence[Sequence[Piece]]) -> None:
        """Write lines as they are."""
        text = paint(rows, color=self.output.color, theme=self.output.theme)
        self.output.result(text, styled=True)
        self.empty = False
