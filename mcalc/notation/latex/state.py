"""Where the pass over LaTeX is, and what it has put: the tokens of the grammar, the frames of groups, the names met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from mcalc.errors import Span, clip
from mcalc.notation.latex.registry import entry_of, lookup
from mcalc.notation.latex.structure import Structure
from mcalc.notation.names.scope import Scope
from mcalc.notation.surface.characters import bold_and_plain
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Noting, Token, subscripted_name
from mcalc.notation.surface.tex import Tex, fail
from mcalc.operators.axes import LAST

EQUAL = ("EQUALS", "DEFINE")
TIDY = frozenset(("if", "otherwise", ";", "}"))
"""Before these, in braces with cases, what only ends a cell is left out."""


@cache
def spelled(text: str) -> tuple[tuple[str, str], ...]:
    """Return the types and texts of the tokens of a short text in mcalc's notation."""
    return tuple([(token.type, token.text) for token in scan(text)])


class Met:
    """The names met so far: what their fonts say, and which of them are words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.bare: dict[str, dict[int, Tex]] = {}
        self.marked: dict[str, int] = {}

    def add(self, base: str, subs: list[str], order: int, at: Tex) -> None:
        """Note a name, bold of this order or, where that is 0, in no particular font."""
        if not subs or ":" in subs[0]:
            self.bare.setdefault(base, {}).setdefault(order, at)
        elif order:
            self.marked[subscripted_name(base, subs).full] = order
            self.marked.setdefault(base, min(order + 1, 2) if len(subs) == 1 else 0)

    def word(self, name: str) -> None:
        """Note a name of several letters."""
        if name not in self.words and name not in LAST:
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
                plain = Span(fonts[0].start, fonts[0].end)
                raise bold_and_plain(base, Span(bold.start, bold.end), plain)
            found[base] = max(orders)
        return found


def named_by_letters(tokens: Sequence[Tex], match: Mapping[int, int]) -> set[str]:
    r"""Return the words that name what follows: MSE = ..., net_k = ...; not those whose letters all stand elsewhere."""
    runs: dict[int, str] = {}
    for place, token in enumerate(tokens):
        if token.kind == "letter":
            runs[place] = (runs.pop(place - 1, "") if token.glued else "") + token.text
    found = set()
    for last, word in runs.items():
        place = last + 1
        if place < len(tokens) and tokens[place].kind == "sub":
            place = match.get(place + 1, place + 1) + 1
        place += place < len(tokens) and tokens[place].kind == "cell"
        before = tokens[last - len(word)].kind if last >= len(word) else ""
        names = len(word) > 2 and place < len(tokens) and tokens[place].text in ("=", ":")
        if names and before not in ("letter", "digit", "right", "sub", "sup"):
            others = {letter for other in runs.values() if other != word for letter in other}
            found |= {word} if not {*word} <= others else set()
    return found


class Frame:
    """A part of the formula that is being read: where it ends, what is put then, and where to go on.

    It `defines` names after a "where" in it, as in the body of a sum.
    """

    def __init__(self, end: int, closing: str, jump: int, then: Callable[[], None] | None) -> None:
        self.defines = False
        self.end = end
        self.closing = closing
        self.jump = jump
        self.then = then


class State(Noting):
    """The state of the pass over the tokens of one formula; `out` are the tokens of the grammar."""

    def __init__(self, text: str, tokens: list[Tex], scope: Scope, wanted: Sequence[str]) -> None:
        self.text = text
        structure = Structure(tokens)
        self.tokens = structure.tokens
        self.match = structure.match
        self.ends = structure.ends
        self.outer = structure.outer
        self.scope = scope
        self.known = {*scope.variables, *scope.sizes, *scope.definitions, *wanted}
        self.bases = {*self.known, *[name.partition("_")[0] for name in self.known]}
        self.bases |= named_by_letters(self.tokens, self.match)
        self.out: list[Token] = []
        self.notes: list[str] = []
        self.met = Met()
        self.place = 0
        self.frames: list[Frame] = []
        self.inside = 0
        self.reaching = False
        self.below = False
        self.fonts: list[str] = [""]
        self.rows: list[str] = []
        self.running: set[str] = set()

    def put(self, text: str, first: Tex, last: Tex | None = None) -> None:
        """Put what a short text in mcalc's notation says, for the LaTeX from one token to another."""
        end = max((last or first).end, first.start)
        if text in TIDY and self.rows and self.rows[-1] == "cases":
            while self.out[-1].text in (",", ".", "if"):
                self.out.pop()
        for kind, part in spelled(text):
            start = first.start
            if kind == "SUB" and self.out:
                start = self.out[-1].end
            elif kind == "LSQB" and self.out and self.out[-1].end == start:
                start = end  # what is glued is an index in mcalc's notation
            self.out.append(Token(kind, part, start, max(end, start)))
        if text == "where" and self.frames:
            self.frames[-1].defines = True
        if self.out and self.out[-1].type in ("SIGN", "RELATION", "COMMA", *EQUAL):
            self.reaching = False

    def add(self, kind: str, text: str, first: Tex, last: Tex | None = None, value: object = None) -> None:
        """Put one token of a type."""
        self.out.append(Token(kind, text, first.start, max((last or first).end, first.start), value))

    def name(self, base: str, subs: Sequence[str], first: Tex, last: Tex, value: object = None) -> None:
        """Put a name and its subscripts, which follow it without a gap."""
        base, *inner = base.split("_")
        if base in ("Σ", "Π") and subs and base not in self.known:
            self.met.word(base)
        self.add("BIG" if base in "∑∏" else "WORD", base, first, last, value)
        for sub in (*inner, *subs):
            self.sub(sub, last)

    def sub(self, text: str, last: Tex) -> None:
        """Put a subscript on what was put last."""
        start = self.out[-1].end
        if ":" in text:
            for kind, part in spelled(f"[{text}]"):
                start = self.out[-1].end
                self.out.append(Token(kind, part, start, max(start, last.end)))
            return
        plain = f"_{text}" if len(text) == 1 and text.isalnum() else f"_{{{text}}}"
        self.out.append(Token("SUB", plain, start, max(start, last.end)))

    @property
    def last(self) -> str:
        """The type of the last token."""
        return self.out[-1].type if self.out else ""

    def source(self, start: int, end: int) -> str:
        """Return the LaTeX between two places of the tokens, on one line and cut to fit into a message."""
        if start >= end or start >= len(self.tokens):
            return ""
        whole = " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())
        return clip(whole, 60)

    def enter(
        self, start: int, end: int, opening: str, closing: str, jump: int, then: Callable[[], None] | None = None
    ) -> None:
        """Go into a part of the formula, from `start` to before `end`; after it, go on at `jump`."""
        if opening:
            self.put(opening, self.tokens[min(max(start - 1, 0), len(self.tokens) - 1)])
        self.frames.append(Frame(end, closing, jump, then))
        if closing:
            self.inside += 1
            self.reaching = False
        self.place = start

    def leave(self, frame: Frame) -> None:
        """Put what ends a part, and go on behind it."""
        if frame.closing:
            self.inside -= 1
            bare = frame.jump == frame.end > 0  # x^k, which no brace ends
            self.put(frame.closing, self.tokens[min(frame.end - bare, len(self.tokens) - 1)])
        self.place = max(frame.jump, self.place)
        if frame.then is not None:
            frame.then()

    @property
    def limit(self) -> int:
        """Where the group that is being read ends."""
        return self.frames[-1].end if self.frames else len(self.tokens)

    def peek(self, ahead: int = 0) -> Tex:
        """Return a token, or an empty one beyond the end of the group."""
        at = self.place + ahead
        if at < self.limit:
            return self.tokens[at]
        return Tex("end of group", "", len(self.text), len(self.text), glued=False)

    def argument(self, place: int, command: Tex) -> tuple[int, int, int]:
        """Return where an argument begins and ends, without its braces, and the place after it."""
        if place >= len(self.tokens) or self.tokens[place].kind in ("close", "right", "end", "cell", "sup", "sub"):
            hint = f"write {command.shown}{{...}}"
            raise fail(f"{command.shown} lacks an argument", command, label="of what?", hint=hint)
        if self.tokens[place].kind == "open":
            return place + 1, self.match[place], self.match[place] + 1
        end = self.extent(place)
        return place, end, end

    def extent(self, place: int) -> int:
        """Return the place after a token with the arguments that it takes."""
        token = self.tokens[place]
        wanted = entry_of(token).arguments
        place += 1
        for _ in range(wanted):
            while place < len(self.tokens) and entry_of(self.tokens[place]).kind in ("font", "text"):
                place += 1
            opened = place < len(self.tokens) and self.tokens[place].kind == "open"
            place = self.match[place] + 1 if opened else place + 1
        return min(place, len(self.tokens))

    def differential(self, place: int, end: int) -> int:
        """Return the place after a d or ∂ of a derivative that begins at a place, or 0."""
        token = self.tokens[place] if place < end else None
        if token is None or token.is_command("partial"):
            return place + 1 if token is not None else 0
        after = place + 1
        if entry_of(token).value == "upright" and after < end:
            inside, close, after = self.argument(after, token)
            token = self.tokens[inside] if close == inside + 1 else None
        if token is None or token.kind != "letter" or token.text != "d" or "d" in self.known:
            return 0
        if after == end:
            return after
        following = self.tokens[after]
        if following.kind == "command":
            return after if lookup(following.text).kind not in ("sign", "refused") else 0
        return after if following.kind in ("letter", "open", "left", "sup") else 0
