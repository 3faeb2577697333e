r"""Superscripts and subscripts: indices, parts of names, transposes, powers, and the limits of sums."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex.commands import FONTS, LETTERS, SIGNS, SWITCHES, TRANSPOSES
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.letters import Read
    from mcalc.notation.latex.normalise import Normaliser

MARKS = 12
"""A superscript of more tokens than this is a power."""
_INDEX = re.compile(r"\(([^\W_]+([+-][^\W_]+)?)\)")
_TRANSPOSED = frozenset("\\" + name for name in TRANSPOSES)
IN_TEXT = {
    "ne": "!=", "neq": "!=", "times": "×", "cdot": "*", "infty": "∞", "prime": "prime", "star": "star", "ast": "star",
    "vert": "|", "lvert": "|", "rvert": "|", "mid": "|", "ell": "ℓ", "top": "⊤", "backslash": "",
}  # fmt: skip


class Scripts:
    """The scripts after something: where the subscript and the superscript begin and end, primes, what is after."""

    __slots__ = ("last", "place", "primes", "sub", "sup")

    def __init__(self, last: Tex, place: int) -> None:
        self.sub: tuple[int, int] | None = None
        self.sup: tuple[int, int] | None = None
        self.primes = 0
        self.last = last
        self.place = place


def collect(n: Normaliser) -> Scripts:
    """Return the scripts that follow; nothing is written yet."""
    found = Scripts(n.tokens[max(n.place - 1, 0)], n.place)
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    while found.place < limit:
        token = n.tokens[found.place]
        if token.kind == "prime":
            found.primes += 1
            found.place += 1
        elif token.kind in ("sub", "sup"):
            start, end, after = n.argument(found.place + 1, token)
            bracketed = token.kind == "sub" and found.place and n.tokens[found.place - 1].kind == "right"
            if start >= end and not bracketed:  # [...]_{} is index notation without free indices
                raise fail(f"'{token.text}' of nothing", token, label="empty")
            if (found.sub if token.kind == "sub" else found.sup) is not None:
                raise fail(f"a second '{token.text}'", token, label="one too many", hint="write brackets")
            if start < end:
                _one_digit(n, start, end, after, token)
            if token.kind == "sub":
                found.sub = start, end
            else:
                found.sup = start, end
            found.place = after
        else:
            break
        found.last = n.tokens[found.place - 1]
    return found


def _one_digit(n: Normaliser, start: int, end: int, after: int, token: Tex) -> None:
    """Refuse x^10, of which TeX takes the 1 alone."""
    following = n.tokens[after] if after < len(n.tokens) else None
    if after != end or n.tokens[start].kind != "digit" or following is None:
        return
    if following.kind == "digit" and following.glued:
        raise Mistake(
            "E-AMBIG",
            f"in LaTeX only one digit follows '{token.text}' without braces",
            [Span(token.start, following.end, "more than one digit")],
            hint=f"write {token.text}{{{n.tokens[start].text}{following.text}}}",
        )


def after(n: Normaliser, what: str) -> None:
    """Write the scripts after a number, a bracket, a norm or a call."""
    found = collect(n)
    if found.place == n.place:
        return
    first = n.tokens[n.place]
    if found.sub is not None:
        text = text_of(n, *found.sub)
        if what == "norm" and text.lower() in ("fro", "f"):
            text = "F"
        n.write(_spelled(text) if what == "number" else _braced(text), first, found.last, glued=True)
    power_of(n, found)


def power_of(n: Normaliser, found: Scripts) -> None:
    """Write the primes and the superscript that were found, and go on after the scripts."""
    at = n.tokens[n.place] if n.place < len(n.tokens) else found.last
    if found.primes:
        n.write("'" * found.primes, at, found.last, glued=True)
    if found.sup is None:
        n.place = found.place
    else:
        superscript(n, *found.sup, found.place)


def superscript(n: Normaliser, start: int, end: int, jump: int) -> None:
    """Write a superscript as a transpose or a power."""
    marks, upright = marks_of(n, start, end)
    first, last = n.tokens[start], n.tokens[end - 1]
    inverse = marks.startswith("-")
    rest = marks[1:] if inverse else marks
    if rest in _TRANSPOSED or (rest == "T" and upright):
        n.write("⁻ᵀ" if inverse else "ᵀ", first, last, glued=True)
        n.place = jump
    elif rest == "T":
        n.write("^{-T}" if inverse else "^T", first, last, glued=True)
        n.place = jump
    elif marks and not marks.replace("\\prime", ""):
        count = marks.count("\\prime")
        n.write("′″‴"[count - 1] if count <= 3 else "'" * count, first, last, glued=True)
        n.place = jump
    elif first.is_command("circ", "odot") and end - start > 1:
        n.enter(start + 1, end, ".^{", "}", jump)
    elif marks in ("\\dagger", "\\star", "*", "\\ast", "+", "-", "\\circ", "\\ddagger"):
        name = "a pseudo-inverse or an adjoint" if marks in ("\\dagger", "+", "*") else "this superscript"
        raise fail(f"{name} is not read", first, last, "not read", r"a transpose is ^\top, an inverse ^{-1}")
    elif upright and rest.isalpha() and (len(rest) > 1 or rest.isupper()) and rest not in n.known:
        raise fail(f"the superscript {rest} stands on no name", first, last, "not a power", r"a transpose is ^\top")
    else:
        n.enter(start, end, "^{", "}", jump)


def marks_of(n: Normaliser, start: int, end: int) -> tuple[str, bool]:
    """Return the signs of a short superscript, without fonts and braces, and whether all its letters are upright."""
    if end - start > MARKS:
        return "", False
    upright = slanted = False
    found = ""
    within = 0
    for place in range(start, end):
        token = n.tokens[place]
        if token.kind == "command" and token.text in FONTS:
            if FONTS[token.text] == "upright":
                upright = True
                within = end if token.text in SWITCHES else n.argument(place + 1, token)[2]
        elif token.kind not in ("open", "close"):
            slanted = slanted or (token.kind == "letter" and place >= within)
            found += token.shown if token.kind == "command" else token.text
    return found.replace("−", "-"), upright and not slanted


# names ---------------------------------------------------------------------------------------------------------------


def of_name(n: Normaliser, read: Read) -> None:
    """Write a name with the scripts that belong to it, then those that do not."""
    found = collect(n)
    subs = [*read.subs]
    if found.sub is not None:
        subs.append(text_of(n, *found.sub))
    if found.sup is not None:
        _part_of_name(n, read, subs, found)
    if len(read.base) > 1 and subs and read.base not in n.known and not n.running.isdisjoint(subs[-1]):
        capital = read.base[0].upper() + read.base[1:]  # the entries of D_hat, as in \hat{d}_{ij}
        read.base = capital if capital in n.known else read.base
    base = read.base
    full = base + "".join(["_" + sub if sub.isalnum() else f"_{{{sub}}}" for sub in subs])
    if found.sup is not None and marks_of(n, *found.sup)[0] == "\\prime" and f"{base}_prime" in n.known:
        found.primes, found.sup = 1, None
    if found.primes:
        primed = [f"{base}_prime", *["_" + sub for sub in subs]]
        if "".join(primed) in n.known or primed[0] in n.known:
            base, found.primes = primed[0], 0
        elif subs and f"{base.upper()}_prime" in n.known:  # a row of the samples Z'
            base, found.primes = f"{base.upper()}_prime", 0
    last = found.last if found.sub is not None or found.sup is None else read.last
    if base == "I" and subs and "I" not in n.known and not n.running.intersection(subs[0]) and len(subs) == 1:
        size = re.split("[×,]", subs[0])[0]
        n.write(f"I({size})", read.first, last)
    else:
        n.met.add(base, subs, read.order, read.first)
        if base in ("Σ", "Π") and base not in n.known:
            n.met.word(base)
        if len(base) > 1 and subs and full not in n.known:
            n.met.word(base) if base.isalpha() else None
        n.write(base + "".join([_spelled(sub) for sub in subs]), read.first, last)
    power_of(n, found)


def _braced(sub: str) -> str:
    return f"[{sub}]" if ":" in sub else f"_{{{sub}}}"


def _spelled(sub: str) -> str:
    return f"_{sub}" if len(sub) == 1 and sub.isalnum() else _braced(sub)


def _part_of_name(n: Normaliser, read: Read, subs: list[str], found: Scripts) -> None:
    """Take a superscript that is an index or a part of the name, as in x^{(i)}, w^* and θ^{old}, to the subscripts."""
    assert found.sup is not None
    marks, upright = marks_of(n, *found.sup)
    index = _INDEX.fullmatch(marks)
    made = ""
    if index is not None and "\\" not in marks:
        made = index[1]
        if subs and (not made.isdecimal() or (read.base.islower() and read.base.upper() in n.known)):
            subs[0] = f"{made},{','.join(subs[0]) if subs[0].isalpha() else subs[0]}"
        else:
            subs.insert(0, made)
    elif marks in ("*", "\\star", "\\ast", "+", "-") or (
        upright and marks.isalnum() and len(marks) > 1 and (marks not in n.known or f"{read.base}_{marks}" in n.known)
    ):
        made = marks if marks in "+-" or marks.isalnum() else "star"
        runs = bool(subs) and not n.running.isdisjoint(subs[-1])
        subs.insert(len(subs) - runs, made)
        _name_samples(n, read, made, runs=runs)
    elif len(marks) == 1 and marks.isalpha() and not upright and marks not in n.known and marks != "T":
        made = _letter_above(n, read, subs, marks, found)
    if made:
        whole = read.base + "".join([_spelled(sub) for sub in subs])
        n.note(f"{n.text[read.first.start : found.last.end]} is read as {whole}")
        found.sup = None


def _name_samples(n: Normaliser, read: Read, made: str, *, runs: bool) -> None:
    """Take a small letter with an index for the samples that a capital with the same mark names: x_i^{pos} of X_pos."""
    names = [f"{base}_{made}" for base in (read.base, read.base.upper())]
    if runs and names[0] not in n.known and names[1] in n.known:
        read.base = read.base.upper()


def _letter_above(n: Normaliser, read: Read, subs: list[str], letter: str, found: Scripts) -> str:
    """Return a letter above that is part of a name, x_i^a of x_a or X_a; refuse one above a vector."""
    runs = bool(subs) and not n.running.isdisjoint(subs[-1])
    if any([f"{base}_{letter}" in n.known for base in (read.base, read.base.upper())]):
        subs.insert(len(subs) - runs, letter)
        _name_samples(n, read, letter, runs=runs)
        return letter
    rows = n.scope.variables.get(read.base.upper()) if read.base.islower() and len(subs) == 1 else None
    base = n.scope.variables.get(read.base)
    order = base.order - len(subs) if base is not None else rows.order - 1 if rows is not None else 0
    if order != 1 or letter in n.scope.sizes:
        return ""
    name = f"{read.base.upper() if rows is not None else read.base}_{letter}"
    raise Mistake(
        "E-AMBIG",
        f"{letter} above a vector is a power or a part of the name",
        [Span(read.first.start, found.last.end, f"a power {letter}?")],
        hint=f"declare {name} for a name, {letter}: R for a power",
    )


def text_of(n: Normaliser, start: int, end: int) -> str:
    """Return a subscript or a limit as mcalc writes it: without fonts and spaces."""
    out: list[str] = []
    tokens = n.tokens
    for place in range(start, end):
        token = tokens[place]
        kind, text = token.kind, token.text
        if kind in ("letter", "digit") or (kind in ("left", "right") and text in "()|"):
            out.append(text)
        elif kind == "other" and text in "+-−=,:/*|<>.":
            out.append({"*": "star", "−": "-"}.get(text, text) if text != "*" or end - start == 1 else text)
        elif kind == "prime":
            out.append("prime")
        elif kind == "command" and text in LETTERS:
            out.append(LETTERS[text])
        elif kind == "command" and text in IN_TEXT:
            out.append(IN_TEXT[text])
        elif kind == "command" and text in ("min", "max", "inf", "sup", "lim", "det", "log", "exp"):
            out.append(text)
        elif kind == "command" and (text in FONTS or text in SWITCHES):
            continue
        elif kind == "sub":
            out.append("_")
        elif kind in ("open", "close", "quad"):
            continue
        elif kind == "command" and text in ("in", "notin", "subset", "sim"):
            raise Mistake(
                "E-UNSUPPORTED",
                "a sum over a set has no limits",
                [Span(tokens[start].start, tokens[end - 1].end, "which values?")],
                hint=r"write \sum_{i=1}^{n}",
            )
        elif kind == "command" and SIGNS.get(text) in ("<", "≤", ">", "≥"):
            out.append(SIGNS[text])
        else:
            raise fail(f"{token.shown} is not read in a subscript or a limit", token, label="not read")
    return "".join(out)


# sums and spaces -----------------------------------------------------------------------------------------------------


def big(n: Normaliser, token: Tex) -> None:
    """Write a sum or a product over an index, with its limits."""
    n.place += 1
    found = collect(n)
    if found.sub is None or found.primes:
        raise fail(
            f"{token.shown} over which index?", token, label="no index", hint=rf"write {token.shown}_{{i=1}}^{{n}}"
        )
    lower = text_of(n, *found.sub)
    fixed = next((c for c in lower if c in n.left), "") if any([sign in lower for sign in "<>≤≥≠!"]) else ""
    if fixed:
        raise Mistake(
            "E-AMBIG",
            f"{fixed} stands on the left too: does {token.shown} run over it?",
            [Span(token.start, found.last.end, "over which index?")],
            hint=f"give {fixed} a value, such as 1, on both sides; or leave out the left side",
        )
    if ":" in lower or "|" in lower[1:-1]:
        raise Mistake(
            "E-UNSUPPORTED",
            "a sum over the values that fulfil a condition is not read",
            [Span(token.start, found.last.end, "which values?")],
            hint=r"multiply by an indicator: \sum_{i=1}^{n} \mathbf{1}[y_i = 1] x_i",
        )
    if lower[:1] == "(" and lower[-1:] == ")":
        lower = lower[1:-1]
    if 1 < len(lower) <= 3 and lower.isalpha():
        lower = ",".join(lower)
    upper = f"^{{{text_of(n, *found.sup)}}}" if found.sup is not None else ""
    n.write(f"{SIGNS[token.text]}_{{{lower}}}{upper}", token, found.last)
    n.place = found.place


def running_indices(n: Normaliser) -> set[str]:
    """Return the letters that sums and products run over, wherever they stand in the formula."""
    found: set[str] = set()
    tokens = n.tokens
    for place, token in enumerate(tokens):
        if not token.is_command("sum", "prod"):
            continue
        for at in range(place + 1, min(place + 10, len(tokens))):
            if tokens[at].kind == "sub":
                start, end, _ = n.argument(at + 1, tokens[at])
                letters = [t for t in tokens[start : min(end, start + 12)] if t.kind == "letter"]
                found.update([t.text for t in letters[:2]])
                break
    return found


def space(n: Normaliser) -> None:
    """Write the sizes of a space, as in ℝ^{m × n}, and that its elements are positive."""
    found = collect(n)
    if found.sup is not None:
        n.write(f"^{{{text_of(n, *found.sup).replace('×', ' × ')}}}", n.tokens[found.sup[0]], found.last, glued=True)
    if found.sub is not None:
        mark = text_of(n, *found.sub)
        if mark not in ("+", "++", ">0"):
            raise fail("this space is not read", n.tokens[found.sub[0]], label="not read")
        n.write("> 0", n.tokens[found.sub[0]], found.last)
        if mark == "+":
            n.note("a space of numbers that are not negative is read as one of positive ones")
    n.place = found.place


def positive_part(n: Normaliser, close: int) -> bool:
    """Write [z]_+ and (z)_+ as max(0, z); say whether it is one."""
    tokens = n.tokens
    if close + 1 >= len(tokens) or tokens[close + 1].kind != "sub" or (n.frames and n.frames[-1].end <= close + 1):
        return False
    start, end, jump = n.argument(close + 2, tokens[close + 1])
    if end - start != 1 or not tokens[start].is_other("+"):
        return False
    n.note("[z]_+ is read as max(0, z)")
    n.enter(n.place + 1, close, "max(0,", ")", jump, lambda: after(n, "group"))
    return True
