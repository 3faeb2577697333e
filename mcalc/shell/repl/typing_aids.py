"""What is offered while a line is typed: what it may go on with, and what it would come to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from mcalc.api import worked_out
from mcalc.choices import Manner
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.notation import Reading, Scope, assumed_text, read, split_statements
from mcalc.notation.surface.words import BUILT_IN
from mcalc.operators import FUNCTIONS
from mcalc.patterns import pattern
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import safe
from mcalc.render.terminal import width as text_width
from mcalc.render.text import shape_words, unicode
from mcalc.shell.repl.command_table import COMMANDS, bare_command, command_of
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.followups import parted, with_marks
from mcalc.shell.repl.help_pages import glyphs, one_line, typed

_WORD = pattern(r"[^\W\d_][\w\u0300-\u036f]*$|_$")


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


IDLE = r"Tab completes   \alpha Tab is α   :help   Ctrl-D leaves"
LONGEST = 2000
"""Characters of a line that is read while it is typed."""
_OPEN_END = pattern(r"[-+−–*/·⋅.,^_<>\s(\[{]+$")
"""What the end of a line may be that goes on."""
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def previews(text: str, desk: Desk) -> Iterator[list[str]]:
    """Yield what is to be said of a line, the quick things first; of one that is not complete yet, nothing wrong.

    Each is a list of wordings, from the longest to the shortest, for the one that fits to be shown.
    """
    bare = text.strip()
    if not bare:
        yield [IDLE if not desk.is_touring else "Enter goes on with the tour"]
        return
    command = command_of(bare[1:].split(" ")[0]) if bare.startswith(":") else None
    follow_up = bare_command(text, desk)
    if bare.startswith((":", "?")) or follow_up:
        command = follow_up[0] if follow_up else command
        yield [one_line(command)] if command is not None else []
        return
    if len(text) > LONGEST:
        yield []
        return
    try:
        yield from _of_statement(text, desk)
    except Mistake as mistake:
        if mistake.code in ("E-SYNTAX", "E-CHAR"):
            yield _so_far(text, desk)
        elif mistake.code == "E-AMBIG":
            said = f"will be refused: {mistake.message}"
            yield [f"{said}; {mistake.hint}", said, mistake.message]
        else:
            yield [mistake.message]


def _so_far(text: str, desk: Desk) -> list[str]:
    """Return how a line reads up to a sign that nothing follows yet; nothing where that says nothing either."""
    begun = _OPEN_END.sub("", text)
    if begun == text or not begun.strip():
        return []
    try:
        said = next(_of_statement(begun, desk), [])
    except Mistake:
        return []
    return [f"{said[-1]} ..."] if said else []


def _of_statement(text: str, desk: Desk) -> Iterator[list[str]]:
    text = parted(text, desk)[0]
    pieces = [piece for piece, _ in split_statements(completed(text))]
    scope = desk.sheet.reading_scope(text)
    for piece in pieces[:-1]:
        scope = read(piece, scope).scope
    if not pieces:
        return
    reading = read(pieces[-1], scope)
    said = _reading(reading, scope)
    yield said
    if reading.kind == "derivative" or reading.doubt is not None:
        value = worked_out(reading, Manner(desk.layout))
        if reading.kind != "derivative":
            return
        shape = shape_words(value.expr)
        result = value.text if isinstance(value, Derivative) else unicode(value.expr, scope.names())
        yield [f"{said[-1]} = {result}   {shape}", f"= {result}   {shape}", f"= {result}"]


def _reading(reading: Reading, scope: Scope) -> list[str]:
    """Return what a statement says, in mcalc's own words."""
    if reading.kind == "declaration":
        return [", ".join(assumed_text(list(reading.names.values())))]
    if reading.expr is None:
        return []
    name = f"{reading.name} = " if reading.kind == "definition" else ""
    shape = "" if reading.kind in ("derivative", "claim") else shape_words(reading.expr)
    said = f"{name}{with_marks(unicode(reading.expr, scope.names()), reading.expr)}"
    if reading.kind == "claim":
        said = " = ".join([unicode(side, scope.names()) for side in reading.sides])
    found = [f"{said}   {shape}", said] if shape else [said]
    return [f"{found[0]}   assumed: {'; '.join(reading.assumed)}", *found] if reading.assumed else found


def completed(text: str) -> str:
    """Return a line with the brackets closed that are open still, so that it can be read before it is all there.

    >>> completed("max(0, [1"), completed("x)")
    ('max(0, [1])', 'x)')
    """
    open_: list[str] = []
    for character in text:
        if character in _CLOSING:
            open_.append(_CLOSING[character])
        elif open_ and character == open_[-1]:
            open_.pop()
    return text + "".join(reversed(open_))


def fitted(wordings: Sequence[str], columns: int, *, glyphs: bool = True) -> str:
    """Return one line that fits into the columns of a terminal: the first wording that does, or the last one cut.

    >>> fitted(["w · x + b   a scalar", "w · x + b"], 12), fitted(["w · x + b"], 6), fitted(["∂/∂w"], 9, glyphs=False)
    ('w · x + b', 'w · x…', 'd/dw')
    """
    said = ""
    for wording in wordings:
        said = safe(" ".join(wording.split("\n")))
        said = said if glyphs else spell_ascii(said)
        if text_width(said) <= columns:
            return said
    kept: list[str] = []
    filled = 1
    for character in said:
        filled += text_width(character)
        if filled > columns:
            break
        kept.append(character)
    return "".join(kept) + ("…" if glyphs else "~")
