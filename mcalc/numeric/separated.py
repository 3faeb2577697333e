"""Arrays from text files: a row a line, with commas, semicolons, tabs or blanks between the numbers."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from mcalc.errors import Mistake
from mcalc.limits import above, check_elements
from mcalc.notation.surface.words import clip

LONGEST_LINE = 1 << 26
"""Bytes in one line: a row of two million numbers."""
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|inf|infinity)\Z", re.IGNORECASE)
_BEGINS = frozenset("0123456789+-−.")
"""What numbers begin with, and the names of columns do not."""


def number_of(text: str) -> float | None:
    """Return a number that is written in ASCII digits with a decimal point, nan or inf; None for anything else.

    A number beyond what a float holds is no number here, rather than infinite.

    >>> number_of("-1.5e3"), number_of("1_000"), number_of("1e999"), number_of("−2")
    (-1500.0, None, None, -2.0)
    """
    text = text.replace("−", "-")
    if not _NUMBER.match(text):
        return None
    value = float(text)
    return None if math.isinf(value) and "n" not in text.lower() else value


def read_separated(stream: IO[bytes], source: str, limits: Mapping[str, int]) -> tuple[Any, bool]:
    """Return the numbers of a text file as a matrix, and whether its first line was one of names.

    Empty lines and lines that begin with # are left out; a first line without any number names the columns.

    Raises:
        Mistake: `E-DATA`, where it has no numbers, or something else; `E-LIMIT`, where it has too many.
    """
    import numpy as np

    rows = _rows(_Lines(stream, source))
    flat: list[float] = []
    width = count = 0
    header = False
    for line, cells in rows:
        if not count and not header and any(cells) and not any([_is_numeric(cell) for cell in cells]):
            header, width = True, len(cells)
            continue
        if width and len(cells) != width:
            said = f"line {line} of {source} has {_cells(len(cells))}, the lines before have {width}"
            raise Mistake("E-DATA", said, hint="all rows are equally long; nan stands for what is missing")
        values = [number_of(cell) for cell in cells]
        if None in values:
            raise _no_number(source, line, cells, values)
        width = len(cells)
        flat += [value for value in values if value is not None]
        count += 1
        if len(flat) > limits["elements"]:
            raise above("elements", f"{source} has more than {limits['elements']} numbers", 2 * len(flat), limits)
    if not count:
        raise Mistake("E-DATA", f"{source} has no numbers in it", hint="one row a line, such as 1.5, 2, -0.25")
    check_elements(len(flat), source, limits)
    return np.asarray(flat, dtype=float).reshape(count, width), header


def _is_numeric(cell: str) -> bool:
    """Say whether a cell is a number, or looks as if it was to be one."""
    return (cell != "" and cell[0] in _BEGINS) or number_of(cell) is not None


def _cells(count: int) -> str:
    return f"{count} cell{'s' * (count != 1)}"


def _no_number(source: str, line: int, cells: list[str], values: list[float | None]) -> Mistake:
    place = values.index(None)
    cell = cells[place]
    if not cell:
        return Mistake(
            "E-DATA", f"line {line} of {source}: cell {place + 1} is empty", hint="write nan for what is missing"
        )
    said = f"line {line} of {source}: cell {place + 1}, '{clip(cell)}', is no number"
    hint = "numbers have a decimal point: 1.5" if "," in cell else "numbers: 3, -0.5, 1e-3, nan, inf"
    return Mistake("E-DATA", said, hint=hint)


class _Lines:
    """The lines of a file as text, those that say nothing left out; `number` is that of the last one."""

    def __init__(self, stream: IO[bytes], source: str) -> None:
        self.stream = stream
        self.source = source
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while raw := self.stream.readline(LONGEST_LINE):
            self.number += 1
            if len(raw) == LONGEST_LINE:
                raise Mistake(
                    "E-LIMIT",
                    f"line {self.number} of {self.source} has more than {LONGEST_LINE} bytes",
                    hint="use .npy",
                )
            try:
                text = raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
            except UnicodeDecodeError:
                said = f"line {self.number} of {self.source} is not UTF-8 text"
                raise Mistake("E-DATA", said, hint="np.save writes arrays that are not text") from None
            if "\0" in text:
                raise Mistake("E-DATA", f"line {self.number} of {self.source} is no text", hint="is it a table?")
            if text.strip() and not text.lstrip().startswith("#"):
                yield text


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number; the first line decides what separates them."""
    waiting = iter(lines)
    first = next(waiting, None)
    if first is None:
        return
    mark = next((mark for mark in ";,\t" if mark in first), None)

    def again() -> Iterator[str]:
        yield first
        yield from waiting

    if mark is None:
        for text in again():
            yield lines.number, text.split()
        return
    try:
        for cells in csv.reader(again(), delimiter=mark, strict=True):
            yield lines.number, [cell.strip() for cell in cells]
    except csv.Error as trouble:
        said = f"line {lines.number} of {lines.source} is not read: {clip(str(trouble))}"
        raise Mistake("E-DATA", said, hint="one row a line, such as 1.5, 2, -0.25") from None
