"""Is a derivative right? Its value at random points beside what complex step finds there, on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.oracles import by_differences, by_step, rounding, unsteadiness
from mcalc.numeric.sampling import points

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
CANCEL_NOTHING = frozenset({"mul", "pow", "number", "symbol", "element"})
"""Operators whose results have as many good digits as their arguments, however small they are."""


class Verification:
    """What became of a check: `ok`, the largest relative error, the point where it was; or why nothing was checked.

    `points` is how many points were compared, by which `method`; with none, `ok` is None and `reason` says why.
    """

    __slots__ = ("max_rel_err", "method", "ok", "points", "reason", "worst")

    def __init__(
        self, ok: bool | None, max_rel_err: float, worst: Mapping[str, Any], method: str, points: int, reason: str = ""
    ) -> None:
        self.ok = ok
        self.max_rel_err = max_rel_err
        self.worst = dict(worst)
        self.method = method
        self.points = points
        self.reason = reason

    def __bool__(self) -> bool:
        return bool(self.ok)

    def __str__(self) -> str:
        if self.ok is None:
            return f"not checked: {self.reason}"
        found = f"largest relative error {self.max_rel_err:.1g}"
        word = "checked" if self.ok else "WRONG"
        return f"{word} at {self.points} random points by {self.method}: {found}"

    def __repr__(self) -> str:
        return f"<Verification: {self}>"

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        if self.ok is None:
            return {"ok": None, "reason": self.reason}
        error = float(f"{self.max_rel_err:.1g}")  # further digits are rounding, and differ from machine to machine
        return {"method": self.method, "points": self.points, "max_rel_err": error, "ok": self.ok}


class Claim:
    """A derivative to be checked: of `function` by `variables` it is said to be `result`.

    Axes of the result are those of the function, then of the variable; of several variables one last axis, as long as
    all together. `turned` says that the result is a matrix in denominator layout, whose axes are the other way round.
    """

    __slots__ = ("function", "result", "turned", "variables")

    def __init__(self, function: Expr, variables: Sequence[Expr], result: Expr, *, turned: bool = False) -> None:
        self.function = function
        self.variables = tuple(variables)
        self.result = result
        self.turned = turned


def verify_all(claims: Sequence[Claim], count: int = 8, seed: int = 0, most: int | None = None) -> Verification:
    """Check claims that rest on one another, such as a Hessian on a gradient: right if all are.

    With `most`, expressions of more operators than that are left alone.
    """
    found: Verification | None = None
    for claim in claims:
        if most is not None and (size := sum([1 for _ in walk(claim.function, claim.result)])) > most:
            return Verification(None, 0.0, {}, "", 0, f"with {size} operators it would take long; --check does it")
        one = verify(claim.function, claim.variables, claim.result, count, seed, turned=claim.turned)
        if not one.ok:
            return one
        if found is None or (one.method, one.max_rel_err) > (found.method, found.max_rel_err):
            # by name, differences come after complex step: the rougher method is the one to tell of
            found = one
    return found if found is not None else Verification(None, 0.0, {}, "", 0, "nothing was differentiated")


def verify(
    function: Expr, variables: Sequence[Expr], result: Expr, count: int = 8, seed: int = 0, *, turned: bool = False
) -> Verification:
    """Compare the derivative of a function by some variables with complex step at random points.

    The axes are those of a :class:`Claim`. It is wrong if it is wrong at a point, or in doubt at more than half as many
    as those where it agrees; it is right if it agrees at `count` points, or at as many as were found.
    """
    judge = _Judge(Claim(function, variables, result, turned=turned))
    largest, done, method = 0.0, 0, COMPLEX_STEP
    worst: Mapping[str, Any] = {}
    doubtful: list[tuple[float, Mapping[str, Any]]] = []
    for values, reason in points([function, result], judge.whole, 3 * count, seed):
        if done >= count:
            break
        if reason:
            return Verification(None, 0.0, {}, "", 0, reason)
        verdict, error, by = judge.at(values)
        method = by if by == DIFFERENCES else method
        if verdict == "wrong":
            return Verification(False, error, values, method, done + 1)
        if verdict == "doubtful":
            doubtful.append((error, values))
        if verdict == "agrees":
            done += 1
            if not done > 1 or error > largest:
                largest, worst = error, values
    if len(doubtful) > done // 2:
        error, at = max(doubtful, key=lambda pair: pair[0])
        return Verification(False, error, at, method, done + len(doubtful))
    if not done:
        return Verification(None, 0.0, {}, "", 0, "at every random point rounding is larger than the result")
    return Verification(True, largest, worst, method, done)


class _Judge:
    """Says of a claim at a point that it agrees, is wrong, is doubtful, or that the point says nothing: ``unsure``.

    A gap is looked at again: rounding may explain it; where differences confirm what complex step found, the claim is
    wrong; where the two oracles are at odds, or the gap is too small for differences to tell, the point is doubtful.
    """

    __slots__ = ("claim", "whole")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.whole = [v if v.op.name == "symbol" else v.args[0] for v in claim.variables]

    def result(self, values: Mapping[str, Any]) -> Any:
        """Return the value of the result, with the axes of the function before those of the variable."""
        import numpy as np

        got = np.asarray(evaluate(self.claim.result, values, self.whole), dtype=float)
        return got.T if self.claim.turned else got

    def at(self, values: Mapping[str, Any]) -> tuple[str, float, str]:
        """Return the verdict at a point, the relative error, and the method it was found by."""
        import numpy as np

        got = self.result(values)
        try:
            want = by_step(self.claim.function, self.claim.variables, values)
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
        noise = noise + unsteadiness(lambda p: by_step(self.claim.function, self.claim.variables, p), values, want)
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
        rough = by_differences(self.claim.function, self.claim.variables, values)
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
            sizes.extend([float(np.max(np.abs(arg), initial=0.0)) for arg in args])

        for expr in (claim.function, claim.result):
            evaluate(expr, values, self.whole, watch=see)
        return max([size for size in sizes if np.isfinite(size)])

    def _roughly(self, values: Mapping[str, Any], got: Any) -> tuple[str, float, str]:
        """Return the verdict by differences alone."""
        import numpy as np

        want = by_differences(self.claim.function, self.claim.variables, values)
        if got.shape != want.shape:
            return "wrong", float("inf"), DIFFERENCES
        scale = max(FLOOR, float(np.max(np.abs(want), initial=0.0)))
        error = float(np.max(np.abs(got - want), initial=0.0)) / scale
        if error <= ROUGH:
            return "agrees", error, DIFFERENCES
        noise = rounding(self.claim.result, self.whole, values, self.result(values)) / scale
        if noise > UNSURE:
            return "unsure", 0.0, DIFFERENCES
        return ("agrees" if error - noise <= ROUGH else "wrong"), error, DIFFERENCES
