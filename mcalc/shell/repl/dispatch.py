"""One line that was typed, taken to what it is for: a command, a question, a follow-up, or statements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.shell.bugs import bug, quoted
from mcalc.shell.repl.commands import COMMANDS, bare_command, run_command
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.help_pages import about, overview
from mcalc.shell.repl.tour import go_on

if TYPE_CHECKING:
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
    question = _QUESTION.match(text)
    bare = bare_command(text, desk)
    if text.lstrip().startswith(":"):
        run_command(desk, text)
    elif question:
        topic = question["first"] or question["after"]
        if topic:
            about(desk, topic)
        else:
            overview(desk)
    elif bare is not None:
        command, operand = bare
        command.action(desk, operand)
    else:
        desk.statements(text, follow=lambda piece: _followed(desk, piece))


def _followed(desk: Desk, piece: str) -> bool:
    """Do what one of several statements of a line says if it is a command: ``x^2; grad``."""
    bare = bare_command(piece, desk)
    if bare is not None:
        command, operand = bare
        command.action(desk, operand)
    return bare is not None
