"""From raw tokens to those of the grammar: which bar opens, where two operands touch, what a subscript belongs to.

The pass needs no names but these: keywords that are declared as names are names, and ``^T`` is a power where T is a
variable. What a run of letters means is decided after parsing (`resolve.py`).
"""

from __future__ import annotations

from mcalc.notation.surface import brackets, taking
from mcalc.notation.surface.brackets import is_behind
from mcalc.notation.surface.mistakes import mistake_at, syntax_mistake, unclosed
from mcalc.notation.surface.syntax import Leaf, Node, Token
from mcalc.notation.surface.taking import BIGS, Taking
from mcalc.notation.surface.words import exponent_of, plain_name, plain_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OPS = {
    "": " ",
    "*": "*", "×": "*", "∗": "*", "⁎": "*", "@": "@", "/": "/", "÷": "/", "∕": "/", "⁄": "/", ".*": "⊗", "⊗": "⊗",
    "⊙": "⊗", "∘": "⊗", "./": "⊘", "⊘": "⊘", ".": "·", "·": "·", "⋅": "·", "•": "·",
}  # fmt: skip
PRIME_GLYPHS = "′″‴"


class Lexer(Taking):
    """One pass over the raw tokens of a statement."""

    __slots__ = ()

    def run(self) -> list[Token | Leaf]:
        """Return the tokens for the parser."""
        raw = self.raw
        count = len(raw)
        while self.place < count:
            token = raw[self.place]
            self.place += 1
            handler = HANDLERS.get(token.type)
            if handler is None:
                self.emit(token)
            else:
                handler(self, token)
        if self.stack:
            raise unclosed(self.stack[-1], raw[-1].end)
        return self.out

    def superscript(self, token: Token) -> None:
        """Take a run of superscript glyphs: a power, a transpose, or both."""
        text = plain_script(token.text)
        start, end = token.start, token.end
        if text == "-T":
            self.emit(Token("SUP", text, start, end, Node("transpose_mark", start, end)))
            return
        if text == "+":
            self.emit(Token("SUP", text, start, end, Node("plus_mark", start, end)))
            return
        if text != "T" or self._after_sum():
            transposed = text.endswith("T") and text != "T"
            text = text[: len(text) - transposed]
            self.emit(Token("SUP", text, start, end - transposed, exponent_of(text, start, end - transposed)))
            if not transposed:
                return
            start = end - 1
        self.emit(Token("PRIME", token.text[-1], start, end, "T"))

    def power(self, token: Token) -> None:
        """Take ``^``; ``^T`` and ``^{-T}`` are transposes unless T is a variable, ``^+`` is the pseudoinverse."""
        if self._is_plus(token):
            return
        if self.t_is_variable or self._after_sum():
            self.emit(token)
            return
        brace = self.peek().type in ("LBRACE", "LPAR")
        at = int(brace)
        minus = self.peek(at).type == "SIGN" and self.peek(at).text in ("-", "−")
        at += minus
        letter = self.peek(at)
        whole = letter.text == "T" or (letter.type == "SUP" and plain_script(letter.text) == "T")
        part = not whole and not brace and letter.type == "WORD" and letter.text[0] == "T"
        if (part and plain_name(letter.text) in self.known) or not (whole or part):
            self.emit(token)
            return
        if brace and self.peek(at + 1).type not in ("RBRACE", "RPAR"):
            self.emit(token)
            return
        self.place += at + (2 if brace else 1)
        end = self.raw[self.place - 1].end
        if part:
            # w^Tx: the rest of the run is read on its own
            end = letter.start + 1
            self.place -= 1
            self.raw[self.place] = Token("WORD", letter.text[1:], end, letter.end)
        if minus:
            self.emit(Token("SUP", "-T", token.start, end, Node("transpose_mark", token.start, end)))
        else:
            self.emit(Token("PRIME", "^T", token.start, end, "T"))

    def _is_plus(self, token: Token) -> bool:
        """Take ``^+`` and ``^{+}``, behind which nothing is raised with it."""
        braced = self.peek().type == "LBRACE" and self.peek(2).type == "RBRACE"
        plus, following = self.peek(int(braced)), self.peek(1)
        if token.text != "^" or plus.text != "+":
            return False
        if not braced and following.start == plus.end and following.type in ("WORD", "NUMBER", "LPAR", "LBRACE"):
            return False
        self.place += 3 if braced else 1
        end = self.raw[self.place - 1].end
        self.emit(Token("SUP", "+", token.start, end, Node("plus_mark", token.start, end)))
        return True

    def _after_sum(self) -> bool:
        """Say whether a sum or a product over an index stands before: what is above it is no transpose."""
        last = self.out[-1] if self.out else None
        return last is not None and last.type == "RUN" and last.text in BIGS and bool(last.value[1])

    def prime(self, token: Token) -> None:
        """Take one apostrophe or several; before the bracket of a name it may mark a derivative, as in f′(x)."""
        if self.ended and self.out[-1].type == "RUN" and self.peek().type == "LPAR":
            self.emit(Token("DASH", token.text, token.start, token.end))
            return
        times = PRIME_GLYPHS.find(token.text) + 1 or len(token.text)
        for _ in range(times):
            self.emit(Token("PRIME", token.text, token.start, token.end))

    def operator(self, token: Token) -> None:
        """Take an operator of the product level; ``.T`` is a transpose."""
        following = self.peek()
        if token.text == ".":
            glued = following.start == token.end
            if self.ended and following.text == "T" and glued and self.out[-1].end == token.start:
                if not self.t_is_variable:
                    self.place += 1
                    self.emit(Token("PRIME", ".T", token.start, following.end, "T"))
                    return
            elif not self.ended and following.type == "NUMBER" and glued:
                hint = f"write 0.{following.text}"
                raise mistake_at("E-SYNTAX", "a number begins with a digit", (token, following), "half a number", hint)
        token.value = OPS.get(token.text, token.text)  # any other sign is that of a function: names/spines.py
        self.emit(token)

    def sign(self, token: Token) -> None:
        """Take a plus or a minus sign."""
        token.value = "+" if token.text in "+⊕" else "-"
        self.emit(token)

    def unread(self, token: Token) -> None:
        """Refuse what LaTeX says that is no expression, where it is still part of the formula."""
        if token.value is None:
            self.emit(token)
            return
        if token.text == "\\mid" and is_behind(self, self.place - 1):
            self.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
            return
        raise token.value

    def wide(self, token: Token) -> None:
        """Pass over a wide space."""

    def other(self, token: Token) -> None:
        """Refuse a character that no token has."""
        raise syntax_mistake(self.raw, token, ())


