r"""Names in LaTeX: letters with fonts, accents and subscripts, upright words, constants in bold, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import calls, head, scripts
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
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

BOLD = -1
"""The order of a bold letter before its case is known."""
MEANS = {"E": "an expectation", "P": "a probability", "V": "a variance"}
CONDITION = frozenset(("if", "when", "whenever", "for"))
OTHERWISE = frozenset(("otherwise", "else", "elsewhere"))
JOINING = frozenset(("and", "or", "where"))
NO_OBJECTIVE = frozenset((
    "argmin", "argmax", "arg", "minimize", "minimise", "maximize", "maximise", "subject", "such", "Pr", "lim", "min",
    "max", "Var", "Cov", "inf", "sup",
))  # fmt: skip


class Met:
    """The names met so far: what their fonts say, and which of them are words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.bare: dict[str, dict[int, Tex]] = {}
        self.marked: dict[str, int] = {}

    def add(self, base: str, subs: list[str], order: int, at: Tex) -> None:
        """Note a name, bold of this order or, where that is 0, in no particular font."""
        full = base + "".join(["_" + sub if sub.isalnum() else f"_{{{sub}}}" for sub in subs])
        if not subs:
            self.bare.setdefault(base, {}).setdefault(order, at)
        elif order:
            self.marked[full] = order
            self.marked.setdefault(base, min(order + 1, 2) if len(subs) == 1 else 0)

    def word(self, name: str) -> None:
        """Note a name of several letters."""
        if name not in self.words:
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
            font = font if FONTS[token.text] == "script" and font == "bold" else FONTS[token.text]
        elif token.kind == "command" and token.text in ACCENTS:
            accents.append(ACCENTS[token.text])
        elif token.kind == "command" and token.text in VECTORS:
            order = 1
        else:
            return None
        place += 1
    if place >= limit or font == "open":
        return None
    base, end = _base(n, place, closers[-1] if closers else limit, upright=font == "upright")
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


def _base(n: Normaliser, place: int, limit: int, *, upright: bool) -> tuple[str, int]:
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
    while end < limit and tokens[end].glued and tokens[end].kind in ("letter", "digit") and end - place < 60:
        end += 1
    if upright:
        return "".join([t.text for t in tokens[place:end]]), end
    while end > place + 1 and "".join([t.text for t in tokens[place:end]]) not in n.known:
        end -= 1
    return "".join([t.text for t in tokens[place:end]]), end


def write_name(n: Normaliser, *, optional: bool = False) -> bool:
    """Write the name that stands here with its scripts; say whether there was one."""
    token = n.tokens[n.place]
    read = read_name(n, n.place)
    if read is None:
        return False if optional else _not_a_name(n, token)
    n.place = read.end
    if read.upright and not read.subs and emit_word(n, read.base, read.first, read.last):
        return True
    scripts.of_name(n, read)
    return True


def _not_a_name(n: Normaliser, token: Tex) -> bool:
    """Go into a font that covers more than a name; write a constant, an indicator; refuse an accent over a formula."""
    start, end, after = n.argument(n.place + 1, token)
    if token.text not in FONTS:
        if token.text in VECTORS and constant(n, start, end, after):
            return True
        raise fail(f"{token.shown} over more than a name", token, n.tokens[end - 1], "one name expected")
    font = FONTS[token.text]
    if font in ("bold", "open") and constant(n, start, end, after):
        return True
    if font == "open":
        return _blackboard(n, token, start, end, after)
    n.fonts.append(font)
    depth = len(n.fonts) - 1

    def leave() -> None:
        del n.fonts[depth:]
        scripts.after(n, "group")

    closing = n.tokens[after] if after < len(n.tokens) else None
    if closing is not None and closing.kind in ("sup", "sub") and not is_one_atom(n, start, end):
        raise Mistake(
            "E-AMBIG",
            "the braces are not seen: what does the script belong to?",
            [Span(token.start, closing.end, "in braces")],
            hint=r"write brackets, as in (\mathbf{a + b})^2",
        )
    n.enter(start, end, "", "", after, leave)
    return True


def _blackboard(n: Normaliser, token: Tex, start: int, end: int, after: int) -> bool:
    letter = "".join([t.text for t in n.tokens[start:end]])
    last = n.tokens[after - 1]
    n.place = after
    if letter == "R":
        n.write("ℝ", token, last)
        scripts.space(n)
        return True
    if letter == "I" and is_indicator(n, after):
        indicator(n, after - 1, after)
        return True
    if letter in ("E", "P", "V"):
        raise head.statement_of(n, token, last, MEANS[letter])
    raise fail(f"{n.source(after - (end - start) - 3, after) or token.shown} is not read", token, last)


