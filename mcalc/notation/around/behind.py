"""What stands behind a formula: conditions, declarations and definitions, after commas and words such as where."""

from __future__ import annotations

from collections.abc import Collection

from mcalc.errors import Span, clip
from mcalc.notation.around.rows import (
    EQUALS,
    MEMBER,
    OPERATORS,
    Head,
    balanced,
    closes,
    declares,
    given_name,
    is_left,
    is_member,
    is_number,
    name_at,
    noise_in,
    top_level,
)
from mcalc.notation.around.said_in_words import (
    INDEPENDENT,
    ORDERS,
    PROSE,
    STATED,
    VERBS,
    cone_said,
    is_above_zero,
    is_listed,
    is_prose,
    is_symmetry,
    is_worded,
    said_of_names,
)
from mcalc.notation.surface.mistakes import Offer, mistake_at
from mcalc.notation.surface.syntax import Name, Noting, Token
from mcalc.notation.surface.words import apart, is_function, plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.around.rates import Rate

CONSTRAINTS = (
    ("s", ".", "t", "."), ("s", ".", "t"), ("subject", "to"), ("subj", ".", "to"), ("such", "that"),
)  # fmt: skip
CONSTRAINING = frozenset([phrase[0] for phrase in CONSTRAINTS])
JOINING = (
    ("for", "all"), ("for", "every"), ("for", "each"), ("for", "any"), ("for", "some"), ("forall",), ("∀",), ("for",),
    ("provided", "that"), ("assuming", "that"), ("assuming",), ("where",), ("with",), ("given",), ("when",), ("here",),
)  # fmt: skip
PHRASES = (*CONSTRAINTS, *JOINING)
"""The words that what stands behind a formula begins with."""
REASONS = frozenset(("since", "because", "by", "using", "thanks", "owing", "due", "see"))
"""Words that a reason begins with; it goes on to the end."""
SPACES = frozenset(("R", "ℝ", "Real", "real", "reals"))
SAYING = frozenset((*EQUALS, "RELATION"))
UNJUDGED = frozenset(("\\sim", "~", *ORDERS))
"""Signs of conditions that are left out: between a random variable and its distribution, x ⪰ 0."""
PARTING = frozenset(("QUAD", "TEXT"))
"""What parts a formula from what stands behind it in LaTeX: a wide space, words."""


class Definition:
    """A name that is defined beside the formula, its parameters where it is a function, and what it stands for."""

    def __init__(self, part: list[Token], head: Head, right: list[Token]) -> None:
        self.name, self.parameters, _ = head
        self.part = part
        self.right = right
        self.at = Span(part[0].start, part[-1].end, "defined here")


