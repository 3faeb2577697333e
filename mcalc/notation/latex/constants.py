r"""Vectors of ones and zeros, and indicators: ``\mathbf{1}``, ``\vec{0}``, ``\mathbb{1}[x > 0]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.latex import scripts
from mcalc.notation.latex.commands import FONTS, SIGNS
from mcalc.notation.latex.tokens import fail

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser


def constant(n: Normaliser, start: int, end: int, after: int | None = None) -> bool:
    r"""Write ``\mathbf{1}``, ``\vec{0}`` or the indicator ``\mathbb{1}[...]``; say whether it is one of them."""
    while end - start > 1 and n.tokens[start].kind == "command" and n.tokens[start].text in FONTS:
        start += 1
        if n.tokens[start].kind == "open" and n.match[start] == end - 1:
            start, end = start + 1, end - 1
    digits = [t.text for t in n.tokens[start:end]]
    if digits not in (["0"], ["1"]):
        return False
    first = n.tokens[n.place]
    stop = end if after is None else after
    last = n.tokens[stop - 1]
    if digits == ["1"] and is_indicator(n, stop):
        indicator(n, n.place, stop)
        return True
    n.place = stop
    found = scripts.collect(n)
    if found.sub is not None:
        sizes = scripts.text_of(n, *found.sub).replace("×", ",")
        if sizes not in n.running:
            n.write(f"{('zeros', 'ones')[int(digits[0])]}({sizes})", first, found.last)
            scripts.power_of(n, found)
            return True
        raise fail("an entry of a constant vector is 0 or 1", first, found.last, hint=f"write {digits[0]}")
    n.write(digits[0] + "vec", first, last)
    scripts.after(n, "group")
    return True


def is_indicator(n: Normaliser, place: int) -> bool:
    """Say whether brackets, or a subscript, with a comparison in them follow a 1."""
    tokens = n.tokens
    limit = n.frames[-1].end if n.frames else len(tokens)
    if place >= limit:
        return False
    if tokens[place].kind == "left" and tokens[place].text in "([{":
        return _compares(n, place + 1, n.match[place])
    if tokens[place].kind == "sub" and place + 1 < limit and tokens[place + 1].kind == "open":
        inside = place + 2
        close = n.match[place + 1]
        if tokens[inside].kind == "left" and n.match[inside] == close - 1:
            return _compares(n, inside + 1, close - 1)
        return _compares(n, inside, close)
    return False


def _compares(n: Normaliser, start: int, end: int) -> bool:
    place = start
    while place < end:
        token = n.tokens[place]
        if token.is_other("=", "<", ">") or (
            token.kind == "command" and SIGNS.get(token.text, "") in ("≤", "≥", "≠", "<", ">")
        ):
            return True
        place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else place + 1
    return False


def indicator(n: Normaliser, start: int, after: int) -> None:
    """Write an indicator as braces: 1 if the comparison holds, 0 otherwise."""
    first = n.tokens[start]
    if n.tokens[after].kind == "sub":
        inside, close, jump = after + 2, n.match[after + 1], n.match[after + 1] + 1
        if n.tokens[inside].kind == "left" and n.match[inside] == close - 1:
            inside, close = inside + 1, close - 1
    else:
        inside, close, jump = after + 1, n.match[after], n.match[after] + 1
    n.write("{1 if", first, n.tokens[after])
    n.rows.append("indicator")

    def leave() -> None:
        n.rows.pop()
        scripts.after(n, "group")

    n.enter(inside, close, "", "; 0 otherwise}", jump, leave)