HANDLERS: dict[str, Callable[..., None]] = {
    "WORD": taking.word, "PARTIAL": taking.word, "NABLA": taking.word, "BIG": taking.word, "ROOT": taking.word,
    "SUB": taking.lone_subscript, "UNDERSCORE": taking.lone_subscript, "NUMBER": taking.number,
    "FRACTION": taking.fraction, "VEC": taking.vector, "SUP": Lexer.superscript, "POW": Lexer.power,
    "PRIME": Lexer.prime, "PRIMES": Lexer.prime, "OP": Lexer.operator, "SIGN": Lexer.sign, "LPAR": brackets.opening,
    "LSQB": brackets.opening, "LBRACE": brackets.opening, "LANGLE": brackets.opening, "RPAR": brackets.closing,
    "RSQB": brackets.closing, "RBRACE": brackets.closing, "RANGLE": brackets.closing,
    "BAR": brackets.bar, "NORM": brackets.bar,
    "RELATION": brackets.relation, "EQUALS": brackets.equals, "COMMA": brackets.comma, "COLON": brackets.colon,
    "SEMI": brackets.semicolon, "OTHER": Lexer.other, "REFUSED": Lexer.unread, "DOTS": Lexer.unread,
    "TEXT": taking.words, "QUAD": Lexer.wide,
}  # fmt: skip
