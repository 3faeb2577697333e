r"""LaTeX to the tokens of mcalc's grammar: one pass, each command as the registry says, with places in the paste.

What the tokens mean is decided afterwards, as for any other text, so that there is one grammar and one pass of names.
What LaTeX alone says is kept beside them: that a letter is bold, that upright letters are one name. Groups are frames
on a stack, never calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mcalc.notation.latex import environments, functions, letters, names, scripts, sums
from mcalc.notation.latex.registry import did_you_mean, entry_of, lookup
from mcalc.notation.latex.state import State
from mcalc.notation.names.scope import Scope
from mcalc.notation.surface.lexer import is_matrix
from mcalc.notation.surface.mistakes import AT_POINT, mistake_at
from mcalc.notation.surface.syntax import MATRIX_BAR, Token
from mcalc.notation.surface.tex import Tex, fail, refuse

INSTEAD = {
    ".": r"a dot product is \cdot", ":": "write = for a definition", "!": r"a factorial is \Gamma(n + 1)",
}  # fmt: skip
"""What to write for signs that are not read."""
ENDING = frozenset(("WORD", "SUB", "SUP", "PRIME", "NUMBER", "RPAR", "RBRACE", "RSQB"))
"""Tokens that end a factor."""


class Parser(State):
    """The pass over the tokens of one formula."""

    def __init__(self, text: str, tokens: list[Tex], scope: Scope, wanted: Sequence[str]) -> None:
        super().__init__(text, tokens, scope, wanted)
        commands = {token.text: token for token in tokens if token.kind == "command"}
        for variant in [command for command in commands if command[:3] == "var" and command[3:] in commands]:
            hint = "write them alike, or give one another name"
            said = rf"both \{variant} and \{variant[3:]} stand here: are they one letter?"
            raise mistake_at("E-AMBIG", said, commands[variant], "which?", hint)
        if any([token.text in sums.LETTERS for token in self.tokens]):
            sums.name_signs(self)
        self.running = sums.running_indices(self)

    def run(self) -> list[Token]:
        """Return the tokens of the whole formula."""
        tokens = self.tokens
        while True:
            while self.frames and self.frames[-1].end <= self.place:
                self.leave(self.frames.pop())
            if self.place >= len(tokens):
                return self.out
            token = tokens[self.place]
            HANDLERS[token.kind](self, token)

    def letter(self, token: Tex) -> None:
        """Put a name, or a function that stands without a backslash, as the paper has it."""
        if self.below and token.text == "d" and not (self.out and self.out[-1].text == "∂"):
            self.place += 1
            self.put("∂", token)
        elif self.fonts[-1] == "upright":
            names.write_name(self)
        else:
            text = letters.run_of_letters(self, self.place)
            following = self.peek(len(text))
            called = following.kind == "left" and following.text == "("
            if called and 1 < len(text) < 40 and text not in self.known:
                self.place += len(text)
                self.add("WORD", text, token, self.tokens[self.place - 1])  # max(0, x), as the paper has it
            elif not (len(text) > 1 and names.bare_word(self, text)):
                names.write_name(self)

    def digit(self, token: Tex) -> None:
        """Put a number, a constant vector or an indicator."""
        if self.fonts[-1] in ("bold", "open") and environments.constant(self, self.place, self.place + 1):
            return
        first = last = self.place
        while self._continues_number(last + 1):
            last += 1
        following = self.peek(last + 1 - first)
        if following.glued and following.text in ("e", "E"):
            last += (length := self._exponent(last + 2))
            after = self.peek(last + 1 - first)
            if length and after.glued and entry_of(after).kind in ("letter", "font"):
                said = (
                    f"{self.source(first, last + 1)} before a name may be a number, or have a factor {following.text}"
                )
                hint = "put a space behind the number, or spaces around the sign"
                raise mistake_at("E-AMBIG", said, (token, self.tokens[last]), "which?", hint)
        text = "".join([t.text for t in self.tokens[first : last + 1]]).replace("−", "-")
        if text.count(".") > 1:
            raise fail("a number has one decimal point", token, self.tokens[last], "no number")
        if text in "01" and environments.is_indicator(self, last + 1):
            environments.indicator(self, first, last + 1)
            return
        self.add("NUMBER", text, token, self.tokens[last])
        self.place = last + 1
        scripts.after(self, "number")

    def _continues_number(self, place: int) -> bool:
        """Say whether a digit, or a decimal point before one, is glued to the digit before a place."""
        token, after = self.peek(place - self.place), [*self.tokens[place + 1 : place + 2]]
        point = token.is_other(".") and any([t.kind == "digit" and t.glued for t in after])
        return token.glued and (token.kind == "digit" or point)

    def _exponent(self, place: int) -> int:
        """Return how many tokens the exponent of 1e-8 has, with its e; 0 where there is none, as in 2 e - 3."""
        end = place + (place < len(self.tokens) and self.tokens[place].is_other(*"+-−"))
        digits = end
        while end < len(self.tokens) and self.tokens[end].glued and self.tokens[end].kind == "digit":
            end += 1
        glued = place < len(self.tokens) and self.tokens[place].glued
        return end - place + 1 if glued and end > digits else 0

    def group(self, token: Tex) -> None:
        """Go into braces, which are not seen: alone they change nothing."""
        close = self.match[self.place]
        if names.write_name(self, optional=True):
            return
        inside = self.tokens[self.place + 1]
        if inside.is_command("sum") and all([t.is_command("sum") for t in self.tokens[self.place + 1 : close]]):
            self.place = close  # \mathop{\sum\sum}_{i \neq j} is one sum over its pairs
            self.tokens[close] = Tex("command", "sum", token.start, self.tokens[close].end)
            return
        letters.refuse_open_base(self, token, self.place + 1, close, close + 1, "(a + b)^2")
        scripts.within(self, self.fonts[-1], self.place + 1, close, close + 1)

    def bracket(self, token: Tex) -> None:
        """Open a bracket that is seen."""
        close = self.match[self.place]
        after = partial(scripts.after, self, "group")
        if token.text == ".":
            if self.tokens[close].text == "|":
                raise fail(AT_POINT[0], self.tokens[close], label="a bar for 'at'", hint=AT_POINT[1])
            self.enter(self.place + 1, close, "", "", close + 1)
        elif token.text == "{" and self.tokens[close].text == ".":
            environments.opened_by_brace(self, close)
        elif scripts.marked_bracket(self, close) or names.in_brackets(self, close):
            return
        elif token.text in "|‖":
            mark = MATRIX_BAR if token.text == "|" else "‖"
            self.enter(self.place + 1, close, mark, mark, close + 1, partial(scripts.after, self, "norm"))
        elif token.text == "floor(":
            self.enter(self.place + 1, close, "floor (", ")", close + 1)
        elif token.text == "⟨":
            self.enter(self.place + 1, close, "⟨", "⟩", close + 1, after)
        else:
            opening, closing = environments.brackets_of(self, self.place, close)
            if opening:
                self.put(opening, token)
            self.enter(self.place + 1, close, "", closing, close + 1, after)

    def bar(self, token: Tex) -> None:
        """Put a bar that says nothing of its direction; the reader pairs them."""
        single = token.kind == "other" or lookup(token.text).value == "|"
        following = self.peek(1)
        double = single and (following.kind, following.text) == (token.kind, token.text)  # \vert\vert, as ||
        double = double and (following.glued or token.kind == "command")
        last = self.tokens[self.place + double]
        self.place += 1 + double
        self.put("||" if double else MATRIX_BAR if single else "‖", token, last)
        scripts.after(self, "norm")

    def script(self, token: Tex) -> None:
        """Refuse a superscript or subscript of nothing."""
        raise fail(f"'{token.text}' stands on nothing", token, label="of what?", hint="write x^2, x_i")

    def prime(self, token: Tex) -> None:
        """Put a prime that follows a bracket."""
        self.place += 1
        self.put("'", token)
        scripts.after(self, "group")

    def other(self, token: Tex) -> None:
        """Put a sign."""
        text = token.text
        if text == "|":
            self.bar(token)
            return
        self.place += 1
        defines = bool(self.frames) and self.frames[-1].defines
        if text == ":" and self.peek().is_other("=") and self.peek().glued:
            return
        if text == "=" and self.inside and not defines and not self._in_remark():
            text = "=="
        if text in ".,:" and self.fonts[-1] == "upright" and self.peek().kind != "digit":
            return
        if text in "<>!" and self.peek().is_other("=") and self.peek().glued:
            text += "="
            self.place += 1
        if text == ":" and self.out and (product := self._frobenius()):
            self.add("COLON" if product == ":" else "OP", product, token)
            return
        if text == "." and self._is_product(token):
            text = "·"
        if text == "." and self.peek().kind == "digit":
            self.place -= 1
            self.tokens[self.place] = Tex("digit", "0.", token.start, token.end, glued=token.glued)
        elif text in '.!:;`"@?' and not (text == ";" and (self.frames or any([t.text == "where" for t in self.out]))):
            hint = INSTEAD.get(text, "")
            self.add("REFUSED", text, token, None, fail(f"'{text}' is not read here", token, None, "not read", hint))
        else:
            self.put(text, token)

    def _frobenius(self) -> str:
        """Return the sign of a product where a colon is one: of matrices, and behind an equals sign of vectors, too."""
        after, second, last = self.peek(), self.peek(1), self.out[-1]
        following = letters.read_name(self, self.place)
        capital = following is not None and len(following.base) == 1 and following.base.isupper()
        moved = after.text == "d" and second.kind in ("letter", "command")
        if is_matrix(last, bracketed=True) and (
            capital or (after.kind, after.text) == ("left", "(") or (moved and second.text.isupper())
        ):
            return ":"
        if not any([token.type in ("EQUALS", "DEFINE") for token in self.out]) or second.text in ("times", "×"):
            return ""
        factor = (
            moved
            or (capital and after.text != "R")
            or after.is_other("-")
            or (is_matrix(last) and after.kind == "letter")
        )
        return "·" if factor and last.type in ENDING else ""

    def _is_product(self, token: Tex) -> bool:
        """Say whether a point stands between two factors, as in K . x and (a - b).x, and ends no sentence."""
        after = self.peek()
        factors = bool(self.out) and self.out[-1].type in ENDING
        factors = factors and (after.kind in ("letter", "left") or lookup(after.text).kind in ("letter", "fraction"))
        if not factors or after.text == "T":
            return False
        glued = token.glued and after.glued  # spaced, it may end a sentence
        return glued or not (token.glued or any([t.is_other("=") for t in self.tokens[self.place :]]))

    def _in_remark(self) -> bool:
        """Say whether this stands in brackets at the end that say what a name before them is: x^2 y (y = sin x)."""
        tokens, opened = self.tokens, self.outer[self.place - 1]
        if opened < 1 or tokens[opened].text != "(" or self.match[opened] != len(tokens) - 1:
            return False
        name, last = tokens[opened + 1], self.match[opened] - 1
        is_name = self.place == opened + 3 and name.kind == "letter" and last > self.place
        return is_name and any([t.kind == "letter" and t.text == name.text for t in tokens[:opened]])

    def command(self, token: Tex) -> None:
        """Put what a command stands for; there is no other way for it to be read."""
        entry = lookup(token.text)
        COMMANDS[entry.kind](self, token)

    def sign(self, token: Tex) -> None:
        """Put the sign that a command is."""
        text = lookup(token.text).value
        self.place += 1
        self.put("==" if text == "=" and self.inside and not self.frames[-1].defines else text, token)

    def named(self, token: Tex) -> None:
        """Put the name that a letter, a font or an accent begins."""
        names.write_name(self)

    def bars(self, token: Tex) -> None:
        r"""Go into ``\norm{x}`` or ``\abs{x}``."""
        mark = "‖" if lookup(token.text).value == "‖" else MATRIX_BAR
        start, end, after = self.argument(self.place + 1, token)
        self.enter(start, end, mark, mark, after, partial(scripts.after, self, "norm"))

    def switch(self, token: Tex) -> None:
        r"""Take a font that holds to the end of the group, such as ``\bf``."""
        scripts.within(self, lookup(token.text).value, self.place + 1, min(self.ends[self.place], self.limit), 0)

    def refused(self, token: Tex) -> None:
        """Put a command that says no expression; it is refused if it is still in the formula when that is read."""
        self.place += 1
        kind = "DOTS" if "dots" in token.text else "REFUSED"
        what = lookup(token.text).value
        self.add(kind, token.shown, token, None, names.no_expression(self, token, token, what))
        if kind == "REFUSED" and self.peek().kind in ("sub", "sup"):
            self.place = letters.collect(self).place

    def unknown(self, token: Tex) -> None:
        """Refuse a command that no entry has."""
        raise fail(f"{token.shown} is not known", token, label="not known", hint=did_you_mean(token.text))

    def mark(self, token: Tex) -> None:
        """Refuse the sign of the transpose where it does not stand above."""
        hint = r"write ^\top for the transpose" + rf"; MATLAB's A\{token.text} is inv(A) {token.text}" * (
            token.text == "T"
        )
        raise fail(f"{token.shown} is not read here", token, label="not above", hint=hint)

    def drop(self, token: Tex) -> None:
        """Pass over what only places other things."""
        self.place += 1

    def quad(self, token: Tex) -> None:
        """Put a wide space, which may part a formula from what stands behind it."""
        self.place += 1
        if not self.inside:
            self.add("QUAD", "", token)


def _refuse(parser: Parser, token: Tex) -> None:
    raise refuse(token)


HANDLERS: dict[str, Callable[[Parser, Tex], None]] = {
    "letter": Parser.letter, "digit": Parser.digit, "open": Parser.group, "left": Parser.bracket,
    "sup": Parser.script, "sub": Parser.script, "prime": Parser.prime, "other": Parser.other,
    "command": Parser.command, "quad": Parser.quad, "parameter": _refuse, "close": Parser.drop, "right": Parser.drop,
    "end": Parser.drop, "cell": environments.cell, "begin": environments.begin,
}  # fmt: skip
COMMANDS: dict[str, Callable[[Parser, Tex], None]] = {
    "letter": Parser.named, "font": Parser.named, "accent": Parser.named, "text": names.text, "switch": Parser.switch,
    "sign": Parser.sign, "bar": Parser.bar, "fraction": functions.fraction, "root": functions.root,
    "bars": Parser.bars, "big": sums.big, "partial": functions.partial, "nabla": functions.nabla,
    "row": environments.row, "head": names.head, "function": functions.function, "refused": Parser.refused,
    "unknown": Parser.unknown, "mark": Parser.mark, "escaped": _refuse, "over": _refuse, "environment": _refuse,
    "sized": _refuse, "open": _refuse, "shut": _refuse,
}  # fmt: skip
