r"""Names and scripts as they are read, before anything is put: letters with fonts and accents, labels."""

from __future__ import annotations

from mcalc.notation.around.around import HEADS
from mcalc.notation.around.prose import ENGLISH
from mcalc.notation.latex.registry import entry_of, function_of, lookup
from mcalc.notation.latex.state import State
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.tex import Tex, fail
from mcalc.notation.surface.words import GREEK, VOWELS, is_function

DEEPEST = 10
"""Braces around a name inside each other."""
LONGEST = 60
"""Letters of a name."""
SHORT_FUNCTIONS = frozenset(("ln", "tr", "lg"))
"""Functions of two letters that stand for no product."""
GLUED = ("sin", "cos", "tan", "log", "exp", "ln", "sqrt")
"""Functions to which their argument may be glued: sinx."""
LONGEST_GLUED = 6
LABELS = frozenset((
    "adv", "cur", "eff", "emp", "ext", "gen", "img", "max", "min", "neg", "new", "obs", "old", "opt", "pos", "ref",
    "reg", "sim", "src", "std", "tar", "tgt", "tot", "txt", "val",
))  # fmt: skip
"""Words of three letters above a name that are part of it."""
BELOW = frozenset((
    "bar", "data", "dot", "final", "hat", "init", "loss", "mean", "model", "out", "pred", "prime", "sq", "star", "test",
    "tilde", "total", "train", "true",
))  # fmt: skip
"""Further words below a name that are part of it, with braces or without."""
MARKS = 12
"""A superscript of more tokens than this is a power."""
IN_TEXT = {
    "ne": "!=", "neq": "!=", "cdot": "*", "infty": "∞", "prime": "prime", "star": "star", "ast": "star", "mid": "|",
    "forall": "",
}  # fmt: skip
SIGNS = frozenset("+-=,:/*|<>.−")
LIMITING = frozenset("<≤>≥×∈")
SEEN_THROUGH = frozenset(("open", "close", "quad", "font", "switch", "text"))
"""What says nothing in a subscript."""


def read_name(p: State, place: int, limit: int | None = None) -> Read | None:
    """Read the name at a place with its fonts and accents; None where something else stands there."""
    tokens = p.tokens
    if place >= len(tokens):
        return None
    first = tokens[place]
    accents: list[str] = []
    closers: list[int] = []
    font = p.fonts[-1]
    order = 0
    limit = p.limit if limit is None else limit
    while place < limit:
        token = tokens[place]
        entry = entry_of(token)
        if entry.kind == "letter":
            break
        if token.kind == "open" and len(closers) < DEEPEST:
            closers.append(p.match[place])
            inner = tokens[place + 1]
            if entry_of(inner).kind == "switch":
                place += 1
                font = lookup(inner.text).value
        elif entry.kind in ("font", "text"):
            weaker = font == "upright" or (entry.value == "script" and font == "bold")
            font = font if weaker else entry.value
        elif entry.kind == "accent":
            order = 1 if entry.value == "→" else order
            accents += [entry.value] * (entry.value != "→")
        else:
            return None
        place += 1
    if place >= limit or font == "open":
        return None
    if font == "bold" and closers:
        word = "".join([t.text for t in tokens[place : closers[-1]] if t.kind == "letter"])
        if 1 < len(word) == closers[-1] - place and function_of(word) is not None:
            font = "upright"  # \mathbf{tr}
    letters = tokens[place : closers[-1]] if closers else []
    if font == "upright" and letters and all([t.kind == "letter" for t in letters]):
        base, end = "".join([t.text for t in letters]), closers[-1]
    else:
        base, end = letters_from(p, place, closers[-1] if closers else limit, upright=font == "upright")
    read = Read(base, end, first, tokens[end - 1], upright=font == "upright")
    read.script = font == "script"
    for close in reversed(closers):
        while end < close and tokens[end].kind == "sub":
            start, stop, end = p.argument(end + 1, tokens[end])
            read.subs.append(text_of(p, start, stop))
        if end != close:
            return None
        end = close + 1
    if end > limit:
        return None
    read.base = "_".join([read.base, *reversed(accents)])
    read.end, read.last = end, tokens[end - 1]
    read.order = order or ((2 if base[0].isupper() else 1) if font == "bold" else 0)
    return read


class Read:
    """A name as it was read: its base with accents, subscripts inside it, the order of its font, and its tokens."""

    def __init__(self, base: str, end: int, first: Tex, last: Tex, *, upright: bool = False) -> None:
        self.base = base
        self.end = end
        self.first = first
        self.last = last
        self.order = 0
        self.script = False
        self.subs: list[str] = []
        self.upright = upright


