"""Where everything shown goes out: results to one stream, all else to the other, each in a form that it can carry."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import IO

from mcalc.errors import Mistake
from mcalc.render.mistake import render_mistake
from mcalc.render.safe import safe

CODE = ("numpy", "jax", "torch", "array-api", "julia", "c")
"""Formats that are a function's source."""
FORMATS = ("text", "unicode", "ascii", "latex", "json", *CODE)


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


def wants_color(stream: IO[bytes] | None, environ: Mapping[str, str]) -> bool:
    """Say whether a stream gets colour: terminals do, unless told otherwise."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environ.get("TERM") != "dumb"


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
        self.color = to == "text" and wants_color(out, environ)
        self.err_color = wants_color(err, environ)
        self.theme = environ.get("MCALC_THEME", "dark")

    @staticmethod
    def of_process(to: str = "text") -> Output:
        """Return the output of this process."""
        out, err = sys.stdout, sys.stderr
        return Output(
            out.buffer if out is not None else None,
            err.buffer if err is not None else None,
            to=to,
            encoding=out.encoding if out is not None else "utf-8",
            err_encoding=err.encoding if err is not None else "utf-8",
            environ=os.environ,
        )

    @property
    def face(self) -> str:
        """The face of a result: unicode, ascii, latex or json."""
        return self.to if self.to != "text" else "unicode" if self.unicode else "ascii"

    def result(self, text: str, *, styled: bool = False) -> None:
        """Write a result and flush it; `styled` says that its control characters are our own colours."""
        if self.out is None:
            raise CannotWrite("standard output is closed")
        try:
            self.out.write(f"{text if styled else visible(text)}\n".encode(self.encoding, "backslashreplace"))
            self.out.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as trouble:
            raise CannotWrite(getattr(trouble, "strerror", None) or str(trouble)) from trouble

    def message(self, text: str, *, styled: bool = False) -> None:
        """Write a note, a warning or a mistake; a stream of messages that cannot be written to is no reason to stop."""
        if self.err is None:
            return
        try:
            self.err.write(f"{text if styled else visible(text)}\n".encode(self.err_encoding, "backslashreplace"))
            self.err.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError):
            self.err = None

    def mistake(self, mistake: Mistake, place: str = "") -> None:
        """Write a mistake with its place, carets and hint."""
        text = render_mistake(mistake, place=place, color=self.err_color, unicode=self.err_unicode)
        self.message(text, styled=self.err_color)


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
