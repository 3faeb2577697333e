"""What the commands do that are about the session and its last result."""

from __future__ import annotations

import os
from base64 import b64encode
from typing import TYPE_CHECKING

from mcalc.choices import LEVELS
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, closest
from mcalc.files import open_to_read, path_of
from mcalc.notation.around.said_in_words import Said
from mcalc.render.glyphs import spell_ascii
from mcalc.render.graph_pictures import Labels, tree
from mcalc.shell import batch
from mcalc.shell.options import PROMPTED
from mcalc.shell.output import CODE, CannotWrite
from mcalc.shell.repl.desk import Desk
from mcalc.shell.settings import Settings
from mcalc.shell.streams import Target
from mcalc.shell.worksheet import script

if TYPE_CHECKING:
    from mcalc.solving.solution import Solution

MOST_COPIED = 50_000
"""Characters for the clipboard: terminals take some 75,000 bytes, of which the coding is a quarter."""
LARGEST = 10 << 20
"""Bytes of a script that is loaded."""


def _derivative(desk: Desk, word: str) -> Derivative:
    entry = desk.last(f"type a derivative first, then {word}")
    value = entry.outcome.value if entry.outcome is not None else None
    if not isinstance(value, Derivative):
        raise Mistake("E-USAGE", f"the last statement is no derivative: {word} of what?", hint=f"grad, then {word}")
    return value


def _solution(desk: Desk) -> Solution | None:
    """Return the last result, where it is the solution of a problem."""
    entry = desk.sheet.entries[-1] if desk.sheet.entries else None
    return None if entry is None or entry.outcome is None else entry.outcome.solution


def steps(desk: Desk, operand: str) -> None:
    """Show the derivation of the last derivative, or how the last solution is found.

    Raises:
        Mistake: `E-USAGE`, for an unknown level, or without a derivative.
    """
    level = operand or LEVELS[0]
    if level not in LEVELS:
        raise Mistake("E-USAGE", f"there is no level of steps {level[:30]}", hint=f"one of {', '.join(LEVELS)}")
    page = desk.page()
    solution = _solution(desk)
    if solution is not None:
        for place, (name, text) in enumerate([(step.name, str(step)) for step in solution.steps], 1):
            page.line([(f"{place}  {name}", "words")])
            page.line([(f"     {text if page.unicode else spell_ascii(text)}", "text")])
        return
    page.rows(_derivative(desk, "steps").steps.rows(level, unicode=page.unicode, width=page.width))


def check(desk: Desk, operand: str) -> None:
    """Test the last derivative by numbers, or compare an answer with it.

    Raises:
        Mistake: `E-USAGE`, without a derivative; `E-UNSUPPORTED`, for one that has to be written out.
    """
    value = _derivative(desk, "check")
    if operand:
        by = value.wrt[0] if len(value.wrt) == 1 else f"({', '.join(value.wrt)})"
        if len(value.wrt) > 1 or value.order > 2:
            raise Mistake("E-UNSUPPORTED", "write the whole claim here", hint="∂/∂(w, b) ... = ...")
        sign = f"∂/∂{by}" if value.order == 1 else f"∂²/∂{by}²"
        desk.made(f"{sign} ({value.record()['expr']}) = {operand}", (value.body, *value.variables))
        return
    desk.say_check(value)


def to(desk: Desk, operand: str) -> None:
    """Show the last result in another format, once.

    Raises:
        Mistake: `E-USAGE`, for an unknown format, or without a result.
    """
    if operand not in desk.formats:
        said = f"there is no format {operand[:30]}" if operand else "to which format?"
        raise Mistake("E-USAGE", said, hint=f"one of {', '.join(desk.formats)}")
    if _solution(desk) is not None:
        desk.show_again(desk.sheet.entries[-1], operand)
        return
    entry = desk.last(f"type a formula first, then to {operand}")
    if operand in CODE:
        _derivative(desk, f"to {operand}")
    if entry.outcome is None or entry.outcome.value is None:
        desk.statements(entry.outcome.name or "" if entry.outcome is not None else "", to=operand)
        return
    desk.show_again(entry, operand)


