"""Subscripts, superscripts and the limits of sums: short texts of names, whole numbers and signs.

They are read by hand, since what they mean (an element, an index, a part of a name) is decided later, by what is bound
and declared.
"""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation.parse import scan
from mcalc.notation.syntax import Name, Node, Token, exact
from mcalc.notation.words import GREEK, plain_name

_GLYPHS = str.maketrans(
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵀᵗ⊤⊺ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ−",
    "0123456789+-=()aehijklmnoprstuvxβγρφχ0123456789+-=()nTtTTabcdefghijklmoprsuvwxyzABDEGHIJKLMNOPRUVW-",
)


def plain_script(text: str) -> str:
    """Return a subscript or superscript as plain text without spaces.

    >>> plain_script("_{i + 1}"), plain_script("ᵢ₊₁"), plain_script("_hat"), plain_script("⁻ᵀ"), plain_script("_alpha")
    ('i+1', 'i+1', 'hat', '-T', 'α')
    """
    if text[0] == "_":
        text = text[1:]
        if text[:1] == "{":
            text = text[1:-1]
    if text == "*":
        return "star"
    if not text.isascii():
        text = text.translate(_GLYPHS)
    return GREEK.get(text, text) if text.isalnum() else "".join([GREEK.get(word, word) for word in text.split()])


def is_multiple(text: str) -> bool:
    """Say whether a subscript is a number times an index: x_{2i} of a vector. Of a matrix, A_{2i} is an entry.

    >>> is_multiple("2i"), is_multiple("ij"), is_multiple("2")
    (True, False, False)
    """
    return text[-1:].isalpha() and text[:-1].isdecimal()


def limit(text: str, start: int, end: int) -> Node:
    """Return the syntax tree of a limit or of a shifted subscript: sums of products of names, numbers and lengths.

    `start` and `end` say where it stands in the statement.
    """
    node = read_limit(text, start, end)
    if node is None:
        raise Mistake(
            "E-SYNTAX",
            "this is no limit or subscript",
            [Span(start, end, "not read")],
            hint="write n, n - 1, i + 1 or |x|",
        )
    return node


def read_limit(text: str, start: int, end: int) -> Node | None:
    """Return what :func:`limit` does, or None where the text is nothing of the kind."""
    if text.isalpha():
        return Node("name", start, end, (), Name(plain_name(text)))
    if text.isdecimal() and len(text) < 100:
        return Node("number", start, end, (), int(text))
    terms: list[Node] = []
    signs: list[Token] = []
    factors: list[Node] = []
    ops: list[Token] = []
    negative = False
    tokens = scan(text)
    k = 0
    while k < len(tokens):
        token = tokens[k]
        if token.type == "SIGN":
            if factors:
                terms.append(_product(factors, ops, start, end, negative=negative))
                signs.append(Token("SIGN", "+", start, end, "+"))
                factors, ops, negative = [], [], False
            negative ^= token.text not in "+⊕"
            k += 1
            continue
        if token.type == "OP" and token.text in "*/×":
            if len(ops) != len(factors) - 1:
                return None
            ops.append(Token("OP", token.text, start, end, "/" if token.text == "/" else "*"))
            k += 1
            continue
        factor, k = _factor(tokens, k, start, end)
        if factor is None:
            return None
        if factors and len(ops) == len(factors) - 1:
            ops.append(Token("OP", "", start, end, " "))
        factors.append(factor)
    if not factors or len(ops) != len(factors) - 1:
        return None
    terms.append(_product(factors, ops, start, end, negative=negative))
    return terms[0] if len(terms) == 1 else Node("sum", start, end, terms, signs)


def _product(factors: list[Node], ops: list[Token], start: int, end: int, *, negative: bool) -> Node:
    node = factors[0] if len(factors) == 1 else Node("product", start, end, factors, ops)
    return Node("negative", start, end, (node,)) if negative else node


def _factor(tokens: list[Token], k: int, start: int, end: int) -> tuple[Node | None, int]:
    token = tokens[k]
    if token.type == "NUMBER":
        value = exact(token.text, 100)
        return (Node("number", start, end, (), value) if value is not None else None), k + 1
    if token.type == "WORD":
        following = tokens[k + 1] if k + 1 < len(tokens) else None
        if following is not None and following.type == "SUB" and following.start == token.end:
            return Node("name", start, end, (), Name(plain_name(token.text), plain_script(following.text))), k + 2
        return Node("name", start, end, (), Name(plain_name(token.text))), k + 1
    if token.type == "BAR" and k + 2 < len(tokens) and tokens[k + 1].type == "WORD" and tokens[k + 2].type == "BAR":
        name = Node("name", start, end, (), Name(plain_name(tokens[k + 1].text)))
        return Node("bars", start, end, (name,)), k + 3
    return None, k
