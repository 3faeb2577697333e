"""Equations in lines of pieces: `lhs = a = b` in columns, with a remark at the right, broken at its = signs."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.render.faces import Piece
from mcalc.render.terminal import width as text_width

EQUALS: Piece = (" = ", "keyword")
GAP = 3
"""Blanks before a remark, at least."""
FAR = 72
"""Remarks of lines without a width stand no further to the right than this, if their lines let them."""
BREAKS = frozenset({"operator", "keyword", "space"})
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")


class Equation:
    """An equation as pieces: the left side, the members of the right side, and a remark."""

    __slots__ = ("lhs", "members", "remark")

    def __init__(self, lhs: Sequence[Piece], members: Sequence[Sequence[Piece]], remark: str = "") -> None:
        self.lhs = lhs
        self.members = members
        self.remark = remark


def columns(pieces: Sequence[Piece]) -> int:
    """Return how many columns some pieces take."""
    return sum([text_width(text) for text, _ in pieces])


def blank(count: int) -> Piece:
    """Return a piece of spaces."""
    return (" " * max(count, 0), "space")


def laid_out(equations: Sequence[Equation], width: int | None = None, indent: int = 5) -> list[list[Piece]]:
    r"""Return equations as lines, their = signs in one column and their remarks in another.

    Where a width is given, a line is broken before an = sign rather than go beyond it, and inside an expression only
    where one alone is too wide.

    >>> from mcalc.render.terminal import plain
    >>> rows = laid_out([Equation([("y", "name")], [[("a", "name")], [("b", "name")]], "why")])
    >>> plain(rows)
    '     y = a = b   why'
    """
    if not equations:
        return []
    lefts = [columns(equation.lhs) for equation in equations]
    most = max(width // 3, 8) if width is not None else 32
    left = max([one for one in lefts if one <= most], default=0)
    laid = [_rows(equation, own, left, width, indent) for equation, own in zip(equations, lefts, strict=True)]
    column = _remark_column(laid, equations, width)
    return [
        row
        for rows, equation in zip(laid, equations, strict=True)
        for row in _with_remark(rows, equation, column, width)
    ]


def _rows(equation: Equation, own: int, left: int, width: int | None, indent: int) -> list[list[Piece]]:
    """Return the lines of one equation, without its remark."""
    members = equation.members
    if own > left and width is not None and indent + own + GAP + columns(members[0]) > width:
        rows = broken([blank(indent), *equation.lhs], width, indent + 2)
        start = indent + 2
        row: list[Piece] = [blank(start), ("= ", "keyword")]
        start -= 1
    else:
        rows = []
        start = indent + max(own, left)
        row = [blank(indent), *equation.lhs, blank(left - own), EQUALS]
    filled = start + GAP
    for place, member in enumerate(members):
        wide = columns(member)
        if place:
            if width is not None and filled + GAP + wide > width:
                rows.append(row)
                row = [blank(start), EQUALS]
                filled = start + GAP
            else:
                row.append(EQUALS)
                filled += GAP
        if width is not None and filled + wide > width:
            *full, row = broken([*row, *member], width, start + GAP + 2)
            rows += full
            filled = columns(row)
        else:
            row.extend(member)
            filled += wide
    return [*rows, row]


def broken(row: Sequence[Piece], width: int, indent: int) -> list[list[Piece]]:
    """Break a line that is too wide: before signs, in as few brackets as may be. Later lines are indented."""
    rows: list[list[Piece]] = []
    head: list[Piece] = []
    start = depth = 0
    while True:
        stop, depth = _line_end(row, start, width - columns(head), depth)
        rows.append([*head, *row[start:stop]])
        if stop == len(row):
            return rows
        text, role = row[stop]
        head = [blank(indent), *([(text.lstrip(), role)] if text.strip() else [])]
        start = stop + 1
        depth += (text in OPENING) - (text in CLOSING)


def _line_end(row: Sequence[Piece], start: int, width: int, depth: int) -> tuple[int, int]:
    """Return the place of the piece that the next line begins with, and how many brackets are open there.

    It is the last one in the fewest brackets, after the first third of the line: before what follows a semicolon,
    before a sign, before the blank of a product; where there is none, the last piece that the line has room for.
    """
    filled = 0
    best: tuple[int, int, int] | None = None
    for place in range(start, len(row)):
        text, role = row[place]
        wide = text_width(text)
        if text in CLOSING:
            depth -= 1
        if filled + text_width(text.rstrip()) > width and place > start:
            return (best[1], best[2]) if best is not None else (place, depth + (text in CLOSING))
        if place > start and filled > width // 3:
            after = row[place - 1][0] in {"; ", ", "}
            if after or (role in BREAKS and text[:1] == " "):
                rank = 3 * depth + (0 if after else 1 if text.strip() else 2)
                if best is None or rank <= best[0]:
                    best = rank, place, depth
        if text in OPENING:
            depth += 1
        filled += wide
    return len(row), depth


def _remark_column(laid: Sequence[Sequence[Sequence[Piece]]], equations: Sequence[Equation], width: int | None) -> int:
    """Return the column in which most remarks can begin."""
    remarks = [
        (columns(rows[0]) + GAP, text_width(equation.remark))
        for rows, equation in zip(laid, equations, strict=True)
        if equation.remark
    ]
    limit = FAR if width is None else width
    best = most = 0
    for column in sorted({end for end, _ in remarks if end <= limit}):
        count = sum([end <= column and (width is None or column + own <= width) for end, own in remarks])
        if count > most:
            best, most = column, count
    return best


def _with_remark(rows: Sequence[list[Piece]], equation: Equation, column: int, width: int | None) -> list[list[Piece]]:
    """Put the remark at the right of the first line, or of the last one, or on a line of its own."""
    remark = equation.remark
    if not remark:
        return list(rows)
    own = text_width(remark)
    for place in (0, len(rows) - 1):
        end = columns(rows[place]) + GAP
        if width is None or end + own <= width:
            at = max(end, column) if width is None else min(max(end, column), width - own)
            out = list(rows)
            out[place] = [*rows[place], blank(at - end + GAP), (remark, "words")]
            return out
    assert width is not None
    if own <= width:
        return [*rows, [blank(width - own), (remark, "words")]]
    return [*rows, *wrapped([(remark, "words")], width, 7, 7)]


def wrapped(pieces: Sequence[Piece], width: int | None, indent: int = 0, later: int = 0) -> list[list[Piece]]:
    """Return words as lines broken at their blanks; the first is indented by `indent`, those after it by `later`."""
    rows: list[list[Piece]] = [[blank(indent)] if indent else []]
    filled = indent
    for text, role in pieces:
        for place, word in enumerate(_words(text)):
            wide = text_width(word)
            gap = 1 if place else 0
            if width is not None and filled + gap + wide > width and filled > later:
                rows.append([blank(later)])
                filled = later
                gap = 0
            if rows[-1] and rows[-1][-1][1] == role:
                rows[-1][-1] = (rows[-1][-1][0] + " " * gap + word, role)
            else:
                rows[-1].append((" " * gap + word, role))
            filled += gap + wide
    return rows


def _words(text: str) -> list[str]:
    """Return the words of a text; a dot between two of them stays with the second."""
    words: list[str] = []
    for word in text.split(" "):
        if words and words[-1] == "·":
            words[-1] = f"· {word}"
        else:
            words.append(word)
    return words


def packed(
    items: Sequence[Sequence[Piece]], width: int | None = None, indent: int = 5, gap: int = 8, least: int = 4
) -> list[list[Piece]]:
    """Return short items side by side: in one line where they fit, else in columns; without a width, 78 columns."""
    room = (78 if width is None else width) - indent
    wide = [columns(item) for item in items]
    if sum(wide) + gap * (len(items) - 1) <= room:
        row: list[Piece] = [blank(indent)]
        for place, item in enumerate(items):
            row += [blank(gap), *item] if place else list(item)
        return [row]
    usual = sorted(wide)[len(wide) * 3 // 4]
    step = min(usual + least, room)
    rows: list[list[Piece]] = []
    filled = room + 1
    for item, own in zip(items, wide, strict=True):
        if filled + own > room:
            rows.append([blank(indent)])
            filled = 0
        rows[-1] += item
        taken = -(-(own + least) // step) * step
        rows[-1].append(blank(taken - own))
        filled += taken
    return rows
