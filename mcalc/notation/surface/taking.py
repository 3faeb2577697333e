"""The pass over raw tokens: what it has taken so far, and operands: runs of letters with their subscripts, numbers."""

from __future__ import annotations

from collections.abc import Collection

from mcalc.errors import Mistake, clip
from mcalc.notation.surface.mistakes import AT_POINT, CLOSERS, NOT_PYTHON, PAIRS, mistake_at, unclosed
from mcalc.notation.surface.syntax import Leaf, Name, Token, exact
from mcalc.notation.surface.unsaid import BIGS, LETTERS, UnsaidIndices
from mcalc.notation.surface.words import ABSTRACT, INDICES, LIBRARIES, PYTHON, is_function, plain_name, plain_script
from mcalc.operators.leaves import MAX_DIGITS
from mcalc.patterns import pattern

STARTS = frozenset(("RUN", "NUMBER", "VEC", "LPAR", "LSQB", "LBRACE", "BAR_OPEN", "NORM_OPEN", "LANGLE"))
ENDS = frozenset((
    "RUN", "NUMBER", "VEC", "RPAR", "RSQB", "RBRACE", "BAR_CLOSE", "NORM_CLOSE", "RANGLE", "PRIME", "SUP", "SUB",
))  # fmt: skip
FLAT = frozenset(("RPAR", "BAR_CLOSE", "NORM_CLOSE"))
"""What a number stands right behind only where a copy has lost that it was raised."""
BESIDE = frozenset(("WORD", "NUMBER", "BIG", "NABLA", "PARTIAL", "VEC"))
"""What no word of a text in LaTeX has beside it without a sign."""
KEYWORDS = {"if": "IF", "otherwise": "OTHERWISE", "else": "OTHERWISE", "and": "RELATION", "or": "RELATION"}
RELATIONS = {
    "<": "<", ">": ">", "<=": "≤", "≤": "≤", "⩽": "≤", ">=": "≥", "≥": "≥", "⩾": "≥", "!=": "≠", "≠": "≠", "==": "==",
    "∧": "and", "&": "and", "&&": "and", "and": "and", "∨": "or", "or": "or",
}  # fmt: skip
FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
WHICH = frozenset(("F", "F2", "p"))
"""What right behind a norm says which it is, where a copy has lost that it stood below."""
TRANSPOSES = frozenset("T⊤")
WORDS = frozenset([*KEYWORDS, *PYTHON, *LIBRARIES])


