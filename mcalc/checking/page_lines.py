r"""A page cut into its lines: each formula with the reason that is given for it, without what stands around it.

A page is a derivation as it is written down: definitions, claims, lines that go on with an equals sign, headings, and
reasons behind a line, in brackets, in a column of their own, behind ``&&`` or in ``\text{...}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcalc.checking.stated_reasons import SAID_OF_NAMES
from mcalc.notation.pastes.detect import goes_on, is_latex
from mcalc.notation.surface.words import is_function
from mcalc.patterns import pattern

FENCE = pattern(r"\s*(?:```|~~~)\s*\w*\s*$")
COMMENT = pattern(r"(?:^|\s)(?:#|//|--|←|<-|⟵)\s+(.*)$")
BULLET = pattern(
    r"\s*(?:[•◦▪*>]\s+|\(?(?:\d{1,2}|[a-h]|i{1,3}|iv)[.)]\s+|[Ss]tep\s+\d+\s*[:.)]\s*|[A-Z][a-z]{3,}:\s+(?=[^:]*=))"
)
DASH = pattern(r"\s*[-−–]\s+")
WORDS = pattern(
    r"(?i)\s*(?:(?:let|then|so|thus|hence|therefore|and|also|now|next|finally|first|second|we|get|have|obtain|find|with|"
    r"define|write|since|that|is|it|follows|this|gives|using|put|set|where|consider|answer|claim|result|recall|note|"
    r"solution|given|but|for|if|compute|differentiate|i\.e\.)\b[\s:,]*)+"
)
"""Words before a formula that say nothing of it."""
SAID_BEFORE = pattern(r"[A-Za-zα-ω]\w?\s+(?:be|is|are)\b[^=]*?\b(?:and|with|,)\s+(?=[^\s=,]+(?:\([^()]*\))?\s*:?=)")
"""What is said of a name before a formula: A is symmetric and f(x) = ..."""
HEADING = pattern(r"\s*(?:\d+[.)]?\s+)?[A-Z][a-z]+(?:[ ,:·].*)?$")
RULES = (
    "rule|product|chain|power|sum|quotient|linearity|definition|identity|trace|trick|cyclic|symmetric|symmetry|expand|"
    "factor|substitut|transpose|constant|derivative|jacobian|gradient|inside|back|terms|since|because|using|by|above|"
    "element|entry|layout|norm|scalar|multiply|merge|order|collect|simplif|cancel|elementwise|diagonal|inverse|plug|put"
)
"""Beginnings of words of which a reason has one."""
WORD = pattern(rf"(?i)\b(?:{RULES})|§|[^\W\d_]{{4,}}")
TAIL = pattern(
    r"(?i),?\s+(?:(?:since|because|by|as|using|due to|from|via|which follows|if|when|given|provided|assuming)\s+.*"
    rf"|[(\[](?=[^()\[\]]*(?:{RULES}|[a-z]{{3,}}\s+[a-z]{{3,}}))[a-z][a-z\s,'’§·.:\d-]*[)\]])\s*[.,;]?\s*$"
)
"""A reason at the end of a line: since ..., (chain rule), [product rule]."""
PIECES = pattern(r"(?i)\bif\b.*(?:\belse\b|\botherwise\b|,.*\bif\b)")
"""What no reason has: pieces, each with its condition."""
PLACE = pattern(r"(?i),?\s+(?:when|if|for)\s+[^\W\d_]\s*=\s*\S+")
"""What says where a line is so, x = 3, which is no reason."""
MEANING = pattern(r"\s*(?:Read off\b|\S+ changes by d)")
"""How mcalc begins a line that says what moves, or what is read off by names that stand for nothing."""
IN_WORDS = pattern(
    r"(?i)\b(?:gradient|hessian|(?<!partial )derivative|jacobian)\b[^=]*\b(?:is|equals|becomes)\s+"
    r"(?:(?:just|simply|then|thus|therefore|equal\s+to)\s+)*(?!(?-i:a\b)|[^\W\d_]{2,}(?![\w(^_²³ᵀ])|[^.;]*=)"
)
"""A claim that words make, the gradient is 2 x, not one as in: the gradient is linear."""
SPOKEN_WORD = pattern(r"[^\W\d_]{2,}")
WHERE = pattern(r",?\s+(?:where|with)\s+(?=[^\s=(]+(?:\([^()]*\))?\s*:?=)")
PLUS_MINUS = pattern(r"±|\\pm(?![a-zA-Z])")
SIGNED = pattern(r"\s*(?:[^\W\d_]|\\[a-z]+)(?:_\w)?\s*=[^=]*$")
NUMBER = r"\s*[-−]?\d+(?:[./]\d+)?\s*"
VALUES = pattern(
    r"((?:.*\s(?:at|when|if|for)\s+)?)([^\W\d_](?:_\w)?|\\[a-z]+)\s*=\s*"
    rf"({NUMBER}(?:(?:,|,?\s*\b(?:or|and)\b)\s*(?:\2\s*=)?{NUMBER})+)"
)
"""Several numbers that a variable is, or at which something is so."""
SEPARATE = pattern(
    r"\s*(?:,?\s+(?:and|or)\s+|,\s*(?:\\q?quad)?\s+|,?\s*\\q?quad\s*)(?!\s*(?:\\forall\s*)?[ijkln]\s*=\s*[01]\s*,)(?=(?:(?:\\\w+\s+)?[^\s=,(]{1,12}(?:\([^()]*\))?|(?:\\[dt]?frac|[∂d][²2^]*/[∂d])[^=]{1,80})\s*:?=)"
)
"""What stands between two equations in one line."""
BESIDE = pattern(
    rf"{SEPARATE.pattern}|,?\s+(?:and\s+)?(?=(?:[Σ∑‖|]|1ᵀ|\\sum|\\\|)[^=,]*=)|,?\s+and\s+(?=\S+\s+(?:is|are)\b)"
)
"""What stands between two definitions or conditions behind "where"."""
SENTENCE = pattern(
    r"\.\s+(?=[A-Z][a-z]*\b)|,?\s+then\s+(?=\S+.*=)|,\s+(?:the\s+)?[A-Za-z][a-z]{3,}:\s+(?=.*=)"
    r"|[,.]?\s+(?:and\s+)?(?:so(?:\s+that)?|hence|thus|therefore|whence|giving|yielding|i\.e\.)(?=[\s,:])[\s,:]*(?=.*(?:=|\bis\b))"
    r"|,?\s+(?:and|from)?\s*which\s+(?:gives|is|means|yields|implies)\s+(?:that\s+)?(?=[^\s=]+\s*=)"
    r"|,?\s+and\s+(?=(?:the\s+)?(?:second\s+)?(?:gradient|[Hh]essian|derivative|[Jj]acobian)\b)"
)
"""What stands between two sentences, or two claims of which the second follows from the first."""
ARROW = pattern(r"\s*(?:→|⟹|⇒|⟸|⇔|⟺|=>|\\implies|\\Rightarrow|\\Longrightarrow|\\iff|\\therefore|∴)\s*")
COLUMN = pattern(r"\s{3,}|\t+")
NAMED = pattern(r"\s*([^\W\d][^\s=()]*)(?:\([^()]*\))?\s*:?=")
MARKED = pattern(r"∂|∇|\bd\S*/d|\bd\(|[\w)]['′]")
RELATED = pattern(r"=|∈|\\in\b|:\s*(?:R\b|ℝ|symmetric|posdef)")
BY = pattern(r",\s+(?:by \S+|in one row|with the entries of .*)$")
OPENED, CLOSED = "([{", ")]}"

DISPLAY = pattern(
    r"\\begin\{(align|aligned|equation|gather|gathered|split|multline|eqnarray|alignat|flalign)(\*?)\}"
    r"|\\\[|\\\(|\$\$|\$"
)
INNER = pattern(r"\\(?:begin|end)\{(?:align|aligned|equation|gather|gathered|split|multline|eqnarray|flalign)\*?\}")
KEPT = pattern(r"\\(begin|end)\{(?:[a-z]*matrix|cases|array)\*?\}")
NEW_ROW = pattern(r"\\\\(?:\[[^\]]*\])?|\\cr\b")
SAID = pattern(
    r"(?:&&|\\(?:q?quad|hspace\{[^}]*\}|[;,:! ])|\s|&)*"
    r"(?:\\tag\{[^{}]*\}|\\label\{[^{}]*\}|[(\[]?\s*\\(?:text|textrm|mathrm|textit|mbox)\{((?:[^{}]|\{[^{}]*\})*)\}"
    r"\s*[)\]]?|\\nonumber|\\notag)\s*[.,;]?\s*$"
)
SPOKEN = pattern(r"(?:\s|&|\\q?quad)*\\(?:text|textrm|mbox)\{[^{}]*\}")
UNSAID = pattern(r"\\(?:text|textrm|mathrm|textit|mbox|quad|qquad|tag|label)\b|[${}]|\\[;,:!]")
SIGNS = pattern(r"\\(?:text\w*|mathrm|mbox)\b|\\[()\[\],;:!]|[${}&]")
TITLE = pattern(r"\\(?:textbf|section\*?|paragraph|subsection\*?)\{((?:[^{}]|\{[^{}]*\})*)\}")
CONTINUED = pattern(r"\s*(?:[+·⋅×]|[-−–](?=\s)|\\(?:cdot|times|odot)\b|&\s*(?:[+\-−]|\\q?quad))")


class PageLine:
    """One formula of a page, as it stands there, with the number of its line and the reason that is given for it.

    `spelled` is the formula as it is read; it `follows` from the one before where an arrow stands between them.
    """

    __slots__ = ("follows", "notation", "number", "reason", "spelled", "text")

    def __init__(self, number: int, text: str, reason: str = "", notation: str = "plain") -> None:
        self.number = number
        self.text = self.spelled = text
        self.reason = reason
        self.notation = notation
        self.follows = False

    def __repr__(self) -> str:
        return f"PageLine({self.number}, {self.text!r}, {self.reason!r})"


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

    >>> page_lines("Let u = A x.\n1  Combine\n  ∂f/∂x = ∂f/∂u A   chain rule · §4.5\n  = uᵀ A  (put in)")
    [PageLine(1, 'u = A x', ''), PageLine(3, '∂f/∂x = ∂f/∂u A', 'chain rule · §4.5'), PageLine(4, '= uᵀ A', 'put in')]
    >>> page_lines(r"f &= x^2 \\ f' &= 2x && \text{power rule} \implies g = 3")
    [PageLine(1, 'f = x^2', ''), PageLine(1, "f' = 2x", 'power rule'), PageLine(1, 'g = 3', '')]
    """
    if is_latex(text, notation):
        return [line for line in _latex_lines(text) if line.text]
    found: list[PageLine] = []
    for number, row in _rows(text):
        found += _plain_lines(number, row)
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
    """Return the formulas of one row."""
    comment = COMMENT.search(row)
    reason = comment[1].strip() if comment is not None else ""
    row = row[: comment.start()] if comment is not None else row
    if not row.strip() or row.lstrip().startswith("…"):
        return []
    if _is_heading(row):
        return []
    row = BY.sub("", row)
    found: list[PageLine] = []
    for text, own in _columns(row):
        found += _parted(number, text, own or reason)
    return found


