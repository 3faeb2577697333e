"""The manual page, in the words of the help: `python -m mcalc.shell.manual > man/mcalc.1` writes it anew."""

from __future__ import annotations

import sys

from mcalc.limits import DEFAULTS
from mcalc.shell.explain import EXPLANATIONS
from mcalc.shell.options import CONFIGURED
from mcalc.shell.reference import COMMANDS, ENVIRONMENT, EXAMPLES, EXITS, FILES, QUOTING, TITLE


def escaped(text: str) -> str:
    r"""Return text as roff shows it: no escapes, requests or hyphenation come of it.

    >>> escaped("-x \\ y"), escaped(".5 x")
    ('\\-x \\e y', '\\&.5 x')
    """
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{text}" if text[:1] in (".", "'") else text


def manual() -> str:
    """Return the manual page."""
    lines = ['.TH MCALC 1 "" "mcalc" "User Commands"', ".SH NAME", f"mcalc \\- {escaped(TITLE)}", ".SH SYNOPSIS"]
    for name, command in COMMANDS.items():
        lines += [f".B mcalc {name}", escaped(command.operands) or "\\&", ".br"]
    lines += [".B mcalc", escaped('"STATEMENT" | FILE... | -'), ".SH EXAMPLES"]
    for line, words in EXAMPLES:
        lines += [".TP", f".B {escaped(line)}", escaped(words) or "\\&"]
    lines += [".PP", escaped(QUOTING), ".SH COMMANDS"]
    for name, command in COMMANDS.items():
        lines += [f".SS {escaped(f'mcalc {name} {command.operands}'.rstrip())}", *_paragraphs(command.paragraphs)]
        for row in command.takes:
            shown = f"{', '.join(row.spellings)} {row.value}".rstrip()
            lines += [".TP", f".B {escaped(shown)}", escaped(row.says)]
    lines += [".SH EXIT STATUS"]
    for status, meaning in EXITS.items():
        lines += [".TP", f".B {status}", escaped(meaning)]
    lines += [".SH ENVIRONMENT"]
    for name, words in [
        *ENVIRONMENT.items(),
        *[(f"MCALC_{name.upper()}", row.config) for name, row in CONFIGURED.items()],
    ]:
        lines += [".TP", f".B {escaped(name)}", escaped(words)]
    lines += [".SH FILES"]
    for name, words in FILES.items():
        lines += [".TP", f".I {escaped(name)}", escaped(words)]
    lines += [".SH LIMITS"]
    for name, (bound, words) in DEFAULTS.items():
        lines += [".TP", f".B {name}", escaped(f"{words}: {bound}")]
    lines += [".SH MISTAKES", escaped("mcalc explain CODE has a page about each, with an example.")]
    for code, explanation in EXPLANATIONS.items():
        lines += [".TP", f".B {escaped(code)}", escaped(explanation.title)]
    return "\n".join(lines) + "\n"


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for part in text.split("\n\n"):
        lines += [escaped(" ".join(part.split())), ".PP"]
    return lines[:-1]


if __name__ == "__main__":
    sys.stdout.buffer.write(manual().encode())