def letters_from(p: State, place: int, limit: int, *, upright: bool) -> tuple[str, int]:
    """Return the letters of a name and the place after them: a word if upright, else one letter or a known name.

    Digits glued to a letter belong to its name, as in x1; nobody writes a product so.
    """
    tokens = p.tokens
    token = tokens[place]
    if token.kind == "command":
        letter = lookup(token.text).value
        following = tokens[place + 1] if place + 1 < limit else None
        if letter == "Δ" and following is not None and following.kind == "letter" and "Δ" not in p.known:
            return letter + following.text, place + 2
        return letter, place + 1
    end = place + 1
    while end < limit and tokens[end].glued and end - place < LONGEST:
        if not (tokens[end].kind in ("letter", "digit") or (upright and tokens[end].is_command("_"))):
            break
        end += 1
    if not upright:
        word = "".join([t.text for t in tokens[place:end]])
        while len(word) > 1 and word not in p.bases:
            word = word[:-1]
        end = place + len(word)
    if end == place + 1:
        while end < limit and tokens[end].glued and tokens[end].kind == "digit":
            end += 1
        while end > place + 1 and end < limit and tokens[end].glued and tokens[end].kind in ("letter", "digit"):
            end += 1  # x2x, which has two readings
    return "".join([t.text for t in tokens[place:end]]), end


def run_of_letters(p: State, place: int) -> str:
    """Return the letters of one script that stand together from a place on, as many as tell that they are no word."""
    text = ""
    for token in p.tokens[place : place + LONGEST + 1]:
        if token.kind != "letter" or (text and not (token.glued and token.text.isascii() == text.isascii())):
            break  # λlog
        text += token.text
    return text


def function_from(p: State, place: int) -> str | None:
    """Return the function that letters from a place on spell, as those of ``sin x``; nobody means s·i·n."""
    text = run_of_letters(p, place)
    spelled = len(text) > 2 or text in SHORT_FUNCTIONS
    return function_of(text) if spelled and text not in p.bases and not {*text} <= p.bases else None


def is_word(text: str) -> bool:
    """Say whether letters that stand together are a word, of English or of mathematics, and no product."""
    if len(text) < 3:
        return text == "pi"
    lower = text.lower()
    known = lower in ENGLISH or text in GREEK or text in HEADS
    glued = any([text.startswith(function) for function in GLUED]) and len(text) <= LONGEST_GLUED
    glued = glued or (is_function(text[:-1]) and text[-1].isupper())  # trC
    spoken = len(text) > 3 and text == lower and not VOWELS.isdisjoint(text)
    return known or glued or spoken


class Scripts:
    """The scripts after something: where the subscript and the superscript begin and end, primes, what is after."""

    def __init__(self, last: Tex, place: int) -> None:
        self.sub: tuple[int, int] | None = None
        self.sup: tuple[int, int] | None = None
        self.primes = 0
        self.below_prime = False
        self.last = last
        self.place = place


def collect(p: State) -> Scripts:
    """Return the scripts that follow; nothing is put yet."""
    found = Scripts(p.tokens[max(p.place - 1, 0)], p.place)
    while found.place < p.limit:
        token = p.tokens[found.place]
        if token.kind == "prime":
            found.primes += 1
            found.place += 1
        elif token.kind in ("sub", "sup"):
            start, end, after = p.argument(found.place + 1, token)
            bracketed = token.kind == "sub" and found.place and p.tokens[found.place - 1].kind == "right"
            if start >= end and not bracketed:  # [...]_{} is index notation without free indices
                raise fail(f"'{token.text}' of nothing", token, label="empty")
            if (found.sub if token.kind == "sub" else found.sup) is not None:
                raise fail(f"a second '{token.text}'", token, label="one too many", hint="write brackets")
            if token.kind == "sub" and after == end:
                end = after = _without_braces(p, start, end)
            following = p.tokens[after] if after < len(p.tokens) else None
            digits = following is not None and following.kind == "digit" and following.glued
            if after == end and start < end and p.tokens[start].kind == "digit" and following is not None and digits:
                said = f"in LaTeX only one digit follows '{token.text}' without braces"
                hint = f"write {token.text}{{{p.tokens[start].text}{following.text}}}"
                raise mistake_at("E-AMBIG", said, (token, following), "more than one digit", hint)
            if token.kind == "sub":
                found.sub, found.below_prime = (start, end), found.primes > 0
            else:
                found.sup = start, end
            found.place = after
        else:
            break
        found.last = p.tokens[found.place - 1]
    return found


