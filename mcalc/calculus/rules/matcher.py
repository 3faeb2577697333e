"""One rule applied to one product: its factors found in any order, what is summed seen to be summed there alone."""

from __future__ import annotations

from functools import cached_property

from mcalc.calculus.index_notation.contracting import contract, sum_of_exponents
from mcalc.calculus.index_notation.flattening import flatten
from mcalc.calculus.index_notation.term import ONE, Term, is_product
from mcalc.calculus.rules.equation import IDENTITY, LETTER, NUMBER, REST, SIGNS, built, matches, read_equation
from mcalc.operators.leaves import eye, is_number, number, ones, ratio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from mcalc.calculus.basics.simplifications import Simplification
    from mcalc.calculus.rules.equation import Bound, Factor
    from mcalc.expr import Expr, Labels, Number, Operator

WHOLE = 0
"""In place of an exponent: the factor is taken with all of its powers."""


class Match:
    """Where factors of a rule stand in a term, and what its letters and labels are there.

    `taken` are the places in the term, each with the exponent that the rule has there, or WHOLE. `inner` are the labels
    over which the factors of a product that a letter stands for are summed; `coef` is what those have to be multiplied
    by to be that product.
    """

    __slots__ = ("bound", "coef", "inner", "names", "taken")

    def __init__(
        self, taken: Mapping[int, int], bound: Bound, names: Mapping[str, Labels], inner: Labels = (), coef: Number = 1
    ) -> None:
        self.taken = taken
        self.bound = bound
        self.names = names
        self.inner = inner
        self.coef = coef