def _is_heading(row: str) -> bool:
    """Say whether a row is made of words, and of no formula that claims or defines something."""
    if MEANING.match(row) is not None:
        return True
    if RELATED.search(row) is not None or IN_WORDS.search(row) is not None:
        return False
    if SAID_OF_NAMES.search(row) is not None:
        return True
    words = [word for word in SPOKEN_WORD.findall(row) if not is_function(word)]
    if HEADING.match(row) is None:
        return len([word for word in words if word.isascii() and word.islower() and len(word) > 2]) > 1
    return WORD.search(row) is not None or len(words) > 1


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


def _parted(number: int, text: str, reason: str) -> Iterator[PageLine]:
    """Yield the formulas that signs of implication, semicolons and "where" part."""
    for part in _split(text):
        body, own = part, reason
        follows = ARROW.match(part) is not None
        for mark in (ARROW, BULLET, WORDS, SAID_BEFORE):
            begun = mark.match(body)
            if begun is not None and body[begun.end() :].strip():
                body = body[begun.end() :]
        tail = TAIL.search(body)
        if (
            tail is not None
            and tail.start()
            and not PIECES.search(tail[0])
            and not PLACE.fullmatch(tail[0])
            and "=" in body[: tail.start()]
            and _is_whole(body[: tail.start()])
        ):
            own = own or tail[0].strip(" \t,.;()[]")
            body = body[: tail.start()]
        where = WHERE.search(body)
        conditions: list[str] = []
        if where is not None:
            for beside in BESIDE.split(body[where.end() :]):
                named = NAMED.match(beside)
                if named is None or is_function(named[1]) or _is_of_itself(named, beside):
                    conditions.append(beside)
                else:
                    yield PageLine(number, beside.strip(" \t.,;"))
            body = body[: where.start()]
        pieces = [one for solution in _solutions(body) for piece in _beside(solution) for one in _solutions(piece)]
        pieces[-1] += f" where {', '.join(conditions)}" if conditions else ""
        for piece in pieces:
            said = piece.strip(" \t,;").removesuffix(".").rstrip()
            if said and not _is_heading(said):
                line = PageLine(number, said, own)
                line.follows = follows
                yield line


