"""Rows of tokens: what stands outside brackets, a name, a left side, the number of an equation; squares as variables.

A square may be a variable, as the variance σ^2 is one: the name σ_sq stands for it throughout the statement.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from itertools import pairwise

from mcalc.notation.surface.brackets import opens_angle
from mcalc.notation.surface.lexer import is_frobenius
from mcalc.notation.surface.mistakes import CLOSING, OPENING, mistake_at
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import is_function, plain_name, plain_script
from mcalc.patterns import pattern

POWERS = ("SUP", "POW")
BRACED = ["LBRACE", "NUMBER", "RBRACE"]
EQUALS = frozenset(("EQUALS", "DEFINE"))
CONDITIONS = frozenset(("if", "for", "when"))
OTHERWISE = frozenset(("else", "otherwise"))
"""Words before a condition, and before or behind what holds where none does."""
MEMBER = frozenset(("IN", "COLON"))
OPERATORS = frozenset(("OP", "SIGN", "POW", "RELATION", "EQUALS", "DEFINE", "COMMA", "IN"))
_HEAD = pattern(r"(?:d|∂)(?: \^ \d| [²³])? /(?: (?:d|∂ ?)[^\W\d_]+(?: _\w+)?(?: \^ \d| [²³])?)+")
"""d/dx, ∂²/∂x ∂y, in tokens with spaces between them."""
LONGEST_HEAD = 40
"""Tokens of d/dx in brackets, by however many variables."""
_ENDING = frozenset(("SIGN", "COMMA", "SEMI", *EQUALS))
_EQUAL = pattern(r"(?<![<>=!])=(?!=)")
"""One equals sign, which compares below an indicator."""
_BARE_FRACTION = pattern(r"\\[dt]?frac\s*$")
MOST_BRACES = 20
"""So many braces around a part of a formula are looked for."""
_LOGARITHMS = frozenset(("log", "ln", "\\log", "\\ln"))

Head = tuple[Name, list[Name] | None, Token]
"""What stands left of an equals sign: a name, the parameters of a function, and where it begins."""


def given_name(raw: list[Token]) -> Head | None:
    """Return the name, and a function's parameters, left of an equals sign; None where something else stands there."""
    variable, place = name_at(raw, 0)
    if variable is None:
        return None
    if place == len(raw):
        return variable, None, raw[0]
    if raw[place].type != "LPAR" or raw[-1].type != "RPAR":
        return None
    place += 1
    parameters: list[Name] = []
    while True:
        parameter, place = name_at(raw, place)
        if parameter is None or place >= len(raw):
            return None
        parameters.append(parameter)
        if raw[place].type == "RPAR" and place == len(raw) - 1:
            return variable, parameters, raw[0]
        if raw[place].type != "COMMA":
            return None
        place += 1


def name_at(raw: list[Token], place: int) -> tuple[Name | None, int]:
    """Return the name with its subscripts at a place, and the place behind it."""
    if place >= len(raw) or raw[place].type != "WORD":
        return None, place
    name = Name(plain_name(raw[place].text))
    end = raw[place].end
    place += 1
    while place < len(raw) and raw[place].type == "SUB" and raw[place].start == end:
        name = Name(name.full, plain_script(raw[place].text))
        end = raw[place].end
        place += 1
    return name, place


def top_level(raw: list[Token]) -> list[int]:
    """Return the places of tokens that stand in no brackets, those of <a, b> among them."""
    found: list[int] = []
    depth = 0
    angles: list[int] = []
    for place, token in enumerate(raw):
        kind = token.type
        if kind in OPENING:
            depth += 1
        elif kind in CLOSING:
            depth -= 1
        elif token.text == "<" and (
            not place or raw[place - 1].type in (*OPERATORS, *OPENING) or opens_angle(raw, place)
        ):
            angles.append(depth)
            depth += 1
        elif token.text == ">" and angles and angles[-1] == depth - 1:
            angles.pop()
            depth -= 1
        elif depth <= 0:
            found.append(place)
    return found


