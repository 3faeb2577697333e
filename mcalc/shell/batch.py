"""Statements from a stream, one at a time, in constant memory; and definitions among them that wait for a use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from mcalc.errors import Mistake, Span
from mcalc.limits import beyond, limit
from mcalc.notation.pastes.detect import (
    MATHEMATICAL,
    begins_block,
    begins_sentence,
    fence,
    goes_on,
    is_import,
    is_latex,
    is_unfinished,
    without_comment,
    without_rules,
)
from mcalc.patterns import pattern
from mcalc.shell.settings import is_directive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Readable(Protocol):
        """What bytes are read from."""

        def read(self, count: int, /) -> bytes:
            """Return the next bytes, `count` at most."""


BLOCK = 1 << 15
"""Bytes that are taken from a stream at once; less where less is there."""

UTF16 = "looks like UTF-16; convert: iconv -f utf-16 -t utf-8"


class Line:
    """A statement of a stream, or a line of it, at the line where it begins; or what is wrong with it.

    `end` is how many bytes of the stream have been read with it; it `goes_on` where the next line begins with a sign.
    """

    __slots__ = ("end", "goes_on", "mistake", "number", "text")

    def __init__(self, number: int, text: str, mistake: Mistake | None = None, end: int = 0) -> None:
        self.number = number
        self.text = text
        self.mistake = mistake
        self.end = end
        self.goes_on = False

    def __repr__(self) -> str:
        return f"Line({self.number}, {self.text!r})"


def raw_lines(stream: Readable, most: int, waiting: Callable[[], None]) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield the lines of a stream without their ends, where in it each begins, and the line after it if it is there.

    Of a longer line the first `most` + 1 bytes come as soon as they are there: its end may never come.
    `waiting` is called before anything that may have to wait for input.
    """
    take = getattr(stream, "read1", stream.read)
    held: list[bytes] = []
    start = length = 0
    is_told = False
    while True:
        waiting()
        block = take(BLOCK)
        if not block:
            break
        first, *rest = block.split(b"\n")
        length += len(first)
        if not is_told:
            held.append(first)
        if rest:
            if not is_told:
                yield b"".join(held)[: most + 1], start, rest[0]
            start += length + 1
            last = rest.pop()
            for place, line in enumerate(rest, 1):
                yield line, start, rest[place] if place < len(rest) else last
                start += len(line) + 1
            held, length, is_told = [last], len(last), False
        if length > most and not is_told:
            yield b"".join(held)[: most + 1], start, b""
            held, is_told = [], True
    if length and not is_told:
        yield b"".join(held), start, b""


def lines(stream: Readable, most: int | None = None, waiting: Callable[[], None] = lambda: None) -> Iterator[Line]:
    r"""Yield the lines of a stream, counted from 1, each decoded on its own, without line ends.

    Only ``\n`` ends a line (and ``\r\n``), so that numbers agree with editors. A line of more than `most` bytes is
    skipped without being held, and told as soon as it is; a line that is not UTF-8 spoils itself alone.

    >>> import io
    >>> [(line.number, line.text, bool(line.mistake)) for line in lines(io.BytesIO(b"x^2\r\n\xff\nx"))]
    [(1, 'x^2', False), (2, '', True), (3, 'x', False)]
    """
    most = limit("statement") if most is None else most
    for number, (raw, start, following) in enumerate(raw_lines(stream, most, waiting), 1):
        offset = start + len(raw) + 1
        if len(raw) > most:
            mistake = beyond("statement", f"a statement of more than {most} bytes")
            mistake.hint += "\nor break it with \\ at the end of a line, or name its parts"
            yield Line(number, "", mistake, offset)
            continue
        if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield Line(number, "", Mistake("E-ENCODING", "the input is not UTF-8", hint=UTF16), offset)
            return
        if number == 1 and raw.startswith(b"\xef\xbb\xbf"):
            raw = raw[3:]
            start += 3
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as trouble:
            at = start + trouble.start
            message = f"byte 0x{raw[trouble.start]:02x} at offset {at} is not UTF-8"
            hint = UTF16 if b"\x00" in raw else "save it as UTF-8, or convert: iconv -f latin1 -t utf-8"
            yield Line(number, "", Mistake("E-ENCODING", message, hint=hint), offset)
            continue
        line = Line(number, without_rules(text.removesuffix("\r")), None, offset)
        line.goes_on = following[:1] in _SIGNS and goes_on(following[:40].decode("utf-8", "replace"), line.text)
        yield line


def unclosed(text: str) -> int:
    """Return how many brackets of a line are left open.

    >>> unclosed("f([1, 2"), unclosed("a) + (b")
    (2, 0)
    """
    return sum([text.count(c) for c in "([{"]) - sum([text.count(c) for c in ")]}"])


