"""The blocks of documents: commands with what a terminal of 80 columns shows, sessions at the prompt, and Python.

`python -m tests.documents FILE...` writes the output of the blocks anew, to be looked at before it is committed.

A block ```console has lines ``$ command``, each followed by what it shows, or a whole session at the prompt, and then
begins with ``$ mcalc``. In ```pycon stands what Python shows. The digits of an error are the machine's, and are not
compared.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from unittest import mock

from mcalc.limits import set_limits
from mcalc.shell.repl.first_prompt import PROMPT
from mcalc.shell.settings import preferences
from tests.transcripts import Screen, transcript, typed

ROOT = Path(__file__).resolve().parent.parent
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COLUMNS = 80
MACHINE = re.compile(r"(\berror )[\d.]+(?:e-\d+)?")
_BLOCK = re.compile(r"^( *)```(\w+)[^\n]*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


class Block:
    """A block of a document: its language, its text, and where it stands."""

    def __init__(self, path: Path, match: re.Match[str]) -> None:
        self.path = path
        self.start, self.end = match.span(3)
        self.language = match[2]
        self.text = match[3]
        self.line = match.string.count("\n", 0, match.start()) + 1

    @property
    def place(self) -> str:
        """Where it stands, as `README.md:12`."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks(path: Path) -> list[Block]:
    """Return the blocks of a document."""
    return [Block(path, match) for match in _BLOCK.finditer(path.read_text("utf-8"))]


def commands(text: str) -> list[str]:
    """Return the commands of a block: each line after a dollar, with those that go on from it."""
    found: list[str] = []
    goes_on = False
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif goes_on:
            found[-1] += "\n" + line
        goes_on = line.endswith("\\") and (line.startswith("$ ") or goes_on)
    return found


def shown(text: str) -> str:
    """Return what a block shows when its commands are run now."""
    if text.startswith("$ mcalc\n") and PROMPT.strip() in text:
        return f"$ mcalc\n{transcript(typed(text), COLUMNS)}"
    lines: list[str] = []
    for command in commands(text):
        lines += [f"$ {command}", *_run(command)]
    return "".join([f"{line.rstrip()}\n" for line in lines])


def _run(command: str) -> list[str]:
    """Run a command line: of mcalc in this process, with a terminal or a pipe behind it; of Python in another."""
    first, _, rest = command.replace("\\\n", " ").partition(" | ")
    words, given = shlex.split(first), None
    if rest:
        assert words[0] in ("echo", "cat"), command
        text = Path(words[1]).read_text("utf-8") if words[0] == "cat" else f"{words[1]}\n"
        words, given = shlex.split(rest), text.encode()
    if words[0] == "python":
        done = subprocess.run([sys.executable, *words[1:]], capture_output=True, encoding="utf-8", check=True)
        return [*done.stdout.splitlines(), *done.stderr.splitlines()]
    if words[0] in ("cat", "ls"):
        return Path(words[1]).read_text("utf-8").splitlines() if words[0] == "cat" else sorted(os.listdir())
    assert words[0] == "mcalc", command
    return _mcalc(words[1:], given)


def _mcalc(argv: list[str], given: bytes | None) -> list[str]:
    from mcalc.__main__ import main

    screen = Screen()
    stdin = io.TextIOWrapper(io.BytesIO(given) if given is not None else Screen(), encoding="utf-8")
    out = io.TextIOWrapper(screen, encoding="utf-8", write_through=True)
    environ = {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "MCALC_CONFIG_DIR": "/nowhere", "TERM": "xterm"}
    with (
        mock.patch.dict(os.environ, environ),
        mock.patch.multiple(sys, argv=["mcalc", *argv], stdin=stdin, stdout=out, stderr=out),
    ):
        before = set_limits({})
        preferences.cache_clear()
        main()
        set_limits(before)
        out.flush()
        written = screen.getvalue().decode()
    return written.splitlines()


def same(text: str) -> str:
    """Return a text with what is the machine's left out."""
    return MACHINE.sub(r"\1…", text).rstrip()


def failures(block: Block) -> str:
    """Return what doctest says of a block of Python; nothing where all is as it is printed."""
    test = doctest.DocTestParser().get_doctest(block.text, {}, block.place, str(block.path), block.line)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    return "".join(said)


def written_anew(path: Path) -> str:
    """Return a document with the output of its blocks as it is now."""
    text = path.read_text("utf-8")
    for block in reversed(blocks(path)):
        if block.language == "console":
            now = shown(block.text)
            text = text[: block.start] + (block.text if same(now) == same(block.text) else now) + text[block.end :]
    return text


if __name__ == "__main__":
    os.chdir(ROOT / "examples")
    for name in sys.argv[1:]:
        file = Path(name) if Path(name).is_absolute() else ROOT / name
        file.write_text(written_anew(file), encoding="utf-8")
