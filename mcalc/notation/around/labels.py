"""Marks above a name that make another name: labels in brackets, of samples and of layers, and primes.

x^(i), W^[2] and x⁽ⁱ⁾ are x_i and W_2; x' in k(x, x'), p(x' | x), f(x) - f(x') and ‖x - x'‖ is a point, no transpose.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from itertools import pairwise

from mcalc.errors import Mistake
from mcalc.notation.around.rows import name_at
from mcalc.notation.surface.mistakes import CLOSING, OPENING, mistake_at
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import INDICES, is_function, plain_name, plain_script
from mcalc.patterns import pattern

_LETTERS = pattern(r"[^\W\d_]")
_LABELS = [["POW", f"L{bracket}", kind, f"R{bracket}"] for bracket in ("PAR", "SQB") for kind in ("WORD", "NUMBER")]


def with_labels(raw: list[Token], known: Collection[str], numbers: Container[str], notes: list[str]) -> list[Token]:
    """Return tokens with x_i for x^(i) and x⁽ⁱ⁾, of which a sum runs over i, and W_2 for W^[2] and W⁽²⁾.

    Above one of the `numbers`, which are declared so, above a function and a constant it is a power. Raises `E-AMBIG`
    where round brackets leave it open: x^(i) that no sum runs over, or one from 0; W^(2) of a capital, or beside x^(1).
    """
    said = [_label_at(raw, place) for place in range(len(raw))]
    if not any(said):
        return raw
    lows = {
        letter: below.text.partition("=")[2].strip("{} ")
        for big, below in pairwise(raw)
        if big.text in BIGS and below.type == "SUB"
        for letter in _LETTERS.findall(below.text.partition("=")[0].partition("∈")[0])
    }
    first = not {"0", "1"}.isdisjoint([label[0] for label in said if label is not None])
    made: list[Token] = []
    place = 0
    while place < len(raw):
        found, before = said[place], made[-1] if made else raw[place]
        label, length, power = found or ("", 1, "")
        old = plain_script(before.text) if before.type == "SUB" else ""
        word = made[-2] if old and len(made) > 1 else before
        base = plain_name(word.text)
        place += length
        if found is None or not _is_labelled(word, before, raw[place : place + 1]) or base in numbers:
            made += raw[place - length : place]
            continue
        mark = raw[place - length + (length > 1)]
        is_round, is_bound = mark.text[0] == "(", lows.get(label, "0") != "0" and label != old
        sub = f"_{label}" if not old and len(label) == 1 else f"_{{{label}{',' * bool(old)}{old}}}"
        if is_round and not is_bound:
            plain = label in ("n", "m") and label not in lows
            alone = (label.isdecimal() and not (first or base.isupper())) or plain
            if alone or (base in known and label not in lows):
                made += raw[place - length : place]
                continue
            whole = f"{word.text}{before.text if old else ''}"
            hint = f"write {whole}^{label} for the power, {word.text}{sub} for a name"
            at = (before, raw[place - 1])
            raise mistake_at("E-AMBIG", f"{whole}^({label}) has two readings", at, "a power or a label?", hint)
        shown = "".join([t.text for t in raw[place - length : place]]).removesuffix(power)
        note = f"{word.text}{before.text if old else ''}{shown} is read as {word.text}{sub}"
        notes += [note] if note not in notes else []
        last = raw[place - 1].end - len(power)
        start = made.pop().start if old else raw[place - length].start
        made.append(Token("SUB", sub, start, last))
        made += [Token("SUP", power, last, raw[place - 1].end)] if power else []
    return made


def _label_at(raw: list[Token], place: int) -> tuple[str, int, str] | None:
    """Return the label in brackets above what stands before a place, its tokens, and the power in glyphs behind it."""
    token = raw[place]
    if token.type == "SUP" and token.text[0] == "⁽":
        glyphs, closed, power = token.text.partition("⁾")
        label = plain_script(glyphs[1:]) if closed and len(glyphs) > 1 else ""
        length = 1
    else:
        is_label = token.text == "^" and [t.type for t in raw[place : place + 4]] in _LABELS
        label, length, power = raw[place + 2].text if is_label else "", 4, ""
    return (label, length, power) if label.isdecimal() or label in INDICES else None


def _is_labelled(word: Token, before: Token, following: list[Token]) -> bool:
    """Say whether a name may have a label above it: none that is called, as f^(2)(x), and no function or constant."""
    named = word.type == "WORD" and before.type in ("WORD", "SUB") and word.text not in ("e", "π", "pi")
    return named and not is_function(word.text) and [t.type for t in following] != ["LPAR"]


_BETWEEN = frozenset(("COMMA", "SEMI", "BAR"))
"""What stands between arguments."""
_EDGES = frozenset((*OPENING, *CLOSING, "BAR", "NORM"))


def with_points(raw: list[Token], matrices: Container[str], notes: list[str]) -> list[Token]:
    """Return tokens with x_prime for x' where it is another point beside x; a matrix is transposed.

    Raises `E-AMBIG` for ‖X - X'‖, which has both readings.
    """
    own = _arguments(raw, matrices) | _differences(raw, matrices)
    made: list[Token] = []
    for place, token in enumerate(raw):
        first = _first(raw, place) if token.type == "PRIME" and token.text in ("'", "′") else place
        word = raw[first].text
        if first == place or word not in own:
            made.append(token)
            continue
        note = f"{word}' is a variable of its own, {word}_prime"
        notes += [note] if note not in notes else []
        made.insert(len(made) - (place - first - 1), Token("SUB", "_prime", raw[first].end, raw[first].end))
        made[-1].end = max(made[-1].end, token.end)
    return made


def _first(raw: list[Token], end: int) -> int:
    """Return the place of the word that a name ends with at a place; that place where none does."""
    first = end - 1
    while first > 0 and raw[first].type == "SUB":
        first -= 1
    return first if first >= 0 and raw[first].type == "WORD" else end


def _arguments(raw: list[Token], matrices: Container[str]) -> set[str]:
    """Return the names that stand with a prime as one of several arguments, or where they stand without one, too."""
    heads: list[tuple[str, int]] = []
    plain: set[tuple[str, str]] = set()
    primed: list[tuple[str, str, str, bool]] = []
    for place, token in enumerate(raw[:-1]):
        if token.type in OPENING:
            heads.append((_head(raw, place), place))
        elif token.type in CLOSING and heads:
            heads.pop()
        elif token.type == "WORD" and heads and heads[-1][0]:
            head, opened = heads[-1]
            name, end = name_at(raw, place)
            behind = end + (raw[end : end + 1] != [] and raw[end].type == "PRIME")
            first = place - 1 == opened
            if name is None or not (first or raw[place - 1].type in _BETWEEN) or raw[behind : behind + 1] == []:
                continue
            if raw[behind].type in (*_BETWEEN, *CLOSING):
                if behind == end:
                    plain.add((head, name.full))
                elif token.text not in matrices:
                    primed.append((head, name.full, token.text, first and raw[behind].type in CLOSING))
    beside = {name for _, name in plain}
    return {
        word
        for head, name, word, alone in primed
        if (head, name) in plain or not (alone or (word.isupper() and name not in beside))
    }


def _head(raw: list[Token], opened: int) -> str:
    """Return the name before a bracket with its subscripts, unless it is a function of the table; empty without one."""
    first = _first(raw, opened)
    if raw[opened].type != "LPAR" or raw[opened - 1].end != raw[opened].start or is_function(raw[first].text):
        return ""
    return "".join([t.text for t in raw[first:opened]])


def _differences(raw: list[Token], matrices: Container[str]) -> set[str]:
    """Return the small letters of which x - x' or x' - x stands alone in brackets or bars: a vector is no row."""
    found: set[str] = set()
    for place, sign in enumerate(raw):
        if sign.text not in ("-", "−") or not place:
            continue
        marked = raw[place - 1].type == "PRIME"
        first = _first(raw, place - marked)
        (left, end), (right, last) = name_at(raw, first), name_at(raw, place + 1)
        marks = [t for t in (*raw[end:place], *raw[last : last + (not marked)]) if t.type == "PRIME"]
        if left is None or right is None or left.full != right.full or len(marks) != 1 or end != place - marked:
            continue
        edges = *raw[first - 1 : first], *raw[last + (not marked) :][:1]
        word = raw[first].text
        if any([t.type not in _EDGES for t in edges]) or word in matrices:
            continue
        if not word.isupper():
            found.add(word)
        elif [t.type for t in edges] == ["NORM", "NORM"]:
            raise _unclear(left, marks[0])
    return found


def _unclear(name: Name, mark: Token) -> Mistake:
    said = f"{name.full}' may be the transpose, or another matrix"
    return mistake_at("E-AMBIG", said, mark, "which?", f"write {name.full}^T, or {name.full}_2 for another")