def statements(source: Iterator[Line], most: int | None = None) -> Iterator[Line]:
    r"""Yield statements and directives: no other comments, no blank lines, continued lines joined.

    A line goes on where a bracket is open, or a final ``\`` says so.

    A bracket that is not closed before a blank line, the end, or too many lines spoils its own line alone: the lines
    after it are read again.

    >>> [s.text for s in statements(iter([Line(1, "(1 +"), Line(2, " 2)"), Line(3, "(("), Line(4, "x")]))]
    ['(1 +  2)', '((', 'x']
    """
    most = limit("statement") if most is None else most
    most_lines = limit("lines")
    again: deque[Line] = deque()
    while (line := again.popleft() if again else next(source, None)) is not None:
        if is_import(line.text) or (line.text.lstrip()[:1] in ("`", "~", ".") and _is_plain_fence(line.text)):
            continue
        if line.mistake is None and begins_block(line.text):
            yield _block(line, source, again, most)
            continue
        if line.mistake is None and (until := _pasted(line.text)) is not None:
            yield _paste(line, source, again, most, until)
            continue
        if line.mistake is not None or not (line.goes_on or _may_go_on(line.text)) or is_directive(line.text):
            if line.mistake is not None or (line.text and not line.text.isspace()):
                yield line
            continue
        latex = is_latex(line.text) or line.text.lstrip().startswith("%")
        code, more = _code(line.text, latex=latex)
        parts, still, length, end, signed = [code], unclosed(code), len(code), line.end, line.goes_on
        held: list[Line] = []
        while signed or more or (is_unfinished(" ".join(parts)) if latex else still > 0):
            following = again.popleft() if again else next(source, None)
            if following is not None:
                held.append(following)
                length += len(following.text)
            if following is None or not following.text.strip() or len(held) > most_lines or length > most:
                again.extendleft(reversed(held))
                del parts[1:]
                end = line.end
                break
            code, more = _code(following.text, latex=latex)
            parts.append("\n" + code if signed else code)
            signed = following.goes_on
            still += unclosed(code)
            end = following.end
        text = " ".join(parts) if len(parts) > 1 else parts[0]
        if text.strip():
            yield Line(line.number, text, None, end)


def _is_plain_fence(text: str) -> bool:
    """Say whether a line is a fence of Markdown around statements, which stand in it as anywhere else."""
    language = fence(text)
    return language is not None and language not in MATHEMATICAL


def _pasted(text: str) -> str | None:
    r"""Return what ends the paste that a line begins: a fence, or "" for the blank line behind a paragraph; else None.

    >>> _pasted("```math"), _pasted("The loss is"), _pasted("x^2")
    ('```', '', None)
    """
    if (language := fence(text)) is not None:
        return text.lstrip()[:3] if language in MATHEMATICAL else None
    if begins_sentence(text):
        return ""
    if "$" in text or "\\(" in text or "\\[" in text:
        from mcalc.notation.pastes.pasted import has_words

        return "" if has_words(text) else None
    return None


def _paste(line: Line, source: Iterator[Line], again: deque[Line], most: int, until: str) -> Line:
    """Return what is read as a whole: what stands in a fence, or a paragraph up to a blank line, with its line ends."""
    held: list[Line] = [line]
    length = len(line.text)
    said = begins_sentence(line.text)
    while (following := again.popleft() if again else next(source, None)) is not None:
        text = following.text
        length += len(text) + 1
        announced = not until and not text.strip() and (said or held[-1].text.rstrip(" *").endswith(":"))
        said = said and begins_sentence(text)
        if following.mistake is not None or (not until and not text.strip() and not announced):
            again.appendleft(following)
            break
        if length > most or len(held) > limit("lines"):
            again.extendleft(reversed([*held[1:], following]))
            return line
        if not announced:
            held.append(following)
        else:
            said = True
        if until and text.strip() == until:
            break
    return Line(line.number, "\n".join([part.text for part in held]), None, held[-1].end)


def _block(line: Line, source: Iterator[Line], again: deque[Line], most: int) -> Line:
    """Return a function of Python's: a line, and those after it that are indented, with blank ones between them."""
    held: list[Line] = [line]
    blank: list[Line] = []
    length = len(line.text)
    while (following := again.popleft() if again else next(source, None)) is not None:
        text = following.text
        length += len(text) + 1
        if following.mistake is not None or (text.strip() and not text[0].isspace() and text[0] != ")"):
            again.appendleft(following)
            break
        if length > most or len(held) > limit("lines"):
            what = "statement" if length > most else "lines"
            return Line(line.number, line.text, beyond(what, "a function as long as this"), following.end)
        blank.append(following)
        if text.strip():
            held += blank
            blank = []
    again.extendleft(reversed(blank))
    return Line(line.number, "\n".join([part.text for part in held]), None, held[-1].end)


_SIGNS = frozenset([bytes([byte]) for byte in b" \t+-=sw\xc2\xe2\xc3"])
"""The first bytes of lines that may go on from the line before."""
_OPERATORS = ("+", "-", "−", "·", "⋅", "=")


def _may_go_on(text: str) -> bool:
    """Say whether anything but a line itself may be its statement: it has a comment, a bracket, or an operator last."""
    return any([sign in text for sign in "#%\\([{$"]) or text.rstrip().endswith(_OPERATORS)


