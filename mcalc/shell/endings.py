"""Signals by which a process is told to end: they end it as an exception does, so that nothing unfinished is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mcalc.shell.clock import Ended, hear_lost_signals, in_main_thread

ENDINGS = tuple([getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)])


def end_by_raising() -> None:
    """Let a signal to end raise SystemExit where it comes; one that is ignored, as under nohup, stays so."""
    if in_main_thread():
        hear_lost_signals()
        for number in ENDINGS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _ended)


def _ended(number: int, frame: FrameType | None) -> None:
    raise Ended(signal.Signals(number))


@contextmanager
def none_meanwhile() -> Iterator[None]:
    """Hold interrupts and endings back, until a process is started; it begins with none of them, too."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *ENDINGS})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_helper() -> None:
    """Let a process that helps another be ended, but not interrupted: an interrupt is for the one that writes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, *ENDINGS})
