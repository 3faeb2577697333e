"""What a command is about: statements of files and streams, a derivative that is asked for; and where results go.

A file is written whole or not at all.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from mcalc.api import differentiated, read_value, scope_of, worked_out
from mcalc.choices import one_of
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.files import check_stream, open_as_it_is, open_to_read
from mcalc.limits import limit
from mcalc.notation.pastes.detect import begins_block
from mcalc.results import Expression
from mcalc.shell.arguments import is_file as names_file
from mcalc.shell.batch import Line, lines, statements
from mcalc.shell.output import UNFINISHED, CannotWrite, Output, take_away_unfinished
from mcalc.shell.session import Outcome, Session
from mcalc.shell.settings import Settings, is_directive, preferences
from mcalc.shell.signals import end_by_raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


class Script:
    r"""The statements of -e options, one a line: the second is line 2.

    >>> [(line.number, line.text) for line in Script(["x: R", "x^2 +\\", "1"])]
    [(1, 'x: R'), (2, 'x^2 + 1')]
    """

    place = "-e"

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __iter__(self) -> Iterator[Line]:
        return statements(iter([Line(number, text) for number, text in enumerate(self.texts, 1)]))


class File:
    """The statements of a file, or of standard input for ``-``; a file that cannot be read is a mistake in its place.

    `waiting` is called before anything that may have to wait for input; `begun` has been read of standard input before.
    """

    def __init__(self, name: str, waiting: Callable[[], None] = lambda: None, begun: bytes = b"") -> None:
        self.name = name
        self.place = place_of(name)
        self.waiting = waiting
        self.begun = begun if name == "-" else b""

    def __iter__(self) -> Iterator[Line]:
        try:
            with opened(self.name) as stream:
                yield from statements(lines(Rest(self.begun, stream) if self.begun else stream, None, self.waiting))
        except BrokenPipeError:
            raise
        except Mistake as mistake:
            yield Line(0, "", mistake)
        except (OSError, ValueError) as trouble:
            reason = getattr(trouble, "strerror", None) or str(trouble)
            yield Line(0, "", Mistake("E-FILE", f"cannot read {self.place}: {reason}"))


def opened(name: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file to read, or standard input for ``-``.

    Raises:
        Mistake: `E-FILE`, where that cannot be, or may never end.
        OSError: Standard input is closed.
    """
    if name != "-":
        return open_to_read(name, pipes=True)
    if sys.stdin is None:
        raise OSError("it is closed")
    check_stream(sys.stdin.buffer, "<stdin>")
    return nullcontext(sys.stdin.buffer)


class Rest:
    """A stream of which the first bytes have been read already."""

    def __init__(self, begun: bytes, stream: IO[bytes]) -> None:
        self.begun = begun
        self.stream = stream

    def read(self, count: int) -> bytes:
        """Return the next bytes, `count` of them at most where they come from the stream."""
        begun, self.begun = self.begun, b""
        return begun or getattr(self.stream, "read1", self.stream.read)(count)


def place_of(name: str) -> str:
    """Return what a file is called in messages."""
    return "<stdin>" if name == "-" else name


def is_file(text: str) -> bool:
    """Say whether what stands in the place of a claim is the name of a file."""
    return "=" not in text and (os.path.isfile(text) or names_file(text))


def beginning(name: str) -> bytes:
    """Return the bytes of a file, or of standard input, one more at most than a statement may have; none without it."""
    try:
        with opened(name) as stream:
            return stream.read(limit("statement") + 1)
    except (OSError, ValueError):
        return b""


def page_text(data: bytes) -> str | None:
    r"""Return the text of a page; None where it is too long to be one, is not UTF-8, or is made of other statements.

    >>> page_text(b"d/dx x^2 = 2x"), page_text(b"\xff")
    ('d/dx x^2 = 2x', None)
    """
    if len(data) > limit("statement"):
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if any([begins_block(line) or is_directive(line) for line in text.split("\n")]) else text


def tell(output: Output) -> None:
    """Tell of preferences that cannot be followed, once."""
    warnings = preferences().warnings
    while warnings:
        output.message(f"warning: {warnings.pop(0)}")


