"""The REPL's beginning: the banner, the line editor or a plain loop, and the loop that answers until it is left."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mcalc import __version__
from mcalc.files import folder
from mcalc.render.glyphs import spell_ascii
from mcalc.render.safe import terminal_width
from mcalc.shell.output import Output
from mcalc.shell.repl.background import STOPPED, lost_interrupts_heard
from mcalc.shell.repl.command_table import make_desk, take
from mcalc.shell.repl.typed_lines import HistoryFile, is_complete
from mcalc.shell.settings import Settings, startup_script

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcalc.shell.repl.desk import Desk

BANNER = (
    "mcalc {version}: derivatives of vectors and matrices",
    "  try  ∂/∂w max(0, w·x + b)   (d/dw does, too), then  steps",
    "  :help   :tour through the paper   Ctrl-D leaves",
)
PROMPT = "mcalc> "


def start() -> int:
    """Answer lines until the user leaves, and return the exit code."""
    settings = Settings()
    output = Output.of_process("text", settings.color, settings.theme)
    desk = make_desk(output)
    ask = line_editor(desk) if can_edit(output) else lambda: _plain(output)
    if sys.stdin is not None and sys.stdin.isatty() and desk.is_on("banner"):
        banner(desk)
    script = startup_script()
    if script is not None and os.path.isfile(script):
        home = os.path.join(os.path.expanduser("~"), "")
        take(desk, f":load {script.replace(home, '~/', 1) if script.startswith(home) else script}")
    with lost_interrupts_heard():
        loop(desk, ask)
    return 0


EDITORS = 3
"""Editors that are tried for one line before it is read without one."""


def can_edit(output: Output) -> bool:
    """Say whether lines can be edited: both ends are a terminal that is not dumb."""
    return (
        sys.stdin is not None
        and sys.stdin.isatty()
        and output.on_terminal
        and os.environ.get("TERM", "") not in ("dumb", "unknown", "emacs")
    )


def banner(desk: Desk) -> None:
    """Say what this is, what to type, and how to leave, in three lines."""
    width = terminal_width(desk.output.out)
    for line in BANNER:
        text = line.format(version=__version__)
        said = text if desk.output.err_unicode else spell_ascii(text)
        desk.say(said[:width].rstrip())


def loop(desk: Desk, ask: Callable[[], str]) -> None:
    """Take line after line; Ctrl-C ends what is going on, and never the session."""
    while True:
        try:
            while desk.is_open and _answered(desk, ask):
                pass
        except KeyboardInterrupt:  # between two lines, or while one is told of
            continue
        return


def _answered(desk: Desk, ask: Callable[[], str]) -> bool:
    """Take one line; return False where there are no more."""
    try:
        text = ask()
    except EOFError:
        return False
    except KeyboardInterrupt:
        desk.say("Ctrl-D or :quit leaves")
        return True
    try:
        take(desk, text)
    except KeyboardInterrupt:
        desk.say(STOPPED)
    return True


def line_editor(desk: Desk) -> Callable[[], str]:
    """Return what edits and returns the next line, with the history of the user."""
    from mcalc.shell.repl.editor import Editor

    place = folder("state")
    history = HistoryFile(None if place is None else os.path.join(place, "history"))
    editor = Editor(desk, history)
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
                editor = Editor(desk, history)
        return _plain(desk.output)

    return ask


def _plain(output: Output) -> str:
    """Return a line as it comes; raises EOFError at the end."""
    parts: list[str] = []
    while True:
        output.prompt(PROMPT if not parts else "  ...> ")
        try:
            raw = sys.stdin.buffer.readline()
        except KeyboardInterrupt:
            output.prompt("\n")
            raise
        if not raw:
            if parts:
                return "".join(parts)
            raise EOFError
        parts.append(raw.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r"))
        text = "\n".join(parts)
        if is_complete(text) or not parts[-1]:
            return text
