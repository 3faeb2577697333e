"""Statements that declare in words: let S be symmetric; x is a 3-vector; scalars a, b; K ≻ 0."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from mcalc.notation.around.prose import ENGLISH
from mcalc.notation.around.rows import MEMBER, top_level
from mcalc.notation.around.said_in_words import (
    BEFORE,
    ORDERS,
    PROSE,
    VERBS,
    is_above_zero,
    is_capital,
    is_symmetry,
    is_worded,
)
from mcalc.notation.surface.properties import KINDS, PROPERTIES, SHORT
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import is_function

FIELDS = frozenset(("R", "ℝ"))
SIZING = frozenset(("x", "×", "by"))
KNOWING = frozenset((
    *KINDS, "matrices", "scalars", "numbers", "vectors", "integers", *SHORT,
    *[word for said in PROPERTIES for word in said.split()],
))  # fmt: skip
"""The words of which one says what a name is."""
SAYING = KNOWING | VERBS
PARTS = frozenset((
    "WORD", "SUB", "SUP", "COMMA", "COLON", "IN", "POW", "LBRACE", "RBRACE", "LPAR", "RPAR", "NUMBER", "OP", "SIGN",
    "RELATION",
))  # fmt: skip
"""What such a statement is made of."""


def as_declaration(raw: list[Token], known: Collection[str]) -> tuple[list[Token], int] | None:
    """Return a statement that says in words what names are with a sign behind the names, and the place of that sign.

    None where a statement is none. Of words, those in `known` alone are names.

    >>> from mcalc.notation.surface.parse import scan
    >>> for said in ("let A and B be symmetric matrices", "symmetric S: R^{3 x 3}", "x vector", "S = S'", "S ≻ 0"):
    ...     " ".join([token.text for token in as_declaration(scan(said), "S")[0]])
    'A , B : symmetric matrices'
    'S : symmetric R ^ { 3 x 3 }'
    'x : vector'
    'S : symmetric'
    'S : posdef'
    """
    if (of_matrix := _of_matrix(raw, known)) is not None:
        return of_matrix
    texts = [token.text.lower() for token in raw]
    if SAYING.isdisjoint(texts) and texts[0] not in BEFORE:
        signed = not MEMBER.isdisjoint([token.type for token in raw[1:4]])
        if not signed or "r" in texts or "ℝ" in texts:
            return None
    if not {token.type for token in raw} <= PARTS:
        return None
    raw = [_member(token, after) for token, after in zip(raw, [*raw[1:], raw[-1]], strict=True)]
    begun = next((k for k, text in enumerate(texts) if text not in BEFORE), len(raw))
    names = next((k for k in range(begun, len(raw)) if not _says(raw, k)), len(raw))
    end = next((k for k in range(names, len(raw)) if raw[k].type not in ("WORD", "SUB", "COMMA")), len(raw))
    end = next((k for k in range(names, end) if raw[k].text in VERBS or (k > names and _says(raw, k))), end)
    before, rest = raw[begun:names], raw[end:]
    listed = [Token("COMMA", ",", t.start, t.end) if t.text == "and" else t for t in raw[names:end]]
    sign = rest[0] if rest and (rest[0].type in MEMBER or rest[0].text in VERBS) else None
    if not _are_names(listed, known) or not _is_one(rest) or (sign is None and not _is_worded(rest)):
        return None
    worded = begun > 0 or (sign is not None and sign.text in VERBS) or bool(before)
    spaced = sign is not None and (_is_sized(rest) or (worded and any([token.text in FIELDS for token in rest])))
    knowing = KNOWING if sign is not None else KNOWING - {"square"}  # the square of x
    if not spaced and knowing.isdisjoint([token.text.lower() for token in (*before, *rest)]):
        return None
    start = sign.start if sign is not None else listed[-1].end
    moved = [Token(token.type, token.text, start, start) for token in before]
    colon = Token("COLON", ":", start, sign.end if sign is not None else start)
    return [*listed, colon, *moved, *rest[sign is not None :]], len(listed)


def _of_matrix(raw: list[Token], known: Collection[str]) -> tuple[list[Token], int] | None:
    """Return what an equation or an order says of a matrix: A = Aᵀ that it is symmetric, A ≻ 0 positive definite.

    A small letter above 0 is a vector, entry by entry, and y' = y of nobody's y an equation for a derivative.
    """
    signs = [k for k, token in enumerate(raw) if token.type in ("EQUALS", "OTHER")]
    if len(signs) != 1:
        return None
    sign, left, right = raw[signs[0]], raw[: signs[0]], raw[signs[0] + 1 :]
    said = ""
    if sign.type == "EQUALS" and is_symmetry(left, right):
        left, other = sorted((left, right), key=len)
        declared = "".join([token.text for token in left]) in known
        said = "symmetric" if declared or (other[-1].type != "PRIME" and is_capital(left[0])) else ""
    elif is_above_zero(raw) and len(left) == 1 + (raw[1].type == "SUB"):
        said = ORDERS[sign.text]
    at = sign.start
    return ([*left, Token("COLON", ":", at, at), Token("WORD", said, at, at)], len(left)) if said else None


def _member(token: Token, after: Token) -> Token:
    """Return the word in before a space as the sign that it is."""
    return Token("IN", "∈", token.start, token.end) if token.text == "in" and after.text in FIELDS else token


def _are_names(listed: list[Token], known: Collection[str]) -> bool:
    """Say whether some tokens are names in a list, and no words of a sentence."""
    words = [t.text for t in listed if t.type == "WORD" and len(t.text) > 1 and t.text not in known]
    if not listed or any([word in ENGLISH or is_function(word) or word in PROSE for word in words]):
        return False
    beside = [(one.type, other.type) for one, other in pairwise(listed) if other.type != "SUB"]
    return all([(one == "COMMA") == (other == "WORD") for one, other in beside])


def _is_one(rest: list[Token]) -> bool:
    """Say whether what follows the names is one description: behind a comma stand words alone."""
    comma = next((k for k in top_level(rest) if rest[k].type == "COMMA"), len(rest))
    return all([is_worded(token) for token in rest[comma + 1 :]])


def _is_worded(rest: list[Token]) -> bool:
    """Say whether what follows the names without a sign says in words what they are, with sizes where it has some."""
    others = [token for token in rest if not is_worded(token)]
    sized = _is_sized(rest) and not any([is_function(token.text) for token in others])
    return not rest or (_says(rest, 0) and (not others or sized))


def _is_sized(rest: list[Token]) -> bool:
    """Say whether a description has sizes in it: m x n, (m, n), 3 by 4, mxn."""
    beside = zip(rest[1:], rest[2:], rest[3:], strict=False)
    if any([sign.text in SIZING and {one.type, two.type} <= {"WORD", "NUMBER"} for one, sign, two in beside]):
        return True
    glued = any([len(token.text) == 3 and token.text[1] == "x" for token in rest])
    return glued or [token.type for token in (*rest[1:2], *rest[-1:])] == ["LPAR", "RPAR"]


def _says(raw: list[Token], place: int) -> bool:
    """Say whether a word of a statement says what a name is; one letter may be an article before such a word."""
    token, after = raw[place], raw[place + 1 : place + 2]
    if token.type != "WORD" or token.text in ("and", *VERBS):
        return False
    if len(token.text) == 1:
        return token.text == "a" and bool(after) and after[0].text in PROSE - VERBS - {"and"}
    return is_worded(token) and not is_function(token.text)
