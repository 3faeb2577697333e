"""LaTeX in lines: brackets as high as what is in them, and breaks where a line would be wider than a column.

How wide a formula is when it is set is measured in display style at 10 points: close, and rather too wide.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from string import ascii_letters, digits

from mcalc.patterns import GREEK
from mcalc.render.faces import Piece

COLUMN = 340.0
"""The width of a line in an article of LaTeX's own class is 345 points; what is taken for less fits into it."""
TALL = (r"\frac{", r"\begin{", r"\sum", r"\prod")
LEFT_BARS, RIGHT_BARS = (r"\lVert ", r"\lvert "), (r" \rVert", r" \rvert")
INLINE_WHERE, WHERE = r"\text{ where }", r"\text{where }"
"""The word before definitions, inside a line and at the beginning of one."""
LEFT, RIGHT = r"\left[ ", r" \right]"
OPENING, CLOSING = frozenset(("(", LEFT, *LEFT_BARS)), (RIGHT, *RIGHT_BARS)
"""Brackets and bars that begin something, and those that end it, but for a plain one, as they begin."""
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
LATEST = 64
"""How many lines are remembered with their widths."""


def join(pieces: Sequence[Piece]) -> str:
    r"""Join pieces, with `\left` and `\right` before the brackets and bars around what is higher than a line."""
    return "".join(_sized(pieces))


def _sized(pieces: Sequence[Piece], breaks: Sequence[int] = ()) -> list[str]:
    r"""Return the texts of pieces, brackets as high as they have to be; of a pair with a break in it as `\Bigl(`."""
    out: list[str] = []
    waiting: list[int] = []
    tall: list[bool] = [False]
    for place, (text, _) in enumerate(pieces):
        if text in OPENING:
            waiting.append(place)
            tall.append(False)
        elif (text == ")" or text.startswith(CLOSING)) and waiting:
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
    if fits(whole, room):
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


def fits(line: str, room: float) -> bool:
    """Say whether a line is no wider than `room`; what is short surely is not."""
    return len(line) * 5 < room or width_of(line) <= room


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


_TOKEN = re.compile(
    r"\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\(?:left|right)(?:\\[a-zA-Z]+|\\?.)|\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL
)


def _widths_of(widths: str, greek: float = 7.3) -> dict[str, float]:
    letters = dict(zip(ascii_letters, [float(one) for one in widths.split()], strict=True))
    return {**letters, **dict.fromkeys(digits, 5.8), **dict.fromkeys([f"\\{word}" for word in GREEK.values()], greek)}


_ITALIC = _widths_of(
    "5.3 4.3 4.4 5.3 4.7 6.0 5.2 5.8 3.5 4.7 5.6 3.2 8.8 6.1 4.9 5.1 4.9 4.8 4.7 3.7 5.8 5.3 7.5 5.8 5.3 "
    "5.1 7.5 8.1 7.9 8.6 8.0 7.9 7.9 9.2 5.2 6.6 9.3 6.9 10.8 9.2 8.0 7.9 8.0 7.7 6.8 7.3 8.0 8.1 10.9 "
    "9.1 8.1 7.6 ",
)
_ROMAN = _widths_of(
    "5.0 5.6 4.5 5.6 4.5 3.9 5.2 5.6 2.8 3.1 5.3 2.8 8.4 5.6 5.0 5.6 5.3 4.0 4.0 3.9 5.6 5.5 7.4 5.3 5.5 "
    "4.5 7.5 7.1 7.3 7.7 6.9 6.6 7.9 7.5 3.7 5.2 7.8 6.3 9.2 7.5 7.8 6.9 7.8 7.4 5.6 7.3 7.5 7.7 10.5 7.5 "
    "7.8 6.2 ",
)
_BOLD = _widths_of(
    "5.6 6.4 5.2 6.4 5.3 4.7 6.0 6.4 3.2 3.6 6.1 3.2 9.6 6.4 5.8 6.4 6.1 4.8 4.6 4.5 6.4 6.3 8.5 6.1 6.3 "
    "5.2 8.7 8.2 8.4 8.9 7.6 7.3 9.1 9.0 4.4 6.0 9.1 7.0 11.0 9.0 8.7 7.9 8.7 8.7 6.4 8.0 8.9 8.9 12.1 "
    "8.7 9.0 7.1 ",
    greek=9.0,
)
_SIGNS = {
    **dict.fromkeys(["(", ")"], 3.9), **dict.fromkeys(["[", "]", ".", ":", ";", "!", "'"], 2.8), ",": 4.5, "/": 5.0,
    **dict.fromkeys(["+", "-", r"\odot", r"\otimes", r"\oslash", r"\times"], 12.3), r"\cdot": 7.3, "*": 9.5,
    **dict.fromkeys(["=", "<", ">", r"\leq", r"\geq", r"\neq", r"\land", r"\lor", r"\in", r"\to"], 13.4),
    r"\ell": 4.2, r"\infty": 10.1, r"\partial": 5.9, r"\prime": 2.8, r"\top": 7.8, r"\lVert": 5.1, r"\rVert": 5.1,
    r"\lvert": 2.8, r"\rvert": 2.8, r"\nabla": 8.4, r"\dots": 13.4, r"\ldots": 13.4, r"\circ": 5.1, r"\quad": 10.0,
    r"\qquad": 20.0, r"\S": 4.5,
}  # fmt: skip
"""The width of each sign with the space around it."""
_LEAST = 0.62
_SCRIPT = 0.8
"""Scripts, at 7 and 5 points, have letters that are wider than small ones of 10."""
_DELIMITER = 9.0
_FONTS = {
    "mathbf": _BOLD, "textbf": _BOLD, "boldsymbol": _BOLD, "mathrm": _ROMAN, "operatorname": _ROMAN, "text": _ROMAN,
    "mathit": _ITALIC,
}  # fmt: skip
_AROUND = {"operatorname": 3.4, "sqrt": 10.0, "frac": 2.4}
"""What a command adds to the width of its argument."""
_EDGES = {"cases": 9.5, "bmatrix": 14.0}


