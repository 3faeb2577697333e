"""Values along a line and over a plane, to be drawn.

Along a line a function of one number has its derivative and its kinks, or a loss goes along its gradient; over a plane
a function of two numbers has gradients; and a Jacobian has entries that are not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.values import value_of
from mcalc.operators.leaves import variables_in

POINTS = 401
HALVINGS = 60
STEEP = 8.0
"""How many times the usual change a change of the slope is that is looked at: a kink may be there."""
NEARLY = 1e-3
SIDE, NEAR, DIGITS = 1e-6, 1e-9, 7
"""How far beside a kink the function and its slope are looked at, and the decimals of the slope."""
FARTHEST = 60
"""Doublings of the step along a gradient."""


class Kink(NamedTuple):
    """A place where a derivative jumps: what it is before and after, and what is taken for it there."""

    at: float
    before: float
    after: float
    taken: float
    value: float

    def __repr__(self) -> str:
        return f"Kink({self.at:g}: {self.before:g}, {self.taken:g}, {self.after:g})"


class Curve(NamedTuple):
    """A function and its derivative at many places, with NaN where they have no value, and the kinks among them."""

    at: list[float]
    values: list[float]
    slopes: list[float]
    kinks: list[Kink]


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
    at: Sequence[float], slopes: Sequence[float], value_at: Callable[[float], float], slope_at: Callable[[float], float]
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


class Along(NamedTuple):
    """A loss on the way down its gradient: its values at steps, and its slope at the beginning."""

    at: list[float]
    values: list[float]
    slope: float


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


TRIES = 3
"""Random points at which a Jacobian is looked at: an entry that is 0 at all of them is taken to be 0."""


class Field(NamedTuple):
    """A function of two numbers over a grid, row by row from below, and its gradient there; NaN where there is none."""

    across: list[float]
    up: list[float]
    values: list[list[float]]
    slopes: list[list[tuple[float, float]]]


def field(
    function: Expr,
    slope: Expr,
    put: Callable[[float, float], Mapping[str, Any]],
    ends: tuple[tuple[float, float], tuple[float, float]],
    symbols: Sequence[Expr],
    count: tuple[int, int],
) -> Field:
    """Return a function and its gradient over a grid of `count` places; `put` gives the variables their values.

    >>> from mcalc import derive
    >>> d = derive("x y", wrt=["x", "y"])
    >>> found = field(d.function, d.expr, lambda x, y: {"x": x, "y": y}, ((0, 1), (0, 2)), d.symbols, (2, 2))
    >>> found.values, found.slopes[1][1]
    ([[0.0, 0.0], [0.0, 2.0]], (2.0, 1.0))
    """
    import numpy as np

    across = np.linspace(*ends[0], count[0]).tolist()
    up = np.linspace(*ends[1], count[1]).tolist()
    values: list[list[float]] = []
    slopes: list[list[tuple[float, float]]] = []
    for y in up:
        values.append([])
        slopes.append([])
        for x in across:
            given = {name: np.asarray(value, dtype=float) for name, value in put(x, y).items()}
            try:
                with np.errstate(all="ignore"):
                    values[-1].append(float(np.asarray(value_of(function, "value", given, symbols))))
                    found = np.asarray(value_of(slope, "derivative", given, symbols, function), dtype=float).reshape(2)
                slopes[-1].append((float(found[0]), float(found[1])))
            except Mistake:
                values[-1].append(float("nan"))
                slopes[-1].append((float("nan"), float("nan")))
    return Field(across, up, values, slopes)


def pattern(
    result: Expr, sizes: Mapping[str, int], given: Mapping[str, Any], symbols: Sequence[Expr]
) -> list[list[bool]]:
    """Return which entries of a matrix are not 0 at some random points, row by row.

    >>> from mcalc import derive
    >>> d = derive("w .* x", wrt="w")
    >>> pattern(d.expr, {"n": 2}, {}, d.symbols)
    [[True, False], [False, True]]
    """
    import numpy as np

    rng = np.random.default_rng(0)
    found: Any = False
    for _ in range(TRIES):
        values: dict[str, Any] = {**sizes, **given}
        for node in variables_in(result):
            if node.attr[0] not in values:
                values[node.attr[0]] = _drawn(rng, node, sizes)
        with np.errstate(all="ignore"):
            found = found | (np.asarray(value_of(result, "derivative", values, symbols)) != 0)
    rows: list[list[bool]] = np.atleast_2d(found).tolist()
    return rows


def _drawn(rng: Any, node: Expr, sizes: Mapping[str, int]) -> Any:
    import numpy as np

    shape = tuple([length(dim, sizes) for dim in node.attr[1]])
    found = rng.normal(size=shape)
    properties = node.attr[2]
    if "posdef" in properties:
        return found @ found.T + np.eye(shape[0])
    if "symmetric" in properties:
        return found + found.T
    return np.abs(found) + 0.1 if "positive" in properties else found


def length(dim: Dim, sizes: Mapping[str, int]) -> int:
    """Return a size as a number."""
    return dim.at(sizes.__getitem__)
