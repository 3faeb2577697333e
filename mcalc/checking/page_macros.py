r"""Macros that a page in LaTeX defines, put in place: ``\newcommand``, ``\def``, and ``\eqalign`` of plain TeX."""

from __future__ import annotations

import re

from mcalc.errors import Mistake
from mcalc.patterns import pattern

DEFINED = pattern(
    r"\\(?:(?:re)?newcommand|providecommand|def|(Declare)MathOperator)(?![A-Za-z])\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}"
    r"|\\([A-Za-z]+))\s*(?:\[(\d)\]|((?:#\d)*))\s*(?=\{)"
)
"""What defines a macro, up to its body."""
LINES = pattern(r"\\(?:eqalign|displaylines)\s*(?=\{)")
USED = pattern(r"\\([A-Za-z]+)\s*")
MOST = 1000, 64 * 1024
"""Macros that are put in place on a page, and how long it may become."""


def without_macros(text: str) -> str:
    r"""Return a page with what it defines put in place; lines keep their numbers.

    >>> without_macros(r"\def\g#1{\nabla #1} $\g{f} = 2x$"), without_macros(r"\eqalign{a &= b \cr}")
    (' $\\nabla f = 2x$', '\\begin{aligned}a &= b \\cr\\end{aligned}')
    """
    if "\\" not in text:
        return text
    macros = {"triangledown": (0, r"\nabla")}
    while (found := DEFINED.search(text)) is not None:
        end = _group_end(text, found.end())
        body = text[found.end() + 1 : end - 1]
        if end == found.end() or found[0] in body:
            break
        body = rf"\operatorname{{{body}}}" if found[1] else body
        macros[found[2] or found[3]] = int(found[4] or len(found[5] or "") // 2), body
        text = text[: found.start()] + "\n" * text.count("\n", found.start(), end) + text[end:]
    text = _expanded(text, macros)
    while (found := LINES.search(text)) is not None and (end := _group_end(text, found.end())) > found.end():
        inside = text[found.end() + 1 : end - 1]
        text = rf"{text[: found.start()]}\begin{{aligned}}{inside}\end{{aligned}}{text[end:]}"
    return text


def _expanded(text: str, macros: dict[str, tuple[int, str]]) -> str:
    """Return a text with macros in place of their names."""
    place = 0
    for _ in range(MOST[0] if macros else 0):
        found = USED.search(text, place)
        while found is not None and found[1] not in macros:
            found = USED.search(text, found.end())
        if found is None:
            return text
        count, body = macros[found[1]]
        end, place = found.end() if count else found.end(1), found.start()
        for k in range(1, count + 1):
            after = _group_end(text, end)
            given = text[end + 1 : after - 1] if after > end else text[end : end + 1]
            body, end = body.replace(f"#{k}", given), max(after, end + 1)
        glue = " " * (re.search(r"\\[A-Za-z]+$", body) is not None)
        text = text[:place] + body + glue + text[end:]
        if len(text) > MOST[1]:
            break
    if macros:
        raise Mistake("E-LIMIT", f"the macros of this page are used more than {MOST[0]} times, or make it too long")
    return text


def _group_end(text: str, place: int) -> int:
    """Return where the group in braces ends that begins at a place; the place itself where none does."""
    depth = 0
    for at in range(place, len(text)):
        escaped = text[at - 1 : at] == "\\"
        depth += (text[at] == "{" and not escaped) - (text[at] == "}" and not escaped)
        if not depth:
            return at + 1 if at > place else place
    return place
