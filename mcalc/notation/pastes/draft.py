"""A pasted text while it is rewritten, with the place that each character of it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Span
from mcalc.notation.surface.syntax import Noting

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from mcalc.errors import Mistake


class Draft(Noting):
    """What is left of a paste, where it came from, and what is to be said of it.

    `declared` are declarations that stood beside the formula, `is_latex` says that dollar signs or their like marked
    it as LaTeX.

    >>> draft = Draft("a &lt; b")
    >>> draft.replace(2, 6, "<")
    >>> draft.text, draft.span(Span(4, 5)).start
    ('a < b', 7)
    """

    __slots__ = ("declared", "is_latex", "is_plain", "notes", "places", "source", "text")

    def __init__(self, text: str) -> None:
        self.source = text
        self.text = text
        self.places = [*range(len(text) + 1)]
        self.notes: list[str] = []
        self.declared: list[str] = []
        self.is_latex = False
        self.is_plain = False

    def replace(self, start: int, end: int, new: str) -> None:
        """Put a text in place of a part; all of it comes from where the part began."""
        self.text = self.text[:start] + new + self.text[end:]
        self.places[start:end] = [self.places[start]] * len(new)

    def keep(self, start: int, end: int) -> None:
        """Keep one part alone, without blanks around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        self.text = self.text[start:end]
        self.places = self.places[start : end + 1]

    def join(self, parts: list[tuple[int, int]]) -> None:
        """Keep some parts, with commas between them."""
        text, places = "", []
        for start, end in parts:
            if text:
                text += ", "
                places += [self.places[start]] * 2
            bare = self.text[start:end].strip(" .,;\n")
            begun = self.text.index(bare, start)
            text += bare
            places += self.places[begun : begun + len(bare)]
        self.text, self.places = text, [*places, self.places[parts[-1][1]]]

    def rewrite(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> bool:
        """Rewrite all that matches a pattern, in one pass; say whether anything has changed."""
        parts: list[str] = []
        places: list[int] = []
        end = 0
        for match in pattern.finditer(self.text):
            said = new(match)
            if said == match[0]:
                continue
            parts += [self.text[end : match.start()], said]
            places += [*self.places[end : match.start()], *[self.places[match.start()]] * len(said)]
            end = match.end()
        if not parts:
            return False
        self.text = "".join(parts) + self.text[end:]
        self.places = places + self.places[end:]
        return True

    def span(self, span: Span) -> Span:
        """Return the part of the paste that a part of the text came from."""
        last = len(self.places) - 1
        start = self.places[min(span.start, last)]
        end = self.places[min(max(span.end - 1, 0), last)] + 1
        return Span(start, max(end, start + 1), span.label)

    def back(self, mistake: Mistake) -> Mistake:
        """Move the places of a mistake from the text that was made into the paste."""
        mistake.spans = tuple([self.span(span) for span in mistake.spans])
        mistake.source = self.source
        return mistake
