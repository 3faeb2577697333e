"""Where everything shown goes out: results to one stream, all else to the other, each in a form that it can carry."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial

from mcalc.errors import Mistake
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import folded, safe, terminal_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    from mcalc.expr import Expr

CODE = {"numpy": "NumPy", "jax": "JAX", "torch": "PyTorch", "array-api": "Array API", "julia": "Julia", "c": "C"}
"""Formats that are a function's source, each with what it is called on a page."""


def _mathml() -> Callable[[Expr, Collection[str], bool], str]:
    from mcalc.render.mathml import mathml

    return mathml


LINES = {"mathml": _mathml}
"""Formats of a line for each result, beside those of text and LaTeX, each with what loads the function that writes it.

That takes the expression, the names that mean something where it will be read, and whether repeated parts get names.
"""
FORMATS = ("text", "unicode", "ascii", "latex", *LINES, "html", "json", *CODE)
COLORS = ("auto", "always", "never")


UNFINISHED: list[str] = []
"""The files that are being written, under the names that they have until they are whole."""


def take_away_unfinished() -> None:
    """Delete the files that were not finished; an interrupt may come where nothing else does so."""
    while UNFINISHED:
        with suppress(OSError):
            os.unlink(UNFINISHED.pop())


class CannotWrite(Exception):
    """The results cannot be written: the disk is full, the stream is closed."""


def visible(text: str) -> str:
    r"""Return lines in which nothing acts on a terminal: control, direction and invisible characters are spelled out.

    >>> visible("x\x1b[31m + \u202ey")
    'x<U+001B>[31m + <U+202E>y'
    """
    return "\n".join([safe(line) for line in text.split("\n")])


def speaks_unicode(encoding: str, environ: Mapping[str, str]) -> bool:
    """Say whether text may be Unicode: the encoding has the glyphs, and the locale is not set to plain C by hand.

    Python reads LANG=C as UTF-8 and then sets LC_CTYPE itself, so the variables are looked at too.

    >>> speaks_unicode("cp1252", {}), speaks_unicode("utf-8", {"LANG": "C"}), speaks_unicode("utf-8", {})
    (False, False, True)
    """
    try:
        "∂ᵀ⃗⊗₁∈ℝ".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    if environ.get("PYTHONIOENCODING") or environ.get("PYTHONUTF8") == "1":
        return True
    forced = "" if environ.get("LC_CTYPE") == "C.UTF-8" else environ.get("LC_CTYPE", "")
    return (environ.get("LC_ALL") or forced or environ.get("LANG") or "") not in ("C", "POSIX")


def wants_color(stream: IO[bytes] | None, environ: Mapping[str, str], when: str = "auto") -> bool:
    """Say whether a stream gets colour: terminals do, unless told otherwise; what `when` says stands above all."""
    if when != "auto":
        return when == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environ.get("TERM") != "dumb"


def _do(work: Callable[[], object]) -> None:
    """Do something to the stream of results; raises :class:`CannotWrite` where that cannot be."""
    try:
        work()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as trouble:
        raise CannotWrite(getattr(trouble, "strerror", None) or str(trouble)) from trouble


