"""Products in index notation as matrix products: which two factors first, and how each pair is multiplied.

Sizes are names, so costs are guessed: a named size counts as a hundred, a capital letter (samples) as a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcalc.export.code import Code, entrywise, expand, full, matmul, number, permute, reduce, reshape
from mcalc.expr import Dim

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Code, Labels]


def guessed(dim: Dim) -> float:
    """Return about how long an axis is.

    >>> guessed(Dim.of(3)), guessed(Dim.named("n")), guessed(Dim.named("N"))
    (3.0, 100.0, 1000.0)
    """
    value = 0.0
    for monomial, coefficient in dim.terms:
        part = float(coefficient)
        for name in monomial:
            part *= 1000.0 if name[:1].isupper() else 100.0
        value += part
    return max(value, 1.0)


def contracted(factors: Sequence[Factor], out: Labels) -> Code:
    """Return Σ Π factor[labels] with axes `out`, summed over every other label.

    Two factors at a time, those first whose product costs and leaves least. Each step has one factor less, so it ends.
    """
    sizes = {label: dim for code, labels in factors for label, dim in zip(labels, code.shape, strict=True)}
    left = [_without_repeats(code, labels) for code, labels in factors]
    left = [_summed_alone(place, left, out) for place in range(len(left))]
    while len(left) > 1:
        best: tuple[float, int, int] | None = None
        for i in range(len(left)):
            for j in range(i + 1, len(left)):
                cost = _cost(left, i, j, out, sizes)
                if best is None or cost < best[0]:
                    best = cost, i, j
        assert best is not None
        _, i, j = best
        others = [factor for place, factor in enumerate(left) if place not in (i, j)]
        needed = {label for _, labels in others for label in labels} | set(out)
        left = [*others[:i], _pair(left[i], left[j], needed), *others[i:]]
    code, labels = left[0] if left else (number(1), ())
    code = reduce("sum", code, tuple([axis for axis, label in enumerate(labels) if label not in out]))
    labels = tuple([label for label in labels if label in out])
    return _at(code, labels, out, sizes)


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


def _cost(left: Sequence[Factor], i: int, j: int, out: Labels, sizes: dict[int, Dim]) -> float:
    """How many multiplications, and how many entries of the result beyond those of the factors."""
    both = set(left[i][1]) | set(left[j][1])
    needed = {label for place, (_, labels) in enumerate(left) if place not in (i, j) for label in labels} | set(out)
    work = made = 1.0
    for label in both:
        work *= guessed(sizes[label])
        made *= guessed(sizes[label]) if label in needed else 1.0
    before = sum([_entries(left[k][1], sizes) for k in (i, j)])
    return work + 4 * (made - before)


def _entries(labels: Labels, sizes: dict[int, Dim]) -> float:
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
    if batch and not set(own) - set(shared) and not set(other) - set(shared):
        code, labels = _entry_by_entry(first, second)
        axes = tuple([axis for axis, label in enumerate(labels) if label in summed])
        return reduce("sum", code, axes), tuple([label for label in labels if label not in summed])
    rows = [label for label in own if label not in shared]
    columns = [label for label in other if label not in shared]
    if batch:
        # a factor without labels of its own is spread over the other, and the rest is a plain sum
        scaled = _entry_by_entry(first, second) if not rows or not columns else None
        if scaled is not None:
            axes = tuple([axis for axis, label in enumerate(scaled[1]) if label in summed])
            return reduce("sum", scaled[0], axes), tuple([label for label in scaled[1] if label not in summed])
    left = permute(a, [own.index(label) for label in (*batch, *rows, *summed)])
    right = permute(b, [other.index(label) for label in (*batch, *summed, *columns)])
    k = len(batch)
    flat_left = _merged(left, k, [len(rows), len(summed)])
    flat_right = _merged(right, k, [len(summed), len(columns)])
    made = matmul(flat_left, flat_right) if not batch else _batched(flat_left, flat_right, k)
    shape = (*left.shape[: k + len(rows)], *right.shape[k + len(summed) :])
    return reshape(made, shape), (*batch, *rows, *columns)


def _batched(a: Code, b: Code, k: int) -> Code:
    shape = (*a.shape[:-1], *b.shape[k + 1 :])
    return Code("matmul", (a, b), None, shape)


def _merged(code: Code, batch: int, groups: Sequence[int]) -> Code:
    """Put each group of axes after the batch into one; an empty group has no axis, in a batch one of length 1."""
    shape = list(code.shape[:batch])
    at = batch
    for count in groups:
        product = Dim.of(1)
        for dim in code.shape[at : at + count]:
            product = product * dim
        if count or batch:
            shape.append(product)
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