def _code(text: str, *, latex: bool) -> tuple[str, bool]:
    """Return a line without its comment and without a final backslash, and whether it goes on with the next line."""
    code = without_comment(text) if latex else text.partition("#")[0]
    bare = code.rstrip()
    if bare.endswith("\\") and not (latex and bare.endswith("\\\\")):
        return bare[:-1], True
    return code, bare.endswith(_OPERATORS) and not bare.endswith("\\-")


def moved(mistake: Mistake, text: str, offset: int) -> Mistake:
    """Return a mistake of a statement as one of the line that the statement begins in at an offset."""
    spans = [Span(span.start + offset, span.end + offset, span.label) for span in mistake.spans]
    return Mistake(mistake.code, mistake.message, spans, mistake.hint, text or None)


class Tally:
    """What came of a run: how many statements, and how many went wrong in which way."""

    def __init__(self) -> None:
        self.statements = self.mistakes = self.limits = self.claims = self.unequal = self.bugs = 0

    def add(self, mistake: Mistake) -> None:
        """Count a mistake."""
        self.mistakes += 1
        self.limits += mistake.code == "E-LIMIT"

    def include(self, other: Tally) -> None:
        """Count what came of another run, too."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def wrong(self) -> int:
        """How many statements went wrong."""
        return self.mistakes + self.bugs

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
        said = []
        if self.wrong and self.statements:
            said.append(f"{self.wrong} of {self.statements} statement{'s' * (self.statements != 1)} had a mistake")
        if self.unequal:
            claims = f"{self.unequal} of {self.claims} claim{'s' * (self.claims != 1)}"
            said.append(f"{claims} {'does' if self.unequal == 1 else 'do'} not hold")
        return f"mcalc: {', '.join(said)}" if said else ""


_LEFT = pattern(r"\s*([^\W\d]\w*)(?:\([^()]*\))?\s*:?=(?!=)")
_LETTERS = pattern(r"[^\W\d_]+")
_WORDS = pattern(r"\w+")


class Definition:
    """A statement that only gave a name a meaning so far: what is needed to run it again, for its derivative."""

    __slots__ = ("is_fed", "line", "name", "notation", "offset", "place", "text", "words")

    def __init__(self, name: str, text: str, line: Line, offset: int, place: str, notation: str) -> None:
        self.is_fed = False
        self.name = name
        self.text = text
        self.line = line
        self.offset = offset
        self.place = place
        self.notation = notation
        self.words = frozenset(_WORDS.findall(text.partition("=")[2]))


class Pending:
    """The definitions that wait for their use, in order; `wanted` are the variables to differentiate by.

    >>> pending = Pending("w")
    >>> for name, text in (("r", "r = w - y"), ("L", "L(w) = r r")):
    ...     pending.see(text)
    ...     pending.add(Definition(name, text, Line(1, text), 0, "", "auto"))
    >>> [one.name for one in pending.take(answered=False)]
    ['L']
    """

    def __init__(self, wanted: str | None) -> None:
        self.wanted = wanted or ""
        self.waiting: list[Definition] = []

    def see(self, text: str) -> None:
        """Take off what a later statement uses: its name stands in the text, as a word or among letters."""
        if self.waiting:
            right = _right(text)
            self.waiting = [one for one in self.waiting if one.name.partition("_")[0] not in right]

    def feeds(self, text: str) -> bool:
        """Say whether a statement gives a meaning to a name that a definition before it has in its right-hand side."""
        found = _LEFT.match(text) if self.waiting else None
        name = found[1] if found is not None else ""
        fed = [one for one in self.waiting if name in one.words]
        for one in fed:
            one.is_fed = True
        return bool(fed)

    def add(self, definition: Definition) -> None:
        """Let a definition wait, unless it is one that a definition before it is made of."""
        if not self.feeds(definition.text):
            self.waiting.append(definition)

    def take(self, *, answered: bool) -> list[Definition]:
        """Return what was meant, once: what has a variable in it, or the last one where nothing else is `answered`."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return []
        letters = _LETTERS.findall(self.wanted)
        meant = [
            one for one in waiting if one.is_fed or any([letter in one.text.partition("=")[2] for letter in letters])
        ]
        return meant or ([] if answered else waiting[-1:])


def in_order(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the statements of one text with those definitions before a statement that stand behind it and are its own.

    >>> [text for text, _, _ in in_order([("||r||^2", 1, 0), ("r = X w - y", 2, 8)])]
    ['r = X w - y', '||r||^2']
    """
    found: list[tuple[tuple[str, int, int], set[str]]] = []
    met: set[str] = set()
    for piece in pieces:
        match = _LEFT.match(piece[0]) if found else None
        name = match[1] if match is not None else ""
        uses = [k for k, (_, words) in enumerate(found) if name in words] if name in met else []
        own = {*_WORDS.findall(_right(piece[0]))}
        found.insert(uses[0] if uses else len(found), (piece, own))
        met |= own
    return [piece for piece, _ in found]


def _right(text: str) -> str:
    """Return the right-hand side of a definition; of anything else all of it."""
    match = _LEFT.match(text)
    return text[match.end() :] if match is not None else text
