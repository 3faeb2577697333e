"""Is a derivative right? Its value at random points beside what complex step finds there, on its own.

Source: Squire and Trapp, Using Complex Variables to Estimate Derivatives of Real Functions (1998): f'(x) is
Im f(x + ih)/h, with no difference of near numbers, so that h may be tiny and the result has all digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import points

STEP = 1e-30
COMPLEX_STEP, DIFFERENCES = "complex step", "differences"
TOLERANCE, ROUGH = 1e-9, 1e-5
"""How near values must be, by complex step, and by differences where complex numbers cannot go."""
NOISE = 1e-13
"""Points are moved by this much to see how far rounding reaches."""
UNSURE = 0.01
"""A point at which rounding moves the result by more than this says nothing."""
FLOOR = 1e-2
"""Entries are compared relative to the largest one, or to this where all are small."""


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

    The axes are those of a :class:`Claim`. A point where the two disagree is looked at again: where rounding reaches as
    far it is passed over; where differences confirm what complex step found, the derivative is wrong; where the two
    oracles are at odds, or the gap is too small for differences to tell, the point is doubtful, and others are drawn.
    The derivative is right if `count` points agree, and fewer than half as many are in doubt.
    """
    import numpy as np

    whole = [variable if variable.op.name == "symbol" else variable.args[0] for variable in variables]
    largest, done, method = 0.0, 0, COMPLEX_STEP
    worst: Mapping[str, Any] = {}
    doubtful: list[tuple[float, Mapping[str, Any]]] = []
    for values, reason in points([function, result], whole, 3 * count, seed):
        if done >= count:
            break
        if reason:
            return Verification(None, 0.0, {}, "", 0, reason)
        got = np.asarray(evaluate(result, values, whole), dtype=float)
        got = got.T if turned else got
        try:
            want, tolerance = by_step(function, variables, values), TOLERANCE
        except (TypeError, ValueError):
            want, tolerance, method = by_differences(function, variables, values), ROUGH, DIFFERENCES
        if got.shape != want.shape:
            return Verification(False, float("inf"), values, method, done + 1)
        if not np.all(np.isfinite(want)):
            continue
        scale = max(FLOOR, float(np.max(np.abs(want), initial=0.0)))
        error = float(np.max(np.abs(got - want), initial=0.0)) / scale
        if not error <= tolerance:
            noise = rounding(result, whole, values, got.T if turned else got) / scale
            if noise > UNSURE:
                continue  # rounding alone reaches that far here
            error = max(error - noise, 0.0)
        if not error <= tolerance:
            rough = by_differences(function, variables, values) if tolerance == TOLERANCE else want
            apart = float(np.max(np.abs(want - rough), initial=0.0)) / scale
            off = float(np.max(np.abs(got - rough), initial=0.0)) / scale
            if apart <= 0.1 * error and off > ROUGH:
                return Verification(False, error, values, method, done + 1)
            if off <= ROUGH < apart:
                error, method = off, DIFFERENCES
            else:
                doubtful.append((error, values))
                continue
        done += 1
        if not error <= largest:
            largest, worst = error, values
    if len(doubtful) > done // 2:
        error, at = max(doubtful, key=lambda pair: pair[0])
        return Verification(False, error, at, method, done + len(doubtful))
    if not done:
        return Verification(None, 0.0, {}, "", 0, "at every random point rounding is larger than the result")
    return Verification(True, largest, worst, method, done)


def by_step(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any]) -> Any:
    """Return the derivative of a function at a point by complex step, entry by entry of the variables."""
    return _columns(function, variables, values, lambda moved, name, place: _imaginary(function, moved, name, place))


def by_differences(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any]) -> Any:
    """Return the same by central differences of two widths, extrapolated to none (Richardson)."""

    def slope(moved: dict[str, Any], name: str, place: tuple[int, ...]) -> Any:
        found = []
        for width in (2e-4, 1e-4):
            sides = []
            for sign in (1, -1):
                array = moved[name].copy()
                array[place] += sign * width
                sides.append(evaluate(function, {**moved, name: array}))
            found.append((sides[0] - sides[1]) / (2 * width))
        return (4 * found[1] - found[0]) / 3

    return _columns(function, variables, values, slope)


def _imaginary(function: Expr, values: dict[str, Any], name: str, place: tuple[int, ...]) -> Any:
    import numpy as np

    moved = values[name].astype(complex)
    moved[place] += STEP * 1j
    return np.imag(evaluate(function, {**values, name: moved})) / STEP


def _columns(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any], slope: Any) -> Any:
    """Put the derivatives by single entries together in the shape of the result."""
    import numpy as np

    parts = []
    for variable in variables:
        whole = variable if variable.op.name == "symbol" else variable.args[0]
        at = [int(position.attr) - 1 for position in variable.args[1:]] if whole is not variable else []
        name = whole.attr[0]
        arrays = {**values, name: np.asarray(values[name], dtype=float)}
        shape = arrays[name].shape[len(at) :]
        entries = [np.asarray(slope(arrays, name, (*at, *place))) for place in np.ndindex(shape)]
        stacked = np.stack(entries, axis=-1)
        parts.append(stacked.reshape((*entries[0].shape, *shape)))
    if len(parts) == 1:
        return parts[0]
    order = function.order
    return np.concatenate([part.reshape((*part.shape[:order], -1)) for part in parts], axis=-1)


def rounding(result: Expr, whole: Sequence[Expr], values: Mapping[str, Any], at: Any) -> float:
    """Return how far a result moves when all values move by a rounding or so, a hundred times over."""
    import numpy as np

    rng = np.random.default_rng(0)
    moved = {
        name: value
        if isinstance(value, int)
        else np.asarray(value) * (1 + NOISE * rng.choice([-1, 1], np.shape(value)))
        for name, value in values.items()
    }
    try:
        shift = np.abs(np.asarray(evaluate(result, moved, whole), dtype=float) - at)
    except np.linalg.LinAlgError:
        return float("inf")
    return 100 * float(np.max(shift, initial=0.0)) if np.all(np.isfinite(shift)) else float("inf")
