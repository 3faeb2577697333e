"""Two dimensions for a terminal: braces, fractions, matrices and the limits of a sum on several lines.

The same templates give the same stream of pieces; the face of this module puts marks into it where something is built
of parts, and :func:`assemble` reads the stream with a stack of open constructions and joins boxes at their base lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.render.faces import ASCII, UNICODE, AsciiFace, Face
from mcalc.render.layout import lay_out
from mcalc.render.levels import OR
from mcalc.render.text_boxes import BUILDERS, Box, beside

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mcalc.expr import Expr
    from mcalc.render.faces import Item, Piece

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


def lines_or_one(
    expr: Expr,
    width: int = 80,
    *,
    unicode: bool = True,
    taken: Collection[str] = (),
    before: str = "",
    brief: bool = False,
) -> list[list[Piece]]:
    """Return the lines of an expression in two dimensions, or, where they are too wide, the one line of a pipe."""
    rows = lines(expr, width, unicode=unicode, taken=taken, before=before, brief=brief)
    if rows is None:
        face = UNICODE if unicode else ASCII
        rows = [[(before, "text"), *lay_out(expr, face, taken, brief=brief).pieces(face)]]
    return rows


def _line(head: list[Piece], pieces: Sequence[Piece], width: int, *, unicode: bool) -> Box | None:
    if len(pieces) > MAX_PIECES:
        return None
    box = beside([*head, assemble(pieces, unicode=unicode)])
    return box if box.width <= width else None


def two_dimensional(
    expr: Expr,
    width: int = 80,
    *,
    unicode: bool = True,
    taken: Collection[str] = (),
    before: str = "",
    brief: bool = False,
) -> list[str]:
    """Return an expression on several lines of text, or on one where they are too wide.

    >>> from mcalc.operators.arithmetic import cases, greater
    >>> from mcalc.operators.leaves import number, symbol
    >>> x = symbol("x")
    >>> for line in two_dimensional(cases(x, greater(x, number(0)), number(0)), before="y = "):
    ...     print(line)
    y = ⎧ x   if x > 0
        ⎩ 0   otherwise
    """
    rows = lines_or_one(expr, width, unicode=unicode, taken=taken, before=before, brief=brief)
    return ["".join([text for text, _ in row]).rstrip() for row in rows]