class _Group:
    """A part between braces or of an environment, whose width is being added up."""

    __slots__ = ("cells", "display", "font", "kind", "numerator", "scale", "script", "waiting", "width")

    def __init__(self, kind: str, scale: float, font: dict[str, float], *, display: bool) -> None:
        self.kind = kind
        self.scale = scale
        self.font = font
        self.display = display
        self.width = 0.0
        self.script = ("", 0.0, 0.0)
        self.cells: list[list[float]] = [[]]
        self.waiting: list[str] = []
        self.numerator = 0.0

    def add(self, width: float, base: float = -1.0) -> None:
        """Put something behind what there is; `base` is the width of a sign that has its scripts above and below it."""
        self.width += width
        self.script = ("", 0.0, base)

    def attach(self, side: str, width: float) -> None:
        """Put a script at what there is: one above and one below take the same room."""
        before, filled, base = self.script
        room = max(filled, base, 0.0)
        gain = max(0.0, width - room) if base >= 0 or (before and before != side) else width
        self.width += gain
        self.script = (side, room + gain if base < 0 or gain else room, base)

    def end_cell(self) -> None:
        """End a cell of an environment."""
        self.cells[-1].append(self.width)
        self.width = 0.0


class _Ruler:
    """Goes over the tokens of a formula with a stack of groups."""

    def __init__(self) -> None:
        self.groups = [_Group("", 1.0, _ITALIC, display=True)]

    def read(self, token: str) -> None:
        """Take in a token."""
        top = self.groups[-1]
        if token[0] == "\\":
            self.command(token, top)
        elif token == "{":
            self.open(top.waiting.pop() if top.waiting else "group")
        elif token == "}":
            self.close()
        elif token in ("_", "^"):
            top.waiting.append(token)
        elif token == "&":
            top.end_cell()
        elif not token.isspace():
            self.sign(token, top)
        elif top.font is _ROMAN:
            top.add(3.4 * top.scale)

    def command(self, token: str, top: _Group) -> None:
        """Take in what begins with a backslash."""
        name = token[1:]
        if name == "frac":
            top.waiting += ["frac", "numerator"]
        elif name in _FONTS or name in ("sqrt", "hat", "bar", "tilde", "dot", "vec"):
            top.waiting.append(name)
        elif name[:6] == "begin{":
            self.open(name[6:-1])
        elif name[:4] == "end{":
            top.end_cell()
            self.close()
        elif name == "\\":
            top.end_cell()
            top.cells.append([])
        elif name in ("sum", "prod"):
            wide = 15.0 if top.display else 11.0
            top.add((wide + 3.4) * top.scale, wide if top.display else -1.0)
        elif name[:4] == "left" or name[:5] == "right" or name in ("Bigl", "Bigr"):
            top.add(_DELIMITER * top.scale)
        else:
            self.sign(token, top)

    def sign(self, token: str, top: _Group) -> None:
        """Take in a sign or a letter."""
        wide = top.font.get(token)
        if wide is None:
            wide = _SIGNS.get(token) or _name_width(token)
            if top.scale < 1:
                wide = min(wide, 7.8)
        if top.waiting:
            top.attach(top.waiting.pop(), wide * max(_LEAST, top.scale * _SCRIPT))
        else:
            top.add(wide * top.scale)

    def open(self, kind: str) -> None:
        """Begin a group; its letters are smaller in a script, and in a fraction inside a line."""
        top = self.groups[-1]
        scale, display = top.scale, top.display
        if kind in ("_", "^") or (kind in ("numerator", "frac") and not display):
            scale = max(_LEAST, scale * _SCRIPT)
        if kind in ("_", "^", "numerator", "frac", "cases", "bmatrix"):
            display = False  # and so are limits of a sum beside it
        self.groups.append(_Group(kind, scale, _FONTS.get(kind, top.font), display=display))

    def close(self) -> None:
        """End a group: what it takes goes into the one around it."""
        if len(self.groups) == 1:
            return
        group = self.groups.pop()
        top = self.groups[-1]
        kind = group.kind
        if kind in ("_", "^"):
            top.attach(kind, group.width + 0.5)
        elif kind == "numerator":
            top.numerator = group.width
        elif kind == "frac":
            top.add(max(top.numerator, group.width) + _AROUND[kind])
        elif group.cells[0]:
            columns = max([len(row) for row in group.cells])
            wide = sum([max([row[c] for row in group.cells if c < len(row)]) for c in range(columns)])
            top.add(wide + 10.0 * (columns - 1) + _EDGES.get(kind, 0.0))
        else:
            top.add(group.width + _AROUND.get(kind, 0.0) * top.scale)


def _name_width(token: str) -> float:
    """Return the width of a function's name, of a space, or of a sign that is not known."""
    if token[0] != "\\" or not token[1:].isalpha():
        return 3.4 if token[0] == "\\" else 10.0
    return 3.4 + sum([_ROMAN[letter] for letter in token[1:]])


@lru_cache(LATEST)
def width_of(text: str) -> float:
    r"""Return about how wide a formula is, in points; the latest are remembered, since it is asked of a line again.

    >>> round(width_of(r"\frac{a}{b} + x_{i}^{2}")), round(width_of(r"\sum_{i=1}^{N} \mathbf{x}_{i}"))
    (31, 28)
    """
    ruler = _Ruler()
    for token in _TOKEN.findall(text):
        ruler.read(token)
    return ruler.groups[0].width