def _without_braces(p: State, start: int, end: int) -> int:
    """Return the end of the subscript of ``U_ij``, whose indices run, and of ``x_max``: TeX sets one letter."""
    word = run_of_letters(p, start)
    if p.tokens[start + len(word) : start + len(word) + 1] and p.tokens[start + len(word)].kind == "sub":
        word = word[:-1]  # k_ik_j is k_i k_j
    labels = (word in LABELS or word in BELOW) and word not in p.known
    runs = not p.running.isdisjoint(word) and p.running.union("ijkl").issuperset(word)
    called = p.tokens[start + len(word) : start + len(word) + 1] if runs and not labels else []
    if called and called[0].kind == "left":  # t_mk(x_n, x_m) is a kernel behind an entry, t_ij(x_i - x_j) an entry
        inside = p.tokens[start + len(word) : p.match[start + len(word)]]
        runs = not any([token.is_other(",") for token in inside])
    if len(word) < 2 or not (labels or runs):
        return end
    p.note(f"_{word} is read as _{{{word}}}, of which TeX sets the {word[0]} alone")
    return start + len(word)


def marks_of(p: State, start: int, end: int) -> tuple[str, bool]:
    """Return the signs of a short superscript, without fonts and braces, and whether all its letters are upright."""
    if end - start > MARKS:
        return "", False
    upright = slanted = False
    found = ""
    within = 0
    for place in range(start, end):
        token = p.tokens[place]
        entry = entry_of(token)
        if entry.kind in ("font", "text", "switch"):
            if entry.value == "upright":
                upright = True
                within = end if entry.kind == "switch" else p.argument(place + 1, token)[2]
        elif token.kind not in ("open", "close", "quad"):
            slanted = slanted or (token.kind == "letter" and place >= within)
            found += "⊤" if entry.kind == "mark" else token.shown
    return found.replace("−", "-"), upright and not slanted


def text_of(p: State, start: int, end: int) -> str:
    """Return a subscript or a limit as mcalc writes it: without fonts and spaces."""
    out: list[str] = []
    place = start
    while place < end:
        token = p.tokens[place]
        kind, text = token.kind, token.text
        entry = entry_of(token)
        name = read_name(p, place, end) if kind in ("letter", "command") else None
        if name is not None:
            out.append("_".join([name.base, *name.subs]))
            if name.order:
                p.met.add(name.base, name.subs, name.order, name.first)
            place = name.end
            continue
        if kind == "digit" or (kind in ("left", "right") and text in "()|"):
            out.append(text)
        elif kind == "other" and text in SIGNS:
            out.append("star" if text == "*" and end - start == 1 else text.replace("−", "-"))
        elif kind in ("prime", "sub"):
            out.append("prime" if kind == "prime" else "_")
        elif text in IN_TEXT:
            out.append(IN_TEXT[text])
        elif entry.kind in ("mark", "bar") or entry.value in LIMITING:
            out.append(entry.value)
        elif entry.kind in ("head", "function"):
            out.append(text)
        elif entry.kind == "row":
            out.append(",")
        elif entry.kind not in SEEN_THROUGH and text != "substack":
            hint = r"write v^\top A^{-1} v for \|v\|_{A^{-1}}^2" if kind == "sup" else ""
            raise fail(f"{token.shown} is not read in a subscript or a limit", token, label="not read", hint=hint)
        place += 1
    return "".join(out)


def refuse_open_base(p: State, token: Tex, start: int, end: int, after_: int, hint: str) -> None:
    """Refuse a script on braces around more than one thing, since braces are not seen."""
    closing = p.tokens[after_] if after_ < len(p.tokens) else None
    if closing is None or closing.kind not in ("sup", "sub") or is_one_atom(p, start, end):
        return
    said = "the braces are not seen: what does the script belong to?"
    hint = f"write brackets, as in {hint}"
    raise mistake_at("E-AMBIG", said, (token, closing), "in braces", hint)


def is_one_atom(p: State, start: int, end: int) -> bool:
    """Say whether a part of the formula is one thing that a script may stand on: a name, a number, a bracket."""
    count = 0
    place = start
    while place < end:
        token = p.tokens[place]
        if token.kind in ("sup", "sub"):
            place = p.argument(place + 1, token)[2]
            continue
        if token.kind == "prime":
            place += 1
            continue
        digits = token.kind == "digit" and place > start and p.tokens[place - 1].kind == "digit" and token.glued
        count += not digits
        if count > 1 or entry_of(token).kind in ("other", "sign", "bar", "big", "partial", "nabla"):
            return False
        if token.kind == "letter":
            place = letters_from(p, place, end, upright=False)[1]
        else:
            place = p.match[place] + 1 if token.kind in ("open", "left", "begin") else p.extent(place)
    return count == 1
