"""The commands that take statements: one from an argument, many from files and pipes; each returns its exit code."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import IO

from mcalc.api import ONE_CHAIN, nothing_to_check
from mcalc.errors import Mistake
from mcalc.notation import MAX_TEXT
from mcalc.shell import batch
from mcalc.shell.batch import Line
from mcalc.shell.output import Output
from mcalc.shell.reference import help_text
from mcalc.shell.run import Run
from mcalc.shell.settings import Settings
from mcalc.shell.target import Target


def is_file(word: str) -> bool:
    """Say whether a first word that is no command names a file rather than being a statement.

    It has to look like a file, too: that a file called `x` lies about does not change what `mcalc x` means.
    """
    return word == "-" or word.endswith(".mc") or (("." in word or os.sep in word) and os.path.isfile(word))


def help_page(*, asked: bool = True) -> int:
    """Show the page of help: as a result where it was asked for, else as a message of wrong usage."""
    output = Output.of_process()
    text = help_text()
    if not (output.unicode if asked else output.err_unicode):
        text = text.translate({ord("∂"): "d", ord("·"): "."})
    (output.result if asked else output.message)(text)
    return 0 if asked else 2


def default() -> int:
    """Run the statements that are piped in; on a terminal, show how to call mcalc."""
    if sys.stdin is None or sys.stdin.isatty():
        return help_page(asked=False)
    return run(["-"], Settings())


def diff(expression: str | None, settings: Settings) -> int:
    """Differentiate one expression, or each of standard input where none is given."""
    if expression is None and (sys.stdin is None or sys.stdin.isatty()):
        return help_page(asked=False)
    settings.must_derive = True
    return run(["-"], settings) if expression is None else statement(expression, settings)


def check(claim: str | None, settings: Settings) -> int:
    """Check one claim, or those of standard input where none is given."""
    if claim is None and (sys.stdin is None or sys.stdin.isatty()):
        return help_page(asked=False)
    settings.equations = True
    return run(["-"], settings) if claim is None else statement(ONE_CHAIN.sub(" ", claim), settings)


def statement(text: str, settings: Settings) -> int:
    """Run what stands in one argument: a statement, or several with semicolons between them."""
    with Target(settings) as output:
        job = Run(settings, output)
        if len(text) > MAX_TEXT:
            said = f"an argument may have {MAX_TEXT} characters, this one has {len(text)}"
            job.fail(
                Mistake("E-LIMIT", said, hint=f"pipe it in: a statement of a stream may have {batch.LIMIT} bytes"),
                Line(1, ""),
            )
        elif job.declare(settings.where):
            job.line(Line(1, text))
            if settings.equations and not (job.tally.claims or job.tally.mistakes or job.tally.bugs):
                job.fail(nothing_to_check(text), Line(1, text))
    return write_test(job, settings) or job.end(summary=False)


def write_test(job: Run, settings: Settings) -> int:
    """Write the test of exported code beside it: test_ridge.py for ridge.py."""
    if job.showing.test is None or settings.into is None:
        return 0
    folder, name = os.path.split(settings.into)
    beside = Settings(into=os.path.join(folder, f"test_{name}"), force=settings.force)
    with Target(beside) as output:
        output.result(job.showing.test.rstrip("\n"))
    return 0


def run(files: list[str], settings: Settings) -> int:
    """Run the statements of files, one after the other in one session; ``-`` is standard input."""
    with Target(settings) as output:
        job = Run(settings, output)
        if not job.declare(settings.where):
            return job.end(summary=False)
        for name in files:
            place = "<stdin>" if name == "-" else name
            try:
                with opened(name) as stream:
                    for line in batch.statements(batch.lines(stream)):
                        job.line(line, place)
            except BrokenPipeError:
                raise
            except (OSError, ValueError) as trouble:
                reason = getattr(trouble, "strerror", None) or str(trouble)
                job.fail(Mistake("E-FILE", f"cannot read {place}: {reason}"), Line(0, ""))
        return job.end(summary=True)


def opened(name: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file to read, or standard input for ``-``; raises OSError where that cannot be."""
    if name != "-":
        return open(name, "rb")
    if sys.stdin is None:
        raise OSError("it is closed")
    return nullcontext(sys.stdin.buffer)
