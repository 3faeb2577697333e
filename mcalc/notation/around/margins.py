"""What stands in the margins of a formula: its number, a full stop, words before it, and remarks and reasons behind it.

Nothing of that is a factor. What is surely no part of the formula is left out with a note; where it may be, both
readings are named.
"""

from __future__ import annotations

from mcalc.errors import clip
from mcalc.notation.around.behind import REASONS, SPACES, Behind
from mcalc.notation.around.rows import (
    EQUALS,
    OPERATORS,
    closes,
    declares,
    given_name,
    is_left,
    is_number,
    name_at,
    top_level,
)
from mcalc.notation.around.said_in_words import PROSE, VERBS, with_sizes, with_sizes_set
from mcalc.notation.surface.mistakes import CLOSING, OPENING, Offer, mistake_at
from mcalc.notation.surface.syntax import Name, Token
from mcalc.notation.surface.taking import KEYWORDS
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import GREEK, is_function, plain_name

STOPS = frozenset(("OP", "COMMA", "SEMI", "REFUSED"))
STOPPING = frozenset(".,;:")
WIDE = 2
"""So many spaces or more stand before the number of an equation."""
NO_NAMES = frozenset((*KEYWORDS, *BIGS))
LETTERED = frozenset(("a", "b", "c", "d", "i", "ii", "iii", "iv", "v"))
"""What the parts of a question are called."""
FINDING = frozenset(("minimize", "minimise", "maximize", "maximise", "min", "max"))
OVER = ("over", "wrt")
"""Words between an objective and what it is found over."""
NAMING = frozenset(("WORD", "SUB", "COMMA"))
BEGINNING = frozenset(("let", "define", "consider", "suppose", "set", "take", "assume"))
"""Words that a sentence with a formula begins with."""
REMARKS = frozenset((
    "above", "because", "below", "by", "chain", "column", "columns", "concave", "constant", "convex", "cost",
    "definition", "denominator", "elementwise", "energy", "entropy", "gaussian", "gradient", "hence", "hessian",
    "hinge", "invertible", "jacobian", "layout", "likelihood", "linear", "linearity", "loss", "matrix", "nonlinear",
    "norm", "numerator", "objective", "power", "product", "quadratic", "quotient", "regularised", "regularized",
    "ridge", "row", "rows", "rule", "scalar", "see", "since", "square", "squared", "sum", "symmetric", "symmetry",
    "transpose", "transposed", "trick", "unconstrained", "using", "vector",
))  # fmt: skip
"""Words of which one alone in brackets behind a formula says something of it."""


_ARROWS = frozenset(("→", "\\to", "\\rightarrow"))
"""What stands between what a function takes and what it gives."""


