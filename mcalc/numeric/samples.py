"""A check as a table: random points, what the derivative comes to there, and what is found without any rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.numeric.judging import Judge
from mcalc.numeric.sampling import names_of_sizes, points, symbols_in

if TYPE_CHECKING:
    from mcalc.numeric.judging import Claim


class Sample:
    """A point: the sizes there, the derivative by its formula and without any rule, and how far they are apart."""

    __slots__ = ("error", "found", "method", "ours", "sizes", "values")

    def __init__(
        self, sizes: dict[str, int], values: dict[str, Any], ours: Any, found: Any, error: float, method: str
    ) -> None:
        self.sizes = sizes
        self.values = values
        self.ours = ours
        self.found = found
        self.error = error
        self.method = method


def samples(claim: Claim, count: int = 4, seed: int = 0) -> list[Sample]:
    """Return a derivative at some random points beside what complex step finds; none where no point has a value.

    >>> from mcalc import derive
    >>> d = derive("w . x", wrt="w")
    >>> [one.error < 1e-9 for one in samples(d.claims()[-1], 2)]
    [True, True]
    """
    judge = Judge(claim)
    names = names_of_sizes(claim.function, claim.result)
    rows: list[Sample] = []
    for values, _ in points([claim.function, claim.result], claim.variables, count, seed):
        if not values:
            continue
        verdict, error, method = judge.at(values)
        if verdict == "unsure":
            continue
        exact = "complex" in method
        used = {node.attr[0]: values[node.attr[0]] for node in symbols_in(claim.function)}
        sizes = {name: int(values[name]) for name in names}
        rows.append(Sample(sizes, used, judge.result(values), judge.oracle(values, exact=exact), error, method))
    return rows
