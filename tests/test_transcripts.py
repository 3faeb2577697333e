"""Whole sessions of the command line, word for word: tests/golden/transcripts.txt.

A session begins with a line ``# WIDTH terminal`` or ``# pipe``, and what it shows. ``$ command`` is a command,
and ``< text`` a line of its standard input; then come its standard output, its standard error with ``2> `` before each
line, and its exit code, where it is not 0. With MCALC_GOLDEN=write in the environment the file is written anew, to be
looked at.
"""

from __future__ import annotations

import os
import shlex

import pytest

from tests.conftest import ROOT, Done, Mcalc

FILE = ROOT / "tests" / "golden" / "transcripts.txt"


class Command:
    """A command of a session: its line, its input, and what it should show."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.stdin: list[str] = []
        self.shown: list[str] = []


class Session:
    """Commands under one heading."""

    def __init__(self, heading: str) -> None:
        self.heading = heading
        self.commands: list[Command] = []


def sessions() -> list[Session]:
    """Return all sessions of the file."""
    found: list[Session] = []
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("# "):
            found.append(Session(line))
        elif line.startswith("$ "):
            found[-1].commands.append(Command(line[2:]))
        elif line.startswith("< ") and found[-1].commands:
            found[-1].commands[-1].stdin.append(line[2:])
        elif found[-1].commands:
            found[-1].commands[-1].shown.append(line)
    for session in found:
        for command in session.commands:
            while command.shown and not command.shown[-1]:
                command.shown.pop()
    return found


def shown(done: Done) -> list[str]:
    """Return what a command showed, in the form of the file; blanks at the ends of lines count for nothing."""
    lines = [line.rstrip() for line in done.out.splitlines()] + [
        f"2> {line}".rstrip() for line in done.err.splitlines()
    ]
    while lines and not lines[-1]:
        lines.pop()
    return [*lines, *([f"exit {done.code}"] if done.code else [])]


@pytest.mark.parametrize("place", range(len(sessions())), ids=[session.heading for session in sessions()])
def test_session(place: int, mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    every = sessions()
    session = every[place]
    terminal = session.heading.split()[2:3] == ["terminal:"]
    told = []
    for command in session.commands:
        program, *argv = shlex.split(command.line)
        assert program == "mcalc"
        with monkeypatch.context() as patch:
            if terminal:
                patch.setenv("COLUMNS", session.heading.split()[1])
            patch.setenv("NO_COLOR", "1")
            stdin = "\n".join([*command.stdin, ""]) if command.stdin else "" if not terminal else None
            told.append(shown(mcalc(*argv, stdin=stdin, terminal=terminal)))
    if os.environ.get("MCALC_GOLDEN") == "write":
        for command, lines in zip(session.commands, told, strict=True):
            command.shown = lines
        write(every)
        return
    for command, lines in zip(session.commands, told, strict=True):
        assert lines == command.shown, command.line


def write(every: list[Session]) -> None:
    """Write the file anew."""
    lines: list[str] = []
    for session in every:
        lines += [session.heading]
        for command in session.commands:
            lines += [f"$ {command.line}", *[f"< {line}" for line in command.stdin], *command.shown]
        lines.append("")
    FILE.write_text("\n".join(lines), encoding="utf-8")
