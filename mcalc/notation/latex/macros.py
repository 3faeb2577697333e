r"""Macros: ``\newcommand`` and ``\DeclareMathOperator`` read, and expanded within bounds.

Of ``\def`` only what ``\newcommand`` says as well is there; no ``\input``, no recursion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from mcalc.errors import Mistake
from mcalc.notation.names.scope import Macro
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.tex import Tex, after_group, fail, forbid, pairs, scan_tex

MAX_EXPANSIONS = 1000
MAX_CHARACTERS = 64 * 1024
MAX_ARGUMENTS = 9
DEFINING = frozenset((
    "newcommand", "newcommand*", "renewcommand", "renewcommand*", "providecommand", "providecommand*",
    "DeclareMathOperator", "DeclareMathOperator*", "def",
))  # fmt: skip


def read_macros(text: str) -> dict[str, Macro]:
    r"""Return the macros of a preamble; what else stands there is passed over.

    >>> sorted(read_macros(r"\usepackage{amsmath} \newcommand{\R}{\mathbb{R}} \DeclareMathOperator{\tr}{tr}"))
    ['R', 'tr']
    """
    found = take_macros(scan_tex(text))[1]
    for macro in found.values():
        forbid(macro.body)
    return found


def take_macros(tokens: list[Tex]) -> tuple[list[Tex], dict[str, Macro]]:
    """Return the tokens of a formula without the definitions of macros in it, and those macros."""
    if not any([t.kind == "command" and t.text in DEFINING for t in tokens]):
        return tokens, {}
    match = pairs(tokens)
    rest: list[Tex] = []
    found: dict[str, Macro] = {}
    place = 0
    while place < len(tokens):
        if tokens[place].kind == "command" and tokens[place].text in DEFINING:
            place, macro = _definition(tokens, place, match)
            found[macro.name] = macro
        else:
            rest.append(tokens[place])
            place += 1
    return rest, found


def _definition(tokens: list[Tex], place: int, match: Mapping[int, int]) -> tuple[int, Macro]:
    r"""Read ``\newcommand{\name}[2][default]{body}``; return the place after it and the macro."""
    first = tokens[place]
    hint = r"write \newcommand{\name}[1]{...}"
    place += 1
    if place < len(tokens) and tokens[place].kind == "open":
        inside = tokens[place + 1 : match[place]]
        place = match[place] + 1
    else:
        inside = tokens[place : place + 1]
        place += 1
    if len(inside) != 1 or inside[0].kind != "command":
        raise fail(f"{first.shown} defines no command", first, label="what is its name?", hint=hint)
    name = inside[0].text
    count, default = 0, None
    while first.text == "def" and [t.text for t in tokens[place : place + 2]] == ["#", str(count + 1)]:
        count, place = count + 1, place + 2
    optional, place = _optional(tokens, place)
    if optional is not None:
        digits = "".join([t.text for t in optional])
        if not digits.isdecimal() or not 0 <= int(digits[:3]) <= MAX_ARGUMENTS:
            raise fail(f"a macro takes at most {MAX_ARGUMENTS} arguments", first, label="how many?", hint=hint)
        count = int(digits)
        default, place = _optional(tokens, place)
    if place >= len(tokens) or tokens[place].kind != "open":
        raise fail(f"{first.shown} lacks the text of \\{name}", first, label="defined here", hint=hint)
    close = match[place]
    body = tokens[place + 1 : close]
    if first.text.startswith("Declare"):
        starred = first.text.endswith("*")
        operator = Tex("command", "operatorname*" if starred else "operatorname", first.start, first.end)
        body = [operator, tokens[place], *body, tokens[close]]
    return close + 1, Macro(name, count, default, body)


def _optional(tokens: list[Tex], place: int) -> tuple[list[Tex] | None, int]:
    if place >= len(tokens) or not tokens[place].is_other("["):
        return None, place
    end = place + 1
    while end < len(tokens) and not tokens[end].is_other("]"):
        end += 1
    return tokens[place + 1 : end], min(end + 1, len(tokens))


def expand(tokens: list[Tex], macros: Mapping[str, Macro]) -> list[Tex]:
    r"""Return the tokens with macros replaced by what they stand for; each piece stands where the macro stood.

    >>> expand(scan_tex(r"\norm{x}"), read_macros(r"\newcommand{\norm}[1]{\lVert #1 \rVert}"))
    [command('\\lVert'), letter('x'), command('\\rVert')]
    """
    if not any([t.kind == "command" and t.text in macros for t in tokens]):
        return tokens
    tokens = [*tokens]
    place = expansions = characters = 0
    while place < len(tokens):
        token = tokens[place]
        macro = macros.get(token.text) if token.kind == "command" else None
        if macro is None:
            place += 1
            continue
        expansions += 1
        if macro.name in token.macros:
            raise fail(f"the macro {token.shown} is defined by itself", token, label="a recursive macro")
        if expansions > MAX_EXPANSIONS:
            raise _limit(f"more than {MAX_EXPANSIONS} macros are used", token)
        arguments, after = _arguments(tokens, place + 1, macro, token)
        made = _filled(macro, arguments, token)
        characters += sum([len(piece.text) for piece in made])
        if made:
            made[0].glued = token.glued
        if characters > MAX_CHARACTERS:
            raise _limit("macros make more than 64 KiB", token)
        tokens[place:after] = made
    return tokens


def put_in_place(text: str, others: Mapping[str, Macro]) -> str:
    r"""Return a text with the macros that it defines, and `others`, in place of their names; lines keep their numbers.

    What is wrong with a definition leaves the text as it is: that is said where its formulas are read.

    Raises:
        Mistake: `E-LIMIT`, where macros are used too often, or make too much.

    >>> put_in_place(r"\def\g#1{\nabla #1} $\g{f} = 2x$", {})
    ' $\\nabla f = 2x$'
    """
    scanned = scan_tex(text)
    try:
        tokens, own = take_macros(scanned)
        macros = {**others, **own}
        spans = [*_definitions(scanned, tokens), *_calls(tokens, macros)]
        expanded = expand(tokens, macros)
    except Mistake as mistake:
        if mistake.code == "E-LIMIT":
            raise
        return text
    out: list[str] = []
    done = place = 0
    for start, end in sorted(spans):
        while place < len(expanded) and expanded[place].start < start:
            place += 1
        first = place
        while place < len(expanded) and expanded[place].start < end:
            place += 1
        made = _written(text, expanded[first:place])
        spelled = bool(made) and expanded[place - 1].kind == "command" and made[-1].isalpha()
        lines = text.count("\n", start, end) - made.count("\n")
        out += [text[done:start], made, " " * (spelled and text[end : end + 1].isalpha()), "\n" * lines]
        done = end
    return "".join([*out, text[done:]])


def _definitions(scanned: list[Tex], rest: list[Tex]) -> Iterator[tuple[int, int]]:
    """Give where definitions begin and end in a text: the tokens that are not among the rest."""
    left = {id(token) for token in rest}
    for is_left, run in groupby(scanned, key=lambda token: id(token) in left):
        taken = [*run]
        if not is_left:
            yield taken[0].start, taken[-1].end


def _calls(tokens: list[Tex], macros: Mapping[str, Macro]) -> Iterator[tuple[int, int]]:
    """Give where macros begin in a text, and where their arguments end; not those within arguments."""
    place = 0
    while place < len(tokens):
        token, after = tokens[place], place + 1
        if token.kind == "command" and token.text in macros:
            _, after = _arguments(tokens, after, macros[token.text], token)
            yield token.start, tokens[after - 1].end
        place = after


def _written(text: str, tokens: list[Tex]) -> str:
    """Return tokens as a text: those of one argument with what stood between them."""
    out = ""
    for before, token in pairwise([None, *tokens]):
        assert token is not None
        gap = " " * (not token.glued)
        if before is not None:
            stood = text[before.end : token.start] if not before.macros and not token.macros else "-"
            letters = before.kind == "command" and before.text[-1:].isalpha() and token.shown[0].isalpha()
            gap = stood if stood and not stood.strip() else gap or " " * letters
        out += gap * (before is not None) + token.shown
    return out


def _limit(message: str, token: Tex) -> Mistake:
    return mistake_at("E-LIMIT", message, token, "expanded here")


def _arguments(tokens: list[Tex], place: int, macro: Macro, token: Tex) -> tuple[list[list[Tex]], int]:
    """Return the arguments of a macro from a place on, and the place after them."""
    found: list[list[Tex]] = []
    if macro.default is not None:
        optional, place = _optional(tokens, place)
        found.append(macro.default if optional is None else optional)
    while len(found) < macro.count:
        if place >= len(tokens) or tokens[place].kind == "close":
            raise fail(f"{token.shown} takes {macro.count} arguments", token, label="one is missing")
        after = after_group(tokens, place)
        braced = tokens[place].kind == "open"
        found.append(tokens[place + braced : after - braced])
        place = after
    return found, place


def _filled(macro: Macro, arguments: list[list[Tex]], token: Tex) -> list[Tex]:
    """Return the body of a macro with its arguments in place: they keep their places, the rest stands at the macro."""
    out: list[Tex] = []
    place = 0
    body = macro.body
    marks = token.macros | {macro.name}
    while place < len(body):
        piece = body[place]
        place += 1
        if piece.kind != "parameter":
            out.append(Tex(piece.kind, piece.text, token.start, token.end, marks, glued=piece.glued))
            continue
        which = body[place].text if place < len(body) else ""
        if not which.isdecimal() or not 1 <= int(which) <= len(arguments):
            raise fail(f"the macro {token.shown} has no argument #{which[:1]}", token, label="expanded here")
        out.extend(arguments[int(which) - 1])
        place += 1
    return out
