"""Work beside the typing: a thread for the newest request, stopped for a newer one; and interrupts, none lost."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from mcalc.shell.signals import raise_again

PATIENCE = 0.05
"""Seconds after which a thread that did not stop is told again."""


class Stopped(BaseException):
    """Raised inside the thread where its work is no longer wanted."""


class Background:
    """A thread that calls `work` with the newest request, and `publish` with each thing that it yields.

    Older requests are dropped, and what is being worked on is stopped: an exception is raised in the thread, between
    two steps of the interpreter, so that the work itself needs to know nothing of it. What is being published is
    published whole. A request that is a function is called, and not stopped.
    """

    def __init__(self, work: Callable[[Any], Iterable[Any]], publish: Callable[[Any], None]) -> None:
        self._work = work
        self._publish = publish
        self._asked: SimpleQueue[Any] = SimpleQueue()
        self._lock = Lock()
        self._is_busy = False
        self._idle = Event()
        self._idle.set()
        self._thread = Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def ask(self, request: Any) -> None:
        """Ask for work, in place of all that was asked for before; None asks for nothing."""
        with self._lock:
            self._idle.clear()
            self._asked.put(request)
            self._stop()

    def rest(self, longest: float = 2.0) -> bool:
        """Stop the work and wait until nothing is going on; False where it could not be stopped."""
        self.ask(None)
        waited = 0.0
        while not self._idle.wait(PATIENCE):
            waited += PATIENCE
            if waited > longest:
                return False
            with self._lock:
                self._stop()
        return True

    def _stop(self) -> None:
        if self._is_busy and self._thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(Stopped))

    def _run(self) -> None:
        while True:
            with suppress(Stopped, Exception):  # a preview that fails is none; the line itself will tell
                self._once()
            self._settle()

    def _once(self) -> None:
        request = self._asked.get()
        while not (self._asked.empty() or callable(request)):
            request = self._asked.get()
        if callable(request):
            request()
            return
        if request is None:
            return
        if not self._begun():
            return
        for found in self._work(request):
            self._held()
            self._publish(found)
            if not self._begun():
                return

    def _begun(self) -> bool:
        """Say whether nothing newer was asked for; from here on the work can be stopped."""
        with self._lock:
            self._is_busy = self._asked.empty()
        return self._is_busy

    def _held(self) -> None:
        """Let nothing be raised in the thread: half a call of the line editor would leave it waiting for ever."""
        with self._lock:
            self._is_busy = False

    def _settle(self) -> None:
        """Say that the work is over; from here on nothing is raised in the thread."""
        while True:
            try:
                with self._lock:
                    self._is_busy = False
                    if self._asked.empty():
                        self._idle.set()
            except Stopped:
                continue
            return


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
