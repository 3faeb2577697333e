"""Results in two dimensions: boxes with a base line, side by side, over one another, between brackets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeAlias

from mcalc.expr import Expr
from mcalc.render.equation_lines import blank, columns
from mcalc.render.faces import ASCII, OR, UNICODE, AsciiFace, Face, Item, Piece
from mcalc.render.terminal import paint, terminal_width
from mcalc.render.terminal import width as text_width
from mcalc.render.text import lay_out

Builder: TypeAlias = Callable[[list["Box"], int, "Box | Piece | None", bool], "Box"]


class Box(NamedTuple):
    """Rows of pieces, all of one width, and the row that stands on the line."""

    rows: list[list[Piece]]
    width: int
    base: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.rows)


def text_box(*pieces: Piece) -> Box:
    """Return a box of one row."""
    return Box([list(pieces)], columns(pieces), 0)


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
            wide = text_width(part[0])
            rows[above].append(part)
            waiting += wide
            total += wide
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


SIDES = {"{": "⎧⎨⎩⎪", "}": "⎫⎬⎭⎪", "[": "⎡⎢⎣⎢", "]": "⎤⎥⎦⎥", "(": "⎛⎜⎝⎜", ")": "⎞⎟⎠⎟"}
ASCII_SIDES = {"(": "/|\\|", ")": "\\|/|"}
"""A bracket of several rows: its top, its middle at the base line, its bottom, and what is between them."""


def _side(sign: str, inner: Box, unicode: bool) -> list[str]:
    """A bracket as high as what is in it."""
    if inner.height == 1:
        return [sign]
    top, middle, bottom, rest = [*(SIDES if unicode else ASCII_SIDES).get(sign, sign * 4)]
    side = [top, *[rest] * (inner.height - 2), bottom]
    if inner.height > 2:
        side[min(max(inner.base, 1), inner.height - 2)] = middle
    return side


def _between(inner: Box, signs: str, pad: str, unicode: bool) -> Box:
    """What is in brackets, or behind the first of them alone."""
    left, *others = [_side(sign, inner, unicode) for sign in signs]
    right = others[0] if others else []
    rows: list[list[Piece]] = []
    for place, row in enumerate(inner.rows):
        end: list[Piece] = [(pad + right[place], "bracket")] if right else []
        rows.append([(left[place] + pad, "bracket"), *row, *end])
    return Box(rows, inner.width + (1 + len(pad)) * (2 if right else 1), inner.base)


def _braces(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    return _between(_grid(parts, 2, 3, at_left), "{", " ", unicode)


def _closed_braces(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    return _between(_grid(parts, 2, 3, at_left), "{}", " ", unicode)


def _matrix(parts: list[Box], columns: int, sign: Box | Piece | None, unicode: bool) -> Box:
    if len(parts) == columns and all([cell.height == 1 for cell in parts]):
        line: list[Box | Piece] = [("[", "bracket")]
        for place, cell in enumerate(parts):
            line += [(", ", "bracket"), cell] if place else [cell]
        return beside([*line, ("]", "bracket")])
    return _between(_grid(parts, columns, 2, centred), "[]", " ", unicode)


def _parentheses(parts: list[Box], number: int, sign: Box | Piece | None, unicode: bool) -> Box:
    return _between(parts[0], "()", "", unicode)


BUILDERS: dict[str, Builder] = {
    "braces": _braces,
    "closed braces": _closed_braces,
    "fraction": _fraction,
    "limits": _limits,
    "matrix": _matrix,
    "parentheses": _parentheses,
}


OPEN, NEXT, CLOSE = "grid-open", "grid-next", "grid-close"
"""Roles of the marks: a construction begins (its kind is the text), its next part begins, it ends."""
MAX_PIECES = 3000
"""A longer expression would not fit on a screen, and is not tried."""


def built(kind: str, *parts: Sequence[Item]) -> list[Item]:
    """Return the items of a construction of a kind: marks, with its parts between them."""
    out: list[Item] = [(kind, OPEN)]
    for place, part in enumerate(parts):
        if place:
            out.append(("", NEXT))
        out.extend(part)
    out.append(("", CLOSE))
    return out


class GridFace(Face):
    """The Unicode face with marks for constructions that take more than one line."""

    fractions = True

    def braces(self, rows: Sequence[tuple[Expr, Expr | None]]) -> list[Item]:
        """Return braces: a value and a condition for each line."""
        parts: list[Sequence[Item]] = []
        for value, condition in rows:
            parts.append([(value, OR)])
            parts.append([("otherwise", "keyword")] if condition is None else [("if ", "keyword"), (condition, OR)])
        return built("braces", *parts)

    def matrix(self, rows: int, columns: int, parts: Sequence[Expr]) -> list[Item]:
        """Return brackets around lines of entries."""
        return built(f"matrix {columns}", *[[(part, OR)] for part in parts])

    def fraction(self, top: Sequence[Item], bottom: Sequence[Item]) -> list[Item]:
        """Return a fraction with a bar."""
        return built("fraction", top, bottom)

    def limits(self, lower: Sequence[Item], upper: Expr) -> list[Item]:
        """Return the limits, which go above and below the sign before them."""
        return [*built("limits", lower, [(upper, OR)]), self.space]


class AsciiGridFace(GridFace, AsciiFace):
    """The ASCII face with marks for constructions that take more than one line."""


UNICODE_GRID = GridFace()
ASCII_GRID = AsciiGridFace()


def assemble(pieces: Sequence[Piece], *, unicode: bool = True) -> Box:
    """Return the box of a stream of pieces with marks; parentheses grow with what is in them."""
    frames: list[tuple[str, list[list[Box | Piece]]]] = [("", [[]])]
    for place, piece in enumerate(pieces):
        text, role = piece
        if role == OPEN:
            frames.append((text, [[]]))
        elif role == NEXT:
            frames[-1][1].append([])
        elif role == CLOSE:
            kind, parts = frames.pop()
            into = frames[-1][1][-1]
            name, _, rest = kind.partition(" ")
            sign = into.pop() if name == "limits" else None
            if name == "braces" and _goes_on(pieces, place + 1):
                name = "closed braces"
            into.append(BUILDERS[name]([beside(part) for part in parts], int(rest or 0), sign, unicode))
        elif text == "(":
            frames.append(("(", [[]]))
        elif text == ")" and frames[-1][0] == "(":
            inside = frames.pop()[1][0]
            into = frames[-1][1][-1]
            if any([part.__class__ is Box for part in inside]):
                into.append(BUILDERS["parentheses"]([beside(inside)], 0, None, unicode))
            else:
                into += [("(", "bracket"), *inside, (")", "bracket")]
        else:
            frames[-1][1][-1].append(piece)
    return beside(frames[0][1][0])


def _goes_on(pieces: Sequence[Piece], place: int) -> bool:
    """Say whether something stands on the line at a place, which would read as part of a brace that is left open."""
    return place < len(pieces) and pieces[place][0] != ")" and pieces[place][1] not in (NEXT, CLOSE)


def lines(
    expr: Expr,
    width: int = 80,
    *,
    unicode: bool = True,
    taken: Collection[str] = (),
    before: str = "",
    brief: bool = False,
) -> list[list[Piece]] | None:
    """Return an expression on several lines of pieces, `before` on the base line; None where they are too wide."""
    face: GridFace = UNICODE_GRID if unicode else ASCII_GRID
    layout = lay_out(expr, face, taken, brief=brief)
    head: list[Piece] = [(before, "text")] if before else []
    boxes = [_line(head, layout.main, width, unicode=unicode)]
    for number, (name, pieces) in enumerate(layout.definitions):
        word: list[Piece] = [("        " if number else "  where ", "keyword"), (name, "name"), face.equals]
        boxes.append(_line(word, pieces, width, unicode=unicode))
    rows: list[list[Piece]] = []
    for box in boxes:
        if box is None:
            return None
        rows += box.rows
    return rows


def _line(head: list[Piece], pieces: Sequence[Piece], width: int, *, unicode: bool) -> Box | None:
    if len(pieces) > MAX_PIECES:
        return None
    box = beside([*head, assemble(pieces, unicode=unicode)])
    return box if box.width <= width else None


def two_dimensional(
    expr: Expr,
    *,
    unicode: bool = True,
    color: bool = False,
    theme: str = "dark",
    width: int | None = None,
    before: str = "",
    words: str = "",
    taken: Collection[str] = (),
    brief: bool = False,
) -> str:
    """Return a result as a terminal shows it; `before` stands on its base line, `words` at the right of its last.

    >>> from mcalc.operators.arithmetic import cases, greater
    >>> from mcalc.operators.leaves import number, symbol
    >>> x = symbol("x")
    >>> print(two_dimensional(cases(x, greater(x, number(0)), number(0)), before="y = ", words="a scalar", width=35))
    y = ⎧ x   if x > 0
        ⎩ 0   otherwise        a scalar
    """
    rows = result_lines(expr, unicode=unicode, width=width, before=before, words=words, taken=taken, brief=brief)
    return paint(rows, color=color, theme=theme)


def result_lines(
    expr: Expr,
    *,
    unicode: bool = True,
    width: int | None = None,
    before: str = "",
    words: str = "",
    taken: Collection[str] = (),
    brief: bool = False,
) -> list[list[Piece]]:
    """Return the lines of a result as pieces with roles: in two dimensions where they fit, else the line of a pipe."""
    room = terminal_width() if width is None else width
    rows = lines(expr, room, unicode=unicode, taken=taken, before=before, brief=brief)
    if rows is None:
        face = UNICODE if unicode else ASCII
        rows = [[(before, "text"), *lay_out(expr, face, taken, brief=brief).pieces(face)]]
    if not words:
        return rows
    gap = room - columns(rows[-1]) - text_width(words)
    if gap < 2:
        return [*rows, [blank(room - text_width(words)), (words, "words")]]
    return [*rows[:-1], [*rows[-1], blank(gap), (words, "words")]]
