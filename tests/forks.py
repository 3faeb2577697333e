"""Work in processes of its own, each forked from this one, bounded in the time and memory that it may take."""

from __future__ import annotations

import json
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

MEMORY = 6 << 30
WAITING = 900.0
"""Seconds of the clock on the wall after which a process is ended, whatever it does."""


class Job(NamedTuple):
    """What is to be done: a name for it, the seconds of the processor that it may take, and the work."""

    name: Any
    seconds: float
    work: Callable[[], Any]


def forked(jobs: Iterable[Job], count: int) -> Iterator[tuple[Any, Any]]:
    """Do some jobs, `count` at a time; yield the name of each with what it returned, None where it did not end well."""
    running: dict[int, tuple[Any, Path, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for number, (name, seconds, work) in enumerate(jobs):
                while len(running) >= count:
                    yield _ended(running)
                said = Path(folder) / str(number)
                pid = os.fork()
                if not pid:
                    _work(seconds, work, said)
                running[pid] = (name, said, time.monotonic() + max(WAITING, seconds))
            while running:
                yield _ended(running)
        finally:
            for pid in running:
                os.killpg(pid, signal.SIGKILL)


def _ended(running: dict[int, tuple[Any, Path, float]]) -> tuple[Any, Any]:
    while True:
        for pid, (name, said, end) in running.items():
            if time.monotonic() > end:
                os.killpg(pid, signal.SIGKILL)
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                del running[pid]
                return name, json.loads(said.read_text("utf-8")) if said.exists() else None
        time.sleep(0.005)


def _work(seconds: float, work: Callable[[], Any], said: Path) -> None:
    os.setpgid(0, 0)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(said.parent)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        part = said.with_suffix(".part")
        part.write_text(json.dumps(work()), "utf-8")
        part.rename(said)
    finally:
        os._exit(0)