class Behind(Noting):
    """The tokens of a formula, and what stood behind it: definitions, declarations, and notes on what is left out.

    `known` are the names that mean something, `wanted` those that are differentiated by. `waiting` are definitions that
    nothing uses so far, by where they stand, `waits_for` their places by the keys of their names; `placed` are the keys
    in what is put in place, `met` those in each part; `is_bare` says that it has no sign of anything around it;
    `conditions` are what was left out, as it was typed; `properties` and `orders` are what is said of names in words,
    and `rates` the equations for derivatives.
    """

    def __init__(
        self, text: str, raw: list[Token], known: set[str], wanted: Collection[str], *, typed: bool = True
    ) -> None:
        self.text = text
        self.typed = typed
        self.formula = raw
        self.known = known
        self.wanted = wanted
        self.notes: list[str] = []
        self.conditions: list[str] = []
        self.definitions: list[Definition] = []
        self.declarations: list[list[Token]] = []
        self.properties: dict[str, frozenset[str]] = {}
        self.orders: dict[str, int] = {}
        self.rates: list[Rate] = []
        self.waiting: dict[int, tuple[Definition, bool]] = {}
        self.waits_for: dict[str, list[int]] = {}
        self.placed: set[str] = set()
        self.met: dict[tuple[int, int], set[str]] = {}
        self.constrained = False
        self.asked = False
        self.chained = False
        self.is_bare = False
        self.over: Name | None = None

    def source(self, tokens: list[Token]) -> str:
        """Return what was typed, on one line and cut to fit into a message."""
        return clip(self.whole(tokens), 60)

    def whole(self, tokens: list[Token]) -> str:
        r"""Return what was typed, on one line, with the braces of LaTeX that begin in it or end in it."""
        if not tokens:
            return ""
        start, end = tokens[0].start, tokens[-1].end
        if not self.typed:
            start, end = balanced(self.text, start, end)
        return " ".join(self.text[start:end].split())

    def behind(self) -> None:
        """Cut the formula off at the first comma or word behind which something else stands, and look at each part."""
        raw = self.formula
        places = top_level(raw)
        if declares(raw, places):
            return
        cut = next((k for k in places if k and self._ends(k)), None)
        if cut is None:
            member = next((k for k in places if k and raw[k].type == "IN"), None)
            if member is not None:
                self.note(f"{self.source(raw[member:])} is left out")
                self.formula = raw[:member]
            return
        from mcalc.notation.around.rates import left_of, refuse_dots

        worded = self.phrase(raw, cut) > 0 or raw[cut].type in PARTING
        formula, parts = raw[:cut], self._parts(cut, places)
        refuse_dots(raw, [formula, *[part for part, _, _ in parts]])
        asks = not any([t.type in EQUALS for t in parts[-1][0]]) if parts else False
        while asks and len(parts) > 1 and self._is_rate(left_of(formula), formula):
            formula = parts.pop(0)[0]  # dr/dt = 3, A = π r², dA/dt
        try:
            self.formula = formula
            for part, lead, constraint in parts:
                worded = worded or bool(lead)
                self._part(part, lead, constraint=constraint)
            self._leave()
        except _Unclear as unclear:
            if not worded and not unclear.equation:
                self.formula = raw  # a list: what is wrong with it is said where it is read
                self.notes, self.definitions, self.declarations, self.waiting = [], [], [], {}
                self.conditions = []
                return
            said = "two formulas stand beside each other: which is meant?"
            hint = Offer("give one alone: ", self.whole(self.formula), "give one alone")
            raise mistake_at("E-SYNTAX", said, (unclear.part[0], unclear.part[-1]), "the second", hint) from None

    def phrase(self, raw: list[Token], place: int) -> int:
        """Return how many tokens the words at a place are that join a condition to a formula, or 0."""
        word = raw[place].text
        if (raw[place].type not in ("WORD", "OTHER") and word != "∀") or plain_name(word) in self.known:
            return 0
        for phrase in PHRASES:
            if word == phrase[0] and tuple([t.text for t in raw[place : place + len(phrase)]]) == phrase:
                return len(phrase)
        return 0

    def _ends(self, place: int) -> bool:
        """Say whether the formula ends before a place outside brackets."""
        raw = self.formula
        token, before = raw[place], raw[place - 1]
        if token.type == "COMMA" or token.type in PARTING:
            return place + 1 < len(raw) or token.type == "TEXT"
        raised = place > 1 and before.type == "SIGN" and raw[place - 2].type == "POW"  # A^+
        found = self.phrase(raw, place)
        if (before.type in OPERATORS and not raised) or not found or place + found >= len(raw):
            return False
        after = raw[place + found]
        called = found == 1 and after.type == "LPAR" and (is_function(token.text) or after.start == token.end)
        return not called and (token.text, after.text) != ("with", "respect")

    def _parts(self, cut: int, places: list[int]) -> list[tuple[list[Token], list[Token], bool]]:
        """Cut what stands behind the formula at commas and words: each part, the words before it, if a constraint."""
        raw = self.formula
        outside = {*places}
        found: list[tuple[list[Token], list[Token], bool]] = []
        part: list[Token] = []
        lead: list[Token] = []
        constraint = False
        place = cut
        while place < len(raw):
            count = self.phrase(raw, place) if place in outside else 0
            count = 0 if place + count == len(raw) else count  # A and b are given
            token = raw[place]
            comma = place in outside and (
                token.type in ("COMMA", "SEMI", "QUAD")
                or (token.text == "and" and not (place + 1 < len(raw) and raw[place + 1].text in PROSE))
            )
            if token.type == "TEXT" and place in outside and token.text in INDEPENDENT and part:
                part.append(token)
            elif token.type == "TEXT" and place in outside:
                found.append(([*part, token] if part else [], lead, constraint))  # n is the size of the batch
                part, lead = [], [] if part else [token]
            elif count or (comma and not (token.type != "QUAD" and self._list_goes_on(part, place))):
                found.append((part, lead, constraint))
                part, lead = [], raw[place : place + count]
                constraint = constraint or (count > 0 and lead[0].text in CONSTRAINING)
            else:
                part.append(token)
            place += max(count, 1)
        found.append((part, lead, constraint))
        for part, lead, _ in found:
            if lead and lead[0].type == "TEXT" and not part:
                self.note(f"{self.source(lead)} is left out")
        return [one for one in found if one[0]]

    def _list_goes_on(self, part: list[Token], place: int) -> bool:
        """Say whether a comma stands in a list, x, y ∈ R^n or i = 1, ..., n, or an "and" joins conditions."""
        raw = self.formula
        beside = {t.type for t in (*part[-1:], *raw[place + 1 : place + 2])}
        if _joins_conditions(raw, part, place) or beside & {"DOTS", "RANGE"}:
            return True
        if not part or not all([is_listed(t) for t in part]):
            return False
        end = next((k for k in range(place, len(raw)) if not is_listed(raw[k])), len(raw))
        return end < len(raw) and (raw[end].type in MEMBER or raw[end].text in PROSE)

    def _part(self, part: list[Token], lead: list[Token], *, constraint: bool) -> None:
        """Take one part of what stands behind: a declaration, a definition, or a condition, which is left out."""
        while len(part) > 1 and part[-1].text in (".", ";"):
            part = part[:-1]
        whole = part
        if len(part) > 3 and part[0].type == "LPAR" and closes(part) == len(part) - 1:
            part = part[1:-1]  # (λ > 0)
        if is_above_zero(part) and self._uses(self.formula, name_at(part, 0)[0] or Name("")):
            part = [*part[:-2], Token("WORD", ORDERS[part[-2].text], part[-2].start, part[-1].end)]  # S ≻ 0
        places = top_level(part)
        if part[-1].type == "TEXT" and any([t.type in (*EQUALS, *MEMBER) for t in part]):
            part = part[:-1]
        sign = next(
            (k for k in places if part[k].type in SAYING or part[k].text in UNJUDGED or is_member(part, k)), None
        )
        if constraint:
            self.constrained = True
        elif sign is not None and part[sign].type in MEMBER and (cone := cone_said(part, sign)) is not None:
            self.properties[self._read_as(Name(cone.names[0]))] = cone.properties
            self.note(cone.note)
            return
        elif sign is not None and part[sign].type in MEMBER:
            verb = next((k for k in places if k < sign and part[k].text in VERBS), sign)
            part, sign = [*part[:verb], *part[sign:]], verb  # x is a vector in R^n
            places = top_level(part)
            names = {plain_name(t.text) for t in part[:sign] if t.type == "WORD"}
            space = next((k for k in range(sign + 1, len(part)) if not is_worded(part[k])), len(part))
            spaced = any([t.text in SPACES for t in part[space : space + 1]])  # S: symmetric R^{n x n}
            if spaced and declares(part, places) and names.isdisjoint(self.known):
                self.declarations.append(part)
                return
            if space == len(part) and self._says_property([*part[:sign], *part[sign + 1 :]]):
                return  # S: symmetric
        elif sign is not None and part[sign].type in EQUALS:
            if self._equation(part, sign, worded=bool(lead)):
                return
        elif sign is None and self._says_property(part):
            if any([not STATED.isdisjoint(t.text.split()) for t in part]):
                self.conditions.append(self.source([*lead, *whole] if _is_for(lead) else whole))
            return
        elif sign is None and not (_is_for(lead) or is_number(whole) or is_prose(part, self.known)):
            if self._asks(part):
                return
            raise _Unclear(part, equation=False)
        self._left_out(self.source([*lead, *whole] if constraint or _is_for(lead) else whole))

    def _left_out(self, condition: str) -> None:
        """Leave a condition out, and say so."""
        self.conditions.append(condition)
        self.note(f"{condition} is left out")

    def _equation(self, part: list[Token], sign: int, *, worded: bool) -> bool:
        """Take an equation behind a formula; say whether it is more than a condition."""
        left, right = part[:sign], part[sign + 1 :]
        if is_symmetry(left, right):
            self.properties[self._read_as(name_at(left, 0)[0] or Name(""))] = frozenset(("symmetric",))
            self.note(f"{self.source(left)} is taken as symmetric")
            return True
        prose = next((k for k, t in enumerate(right) if k and t.text == "is" and "is" not in self.known), len(right))
        right = right[:prose]
        listed = any([t.type in ("DOTS", "RANGE") for t in right])
        if not right or listed or any([right[k].type in EQUALS for k in top_level(right)]):
            return False
        head = given_name(left)
        if head is not None and head[1] and is_function(head[0].full) and _is_single(right):
            return False  # sum(y) = 1
        if head is None:
            texts = [token.text for token in left]
            derived = "/" in texts and texts[0][:1] in ("d", "∂")
            primed = any([token.type == "PRIME" for token in left])
            if not worded and (derived or primed) and self._asks(part, left):
                return True  # y = x^2, dy/dx = 2x
            from mcalc.notation.around.rates import left_of

            if self._is_rate(left_of(part), part):
                return False
            if not worded and is_left(left) and not _is_single(right):
                raise _Unclear(part, equation=True)
            return False
        made = Definition(part, head, right)
        if self._uses(self.formula, made.name) or not self.placed.isdisjoint(_keys(made.name)):
            self._take(made)
            return True
        if not worded and self._asks(part, right):
            return True
        self.waiting[made.at.start] = made, worded
        for key in _keys(made.name):
            self.waits_for.setdefault(key, []).append(made.at.start)
        return True

    def _asks(self, part: list[Token], right: list[Token] | None = None) -> bool:
        """Take the formula so far as a definition where a part behind it uses what it defines: y = x^3, dy/dx."""
        own = self.defined()
        used = [made for made, _ in self.waiting.values() if right is None and self._uses(part, made.name)]
        first = own is not None and self._uses(part if right is None else right, own[0][0])
        if own is None or not (first or used):
            return False
        made = Definition(self.formula, own[0], own[1])
        self.formula, self.asked = part, right is None
        if first:
            self._take(made)
        else:
            self.note(f"{self.source(made.part)} is left out")
        for one in used:
            if self.waiting.pop(one.at.start, None) is not None:
                self._take(one)
        if not first:
            self._refuse_residual(made, [self.formula, *[one.right for one in self.definitions]])
        return True

    def _take(self, made: Definition) -> None:
        """Put a definition in place, then those that waited and are used by it; what is differentiated by stays."""
        ready = [made]
        while ready:
            taken = ready.pop()
            if taken.name.full in self.wanted:
                name = clip(taken.name.full)
                self.note(f"{self.source(taken.part)} is left out: {name} is what is differentiated by")
                continue
            self.note(f"{self.source(taken.part)} is put in place")
            self.definitions.append(taken)
            found = self._names(taken.right)
            self.placed |= found
            used = sorted({place for key in found for place in self.waits_for.pop(key, ()) if place in self.waiting})
            ready.extend([self.waiting.pop(place)[0] for place in reversed(used)])

    def _leave(self) -> None:
        """Leave out the definitions that nothing uses; refuse one that may be the formula that was meant."""
        bodies = [self.formula, *[made.right for made in self.definitions]]
        for made, worded in self.waiting.values():
            self._refuse_residual(made, bodies)
            asked = any([self._uses(made.right, Name(name)) for name in self.wanted])
            if (asked or not worded) and not _is_single(made.right) and not self.asked:
                raise _Unclear(made.part, equation=True)
            self._is_rate(made.name.full, made.part)
            self._left_out(self.source(made.part))
        from mcalc.notation.around.rates import refuse_rates

        refuse_rates(self.text, self.rates, bodies, self.wanted, self._uses, self.source)

    def _refuse_residual(self, model: Definition, bodies: list[list[Token]]) -> None:
        """Refuse Σ e_i^2 beside y_i = a + b x_i + e_i, which nothing else uses: e_i is what that leaves, or fixed."""
        noise = noise_in(model.right)
        if noise is None:
            return
        from mcalc.notation.around.wheres import below

        by = [Name(name) for name in {*self.wanted, *below(self.formula, "d∂∇")} - {noise.full, noise.base}]
        if any([self._uses(body, noise) for body in bodies]) and any([self._uses(model.right, name) for name in by]):
            left = model.name.full
            said = f"{clip(noise.full)} may be what is left of {clip(left)}, or fixed"
            hint = f"write {clip(noise.full)} = {clip(left)} - (...) for what is left, or leave {clip(left)} = ... out"
            raise mistake_at("E-AMBIG", said, (model.part[0], model.part[-1]), "which?", hint)

    def _is_rate(self, left: str, part: list[Token]) -> bool:
        """Remember an equation for the derivative of a name, dx/dt = A x, by what stands on its left."""
        from mcalc.notation.around.rates import rate_of

        rate = rate_of(left, part)
        self.rates += [rate] if rate is not None else []
        return rate is not None

    def defined(self) -> tuple[Head, list[Token]] | None:
        """Return the name that the formula defines so far, and what it stands for."""
        signs = [k for k in top_level(self.formula) if self.formula[k].type in EQUALS]
        head = given_name(self.formula[: signs[0]]) if len(signs) == 1 else None
        return None if head is None else (head, self.formula[signs[0] + 1 :])

    def _uses(self, tokens: list[Token], name: Name) -> bool:
        """Say whether a name stands among some tokens, alone or in a run of letters that nothing makes one word."""
        return not self._names(tokens).isdisjoint(_keys(name))

    def _names(self, tokens: list[Token]) -> set[str]:
        """Return the keys of all names that stand among some tokens, or may."""
        place = (tokens[0].start, tokens[-1].end) if tokens else (0, 0)
        if place not in self.met:
            found = self.met[place] = set()
            for k, token in enumerate(tokens):
                name = name_at(tokens, k)[0]
                if name is not None:
                    found |= {name.full, name.base} if name.sub is None else {name.full, name.base, f"{name.base}_"}
                    if name.sub is not None and name.base[0] == "d":
                        found |= {name.full[1:], f"{name.base[1:]}_"}  # dy_i/dx_j
                    if name.sub is not None and name.base == "J":
                        found.add(name.sub)  # J_f
                    if not (is_function(token.text) or plain_name(token.text) in self.known):
                        found.update(token.text)
                        found.add(token.text[token.text[0] == "d" :])  # dKE/dv
        return self.met[place]

    def _says_property(self, part: list[Token]) -> bool:
        """Take in what is said of names of the formula in words, if it is."""
        found = said_of_names(part, lambda name: self._uses(self.formula, Name(name)))
        if found is None:
            return False
        for said in found.names:
            name = self._read_as(Name(said))
            if found.properties:
                self.properties[name] = self.properties.get(name, frozenset()) | found.properties
            elif found.order is not None:
                self.orders[name] = found.order
        self.note(found.note)
        return True

    def _read_as(self, name: Name) -> str:
        """Return what a name is read as: A1 as A_1, where it is not declared as it is written."""
        found = apart(name.full) if name.full not in self.known else None
        return name.full if found is None else "_".join(found)


