"""What stands around a formula: heads such as ``min_w``, left sides, numbers, and what stands behind it.

A pass over the raw tokens of a statement, before any name in it means something. What is not the formula is never a
factor: it is left out with a note, put in place, or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import pairwise

from mcalc.errors import Mistake, clip
from mcalc.notation.around.behind import PARTING, PHRASES, REASONS
from mcalc.notation.around.margins import BEGINNING, FINDING, STOPPING, Margins, remark_at
from mcalc.notation.around.prose import ENGLISH
from mcalc.notation.around.rows import (
    EQUALS,
    MEMBER,
    OPERATORS,
    POWERS,
    closes,
    declares,
    given_name,
    is_left,
    is_number,
    name_at,
    top_level,
)
from mcalc.notation.surface.mistakes import CLOSING, OPENING, Offer, mistake_at
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, is_function, plain_name, plain_script
from mcalc.operators import FUNCTIONS
from mcalc.patterns import pattern

LETTERS = pattern(r"[^\W\d_]+")
EXTREMES = frozenset(("min", "max"))
"""Heads that are functions, too."""
STATISTICS = frozenset(("Var", "V", "Cov", "Corr", "KL", "kl"))
"""What is said of distributions."""
LIMITS = frozenset((*EXTREMES, "inf", "sup"))
HEADS = frozenset((*FINDING, *LIMITS, "argmin", "argmax"))
UNEQUAL = frozenset("<>≤≥≠!")
DERIVING = frozenset(("NABLA", "PARTIAL"))
LEFTMOST = frozenset((*DERIVING, "WORD", "SUB", "OP", "LPAR", "RPAR", "LBRACE", "RBRACE", "COMMA", "SEMI"))
"""What the derivative of something that is only named is made of."""
BRACKETED = (["LPAR", "RPAR"], ["LSQB", "RSQB"])
MARKS = frozenset((
    *HEADS, *REASONS, *BEGINNING, *map(str.title, BEGINNING), *[phrase[0] for phrase in PHRASES], "arg", "in",
))  # fmt: skip
"""The words that what stands around a formula begins with."""
SHAPED = frozenset(("WORD", "NUMBER", "POW", "SUP", "LBRACE", "RBRACE", "OP", "RELATION"))
"""What follows the sign of a declaration."""
SEPARATORS = frozenset((*EQUALS, *PARTING, "COMMA", "IN", "COLON"))


_RATE = pattern(r"d[^\W\d_]/d[^\W\d_]")
"""dN/dt, the left side of a differential equation."""


class Around(Margins):
    """A formula without what stands before and behind it."""

    def head(self, *, value: bool, claim: bool) -> bool:
        """Take off min, argmax, minimize and their like, with a left side before them; say whether one stood there."""
        raw = self.formula
        signs = [k for k in top_level(raw) if raw[k].type in EQUALS]
        first = signs[0] + 1 if signs and is_left(raw[: signs[0]]) else 0
        end = self._head_end(raw, first) or (first and self._head_end(raw, first := 0)) or 0
        if not end:
            return False
        said, objective = self.source(raw[first:end]), self.whole(raw[end:])
        if claim or (first and not value):
            said, hint = f"{said} asks for a least or greatest value", _alone(objective)
            at = raw[first], raw[end - 1]
            raise mistake_at("E-UNSUPPORTED", f"{said}, which is not worked out", at, "not read", hint)
        self.note(f"{self.source(raw[:end])} is left out: its objective is read")
        self.formula = raw[end:]
        named = [k for k in top_level(self.formula) if self.formula[k].type in EQUALS]
        return bool(first) or len(named) != 1 or given_name(self.formula[: named[0]]) is None

    def _head_end(self, raw: list[Token], first: int) -> int:
        """Return the place behind a head, or 0 where none begins."""
        end = first
        if end + 1 < len(raw) and raw[end].text == "arg" and raw[end + 1].text in EXTREMES:
            end += 1
        word = raw[end].text if end < len(raw) and raw[end].type == "WORD" else ""
        named = word in HEADS and end == first
        if word not in HEADS or plain_name(word) in self.known:
            return 0
        end += 1
        subscript = end < len(raw) and raw[end].type == "SUB" and raw[end].start == raw[end - 1].end
        end += subscript
        if end >= len(raw) or (raw[end].type in OPERATORS and raw[end].type != "SIGN"):
            return 0
        if subscript and word in EXTREMES and self._over_index(raw[end - 1].text, raw[end:]):
            return 0
        rest = raw[end:]
        if self.typed and any([t.text in ENGLISH and plain_name(t.text) not in self.known for t in rest]):
            return 0  # min over x of ...: a sentence
        if subscript or (word not in LIMITS or not named):
            bracketed = not subscript and rest[0].type == "LPAR" and closes(rest) == len(rest) - 1
            return 0 if bracketed else end
        if rest[0].type in OPENING or rest[0].type == "SIGN":
            return 0
        if self.constrained:
            return end
        equals = next((k for k in top_level(rest) if rest[k].type in EQUALS), 0)
        if equals and is_left(rest[:equals]):
            return end  # min f(x) = ...
        simple = all([t.type in ("WORD", "SUB") for t in rest])
        if word in EXTREMES and not simple:
            said = f"{word} may be the {'least' if word == 'min' else 'greatest'} entry, or what is asked of the rest"
            objective, between = self.whole(rest), "; entries are in brackets: "
            entries = f"{word}({objective})"
            hint = Offer("its objective alone: ", objective, "give its objective alone", between, entries)
            raise mistake_at("E-AMBIG", said, (raw[first], raw[end - 1]), "which?", hint)
        return end if word in ("inf", "sup") and not simple else 0

    def _over_index(self, sub: str, rest: list[Token]) -> bool:
        """Say whether what stands below min or max is an index, which stands below names behind it, too."""
        letter = "".join(LETTERS.findall(sub)[:1])
        below = [word for t in rest if t.type == "SUB" for word in LETTERS.findall(t.text)]
        return len(letter) == 1 and any([letter in word and len(word) < 3 for word in below])

    def fixed(self) -> None:
        """Refuse a sum over j ≠ i where i stands on the left: it may run over i, too, or hold for each i."""
        raw = self.formula
        equals = next((k for k in top_level(raw) if raw[k].type in EQUALS), 0)
        if not equals or not is_left(raw[:equals]):
            return
        left = {c for t in raw[:equals] if t.type == "SUB" for c in t.text if c.isalpha()} - self.known
        for big, below in pairwise(raw[equals:]):
            if big.text in BIGS and below.type == "SUB" and not UNEQUAL.isdisjoint(below.text):
                letter = next((c for c in below.text if c in left), "")
                if letter:
                    said = f"{letter} stands on the left too: does {self.source([big])} run over it?"
                    hint = f"give {letter} a value, such as 1, on both sides; or leave out the left side"
                    raise mistake_at("E-AMBIG", said, (big, below), "over which index?", hint)

    def derivative_side(self) -> None:
        """Take ∇_w L(w) off a chain where nothing says what L is: it only names what the sides behind it are."""
        raw = self.formula
        signs = [k for k in top_level(raw) if raw[k].type in EQUALS]
        if len(signs) < 2 or raw[0].type not in DERIVING or any([t.type not in LEFTMOST for t in raw[: signs[0]]]):
            return
        left, rest = raw[: signs[0]], {t.text for t in raw[signs[0] :] if t.type == "WORD"}
        named = {plain_name(t.text) for t in left if t.type == "WORD" and t.text not in rest} - self.known
        if len(named) == 1 and named.isdisjoint(self.wanted) and not is_function(*named):
            self.note(f"the left-hand side {self.source(left)} only names what follows")
            self.formula = raw[signs[0] + 1 :]

    def left_side(self) -> None:
        """Take off what only names what follows: a call, a norm, p(·|·); a name alone is kept, unless in a chain."""
        raw = self.formula
        signs = [k for k in top_level(raw) if raw[k].type in EQUALS]
        rate = len(signs) == 1 and bool(self.wanted) and _RATE.fullmatch("".join([t.text for t in raw[: signs[0]]]))
        if rate or (len(signs) == 1 and self._is_measured(raw[: signs[0]], raw[signs[0] + 1 :])):
            self.note(f"the left-hand side {self.source(raw[: signs[0]])} only names what follows")
            self.formula = raw[signs[0] + 1 :]
            return
        if not signs or not is_left(raw[: signs[0]]):
            return
        head = given_name(raw[: signs[0]])
        twice = head is not None and head[1] is not None and len({p.full for p in head[1]}) < len(head[1])
        if head is not None and len(signs) == 1 and not twice:
            return
        left = raw[: signs[0]]
        powered = len(left) > 1 and any([t.type in POWERS for t in left[1:3]]) and left[0].type == "WORD"
        base = plain_name(left[0].text)
        whole = name_at(left, 0)[0]
        if powered and whole is not None and not {base, whole.full}.isdisjoint(self.wanted):
            return
        if powered and whole is not None and whole.full in self._names(raw[signs[0] :]):
            return  # x^2 = 2 x is an equation, σ_t^2 = ω + α σ_{t-1}^2 is none
        self.chained = len(signs) > 1
        own = given_name(left)
        if own is not None and own[1] is None and own[0].full in self.wanted:
            raise own_name(own[0], own[2], raw[signs[0]])
        below = [t for t in left if t.type == "SUB"]
        if below and left[0].type == "WORD" and len(signs) == 1:
            self.over = Name(plain_name(left[0].text), plain_script(below[-1].text))
        called = self.known if [t.type for t in left[2:3]] == ["LPAR"] else ()
        defined = {*called, *[definition.name.full for definition in self.definitions]}
        if self.wanted and base in defined and [t.type for t in left[1:2]] == ["PRIME"]:
            said = f"{self.source(left)} is stated here, and not asked for"
            hint = "mcalc check tells whether it holds, on a line of its own; or give the first alone"
            raise mistake_at("E-USAGE", said, (left[0], left[-1]), "a claim", hint)
        self.note(f"the left-hand side {self.source(raw[: signs[0]])} only names what follows")
        self.formula = raw[signs[0] + 1 :]
        if self.chained and self.wanted:
            self._middle()

    def _middle(self) -> None:
        """Take T - V off L = T - V = ..., and log f(x_i; θ) of nobody's f: what nothing says only names the rest."""
        cuts = [place for place in top_level(self.formula) if self.formula[place].type in EQUALS]
        if self._names(self.formula[cuts[-1] + 1 :]).isdisjoint(self.wanted):
            return
        start = 0
        for cut in cuts:
            side, rest = self.formula[start:cut], self._names(self.formula[cut + 1 :])
            unsaid = not self._names(side) <= rest and self._names(side).isdisjoint(self.wanted)
            if not unsaid and not self._is_of_nobody(side, rest):
                break
            self.note(f"{self.source(side)} only names what follows")
            start = cut + 1
        self.formula = self.formula[start:]

    def _is_of_nobody(self, side: list[Token], rest: set[str]) -> bool:
        """Say whether a function or a density of nobody's is applied in a side, that the rest has not."""
        for place in range(len(side)):
            name, after = name_at(side, place)
            if name is None or [t.type for t in side[after : after + 1]] != ["LPAR"] or is_function(name.full):
                continue
            inside = side[after : after + closes(side[after:])]
            given = name.base in {*ABSTRACT, "p"} or any([t.type in ("BAR", "SEMI") for t in inside])
            if given and {name.full, name.base}.isdisjoint({*rest, *self.known}):
                return True
        return False

    def _is_measured(self, left: list[Token], right: list[Token]) -> bool:
        """Say whether a left side is Var(R), KL(q ‖ p), or tr(P), log|det J| of names that stand nowhere else."""
        while len(left) > 1 and (left[0].type == "SIGN" or left[0].text in ("log", "ln")):
            left = left[1:]
        if not left or any([left[k].type in OPERATORS for k in top_level(left)]):
            return False
        name = plain_name(left[0].text)
        behind = left[1:]
        bracketed = bool(behind) and behind[0].type in OPENING and closes(behind) == len(behind) - 1
        if bracketed and (name in STATISTICS or left[0].type == "REFUSED"):
            return True
        reduced = left[0].type == "BAR" or (name in FUNCTIONS and FUNCTIONS[name].kind != "elementwise")
        if not reduced or any([t.type in ("OP", "SIGN") for t in left]):
            return False
        names = {at.full for k in range(1, len(left)) if (at := name_at(left, k)[0]) is not None}
        return names.isdisjoint(self._names(right)) and names.isdisjoint(self.wanted)


