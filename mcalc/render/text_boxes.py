"""Boxes of text with a base line: put side by side, over one another, between brackets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mcalc.render.safe import width as text_width

if TYPE_CHECKING:
    from typing import TypeAlias

    from mcalc.render.faces import Piece

    Builder: TypeAlias = Callable[[list["Box"], int, "Box | Piece | None", bool], "Box"]


class Box:
    """Rows of pieces, all of one width, and the row that stands on the line."""

    __slots__ = ("base", "rows", "width")

    def __init__(self, rows: list[list[Piece]], width: int, base: int) -> None:
        self.rows = rows
        self.width = width
        self.base = base

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.rows)


def blank(columns: int) -> Piece:
    """Return a piece of spaces."""
    return (" " * columns, "space")


def text_box(*pieces: Piece) -> Box:
    """Return a box of one row."""
    return Box([list(pieces)], sum([text_width(text) for text, _ in pieces]), 0)


def beside(parts: Sequence[Box | Piece]) -> Box:
    """Return boxes and pieces side by side, their base lines level."""
    boxes = [part for part in parts if isinstance(part, Box)]
    above = max([box.base for box in boxes], default=0)
    below = max([box.height - box.base for box in boxes], default=1)
    rows: list[list[Piece]] = [[] for _ in range(above + below)]
    total = 0
    waiting = 0  # blanks owed to all rows but the base line, given when a box needs them to be there
    for part in parts:
        if isinstance(part, Box):
            top = above - part.base
            for place, row in enumerate(rows):
                inner = place - top
                if 0 <= inner < part.height:
                    if waiting and place != above:
                        row.append(blank(waiting))
                    row.extend(part.rows[inner])
                else:
                    row.append(blank(part.width + waiting))
            waiting = 0
            total += part.width
        else:
            columns = text_width(part[0])
            rows[above].append(part)
            waiting += columns
            total += columns
    if waiting:
        for place, row in enumerate(rows):
            if place != above:
                row.append(blank(waiting))
    return Box(rows, total, above)


def centred(box: Box, width: int) -> list[list[Piece]]:
    """Return the rows of a box in the middle of a wider one."""
    left = (width - box.width) // 2
    return [[blank(left), *row, blank(width - box.width - left)] for row in box.rows]


def at_left(box: Box, width: int) -> list[list[Piece]]:
    """Return the rows of a box at the left of a wider one."""
    return [[*row, blank(width - box.width)] for row in box.rows]


def _fraction(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    top, bottom = parts
    width = max(top.width, bottom.width) + 2
    bar: list[Piece] = [(("─" if unicode else "-") * width, "operator")]
    return Box([*centred(top, width), bar, *centred(bottom, width)], width, top.height)


def _limits(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    lower, upper = parts
    middle = sign if isinstance(sign, Box) else text_box(sign) if sign else text_box()
    width = max(lower.width, middle.width, upper.width)
    rows = [*centred(upper, width), *centred(middle, width), *centred(lower, width)]
    return Box(rows, width, upper.height)


def _grid(parts: list[Box], columns: int, gap: int, place: Callable[[Box, int], list[list[Piece]]]) -> Box:
    """Lines of cells, level in each line."""
    widths = [max([cell.width for cell in parts[c::columns]]) for c in range(columns)]
    tall = [parts[r : r + columns] for r in range(0, len(parts), columns)]
    rows: list[list[Piece]] = []
    spaced = any([cell.height > 1 for cell in parts])
    bases: list[int] = []
    for number, line in enumerate(tall):
        if number and spaced:
            rows.append([blank(sum(widths) + gap * (columns - 1))])
        cells: list[Box | Piece] = []
        for c, cell in enumerate(line):
            if c:
                cells.append(blank(gap))
            cells.append(Box(place(cell, widths[c]), widths[c], cell.base))
        joined = beside(cells)
        bases.append(len(rows) + joined.base)
        rows += joined.rows
    base = bases[0] if len(bases) == 1 else bases[(len(bases) - 1) // 2]
    return Box(rows, sum(widths) + gap * (columns - 1), base)


def _side(height: int, glyphs: str, one: str, base: int) -> list[str]:
    """A bracket as high as `height`: top, middle at the base line, bottom, and what is between them."""
    if height == 1:
        return [one]
    side = [glyphs[3]] * height
    side[0], side[-1] = glyphs[0], glyphs[2]
    if height > 2:
        side[min(max(base, 1), height - 2)] = glyphs[1]
    return side


def _between(inner: Box, left: list[str], right: list[str], pad: str) -> Box:
    rows: list[list[Piece]] = []
    for place, row in enumerate(inner.rows):
        end: list[Piece] = [(pad + right[place], "bracket")] if right else []
        rows.append([(left[place] + pad, "bracket"), *row, *end])
    return Box(rows, inner.width + (1 + len(pad)) * (2 if right else 1), inner.base)


def _braces(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    inner = _grid(parts, 2, 3, at_left)
    side = _side(inner.height, "⎧⎨⎩⎪", "{", inner.base) if unicode else ["{"] * inner.height
    return _between(inner, side, [], " ")


def _closed_braces(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    inner = _grid(parts, 2, 3, at_left)
    left = _side(inner.height, "⎧⎨⎩⎪", "{", inner.base) if unicode else ["{"] * inner.height
    right = _side(inner.height, "⎫⎬⎭⎪", "}", inner.base) if unicode else ["}"] * inner.height
    return _between(inner, left, right, " ")


def _matrix(parts: list[Box], columns: int, sign: Box | Piece | None, unicode: bool) -> Box:
    if len(parts) == columns and all([cell.height == 1 for cell in parts]):
        line: list[Box | Piece] = [("[", "bracket")]
        for place, cell in enumerate(parts):
            line += [(", ", "bracket"), cell] if place else [cell]
        return beside([*line, ("]", "bracket")])
    inner = _grid(parts, columns, 2, centred)
    left = _side(inner.height, "⎡⎢⎣⎢", "[", 0) if unicode else ["["] * inner.height
    right = _side(inner.height, "⎤⎥⎦⎥", "]", 0) if unicode else ["]"] * inner.height
    return _between(inner, left, right, " ")


def _parentheses(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    inner = parts[0]
    left = _side(inner.height, "⎛⎜⎝⎜", "(", 0) if unicode else _side(inner.height, "/|\\|", "(", 0)
    right = _side(inner.height, "⎞⎟⎠⎟", ")", 0) if unicode else _side(inner.height, "\\|/|", ")", 0)
    return _between(inner, left, right, "")


BUILDERS: dict[str, Builder] = {
    "braces": _braces,
    "closed braces": _closed_braces,
    "fraction": _fraction,
    "limits": _limits,
    "matrix": _matrix,
    "parentheses": _parentheses,
}
