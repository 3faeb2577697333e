"""Definitions of a stream whose derivative is asked for: what nothing after them uses is what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcalc.shell.batch import Line


class Definition:
    """A statement that only gave a name a meaning so far: what is needed to run it again, for its derivative."""

    __slots__ = ("line", "name", "notation", "offset", "place", "text")

    def __init__(self, name: str, text: str, line: Line, offset: int, place: str, notation: str) -> None:
        self.name = name
        self.text = text
        self.line = line
        self.offset = offset
        self.place = place
        self.notation = notation


class Pending:
    """The definitions that wait for their use, in order; `wanted` are the variables to differentiate by.

    >>> from mcalc.shell.batch import Line
    >>> pending = Pending("w")
    >>> for name, text in (("r", "r = w - y"), ("L", "L(w) = r r")):
    ...     pending.see(text)
    ...     pending.add(Definition(name, text, Line(1, text), 0, "", "auto"))
    >>> [one.name for one in pending.take(answered=False)]
    ['L']
    """

    def __init__(self, wanted: str | None) -> None:
        self.letters = re.findall(r"[^\W\d_]+", wanted or "")
        self.waiting: list[Definition] = []

    def see(self, text: str) -> None:
        """Take off what a later statement uses: its name stands in the text, as a word or among letters."""
        if self.waiting:
            self.waiting = [one for one in self.waiting if one.name.partition("_")[0] not in text]

    def add(self, definition: Definition) -> None:
        """Let a definition wait."""
        self.waiting.append(definition)

    def take(self, *, answered: bool) -> list[Definition]:
        """Return what was meant, once: what has a variable in it, or the last one where nothing else is `answered`."""
        waiting, self.waiting = self.waiting, []
        meant = [one for one in waiting if any([letter in one.text.partition("=")[2] for letter in self.letters])]
        return meant or ([] if answered else waiting[-1:])
