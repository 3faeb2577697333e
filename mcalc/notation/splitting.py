"""Cutting a text into statements."""

from __future__ import annotations

import re

from mcalc.notation.latex.detect import is_latex
from mcalc.notation.python.detect import blocks, is_import

_WHERE = re.compile(r"\swhere\s+[^\W\d]\w*\s*=(?!=)")


def split_statements(text: str, notation: str = "auto") -> list[tuple[str, int]]:
    r"""Cut a text into statements at line ends and ; outside brackets, each with the line it begins on.

    An open bracket or a final backslash goes on with the next line; comments end at the line's end. LaTeX is cut at
    the ends of displays and rows.

    >>> split_statements("x: R; y = x^2 # square\n[1;\n 2]")
    [('x: R', 1), ('y = x^2', 1), ('[1;\n 2]', 2)]
    """
    functions = blocks(text) if notation != "latex" else {}
    if not functions and is_latex(text, notation):
        from mcalc.notation.latex.reader import split_latex

        return split_latex(text)
    found: list[tuple[str, int]] = []
    depth, start, line, begun = 0, 0, 1, 1
    comment = skipped = -1
    parts: list[str] = []

    def end(place: int) -> None:
        nonlocal comment
        parts.append(text[start : place if comment < 0 else comment])
        statement = "".join(parts).strip()
        if statement and not is_import(statement):
            found.append((statement, begun))
        parts.clear()
        comment = -1

    for place, character in enumerate(text):
        if place in functions and not text[start:place].strip():
            skipped = functions[place]  # a function of Python's is one statement, whatever stands in its lines
        if place < skipped:
            line += character == "\n"
            continue
        if character == "\n":
            line += 1
            if comment >= 0:
                parts.append(text[start:comment])
                start, comment = place, -1
            if depth <= 0 and not _continues(text, start, place):
                end(place)
                start, begun, depth = place + 1, line, 0
        elif comment >= 0:
            continue
        elif character == "#":
            comment = place
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == ";" and depth <= 0 and not _WHERE.search(text, start, place):
            end(place)
            start, begun, depth = place + 1, line, 0
        if begun < line and not "".join(parts).strip() and not text[start:place].strip():
            begun = line
    end(len(text))
    return found


def where_parts(text: str) -> tuple[str, list[str]] | None:
    """Return the expression and the definitions of ``E where u = ...; v = ...``, each with blanks in place of the rest.

    >>> where_parts("u^2 where u = x + 1; v = 2")
    ('u^2', ['          u = x + 1', '                     v = 2'])
    """
    if "where" not in text:
        return None
    found = next((match for match in _WHERE.finditer(text) if not _depth(text[: match.start()])), None)
    if found is None:
        return None
    start = found.start() + len(found[0].split("where")[0]) + len("where")
    definitions: list[str] = []
    depth, begun = 0, start
    for place in range(start, len(text) + 1):
        character = text[place] if place < len(text) else ";"
        depth += (character in "([{") - (character in ")]}")
        if character == ";" and depth <= 0:
            definitions.append(" " * begun + text[begun:place])
            begun = place + 1
    return text[: found.start()], [d for d in definitions if d.strip()]


def without_inner_wheres(text: str, limit: int) -> str:
    """Return a statement with the definitions inside brackets put in place: ``(u where u = x + 1) y`` is ((x + 1)) y.

    So the body of a sum is printed where it is long; each round takes one `where` away, the innermost first, as long as
    the text stays within `limit` characters.

    >>> without_inner_wheres("(2 u v where u = x + 1; v = u^2) y", 100)
    '(2 (x + 1) ((x + 1)^2)) y'
    >>> without_inner_wheres("(uᵀ u² where u = x) y", 100)
    '((x)ᵀ (x)²) y'
    """
    while "where" in text and len(text) <= limit:
        depths = _depths(text)
        found = next((match for match in reversed(list(_WHERE.finditer(text))) if depths[match.start()]), None)
        if found is None:
            break
        depth = depths[found.start()]
        before = range(found.start() - 1, -1, -1)
        opening = next((place for place in before if text[place] in "([{" and depths[place] == depth - 1), None)
        after = range(found.end(), len(text))
        closing = next((place for place in after if text[place] in ")]}" and depths[place] == depth), None)
        if opening is None or closing is None:
            break
        body, definitions = where_parts(text[opening + 1 : closing]) or ("", [])
        for definition in reversed(definitions):
            name, _, value = definition.partition("=")
            whole = re.compile(rf"(?<!\w){re.escape(name.strip())}(?!(?![ᵀ⁰¹²³⁴-⁹])\w)")
            body = f"({value.strip()})".join(whole.split(body))
        text = text[: opening + 1] + body + text[closing:]
    return text


def _depths(text: str) -> list[int]:
    """How many brackets are open before each character."""
    found, depth = [], 0
    for character in text:
        found.append(depth)
        depth += (character in "([{") - (character in ")]}")
    return found


def _depth(text: str) -> int:
    """How many brackets are open at the end of a text."""
    return sum([text.count(mark) for mark in "([{"]) - sum([text.count(mark) for mark in ")]}"])


def _continues(text: str, start: int, place: int) -> bool:
    """Say whether the line that ends at a place ends with a backslash."""
    return text[start:place].rstrip(" \t\r").endswith("\\")
