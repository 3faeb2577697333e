"""Values over a plane: the gradient of a function of two numbers, and which entries of a Jacobian are not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.numeric.sampling import symbols_in
from mcalc.numeric.singular_matrices import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mcalc.expr import Dim, Expr

TRIES = 3
"""Random points at which a Jacobian is looked at: an entry that is 0 at all of them is taken to be 0."""


class Field:
    """A function of two numbers over a grid, row by row from below, and its gradient there; NaN where there is none."""

    __slots__ = ("across", "slopes", "up", "values")

    def __init__(
        self,
        across: list[float],
        up: list[float],
        values: list[list[float]],
        slopes: list[list[tuple[float, float]]],
    ) -> None:
        self.across = across
        self.up = up
        self.values = values
        self.slopes = slopes


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
        for node in symbols_in(result):
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
