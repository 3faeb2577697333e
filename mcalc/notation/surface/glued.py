"""Words that were typed without the spaces between them: ``w_ix_i``, ``d/dxsin(x)``, ``1/Nsum_i x_i``, ``w1x1``.

A pass over the raw tokens of a typed statement. Where one word holds the end of one operand and the beginning of the
next it is cut in two, with a note. What is declared, or stands elsewhere as a word of its own, is a name and is left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise, takewhile

from mcalc.errors import clip
from mcalc.notation.surface.mistakes import CLOSING, OPENING
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Token
from mcalc.notation.surface.taking import KEYWORDS
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import (
    ALIASES,
    ELSEWHERE,
    GREEK,
    INDICES,
    PLANNED,
    in_any_case,
    is_function,
    plain_name,
    plain_script,
)
from mcalc.patterns import pattern

_LETTERS = pattern(r"[^\W\d_]")
_NUMBERED = pattern(r"[^\W\d_]\d+")
_PRODUCT = pattern(r"(?:[^\W\d_]\d+){2,}|(?:[^\W\d_]\d+)+[^\W\d_]")
"""w1x1, a1x: letters with numbers side by side."""
_LAST_NUMBERED = pattern(r"[^\W\d_]\d+$")
_GREEK_LETTERS = pattern(r"[α-ω]+$")
_CUT = frozenset(("WORD", "SUB"))
"""The kinds of tokens that are cut."""
_WHOLE = frozenset((*GREEK, *PLANNED, *ALIASES, *ELSEWHERE, *KEYWORDS))
"""Words that are never two."""
_OPENING = frozenset((*OPENING, "BAR", "NORM"))
_TOUCHING = frozenset(("SUB", "SUP", "POW", "PRIME", *_OPENING))


def parted(raw: list[Token], known: Sequence[Collection[str]], prose: Collection[str], notes: list[str]) -> list[Token]:
    """Return the tokens of a statement with a cut in each word that is two; `known` has names, `prose` plain words.

    >>> notes: list[str] = []
    >>> parted(scan("1/Nsum_i w_ix_i"), (), (), notes)
    [NUMBER('1'), OP('/'), WORD('N'), WORD('sum'), SUB('_i'), WORD('w'), SUB('_i'), WORD('x'), SUB('_i')]
    >>> notes
    ['Nsum_i is read as N sum_i', 'w_ix is read as w_i x']
    """
    raw = _with_limits(raw, notes)
    if not any([len(t.text) > 1 and t.type in _CUT and _is_long(t.text) and not is_function(t.text) for t in raw]):
        return raw
    return _Words(raw, known, prose, notes).cut()


def _with_limits(raw: list[Token], notes: list[str]) -> list[Token]:
    """Return the tokens with sum_i=1^n and Σ_i<j as sum_{i=1}^n and Σ_{i<j}: nothing else begins so.

    >>> notes: list[str] = []
    >>> _with_limits(scan("sum_i=1^n x_i"), notes), notes
    ([WORD('sum'), SUB('_{i=1}'), POW('^'), WORD('n'), WORD('x'), SUB('_i')], ['sum_i=1 is read as sum_{i=1}'])
    """
    made = [*raw]
    for place in reversed(range(len(raw) - 4)):
        big, below, sign, last, after = made[place : place + 5]
        if big.text not in BIGS or below.type != "SUB":
            continue
        glued = below.end == sign.start and sign.end == last.start
        limited = sign.type == "EQUALS" and last.type in ("NUMBER", "WORD") and after.type in ("POW", "SUP")
        ordered = sign.type == "RELATION" and last.type == "WORD" and len(last.text) == 1 and after.start > last.end
        if len(plain_script(below.text)) == 1 and (limited or (glued and ordered)):
            text = f"_{{{plain_script(below.text)}{sign.text}{last.text}}}"
            notes.append(f"{big.text}{below.text}{sign.text}{last.text} is read as {big.text}{text}")
            made[place + 1 : place + 4] = [Token("SUB", text, below.start, last.end)]
    return made


class _Words:
    """The words of a statement, and what it says of them."""

    def __init__(
        self, raw: list[Token], known: Sequence[Collection[str]], prose: Collection[str], notes: list[str]
    ) -> None:
        self.raw = [*raw]
        self.known = known
        self.prose = prose
        self.notes = notes
        following = zip(raw, [*raw[1:], None], strict=True)
        self.names = {t.text for t, after in following if t.type == "WORD" and not _touch(t, after)}
        """The words that stand elsewhere with nothing glued to them."""
        self.heads = {
            t.text for t, after in pairwise(raw) if t.type == "WORD" and after.text == "(" and t.end == after.start
        }
        """The words that stand right before a bracket."""
        numbers = [number[1:] for token in raw if token.type == "WORD" for number in _NUMBERED.findall(token.text)]
        self.is_numbered = not {"0", "1"}.isdisjoint(numbers)
        """Whether names have numbers, a 0 or a 1 among them."""
        self.indices = {*_indices(raw)}
        self.defined = {*_defined(raw)}

    def cut(self) -> list[Token]:
        """Return the tokens, cut."""
        place = 0
        while place < len(self.raw):
            token = self.raw[place]
            if token.type in _CUT and _is_long(token.text):
                at = _below(self, place) if token.type == "SUB" else self._cut_of(place)
                if at:
                    self._part(place, at)
            place += 1
        return self.raw

    def _cut_of(self, place: int) -> int:
        text = self.raw[place].text
        whole = plain_name(text)
        if is_function(text) or in_any_case(text) or self.knows(whole) or text in _WHOLE or text in self.prose:
            return 0
        if text in self.defined:
            return 0
        return next((at for rule in RULES if (at := rule(self, place))), 0)

    def _part(self, place: int, at: int) -> None:
        """Cut the token at a place behind so many of its characters."""
        token = self.raw[place]
        middle = token.start + at
        head = Token(token.type, token.text[:at], token.start, middle)
        rest = [Token(t.type, t.text, t.start + middle, t.end + middle) for t in scan(token.text[at:])]
        before, behind = self.raw[place - 1 : place], self.raw[place + 1 : place + 2]
        lead = before[0].text if token.type == "SUB" and before else ""
        tail = behind[0].text if behind and behind[0].type == "SUB" and token.type == "WORD" else ""
        said = f"{clip(lead + token.text + tail)} is read as {clip(lead + head.text)} {clip(token.text[at:] + tail)}"
        if said not in self.notes:
            self.notes.append(said)
        self.raw[place : place + 1] = [head, *rest]

    def following(self, place: int) -> Token | None:
        """Return the token that touches the one at a place, if any does."""
        after = self.raw[place + 1] if place + 1 < len(self.raw) else None
        return after if _touch(self.raw[place], after) else None

    def knows(self, name: str) -> bool:
        """Say whether a name is known."""
        return any([name in names for names in self.known])

    def is_name(self, text: str) -> bool:
        """Say whether a text can be an operand of its own: a letter, a known name, or letters that stand alone."""
        if len(plain_name(text)) == 1 or self.knows(plain_name(text)) or _NUMBERED.fullmatch(text):
            return True
        return all([letter in self.names or self.knows(letter) for letter in text])

    def ends_operand(self, place: int, text: str) -> bool:
        """Say whether a text ends an operand there: it is a name, or below the line of a derivative a d with one."""
        below = self.raw[place - 1 : place] if place else []
        is_line = bool(below) and below[0].text == "/" and text[0] == "d" and len(text) > 1
        return self.is_name(text[1:]) if is_line else text != "d" and self.is_name(text)


def _is_long(text: str) -> bool:
    return len(text) > 2 or text[1:] in ("Σ", "Π")


def _touch(token: Token, after: Token | None) -> bool:
    return after is not None and after.start == token.end and after.type in _TOUCHING


def _indices(raw: list[Token]) -> Iterator[str]:
    """Give the letters that run: those below sums, and those that stand alone below names; i of x_ix_j."""
    for before, below, after in zip(raw, raw[1:], [*raw[2:], None], strict=False):
        if below.type == "SUB" and before.end == below.start:
            script = below.text.lstrip("_").strip("{}")
            if before.text.endswith((*BIGS,)) and before.type in ("WORD", "BIG"):
                yield from _LETTERS.findall(script.partition("=")[0].partition("∈")[0])
            elif script in INDICES:
                yield script
            elif after is not None and after.type == "SUB" and _touch(below, after) and INDICES.issuperset(script[:-1]):
                yield from script[:-1] if script[-1:] not in INDICES or script[-1:] == before.text else ()


def _called(words: _Words, place: int) -> int:
    """Cut before the function of what follows: d/dxsin(x), λlog{...}, λlog x; longest first, for xarctan(x)."""
    text, after = words.raw[place].text, words.following(place)
    behind = words.raw[place + 1] if place + 1 < len(words.raw) else None
    spaced = after is None and behind is not None and behind.type in ("WORD", "NUMBER")
    if not spaced and (after is None or after.type not in _OPENING or text in words.names):
        return 0
    functions = [at for at in range(1, len(text) - 1) if is_function(text[at:])]
    if after is not None and after.text == "(" and text[-1:] in words.heads - {"d"}:
        functions.append(len(text) - 1)  # r + γV(s') - V(s)
    if spaced and functions[:1] == [1] and text[0] == "d" and (not place or words.raw[place - 1].text != "/"):
        return 1  # dlog det X
    return next((at for at in functions if words.ends_operand(place, text[:at])), 0)


def _defined(raw: list[Token]) -> Iterator[str]:
    """Give the functions that the statement defines: what stands before a bracket that an equals sign follows."""
    opened: list[int] = []
    for place, token in enumerate(raw):
        if token.type in OPENING:
            opened.append(place)
        elif token.type in CLOSING and opened:
            before = opened.pop() - 1
            if place + 1 < len(raw) and raw[place + 1].type in ("EQUALS", "DEFINE") and before >= 0:
                yield raw[before].text


def _big(words: _Words, place: int) -> int:
    """Cut before the sum that an index stands below: 1/Nsum_i x_i, d/dzΣ_{k=1}^n z_k."""
    text, after = words.raw[place].text, words.following(place)
    if after is None or after.type != "SUB":
        return 0
    script = after.text.lstrip("_").strip("{}")
    if "=" not in script and script not in words.indices:
        return 0
    signs = [len(text) - len(sign) for sign in BIGS if text.endswith(sign) and len(text) > len(sign)]
    return next((at for at in signs if words.ends_operand(place, text[:at])), 0)


def _derived(words: _Words, place: int) -> int:
    """Cut behind what is differentiated by where no such name stands anywhere: d/dx3x^2, d/dxlnx, d/dxe^x."""
    raw = words.raw
    text = raw[place].text
    curly = raw[place - 1].type == "PARTIAL"
    line = place - 1 - curly
    if line < 1 or raw[line].text != "/" or raw[line - 1].text not in ("d", "∂") or not (curly or text[0] == "d"):
        return 0
    at = 1 if curly else 2
    rest = text[at:]
    name = plain_name(text[at - 1 :])
    if not rest or text[at - 1 :] in words.names or words.knows(name) or name in GREEK.values():
        return 0
    number = rest.lstrip("0123456789")
    after = words.following(place)
    starts = (
        0 < len(number) < len(rest)
        or _begins_function(rest)
        or (rest == "e" and after is not None and after.type in ("POW", "SUP"))
    )
    return at if starts else 0


def _numbered(words: _Words, place: int) -> int:
    """Cut at a name with a number that touches another, or a function, where a 0 or a 1 shows that it is no power.

    Behind the first of several, w1x1, a1x, l1cosθ1; before one behind letters that are no word, πε0, xW1.
    """
    text = words.raw[place].text
    if (place and words.raw[place - 1].type == "POW") or not words.is_numbered:
        return 0
    first, last = _NUMBERED.match(text), _LAST_NUMBERED.search(text)
    rest = text[first.end() :] if first is not None else ""
    if first is not None and (_PRODUCT.fullmatch(text) or (_begins_function(rest) and rest[:3] != "vec")):  # x1vec
        return first.end()
    before = text[: last.start()] if last is not None else ""
    matrix = len(before) == 1 and before.islower() and before != "d" and text[1:2].isupper()
    return len(before) if matrix or _GREEK_LETTERS.fullmatch(before) else 0


def _begins_function(text: str) -> bool:
    return any([is_function(text[:end]) for end in range(2, len(text) + 1)])


RULES: tuple[Callable[[_Words, int], int], ...] = (_big, _derived, _called, _numbered)
"""Where a word is cut: each says behind how many characters, 0 for nowhere."""


def _below(words: _Words, place: int) -> int:
    """Cut behind the indices of a subscript that the next factor touches: w_ix_i, p_ilog(p_i), a_ijx_j."""
    text, after = words.raw[place].text, words.following(place)
    if text[0] != "_" or not _LETTERS.match(text, 1) or words.knows(text[1:]) or text[1:] in GREEK:
        return 0
    base = words.raw[place - 1].text
    whole = f"{plain_name(base)}{text}"
    if words.knows(whole) or is_function(whole):
        return 0
    at = 1 + len([*takewhile(words.indices.__contains__, text[1:])])
    rest = text[at:]
    if at == 1 or not rest or not _LETTERS.match(rest):
        return 0
    if INDICES.issuperset(rest) and rest != base and not (rest == "ln" and after is not None and after.type == "LPAR"):
        return 0  # A_ijkl is no A_ij kl
    function = next((rest[k:] for k in range(len(rest), 1, -1) if is_function(rest[:k])), None)
    if function is not None:
        return at if not function or words.is_name(function) else 0
    twice = after is not None and after.type == "SUB" and len(plain_name(rest)) == 1
    alone = rest in words.names or words.knows(plain_name(rest))
    return at if twice or alone else 0
