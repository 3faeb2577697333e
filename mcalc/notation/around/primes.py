"""Primes that make another name: x' in k(x, x'), p(x' | x), f(x) - f(x') and ‖x - x'‖ is a point, no transpose."""

from __future__ import annotations

from collections.abc import Container

from mcalc.errors import Mistake
from mcalc.notation.around.rows import name_at
from mcalc.notation.surface.mistakes import CLOSING, OPENING, mistake_at
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import is_function

_BETWEEN = frozenset(("COMMA", "SEMI", "BAR"))
"""What stands between arguments."""
_EDGES = frozenset((*OPENING, *CLOSING, "BAR", "NORM"))


def with_points(raw: list[Token], matrices: Container[str], notes: list[str]) -> list[Token]:
    """Return tokens with x_prime for x' where it is another point beside x; a matrix is transposed.

    Raises `E-AMBIG` for ‖X - X'‖, which has both readings.
    """
    own = _arguments(raw, matrices) | _differences(raw, matrices)
    made: list[Token] = []
    for place, token in enumerate(raw):
        first = _first(raw, place) if token.type == "PRIME" and token.text in ("'", "′") else place
        word = raw[first].text
        if first == place or word not in own:
            made.append(token)
            continue
        note = f"{word}' is a variable of its own, {word}_prime"
        notes += [note] if note not in notes else []
        made.insert(len(made) - (place - first - 1), Token("SUB", "_prime", raw[first].end, raw[first].end))
        made[-1].end = max(made[-1].end, token.end)
    return made


def _first(raw: list[Token], end: int) -> int:
    """Return the place of the word that a name ends with at a place; that place where none does."""
    first = end - 1
    while first > 0 and raw[first].type == "SUB":
        first -= 1
    return first if first >= 0 and raw[first].type == "WORD" else end


def _arguments(raw: list[Token], matrices: Container[str]) -> set[str]:
    """Return the names that stand with a prime as one of several arguments, or where they stand without one, too."""
    heads: list[tuple[str, int]] = []
    plain: set[tuple[str, str]] = set()
    primed: list[tuple[str, str, bool]] = []
    for place, token in enumerate(raw[:-1]):
        if token.type in OPENING:
            heads.append((_head(raw, place), place))
        elif token.type in CLOSING and heads:
            heads.pop()
        elif token.type == "WORD" and heads and heads[-1][0]:
            head, opened = heads[-1]
            behind = place + 1 + (raw[place + 1].type == "PRIME")
            first = place - 1 == opened
            if not (first or raw[place - 1].type in _BETWEEN) or raw[behind : behind + 1] == []:
                continue
            if raw[behind].type in (*_BETWEEN, *CLOSING):
                if behind == place + 1:
                    plain.add((head, token.text))
                elif token.text not in matrices:
                    primed.append((head, token.text, first and raw[behind].type in CLOSING))
    beside = {word for _, word in plain}
    return {
        word
        for head, word, alone in primed
        if (head, word) in plain or not (alone or (word.isupper() and word not in beside))
    }


def _head(raw: list[Token], opened: int) -> str:
    """Return the name before a bracket with its subscripts, unless it is a function of the table; empty without one."""
    first = _first(raw, opened)
    if raw[opened].type != "LPAR" or raw[opened - 1].end != raw[opened].start or is_function(raw[first].text):
        return ""
    return "".join([t.text for t in raw[first:opened]])


def _differences(raw: list[Token], matrices: Container[str]) -> set[str]:
    """Return the small letters of which x - x' or x' - x stands alone in brackets or bars: a vector is no row."""
    found: set[str] = set()
    for place, sign in enumerate(raw):
        if sign.text not in ("-", "−") or not place:
            continue
        marked = raw[place - 1].type == "PRIME"
        first = _first(raw, place - marked)
        (left, end), (right, last) = name_at(raw, first), name_at(raw, place + 1)
        marks = [t for t in (*raw[end:place], *raw[last : last + (not marked)]) if t.type == "PRIME"]
        if left is None or right is None or left.full != right.full or len(marks) != 1 or end != place - marked:
            continue
        edges = *raw[first - 1 : first], *raw[last + (not marked) :][:1]
        word = raw[first].text
        if any([t.type not in _EDGES for t in edges]) or word in matrices:
            continue
        if not word.isupper():
            found.add(word)
        elif [t.type for t in edges] == ["NORM", "NORM"]:
            raise _unclear(left, marks[0])
    return found


def _unclear(name: Name, mark: Token) -> Mistake:
    said = f"{name.full}' may be the transpose, or another matrix"
    return mistake_at("E-AMBIG", said, mark, "which?", f"write {name.full}^T, or {name.full}_2 for another")
