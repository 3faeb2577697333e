"""Definitions inside brackets, put in place before anything is read: ``(2 u where u = x + 1) y`` is (2 (x + 1)) y.

So the body of a sum is printed where it is long.
"""

from __future__ import annotations

from mcalc.notation.around.rows import name_at
from mcalc.notation.surface.mistakes import CLOSING, OPENING
from mcalc.notation.surface.syntax import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100_000
"""The most tokens that definitions put in place may bring a statement to."""


def with_inner_wheres(raw: list[Token]) -> list[Token]:
    """Return the tokens of a statement with what is defined inside brackets in its place, the innermost first."""
    while len(raw) <= MOST and any([token.text == "where" for token in raw]):
        depth, opened, found = 0, [0], None
        for place, token in enumerate(raw):
            depth += (token.type in OPENING) - (token.type in CLOSING)
            if token.type in OPENING:
                opened.append(place)
            elif token.type in CLOSING and len(opened) > 1:
                opened.pop()
            elif depth > 0 and token.text == "where" and _defines(raw, place + 1):
                found = opened[-1], place
        if found is None:
            break
        opening, where = found
        parts, closing = _parts(raw, where + 1)
        if closing == len(raw):
            break
        body = raw[opening + 1 : where]
        for part in reversed(parts):
            if _defines(part, 0):
                after = name_at(part, 0)[1]
                body = _replaced(body, part[:after], part[after + 1 :])
        raw = [*raw[: opening + 1], *body, *raw[closing:]]
    return raw


def _defines(raw: Sequence[Token], place: int) -> bool:
    """Say whether a name and an equals sign stand at a place."""
    name, after = name_at(list(raw[place : place + 6]), 0)
    return name is not None and place + after < len(raw) and raw[place + after].type == "EQUALS"


def _parts(raw: list[Token], place: int) -> tuple[list[list[Token]], int]:
    """Return the parts between semicolons from a place to the end of its brackets, and where that is."""
    parts: list[list[Token]] = [[]]
    depth = 0
    while place < len(raw):
        token = raw[place]
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth < 0:
            break
        if token.type == "SEMI" and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
        place += 1
    return parts, place


def _replaced(body: list[Token], name: list[Token], value: list[Token]) -> list[Token]:
    """Return some tokens with a value in brackets wherever a name stands."""
    wanted = [token.text for token in name]
    made: list[Token] = []
    place = 0
    while place < len(body):
        here = body[place : place + len(name)]
        goes_on = body[place + len(name) : place + len(name) + 1]
        if [t.text for t in here] == wanted and not (goes_on and goes_on[0].type == "SUB" and here):
            first, last = here[0], here[-1]
            opening, closing = Token("LPAR", "(", first.start, first.start), Token("RPAR", ")", first.start, last.end)
            made += [opening, *value, closing]
            place += len(name)
        else:
            made.append(body[place])
            place += 1
    return made
