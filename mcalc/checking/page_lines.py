r"""A page cut into its lines: each formula with the reason that is given for it, without what stands around it.

A page is a derivation as it is written down: definitions, claims, lines that go on with an equals sign, headings, and
reasons behind a line, in brackets, in a column of their own, behind ``&&`` or in ``\text{...}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcalc.checking.page_parts import (
    CLOSED,
    HEADING,
    IN_WORDS,
    NAMED,
    OPENED,
    RELATED,
    SET_TO_ZERO,
    WORD,
    PageLine,
    is_heading,
    parted,
    split,
)
from mcalc.errors import Mistake
from mcalc.notation.pastes.detect import goes_on, is_latex
from mcalc.notation.surface.words import is_function
from mcalc.patterns import pattern

FENCE = pattern(r"\s*(?:```|~~~)\s*\w*\s*$")
COMMENT = pattern(r"(?:^|\s)(?:#|//|--|←|<-|⟵)\s+(.*)$")
DASH = pattern(r"\s*[-−–]\s+")
COLUMN = pattern(r"\s{3,}|\t+")
MARKED = pattern(r"∂|∇|\bd\S*/d|\bd\(|[\w)]['′]")
BY = pattern(r",\s+(?:by \S+|in one row|with the entries of .*)$")
DISPLAY = pattern(
    r"\\begin\{(align|aligned|equation|gather|gathered|split|multline|eqnarray|alignat|flalign)(\*?)\}"
    r"|\\\[|\\\(|\$\$|\$"
)
INNER = pattern(
    r"(?:\\(?:begin|end)\{(?:align|aligned|equation|gather|gathered|split|multline|eqnarray|flalign)\*?\})+"
)
KEPT = pattern(r"\\(begin|end)\{(?:[a-z]*matrix|cases|array)\*?\}")
NEW_ROW = pattern(r"\\\\(?:\[[^\]]*\])?|\\cr\b")
SAID = pattern(
    r"(?:&&|\\(?:q?quad|hspace\{[^}]*\}|[;,:! ])|\s|&)*"
    r"(?:\\tag\{[^{}]*\}|\\label\{[^{}]*\}|[(\[]?\s*\\(?:text|textrm|mathrm|textit|mbox)\{((?:[^{}]|\{[^{}]*\})*)\}"
    r"\s*[)\]]?|\\nonumber|\\notag)\s*[.,;]?\s*$"
)
SAYING = ("\\tag", "\\label", "\\text", "\\mathrm", "\\mbox", "\\nonumber", "\\notag")
"""What a reason at the end of a row begins with, one of them."""
REACH = 1000
"""So far before the last of these a reason is looked for."""
SPOKEN = pattern(r"(?:\s|&|\\q?quad)*\\(?:text|textrm|mbox)\{[^{}]*\}")
UNSAID = pattern(r"\\(?:text|textrm|mathrm|textit|mbox|quad|qquad|tag|label)\b|[${}]|\\[;,:!]")
SIGNS = pattern(r"\\(?:text\w*|mathrm|mbox)\b|\\[()\[\],;:!]|[${}&]")
TITLE = pattern(r"\\(?:textbf|section\*?|paragraph|subsection\*?)\{((?:[^{}]|\{[^{}]*\})*)\}")
SUBJECT = pattern(
    r"(?:\s|&|\\q?quad(?![a-z])|\\[,;:! ])*(?:\\(?:text\w*|mathrm|mbox)\s*\{\s*)?"
    r"(?:s\.\s*t\b|subject\s+to\b|such\s+that\b)"
)
"""What begins the constraints of a problem."""
OF_INDICES = pattern(r"\s*[i-n]\s*(?:=|≠|\\neq?(?![a-z])|\\not\s*=)\s*[i-n]\s*")
"""What says of two indices that they are one, or not: if $i = k$, before what holds then."""
CONTINUED = pattern(r"\s*(?:[+·⋅×]|[-−–](?=\s)|\\(?:cdot|times|odot)\b|&\s*(?:[+\-−]|\\q?quad))")

ZEROED = pattern(
    r"(?i)\s*(?:(?:now|then|next|so|we)\s+)*(?:set(?:ting)?|equat(?:e|ing)|put(?:ting)?)\s+"
    r"(?:this|it|the\s+(?:gradient|derivative|result))\s+(?:equal\s+)?to\s+(?:zero|0)\b"
    r"\s*(?:[,:.]|$|(?=(?:and|we|gives?|yields?|so)\b))\s*"
    r"(?:(?:and\s+)?(?:we\s+|solving\s+)?(?:get|have|obtain|find|gives?|yields?|so|solve(?:\s+for\s+\w+)?)\b\s*[:,.]?)?"
)
"""Words that set a derivative to zero."""
MOST_LINES = 512
"""Lines of a page: each is judged beside those before it."""
LONGEST = 4096
"""Characters of a line of a page; in each forms of sentences are looked for."""
WIDEST = 16
"""A wider space on a page is cut down to so many characters, in which forms of sentences are soon looked for."""
WIDE = pattern(rf"[^\S\n]{{{WIDEST + 1},}}")
OF_PAGES = (
    r"\newcommand{\triangledown}{\nabla} \newcommand{\eqalign}[1]{\begin{aligned}#1\end{aligned}}"
    r"\newcommand{\displaylines}[1]{\begin{aligned}#1\end{aligned}}"
)
"""What pages have under names of plain TeX, as macros."""


def without_dashes(text: str) -> str:
    r"""Return a text without the dashes of a list: those that begin every row, where at least two are equations.

    >>> without_dashes("- L = x²\n- dL/dx = 2x"), without_dashes("- d/dx cos(x) = sin(x)")
    ('  L = x²\n  dL/dx = 2x', '- d/dx cos(x) = sin(x)')
    """
    rows = [row for row in text.split("\n") if row.strip() and not FENCE.match(row)]
    is_list = all([DASH.match(row) for row in rows]) and len([row for row in rows if "=" in row]) > 1
    return "\n".join([DASH.sub("  ", row, count=1) for row in text.split("\n")]) if is_list else text


def page_lines(text: str, notation: str = "auto") -> list[PageLine]:
    r"""Return the formulas of a page, in their order.

    Raises:
        Mistake: `E-LIMIT`, where a line, or the page, is longer than any that a person writes.

    >>> page_lines("Let u = A x.\n1  Combine\n  ∂f/∂x = ∂f/∂u A   chain rule · §4.5\n  = uᵀ A  (put in)")
    [PageLine(1, 'u = A x', ''), PageLine(3, '∂f/∂x = ∂f/∂u A', 'chain rule · §4.5'), PageLine(4, '= uᵀ A', 'put in')]
    >>> page_lines(r"f &= x^2 \\ f' &= 2x && \text{power rule} \implies g = 3")
    [PageLine(1, 'f = x^2', ''), PageLine(1, "f' = 2x", 'power rule'), PageLine(1, 'g = 3', '')]
    """
    text = WIDE.sub(lambda run: run[0][:WIDEST], text)
    if "\\" in text:
        from mcalc.notation.latex.texts import put_in_place, read_macros

        text = put_in_place(text, read_macros(OF_PAGES))
    if is_latex(text, notation):
        return [line for line in _latex_lines(text) if line.text]
    found: list[PageLine] = []
    for number, row in _rows(text):
        if len(row) > LONGEST:
            said = f"line {number} of the page has more than {LONGEST} characters"
            raise Mistake("E-LIMIT", said, hint="check it alone, or cut it into several lines")
        found += _plain_lines(number, row)
        if len(found) > MOST_LINES:
            raise Mistake("E-LIMIT", f"a page of more than {MOST_LINES} lines", hint="check its parts one by one")
    return found


# plain notation ---------------------------------------------------------------------------------------------------


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Yield the rows of a text, those that go on joined to the one before, each with its number."""
    held, begun, depth = "", 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        row = line.rstrip("\r")
        if FENCE.match(row):
            continue
        if held and (depth > 0 or goes_on(row, held) or held.rstrip().endswith(("\\", "+", "-", "−", "·", "⋅", "="))):
            held = f"{held.rstrip().removesuffix(chr(92))} {row.strip()}"
        else:
            if held:
                yield begun, held
            held, begun, depth = row, number, 0
        depth += sum([row.count(c) for c in OPENED]) - sum([row.count(c) for c in CLOSED])
    if held:
        yield begun, held


