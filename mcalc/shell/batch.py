"""Statements from a stream: bytes to lines, lines to statements, one at a time and in constant memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import IO

from mcalc.errors import Mistake
from mcalc.notation.latex.detect import is_latex, is_unfinished, without_comment

LIMIT = 1 << 20
"""Bytes in one statement: far above what is typed, far below what would fill memory."""
MOST_LINES = 200
"""Lines that one statement may go on over: an open bracket that is never closed is told of by then."""

UTF16 = "looks like UTF-16; convert: iconv -f utf-16 -t utf-8"


class Line:
    """A statement of a stream, or a line of it, at the line and column where it begins; or what is wrong with it."""

    __slots__ = ("mistake", "number", "text")

    def __init__(self, number: int, text: str, mistake: Mistake | None = None) -> None:
        self.number = number
        self.text = text
        self.mistake = mistake

    def __repr__(self) -> str:
        return f"Line({self.number}, {self.text!r})"


def lines(stream: IO[bytes], limit: int = LIMIT) -> Iterator[Line]:
    r"""Yield the lines of a stream, counted from 1, each decoded on its own, without line ends.

    Only ``\n`` ends a line (and ``\r\n``), so that numbers agree with editors. A line that is too long is skipped
    without being held; a line that is not UTF-8 spoils itself alone.

    >>> import io
    >>> [(line.number, line.text, bool(line.mistake)) for line in lines(io.BytesIO(b"x^2\r\n\xff\nx"))]
    [(1, 'x^2', False), (2, '', True), (3, 'x', False)]
    """
    offset = 0
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        start = offset
        offset += len(raw)
        if len(raw) > limit and not raw.endswith(b"\n"):
            while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
                offset += len(rest)
            offset += len(rest)
            hint = "break it with \\ at the end of a line, or name its parts"
            yield Line(
                number, "", Mistake("E-LIMIT", f"a statement may have {limit} bytes, this one is longer", hint=hint)
            )
            continue
        if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield Line(number, "", Mistake("E-ENCODING", "the input is not UTF-8", hint=UTF16))
            return
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
            start = offset - len(raw)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as trouble:
            at = start + trouble.start
            message = f"byte 0x{raw[trouble.start]:02x} at offset {at} is not UTF-8"
            hint = UTF16 if b"\x00" in raw else "save it as UTF-8, or convert: iconv -f latin1 -t utf-8"
            yield Line(number, "", Mistake("E-ENCODING", message, hint=hint))
            continue
        yield Line(number, text.removesuffix("\n").removesuffix("\r"))


def unclosed(text: str) -> int:
    """Return how many brackets of a line are left open.

    >>> unclosed("f([1, 2"), unclosed("a) + (b")
    (2, 0)
    """
    return sum([text.count(c) for c in "([{"]) - sum([text.count(c) for c in ")]}"])


def statements(source: Iterator[Line], limit: int = LIMIT) -> Iterator[Line]:
    r"""Yield statements: no comments, no blank lines, lines joined where a bracket is open or a final ``\`` says so.

    A bracket that is not closed before a blank line, the end, or too many lines spoils its own line alone: the lines
    after it are read again.

    >>> [s.text for s in statements(iter([Line(1, "(1 +"), Line(2, " 2)"), Line(3, "(("), Line(4, "x")]))]
    ['(1 +  2)', '((', 'x']
    """
    again: deque[Line] = deque()

    def take() -> Line | None:
        return again.popleft() if again else next(source, None)

    while (line := take()) is not None:
        if line.mistake is not None:
            yield line
            continue
        latex = is_latex(line.text)
        code, goes_on = _code(line.text, latex=latex)
        parts, still, length = [code], unclosed(code), len(code)
        held: list[Line] = []
        while goes_on or (is_unfinished(" ".join(parts)) if latex else still > 0):
            following = take()
            if following is not None:
                held.append(following)
                length += len(following.text)
            if following is None or not following.text.strip() or len(held) > MOST_LINES or length > limit:
                again.extendleft(reversed(held))
                del parts[1:]
                break
            code, goes_on = _code(following.text, latex=latex)
            parts.append(code)
            still += unclosed(code)
        text = " ".join(parts) if len(parts) > 1 else parts[0]
        if text.strip():
            yield Line(line.number, text)


def _code(text: str, *, latex: bool) -> tuple[str, bool]:
    """Return a line without its comment and without a final backslash, and whether there was one."""
    code = without_comment(text) if latex else text.partition("#")[0]
    bare = code.rstrip()
    goes_on = bare.endswith("\\") and not (latex and bare.endswith("\\\\"))
    return (bare[:-1], True) if goes_on else (code, False)


class Tally:
    """What came of a run: how many statements, and how many went wrong in which way."""

    def __init__(self) -> None:
        self.statements = 0
        self.mistakes = 0
        self.limits = 0
        self.claims = 0
        self.unequal = 0
        self.bugs = 0

    def add(self, mistake: Mistake) -> None:
        """Count a mistake."""
        self.mistakes += 1
        self.limits += mistake.code == "E-LIMIT"

    @property
    def code(self) -> int:
        """The exit code: a bug of mcalc first, then mistakes, limits, claims that do not hold, and all right."""
        if self.bugs:
            return 70
        if self.mistakes:
            return 4 if self.limits == self.mistakes else 1
        return 3 if self.unequal else 0

    @property
    def summary(self) -> str:
        """One line on what went wrong among the statements, or nothing."""
        wrong = self.mistakes + self.bugs
        said = []
        if wrong and self.statements:
            said.append(f"{wrong} of {self.statements} statement{'s' * (self.statements != 1)} had a mistake")
        if self.unequal:
            claims = f"{self.unequal} of {self.claims} claim{'s' * (self.claims != 1)}"
            said.append(f"{claims} {'does' if self.unequal == 1 else 'do'} not hold")
        return f"mcalc: {', '.join(said)}" if said else ""
