"""Does a derivative hold at a point? Its value beside that of an oracle, and what is to be thought of a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.oracles import along, along_by_differences, by_differences, by_step, direction, unsteadiness
from mcalc.numeric.sampling import names_of_sizes, points
from mcalc.operators.leaves import variables_in

COMPLEX_STEP, DIFFERENCES = "complex step", "differences"
TOLERANCE, ROUGH = 1e-9, 1e-5
"""How near values must be, by complex step, and by differences where complex numbers cannot go."""
UNSURE = 0.01
"""A point at which rounding moves the result by more than this, relative to it, says nothing."""
ENTRY = 1e-6
"""Each entry is compared relative to itself, or to this part of the largest one where it is smaller."""
FLOOR = 1e-2
"""Differences are compared relative to the largest entry, or to this where all are smaller."""
NOTHING = 1e-11
"""Entries below this that rounding explains are all zero."""
LAST_DIGITS = 1e-14
"""A gap of this part of the largest value on the way is in the last two digits that numbers have."""
MOST_ENTRIES = 64
"""With more entries of variables than this, the derivative along a random direction is compared, not entry by entry."""
CANCEL_NOTHING = frozenset({"mul", "pow", "number", "symbol", "element"})
"""Operators whose results have as many good digits as their arguments, however small they are."""


class Claim:
    """A derivative to be checked: of `function` by `variables` it is said to be `result`.

    Axes of the result are those of the function, then of the variable; of several variables one last axis, as long as
    all together. `turned` says that the result is a matrix in denominator layout, whose axes are the other way round;
    `structured` is the convention for variables with a structure.
    """

    __slots__ = ("function", "result", "structured", "turned", "variables")

    def __init__(
        self,
        function: Expr,
        variables: Sequence[Expr],
        result: Expr,
        *,
        turned: bool = False,
        structured: str = "projected",
    ) -> None:
        self.function = function
        self.variables = tuple(variables)
        self.result = result
        self.turned = turned
        self.structured = structured

    def _said(self) -> tuple[object, ...]:
        return self.function, self.variables, self.result, self.turned, self.structured

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Claim) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())


class Judge:
    """Says of a claim at a point that it agrees, is wrong, is doubtful, or that the point says nothing: ``unsure``.

    A gap is looked at again: rounding may explain it; where differences confirm what complex step found, the claim is
    wrong; where the two oracles are at odds, or the gap is too small for differences to tell, the point is doubtful.
    """

    __slots__ = ("claim", "whole")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.whole = [v if v.op.name == "symbol" else v.args[0] for v in claim.variables]

    def result(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the result, with the axes of the function before those of the variable.

        Of many variables it is what the result makes of a random direction, which a wrong entry changes as well.
        """
        import numpy as np

        got = np.asarray(evaluate(self.claim.result, values, self.whole), dtype=float)
        got = got.T if self.claim.turned else got
        _, flat = direction(self.claim.variables, values, self.claim.structured)
        if flat.size <= MOST_ENTRIES:
            return got
        rows = got.reshape((*got.shape[: self.claim.function.order], -1))
        return rows @ flat if rows.shape[-1] == flat.size else got  # else the shape is wrong, and seen to be

    def oracle(self, values: Mapping[str, Any], *, exact: bool = True) -> Any:
        """Return what complex step, or differences, find in the place of the result."""
        claim = self.claim
        ways, flat = direction(claim.variables, values, claim.structured)
        if flat.size <= MOST_ENTRIES:
            return (by_step if exact else by_differences)(claim.function, claim.variables, values, claim.structured)
        return (along if exact else along_by_differences)(claim.function, values, ways)

    def at(self, values: Mapping[str, Any]) -> tuple[str, float, str]:
        """Return the verdict at a point, the relative error, and the method it was found by."""
        import numpy as np

        got = self.result(values)
        try:
            want = self.oracle(values)
        except (TypeError, ValueError):
            return self._roughly(values, got)
        if got.shape != want.shape:
            return "wrong", float("inf"), COMPLEX_STEP
        if not np.all(np.isfinite(want)):
            return "unsure", 0.0, COMPLEX_STEP
        gap = np.abs(got - want)
        top = float(np.max(np.abs(want), initial=0.0))
        scale = np.maximum(np.maximum(np.abs(want), ENTRY * top), 1e-300)
        error = float(np.max(gap / scale, initial=0.0))
        if error <= TOLERANCE:
            return "agrees", error, COMPLEX_STEP
        noise = unsteadiness(self.result, values, got)
        noise = noise + unsteadiness(self.oracle, values, want)
        if np.max(gap) <= NOTHING and np.all(gap <= noise):
            return "agrees", float(np.max(gap)) / FLOOR, COMPLEX_STEP
        if np.max(gap) <= LAST_DIGITS * self.magnitude(values):
            # Terms of that size cancel: to 0, as in a sum of softmax, or to digits that say nothing, as in 1 - σ(40).
            return ("agrees" if not np.any(got) else "unsure"), float(np.max(gap)), COMPLEX_STEP
        top = max(top, float(np.max(np.abs(got))))
        if np.max(noise) > UNSURE * top:
            return "unsure", 0.0, COMPLEX_STEP
        error = float(np.max(np.maximum(gap - noise, 0.0) / scale))
        if error <= TOLERANCE:
            return "agrees", error, COMPLEX_STEP
        rough = self.oracle(values, exact=False)
        apart, off = float(np.max(np.abs(want - rough))) / top, float(np.max(np.abs(got - rough))) / top
        if apart <= 0.1 * error and off > ROUGH:
            return "wrong", error, COMPLEX_STEP
        return ("agrees", off, DIFFERENCES) if off <= ROUGH < apart else ("doubtful", error, COMPLEX_STEP)

    def magnitude(self, values: Mapping[str, Any]) -> float:
        """Return the largest value on the way to the function and to the result; 0 where nothing can cancel."""
        import numpy as np

        claim = self.claim
        if all([node.op.name in CANCEL_NOTHING for node in walk(claim.function, claim.result)]):
            return 0.0
        sizes = [1.0]

        def see(node: Expr, args: Sequence[Any]) -> None:
            sizes.extend([float(np.abs(arg).max(initial=0.0) if np.ndim(arg) else abs(arg)) for arg in args])

        for expr in (claim.function, claim.result):
            evaluate(expr, values, self.whole, watch=see)
        return max([size for size in sizes if np.isfinite(size)])

    def _roughly(self, values: Mapping[str, Any], got: Any) -> tuple[str, float, str]:
        """Return the verdict by differences alone."""
        import numpy as np

        want = self.oracle(values, exact=False)
        if got.shape != want.shape:
            return "wrong", float("inf"), DIFFERENCES
        scale = max(FLOOR, float(np.max(np.abs(want), initial=0.0)))
        error = float(np.max(np.abs(got - want), initial=0.0)) / scale
        if error <= ROUGH:
            return "agrees", error, DIFFERENCES
        noise = float(np.max(unsteadiness(self.result, values, got), initial=0.0)) / scale
        if noise > UNSURE:
            return "unsure", 0.0, DIFFERENCES
        return ("agrees" if error - noise <= ROUGH else "wrong"), error, DIFFERENCES


class Sample(NamedTuple):
    """A point: the sizes there, the derivative by its formula and without any rule, and how far they are apart."""

    sizes: dict[str, int]
    values: dict[str, Any]
    ours: Any
    found: Any
    error: float
    method: str


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
        used = {node.attr[0]: values[node.attr[0]] for node in variables_in(claim.function)}
        sizes = {name: int(values[name]) for name in names}
        rows.append(Sample(sizes, used, judge.result(values), judge.oracle(values, exact=exact), error, method))
    return rows