class Margins(Behind):
    """A formula without its number, its full stop, and words that say something of it."""

    def stop(self) -> None:
        """Take off the full stop or the comma that a formula ends with."""
        raw = self.formula
        while raw and raw[-1].type == "QUAD":
            raw = raw[:-1]
        if len(raw) > 1 and raw[-1].type in STOPS and raw[-1].text in STOPPING and raw[-2].text != "t":
            self.note(f"the final '{raw[-1].text}' is left out")
            raw = raw[:-1]
        if len(raw) > 2 and raw[-1].text == "?" and raw[-2].type in EQUALS:
            self.note(f"the final '{self.source(raw[-2:])}' is left out")
            raw = raw[:-2]
        self.formula = raw

    def number(self) -> None:
        """Take the number of an equation off its end, or its beginning; where it may be a factor, say so."""
        raw = self.formula
        if len(raw) < 4:
            return
        if is_number(raw[-3:]) and raw[-4].type not in (*OPERATORS, *OPENING) and not _is_body(raw):
            before = raw[-4]
            if not (before.type == "WORD" and is_function(before.text)):
                self._numbered(raw[:-3], raw[-3:], before.end, raw[-3].start)
        elif (is_number(raw[:3]) or self._is_letter(raw)) and raw[3].type not in OPERATORS:
            self._numbered(raw[3:], raw[:3], raw[2].end, raw[3].start)

    def _is_letter(self, raw: list[Token]) -> bool:
        """Say whether a formula begins with (a) or (ii): a letter that nothing else in it has, alone in brackets."""
        if [t.type for t in raw[:3]] != ["LPAR", "WORD", "RPAR"] or raw[1].text not in LETTERED:
            return False
        return plain_name(raw[1].text) not in self.known and not self._uses(raw[3:], Name(raw[1].text))

    def _numbered(self, rest: list[Token], number: list[Token], start: int, end: int) -> None:
        """Leave a number in brackets out where the gap beside it, from start to end, is wide; else say what it is."""
        said = self.source(number)
        gap = end - start if self.typed else 1
        if gap >= WIDE or "\t" in self.text[start:end] or number[1].type == "OP":
            self.note(f"{said} is left out")
            self.formula = rest
        elif gap and self._undeclared(rest):
            if self.known and number[0].type == "LPAR":
                self.note(f"{said} is read as a factor")
                return
            formula, at = self.whole(rest), (number[0], number[-1])
            hint = _left_out(formula, number[1].text)
            raise mistake_at("E-AMBIG", f"{said} may be the number of the equation or a factor", at, "which?", hint)

    def remark(self) -> None:
        """Leave out words in brackets at the end, such as (column) or (by the chain rule): they say why, or what of."""
        raw = self.formula
        opening = remark_at(raw)
        if not opening or raw[opening - 1].type in OPERATORS:
            return
        if raw[opening - 2].text == "/" or raw[0].type == "NABLA":
            return  # d/dx (Ax)
        inside = [t for t in raw[opening + 1 : -1] if t.text != "-"]
        words = [t.text.lower() for t in inside if t.type == "WORD"]
        letters = {*self.wanted, *[t.text for t in raw[:opening] if len(t.text) == 1]}
        products = {t.text for t in inside if len(t.text) == 2 and letters.issuperset(t.text)}  # X^T (Xw - y)
        unknown = [
            t.text for t in inside if t.type == "WORD" and t.text not in products and not self._is_in_formula(t.text)
        ]
        relation = any([t.type == "RELATION" for t in inside])
        if relation and (not self.wanted or any([self._uses(inside, Name(name)) for name in self.wanted])):
            return  # a factor that is 1 or 0
        if not relation and (len(words) < len(inside) or not unknown):
            return
        self.formula = raw[:opening]
        if not relation and self._says_property(raw[opening + 1 : -1]):
            return  # (A symmetric)
        self.formula = raw
        if relation or len(unknown) > 1 or not REMARKS.isdisjoint(words):
            self.note(f"{self.source(raw[opening:])} is left out")
            self.formula = raw[:opening]
            return
        rest = self.whole(raw[:opening])
        if not any([t.text == inside[0].text for t in raw[:opening]]):
            said = f"nothing says what {clip(inside[0].text)} is, a word in brackets behind the formula"
            raise mistake_at("E-NAME", said, (raw[opening], raw[-1]), "a remark?", _left_out(rest, inside[0].text))

    def _is_in_formula(self, word: str) -> bool:
        """Say whether a word is a name, a function, or the product Xβ of names, rather than one of a remark."""
        of_names = not word.isascii() or all([letter in self.known for letter in word])
        w = word.lower()
        return len(w) < 2 or of_names or plain_name(w) in self.known or is_function(w) or w in GREEK

    def before(self) -> None:
        """Leave out a word that only begins a sentence, such as Let or Consider, where a left side follows.

        A sentence that says what names are goes behind: Let x be a vector. f(x) = x^2
        """
        self._members()
        self._variables()
        self._signature()
        raw = self.formula
        if raw and raw[0].text.lower() in BEGINNING and plain_name(raw[0].text) not in self.known:
            stop = next((k for k in top_level(raw)[:-1] if raw[k].text in (".", ";")), 0)
            said = raw[1:stop]
            if any([t.text in VERBS or t.type == "IN" for t in said]) and not any([t.type in EQUALS for t in said]):
                self.formula = raw = [*raw[stop + 1 :], Token("WORD", "where", raw[0].start, raw[0].end), *said]
        if len(raw) > 3 and raw[0].text.lower() in BEGINNING and plain_name(raw[0].text) not in self.known:
            sign = next((k for k in top_level(raw) if raw[k].type in EQUALS), 0)
            if sign > 1 and is_left(raw[1:sign]):
                self.note(f"{raw[0].text} is left out")
                self.formula = raw[1:]

    def _signature(self) -> None:
        """Take what a function takes from before its definition: f: R^n -> R, f(x) = x^T A x."""
        raw = self.formula
        ends = [k for k in top_level(raw) if raw[k].type in ("COMMA", "SEMI", "EQUALS")]
        if len(ends) != 2 or [t.text for t in raw[1:2]] != [":"] or raw[0].type != "WORD":
            return
        after = ends[0] + 1 + (raw[ends[0] + 1].type == "QUAD")
        head = given_name(raw[after : ends[1]])
        if head is None or head[0].full != plain_name(raw[0].text) or head[1] is None or len(head[1]) != 1:
            return
        arrow = next((k for k in range(2, ends[0]) if raw[k].text in _ARROWS or raw[k + 1].text == ">"), 2)
        domain = [t.text for t in raw[2:arrow]]
        if arrow > 2 and domain[0] in SPACES and SPACES.isdisjoint(domain[1:]):
            [parameter] = head[1]
            row = "1" in domain or {"x", "×"}.isdisjoint(domain)
            self.orders[parameter.full] = (1 if row else 2) if len(domain) > 1 else 0
            self.note(f"{self.source(raw[: ends[0]])} says what {parameter.full} is")
            self.formula = raw[after:]

    def _members(self) -> None:
        """Take the word in for its sign before a space, and sizes that are said in words: x in R^n, A is 2x3.

        What a bracket at the end says so stands behind the formula, too: x^2 (x in R^n).
        """
        raw = self.formula = with_sizes(self.text, self.formula) if self.typed else with_sizes_set([*self.formula])
        for k in range(1, len(raw) - 1) if "in" not in self.known else ():
            if raw[k].text == "in" and raw[k + 1].text in SPACES:
                raw[k] = Token("IN", "in", raw[k].start, raw[k].end)
        places = top_level(raw)
        member = max([k for k in places if raw[k].type == "IN"], default=0)
        comma = next((k for k in places if k > member and raw[k].type == "COMMA"), 0) if member else 0
        if comma and declares(raw, places) and any([t.text not in PROSE for t in raw[comma + 1 :]]):
            self.formula = raw = [*raw[comma + 1 :], raw[comma], *raw[:comma]]  # x ∈ R^n, x^T x
        opening = _last_bracket(raw) if raw and raw[-1].type == "RPAR" else 0
        spaced = opening and raw[opening - 1].end < raw[opening].start and raw[opening - 1].type not in OPERATORS
        if spaced and any([t.type == "IN" for t in raw[opening:]]):
            parting = Token("COMMA", ",", raw[opening].start, raw[opening].end)
            self.formula = [*raw[:opening], parting, *raw[opening + 1 : -1]]

    def _variables(self) -> None:
        """Leave out what an objective is found over: minimize over w: ..., minimize ... with respect to w."""
        raw = self.formula
        if len(raw) < 4 or raw[0].text.lower() not in FINDING or plain_name(raw[0].text) in self.known:
            return
        begins = next((k for k in range(1, len(raw)) if raw[k].type not in NAMING), 0)
        if raw[1].text in OVER and begins > 2 and raw[begins].type == "COLON":
            self.note(f"{self.source(raw[: begins + 1])} is left out: its objective is read")
            self.formula = raw[begins + 1 :]
            return
        end = next((k for k in range(len(raw) - 2, 1, -1) if raw[k].text in (*OVER, "to")), 0)
        start = end
        if raw[end].text == "to":
            start = end - 2 if [t.text for t in raw[end - 2 : end]] == ["with", "respect"] else 0
        if start > 1 and all([t.type in NAMING for t in raw[end + 1 :]]):
            self.note(f"{self.source(raw[start:])} is left out")
            self.formula = raw[:start]

    def reason(self) -> None:
        """Leave out a reason that is given behind a formula in words: since ..., by the chain rule."""
        raw = self.formula
        for place in top_level(raw):
            word = raw[place].text
            if place and word in REASONS and raw[place].type == "WORD" and plain_name(word) not in self.known:
                if raw[place - 1].type in OPERATORS - {"COMMA"} or place + 2 >= len(raw):
                    return
                end = place - (raw[place - 1].type == "COMMA")
                self.note(f"{self.source(raw[place:])} is left out")
                self.formula = raw[:end]
                return

    def sentences(self) -> None:
        """Refuse a second formula behind a full stop: f(x) = x^2. g(x) = x^3."""
        raw = self.formula
        for place in top_level(raw)[1:-1]:
            before, stop, after = raw[place - 1 : place + 2]
            ends = stop.text == "." and before.end == stop.start and stop.end < after.start
            if ends and any([raw[k].type in EQUALS for k in top_level(raw) if k > place]):
                said = "two formulas stand beside each other: which is meant?"
                both = self.whole(raw[:place]), " or ", self.whole(raw[place + 1 :])
                hint = Offer("give one alone: ", both[0], "give one alone", *both[1:])
                raise mistake_at("E-SYNTAX", said, (after, raw[-1]), "the second", hint)

    def _undeclared(self, raw: list[Token]) -> bool:
        """Say whether a name may stand there that nothing declares; with all declared, as in print, (3) is a factor."""
        for place, token in enumerate(raw):
            if token.type == "WORD" and token.text not in NO_NAMES and not is_function(token.text):
                name, after = name_at(raw, place)
                called = after < len(raw) and raw[after].type in ("LPAR", "PRIME", "PRIMES")
                if name is not None and not called and self.known.isdisjoint((name.full, name.base)):
                    return True
        return False


