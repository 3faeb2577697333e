"""The first prompt of the REPL, which is on the screen while all that answers is still being loaded.

It is drawn as the line editor draws it. Keys are not echoed and wait in the queue of the terminal; the editor reads
them, and draws over the prompt.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found] # as in mcalc/shell/signals.py
import os
import sys
from types import FrameType

from mcalc.shell.output import Output
from mcalc.shell.signals import ENDINGS, in_main_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROMPT = "mcalc> "
_DRAWN = f"\n\x1b[A\x1b[?2004h\x1b[0;1m{PROMPT}\x1b[0m"
"""A row below for the toolbar, so that nothing moves when that comes; pastes in brackets; the prompt."""
_WIPED = "\r\x1b[J"
_UNDONE = "\x1b[?2004l"


class FirstPrompt:
    """A prompt that nobody answers yet; until it is shown, its methods do nothing.

    `before` is the mode that the terminal had, where it was changed and the line editor has not taken it over.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self.before: list[Any] | None = None
        self.is_shown = False
        self.is_interrupted = False
        self._handlers: dict[int, Any] = {}

    def show(self) -> None:
        """Draw the prompt, and let keys wait; not where a terminal has no modes, as on Windows."""
        try:
            import termios
        except ImportError:
            return
        keys = sys.stdin.fileno()
        try:
            self.before, mode = termios.tcgetattr(keys), termios.tcgetattr(keys)
        except termios.error:
            return
        if in_main_thread():
            wanted = {signal.SIGINT: self._interrupted, **dict.fromkeys(ENDINGS, self._ended)}
            self._handlers = {number: signal.signal(number, handler) for number, handler in wanted.items()}
        # the mode of prompt_toolkit: Ctrl-C and Ctrl-D are keys as well
        mode[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        mode[6][termios.VMIN] = 1
        termios.tcsetattr(keys, termios.TCSANOW, mode)
        self.output.flush()
        self.is_shown = True
        self._write(_DRAWN)
        self.output.before_message = self.wipe

    def wipe(self) -> None:
        """Take the prompt off the screen, for a message; the editor draws its own after it."""
        if self.is_shown:
            self.is_shown = False
            self._write(_WIPED)

    def end(self) -> bool:
        """Let the editor draw over it, and say whether an interrupt came that was no key."""
        if self.is_shown:
            self.is_shown = False
            self._write("\r")
        self._hear_no_more()
        interrupted, self.is_interrupted = self.is_interrupted, False
        return interrupted

    def taken_over(self) -> list[Any] | None:
        """Return the mode that the terminal is to have after a line, once: the editor gives it back."""
        before, self.before = self.before, None
        return before

    def undo(self) -> None:
        """Give the terminal back as it was, unless the editor has taken it over."""
        self.wipe()
        before = self.taken_over()
        if before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)
            self._write(_UNDONE)
        self._hear_no_more()

    def _hear_no_more(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
        self.output.before_message = None

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self.is_interrupted = True

    def _ended(self, number: int, frame: FrameType | None) -> None:
        self.undo()
        os.kill(os.getpid(), number)

    def _write(self, text: str) -> None:
        os.write(sys.stdout.fileno(), text.encode("ascii"))
