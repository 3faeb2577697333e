"""Rows of tokens: what stands outside brackets, a name, a left side, the number of an equation."""

from __future__ import annotations

from mcalc.notation.surface.brackets import is_frobenius
from mcalc.notation.surface.mistakes import CLOSING, OPENING
from mcalc.notation.surface.scripts import plain_script
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import is_function, plain_name

POWERS = ("SUP", "POW")
BRACED = ["LBRACE", "NUMBER", "RBRACE"]
EQUALS = frozenset(("EQUALS", "DEFINE"))
MEMBER = frozenset(("IN", "COLON"))
OPERATORS = frozenset(("OP", "SIGN", "POW", "RELATION", "EQUALS", "DEFINE", "COMMA", "IN"))


def given_name(raw: list[Token]) -> tuple[Name, list[Name] | None, Token] | None:
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
        if kind in OPENING or (token.text == "<" and (not place or raw[place - 1].type in (*OPERATORS, *OPENING))):
            if token.text == "<":
                angles.append(depth)
            depth += 1
        elif kind in CLOSING or (token.text == ">" and angles and angles[-1] == depth - 1):
            if token.text == ">":
                angles.pop()
            depth -= 1
        elif depth <= 0:
            found.append(place)
    return found


def is_left(left: list[Token]) -> bool:
    """Say whether some tokens name a value: a name, a call, a norm, p(·|·), with a sign, ln or log before it."""
    if len(left) > 1 and left[0].type == "SIGN":
        left = left[1:]
    while (
        left and left[0].type == "WORD" and left[0].text in ("log", "ln") and len(left) > 1 and left[1].type == "WORD"
    ):
        left = left[1:]
    if not left:
        return False
    if left[0].type in ("NORM", "BAR"):
        closing = next((k for k in range(1, len(left)) if left[k].type == left[0].type), 0)
        single = all([t.type in ("WORD", "SUB") for t in left[1:closing]])
        return bool(closing) and single and all([t.type in (*POWERS, "SUB", "NUMBER") for t in left[closing + 1 :]])
    name, place = name_at(left, 0)
    if name is None or (is_function(name.full) and len(name.full) > 1):
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


def declares(raw: list[Token], places: list[int]) -> bool:
    """Say whether some tokens declare names: nothing but names and commas stands before the sign."""
    sign = next((k for k in places if is_member(raw, k)), None)
    return sign is not None and sign > 0 and all([t.type in ("WORD", "SUB", "COMMA") for t in raw[:sign]])


def is_member(raw: list[Token], place: int) -> bool:
    """Say whether a sign says what a name is: x ∈ R^n, x: R^n."""
    return raw[place].type in MEMBER and not is_frobenius(raw, place)


def is_number(part: list[Token]) -> bool:
    """Say whether a part is the number of an equation, or its mark: (3), (2.14), [3], (*)."""
    kinds = [t.type for t in part]
    return kinds in (["LPAR", "NUMBER", "RPAR"], ["LSQB", "NUMBER", "RSQB"]) or (
        kinds == ["LPAR", "OP", "RPAR"] and part[1].text in ("*", "∗", "†")
    )