class Taking:
    """One pass over the raw tokens of a statement; `out` is what the parser gets.

    `known` are the names that mean something, `t_is_variable` says that T is one of them. In a `script` an equals sign
    is a relation, as in ``_{i=1}``.
    """

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
        self.unsaid = UnsaidIndices(text, self.raw, known)
        self.place = 0
        self.ended = False

    def emit(self, token: Token | Leaf) -> None:
        """Append a token, with the product sign that is not written before it."""
        kind = token.type
        if self.ended and kind in STARTS:
            last = self.out[-1]
            if kind == last.type == "NUMBER" and not self._is_ones(token) and not self._raises_function():
                hint = "write a sign between them; the columns of a matrix are separated by commas: [1, 2; 3, 4]"
                raise mistake_at("E-SYNTAX", "two numbers side by side", (last, token), "what is between them?", hint)
            if last.end == token.start and self._norm() and token.text in WHICH - {*self.known}:
                raise self._flattened(token)
            glued = kind == "NUMBER" and last.end == token.start and last.type in FLAT
            if glued and not (token.text == "1" and any([mark in self.text for mark in ("1^T", "1ᵀ", "1'")])):
                raise self._flattened(token)  # but 1ᵀ(A ⊙ X)1 ends with the vector of ones
            self.out.append(Token("OP", "", last.end, token.start, " " if last.end < token.start else ""))
        self.ended = kind in ENDS
        self.out.append(token)

    def _raises_function(self) -> bool:
        """Say whether the number before this one is the exponent of a function, as in sin^2 3x."""
        if len(self.out) < 3 or self.out[-2].type != "POW":
            return False
        name = plain_name(self.out[-3].text)
        return is_function(name) and name not in self.known

    def _norm(self) -> int:
        """Return how many tokens back a norm ends here, with a power behind it or without; 0 where none does."""
        kinds = [token.type for token in self.out[-3:]]
        back = 3 if kinds[1:] == ["POW", "NUMBER"] else 2 if kinds[-1:] == ["SUP"] else 1
        return back if kinds[-back:][:1] == ["NORM_CLOSE"] else 0

    def _flattened(self, token: Token | Leaf) -> Mistake:
        """Return the mistake of (x + 1)2, where a number is right behind a bracket: it may have been a power."""
        norm = self._norm()
        depth, place = 0, len(self.out) - (norm or 1)
        while place >= 0:
            kind = self.out[place].type
            depth += (kind in CLOSERS) - (kind in PAIRS)
            if not depth:
                break
            place -= 1
        place -= self.out[place].type == "CALL"
        base = self.text[self.out[max(place, 0)].start : token.start]
        whole, last = clip(base, 60), token.text
        said = f"the {last} right behind the bracket may be a power, as a copy loses it, or a factor"
        hint = f"write {whole}^{last} or {last} {whole}"
        if norm:
            said = f"the {last} right behind the norm may say which it is, as a copy loses it, or be a factor"
            below = f"{last[0]}^{last[1:]}" if len(last) > 1 else last
            power = f"{whole}^{last} for a power, " if last == "2" else ""
            hint = f"write {whole}_{below} for that norm, {power}{last} {whole} for a product"
        return mistake_at("E-AMBIG", said, token, "which?", hint)

    def peek(self, ahead: int = 0) -> Token:
        """Return the raw token so many places on, or an empty one beyond the end."""
        place = self.place + ahead
        return self.raw[place] if place < len(self.raw) else Token("END", "", len(self.text), len(self.text))

    def _is_ones(self, token: Token | Leaf) -> bool:
        """Say whether a number is the 1 of ones: 1_i, 1(n)_i, and 1 1ᵀ, A^-1 1, xᵀ1 1ᵀ, between which is a space."""
        if token.text != "1" or token.start == self.out[-1].end:
            return False
        following = self.peek()
        after = self.close_of(self.place) + 1 if following.type == "LPAR" else self.place
        indexed = after < len(self.raw) and self.raw[after].type == "SUB" and following.start == token.end
        transposed = following.type in ("PRIME", "SUP") or (following.type == "POW" and self.peek(1).text in TRANSPOSES)
        inverse = len(self.out) > 2 and self.out[-1].text == "1" and self.out[-3].type == "POW"
        return indexed or (transposed and following.start == token.end) or inverse

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


