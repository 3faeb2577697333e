"""A square as a variable, as the variance σ^2 is one: the name σ_sq stands for it throughout the statement."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.scripts import plain_script
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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


def with_squares(raw: list[Token], wanted: Sequence[Name], notes: list[str]) -> list[Token]:
    """Return tokens with a name for each square that is differentiated by; even powers are powers of it.

    Raises `E-UNSUPPORTED` where the name stands there otherwise, as in σ^2 + σ.
    """
    bases = {name.base: name for name in wanted if name.sub == SQUARE}
    if not bases or any([t.type == "SUB" and plain_script(t.text) == SQUARE for t in raw]):
        return raw
    made: list[Token] = []
    place = 0
    while place < len(raw):
        token = raw[place]
        name = bases.get(plain_name(token.text)) if token.type == "WORD" else None
        place += 1
        made.append(token)
        if name is None or (place < len(raw) and raw[place].type == "SUB"):
            continue
        power, end = power_at(raw, place)
        if not power or power % 2:
            raise Mistake(
                "E-UNSUPPORTED",
                f"{name.base} stands in it otherwise than as a square, so {name.base}^2 is no variable of its own",
                [Span(token.start, token.end, "no square")],
                hint=f"by {name.base}^2 it is the derivative by {name.base} over 2 {name.base}: --wrt {name.base}",
            )
        made.append(Token("SUB", f"_{SQUARE}", token.end, token.end))
        if power > 2:
            made += [Token("POW", "^", token.end, token.end), Token("NUMBER", str(power // 2), token.end, token.end)]
        place = end
    notes += [f"{name.full} stands for {name.base}^2" for name in bases.values()]
    return made
