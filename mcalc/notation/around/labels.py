"""Labels in brackets above a name, of samples and of layers: x^(i), W^[2], x⁽ⁱ⁾, which are x_i and W_2."""

from __future__ import annotations

from collections.abc import Collection, Container
from itertools import pairwise

from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Token
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
