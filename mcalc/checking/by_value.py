"""What a side would have to be: values of the left side at some points, and whether something else has them too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.checking.equality import SAME, Comparison, faced, flat_shape
from mcalc.checking.factors import Factor, factor_of
from mcalc.checking.points import Point
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.linear import transpose

if TYPE_CHECKING:
    Arrays = list[Any]

CLOSE = 1e-8
STRAIGHT, TURNED = "straight", "turned"
"""The layouts in which values may be those of a side: its own, and the other."""


class Trial:
    """The left and the right side of a comparison that came out unequal, by value.

    `shown` is the point that is going to be shown; what is said must hold there too. `turned` says that the right side
    is in the other layout, as far as its shape shows; `names` are what the right and the left one are called.
    """

    def __init__(self, comparison: Comparison, names: tuple[str, str], shown: Point | None = None) -> None:
        assert comparison.search is not None
        self.names = names
        self.points: Sequence[Point] = [*comparison.points, *([shown] if shown is not None else [])]
        self.variables = comparison.search.variables
        self.sizes = comparison.search.draws.names
        self.shapes = flat_shape(comparison.left), flat_shape(comparison.right)
        self.left = [faced(comparison.left, point.arrays[0], SAME, None) for point in self.points]
        self.right = [faced(comparison.right, point.arrays[1], SAME, None) for point in self.points]
        self.turned = self.shapes[0] != self.shapes[1] and self.shapes[0][::-1] == self.shapes[1]

    @property
    def wanted(self) -> Arrays:
        """The values of the left side, in the layout of the right one."""
        return [array.T for array in self.left] if self.turned else self.left

    @property
    def fits(self) -> bool:
        """Whether the sides have one shape, up to layout."""
        return self.turned or self.shapes[0] == self.shapes[1]

    def values(self, expr: Expr) -> Arrays | None:
        """Return the values of an expression at the points, or None where it lacks one."""
        found = list(self._values(expr))
        return found if len(found) == len(self.points) else None

    def _values(self, expr: Expr) -> Iterator[Any]:
        """Yield the value at each point in turn, as long as it has one."""
        import numpy as np

        if expr.free:
            return  # it runs with an index
        valued = with_values(expr)
        for point in self.points:
            try:
                array = np.asarray(evaluate(valued, point.values, self.variables), dtype=float)
            except (Mistake, IndexError, ValueError, TypeError, AttributeError, np.linalg.LinAlgError):
                return  # it may be anything that a change made
            if not np.all(np.isfinite(array)):
                return
            yield faced(expr, array, SAME, None)

    def like_right(self, expr: Expr) -> Expr | None:
        """Return an expression in the layout of the right side, where it has that side's shape in one of the two."""
        shape = flat_shape(expr)
        if shape == self.shapes[1]:
            return expr
        return transpose(expr) if shape[::-1] == self.shapes[1] and len(shape) == 2 else None

    def oriented(self, expr: Expr) -> Arrays | None:
        """Return the values of that."""
        turned = self.like_right(expr)
        return None if turned is None else self.values(turned)

    def gives(self, expr: Expr, side: Arrays) -> str:
        """Return in which layout an expression has the values of a side at every point, if in any."""
        layouts = {STRAIGHT, TURNED}
        count = 0
        for array, known in zip(self._values(expr), side, strict=False):
            fits = ((STRAIGHT, same(array, known)), (TURNED, same(array.T, known)))
            layouts &= {layout for layout, fit in fits if fit}
            count += 1
            if not layouts:
                return ""
        if count < len(side):
            return ""
        return STRAIGHT if STRAIGHT in layouts else TURNED

    def multiple(self, arrays: Arrays, of: Arrays) -> Factor | None:
        """Return by which factor values are a multiple of others at every point, where that factor has a name."""
        import numpy as np

        factors: list[float] = []
        at: list[dict[str, Any]] = []
        for a, b, point in zip(arrays, of, self.points, strict=True):
            if a.shape != b.shape:
                return None
            total = float(np.sum(b * b))
            if total == 0:
                if np.any(a):
                    return None
                continue  # 0 is any multiple of 0
            factor = float(np.sum(a * b)) / total
            if not same(a, factor * b):
                return None
            factors.append(factor)
            at.append(point.values)
        return factor_of(factors, at, self.sizes, self.variables)


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
