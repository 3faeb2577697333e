r"""Environments and brackets: cases, matrices, aligned lines; vectors of ones, indicators."""

from __future__ import annotations

from mcalc.notation.around.around import HEADS
from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.registry import ENVIRONMENTS, entry_of, sign_of
from mcalc.notation.latex.state import State
from mcalc.notation.latex.structure import inside_of, outside
from mcalc.notation.surface.tex import Tex, fail

LAYERS = 5
"""Fonts around a constant inside each other."""
COMPARING = frozenset("=<>≤≥≠")


def begin(p: State, token: Tex, *, as_cases: bool = False) -> None:
    """Go into an environment."""
    close = p.match[p.place]
    start = inside_of(p.tokens, p.match, p.place)
    if token.text not in ENVIRONMENTS:
        hint = "cases, bmatrix and aligned are"
        raise fail(f"the environment {token.text} is not read", token, label="not read", hint=hint)
    kind, opening, closing = ENVIRONMENTS["cases" if as_cases else token.text]
    if start >= close:
        raise fail(f"the environment {token.text} is empty", token, p.tokens[close], "nothing in it")
    if kind == "matrix" and not p.out and _begins_head(p, start):
        kind, opening, closing = "lines", "", ""
    if opening:
        p.put(opening, token)
    p.rows.append(kind)

    def leave() -> None:
        p.rows.pop()
        if kind != "lines":
            scripts.after(p, "group")

    p.enter(start, close, "", closing, close + 1, leave)


def _begins_head(p: State, start: int) -> bool:
    """Say whether a table is a problem: it begins with minimize, or min without brackets."""
    token, following = p.tokens[start : start + 2]
    if _is_font(token) and following.kind == "open":
        close = p.match[start + 1]
        word = "".join([t.text for t in p.tokens[start + 2 : close]]).lower()
        return word in HEADS and not (word in ("min", "max") and p.tokens[close + 1].kind in ("left", "open"))
    return token.kind == "command" and token.text in HEADS and following.kind not in ("left", "open")


def cell(p: State, token: Tex) -> None:
    """Go on to the next cell: in cases that is the condition, in a matrix the next entry."""
    p.place += 1
    kind = p.rows[-1] if p.rows else "lines"
    if kind in ("matrix", "cases"):
        p.put("," if kind == "matrix" else "if", token)


def _is_font(token: Tex) -> bool:
    return entry_of(token).kind in ("font", "text")


def row(p: State, token: Tex) -> None:
    """End a row: in cases and matrices another begins, unless it was the last; lines go on."""
    p.place += 1
    if p.peek().kind == "left" and p.peek().text == "[":
        inside = p.tokens[p.place + 1 : p.match[p.place]]
        if len(inside) < 10 and "".join([t.text for t in inside])[-2:] in ("pt", "em", "ex", "cm", "mm"):
            p.place = p.match[p.place] + 1
    kind = p.rows[-1] if p.rows else "lines"
    if kind in ("cases", "matrix") and p.peek().kind != "end of group":
        p.put(";", token)
    elif kind == "lines" and not p.inside:
        p.add("QUAD", "", token)


def opened_by_brace(p: State, close: int) -> None:
    r"""Read ``\left\{ \begin{array}... \right.`` as braces with cases."""
    inside = p.place + 1
    if p.tokens[inside].kind != "begin" or p.match[inside] != close - 1:
        raise fail("a brace without its partner", p.tokens[p.place], label="opened here", hint=r"write \begin{cases}")
    p.enter(inside, close, "", "", close + 1)
    begin(p, p.tokens[inside], as_cases=True)


def brackets_of(p: State, opening: int, close: int) -> tuple[str, str]:
    """Return what a bracket is in mcalc's notation: round, a vector, index notation, or a group."""
    first, last = p.tokens[opening], p.tokens[close]
    if first.text == "(" and last.text == ")":
        return "(", ")"
    marks = any([p.tokens[k].is_other(",", ";") for k in outside(p.match, opening + 1, close)])
    if first.text == "[" and last.text == "]":
        scripted = close + 1 < p.limit and p.tokens[close + 1].kind == "sub"
        return ("[", "]") if marks or scripted else ("{", "}")
    if first.text == "{" and last.text == "}":
        if marks:
            hint = r"a function of two is \max(a, b)"
            p.add("LBRACE", "{", first, None, fail("a set is no expression", first, last, "in braces", hint))
            return "", "}"
        return "{", "}"
    if first.text in "([" and last.text in ")]" and marks:
        return first.text, last.text  # an interval, which is refused where it is part of the formula
    raise fail(f"'{first.text}' and '{last.text}' do not go together", first, last, "one bracket")


def constant(p: State, start: int, end: int, after: int | None = None) -> bool:
    r"""Put ``\mathbf{1}``, ``\vec{0}`` or the indicator ``\mathbb{1}[...]``; say whether it is one of them."""
    for _ in range(LAYERS):
        if end - start < 2 or not _is_font(p.tokens[start]):
            break
        start += 1
        if p.tokens[start].kind == "open" and p.match[start] == end - 1:
            start, end = start + 1, end - 1
    digits = [p.tokens[start].text] if end - start == 1 else []
    if digits not in (["0"], ["1"]):
        return False
    first = p.tokens[p.place]
    stop = end if after is None else after
    last = p.tokens[stop - 1]
    if digits == ["1"] and is_indicator(p, stop):
        indicator(p, p.place, stop)
        return True
    p.place = stop
    found = letters.collect(p)
    if found.sub is not None:
        sizes = letters.text_of(p, *found.sub).replace("×", ",")
        if sizes not in p.running:
            p.put(f"{('zeros', 'ones')[int(digits[0])]}({sizes})", first, found.last)
            scripts.power_of(p, found)
            return True
        raise fail("an entry of a constant vector is 0 or 1", first, found.last, hint=f"write {digits[0]}")
    p.put(digits[0] + "vec", first, last)
    scripts.after(p, "group")
    return True


def is_indicator(p: State, place: int) -> bool:
    """Say whether brackets, or a subscript, with a comparison in them follow a 1."""
    return _compared(p, place) is not None


def _compared(p: State, place: int) -> tuple[int, int, int] | None:
    """Return where the comparison behind the 1 of an indicator begins and ends, and the place after it."""
    tokens = p.tokens
    if place >= p.limit:
        return None
    if tokens[place].kind == "left" and tokens[place].text in "([{":
        start, end, jump = place + 1, p.match[place], p.match[place] + 1
    elif tokens[place].kind == "sub" and place + 1 < p.limit and tokens[place + 1].kind == "open":
        start, end = place + 2, p.match[place + 1]
        jump = end + 1
        if tokens[start].kind == "left" and p.match[start] == end - 1:
            start, end = start + 1, end - 1
    else:
        return None
    for at in outside(p.match, start, end):
        if sign_of(tokens[at]) in COMPARING:
            return start, end, jump
    return None


def indicator(p: State, start: int, after: int) -> None:
    """Put an indicator as braces: 1 if the comparison holds, 0 otherwise."""
    found = _compared(p, after)
    assert found is not None
    inside, close, jump = found
    p.put("{1 if", p.tokens[start], p.tokens[after])
    p.rows.append("indicator")

    def leave() -> None:
        p.rows.pop()
        scripts.after(p, "group")

    p.enter(inside, close, "", "; 0 otherwise}", jump, leave)
