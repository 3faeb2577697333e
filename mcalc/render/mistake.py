"""A mistake as text: what is wrong, the place with carets under it, and a hint."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake, Span
from mcalc.render.faces import Piece
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import paint, safe, shown, width

TAB = 4
MAX_SPANS = 12
MAX_LINES = 8
LONG = 4096
"""Characters from which on only what is near the places in a line is looked at: every word of it may be a mistake."""


class _Line:
    """A line of the source: its cells, each (text, columns), and the spans in it as columns."""

    __slots__ = ("cells", "marks", "total")

    def __init__(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        self.cells: list[tuple[str, int]] = []
        starts = [0]
        for character in text:
            cell = (" " * TAB, TAB) if character == "\t" else shown(character)
            self.cells.append(cell)
            starts.append(starts[-1] + cell[1])
        self.total = starts[-1]
        self.marks: list[tuple[int, int, str]] = []
        for start, end, label in spans:
            first = starts[min(start, len(text))]
            self.marks.append((first, max(starts[min(end, len(text))], first + 1), label))
        self.marks.sort(key=lambda mark: mark[:2])

    def clip(self, room: int, dots: str) -> None:
        """Cut a long line to `room` columns around its marks, with dots where something is left out.

        Where not all marks have room, the first of them has.
        """
        if self.total <= room:
            return
        marks = self.marks
        if sum([min(end - start, room // (2 * len(marks))) + 2 for start, end, _ in marks]) > room:
            marks = marks[:1]
        longest = max(room // (2 * len(marks)), 1)
        least, most = 0, room
        while least < most:  # as much as has room on both sides of each mark
            middle = (least + most + 1) // 2
            if self._length(self._windows(marks, longest, middle)) <= room:
                least = middle
            else:
                most = middle - 1
        self._keep(self._windows(marks, longest, least), marks, dots)

    def _windows(self, marks: Sequence[tuple[int, int, str]], longest: int, around: int) -> list[tuple[int, int]]:
        """The columns that are kept: those of the marks, cut to the longest, and some around them."""
        windows: list[tuple[int, int]] = []
        for start, end, _ in marks:
            first = max(0, start - around)
            last = min(self.total, min(end, start + longest) + around)
            if windows and first <= windows[-1][1] + 1:
                windows[-1] = (windows[-1][0], max(last, windows[-1][1]))
            else:
                windows.append((first, last))
        return windows

    def _length(self, windows: Sequence[tuple[int, int]]) -> int:
        dots = len(windows) - 1 + (windows[0][0] > 0) + (windows[-1][1] < self.total)
        return sum([last - first for first, last in windows]) + dots

    def _keep(self, windows: Sequence[tuple[int, int]], marks: Sequence[tuple[int, int, str]], dots: str) -> None:
        kept: list[tuple[str, int]] = []
        moved: list[tuple[int, int, str]] = []
        cells = iter(self.cells)
        column = used = 0
        for first, last in windows:
            if first > 0:
                kept.append((dots, 1))
                used += 1
            shift = used - first
            moved += [
                (s + shift, max(min(e, last), s + 1) + shift, label) for s, e, label in marks if first <= s < last
            ]
            while column < last:
                text, wide = next(cells, (" ", last - column))
                inside = min(column + wide, last) - max(column, first)
                if inside > 0:
                    # What is wider than the window is blank there.
                    kept.append((text, wide) if inside == wide else (" " * inside, inside))
                    used += inside
                elif wide == 0 and column > first:
                    kept.append((text, 0))
                column += wide
        if windows[-1][1] < self.total:
            kept.append((dots, 1))
        self.cells = kept
        self.marks = moved


def _cut(text: str, spans: Sequence[Span]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """The lines of the source in which spans lie, each with its spans as places in the line."""
    found: list[tuple[str, list[tuple[int, int, str]]]] = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        here: list[tuple[int, int, str]] = []
        for span in spans:
            # A place beyond the text is the end of its last line.
            start = min(span.start, len(text))
            stop = max(min(span.end, len(text)), start + 1)
            if start <= end and stop > begin and (start >= begin or line):
                here.append((max(start - begin, 0), min(stop, end + 1) - begin, span.label if start >= begin else ""))
        if here:
            found.append((line.rstrip("\r"), here))
        begin = end + 1
    return found[:MAX_LINES]


def _near(text: str, marks: Sequence[tuple[int, int, str]], room: int) -> tuple[str, list[tuple[int, int, str]]]:
    """Return what of a long line may be shown, which is near the first characters of its marks, and the marks in it."""
    kept: list[str] = []
    moved: list[tuple[int, int, str]] = []
    end = length = 0
    for start, stop, label in sorted(marks):
        low, high = max(start - room, end), min(max(start + 3 * room, end), len(text))
        kept.append(text[low:high])
        moved.append((start - low + length, min(stop, high) - low + length, label))
        length += len(kept[-1])
        end = high
    return "".join(kept), moved


def _below(line: _Line) -> list[list[Piece]]:
    """The carets under a line, and the labels under the carets, the rightmost first."""
    carets = [" "] * max([end for _, end, _ in line.marks])
    for start, end, _ in line.marks:
        carets[start:end] = "^" * (end - start)
    rows: list[list[Piece]] = [[("".join(carets), "caret")]]
    labelled = [(start, label) for start, _, label in line.marks if label]
    if len(labelled) == 1 and len(line.marks) == 1:
        rows[0].append((" " + labelled[0][1], "label"))
        return rows
    while labelled:
        start, label = labelled.pop()
        bars = [" "] * start
        for other, _ in labelled:
            if other < start:
                bars[other] = "|"
        rows.append([("".join(bars), "caret"), (label, "label")])
    return rows


def lay_out_mistake(
    mistake: Mistake, place: str = "", room: int = 80, *, unicode: bool = True, wrapped: bool = False
) -> list[list[Piece]]:
    """Return the lines of a mistake as (text, role) pieces; `wrapped` breaks sentences that are wider than `room`."""
    say = safe if unicode else lambda text: safe(spell_ascii(text))
    text = mistake.source
    spans = [Span(s.start, s.end, say(s.label)) for s in mistake.spans[:MAX_SPANS]]
    head: list[Piece] = []
    if place:
        column = ""
        if spans and text is not None:
            start = min(spans[0].start, len(text))
            column = f":{start - text.rfind(chr(10), 0, start)}"
        head.append((f"{safe(place)}{column}: ", "place"))
    head.append((f"error[{mistake.code}]", "error"))
    begun = sum([width(text) for text, _ in head])
    first, *more = broken(f": {say(mistake.message)}", begun, room if wrapped else None)
    lines: list[list[Piece]] = [[*head, (first, "message")], *[[(row, "message")] for row in more]]
    if text is not None:
        for source_line, here in _cut(text, spans):
            line = _Line(*(_near(source_line, here, room) if len(source_line) > LONG else (source_line, here)))
            line.clip(max(room - 4, 20), "…" if unicode else "~")
            lines.append([("  | ", "margin"), ("".join([cell[0] for cell in line.cells]), "source")])
            if line.marks:
                lines += [[("  | ", "margin"), *row] for row in _below(line)]
    if mistake.hint:
        for number, hint in enumerate(mistake.hint.split("\n")):
            first, *more = broken(say(hint), 10, room if wrapped else None, 10)
            lines.append([("  = ", "margin"), ("      " if number else "hint: ", "hint"), (first, "text")])
            lines += [[(row, "text")] for row in more]
    return lines


def broken(text: str, begun: int, room: int | None, indent: int = 4) -> list[str]:
    """Return a sentence in rows, broken at blanks: the first begins at a column, the others are indented.

    >>> broken("note: one two three", 0, 12)
    ['note: one', '    two', '    three']
    """
    if room is None or begun + width(text) <= room:
        return [text]
    from textwrap import wrap

    rows = wrap(" " * begun + text, max(room, begun + 12), subsequent_indent=" " * indent, break_long_words=False)
    return [rows[0][begun:], *rows[1:]]


def render_mistake(
    mistake: Mistake,
    place: str = "",
    room: int = 80,
    *,
    color: bool = False,
    unicode: bool = True,
    wrapped: bool = False,
) -> str:
    """Return a mistake as lines of text; `place` is the file and line it stands on, put before it with the column.

    >>> from mcalc.errors import Mistake, Span
    >>> print(render_mistake(Mistake("E-NAME", "unknown function sqt", [Span(0, 3)], "did you mean sqrt?", "sqt(x)")))
    error[E-NAME]: unknown function sqt
      | sqt(x)
      | ^^^
      = hint: did you mean sqrt?
    """
    return paint(lay_out_mistake(mistake, place, room, unicode=unicode, wrapped=wrapped), color=color)
