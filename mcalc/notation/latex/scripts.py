r"""Superscripts and subscripts: indices, parts of names, transposes, powers, and the limits of sums."""

from __future__ import annotations

import re

from mcalc.notation.latex.letters import (
    LABELS,
    Read,
    Scripts,
    collect,
    is_word,
    marks_of,
    run_of_letters,
    text_of,
)
from mcalc.notation.latex.registry import entry_of
from mcalc.notation.latex.state import State
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import subscripted_name
from mcalc.notation.surface.tex import Tex, fail
from mcalc.notation.surface.words import ABSTRACT, INDICES

_LETTERED = frozenset("abcdfghijklmnopqrstuvwxyz")
"""Upright letters that above a name say which it is; e above is a number."""
TRANSPOSE = re.compile(
    r"\^\s*\{?\s*(?:\\(?:top|intercal|transpose)|(?:\\(?:mathsf|mathrm|rm|sf|text)\s*\{?\s*)?T)(?![a-zA-Z])|⊤|ᵀ"
)
"""A transpose that is no prime."""
_LIMIT = re.compile(r"\\(?:sum|prod)(?:\\(?:no)?limits)?\s*(?:_\s*(?:\{[^{}]*\}|\w)\s*)?\^\s*\{?\s*T")
"""The T that a sum goes up to."""
INDEX = re.compile(r"[(\[]([^\W_]+([+-][^\W_]+)?)[)\]]")


def after(p: State, what: str) -> None:
    """Put the scripts after a number, a bracket, a norm or a call."""
    found = collect(p)
    if found.place == p.place:
        return
    if found.sub is not None:
        text = text_of(p, *found.sub)
        p.sub("F" if what == "norm" and text.lower() in ("fro", "f") else text, found.last)
    power_of(p, found)


def power_of(p: State, found: Scripts) -> None:
    """Put the primes and the superscript that were found, and go on after the scripts."""
    at = p.tokens[p.place] if p.place < len(p.tokens) else found.last
    for _ in range(found.primes):
        p.put("'", at, found.last)
    if found.sup is None:
        p.place = found.place
    else:
        superscript(p, *found.sup, found.place)


def superscript(p: State, start: int, end: int, jump: int) -> None:
    """Put a superscript as a transpose or a power."""
    marks, upright = marks_of(p, start, end)
    first, last = p.tokens[start], p.tokens[end - 1]
    rest = marks.removeprefix("-")
    if p.below and marks in ("⊤", "T"):
        p.note("a transpose below the line of a derivative only says how it is laid out")
    elif marks.isdecimal():
        p.put(f"^{marks}", first, last)
    elif rest == "⊤" or (rest == "T" and upright):
        p.put("⁻ᵀ" if marks != rest else "ᵀ", first, last)
    elif rest == "T":
        p.put("^{-T}" if marks != rest else "^T", first, last)
    elif marks and not marks.replace("\\prime", ""):
        count = marks.count("\\prime")
        p.put("′″‴"[count - 1] if count <= 3 else "'" * count, first, last)
    elif first.is_command("circ", "odot") and end - start > 1:
        p.enter(start + 1, end, ".^{", "}", jump)
        return
    elif marks == "+":
        p.put("⁺", first, last)
    elif marks == "\\dagger":
        hint = r"write ^+ for the pseudo-inverse, ^\top for the transpose, which is the adjoint of a real matrix"
        raise mistake_at("E-AMBIG", "a dagger is the pseudo-inverse, or the adjoint", (first, last), "which?", hint)
    elif marks in ("\\star", "*", "\\ast", "-", "\\circ", "\\ddagger"):
        name = "an adjoint" if marks == "*" else "this superscript"
        raise fail(f"{name} is not read", first, last, "not read", r"a transpose is ^\top, an inverse ^{-1}")
    elif upright and rest.isalpha() and (len(rest) > 1 or rest.isupper()) and rest not in p.known:
        hint = r"a transpose is ^\top, and so is the conjugate transpose of what is real"
        raise fail(f"the superscript {rest} is not read", first, last, "not a power", hint)
    else:
        p.enter(start, end, "^{", "}", jump)
        return
    p.place = jump


