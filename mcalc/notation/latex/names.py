r"""Names in LaTeX: letters with fonts, accents and subscripts, upright words, constants in bold, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.errors import Mistake, Span
from mcalc.notation.latex import calls, head, scripts
from mcalc.notation.latex.commands import FONTS, VECTORS, function_of
from mcalc.notation.latex.constants import constant, indicator, is_indicator
from mcalc.notation.latex.letters import LONGEST, Read, is_one_atom, letters_from, read_name
from mcalc.notation.latex.tokens import Tex, fail

if TYPE_CHECKING:
    from mcalc.notation.latex.normalise import Normaliser

MEANS = {"E": "an expectation", "P": "a probability", "V": "a variance"}
CONDITION = frozenset(("if", "when", "whenever", "for"))
OTHERWISE = frozenset(("otherwise", "else", "elsewhere"))
WORDS = frozenset(("with", "such", "since", "because", "given", "here", "which"))
JOINING = frozenset(("and", "or", "where"))
NO_OBJECTIVE = frozenset((
    "argmin", "argmax", "arg", "minimize", "minimise", "maximize", "maximise", "subject", "such", "Pr", "lim", "min",
    "max", "Var", "Cov", "inf", "sup",
))  # fmt: skip


def write_name(n: Normaliser, *, optional: bool = False) -> bool:
    """Write the name that stands here with its scripts; say whether there was one."""
    token = n.tokens[n.place]
    read = read_name(n, n.place)
    if read is None:
        return False if optional else _not_a_name(n, token)
    n.place = read.end
    if read.upright and not read.subs and emit_word(n, read.base, read.first, read.last):
        return True
    scripts.of_name(n, read)
    return True


def in_brackets(n: Normaliser, close: int) -> bool:
    """Write an entry of a matrix in brackets, [A]_{ij}, as that of its name; say whether it is one."""
    if n.tokens[n.place].text != "[" or n.tokens[close].text != "]":
        return False
    read = read_name(n, n.place + 1)
    following = n.tokens[close + 1] if close + 1 < len(n.tokens) else None
    if read is None or read.end != close or read.subs or following is None or following.kind != "sub":
        return False
    n.place = read.end = close + 1
    scripts.of_name(n, read)
    return True


def _not_a_name(n: Normaliser, token: Tex) -> bool:
    """Go into a font that covers more than a name; write a constant, an indicator; refuse an accent over a formula."""
    start, end, after = n.argument(n.place + 1, token)
    if token.text not in FONTS:
        if token.text in VECTORS and constant(n, start, end, after):
            return True
        raise fail(f"{token.shown} over more than a name", token, n.tokens[end - 1], "one name expected")
    font = FONTS[token.text]
    if font in ("bold", "open") and constant(n, start, end, after):
        return True
    if font == "open":
        return _blackboard(n, token, start, end, after)
    letters = [t for t in n.tokens[start:end] if t.kind != "quad"]
    if font == "upright" and len(letters) < LONGEST and "".join([t.text for t in letters]) in NO_OBJECTIVE:
        n.place = after
        raise head.statement_of(n, token, n.tokens[after - 1], head.OPTIMISED)
    n.fonts.append(font)
    depth = len(n.fonts) - 1

    def leave() -> None:
        del n.fonts[depth:]
        scripts.after(n, "group")

    closing = n.tokens[after] if after < len(n.tokens) else None
    if closing is not None and closing.kind in ("sup", "sub") and not is_one_atom(n, start, end):
        raise Mistake(
            "E-AMBIG",
            "the braces are not seen: what does the script belong to?",
            [Span(token.start, closing.end, "in braces")],
            hint=r"write brackets, as in (\mathbf{a + b})^2",
        )
    n.enter(start, end, "", "", after, leave)
    return True


def _blackboard(n: Normaliser, token: Tex, start: int, end: int, after: int) -> bool:
    letter = "".join([t.text for t in n.tokens[start:end]])
    last = n.tokens[after - 1]
    n.place = after
    if letter == "R":
        n.write("ℝ", token, last)
        scripts.space(n)
        return True
    if letter == "I" and is_indicator(n, after):
        indicator(n, after - 1, after)
        return True
    if letter in ("E", "P", "V"):
        raise head.statement_of(n, token, last, MEANS[letter])
    raise fail(f"{n.source(after - (end - start) - 3, after) or token.shown} is not read", token, last)


# words ---------------------------------------------------------------------------------------------------------------


def word(n: Normaliser) -> None:
    """Write the upright word that stands here."""
    first = n.tokens[n.place]
    limit = n.frames[-1].end if n.frames else len(n.tokens)
    text, end = letters_from(n, n.place, limit, upright=True)
    last = n.tokens[end - 1]
    n.place = end
    if not emit_word(n, text, first, last):
        read = Read(text, end, first, last)
        read.upright = True
        scripts.of_name(n, read)


def emit_word(n: Normaliser, text: str, first: Tex, last: Tex) -> bool:
    """Write a word that is more than a name: part of braces, a function; say whether it is."""
    if text in n.known:
        return False
    in_cases = bool(n.rows) and n.rows[-1] == "cases"
    if text in CONDITION and (in_cases or text == "if"):
        if n.plain.last != "if":
            n.write("if", first, last)
        return True
    if text in CONDITION or text in WORDS:
        raise Mistake(
            "E-UNSUPPORTED", "words are no part of a formula", [Span(first.start, last.end, "not read")],
            hint="keep the formula alone; --where declares shapes",
        )  # fmt: skip
    if text in OTHERWISE:
        n.write("otherwise", first, last)
        return True
    if text in JOINING:
        n.write(text, first, last)
        return True
    if text == "d" and (n.peek().kind == "letter" or n.peek().kind == "command") and n.peek().text != "det":
        raise head.statement_of(n, first, last, "a differential")
    if text in NO_OBJECTIVE and not (text in ("min", "max") and n.peek().kind in ("left", "open")):
        raise head.statement_of(n, first, last, head.OPTIMISED)
    function = function_of(text)
    if function is not None and calls.has_argument(n):
        calls.apply(n, function, first, last)
        return True
    following = n.peek()
    if len(text) > 1 and not (following.kind == "left" and following.text == "("):
        n.met.word(text)  # before a bracket it is an unknown function, and refused as such
    return False
