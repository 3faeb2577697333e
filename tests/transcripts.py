"""Transcripts of sessions: what is typed after each prompt, run again, with what the terminal then shows.

`python -m tests.transcripts FILE...` writes the files anew, to be looked at before they are committed.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from unittest import mock

from mcalc.shell.output import Output
from mcalc.shell.repl.command_table import make_desk, take
from mcalc.shell.repl.first_prompt import PROMPT
from mcalc.shell.repl.typed_lines import is_complete

FOLDER = Path(__file__).parent / "golden" / "sessions"
GOES_ON = "  ...> "


class Screen(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def typed(transcript: str) -> list[str]:
    """Return what is typed in a transcript: each line after a prompt, with those that go on from it."""
    found: list[str] = []
    for line in transcript.splitlines():
        if line.startswith(PROMPT.rstrip()):
            found.append(line[len(PROMPT) :])
        elif line.startswith(GOES_ON) and found and not is_complete(found[-1]):
            found[-1] += "\n" + line[len(GOES_ON) :]
    return found


def transcript(lines: list[str], columns: int) -> str:
    """Return the transcript of a session in which these lines are typed, on a terminal of so many columns."""
    screen = Screen()
    with mock.patch.dict(os.environ, {"COLUMNS": str(columns), "NO_COLOR": "1"}):
        desk = make_desk(Output(screen, screen, environ=os.environ))
        for line in lines:
            screen.write((PROMPT + line.replace("\n", f"\n{GOES_ON}")).rstrip().encode() + b"\n")
            take(desk, line)
    written = re.sub(r"(checked at .*\berror )\S+", r"\1…", screen.getvalue().decode())  # its digits are the machine's
    return "".join([f"{line.rstrip()}\n" for line in written.splitlines()])


def columns_of(path: Path) -> int:
    """Return the columns of a transcript, which its name ends with."""
    return int(path.stem.rpartition("-")[2])


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(transcript(typed(path.read_text("utf-8")), columns_of(path)), encoding="utf-8")
