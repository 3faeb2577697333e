"""Products of a tensor with itself, Σ_s G_sa G_sb: as GᵀG they take half the time of a product of two tensors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from mcalc.export.code import Code, is_mask

if TYPE_CHECKING:
    from mcalc.expr import Labels

    Factor = tuple[Code, Labels]

MOST = 6
"""Of more pairs than this not all ways to part them are tried."""


class Halves:
    """One half of a product, what it is summed over together with the other, its own labels, and those of the other."""

    __slots__ = ("factors", "other", "own", "summed")

    def __init__(self, factors: Sequence[Factor], summed: Labels, own: Labels, other: Labels) -> None:
        self.factors = factors
        self.summed = summed
        self.own = own
        self.other = other


def halves(factors: Sequence[Factor], out: Labels) -> Halves | None:
    """Return the half of a product of two equal tensors but for the names of labels, or None where it is none.

    A factor of zeros and ones counts for both, being its own square.
    """
    places: dict[Code, list[Labels]] = {}
    for code, labels in factors:
        places.setdefault(code, []).append(labels)
    masks = [(code, own[0]) for code, own in places.items() if len(own) == 1 and is_mask(code)]
    pairs = [(code, own) for code, own in places.items() if len(own) == 2]
    if not pairs or len(pairs) > MOST or len(masks) + 2 * len(pairs) < len(factors):
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
