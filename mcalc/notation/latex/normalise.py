r"""LaTeX to mcalc's own notation: one pass over the tokens, each written as what it stands for.

The meaning is decided afterwards, by the reader of that notation, so that there is one. What LaTeX alone says is kept
beside the text: that a letter is bold, that upright letters are one name. Groups are frames on a stack, never calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.characters import clean
from mcalc.notation.latex import calls, constants, environments, fractions, head, letters, names, scripts
from mcalc.notation.latex.commands import FONTS, FRACTIONS, REFUSED, SIGNS, STRUCTURES, SWITCHES, did_you_mean
from mcalc.notation.latex.macros import Macro, expand, take_macros
from mcalc.notation.latex.plain import Plain
from mcalc.notation.latex.structure import Structure
from mcalc.notation.latex.tokens import Tex, fail, forbid, refuse, scan_tex

if TYPE_CHECKING:
    from mcalc.notation.scope import Scope

DISPLAYS = frozenset("()[]")
"""The commands that begin and end a formula in a text."""


class Frame:
    """A part of the formula that is being written: where it ends, what is written then, and where to go on.

    It `defines` names after a "where" in it, as in the body of a sum.
    """

    __slots__ = ("closing", "defines", "end", "jump", "then")

    def __init__(self, end: int, closing: str, jump: int, then: Callable[[], None] | None = None) -> None:
        self.defines = False
        self.end = end
        self.closing = closing
        self.jump = jump
        self.then = then


class Pasted:
    """What a formula in LaTeX says in mcalc's notation, and what its fonts say beside it.

    `fonts` are the orders that bold names hint at, `words` the names that upright letters make, `macros` those that
    the text defines, `declared` the LaTeX of declarations behind the formula.
    """

    __slots__ = ("declared", "fonts", "macros", "notes", "plain", "text", "words")

    def __init__(self, plain: Plain, notes: list[str], macros: dict[str, Macro]) -> None:
        self.plain = plain
        self.text = plain.text
        self.notes = notes
        self.fonts: dict[str, int] = {}
        self.words: list[str] = []
        self.macros = macros
        self.declared: list[str] = []

    def back(self, mistake: Mistake, source: str) -> Mistake:
        """Move the places of a mistake from mcalc's notation into the LaTeX."""
        mistake.spans = tuple([self.plain.span(span) for span in mistake.spans])
        mistake.source = source
        return mistake


def normalise(
    text: str, scope: Scope, wanted: Sequence[str] = (), *, value: bool = False, claim: bool = False
) -> Pasted:
    r"""Return one formula in mcalc's notation; `wanted` are further names that are known.

    With `value` the right-hand side is what is meant, whatever stands on the left; in a `claim` both are.

    >>> from mcalc.notation.scope import Scope
    >>> normalise(r"\frac12 \lVert \mathbf{X}\mathbf{w} - y \rVert_2^2", Scope()).text
    '1/{2} ‖ X w - y ‖_{2}^{2}'
    """
    cleaned, hints = clean(text)
    scanned = scan_tex(cleaned)
    tokens, macros = take_macros(scanned)
    forbid(scanned)
    tokens = [t for t in expand(tokens, {**scope.macros, **macros}) if t.kind != "math" and not t.is_command(*DISPLAYS)]
    forbid(tokens)
    return Normaliser(cleaned, tokens, scope, wanted, macros, hints).run(value=value, claim=claim)