def _left_out(rest: str, factor: str) -> Offer:
    return Offer("leave it out: ", rest, "leave it out", "; as a factor write ", f"{factor} * ({rest})")


def remark_at(raw: list[Token]) -> int:
    """Return the place of the bracket at the end, behind a space, that has nothing but words in it, or a relation."""
    opening = _last_bracket(raw) if raw and raw[-1].type == "RPAR" else 0
    if not opening or raw[opening - 1].end == raw[opening].start:
        return 0
    kinds = {t.type for t in raw[opening + 1 : -1] if t.text != "-"}
    return opening if "RELATION" in kinds or kinds <= {"WORD"} else 0


def _last_bracket(raw: list[Token]) -> int:
    """Return the place of the bracket that the last token closes, or 0."""
    depth = 0
    for place in range(len(raw) - 1, 0, -1):
        depth += (raw[place].type in CLOSING) - (raw[place].type in OPENING)
        if depth <= 0:
            return place if depth == 0 and raw[place].type == "LPAR" and place < len(raw) - 2 else 0
    return 0


def _is_body(raw: list[Token]) -> bool:
    """Say whether the bracket that a row ends with is all that a sum adds up: sum_{i=1}^{n} (3)."""
    end = len(raw) - 3
    start = next((k for k in range(end - 1, -1, -1) if raw[k].text in BIGS), None)
    if start is None:
        return False
    place = start + 1
    while place < end and raw[place].type in ("SUB", "SUP"):
        place += 1
    if place < end and raw[place].type == "POW":
        place += 1 + (closes(raw[place + 1 :]) if raw[place + 1].type in OPENING else 0) + 1
    return place == end
