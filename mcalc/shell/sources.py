"""Where statements come from: files, standard input, and the arguments of -e."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import IO

from mcalc.errors import Mistake
from mcalc.files import check_stream, open_to_read
from mcalc.shell.batch import Line, lines, statements


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

    `waiting` is called before anything that may have to wait for input.
    """

    def __init__(self, name: str, waiting: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.place = "<stdin>" if name == "-" else name
        self.waiting = waiting

    def __iter__(self) -> Iterator[Line]:
        try:
            with opened(self.name) as stream:
                yield from statements(lines(stream, None, self.waiting))
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
