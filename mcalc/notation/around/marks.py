"""Marks behind a name and before a formula: k_* and t_{1/2} are names, n! is Γ(n + 1), @(x) and x -> say of what it is.

A pass over the tokens of a typed statement; what is read so is noted, and t_1/2 is refused with both readings.
A word before a colon is left out.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import pairwise

from mcalc.notation.around.prose import ENGLISH
from mcalc.notation.around.rows import EQUALS, OPERATORS
from mcalc.notation.surface.mistakes import CLOSING, OPENING, mistake_at
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import is_function

HALVES = frozenset(("_{1/2}", "_{½}"))
HEADS = frozenset(("min", "max", "inf", "sup", "argmin", "argmax", "lim", "lambda"))
"""Words with a meaning of their own before a formula."""
LABELLING = 3
"""So many letters has a word before a colon that is no variable, at least."""
_STARS = frozenset(("*", "∗"))


def with_marks(text: str, raw: list[Token], notes: list[str]) -> list[Token]:
    """Return tokens with names and calls for marks, and without what only says of what a formula is a function.

    >>> from mcalc.notation.surface.parse import scan
    >>> " ".join([token.text for token in with_marks("f = @(x) k_*' x - n!", scan("f = @(x) k_*' x - n!"), [])])
    "f = k _star ' x - Γ ( n + 1 )"
    """
    raw = _without_arguments(text, raw, notes)
    made: list[Token] = []
    skipped = 0
    for place, token in enumerate(raw):
        following = raw[place + 1] if place + 1 < len(raw) else token
        glued = bool(made) and made[-1].end == token.start
        if skipped:
            skipped -= 1
        elif token.type == "UNDERSCORE" and glued and following.text in _STARS and following.start == token.end:
            made.append(Token("SUB", "_star", token.start, following.end))
            skipped = 1
        elif token.text == "_1" and glued and _halves(raw, place):
            name = made[-1].text
            hint = f"write {name}_{{1/2}} for the time in which half is left, ({name}_1)/2 for the quotient"
            spans = made[-1], raw[place + 2]
            raise mistake_at("E-AMBIG", f"{name}_1/2 has two readings", spans, "a half-life?", hint)
        elif token.text in HALVES and made and made[-1].type == "WORD":
            made.append(Token("SUB", "_half", token.start, token.end))
            notes.append(f"{made[-2].text}{token.text} is read as {made[-2].text}_half")
        elif token.text == "!" and glued and not _is_doubled(raw, place) and (begun := _operand(made)) < len(made):
            said = text[made[begun].start : token.end]
            notes.append(f"{said} is read as Γ({said[:-1]} + 1)")
            behind = [("SIGN", "+", None), ("NUMBER", "1", 1), ("RPAR", ")", None)]
            tail = [Token(kind, sign, token.start, token.end, value) for kind, sign, value in behind]
            head = Token("WORD", "Γ", made[begun].start, token.end)
            made[begun:] = [head, Token("LPAR", "(", token.start, token.end), *made[begun:], *tail]
        else:
            made.append(token)
    return made


def without_label(text: str, raw: list[Token], known: Container[str], notes: list[str]) -> list[Token]:
    """Return the tokens without a word and a colon before a formula that is no shape: hinge: max(0, 1 - y f)."""
    kinds = [token.type for token in raw[:3]]
    if kinds[:2] != ["WORD", "COLON"] or len(raw) < 4 or len(raw[0].text) < LABELLING or raw[0].text in known:
        return raw
    if raw[0].text.lower() in ENGLISH or raw[0].text in HEADS or is_function(raw[0].text):
        return raw
    word, colon, first = raw[:3]
    spaced = word.end == colon.start and colon.end < first.start
    if not spaced or not word.text.isalpha() or first.text[:1] in "RℝS" or any([t.type == "IN" for t in raw]):
        return raw
    notes.append(f"{text[word.start : colon.end]} is left out")
    return raw[2:]


def _halves(raw: list[Token], place: int) -> bool:
    """Say whether /2 is glued to the subscript of a time, as it is in t_1/2."""
    behind = raw[place : place + 3]
    glued = all([a.end == b.start for a, b in pairwise(behind)])
    return raw[place - 1].text in ("t", "T", "τ") and [t.text for t in behind[1:]] == ["/", "2"] and glued


def _without_arguments(text: str, raw: list[Token], notes: list[str]) -> list[Token]:
    """Return tokens without the head of a function that has no name: @(x) x'x, x -> x^2, f = @(x, y) x y."""
    begun = next((k + 1 for k, token in enumerate(raw) if token.type in EQUALS), 0)
    end = begun
    if [t.text for t in raw[begun : begun + 2]] == ["@", "("]:
        end = next((k + 1 for k in range(begun, len(raw)) if raw[k].type == "RPAR"), begun)
        inside = raw[begun + 2 : end - 1]
    elif [t.text for t in raw[begun + 1 : begun + 3]] == ["-", ">"] and raw[begun + 1].end == raw[begun + 2].start:
        end, inside = begun + 3, raw[begun : begun + 1]
    if end == begun or end >= len(raw) or not inside or not all([t.type in ("WORD", "SUB", "COMMA") for t in inside]):
        return raw
    notes.append(f"{text[raw[begun].start : raw[end - 1].end]} is left out: it says of what the formula is a function")
    return [*raw[:begun], *raw[end:]]


def _is_doubled(raw: list[Token], place: int) -> bool:
    """Say whether a sign of a factorial stands beside another: n!! is a product of every second number."""
    return "!" in [token.text for token in (*raw[place - 1 : place], *raw[place + 1 : place + 2])]


def _operand(made: list[Token]) -> int:
    """Return where the name, the number or the bracket begins that some tokens end with; their number where none."""
    place = len(made) - 1
    if made[place].type == "RPAR":
        depth = 0
        while place >= 0:
            depth += (made[place].type in CLOSING) - (made[place].type in OPENING)
            if not depth:
                break
            place -= 1
        called = place > 0 and made[place - 1].type in ("WORD", "SUB") and made[place - 1].end == made[place].start
        return len(made) if called or place < 0 else place
    while place > 0 and made[place].type == "SUB":
        place -= 1
    single = made[place].type == "NUMBER" or (made[place].type == "WORD" and len(made[place].text) == 1)
    alone = place == 0 or made[place - 1].type in OPERATORS or made[place - 1].end < made[place].start
    return place if single and (alone or made[place - 1].type != "WORD") else len(made)
