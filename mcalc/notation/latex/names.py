r"""Names and words in LaTeX: fonts, blackboard letters, words that join, and what is no expression."""

from __future__ import annotations

import re

from mcalc.errors import Mistake
from mcalc.notation.around.around import HEADS
from mcalc.notation.around.behind import PHRASES
from mcalc.notation.around.said_in_words import PROSE, VERBS
from mcalc.notation.latex import environments, functions, letters, scripts, sums
from mcalc.notation.latex.letters import LONGEST, Read, read_name
from mcalc.notation.latex.registry import function_of, lookup
from mcalc.notation.latex.state import EQUAL, State
from mcalc.notation.names.letters_as_functions import EXPECTED, not_expected
from mcalc.notation.surface.mistakes import Offer, mistake_at
from mcalc.notation.surface.tex import Tex, fail
from mcalc.notation.surface.words import GREEK, INDICES

CONDITION = frozenset(("if", "when", "whenever", "for"))
OTHERWISE = frozenset(("otherwise", "else", "elsewhere"))
JOINED = frozenset((*CONDITION, *OTHERWISE, *HEADS, "arg", "and", "or"))
_DRESS = re.compile(r"\\(?:mathcal|mathbf|boldsymbol|bm|mathrm|text|operatorname)\s*|[{}\s]")
_COMMAND = re.compile(r"\\(\w+?)(?![a-zA-Z])")
MEANS = {"E": "an expectation", "P": "a probability", "V": "a variance"}
KEPT = frozenset(("an integral", "a limit", *MEANS.values()))


def write_name(p: State, *, optional: bool = False) -> bool:
    """Put the name that stands here with its scripts; say whether there was one."""
    token = p.tokens[p.place]
    read = read_name(p, p.place)
    if read is None:
        return False if optional else _not_a_name(p, token)
    p.place = read.end
    if read.base == "E" and not read.subs and "E" not in p.known and _expectation(p, read.first, read.last):
        return True
    if read.script:
        _refuse_operator(p, read)
    if not (read.upright and not read.subs and word(p, read.base, read.first, read.last)):
        if read.upright and len(read.base) > 1 and not read.subs and p.peek().kind not in ("left", "sub"):
            _refuse_applied(p, read)
        _refuse_place(p, read)
        scripts.of_name(p, read)
    return True


def _refuse_place(p: State, read: Read) -> None:
    """Let ``x[n]`` be an entry where a sum runs over n; refuse ``x[2]``: an entry, as of signals, or a factor."""
    opened, inside, closed = [*p.tokens[p.place : p.place + 3], read.first, read.first, read.first][:3]
    counted = inside.kind == "digit" or inside.text in INDICES
    if (opened.kind, opened.text, closed.text) == ("left", "[", "]") and opened.glued and counted:
        shown = p.text[read.first.start : closed.end]
        if inside.text in p.running:
            read.subs.append(inside.text)
            p.place += 3
            p.note(f"{shown} is read as {read.base}_{inside.text}")
            return
        said = f"{shown} has two readings"
        hint = f"write {read.base}_{inside.text} for the entry, {read.base} ({inside.text}) for a product"
        raise mistake_at("E-AMBIG", said, (read.first, closed), "an entry, or a factor?", hint)


def _refuse_applied(p: State, read: Read) -> None:
    r"""Refuse ``\operatorname{foo} x``: an upright word before an operand is a function to many, and no factor."""
    if read.base not in p.known and functions.has_argument(p):
        said = f"nothing says what {read.base} is, and it stands before something without a sign"
        hint = rf"for a function write {read.base}(...), and declare it; for a product write \cdot behind it"
        raise mistake_at("E-NAME", said, (read.first, read.last), "a function?", hint)


def _refuse_operator(p: State, read: Read) -> None:
    r"""Refuse ``\mathcal{P}_Ω(X - M)``: a calligraphic letter before a sum in brackets is an operator, no matrix."""
    found = letters.collect(p)
    opened = p.tokens[found.place] if found.place < p.limit else read.first
    if opened.kind != "left" or opened.text != "(" or read.base in p.bases:
        return
    close = p.match[found.place]
    inside = p.tokens[found.place + 1 : close]
    if any([t.is_other("+", "-") for t in inside[1:]]) and not any([t.is_other(",", "|", ";") for t in inside]):
        shown = p.text[read.first.start : p.tokens[close - 1].end + 1]
        said = f"{shown} has two readings"
        hint = r"a mask is written M \odot (...), a matrix times a bracket P (...) with a plain letter"
        raise mistake_at("E-AMBIG", said, (read.first, opened.start), "an operator or a factor?", hint)


