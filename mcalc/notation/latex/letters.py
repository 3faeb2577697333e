r"""Reading the letters of a name: fonts, accents and subscripts inside it; and what fonts say of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import scripts
from mcalc.notation.latex.registry import function_of, lookup
from mcalc.notation.latex.scripts import Read, letters_from
from mcalc.operators.along import AXES

if TYPE_CHECKING:
    from mcalc.notation.latex.parser import Parser
    from mcalc.notation.latex.tokens import Tex


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


def read_name(p: Parser, place: int) -> Read | None:
    """Read the name at a place with its fonts and accents; None where something else stands there."""
    tokens = p.tokens
    if place >= len(tokens):
        return None
    first = tokens[place]
    accents: list[str] = []
    closers: list[int] = []
    font = p.fonts[-1]
    order = 0
    limit = p.limit
    while place < limit:
        token = tokens[place]
        entry = lookup(token.text) if token.kind == "command" else None
        if token.kind == "letter" or (entry and entry.kind == "letter"):
            break
        if token.kind == "open":
            closers.append(p.match[place])
            inner = tokens[place + 1]
            if inner.kind == "command" and lookup(inner.text).kind == "switch":
                place += 1
                font = lookup(inner.text).value
        elif entry is not None and entry.kind in ("font", "text"):
            weaker = font == "upright" or (entry.value == "script" and font == "bold")
            font = font if weaker else entry.value
        elif entry is not None and entry.kind == "accent":
            order = 1 if entry.value == "→" else order
            accents += [entry.value] * (entry.value != "→")
        else:
            return None
        place += 1
    if place >= limit or font == "open":
        return None
    if font == "bold" and closers:
        word = "".join([t.text for t in tokens[place : closers[-1]] if t.kind == "letter"])
        if 1 < len(word) == closers[-1] - place and function_of(word) is not None:
            font = "upright"  # \mathbf{tr}
    letters = tokens[place : closers[-1]] if closers else []
    if font == "upright" and letters and all([t.kind == "letter" for t in letters]):
        base, end = "".join([t.text for t in letters]), closers[-1]
    else:
        base, end = letters_from(p, place, closers[-1] if closers else limit, upright=font == "upright")
    read = Read(base, end, first, tokens[end - 1], upright=font == "upright")
    for close in reversed(closers):
        while end < close and tokens[end].kind == "sub":
            start, stop, end = p.argument(end + 1, tokens[end])
            read.subs.append(scripts.text_of(p, start, stop))
        if end != close:
            return None
        end = close + 1
    if end > limit:
        return None
    read.base = "_".join([read.base, *reversed(accents)])
    read.end, read.last = end, tokens[end - 1]
    read.order = order or ((2 if base[0].isupper() else 1) if font == "bold" else 0)
    return read