def graph(desk: Desk, operand: str) -> None:
    """Show the computation graph of the last derivative, with the chain rule gathered backward or forward."""
    page = desk.page()
    labels = _derivative(desk, "graph").graph(operand or "backward").labels
    page.rows(tree(Labels(labels.graph, labels.taken, unicode=page.unicode)))


def plot(desk: Desk, operand: str) -> None:
    """Draw the last function with its derivative, over a range; values behind ``at`` hold for its other names."""
    from mcalc.shell.plot import drawn_curve, ranges

    page = desk.page()
    value = _derivative(desk, "plot")
    try:
        lines = drawn_curve(value, desk.values, ranges(operand), page)
    except Mistake as mistake:
        mistake.hint = mistake.hint.replace("--set ", "eval at ").replace("--range ", ":plot ")
        raise
    desk.output.result("\n".join(lines), styled=True)


def copy(desk: Desk, operand: str) -> None:
    """Send the last result to the clipboard of the terminal, by the sequence OSC 52.

    Raises:
        Mistake: `E-USAGE`, without a result or a terminal; `E-LIMIT`, where it is too long.
    """
    wanted = operand or ("unicode" if desk.output.unicode else "ascii")
    if wanted not in desk.formats:
        raise Mistake("E-USAGE", f"there is no format {wanted[:30]}", hint=f"one of {', '.join(desk.formats)}")
    entry = desk.sheet.entries[-1] if _solution(desk) is not None else desk.last("type a formula first, then :copy")
    if entry.outcome is None or (entry.outcome.value is None and entry.outcome.solution is None):
        raise Mistake("E-USAGE", "the last statement has no result to copy", hint="type its name, then :copy")
    text = desk.text_of(entry, wanted)
    if len(text) > MOST_COPIED:
        raise Mistake("E-LIMIT", f"{len(text)} characters are more than terminals take", hint=f"to {wanted} shows it")
    if not desk.output.on_terminal:
        raise Mistake("E-USAGE", "there is no terminal whose clipboard could take it", hint=f"to {wanted} shows it")
    desk.output.write(b"\x1b]52;c;" + b64encode(text.encode()) + b"\x07")
    desk.output.flush()
    first, _, more = text.partition("\n")
    said = f"{first[:40]}…" if more or len(first) > 40 else first
    desk.say(f"sent to the terminal's clipboard, if it allows that: {said}")


def clear(desk: Desk, operand: str) -> None:
    """Clear the screen; names, results and what has scrolled away stay."""
    if desk.output.on_terminal:
        desk.output.write(b"\x1b[H\x1b[2J")
        desk.output.flush()


def variables(desk: Desk, operand: str) -> None:
    """Show all names, in the order in which they were made."""
    scope = desk.sheet.scope
    names = [*scope.variables, *scope.definitions, *scope.functions]
    said = [Said([name], scope.properties.get(name, frozenset()), scope.orders.get(name)) for name in scope.said()]
    if not names and not said:
        desk.say("no names yet; write w, x: R^n, or z = w·x + b")
        return
    page = desk.page()
    for name in names:
        page.line([("  ", "space"), (desk.spelled(name), "place"), (f"  {desk.meaning(name)}", "text")])
    for one in said:
        page.line([("  ", "space"), (one.note, "text")])


def history(desk: Desk, operand: str) -> None:
    """Show the statements of the session with the numbers of their results."""
    if not desk.sheet.entries:
        desk.say("nothing yet")
        return
    page = desk.page()
    for entry in desk.sheet.entries:
        number = f"_{entry.number}" if entry.number else ""
        page.line([(f"  {number.ljust(4)}", "words"), (" ".join(entry.text.split()), "text")])


def undo(desk: Desk, operand: str) -> None:
    """Take the last statements back."""
    for _ in range(_count(operand)):
        entry = desk.sheet.undo()
        if entry is None:
            desk.say("too long ago to undo" if desk.sheet.entries else "nothing to undo")
            return
        desk.say(f"undone: {' '.join(entry.text.split())}")


def redo(desk: Desk, operand: str) -> None:
    """Do again what was undone."""
    for _ in range(_count(operand)):
        entry = desk.sheet.redo()
        if entry is None:
            desk.say("nothing to redo")
            return
        desk.say(f"done again: {' '.join(entry.text.split())}")


