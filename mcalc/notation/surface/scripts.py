"""Subscripts and superscripts as plain text.

A subscript is a label until it is known what is bound and declared: ``w_{t+1}`` may be one name, ``x_{i+1}`` an
element. Where it is an index, the grammar reads it, as it reads everything else (`limits.py`).
"""

from __future__ import annotations

from mcalc.alphabet import GREEK as WORDS
from mcalc.alphabet import LOWERED, RAISED
from mcalc.notation.surface.syntax import Name, Node
from mcalc.notation.surface.words import GREEK, plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_GLYPHS = str.maketrans({**LOWERED, **RAISED, "⊤": "T", "⊺": "T", "−": "-"})


def plain_script(text: str) -> str:
    """Return a subscript or superscript as plain text without spaces.

    >>> plain_script("_{i + 1}"), plain_script("ᵢ₊₁"), plain_script("_hat"), plain_script("_pi"), plain_script("ₚᵢ")
    ('i+1', 'i+1', 'hat', 'π', 'pi')
    """
    if text[0] == "_":
        text = text[1:]
        if text[:1] == "{":
            text = text[1:-1]
    if text == "*":
        return "star"
    if " in " in text:
        text = text.replace(" in ", "∈")
    if not text.isascii():
        glyphs = text.translate(_GLYPHS)
        if glyphs.isascii():
            return "".join(glyphs.split())
        text = glyphs
    return GREEK.get(text, text) if text.isalnum() else "".join([GREEK.get(word, word) for word in text.split()])


INDICES = frozenset("ijklmn")
"""Letters that are indices below a name; another is a label, as in x_b beside x."""


def indices_spelled(sub: str, bound: Container[str]) -> str:
    """Return the indices whose letters spell a Greek one, where they are bound and it is not; else the subscript.

    >>> indices_spelled("π", {"p", "i"}), indices_spelled("π", {"p", "i", "π"}), indices_spelled("π", {"i"})
    ('pi', 'π', 'π')
    """
    word = WORDS.get(sub, "")
    return word if word and sub not in bound and all([letter in bound for letter in word]) else sub


def letters_of(sub: str | None, among: frozenset[str] = INDICES) -> list[str]:
    """Return the letters of a subscript that is made of nothing but indices; none of any other.

    >>> letters_of("ij"), letters_of("i,j"), letters_of("1,j"), letters_of("hat"), letters_of("i+1"), letters_of(None)
    (['i', 'j'], ['i', 'j'], ['j'], [], [], [])
    """
    if not sub:
        return []
    parts = sub.split(",") if "," in sub else list(sub) if len(sub) <= 2 else [sub]
    if not all([part in among or part.isdecimal() for part in parts]):
        return []
    return [part for part in parts if part in among]


def is_multiple(text: str) -> bool:
    """Say whether a subscript is a number times an index: x_{2i} of a vector. Of a matrix, A_{2i} is an entry.

    >>> is_multiple("2i"), is_multiple("ij"), is_multiple("2")
    (True, False, False)
    """
    return text[-1:].isalpha() and text[:-1].isdecimal()


def exponent_of(text: str, start: int, end: int) -> Node:
    """Return the node of an exponent in superscript glyphs."""
    return simple(text, start, end) or Node("script", start, end, (), text)


def simple(text: str, start: int, end: int) -> Node | None:
    """Return the node of a name or a whole number, which most scripts are."""
    if text.isalpha():
        return Node("name", start, end, (), Name(plain_name(text)))
    if text.isdecimal() and len(text) < 100:
        return Node("number", start, end, (), int(text))
    return None
