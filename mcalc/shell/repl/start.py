"""The REPL's beginning: the banner and the first prompt at once, and only then what answers."""

from __future__ import annotations

import os
import sys

from mcalc import __version__
from mcalc.errors import Mistake
from mcalc.files import check_stream
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import paint, terminal_width
from mcalc.shell.output import Output
from mcalc.shell.repl.first_prompt import FirstPrompt
from mcalc.shell.settings import Settings, prompted, startup_script

BANNER = (
    "mcalc {version}: derivatives of vectors and matrices",
    "  try  ∂/∂w max(0, w·x + b)   (d/dw does, too), then  steps",
    "  :help   :tour through the paper   Ctrl-D leaves",
)


def start() -> int:
    """Answer lines until the user leaves, and return the exit code.

    Raises:
        Mistake: `E-FILE`, where there is no standard input, or it may never end.
    """
    if sys.stdin is None:
        raise Mistake("E-FILE", "cannot read <stdin>: it is closed")
    check_stream(sys.stdin.buffer, "<stdin>")
    settings = Settings()
    output = Output.of_process("text", settings.color, settings.theme)
    at_terminal = sys.stdin.isatty()
    if at_terminal and prompted(output.theme)["banner"] == "on":
        banner(output)
    script = startup_script()
    script = script if script is not None and os.path.isfile(script) else None
    first = FirstPrompt(output)
    is_edited = at_terminal and can_edit(output)
    try:
        if is_edited and script is None:
            first.show()
        from mcalc.shell.repl.loop import answer_lines

        answer_lines(output, first if is_edited else None, script)
    finally:
        first.undo()
    return 0


def can_edit(output: Output) -> bool:
    """Say whether lines can be edited: they are shown on a terminal that is not dumb."""
    return output.on_terminal and os.environ.get("TERM", "") not in ("dumb", "unknown", "emacs")


def banner(output: Output) -> None:
    """Say what this is, what to type, and how to leave, in three lines."""
    width = terminal_width(output.out)
    lines = [line.format(version=__version__) for line in BANNER]
    said = lines if output.err_unicode else [spell_ascii(line) for line in lines]
    rows = [[(line[:width].rstrip(), "words")] for line in said]
    output.message(paint(rows, color=output.err_color, theme=output.theme), styled=True)
