"""Cutting a text into statements."""

from __future__ import annotations

from mcalc.notation.pastes.detect import blocks, goes_on, is_import, is_latex, is_marked, without_rules
from mcalc.patterns import pattern

_ENTITY = pattern(r"&#?\w+;$")
_WHERE = pattern(r"\swhere\s+[^\W\d]\w*\s*=(?!=)")


def split_statements(text: str, notation: str = "auto") -> list[tuple[str, int]]:
    r"""Cut a text into statements at line ends and ; outside brackets, each with the line it begins on.

    An open bracket or a final backslash goes on with the next line; comments end at the line's end. LaTeX is cut at
    the ends of displays and rows.

    >>> split_statements("x: R; y = x^2 # square\n[1;\n 2]")
    [('x: R', 1), ('y = x^2', 1), ('[1;\n 2]', 2)]
    """
    text = without_rules(text)
    functions = blocks(text) if notation != "latex" else {}
    if is_marked(text):
        from mcalc.notation.pastes.pasted import is_one, without_fences

        if not functions and is_one(text):
            return [(text.strip(), 1)]
        text = without_fences(text)
    if not functions and is_latex(text, notation):
        from mcalc.notation.latex.texts import split_latex

        return split_latex(text)
    return _cut(text, functions)


def _cut(text: str, functions: dict[int, int]) -> list[tuple[str, int]]:
    """Cut mcalc's own notation; `functions` are those of Python, by where each begins and ends."""
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
            more = _continues(text, start, place) or goes_on(text[place + 1 : place + 40], text[start:place])
            if depth <= 0 and not more:
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
            if "&" in text and _ENTITY.search(text, max(place - 12, 0), place + 1) is not None:
                continue  # &lambda;
            end(place)
            start, begun, depth = place + 1, line, 0
        if begun < line and not "".join(parts).strip() and not text[start:place].strip():
            begun = line
    end(len(text))
    return found


def _continues(text: str, start: int, place: int) -> bool:
    """Say whether the line that ends at a place goes on: it ends with a backslash, or a sign that something follows."""
    line = text[start:place].rstrip(" \t\r")
    return line.endswith(("\\", "+", "-", "−", "·", "⋅", "="))
