"""A mistake as text: what is wrong, the place with carets under it, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Span
from mcalc.render.glyphs import spell_ascii
from mcalc.render.safe import safe, shown
from mcalc.render.styles import paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.errors import Mistake
    from mcalc.render.layout import Piece

TAB = 4
MAX_SPANS = 12
MAX_LINES = 8


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
        """Cut a long line to `room` columns around its first mark, with dots where something is left out."""
        if self.total <= room or room < 8:
            return
        first, last = self.marks[0][0], self.marks[0][1]
        begin = 0 if last + 2 < room else max(0, min(first - room // 3, self.total - room + 1))
        kept: list[tuple[str, int]] = [(dots, 1)] if begin else []
        used = len(kept)
        column = 0
        for cell in self.cells:
            if column >= begin + (1 if begin else 0):
                if used + cell[1] > room - (column + cell[1] < self.total):
                    kept.append((dots, 1))
                    break
                kept.append(cell)
                used += cell[1]
            elif column + cell[1] > begin + 1:  # a wide character is cut in two
                kept.append((" " * (column + cell[1] - begin - 1), column + cell[1] - begin - 1))
                used += kept[-1][1]
            column += cell[1]
        self.cells = kept
        end = begin + used
        self.marks = [
            (start - begin, min(stop, max(end, start + 1)) - begin, label)
            for start, stop, label in self.marks
            if begin <= start < end
        ]


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


def lay_out_mistake(mistake: Mistake, place: str = "", room: int = 80, *, unicode: bool = True) -> list[list[Piece]]:
    """Return the lines of a mistake as (text, role) pieces."""
    say = safe if unicode else _safe_ascii
    text = mistake.source
    spans = [Span(s.start, s.end, say(s.label)) for s in mistake.spans[:MAX_SPANS]]
    head: list[Piece] = []
    if place:
        column = ""
        if spans and text is not None:
            start = min(spans[0].start, len(text))
            column = f":{start - text.rfind(chr(10), 0, start)}"
        head.append((f"{safe(place)}{column}: ", "place"))
    head += [(f"error[{mistake.code}]", "error"), (f": {say(mistake.message)}", "message")]
    lines: list[list[Piece]] = [head]
    if text is not None:
        for source_line, here in _cut(text, spans):
            line = _Line(source_line, here)
            line.clip(max(room - 4, 20), "…" if unicode else "~")
            lines.append([("  | ", "margin"), ("".join([cell[0] for cell in line.cells]), "source")])
            if line.marks:
                lines += [[("  | ", "margin"), *row] for row in _below(line)]
    if mistake.hint:
        for number, hint in enumerate(mistake.hint.split("\n")):
            lines.append([("  = ", "margin"), ("      " if number else "hint: ", "hint"), (say(hint), "text")])
    return lines


def _safe_ascii(text: str) -> str:
    return safe(spell_ascii(text))


def render_mistake(
    mistake: Mistake, place: str = "", width: int = 80, *, color: bool = False, unicode: bool = True
) -> str:
    """Return a mistake as lines of text; `place` is the file and line it stands on, put before it with the column.

    >>> from mcalc.errors import Mistake, Span
    >>> print(render_mistake(Mistake("E-NAME", "unknown function sqt", [Span(0, 3)], "did you mean sqrt?", "sqt(x)")))
    error[E-NAME]: unknown function sqt
      | sqt(x)
      | ^^^
      = hint: did you mean sqrt?
    """
    return paint(lay_out_mistake(mistake, place, width, unicode=unicode), color=color)