def word(x: Taking, token: Token) -> None:
    """Take a run of letters with the subscripts that are glued to it, or a keyword."""
    text = token.text
    if text in WORDS and plain_name(text) not in x.known:
        if text in KEYWORDS:
            x.emit(Token(KEYWORDS[text], text, token.start, token.end, RELATIONS.get(text)))
            return
        if text in PYTHON or (x.peek().text == "." and x.peek(1).type == "WORD"):
            raise mistake_at("E-SYNTAX", f"'{text}' is no word of mcalc", token, "not read", NOT_PYTHON)
    if token.value == "text" and (x.ended or x.peek().type in BESIDE):
        words(x, token)
    if text[0] in LETTERS and (index := x.unsaid.of_letter(token)):
        x.emit(Leaf("run", "RUN", text[0], token.start, token.start + 1, (text[0], [index])))
        if len(text) == 1:
            return
        text = text[1:]
        token = Token("WORD", text, token.start + 1, token.end)
    end = token.end
    subs: list[str] = []
    raw = x.raw
    place = x.place
    while place < len(raw) and raw[place].type == "SUB" and raw[place].start == end and len(subs) < 2:
        subs.append(plain_script(raw[place].text))
        end = raw[place].end
        place += 1
    x.place = place
    if not subs and text in BIGS and plain_name(text) not in x.known:
        said = x.unsaid.said_behind(place)
        if said and (text not in LETTERS or "=" in plain_script(raw[said].text)):
            subs, end = [plain_script(raw[said].text)], raw[said].end
            raw[place : said + 1] = [raw[said], *raw[place:said]]  # as if it stood first
            x.place, x.pairs, x.behind = place + 1, None, None
        elif text not in LETTERS:
            subs = x.unsaid.below(place)
        if not subs and token.value.__class__ is Mistake:
            raise token.value
    is_sign = text in ("Sigma", "Pi") and len(subs) == 1 and Name(plain_name(text), subs[0]).full not in x.known
    if is_sign and ("=" in subs[0] or x.unsaid.runs(text, subs[0], place)):
        hint = f"write {'sum' if text == 'Sigma' else 'prod'}_{{{subs[0]}}}, or declare {text}_{subs[0][0]}"
        raise mistake_at("E-AMBIG", f"{text}_{subs[0]} may be a sign or a name", token, "over an index?", hint)
    by = text in LETTERS and (plain_name(text) in x.known or f"d{text}" in x.text or f"∂{text}" in x.text)
    if by and len(subs) == 1 and x.unsaid.is_sum(text, subs[0], place):
        text = "∑" if text == "Σ" else "∏"
    elif text == "Σ" and len(subs) == 1 and x.text[token.start] == "Σ" and x.unsaid.is_matrix(subs[0], place):
        text = "Sigma"
    if text == "∂" and subs and subs[0][:1].isalpha():
        _refuse_index(x, token, subs[0], end)
        text = "∇"  # ∂_x f, as ∇_x f
    elif text == "D" and subs:
        _refuse_operator(x, token, subs[0], end)
    elif len(text) == 2 and text[0] == "D" and text[1].islower() and not subs and text not in x.known:
        _refuse_operator(x, token, text[1], end)
    x.emit(Leaf("run", "RUN", text, token.start, end, (text, subs)))


def _refuse_index(x: Taking, token: Token, sub: str, end: int) -> None:
    """Refuse ∂_i where i is an index below a name, too: it is a derivative by x_i to those who write so."""
    if sub in INDICES and any([t.type == "SUB" and sub in plain_script(t.text) for t in x.raw if t.start != end - 2]):
        hint = f"write ∂/∂x_{sub} for the derivative by an entry, ∂/∂{sub} for one by {sub}"
        raise mistake_at("E-AMBIG", f"∂_{sub} has two readings", (token, end), "by what?", hint)
    words = {t.text for t in x.raw if t.type == "WORD"}
    if 1 < len(sub) < 4 and sub.isascii() and sub.isalpha() and sub not in {*x.known, *words} and {*sub} <= words:
        hint = f"write {' '.join([f'∂/∂{letter}' for letter in sub])} for the mixed derivative"
        raise mistake_at("E-AMBIG", f"∂_{sub} goes by {sub}, or by each letter", (token, end), "by what?", hint)


def _refuse_operator(x: Taking, token: Token, sub: str, end: int) -> None:
    """Refuse D_x, or Dx, before what x stands in, or a function: a derivative to some, a factor to others."""
    following = x.peek()
    if following.type not in ("LPAR", "LSQB", "WORD") or f"D_{sub}" in x.known:
        return
    last = x.close_of(x.place) if following.type != "WORD" else len(x.raw) - 1
    along = all([inside.text != sub for inside in x.raw[x.place : last + 1]])
    if along and (following.text not in ABSTRACT or (x.peek(1).type != "LPAR" and following.text not in x.known)):
        return
    inner = clip(x.text[following.start : x.raw[last].end], 60)
    product = f"D_{sub}*{inner}" if end > token.start + 2 else f"D*{sub}*{inner}"
    hint = f"write d/d{sub} {inner} for the derivative, {product} for the product"
    if along:
        hint = f"the derivative along {sub} is the gradient times {sub}; for the product write {product}"
    said = f"{x.text[token.start : end]} has two readings"
    raise mistake_at("E-AMBIG", said, (token, end), "a derivative or a factor?", hint)