def _plain_lines(number: int, row: str) -> list[PageLine]:
    """Return the formulas of one row; words that set what stands before it to zero are one, = 0."""
    zeroed = ZEROED.match(row)
    if zeroed is not None:
        return [PageLine(number, "= 0", SET_TO_ZERO), *_plain_lines(number, row[zeroed.end() :])]
    comment = COMMENT.search(row)
    reason = comment[1].strip() if comment is not None else ""
    row = row[: comment.start()] if comment is not None else row
    if not row.strip() or row.lstrip().startswith("…"):
        return []
    if is_heading(row):
        return []
    row = BY.sub("", row)
    found: list[PageLine] = []
    for text, own in _columns(row):
        found += parted(number, text, own or reason)
    return found


def _is_of_functions(chunk: str) -> bool:
    """Say whether a text behind a formula only names functions, as the rules that were used: sin, exp."""
    return all([is_function(word) for word in chunk.replace(",", " ").split()])


def _columns(row: str) -> Iterator[tuple[str, str]]:
    """Yield the formulas that stand beside each other in a row, each with the reason in the column behind it."""
    chunks: list[str] = []
    place = depth = 0
    for match in COLUMN.finditer(row):
        before, after = row[place : match.start()], row[match.end() :]
        depth += sum([before.count(c) for c in OPENED]) - sum([before.count(c) for c in CLOSED])
        if depth > 0 or not before.strip() or not after or before.rstrip()[-1] in "=+-·," or after[0] in "=+-−·":
            continue
        chunks.append(row[place : match.start()])
        place = match.end()
    chunks.append(row[place:])
    text = chunks[0]
    reason = ""
    for chunk in chunks[1:]:
        if NAMED.match(chunk) or (MARKED.search(chunk) and "=" in chunk):
            yield text, reason
            text, reason = chunk, ""
        elif WORD.search(chunk) or "=" in chunk or " for " in chunk or _is_of_functions(chunk):
            reason = f"{reason} {chunk.strip()}".strip()
        else:
            text = f"{text} {chunk}"
    yield text, reason


