"""Arrays of files: .npy and .npz, read without NumPy's loader, and text with a row a line.

The format of .npy is NEP 1: six bytes of magic, the version, the length of the header, a header that spells a Python
dictionary of three keys, and the numbers. The header is matched, never evaluated. An object array is a pickle, which is
a program: it is refused by its header. In a text there are commas, semicolons, tabs or blanks between the numbers.
"""

from __future__ import annotations

import math
import mmap
import os
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from mcalc.errors import Mistake, clip
from mcalc.limits import above, check_elements
from mcalc.patterns import pattern

if TYPE_CHECKING:
    import zipfile

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 10_000
LONG = 1 << 20
"""A file of fewer bytes is read at once."""
MOST_AXES = 4
MOST_MEMBERS = 10_000
_HEADER = pattern(
    r"(?s)\{\s*'descr':\s*(?P<descr>'[^'\\]*'|\[.*\]),\s*'fortran_order':\s*(?P<fortran>True|False),"
    r"\s*'shape':\s*\((?P<shape>[0-9, L]*)\),?\s*\}\s*"
)
_DTYPE = pattern(r"[<>|=]?(?:f[248]|[iu][1248]|b1)\Z")
_NOT_READ = {
    "O": "Python objects, which are pickled: a pickle is a program, and is not read",
    "c": "complex numbers, and variables are real",
    "S": "text",
    "U": "text",
    "M": "dates",
    "m": "spans of time",
    "V": "records",
    "[": "records of several columns",
}


def read_npy(stream: IO[bytes], length: int, source: str, limits: Mapping[str, int]) -> Any:
    """Return the array of an .npy stream of `length` bytes; what it claims is compared with that before it is read.

    Raises:
        Mistake: `E-DATA`, where it is not whole.
    """
    import numpy as np

    dtype, shape, by_columns, start = _header(stream, source)
    count = 1
    for axis in shape:
        count *= axis
    check_elements(count, source, limits)
    wide = np.dtype(dtype).itemsize
    if start + count * wide != length:
        sizes = f"its header says {count * wide} bytes of numbers, and {max(length - start, 0)} follow"
        raise Mistake("E-DATA", f"{source} is not whole: {sizes}", hint="save it again with np.save")
    data = _mapped(stream) or stream.read(count * wide)
    skipped = start if isinstance(data, mmap.mmap) else 0
    if len(data) != skipped + count * wide:
        raise Mistake(
            "E-DATA",
            f"{source} is not whole: its header says {count * wide} bytes of numbers, and {len(data)} follow",
            hint="save it again with np.save",
        )
    flat = np.frombuffer(data, dtype=dtype, offset=skipped).astype(float, copy=False)
    return flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)


def _mapped(stream: IO[bytes]) -> mmap.mmap | None:
    """Return a file as it lies on the disk, of which nothing is copied; None for what is no file, or no long one."""
    try:
        if os.fstat(stream.fileno()).st_size < LONG:
            return None
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None


