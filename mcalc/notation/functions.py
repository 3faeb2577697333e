"""Functions before their brackets: known, defined, undefined (f, g, h), with a power, primed, or without brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation import big_signs, brackets, prefixes
from mcalc.notation.limits import plain_script
from mcalc.notation.syntax import Name, Token
from mcalc.notation.words import ABSTRACT, PLANNED, clip, is_function, plain_name, suggestion

if TYPE_CHECKING:
    from mcalc.notation.prepare import Prepare

GOES_ON = frozenset(
    ("WORD", "NUMBER", "LPAR", "POW", "SUP", "VEC", "LSQB", "BAR", "NORM", "OP", "BIG", "NABLA", "PARTIAL", "FRACTION")
)
"""What may not follow ``sin x``: it would leave open how far the function reaches."""
BELONGS = GOES_ON | {"SUB", "PRIME", "PRIMES"}
"""What may not follow ``log det(A)``, for the same reason."""
NO_NAMES = frozenset(("min", "max", "argmin", "argmax", "lim", "sup", "inf", "mod"))
"""Operators that are no variables where nobody declared them so: min_w f says no function to differentiate."""
WORDS_BETWEEN = frozenset(("if", "otherwise", "else", "and", "or"))


def function(p: Prepare, name: Name, start: int, end: int) -> None:
    """Emit a function before its bracket; an unknown name there is a mistake, never a product."""
    full = name.full
    primes = 0
    if name.sub is not None and name.sub.startswith("prime") and name.base in ABSTRACT:
        primes = int(name.sub[5:] or 1) if name.sub[5:].isdigit() or not name.sub[5:] else 0
    if primes and full not in p.scope.functions:
        p.emit(Token("FUNC", full, start, end, prefixes.Partial(name.base, (primes,))))
    elif full in p.scope.functions or is_function(full) or name.base in ABSTRACT:
        token = Token("FUNC", full, start, end, name)
        after = p.peek(1)
        if full in ("sum", "prod") and after.type == "WORD" and p.peek(2).type == "EQUALS":
            p.emit(token)
            big_signs.ranged(p)
        else:
            p.emit(token)
    else:
        if full in PLANNED:
            raise Mistake("E-UNSUPPORTED", f"{full} is not supported yet", [Span(start, end, "not supported")])
        hint = suggestion(full, list(p.scope.functions))
        if not hint:
            hint = f"for a product write {clip(full)}*(...), for a function define it: {clip(full)}(t) = ..."
        raise Mistake("E-NAME", f"unknown function {clip(full)}", [Span(start, end, "not known")], hint=hint)


def primed(p: Prepare, name: Name, start: int, end: int) -> None:
    """Read f′(x), which mcalc prints; f'(x) as typed is refused, as the paper does not recommend it."""
    prime = p.peek()
    full = name.full
    if name.base not in ABSTRACT and not is_function(full) and full not in p.scope.functions:
        p.emit(Token("NAME", full, start, end, name))
        return
    if prime.text not in ("′", "″", "‴") or name.base not in ABSTRACT:
        raise Mistake(
            "E-SYNTAX",
            f"{full}' is no derivative here",
            [Span(start, prime.end, "which variable?")],
            hint=f"write d/dx {full}(x)",
        )
    p.place += 1
    p.emit(Token("FUNC", full, start, prime.end, prefixes.Partial(full, ("′″‴".index(prime.text) + 1,))))


