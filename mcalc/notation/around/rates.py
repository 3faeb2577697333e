"""Equations for derivatives that stand beside a formula, such as dx/dt = A x: what they say is not put in place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from mcalc.errors import clip
from mcalc.notation.around.rows import EQUALS, closes, given_name, top_level
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.words import plain_name
from mcalc.patterns import pattern

_RATE = pattern(r"[d∂]([^\W\d_]\w*)/[d∂](\w+)|(\w+)(?:'|_dot)")
"""dx/dt, x', and the name of ẋ."""

Rate = tuple[str, str, list[Token]]
"""An equation for the derivative of a name, with that name and what it is differentiated by."""


def rate_of(left: str, part: list[Token]) -> Rate | None:
    """Return the equation for a derivative that a part is, by what stands on its left; None where it is no such."""
    rate = _RATE.fullmatch(left)
    return None if rate is None else (plain_name(rate[1] or rate[3]), plain_name(rate[2] or "t"), part)


def left_of(part: list[Token]) -> str:
    """Return what stands before the first sign of equality, as one word."""
    return "".join([plain_name(token.text) for token in part[: _sign(part)]])


def _sign(part: list[Token]) -> int:
    return next((k for k, token in enumerate(part) if token.type in EQUALS), 0)


def refuse_rates(
    text: str, rates: Sequence[Rate], bodies: Sequence[list[Token]], wanted: Collection[str],
    uses: Callable[[list[Token], Name], bool], source: Callable[[list[Token]], str],
) -> None:  # fmt: skip
    """Refuse dx/dt = A x behind a formula of x that is differentiated by t: its x is a function of t.

    `bodies` are the formula and what is put in place in it, and `wanted` what is differentiated by beside what it says.
    """
    formula = bodies[0]
    below = ["".join([t.text for t in formula[k + 1 : k + 3]]) for k, t in enumerate(formula) if t.text == "/"]
    for name, by, part in rates:
        body = next((body for body in bodies if uses(body, Name(name))), None)
        asked = by in wanted or any([end.startswith((f"d{by}", f"∂{by}")) for end in below])
        if body is not None and asked and f"{name}({by})" not in "".join([t.text for t in body]):
            moving = {other for other, time, _ in rates if time == by}
            hint = f"write {_moved(text, body, moving, name, by)}, in which {name}'({by}) is what the equation says"
            said = f"{source(part)} makes {name} a function of {by}"
            raise mistake_at("E-UNSUPPORTED", said, (part[0], part[-1]), "not put in place", hint)


def _moved(text: str, body: list[Token], moving: Collection[str], name: str, by: str) -> str:
    """Return what to write for a formula with functions of what is differentiated by: d/dt (x(t)^2)."""
    sign = _sign(body)
    body = body[sign + 1 :] if body[sign : sign + 1] and body[sign].type in EQUALS else body
    if [t.text[:1] for t in body[:3:2]] in (["d"] * 2, ["∂"] * 2) and body[1].text == "/":
        body = body[3:]  # d/dt is written anew
    own = [t for t in body if t.type == "WORD" and plain_name(t.text) in moving]
    if not own:
        return f"{name}({by}) for {name}"
    whole, end = "", body[0].start
    for token in own:
        whole += f"{text[end : token.end]}({by})"
        end = token.end
    whole = (whole + text[end : body[-1].end]).strip()
    bracketed = body[0].type == "LPAR" and closes(body) == len(body) - 1
    return f"d/d{by} {whole if bracketed else f'({whole})'}"


def refuse_dots(raw: list[Token], parts: list[list[Token]]) -> None:
    """Refuse ẋ beside x = l sin θ: it is the derivative of that, by what nothing says."""
    dotted = {plain_name(t.text): t for t in raw if t.type == "WORD" and plain_name(t.text).endswith("dot")}
    if not dotted:
        return
    signs = [next((k for k in top_level(part) if part[k].type in EQUALS), 0) for part in parts]
    heads = [given_name(part[:sign]) for part, sign in zip(parts, signs, strict=True) if sign]
    defined = {head[0].full for head in heads if head is not None}
    for name, token in dotted.items():
        base, _, dots = name.rpartition("_")
        if base in defined and dots in ("dot", "ddot") and name not in defined:
            said = f"{token.text} is a derivative of {clip(base)}, by what is not said"
            hint = f"write it out, as d/dt (...) of functions of t; else use a letter that is no rate of {clip(base)}"
            raise mistake_at("E-UNSUPPORTED", said, token, "by what?", hint)
