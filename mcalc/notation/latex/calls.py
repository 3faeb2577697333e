r"""Functions in LaTeX: with and without brackets, with powers and bases, as commands, upright words or letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import head, letters, scripts
from mcalc.notation.latex.commands import FONTS, LETTERS, SIGNS, function_of
from mcalc.notation.latex.tokens import Tex, fail
from mcalc.notation.words import ABSTRACT

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

BRACKETS = frozenset("([{")
BASES = {"2": "log2", "10": "log10", "e": "ln"}


def italic(n: Normaliser) -> bool:
    """Write a function of letters that are not upright, as max(0, x) stands in the paper; say whether there was one."""
    tokens = n.tokens
    place = n.place
    limit = n.frames[-1].end if n.frames else len(tokens)
    end = place + 1
    while end < limit and tokens[end].kind == "letter" and tokens[end].glued and end - place < 40:
        end += 1
    if end == place + 1 or end >= limit or tokens[end].kind != "left" or tokens[end].text != "(":
        return False
    text = "".join([t.text for t in tokens[place:end]])
    if text in n.known and text not in n.scope.functions:
        return False
    function = text if text in n.scope.functions else function_of(text)
    if function is not None and (text in n.scope.functions or text.islower() or text == function):
        n.place = end
        apply(n, function, tokens[place], tokens[end - 1])
        return True
    begins = place == 0 or not tokens[place].glued or tokens[place - 1].kind != "letter"
    parts = any([text[k:] in n.known or function_of(text[k:]) for k in range(1, len(text) - 1)]) or text[0] in n.known
    if begins and len(text) > 2 and not parts:
        n.write(text, tokens[place], tokens[end - 1])
        n.place = end
        return True
    return False


def spelled(n: Normaliser, token: Tex) -> bool:
    """Write a Greek letter that is a function before a bracket, σ; say whether it was one."""
    letter = LETTERS.get(token.text, "")
    if letter != "σ" or letter in n.known:
        return False
    n.place += 1
    found = scripts.collect(n)
    n.place -= 1
    following = n.peek(found.place - n.place)
    if found.sub is not None or following.kind != "left" or following.text not in BRACKETS:
        return False
    if found.sup is not None:
        raise Mistake(
            "E-AMBIG",
            "a power of σ before a bracket has two readings",
            [Span(token.start, following.end, "the sigmoid or a product?")],
            hint=r"write (\sigma(x))^2 for the function, \sigma^2 \cdot (x) for a product",
        )
    n.place += 1
    n.note("σ(...) is read as the sigmoid")
    apply(n, letter, token, token)
    return True


def command(n: Normaliser, token: Tex) -> bool:
    r"""Write the function that a command is, ``\log`` or ``\operatorname``'s shorthand; say whether it is one."""
    function = function_of(token.text)
    if function is None:
        return False
    n.place += 1
    last = token
    if function in ("ln", "log"):
        inner = n.peek()
        if inner.is_command("det"):
            function, last = "logdet", inner
            n.place += 1
    apply(n, function, token, last)
    return True


def has_argument(n: Normaliser) -> bool:
    """Say whether something follows that the word just passed may be a function of; if not, it is a name: MSE = ..."""
    place = scripts.collect(n).place
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    if place >= limit:
        return False
    token = n.tokens[place]
    if token.kind == "command":
        return SIGNS.get(token.text, "|")[:1] in "|‖⟨∑∏∇∂"
    return token.kind in ("letter", "digit", "open", "left", "begin") or token.is_other("|")


def apply(n: Normaliser, function: str, first: Tex, last: Tex) -> None:
    """Write a function whose name has just been passed, and its argument: a bracket, a group, or what follows."""
    found = scripts.collect(n)
    pending = ""
    if found.primes:
        raise Mistake(
            "E-SYNTAX",
            f"{function}' is no derivative here",
            [Span(first.start, found.last.end, "which variable?")],
            hint=rf"write \frac{{d}}{{dx}} {function}(x)",
        )
    if found.sub is not None:
        base = scripts.text_of(n, *found.sub)
        if function in ("ln", "log") and base in BASES:
            function = BASES[base]
        elif function in ("max", "min") and over_index(n, function, base, first, found):
            return
        elif function in ("max", "min", "ln", "log", "sum", "prod"):
            raise head.statement_of(n, first, found.last, head.OPTIMISED if function in ("max", "min") else "this base")
        else:
            pending = f"_{{{base}}}"
    if found.sup is not None:
        marks, upright = scripts.marks_of(n, *found.sup)
        if marks.isdecimal():
            pending += f"^{{{marks}}}"
        elif marks in ("\\top", "\\intercal") or (marks == "T" and upright):
            pending += "ᵀ"
        else:
            raise Mistake(
                "E-AMBIG",
                f"{function}^{{{marks}}} has two readings",
                [Span(first.start, found.last.end, "inverse or power?")],
                hint=f"a{function}(x) is the inverse function, 1/{function}(x) the power",
            )
    n.place = found.place
    last = found.last if found.place else last
    following = n.peek()

    def close() -> None:
        if pending:
            at = n.tokens[max(n.place - 1, 0)]
            n.write(pending, at, glued=True)
        scripts.after(n, "group")

    if following.kind == "left" and following.text in BRACKETS:
        end = n.match[n.place]
        n.write(f"{function}(", first, following)
        n.enter(n.place + 1, end, "", ")", end + 1, close)
    elif following.kind == "open":
        end = n.match[n.place]
        n.write(f"{function}(", first, last)
        n.enter(n.place + 1, end, "", ")", end + 1, close)
    else:
        end, count = reach(n, function, first)
        if count > 1:
            n.note(f"{function} reaches over {n.source(n.place, end)}")
        n.write(f"{function}(", first, last)
        n.enter(n.place, end, "", ")", end, close if pending else None)


