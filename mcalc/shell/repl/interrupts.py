"""Ctrl-C during work: never lost, whatever the interpreter is doing."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mcalc.shell.clock import raise_again
from mcalc.shell.repl.background import Stopped

STOPPED = "stopped; names and results are as they were"


@contextmanager
def lost_interrupts_heard() -> Iterator[None]:
    """Tell again of an interrupt that came inside a callback of the interpreter, where exceptions end in a message."""
    before = sys.unraisablehook

    def hook(lost: Any) -> None:
        if not raise_again(lost.exc_value) and not issubclass(lost.exc_type, Stopped):
            before(lost)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def interrupts_noted(note: Callable[[], None]) -> Iterator[None]:
    """Call `note` at an interrupt rather than raise it, for code that an exception would leave half done."""
    before = signal.signal(signal.SIGINT, lambda number, frame: note())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
