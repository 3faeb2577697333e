"""Products in index notation as matrix products: which two factors first, and how each pair is multiplied.

A product of a tensor with itself, Σ_s G_sa G_sb, is GᵀG, which takes half the time of a product of two tensors.

Sizes are names, so costs are guessed: a named size counts as a hundred, a capital letter (samples) as a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from mcalc.dims import Dim
from mcalc.export.code import Code, entrywise, expand, full, is_mask, matmul, number, permute, reduce, reshape, total

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Code, Labels]


MOST = 7
"""Of more factors than this not all orders are tried."""
ENTRY, BATCHED = 10.0, 4.0
"""How much longer a multiplication takes entry by entry, and in a batch of matrix products, than in one product."""


def guessed(dim: Dim) -> float:
    """Return about how long an axis is.

    >>> guessed(Dim.of(3)), guessed(Dim.named("n")), guessed(Dim.named("N"))
    (3.0, 100.0, 1000.0)
    """
    return float(max(1, dim.at(lambda name: 1000 if name[:1].isupper() else 100)))


def contracted(factors: Sequence[Factor], out: Labels) -> Code:
    """Return Σ Π factor[labels] with axes `out`, summed over every other label.

    Scalars are multiplied last. Of a few factors the cheapest of all orders is taken, of many the cheapest pair first.
    """
    sizes = {label: dim for code, labels in factors for label, dim in zip(labels, code.shape, strict=True)}
    scalars = [code for code, labels in factors if not labels]
    left = [_without_repeats(code, labels) for code, labels in factors if labels]
    left = [_summed_alone(place, left, out) for place in range(len(left))]
    while len(left) > MOST:
        pairs = [(i, j) for i in range(len(left)) for j in range(i + 1, len(left))]
        i, j = min(pairs, key=lambda pair: _pair_cost(left, pair, out, sizes))
        others = [factor for place, factor in enumerate(left) if place not in (i, j)]
        left = [*others[:i], _pair(left[i], left[j], _needed(others, out)), *others[i:]]
    code, labels = _gram(left, out, sizes) or _in_best_order(left, out, sizes) if left else (number(1), ())
    code = reduce("sum", code, tuple([axis for axis, label in enumerate(labels) if label not in out]))
    labels = tuple([label for label in labels if label in out])
    whole = _at(code, labels, out, sizes)
    return entrywise("mul", total("mul", scalars), whole) if scalars else whole


def _gram(factors: Sequence[Factor], out: Labels, sizes: dict[int, Dim]) -> Factor | None:
    """A product of two equal halves as GᵀG, where no other order takes less."""
    found = halves(factors, out)
    if found is None:
        return None
    summed, own = _entries(found.summed, sizes), _entries(found.own, sizes)
    cost = summed * own * own / 2 + ENTRY * summed * own
    if len(factors) > 2 and cost > _orders(factors, out, sizes)[0][(1 << len(factors)) - 1][0]:
        return None
    half = contracted(found.factors, (*found.summed, *found.own))
    flat = _merged(half, 0, [len(found.summed), len(found.own)])
    shape = half.shape[len(found.summed) :]
    return reshape(matmul(permute(flat, (1, 0)), flat), (*shape, *shape)), (*found.own, *found.other)


def _needed(others: Sequence[Factor], out: Labels) -> set[int]:
    return {label for _, labels in others for label in labels} | set(out)


def _orders(
    factors: Sequence[Factor], out: Labels, sizes: dict[int, Dim]
) -> tuple[dict[int, tuple[float, int]], dict[int, frozenset[int]]]:
    """What every subset of a few factors costs at least, with the part it begins with, and the labels it keeps.

    The best of a subset is made of those of two parts of it.
    """
    count = len(factors)
    names = [frozenset(labels) for _, labels in factors]
    whole = (1 << count) - 1
    kept: dict[int, frozenset[int]] = {}
    for subset in range(1, whole + 1):
        inside = frozenset().union(*[names[k] for k in range(count) if subset >> k & 1])
        outside = frozenset(out).union(*[names[k] for k in range(count) if not subset >> k & 1])
        kept[subset] = inside & outside
    best: dict[int, tuple[float, int]] = {1 << k: (0.0, 0) for k in range(count)}
    for subset in sorted(range(1, whole + 1), key=int.bit_count):
        if subset in best:
            continue
        options: list[tuple[float, int]] = []
        part = (subset - 1) & subset
        while part:
            rest = subset ^ part
            if part > rest:
                step = _step_cost(_labels_of(part, kept, names), _labels_of(rest, kept, names), kept[subset], sizes)
                options.append((best[part][0] + best[rest][0] + step, part))
            part = (part - 1) & subset
        best[subset] = min(options)
    return best, kept


def _in_best_order(factors: Sequence[Factor], out: Labels, sizes: dict[int, Dim]) -> Factor:
    """Multiply a few factors in the order that costs least."""
    best, kept = _orders(factors, out, sizes)
    whole = (1 << len(factors)) - 1
    made: dict[int, Factor] = {1 << k: factor for k, factor in enumerate(factors)}
    stack = [whole]
    while stack:
        subset = stack[-1]
        part = best[subset][1]
        rest = subset ^ part
        if subset in made:
            stack.pop()
        elif part in made and rest in made:
            first, second = (part, rest) if part & -part < rest & -rest else (rest, part)
            made[subset] = _pair(made[first], made[second], set(kept[subset]))
        else:
            stack += [one for one in (part, rest) if one not in made]
    return made[whole]


def _labels_of(subset: int, kept: dict[int, frozenset[int]], names: Sequence[frozenset[int]]) -> frozenset[int]:
    return names[subset.bit_length() - 1] if subset & (subset - 1) == 0 else kept[subset]


def _step_cost(a: frozenset[int], b: frozenset[int], needed: frozenset[int], sizes: dict[int, Dim]) -> float:
    """About how long a product of two factors takes: a plain matrix product is fast, entry by entry is slow."""
    summed = (a & b) - needed
    batch = (a & b) & needed
    work = _entries(a | b, sizes)
    if not summed or (batch and not (a - b and b - a)):
        return ENTRY * work
    return (BATCHED if batch else 1.0) * work + ENTRY * (_entries(a, sizes) + _entries(b, sizes))


def _at(code: Code, labels: Labels, out: Labels, sizes: dict[int, Dim]) -> Code:
    """Put the axes in the order of `out`; what a label of it has not is spread over it."""
    have = [label for label in out if label in labels]
    found = permute(code, [labels.index(label) for label in have])
    if len(have) == len(out):
        return found
    wide = expand(found, [out.index(label) for label in have], len(out)) if have else found
    return entrywise("mul", full(number(1), tuple([sizes[label] for label in out])), wide)


def _without_repeats(code: Code, labels: Labels) -> Factor:
    """A_ii is the diagonal."""
    while len(set(labels)) < len(labels):
        first = next(k for k, label in enumerate(labels) if label in labels[k + 1 :])
        second = labels.index(labels[first], first + 1)
        rest = [k for k in range(len(labels)) if k not in (first, second)]
        code = permute(code, [*rest, first, second])
        shape = tuple([code.shape[k] for k in range(len(rest) + 1)])
        code = Code("diagonal", (code,), None, shape)
        labels = (*[labels[k] for k in rest], labels[first])
    return code, labels


def _summed_alone(place: int, factors: Sequence[Factor], out: Labels) -> Factor:
    """Sum a factor over the labels that nothing else has."""
    code, labels = factors[place]
    used = {label for other, (_, own) in enumerate(factors) if other != place for label in own} | set(out)
    alone = tuple([axis for axis, label in enumerate(labels) if label not in used])
    return reduce("sum", code, alone), tuple([label for label in labels if label in used])


def _pair_cost(left: Sequence[Factor], pair: tuple[int, int], out: Labels, sizes: dict[int, Dim]) -> float:
    """What a pair costs, and how much more there is after it."""
    i, j = pair
    needed = frozenset(_needed([factor for place, factor in enumerate(left) if place not in (i, j)], out))
    a, b = frozenset(left[i][1]), frozenset(left[j][1])
    grown = _entries((a | b) & needed, sizes) - _entries(a, sizes) - _entries(b, sizes)
    return _step_cost(a, b, needed, sizes) + ENTRY * grown


def _entries(labels: Collection[int], sizes: dict[int, Dim]) -> float:
    count = 1.0
    for label in labels:
        count *= guessed(sizes[label])
    return count


def _pair(first: Factor, second: Factor, needed: set[int]) -> Factor:
    """Multiply two factors: a matrix product of what is summed, batched over what both keep."""
    (a, own), (b, other) = first, second
    shared = [label for label in own if label in other]
    summed = [label for label in shared if label not in needed]
    batch = [label for label in shared if label in needed]
    if not summed:
        return _entry_by_entry(first, second)
    rows = [label for label in own if label not in shared]
    columns = [label for label in other if label not in shared]
    if batch and (not rows or not columns):
        # a factor without labels of its own is spread over the other, and the rest is a plain sum
        code, labels = _entry_by_entry(first, second)
        axes = tuple([axis for axis, label in enumerate(labels) if label in summed])
        return reduce("sum", code, axes), tuple([label for label in labels if label not in summed])
    k = len(batch)
    right = permute(b, [other.index(label) for label in (*batch, *summed, *columns)])
    flat_right = _merged(right, k, [len(summed), len(columns)])
    if not batch and own[: len(summed)] == tuple(summed) and rows:
        # what is summed stands first: then the flat array is the transpose of one that needs no copy
        flat_left = permute(
            _merged(permute(a, [own.index(x) for x in (*summed, *rows)]), 0, [len(summed), len(rows)]), (1, 0)
        )
        before = [a.shape[own.index(label)] for label in rows]
    else:
        left = permute(a, [own.index(label) for label in (*batch, *rows, *summed)])
        flat_left = _merged(left, k, [len(rows), len(summed)])
        before = list(left.shape[: k + len(rows)])
    made = matmul(flat_left, flat_right) if not batch else _batched(flat_left, flat_right, k)
    return reshape(made, (*before, *right.shape[k + len(summed) :])), (*batch, *rows, *columns)


def _batched(a: Code, b: Code, k: int) -> Code:
    shape = (*a.shape[:-1], *b.shape[k + 1 :])
    return Code("matmul", (a, b), None, shape)


def _merged(code: Code, batch: int, groups: Sequence[int]) -> Code:
    """Put each group of axes after the batch into one; an empty group has no axis, in a batch one of length 1."""
    shape = list(code.shape[:batch])
    at = batch
    for count in groups:
        if count or batch:
            shape.append(math.prod(code.shape[at : at + count], start=Dim.of(1)))
        at += count
    return reshape(code, tuple(shape))


def _entry_by_entry(first: Factor, second: Factor) -> Factor:
    """Multiply with axes in a common order, of length 1 where a factor lacks a label."""
    (a, own), (b, other) = first, second
    if not own or not other:
        return entrywise("mul", a, b) if not own else entrywise("mul", b, a), own or other
    longer = own if len(own) >= len(other) else other
    rest = other if longer is own else own
    labels = (*longer, *[label for label in rest if label not in longer])
    sides: list[Code] = []
    for code, names in ((a, own), (b, other)):
        order = sorted(range(len(names)), key=lambda k: labels.index(names[k]))
        sides.append(expand(permute(code, order), sorted([labels.index(n) for n in names]), len(labels)))
    return entrywise("mul", *sides), labels


MOST_PAIRS = 6
"""Of more pairs than this not all ways to part them are tried."""


class Halves(NamedTuple):
    """One half of a product, what it is summed over together with the other, its own labels, and those of the other."""

    factors: Sequence[Factor]
    summed: Labels
    own: Labels
    other: Labels


def halves(factors: Sequence[Factor], out: Labels) -> Halves | None:
    """Return the half of a product of two equal tensors but for the names of labels, or None where it is none.

    A factor of zeros and ones counts for both, being its own square.
    """
    places: dict[Code, list[Labels]] = {}
    for code, labels in factors:
        places.setdefault(code, []).append(labels)
    masks = [(code, own[0]) for code, own in places.items() if len(own) == 1 and is_mask(code)]
    pairs = [(code, own) for code, own in places.items() if len(own) == 2]
    if not pairs or len(pairs) > MOST_PAIRS or len(masks) + 2 * len(pairs) < len(factors):
        return None
    for turned in product((False, True), repeat=len(pairs) - 1):
        first = [(code, own[turn]) for (code, own), turn in zip(pairs, (False, *turned), strict=True)]
        second = [(code, own[not turn]) for (code, own), turn in zip(pairs, (False, *turned), strict=True)]
        found = _matched([*first, *masks], [*second, *masks], out)
        if found is not None:
            return found
    return None


def _matched(first: Sequence[Factor], second: Sequence[Factor], out: Labels) -> Halves | None:
    """The halves, where renaming the labels of one gives the other, and what they share is summed."""
    renamed: dict[int, int] = {}
    for (_, labels), (_, turned) in zip(first, second, strict=True):
        for label, other in zip(labels, turned, strict=True):
            if renamed.setdefault(label, other) != other:
                return None
    used = set(renamed.values())
    shared = tuple([label for label in renamed if label in used])
    own = tuple([label for label in renamed if label in out])
    others = tuple([renamed[label] for label in own])
    fits = all([renamed[label] == label and label not in out for label in shared])
    if not fits or not shared or not own or sorted((*own, *others)) != sorted(out) or len(used) != len(renamed):
        return None
    return Halves(first, shared, own, others)
