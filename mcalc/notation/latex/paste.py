r"""A paste cut into statements: displays, the rows of aligned environments, and rows that go on with the one before."""

from __future__ import annotations

from mcalc.notation.latex.macros import DEFINING
from mcalc.notation.latex.registry import ENVIRONMENTS, SPECIFIED, lookup
from mcalc.notation.latex.tokens import Tex, after_group, fail, scan_tex

CLOSERS = {"$": "$", "$$": "$$", "[": "]", "(": ")"}
GOING_ON = frozenset("=<>≤≥≠≈")
ADDING = frozenset("+-−·×*/⊗⊘")
CONDITIONS = frozenset(("s.t.", "s.t", "st", "subjectto", "suchthat", "where", "with", "for", "forall", "given"))
"""Words that a row of conditions begins with, without their spaces; it goes on with the row before."""
_PUNCTUATION = frozenset(".,;:")


def split_latex(text: str) -> list[tuple[str, int]]:
    r"""Cut a paste into statements, each with the line it begins on; each is a part of the text as it stands.

    A row that begins with a sign goes on with the row before, so that ``a &= b \\ &= c`` is one chain.

    >>> split_latex(r"\begin{align} z &= w^\top x \\ L &= z^2 \\ &= (w^\top x)^2 \end{align}")
    [('z &= w^\\top x', 1), ('L &= z^2 \\\\ &= (w^\\top x)^2', 1)]
    >>> split_latex(r"$x \in \mathbb{R}^n$, $\frac12 \|x\|^2$.")
    [('x \\in \\mathbb{R}^n', 1), ('\\frac12 \\|x\\|^2', 1)]
    """
    tokens = scan_tex(text)
    found: list[tuple[int, int]] = []
    start = 0
    begun = _definitions(tokens)
    for low, high in _displays(tokens, begun):
        for first, last in _rows(tokens, low, high):
            found.append((tokens[first].start, tokens[last - 1].end))
    if begun:
        # What defines macros stands before the first formula.
        found = [(tokens[0].start, found[0][1]), *found[1:]] if found else [(tokens[0].start, tokens[-1].end)]
    pieces: list[tuple[str, int]] = []
    line = 1
    for first, last in found:
        line += text.count("\n", start, first)
        start = first
        pieces.append((text[first:last], line))
    return pieces


def _definitions(tokens: list[Tex]) -> int:
    """Return where the definitions of macros at the beginning end."""
    end = place = 0
    while place < len(tokens) and tokens[place].kind == "command" and tokens[place].text in DEFINING:
        place += 1
        while place < len(tokens) and not _begins_formula(tokens[place]):
            place = after_group(tokens, place)
        end = place
    return end


def _begins_formula(token: Tex) -> bool:
    return token.kind in ("math", "letter") or (
        token.kind == "command" and (token.text in ("begin", "[", "(") or token.text in DEFINING)
    )


def _displays(tokens: list[Tex], start: int) -> list[tuple[int, int]]:
    """Return the formulas between dollar signs, brackets and the ends of environments; or all, if there are none."""
    found: list[tuple[int, int]] = []
    place = start
    while place < len(tokens):
        token = tokens[place]
        closer = CLOSERS.get(token.text) if token.kind == "math" or token.is_command("[", "(") else None
        if closer is not None:
            end = _close_of(tokens, place, closer)
            found.append(_unwrapped(tokens, place + 1, end))
            place = end + 1
        elif token.is_command("begin") and ENVIRONMENTS.get(_name(tokens, place), ("",))[0] == "lines":
            end = _end_of(tokens, place)
            found.append(_unwrapped(tokens, place, end))
            place = end
        elif token.kind == "other" and token.text in _PUNCTUATION:
            place += 1
        elif not found and _is_formula(tokens, place):
            return [_unwrapped(tokens, place, len(tokens))]
        else:
            raise fail("text outside the formulas", token, label="no formula", hint="paste the formulas alone")
    return [(low, high) for low, high in found if low < high]


def _is_formula(tokens: list[Tex], place: int) -> bool:
    """Say whether no display begins in the rest, outside of braces: then it is one formula without signs around it."""
    depth = 0
    for token in tokens[place:]:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth <= 0 and (token.kind == "math" or token.is_command("[", "(")):
            return False
    return True


def _close_of(tokens: list[Tex], place: int, closer: str) -> int:
    depth = 0
    for at in range(place + 1, len(tokens)):
        token = tokens[at]
        depth += (token.kind == "open") - (token.kind == "close")
        if depth <= 0 and token.text == closer and (token.kind == "math" or token.is_command("]", ")")):
            return at
    opening = tokens[place].shown
    raise fail(f"'{opening}' without its end", tokens[place], label="opened here", hint=f"close it with {closer}")


