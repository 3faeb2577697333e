"""A line as it is typed: whether it is all of it, its pieces with their roles; and the private file of all lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Container
from contextlib import suppress

from mcalc.files import write_privately
from mcalc.notation.pastes.detect import is_latex, is_unfinished
from mcalc.notation.surface.words import is_function
from mcalc.render.faces import Piece
from mcalc.shell.batch import unclosed

KEYWORDS = frozenset(("if", "otherwise", "else", "and", "or", "where", "in"))
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<glyph>\\[A-Za-z]*)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[½⅓¼])
      | (?P<constant>[01]⃗)
      | (?P<keyword>(?:∂|d)(?:[²³0-9]|\^[0-9])?/(?:∂|d)|grad_|hess_|∇[²_]*)
      | (?P<index>[₀-₉ᵢⱼₖ]+|_[0-9A-Za-z]+)
      | (?P<word>[^\W\d_]+)
      | (?P<text>\s+|.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMAND = re.compile(r"\s*(?::|\?)[\w-]*")


def line_pieces(text: str, functions: Container[str] = ()) -> list[Piece]:
    """Return a line cut into (text, role); `functions` are those that the user defined.

    >>> line_pieces("sin(2x)")
    [('sin', 'function'), ('(', 'text'), ('2', 'number'), ('x', 'name'), (')', 'text')]
    >>> line_pieces(":save a.mc")
    [(':save', 'keyword'), (' a.mc', 'text')]
    """
    command = _COMMAND.match(text)
    if command and text.lstrip()[:1] in (":", "?"):
        return [(command[0], "keyword"), (text[command.end() :], "text")]
    found: list[Piece] = []
    for match in _TOKEN.finditer(text):
        role = match.lastgroup or "text"
        said = match[0]
        if role == "word":
            role = "function" if is_function(said) or said in functions else "keyword" if said in KEYWORDS else "name"
        found.append((said, {"comment": "words", "glyph": "hint"}.get(role, role)))
    return found


def is_complete(text: str) -> bool:
    r"""Say whether Enter ends what was typed: no bracket is open, and no backslash or empty line says otherwise.

    >>> is_complete("max(0, x)"), is_complete("max(0,"), is_complete("x + \\"), is_complete("max(0,\n")
    (True, False, False, True)
    >>> is_complete(r"\frac12 x"), is_complete(r"\begin{align} a &= b \\\\")
    (True, False)
    """
    if text.lstrip().startswith((":", "?")) or (text.endswith("\n") and not text.endswith("\\\n")):
        return True
    if is_latex(text):
        return not is_unfinished(text)
    lines = [line.partition("#")[0].rstrip() for line in text.split("\n")]
    return sum([unclosed(line) for line in lines]) <= 0 and not lines[-1].endswith("\\")


MOST = 10_000
"""Lines that are kept; the oldest go."""
LONGEST = 64 * 1024
"""A longer entry is not kept."""


class HistoryFile:
    """A file with one entry a line, each as a JSON string, so that an entry may have several lines.

    It is made with mode 0600 in a folder of mode 0700, is never reached through a symbolic link, and is appended to by
    one write an entry, so that two REPLs may share it. `trouble` says why nothing is kept, if so.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        self.trouble = "" if path is not None else "there is no home folder"
        self._lines = 0

    def load(self) -> list[str]:
        """Return the entries, the oldest first; what is no entry is passed over."""
        found: list[str] = []
        handle = self._open(os.O_RDONLY)
        if handle is None:
            return found
        with os.fdopen(handle, "rb") as stream:
            lines = stream.read().split(b"\n")
        for line in lines:
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, str):
                    found.append(entry)
        self._lines = len(lines) - 1
        if self._lines > MOST:
            self._shorten(found)
        return found[-MOST:]

    def add(self, entry: str) -> None:
        """Append an entry; one that begins with a blank is kept out."""
        if self.trouble or not entry.strip() or entry[0].isspace() or len(entry) > LONGEST:
            return
        handle = self._open(os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        if handle is None:
            return
        try:
            os.write(handle, json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        except OSError as failed:
            self.trouble = failed.strerror or str(failed)
        finally:
            os.close(handle)
        self._lines += 1
        if self._lines > MOST:
            self._shorten(self.load())

    def _open(self, flags: int) -> int | None:
        if self.path is None or self.trouble:
            return None
        # Neither exists on Windows, where the folder of the user is closed to others.
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            if flags & os.O_CREAT:
                os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            handle = os.open(self.path, flags, 0o600)
            if hasattr(os, "fchmod"):
                os.fchmod(handle, 0o600)
        except FileNotFoundError:
            return None
        except OSError as failed:
            is_link = os.path.islink(self.path)
            self.trouble = f"{self.path} is a symbolic link" if is_link else f"{self.path}: {failed.strerror}"
            return None
        return handle

    def _shorten(self, entries: list[str]) -> None:
        """Keep the newest entries, in a file that takes the place of the old one at once."""
        kept = entries[-MOST * 9 // 10 :]
        lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in kept]
        try:
            write_privately(str(self.path), "".join(lines).encode("utf-8", "replace"))
        except OSError as failed:
            self.trouble = failed.strerror or str(failed)
        self._lines = len(kept)
