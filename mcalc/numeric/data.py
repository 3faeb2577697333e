"""Values for variables, as they are given: numbers typed in place, or the arrays of a file.

Nothing but the file that is named is opened, and nothing in it is executed: no pickles, no addresses of the network, no
archive that grows without bound. What a file claims to hold is compared with its length before memory is taken.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from mcalc.errors import Mistake, clip
from mcalc.files import open_to_read
from mcalc.limits import DATA, above
from mcalc.numeric.array_files import number_of, read_npy, read_npz, read_separated
from mcalc.patterns import pattern

COMPRESSED = {".gz": "gunzip", ".bz2": "bunzip2", ".xz": "unxz", ".zst": "unzstd", ".zip": "unzip"}
SEPARATED = (".csv", ".tsv", ".txt")
LONGEST_NAME = 48
"""Characters of a file's name in messages: the end of a longer one says more than its beginning."""
KINDS = ".npy, .npz, .csv, .tsv, .txt"
_ADDRESS = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://")
_INLINE = pattern(r"(?i)[-+−0-9.\[]|(nan|inf|infinity)\Z")


class Given:
    """The value of a variable and where it is from; `loose` says that a single row or column may be a vector.

    `notes` are choices that were made in reading it, `warnings` what may be wrong with it.
    """

    __slots__ = ("_finite", "array", "loose", "name", "notes", "source", "warnings")

    def __init__(self, name: str, array: Any, source: str, *, loose: bool) -> None:
        self.name = name
        self.array = array
        self.source = source
        self.loose = loose and array.ndim == 2 and 1 in array.shape
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self._finite: bool | None = None

    @property
    def is_finite(self) -> bool:
        """Whether no entry is NaN or infinite; looked for once."""
        if self._finite is None:
            self._finite = all_finite(self.array)
        return self._finite

    @property
    def size(self) -> str:
        """Its shape in words, as in messages: ``2×2``, ``3 entries``, ``a number``.

        >>> import numpy as np
        >>> Given("w", np.zeros(3), "w.npy", loose=False).size
        '3 entries'
        """
        return size_text(self.array.shape)

    def __repr__(self) -> str:
        return f"<Given {self.name}: {self.size}, {self.source}>"


def size_text(shape: tuple[int, ...]) -> str:
    """Return the shape of an array in words.

    >>> size_text(()), size_text((1,)), size_text((2, 3))
    ('a number', '1 entry', '2×3')
    """
    if len(shape) < 2:
        return "a number" if not shape else f"{shape[0]} entr{'y' if shape[0] == 1 else 'ies'}"
    return "×".join([str(length) for length in shape])


def all_finite(array: Any) -> bool:
    """Say whether no entry is NaN or infinite. Their sum is finite only then; where it is not, it may be too large.

    >>> all_finite([1.0, 2.0]), all_finite([1.0, float("nan")]), all_finite([1e308, 1e308])
    (True, False, True)
    """
    import numpy as np

    with np.errstate(all="ignore"):
        return bool(np.isfinite(np.sum(array)) or np.all(np.isfinite(array)))


def read_given(name: str, text: str, limits: Mapping[str, int] = DATA) -> Given:
    """Return the value that a text gives a variable: numbers, or the name of a file.

    Raises :class:`~mcalc.errors.Mistake`: ``E-DATA`` for what is no array of numbers, ``E-FILE`` for what cannot be
    read, ``E-LIMIT`` for what is too large.

    >>> read_given("w", "[0.3, -0.2]").array.tolist(), read_given("A", "[1 2; 3 4]").array.tolist()
    ([0.3, -0.2], [[1.0, 2.0], [3.0, 4.0]])
    """
    import numpy as np

    text = text.strip()
    if not text:
        raise Mistake(
            "E-DATA", f"{name} is given no value", hint=f"--set {name}=0.1, {name}=[1, 2] or {name}={name}.npy"
        )
    if _INLINE.match(text) and not os.path.exists(text):
        given = Given(name, np.asarray(_inline(name, text), dtype=float), f"given as {clip(text)}", loose=False)
    else:
        given = _from_file(name, text, limits)
    if not given.is_finite:
        unusual = int(np.size(given.array) - np.count_nonzero(np.isfinite(given.array)))
        entries = (
            "its value is" if not given.array.ndim else f"{unusual} of its entries {'is' if unusual == 1 else 'are'}"
        )
        given.warnings.append(f"{name} ({given.source}): {entries} NaN or infinite")
    return given


# numbers in place --------------------------------------------------------------------------------------------------


def _inline(name: str, text: str) -> Any:
    """Read a number, ``[1, 2]``, ``[1 2; 3 4]`` or ``[[1, 2], [3, 4]]``; rows and columns of one entry are vectors."""
    if not text.startswith("["):
        return _number(name, text)
    inner = _without_brackets(name, text)
    if "[" in inner:
        return _nested(name, inner)
    rows = [_cells(name, row) for row in inner.split(";")]
    _same_length(name, rows)
    if len(rows) == 1:
        return rows[0]
    return [row[0] for row in rows] if len(rows[0]) == 1 else rows