def _is_of_itself(named: re.Match[str], text: str) -> bool:
    """Say whether an equation has the name on its left in its other side as well, as A = Aᵀ has."""
    return re.search(rf"(?<![^\W_ᵀ]){re.escape(named[1])}(?![^\W_ᵀ])", text[named.end() :]) is not None


def _is_whole(text: str) -> bool:
    """Say whether every bracket of a text is closed."""
    return all([text.count(a) == text.count(b) for a, b in ("()", "[]", "{}")])


def _beside(text: str) -> list[str]:
    """Cut equations that stand beside each other apart: u = x², v = sin(x)."""
    found: list[str] = []
    start = 0
    for mark in SEPARATE.finditer(text):
        before = text[start : mark.start()]
        if "=" in before and _is_whole(before):
            found.append(before)
            start = mark.end()
    return [*found, text[start:]]


def _solutions(text: str) -> list[str]:
    """Cut several solutions apart: x = ±2, x = 2 or 3; as they are where a text is none of these.

    >>> _solutions("x = 1 ± √2"), _solutions("x = 2, 3"), _solutions("y = 0 at x = 1 and x = 2")
    (['x = 1 + √2', 'x = 1 - √2'], ['x = 2', 'x = 3'], ['y = 0 at x = 1', 'y = 0 at x = 2'])
    """
    if SIGNED.match(text) and len(PLUS_MINUS.findall(text)) == 1:
        both = [PLUS_MINUS.sub(lambda _, sign=sign: sign, text) for sign in ("+", "-")]  # type: ignore[misc]
        return [re.sub(r"(=\s*)\+\s*", r"\1", one) for one in both]
    listed = VALUES.fullmatch(text)
    if listed is None:
        return [text]
    return [f"{listed[1]}{listed[2]} = {value}" for value in re.findall(r"[-−]?\d+(?:[./]\d+)?", listed[3])]


