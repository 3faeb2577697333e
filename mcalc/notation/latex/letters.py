r"""Reading the letters of a name: fonts, accents and subscripts inside them; and what fonts say of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import scripts
from mcalc.notation.latex.commands import (
    ACCENTS,
    DROPPED,
    FONTS,
    FRACTIONS,
    LETTERS,
    SIGNS,
    SWITCHES,
    VECTORS,
    function_of,
)
from mcalc.notation.latex.tokens import Tex
from mcalc.operators.along import AXES

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

LONGEST = 60
"""Letters of a name."""
BOLD = -1
"""The order of a bold letter before its case is known."""


class Met:
    """The names met so far: what their fonts say, and which of them are words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.bare: dict[str, dict[int, Tex]] = {}
        self.marked: dict[str, int] = {}

    def add(self, base: str, subs: list[str], order: int, at: Tex) -> None:
        """Note a name, bold of this order or, where that is 0, in no particular font."""
        full = base + "".join(["_" + sub if sub.isalnum() else f"_{{{sub}}}" for sub in subs])
        if not subs or ":" in subs[0]:
            self.bare.setdefault(base, {}).setdefault(order, at)
        elif order:
            self.marked[full] = order
            self.marked.setdefault(base, min(order + 1, 2) if len(subs) == 1 else 0)

    def word(self, name: str) -> None:
        """Note a name of several letters."""
        if name not in self.words and name not in AXES:
            self.words.append(name)

    def orders(self, known: set[str]) -> dict[str, int]:
        """Return the order of each name that is bold somewhere; refuse one that is bold here and plain there."""
        found = {name: order for name, order in self.marked.items() if order}
        for base, fonts in self.bare.items():
            orders = {order for order in fonts if order}
            if not orders:
                found.pop(base, None)
                continue
            if 0 in fonts and base not in known:
                bold = next(fonts[order] for order in orders)
                raise Mistake(
                    "E-AMBIG",
                    f"both a bold and a plain {base} stand here: are they one variable?",
                    [Span(bold.start, bold.end, "bold"), Span(fonts[0].start, fonts[0].end, "plain")],
                    hint="write them alike, or give one another name",
                )
            found[base] = max(orders)
        return found


class Read:
    """A name as it was read: its base with accents, subscripts inside it, the order of its font, and its tokens."""

    __slots__ = ("base", "end", "first", "last", "order", "subs", "upright")

    def __init__(self, base: str, end: int, first: Tex, last: Tex) -> None:
        self.base = base
        self.end = end
        self.first = first
        self.last = last
        self.order = 0
        self.subs: list[str] = []
        self.upright = False


def arguments_of(command: str) -> int:
    """Return how many arguments a command takes."""
    if command in SWITCHES:
        return 0
    if command in FRACTIONS or command in ("overset", "underset", "stackrel"):
        return 2
    return int(command in FONTS or command in ACCENTS or command in VECTORS or command in ("sqrt", "norm", "abs"))


def begins_name(command: str) -> bool:
    """Say whether a name may begin with this command."""
    return command in LETTERS or command in FONTS or command in ACCENTS or command in VECTORS


def read_name(n: Normaliser, place: int) -> Read | None:
    """Read the name at a place with its fonts and accents; None where something else stands there."""
    tokens = n.tokens
    if place >= len(tokens):
        return None
    first = tokens[place]
    accents: list[str] = []
    closers: list[int] = []
    font = n.fonts[-1]
    order = 0
    limit = n.frames[-1].end if n.frames else len(tokens)
    while place < limit:
        token = tokens[place]
        if token.kind == "letter" or (token.kind == "command" and token.text in LETTERS):
            break
        if token.kind == "open":
            if closers and closers[-1] == -1:
                closers.pop()
            closers.append(n.match[place])
            if place + 1 < limit and tokens[place + 1].kind == "command" and tokens[place + 1].text in SWITCHES:
                place += 1
                font = FONTS[tokens[place].text]
        elif token.kind == "command" and token.text in FONTS and token.text not in SWITCHES:
            weaker = font == "upright" or (FONTS[token.text] == "script" and font == "bold")
            font = font if weaker else FONTS[token.text]
        elif token.kind == "command" and token.text in ACCENTS:
            accents.append(ACCENTS[token.text])
        elif token.kind == "command" and token.text in VECTORS:
            order = 1
        else:
            return None
        place += 1
    if place >= limit or font == "open":
        return None
    if font == "bold" and closers and _is_function_word(n, place, closers[-1]):
        font = "upright"
    base, end = letters_from(n, place, closers[-1] if closers else limit, upright=font == "upright")
    read = Read(base, end, first, tokens[end - 1])
    read.upright = font == "upright"
    for close in reversed(closers):
        while end < close and tokens[end].kind == "sub":
            start, stop, end = n.argument(end + 1, tokens[end])
            read.subs.append(scripts.text_of(n, start, stop))
        if end != close:
            return None
        end = close + 1
    if end > limit:
        return None
    for accent in reversed(accents):
        read.base += "_" + accent
    read.end, read.last = end, tokens[end - 1]
    read.order = order or (BOLD if font == "bold" else 0)
    if read.order == BOLD:
        read.order = 2 if base[0].isupper() else 1
    return read


def _is_function_word(n: Normaliser, start: int, end: int) -> bool:
    r"""Say whether bold letters are a function's name, as in ``\mathbf{tr}``."""
    letters = [t.text for t in n.tokens[start:end] if t.kind == "letter"]
    return 1 < len(letters) == end - start and function_of("".join(letters)) is not None


def letters_from(n: Normaliser, place: int, limit: int, *, upright: bool) -> tuple[str, int]:
    """Return the letters of a name and the place after them: a word if upright, else one letter or a known name."""
    tokens = n.tokens
    token = tokens[place]
    if token.kind == "command":
        letter = LETTERS[token.text]
        following = tokens[place + 1] if place + 1 < limit else None
        if letter == "Δ" and following is not None and following.kind == "letter" and "Δ" not in n.known:
            return letter + following.text, place + 2
        return letter, place + 1
    end = place + 1
    while end < limit and tokens[end].glued and end - place < LONGEST:
        if not (tokens[end].kind in ("letter", "digit") or (upright and tokens[end].is_command("_"))):
            break
        end += 1
    if upright:
        return "".join([t.text for t in tokens[place:end]]), end
    while end > place + 1 and "".join([t.text for t in tokens[place:end]]) not in n.bases:
        end -= 1
    return "".join([t.text for t in tokens[place:end]]), end


def is_one_atom(n: Normaliser, start: int, end: int) -> bool:
    """Say whether a part of the formula is one thing that a script may stand on: a name, a number, a bracket."""
    count = 0
    place = start
    while place < end:
        token = n.tokens[place]
        if token.kind in ("sup", "sub"):
            place = n.argument(place + 1, token)[2]
            continue
        if token.kind == "prime":
            place += 1
            continue
        digits = token.kind == "digit" and place > start and n.tokens[place - 1].kind == "digit" and token.glued
        count += not digits
        if (
            count > 1
            or token.kind == "other"
            or (token.kind == "command" and (token.text in SIGNS or token.text in DROPPED))
        ):
            return False
        if token.kind == "letter":
            place = letters_from(n, place, end, upright=False)[1]
        else:
            place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else n.extent(place)
    return count == 1