def bare_word(p: State, text: str) -> bool:
    r"""Put a word that stands among letters without ``\\text`` or a backslash; say whether it is one.

    In LaTeX letters that stand together are a product; but not those of ``sin x``, ``min``, ``where``, ``lambda``.
    """
    if len(text) > LONGEST or text in p.bases or {*text} <= p.bases:
        return False
    first, last = p.tokens[p.place], p.tokens[p.place + len(text) - 1]
    place, p.place = p.place, p.place + len(text)
    in_cases = bool(p.rows) and p.rows[-1] == "cases"
    if (in_cases or text == "if") and text in (*OTHERWISE, *CONDITION):
        return word(p, text, first, last)
    said = not p.inside and any([token.text == "where" for token in p.out])
    if text == "not" or (said and text in VERBS):
        p.put(text, first, last)
        return True
    if text == "in" and (p.peek().text == "R" or p.peek().is_command("mathbb", "R", "reals")):
        p.put("∈", first, last)
        return True
    phrase = _phrase(p, text)
    if phrase:
        p.put(" ".join(phrase), first, p.tokens[p.place - 1])
        return True
    if text in HEADS and (not p.out or p.last in EQUAL) and word(p, text, first, last):
        return True
    if text in ("sum", "prod") and p.peek().kind == "sub":
        p.place -= 1
        sums.big(p, Tex("command", text, first.start, last.end, glued=first.glued))
        return True
    function = letters.function_from(p, place)
    if function and functions.has_argument(p):
        functions.apply(p, function, first, last)
        return True
    if letters.is_word(text):
        scripts.of_name(p, Read(text, p.place, first, last, upright=False))
        return True
    p.place = place
    return False


def _phrase(p: State, text: str) -> tuple[str, ...]:
    """Return the words from here on that join what follows to the formula, and pass them."""
    for phrase in PHRASES:
        if phrase[0] != text or len(text) < 3:
            continue
        skipped = 0
        for said in phrase[1:]:
            if letters.run_of_letters(p, p.place + skipped) != said:
                break
            skipped += len(said)
        else:
            p.place += skipped
            return phrase
    return ()


def in_brackets(p: State, close: int) -> bool:
    """Put an entry of a matrix in brackets, [A]_{ij}, as that of its name; say whether it is one."""
    if p.tokens[p.place].text != "[" or p.tokens[close].text != "]":
        return False
    read = read_name(p, p.place + 1)
    following = p.tokens[close + 1] if close + 1 < len(p.tokens) else None
    if read is None or read.end != close or read.subs or following is None or following.kind != "sub":
        return False
    p.place = read.end = close + 1
    scripts.of_name(p, read)
    return True


def _not_a_name(p: State, token: Tex) -> bool:
    """Go into a font that covers more than a name; put a constant, an indicator; refuse an accent over a formula."""
    entry = lookup(token.text)
    start, end, after = p.argument(p.place + 1, token)
    if entry.value in ("bold", "open", "→") and environments.constant(p, start, end, after):
        return True
    if entry.kind == "accent" and p.tokens[start].is_command("mathbb"):
        inner, closing, _ = p.argument(start + 1, token)
        if [t.text for t in p.tokens[inner:closing]] == ["E"]:
            p.note(f"{token.shown} over an expectation is left out")
            return _blackboard(p, token, inner, closing, after)
    if entry.kind == "accent":
        raise fail(f"{token.shown} over more than a name", token, p.tokens[end - 1], "one name expected")
    if entry.value == "open":
        return _blackboard(p, token, start, end, after)
    letters.refuse_open_base(p, token, start, end, after, r"(\mathbf{a + b})^2")
    scripts.within(p, entry.value, start, end, after)
    return True


