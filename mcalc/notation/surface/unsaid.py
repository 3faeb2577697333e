"""The index of a sum that names none: the one letter below names in the term behind it, i in ``sum p_i log p_i``."""

from __future__ import annotations

from itertools import pairwise

from mcalc.errors import Mistake, Span
from mcalc.notation.surface.mistakes import CLOSERS, PAIRS
from mcalc.notation.surface.words import INDICES, clip, plain_name, plain_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.notation.surface.syntax import Token
    from mcalc.notation.surface.taking import Taking

BIGS = {"sum": "sum", "prod": "prod", "Σ": "sum", "Π": "prod", "∑": "sum", "∏": "prod"}
"""The signs of sums and products over an index, and what they are."""
LETTERS = "ΣΠ"
"""The signs that are letters of names, too: a sum where the names behind it have an index that nothing else binds."""
_ENDS = frozenset(("SIGN", "EQUALS", "COMMA", "SEMI", "RELATION"))
"""What ends the term behind a sum."""
_BODIES = frozenset(("WORD", "NUMBER", "LPAR", "LSQB", "LBRACE", "BAR", "NORM"))
"""What the term behind a sum begins with."""
_BARS = frozenset(("BAR", "NORM"))
_FAR = 300
"""How many tokens behind a sum that names no index are looked at for one."""


def unsaid_index(x: Taking, place: int) -> list[str]:
    """Return the index of the sum whose term begins at a place, alone in a list; an empty one where none is said."""
    found = {indices(x)[start] for start in _below(x, place, indices(x))}
    return [*found] if len(found) == 1 else []


def letter_index(x: Taking, token: Token) -> str:
    """Return the index of the sum that a letter Σ or Π stands for; an empty text where it is a name.

    Every such letter of the statement has to be a sum, and every index to be below one of them. What raises a bracket
    behind the letter is refused: Σ (y - p)² is a sum to many.
    """
    if x.letters is None:
        x.letters = _letters(x)
    return x.letters.get(token.start, "")


def is_sum(x: Taking, letter: str, index: str, place: int) -> bool:
    """Say whether Σ_i is a sum though Σ, which stands elsewhere, is a name: the index is below names in its term."""
    if index not in INDICES or f"{plain_name(letter)}_{index}" in x.known or x.peek().type not in _BODIES:
        return False
    own = {
        below.start: word.text
        for word, below in pairwise(x.raw)
        if below.type == "SUB" and word.end == below.start and plain_script(below.text) == index
    }
    signs = [text for text in own.values() if text in BIGS]
    is_name = sum([letter in t.text for t in x.raw if t.type == "WORD"]) > len(signs)
    return is_name and all([sign in LETTERS for sign in signs]) and bool(_below(x, place, own))


def indices(x: Taking) -> dict[int, str]:
    """Return the letters below names that nothing binds, by where they stand."""
    if x.indices is None:
        bound: set[str] = set()
        found: dict[int, str] = {}
        for word, below in pairwise(x.raw):
            if below.type == "SUB" and word.type in ("WORD", "BIG", "RSQB") and word.end == below.start:
                script = plain_script(below.text)
                if word.type == "RSQB" or word.text in BIGS:
                    bound.update(script)  # by [...]_{ij}, too
                elif script in INDICES and script not in x.known and f"{plain_name(word.text)}_{script}" not in x.known:
                    found[below.start] = script
        x.indices = {start: script for start, script in found.items() if script not in bound}
    return x.indices


def _below(x: Taking, place: int, unbound: Collection[int]) -> list[int]:
    """Return where those of some subscripts stand that are in the term which begins at a place."""
    found: list[int] = []
    depth = 0
    within = False
    for k in range(place, min(len(x.raw), place + _FAR) if unbound else 0):
        token = x.raw[k]
        depth += (token.type in PAIRS) - (token.type in CLOSERS)
        within ^= token.type in _BARS
        if depth < 0 or (not depth and not within and token.type in _ENDS and k > place):
            break
        if token.start in unbound and token.type == "SUB":
            found.append(token.start)
    return found


def _letters(x: Taking) -> dict[int, str]:
    """Return the indices of all letters that are sums, by where they stand; an empty dict where one is a name."""
    raw = x.raw
    found: dict[int, str] = {}
    covered: set[int] = set()
    alone: list[int] = []
    for place, token in enumerate(raw[:-1]):
        if token.type != "WORD" or token.text[0] not in LETTERS or x.text[token.start] != token.text[0]:
            continue
        after = raw[place + 1]
        is_one = len(token.text) == 1
        in_bars = after.type in _BARS and place > 0 and raw[place - 1].type == after.type  # |Σ|
        if plain_name(token.text[0]) in x.known or (is_one and (after.type not in _BODIES or in_bars)):
            return {}
        index = unsaid_index(x, place + 1)
        if index:
            found[token.start] = index[0]
            covered.update(_below(x, place + 1, indices(x)))
        alone.append(place)
    if len(found) == len(alone) and covered == {*indices(x)}:
        return found
    if len(alone) == 1 and not indices(x) and raw[alone[0] + 1].type == "LPAR":
        closed = x.close_of(alone[0] + 1)
        if "".join([t.text for t in raw[closed + 1 : closed + 3]]).lstrip("^*")[:1] in ("2", "²"):
            sign = raw[alone[0]]
            body = x.text[raw[alone[0] + 1].start : raw[closed + 1].end]
            raise Mistake(
                "E-AMBIG",
                f"{sign.text} has two readings",
                [Span(sign.start, sign.end, "a sum or a name?")],
                hint=f"write sum({clip(body, 60)}) for the sum of all entries, or declare {sign.text}: R^{{m x n}}",
            )
    return {}
