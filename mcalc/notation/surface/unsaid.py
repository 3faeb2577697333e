"""The index of a sum that names none: the one letter below names in the term behind it, i in ``sum p_i log p_i``."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from mcalc.notation.surface.mistakes import CLOSERS, PAIRS
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.words import INDICES, plain_name, plain_script
from mcalc.patterns import pattern

BIGS = {"sum": "sum", "prod": "prod", "Σ": "sum", "Π": "prod", "∑": "sum", "∏": "prod"}
"""The signs of sums and products over an index, and what they are."""
LETTERS = "ΣΠ"
"""The signs that are letters of names, too: a sum where the names behind it have an index that nothing else binds."""
_ENDS = frozenset(("SIGN", "EQUALS", "COMMA", "SEMI", "RELATION"))
"""What ends the term behind a sum."""
_BODIES = frozenset(("WORD", "NUMBER", "LPAR", "LSQB", "LBRACE", "BAR", "NORM"))
"""What the term behind a sum begins with."""
_BEHIND_A_MATRIX = pattern(r"(?:RPAR|RSQB|COMMA|PRIME) |SIGN \+ |SUP ⁻|POW \S+ (?:LBRACE \{ |LPAR \( )?SIGN [-−] ")
"""What stands behind a matrix, and behind no sum, token by token: Σ_k), Σ_k + λ I, Σ_k^{-1}."""
_BEFORE = frozenset(("SIGN", "EQUALS", "LPAR", "LSQB", "NUMBER", "COMMA"))
"""What stands before a sum that is no factor behind a name."""
_BARS = frozenset(("BAR", "NORM"))
_FAR = 300
"""How many tokens behind a sum that names no index are looked at for one."""


class UnsaidIndices:
    """The sums of a statement whose index is not said; its raw tokens are looked at once, where one is asked for."""

    def __init__(self, text: str, raw: list[Token], known: Collection[str]) -> None:
        self.text = text
        self.raw = raw
        self.known = known
        self._found: dict[int, str] | None = None
        self.letters: dict[int, str] | None = None

    def below(self, place: int) -> list[str]:
        """Return the index of the sum whose term begins at a place, alone in a list; an empty one without."""
        unbound = self.indices()
        found = {unbound[start] for start in self._starts(place, unbound)}
        return [*found] if len(found) == 1 else []

    def said_behind(self, place: int) -> int:
        """Return where what stands below a sum is said behind what stands above it, as in ∑^n_{i=1}; 0 without."""
        raw = self.raw
        kinds = [token.type for token in raw[place : place + 2]]
        if kinds[:1] == ["SUP"]:
            last = place
        elif kinds == ["POW", "LBRACE"]:
            last = next((k for k in range(place, len(raw)) if raw[k].type == "RBRACE"), place)
        elif kinds[:1] == ["POW"] and len(kinds) > 1 and raw[place].end == raw[place + 1].start:
            last = place + 1
        else:
            return 0
        is_said = last + 1 < len(raw) and raw[last + 1].type == "SUB" and raw[last + 1].start == raw[last].end
        return last + 1 if is_said else 0

    def of_letter(self, token: Token) -> str:
        """Return the index of the sum that a letter Σ or Π stands for; an empty text where it is a name.

        Every such letter of the statement has to be a sum, and every index to be below one of them.
        """
        if self.letters is None:
            self.letters = self._letters()
        return self.letters.get(token.start, "")

    def is_matrix(self, index: str, place: int) -> bool:
        """Say whether Σ is a matrix: with a number below, or before what no sum is of: Σ_12, N(x | μ_k, Σ_k), Σ_k⁻¹.

        Two letters that stand nowhere else are a label, too: aᵀ Σ_xy b.
        """
        raw = self.raw
        following = "".join([f"{t.type} {t.text} " for t in raw[place : place + 3]])
        before = raw[place - 3].type if place > 2 else ""
        in_bars = before in _BARS and following.startswith(f"{before} ")
        if index.isdecimal() or in_bars or _BEHIND_A_MATRIX.match(following) is not None:
            return True
        return len(index) == 2 and not INDICES.issuperset(index) and not self._stands(index)

    def _stands(self, letters: str) -> bool:
        """Say whether one of some letters stands anywhere but below a Σ: no sum runs over what stands nowhere.

        Where such a Σ is inverted, all are matrices, whatever else there is.
        """
        for place, (word, sub) in enumerate(pairwise(self.raw)):
            behind = "".join([f"{t.type} {t.text} " for t in self.raw[place + 2 : place + 5]])
            if word.text in LETTERS and len(sub.text) == len(letters) + 1 and _BEHIND_A_MATRIX.match(behind):
                return False
        below = {sub.start for word, sub in pairwise(self.raw) if sub.type == "SUB" and word.text in LETTERS}
        texts = [t.text for t in self.raw if t.type in ("WORD", "SUB") and t.start not in below]
        return any([letter in text for letter in letters for text in texts])

    def is_sum(self, letter: str, index: str, place: int) -> bool:
        """Say whether Σ_i is a sum though Σ stands elsewhere as a name: names in its term have the index."""
        signs = [text for text in self._with(index).values() if text in BIGS]
        is_name = sum([letter in t.text for t in self.raw if t.type == "WORD"]) > len(signs)
        return is_name and all([sign in LETTERS for sign in signs]) and self.runs(letter, index, place)

    def runs(self, letter: str, index: str, place: int) -> bool:
        """Say whether names in the term that begins at a place have an index, which no name of the letter has."""
        following = self.raw[place].type if place < len(self.raw) else ""
        if index not in INDICES or f"{plain_name(letter)}_{index}" in self.known or following not in _BODIES:
            return False
        return bool(self._starts(place, self._with(index)))

    def _with(self, index: str) -> dict[int, str]:
        """Return the words that have an index below, by where that stands."""
        glued = [(word, sub) for word, sub in pairwise(self.raw) if sub.type == "SUB" and word.end == sub.start]
        return {sub.start: word.text for word, sub in glued if plain_script(sub.text) == index}

    def indices(self) -> dict[int, str]:
        """Return the letters below names that nothing binds, by where they stand."""
        if self._found is None:
            bound: set[str] = set()
            found: dict[int, str] = {}
            for word, below in pairwise(self.raw):
                if below.type == "SUB" and word.type in ("WORD", "BIG", "RSQB") and word.end == below.start:
                    script = plain_script(below.text)
                    if word.type == "RSQB" or word.text in BIGS:
                        bound.update(script)  # by [...]_{ij}, too
                    elif script in INDICES and {script, f"{plain_name(word.text)}_{script}"}.isdisjoint(self.known):
                        found[below.start] = script
            self._found = {start: script for start, script in found.items() if script not in bound}
        return self._found

    def _starts(self, place: int, among: Collection[int]) -> list[int]:
        """Return where those of some subscripts stand that are in the term which begins at a place."""
        found: list[int] = []
        depth = 0
        within = False
        for k in range(place, min(len(self.raw), place + _FAR) if among else 0):
            token = self.raw[k]
            depth += (token.type in PAIRS) - (token.type in CLOSERS)
            within ^= token.type in _BARS
            if depth < 0 or (not depth and not within and token.type in _ENDS and k > place):
                break
            if token.start in among and token.type == "SUB":
                found.append(token.start)
        return found

    def _letters(self) -> dict[int, str]:
        """Return the indices of all letters that are sums, by where they stand; an empty dict where one is a name."""
        raw = self.raw
        found: dict[int, str] = {}
        covered: set[int] = set()
        alone: list[int] = []
        for place, token in enumerate(raw[:-1]):
            if token.type != "WORD" or token.text[0] not in LETTERS or self.text[token.start] != token.text[0]:
                continue
            after = raw[place + 1].type
            in_bars = after in _BARS and place > 0 and raw[place - 1].type == after  # |Σ|
            is_name = len(token.text) == 1 and (after not in _BODIES or in_bars)
            if is_name or plain_name(token.text[0]) in self.known:
                return {}
            index = self.below(place + 1)
            if index:
                found[token.start] = index[0]
                covered.update(self._starts(place + 1, self.indices()))
            alone.append(place)
        beside = self.indices().keys() - covered
        if len(found) < len(alone) or any([self.indices()[start] not in found.values() for start in beside]):
            return {}
        # Σ y_i a_i - log(b_i) is refused as a sum that its index stands beside; in x_iᵀ Σ x_i it is a matrix
        begins = all([place == 0 or raw[place - 1].type in _BEFORE for place in alone])
        return found if not beside or (begins and min(beside) > max(covered, default=0)) else {}