PASSES: tuple[Callable[[Around], None], ...] = (
    Around.stop,  # x^2.
    Around.before,  # let f(x) = x^2
    Around.reason,  # x^2 by the chain rule
    Around.behind,  # x^2 + y where y = 2 x, x > 0
    Around.stop,
    Around.sentences,  # f(x) = x^2. g(x) = x^3
    Around.remark,  # x^2 (column)
    Around.number,  # x^2  (3)
)
"""What is taken off a formula, or refused beside it, in this order; heads and left sides come after it."""


def _alone(objective: str) -> Offer:
    return Offer("its objective is read alone: ", objective, "its objective is read alone")


def own_name(name: Name, at: Token, sign: Token) -> Mistake:
    """Return the mistake of y = x^2 by y: what only names what follows is no variable in it."""
    said = f"{clip(name.full)} names what follows the '{sign.text}', which cannot be differentiated by it"
    return mistake_at("E-SYNTAX", said, at, "names what follows", "differentiate by a variable on the right")


def _may_have_more(raw: list[Token]) -> bool:
    """Say whether there is a sign or a word that something around a formula has; most have none."""
    last, closed = raw[-1], raw[-1].type in CLOSING
    if not (SEPARATORS.isdisjoint([t.type for t in raw]) and MARKS.isdisjoint([t.text for t in raw])):
        return True
    if last.text in STOPPING or (closed and is_number(raw[-3:])) or [t.type for t in raw[:3:2]] in BRACKETED:
        return True
    return closed and raw[-2:][0].type in ("WORD", "TEXT", "SUB", "NUMBER") and remark_at(raw) > 0