def _keys(name: Name) -> list[str]:
    """Return the keys that say that a name stands there, or may: as it is, or with another subscript of its kind."""
    family = name.sub is not None and not name.sub.isdecimal()
    return [name.full, f"{name.base}_"] if family else [name.full]


def _is_single(right: list[Token]) -> bool:
    """Say whether a number or a name stands alone, as in p = 2."""
    return len(right) == 1 and right[0].type in ("NUMBER", "WORD")


def _joins_conditions(raw: list[Token], part: list[Token], place: int) -> bool:
    """Say whether an "and" joins two conditions that a name is defined as: c = x > 0 and y < 1."""
    if raw[place].text != "and":
        return False
    sign = next((k for k, token in enumerate(part) if token.type in EQUALS), len(part))
    after = raw[place + 1 :]
    end = next((k for k, t in enumerate(after) if t.type in ("COMMA", "SEMI") or t.text == "and"), len(after))
    return all(["RELATION" in [t.type for t in side] for side in (part[sign:], after[:end])])


class _Unclear(Exception):
    def __init__(self, part: list[Token], *, equation: bool) -> None:
        self.part = part
        self.equation = equation


def _is_for(lead: list[Token]) -> bool:
    """Say whether words say for which values a formula holds."""
    return bool(lead) and lead[0].text in ("for", "forall", "∀")
