"""What may stand at the cursor: names, functions, commands and what they take, files, glyphs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mcalc.notation.surface.words import BUILT_IN
from mcalc.operators import FUNCTIONS
from mcalc.shell.repl.command_table import COMMANDS, command_of
from mcalc.shell.repl.help_pages import glyphs, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcalc.shell.repl.desk import Desk

_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f]*$|_$")


class Candidate:
    """A text that may stand in place of the last `length` characters before the cursor, and what is said of it."""

    __slots__ = ("length", "says", "shown", "text")

    def __init__(self, text: str, length: int, says: str = "", shown: str = "") -> None:
        self.text = text
        self.length = length
        self.says = says
        self.shown = shown or text

    def __repr__(self) -> str:
        return f"Candidate({self.text!r}, {self.length})"


def candidates(before: str, desk: Desk) -> list[Candidate]:
    """Return what may stand at the cursor, with the text of the line before it."""
    name = typed(before)
    if name is not None:
        return [Candidate(glyph, len(name) + 1, glyph, f"\\{full}") for full, glyph in glyphs(name)]
    bare = before.lstrip()
    if bare.startswith(":"):
        word, blank, rest = bare[1:].partition(" ")
        if not blank:
            return [Candidate(f":{one.name}", len(word) + 1, one.says) for one in COMMANDS if one.name.startswith(word)]
        command = command_of(word)
        return [] if command is None else list(operands(command.completes, rest.lstrip(), desk))
    if bare.startswith("?"):
        return list(operands("topics", bare[1:].lstrip(), desk))
    if " " in bare:
        command = command_of(bare.partition(" ")[0])
        if command is not None and command.bare and command.completes not in ("", "names"):
            return list(operands(command.completes, bare[bare.index(" ") :].lstrip(), desk))
    found = _WORD.search(before)
    return list(words(found[0], desk, alone=found[0] == bare)) if found else []


def words(begun: str, desk: Desk, *, alone: bool) -> Iterator[Candidate]:
    """Yield names and functions that begin so; and, where nothing else is on the line, the bare commands."""
    scope = desk.sheet.scope
    length = len(begun)
    for name in [*scope.variables, *scope.definitions, *scope.sizes]:
        if name.startswith(begun):
            yield Candidate(name, length, desk.meaning(name))
    for name in scope.functions:
        if name.startswith(begun):
            yield Candidate(f"{name}(", length, desk.meaning(name), name)
    if desk.sheet.results and "ans".startswith(begun):
        yield Candidate("ans", length, "the last result")
    if alone:
        for command in COMMANDS:
            if command.bare and command.name.startswith(begun) and command.name not in scope.names():
                yield Candidate(command.name, length, command.says)
    for name in sorted({*FUNCTIONS, *BUILT_IN}):
        if name.startswith(begun) and name.isalnum() and len(name) > 1:
            row = FUNCTIONS.get(name)
            yield Candidate(f"{name}(", length, row.formula if row is not None else "", name)


def operands(kind: str, begun: str, desk: Desk) -> Iterator[Candidate]:
    """Yield what a command may be followed by."""
    if kind == "files":
        yield from files(begun)
        return
    for text, says in desk.choices(kind, begun):
        if text.startswith(begun):
            yield Candidate(text, len(begun), says)


def files(begun: str) -> Iterator[Candidate]:
    """Yield the files and folders that begin so; hidden ones only where a dot was typed."""
    begun = begun.rsplit(" ", maxsplit=1)[-1]
    folder, name = os.path.split(begun)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as found:
            entries = sorted([(entry.name, entry.is_dir()) for entry in found])
    except OSError:
        return
    for entry, is_folder in entries:
        if entry.startswith(name) and (name.startswith(".") or not entry.startswith(".")) and entry.isprintable():
            yield Candidate(entry + "/" * is_folder, len(name))