def parted(raw: list[Token], kinds: frozenset[str]) -> list[list[Token]]:
    """Return what stands between the signs of some kinds that stand in no brackets."""
    cuts = [place for place in top_level(raw) if raw[place].type in kinds]
    return [raw[low + 1 : high] for low, high in pairwise([-1, *cuts, len(raw)])]


def is_left(left: list[Token]) -> bool:
    """Say whether some tokens name a value: a name, a call, a norm, p(·|·), with a sign, ln or log before it."""
    if len(left) > 1 and left[0].type == "SIGN":
        left = left[1:]
    while [t.type for t in left[:2]] == ["WORD", "WORD"] and left[0].text in ("log", "ln"):
        left = left[1:]
    if not left:
        return False
    if left[0].type in ("NORM", "BAR"):
        closing = next((k for k in range(1, len(left)) if left[k].type == left[0].type), 0)
        single = all([t.type in ("WORD", "SUB") for t in left[1:closing]])
        return bool(closing) and single and all([t.type in (*POWERS, "SUB", "NUMBER") for t in left[closing + 1 :]])
    name, place = name_at(left, 0)
    with_parameters = any([t.type == "SEMI" for t in left])  # Beta(x; a, b) is a density, no value of the function
    if name is None or (is_function(name.full) and len(name.full) > 1 and not with_parameters):
        return False
    while place < len(left) and (left[place].type in ("PRIME", "PRIMES", *POWERS) or left[place].text == "*"):
        number = left[place].type == "POW" and [t.type for t in left[place + 1 : place + 4]] == BRACED
        plain = left[place].type == "POW" and place + 1 < len(left) and left[place + 1].type == "NUMBER"
        place += 4 if number else 1 + plain  # w*, w^*: the best w; σ^2
    if place < len(left) and left[place].type in ("LPAR", "LSQB"):
        inside = left[place:]
        listed = any([t.type in ("COMMA", "BAR", "NORM", "SEMI", "REFUSED") for t in inside])
        kinds = ("OP", "SIGN") if listed else ("OP", "SIGN", "NUMBER", "POW")
        while inside[-1].type == "SUB":
            inside = inside[:-1]  # k(x, y)_{i, j}
        return closes(inside) == len(inside) - 1 and all([t.type not in kinds for t in inside])
    return place == len(left)


def closes(raw: list[Token]) -> int:
    """Return the place of the bracket that closes the first one, or -1."""
    depth = 0
    for place, token in enumerate(raw):
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if not depth:
            return place
    return -1


