"""The text in mcalc's own notation, piece by piece, and which part of the LaTeX each piece came from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from mcalc.errors import Span

_AFTER = frozenset("([{")
_BEFORE = frozenset(")]},;^")


class Plain:
    """A text that grows; each piece of it remembers the place in the LaTeX that it stands for.

    >>> plain = Plain()
    >>> plain.add("λ", 0, 7)
    >>> plain.add("x", 8, 9)
    >>> plain.text, plain.place(2, 3)
    ('λ x', (8, 9))
    """

    __slots__ = ("_ends", "_parts", "_places", "_starts", "length")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._places: list[tuple[int, int]] = []
        self.length = 0

    def add(self, text: str, start: int, end: int, *, glued: bool = False) -> None:
        """Append a piece, after a space unless it is glued to the piece before or a bracket stands between them."""
        if self._parts and not glued and text[0] not in _BEFORE and self._parts[-1][-1] not in _AFTER:
            self._parts.append(" ")
            self.length += 1
        self._parts.append(text)
        self._starts.append(self.length)
        self.length += len(text)
        self._ends.append(self.length)
        self._places.append((start, end))

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    @property
    def has_where(self) -> bool:
        """Whether definitions follow the formula: ``u^2 where u = x + 1; v = 2``."""
        return "where" in self._parts

    @property
    def last(self) -> str:
        """The last piece."""
        return self._parts[-1] if self._parts else ""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the LaTeX that a part of the text came from."""
        if not self._starts:
            return 0, 1
        first = min(bisect_right(self._ends, start), len(self._ends) - 1)
        last = max(bisect_left(self._starts, end) - 1, first)
        places = self._places[first : last + 1]
        return min([p[0] for p in places]), max([p[1] for p in places])

    def span(self, span: Span) -> Span:
        """Return a span of the LaTeX for a span of the text."""
        start, end = self.place(span.start, span.end)
        return Span(start, end, span.label)
