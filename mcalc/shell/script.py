"""A session as a script: statements that give the same results when they are run again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mcalc.errors import Mistake
from mcalc.notation import Reading, Scope, read
from mcalc.notation.surface.parse import scan
from mcalc.shell.settings import USUAL, lines_between
from mcalc.shell.worksheet import EARLIER, Worksheet


def script(sheet: Worksheet) -> str:
    """Return the statements of a worksheet, one a line, with directives where options of the session were others.

    Where a statement names an earlier result, that result's statement stands in its place, if it still means the same
    there; else the result is given a name when it is made.

    >>> from mcalc.shell.session import Session
    >>> from mcalc.shell.worksheet import Worksheet
    >>> sheet = Worksheet(Session())
    >>> for text in ("d/dx x^2", "ans^2"):
    ...     trial = sheet.run(text)
    >>> print(script(sheet), end="")
    d/dx x^2
    (d/dx x^2)^2
    """
    lines: list[str] = []
    options = USUAL
    for entry, line in zip(sheet.entries, _lines(sheet), strict=True):
        lines += [*lines_between(options, entry.options), line]
        options = entry.options
    return "".join([f"{line}\n" for line in lines])


def _lines(sheet: Worksheet) -> list[str]:
    """Return what is written for each statement: a line, or two where its result is given a name."""
    is_own = "ans" in sheet.scope.names()
    texts = [" ".join(entry.text.split("\n")) for entry in sheet.entries]
    places_of = [_named(text, is_own) for text in texts]
    if not any(places_of):
        return texts
    scope = Scope()
    written: list[str] = []
    results: list[int] = []
    must_name: set[int] = set()
    for entry, text, places in zip(sheet.entries, texts, places_of, strict=True):
        line = text
        if places:
            wanted = [int(match[1]) if match[1] else len(results) for match in places]
            bodies = [f"({written[results[number - 1]]})" for number in wanted]
            line = _replaced(text, places, bodies)
            reading = _read(line, scope)
            if reading is None or reading.expr is not entry.expr:
                must_name |= set(wanted)
                line = _replaced(text, places, [f"ans_{number}" for number in wanted])
                scope = scope.copy()
                named = {f"ans_{number}": sheet.results[number - 1].expr for number in wanted}
                scope.definitions |= {name: expr for name, expr in named.items() if expr is not None}
        if entry.number:
            results.append(len(written))
        written.append(line)
        reading = _read(line, scope)
        if reading is not None and reading.kind in ("declaration", "definition", "function"):
            scope = reading.scope
    for number in must_name:
        place = results[number - 1]
        written[place] += f"\nans_{number} = {written[place]}"
    return written


def _named(text: str, is_own: bool) -> list[re.Match[str]]:
    """Return the places in a statement that name an earlier result."""
    found = list(EARLIER.finditer(text))
    if not found:
        return []
    starts = {token.start for token in scan(text)}
    return [match for match in found if match.start() in starts and not (match[0] == "ans" and is_own)]


def _replaced(text: str, places: Sequence[re.Match[str]], words: Sequence[str]) -> str:
    parts: list[str] = []
    done = 0
    for match, word in zip(places, words, strict=True):
        parts += [text[done : match.start()], word]
        done = match.end()
    return "".join([*parts, text[done:]])


def _read(text: str, scope: Scope) -> Reading | None:
    """Return the reading of a statement where some names are known; None where it cannot be read."""
    try:
        return read(text, scope)
    except Mistake:
        return None
