"""The loop of the REPL: lines that are asked for, by the line editor or plainly, and answered until it is left."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from mcalc.files import folder
from mcalc.notation import MAX_TEXT
from mcalc.shell.output import Output
from mcalc.shell.repl.background import STOPPED, lost_interrupts_heard
from mcalc.shell.repl.command_table import make_desk, take
from mcalc.shell.repl.desk import Desk
from mcalc.shell.repl.first_prompt import PROMPT, FirstPrompt
from mcalc.shell.repl.typed_lines import HistoryFile, is_complete

LONGEST = 4 * MAX_TEXT + 4
"""Bytes of a line: so many have more characters than a line may have."""
MOST_LINES = 1000
"""Lines of one entry: whatever is still open then is told."""


def answer_lines(output: Output, first: FirstPrompt | None, script: str | None) -> None:
    """Answer lines until the user leaves, after those of a script; they are edited where there is a first prompt."""
    desk = make_desk(output)
    ask = (lambda: _plain(output)) if first is None else line_editor(desk, first)
    if script is not None:
        home = os.path.join(os.path.expanduser("~"), "")
        take(desk, f":load {script.replace(home, '~/', 1) if script.startswith(home) else script}")
    with lost_interrupts_heard():
        loop(desk, ask)


EDITORS = 3
"""Editors that are tried for one line before it is read without one."""


def loop(desk: Desk, ask: Callable[[], str]) -> None:
    """Take line after line; Ctrl-C ends what is going on, and never the session."""
    remark = ""
    while True:
        try:
            if remark:
                desk.say(remark)
            while desk.is_open and _answered(desk, ask):
                pass
        except KeyboardInterrupt:  # at the prompt, between two lines, or while one is told of
            remark = "Ctrl-D or :quit leaves"
            continue
        return


def _answered(desk: Desk, ask: Callable[[], str]) -> bool:
    """Take one line; return False where there are no more."""
    try:
        text = ask()
    except EOFError:
        return False
    try:
        take(desk, text)
    except KeyboardInterrupt:
        desk.say(STOPPED)
    return True


def line_editor(desk: Desk, first: FirstPrompt) -> Callable[[], str]:
    """Return what edits and returns the next line, with the history of the user; the first prompt is there already."""
    from mcalc.shell.repl.editor import Editor

    place = folder("state")
    history = HistoryFile(None if place is None else os.path.join(place, "history"))
    editor = Editor(desk, history, first)
    if history.trouble:
        desk.say(f"history is not kept: {history.trouble}")

    def ask() -> str:
        """Return the next line; an editor that fails, as on a loop that an interrupt closed, is replaced."""
        nonlocal editor
        for _ in range(EDITORS):
            try:
                return editor.ask()
            except EOFError:
                raise
            except Exception:  # noqa: BLE001 - nothing that happens to the prompt ends the session
                editor = Editor(desk, history, first)
        first.undo()
        return _plain(desk.output)

    return ask


def _plain(output: Output) -> str:
    """Return a line as it comes; raises EOFError at the end."""
    parts: list[str] = []
    while True:
        try:
            output.prompt(PROMPT if not parts else "  ...> ")
            raw = _line()
        except KeyboardInterrupt:
            output.prompt("\n")
            raise
        if not raw:
            if parts:
                return "".join(parts)
            raise EOFError
        parts.append(raw.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r"))
        text = "\n".join(parts)
        if is_complete(text) or not parts[-1] or len(text) > MAX_TEXT or len(parts) == MOST_LINES:
            return text


def _line() -> bytes:
    """Return a line of standard input; of one that is longer than any may be only the beginning is kept."""
    first = piece = sys.stdin.buffer.readline(LONGEST)
    while len(piece) == LONGEST and not piece.endswith(b"\n"):
        piece = sys.stdin.buffer.readline(LONGEST)
    return first