def _only_declares(raw: list[Token]) -> bool:
    """Say whether some tokens are names, a sign and a shape, and not a word of what stands around a formula."""
    sign = next((place for place, token in enumerate(raw) if token.type in MEMBER), 0)
    named = sign > 0 and raw[0].text.lower() not in FINDING and raw[-1].text not in STOPPING
    kinds = declares(raw[: sign + 1], [sign]) and {token.type for token in raw[sign + 1 :]} <= SHAPED
    return named and kinds and MARKS.isdisjoint([token.text for token in raw])


def separate(
    text: str, raw: list[Token], known: set[str], wanted: Collection[str], *, value: bool, claim: bool,
    typed: bool = True,
) -> Around:  # fmt: skip
    """Return a formula and what stands around it.

    With `value` what follows a left side is wanted; in a `claim` all sides are. In a `typed` text wide spaces count.
    """
    around = Around(text, raw, known, wanted, typed=typed)
    if not _may_have_more(raw):
        around.is_bare = True
        return around
    if typed and _only_declares(raw):
        return around
    if not typed:
        around.formula = _parted(raw, around)
    for take_off in PASSES:
        take_off(around)
    if claim:
        around.derivative_side()
    else:
        around.fixed()
    headed = around.head(value=value, claim=claim)
    if (value or not (typed or claim)) and not headed:
        around.left_side()
    return around


def _parted(raw: list[Token], around: Around) -> list[Token]:
    """Return the tokens without the wide spaces that part nothing, and without the words before the formula."""
    made: list[Token] = []
    depth = 0
    begun = 0  # where the formula begins: behind its head
    for place, token in enumerate(raw):
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if token.type == "QUAD":
            last, following = made[-1:], raw[place + 1 : place + 2]
            joins = [t.type in (*OPERATORS, "QUAD") for t in (*last, *following)]
            if depth or len(joins) < 2 or any(joins) or len(made) == begun:
                continue
        elif token.type == "TEXT" and not made:
            around.note(f"{around.source([token])} is left out")
            continue
        if len(made) == begun and (token.text in HEADS or token.text == "arg" or token.type in ("SUB", "EQUALS")):
            begun += 1
        made.append(token)
    return made