# words ---------------------------------------------------------------------------------------------------------------


def word(n: Normaliser) -> None:
    """Write the upright word that stands here."""
    first = n.tokens[n.place]
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    text, end = _base(n, n.place, limit, upright=True)
    last = n.tokens[end - 1]
    n.place = end
    if not emit_word(n, text, first, last):
        read = Read(text, end, first, last)
        read.upright = True
        scripts.of_name(n, read)


def emit_word(n: Normaliser, text: str, first: Tex, last: Tex) -> bool:
    """Write a word that is more than a name: part of braces, a function; say whether it is."""
    if text in n.known:
        return False
    in_cases = bool(n.rows) and n.rows[-1] == "cases"
    if text in CONDITION and (in_cases or text == "if"):
        if n.plain.last != "if":
            n.write("if", first, last)
        return True
    if text in OTHERWISE:
        n.write("otherwise", first, last)
        return True
    if text in JOINING:
        n.write(text, first, last)
        return True
    if text in NO_OBJECTIVE and not (text in ("min", "max") and n.peek().kind in ("left", "open")):
        raise head.statement_of(n, first, last, head.OPTIMISED)
    function = function_of(text)
    if function is not None:
        calls.apply(n, function, first, last)
        return True
    if len(text) > 1:
        n.met.word(text)
    return False


# constants and indicators --------------------------------------------------------------------------------------------


def constant(n: Normaliser, start: int, end: int, after: int | None = None) -> bool:
    r"""Write ``\mathbf{1}``, ``\vec{0}`` or the indicator ``\mathbb{1}[...]``; say whether it is one of them."""
    while end - start > 1 and n.tokens[start].kind == "command" and n.tokens[start].text in FONTS:
        start += 1
        if n.tokens[start].kind == "open" and n.match[start] == end - 1:
            start, end = start + 1, end - 1
    digits = [t.text for t in n.tokens[start:end]]
    if digits not in (["0"], ["1"]):
        return False
    first = n.tokens[n.place]
    stop = end if after is None else after
    last = n.tokens[stop - 1]
    if digits == ["1"] and is_indicator(n, stop):
        indicator(n, n.place, stop)
        return True
    n.place = stop
    found = scripts.collect(n)
    if found.sub is not None:
        sizes = scripts.text_of(n, *found.sub).replace("×", ",")
        if sizes not in n.running:
            n.write(f"{('zeros', 'ones')[int(digits[0])]}({sizes})", first, found.last)
            scripts.power_of(n, found)
            return True
        raise fail("an entry of a constant vector is 0 or 1", first, found.last, hint=f"write {digits[0]}")
    n.write(digits[0] + "vec", first, last)
    scripts.after(n, "group")
    return True


def is_indicator(n: Normaliser, place: int) -> bool:
    """Say whether brackets, or a subscript, with a comparison in them follow a 1."""
    tokens = n.tokens
    limit = n.frames[-1].end if n.frames else len(tokens)
    if place >= limit:
        return False
    if tokens[place].kind == "left" and tokens[place].text in "([{":
        return _compares(n, place + 1, n.match[place])
    if tokens[place].kind == "sub" and place + 1 < limit and tokens[place + 1].kind == "open":
        inside = place + 2
        close = n.match[place + 1]
        if tokens[inside].kind == "left" and n.match[inside] == close - 1:
            return _compares(n, inside + 1, close - 1)
        return _compares(n, inside, close)
    return False


def _compares(n: Normaliser, start: int, end: int) -> bool:
    place = start
    while place < end:
        token = n.tokens[place]
        if token.is_other("=", "<", ">") or (
            token.kind == "command" and SIGNS.get(token.text, "") in ("≤", "≥", "≠", "<", ">")
        ):
            return True
        place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else place + 1
    return False


def indicator(n: Normaliser, start: int, after: int) -> None:
    """Write an indicator as braces: 1 if the comparison holds, 0 otherwise."""
    first = n.tokens[start]
    if n.tokens[after].kind == "sub":
        inside, close, jump = after + 2, n.match[after + 1], n.match[after + 1] + 1
        if n.tokens[inside].kind == "left" and n.match[inside] == close - 1:
            inside, close = inside + 1, close - 1
    else:
        inside, close, jump = after + 1, n.match[after], n.match[after] + 1
    n.write("{1 if", first, n.tokens[after])
    n.rows.append("indicator")

    def leave() -> None:
        n.rows.pop()
        scripts.after(n, "group")

    n.enter(inside, close, "", "; 0 otherwise}", jump, leave)


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
        place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else n.extent(place)
    return count == 1