def _name(tokens: list[Tex], place: int) -> str:
    """Return the name of the environment that begins or ends at a place."""
    name = ""
    for token in tokens[place + 2 : place + 40]:
        if token.kind == "close":
            break
        name += token.text
    return name.removesuffix("*")


def _end_of(tokens: list[Tex], place: int) -> int:
    """Return the place after the end of the environment that begins at a place."""
    depth = 0
    for at in range(place, len(tokens)):
        depth += tokens[at].is_command("begin") - tokens[at].is_command("end")
        if depth == 0:
            return min(_after_group(tokens, at + 1), len(tokens))
    return len(tokens)


def _unwrapped(tokens: list[Tex], low: int, high: int) -> tuple[int, int]:
    """Return what stands inside environments of lines that are all of a part."""
    while low < high:
        last = high
        while last > low and tokens[last - 1].kind == "other" and tokens[last - 1].text in _PUNCTUATION:
            last -= 1
        if (
            not tokens[low].is_command("begin")
            or ENVIRONMENTS.get(_name(tokens, low), ("",))[0] != "lines"
            or _end_of(tokens, low) != last
        ):
            break
        name = _name(tokens, low)
        low = min(_after_group(tokens, low + 1), last)
        if name in SPECIFIED and low < last and tokens[low].kind == "open":
            low = min(_after_group(tokens, low), last)
        if low + 2 < last and tokens[low].is_other("[") and tokens[low + 2].is_other("]"):
            low += 3  # where it stands on the line
        high = last - 1
        while high > low and not tokens[high].is_command("end"):
            high -= 1
    return low, high


def _after_group(tokens: list[Tex], place: int) -> int:
    while place < len(tokens) and tokens[place].kind != "close":
        place += 1
    return place + 1


def _rows(tokens: list[Tex], low: int, high: int) -> list[tuple[int, int]]:
    r"""Return the statements of a formula: its rows, each with those that go on with it, and what semicolons part."""
    rows: list[tuple[int, int]] = []
    depth = start = 0
    start = low
    joins = False
    for place in range(low, high):
        token = tokens[place]
        if token.kind in ("open", "close"):
            depth += 1 if token.kind == "open" else -1
        elif token.is_command("begin", "left", "{", "lbrace") or token.is_other("(", "["):
            depth += not (token.kind == "other" and place > low and tokens[place - 1].is_command("left"))
        elif token.is_command("end", "right", "}", "rbrace") or token.is_other(")", "]"):
            depth -= not (token.kind == "other" and place > low and tokens[place - 1].is_command("right"))
        if depth > 0:
            continue
        ends = token.is_command("\\", "cr")
        if ends or token.is_other(";"):
            joins = _add(tokens, rows, start, place, joins=joins)
            start = place + 1
    _add(tokens, rows, start, high, joins=joins)
    return rows


def _add(tokens: list[Tex], rows: list[tuple[int, int]], start: int, end: int, *, joins: bool) -> bool:
    """Add a row to those before, or to the last of them; say whether the next row goes on with it."""
    inside = [k for k in range(start, end) if not _is_nothing(tokens[k])]
    if not inside:
        return joins
    first = tokens[inside[0]]
    sign = _sign(first)
    has_equals = any([_sign(tokens[k]) in ("=", "∈") for k in inside[1:]])
    goes_on = joins or sign in GOING_ON or (sign in ADDING and (tokens[start].kind == "cell" or not has_equals))
    if rows and ((goes_on and sign != "") or joins or _conditions(tokens, inside[0])):
        rows[-1] = rows[-1][0], inside[-1] + 1
    else:
        rows.append((inside[0], inside[-1] + 1))
    last = _sign(tokens[inside[-1]])
    return last in GOING_ON or last in ADDING


def _conditions(tokens: list[Tex], place: int) -> bool:
    r"""Say whether a row begins with words that conditions follow: ``\text{s.t.}``, ``\text{where}``."""
    first = tokens[place]
    if first.kind != "command" or lookup(first.text).kind not in ("text", "font"):
        return False
    words = "".join([t.text for t in tokens[place + 1 : _after_group(tokens, place)] if t.kind != "open"])
    return words.replace(" ", "").replace("~", "").rstrip(":}").lower() in CONDITIONS


def _is_nothing(token: Tex) -> bool:
    return token.kind == "cell" or (token.kind == "command" and lookup(token.text).kind in ("space", "quad"))


def _sign(token: Tex) -> str:
    """Return the sign that a token is, or nothing."""
    if token.kind == "command":
        entry = lookup(token.text)
        return entry.value[:1] if entry.kind == "sign" else ""
    return token.text if token.kind == "other" else ""
