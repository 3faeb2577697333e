"""Values along a line: a function of one number with its derivative and its kinks, or a loss along its gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.numeric.singular_matrices import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mcalc.expr import Expr

POINTS = 401
HALVINGS = 60
STEEP = 8.0
"""How many times the usual change a change of the slope is that is looked at: a kink may be there."""
NEARLY = 1e-3
SIDE, NEAR, DIGITS = 1e-6, 1e-9, 7
"""How far beside a kink the function and its slope are looked at, and the decimals of the slope."""
FARTHEST = 60
"""Doublings of the step along a gradient."""


class Kink:
    """A place where a derivative jumps: what it is before and after, and what is taken for it there."""

    __slots__ = ("after", "at", "before", "taken", "value")

    def __init__(self, at: float, before: float, after: float, taken: float, value: float) -> None:
        self.at = at
        self.before = before
        self.after = after
        self.taken = taken
        self.value = value

    def __repr__(self) -> str:
        return f"Kink({self.at:g}: {self.before:g}, {self.taken:g}, {self.after:g})"


class Curve:
    """A function and its derivative at many places, with NaN where they have no value, and the kinks among them."""

    __slots__ = ("at", "kinks", "slopes", "values")

    def __init__(self, at: list[float], values: list[float], slopes: list[float], kinks: list[Kink]) -> None:
        self.at = at
        self.values = values
        self.slopes = slopes
        self.kinks = kinks


def curve(
    function: Expr, slope: Expr, name: str, ends: tuple[float, float], given: Mapping[str, Any], symbols: Sequence[Expr]
) -> Curve:
    """Return a function of the number `name`, and its derivative, between two ends.

    Raises:
        Mistake: `E-DOMAIN`, where it has no value between the ends.

    >>> from mcalc import derive
    >>> d = derive("abs(x)", wrt="x")
    >>> curve(d.function, d.expr, "x", (-1, 1), {}, d.symbols).kinks
    [Kink(0: -1, 0, 1)]
    """
    import numpy as np

    value_at = _at(function, name, given, symbols)
    slope_at = _at(slope, name, given, symbols)
    low, high = ends
    at = np.linspace(low, high, POINTS).tolist()
    at = [0.0 if abs(x) < (high - low) * 1e-12 else x for x in at]
    values = [value_at(x) for x in at]
    slopes = [slope_at(x) for x in at]
    if not np.any(np.isfinite(values)):
        said = f"the function has no value anywhere from {low:g} to {high:g}"
        raise Mistake("E-DOMAIN", said, hint="another range: --range 0:5")
    return Curve(at, values, slopes, _kinks(at, slopes, value_at, slope_at))


def _at(expr: Expr, name: str, given: Mapping[str, Any], symbols: Sequence[Expr]) -> Callable[[float], float]:
    import numpy as np

    def value(x: float) -> float:
        try:
            with np.errstate(all="ignore"):
                return float(np.asarray(value_of(expr, "value", {**given, name: np.asarray(x)}, symbols)))
        except Mistake:
            return float("nan")

    return value


def _kinks(
    at: Sequence[float],
    slopes: Sequence[float],
    value_at: Callable[[float], float],
    slope_at: Callable[[float], float],
) -> list[Kink]:
    """Return where the derivative jumps while the function does not: a change that stays as its interval shrinks."""
    import numpy as np

    changes = np.abs(np.diff(slopes))
    finite = changes[np.isfinite(changes)]
    if not finite.size:
        return []
    scale = 1 + float(np.nanmedian(np.abs(np.asarray(slopes)[np.isfinite(slopes)])))
    usual = max(float(np.median(finite)) * STEEP, scale * NEARLY)
    found: list[Kink] = []
    for place in np.nonzero(np.isfinite(changes) & (changes > usual))[0].tolist():
        left, right = at[place], at[place + 1]
        before, after = slopes[place], slopes[place + 1]
        for _ in range(HALVINGS):
            middle = (left + right) / 2
            there = slope_at(middle)
            if abs(there - before) > abs(after - there):
                right, after = middle, there
            else:
                left, before = middle, there
        x = round((left + right) / 2, 9) + 0.0
        if abs(after - before) <= scale * NEARLY or any([abs(one.at - x) < SIDE for one in found]):
            continue
        near, wide = NEAR * max(1.0, abs(x)), SIDE * max(1.0, abs(x))
        before, after = (round(slope_at(x + side), DIGITS) + 0.0 for side in (-near, near))
        gap = abs(value_at(x + wide) - value_at(x - wide))
        if gap <= 10 * wide * (abs(before) + abs(after) + 1) and abs(after - before) > scale * NEARLY:
            found.append(Kink(x, before, after, slope_at(x), value_at(x)))
    return found


class Along:
    """A loss on the way down its gradient: its values at steps, and its slope at the beginning."""

    __slots__ = ("at", "slope", "values")

    def __init__(self, at: list[float], values: list[float], slope: float) -> None:
        self.at = at
        self.values = values
        self.slope = slope


def along_gradient(
    function: Expr, slope: Expr, name: str, given: Mapping[str, Any], symbols: Sequence[Expr], most: float | None = None
) -> Along:
    """Return f(w - t g) for t from 0, where g is the gradient at w, to where the loss has risen again.

    Raises:
        Mistake: `E-DOMAIN`, where the gradient has no value, or is 0.

    >>> from mcalc import derive
    >>> d = derive("w^2", wrt="w")
    >>> found = along_gradient(d.function, d.expr, "w", {"w": 1.0}, d.symbols)
    >>> found.at[-1], found.slope, min(found.values) < 1e-4
    (1.0, -4.0, True)
    """
    import numpy as np

    here = np.asarray(given[name], dtype=float)
    gradient = np.asarray(value_of(slope, "derivative", given, symbols, function), dtype=float).reshape(here.shape)
    if not np.all(np.isfinite(gradient)):
        raise Mistake("E-DOMAIN", f"the gradient has no value at this {name}", hint=f"another {name}")
    if not np.any(gradient):
        raise Mistake("E-DOMAIN", f"the gradient is 0 at this {name}: there is no way down", hint=f"another {name}")

    def value(t: float) -> float:
        with np.errstate(all="ignore"):
            return float(np.asarray(value_of(function, "value", {**given, name: here - t * gradient}, symbols)))

    first = value(0.0)
    if most is None:
        most = 1.0
        for _ in range(FARTHEST):
            if not value(most) < first:
                break
            most *= 2
        for _ in range(FARTHEST):
            if value(most / 2) < first:
                break
            most /= 2
    at = np.linspace(0.0, most, POINTS).tolist()
    return Along(at, [value(t) for t in at], -float(np.sum(gradient**2)))
