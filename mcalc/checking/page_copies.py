"""What reading a photo loses: ∂ that became O or 8, ᵀ that became T, exponents that stand on the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = r"[^\W\d_](?:_\w|_\{\w+\}|[₀-₉])?"
HEAD = pattern(rf"\s*({NAME})(?:\([^()=]*\))?\s*:?=(?!=)")
CURLY = pattern(rf"(?<![^\W_])([Oo0869aQ])\s?({NAME})\s*/\s*\1\s?({NAME})(?!\w)")
"""A fraction whose two lines begin with what ∂ is taken for."""
NABLA = pattern(rf"^\s*V\s?(?=({NAME})\s*(?:\([^()=]*\))?\s*=)")
TURNED = pattern(rf"({NAME}|\)) ?T(?![_\dᵀ])(?=([a-z](?![a-z]))?)(?![a-z][a-z])")
RAISED = pattern(rf"(?<![^\W\d_])(\d*)({NAME})([2-9])(?![\w.])")
BEHIND = pattern(r"([)\]‖|])([2-9])(?![\w.])")


def restored(texts: Sequence[str], orders: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return lines with what a copy lost put back, and notes on it; `orders` are the numbers of axes of declared names.

    A sign is put back where the line has no other meaning: 8f/8w of two names, uT where u is a vector and nothing is
    called T, x2 where x is a number and nothing is called x_2. Exponents behind brackets follow where that was so.

    >>> restored(["f = uTu", "8f/8u = 2 uT", "y = (x2 + 1)2"], {"u": 1, "x": 0})[0]
    ['f = uᵀu', '∂f/∂u = 2 uᵀ', 'y = (x² + 1)²']
    >>> restored(["f = a T", "8 f/8 = 2"], {"a": 1, "T": 0})
    (['f = a T', '8 f/8 = 2'], [])
    """
    heads = {found[1] for text in texts if (found := HEAD.match(text)) is not None}
    known = {*heads, *orders}
    notes: dict[str, None] = {}

    def curly(found: re.Match[str]) -> str:
        sign, above, below = found.groups()
        if not {above, below} <= known or (sign in known and not sign.isdigit()):
            return found[0]
        made = f"∂{above}/∂{below}"
        notes[f"{found[0]} is read as {made}"] = None
        return made

    def nabla(found: re.Match[str]) -> str:
        if "V" in known or found[1] not in known:
            return found[0]
        notes[f"V{found[1]} is read as ∇{found[1]}"] = None
        return "∇"

    def turned(found: re.Match[str]) -> str:
        if "T" in known or found[2] not in {None, *known}:
            return found[0]
        if found[1] != ")" and orders.get(found[1], 1 if found[1] in heads else 0) < 1:
            return found[0]
        notes[f"{found[0]} is read as {found[1]}ᵀ"] = None
        return f"{found[1]}ᵀ"

    def raised(found: re.Match[str]) -> str:
        factor, name, power = found.groups()
        if orders.get(name) != 0 or {f"{name}_{power}", f"{name}{power}"} & known:
            return found[0]
        notes[f"{name}{power} is read as {name}{SUPERSCRIPTS[power]}"] = None
        return f"{factor}{name}{SUPERSCRIPTS[power]}"

    def behind(found: re.Match[str]) -> str:
        return f"{found[1]}{SUPERSCRIPTS[found[2]]}"

    made = [NABLA.sub(nabla, CURLY.sub(curly, text)) for text in texts]
    made = [RAISED.sub(raised, TURNED.sub(turned, text)) for text in made]
    if notes:
        made = [BEHIND.sub(behind, text) for text in made]
    return made, list(notes)


SUPERSCRIPTS = dict(zip("23456789", "²³⁴⁵⁶⁷⁸⁹", strict=True))
