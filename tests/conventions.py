"""Derivatives at kinks, from the conventions that the rows state: what a result is compared with where there is a tie.

The reference is complex step once more, through the value of each row, but for the rows here: at their kinks the part
that moves is what the row's `kink` says in words. It knows nothing of the rules that a result is made by. Where a
result is another one, the slopes to both sides of the point say whether it may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mcalc.calculus.accumulate.differentiate import expand_defined
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import TABLE
from tests.values import STEP, complex_step

TINY = 1e-170
"""A step whose square is 0, so that x² at 0 stays 0 and falls to no side of a condition."""
ASIDE = 1e-7
"""How far beside a point its slopes are taken."""
TOLERANCE = 1e-4
"""How far such slopes may be from those at the point, relatively."""


def _abs(env: Any, node: Expr, x: Any) -> Any:
    """At 0 the derivative of |x| is 0."""
    return np.where(np.real(x) < 0, -x, np.where(np.real(x) > 0, x, 0 * np.real(x)))


def _norm(env: Any, node: Expr, x: Any) -> Any:
    """‖x‖ at 0 has the derivative 0."""
    return np.sqrt((x * x).sum()) if np.any(np.real(x)) else 0.0


def _norm1(env: Any, node: Expr, x: Any) -> Any:
    """The sum of what |x| is entry by entry."""
    return _abs(env, node, x).sum()


def _extreme(sign: int) -> Callable[..., Any]:
    """Of several arguments: none counts at a tie, but of two in the same variables the first does."""

    def value(env: Any, node: Expr, *values: Any) -> Any:
        spread = np.broadcast_arrays(*values)
        top = np.maximum.reduce([sign * np.real(one) for one in spread])
        moving = 0.0 * top
        names = [{inner for inner in walk(arg) if inner.op.layout == "symbol"} for arg in node.args]
        for k, (own, mine) in enumerate(zip(spread, names, strict=True)):
            counts = sign * np.real(own) == top
            for place, (other, theirs) in enumerate(zip(spread, names, strict=True)):
                if place != k and (place < k or not mine & theirs) and node.args[place] is not node.args[k]:
                    counts = counts & (sign * np.real(other) < top)
                elif node.args[place] is node.args[k] and place < k:
                    counts = counts & False
            moving = moving + np.where(counts, np.imag(own), 0.0)
        return sign * top + 1j * moving

    return value


CONVENTIONS: dict[str, Callable[..., Any]] = {
    "abs": _abs,
    "norm": _norm,
    "norm1": _norm1,
    "max": _extreme(1),
    "min": _extreme(-1),
}
"""Rows whose value alone does not say what is taken at their kinks."""
BY_VALUE = frozenset({
    "gt", "ge", "lt", "le", "eq", "ne", "sign", "floor", "step", "cases", "relu", "relu6", "hardtanh", "pinball",
    "hypot",
    "maximum", "minimum", "max rows", "max cols", "min rows", "min cols",
    "hardmax", "hardmin", "hardmax rows", "hardmax cols", "hardmin rows", "hardmin cols",
})  # fmt: skip
"""Rows that are flat but for jumps, or whose value at a tie is that of the piece or the entry that counts there."""


@contextmanager
def stated() -> Iterator[None]:
    """Have the values of rows with kinks move as they say."""
    kept = {name: TABLE[name].numpy for name in CONVENTIONS}
    try:
        for name, value in CONVENTIONS.items():
            TABLE[name].numpy = value
        yield
    finally:
        for name, own in kept.items():
            TABLE[name].numpy = own


def by_convention(expr: Expr, variable: Expr, values: dict[str, Any]) -> Any:
    """Return the derivative by complex step, with what the rows state at kinks; composed rows are what they say."""
    with stated():
        return complex_step(expand_defined(expr), variable, values, TINY)


def slopes(expr: Expr, variable: Expr, values: dict[str, Any]) -> tuple[Any, Any] | None:
    """Return the derivatives to both sides of a point, along each entry of a variable; None where there are none.

    That is where the function jumps, has no value beside the point, or grows without bound.
    """
    name = variable.attr[0]
    base = np.asarray(values[name], complex)
    here = np.asarray(evaluate(expr, values), float)
    if not np.all(np.isfinite(here)):
        return None
    sides: list[list[Any]] = [[], []]
    for place in np.ndindex(base.shape):
        for side, sign in enumerate((1, -1)):
            moved = base.copy()
            moved[place] += sign * ASIDE + STEP * 1j
            there = np.asarray(evaluate(expr, {**values, name: moved}))
            slope = np.imag(there) / STEP
            bound = 10 * ASIDE * (1 + np.abs(slope)) + 1e-9 * (1 + np.abs(here))
            if not np.all(np.isfinite(slope)) or np.any(np.abs(np.real(there) - here) > bound):
                return None
            if np.any(np.abs(slope) * ASIDE**0.4 > 1 + np.abs(here)):
                return None
            sides[side].append(slope)
    stacked = [np.stack(slope, axis=-1) for slope in sides]
    return tuple([one.reshape(one.shape[:-1] + base.shape) for one in stacked])  # type: ignore[return-value]


def stands(found: Any, sides: tuple[Any, Any]) -> bool:
    """Say whether a derivative lies between the slopes to both sides, entry by entry."""
    found = np.asarray(found, float)
    low, high = np.minimum(*sides), np.maximum(*sides)
    room = TOLERANCE * (1 + np.maximum(np.abs(low), np.abs(high)))
    return found.shape == low.shape and bool(np.all((low - room <= found) & (found <= high + room)))
