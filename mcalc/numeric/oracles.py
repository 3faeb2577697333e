"""Derivatives by value, found without any rule: complex step, and differences where complex numbers cannot go.

Source: Squire and Trapp, Using Complex Variables to Estimate Derivatives of Real Functions (1998): f'(x) is
Im f(x + ih)/h, with no difference of near numbers, so that h may be tiny and the result has all digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate

STEP = 1e-30
WIDTHS = (2e-4, 1e-4)
NOISE = 1e-13
"""Points are moved by this much to see how far rounding reaches."""


def by_step(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any]) -> Any:
    """Return the derivative of a function at a point by complex step, entry by entry of the variables."""
    return _columns(function, variables, values, lambda moved, name, place: _imaginary(function, moved, name, place))


def by_differences(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any]) -> Any:
    """Return the same by central differences of two widths, extrapolated to none (Richardson)."""

    def slope(moved: dict[str, Any], name: str, place: tuple[int, ...]) -> Any:
        found = []
        for width in WIDTHS:
            sides = []
            for sign in (1, -1):
                array = moved[name].copy()
                array[place] += sign * width
                sides.append(evaluate(function, {**moved, name: array}))
            found.append((sides[0] - sides[1]) / (2 * width))
        return (4 * found[1] - found[0]) / 3

    return _columns(function, variables, values, slope)


def along(function: Expr, values: Mapping[str, Any], way: Mapping[str, Any]) -> Any:
    """Return the derivative of a function along a direction by complex step: one evaluation, whatever the sizes."""
    import numpy as np

    return (
        np.imag(evaluate(function, {**values, **{name: values[name] + 1j * STEP * way[name] for name in way}})) / STEP
    )


def along_by_differences(function: Expr, values: Mapping[str, Any], way: Mapping[str, Any]) -> Any:
    """Return the same by central differences of two widths, extrapolated to none."""
    found = []
    for width in WIDTHS:
        up, down = [
            evaluate(function, {**values, **{name: values[name] + sign * width * way[name] for name in way}})
            for sign in (1, -1)
        ]
        found.append((up - down) / (2 * width))
    return (4 * found[1] - found[0]) / 3


def direction(variables: Sequence[Expr], values: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return a random direction for each variable, and all of it as one vector; of an element, that element alone."""
    import numpy as np

    rng = np.random.default_rng(0)
    ways: dict[str, Any] = {}
    flat: list[Any] = []
    for variable in variables:
        whole, at = _place(variable)
        name = whole.attr[0]
        way = ways.setdefault(name, np.zeros(np.shape(values[name])))
        own = rng.normal(size=way[at].shape)
        way[at] = own
        flat.append(np.ravel(own))
    return ways, np.concatenate(flat)


def _place(variable: Expr) -> tuple[Expr, tuple[int, ...]]:
    """Return the variable that another is, or is an element of, and the place of that element."""
    whole = variable if variable.op.name == "symbol" else variable.args[0]
    return whole, tuple([int(position.attr) - 1 for position in variable.args[1:]] if whole is not variable else [])


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
        whole, at = _place(variable)
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


def shifted(values: Mapping[str, Any], seed: int = 0) -> dict[str, Any]:
    """Return a point moved by a rounding or so in every direction; sizes stay."""
    import numpy as np

    rng = np.random.default_rng(seed)
    return {
        name: value
        if isinstance(value, int)
        else np.asarray(value) * (1 + NOISE * rng.choice([-1, 1], np.shape(value)))
        for name, value in values.items()
    }


def unsteadiness(of: Callable[[Mapping[str, Any]], Any], values: Mapping[str, Any], at: Any) -> Any:
    """Return how far each entry of what is `at` a point moves when the point moves a little, a hundred times over."""
    import numpy as np

    try:
        shifts = [np.abs(np.asarray(of(shifted(values, seed)), dtype=float) - at) for seed in (0, 1)]
    except np.linalg.LinAlgError:
        return np.full(np.shape(at), np.inf)
    most = 100 * np.maximum(*shifts)
    return np.where(np.isfinite(most), most, np.inf)
