"""--jobs: the statements of files spread over processes, with the bytes that one process would write; and a bar.

The statements are dealt out in chunks, in order. A worker has a session of its own; before its chunk it is given the
lines since its last chunk that may make a name, so that it knows the names as they are there. What a worker writes
comes back as a list of pieces for the two streams, which are written in the order of the chunks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from mcalc.errors import Mistake
from mcalc.notation import may_name
from mcalc.shell.batch import Line, Tally
from mcalc.shell.output import Output
from mcalc.shell.run import Run
from mcalc.shell.session import goes_on_from
from mcalc.shell.settings import Settings, is_directive, preferences
from mcalc.shell.signals import as_helper, end_by_raising, none_meanwhile
from mcalc.shell.streams import File, Script

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CHUNK = 64
"""Statements that are handed to a process at once."""
AHEAD = 4
"""Chunks for each process that may be worked out before their turn to be written has come."""

Placed: TypeAlias = tuple[str, Line]
Pieces: TypeAlias = list[tuple[bool, bytes]]
"""What was written: whether it is for standard error, and the bytes."""


class Recorder:
    """A stream that keeps what is written to it, in one list with that of another."""

    def __init__(self, pieces: Pieces, *, error: bool) -> None:
        self.pieces = pieces
        self.error = error

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self.pieces.append((self.error, bytes(data)))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the bytes are kept until they are asked for."""

    def isatty(self) -> bool:
        """Say no: what is kept is for a pipe."""
        return False


class Worker:
    """A process at the other end of a pipe, and the chunk that it is at."""

    def __init__(self, context: Any, settings: Settings, look: dict[str, Any]) -> None:
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=work, args=(far, settings, look), daemon=True)
        with none_meanwhile(), _without_errors():
            self.process.start()
        far.close()
        self.chunk: int | None = None
        self.known = 0
        """How many of the lines that make names it has been told."""

    def send(self, what: object) -> None:
        """Hand something to the process; raises `E-LIMIT` where it is gone, as one that takes too much memory is."""
        try:
            self.pipe.send(what)
        except OSError:
            raise _lost() from None

    def receive(self) -> tuple[Pieces, Tally]:
        """Return what a chunk came to; raises `E-LIMIT` where the process is gone."""
        try:
            found: tuple[Pieces, Tally] = self.pipe.recv()
        except (EOFError, OSError):
            raise _lost() from None
        return found

    def end(self) -> None:
        """Let the process end."""
        self.pipe.close()
        self.process.terminate()
        self.process.join()