def closings(raw: list[Token]) -> dict[int, int]:
    """Return the place of the bracket that closes each."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for place, token in enumerate(raw):
        if token.type in OPENING:
            opened.append(place)
        elif token.type in CLOSING and opened:
            found[opened.pop()] = place
    return found


NOISE = frozenset(("ε", "e", "η", "ξ", "noise", "err", "error", "eps"))
"""What is added in a model of the data."""


def noise_in(right: list[Token]) -> Name | None:
    """Return the noise that alone is one of the terms of what a name stands for: ε of X w + ε; None without one."""
    for place in top_level(right):
        name, end = name_at(right, place + 1)
        if right[place].type == "SIGN" and name is not None and name.base in NOISE:
            return name if right[end : end + 1] == [] or right[end].type == "SIGN" else None
    return None


def declares(raw: list[Token], places: list[int]) -> bool:
    """Say whether some tokens declare names: nothing but names and commas stands before the sign.

    Names beside each other are no list with a comma or a word such as where among them: A x, A: R^{m x n}.
    """
    sign = next((k for k in places if is_member(raw, k)), 0)
    names = raw[int(raw[:1] != [] and raw[0].text == "where") : sign]
    if not sign or not all([t.type in ("WORD", "SUB", "COMMA") for t in raw[:sign]]):
        return False
    beside = any([after.type == "WORD" and before.type != "COMMA" for before, after in pairwise(names)])
    return not (beside and any([t.type == "COMMA" or t.text in ("where", "for", "with") for t in names]))


def is_member(raw: list[Token], place: int) -> bool:
    """Say whether a sign says what a name is: x ∈ R^n, x: R^n."""
    kind = raw[place].type
    return kind in MEMBER and not (kind == "COLON" and is_frobenius(raw, place))


def is_number(part: list[Token]) -> bool:
    """Say whether a part is the number of an equation, or its mark: (3), (2.14), [3], (*)."""
    kinds = [t.type for t in part]
    return kinds in (["LPAR", "NUMBER", "RPAR"], ["LSQB", "NUMBER", "RSQB"]) or (
        kinds == ["LPAR", "OP", "RPAR"] and part[1].text in ("*", "∗", "†")
    )


SQUARE = "sq"
"""The subscript of a name that stands for a square."""


def square_of(raw: Sequence[Token]) -> Name | None:
    """Return the name that stands for a square, where some tokens are the square of a name: σ^2, σ²."""
    if len(raw) < 2 or raw[0].type != "WORD" or power_at(raw, 1) != (2, len(raw)):
        return None
    return Name(plain_name(raw[0].text), SQUARE)


def power_at(raw: Sequence[Token], place: int) -> tuple[int, int]:
    """Return the whole number that a name is raised to at a place, and the place behind it; 0 where there is none."""
    if place >= len(raw):
        return 0, place
    if raw[place].type == "SUP":
        said = plain_script(raw[place].text)
        return (int(said), place + 1) if said.isdecimal() else (0, place)
    if raw[place].type != "POW":
        return 0, place
    braced = raw[place + 1 : place + 2] and raw[place + 1].type in ("LBRACE", "LPAR")
    number = place + (2 if braced else 1)
    if number >= len(raw) or not raw[number].text.isdecimal():
        return 0, place
    end = number + (2 if braced else 1)
    closed = not braced or (end <= len(raw) and raw[end - 1].type in ("RBRACE", "RPAR"))
    return (int(raw[number].text), end) if closed else (0, place)


def _with_last_apart(token: Token, bases: Container[str], known: Container[str]) -> list[Token]:
    """Return a token, or the two of a product that ends with a name: πσ in 2πσ²."""
    word, end = token.text, token.end
    whole = plain_name(word)
    if token.type != "WORD" or len(word) < 2 or word[-1] not in bases:
        return [token]
    if whole in bases or whole in known or is_function(word):
        return [token]
    return [Token("WORD", word[:-1], token.start, end - 1), Token("WORD", word[-1], end - 1, end)]


def with_squares(
    raw: list[Token], wanted: Sequence[Name], notes: list[str], known: Collection[str] = ()
) -> list[Token]:
    """Return tokens with a name for each square that is differentiated by; even powers are powers of it.

    Raises `E-UNSUPPORTED` where the name stands there otherwise, as in σ^2 + σ.
    """
    bases = {name.base: name for name in wanted if name.sub == SQUARE}
    if not bases or any([t.type == "SUB" and plain_script(t.text) == SQUARE for t in raw]):
        return raw
    raw = [part for token in raw for part in _with_last_apart(token, bases, known)]
    whole = {*known} - bases.keys()
    made: list[Token] = []
    place = 0
    while place < len(raw):
        token = raw[place]
        name = None
        if token.type == "WORD" and (word := plain_name(token.text)) not in whole:
            letters = "" if is_function(token.text) else token.text
            name = bases.get(word) or next((bases[c] for c in letters if c in bases), None)
        place += 1
        made.append(token)
        if name is None or (place < len(raw) and raw[place].type == "SUB"):
            continue
        power, end = power_at(raw, place)
        if not power or power % 2:
            said = f"{name.base} stands in it otherwise than as a square, so {name.base}^2 is no variable of its own"
            hint = f"by {name.base}^2 it is the derivative by {name.base} over 2 {name.base}: --wrt {name.base}"
            raise mistake_at("E-UNSUPPORTED", said, token, "no square", hint)
        made.append(Token("SUB", f"_{SQUARE}", token.end, token.end))
        if power > 2:
            made += [Token("POW", "^", token.end, token.end), Token("NUMBER", str(power // 2), token.end, token.end)]
        place = end
    notes += [f"{name.full} stands for {name.base}^2" for name in bases.values()]
    return made


def with_heads(raw: list[Token]) -> list[Token]:
    """Return (d/dx)(x^2) and (d/dx) x^2 as d/dx (x^2), where nothing but one operand or bracket follows in the term."""
    closing = closings(raw)
    dropped: set[int] = set()
    for place in reversed(range(len(raw) - 1)):
        if raw[place].type != "LPAR" or raw[place + 1].text[0] not in "d∂":
            continue
        end = closing.get(place, place)
        head = " ".join([t.text for t in raw[place + 1 : min(end, place + LONGEST_HEAD)]])
        if _HEAD.fullmatch(head) is not None and _is_operand(raw, end + 1, closing, dropped):
            dropped |= {place, end}
    return [token for place, token in enumerate(raw) if place not in dropped] if dropped else raw


def _is_operand(raw: list[Token], place: int, closing: dict[int, int], dropped: set[int]) -> bool:
    """Say whether a bracket or something without a product sign stands at a place, and nothing after it in the term."""
    start = place
    bracketed = place < len(raw) and raw[place].type == "LPAR"
    while place < len(raw):
        kind = raw[place].type
        if kind in _ENDING or kind in CLOSING or (place == len(raw) - 1 and raw[place].text == "."):
            break
        if kind == "OP" or place in dropped or (place == start and kind in POWERS) or (bracketed and place > start):
            return False
        place = closing.get(place, place) + 1
    return place > start


def with_differentials(raw: list[Token]) -> list[Token]:
    """Return dg, which is a function before a bracket, as d g elsewhere: dg/dx of a g, as df/dx of an f."""
    made: list[Token] = []
    for token, following in zip(raw, [*raw[1:], None], strict=True):
        if token.text == "dg" and token.type == "WORD" and (following is None or following.type != "LPAR"):
            middle = token.start + 1
            made += [Token("WORD", "d", token.start, middle), Token("WORD", "g", middle, token.end)]
        else:
            made.append(token)
    return made


def with_indicators(raw: list[Token], known: Container[str], notes: list[str]) -> list[Token]:
    """Return tokens with 1(x > 0) for I(x > 0) and 1_{x > 0}: it is 1 where that holds, else 0."""
    for place in [k for k in reversed(range(len(raw) - 1)) if raw[k].text == "1" and raw[k + 1].type == "SUB"]:
        below = raw[place + 1]
        inside = scan(_EQUAL.sub("==", below.text[2:-1]))
        if below.text[1:2] == "{" and any([inside[k].type == "RELATION" for k in top_level(inside)]):
            start = below.start + 2
            inner = [Token(t.type, t.text, start + t.start, start + t.end, t.value) for t in inside]
            bracket = Token("LPAR", "(", raw[place].end, raw[place].end)
            raw = [*raw[: place + 1], bracket, *inner, Token("RPAR", ")", below.end, below.end), *raw[place + 2 :]]
    made = [*raw]
    for place, token in enumerate(raw[:-1]):
        behind = raw[place + 1 :]
        opened = token.text == "I" and "I" not in known and behind[0].type in ("LPAR", "LSQB", "LBRACE")
        inside = behind[1 : closes(behind)] if opened else []
        compared = any([inside[k].type == "RELATION" for k in top_level(inside)])
        if compared and not (place and raw[place - 1].type == "POW"):
            made[place] = Token("NUMBER", "1", token.start, token.end, 1)
            notes.append("I before a comparison is 1 where that holds, and 0 elsewhere")
    return made


def with_logarithms(raw: list[Token], known: Collection[str], notes: list[str], *, alone: bool) -> list[Token]:
    """Return tokens in which ``log L = u`` defines L, which is exp(u), where a derivative asks for log L.

    Standing `alone`, such an equation is a definition without one, too. What is `known` is claimed, and not defined.
    """
    parting = [k for k in top_level(raw) if raw[k].type in ("COMMA", "SEMI") or raw[k].text == "where"]
    ends = [*parting, len(raw)]
    for start, end in zip([0, *[k + 1 for k in parting]], ends, strict=True):
        sign = next((k for k in range(start, end) if raw[k].type in EQUALS), None)
        if sign is None or raw[start].text not in _LOGARITHMS:
            continue
        head = given_name(raw[start + 1 : sign])
        others = [*raw[:start], *raw[end:]]
        asked = any([token.text[:1] in ("d", "∂") for token in others]) and any([t.text == "/" for t in others])
        if head is None or is_function(head[0].full) or head[0].full in known or not (asked or (alone and not others)):
            continue
        at = raw[sign].end
        notes.append(f"{head[0].full} is exp of what its logarithm is")
        right = [Token("WORD", "exp", at, at), Token("LPAR", "(", at, at), *raw[sign + 1 : end]]
        right.append(Token("RPAR", ")", raw[end - 1].end, raw[end - 1].end))
        name = raw[start + 1]
        name = Token(name.type, name.text, raw[start].start, name.end, name.value)
        return [*raw[:start], name, *raw[start + 2 : sign + 1], *right, *raw[end:]]
    return raw


def with_pieces(raw: list[Token]) -> list[Token]:
    """Return tokens with braces around pieces that have none: x if x > 0 else 0; x if x > 0, a x otherwise.

    One piece alone is left as it is: its condition may be a remark.
    """
    outside = {*top_level(raw)}
    marks = [k for k in outside if raw[k].text in (*CONDITIONS, *OTHERWISE)]
    signs = [k for k in outside if raw[k].type in EQUALS and marks and k < min(marks)]
    begun = max(signs, default=next((k for k, t in enumerate(raw) if t.type in EQUALS), -1)) + 1
    if [t.type for t in raw[begun : begun + 1]] == ["LBRACE"] and closes(raw[begun:]) == len(raw) - begun - 1:
        inner = raw[begun + 1 : -1]
        pieces = with_pieces(inner)  # {x^2 if x < 0, x if x >= 0}
        return raw if pieces is inner else [*raw[:begun], *pieces]
    commas = sorted([k for k in outside if raw[k].type == "COMMA" and k > begun])
    parts = [*zip([begun, *[k + 1 for k in commas]], [*commas, len(raw)], strict=True)]
    each = [[k for k in marks if low < k < high] for low, high in parts]
    if not all(each) or (not commas and all([raw[k].text in CONDITIONS for k in marks])):
        return raw
    made: list[Token] = [*raw]
    for k in commas:
        made[k] = Token("SEMI", ";", raw[k].start, raw[k].end)
    for k in marks:
        if raw[k].text in CONDITIONS:
            made[k] = Token("WORD", "if", raw[k].start, raw[k].end)
    opened = Token("LBRACE", "{", raw[begun].start, raw[begun].start)
    closed = Token("RBRACE", "}", raw[-1].end, raw[-1].end)
    return [*made[:begun], opened, *made[begun:], closed]


def balanced(text: str, start: int, end: int) -> tuple[int, int]:
    r"""Return where a part of LaTeX begins and ends with its braces: \frac{1}{2} x of 1}{2} x, \frac12 x of 12 x."""
    if (bare := _BARE_FRACTION.search(text[:start])) is not None:
        start = bare.start()
    for _ in range(MOST_BRACES):
        part = text[start:end].replace("\\{", "").replace("\\}", "")
        depth = least = 0
        for character in part:
            depth += (character == "{") - (character == "}")
            least = min(least, depth)
        if least < 0:
            start = max(text.rfind("\\", 0, start), 0)
        elif depth > 0 and "}" in text[end:]:
            end = text.index("}", end) + 1
        else:
            break
    return start, end
