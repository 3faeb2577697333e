r"""Telling what was pasted with something around it, or in the spelling of another program, from a bare formula.

Light enough to be loaded with every statement: nothing here rewrites anything.
"""

from __future__ import annotations

from mcalc.notation.around.prose import ENGLISH
from mcalc.patterns import pattern

_MARKS = (
    "$", "`", "~~~", "math::", "&", "</", "_(", "( ", "[ ", " dot ", " times ", "^top", "^TT",
    r"\_", r"\*", r"\^", r"\#", r"\(", r"\[", r"{\displaystyle", r"{\textstyle",
    "frac(", "norm(", "bold(", "upright(", "italic(", "cal(", "bb(",
)  # fmt: skip
_GLYPHS = frozenset("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06▒█■├┤┬┴〖〗∎□")
"""Ligatures, the end of a proof, and what Word's linear format writes."""
_DOUBLED = pattern(r"\\\\(?:[A-Za-z]{2}|[|{}])")
_BEGINNINGS = ("[", "(", "`", '"', "“", "„", "'", "‘", ">", "•", "*", "Eq", "eq", "EQ")
_ITEM = pattern(r"\d{1,2}[.)]\s")
_NUMBERED = pattern(r"[(\[]\s*(?:see\s+)?[Ee][Qq]")
_FENCE = pattern(r"\s*(?:(?:```|~~~)\s*(\w*)|\.\.\s+math::)\s*$")
MATHEMATICAL = frozenset(("math", "latex", "tex"))
"""What a fence says that holds LaTeX."""
_SENTENCE = pattern(r"\s*[A-Z]?[a-z]+(?:,?\s+[A-Za-z][a-z'’-]*){2,}\s*[:.,]?\s*")
_ADDED = pattern(r"[ \t]*(?:[+·⋅×⊙⊗](?!\s*$)|[-−–]\s|(?:subject to|s\.t\.|such that|where)\s)")
_CALL = pattern(r"\s*[^\W\d_]\w*\s*\([^()=]*\)\s*")


def is_marked(text: str) -> bool:
    r"""Say whether something may stand around a formula, or be spelled as elsewhere; a bare formula is not marked.

    >>> is_marked("x^2 + 1"), is_marked("sum_(i=1)^n x_i"), is_marked("the loss is $x^2$")
    (False, True, True)
    """
    begun = text.lstrip()
    return (
        any([mark in text for mark in _MARKS])
        or begun.startswith(_BEGINNINGS)
        or (begun[:1].isdecimal() and _ITEM.match(begun) is not None)
        or (("q" in text or "Q" in text) and _NUMBERED.search(text) is not None)
        or ("\\" in text and (not text.isascii() or text.count("=") > 1))
        or ("\\\\" in text and _DOUBLED.search(text) is not None)
        or not _GLYPHS.isdisjoint(text)
    )


def fence(line: str) -> str | None:
    """Return the language that a fence of Markdown says, "" where it says none; None where the line is no fence.

    >>> fence("```math"), fence("```"), fence("x")
    ('math', '', None)
    """
    found = _FENCE.match(line)
    return None if found is None else found[1] or ""


def begins_sentence(line: str) -> bool:
    """Say whether a line is made of words of a sentence, as before a formula that is displayed.

    >>> begins_sentence("The loss is"), begins_sentence("log det X"), begins_sentence("derivative of x")
    (True, False, True)
    """
    if _SENTENCE.fullmatch(line) is None:
        return False
    words = line.lower().replace(",", " ").rstrip(" .:,\r\n").split()
    return sum([len(word) > 1 and word in ENGLISH for word in words]) > 1


def goes_on(line: str, before: str = "") -> bool:
    """Say whether a line goes on from the line before it: it begins with what no statement begins with.

    A sign of equality goes on from a left side alone; from anything else it makes a claim.

    >>> goes_on(" + x"), goes_on("- x"), goes_on("-x"), goes_on("where r = x"), goes_on("= x", "L(x)")
    (True, True, False, True, True)
    >>> goes_on("= x", "d/dx x^2")
    False
    """
    if line.lstrip(" \t")[:1] == "=" and line.lstrip(" \t")[:2] != "==":
        return _CALL.fullmatch(before) is not None
    return _ADDED.match(line) is not None