def lone_subscript(x: Taking, token: Token) -> None:
    """Take a subscript that is glued to no name: of a bracket, or the name of an earlier result."""
    if x.ended and x.out[-1].end == token.start:
        x.emit(Token("SUB", token.text, token.start, token.end, plain_script(token.text)))
        return
    name = token.text
    if name not in x.known:
        earlier = (name == "_" and x.peek().start > token.end) or name[1:].isdigit()
        what = "there is no earlier result" if earlier else "a subscript of nothing"
        if "=" in name:
            raise mistake_at("E-UNSUPPORTED", AT_POINT[0], token, "a bar for 'at'", AT_POINT[1])
        raise mistake_at("E-NAME" if earlier else "E-SYNTAX", what, token, "not known")
    x.emit(Leaf("run", "RUN", name, token.start, token.end, (name, [])))


_TURNED = pattern(r"\s*(?:ᵀ|⊤|\^\s*\{?\s*(?:⊤|T\b|\\top|\\intercal))")
_POWER_OF_TEN = pattern(r"([\d.]+)([eE])([+-]?)(\d+)([^\W\d_]+)")
"""1e-3x, which is no number where the letter is part of a name."""


def number(x: Taking, token: Token) -> None:
    """Take a number, exactly."""
    text = token.text
    value = exact(text, MAX_DIGITS)
    if value is None or ("e" in text.lower() and not 1e-300 < value < 1e300 and value):
        raise mistake_at("E-RANGE", "the number is out of range", token, "too large or too long")
    glued = x.text[token.end : token.end + 1] in ("e", "E")
    if glued and (power := _POWER_OF_TEN.match(x.text, token.start)) is not None and power[2] not in x.known:
        number, (start, letter, sign, digits, rest) = x.text[token.start : power.start(5)], power.groups()
        other = f"{start} {letter} {sign} {digits} {rest}" if sign else f"{start} {letter}_{digits} {rest}"
        said = f"{number} before {clip(rest)} may be a number, or {start} times {letter}"
        raise mistake_at("E-AMBIG", said, power.span(), "which?", f"write {number} {rest} for the number, {other} else")
    following, after = x.peek(), x.peek(1)
    glued = following.start == token.end == after.start - 1
    if following.text == "." and glued and after.type in ("WORD", "LPAR", "NUMBER"):
        hint = f"write {text}.0 {after.text}, or {text} * {after.text}"
        raise mistake_at("E-SYNTAX", f"'{text}.' is half a number", (token, following), "a decimal point?", hint)
    if text == "11" and _TURNED.match(x.text, token.end) is not None:  # 1 1ᵀ: nobody transposes eleven
        for start in (token.start, token.start + 1):
            x.emit(Leaf("constant", "VEC", "1", start, start + 1, 1))
        return
    x.emit(Leaf("number", "NUMBER", text, token.start, token.end, value))


def fraction(x: Taking, token: Token) -> None:
    """Take ½ and its like."""
    from fractions import Fraction

    value = Fraction(FRACTIONS[token.text])
    x.emit(Leaf("number", "NUMBER", token.text, token.start, token.end, value))


def vector(x: Taking, token: Token) -> None:
    """Take 0vec or 1vec."""
    x.emit(Leaf("constant", "VEC", token.text, token.start, token.end, 0 if token.text[0] in "0𝟎" else 1))


def words(x: Taking, token: Token) -> None:
    """Refuse words that are no part of a formula."""
    hint = "keep the formula alone; --where declares shapes"
    raise mistake_at("E-UNSUPPORTED", "words are no part of a formula", token, "not read", hint)
