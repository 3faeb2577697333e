"""What the toolbar says of a line while it is typed: its reading and shape, and the derivative when it is ready."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.api import worked_out
from mcalc.errors import Mistake
from mcalc.notation import assumed_text, read, split_statements
from mcalc.render.glyphs import spell_ascii
from mcalc.render.safe import safe
from mcalc.render.safe import width as text_width
from mcalc.render.text import shape_words, unicode
from mcalc.results import Derivative
from mcalc.shell.repl.command_table import bare_command, command_of
from mcalc.shell.repl.followups import with_marks
from mcalc.shell.repl.help_pages import one_line
from mcalc.shell.repl.numbers import parted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mcalc.notation import Reading, Scope
    from mcalc.shell.repl.desk import Desk

IDLE = r"Tab completes   \alpha Tab is α   :help   Ctrl-D leaves"
LONGEST = 2000
"""Characters of a line that is read while it is typed."""
_OPEN_END = re.compile(r"[-+−–*/·⋅.,^_<>\s(\[{]+$")
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
        value = worked_out(reading, layout=desk.layout)
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
