"""Where a function is defined by cases, what one case alone needs is left out of the others: a choice, not a product.

The derivative of {√x if x > 0; 0 otherwise} is (x > 0) ⊘ √x ⊘ 2 by the rules, in which 0 meets infinity or NaN where
x ≤ 0. Such a factor and its condition become one factor, {1 ⊘ √x if x > 0; 0 otherwise}. A condition beside what has a
value wherever the function has one stays a factor, as in the paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mcalc.calculus.basics.positive import is_nonnegative, is_positive
from mcalc.calculus.basics.simplifications import BY_CASES, enabled, note
from mcalc.calculus.index_notation.flattening import as_term
from mcalc.calculus.index_notation.term import ONE, Term, build, is_product, product
from mcalc.expr import Expr, in_order, make, walk
from mcalc.operators.arithmetic import (
    ADD,
    AND,
    CASES,
    COMPLEMENT,
    CONDITIONS,
    EQ,
    GT,
    LN,
    LT,
    MAX,
    MIN,
    MUL,
    POW,
    add,
    conjunction,
    mul,
    negate,
    power,
    scale,
)
from mcalc.operators.elementwise import ACOS, ASIN, COSH, EXP, LOG2, LOG10, RELU, SINH, TAN
from mcalc.operators.leaves import is_number, number, ones
from mcalc.operators.linear import SIGMA
from mcalc.operators.matrix import EXTREMES, ONE_HOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Expr, Labels, Expr]

LOGARITHMS = frozenset({LN, LOG2, LOG10})
CHOOSING = frozenset({MAX, MIN, RELU, *EXTREMES})
"""Operators that take one of several values, and so may leave one out that is infinite."""
MASKS = (*CONDITIONS, *ONE_HOT)
"""Operators that are 1 where something holds, else 0."""
PARTIAL = frozenset({EXP, COSH, SINH, ASIN, ACOS, TAN})
"""Functions that overflow, or have no value everywhere."""


class Reach:
    """What a function needs wherever it has a value, whatever case holds: what it divides by, takes roots of.

    `poles` are 0 nowhere where the function is finite, and `bases` are negative nowhere; `seen` are nodes of any kind.
    """

    __slots__ = ("bases", "given", "poles", "seen")

    def __init__(self, given: Collection[Expr]) -> None:
        used = {arg for node in given for arg in node.args}
        self.given = given
        self.poles: set[Expr] = set()
        self.bases: set[Expr] = set()
        self.seen: set[Expr] = set()
        chosen: set[Expr] = set()
        todo = [(node, False) for node in given if node not in used]
        while todo:
            node, may_be_left_out = todo.pop()
            if node in self.seen or (may_be_left_out and node in chosen):
                continue
            (chosen if may_be_left_out else self.seen).add(node)
            self._note(node, may_be_left_out)
            if node.op is not CASES:
                todo += [(arg, may_be_left_out or node.op in CHOOSING) for arg in node.args]

    def _note(self, node: Expr, may_be_left_out: bool) -> None:
        """Note what a node asks of its argument; max(0, ln(x)) is 0 at x = 0, but 1/x is infinite on either side."""
        if node.op is POW:
            exponent = node.args[1]
            if not is_number(exponent) or exponent.attr < 0:
                self.poles.update(_factors(node.args[0]))
            if not (is_number(exponent) and type(exponent.attr) is int):
                self.bases.update(_factors(node.args[0]))
        elif node.op in LOGARITHMS:
            self.bases.update(_factors(node.args[0]))
            if not may_be_left_out:
                self.poles.update(_factors(node.args[0]))

    def may_lack(self, factor: Expr) -> bool:
        """Say whether a factor of the derivative may have no finite value at a point where the function has one."""
        return any([self._lacks(node) for node in walk(factor)])

    def _lacks(self, node: Expr) -> bool:
        if node.op is POW:
            base, exponent = node.args
            sign = exponent.attr if is_number(exponent) else -1
            whole = is_number(exponent) and type(exponent.attr) is int
            pole = sign < 0 and base not in self.poles and not is_positive(base)
            return pole or (not whole and base not in self.bases and not is_nonnegative(base) and not is_positive(base))
        if node.op in LOGARITHMS:
            return node.args[0] not in self.poles and not is_positive(node.args[0])
        return node.op in PARTIAL and node in self.given and node not in self.seen


def inside_their_domain(root: Expr) -> set[Expr]:
    """Return the powers and logarithms of what is positive by the conditions they stand under, wherever they stand.

    >>> from mcalc import parse
    >>> len(inside_their_domain(parse("{ln(x) if x > 0; 0 otherwise}").expr))
    1
    >>> len(inside_their_domain(parse("{ln(x) if x > 0; 0 otherwise} + ln(x)").expr))
    0
    """
    if not root.has(CASES):
        return set()
    sure: set[Expr] = set()
    unsure: set[Expr] = set()
    start: tuple[Expr, frozenset[Expr]] = (root, frozenset())
    seen = {start}
    todo = [start]
    while todo:
        node, positive = todo.pop()
        if node.op is POW or node.op in LOGARITHMS:
            (sure if node.args[0] in positive else unsure).add(node)
        for place, arg in enumerate(node.args):
            guarded = node.op is CASES and place % 2 == 0 and place + 1 < len(node.args)
            there = (arg, positive | _positive_by(node.args[place + 1]) if guarded else positive)
            if there not in seen:
                seen.add(there)
                todo.append(there)
    return sure - unsure


def _positive_by(condition: Expr) -> set[Expr]:
    """What a condition says is more than 0."""
    tests = condition.args if condition.op is AND else (condition,)
    sides = [(c.args if c.op is GT else c.args[::-1]) for c in tests if c.op in (GT, LT)]
    return {larger for larger, least in sides if is_number(least) and least.attr >= 0}


def _factors(base: Expr) -> Iterator[Expr]:
    """What is 0 only where a product is: the product, and its factors."""
    yield base
    if base.op is MUL:
        yield from base.args


def by_cases(normal: Expr, given: Collection[Expr]) -> Expr:
    """Return an expression in normal form with conditions and what they guard as choices; `given` is the function.

    Algebra: [c] f = {f if c; 0 otherwise}, wherever f has a value. Each step leaves one factor less, so this ends.
    """
    if not enabled(BY_CASES) or not normal.has(*MASKS):
        return normal
    if not any([node.op is CASES or node.op in CHOOSING for node in given]):
        return normal
    reach = Reach(given)
    new: dict[Expr, Expr] = {}

    def inner(node: Expr) -> tuple[Expr, ...]:
        made = is_product(node) or (node.op in (ADD, SIGMA, CASES) and node not in given)
        return node.args[1:] if node.op is SIGMA else node.args if made else ()

    for node in in_order([normal], inner):
        args = tuple([new.get(arg, arg) for arg in node.args])
        changed = any([a is not b for a, b in zip(args, node.args, strict=True)])
        whole = make(node.op, args, node.attr) if changed else node
        if is_product(node) and any([_is_mask(arg) for arg in node.args]):
            term = as_term(whole)
            split = _split(term, reach)
            whole = whole if split is term else build(split)
        elif node.op is ADD and node not in given and changed:
            whole = _joined(list(args), node, given)
        new[node] = whole
    if new[normal] is not normal:
        note(BY_CASES)
    return new[normal]


def _is_mask(node: Expr) -> bool:
    return bool(node.shape) and (node.op in MASKS)


def _split(term: Term, reach: Reach) -> Term:
    """Put each factor that need have no value where a condition fails under that condition."""
    masks = [factor for factor in term.factors if _is_mask(factor[0]) and factor[2] is ONE]
    guarded: dict[Labels, list[Expr]] = {}
    holding: dict[Labels, list[Factor]] = {}
    kept: list[Factor] = []
    for factor in term.factors:
        base, labels, exponent = factor
        value = base if exponent is ONE else power(base, exponent)
        own = _masks_over(labels, masks) if labels and factor not in masks and reach.may_lack(value) else []
        # A condition on a diagonal, c_ii, guards what has the one axis.
        over = max([labels, *[tuple(dict.fromkeys(mask[1])) for mask in own]], key=len)
        if not own or len(over) > 2:
            kept.append(factor)
            continue
        guarded.setdefault(over, []).append(_over(value, labels, over, term))
        holding.setdefault(over, []).extend([mask for mask in own if mask not in holding[over]])
    if not guarded:
        return term
    used = [mask for own in holding.values() for mask in own]
    made: list[Factor] = []
    for labels, values in guarded.items():
        tests = [_condition_over(mask, own, labels, term) for mask, own, _ in holding[labels]]
        made.append((make(CASES, (mul(*values), conjunction(*tests), number(0))), labels, ONE))
    rest = [factor for factor in kept if factor not in used]
    if len(made) == 1 and not rest:
        [(choice, labels, _)] = made
        value, test, other = choice.args
        return Term(1, [(make(CASES, (scale(term.coef, value), test, other)), labels, ONE)], term.out)
    return Term(term.coef, [*rest, *made], term.out)


def _masks_over(labels: Labels, masks: list[Factor]) -> list[Factor]:
    """The conditions that reach no other axes than a factor has; if there is none, one that has all of its axes."""
    if len(set(labels)) < len(labels):
        return []
    inside = [mask for mask in masks if set(mask[1]) <= set(labels)]
    return inside or [mask for mask in masks if set(labels) < set(mask[1])][:1]


def _over(value: Expr, labels: Labels, over: Labels, term: Term) -> Expr:
    """A value spread over more axes, or turned."""
    if not value.shape or labels == over:
        return value
    missing = [(ones((term.sizes[label],)), (label,)) for label in over if label not in labels]
    return product(1, [(value, labels), *missing], over)


def _condition_over(mask: Expr, labels: Labels, over: Labels, term: Term) -> Expr:
    """A condition spread over more axes; that of a hardmax is that it is 1."""
    if mask.op in ONE_HOT:
        return make(EQ, (_over(mask, labels, over, term), number(1)))
    if mask.op in COMPLEMENT:
        return make(mask.op, tuple([_over(side, labels, over, term) for side in mask.args]))
    return make(mask.op, tuple([_condition_over(part, labels, over, term) for part in mask.args]))


def _joined(parts: list[Expr], node: Expr, given: Collection[Expr]) -> Expr:
    """Return a sum in which two choices by opposite conditions are one.

    Algebra: {f if c; 0 otherwise} + [not c] g = {f if c; g otherwise}.
    """
    terms = [as_term(part) for part in parts]
    place = 0
    while place < len(terms):
        for later in range(place + 1, len(terms)):
            found = _two_as_one(terms[place], terms[later], given)
            if found is not None:
                terms[place] = found
                del terms[later]
                break
        else:
            place += 1
    if len(terms) == len(parts):
        return make(ADD, tuple(parts), node.attr)
    return add(*[build(term) for term in terms])


def _two_as_one(one: Term, other: Term, given: Collection[Expr]) -> Term | None:
    for first in one.factors:
        for second in other.factors:
            (c, f), (d, g) = _choice(first[0]), _choice(second[0])
            if c is None or d is None or d is not negate(c) or first[1] != second[1] or (f is ONE and g is ONE):
                continue
            if [factor for factor in one.factors if factor is not first] != [
                factor for factor in other.factors if factor is not second
            ]:
                continue
            f, g = scale(one.coef, f), scale(other.coef, g)
            whole = (f, c, g) if c in given or d not in given else (g, d, f)
            rest = [factor for factor in one.factors if factor is not first]
            return Term(1, [*rest, (make(CASES, whole), first[1], ONE)], one.out)
    return None


def _choice(base: Expr) -> tuple[Expr | None, Expr]:
    """The condition and the value of {f if c; 0 otherwise}, or of [c]; no condition for anything else."""
    if base.op in COMPLEMENT and base.shape:
        return base, ONE
    if base.op is CASES and len(base.args) == 3 and base.args[1].op in COMPLEMENT and is_number(base.args[2], 0):
        return base.args[1], base.args[0]
    return None, ONE