class Normaliser:
    """The pass over the tokens of one formula."""

    def __init__(
        self, text: str, tokens: list[Tex], scope: Scope, wanted: Sequence[str], macros: dict[str, Macro],
        hints: dict[str, int],
    ) -> None:  # fmt: skip
        self.text = text
        structure = Structure(tokens)
        self.tokens = structure.tokens
        self.match = structure.match
        self.opened = {close: opening for opening, close in structure.match.items()}
        self.ends = structure.ends
        self.scope = scope
        self.known = {*scope.variables, *scope.sizes, *scope.definitions, *wanted}
        self.bases = {*self.known, *[name.partition("_")[0] for name in self.known]}
        self.plain = Plain()
        self.place = 0
        self.frames: list[Frame] = []
        self.inside = 0
        self.fonts: list[str] = [""]
        self.rows: list[str] = []
        self.reaches: dict[int, tuple[int, int]] = {}
        self.met = letters.Met()
        self.running: set[str] = set()
        self.left: set[str] = set()
        self.pasted = Pasted(self.plain, [], macros)
        self.hints = hints

    def run(self, *, value: bool, claim: bool) -> Pasted:
        """Write the whole formula."""
        self.left = head.left_indices(self)
        head.trim(self, value=value, claim=claim)
        self.running = scripts.running_indices(self)
        tokens = self.tokens
        while True:
            while self.frames and self.frames[-1].end <= self.place:
                self._leave(self.frames.pop())
            if self.place >= len(tokens):
                break
            token = tokens[self.place]
            HANDLERS[token.kind](self, token)
        self.pasted.text = self.plain.text
        self.pasted.fonts = {**self.hints, **self.met.orders(self.known)}
        self.pasted.words = self.met.words
        return self.pasted

    # writing -------------------------------------------------------------------------------------------------------

    def write(self, text: str, first: Tex, last: Tex | None = None, *, glued: bool = False) -> None:
        """Write a piece that stands for the tokens from one to another."""
        if text == "where" and self.frames:
            self.frames[-1].defines = True
        self.plain.add(text, first.start, (last or first).end, glued=glued)

    def note(self, text: str) -> None:
        """Add a note on a choice, once."""
        if text not in self.pasted.notes:
            self.pasted.notes.append(text)

    def source(self, start: int, end: int) -> str:
        """Return the LaTeX between two places of the tokens, on one line and cut to fit into a message."""
        if start >= end or start >= len(self.tokens):
            return ""
        whole = " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())
        return whole if len(whole) <= 60 else whole[:59] + "…"

    def enter(
        self, start: int, end: int, opening: str, closing: str, jump: int, then: Callable[[], None] | None = None
    ) -> None:
        """Go into a part of the formula, from `start` to before `end`; after it, go on at `jump`."""
        first = self.tokens[min(max(start - 1, 0), len(self.tokens) - 1)]
        if opening:
            self.write(opening, first)
        self.frames.append(Frame(end, closing, jump, then))
        self.inside += bool(closing)
        self.place = start

    def _leave(self, frame: Frame) -> None:
        self.inside -= bool(frame.closing)
        if frame.closing:
            at = self.tokens[min(frame.end, len(self.tokens) - 1)]
            self.write(frame.closing, at, glued=frame.closing[0] in "}])/")
        self.place = max(frame.jump, self.place)
        if frame.then is not None:
            frame.then()

    def peek(self, ahead: int = 0) -> Tex:
        """Return a token, or an empty one beyond the end of the group."""
        at = self.place + ahead
        if at < len(self.tokens) and (not self.frames or at < self.frames[-1].end):
            return self.tokens[at]
        end = len(self.text)
        return Tex("end of group", "", end, end, glued=False)

    def argument(self, place: int, command: Tex) -> tuple[int, int, int]:
        """Return where an argument begins and ends, without its braces, and the place after it."""
        if place >= len(self.tokens) or self.tokens[place].kind in ("close", "right", "end", "cell", "sup", "sub"):
            raise fail(
                f"{command.shown} lacks an argument", command, label="of what?", hint=f"write {command.shown}{{...}}"
            )
        if self.tokens[place].kind == "open":
            return place + 1, self.match[place], self.match[place] + 1
        end = self.extent(place)
        return place, end, end

    def extent(self, place: int) -> int:
        """Return the place after a token with the arguments that it takes."""
        token = self.tokens[place]
        wanted = {"command": 1}.get(token.kind, 0) * letters.arguments_of(token.text)
        place += 1
        for _ in range(wanted):
            while (
                place < len(self.tokens) and self.tokens[place].kind == "command" and self.tokens[place].text in FONTS
            ):
                place += 1
            place = self.match[place] + 1 if self.match.get(place) and self.tokens[place].kind == "open" else place + 1
        return min(place, len(self.tokens))

    # tokens --------------------------------------------------------------------------------------------------------

    def letter(self, token: Tex) -> None:
        """Write a name, or a function that stands without a backslash, as the paper has it."""
        if self.fonts[-1] == "upright":
            names.word(self)
        elif not calls.italic(self):
            names.write_name(self)

    def digit(self, token: Tex) -> None:
        """Write a number, a constant vector or an indicator."""
        if self.fonts[-1] in ("bold", "open") and constants.constant(self, self.place, self.place + 1):
            return
        last = self.place
        while (
            self.peek(last + 1 - self.place).glued
            and (self.tokens[last + 1].kind == "digit" or self._is_point(last + 1))
        ):  # fmt: skip
            last += 1
        first, end = self.place, last + 1
        text = "".join([t.text for t in self.tokens[first:end]])
        if text in "01" and constants.is_indicator(self, end):
            constants.indicator(self, first, end)
            return
        self.write(text, token, self.tokens[last])
        self.place = end
        scripts.after(self, "number")

    def _is_point(self, place: int) -> bool:
        following = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        return (
            self.tokens[place].is_other(".") and following is not None and following.kind == "digit" and following.glued
        )

    def group(self, token: Tex) -> None:
        """Go into braces, which are not seen: alone they change nothing."""
        close = self.match[self.place]
        if names.write_name(self, optional=True):
            return
        if all([t.is_command("sum") for t in self.tokens[self.place + 1 : close]]) and close > self.place + 1:
            self.place = close  # \mathop{\sum\sum}_{i \neq j} is one sum over its pairs
            self.tokens[close] = Tex("command", "sum", token.start, self.tokens[close].end)
            return
        after = self.tokens[close + 1].kind if close + 1 < len(self.tokens) else ""
        if after in ("sup", "sub") and not letters.is_one_atom(self, self.place + 1, close):
            raise Mistake(
                "E-AMBIG",
                "the braces are not seen: what does the script belong to?",
                [Span(token.start, self.tokens[close + 1].end, "in braces")],
                hint="write brackets, as in (a + b)^2",
            )
        depth = len(self.fonts)

        def leave() -> None:
            del self.fonts[depth:]
            scripts.after(self, "group")

        self.enter(self.place + 1, close, "", "", close + 1, leave)

    def bracket(self, token: Tex) -> None:
        """Open a bracket that is seen."""
        close = self.match[self.place]
        if token.text == ".":
            if environments.is_evaluated(self, close):
                raise fail("the value at a point is not read", self.tokens[close], label="a bar for 'at'")
            self.enter(self.place + 1, close, "", "", close + 1)
        elif token.text == "{" and self.tokens[close].text == ".":
            environments.opened_by_brace(self, close)
        elif scripts.positive_part(self, close) or names.in_brackets(self, close):
            return
        elif token.text in "|‖":
            self._bars(token, close)
        elif token.text == "floor(":
            self.enter(self.place + 1, close, "floor(", ")", close + 1)
        elif token.text == "⟨":
            self.enter(self.place + 1, close, "⟨", "⟩", close + 1, lambda: scripts.after(self, "group"))
        else:
            opening, closing = environments.brackets_of(self, self.place, close)
            self.write(opening, token, glued=self.plain.last.isdecimal())
            self.enter(self.place + 1, close, "", closing, close + 1, lambda: scripts.after(self, "group"))

    def _bars(self, token: Tex, close: int) -> None:
        mark = "❘" if token.text == "|" else "‖"
        self.enter(self.place + 1, close, mark, mark, close + 1, lambda: scripts.after(self, "norm"))

    def bar(self, token: Tex) -> None:
        """Write a bar that says nothing of its direction; the reader pairs them."""
        single = token.kind == "other" or token.text in ("vert", "lvert", "rvert")
        double = token.kind == "other" and self.peek(1).is_other("|") and self.peek(1).glued
        last = self.tokens[self.place + double]
        self.place += 1 + double
        self.write("||" if double else "❘" if single else "‖", token, last)
        scripts.after(self, "norm")

    def script(self, token: Tex) -> None:
        """Refuse a superscript or subscript of nothing."""
        raise fail(f"'{token.text}' stands on nothing", token, label="of what?", hint="write x^2, x_i")

    def prime(self, token: Tex) -> None:
        """Write a prime that follows a bracket."""
        self.place += 1
        self.write("'", token, glued=True)
        scripts.after(self, "group")

    def other(self, token: Tex) -> None:
        """Write a sign."""
        text = token.text
        if text == "|":
            self.bar(token)
            return
        self.place += 1
        if text == ":" and self.peek().is_other("=") and self.peek().glued:
            return
        defines = bool(self.frames) and self.frames[-1].defines
        if text == ";" and self.frames and not defines:
            text = ","
        if text == "=" and self.inside and not defines:
            text = "=="
        if text == "," and environments.is_last_of_cell(self):
            return
        if text in ".,:" and self.fonts[-1] == "upright" and self.peek().kind != "digit":
            return
        if text == ";" and self.plain.has_where:
            self.write(";", token, glued=True)
            return
        if text == "." and self.peek().kind == "digit":
            text = "0."
        elif text in '.!:;`"@?':
            hint = {".": r"a dot product is \cdot", ":": r"write = for a definition"}.get(text, "")
            raise fail(f"'{text}' is not read here", token, label="not read", hint=hint)
        self.write(text, token, glued=text == ",")
        if text == "0.":
            self._decimals()

    def _decimals(self) -> None:
        while self.peek().kind == "digit":
            self.write(self.peek().text, self.peek(), glued=True)
            self.place += 1

    def command(self, token: Tex) -> None:
        """Write what a command stands for; there is no other way for it to be read."""
        name = token.text
        if name in FRACTIONS:
            fractions.fraction(self, token)
        elif name == "sqrt":
            fractions.root(self, token)
        elif name in ("sum", "prod"):
            scripts.big(self, token)
        elif name in ("stackrel", "overset") and self._defining():
            return
        elif name == "nabla":
            fractions.nabla(self, token)
        elif name == "partial":
            fractions.partial(self, token)
        elif name in ("norm", "abs") and self.peek(1).kind == "open":
            mark = "‖" if name == "norm" else "❘"
            start, end, after = self.argument(self.place + 1, token)
            self.enter(start, end, mark, mark, after, lambda: scripts.after(self, "norm"))
        elif name in ("|", "Vert", "lVert", "rVert", "vert", "lvert", "rvert"):
            self.bar(token)
        elif name in SWITCHES:
            self._switch(name)
        elif name in ("\\", "cr"):
            environments.row(self, token)
        elif SIGNS.get(name):
            self.place += 1
            self.write(SIGNS[name], token)
        elif letters.begins_name(name):
            if not calls.spelled(self, token):
                names.write_name(self)
        elif calls.command(self, token):
            return
        elif name in REFUSED:
            raise head.refused(self, token)
        elif name in STRUCTURES:
            raise refuse(token)
        else:
            raise fail(f"{token.shown} is not known", token, label="not known", hint=did_you_mean(name))

    def _defining(self) -> bool:
        r"""Write an equals sign with something above it, as ``\stackrel{\text{def}}{=}``; say whether it is one."""
        token = self.tokens[self.place]
        above = self.argument(self.place + 1, token)
        start, end, after = self.argument(above[2], token)
        if end != start + 1 or not self.tokens[start].is_other("="):
            return False
        self.place = after
        self.write("=", token)
        return True

    def _switch(self, name: str) -> None:
        self.fonts.append(FONTS[name])
        depth = len(self.fonts) - 1

        def leave() -> None:
            del self.fonts[depth:]

        self.enter(self.place + 1, min(self.ends[self.place], self.frames[-1].end if self.frames else len(self.tokens)),
                   "", "", 0, leave)  # fmt: skip

    def drop(self, token: Tex) -> None:
        """Pass over what only places other things."""
        self.place += 1

    def cell(self, token: Tex) -> None:
        """Go on to the next cell of a row."""
        environments.cell(self, token)

    def begin(self, token: Tex) -> None:
        """Go into an environment."""
        environments.begin(self, token)


HANDLERS: dict[str, Callable[[Normaliser, Tex], None]] = {
    "letter": Normaliser.letter,
    "digit": Normaliser.digit,
    "open": Normaliser.group,
    "left": Normaliser.bracket,
    "sup": Normaliser.script,
    "sub": Normaliser.script,
    "prime": Normaliser.prime,
    "other": Normaliser.other,
    "command": Normaliser.command,
    "cell": Normaliser.cell,
    "begin": Normaliser.begin,
    "quad": Normaliser.drop,
    "parameter": lambda n, token: _refuse(token),
}
HANDLERS |= dict.fromkeys(("close", "right", "end"), Normaliser.drop)


def _refuse(token: Tex) -> None:
    raise refuse(token)
