"""Signals that end work: the clock, the last resort after the counted limits, and being told to end."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found] # signal without its enumerations, which take a start long
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from mcalc.limits import UNLIMITED, beyond, limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


AGAIN = 0.05
"""Seconds until the alarm rings again, should it have rung where no exception can pass."""
LONGEST = 10**8
"""Seconds that an alarm is set to: three years, which any system's clock takes."""


class TooLong(BaseException):
    """Time is up. Not an Exception, so that nothing on the way takes it for one of its own."""


class Ended(SystemExit):
    """A signal told the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


class Clock:
    """Runs work for as long as the limit of time allows; where the system has no timers, for ever.

    The seconds are those of the processor, so that what else runs on a machine counts for nothing.

    >>> Clock().within(lambda: 1 + 1)
    2
    """

    def __init__(self) -> None:
        self.seconds = limit("time")
        self.running = False
        usable = hasattr(signal, "setitimer") and in_main_thread()
        self.usable = usable and self.seconds != UNLIMITED
        if self.usable:
            signal.signal(signal.SIGPROF, self._ring)
            hear_lost_signals()

    def within(self, work: Callable[[], T]) -> T:
        """Return what the work gives; raises `E-LIMIT` where it takes longer than the limit."""
        if not self.usable:
            return work()
        try:
            try:
                self.running = True
                signal.setitimer(signal.ITIMER_PROF, min(self.seconds, LONGEST), AGAIN)
                return work()
            finally:
                self.running = False
                signal.setitimer(signal.ITIMER_PROF, 0)
        except TooLong:
            signal.setitimer(signal.ITIMER_PROF, 0)
            raise beyond("time", f"this takes more than {self.seconds} seconds") from None

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self.running:
            raise TooLong


def in_main_thread() -> bool:
    """Say whether this is the thread that signals come to; where no other was ever started, it is."""
    threading = sys.modules.get("threading")
    return threading is None or threading.current_thread() is threading.main_thread()


def hear_lost_signals() -> None:
    """Let a signal that came inside a callback of the interpreter, where exceptions end in a message, come again."""
    sys.unraisablehook = _unraisable


def _unraisable(lost: Any) -> None:
    if isinstance(lost.exc_value, TooLong):
        return  # the alarm rings again by itself
    if not raise_again(lost.exc_value):
        sys.__unraisablehook__(lost)


def raise_again(lost: BaseException | None) -> bool:
    """Raise an interrupt or an ending a little later, when the interpreter is back from its callback; say whether."""
    if not isinstance(lost, KeyboardInterrupt | Ended) or not hasattr(signal, "setitimer"):
        return False

    def ring(number: int, frame: FrameType | None) -> None:
        raise Ended(lost.number) if isinstance(lost, Ended) else KeyboardInterrupt

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, AGAIN)
    return True


ENDINGS = tuple([getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)])


def end_by_raising() -> None:
    """Let a signal to end raise SystemExit where it comes; one that is ignored, as under nohup, stays so."""
    if in_main_thread():
        hear_lost_signals()
        for number in ENDINGS:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, _ended)


def _ended(number: int, frame: FrameType | None) -> None:
    raise Ended(number)


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
