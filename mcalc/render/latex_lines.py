"""LaTeX in lines: brackets as high as what is in them, and breaks where a line would be wider than a column."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING

from mcalc.render.latex_width import COLUMN, width_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from mcalc.render.faces import Piece

TALL = (r"\frac{", r"\begin{", r"\sum", r"\prod")
LEFT_BARS, RIGHT_BARS = (r"\lVert ", r"\lvert "), (r" \rVert", r" \rvert")
INLINE_WHERE, WHERE = r"\text{ where }", r"\text{where }"
"""The word before definitions, inside a line and at the beginning of one."""
LEFT, RIGHT = r"\left[ ", r" \right]"
INDENT = 20.0
"""How far the lines after the first are moved to the right: a quad for each step."""
SIGNS = (" + ", " - ", " = ")
"""What a line is best broken before, outside brackets."""
WORST = 4
"""How much worse each bracket around it makes a break."""
SHORTEST = 0.4
"""The part of a line that brackets are wider than where a line is broken inside them."""
LEAST = 0.4
"""The part of a line that is filled before it is broken."""


def join(pieces: Sequence[Piece]) -> str:
    r"""Join pieces, with `\left` and `\right` before the brackets and bars around what is higher than a line."""
    return "".join(_sized(pieces))


def _sized(pieces: Sequence[Piece], breaks: Sequence[int] = ()) -> list[str]:
    r"""Return the texts of pieces, brackets as high as they have to be; of a pair with a break in it as `\Bigl(`."""
    out: list[str] = []
    waiting: list[int] = []
    tall: list[bool] = [False]
    for place, (text, _) in enumerate(pieces):
        if text in ("(", LEFT) or text in LEFT_BARS:
            waiting.append(place)
            tall.append(False)
        elif (text == ")" or text.startswith((RIGHT, *RIGHT_BARS))) and waiting:
            start, high = waiting.pop(), tall.pop()
            is_broken = bisect(breaks, start) < bisect(breaks, place)
            opening = out[start]
            if opening == LEFT:
                if is_broken:
                    out[start], text = r"\Bigl[ ", text.replace(r"\right", r"\Bigr")
                tall[-1] = True
            elif high:
                out[start] = rf"\Bigl{opening}" if is_broken else rf"\left{opening}"
                text = rf"\Bigr{text.strip()}" if is_broken else rf"\right{text.strip()}"
                tall[-1] = True
        elif text.startswith(TALL):
            tall[-1] = True
        out.append(text)
    return out


def lines(
    pieces: Sequence[Piece], room: float = COLUMN, later: float | None = None, *, products: bool = False
) -> list[str]:
    """Return a formula in lines that fit into `room`, those after the first into `later`.

    They are broken before signs outside brackets where there are any, else in as few brackets as may be. What cannot be
    broken, such as a fraction, may be too wide. With `products` a line may begin with a factor, where it could be read
    as a formula of its own.
    """
    sized = _sized(pieces)
    whole = "".join(sized)
    if len(whole) * 5 < room or width_of(whole) <= room:
        return [whole]
    places = _places(pieces, products=products)
    inside = _brackets(pieces, places)
    widths = _widths(sized, places)
    before = [0.0, *accumulate(widths)]
    starts = [0, *places]
    for place, (first, last) in inside.items():
        if before[bisect(starts, last)] - before[bisect(starts, first)] < SHORTEST * room:
            del places[place]
    widths = _widths(sized, places)
    breaks = _chosen(places, widths, room, room - INDENT if later is None else later)
    texts = _sized(pieces, breaks)
    stops = [*breaks, len(pieces)]
    rows = ["".join(texts[a:b]).strip() for a, b in zip([0, *breaks], stops, strict=True)]
    return [row.replace(INLINE_WHERE, WHERE) if row.startswith(INLINE_WHERE) else row for row in rows]


def _widths(sized: Sequence[str], places: Iterable[int]) -> list[float]:
    """Return how wide what stands between some places is."""
    starts = [0, *places]
    return [width_of("".join(sized[a:b])) for a, b in zip(starts, [*starts[1:], len(sized)], strict=True)]


def _brackets(pieces: Sequence[Piece], places: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return, of places in brackets, where the innermost ones begin and end."""
    found: dict[int, tuple[int, int]] = {}
    waiting: list[tuple[int, list[int]]] = []
    for place, (text, _) in enumerate(pieces):
        if waiting and place in places:
            waiting[-1][1].append(place)
        if text in ("(", LEFT):
            waiting.append((place, []))
        elif (text == ")" or text.startswith(RIGHT)) and waiting:
            first, inner = waiting.pop()
            found.update(dict.fromkeys(inner, (first, place)))
    return found


def fits(pieces: Sequence[Piece], room: float, *, products: bool = False) -> bool:
    """Say whether no line of a formula is wider than `room`."""
    return all([width_of(line) <= room for line in lines(pieces, room, products=products)])


def _places(pieces: Sequence[Piece], *, products: bool) -> dict[int, int]:
    """Return the places of pieces that a line may begin with, each with how bad a break there is."""
    found: dict[int, int] = {}
    groups = brackets = 0
    for place, (text, role) in enumerate(pieces):
        if place and not groups:
            before = pieces[place - 1][0]
            rank = WORST * brackets
            if role == "keyword" and "where" in text and not brackets:
                found[place] = -1
            elif before == "; ":
                found[place] = rank
            elif text in SIGNS:
                found[place] = rank + 1
            elif before == ", " or (role == "operator" and text[:1] == " " == text[-1:]):
                found[place] = rank + 2
            elif text == " " and (products or brackets):
                found[place] = rank + 3
        groups += text.count("{") - text.count("}") + text.count(r"\begin") - text.count(r"\end")
        groups += (text in LEFT_BARS) - text.startswith(RIGHT_BARS)
        brackets += (text in ("(", LEFT)) - (text == ")" or text.startswith(RIGHT))
    return found


def _chosen(places: dict[int, int], widths: Sequence[float], room: float, later: float) -> list[int]:
    """Return where the lines after the first begin: each ends at the best place that leaves it well filled."""
    starts = list(places)
    breaks: list[int] = []
    first = 0
    left = sum(widths)
    while left > room:
        best = -1
        filled = 0.0
        for k in range(first, len(starts)):
            filled += widths[k]
            if filled > room and best >= 0:
                break
            own = places[starts[k]]
            if own < 0 or filled > room or (filled > LEAST * room and (best < 0 or own <= places[starts[best]])):
                best = k
            if own < 0 or filled > room:
                break
        if best < 0:
            break
        breaks.append(starts[best])
        left -= sum(widths[first : best + 1])
        first = best + 1
        room = later
    return breaks
