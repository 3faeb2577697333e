"""What a side would have to be: values of the left side at some points, and whether something else has them too."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.checking.equality import SAME, Comparison, faced
from mcalc.checking.points import with_values
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate

if TYPE_CHECKING:
    Arrays = list[Any]

CLOSE = 1e-8
DENOMINATOR = 24
STRAIGHT, TURNED = "straight", "turned"
"""The layouts in which values may be those of a side: its own, and the other."""


class Trial:
    """The left and the right side of a comparison that came out unequal, by value.

    `turned` says that the right one is in the other layout, as far as its shape shows; `names` are what the right and
    the left one are called.
    """

    def __init__(self, comparison: Comparison, names: tuple[str, str]) -> None:
        assert comparison.search is not None
        self.names = names
        self.points = comparison.points
        self.variables = comparison.search.variables
        self.left = [faced(comparison.left, point.arrays[0], SAME, None) for point in self.points]
        self.right = [faced(comparison.right, point.arrays[1], SAME, None) for point in self.points]
        self.turned = self.left[0].shape != self.right[0].shape and self.left[0].T.shape == self.right[0].shape

    @property
    def wanted(self) -> Arrays:
        """The values of the left side, in the layout of the right one."""
        return [array.T for array in self.left] if self.turned else self.left

    @property
    def fits(self) -> bool:
        """Whether the sides have one shape, up to layout."""
        return all([a.shape == b.shape for a, b in zip(self.wanted, self.right, strict=True)])

    def values(self, expr: Expr, count: int | None = None) -> Arrays | None:
        """Return the values of an expression at the points, or None where it lacks one."""
        import numpy as np

        found: Arrays = []
        if expr.free:
            return None  # it runs with an index
        for point in self.points[:count]:
            try:
                array = np.asarray(evaluate(with_values(expr), point.values, self.variables), dtype=float)
            except (Mistake, IndexError, ValueError, TypeError, AttributeError, np.linalg.LinAlgError):
                return None  # it may be anything that a change made
            if not np.all(np.isfinite(array)):
                return None
            found.append(faced(expr, array, SAME, None))
        return found

    def oriented(self, expr: Expr) -> Arrays | None:
        """Return those values in the layout of the right side, where they have its shape in one of the two."""
        found = self.values(expr)
        if found is None:
            return None
        for arrays in (found, [array.T for array in found]):
            if all([a.shape == b.shape for a, b in zip(arrays, self.right, strict=True)]):
                return arrays
        return None

    def is_left(self, arrays: Arrays) -> bool:
        """Say whether values are those of the left side, in either layout."""
        return bool(_layout(arrays, self.left))

    def gives(self, expr: Expr, side: Arrays) -> str:
        """Return in which layout an expression has the values of a side, if in any; the first point is tried first."""
        first = self.values(expr, 1)
        if first is None or not _layout(first, side):
            return ""
        found = self.values(expr)
        return "" if found is None else _layout(found, side)

    def multiple(self, arrays: Arrays, of: Arrays) -> Factor | None:
        """Return by which factor values are a multiple of others at every point, where that factor has a name."""
        import numpy as np

        factors: list[float] = []
        for a, b in zip(arrays, of, strict=True):
            if a.shape != b.shape:
                return None
            total = float(np.sum(b * b))
            if total == 0:
                return None
            factor = float(np.sum(a * b)) / total
            if not same(a, factor * b):
                return None
            factors.append(factor)
        return self._named(factors)

    def _named(self, factors: list[float]) -> Factor | None:
        constant = _rational(factors)
        if constant is not None:
            return Factor(constant)
        for name, value in self.points[0].values.items():
            is_size = isinstance(value, int)
            if not is_size and getattr(value, "ndim", 1) != 0:
                continue
            at = [float(point.values[name]) for point in self.points]
            for power in (1, -1):
                rest = _rational([factor * x**-power for factor, x in zip(factors, at, strict=True)])
                if rest is not None and rest != 0 and len(set(at)) > 1:
                    return Factor(rest, name, power, is_size=is_size)
        return None


class Factor:
    """A number, perhaps times or divided by a size or a scalar variable."""

    __slots__ = ("is_size", "name", "number", "power")

    def __init__(self, number: Fraction, name: str = "", power: int = 0, *, is_size: bool = False) -> None:
        self.number = number
        self.name = name
        self.power = power
        self.is_size = is_size

    @property
    def is_plain(self) -> bool:
        """Whether it is a number alone."""
        return not self.name

    def is_number(self, *values: int) -> bool:
        """Say whether it is one of some numbers."""
        return not self.name and self.number in values

    def __str__(self) -> str:
        if not self.name:
            return str(self.number)
        if self.power < 0:
            over = f"{self.number.denominator} {self.name}" if self.number.denominator != 1 else self.name
            return (
                f"{self.number.numerator}/{over}"
                if self.number.denominator == 1
                else f"{self.number.numerator}/({over})"
            )
        return self.name if self.number == 1 else f"{self.number} {self.name}"


def _layout(arrays: Arrays, side: Arrays) -> str:
    known = side[: len(arrays)]
    return STRAIGHT if alike(arrays, known) else TURNED if alike([array.T for array in arrays], known) else ""


def alike(some: Arrays, others: Arrays) -> bool:
    """Say whether values agree at every point."""
    return all([same(a, b) for a, b in zip(some, others, strict=True)])


def same(a: Any, b: Any) -> bool:
    """Say whether two arrays agree, up to rounding."""
    import numpy as np

    if a.shape != b.shape:
        return False
    top = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))
    return bool(np.max(np.abs(a - b), initial=0.0) <= CLOSE * top)


def _rational(values: list[float]) -> Fraction | None:
    """Return the number of small denominator that all values are, if they are one."""
    if max(values) - min(values) > CLOSE * max(map(abs, values)):
        return None
    found = Fraction(values[0]).limit_denominator(DENOMINATOR)
    return found if abs(found - Fraction(values[0])) <= CLOSE * abs(values[0]) else None