def _blackboard(p: State, token: Tex, start: int, end: int, after: int) -> bool:
    letter = "".join([t.text for t in p.tokens[start:end]])
    last = p.tokens[after - 1]
    p.place = after
    if letter == "R":
        p.put("ℝ", token, last)
        scripts.space(p)
    elif letter == "S" and after < p.limit and p.tokens[after].kind in ("sub", "sup"):
        p.add("WORD", "S", token, last)
        scripts.cone(p)
    elif letter == "I" and environments.is_indicator(p, after):
        environments.indicator(p, after - 1, after)
    elif letter == "E" and _expectation(p, token, last):
        pass
    elif letter in MEANS:
        p.add("REFUSED", letter, token, last, no_expression(p, token, last, MEANS[letter]))
        p.place = letters.collect(p).place
    else:
        said = p.text[token.start : last.end]
        p.add("REFUSED", letter, token, last, fail(f"{said} is not read", token, last))
    return True


def _expectation(p: State, token: Tex, last: Tex) -> bool:
    """Go into the brackets of an expectation, where square ones follow; say whether they do."""
    found = letters.collect(p)
    opened = p.tokens[found.place] if found.place < p.limit else token
    if found.sup is not None or opened.kind != "left" or opened.text != "[":
        return False
    p.add("WORD", "E", token, last)
    if found.sub is not None:
        start, end = found.sub
        p.sub(_distribution(p.text[p.tokens[start].start : p.tokens[end - 1].end]), found.last)
    close = p.match[found.place]
    p.enter(found.place + 1, close, "[", "]", close + 1, lambda: scripts.after(p, "group"))
    return True


def _distribution(below: str) -> str:
    r"""Return what stands below an expectation in mcalc's notation: ``x \sim p_\theta`` is ``x∼p_θ``.

    >>> _distribution(r"x \sim p_\theta"), _distribution(r"z \sim \mathcal{N}(0, I)")
    ('x∼p_θ', 'z∼N(0,I)')
    """
    plain = _DRESS.sub("", below.replace("\\sim", "∼"))
    return _COMMAND.sub(lambda match: GREEK.get(match[1], match[1]), plain.replace("\\mid", "|"))


def text(p: State, token: Tex) -> None:
    r"""Read ``\text{...}``: a word is a name, a function or one that joins; what else is said is no formula."""
    start, end, after = p.argument(p.place + 1, token)
    said = _words(p, start, end)
    if said is None:
        scripts.within(p, lookup(token.text).value, start, end, after)
        return
    p.place = after
    last = p.tokens[after - 1]
    if not p.out and len(said) > 1 and p.peek().is_other("="):
        said = ["_".join(" ".join(said).partition("(")[0].split())]  # \text{Attention(Q, K, V)} = ... only names that
    if len(said) == 1 and "." in said[0][-1:] and said[0].replace(".", "") != "st":
        said = [said[0].rstrip(".,:")]
    if len(said) == 1 and word(p, said[0], token, last, textual=True):
        return
    if len(said) == 1 and said[0].replace("-", "").replace("_", "").isalnum():
        read = Read(said[0], after, token, last, upright=True)
        scripts.of_name(p, read, None if said[0] in p.bases else "text")
        return
    parts = [part for one in said for part in one.lower().strip(",:").replace(".", " . ").split()]
    place = 0
    while place < len(parts):
        rest = tuple(parts[place:])
        phrase = next((f for f in PHRASES if rest[: len(f)] == f), ())
        if phrase:
            p.put(" ".join(phrase), token, last)
        elif not (rest[0] in JOINED and word(p, rest[0], token, last, textual=True)):
            break
        place += max(len(phrase), 1)
    if place < len(parts) and p.rows and p.rows[-1] == "cases":
        p.note(f"{' '.join(said)} is left out")
    elif place < len(parts):
        p.add("TEXT", " ".join(parts[place:]), token, last)


def _words(p: State, start: int, end: int) -> list[str] | None:
    """Return the words of a text; None where a formula stands in it."""
    found: list[str] = []
    for place in range(start, end):
        token = p.tokens[place]
        if (token.kind == "command" and token.text != "_") or token.kind in ("sub", "sup", "open", "close"):
            return None
        if found and token.glued and place > start:
            found[-1] += token.text
        elif token.kind != "quad":
            found.append(token.text)
    return found


