"""From raw tokens to those of the grammar: which bar opens, where two operands touch, what a subscript belongs to.

The pass needs no names but these: keywords that are declared as names are names, and ``^T`` is a power where T is a
variable. What a run of letters means is decided after parsing (`resolve.py`).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.mistakes import CLOSERS, NOT_PYTHON, PAIRS, syntax_mistake, unclosed
from mcalc.notation.surface.scripts import INDICES, exponent_of, plain_script
from mcalc.notation.surface.syntax import Leaf, Node, Token, exact
from mcalc.notation.surface.words import LIBRARIES, PYTHON, clip, plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_DIGITS = 4300
STARTS = frozenset(("RUN", "NUMBER", "VEC", "LPAR", "LSQB", "LBRACE", "BAR_OPEN", "NORM_OPEN", "LANGLE"))
ENDS = frozenset((
    "RUN", "NUMBER", "VEC", "RPAR", "RSQB", "RBRACE", "BAR_CLOSE", "NORM_CLOSE", "RANGLE", "PRIME", "SUP", "SUB",
))  # fmt: skip
BESIDE = frozenset(("WORD", "NUMBER", "BIG", "NABLA", "PARTIAL", "VEC"))
"""What no word of a text in LaTeX has beside it without a sign."""
FLAT = frozenset(("RPAR", "BAR_CLOSE", "NORM_CLOSE"))
"""What a number stands right behind only where a copy has lost that it was raised."""
OPS = {
    "": " ",
    "*": "*", "×": "*", "∗": "*", "⁎": "*", "@": "@", "/": "/", "÷": "/", "∕": "/", "⁄": "/", ".*": "⊗", "⊗": "⊗",
    "⊙": "⊗", "∘": "⊗", "./": "⊘", "⊘": "⊘", ".": "·", "·": "·", "⋅": "·", "•": "·",
}  # fmt: skip
BIGS = {"sum": "sum", "prod": "prod", "Σ": "sum", "Π": "prod", "∑": "sum", "∏": "prod"}
"""The signs of sums and products over an index, and what they are."""
TERM_ENDS = frozenset(("SIGN", "EQUALS", "COMMA", "SEMI", "RELATION"))
"""What ends the term behind a sum."""
FAR = 300
"""How many tokens behind a sum that names no index are looked at for one."""
KEYWORDS = {"if": "IF", "otherwise": "OTHERWISE", "else": "OTHERWISE", "and": "RELATION", "or": "RELATION"}
RELATIONS = {
    "<": "<", ">": ">", "<=": "≤", "≤": "≤", "⩽": "≤", ">=": "≥", "≥": "≥", "⩾": "≥", "!=": "≠", "≠": "≠", "==": "==",
    "∧": "and", "&": "and", "&&": "and", "and": "and", "∨": "or", "or": "or",
}  # fmt: skip
FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
PRIME_GLYPHS = "′″‴"


class Lexer:
    """One pass over the raw tokens of a statement; `out` is what the parser gets.

    `known` are the names that mean something, `t_is_variable` says that T is one of them. In a `script` an equals sign
    is a relation, as in ``_{i=1}``.
    """

    __slots__ = (
        "behind",
        "ended",
        "indices",
        "known",
        "out",
        "pairs",
        "place",
        "raw",
        "script",
        "stack",
        "t_is_variable",
        "text",
    )

    def __init__(
        self, text: str, raw: list[Token], known: Collection[str], *, t_is_variable: bool = False, script: bool = False
    ) -> None:
        self.text = text
        self.raw = [*raw]
        self.known = known
        self.t_is_variable = t_is_variable
        self.script = script
        self.out: list[Token | Leaf] = []
        self.stack: list[Token] = []
        self.pairs: dict[int, int] | None = None
        self.behind: set[int] | None = None
        self.indices: dict[int, str] | None = None
        self.place = 0
        self.ended = False

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

    def emit(self, token: Token | Leaf) -> None:
        """Append a token, with the product sign that is not written before it."""
        kind = token.type
        if self.ended and kind in STARTS:
            last = self.out[-1]
            if kind == last.type == "NUMBER" and not self._is_ones(token):
                raise Mistake(
                    "E-SYNTAX",
                    "two numbers side by side",
                    [Span(last.start, token.end, "what is between them?")],
                    hint="write a sign between them; the columns of a matrix are separated by commas: [1, 2; 3, 4]",
                )
            if kind == "NUMBER" and last.end == token.start and last.type in FLAT:
                raise self._flattened(token)
            self.out.append(Token("OP", "", last.end, token.start, " " if last.end < token.start else ""))
        self.ended = kind in ENDS
        self.out.append(token)

    def _flattened(self, token: Token | Leaf) -> Mistake:
        """Return the mistake of (x + 1)2, where a number is right behind a bracket: it may have been a power."""
        depth, place = 0, len(self.out) - 1
        while place >= 0:
            kind = self.out[place].type
            depth += (kind in CLOSERS) - (kind in PAIRS)
            if not depth:
                break
            place -= 1
        place -= place > 0 and self.out[place].type == "CALL"
        base = self.text[self.out[max(place, 0)].start : token.start]
        return Mistake(
            "E-AMBIG",
            f"the {token.text} right behind the bracket may be a power, as a copy loses it, or a factor",
            [Span(token.start, token.end, "which?")],
            hint=f"write {clip(base, 60)}^{token.text} or {token.text} {clip(base, 60)}",
        )

    def peek(self, ahead: int = 0) -> Token:
        """Return the raw token so many places on, or an empty one beyond the end."""
        place = self.place + ahead
        return self.raw[place] if place < len(self.raw) else Token("END", "", len(self.text), len(self.text))

    def _is_ones(self, token: Token | Leaf) -> bool:
        """Say whether a number that was just taken is the 1 of ones in index notation: 1_i, 1(n)_i."""
        following = self.peek()
        if token.text != "1" or following.start != token.end:
            return False
        after = self.close_of(self.place) + 1 if following.type == "LPAR" else self.place
        return after < len(self.raw) and self.raw[after].type == "SUB" and token.start > self.out[-1].end

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

    # operands --------------------------------------------------------------------------------------------------------

    def word(self, token: Token) -> None:
        """Take a run of letters with the subscripts that are glued to it, or a keyword."""
        text = token.text
        if text in WORDS and plain_name(text) not in self.known:
            if text in KEYWORDS:
                self.emit(Token(KEYWORDS[text], text, token.start, token.end, RELATIONS.get(text)))
                return
            if text in PYTHON or (self.peek().text == "." and self.peek(1).type == "WORD"):
                raise Mistake(
                    "E-SYNTAX",
                    f"'{text}' is no word of mcalc",
                    [Span(token.start, token.end, "not read")],
                    hint=NOT_PYTHON,
                )
        if token.value == "text" and (self.ended or self.peek().type in BESIDE):
            self.words(token)
        end = token.end
        subs: list[str] = []
        raw = self.raw
        place = self.place
        while place < len(raw) and raw[place].type == "SUB" and raw[place].start == end and len(subs) < 2:
            subs.append(plain_script(raw[place].text))
            end = raw[place].end
            place += 1
        self.place = place
        if not subs and text in BIGS and text not in ("Σ", "Π") and plain_name(text) not in self.known:
            subs = self._unsaid_index()
            if not subs and token.value.__class__ is Mistake:
                raise token.value
        if text == "∂" and subs and subs[0][:1].isalpha():
            text = "∇"  # ∂_x f, as ∇_x f
        elif text == "D" and subs:
            self._refuse_operator(token, subs[0], end)
        self.emit(Leaf("run", "RUN", text, token.start, end, (text, subs)))

    def _refuse_operator(self, token: Token, sub: str, end: int) -> None:
        """Refuse D_x before a bracket in which x stands: a derivative to some, a factor to others."""
        if self.peek().type != "LPAR" or f"D_{sub}" in self.known:
            return
        last = self.close_of(self.place)
        if all([inside.text != sub for inside in self.raw[self.place : last]]):
            return
        inner = self.text[self.peek().start : self.raw[last].end]
        hint = f"write d/d{sub} {clip(inner, 60)} for the derivative, D_{sub}*{clip(inner, 60)} for the product"
        span = Span(token.start, end, "a derivative or a factor?")
        raise Mistake("E-AMBIG", f"D_{sub} has two readings", [span], hint)

    def _unsaid_index(self) -> list[str]:
        """Return the index of a sum that names none: the one letter below names in the term behind it."""
        if self.indices is None:
            bound: set[str] = set()
            self.indices = {}
            for word, below in pairwise(self.raw):
                if below.type == "SUB" and word.type in ("WORD", "BIG", "RSQB") and word.end == below.start:
                    script = plain_script(below.text)
                    if word.type == "RSQB" or word.text in BIGS:
                        bound.update(script)  # by [...]_{ij}, too
                    elif (
                        script in INDICES
                        and script not in self.known
                        and f"{plain_name(word.text)}_{script}" not in self.known
                    ):
                        self.indices[below.start] = script
            self.indices = {start: script for start, script in self.indices.items() if script not in bound}
        found: set[str] = set()
        depth = 0
        for place in range(self.place, min(len(self.raw), self.place + FAR) if self.indices else 0):
            token = self.raw[place]
            depth += (token.type in PAIRS) - (token.type in CLOSERS)
            if depth < 0 or (not depth and token.type in TERM_ENDS and place > self.place):
                break
            if token.start in self.indices and token.type == "SUB":
                found.add(self.indices[token.start])
        return [*found] if len(found) == 1 else []

    def lone_subscript(self, token: Token) -> None:
        """Take a subscript that is glued to no name: of a bracket, or the name of an earlier result."""
        if self.ended and self.out[-1].end == token.start:
            self.emit(Token("SUB", token.text, token.start, token.end, plain_script(token.text)))
            return
        name = token.text
        if name not in self.known:
            earlier = (name == "_" and self.peek().start > token.end) or name[1:].isdigit()
            what = "there is no earlier result" if earlier else "a subscript of nothing"
            raise Mistake("E-NAME" if earlier else "E-SYNTAX", what, [Span(token.start, token.end, "not known")])
        self.emit(Leaf("run", "RUN", name, token.start, token.end, (name, [])))

    def number(self, token: Token) -> None:
        """Take a number, exactly."""
        text = token.text
        value = exact(text, MAX_DIGITS)
        if value is None or ("e" in text.lower() and not 1e-300 < value < 1e300 and value):
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
                f"'{text}.' is half a number",
                [Span(token.start, following.end, "a decimal point?")],
                hint=f"write {text}.0 {after.text}, or {text} * {after.text}",
            )
        self.emit(Leaf("number", "NUMBER", text, token.start, token.end, value))

    def fraction(self, token: Token) -> None:
        """Take ½ and its like."""
        value = Fraction(FRACTIONS[token.text])
        self.emit(Leaf("number", "NUMBER", token.text, token.start, token.end, value))

    def vector(self, token: Token) -> None:
        """Take 0vec or 1vec."""
        self.emit(Leaf("constant", "VEC", token.text, token.start, token.end, 0 if token.text[0] in "0𝟎" else 1))

    # scripts and signs -----------------------------------------------------------------------------------------------

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
                raise Mistake(
                    "E-SYNTAX",
                    "a number begins with a digit",
                    [Span(token.start, following.end, "half a number")],
                    hint=f"write 0.{following.text}",
                )
        token.value = OPS.get(token.text, token.text)  # any other sign is that of a function: infix.py
        self.emit(token)

    def sign(self, token: Token) -> None:
        """Take a plus or a minus sign."""
        token.value = "+" if token.text in "+⊕" else "-"
        self.emit(token)

    # brackets and what is told apart by them -------------------------------------------------------------------------

    def opening(self, token: Token) -> None:
        """Take an opening bracket: one behind a name may be that of a call, a glued ``[`` is an index."""
        if token.value.__class__ is Mistake:
            raise token.value
        if self.ended:
            last = self.out[-1]
            if token.type == "LPAR" and last.type == "RUN":
                token = Token("CALL", "(", token.start, token.end)
            elif token.type == "LSQB" and last.type == "RUN" and last.text == "E" and "E" not in self.known:
                token = Token("INDEX", "[", token.start, token.end)  # an expectation
            elif token.type == "LSQB" and last.end == token.start and last.type not in ("NUMBER", "VEC"):
                token = Token("INDEX", "[", token.start, token.end)
        elif token.type == "LPAR" and self.out and self.out[-1].type == "DASH":
            token = Token("CALL", "(", token.start, token.end)
        self.emit(token)
        self.stack.append(token)

    def closing(self, token: Token) -> None:
        """Take a closing bracket, which must close the last one opened."""
        stack = self.stack
        if not stack or PAIRS[stack[-1].type] != token.text.replace("⟩", ">"):
            if stack and any([PAIRS[t.type] == token.text for t in stack]):
                raise unclosed(stack[-1], token.start)
            if stack:
                opened = stack[-1]
                raise Mistake(
                    "E-SYNTAX",
                    f"'{token.text}' does not close the '{opened.text}' of column {opened.start + 1}",
                    [
                        Span(token.start, token.end, f"'{PAIRS[opened.type]}' expected"),
                        Span(opened.start, opened.end, "opened here"),
                    ],
                    hint=f"add a '{PAIRS[opened.type]}' before it",
                )
            raise Mistake(
                "E-SYNTAX",
                f"'{token.text}' closes nothing",
                [Span(token.start, token.end, "no bracket is open here")],
                hint=f"delete it, or add a '{CLOSERS[token.type]}' before",
            )
        stack.pop()
        self.emit(token)
        if token.type == "RANGLE" and self.peek().text == "_F":
            self.place += 1  # <A, B>_F, of which there is one

    def _is_behind(self, place: int) -> bool:
        """Say whether a sign stands before the parameters of a function: the one ; or bar in its brackets."""
        if self.behind is None:
            self.behind = set()
            opened: list[tuple[int, list[int]]] = []
            for at, token in enumerate(self.raw):
                if token.type in ("LPAR", "LSQB", "LBRACE"):
                    opened.append((at, []))
                elif token.type in ("RPAR", "RSQB", "RBRACE") and opened:
                    begun, signs = opened.pop()
                    called = begun and token.type == "RPAR" and self.raw[begun - 1].type in ("WORD", "SUB")
                    if called and len(signs) == 1 and begun + 1 < signs[0] < at - 1:
                        self.behind.add(signs[0])
                elif opened and (token.type in ("BAR", "SEMI") or token.text == "\\mid"):
                    opened[-1][1].append(at)
        return place in self.behind

    def semicolon(self, token: Token) -> None:
        """Take a semicolon, which in the brackets of a function stands before its parameters."""
        if self._is_behind(self.place - 1):
            token = Token("BEHIND", token.text, token.start, token.end, ";")
        elif self.stack and self.stack[-1].type == "CALL":
            token = Token("COMMA", token.text, token.start, token.end)
        self.emit(token)

    def bar(self, token: Token) -> None:
        """Tell opening from closing bars: one that follows an operand closes what is open."""
        kind = token.type
        if kind == "BAR" and self.stack and self.stack[-1].type == "CALL" and self._is_behind(self.place - 1):
            self.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
            return
        opened = self.stack[-1].type if self.stack else ""
        if kind == "NORM" and self.ended and opened == "BAR_OPEN" and token.text == "||":
            # |x||y|: two single bars
            middle = token.start + 1
            self.stack.pop()
            self.emit(Token("BAR_CLOSE", "|", token.start, middle))
            token = Token("BAR", "|", middle, token.end)
            kind, opened = "BAR", self.stack[-1].type if self.stack else ""
        if self.ended and opened == kind + "_OPEN":
            self.stack.pop()
            closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
            following = self.peek()
            star = self.peek(1)
            if kind == "NORM" and following.type == "UNDERSCORE" and star.text in "*∗" and star.start == following.end:
                closing.value, closing.end = "star", star.end
                self.place += 2
            if kind == "NORM" and following.type == "SUB" and following.start == token.end:
                closing.value = plain_script(following.text)
                closing.end = following.end
                self.place += 1
            self.emit(closing)
            return
        token = Token(kind + "_OPEN", token.text, token.start, token.end)
        self.emit(token)
        self.stack.append(token)

    def relation(self, token: Token) -> None:
        """Take a comparison; ``<a, b>`` is an inner product where an operand is expected."""
        stack = self.stack
        if token.text == "<" and not self.ended:
            token = Token("LANGLE", "<", token.start, token.end)
            self.emit(token)
            stack.append(token)
        elif token.text == ">" and stack and stack[-1].type == "LANGLE" and stack[-1].value:
            stack.pop()
            self.emit(Token("RANGLE", ">", token.start, token.end))
        else:
            if token.text == "==" and not stack:
                raise syntax_mistake(self.raw, token, ())
            token.value = RELATIONS[token.text]
            self.emit(token)

    def equals(self, token: Token) -> None:
        """Take an equals sign; inside braces it compares, and in the brackets of sum(i=1..n, x_i) it gives a limit."""
        stack = self.stack
        ranged = stack and stack[-1].type == "CALL" and [t.type for t in self.out[-2:]] == ["CALL", "RUN"]
        if self.script or any([t.type == "LBRACE" for t in stack]):
            self.emit(Token("RELATION", "=", token.start, token.end, "=="))
        elif stack and not (ranged and self.out[-3].text in ("sum", "prod")):
            raise Mistake(
                "E-SYNTAX", "'=' inside brackets", [Span(token.start, token.end, "unexpected")], hint="compare with =="
            )
        else:
            self.emit(token)

    def comma(self, token: Token) -> None:
        """Take a comma; the one of an inner product is remembered."""
        if self.stack and self.stack[-1].type == "LANGLE":
            self.stack[-1].value = True
        self.emit(token)

    def colon(self, token: Token) -> None:
        """Take a colon: between two matrices it is the Frobenius product, tr(AᵀB)."""
        inside = bool(self.stack) and self.stack[-1].type in ("LSQB", "INDEX")
        if not inside and is_frobenius(self.raw, self.place - 1):
            token = Token("OP", ":", token.start, token.end, "·")
        self.emit(token)

    def unread(self, token: Token) -> None:
        """Refuse what LaTeX says that is no expression, where it is still part of the formula."""
        if token.value is None:
            self.emit(token)
            return
        if token.text == "\\mid" and self._is_behind(self.place - 1):
            self.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
            return
        raise token.value

    def words(self, token: Token) -> None:
        """Refuse words that are no part of a formula."""
        raise Mistake(
            "E-UNSUPPORTED",
            "words are no part of a formula",
            [Span(token.start, token.end, "not read")],
            hint="keep the formula alone; --where declares shapes",
        )

    def wide(self, token: Token) -> None:
        """Pass over a wide space."""

    def other(self, token: Token) -> None:
        """Refuse a character that no token has."""
        raise syntax_mistake(self.raw, token, ())


def is_frobenius(raw: list[Token], place: int) -> bool:
    """Say whether a colon stands between two matrices, capitals or brackets, as in ``A : B``; ℝ declares."""
    if not 0 < place < len(raw) - 1:
        return False
    left, right = raw[place - 1], raw[place + 1]
    before = left.type in ("RPAR", "PRIME", "SUP") or _is_matrix(left)
    after = right.type == "LPAR" or _is_matrix(right)
    if right.text == "d" and place + 2 < len(raw):
        after = raw[place + 2].type == "LPAR" or _is_matrix(raw[place + 2])
    return before and after and right.text not in ("R", "ℝ")


def _is_matrix(token: Token) -> bool:
    """Say whether a word is a capital, or the differential of one."""
    name = token.text.removeprefix("d")
    return token.type == "WORD" and len(name) == 1 and name.isupper()


WORDS = frozenset([*KEYWORDS, *PYTHON, *LIBRARIES])
HANDLERS: dict[str, Callable[[Lexer, Token], None]] = {
    "WORD": Lexer.word, "PARTIAL": Lexer.word, "NABLA": Lexer.word, "BIG": Lexer.word, "ROOT": Lexer.word,
    "SUB": Lexer.lone_subscript, "UNDERSCORE": Lexer.lone_subscript, "NUMBER": Lexer.number,
    "FRACTION": Lexer.fraction, "VEC": Lexer.vector, "SUP": Lexer.superscript, "POW": Lexer.power,
    "PRIME": Lexer.prime, "PRIMES": Lexer.prime, "OP": Lexer.operator, "SIGN": Lexer.sign, "LPAR": Lexer.opening,
    "LSQB": Lexer.opening, "LBRACE": Lexer.opening, "LANGLE": Lexer.opening, "RPAR": Lexer.closing,
    "RSQB": Lexer.closing, "RBRACE": Lexer.closing, "RANGLE": Lexer.closing, "BAR": Lexer.bar, "NORM": Lexer.bar,
    "RELATION": Lexer.relation, "EQUALS": Lexer.equals, "COMMA": Lexer.comma, "COLON": Lexer.colon,
    "SEMI": Lexer.semicolon, "OTHER": Lexer.other, "REFUSED": Lexer.unread, "DOTS": Lexer.unread,
    "TEXT": Lexer.words, "QUAD": Lexer.wide,
}  # fmt: skip