def over_index(n: Normaliser, function: str, below: str, first: Tex, found: scripts.Scripts) -> bool:
    r"""Write ``\max_i x_i`` as the greatest element of a vector that is declared; say whether it is that."""
    start = n.place
    n.place = found.place
    read = letters.read_name(n, n.place)
    of = n.scope.variables.get(read.base) if read is not None and not read.subs else None
    if read is not None and of is not None and of.order == 1:
        n.place = read.end
        index = scripts.collect(n)
        letter = scripts.text_of(n, *index.sub) if index.sub is not None else ""
        after = n.peek(index.place - n.place)
        ends = after.kind in ("close", "right", "end", "end of group", "cell", "quad") or after.is_other(*"+-=,.;<>")
        plain = index.sup is None and not index.primes and letter.isalpha() and letter not in n.known
        if plain and ends and below in (letter, f"1≤{letter}≤{of.shape[0]}"):
            n.write(f"{function}({read.base})", first, index.last)
            n.place = index.place
            n.note(f"{n.text[first.start : index.last.end]} is read as {function}({read.base})")
            return True
    n.place = start
    return False


def reach(n: Normaliser, function: str, first: Tex) -> tuple[int, int]:
    """Return where the argument of a function without brackets ends, and of how many factors it is.

    It reaches as far as the factors do: up to + or -, a comparison, a comma, or another function. What leaves open
    how far it reaches is refused.
    """
    if n.place in n.reaches:
        return n.reaches[n.place]
    tokens = n.tokens
    limit = n.frames[-1].end if n.frames else len(tokens)
    place = n.place
    begun = [place]  # of functions of functions, all of which reach as far
    count = 0
    inner = False  # the last thing was a function's name, so that a bracket is its own
    summed = False  # a sum takes all that follows
    while place < limit:
        token = tokens[place]
        kind, text = token.kind, token.text
        if inner and begun[-1] < 0 and kind not in ("sup", "sub", "prime"):
            begun[-1] = place
        sign = SIGNS.get(text, "") if kind == "command" else text if kind == "other" else ""
        if kind in ("close", "right", "end", "cell", "quad") or (kind == "command" and text in ("\\", "cr")):
            break
        if sign in ("+", "-", "−", "=", "<", ">", ",", ";", "≤", "≥", "≠", "and", "or", "∈", ".") and sign:
            break
        if kind in ("sup", "sub"):
            place = n.argument(place + 1, token)[2]
            continue
        if kind == "prime":
            place += 1
            continue
        if sign in ("|", "‖"):
            place = past_bars(n, place, limit)
            count += 1
            inner = False
            continue
        if sign in ("∑", "∏", "∇", "∂"):
            summed = summed or sign in "∑∏"
            count += 1
            place += 1
            continue
        if sign and not summed:
            raise _unclear(n, function, first, place)
        if sign:
            place += 1
            continue
        name = _function_at(n, place)
        if name:
            if count and not summed:
                break
            inner = True
            begun.append(-1)
            place = n.extent(place)
            continue
        if kind == "left" and text in BRACKETS and not (inner or summed or count == 0):
            raise _unclear(n, function, first, place)
        if kind == "left":
            place = n.match[place] + 1
            count += 1
            inner = False
            if place < limit and tokens[place].kind not in ("sup", "sub", "prime"):
                continue
            continue
        digits = kind == "digit" and place > n.place and tokens[place - 1].kind == "digit" and token.glued
        count += not digits
        inner = kind == "letter" and (text in ABSTRACT or text in n.scope.functions) and text not in n.known
        place = n.match[place] + 1 if kind in ("open", "begin") else n.extent(place)
    if count == 0:
        raise fail(
            f"{function} of what?",
            first,
            label="a function",
            hint=rf"write \{function}(x)" if function.isalpha() else "",
        )
    found = min(place, limit), count
    n.reaches |= dict.fromkeys(begun, found)
    return found


def _function_at(n: Normaliser, place: int) -> str | None:
    """Return the function that a command or an upright word at a place is."""
    token = n.tokens[place]
    if token.kind != "command":
        return None
    if token.text in FONTS and FONTS[token.text] == "upright" and place + 1 < len(n.tokens):
        start, end, _ = n.argument(place + 1, token)
        word = "".join([t.text for t in n.tokens[start:end]])
        return None if word in n.known else function_of(word)
    letter = LETTERS.get(token.text)
    if letter is not None:
        following = n.tokens[place + 1] if place + 1 < len(n.tokens) else token
        return letter if letter == "σ" and letter not in n.known and following.kind == "left" else None
    return function_of(token.text)


def past_bars(n: Normaliser, place: int, limit: int) -> int:
    """Return the place after the bars that close those at a place."""

    def mark(at: int) -> str:
        token = n.tokens[at]
        if token.kind == "other":
            return token.text
        return SIGNS.get(token.text, "") if token.kind == "command" else ""

    own = mark(place)
    double = own == "|" and place + 1 < limit and mark(place + 1) == "|" and n.tokens[place + 1].glued
    at = place + 1 + double
    while at < limit:
        if mark(at) == own:
            return at + 1 + double
        at = n.match[at] + 1 if n.tokens[at].kind in ("open", "left", "begin") else at + 1
    raise fail("a bar is never closed", n.tokens[place], label="opened here")


def _unclear(n: Normaliser, function: str, first: Tex, place: int) -> Mistake:
    argument = n.source(n.place, place)
    return Mistake(
        "E-AMBIG",
        f"{function} without brackets has two readings",
        [Span(first.start, n.tokens[place].end, "how far does it reach?")],
        hint=f"write \\{function}({argument}) ..., or \\{function}({argument} ...)",
    )
