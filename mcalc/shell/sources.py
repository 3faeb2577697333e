"""Where statements come from: files, standard input, and the arguments of -e."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from mcalc.errors import Mistake
from mcalc.files import check_stream, open_to_read
from mcalc.limits import limit
from mcalc.notation.pastes.detect import begins_block
from mcalc.shell.batch import Line, lines, statements
from mcalc.shell.settings import is_directive

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
    return "=" not in text and os.path.isfile(text)


def beginning(name: str) -> bytes:
    """Return the bytes of a file, or of standard input, one more at most than a statement may have; none without it."""
    try:
        with opened(name) as stream:
            return stream.read(limit("statement") + 1)
    except (Mistake, OSError, ValueError):
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
