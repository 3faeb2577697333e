r"""Functions in LaTeX: as commands, upright words or letters, with powers and bases, before brackets or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import letters, scripts
from mcalc.notation.latex.registry import lookup

if TYPE_CHECKING:
    from mcalc.notation.latex.state import State
    from mcalc.notation.surface.tex import Tex

BRACKETS = frozenset("([{")


def command(p: State, token: Tex) -> None:
    r"""Put the function that a command is, ``\log`` or ``\operatorname``'s shorthand."""
    function, last = lookup(token.text).value, token
    p.place += 1
    if function in ("ln", "log") and p.peek().is_command("det"):
        function, last = "logdet", p.peek()
        p.place += 1
    apply(p, function, token, last)


def has_argument(p: State) -> bool:
    """Say whether something follows that the word just passed may be a function of; if not, it is a name: MSE = ..."""
    place = letters.collect(p).place
    if place >= p.limit:
        return False
    token = p.tokens[place]
    if token.kind == "command":
        return lookup(token.text).kind not in ("sign", "refused", "row", "text", "unknown")
    return token.kind in ("letter", "digit", "open", "left", "begin") or token.is_other("|")


def apply(p: State, function: str, first: Tex, last: Tex) -> None:
    """Put a function whose name has just been passed; its brackets, of any kind, are those of a call.

    How far it reaches without brackets is decided where names are.
    """
    found = letters.collect(p)
    if found.primes:
        raise Mistake(
            "E-SYNTAX",
            f"{function}' is no derivative here",
            [Span(first.start, found.last.end, "which variable?")],
            hint=rf"write \frac{{d}}{{dx}} {function}(x)",
        )
    sub = base = sup = ""
    if found.sub is not None:
        sub = letters.text_of(p, *found.sub)
        if first.text == "log":
            function, base, sub = "log", sub, ""
        elif function in ("max", "min", "ln", "log", "sum", "prod"):
            spans = [Span(first.start, found.last.end, "not read")]
            raise Mistake("E-UNSUPPORTED", f"{function} with {sub} below it is not read", spans)
    if found.sup is not None:
        marks, upright = letters.marks_of(p, *found.sup)
        sup = "ᵀ" if marks == "⊤" or (marks == "T" and upright) else f"^{{{marks}}}" if marks.isdecimal() else ""
        if not sup:
            raise Mistake(
                "E-AMBIG",
                f"{function}^{{{marks}}} has two readings",
                [Span(first.start, found.last.end, "inverse or power?")],
                hint=f"a{function}(x) is the inverse function, 1/{function}(x) the power",
            )
    p.place = found.place
    following = p.peek()
    p.name(function, [base] if base else [], first, last, "function")
    if following.kind == "open" or (following.kind == "left" and following.text in BRACKETS):
        end = p.match[p.place]
        p.put("(", following)
        p.enter(p.place + 1, end, "", ")", end + 1, lambda: _close(p, sub, sup))
        return
    if sub:
        p.sub(sub, found.last)
    if sup:
        p.put(sup, first, found.last)
    p.reaching = True


def _close(p: State, sub: str, sup: str) -> None:
    at = p.tokens[max(p.place - 1, 0)]
    if sub:
        p.sub(sub, at)
    if sup:
        p.put(sup, at)
    scripts.after(p, "group")


def over_index(p: State, function: str, first: Tex) -> bool:
    r"""Put ``\max_i x_i`` as the greatest element of a vector that is declared; say whether it is that."""
    start = p.place
    found = letters.collect(p)
    if found.sub is None or found.sup is not None:
        return False
    below = letters.text_of(p, *found.sub)
    p.place = found.place
    read = letters.read_name(p, p.place)
    of = p.scope.variables.get(read.base) if read is not None and not read.subs else None
    if read is not None and of is not None and of.order == 1:
        p.place = read.end
        index = letters.collect(p)
        letter = letters.text_of(p, *index.sub) if index.sub is not None else ""
        after = p.peek(index.place - p.place)
        ends = after.kind in ("close", "right", "end", "end of group", "cell", "quad") or after.is_other(*"+-=,.;<>")
        plain = index.sup is None and not index.primes and letter.isalpha() and letter not in p.known
        if plain and ends and below in (letter, f"1≤{letter}≤{of.shape[0]}"):
            p.put(f"{function}(", first)
            p.name(read.base, [], read.first, read.last)
            p.put(")", index.last)
            p.place = index.place
            p.note(f"{p.text[first.start : index.last.end]} is read as {function}({read.base})")
            return True
    p.place = start
    return False