def without_brackets(p: Prepare, name: Name, start: int, end: int) -> None:
    """Read ``sin^2(x)`` and ``sin x``; refuse what has two readings."""
    following = p.peek()
    full = name.full
    moved: list[Token] = []
    if following.type in ("POW", "SUP"):
        power, length = _power(p)
        if not power:
            raise Mistake(
                "E-AMBIG",
                f"{full}^-1 has two readings",
                [Span(start, following.end, "inverse or power?")],
                hint=f"a{full}(x) is the inverse function, 1/{full}(x) the power",
            )
        moved = [
            Token("POW", "^", following.start, following.start + 1),
            Token("NUMBER", str(power), start, following.end, power),
        ]
        p.place += length
        following = p.peek()
        p.notes.append(f"{full}^{power}(x) is read as {full}(x)^{power}")
        if following.type == "LPAR":
            function(p, name, start, end)
            brackets.open_(p, following)
            following.value = moved
            return
    length = 2 if p.peek(1).type == "SUB" else 1
    while p.peek(length).type in ("PRIME", "PRIMES") and p.peek(length + 1).type in GOES_ON:
        length += 1  # log w'x: of w', or of w'x?
    if following.type in ("WORD", "NUMBER") and p.peek(length).type not in GOES_ON and not is_function(following.text):
        if not moved:
            p.notes.append(f"{full} {following.text} is read as {full}({following.text})")
        p.emit(Token("FUNC", full, start, end, name))
        p.emit(Token("LPAR", "(", following.start, following.start))
        p.take(following)
        for token in (Token("RPAR", ")", p.out[-1].end, p.out[-1].end), *moved):
            p.emit(token)
        return
    if _of_a_bare_call(p, following):
        # log det A
        inner = p.peek(1)
        said = plain_name(following.text)
        if not moved:
            p.notes.append(f"{full} {said} {inner.text} is read as {full}({said}({inner.text}))")
        for name_of, place in ((name, start), (Name(said), following.start)):
            p.emit(Token("FUNC", name_of.full, place, place + len(name_of.full), name_of))
            p.emit(Token("LPAR", "(", inner.start, inner.start))
        p.place += 1
        p.take(inner)
        last = p.out[-1].end
        for token in (Token("RPAR", ")", last, last), Token("RPAR", ")", last, last), *moved):
            p.emit(token)
        return
    if _of_a_call(p, following):
        # log σ(z), log det(A): the bracket is that of the inner function, and the outer one closes with it
        if not moved:
            p.notes.append(f"{full} {following.text}(...) is read as {full}({following.text}(...))")
        p.emit(Token("FUNC", full, start, end, name))
        p.emit(Token("LPAR", "(", following.start, following.start))
        closing = p.raw[p.close_of(p.place + 1)].end
        p.raw[p.place + 1].value = [Token("RPAR", ")", closing, closing), *moved]
        return
    if following.type in ("WORD", "NUMBER", "BAR", "NORM", "LSQB"):
        text = following.text + ("(...)" if following.type == "WORD" and p.peek(1).type == "LPAR" else "")
        if following.type in ("BAR", "NORM"):
            text += f"...{text}"
        raise Mistake(
            "E-AMBIG",
            f"{full} without brackets has two readings",
            [Span(start, following.end, "how far does it reach?")],
            hint=f"write {full}({text}) ..., or {full}({text} ...)",
        )
    raise Mistake("E-SYNTAX", f"{full} is a function", [Span(start, end, "of what?")], hint=f"write {full}(x)")


def refuse_operator(name: Name, start: int, end: int) -> None:
    """Refuse ``min_w f``, ``lim f``, ``x mod 2``, which would else be products with a variable of that name."""
    hint = {"mod": "", "min": "differentiate what follows it; min(x) is the least element of x"}.get(
        name.base, "differentiate what follows it" if name.base != "max" else "max(x) is the greatest element of x"
    )
    raise Mistake("E-UNSUPPORTED", f"{name.full} is not supported", [Span(start, end, "not read")], hint=hint)


def _known(p: Prepare, following: Token) -> bool:
    """Say whether a word is a function that mcalc knows, and nothing else here."""
    name = plain_name(following.text)
    return is_function(name) and name not in p.known


def _of_a_bare_call(p: Prepare, following: Token) -> bool:
    """Say whether a known function and one name follow, and nothing after them that could still belong to it."""
    inner = p.peek(1)
    if following.type != "WORD" or not _known(p, following) or inner.type != "WORD" or is_function(inner.text):
        return False
    after = p.peek(3 if p.peek(2).type == "SUB" else 2)
    return after.type not in BELONGS or after.text in WORDS_BETWEEN


def _of_a_call(p: Prepare, following: Token) -> bool:
    """Say whether a known function with its bracket follows, and nothing after it that could still belong to it."""
    if following.type != "WORD" or p.peek(1).type != "LPAR" or not _known(p, following):
        return False
    after = p.close_of(p.place + 1) + 1
    return after >= len(p.raw) or p.raw[after].type not in BELONGS or p.raw[after].text in WORDS_BETWEEN


def _power(p: Prepare) -> tuple[int, int]:
    """Return the positive power that stands between a function and its bracket, and its length; 0 where negative."""
    if p.peek().type == "SUP":
        text = plain_script(p.peek().text)
        return (int(text) if text.isdigit() else 0), 1
    if p.peek(1).type == "NUMBER" and p.peek(1).text.isdigit():
        return int(p.peek(1).text[:9]), 2
    return 0, 1