def _count(operand: str) -> int:
    if not operand:
        return 1
    if not operand.isdecimal() or not operand.isascii() or len(operand) > 6:
        raise Mistake("E-USAGE", "how many statements?", hint=":undo 3")
    return int(operand)


def save(desk: Desk, operand: str) -> None:
    """Write the statements as a script, which gives the same results.

    Raises:
        Mistake: `E-USAGE`, without a name; `E-FILE`, where the file is there already, or cannot be written.
    """
    words = operand.split()
    force = "--force" in words
    name = " ".join([word for word in words if word != "--force"])
    if not name:
        raise Mistake("E-USAGE", "save to which file?", hint=":save session.mc")
    path = path_of(name)
    text = script(desk.sheet)
    try:
        with Target(Settings(into=path, force=force)) as output:
            output.result(text.rstrip("\n"))
    except Mistake as mistake:
        if "--force" in mistake.hint:
            mistake.hint = f":save --force {name} replaces it"
        raise
    except CannotWrite as trouble:
        raise Mistake("E-FILE", f"cannot write {name}: {trouble}", hint="make room, or save elsewhere") from trouble
    count = len(desk.sheet.entries)
    desk.say(f"saved {count} statement{'s' * (count != 1)}; mcalc run {name} gives the same results")


def load(desk: Desk, operand: str) -> None:
    """Run the statements of a file: all are kept, or, where one has a mistake, none.

    Raises:
        Mistake: `E-USAGE`, without a name; `E-FILE`, where it cannot be read; `E-LIMIT`, where it is too large.
    """
    if not operand:
        raise Mistake("E-USAGE", "load which file?", hint=":load session.mc")
    path = path_of(operand)
    try:
        with open_to_read(path) as stream:
            if os.fstat(stream.fileno()).st_size > LARGEST:
                raise Mistake("E-LIMIT", f"{operand} is larger than {LARGEST >> 20} MiB", hint=f"mcalc run {operand}")
            lines = list(batch.statements(batch.lines(stream)))
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble)
        raise Mistake("E-FILE", f"cannot read {operand}: {reason}") from trouble
    desk.load(lines, operand)


def open_page(desk: Desk, operand: str) -> None:
    """Show the last derivation as a page in the browser; run the statements of a file, where one is named."""
    if operand:
        load(desk, operand)
        return
    value = _derivative(desk, "open")
    import tempfile

    from mcalc.shell.report import Part, html, show_page

    text = html([Part(desk.last("").text, value, ())])
    try:
        number, path = tempfile.mkstemp(prefix="mcalc-", suffix=".html")
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as trouble:
        hint = "TMPDIR names another folder for it"
        raise Mistake("E-FILE", f"cannot write the page: {trouble.strerror}", hint=hint) from trouble
    show_page(path, desk.output)
    desk.say(f"the page is {path}")


def set_preference(desk: Desk, operand: str) -> None:
    """Show all preferences, or those of a name, or give one a value.

    Raises:
        Mistake: `E-USAGE`, for an unknown name or value.
    """
    name, _, value = operand.replace("=", " ").strip().partition(" ")
    value = value.strip()
    if name and name not in PROMPTED:
        close = closest(name, PROMPTED, 1, 0.5)
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(PROMPTED)}"
        raise Mistake("E-USAGE", f"there is nothing called {name[:30]} to set", hint=hint)
    if value:
        allowed = PROMPTED[name].prompted
        if value not in allowed:
            raise Mistake("E-USAGE", f"{name} cannot be {value[:30]}", hint=f"one of {', '.join(allowed)}")
        desk.prefer(name, value)
        return
    page = desk.page()
    for each in [name] if name else PROMPTED:
        row = PROMPTED[each]
        others = ", ".join([value for value in row.prompted if value != desk.preferences[each]])
        page.line(
            [(f"  {each.ljust(11)}", "keyword"), (desk.preferences[each].ljust(11), "place"), (f"or {others}", "words")]
        )
        if name:
            page.words(row.prompt, "words")


def leave(desk: Desk, operand: str) -> None:
    """End the session."""
    desk.is_open = False