# LaTeX ------------------------------------------------------------------------------------------------------------


def _latex_lines(text: str) -> Iterator[PageLine]:
    """Yield the formulas of a text in LaTeX: those between its marks, and rows that are formulas without them."""
    text = "\n".join([_without_comment(line) for line in text.split("\n")])
    text = TITLE.sub(lambda title: title[1].replace("$", ""), text)
    for number, row in enumerate(text.split("\n"), 1):
        spoken = " ".join(SIGNS.sub(" ", row).split())
        if IN_WORDS.search(spoken) is not None:
            yield PageLine(number, spoken)
    place = 0
    case = ""
    while True:
        begun = DISPLAY.search(text, place)
        stop = len(text) if begun is None else begun.start()
        yield from _between(text[place:stop], 1 + text.count("\n", 0, place))
        if begun is None:
            return
        last, (start, end, place) = place, _extent(text, begun)
        inline = begun[0] in ("$", "\\(")
        if inline and SUBJECT.fullmatch(text[last:stop].rpartition("\n")[2].strip(" .:")):
            last = place
            continue
        if inline and OF_INDICES.fullmatch(text[start:end]):
            case = text[start:end].strip()
            continue
        for line in _math_rows(text[start:end], 1 + text.count("\n", 0, start)):
            if not inline or RELATED.search(line.text):
                line.reason = f"{line.reason}, if {case}" if case else line.reason
                yield line
        case = ""


def _without_comment(line: str) -> str:
    place = line.find("%")
    while place > 0 and line[place - 1] == "\\":
        place = line.find("%", place + 1)
    return line if place < 0 else line[:place]


def _extent(text: str, begun: re.Match[str]) -> tuple[int, int, int]:
    """Return where a formula begins and ends behind the mark that opens it, and where the text goes on."""
    mark = begun[0]
    start = begun.end()
    closer = {"\\[": "\\]", "\\(": "\\)"}.get(mark, mark if mark[0] == "$" else "\\end{" + mark[7:])
    end = text.find(closer, start)
    if end < 0:
        return start, len(text), len(text)
    if mark.startswith("\\begin{alignat"):
        start = text.find("}", start) + 1
    return start, end, end + len(closer)


