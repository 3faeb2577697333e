"""The manual page, in the words of the help: `python -m mcalc.shell.manual > man/mcalc.1` writes it anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

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
    lines += _listed(dict(EXAMPLES))
    lines += [".PP", escaped(QUOTING), ".SH COMMANDS"]
    for name, command in COMMANDS.items():
        lines += [f".SS {escaped(f'mcalc {name} {command.operands}'.rstrip())}", *_paragraphs(command.paragraphs)]
        lines += _listed({f"{', '.join(row.spellings)} {row.value}".rstrip(): row.says for row in command.takes})
    lines += [".SH EXIT STATUS", *_listed(EXITS)]
    configured = {f"MCALC_{name.upper()}": row.config for name, row in CONFIGURED.items()}
    lines += [".SH ENVIRONMENT", *_listed({**ENVIRONMENT, **configured})]
    lines += [".SH FILES", *_listed(FILES, ".I")]
    lines += [".SH LIMITS", *_listed({name: f"{words}: {bound}" for name, (bound, words) in DEFAULTS.items()})]
    lines += [".SH MISTAKES", escaped("mcalc explain CODE has a page about each, with an example.")]
    lines += _listed({code: explanation.title for code, explanation in EXPLANATIONS.items()})
    return "\n".join(lines) + "\n"


def _listed(rows: Mapping[Any, str], font: str = ".B") -> list[str]:
    """Return a list of what is said of some words, which stand in a font of their own."""
    said = [(escaped(str(word)), escaped(words) or "\\&") for word, words in rows.items()]
    return [line for word, words in said for line in (".TP", f"{font} {word}", words)]


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for part in text.split("\n\n"):
        lines += [escaped(" ".join(part.split())), ".PP"]
    return lines[:-1]


if __name__ == "__main__":
    sys.stdout.buffer.write(manual().encode())
