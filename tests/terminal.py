"""A terminal for the tests: a process on a pseudo-terminal, and what its screen shows."""

from __future__ import annotations

import re
import signal
import sys
import time
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte

KEYS = {
    "Enter": "\r", "Tab": "\t", "Up": "\x1b[A", "Down": "\x1b[B", "Left": "\x1b[D", "Esc": "\x1b", "BackTab": "\x1b[Z",
    "C-a": "\x01", "C-c": "\x03", "C-d": "\x04", "C-e": "\x05", "C-r": "\x12", "C-u": "\x15", "M-Enter": "\x1b\r",
}  # fmt: skip
PATIENCE = 60
"""Seconds to wait for a text, on a slow machine under load; where all is well nothing waits that long."""


class Terminal:
    """`python -m mcalc` on a terminal of some size; `see` waits until the screen shows a text."""

    def __init__(self, environ: dict[str, str], *argv: str, columns: int = 80, lines: int = 24) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=2000)
        self.stream = pyte.ByteStream(self.screen)
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "mcalc", *argv],
            env={"TERM": "xterm", **{k: v for k, v in environ.items() if k not in ("COLUMNS", "LINES")}},
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )
        # A terminal answers when it is asked where its cursor is.
        setattr(self.screen, "write_process_input", self.child.send)  # noqa: B010 - a hook of pyte, by assignment
        self.child.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.child.close(force=True)

    @property
    def rows(self) -> list[str]:
        """The lines of the screen, with what has scrolled out of it."""
        above = [
            "".join([line[at].data for at in range(self.screen.columns)]).rstrip() for line in self.screen.history.top
        ]
        return [*above, *[line.rstrip() for line in self.screen.display]]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows).rstrip()

    def read(self, longest: float = 0.05) -> bool:
        """Take what the process has written; say whether it still runs."""
        try:
            self.stream.feed(self.child.read_nonblocking(65536, longest))
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return False
        return True

    def see(self, wanted: str, count: int = 1) -> str:
        """Wait until a text stands on the screen at least so many times, and return all of the screen."""
        end = time.monotonic() + PATIENCE
        while self.text.count(wanted) < count:
            alive = self.read()
            if not alive or time.monotonic() > end:
                assert self.text.count(wanted) >= count, f"{wanted!r} is not among\n{self.text}"
        return self.text

    def matches(self, pattern: str) -> re.Match[str]:
        """Wait until the screen matches a pattern."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.text, re.MULTILINE)):
            alive = self.read()
            assert alive, f"{pattern!r} does not match\n{self.text}"
            assert time.monotonic() < end, f"{pattern!r} does not match\n{self.text}"
        return found

    def keys(self, *keys: str) -> None:
        """Press keys, or type texts."""
        for key in keys:
            self.child.send(KEYS.get(key, key))

    def line(self, text: str) -> str:
        """Type a line and Enter, and wait for the next prompt; return all of the screen."""
        self.wait_prompt(1)
        before = self.prompts()
        self.keys(text, "Enter")
        self.wait_prompt(before + 1)
        return self.text

    def prompts(self) -> int:
        """How many prompts have been shown."""
        return len([row for row in self.rows if row.startswith("mcalc>")])

    def wait_prompt(self, count: int) -> None:
        """Wait for a prompt with nothing after it, the `count`-th one."""
        end = time.monotonic() + PATIENCE
        while True:
            shown = [row for row in self.rows if row.startswith("mcalc>")]
            if len(shown) >= count and shown[-1] == "mcalc>":
                return
            alive = self.read()
            assert alive, f"prompt {count} is not among\n{self.text}"
            assert time.monotonic() < end, f"prompt {count} is not among\n{self.text}"

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal does that brackets what is pasted."""
        self.child.send(f"\x1b[200~{text}\x1b[201~")

    def interrupt(self) -> None:
        """Send an interrupt, as Ctrl-C does while something runs."""
        self.child.kill(signal.SIGINT)

    def resize(self, lines: int, columns: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)

    def leave(self) -> int:
        """Press Ctrl-D at the next prompt, and return the exit code."""
        self.wait_prompt(1)
        return self.ended("C-d")

    def ended(self, key: str = "") -> int:
        """Wait for the end of the process and return its exit code; every two seconds a key is pressed for it.

        A key that comes while the terminal changes hands, on a machine under load, can be lost; nobody would wait.
        """
        end = time.monotonic() + PATIENCE
        again = 0.0
        while self.read():
            assert time.monotonic() < end, f"it does not end\n{self.text}"
            if key and time.monotonic() > again:
                self.keys(key)
                again = time.monotonic() + 2
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus)