@contextmanager
def _without_errors() -> Iterator[None]:
    """Leave the processes that are started meanwhile no standard error: all that one has to say comes in its pieces.

    Python writes a traceback there where the first process is killed before it has said what is to be done.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _lost() -> Mistake:
    return Mistake(
        "E-LIMIT", "a process of --jobs was killed", hint="was there memory for it? --jobs 1 takes the least"
    )


def spread(sources: Iterable[Script | File], job: Run, advance: Callable[[str, int], None]) -> None:
    """Run the statements of some sources in processes, and write what comes of them in order.

    Raises:
        Mistake: `E-LIMIT`, where one of the processes was killed.
    """
    from multiprocessing import get_context, resource_tracker
    from multiprocessing.connection import wait

    chunks = dealt(sources)
    names: list[Line] = []
    waiting: dict[int, list[Placed]] = {}
    done: dict[int, tuple[Pieces, Tally]] = {}
    workers: list[Worker] = []
    context = get_context("spawn")  # a fork would share the interpreter's locks and open files
    dealt_out = written = 0
    more = True
    end_by_raising()
    resource_tracker.ensure_running()  # once it runs, it leaves the signals alone that are held back
    try:
        while more or waiting:
            busy = [worker for worker in workers if worker.chunk is not None]
            idle = next((worker for worker in workers if worker.chunk is None), None)
            if more and dealt_out < written + AHEAD * job.settings.jobs and (idle or len(workers) < job.settings.jobs):
                chunk = next(chunks, None)
                if chunk is None:
                    more = False
                    continue
                if idle is None:
                    idle = Worker(context, job.settings, look_of(job.output))
                    workers.append(idle)
                idle.send((names[idle.known :], chunk))
                idle.chunk = dealt_out
                names += [line for _, line in chunk if changes_what_follows(line)]
                # What its own chunk makes, a worker knows by itself.
                idle.known = len(names)
                waiting[dealt_out] = chunk
                dealt_out += 1
                continue
            ready = wait([worker.pipe for worker in busy])
            for worker in busy:
                if worker.pipe in ready and worker.chunk is not None:
                    done[worker.chunk] = worker.receive()
                    worker.chunk = None
            while written in done:
                pieces, tally = done.pop(written)
                chunk = waiting.pop(written)
                written += 1
                put(pieces, job.output)
                job.tally.include(tally)
                if chunk:
                    advance(chunk[-1][0], chunk[-1][1].end)
                if job.stopped:
                    return
    finally:
        for worker in workers:
            worker.end()


def changes_what_follows(line: Line) -> bool:
    """Say whether a line may have to do with what comes of those after it."""
    return line.mistake is None and (is_directive(line.text) or may_name(line.text))


def dealt(sources: Iterable[Script | File]) -> Iterator[list[Placed]]:
    """Yield the statements of some sources in chunks, with the name of the source; none begins in a chain of claims."""
    chunk: list[Placed] = []
    for source in sources:
        for line in source:
            if len(chunk) >= CHUNK and not goes_on_from(line.text):
                yield chunk
                chunk = []
            chunk.append((source.place, line))
    if chunk:
        yield chunk


def put(pieces: Pieces, output: Output) -> None:
    """Write what a worker wrote."""
    for error, data in pieces:
        if error:
            output.message_bytes(data)
        else:
            output.write(data)
    output.flush()


def look_of(output: Output) -> dict[str, Any]:
    """Return how an output of a worker must look, to write what this one would."""
    kept = ("encoding", "err_encoding", "unicode", "err_unicode", "color", "err_color", "width")
    return {name: getattr(output, name) for name in kept}


def work(pipe: Connection[Any, Any], settings: Settings, look: dict[str, Any]) -> None:
    """Work on chunks until there are no more; what happens in a process of its own."""
    as_helper()
    settings.apply_limits()
    pieces: Pieces = []
    recorders: Sequence[Any] = [Recorder(pieces, error=error) for error in (False, True)]
    output = Output(recorders[0], recorders[1], to=settings.to, environ=os.environ)
    for name, value in look.items():
        setattr(output, name, value)
    job = Run(settings, output)
    preferences().warnings.clear()
    job.session.declare(settings.where or "")
    while True:
        try:
            names, chunk = pipe.recv()
        except (EOFError, OSError):
            return
        for line in names:
            job.absorb(line)
        job.tally = Tally()
        for place, line in chunk:
            job.line(line, place)
            if job.stopped:
                break
        output.flush()
        try:
            pipe.send((list(pieces), job.tally))
        except OSError:
            return  # nobody writes it any more
        pieces.clear()


PATIENCE = 0.5
"""Seconds before there is a bar at all."""
EVERY = 0.1
"""Seconds between two pictures of it."""


class Bar:
    """Draws a bar when it is told how far files have been read; it makes room for messages."""

    def __init__(self, sizes: Mapping[str, int], output: Output) -> None:
        self.sizes = dict(sizes)
        self.output = output
        self.done = dict.fromkeys(sizes, 0)
        self.next = time.monotonic() + PATIENCE
        self.bar: Any = None
        output.before_message = self.clear

    def __enter__(self) -> Bar:
        return self

    def __call__(self, place: str, end: int) -> None:
        """Take note that a file has been read up to a byte."""
        if place in self.done:
            self.done[place] = end
            if time.monotonic() >= self.next:
                self.draw()

    def __exit__(self, *trouble: object) -> None:
        self.clear()
        self.output.before_message = None

    def draw(self) -> None:
        """Draw the bar as it is now."""
        from rich.console import Console
        from rich.progress import Progress

        if self.bar is None:
            console = Console(stderr=True, markup=False, highlight=False, emoji=False)
            self.bar = Progress(console=console, auto_refresh=False, transient=True)
            self.task = self.bar.add_task("", total=max(sum(self.sizes.values()), 1))
        self.bar.start()
        self.bar.update(self.task, completed=sum(self.done.values()))
        self.bar.refresh()
        self.next = time.monotonic() + EVERY

    def clear(self) -> None:
        """Take the bar away, until it is drawn again."""
        if self.bar is not None:
            self.bar.stop()
