"""From raw tokens to those of the grammar: which bar opens, where two operands touch, what a subscript belongs to.

The pass needs no names but these: keywords that are declared as names are names, and ``^T`` is a power where T is a
variable. What a run of letters means is decided after parsing (`names/resolve.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from mcalc.errors import clip
from mcalc.notation.surface.brackets import bar, closing, is_behind, opening, opens_angle, semicolon
from mcalc.notation.surface.mistakes import mistake_at, syntax_mistake, unclosed
from mcalc.notation.surface.syntax import Leaf, Node, Token
from mcalc.notation.surface.taking import RELATIONS, Taking, fraction, lone_subscript, number, vector, word, words
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import exponent_of, is_function, plain_name, plain_script


def lexed(
    text: str, raw: list[Token], known: Collection[str], *, t_is_variable: bool = False, script: bool = False
) -> list[Token | Leaf]:
    """Return the tokens for the parser; the options are those of :class:`Taking`."""
    x = Taking(text, raw, known, t_is_variable=t_is_variable, script=script)
    tokens = x.raw
    count = len(tokens)
    while x.place < count:
        token = tokens[x.place]
        x.place += 1
        handler = HANDLERS.get(token.type)
        if handler is None:
            x.emit(token)
        else:
            handler(x, token)
    if x.stack:
        raise unclosed(x.stack[-1], tokens[-1].end)
    return x.out


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


def superscript(x: Taking, token: Token) -> None:
    """Take a run of superscript glyphs: a power, a transpose, or both."""
    text = plain_script(token.text)
    start, end = token.start, token.end
    mark = {"-T": "transpose_mark", "+": "plus_mark"}.get(text)
    if mark is not None:
        x.emit(Token("SUP", text, start, end, Node(mark, start, end)))
        return
    if text != "T" or _after_sum(x):
        transposed = text.endswith("T") and text != "T"
        text = text[: len(text) - transposed]
        x.emit(Token("SUP", text, start, end - transposed, exponent_of(text, start, end - transposed)))
        if not transposed:
            return
        start = end - 1
    x.emit(Token("PRIME", token.text[-1], start, end, "T"))


def power(x: Taking, token: Token) -> None:
    """Take ``^``; ``^T`` and ``^{-T}`` are transposes unless T is a variable, ``^+`` is the pseudoinverse."""
    following = x.peek().type
    if following in ("SIGN", "LBRACE") and _is_plus(x, token):
        return
    if following in ("SIGN", "NUMBER"):
        _refuse_root(x, token)
    if x.t_is_variable or _after_sum(x):
        x.emit(token)
        return
    brace = following in ("LBRACE", "LPAR")
    at = int(brace)
    letter = x.peek(at)
    minus = letter.type == "SIGN" and letter.text in ("-", "−")
    if minus:
        at += 1
        letter = x.peek(at)
    whole = letter.text == "T" or (letter.type == "SUP" and plain_script(letter.text) == "T")
    part = not whole and not brace and letter.type == "WORD" and letter.text[0] == "T"
    more = brace and x.peek(at + 1).type not in ("RBRACE", "RPAR")
    if more or (part and plain_name(letter.text) in x.known) or not (whole or part):
        x.emit(token)
        return
    x.place += at + (2 if brace else 1)
    end = x.raw[x.place - 1].end
    if part:
        # w^Tx: the rest of the run is read on its own
        end = letter.start + 1
        x.place -= 1
        x.raw[x.place] = Token("WORD", letter.text[1:], end, letter.end)
    if minus:
        x.emit(Token("SUP", "-T", token.start, end, Node("transpose_mark", token.start, end)))
    else:
        x.emit(Token("PRIME", "^T", token.start, end))


def _refuse_root(x: Taking, token: Token) -> None:
    """Refuse ``x^1/2``, ``x^-1/2`` and ``e^1/x``, in which few see a quotient."""
    signed = x.peek().type == "SIGN"
    one, slash, number = [x.peek(k + signed) for k in range(3)]
    glued = one.end == slash.start and slash.end == number.start
    root = number.type == "NUMBER" or (number.type == "WORD" and not signed)
    if one.text == "1" and slash.text == "/" and root and glued:
        power = f"{x.peek().text if signed else ''}1/{number.text}"
        hint = f"write ^({power}) for the root, ^({power.partition('/')[0]}) / {number.text} for the other"
        raise mistake_at("E-AMBIG", f"^{power} has two readings", (token, number), "a root, or a quotient?", hint)


def _is_plus(x: Taking, token: Token) -> bool:
    """Take ``^+`` and ``^{+}``, behind which nothing is raised with it."""
    braced = x.peek().type == "LBRACE" and x.peek(2).type == "RBRACE"
    plus, following = x.peek(int(braced)), x.peek(1)
    if token.text != "^" or plus.text != "+":
        return False
    if not braced and following.start == plus.end and following.type in ("WORD", "NUMBER", "LPAR", "LBRACE"):
        return False
    x.place += 3 if braced else 1
    end = x.raw[x.place - 1].end
    x.emit(Token("SUP", "+", token.start, end, Node("plus_mark", token.start, end)))
    return True


def _after_sum(x: Taking) -> bool:
    """Say whether a sum or a product over an index stands before: what is above it is no transpose."""
    last = x.out[-1] if x.out else None
    if last is None or last.type != "RUN" or last.text not in BIGS or not last.value[1]:
        return False
    return last.text not in x.known and f"{last.text}_{last.value[1][0]}" not in x.known  # as Σ_xy^T is of a matrix


def prime(x: Taking, token: Token) -> None:
    """Take one apostrophe or several; before the bracket of a name it may mark a derivative, as in f′(x)."""
    if x.ended and x.out[-1].type == "RUN" and x.peek().type == "LPAR":
        x.emit(Token("DASH", token.text, token.start, token.end))
        return
    times = PRIME_GLYPHS.find(token.text) + 1 or len(token.text)
    for _ in range(times):
        x.emit(Token("PRIME", token.text, token.start, token.end))


def operator(x: Taking, token: Token) -> None:
    """Take an operator of the product level; ``.T`` is a transpose."""
    following = x.peek()
    if token.text == ".":
        glued = following.start == token.end
        if glued and following.type == "LPAR" and _behind_function(x):
            return  # exp.(x) of Julia, entry by entry
        if glued and x.ended and following.text == "'":
            return  # A.' of MATLAB, which is the transpose
        if x.ended and following.type == "WORD" and glued and x.out[-1].end == token.start:
            if _is_attribute(x, token, following):
                return
        elif x.ended and following.type == "NUMBER" and glued:
            hint = f"write 0.{following.text} for the number, * {following.text} for the product"
            raise mistake_at("E-AMBIG", f".{following.text} has two readings", (token, following), "which?", hint)
        elif following.type == "NUMBER" and glued and following.text.isdigit():
            x.place += 1
            number(x, Token("NUMBER", f"0.{following.text}", token.start, following.end))
            return
    if token.text == "*" and x.ended and x.out[-1].type == "RUN" and x.out[-1].end == token.start:
        after = x.peek(1)
        if following.type == "SIGN" and token.end < following.start and following.end < after.start:
            name = x.out[-1].text
            hint = f"write {name}_star for a name, {name}*({following.text}{after.text}...) for the product"
            raise mistake_at("E-AMBIG", f"{name}* has two readings", (x.out[-1], token), "a mark?", hint)
    token.value = OPS.get(token.text, token.text)  # any other sign is that of a function: names/spines.py
    x.emit(token)


def _is_attribute(x: Taking, token: Token, word: Token) -> bool:
    """Take ``.T`` and ``.I`` as NumPy has them; refuse ``x.size``, and any other in what looks like Python."""
    text, own = word.text, x.t_is_variable if word.text == "T" else word.text in x.known
    if text in ATTRIBUTES and not own and x.peek(1).type != "LPAR":
        x.place += 1
        at = (token.start, word.end)
        inverse = Token("SUP", "-1", *at, exponent_of("-1", *at))
        x.emit(inverse if ATTRIBUTES[text] == "-1" else Token("PRIME", ".T", *at, "T"))
        return True
    left = x.out[-1].text
    if x.peek(1).type == "LPAR" and len(left) == 1 and is_function(text) and _stands_here_alone(x, left):
        hint = f"write {text}(...) for the function, {left} . {text}(...) for the dot product"
        said = f"{left}.{text}(...) may be the function of a library {left}, or a product"
        raise mistake_at("E-AMBIG", said, word, "which?", hint)
    words = [t for t in (left, text) if len(t) > 2 and t.isascii() and t.isalpha() and t.islower()]
    if "**" in x.text or any([plain_name(t) == t and t not in x.known and not is_function(t) for t in words]):
        hint = f"write {clip(left)} . {clip(text)} for the dot product, {clip(left)}_{clip(text)} for a name"
        raise mistake_at(
            "E-AMBIG", f"{clip(left)}.{clip(text)} has two readings", word, "an attribute, or a factor?", hint
        )
    return False


def _stands_here_alone(x: Taking, letter: str) -> bool:
    """Say whether nothing else says what a letter before a glued dot is."""
    of = {letter, f"d{letter}", f"pd{letter}", f"_{letter}"}
    return letter.isascii() and letter not in x.known and sum([token.text in of for token in x.raw]) == 1


def _behind_function(x: Taking) -> bool:
    last = x.out[-1] if x.out else None
    return last is not None and last.type == "RUN" and is_function(last.text) and last.text not in x.known


def sign(x: Taking, token: Token) -> None:
    """Take a plus or a minus sign."""
    if token.text in "−-" and x.ended:
        refuse_lowered(x, token)
    if token.text in "⊕⊖":
        hint = "write + or - for a sum or a difference, entry by entry"
        raise mistake_at("E-UNSUPPORTED", f"{token.text} has no one meaning", token, "not read", hint)
    token.value = "+" if token.text[-1] == "+" else "-"
    x.emit(token)


def refuse_lowered(x: Taking, token: Token) -> None:
    """Refuse ``e−x`` with a typeset minus and no blank, and ``(X'X)-1X'y``: copies of a power, of an inverse."""
    last, following = x.out[-1], x.peek()
    if not last.end == token.start < token.end == following.start:
        return
    after = x.raw[x.place + 1] if x.place + 1 < len(x.raw) else token
    near = after.start == following.end or (token.text == "−" and x.text[following.end : after.start] == " ")
    inverse = following.text == "1" and near and after.type in ("WORD", "LPAR")
    run = last.text if last.type == "RUN" else ""
    euler = token.text == "−" and run[-1:] == "e" and len(run) < 3 and not {"e", run} & {*x.known}  # λe−λx
    if euler or inverse:
        base = "e" if euler else run or "(...)"
        said = f"{base}−{following.text} may be a power, as a copy loses it, or a difference"
        hint = f"write {f'{base}^(−1)' if inverse else 'e^(...)'}, or a blank on both sides of the minus"
        raise mistake_at("E-AMBIG", said, (last, following), "which?", hint)


def unread(x: Taking, token: Token) -> None:
    """Refuse what LaTeX says that is no expression, where it is still part of the formula."""
    if token.value is None:
        x.emit(token)
        return
    if token.text == "\\mid" and is_behind(x, x.place - 1):
        x.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
        return
    raise token.value


HANDLERS: dict[str, Callable[..., None]] = {
    "WORD": word, "PARTIAL": word, "NABLA": word, "BIG": word, "ROOT": word,
    "SUB": lone_subscript, "UNDERSCORE": lone_subscript, "NUMBER": number,
    "FRACTION": fraction, "VEC": vector, "SUP": superscript, "POW": power,
    "PRIME": prime, "PRIMES": prime, "OP": operator, "SIGN": sign, "LPAR": opening,
    "LSQB": opening, "LBRACE": opening, "LANGLE": opening, "RPAR": closing,
    "RSQB": closing, "RBRACE": closing, "RANGLE": closing,
    "BAR": bar, "NORM": bar,
    "RELATION": relation, "EQUALS": equals, "COMMA": comma, "COLON": colon,
    "SEMI": semicolon, "OTHER": other, "REFUSED": unread, "DOTS": unread,
    "TEXT": words, "QUAD": lambda x, token: None,
}  # fmt: skip