def word(p: State, said: str, first: Tex, last: Tex, *, textual: bool = False) -> bool:
    """Put a word that is more than a name: one that joins, part of braces, a head, a function; say whether it is."""
    if p.below and said[0] == "d" and len(said) < 3:
        p.put(f"∂ {said[1:]}", first, last)  # of \mathrm dx TeX sets the d alone upright
        return True
    if said in p.known:
        return False
    lower = said.lower() if textual else said
    if lower in CONDITION and ((p.rows and p.rows[-1] == "cases") or lower == "if"):
        p.put("if", first, last)
        return True
    if lower in OTHERWISE:
        p.put("otherwise", first, last)
        return True
    if (lower,) in PHRASES or lower in ("and", "or") or (textual and lower in PROSE and len(lower) > 1):
        p.put(lower, first, last)
        return True
    if lower.replace(".", "") in ("st", "subjto") and textual:
        p.put("s . t .", first, last)
        return True
    if lower in (*HEADS, "arg") and not (lower in ("min", "max") and p.peek().kind in ("left", "open")):
        _head(p, lower, first, last)
        return True
    following = p.peek()
    if EXPECTED.get(said) and following.kind == "left":
        brackets = "[...]" if following.text == "[" else "(...)"
        p.add("REFUSED", said, first, last, not_expected(said, first.start, last.end, brackets))
        return True
    function = None if _is_parametrised_left(p) else function_of(said)
    if function is not None and functions.has_argument(p):
        functions.apply(p, function, first, last)
        return True
    if len(said) > 1 and following.kind == "left" and following.text == "[":
        hint = f"write {said}(...), and declare it: {said}: R^n -> R^n"
        raise mistake_at("E-NAME", f"unknown function {said}", (first, last), "not known", hint)
    if len(said) > 1 and not (following.kind == "left" and following.text == "("):
        p.met.word(said)  # before a bracket it is an unknown function, and refused as such
    return False


def _is_parametrised_left(p: State) -> bool:
    r"""Say whether a name with a Greek letter below stands on the left: ``\text{Swish}_β(x) =`` is no entry."""
    found = letters.collect(p) if not p.out and p.peek().kind == "sub" else None
    if found is None or found.sub is None or found.place >= p.limit or p.tokens[found.place].kind != "left":
        return False
    close = p.match[found.place] + 1
    return close < p.limit and p.tokens[close].text == "=" and not letters.text_of(p, *found.sub).isascii()


def head(p: State, token: Tex) -> None:
    r"""Put ``\min``, ``\arg\max`` and their like; before brackets, and over an index, min and max are functions."""
    following = p.peek(1)
    bracketed = following.kind == "open" or (following.kind == "left" and following.text in "([{")
    p.place += 1
    if token.text in ("min", "max") and bracketed:
        functions.apply(p, token.text, token, token)
        return
    if token.text in ("min", "max") and functions.over_index(p, token.text, token):
        return
    _head(p, token.text, token, token)


def _head(p: State, said: str, first: Tex, last: Tex) -> None:
    """Put a head and what is below it, which may be anything."""
    p.add("WORD", said, first, last)
    found = letters.collect(p)
    if found.sup is None and not found.primes and found.sub is not None and said != "arg":
        start, end = found.sub
        single = [t.text for t in p.tokens[start:end] if t.kind == "letter"]
        text = single[0] if len(single) == 1 else p.text[p.tokens[start].start : p.tokens[end - 1].end]
        below = "".join([c if c.isalnum() else " " for c in _COMMAND.sub(lambda m: GREEK.get(m[1], " "), text)])
        p.sub(below, found.last)
        p.place = found.place


def no_expression(p: State, first: Tex, last: Tex, what: str) -> Mistake:
    """Return the mistake of something that is no expression, with the part of the formula to keep."""
    said = p.text[first.start : last.end]
    hint = "keep the expression that is differentiated"
    if "dots" in what:
        hint = r"write a sum: \sum_{i=1}^{n} x_i"
    elif what in KEPT:
        place = letters.collect(p).place
        rest = p.source(place, p.ends[place] if place < len(p.ends) else place)
        hint = Offer("keep what follows it: ", rest, hint) if rest else "write the expression that is differentiated"
    return mistake_at("E-UNSUPPORTED", f"{said} makes this {what}", (first, last), "not read", hint)
