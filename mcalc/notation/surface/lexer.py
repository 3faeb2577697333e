"""From raw tokens to those of the grammar: which bar opens, where two operands touch, what a subscript belongs to.

The pass needs no names but these: keywords that are declared as names are names, and ``^T`` is a power where T is a
variable. What a run of letters means is decided after parsing (`names/resolve.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.surface import taking
from mcalc.notation.surface.mistakes import CLOSERS, CLOSING, OPENING, PAIRS, mistake_at, syntax_mistake, unclosed
from mcalc.notation.surface.syntax import Leaf, Node, Token
from mcalc.notation.surface.taking import RELATIONS, Taking
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import (
    OTHER_NAMES,
    exponent_of,
    in_any_case,
    is_function,
    plain_name,
    plain_script,
)


def opening(x: Taking, token: Token) -> None:
    """Take an opening bracket: one behind a name may be that of a call, a glued ``[`` is an index."""
    if token.value.__class__ is Mistake:
        raise token.value
    if x.ended:
        last = x.out[-1]
        if token.type != "LPAR" and last.type == "RUN" and _is_called(x, last, token):
            close = x.close_of(x.place - 1)
            x.raw[close] = Token("RPAR", ")", x.raw[close].start, x.raw[close].end)
            token = Token("LPAR", "(", token.start, token.end)  # tr[A B], max{0, x}
        if token.type == "LPAR" and last.type == "RUN":
            token = Token("CALL", "(", token.start, token.end)
        elif token.type == "LSQB" and last.type == "RUN" and last.text == "E" and "E" not in x.known:
            token = Token("INDEX", "[", token.start, token.end)  # an expectation
        elif token.type == "LSQB" and last.end == token.start and last.type not in ("NUMBER", "VEC"):
            token = Token("INDEX", "[", token.start, token.end)
    elif token.type == "LPAR" and x.out and x.out[-1].type == "DASH":
        token = Token("CALL", "(", token.start, token.end)
    elif token.type == "LANGLE":
        _take_brackets_of_dirac(x)
    x.emit(token)
    x.stack.append(token)


def _take_brackets_of_dirac(x: Taking) -> None:
    """Take ⟨x|y⟩ for ⟨x, y⟩, and ⟨x|A|y⟩ for ⟨x, A y⟩, where no bar begins right behind the bracket."""
    end = x.place
    while end < len(x.raw) and x.raw[end].type not in (*PAIRS, "RANGLE", "COMMA", "NORM"):
        end += 1
    bars = [k for k in range(x.place, end) if x.raw[k].type == "BAR"]
    apart = [b - a for a, b in pairwise([x.place - 1, *bars, end])]
    if end < len(x.raw) and x.raw[end].type == "RANGLE" and 1 <= len(bars) <= 2 and min(apart) > 1:
        for k, (kind, text) in zip(bars, (("COMMA", ","), ("OP", "@")), strict=False):
            x.raw[k] = Token(kind, text, x.raw[k].start, x.raw[k].end)


DRAWS = frozenset(("Var", "Cov", "Corr"))
"""Words of probability, which are said of a distribution."""


def _is_called(x: Taking, name: Token | Leaf, bracket: Token) -> bool:
    """Say whether a square bracket or a brace closes a function of the table, as any bracket does."""
    text: str = name.text
    if text == "D" and "D" not in x.known and not name.value[1] and name.end == bracket.start and _is_derived(x):
        name.value = ("diff", [])
        return True
    if len(text) < 2 or name.end != bracket.start or name.value[1] or plain_name(text) in x.known or text in DRAWS:
        return False
    if not (is_function(text) or text in OTHER_NAMES or in_any_case(text)):
        return False
    inside = x.raw[x.place : x.close_of(x.place - 1)]
    return all([t.type not in ("COLON", "SEMI") and t.text != "if" for t in inside])


def _is_derived(x: Taking) -> bool:
    """Say whether D[x^2, x] is a derivative, as in Mathematica: of more than a name or a number, by names."""
    inside = x.raw[x.place : x.close_of(x.place - 1)]
    first = next((k for k, t in enumerate(inside) if t.type == "COMMA" and k > 1), 0)
    by = inside[first:]
    return first > 1 and {t.type for t in by[::2]} == {"COMMA"} and {t.type for t in by[1::2]} == {"WORD"}


_PARTING = {
    "NORM_OPEN": (
        "‖ between two things in brackets is a divergence, which is not read",
        "write it out, as in sum_i p_i log(p_i/q_i); a norm has bars on both sides",
    ),
    "BAR_OPEN": (
        "what is given behind a bar is not read here",
        "leave out the bar and what follows; an absolute value has bars on both sides",
    ),
}
"""What a bar between two things in brackets says, by its token, and what to write."""


def closing(x: Taking, token: Token) -> None:
    """Take a closing bracket, which must close the last one opened."""
    stack = x.stack
    if not stack or PAIRS[stack[-1].type] != token.text.replace("⟩", ">"):
        if stack and any([PAIRS[t.type] == token.text for t in stack]):
            before = next((t for t in reversed(x.raw) if t.end <= stack[-1].start), stack[-1])
            if (
                stack[-1].type in _PARTING
                and token.type != "RBRACE"
                and before.type in (*CLOSING, "WORD", "SUB", "NUMBER", "PRIME", "SUP")
            ):
                said, hint = _PARTING[stack[-1].type]
                raise mistake_at("E-UNSUPPORTED", said, stack[-1], "not read", hint)
            raise unclosed(stack[-1], token.start)
        if stack:
            opened, wanted = stack[-1], PAIRS[stack[-1].type]
            said = f"'{token.text}' does not close the '{opened.text}' of column {opened.start + 1}"
            there = Span(opened.start, opened.end, "opened here")
            spans = [Span(token.start, token.end, f"'{wanted}' expected"), there]
            raise Mistake("E-SYNTAX", said, spans, f"add a '{wanted}' before it")
        hint = f"delete it, or add a '{CLOSERS[token.type]}' before"
        raise mistake_at("E-SYNTAX", f"'{token.text}' closes nothing", token, "no bracket is open here", hint)
    stack.pop()
    x.emit(token)
    if token.type == "RANGLE" and x.peek().text == "_F":
        x.place += 1  # <A, B>_F, of which there is one


def is_behind(x: Taking, place: int) -> bool:
    """Say whether a sign stands before the parameters of a function: the first ; or bar in its brackets."""
    if x.behind is None:
        x.behind = set()
        opened: list[tuple[int, list[int]]] = []
        for at, token in enumerate(x.raw):
            if token.type in ("LPAR", "LSQB", "LBRACE"):
                opened.append((at, []))
            elif token.type in ("RPAR", "RSQB", "RBRACE") and opened:
                begun, signs = opened.pop()
                called = begun and token.type == "RPAR" and x.raw[begun - 1].type in ("WORD", "SUB")
                following = {x.raw[sign].type for sign in signs[1:]}  # p(y | x; θ): one sign, and a comma
                if called and signs and following <= {"SEMI"} and begun + 1 < signs[0] < at - 1:
                    x.behind.add(signs[0])
            elif opened and (token.type in ("BAR", "SEMI") or token.text == "\\mid"):
                opened[-1][1].append(at)
    return place in x.behind


def semicolon(x: Taking, token: Token) -> None:
    """Take a semicolon, which in the brackets of a function stands before its parameters."""
    if is_behind(x, x.place - 1):
        token = Token("BEHIND", token.text, token.start, token.end, ";")
    elif x.stack and x.stack[-1].type == "CALL":
        token = Token("COMMA", token.text, token.start, token.end)
    x.emit(token)


_BELOW_NORMS = frozenset(("1", "2", "∞", "inf", "F"))
"""What stands below a norm, and below no absolute value."""


def bar(x: Taking, token: Token) -> None:
    """Tell opening from closing bars: one that follows an operand closes what is open."""
    kind = token.type
    if kind == "BAR" and x.stack and x.stack[-1].type == "CALL" and is_behind(x, x.place - 1):
        x.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
        return
    opened = x.stack[-1].type if x.stack else ""
    if kind == "NORM" and x.ended and opened == "BAR_OPEN" and token.text == "||":
        # |x||y|: two single bars
        middle = token.start + 1
        x.stack.pop()
        x.emit(Token("BAR_CLOSE", "|", token.start, middle))
        token = Token("BAR", "|", middle, token.end)
        kind, opened = "BAR", x.stack[-1].type if x.stack else ""
    if x.ended and opened == kind + "_OPEN":
        opening = x.stack.pop()
        following = x.peek()
        star = x.peek(1)
        if following.type == "SUB" and following.start == token.end and plain_script(following.text) in _BELOW_NORMS:
            kind, opening.type = "NORM", "NORM_OPEN"  # |w|_1
        closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
        if kind == "NORM" and following.type == "UNDERSCORE" and star.text in "*∗" and star.start == following.end:
            closing.value, closing.end = "star", star.end
            x.place += 2
        raised = 1 if following.type == "SUP" else 2 if following.type == "POW" and star.type == "NUMBER" else 0
        below = x.peek(raised)
        if kind == "NORM" and below.type == "SUB" and below.start == (x.peek(raised - 1) if raised else token).end:
            # ‖A‖_F², ‖A‖²_F
            x.raw[x.place : x.place + raised + 1] = [below, *x.raw[x.place : x.place + raised]]
            closing.value = plain_script(below.text)
            closing.end = below.end
            x.place += 1
        x.emit(closing)
        return
    token = Token(kind + "_OPEN", token.text, token.start, token.end)
    x.emit(token)
    x.stack.append(token)


def opens_angle(raw: Sequence[Token], place: int) -> bool:
    """Say whether ``<`` behind an operand begins ``<a, b>``, as in 2 <a, b>: a comma, a ``>`` and no other sign follow.

    Both signs are glued to what is between them, and one of them to nothing outside: a<b, c>d compares.
    """
    commas = depth = 0
    for after in range(place + 1, len(raw)):
        token = raw[after]
        if token.text == ">" and not depth:
            inside = raw[place].end == raw[place + 1].start and raw[after - 1].end == token.start
            before = place > 0 and raw[place - 1].end == raw[place].start
            behind = after + 1 < len(raw) and raw[after + 1].start == token.end and raw[after + 1].type in _OPERANDS
            return commas == 1 and inside and not (before and behind)
        depth += (token.type in OPENING) - (token.type in CLOSING)
        commas += token.type == "COMMA" and not depth
        if depth < 0 or commas > 1 or (not depth and token.type in _COMPARING):
            return False
    return False


_OPERANDS = frozenset(("WORD", "NUMBER", "LPAR", "LSQB"))
_COMPARING = frozenset(("RELATION", "EQUALS", "DEFINE", "SEMI", "COLON"))


def relation(x: Taking, token: Token) -> None:
    """Take a comparison; ``<a, b>`` is an inner product where an operand is expected, or no other sign is meant."""
    stack = x.stack
    if token.text == "<" and (not x.ended or opens_angle(x.raw, x.place - 1)):
        token = Token("LANGLE", "<", token.start, token.end)
        x.emit(token)
        stack.append(token)
    elif token.text == ">" and stack and stack[-1].type == "LANGLE" and stack[-1].value:
        stack.pop()
        x.emit(Token("RANGLE", ">", token.start, token.end))
    else:
        sign, arrow = x.peek(), x.text[token.start - 1 : token.end + 2]
        if arrow == " <- " and sign.text == "-" and not stack:
            hint = "write = for the assignment, < - for the comparison"
            raise mistake_at("E-AMBIG", "<- has two readings", (token, sign), "an assignment of R, or less than?", hint)
        if token.text == "==" and not stack:
            raise syntax_mistake(x.raw, token, ())
        token.value = RELATIONS[token.text]
        x.emit(token)


def equals(x: Taking, token: Token) -> None:
    """Take an equals sign; inside braces it compares, and in the brackets of sum(i=1..n, x_i) it gives a limit."""
    stack = x.stack
    ranged = stack and stack[-1].type == "CALL" and [t.type for t in x.out[-2:]] == ["CALL", "RUN"]
    if x.script or any([t.type == "LBRACE" for t in stack]):
        x.emit(Token("RELATION", "=", token.start, token.end, "=="))
    elif stack and not (ranged and x.out[-3].text in ("sum", "prod")):
        raise mistake_at("E-SYNTAX", "'=' inside brackets", token, "unexpected", "compare with ==")
    else:
        x.emit(token)


def other(x: Taking, token: Token) -> None:
    """Refuse a character that no token has."""
    raise syntax_mistake(x.raw, token, ())


def comma(x: Taking, token: Token) -> None:
    """Take a comma; the one of an inner product is remembered."""
    if x.stack and x.stack[-1].type == "LANGLE":
        x.stack[-1].value = True
    x.emit(token)


def colon(x: Taking, token: Token) -> None:
    """Take a colon: between two matrices it is the Frobenius product, tr(AᵀB)."""
    inside = bool(x.stack) and x.stack[-1].type in ("LSQB", "INDEX")
    if not inside and is_frobenius(x.raw, x.place - 1):
        token = Token("OP", ":", token.start, token.end, "·")
    x.emit(token)


def is_frobenius(raw: list[Token], place: int) -> bool:
    """Say whether a colon stands between two matrices, capitals or brackets, as in ``A : B``; ℝ declares."""
    if not 0 < place < len(raw) - 1:
        return False
    left, right = raw[place - 1], raw[place + 1]
    raised = place + 2 < len(raw) and raw[place + 2].type in ("POW", "SUB", "SUP")
    if right.text == "S" and raised and left.end == raw[place].start < raw[place].end < right.start:
        return False  # A: S^n declares A symmetric
    after = right.type == "LPAR" or is_matrix(right)
    if right.text == "d" and place + 2 < len(raw):
        after = raw[place + 2].type == "LPAR" or is_matrix(raw[place + 2])
    return is_matrix(left, bracketed=True) and after and right.text not in ("R", "ℝ")


def is_matrix(token: Token, *, bracketed: bool = False) -> bool:
    """Say whether a word is a capital, or the differential of one; `bracketed` that it may be the end of a bracket."""
    if bracketed and token.type in ("RPAR", "PRIME", "SUP"):
        return True
    name = token.text.removeprefix("d")
    return token.type == "WORD" and len(name) == 1 and name.isupper()


OPS = {
    "": " ",
    "*": "*", "×": "*", "∗": "*", "⁎": "*", "@": "@", "/": "/", "÷": "/", "∕": "/", "⁄": "/", ".*": "⊗", "⊗": "⊗",
    "⊙": "⊗", "∘": "⊗", "./": "⊘", "⊘": "⊘", ".": "·", "·": "·", "⋅": "·", "•": "·",
}  # fmt: skip
ATTRIBUTES = {"T": "T", "mT": "T", "H": "T", "mH": "T", "I": "-1"}
"""What NumPy writes behind a dot, as what it is here: a transpose, of real numbers, or an inverse."""
PRIME_GLYPHS = "′″‴"


class Lexer(Taking):
    """One pass over the raw tokens of a statement."""

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
        mark = {"-T": "transpose_mark", "+": "plus_mark"}.get(text)
        if mark is not None:
            self.emit(Token("SUP", text, start, end, Node(mark, start, end)))
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
        following = self.peek().type
        if following in ("SIGN", "LBRACE") and self._is_plus(token):
            return
        if following in ("SIGN", "NUMBER"):
            self._refuse_root(token)
        if self.t_is_variable or self._after_sum():
            self.emit(token)
            return
        brace = following in ("LBRACE", "LPAR")
        at = int(brace)
        letter = self.peek(at)
        minus = letter.type == "SIGN" and letter.text in ("-", "−")
        if minus:
            at += 1
            letter = self.peek(at)
        whole = letter.text == "T" or (letter.type == "SUP" and plain_script(letter.text) == "T")
        part = not whole and not brace and letter.type == "WORD" and letter.text[0] == "T"
        more = brace and self.peek(at + 1).type not in ("RBRACE", "RPAR")
        if more or (part and plain_name(letter.text) in self.known) or not (whole or part):
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
            self.emit(Token("PRIME", "^T", token.start, end))

    def _refuse_root(self, token: Token) -> None:
        """Refuse ``x^1/2`` and ``x^-1/2``, in which few see a half."""
        signed = self.peek().type == "SIGN"
        one, slash, number = [self.peek(k + signed) for k in range(3)]
        glued = one.end == slash.start and slash.end == number.start
        if one.text == "1" and slash.text == "/" and number.type == "NUMBER" and glued:
            power = f"{self.peek().text if signed else ''}1/{number.text}"
            hint = f"write ^({power}) for the root, ^({power.partition('/')[0]}) / {number.text} for the other"
            raise mistake_at("E-AMBIG", f"^{power} has two readings", (token, number), "a root, or a quotient?", hint)

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
            if glued and following.type == "LPAR" and self._behind_function():
                return  # exp.(x) of Julia, entry by entry
            if glued and self.ended and following.text == "'":
                return  # A.' of MATLAB, which is the transpose
            if self.ended and following.type == "WORD" and glued and self.out[-1].end == token.start:
                if self._is_attribute(token, following):
                    return
            elif self.ended and following.type == "NUMBER" and glued:
                hint = f"write 0.{following.text} for the number, * {following.text} for the product"
                raise mistake_at("E-AMBIG", f".{following.text} has two readings", (token, following), "which?", hint)
            elif following.type == "NUMBER" and glued and following.text.isdigit():
                self.place += 1
                taking.number(self, Token("NUMBER", f"0.{following.text}", token.start, following.end))
                return
        if token.text == "*" and self.ended and self.out[-1].type == "RUN" and self.out[-1].end == token.start:
            after = self.peek(1)
            if following.type == "SIGN" and token.end < following.start and following.end < after.start:
                name = self.out[-1].text
                hint = f"write {name}_star for a name, {name}*({following.text}{after.text}...) for the product"
                raise mistake_at("E-AMBIG", f"{name}* has two readings", (self.out[-1], token), "a mark?", hint)
        token.value = OPS.get(token.text, token.text)  # any other sign is that of a function: names/spines.py
        self.emit(token)

    def _is_attribute(self, token: Token, word: Token) -> bool:
        """Take ``.T`` and ``.I`` as NumPy has them; refuse ``x.size``, and any other in what looks like Python."""
        text, own = word.text, self.t_is_variable if word.text == "T" else word.text in self.known
        if text in ATTRIBUTES and not own and self.peek(1).type != "LPAR":
            self.place += 1
            at = (token.start, word.end)
            inverse = Token("SUP", "-1", *at, exponent_of("-1", *at))
            self.emit(inverse if ATTRIBUTES[text] == "-1" else Token("PRIME", ".T", *at, "T"))
            return True
        left = self.out[-1].text
        if self.peek(1).type == "LPAR" and len(left) == 1 and is_function(text) and self._stands_here_alone(left):
            hint = f"write {text}(...) for the function, {left} . {text}(...) for the dot product"
            said = f"{left}.{text}(...) may be the function of a library {left}, or a product"
            raise mistake_at("E-AMBIG", said, word, "which?", hint)
        words = [t for t in (left, text) if len(t) > 2 and t.isascii() and t.isalpha() and t.islower()]
        if "**" in self.text or any([plain_name(t) == t and t not in self.known and not is_function(t) for t in words]):
            hint = f"write {clip(left)} . {clip(text)} for the dot product, {clip(left)}_{clip(text)} for a name"
            raise mistake_at(
                "E-AMBIG", f"{clip(left)}.{clip(text)} has two readings", word, "an attribute, or a factor?", hint
            )
        return False

    def _stands_here_alone(self, letter: str) -> bool:
        """Say whether nothing else says what a letter before a glued dot is."""
        of = {letter, f"d{letter}", f"pd{letter}", f"_{letter}"}
        return letter.isascii() and letter not in self.known and sum([token.text in of for token in self.raw]) == 1

    def _behind_function(self) -> bool:
        last = self.out[-1] if self.out else None
        return last is not None and last.type == "RUN" and is_function(last.text) and last.text not in self.known

    def sign(self, token: Token) -> None:
        """Take a plus or a minus sign."""
        if token.text in "−-" and self.ended:
            self.refuse_lowered(token)
        if token.text in "⊕⊖":
            hint = "write + or - for a sum or a difference, entry by entry"
            raise mistake_at("E-UNSUPPORTED", f"{token.text} has no one meaning", token, "not read", hint)
        token.value = "+" if token.text[-1] == "+" else "-"
        self.emit(token)

    def refuse_lowered(self, token: Token) -> None:
        """Refuse ``e−x`` with a typeset minus and no blank, and ``(X'X)-1X'y``: copies of a power, of an inverse."""
        last, following = self.out[-1], self.peek()
        if not last.end == token.start < token.end == following.start:
            return
        after = self.raw[self.place + 1] if self.place + 1 < len(self.raw) else token
        near = after.start == following.end or (token.text == "−" and self.text[following.end : after.start] == " ")
        inverse = following.text == "1" and near and after.type in ("WORD", "LPAR")
        euler = token.text == "−" and last.type == "RUN" and last.text == "e" and "e" not in self.known
        if euler or inverse:
            base = last.text if last.type == "RUN" else "(...)"
            said = f"{base}−{following.text} may be a power, as a copy loses it, or a difference"
            hint = f"write {f'{base}^(−1)' if inverse else 'e^(...)'}, or a blank on both sides of the minus"
            raise mistake_at("E-AMBIG", said, (last, following), "which?", hint)

    def unread(self, token: Token) -> None:
        """Refuse what LaTeX says that is no expression, where it is still part of the formula."""
        if token.value is None:
            self.emit(token)
            return
        if token.text == "\\mid" and is_behind(self, self.place - 1):
            self.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
            return
        raise token.value


HANDLERS: dict[str, Callable[..., None]] = {
    "WORD": taking.word, "PARTIAL": taking.word, "NABLA": taking.word, "BIG": taking.word, "ROOT": taking.word,
    "SUB": taking.lone_subscript, "UNDERSCORE": taking.lone_subscript, "NUMBER": taking.number,
    "FRACTION": taking.fraction, "VEC": taking.vector, "SUP": Lexer.superscript, "POW": Lexer.power,
    "PRIME": Lexer.prime, "PRIMES": Lexer.prime, "OP": Lexer.operator, "SIGN": Lexer.sign, "LPAR": opening,
    "LSQB": opening, "LBRACE": opening, "LANGLE": opening, "RPAR": closing,
    "RSQB": closing, "RBRACE": closing, "RANGLE": closing,
    "BAR": bar, "NORM": bar,
    "RELATION": relation, "EQUALS": equals, "COMMA": comma, "COLON": colon,
    "SEMI": semicolon, "OTHER": other, "REFUSED": Lexer.unread, "DOTS": Lexer.unread,
    "TEXT": taking.words, "QUAD": lambda x, token: None,
}  # fmt: skip
