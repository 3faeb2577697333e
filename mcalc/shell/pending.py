"""Definitions of a stream whose derivative is asked for: what nothing after them uses is what was meant."""

from __future__ import annotations

from mcalc.patterns import pattern
from mcalc.shell.batch import Line

_LEFT = pattern(r"\s*([^\W\d]\w*)(?:\([^()]*\))?\s*:?=(?!=)")
_LETTERS = pattern(r"[^\W\d_]+")


class Definition:
    """A statement that only gave a name a meaning so far: what is needed to run it again, for its derivative."""

    __slots__ = ("is_fed", "line", "name", "notation", "offset", "place", "text")

    def __init__(self, name: str, text: str, line: Line, offset: int, place: str, notation: str) -> None:
        self.is_fed = False
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
        self.wanted = wanted or ""
        self.waiting: list[Definition] = []

    def see(self, text: str) -> None:
        """Take off what a later statement uses: its name stands in the text, as a word or among letters."""
        if self.waiting:
            right = _right(text)
            self.waiting = [one for one in self.waiting if one.name.partition("_")[0] not in right]

    def feeds(self, text: str) -> bool:
        """Say whether a statement gives a meaning to a name that a definition before it has in its right-hand side."""
        found = _LEFT.match(text) if self.waiting else None
        name = found[1] if found is not None else ""
        fed = [one for one in self.waiting if _has_word(one.text.partition("=")[2], name)]
        for one in fed:
            one.is_fed = True
        return bool(fed)

    def add(self, definition: Definition) -> None:
        """Let a definition wait, unless it is one that a definition before it is made of."""
        if not self.feeds(definition.text):
            self.waiting.append(definition)

    def take(self, *, answered: bool) -> list[Definition]:
        """Return what was meant, once: what has a variable in it, or the last one where nothing else is `answered`."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return []
        letters = _LETTERS.findall(self.wanted)
        meant = [
            one for one in waiting if one.is_fed or any([letter in one.text.partition("=")[2] for letter in letters])
        ]
        return meant or ([] if answered else waiting[-1:])


def in_order(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the statements of one text with those definitions before a statement that stand behind it and are its own.

    >>> [text for text, _, _ in in_order([("||r||^2", 1, 0), ("r = X w - y", 2, 8)])]
    ['r = X w - y', '||r||^2']
    """
    found: list[tuple[str, int, int]] = []
    for piece in pieces:
        match = _LEFT.match(piece[0]) if found else None
        name = match[1] if match is not None else ""
        uses = [k for k, (text, _, _) in enumerate(found) if _has_word(_right(text), name)]
        found.insert(uses[0] if uses else len(found), piece)
    return found


def _has_word(text: str, name: str) -> bool:
    return bool(name) and pattern(rf"(?<!\w){name}(?!\w)").search(text) is not None


def _right(text: str) -> str:
    """Return the right-hand side of a definition; of anything else all of it."""
    match = _LEFT.match(text)
    return text[match.end() :] if match is not None else text