def _header(stream: IO[bytes], source: str) -> tuple[str, tuple[int, ...], bool, int]:
    """Return the type of the numbers, the shape, whether columns come first, and where the numbers begin."""
    start = stream.read(8)
    if len(start) < 8 or start[:6] != MAGIC:
        raise Mistake("E-DATA", f"{source} is no .npy file: it begins otherwise", hint="np.save writes such files")
    wide = 2 if start[6] == 1 else 4
    if start[6] not in (1, 2, 3):
        raise Mistake("E-DATA", f"{source} is an .npy file of version {start[6]}", hint="1 to 3 are read")
    length = int.from_bytes(stream.read(wide), "little")
    if length > LONGEST_HEADER:
        hint = f"up to {LONGEST_HEADER} are read"
        raise Mistake("E-DATA", f"{source} has a header of {length} bytes", hint=hint)
    text = stream.read(length).decode("utf-8", "replace")
    found = _HEADER.fullmatch(text)
    if found is None:
        raise Mistake("E-DATA", f"the header of {source} is not read", hint="save it again with np.save")
    descr = found["descr"].strip("'")
    if not _DTYPE.match(descr):
        kind = descr.lstrip("<>|=")[:1]
        said = _NOT_READ.get(kind, f"numbers of the type {clip(descr)}, which are not read")
        raise Mistake(
            "E-DATA", f"{source} holds {said}", hint="save an array of real numbers: np.save(name, a.astype(float))"
        )
    axes = [part.strip().rstrip("L") for part in found["shape"].split(",")]
    shape = tuple([int(axis) for axis in axes if axis.isdecimal() and len(axis) < 20])
    if len(shape) != len([axis for axis in axes if axis]):
        raise Mistake("E-DATA", f"the shape in the header of {source} is not read", hint="save it again with np.save")
    if len(shape) > MOST_AXES:
        raise Mistake("E-DATA", f"{source} has {len(shape)} axes", hint=f"up to {MOST_AXES} are read")
    return descr, shape, found["fortran"] == "True", 8 + wide + length


_UNPACKED = (0, 8)
"""Members that are read, stored or deflated, by the numbers of PKWARE's note on the format."""


def read_npz(stream: IO[bytes], source: str, member: str, limits: Mapping[str, int]) -> Any:
    """Return one array of an .npz archive: the `member` named, or the only one. No more is inflated than it says.

    Raises:
        Mistake: `E-DATA`, where it is not whole, or has not the one member that is meant.
    """
    import zipfile

    try:
        with zipfile.ZipFile(stream) as archive:
            found = _member(archive, source, member)
            with archive.open(found) as inflated:
                return read_npy(inflated, found.file_size, f"{source}:{clip(_bare(found.filename))}", limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as trouble:
        reason = clip(str(trouble)) or type(trouble).__name__
        raise Mistake("E-DATA", f"{source} is no whole .npz archive: {reason}", hint="np.savez writes them") from None


def _member(archive: zipfile.ZipFile, source: str, wanted: str) -> zipfile.ZipInfo:
    """Return the entry of an archive that is meant, if it may be read."""
    every = archive.infolist()
    if len(every) > MOST_MEMBERS:
        raise Mistake("E-DATA", f"{source} has {len(every)} members", hint=f"up to {MOST_MEMBERS} are read")
    names = [_bare(info.filename) for info in every]
    listed = clip(", ".join(names)) or "none"
    fitting = [info for info, name in zip(every, names, strict=True) if not wanted or wanted in (name, info.filename)]
    path = source if not wanted else source[: -len(wanted) - 1]
    hint = f"name one: {path}:{clip(names[0])}" if names else "np.savez writes such files"
    if not fitting and every:
        raise Mistake("E-DATA", f"{path} has no member {clip(wanted)}; it has: {listed}", hint=hint)
    if len(fitting) != 1:
        raise Mistake("E-DATA", f"{path} has {len(fitting)} arrays: {listed}", hint=hint)
    info = fitting[0]
    if info.flag_bits & 0x1:
        raise Mistake("E-DATA", f"{source} is encrypted", hint="np.savez writes archives that are not")
    if info.compress_type not in _UNPACKED:
        raise Mistake("E-DATA", f"{source} is compressed in a way that is not read", hint="np.savez_compressed is read")
    return info


def _bare(filename: str) -> str:
    return filename.removesuffix(".npy")


LONGEST_LINE = 1 << 26
"""Bytes in one line: a row of two million numbers."""
_NUMBER = pattern(r"(?i)[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|inf|infinity)\Z")
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
    import csv

    try:
        for cells in csv.reader(again(), delimiter=mark, strict=True):
            yield lines.number, [cell.strip() for cell in cells]
    except csv.Error as trouble:
        said = f"line {lines.number} of {lines.source} is not read: {clip(str(trouble))}"
        raise Mistake("E-DATA", said, hint="one row a line, such as 1.5, 2, -0.25") from None