class Rule:
    """A simplification of one product: its name, the equation, why it ends; and a condition on what its letters are.

    `begins` says which operators the factor may have that is looked for first, where that is a letter.
    A letter that stands for a product is found by the factors of that product, too. Of powers as many factors are taken
    as the rule can be applied to at once.
    """

    def __init__(
        self,
        name: Simplification,
        text: str,
        ends: str,
        *,
        when: Callable[[Bound], bool] | None = None,
        heads: dict[str, Operator] | None = None,
        begins: Callable[[Operator], bool] | None = None,
    ) -> None:
        self.name = name
        self.text = text
        self.ends = ends
        self.when = when
        self.heads = heads
        self.begins = begins

    def __repr__(self) -> str:
        return f"<{self.name.name}: {self.text}>"

    @cached_property
    def sides(self) -> tuple[list[Factor], list[Factor]]:
        """The factors of both sides, on the left first what is looked for first: a divisor, else any of a form."""
        left, right = read_equation(self.text, self.heads)
        left.sort(key=lambda factor: (not factor.base.ops, not str(factor.exponent).startswith("-")))
        return left, right

    @cached_property
    def needs(self) -> list[int]:
        """The bits of the operators of which one has to stand in a product, for each that the left side names."""
        patterns = [factor.base for factor in self.sides[0]]
        for pattern in patterns:
            patterns += pattern.args
        return list(dict.fromkeys([bits for pattern in patterns if (bits := sum([op.bit for op in pattern.ops]))]))

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What the factor may be of that is looked for first; nothing where it may be anything."""
        return self.sides[0][0].base.ops

    def may_begin_with(self, op: Operator) -> bool:
        """Say whether the factor that is looked for first may have this operator; the text alone excludes most."""
        if self.begins is not None:
            return self.begins(op)
        left = self.text.partition(" = ")[0]
        if "(" in left:  # else letters stand for anything
            is_said = any([word in left for word in SIGNS.get(op, op.spellings)])
            if not is_said and op not in (self.heads or {}).values():
                return False
        return not self.operators or op in self.operators

    @cached_property
    def is_for_plain(self) -> bool:
        """Whether the factor that is looked for first may have the exponent 1; a letter stands for any other."""
        return self.sides[0][0].exponent == 1

    @cached_property
    def summed(self) -> list[str]:
        """The labels that the left side is summed over."""
        left, right = [{x for factor in side for x in factor.labels or ""} for side in self.sides]
        return sorted(left - right)

    @cached_property
    def is_alone(self) -> bool:
        """Whether the rule puts one factor for one, and so for any power of it."""
        return [len(side) for side in self.sides] == [1, 1] and not self.summed

    def at(self, term: Term, place: int) -> Term | None:
        """Return the term with the rule applied to the factor at a place and to others; None where it does not fit."""
        left, _ = self.sides
        bits = term.bits
        if len(term.factors) < len(left) or not all([needed & bits for needed in self.needs]):
            return None
        states = [(1, found) for found in self._with_factor(Match({}, {}, {}), left[0], term, place)][::-1]
        while states:
            count, found = states.pop()
            if count < len(left):
                states += [(count + 1, more) for more in self._with_next(found, left[count], term)][::-1]
            elif (self.when is None or self.when(found.bound)) and self._is_closed(term, found):
                return self._applied(term, found)
        return None

    def _with_next(self, found: Match, factor: Factor, term: Term) -> Iterator[Match]:
        known = found.bound.get(str(factor.base.leaf)) if factor.base.kind == LETTER else None
        places: Sequence[int] = range(len(term.factors))
        if factor.fixed is not None and factor.letters <= found.bound.keys():
            part = built(factor.fixed, found.bound)
            places = term.places_of(part) if factor.fixed is factor.base else term.places_with(part)
        elif factor.base.ops:
            places = sorted([place for op in factor.base.ops for place in term.places(op)])
        for place in places:
            if place not in found.taken:
                yield from self._with_factor(found, factor, term, place)
        if known is not None:
            yield from _with_factors_of(known, found, factor, term)

    def _with_factor(self, found: Match, factor: Factor, term: Term, place: int) -> Iterator[Match]:
        base, own, power = term.factors[place]
        bound, exponent = found.bound, factor.exponent
        if isinstance(exponent, str):
            if power is ONE:
                return
            bound, exponent = {**bound, exponent: power}, WHOLE
        elif not (is_number(power) and ((self.is_alone and exponent == 1) or _times(exponent, power.attr) > 0)):
            return
        names = _named(factor.labels, own, found.names)
        if names is not None:
            for known in matches(factor.base, base, bound):
                yield Match({**found.taken, place: exponent}, known, names, found.inner, found.coef)

    def _is_closed(self, term: Term, found: Match) -> bool:
        """Whether what the rule is summed over stands nowhere else, and only where it stands in the rule."""
        if not (self.summed or found.inner):
            return True
        named = [label for labels in found.names.values() for label in labels]
        summed = {label for x in self.summed for label in found.names[x]}
        outside = {
            label
            for place, (_, labels, exponent) in enumerate(term.factors)
            if not (found.taken.get(place) == WHOLE or is_number(exponent, found.taken.get(place, 0)))
            for label in labels
        }
        once = all([named.count(label) == 1 for label in summed]) and not summed.intersection(found.inner)
        return once and not (summed | {*found.inner}) & (outside | {*term.out}) and not {*found.inner} & {*named}

    def _applied(self, term: Term, found: Match) -> Term:
        powers = {place: term.factors[place][2] for place, exponent in found.taken.items() if exponent != WHOLE}
        times: Number = 1
        if self.is_alone and powers:
            [(place, power)] = powers.items()
            times = power.attr if found.taken[place] == 1 else _times(found.taken[place], power.attr)
        elif not (self.summed or found.inner):
            times = min([_times(found.taken[place], power.attr) for place, power in powers.items()], default=1)
        spot = next((place for place, exponent in found.taken.items() if exponent >= 0), min(found.taken))
        factors: list[tuple[Expr, Labels, Expr]] = []
        for place, (base, labels, power) in enumerate(term.factors):
            if place == spot:
                factors += self._made(term, found, times)
            if place in powers:
                left = power.attr - found.taken[place] * times
                factors += [(base, labels, number(left))] if left else []
            elif place not in found.taken:
                factors.append((base, labels, power))
        coef = term.coef * found.coef
        return contract(Term(coef if self.coefficient == 1 else coef * self.coefficient**times, factors, term.out))

    @cached_property
    def coefficient(self) -> Fraction:
        """The number that the right side has beside its factors; a 1 there stands for ones at its labels."""
        found = ratio(1)
        for factor in self.sides[1]:
            if factor.base.kind == NUMBER and isinstance(factor.exponent, int):
                found *= ratio(int(factor.base.leaf)) ** factor.exponent
        return found

    def _made(self, term: Term, found: Match, times: Number) -> list[tuple[Expr, Labels, Expr]]:
        """The factors of the right side, so many times."""
        sizes = term.sizes
        made: list[tuple[Expr, Labels, Expr]] = []
        for factor in self.sides[1]:
            pattern, letters, exponent, more = factor.base, factor.labels, factor.exponent, factor.more
            labels = tuple([label for x in (REST if letters is None else letters) for label in found.names[x]])
            if pattern.kind == IDENTITY:
                made.append((eye(sizes[labels[0]]), labels, ONE))
            elif pattern.kind == NUMBER:
                made += [(ones((sizes[label],)), (label,), ONE) for label in labels]
            elif isinstance(exponent, str):
                power = sum_of_exponents(found.bound[exponent], number(more))
                made.append((built(pattern, found.bound), labels, power))
            else:
                made.append((built(pattern, found.bound), labels, number(exponent * times)))
        return made


def _times(exponent: int, power: Number) -> int:
    """How many times a factor with an exponent stands in a power: x⁻² in x⁻⁵ twice, and x² not at all."""
    return power // exponent if type(power) is int and (power < 0) == (exponent < 0) else 0


def _named(letters: str | None, own: Labels, names: Mapping[str, Labels]) -> Mapping[str, Labels] | None:
    """What the labels of a rule are called in a term; None where one would be called two things."""
    before, rest, after = (REST if letters is None else letters).partition(REST)
    middle = len(own) - len(after)
    if middle < len(before) or (not rest and middle > len(before)):
        return None
    found: list[tuple[str, Labels]] = [
        *zip(before, [(x,) for x in own], strict=False),
        *zip(after, [(x,) for x in own[middle:]], strict=True),
    ]
    if rest:
        found.append((REST, own[len(before) : middle]))
    return None if any([names.get(x, label) != label for x, label in found]) else {**names, **dict(found)}


def _with_factors_of(whole: Expr, found: Match, factor: Factor, term: Term) -> Iterator[Match]:
    """Find a product by its factors, where it is one of at least two factors without powers."""
    if not is_product(whole) or len(term.factors) < 3:
        return
    inner = flatten(whole)
    if len(inner.factors) < 2 or any([e is not ONE for _, _, e in inner.factors]) or inner.is_zero:
        return
    letters = REST if factor.labels is None else factor.labels
    if type(inner.coef) is float or (letters != REST and len(letters) != len(inner.out)):
        return
    known = found.names.get(REST, ()) if letters == REST else [found.names.get(x, (None,))[0] for x in letters]
    start = {own: label for own, label in zip(inner.out, known, strict=True) if label is not None}
    stack: list[tuple[tuple[int, ...], dict[int, int]]] = [((), start)]
    while stack:
        taken, names = stack.pop()
        if len(taken) < len(inner.factors):
            wanted, own, _ = inner.factors[len(taken)]
            for place in term.places_of(wanted):
                _, labels, power = term.factors[place]
                if power is ONE and place not in found.taken and place not in taken:
                    more = {**dict(zip(own, labels, strict=True)), **names}
                    if all([more[x] == label for x, label in zip(own, labels, strict=True)]):
                        stack.append(((*taken, place), more))
        elif len(set(names.values())) == len(names):
            outer = {} if letters == REST else {x: (names[own],) for x, own in zip(letters, inner.out, strict=True)}
            yield Match(
                {**found.taken, **dict.fromkeys(taken, WHOLE)},
                found.bound,
                {**found.names, **outer},
                tuple([label for own, label in names.items() if own not in inner.out]),
                1 / ratio(inner.coef),
            )