def _between(text: str, number: int) -> Iterator[PageLine]:
    """Yield the formulas that stand outside all marks: declarations in mcalc's notation, rows that have a relation."""
    zeroed = [number + k for k, row in enumerate(text.split("\n")) if ZEROED.match(row)]
    yield from [PageLine(at, "= 0", SET_TO_ZERO) for at in zeroed]
    if RELATED.search(text) is None and "\\" not in text:
        return
    held, begun = "", number
    for place, row in enumerate(text.split("\n")):
        if FENCE.match(row) or (RELATED.search(row) is None and (not held or HEADING.match(row))):
            continue
        opened = held.count("{") > held.count("}") or held.count("\\begin{") > held.count("\\end{")
        if held and (opened or CONTINUED.match(row)):
            held = f"{held} {row}"
            continue
        yield from _outer_row(held, begun)
        held, begun = row, number + place
    yield from _outer_row(held, begun)


def _outer_row(row: str, number: int) -> Iterator[PageLine]:
    """Yield the formulas of a row outside all marks."""
    if is_latex(row):
        yield from _math_rows(BY.sub("", row), number)
    elif row.strip():
        yield from _plain_lines(number, row)


def _math_rows(text: str, number: int) -> Iterator[PageLine]:
    """Yield the rows of a formula, each without its marks of alignment and with its reason."""
    text = INNER.sub(" ", text)
    depth = start = 0
    rows: list[tuple[int, str]] = []
    marks = sorted([*[(m.start(), m.end(), m[1]) for m in KEPT.finditer(text)], *_brace_free(text)])
    for begin, end, word in marks:
        depth += {"begin": 1, "end": -1}.get(word, 0)
        if not word and depth <= 0 and begin >= start:
            rows.append((start, text[start:begin]))
            start = end
    rows.append((start, text[start:]))
    held: list[tuple[int, str]] = []
    for begin, row in rows:
        if held and CONTINUED.match(row):
            begun, before = held[-1]
            tail = _tail(before)  # a reason stands behind the first of the lines that an equation is broken into
            at = tail.start() if tail is not None and tail[1] else len(before)
            held[-1] = begun, f"{before[:at]} {row.lstrip(' &')}{before[at:]}"
        elif row.strip():
            held.append((begin, row))
    for begin, row in held:
        if SUBJECT.match(row):
            return  # what follows is no claim, but holds for the solution
        at = number + text.count("\n", 0, begin + len(row) - len(row.lstrip()))
        for part in split(row):
            body, _, reason = part.partition("&&")
            said = [_said(reason)] if reason.strip() else []
            while (tail := _tail(body)) is not None and tail.start() and tail[0].strip():
                said.insert(0, _said(tail[1] or ""))
                body = body[: tail.start()]
            body = SPOKEN.sub(" ", body) if SPOKEN.match(body) else body
            for line in parted(at, re.sub(r"[ \t]+", " ", without_cells(body)), " ".join([one for one in said if one])):
                line.notation = "latex"
                line.text = line.spelled = re.sub(r"(?<=[A-Za-z})]) (?=')", "", " ".join(line.text.split()))
                yield line


def _tail(row: str) -> re.Match[str] | None:
    """Return the reason at the end of a row, if any."""
    last = max([row.rfind(word) for word in SAYING])
    return SAID.search(row, max(0, last - REACH)) if last >= 0 else None


def without_cells(row: str) -> str:
    r"""Return a row without its marks of alignment; those inside matrices and cases stay.

    >>> without_cells(r"a &= \begin{bmatrix} 1 & 2 \end{bmatrix}")
    'a = \\begin{bmatrix} 1 & 2 \\end{bmatrix}'
    """
    made: list[str] = []
    depth = place = 0
    for mark in KEPT.finditer(row):
        part = row[place : mark.start()]
        made += [part if depth else part.replace("&", ""), mark[0]]
        depth += 1 if mark[1] == "begin" else -1
        place = mark.end()
    return "".join([*made, row[place:] if depth else row[place:].replace("&", "")])


def _brace_free(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where rows end, outside of braces."""
    depth = place = 0
    for mark in NEW_ROW.finditer(text):
        part = text[place : mark.start()]
        depth += part.count("{") - part.count("\\{") - part.count("}") + part.count("\\}")
        place = mark.end()
        if depth <= 0:
            yield mark.start(), mark.end(), ""


def _said(text: str) -> str:
    r"""Return the words of a reason in LaTeX.

    >>> _said(r"\text{(dot product $\cdot$ \S5)}")
    'dot product · §5'
    """
    text = text.replace("$\\cdot$", "·").replace("\\S", "§")
    return UNSAID.sub("", text).strip(" \n()[].,;&")
