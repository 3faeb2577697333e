r"""What stands around a formula: its name on the left, punctuation and conditions behind; and what is no formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.commands import FONTS, LETTERS, SIGNS, TEXTUAL, function_of
from mcalc.notation.latex.tokens import Tex

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

OPTIMISED = "a least or greatest value over a variable"
KINDS = {
    "a statement about distributions": ("sim", "mid", "Pr", "perp"),
    "an approximation or proportionality, which says no value": ("approx", "propto", "simeq", "cong", "asymp"),
    "an integral": ("int", "iint", "oint"),
    OPTIMISED: ("min", "max", "argmin", "argmax", "arg", "sup", "inf"),
    "a limit": ("lim", "limsup", "liminf"),
    "a statement about all values": ("forall", "exists", "implies", "iff", "Rightarrow", "Leftrightarrow"),
    "a map, not its value": ("to", "rightarrow", "mapsto", "leftarrow", "gets", "longrightarrow"),
    "written with dots, which leave out what is meant": ("ldots", "dots", "cdots", "vdots", "ddots", "dotsc", "dotsb"),
}  # fmt: skip
KEPT = frozenset(("min", "max", "argmin", "argmax", "arg", "sup", "inf", "int", "lim", "Pr", "forall"))
QUALIFYING = frozenset((
    "where", "for", "with", "and", "forall", "forany", "forevery", "foreach", "forsome", "here",
))  # fmt: skip
"""Words that join a condition to a formula, without their spaces."""


def statement_of(n: Normaliser, first: Tex, last: Tex, what: str) -> Mistake:
    """Return the mistake of something that is no expression, with the part of the formula to keep."""
    place = n.place
    while place < len(n.tokens) and n.tokens[place].start < last.end:
        place += 1
    while place < len(n.tokens) and n.tokens[place].kind in ("sub", "sup"):
        place = n.argument(place + 1, n.tokens[place])[2]
    rest = n.source(place, n.ends[place] if place < len(n.ends) else place)
    hint = f"keep what follows it: {rest}" if rest else "write the expression that is differentiated"
    words = n.text[first.start : last.end]
    if what == OPTIMISED and words.lstrip("\\")[:3] in ("max", "min"):
        hint += rf"; of a vector's elements write {words[:4]}(x)"
    return Mistake("E-UNSUPPORTED", f"{words} makes this {what}", [Span(first.start, last.end, "not read")], hint=hint)


def refused(n: Normaliser, token: Tex) -> Mistake:
    """Return the mistake of a command that is known and begins no expression."""
    what = next((kind for kind, commands in KINDS.items() if token.text in commands), "more than mcalc reads")
    if token.text in KEPT:
        n.place += 1
        return statement_of(n, token, token, what)
    hint = r"write a sum: \sum_{i=1}^{n} x_i" if "dots" in what else "keep the expression that is differentiated"
    return Mistake(
        "E-UNSUPPORTED", f"{token.shown} makes this {what}", [Span(token.start, token.end, "not read")], hint=hint
    )


def trim(n: Normaliser, *, value: bool, claim: bool) -> None:
    """Drop what stands around the formula: punctuation at its end, and a left-hand side that is no name."""
    _punctuation(n)
    if not claim:
        _left_side(n, value=value)
    _membership(n)


def _punctuation(n: Normaliser) -> None:
    r"""Drop a final full stop, comma or semicolon, also before ``\end``."""
    tokens = n.tokens
    last = len(tokens)
    while last > 1 and tokens[last - 1].kind in ("end", "quad"):
        last -= 1
    token = tokens[last - 1] if last else None
    if token is not None and last > 1 and token.is_other(".", ",", ";"):
        n.note(f"the final '{token.text}' is left out")
        tokens[last - 1] = Tex("quad", "", token.start, token.end)


def _left_side(n: Normaliser, *, value: bool) -> None:
    r"""Drop a left-hand side such as ``\ln p(t \mid w)``: it names what follows, but is no name.

    Where the `value` is asked for, any left-hand side that takes no derivative is one.
    """
    equals = _equals(n)
    if equals is None or equals == 0:
        return
    left = n.tokens[:equals]
    if _is_head(n, equals) or any([_derives(t) for t in left]):
        return
    begins = [t for t in left if not t.is_other("-", "−")]
    named = bool(begins) and begins[0].kind == "command" and function_of(begins[0].text) in ("ln", "log", "exp")
    given = any([t.is_command("mid", "vert", "Vert", "|") or t.is_other("|") for t in left]) and any(
        [t.kind == "left" for t in left]
    )
    if not (value or named or given or (begins and _is_name(n, len(left) - len(begins), equals))):
        return
    n.note(f"the left-hand side {n.source(0, equals)} only names what follows")
    for place in range(equals + 1):
        token = n.tokens[place]
        n.tokens[place] = Tex("quad", "", token.start, token.end)


def _derives(token: Tex) -> bool:
    return token.is_command("partial", "nabla", "frac", "dfrac", "tfrac") or token.kind == "begin"


def _is_head(n: Normaliser, equals: int) -> bool:
    """Say whether the left-hand side is a name, or a name with its parameters."""
    place = _after_name(n, 0)
    if place is None:
        return False
    if place == equals:
        return True
    if place > equals or n.tokens[place].kind != "left" or n.tokens[place].text != "(" or n.match[place] != equals - 1:
        return False
    place += 1
    while place < equals - 1:
        after = _after_name(n, place)
        if after is None or not (after == equals - 1 or n.tokens[after].is_other(",", ";")):
            return False
        place = after + 1
    return True


def _is_name(n: Normaliser, start: int, end: int) -> bool:
    r"""Say whether a part is a name with a power or something in brackets, as ``\sigma^2`` and ``H[p]``."""
    place = _after_name(n, start, powers=True)
    if place is None:
        return False
    return place == end or (place < end and n.tokens[place].kind == "left" and n.match[place] == end - 1)


def _after_name(n: Normaliser, place: int, *, powers: bool = False) -> int | None:
    """Return the place after a name with the scripts that belong to it; None where there is no name."""
    read = letters.read_name(n, place)
    if read is None:
        return None
    place = read.end
    while place < len(n.tokens) and n.tokens[place].kind in ("sub", "sup", "prime"):
        token = n.tokens[place]
        if token.kind == "prime":
            place += 1
            continue
        start, end, after = n.argument(place + 1, token)
        if token.kind == "sup" and not powers:
            marks, upright = scripts.marks_of(n, start, end)
            if not (marks.startswith("(") or marks in ("*", "\\star", "+", "-") or (upright and len(marks) > 1)):
                return None
        place = after
    return place


def left_indices(n: Normaliser) -> set[str]:
    """Return the letters below the names on the left of an equals sign: what follows it holds for each of them."""
    equals = _equals(n) or 0
    found: set[str] = set()
    for place in range(equals):
        if n.tokens[place].kind == "sub":
            start, end, _ = n.argument(place + 1, n.tokens[place])
            found.update([t.text for t in n.tokens[start:end] if t.kind == "letter"])
    return found


def _equals(n: Normaliser) -> int | None:
    """Return the place of the only equals sign outside all brackets, before the definitions after a "where"."""
    place = 0
    found: int | None = None
    while place < len(n.tokens):
        token = n.tokens[place]
        if token.kind == "open" and _word_in(n, place) == "where":
            break
        if token.is_other(",") and found is None:
            return None  # what has an equals sign behind a comma is a definition beside the formula
        if token.is_other("=") or (token.kind == "command" and SIGNS.get(token.text) == "="):
            if found is not None:
                return None
            found = place
        place = n.match[place] + 1 if token.kind in ("open", "left") else place + 1
    return found


def _membership(n: Normaliser) -> None:
    r"""Take ``x \in \mathbb{R}^n`` after a formula for declarations, or drop it; after names alone it is one."""
    tokens = n.tokens
    at = next((k for k, t in enumerate(tokens) if t.is_command("in") or t.is_other("∈")), None)
    if at is None or at + 1 >= len(tokens):
        return
    following = tokens[at + 1]
    space = following.kind == "command" and FONTS.get(following.text) == "open"
    start = _condition(n, at)
    if not space and not (start and (following.kind == "left" or FONTS.get(following.text) == "script")):
        return
    if start and _declare(n, start):
        pass
    elif start:
        n.note(f"{n.source(start, len(tokens))} is left out; --where declares shapes")
    elif all([_may_stand_in_names(t) for t in tokens[:at]]):
        return
    else:
        start = at
        n.note(f"{n.source(start, len(tokens))} is left out")
    for place in range(start, len(tokens)):
        if tokens[place].kind not in ("end", "close", "right"):
            token = tokens[place]
            tokens[place] = Tex("quad", "", token.start, token.end)


def _declare(n: Normaliser, start: int) -> bool:
    r"""Keep the declarations behind a formula, of names that nothing declares yet; say whether there is one."""
    tokens = n.tokens
    first = place = start
    found: list[str] = []
    while place <= len(tokens):
        token = tokens[place] if place < len(tokens) else Tex("quad", "", 0, 0)
        if token.kind in ("open", "left"):
            place = n.match[place] + 1
            continue
        word = token.kind == "command" and token.text in TEXTUAL
        if word or token.kind in ("quad", "close", "end", "right") or token.is_other(",", "."):
            part = tokens[first:place]
            names = _names_before_in(part)
            if names and n.known.isdisjoint(names):
                found.append(n.text[part[0].start : part[-1].end])
            if names is not None or not token.is_other(",") or place == first:
                first = place + 1
        place += 1
        if word and place in n.match:
            first = place = n.match[place] + 1
    n.pasted.declared.extend(found)
    return bool(found)


def _names_before_in(part: list[Tex]) -> list[str] | None:
    r"""Return the letters before ``\in``; None where there is no such sign."""
    at = next((k for k, t in enumerate(part) if t.is_command("in") or t.is_other("∈")), None)
    if at is None:
        return None
    return [LETTERS.get(t.text, t.text) for t in part[:at] if t.text in LETTERS or t.kind == "letter"]


def _condition(n: Normaliser, at: int) -> int:
    r"""Return where the condition begins that ``\in`` belongs to: after a comma, a space, a word; or 0."""
    outside = 0
    for k in range(at - 1, 0, -1):
        token = n.tokens[k]
        if token.kind == "close" and _is_word(n, k):
            outside = n.opened[k] - 1
            break
        if token.kind in ("close", "right", "end"):
            break
        if token.kind == "quad":
            outside = k
            break
        if not _may_stand_in_names(token):
            break
        if token.is_other(","):
            outside = k
    while outside > 1 and (n.tokens[outside - 1].kind == "quad" or n.tokens[outside - 1].is_other(",")):
        outside -= 1
    before = n.tokens[:outside]
    return 0 if all([_may_stand_in_names(t) for t in before]) else outside


def _is_word(n: Normaliser, close: int) -> bool:
    r"""Say whether a brace closes ``\text{where}``, or another word that joins a condition to a formula."""
    return _word_in(n, n.opened.get(close, 0)) in QUALIFYING


def _word_in(n: Normaliser, opening: int) -> str:
    r"""Return the word in the braces of ``\text{where}``, or none."""
    if not opening or n.tokens[opening - 1].kind != "command" or n.tokens[opening - 1].text not in TEXTUAL:
        return ""
    return "".join([t.text for t in n.tokens[opening + 1 : n.match[opening]]])


def _may_stand_in_names(token: Tex) -> bool:
    return (
        token.kind in ("letter", "digit", "open", "close", "sub", "quad")
        or token.is_other(",")
        or (
            token.kind == "command"
            and not SIGNS.get(token.text)
            and token.text not in ("frac", "sum", "prod", "log", "exp")
        )
    )
