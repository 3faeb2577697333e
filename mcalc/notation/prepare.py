"""From raw tokens to those of the grammar: words told apart by what is declared, products made visible, bars paired.

Derivatives and big operators are gathered here into one token each (see `prefixes.py`), so that the grammar sees
operands, operators and brackets only.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import prefixes
from mcalc.notation.limits import limit, plain_script
from mcalc.notation.mistakes import CLOSERS, NOT_PYTHON, PAIRS, syntax_mistake, unclosed
from mcalc.notation.syntax import Name, Node, Token, exact
from mcalc.notation.words import (
    ABSTRACT, ALIASES, GREEK, LIBRARIES, PYTHON, Piece, clip, is_function, plain_name, split, suggestion,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mcalc.notation.scope import Scope

MAX_DIGITS = 4300
STARTS = frozenset(
    "NUMBER NAME VEC FUNC QUOTIENT DOPEN LPAR LSQB LBRACE BAR_OPEN NORM_OPEN LANGLE PREFIX".split()
)  # fmt: skip
ENDS = frozenset(
    "NUMBER NAME VEC QUOTIENT DCLOSE RPAR RSQB RBRACE BAR_CLOSE NORM_CLOSE RANGLE PRIME SUP SUB".split()
)  # fmt: skip
OPS = {
    "*": "*", "×": "*", "∗": "*", "⁎": "*", "@": "@", "/": "/", "÷": "/", "∕": "/", "⁄": "/", ".*": "⊗", "⊗": "⊗", "⊙": "⊗",
    "∘": "⊗", "./": "⊘", "⊘": "⊘", ".": "·", "·": "·", "⋅": "·", "•": "·",
}  # fmt: skip
RELATIONS = {
    "<": "<", ">": ">", "<=": "≤", "≤": "≤", "⩽": "≤", ">=": "≥", "≥": "≥", "⩾": "≥", "!=": "≠", "≠": "≠", "==": "==",
    "∧": "and", "&": "and", "&&": "and", "and": "and", "∨": "or", "or": "or",
}  # fmt: skip
GOES_ON = frozenset("WORD NUMBER LPAR POW SUP VEC LSQB BAR NORM OP BIG NABLA PARTIAL FRACTION".split())
"""What may not follow ``sin x``: it would leave open how far the function reaches."""
KEYWORDS = {"if": "IF", "otherwise": "OTHERWISE", "else": "OTHERWISE", "and": "RELATION", "or": "RELATION"}
FRACTIONS = dict(
    zip("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞", "1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8".split(), strict=True)
)


class Prepare:
    """One pass over the raw tokens of a statement; `out` is what the parser gets."""

    __slots__ = ("alone", "ended", "known", "longest", "notes", "order", "out", "pairs", "place", "raw", "scope", "stack", "text", "variables")

    def __init__(self, text: str, raw: list[Token], scope: Scope, extra: Iterable[str], notes: list[str]) -> None:
        self.text = text
        self.raw = raw
        self.scope = scope
        self.variables = {*scope.variables, *scope.definitions, *extra}
        self.known = {*self.variables, *scope.sizes, *scope.functions}
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
            if token.type == last.type == "NUMBER":
                raise Mistake(
                    "E-SYNTAX", "two numbers side by side", [Span(last.start, token.end, "what is between them?")],
                    hint="write a sign between them; the columns of a matrix are separated by commas: [1, 2; 3, 4]",
                )  # fmt: skip
            self.out.append(Token("OP", "", last.end, token.start, " " if last.end < token.start else ""))
        self.ended = token.type in ENDS
        self.out.append(token)

    def peek(self, ahead: int = 0) -> Token:
        """Return a raw token, or an empty one beyond the end."""
        at = self.place + ahead
        return self.raw[at] if at < len(self.raw) else Token("END", "", len(self.text), len(self.text))

    def is_variable(self, name: str) -> bool:
        """Say whether a name is a declared or defined variable, or one that the statement differentiates by."""
        return name in self.variables

    # names -----------------------------------------------------------------------------------------------------------

    def word(self, token: Token) -> None:
        """Read a run of letters: a keyword, a derivative, a big operator, a function, or names."""
        text = token.text
        whole = plain_name(text)
        if whole not in self.known:
            if text in KEYWORDS:
                self.place += 1
                self.emit(Token(KEYWORDS[text], text, token.start, token.end, RELATIONS.get(text)))
                return
            if prefixes.begin(self, token):
                return
            if text in PYTHON or (text in LIBRARIES and self.peek(1).text == "." and self.peek(2).type == "WORD"):
                inner = self.peek(2).text if text in LIBRARIES else ""
                hint = f"write {ALIASES.get(inner, inner)} alone" if is_function(inner) or inner in ALIASES else NOT_PYTHON
                raise Mistake("E-SYNTAX", f"'{text}' is no word of mcalc", [Span(token.start, token.end, "not read")], hint=hint)
        elif text == "d" and prefixes.begin(self, token):
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

    def _pieces(self, token: Token, *, call: bool) -> list[Piece]:
        if self.alone is None:
            self.alone = {t.text for t in self.raw if t.type == "WORD" and len(t.text) == 1}
        pieces = split(token.text, token.start, self.known, self.longest, self.alone, call=call)
        if len(pieces) > 1:
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
        if self.is_variable(full) or (name.sub is not None and self._has_elements(name.base)):
            self.emit(Token("NAME", full, piece.start, end, name))
        elif following.type == "LPAR" and (full == "π" or (full in self.known and full not in self.scope.functions)):
            self.emit(Token("NAME", full, piece.start, end, name))
        elif following.type == "LPAR":
            self._function(name, piece.start, end)
        elif following.type in ("PRIME", "PRIMES") and self.peek(1).type == "LPAR":
            self._primed(name, piece.start, end)
        elif is_function(full) and len(full) > 1 and full not in self.known:
            self._function_without_brackets(name, piece.start, end)
        else:
            self.emit(Token("NAME", full, piece.start, end, name))

    def _has_elements(self, base: str) -> bool:
        """Say whether what has a subscript is a variable, the rows of a declared matrix (x_i of X), or δ."""
        return self.is_variable(base) or base == "δ" or (len(base) == 1 and base.islower() and base.upper() in self.scope.variables)

    def _function(self, name: Name, start: int, end: int) -> None:
        """Emit a function before its bracket; an unknown name there is a mistake, never a product."""
        full = name.full
        primes = 0
        if name.sub is not None and name.sub.startswith("prime") and name.base in ABSTRACT:
            primes = int(name.sub[5:] or 1) if name.sub[5:].isdigit() or not name.sub[5:] else 0
        if primes and full not in self.scope.functions:
            self.emit(Token("FUNC", full, start, end, prefixes.Partial(name.base, (primes,))))
        elif full in self.scope.functions or is_function(full) or name.base in ABSTRACT:
            token = Token("FUNC", full, start, end, name)
            after = self.peek(1)
            if full in ("sum", "prod") and after.type == "WORD" and self.peek(2).type == "EQUALS":
                self.emit(token)
                prefixes.ranged(self)
            else:
                self.emit(token)
        else:
            hint = suggestion(full, list(self.scope.functions))
            if not hint:
                hint = f"for a product write {clip(full)}*(...), for a function define it: {clip(full)}(t) = ..."
            raise Mistake("E-NAME", f"unknown function {clip(full)}", [Span(start, end, "not known")], hint=hint)

    def _primed(self, name: Name, start: int, end: int) -> None:
        """Read f′(x), which mcalc prints; f'(x) as typed is refused, as the paper does not recommend it."""
        prime = self.peek()
        full = name.full
        if name.base not in ABSTRACT and not is_function(full) and full not in self.scope.functions:
            self.emit(Token("NAME", full, start, end, name))
            return
        if prime.text not in ("′", "″", "‴") or name.base not in ABSTRACT:
            raise Mistake(
                "E-SYNTAX", f"{full}' is no derivative here", [Span(start, prime.end, "which variable?")],
                hint=f"write d/dx {full}(x)",
            )  # fmt: skip
        self.place += 1
        self.emit(Token("FUNC", full, start, prime.end, prefixes.Partial(full, ("′″‴".index(prime.text) + 1,))))

    def _function_without_brackets(self, name: Name, start: int, end: int) -> None:
        """Read ``sin^2(x)`` and ``sin x``; refuse what has two readings."""
        following = self.peek()
        full = name.full
        moved: list[Token] = []
        if following.type in ("POW", "SUP"):
            power, length = self._function_power()
            if not power:
                raise Mistake(
                    "E-AMBIG", f"{full}^-1 has two readings", [Span(start, following.end, "inverse or power?")],
                    hint=f"a{full}(x) is the inverse function, 1/{full}(x) the power",
                )  # fmt: skip
            moved = [Token("POW", "^", following.start, following.start + 1), Token("NUMBER", str(power), start, following.end, power)]
            self.place += length
            following = self.peek()
            self.notes.append(f"{full}^{power}(x) is read as {full}(x)^{power}")
            if following.type == "LPAR":
                self._function(name, start, end)
                self.open(following)
                following.value = moved
                return
        length = 2 if self.peek(1).type == "SUB" else 1
        if following.type in ("WORD", "NUMBER") and self.peek(length).type not in GOES_ON and not is_function(following.text):
            if not moved:
                self.notes.append(f"{full} {following.text} is read as {full}({following.text})")
            self.emit(Token("FUNC", full, start, end, name))
            self.emit(Token("LPAR", "(", following.start, following.start))
            HANDLERS[following.type](self, following)
            for token in (Token("RPAR", ")", self.out[-1].end, self.out[-1].end), *moved):
                self.emit(token)
            return
        if following.type in ("WORD", "NUMBER", "BAR", "NORM", "LSQB"):
            text = following.text
            raise Mistake(
                "E-AMBIG", f"{full} without brackets has two readings", [Span(start, following.end, "how far does it reach?")],
                hint=f"write {full}({text}) ..., or {full}({text} ...)",
            )  # fmt: skip
        raise Mistake("E-SYNTAX", f"{full} is a function", [Span(start, end, "of what?")], hint=f"write {full}(x)")

    def _function_power(self) -> tuple[int, int]:
        """Return the positive power that stands between a function and its bracket, and its length; 0 where negative."""
        if self.peek().type == "SUP":
            text = plain_script(self.peek().text)
            return (int(text) if text.isdigit() else 0), 1
        if self.peek(1).type == "NUMBER" and self.peek(1).text.isdigit():
            return int(self.peek(1).text[:9]), 2
        return 0, 1

    # numbers, powers, transposes -------------------------------------------------------------------------------------

    def number(self, token: Token) -> None:
        """Read a number, exactly."""
        self.place += 1
        token.value = exact(token.text, MAX_DIGITS)
        if token.value is None or ("e" in token.text.lower() and not 1e-300 < token.value < 1e300 and token.value):
            raise Mistake("E-RANGE", "the number is out of range", [Span(token.start, token.end, "too large or too long")])
        following, after = self.peek(), self.peek(1)
        if following.text == "." and following.start == token.end == after.start - 1 and after.type in ("WORD", "LPAR", "NUMBER"):
            raise Mistake(
                "E-SYNTAX", f"'{token.text}.' is half a number", [Span(token.start, following.end, "a decimal point?")],
                hint=f"write {token.text}.0 {after.text}, or {token.text} * {after.text}",
            )  # fmt: skip
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
        if letter.type == "WORD" and letter.text[0] == "T" and (letter.text == "T" or plain_name(letter.text) not in self.known):
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
                "E-SYNTAX", "a number begins with a digit", [Span(token.start, following.end, "half a number")],
                hint=f"write 0.{following.text}",
            )  # fmt: skip
        token.value = OPS[token.text]
        self.emit(token)

    def sign(self, token: Token) -> None:
        """Read a plus or a minus sign."""
        self.place += 1
        token.value = "+" if token.text in "+⊕" else "-"
        self.emit(token)

    # brackets --------------------------------------------------------------------------------------------------------

    def open(self, token: Token) -> None:
        """Read an opening bracket."""
        self.place += 1
        if token.type == "LSQB" and self.ended and self.out[-1].type == "NAME" and self.out[-1].end == token.start:
            name = self.out[-1].text
            variable = self.scope.variables.get(name)
            if variable is not None and variable.order:
                raise Mistake(
                    "E-SYNTAX", "an element is written with a subscript", [Span(token.start, token.end, "not an index")],
                    hint=f"write {name}_1 or {name}_i, counted from 1",
                )  # fmt: skip
        self.emit(token)
        self.stack.append(token)

    def close(self, token: Token) -> None:
        """Read a closing bracket, which must close the last one opened."""
        self.place += 1
        if not self.stack or PAIRS[self.stack[-1].type] != token.text.replace("⟩", ">"):
            if self.stack and any([PAIRS[t.type] == token.text for t in self.stack]):
                raise unclosed(self.stack[-1], token.start)
            raise Mistake(
                "E-SYNTAX", f"'{token.text}' closes nothing", [Span(token.start, token.end, "no bracket is open here")],
                hint=f"delete it, or add a '{CLOSERS[token.type]}' before",
            )  # fmt: skip
        opening = self.stack.pop()
        self.emit(token)
        if opening.type == "LPAR" and opening.value:
            for moved in opening.value:
                self.emit(moved)

    def bar(self, token: Token) -> None:
        """Tell opening from closing bars: one that follows an operand closes what is open."""
        kind = "BAR" if token.type == "BAR" else "NORM"
        opened = self.stack[-1].type if self.stack else ""
        if kind == "NORM" and self.ended and opened == "BAR_OPEN" and token.text == "||":
            # |x||y|: two single bars
            middle = token.start + 1
            self.raw[self.place] = Token("BAR", "|", middle, token.end)
            self.stack.pop()
            self.emit(Token("BAR_CLOSE", "|", token.start, middle))
            return
        self.place += 1
        if self.ended and opened == kind + "_OPEN":
            self.stack.pop()
            closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
            following = self.peek()
            if kind == "NORM" and following.type == "SUB" and following.start == token.end:
                closing.value = plain_script(following.text)
                closing.end = following.end
                self.place += 1
            self.emit(closing)
            return
        opening = Token(kind + "_OPEN", token.text, token.start, token.end)
        self.emit(opening)
        self.stack.append(opening)

    def relation(self, token: Token) -> None:
        """Read a comparison; ``<a, b>`` is an inner product where an operand is expected."""
        self.place += 1
        if token.text == "<" and not self.ended:
            opening = Token("LANGLE", "<", token.start, token.end)
            self.emit(opening)
            self.stack.append(opening)
        elif token.text == ">" and self.stack and self.stack[-1].type == "LANGLE" and self.stack[-1].value:
            self.stack.pop()
            self.emit(Token("RANGLE", ">", token.start, token.end))
        else:
            if token.text == "==" and not self.stack:
                raise syntax_mistake(self.raw, token, ())
            token.value = RELATIONS[token.text]
            self.emit(token)

    def equals(self, token: Token) -> None:
        """Read an equals sign; inside braces it compares."""
        self.place += 1
        if any([t.type == "LBRACE" for t in self.stack]):
            self.emit(Token("RELATION", "=", token.start, token.end, "=="))
        elif self.stack:
            raise Mistake("E-SYNTAX", "'=' inside brackets", [Span(token.start, token.end, "unexpected")], hint="compare with ==")
        else:
            self.emit(token)

    def comma(self, token: Token) -> None:
        """Read a comma; the one of an inner product is remembered."""
        self.place += 1
        if self.stack and self.stack[-1].type == "LANGLE":
            self.stack[-1].value = True
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
            HANDLERS[following.type](self, following)
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
                "E-SYNTAX", f"'{token.text}' begins no derivative here", [Span(token.start, token.end, "unexpected")],
                hint="derivatives are written ∂/∂w f, ∂y/∂w, ∇_w f; in ASCII d/dw f, dy/dw, grad_w f",
            )  # fmt: skip

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
        "E-AMBIG", f"{clip(text)} has two readings", [Span(token.start, token.end, "a name or a product?")],
        hint=f"write {clip(name)} for a name, {clip(product)} for a product, or declare {clip(text)}",
    )  # fmt: skip


HANDLERS = {
    "WORD": Prepare.word, "NUMBER": Prepare.number, "FRACTION": Prepare.fraction, "VEC": Prepare.vector, "SUP": Prepare.script,
    "POW": Prepare.power, "PRIMES": Prepare.primes, "OP": Prepare.operator, "SIGN": Prepare.sign, "LPAR": Prepare.open,
    "LSQB": Prepare.open, "LBRACE": Prepare.open, "LANGLE": Prepare.open, "RPAR": Prepare.close, "RSQB": Prepare.close,
    "RBRACE": Prepare.close, "RANGLE": Prepare.close, "BAR": Prepare.bar, "NORM": Prepare.bar, "RELATION": Prepare.relation,
    "EQUALS": Prepare.equals, "COMMA": Prepare.comma, "ROOT": Prepare.root, "SUB": Prepare.lone_subscript,
    "UNDERSCORE": Prepare.lone_subscript, "NABLA": Prepare.begin_prefix, "PARTIAL": Prepare.begin_prefix,
    "BIG": Prepare.begin_prefix, "NOTHING": Prepare.nothing, "OTHER": Prepare.other,
}  # fmt: skip
