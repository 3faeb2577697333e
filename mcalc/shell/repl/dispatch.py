"""One line that was typed, taken to what it is for: a command, a question, a follow-up, or statements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.notation import split_statements
from mcalc.shell.bugs import bug, quoted
from mcalc.shell.repl.command_table import COMMANDS, bare_command, run_command
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.help_pages import about, overview
from mcalc.shell.repl.numbers import parted, refuse_program, show, values_said
from mcalc.shell.repl.tour import go_on

if TYPE_CHECKING:
    from mcalc.numeric.data import Given
    from mcalc.shell.output import Output

_QUESTION = re.compile(r"\s*(?:\?\s*(?P<first>.*?)|(?P<after>[^\W\d]\w*)\s*\?)\s*$", re.DOTALL)


def make_desk(output: Output) -> Desk:
    """Return a desk that knows all commands."""
    return Desk(output, COMMANDS)


def take(desk: Desk, text: str) -> None:
    """Answer one line; whatever is wrong with it is told, and the session goes on."""
    try:
        _take(desk, text)
    except Mistake as mistake:
        desk.told(mistake)
    except Exception as trouble:  # noqa: BLE001 - nothing that is typed ends the session
        desk.output.message(bug(trouble, f"printf '%s\\n' {quoted(text)} | mcalc repl"))


def _take(desk: Desk, text: str) -> None:
    touring, desk.is_touring = desk.is_touring, False
    if not text.strip():
        if touring:
            go_on(desk)
        return
    if text.lstrip(" :").startswith("!"):
        raise refuse_program(text)
    question = _QUESTION.match(text)
    line, said = parted(text, desk)
    bare = bare_command(text, desk)
    if text.lstrip().startswith(":"):
        run_command(desk, text)
    elif question:
        topic = question["first"] or question["after"]
        if topic:
            about(desk, topic)
        else:
            overview(desk)
    elif said is not None and (bare is None or bare[0].name != "eval") and len(split_statements(text)) == 1:
        _take_at(desk, line, values_said(said, desk))
    elif bare is not None:
        command, operand = bare
        command.action(desk, operand)
    else:
        desk.statements(text, follow=lambda piece: _followed(desk, piece))


def _take_at(desk: Desk, line: str, given: dict[str, Given]) -> None:
    """Answer a line, and then show the number that its result has at some values."""
    before = len(desk.sheet.entries)
    _take(desk, line)
    made = desk.sheet.last if len(desk.sheet.entries) > before else None
    if made is not None and made.outcome is not None and made.outcome.value is not None:
        show(desk, made.outcome.value, given)


def _followed(desk: Desk, piece: str) -> bool:
    """Do what one of several statements of a line says if it is a command: ``x^2; grad``."""
    line, said = parted(piece, desk)
    bare = bare_command(piece, desk)
    if said is not None and (bare is None or bare[0].name != "eval"):
        _take_at(desk, line, values_said(said, desk))
        return True
    if bare is not None:
        command, operand = bare
        command.action(desk, operand)
    return bare is not None