def _split(text: str) -> list[str]:
    """Cut a text at semicolons and arrows outside brackets; a part that an arrow leads to begins with it."""
    found: list[str] = []
    depth = start = 0
    marks = {match.start(): match.end() for match in SENTENCE.finditer(text)}
    marks.update([(match.start(), match.start()) for match in ARROW.finditer(text)])
    for place, character in enumerate(text):
        depth += (character in OPENED) - (character in CLOSED)
        if depth <= 0 and place in marks and place >= start:
            found.append(text[start:place])
            start = marks[place]
        elif depth <= 0 and character == "→" and "=" in text[start:place] and "=" in text[place:]:
            found.append(text[start:place])
            start = place
        elif depth <= 0 and character == ";":
            found.append(text[start:place])
            start = place + 1
    return [part for part in [*found, text[start:]] if part.strip()]


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
    while True:
        begun = DISPLAY.search(text, place)
        stop = len(text) if begun is None else begun.start()
        yield from _between(text[place:stop], 1 + text.count("\n", 0, place))
        if begun is None:
            return
        start, end, place = _extent(text, begun)
        inline = begun[0] in ("$", "\\(")
        for line in _math_rows(text[start:end], 1 + text.count("\n", 0, start)):
            if not inline or RELATED.search(line.text):
                yield line


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
            tail = SAID.search(before)  # a reason stands behind the first of the lines that an equation is broken into
            at = tail.start() if tail is not None and tail[1] else len(before)
            held[-1] = begun, f"{before[:at]} {row.lstrip(' &')}{before[at:]}"
        elif row.strip():
            held.append((begin, row))
    for begin, row in held:
        at = number + text.count("\n", 0, begin + len(row) - len(row.lstrip()))
        for part in _split(row):
            body, _, reason = part.partition("&&")
            said = [_said(reason)] if reason.strip() else []
            while (tail := SAID.search(body)) is not None and tail.start() and tail[0].strip():
                said.insert(0, _said(tail[1] or ""))
                body = body[: tail.start()]
            body = SPOKEN.sub(" ", body) if SPOKEN.match(body) else body
            for line in _parted(at, without_cells(body), " ".join([one for one in said if one])):
                line.notation = "latex"
                line.text = line.spelled = " ".join(line.text.split())
                yield line


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
