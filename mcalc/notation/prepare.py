"""From raw tokens to those of the grammar: words told apart by what is declared, products made visible, bars paired.

Derivatives (`prefixes.py`) and big operators (`big_signs.py`) are gathered here, one token each, so that the grammar
sees operands, operators and brackets only.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import brackets, functions, prefixes
from mcalc.notation.brackets import RELATIONS
from mcalc.notation.limits import limit, plain_script
from mcalc.notation.mistakes import NOT_PYTHON, syntax_mistake, unclosed
from mcalc.notation.syntax import Name, Node, Token, exact
from mcalc.notation.words import (
    ABSTRACT,
    GREEK,
    LIBRARIES,
    PYTHON,
    Piece,
    clip,
    is_function,
    plain_name,
    split,
    suggestion,
)
from mcalc.operators.along import AXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mcalc.notation.scope import Scope

MAX_DIGITS = 4300
STARTS = frozenset((
    "NUMBER", "NAME", "VEC", "FUNC", "QUOTIENT", "DOPEN", "LPAR", "LSQB", "LBRACE", "BAR_OPEN", "NORM_OPEN",
    "LANGLE", "PREFIX",
))  # fmt: skip
ENDS = frozenset((
    "NUMBER", "NAME", "VEC", "QUOTIENT", "DCLOSE", "RPAR", "RSQB", "RBRACE", "BAR_CLOSE", "NORM_CLOSE", "RANGLE",
    "PRIME", "SUP", "SUB", "SLICE",
))  # fmt: skip
OPS = {
    "*": "*", "×": "*", "∗": "*", "⁎": "*", "@": "@", "/": "/", "÷": "/", "∕": "/", "⁄": "/", ".*": "⊗", "⊗": "⊗",
    "⊙": "⊗", "∘": "⊗", "./": "⊘", "⊘": "⊘", ".": "·", "·": "·", "⋅": "·", "•": "·",
}  # fmt: skip
KEYWORDS = {"if": "IF", "otherwise": "OTHERWISE", "else": "OTHERWISE", "and": "RELATION", "or": "RELATION"}
FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip


class Prepare:
    """One pass over the raw tokens of a statement; `out` is what the parser gets."""

    __slots__ = (
        "alone",
        "ended",
        "known",
        "longest",
        "notes",
        "order",
        "out",
        "pairs",
        "place",
        "raw",
        "running",
        "scope",
        "stack",
        "text",
        "variables",
    )

    def __init__(self, text: str, raw: list[Token], scope: Scope, extra: Iterable[str], notes: list[str]) -> None:
        self.text = text
        self.raw = raw
        self.scope = scope
        self.variables = {*scope.variables, *scope.definitions, *extra}
        self.known = {*self.variables, *scope.sizes, *scope.functions}
        self.running: set[str] = set()
        self.notes = notes
        self.out: list[Token] = []
        self.stack: list[Token] = []
        self.ended = False
        self.place = 0
        self.alone: set[str] | None = None
        self.pairs: dict[int, int] | None = None
        self.longest = 0
        self.order = 0

    def run(self) -> list[Token]:
        """Return the tokens for the parser."""
        for name in prefixes.variables_of(self):
            self.variables.add(name)
            self.known.add(name)
        self.longest = max([len(name) for name in self.known], default=1)
        if any([name in GREEK.values() for name in self.known]):
            self.longest = max(self.longest, 8)
        raw = self.raw
        while self.place < len(raw):
            token = raw[self.place]
            handler = HANDLERS.get(token.type)
            if handler is None:
                self.place += 1
                self.emit(token)
            else:
                handler(self, token)
        if self.stack:
            raise unclosed(self.stack[-1], raw[-1].end)
        return self.out

    def emit(self, token: Token) -> None:
        """Append a token, with the product sign that is not written before it."""
        if self.ended and token.type in STARTS:
            last = self.out[-1]
            if token.type == last.type == "NUMBER" and not self._is_ones(token):
                raise Mistake(
                    "E-SYNTAX",
                    "two numbers side by side",
                    [Span(last.start, token.end, "what is between them?")],
                    hint="write a sign between them; the columns of a matrix are separated by commas: [1, 2; 3, 4]",
                )
            self.out.append(Token("OP", "", last.end, token.start, " " if last.end < token.start else ""))
        self.ended = token.type in ENDS
        self.out.append(token)

    def _is_ones(self, token: Token) -> bool:
        """Say whether a number that was just taken is the 1 of ones in index notation: 1_i, 1(n)_i."""
        following = self.peek()
        if token.text != "1" or following.start != token.end:
            return False
        after = self.close_of(self.place) + 1 if following.type == "LPAR" else self.place
        return after < len(self.raw) and self.raw[after].type == "SUB" and token.start > self.out[-1].end

    def take(self, token: Token) -> None:
        """Read the raw token that comes next."""
        HANDLERS[token.type](self, token)

    def peek(self, ahead: int = 0) -> Token:
        """Return the raw token so many places on, or an empty one beyond the end."""
        return self.at(self.place + ahead)

    def at(self, place: int) -> Token:
        """Return the raw token at a place, or an empty one beyond the end."""
        return self.raw[place] if place < len(self.raw) else Token("END", "", len(self.text), len(self.text))

    def is_variable(self, name: str) -> bool:
        """Say whether a name is a declared or defined variable, or one that the statement differentiates by."""
        return name in self.variables

    # names -----------------------------------------------------------------------------------------------------------

    def _without_library(self) -> str:
        """Return what to write for a name behind that of a library, such as np.linalg.inv."""
        at = 2
        while self.peek(at + 1).text == "." and self.peek(at + 2).type == "WORD":
            at += 2
        name = self.peek(at).text + (self.peek(at + 1).text if self.peek(at + 1).type == "SUB" else "")
        if is_function(name):
            return f"write {name} alone"
        meant = suggestion(name)
        return meant or NOT_PYTHON

    def word(self, token: Token) -> None:
        """Read a run of letters: a keyword, a derivative, a big operator, a function, or names."""
        text = token.text
        whole = plain_name(text)
        if whole not in self.known:
            if text in KEYWORDS:
                self.place += 1
                self.emit(Token(KEYWORDS[text], text, token.start, token.end, RELATIONS.get(text)))
                return
            if not self._names_more(token, whole) and prefixes.begin(self, token):
                return
            if text in PYTHON or (text in LIBRARIES and self.peek(1).text == "." and self.peek(2).type == "WORD"):
                hint = self._without_library() if text in LIBRARIES else NOT_PYTHON
                raise Mistake(
                    "E-SYNTAX", f"'{text}' is no word of mcalc", [Span(token.start, token.end, "not read")], hint=hint
                )
        elif text == "d" and prefixes.begin(self, token):
            return
        if text in AXES and self.out and self.out[-1].type == "COMMA" and self.peek(1).type == "RPAR":
            self.place += 1
            self.emit(Token("NAME", text, token.start, token.end, Name(text)))
            return
        self.place += 1
        sub, ahead = self._subscript(token)
        call = self.peek(ahead).type == "LPAR"
        if sub is not None and Name(whole, sub).full in self.known:
            pieces = [Piece(token.start, token.end, whole, known=True)]
        elif len(text) == 1 or whole in self.known or text in GREEK or is_function(whole):
            pieces = [Piece(token.start, token.end, whole, known=whole in self.known)]
        else:
            pieces = self._pieces(token, call=call and sub is None)
        for piece in pieces[:-1]:
            self.emit(Token("NAME", piece.name, piece.start, piece.end, Name(piece.name)))
        self._last_piece(pieces[-1], token, sub, ahead)

    def _names_more(self, token: Token, whole: str) -> bool:
        """Say whether a word is known with its subscript, as Σ_xy is where that is declared and Σ is not."""
        following = self.peek(1)
        glued = following.type == "SUB" and following.start == token.end
        return glued and Name(whole, plain_script(following.text)).full in self.variables

    def _pieces(self, token: Token, *, call: bool) -> list[Piece]:
        if self.alone is None:
            self.alone = {t.text for t in self.raw if t.type == "WORD" and len(t.text) == 1}
        pieces = split(token.text, token.start, self.known, self.longest, self.alone, call=call)
        if len(pieces) > 1:
            if pieces[0].name == "d" and not pieces[0].known:
                prefixes.refuse_differential(self, token)
            self.notes.append(f"{clip(token.text)} is read as {clip(' '.join([p.name for p in pieces]), 60)}")
            return pieces
        name = pieces[0].name
        if name not in self.known and any([c.isdigit() for c in name]):
            raise unclear_digits(token)
        return pieces

    def _subscript(self, token: Token) -> tuple[str | None, int]:
        """Return the subscript glued to a word, and how many raw tokens it takes."""
        following = self.peek()
        if following.type != "SUB" or following.start != token.end:
            return None, 0
        return plain_script(following.text), 1

    def _last_piece(self, piece: Piece, token: Token, sub: str | None, ahead: int) -> None:
        """Emit the last name of a run, with its subscript, as a function or as a variable."""
        end = token.end
        name = Name(piece.name, sub)
        self.place += ahead
        if ahead:
            end = self.raw[self.place - 1].end
            following = self.peek()
            if following.type == "SUB" and following.start == end:
                # x_hat_i, u_1_i: the first subscript belongs to the name
                name = Name(name.full, plain_script(following.text))
                end = following.end
                self.place += 1
        full = name.full
        following = self.peek()
        if (
            self.is_variable(full)
            or (name.sub is not None and self._has_elements(name.base))
            or (following.type == "LPAR" and (full == "π" or self._multiplies(full)))
        ):
            self.emit(Token("NAME", full, piece.start, end, name))
        elif following.type == "LPAR":
            functions.function(self, name, piece.start, end)
        elif following.type in ("PRIME", "PRIMES") and self.peek(1).type == "LPAR":
            functions.primed(self, name, piece.start, end)
        elif is_function(full) and len(full) > 1 and full not in self.known:
            functions.without_brackets(self, name, piece.start, end)
        else:
            if name.base in functions.NO_NAMES and full not in self.known:
                functions.refuse_operator(name, piece.start, end)
            self.emit(Token("NAME", full, piece.start, end, name))

    def _multiplies(self, full: str) -> bool:
        """Say whether a name before a bracket is a factor: what is known and no function, or a running index."""
        running = full in self.running and full not in ABSTRACT and not is_function(full)
        return full not in self.scope.functions and (running or full in self.known)

    def _has_elements(self, base: str) -> bool:
        """Say whether what has a subscript is a variable, the rows of a declared matrix (x_i of X), or δ."""
        return (
            self.is_variable(base)
            or base == "δ"
            or (len(base) == 1 and base.islower() and base.upper() in self.scope.variables)
        )

    # numbers, powers, transposes -------------------------------------------------------------------------------------

    def number(self, token: Token) -> None:
        """Read a number, exactly."""
        self.place += 1
        token.value = exact(token.text, MAX_DIGITS)
        if token.value is None or ("e" in token.text.lower() and not 1e-300 < token.value < 1e300 and token.value):
            raise Mistake(
                "E-RANGE", "the number is out of range", [Span(token.start, token.end, "too large or too long")]
            )
        following, after = self.peek(), self.peek(1)
        if (
            following.text == "."
            and following.start == token.end == after.start - 1
            and after.type in ("WORD", "LPAR", "NUMBER")
        ):
            raise Mistake(
                "E-SYNTAX",
                f"'{token.text}.' is half a number",
                [Span(token.start, following.end, "a decimal point?")],
                hint=f"write {token.text}.0 {after.text}, or {token.text} * {after.text}",
            )
        if following.type == "SUB" and following.start == token.end:
            self.emit(token)
            return
        self.emit(token)

    def fraction(self, token: Token) -> None:
        """Read ½ and its like."""
        self.place += 1
        self.emit(Token("NUMBER", token.text, token.start, token.end, Fraction(FRACTIONS[token.text])))

    def vector(self, token: Token) -> None:
        """Read 0vec or 1vec."""
        self.place += 1
        token.value = 0 if token.text[0] in "0𝟎" else 1
        self.emit(token)

    def script(self, token: Token) -> None:
        """Read a run of superscript glyphs: a power, a transpose, or both."""
        self.place += 1
        text = plain_script(token.text)
        if text.endswith("T") and text not in ("T", "-T"):
            value = limit(text[:-1], token.start, token.end - 1)
            self.emit(Token("SUP", text[:-1], token.start, token.end - 1, value))
            self.emit(Token("PRIME", "T", token.end - 1, token.end))
        elif text == "T":
            self.emit(Token("PRIME", token.text, token.start, token.end, "T"))
        elif text == "-T":
            self.emit(Token("SUP", "-T", token.start, token.end, Node("transpose_mark", token.start, token.end)))
        else:
            self.emit(Token("SUP", token.text, token.start, token.end, limit(text, token.start, token.end)))

    def power(self, token: Token) -> None:
        """Read ``^``; ``^T`` and ``^{-T}`` are transposes unless T is a variable."""
        self.place += 1
        if self.is_variable("T"):
            self.emit(token)
            return
        brace = self.peek().type in ("LBRACE", "LPAR")
        at = 1 if brace else 0
        minus = self.peek(at).type == "SIGN" and self.peek(at).text in ("-", "−")
        at += minus
        letter = self.peek(at)
        if (
            letter.type == "WORD"
            and letter.text[0] == "T"
            and (letter.text == "T" or plain_name(letter.text) not in self.known)
        ):
            found = letter.text == "T" or not brace
        else:
            found = letter.type == "SUP" and plain_script(letter.text) == "T"
        if not found or (brace and self.peek(at + 1).type not in ("RBRACE", "RPAR")):
            self.emit(token)
            return
        self.place += at + (2 if brace else 1)
        end = self.raw[self.place - 1].end
        if letter.type == "WORD" and len(letter.text) > 1:
            # w^Tx: the rest of the run is read on its own
            end = letter.start + 1
            self.place -= 1
            self.raw[self.place] = Token("WORD", letter.text[1:], end, letter.end)
        if minus:
            self.emit(Token("SUP", "-T", token.start, end, Node("transpose_mark", token.start, end)))
        else:
            self.emit(Token("PRIME", "^T", token.start, end, "T"))

    def primes(self, token: Token) -> None:
        """Read x'', which is transposed twice."""
        self.place += 1
        for _ in token.text if token.text[0] == "'" else range("′″‴".index(token.text) + 1):
            self.emit(Token("PRIME", token.text, token.start, token.end))

    def operator(self, token: Token) -> None:
        """Read an operator of the product level; ``.T`` is a transpose."""
        self.place += 1
        following = self.peek()
        if token.text == "." and self.ended and following.type == "WORD" and following.text == "T":
            glued = following.start == token.end and self.out[-1].end == token.start
            if glued and not self.is_variable("T"):
                self.place += 1
                self.emit(Token("PRIME", ".T", token.start, following.end, "T"))
                return
        if token.text == "." and not self.ended and following.type == "NUMBER" and following.start == token.end:
            raise Mistake(
                "E-SYNTAX",
                "a number begins with a digit",
                [Span(token.start, following.end, "half a number")],
                hint=f"write 0.{following.text}",
            )
        token.value = OPS[token.text]
        self.emit(token)

    def sign(self, token: Token) -> None:
        """Read a plus or a minus sign."""
        self.place += 1
        token.value = "+" if token.text in "+⊕" else "-"
        self.emit(token)

    # the rest --------------------------------------------------------------------------------------------------------

    def root(self, token: Token) -> None:
        """Read √x or √(x)."""
        self.place += 1
        if self.peek().type != "LPAR":
            if self.peek().type not in ("WORD", "NUMBER"):
                raise Mistake("E-SYNTAX", "√ of what?", [Span(token.start, token.end)], hint="write √(x)")
            following = self.peek()
            self.emit(Token("FUNC", "sqrt", token.start, token.end, Name("sqrt")))
            self.emit(Token("LPAR", "(", following.start, following.start))
            self.take(following)
            self.emit(Token("RPAR", ")", self.out[-1].end, self.out[-1].end))
            return
        self.emit(Token("FUNC", "sqrt", token.start, token.end, Name("sqrt")))

    def lone_subscript(self, token: Token) -> None:
        """Read a subscript that is glued to no name: of a bracket, or the name of an earlier result."""
        self.place += 1
        if self.ended and self.out[-1].end == token.start:
            self.emit(Token("SUB", token.text, token.start, token.end, plain_script(token.text)))
            return
        name = token.text
        if name in self.known:
            self.emit(Token("NAME", name, token.start, token.end, Name(name)))
            return
        earlier = (name == "_" and self.peek().start > token.end) or name[1:].isdigit()
        what = "there is no earlier result" if earlier else "a subscript of nothing"
        raise Mistake("E-NAME" if earlier else "E-SYNTAX", what, [Span(token.start, token.end, "not known")])

    def begin_prefix(self, token: Token) -> None:
        """Read ∂, ∇, ∑ or ∏, or say what is wrong with it."""
        if not prefixes.begin(self, token):
            raise Mistake(
                "E-SYNTAX",
                f"'{token.text}' begins no derivative here",
                [Span(token.start, token.end, "unexpected")],
                hint="derivatives are written ∂/∂w f, ∂y/∂w, ∇_w f; in ASCII d/dw f, dy/dw, grad_w f",
            )

    def nothing(self, token: Token) -> None:
        """Pass over a raw token that was gathered into another."""
        self.place += 1

    def other(self, token: Token) -> None:
        """Refuse a character that no token has."""
        raise syntax_mistake(self.raw, token, ())

    def close_of(self, opening: int) -> int:
        """Return the place of the raw bracket that closes the one at `opening`."""
        if self.pairs is None:
            self.pairs = {}
            opened: list[int] = []
            for place, token in enumerate(self.raw):
                if token.type in ("LPAR", "LSQB", "LBRACE"):
                    opened.append(place)
                elif token.type in ("RPAR", "RSQB", "RBRACE") and opened:
                    self.pairs[opened.pop()] = place
        if opening not in self.pairs:
            raise unclosed(self.raw[opening], self.raw[-1].end)
        return self.pairs[opening]


def unclear_digits(token: Token) -> Mistake:
    """Return the mistake of a name with digits that nobody declared: u1 may be u_1 or u*1."""
    text = token.text
    parts = re.findall(r"[^\W\d]+|\d+", text)
    name = "*".join([a + ("_" + b if b else "") for a, b in zip_longest(parts[::2], parts[1::2], fillvalue="")])
    product = "*".join(parts)
    return Mistake(
        "E-AMBIG",
        f"{clip(text)} has two readings",
        [Span(token.start, token.end, "a name or a product?")],
        hint=f"write {clip(name)} for a name, {clip(product)} for a product, or declare {clip(text)}",
    )


HANDLERS = {
    "WORD": Prepare.word, "NUMBER": Prepare.number, "FRACTION": Prepare.fraction, "VEC": Prepare.vector,
    "SUP": Prepare.script, "POW": Prepare.power, "PRIMES": Prepare.primes, "OP": Prepare.operator,
    "SIGN": Prepare.sign, "LPAR": brackets.open_, "LSQB": brackets.open_, "LBRACE": brackets.open_,
    "LANGLE": brackets.open_, "RPAR": brackets.close_, "RSQB": brackets.close_, "RBRACE": brackets.close_,
    "RANGLE": brackets.close_, "BAR": brackets.bar_, "NORM": brackets.bar_, "RELATION": brackets.relation_,
    "EQUALS": brackets.equals_, "COMMA": brackets.comma_, "ROOT": Prepare.root, "SUB": Prepare.lone_subscript,
    "UNDERSCORE": Prepare.lone_subscript, "NABLA": Prepare.begin_prefix, "PARTIAL": Prepare.begin_prefix,
    "BIG": Prepare.begin_prefix, "NOTHING": Prepare.nothing, "OTHER": Prepare.other,
}  # fmt: skip
