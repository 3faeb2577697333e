"""Signals by which a process is told to end: they end it as an exception does, so that nothing unfinished is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mcalc.shell.clock import in_main_thread

ENDINGS = tuple([getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)])


def end_by_raising() -> None:
    """Let a signal to end raise SystemExit where it comes; one that is ignored, as under nohup, stays so."""
    if in_main_thread():
        for number in ENDINGS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _ended)


def _ended(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Hold interrupts back, and let a process that is started meanwhile have none: they are for the one that writes."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
