"""Brackets and bars: which one is that of a call or of an index, which bar opens and which closes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.mistakes import CLOSERS, CLOSING, OPENING, PAIRS, mistake_at, unclosed
from mcalc.notation.surface.syntax import Leaf, Token
from mcalc.notation.surface.taking import Taking
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import OTHER_NAMES, in_any_case, is_function, plain_name, plain_script


def opening(x: Taking, token: Token) -> None:
    """Take an opening bracket: one behind a name may be that of a call, a glued ``[`` is an index."""
    if token.value.__class__ is Mistake:
        raise token.value
    if x.ended:
        last = x.out[-1]
        if token.type != "LPAR" and last.type == "RUN" and _is_called(x, last, token):
            close = x.close_of(x.place - 1)
            x.raw[close] = Token("RPAR", ")", x.raw[close].start, x.raw[close].end)
            token = Token("LPAR", "(", token.start, token.end)  # tr[A B], max{0, x}
        if token.type == "LPAR" and last.type == "RUN":
            token = Token("CALL", "(", token.start, token.end)
        elif token.type == "LSQB" and last.type == "RUN" and last.text == "E" and "E" not in x.known:
            token = Token("INDEX", "[", token.start, token.end)  # an expectation
        elif token.type == "LSQB" and last.end == token.start and not _is_multiplied(last):
            token = Token("INDEX", "[", token.start, token.end)
    elif token.type == "LPAR" and x.out and x.out[-1].type == "DASH":
        token = Token("CALL", "(", token.start, token.end)
    elif token.type == "LANGLE":
        _take_brackets_of_dirac(x)
    x.emit(token)
    x.stack.append(token)


def _is_multiplied(last: Token | Leaf) -> bool:
    """Say whether a square bracket right behind a token begins a factor or the body of a sum, and is no index."""
    return last.type in ("NUMBER", "VEC") or (last.type == "RUN" and last.text in BIGS and bool(last.value[1]))


def _take_brackets_of_dirac(x: Taking) -> None:
    """Take ⟨x|y⟩ for ⟨x, y⟩, and ⟨x|A|y⟩ for ⟨x, A y⟩, where no bar begins right behind the bracket."""
    end = x.place
    while end < len(x.raw) and x.raw[end].type not in (*PAIRS, "RANGLE", "COMMA", "NORM"):
        end += 1
    bars = [k for k in range(x.place, end) if x.raw[k].type == "BAR"]
    apart = [b - a for a, b in pairwise([x.place - 1, *bars, end])]
    if end < len(x.raw) and x.raw[end].type == "RANGLE" and 1 <= len(bars) <= 2 and min(apart) > 1:
        for k, (kind, text) in zip(bars, (("COMMA", ","), ("OP", "@")), strict=False):
            x.raw[k] = Token(kind, text, x.raw[k].start, x.raw[k].end)


DRAWS = frozenset(("Var", "Cov", "Corr"))
"""Words of probability, which are said of a distribution."""


def _is_called(x: Taking, name: Token | Leaf, bracket: Token) -> bool:
    """Say whether a square bracket or a brace closes a function of the table, as any bracket does."""
    text: str = name.text
    if text == "D" and "D" not in x.known and not name.value[1] and name.end == bracket.start and _is_derived(x):
        name.value = ("diff", [])
        return True
    if len(text) < 2 or name.end != bracket.start or name.value[1] or plain_name(text) in x.known or text in DRAWS:
        return False
    if not (is_function(text) or text in OTHER_NAMES or in_any_case(text)):
        return False
    inside = x.raw[x.place : x.close_of(x.place - 1)]
    return all([t.type not in ("COLON", "SEMI") and t.text != "if" for t in inside])


def _is_derived(x: Taking) -> bool:
    """Say whether D[x^2, x] is a derivative, as in Mathematica: of more than a name or a number, by names."""
    inside = x.raw[x.place : x.close_of(x.place - 1)]
    first = next((k for k, t in enumerate(inside) if t.type == "COMMA" and k > 1), 0)
    by = inside[first:]
    return first > 1 and {t.type for t in by[::2]} == {"COMMA"} and {t.type for t in by[1::2]} == {"WORD"}


_PARTING = {
    "NORM_OPEN": (
        "‖ between two things in brackets is a divergence, which is not read",
        "write it out, as in sum_i p_i log(p_i/q_i); a norm has bars on both sides",
    ),
    "BAR_OPEN": (
        "what is given behind a bar is not read here",
        "leave out the bar and what follows; an absolute value has bars on both sides",
    ),
}
"""What a bar between two things in brackets says, by its token, and what to write."""


def closing(x: Taking, token: Token) -> None:
    """Take a closing bracket, which must close the last one opened."""
    stack = x.stack
    if not stack or PAIRS[stack[-1].type] != token.text.replace("⟩", ">"):
        if stack and any([PAIRS[t.type] == token.text for t in stack]):
            before = next((t for t in reversed(x.raw) if t.end <= stack[-1].start), stack[-1])
            if (
                stack[-1].type in _PARTING
                and token.type != "RBRACE"
                and before.type in (*CLOSING, "WORD", "SUB", "NUMBER", "PRIME", "SUP")
            ):
                said, hint = _PARTING[stack[-1].type]
                raise mistake_at("E-UNSUPPORTED", said, stack[-1], "not read", hint)
            raise unclosed(stack[-1], token.start)
        if stack:
            opened, wanted = stack[-1], PAIRS[stack[-1].type]
            said = f"'{token.text}' does not close the '{opened.text}' of column {opened.start + 1}"
            there = Span(opened.start, opened.end, "opened here")
            spans = [Span(token.start, token.end, f"'{wanted}' expected"), there]
            raise Mistake("E-SYNTAX", said, spans, f"add a '{wanted}' before it")
        hint = f"delete it, or add a '{CLOSERS[token.type]}' before"
        raise mistake_at("E-SYNTAX", f"'{token.text}' closes nothing", token, "no bracket is open here", hint)
    stack.pop()
    x.emit(token)
    if token.type == "RANGLE" and x.peek().text == "_F":
        x.place += 1  # <A, B>_F, of which there is one


def is_behind(x: Taking, place: int) -> bool:
    """Say whether a sign stands before the parameters of a function: the first ; or bar in its brackets."""
    if x.behind is None:
        x.behind = set()
        opened: list[tuple[int, list[int]]] = []
        for at, token in enumerate(x.raw):
            if token.type in ("LPAR", "LSQB", "LBRACE"):
                opened.append((at, []))
            elif token.type in ("RPAR", "RSQB", "RBRACE") and opened:
                begun, signs = opened.pop()
                called = begun and token.type == "RPAR" and x.raw[begun - 1].type in ("WORD", "SUB")
                following = {x.raw[sign].type for sign in signs[1:]}  # p(y | x; θ): one sign, and a comma
                if called and signs and following <= {"SEMI"} and begun + 1 < signs[0] < at - 1:
                    x.behind.add(signs[0])
            elif opened and (token.type in ("BAR", "SEMI") or token.text == "\\mid"):
                opened[-1][1].append(at)
    return place in x.behind


def semicolon(x: Taking, token: Token) -> None:
    """Take a semicolon, which in the brackets of a function stands before its parameters."""
    if is_behind(x, x.place - 1):
        token = Token("BEHIND", token.text, token.start, token.end, ";")
    elif x.stack and x.stack[-1].type == "CALL":
        token = Token("COMMA", token.text, token.start, token.end)
    x.emit(token)


_BELOW_NORMS = frozenset(("1", "2", "∞", "inf", "F"))
"""What stands below a norm, and below no absolute value."""


def bar(x: Taking, token: Token) -> None:
    """Tell opening from closing bars: one that follows an operand closes what is open."""
    kind = token.type
    if kind == "BAR" and x.stack and x.stack[-1].type == "CALL" and is_behind(x, x.place - 1):
        x.emit(Token("BEHIND", token.text, token.start, token.end, "|"))
        return
    opened = x.stack[-1].type if x.stack else ""
    if kind == "NORM" and x.ended and opened == "BAR_OPEN" and token.text == "||":
        # |x||y|: two single bars
        middle = token.start + 1
        x.stack.pop()
        x.emit(Token("BAR_CLOSE", "|", token.start, middle))
        token = Token("BAR", "|", middle, token.end)
        kind, opened = "BAR", x.stack[-1].type if x.stack else ""
    if x.ended and opened == kind + "_OPEN":
        opening = x.stack.pop()
        following = x.peek()
        star = x.peek(1)
        if following.type == "SUB" and following.start == token.end and plain_script(following.text) in _BELOW_NORMS:
            kind, opening.type = "NORM", "NORM_OPEN"  # |w|_1
        closing = Token(kind + "_CLOSE", token.text, token.start, token.end)
        if kind == "NORM" and following.type == "UNDERSCORE" and star.text in "*∗" and star.start == following.end:
            closing.value, closing.end = "star", star.end
            x.place += 2
        raised = 1 if following.type == "SUP" else 2 if following.type == "POW" and star.type == "NUMBER" else 0
        below = x.peek(raised)
        if kind == "NORM" and below.type == "SUB" and below.start == (x.peek(raised - 1) if raised else token).end:
            # ‖A‖_F², ‖A‖²_F
            x.raw[x.place : x.place + raised + 1] = [below, *x.raw[x.place : x.place + raised]]
            closing.value = plain_script(below.text)
            closing.end = below.end
            x.place += 1
        x.emit(closing)
        return
    token = Token(kind + "_OPEN", token.text, token.start, token.end)
    x.emit(token)
    x.stack.append(token)


def opens_angle(raw: Sequence[Token], place: int) -> bool:
    """Say whether ``<`` behind an operand begins ``<a, b>``, as in 2 <a, b>: a comma, a ``>`` and no other sign follow.

    Both signs are glued to what is between them, and one of them to nothing outside: a<b, c>d compares.
    """
    commas = depth = 0
    for after in range(place + 1, len(raw)):
        token = raw[after]
        if token.text == ">" and not depth:
            inside = raw[place].end == raw[place + 1].start and raw[after - 1].end == token.start
            before = place > 0 and raw[place - 1].end == raw[place].start
            behind = after + 1 < len(raw) and raw[after + 1].start == token.end and raw[after + 1].type in _OPERANDS
            return commas == 1 and inside and not (before and behind)
        depth += (token.type in OPENING) - (token.type in CLOSING)
        commas += token.type == "COMMA" and not depth
        if depth < 0 or commas > 1 or (not depth and token.type in _COMPARING):
            return False
    return False


_OPERANDS = frozenset(("WORD", "NUMBER", "LPAR", "LSQB"))
_COMPARING = frozenset(("RELATION", "EQUALS", "DEFINE", "SEMI", "COLON"))
