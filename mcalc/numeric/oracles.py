"""Derivatives by value, found without any rule: complex step, and differences where complex numbers cannot go.

Source: Squire and Trapp, Using Complex Variables to Estimate Derivatives of Real Functions (1998): f'(x) is
Im f(x + ih)/h, with no difference of near numbers, so that h may be tiny and the result has all digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcalc.dims import Dim
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.structures import applied, structure_of

STEP = 1e-30
WIDTHS = (2e-4, 1e-4)
NOISE = 1e-13
"""Points are moved by this much to see how far rounding reaches."""


def by_step(function: Expr, variables: Sequence[Expr], values: Mapping[str, Any], convention: str = "projected") -> Any:
    """Return the derivative of a function at a point by complex step, entry by entry of the variables."""
    return _columns(function, variables, values, lambda name, way: along(function, values, {name: way}), convention)


def by_differences(
    function: Expr, variables: Sequence[Expr], values: Mapping[str, Any], convention: str = "projected"
) -> Any:
    """Return the same by central differences of two widths, extrapolated to none (Richardson)."""

    def slope(name: str, way: Any) -> Any:
        return along_by_differences(function, values, {name: way})

    return _columns(function, variables, values, slope, convention)


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


def direction(
    variables: Sequence[Expr], values: Mapping[str, Any], convention: str = "projected"
) -> tuple[dict[str, Any], Any]:
    """Return a random direction for each variable, and all of it as one vector; of an element, that element alone."""
    import numpy as np

    rng = np.random.default_rng(0)
    ways: dict[str, Any] = {}
    flat: list[Any] = []
    for variable in variables:
        whole, at = _place(variable, values)
        name = whole.attr[0]
        way = ways.setdefault(name, np.zeros(np.shape(values[name])))
        own = rng.normal(size=way[at].shape)
        way += _moving(variable, values, at, own, convention)
        flat.append(np.ravel(own))
    return ways, np.concatenate(flat)


def _place(variable: Expr, values: Mapping[str, Any]) -> tuple[Expr, tuple[int, ...]]:
    """Return the variable that another is, or is an element of, and the place of that element."""
    if variable.op.name == "symbol":
        return variable, ()
    whole, *at = variable.args
    return whole, tuple([int(evaluate(position, values, [whole])) - 1 for position in at])


def _moving(variable: Expr, values: Mapping[str, Any], at: tuple[int, ...], way: Any, convention: str) -> Any:
    """Return in which direction the whole of a variable moves with it, or with an entry of it: within its structure."""
    import numpy as np

    whole = variable.args[0] if variable.args else variable
    now = np.asarray(values[whole.attr[0]])
    moved = np.zeros(now.shape)
    moved[at] = way
    structure = structure_of(variable)
    if structure is None or convention == "ignore":
        return moved
    rule = structure.rule(convention, of_entry=bool(variable.args))
    shape = tuple([Dim.of(size) for size in now.shape])
    return applied(rule, moved, now, lambda constant: evaluate(constant, {}), shape, np)


def _columns(
    function: Expr,
    variables: Sequence[Expr],
    values: Mapping[str, Any],
    slope: Callable[[str, Any], Any],
    convention: str,
) -> Any:
    """Put the derivatives by single entries together in the shape of the result."""
    import numpy as np

    parts = []
    for variable in variables:
        whole, at = _place(variable, values)
        name = whole.attr[0]
        full = np.shape(values[name])
        shape = full[len(at) :]
        entries = []
        for place in np.ndindex(shape):
            one = np.zeros(shape)
            one[place] = 1.0
            entries.append(np.asarray(slope(name, _moving(variable, values, at, one, convention))))
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