class Output:
    """The two streams of a run, as bytes: `result` writes a line of data and flushes it, `message` one for the reader.

    `to` is the format of results; with ``text`` it is Unicode where the stream can show it and ASCII where not.
    """

    def __init__(
        self,
        out: IO[bytes] | None,
        err: IO[bytes] | None,
        *,
        to: str = "text",
        encoding: str = "utf-8",
        err_encoding: str = "utf-8",
        environ: Mapping[str, str] | None = None,
        when: str = "auto",
        theme: str = "dark",
    ) -> None:
        environ = {} if environ is None else environ
        self.to = to
        self.out = out
        self.err = err
        self.on_terminal = out is not None and out.isatty()
        # Formats that are named are the same bytes everywhere, but for a terminal, which has the one encoding it has.
        self.encoding = encoding if to == "text" or self.on_terminal else "utf-8"
        self.err_encoding = err_encoding
        self.unicode = speaks_unicode(encoding, environ)
        self.err_unicode = speaks_unicode(err_encoding, environ)
        self.color = to == "text" and wants_color(out, environ, when)
        self.err_color = wants_color(err, environ, when)
        self.theme = theme
        self.unflushed = False
        self.before_message: Callable[[], None] | None = None
        self.err_terminal = at_terminal = err is not None and err.isatty()
        self.width = terminal_width(err if at_terminal else None) if at_terminal or environ.get("COLUMNS") else 80

    @staticmethod
    def of_process(to: str = "text", when: str = "auto", theme: str = "dark") -> Output:
        """Return the output of this process."""
        out, err = sys.stdout, sys.stderr
        return Output(
            out.buffer if out is not None else None,
            err.buffer if err is not None else None,
            to=to,
            encoding=out.encoding if out is not None else "utf-8",
            err_encoding=err.encoding if err is not None else "utf-8",
            environ=os.environ,
            when=when,
            theme=theme,
        )

    @property
    def styled(self) -> bool:
        """Whether results come with control characters of our own: colours."""
        return self.to == "text" and (self.on_terminal or self.color)

    @property
    def face(self) -> str:
        """The face of a result: unicode, ascii, latex or json."""
        return self.to if self.to != "text" else "unicode" if self.unicode else "ascii"

    @property
    def room(self) -> int | None:
        """The columns of the terminal that results are laid out for; None where they are not."""
        return terminal_width(self.out) if self.on_terminal and self.to == "text" else None

    def in_rows(self, lines: Iterable[str]) -> str:
        """Return sentences in the glyphs of the face, folded to the terminal."""
        room = self.room
        return "\n".join([folded(spell_ascii(line) if self.face == "ascii" else line, room) for line in lines])

    def result(self, text: str, *, styled: bool = False) -> None:
        """Write a result and flush it; `styled` says that its control characters are our own colours."""
        self.write(self.encoded(text, styled=styled))
        self.flush()

    def encoded(self, text: str, *, styled: bool = False) -> bytes:
        """Return the bytes of a result."""
        return f"{text if styled else visible(text)}\n".encode(self.encoding, "backslashreplace")

    def write(self, data: bytes) -> None:
        """Write the bytes of a result, to be flushed later: before what may take time, and before a message."""
        if self.out is None:
            raise CannotWrite("standard output is closed")
        self.unflushed = True
        _do(partial(self.out.write, data))

    def flush(self) -> None:
        """Let everything that was written go out."""
        if not self.unflushed or self.out is None:
            return
        self.unflushed = False
        _do(self.out.flush)

    def message(self, text: str, *, styled: bool = False) -> None:
        """Write a note, a warning or a mistake; a stream of messages that cannot be written to is no reason to stop."""
        self.message_bytes(f"{text if styled else visible(text)}\n".encode(self.err_encoding, "backslashreplace"))

    def sentence(self, text: str) -> None:
        """Write a message that is a sentence, in ASCII where need be, broken at blanks where a terminal is narrower."""
        said = text if self.err_unicode else spell_ascii(text)
        if self.err_terminal:
            from mcalc.render.mistake import broken

            said = "\n".join(broken(said, 0, self.width))
        self.message(said)

    def message_bytes(self, data: bytes) -> None:
        """Write the bytes of a message."""
        self.flush()
        if self.err is None:
            return
        if self.before_message is not None:
            self.before_message()
        try:
            self.err.write(data)
            self.err.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError):
            self.err = None

    def prompt(self, text: str) -> None:
        """Write what a line is to be typed after, among the messages."""
        if self.err is not None:
            self.err.write(text.encode(self.err_encoding, "backslashreplace"))
            self.err.flush()

    def mistake(self, mistake: Mistake, place: str = "", text: str | None = None) -> None:
        """Write a mistake with its place, carets and hint; `text` is what the carets are for, where it has no other."""
        from mcalc.render.mistake import render_mistake

        if mistake.source is None and mistake.spans:
            mistake.source = text
        said = render_mistake(
            mistake, place, self.width, color=self.err_color, unicode=self.err_unicode, wrapped=self.err_terminal
        )
        self.message(said, styled=self.err_color)


def remarks(assumed: Iterable[str], notes: Iterable[str] = ()) -> list[str]:
    """Return what is said beside a result: what was assumed, and each note.

    >>> remarks(["x: R^n", "b: R"], ["Σ is a sum"])
    ['assumed: x: R^n; b: R', 'note: Σ is a sum']
    """
    said = "; ".join(assumed)
    return [*([f"assumed: {said}"] if said else []), *[f"note: {note}" for note in notes]]


def abandon(stream: IO[str] | None) -> None:
    """Point a stream that cannot be written to at nothing, so that Python's own flush at the end is silent."""
    if stream is None:
        return
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        return