def of_name(p: State, read: Read, value: object = None) -> None:
    """Put a name with the scripts that belong to it, then those that do not."""
    found = collect(p)
    subs = [*read.subs]
    if found.sub is not None:
        subs.append(text_of(p, *found.sub))
    if found.sup is not None:
        _part_of_name(p, read, subs, found)
    if len(read.base) > 1 and subs and read.base not in p.known and not p.running.isdisjoint(subs[-1]):
        capital = read.base[0].upper() + read.base[1:]  # the entries of D_hat, as in \hat{d}_{ij}
        read.base = capital if capital in p.known else read.base
    base = read.base
    full = subscripted_name(base, subs).full
    if found.sup is not None and marks_of(p, *found.sup)[0] == "\\prime" and f"{base}_prime" in p.known:
        found.primes, found.sup = 1, None
    if found.primes:
        primed = f"{base}_prime"
        own = found.primes == 1 and primed not in p.known and _is_own(p, found)
        if own:
            p.note(f"{base}' is a variable of its own, {primed}")
        if own or "_".join([primed, *subs]) in p.known or primed in p.known:
            base, found.primes = primed, 0
        elif subs and f"{base.upper()}_prime" in p.known:  # a row of the samples Z'
            base, found.primes = f"{base.upper()}_prime", 0
    last = found.last if found.sub is not None or found.sup is None else read.last
    sized = base == "I" and len(subs) == 1 and p.known.isdisjoint(("I", full)) and _is_size(p, read, subs[0])
    if sized and subs[0] in "123":  # I_1, I_2, I_3 may be the invariants of a tensor: I_1 is no identity to anybody
        named = not p.out and found.place < len(p.tokens) and p.tokens[found.place].text == "="
        if named or "I_1" in p.text.replace("{", ""):
            base, subs, sized = full, [], False
    if sized and not p.running.intersection(subs[0]):
        p.put(f"I({re.split('[×,]', subs[0])[0]})", read.first, last)
    else:
        p.met.add(base, subs, read.order, read.first)
        if len(base) > 1 and subs and full not in p.known and base.isalpha():
            p.met.word(base)
        p.name(base, subs, read.first, last, value)
    power_of(p, found)


def _is_size(p: State, read: Read, sub: str) -> bool:
    r"""Say whether what stands below I is surely a size: n \times n, p + 1, a number, below a bold I any letter."""
    if sub in p.scope.sizes or not sub.isalnum():
        return "\\" not in sub
    if sub.isdecimal():
        return sub != "0"
    return len(sub) == 1 and read.order > 0


def _is_own(p: State, found: Scripts) -> bool:
    """Say whether a prime is part of a name: x'_i, x'^T, or beside other transposes; not that of f'(x)."""
    called = found.place < len(p.tokens) and p.tokens[found.place].text == "("
    if found.below_prime or called:
        return found.below_prime
    return TRANSPOSE.search(_LIMIT.sub("", p.text)) is not None


def _refuse_adjoint(p: State, read: Read, found: Scripts) -> None:
    r"""Refuse ``A^* A``, the adjoint to many: a star above a capital that stands elsewhere, too, before a factor."""
    following = p.tokens[found.place] if found.place < p.limit else found.last
    if entry_of(following).kind in ("letter", "font", "left") and [t.text for t in p.tokens].count(read.base) > 1:
        shown = p.text[read.first.start : found.last.end]
        hint = rf"write {read.base}^\top for the adjoint of a real matrix, {read.base}_\star for a name"
        raise mistake_at("E-AMBIG", f"{shown} has two readings", (read.first, found.last), "an adjoint?", hint)


MOST_PRIMES = 4
"""As many primes are written in a hint at most."""


