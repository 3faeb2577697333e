"""What a user did wrong, said once: a code, a message, the places, and a hint.

Every phase raises :class:`Mistake`; nothing else reaches a user. Shape rules, which know no source text, raise
:class:`ShapeError`, and the elaborator turns it into a `Mistake` with the spans of the operands that disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Span:
    """A half-open range of characters of one statement, with a label that says what stands there.

    >>> Span(2, 3, "vector of N").label
    'vector of N'
    """

    __slots__ = ("end", "label", "start")

    def __init__(self, start: int, end: int, label: str = "") -> None:
        self.start = start
        self.end = max(end, start + 1)
        self.label = label

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end}, {self.label!r})"


class Mistake(Exception):
    """Something in the user's input that has no answer, with where it is and what would help.

    `code` is stable (``E-SYNTAX``, ``E-NAME``, ``E-SHAPE``, ``E-AMBIG``, ``E-UNSUPPORTED``, ``E-CHAR``, ``E-LIMIT``,
    ``E-DOMAIN``, ``E-USAGE``, ``E-FILE``, ``E-ENCODING``, ``E-DATA``, ``E-LATEX``); `spans` are every place involved,
    the first one foremost; `source` is the statement they point into, filled in by whoever holds the text.

    >>> str(Mistake("E-NAME", "unknown function sqt", hint="did you mean sqrt?"))
    'E-NAME: unknown function sqt'
    """

    def __init__(
        self, code: str, message: str, spans: Sequence[Span] = (), hint: str = "", source: str | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.spans = tuple(spans)
        self.hint = hint
        self.source = source

    def shown(self) -> str:
        """Return it as it is shown to a reader; mcalc.api puts the form with carets here."""
        return str(self)

    @property
    def exit_code(self) -> int:
        """The exit code of a command that this ends."""
        return {"E-USAGE": 2, "E-LIMIT": 4}.get(self.code, 1)

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback: the message with its carets, once mcalc.api is loaded."""
        return self.shown().split("\n")

    def __reduce__(self) -> tuple[type[Mistake], tuple[object, ...]]:
        return Mistake, (self.code, self.message, self.spans, self.hint, self.source)


def closest(word: str, words: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return the words that another may be a slip for, the closest first.

    >>> closest("sqt", ["sin", "sqrt", "cos"])
    ['sqrt']
    """
    from difflib import get_close_matches

    return get_close_matches(word, [*words], count, cutoff)


def clip(name: str, width: int = 30) -> str:
    """Return a name cut to a length that fits into a message."""
    return name if len(name) <= width else name[: width - 1] + "…"


class ShapeError(Exception):
    """Operands that do not fit an operator; `places` are the positions of the arguments involved.

    `left` and `right` are the two sizes that differ, where two sizes are what differs.
    """

    def __init__(
        self,
        message: str,
        places: Sequence[int] = (),
        left: object = None,
        right: object = None,
        hint: str = "",
        code: str = "E-SHAPE",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.places = tuple(places)
        self.left = left
        self.right = right
        self.hint = hint
        self.code = code