def _without_brackets(name: str, text: str) -> str:
    if not text.endswith("]"):
        raise Mistake("E-DATA", f"the bracket of {name} = {clip(text)} is not closed", hint=f"{name}=[1, 2; 3, 4]")
    return text[1:-1]


def _nested(name: str, inner: str) -> list[list[float]]:
    """Read rows in brackets of their own."""
    rows: list[list[float]] = []
    at = 0
    while at < len(inner):
        start = inner.find("[", at)
        between = inner[at : start if start >= 0 else None].strip()
        if between not in ((",", ";", "") if rows else ("",)) or (start < 0 and between):
            raise Mistake("E-DATA", f"'{clip(between)}' stands between the rows of {name}", hint="[[1, 2], [3, 4]]")
        if start < 0:
            break
        end = inner.find("]", start)
        if end < 0 or "[" in inner[start + 1 : end]:
            raise Mistake("E-DATA", f"the rows of {name} are not read", hint="[[1, 2], [3, 4]]: two axes at most")
        rows.append(_cells(name, inner[start + 1 : end]))
        at = end + 1
    _same_length(name, rows)
    return rows


def _cells(name: str, row: str) -> list[float]:
    """Read numbers with commas, or blanks, between them."""
    cells = [cell.strip() for cell in row.split(",")] if "," in row else row.split()
    if not cells or "" in cells:
        raise Mistake("E-DATA", f"a number is missing in {name} = [{clip(row)}]", hint=f"{name}=[1, 2]")
    return [_number(name, cell) for cell in cells]


def _same_length(name: str, rows: list[list[float]]) -> None:
    for place, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise Mistake(
                "E-DATA",
                f"row {place} of {name} has {size_text((len(row),))}, the first one has {len(rows[0])}",
                hint="; separates rows, and all rows are equally long",
            )


def _number(name: str, text: str) -> float:
    """Read one number, or a fraction of two."""
    top, slash, bottom = text.partition("/")
    parts = [number_of(part.strip()) for part in ((top, bottom) if slash else (top,))]
    if None in parts or (slash and parts[1] == 0):
        several = f"each value has a --set of its own: --set {name}=3 --set y=2" if "=" in text else ""
        hint = several or "numbers: 3, -0.5, 1e-3, 1/2, nan, inf"
        raise Mistake("E-DATA", f"{name}: '{clip(text)}' is no number", hint=hint)
    first = parts[0]
    assert first is not None
    return first if not slash else first / (parts[1] or 1.0)


# files -------------------------------------------------------------------------------------------------------------


def _from_file(name: str, text: str, limits: Mapping[str, int]) -> Given:
    path, member = _parted(text)
    shown = text if len(text) <= LONGEST_NAME else f"…{text[1 - LONGEST_NAME :]}"
    ending = os.path.splitext(path)[1].lower()
    if _ADDRESS.match(path):
        raise Mistake("E-DATA", f"{shown} is an address: nothing is fetched from a network", hint="download it first")
    if ending in COMPRESSED:
        raise Mistake("E-DATA", f"{shown}: compressed files are not read", hint=f"{COMPRESSED[ending]} it first")
    if ending in (".pkl", ".pickle", ".joblib", ".pt", ".pth"):
        raise Mistake("E-DATA", f"{shown}: pickled objects are programs, and are not read", hint="np.save writes .npy")
    if ending not in (".npy", ".npz", *SEPARATED):
        hint = f"numbers such as 0.1 or [1, 2; 3, 4], or a file of one of the kinds {KINDS}"
        raise Mistake("E-DATA", f"{name} = {shown} is neither numbers nor a file that is read", hint=hint)
    with open_to_read(path) as stream:
        length = os.fstat(stream.fileno()).st_size
        if length > limits["bytes"]:
            raise above("bytes", f"{shown} has {length} bytes", length, limits)
        if ending == ".npy":
            given = Given(name, read_npy(stream, length, shown, limits), shown, loose=True)
        elif ending == ".npz":
            given = Given(name, read_npz(stream, shown, member, limits), shown, loose=True)
        else:
            array, header = read_separated(stream, shown, limits)
            given = Given(name, array, shown, loose=True)
            if header:
                given.notes.append(f"{shown}: the first line is taken as the names of the columns")
    if not given.array.size:
        raise Mistake("E-DATA", f"{shown} has no entries: {size_text(given.array.shape)}", hint="sizes are at least 1")
    return given


def _parted(text: str) -> tuple[str, str]:
    """Part ``file.npz:member`` into the two.

    >>> _parted("data.npz:X"), _parted("X.npy")
    (('data.npz', 'X'), ('X.npy', ''))
    """
    at = text.lower().find(".npz:")
    return (text, "") if at < 0 else (text[: at + 4], text[at + 5 :])
