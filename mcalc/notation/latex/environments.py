r"""Environments: braces with cases, matrices, aligned lines; and what brackets mean by what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.notation.latex import scripts
from mcalc.notation.latex.commands import FONTS
from mcalc.notation.latex.names import OTHERWISE
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

CASES = frozenset(("cases", "dcases", "rcases", "cases*", "dcases*", "numcases"))
MATRICES = {
    "matrix": ("[", "]"), "bmatrix": ("[", "]"), "pmatrix": ("[", "]"), "smallmatrix": ("[", "]"),
    "vmatrix": ("det([", "])"), "Vmatrix": ("‖[", "]‖"), "array": ("[", "]"), "bsmallmatrix": ("[", "]"),
    "psmallmatrix": ("[", "]"), "Bmatrix": ("[", "]"), "tabular": ("[", "]"),
}  # fmt: skip
LINES = frozenset((
    "equation", "align", "aligned", "alignat", "alignedat", "gather", "gathered", "split", "multline", "eqnarray",
    "displaymath", "math", "flalign", "subequations", "dmath", "IEEEeqnarray", "multlined",
))  # fmt: skip
SPECIFIED = frozenset(("array", "alignat", "alignedat", "tabular", "IEEEeqnarray"))
"""Environments that say in an argument how their columns stand."""


def begin(n: Normaliser, token: Tex, *, as_cases: bool = False) -> None:
    """Go into an environment."""
    close = n.match[n.place]
    name = token.text.removesuffix("*") if token.text not in CASES else token.text
    start = n.place + 1
    if start < close and n.tokens[start].kind == "left" and n.tokens[start].text == "[" and n.match[start] == start + 2:
        start += 3 if n.tokens[start + 1].text in "tbc" else 0
    if name in SPECIFIED and start < close and n.tokens[start].kind == "open":
        start = n.match[start] + 1
    kind = "cases" if as_cases or name in CASES else "matrix" if name in MATRICES else "lines" if name in LINES else ""
    if not kind:
        raise fail(
            f"the environment {name} is not read", token, label="not read", hint="cases, bmatrix and aligned are"
        )
    opening, closing = {"cases": ("{", "}"), "lines": ("", "")}.get(kind) or MATRICES[name]
    if start >= close:
        raise fail(f"the environment {name} is empty", token, n.tokens[close], "nothing in it")
    if opening:
        n.write(opening, token)
    n.rows.append(kind)

    def leave() -> None:
        n.rows.pop()
        if kind != "lines":
            scripts.after(n, "group")

    n.enter(start, close, "", closing, close + 1, leave)


def cell(n: Normaliser, token: Tex) -> None:
    """Go on to the next cell: in cases that is the condition, in a matrix the next entry."""
    n.place += 1
    kind = n.rows[-1] if n.rows else "lines"
    if kind == "matrix":
        _not_empty(n, token)
        n.write(",", token, glued=True)
    elif kind == "cases" and not _says_when(n):
        n.write("if", token)


def _says_when(n: Normaliser) -> bool:
    """Say whether words for the condition follow, or have stood before the sign."""
    if n.plain.last in ("if", "otherwise"):
        return True
    at = n.place
    limit = n.ends[at] if at < len(n.ends) else at
    while at < limit and (
        n.tokens[at].kind in ("open", "cell") or (n.tokens[at].kind == "command" and n.tokens[at].text in FONTS)
    ):
        at += 1
    word = ""
    while at < len(n.tokens) and n.tokens[at].kind == "letter" and (not word or n.tokens[at].glued):
        word += n.tokens[at].text
        at += 1
    if word:
        return word in OTHERWISE
    return at >= len(n.tokens) or n.tokens[at].is_command("\\") or n.tokens[at].kind == "end"


def row(n: Normaliser, token: Tex) -> None:
    """End a row: in cases and matrices another begins, unless it was the last; lines go on."""
    n.place += 1
    if n.peek().kind == "left" and n.peek().text == "[" and _is_length(n):
        n.place = n.match[n.place] + 1
    kind = n.rows[-1] if n.rows else "lines"
    if kind in ("cases", "matrix") and n.peek().kind != "end of group":
        n.write(";", token, glued=True)


def _is_length(n: Normaliser) -> bool:
    r"""Say whether brackets after ``\\`` hold a length such as 2pt."""
    inside = n.tokens[n.place + 1 : n.match[n.place]]
    return len(inside) < 10 and "".join([t.text for t in inside])[-2:] in ("pt", "em", "ex", "cm", "mm")


def _not_empty(n: Normaliser, token: Tex) -> None:
    if n.plain.last in ("", "[", "det([", "‖[", ";", ",") or n.peek().kind in ("cell", "end of group"):
        raise fail(
            "an entry of the matrix is missing", token, label="nothing here", hint="write 0 for an entry that is 0"
        )


def is_last_of_cell(n: Normaliser) -> bool:
    """Say whether a comma that was just passed only ends a cell of braces."""
    if not n.rows or n.rows[-1] != "cases":
        return False
    following = n.peek()
    if following.kind in ("cell", "end of group") or following.is_command("\\", "cr"):
        return True
    return following.kind == "command" and FONTS.get(following.text) == "upright" and _says_condition(n)


def _says_condition(n: Normaliser) -> bool:
    start, end, _ = n.argument(n.place + 1, n.peek())
    word = "".join([t.text for t in n.tokens[start : min(end, start + 12)]])
    return word.startswith(("if", "when", "for", "otherwise", "else"))


def opened_by_brace(n: Normaliser, close: int) -> None:
    r"""Read ``\left\{ \begin{array}... \right.`` as braces with cases."""
    inside = n.place + 1
    if n.tokens[inside].kind != "begin" or n.match[inside] != close - 1:
        raise fail("a brace without its partner", n.tokens[n.place], label="opened here", hint=r"write \begin{cases}")
    n.enter(inside, close, "", "", close + 1)
    begin(n, n.tokens[inside], as_cases=True)


def is_evaluated(n: Normaliser, close: int) -> bool:
    r"""Say whether ``\left. ... \right|`` is the value at a point."""
    return n.tokens[close].text == "|"


def brackets_of(n: Normaliser, opening: int, close: int) -> tuple[str, str]:
    """Return what a bracket is in mcalc's notation: round, a vector, index notation, or a group."""
    first, last = n.tokens[opening], n.tokens[close]
    if first.text == "(" and last.text == ")":
        return "(", ")"
    following = n.tokens[close + 1] if close + 1 < len(n.tokens) else last
    marks = _separators(n, opening + 1, close)
    if first.text == "[" and last.text == "]":
        if marks or (following.kind == "sub" and close + 1 < (n.frames[-1].end if n.frames else len(n.tokens))):
            return "[", "]"
        return "{", "}"
    if first.text == "{" and last.text == "}":
        if marks:
            raise fail("a set is no expression", first, last, "in braces", r"a function of two is \max(a, b)")
        return "{", "}"
    raise fail(f"'{first.text}' and '{last.text}' do not go together", first, last, "one bracket")


def _separators(n: Normaliser, start: int, end: int) -> bool:
    place = start
    while place < end:
        token = n.tokens[place]
        if token.is_other(",", ";"):
            return True
        place = n.match[place] + 1 if token.kind in ("open", "left", "begin") else place + 1
    return False