class Target:
    """The output of a run: the standard streams, or with -o a file that has its name when all is written, or never."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.into = None if settings.into in (None, "-") else settings.into
        self.output = settings.output()
        self.unfinished: str | None = None

    def __enter__(self) -> Output:
        if self.into is None:
            return self.opened()
        end_by_raising()
        try:
            return self._into_file(self.into)
        except BaseException:
            take_away_unfinished()
            raise

    def _into_file(self, path: str) -> Output:
        """Return the output into a file, under another name until it is whole."""
        try:
            if os.path.exists(path) and not os.path.isfile(path):
                stream: IO[bytes] = open_as_it_is(path)
            else:
                if os.path.exists(path) and not self.settings.force:
                    raise Mistake("E-FILE", f"{path} is there already", hint="--force replaces it")
                self.into = os.path.realpath(path)  # what a link leads to is replaced, not the link
                self.unfinished = f"{self.into}.{os.getpid()}.part"
                UNFINISHED.append(self.unfinished)
                stream = open(self.unfinished, "xb")  # noqa: SIM115 - `__exit__` closes it
                if os.path.exists(path):
                    os.chmod(self.unfinished, stat.S_IMODE(os.stat(path).st_mode))
        except (OSError, ValueError) as trouble:
            reason = getattr(trouble, "strerror", None) or "a name of a file has no null character"
            raise Mistake("E-FILE", f"cannot write {path}: {reason}") from trouble
        message = self.output
        self.output = Output(
            stream,
            message.err,
            to=self.settings.to,
            err_encoding=message.err_encoding,
            environ=os.environ,
            when=self.settings.color,
            theme=self.settings.theme,
        )
        return self.opened()

    def opened(self) -> Output:
        """Return the output, after what stands before all results."""
        tell(self.output)
        if self.output.to == "html":
            from mcalc.render.html_page import head

            self.output.result(head("mcalc"))
        return self.output

    def __exit__(self, kind: object, trouble: object, trace: object) -> None:
        stream = self.output.out
        if self.into is None or stream is None:
            return
        try:
            stream.close()
            if self.unfinished is not None and kind is None:
                os.replace(self.unfinished, self.into)
        except OSError as failed:
            raise CannotWrite(failed.strerror or str(failed)) from failed
        finally:
            take_away_unfinished()


MOST = 50
"""Derivatives that are taken of one file."""


def asked_for(text: str, settings: Settings, orders: Mapping[str, int] | None = None) -> Derivative:
    """Return the derivative that is asked for; of a function of one variable, that by it.

    `orders` are the numbers of axes of names that nothing declares, where they are known. Raises
    :class:`~mcalc.errors.Mistake`.
    """
    scope = scope_of(settings.where, settings.macros)
    scope.orders |= orders or {}
    reading = read_value(text, scope, settings.wrt, settings.notation)
    wrt: str | None = settings.wrt
    if wrt is None:
        value = worked_out(reading, settings.manner)
        if isinstance(value, Derivative):
            return value
        symbols = [node.attr[0] for node in value.symbols if node.op.name == "symbol"]
        if len(symbols) != 1:
            said = f"it has the variables {', '.join(symbols[:6])}" if symbols else "it has no variable"
            hint = f"--wrt {symbols[0]}" if symbols else ""
            raise Mistake("E-USAGE", f"by which variable? {said}", hint=hint)
        wrt = str(symbols[0])
    return differentiated(reading, wrt, settings.order, settings.manner)


def asked_in_file(path: str, settings: Settings) -> list[tuple[str, Derivative, Sequence[str]]]:
    """Return the derivatives that the statements of a file ask for, each with the statements that made its names.

    Raises :class:`~mcalc.errors.Mistake`, also where there are none, or too many.
    """
    session = Session(manner=settings.manner, macros=settings.macros)
    if settings.where is not None:
        session.declare(settings.where)
    before: list[str] = []
    found: list[tuple[str, Derivative, Sequence[str]]] = []
    for line in File(path):
        if line.mistake is not None:
            raise line.mistake
        try:
            outcome: Outcome = session.run(line.text, line.number, notation=settings.notation)
        except Mistake as mistake:
            mistake.message = f"line {line.number}: {mistake.message}"
            mistake.source = mistake.source or line.text
            raise
        value: Expression | None = outcome.value
        if isinstance(value, Derivative):
            found.append((outcome.input, value, list(before)))
        elif outcome.kind in ("declaration", "definition", "function"):
            before.append(outcome.input)
    if not found:
        raise Mistake("E-USAGE", f"{path} asks for no derivative", hint="a line such as ∂/∂w f is one")
    if len(found) > MOST:
        raise Mistake("E-LIMIT", f"{path} asks for {len(found)} derivatives, and {MOST} are taken", hint="part it")
    return found


def format_of(said: str | None, into: str | None, formats: Mapping[str, str], usual: str) -> str:
    """Return the format that is asked for, or that the ending of a file tells; `formats` has the endings.

    >>> format_of(None, "curve.svg", {"text": ".txt", "svg": ".svg"}, "text")
    'svg'
    """
    if said is not None:
        return one_of(formats, "format", said, here=True)
    ending = os.path.splitext(into or "")[1].lower()
    return next((name for name, one in formats.items() if ending and one == ending), usual)


def shown(text: str, settings: Settings, show: Callable[[Output], None]) -> int:
    """Show something on the output of a run, or what is wrong, and then no file is written; return the exit code."""
    try:
        with Target(settings) as output:
            show(output)
    except Mistake as mistake:
        settings.output().mistake(mistake, text=text)
        return mistake.exit_code
    return 0