def _part_of_name(p: State, read: Read, subs: list[str], found: Scripts) -> None:
    """Take a superscript that is an index or a part of the name, as in x^{(i)}, w^* and θ^{old}, to the subscripts."""
    assert found.sup is not None
    marks, upright = marks_of(p, *found.sup)
    index = INDEX.fullmatch(marks)
    runs = bool(subs) and not p.running.isdisjoint(subs[-1])
    known = p.scope.variables.get("_".join([read.base, *subs]))
    is_matrix = read.base[0].isupper() if known is None else known.order == 2
    made = ""
    _refuse_typed_label(p, read, found.sup[0], found)
    if index is not None and "\\" not in marks:
        made = index[1]
        _refuse_order(p, read, made, found)
        if subs and subscripted_name(read.base, subs).full in p.known:
            subs.append(made)  # the sample i of one that is declared with its subscript
        elif subs and (not made.isdecimal() or (read.base.islower() and read.base.upper() in p.known)):
            subs[0] = f"{made},{','.join(subs[0]) if subs[0].isalpha() else subs[0]}"
        else:
            subs.insert(0, made)
    elif marks == "+" and is_matrix:
        return  # the pseudo-inverse
    elif marks in ("*", "\\star", "\\ast", "+", "-") or (
        upright
        and marks.isalnum()
        and (len(marks) > 1 or marks in _LETTERED)
        and (marks not in p.known or f"{read.base}_{marks}" in p.known)
    ):
        if marks in ("*", "\\ast") and read.base.isupper():
            _refuse_adjoint(p, read, found)
        _refuse_sign_above(p, read, found)
        made = marks if marks in "+-" or marks.isalnum() else "star"
        subs.insert(len(subs) - runs, made)
        _name_samples(p, read, made, runs=runs)
    elif len(marks) == 1 and marks.isalpha() and not upright and marks not in p.known and marks != "T":
        made = _letter_above(p, read, subs, marks, found, runs=runs)
    elif len(marks) > 2 and marks.isalpha() and read.base != "e" and marks not in p.known:
        made = _word_above(p, read, marks, found.sup, found.last)
        if made:
            subs.insert(len(subs) - runs, made)
            _name_samples(p, read, made, runs=runs)
    if made:
        shown = "".join([f"_{sub}" if len(sub) == 1 and sub.isalnum() else f"_{{{sub}}}" for sub in subs])
        p.note(f"{p.text[read.first.start : found.last.end]} is read as {read.base}{shown}")
        found.sup = None


def _refuse_typed_label(p: State, read: Read, start: int, found: Scripts) -> None:
    r"""Refuse ``W^(2)`` and ``x^(i)``, of which TeX raises the bracket alone: a power, or a label as in ``W^{(2)}``."""
    opened, label, closed = [t.text for t in p.tokens[start : start + 3]] + [""] * (start + 3 - len(p.tokens))
    index = label in INDICES - {"n", "m"} or (label.isdecimal() and read.base[0].isupper())
    if p.tokens[start - 1].kind == "sup" and (opened, closed) == ("(", ")") and index:
        said = f"{p.text[read.first.start : p.tokens[start + 2].end]} has two readings"
        hint = f"write {read.base}^{label} for the power, {read.base}^{{({label})}} for a name"
        raise mistake_at("E-AMBIG", said, (read.first, found.last), "a power or a label?", hint)


def _refuse_order(p: State, read: Read, label: str, found: Scripts) -> None:
    """Refuse ``f^{(2)}(x)``, a derivative to most, but one of several functions beside ``f^{(1)}``."""
    following = p.tokens[found.place] if found.place < p.limit else found.last
    if read.base not in ABSTRACT or not label.isdecimal() or following.text != "(":
        return
    if len({*re.findall(rf"{re.escape(read.first.shown)}\s*\^\s*\{{\s*\((\w+)\)", p.text)}) > 1:
        return  # the layers of a network
    shown, marks = p.text[read.first.start : found.last.end], "'" * min(int(label), MOST_PRIMES + 1)
    derivative = f"{read.base}{marks}(x)" if len(marks) <= MOST_PRIMES else f"d^{label}/dx^{label} {read.base}(x)"
    hint = f"write {derivative} for the derivative, {read.base}_{label}(x) for a function of its own"
    raise mistake_at("E-AMBIG", f"{shown} has two readings", (read.first, found.last), "a derivative?", hint)


def _refuse_sign_above(p: State, read: Read, found: Scripts) -> None:
    r"""Refuse ``e^-x`` and ``x^-1``, where TeX sets the sign above alone; with braces, or a blank, it is a mark."""
    sign, after = p.tokens[found.place - 1], p.tokens[min(found.place, len(p.tokens) - 1)]
    if sign.is_other(*"+-−") and after.glued and entry_of(after).kind in ("letter", "digit", "font", "left"):
        shown, above, rest = read.base, sign.text, p.text[after.start : after.end]
        hint = f"write {shown}^{{{above}{rest}}} for the power, {shown}^{{{above}}} {rest} for a mark"
        raise mistake_at("E-AMBIG", f"only the {above} stands above {shown} here", (read.first, after), "which?", hint)


