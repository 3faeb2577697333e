r"""The tokens of LaTeX: commands, letters, digits and signs, each with the place where it stood."""

from __future__ import annotations

import re
from unicodedata import category

from mcalc.errors import Mistake, clip
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.patterns import LOWERED, RAISED

KINDS = {
    "{": "open", "}": "close", "^": "sup", "_": "sub", "&": "cell", "~": "space", "'": "prime", "’": "prime",
    "#": "parameter", "$": "math",
}  # fmt: skip
GLYPHS = {"∑": "sum", "∏": "prod", "∇": "nabla", "∂": "partial", "√": "sqrt", "∥": "|", "‖": "|"}
_TOKEN = re.compile(
    r"(?P<space>(?:[ \t\r\n\u00a0]|%[^\n]*(?:\n|$))+)|(?P<command>\\(?:[A-Za-z@]+\*?|.|$))|(?P<math>\$\$)|"
    rf"(?P<digit>[0-9])|(?P<raised>[{re.escape(''.join(RAISED))}]+)|(?P<lowered>[{re.escape(''.join(LOWERED))}]+)|"
    r"(?P<letter>[^\W\d_])|(?P<other>.)",
    re.DOTALL,
)
FORBIDDEN = frozenset((
    "input", "include", "includeonly", "write", "immediate", "openin", "openout", "read", "catcode", "csname",
    "endcsname", "def", "edef", "gdef", "xdef", "let", "futurelet", "expandafter", "noexpand", "loop", "special",
    "directlua", "usepackage", "documentclass", "newenvironment", "lowercase", "uppercase", "everypar", "jobname",
    "verb", "href", "url", "includegraphics", "shell", "font", "makeatletter", "makeatother", "newcount", "newread",
))  # fmt: skip
"""Commands that read, write or change what characters mean: no formula needs them."""


class Tex:
    r"""A token of LaTeX: its kind, its text (a command's without the backslash), its place, and the macros around it.

    `glued` says that no space stands before it, and `sized` that a bracket came with ``\left`` or ``\right``.
    """

    __slots__ = ("end", "glued", "kind", "macros", "sized", "start", "text")

    def __init__(
        self, kind: str, text: str, start: int, end: int, macros: frozenset[str] = frozenset(), *,
        glued: bool = True, sized: bool = False,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.macros = macros
        self.glued = glued
        self.sized = sized

    @property
    def shown(self) -> str:
        """The token as it is written."""
        return "\\" + self.text if self.kind == "command" else self.text

    def is_command(self, *names: str) -> bool:
        """Say whether this is one of these commands."""
        return self.kind == "command" and self.text in names

    def is_other(self, *signs: str) -> bool:
        """Say whether this is one of these signs."""
        return self.kind == "other" and self.text in signs

    def __repr__(self) -> str:
        return f"{self.kind}({self.shown!r})"


def scan_tex(text: str) -> list[Tex]:
    r"""Cut LaTeX into tokens without spaces and comments.

    >>> scan_tex(r"\frac12 x_i % half")
    [command('\\frac'), digit('1'), digit('2'), letter('x'), sub('_'), letter('i')]
    """
    found: list[Tex] = []
    glued = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "space":
            glued = False
            continue
        body = match[0]
        if kind == "command":
            body = body[1:]
            if len(body) > 1 and body[-1] == "*" and body[:-1] not in STARRED:
                # A star after any other command is a sign of its own.
                at = match.end() - 1
                found.append(Tex("command", body[:-1], match.start(), at, glued=glued))
                found.append(Tex("other", "*", at, at + 1))
                glued = True
                continue
            if not body.strip():
                glued = False
                continue
        elif kind in ("raised", "lowered") or (kind == "letter" and category(body) in ("Lm", "No")):
            kind = "other"  # x²³, xᵢ
        elif kind == "other" and body in GLYPHS:
            kind, body = "command", GLYPHS[body]
        elif kind == "other":
            kind = KINDS.get(body, "other")
            if kind == "space":
                glued = False
                continue
        found.append(Tex(kind, body, match.start(), match.end(), glued=glued))
        glued = True
    return found


STARRED = frozenset(("operatorname", "DeclareMathOperator", "tag", "newcommand", "renewcommand", "providecommand"))
"""Commands of which a form with a star exists."""


def fail(message: str, first: Tex, last: Tex | None = None, label: str = "", hint: str = "") -> Mistake:
    """Return the mistake of LaTeX that is not read, from one token to another."""
    return mistake_at("E-LATEX", message, (first, last or first), label, hint)


def refuse(token: Tex) -> Mistake:
    """Return the mistake of one command or sign."""
    return fail(f"{clip(token.shown)} is not read", token, label="not read")


def forbid(tokens: list[Tex]) -> None:
    r"""Refuse commands that no formula needs, such as ``\input``."""
    for token in tokens:
        if token.kind == "command" and (token.text in FORBIDDEN or token.text.startswith("write")):
            hint = r"macros are defined with \newcommand" if token.text in ("def", "let", "edef", "gdef") else ""
            raise fail(f"{token.shown} is not allowed", token, label="not run", hint=hint)


def after_group(tokens: list[Tex], place: int) -> int:
    """Return the place after the token at a place, or after the group in braces that it opens."""
    depth = 0
    while place < len(tokens):
        depth += (tokens[place].kind == "open") - (tokens[place].kind == "close")
        place += 1
        if depth <= 0:
            break
    return place


def group_ends(tokens: list[Tex]) -> dict[int, int]:
    """Return for the place of each opening brace what `after_group` does, for all of them at once."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(place)
        elif token.kind == "close" and opened:
            found[opened.pop()] = place + 1
    return {**dict.fromkeys(opened, len(tokens)), **found}


def pairs(tokens: list[Tex]) -> dict[int, int]:
    """Return the place of the closing brace for that of each opening one; both must be there."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(place)
        elif token.kind == "close":
            if not opened:
                raise fail("'}' closes nothing", token, label="no '{' before it", hint="delete it")
            found[opened.pop()] = place
    if opened:
        token = tokens[opened[-1]]
        raise fail("'{' is never closed", token, label="opened here", hint="add a '}'")
    return found
