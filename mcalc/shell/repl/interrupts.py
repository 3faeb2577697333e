"""Ctrl-C during work: never lost, whatever the interpreter is doing."""

from __future__ import annotations

import _thread
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcalc.shell.repl.background import Stopped


@contextmanager
def lost_interrupts_heard() -> Iterator[None]:
    """Tell again of an interrupt that came inside a callback of the interpreter, where exceptions end in a message."""
    before = sys.unraisablehook

    def hook(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            _thread.interrupt_main()
        elif not issubclass(lost.exc_type, Stopped):
            before(lost)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before