def _name_samples(p: State, read: Read, made: str, *, runs: bool) -> None:
    """Take a small letter with an index for the samples that a capital with the same mark names: x_i^{pos} of X_pos."""
    names = [f"{base}_{made}" for base in (read.base, read.base.upper())]
    if runs and names[0] not in p.known and names[1] in p.known:
        read.base = read.base.upper()


def _letter_above(p: State, read: Read, subs: list[str], letter: str, found: Scripts, *, runs: bool) -> str:
    """Return a letter above that is part of a name, x_i^a of x_a or X_a; refuse one above a vector."""
    if any([f"{base}_{letter}" in p.known for base in (read.base, read.base.upper())]):
        subs.insert(len(subs) - runs, letter)
        _name_samples(p, read, letter, runs=runs)
        return letter
    rows = p.scope.variables.get(read.base.upper()) if read.base.islower() and len(subs) == 1 else None
    base = p.scope.variables.get(read.base)
    order = base.order - len(subs) if base is not None else rows.order - 1 if rows is not None else 0
    if order != 1 or letter in p.scope.sizes:
        return ""
    name = f"{read.base.upper() if rows is not None else read.base}_{letter}"
    said = f"{letter} above a vector is a power or a part of the name"
    hint = f"declare {name} for a name, {letter}: R for a power"
    raise mistake_at("E-AMBIG", said, (read.first, found.last), f"a power {letter}?", hint)


def _word_above(p: State, read: Read, word: str, above: tuple[int, int], last: Tex) -> str:
    """Return a word above that is part of a name, as in π^{ref}; refuse letters that may be one, or a product."""
    elsewhere = {*p.known}
    place = 0
    while place < len(p.tokens):
        together = run_of_letters(p, place)
        elsewhere |= {*together} if together != word else set()
        place += len(together) or 1
    if elsewhere.issuperset(word) or run_of_letters(p, above[0]) != word:
        return ""
    if word.isupper() or (elsewhere.isdisjoint(word) and (word in LABELS or is_word(word))):
        return word
    shown = p.text[read.first.start : read.last.end]
    hint = rf"write {shown}^{{\text{{{word}}}}} for part of the name, {shown}^{{{' '.join(word)}}} for a power"
    raise mistake_at("E-AMBIG", f"{word} above is a word or a product", (p.tokens[above[0]], last), "which?", hint)


def within(p: State, font: str, start: int, end: int, jump: int) -> None:
    """Go into a group with a font of its own."""
    p.fonts.append(font)

    def leave() -> None:
        p.fonts.pop()
        if jump:
            after(p, "group")

    p.enter(start, end, "", "", jump, leave)


def space(p: State) -> None:
    """Put the sizes of a space, as in ℝ^{m × n}, and that its elements are positive."""
    found = collect(p)
    if found.sup is not None:
        p.put(f"^{{{text_of(p, *found.sup).replace('×', ' × ')}}}", p.tokens[found.sup[0]], found.last)
    if found.sub is not None:
        mark = text_of(p, *found.sub)
        if mark not in ("+", "++", ">0"):
            raise fail("this space is not read", p.tokens[found.sub[0]], label="not read")
        p.put("> 0", p.tokens[found.sub[0]], found.last)
        if mark == "+":
            p.note("a space of numbers that are not negative is read as one of positive ones")
    p.place = found.place


def cone(p: State) -> None:
    """Put the size of a space of symmetric matrices, and what marks those that are positive definite: 𝕊^n_{++}."""
    found = collect(p)
    for sign, place in (("_", found.sub), ("^", found.sup)):
        if place is not None:
            p.put(f"{sign}{{{text_of(p, *place)}}}", p.tokens[place[0]], found.last)
    p.place = found.place


def marked_bracket(p: State, close: int) -> bool:
    """Put [z]_+ and (z)_+ as max(0, z), [k]_× as the matrix of the cross product; say whether it is one of these."""
    tokens = p.tokens
    if close + 1 >= min(len(tokens), p.limit) or tokens[close + 1].kind != "sub":
        return False
    start, end, jump = p.argument(close + 2, tokens[close + 1])
    if end - start != 1:
        return False
    if tokens[start].is_other("+"):
        shown, opening = "[z]_+ is read as max(0, z)", "max(0,"
    elif tokens[start].is_command("times") and tokens[p.place].text == "[":
        shown, opening = "[k]_× is hat(k), the matrix of the cross product", "hat("
    else:
        return False
    p.note(shown)
    p.enter(p.place + 1, close, opening, ")", jump, lambda: after(p, "group"))
    return True
