"""What a side would have to be: values of the left side at some points, and what else has them too.

Among that are factors that have a name: a number, times powers of sizes and of scalar variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from mcalc.checking.equality import SAME, Comparison, faced, flat_shape
from mcalc.checking.points import Point
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.arithmetic import add, mul, power
from mcalc.operators.leaves import SIZE, number, size
from mcalc.operators.linear import transpose

if TYPE_CHECKING:
    Arrays = list[Any]

CLOSE = 1e-8
DENOMINATOR = 24
MOST_NAMES = 4
"""Of more sizes and variables than this a factor is a number alone."""
LARGEST_POWER = 3


class Factor(NamedTuple):
    """A number, times powers of sizes, of a size less one, and of scalar variables.

    >>> n = size(Dim.named("n"))
    >>> str(Factor(Fraction(2), [("n", n, -1)])), str(Factor(Fraction(1, 2))), str(Factor(Fraction(1), [("n", n, 1)]))
    ('2/n', '1/2', 'n')
    """

    number: Fraction
    powers: Sequence[tuple[str, Expr, int]] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a number alone."""
        return not self.powers

    @property
    def is_size(self) -> bool:
        """Whether it is made of sizes alone, but for its sign."""
        return bool(self.powers) and abs(self.number) == 1 and all([part.op is SIZE for _, part, _ in self.powers])

    def is_number(self, *values: int) -> bool:
        """Say whether it is one of some numbers."""
        return self.is_plain and self.number in values

    @property
    def expr(self) -> Expr:
        """The factor as an expression."""
        return mul(number(self.number), *[power(part, number(exponent)) for _, part, exponent in self.powers])

    @property
    def inverse(self) -> Factor:
        """One by the factor."""
        return Factor(1 / self.number, [(name, part, -exponent) for name, part, exponent in self.powers])

    def __str__(self) -> str:
        above = [_raised(name, exponent) for name, _, exponent in self.powers if exponent > 0]
        below = [_raised(name, -exponent) for name, _, exponent in self.powers if exponent < 0]
        if self.number.denominator != 1:
            below.insert(0, str(self.number.denominator))
        if abs(self.number.numerator) != 1 or not above:
            above.insert(0, str(self.number.numerator))
        elif self.number < 0:
            above[0] = f"-{above[0]}"
        bottom = f"({' '.join(below)})" if len(below) > 1 else "".join(below)
        return f"{' '.join(above)}/{bottom}" if below else " ".join(above)


def _raised(name: str, exponent: int) -> str:
    text = f"({name})" if " " in name else name
    return text if exponent == 1 else f"{text}^{exponent}"


def factor_of(
    factors: Sequence[float], at: Sequence[Mapping[str, Any]], sizes: Sequence[str], variables: Sequence[Expr]
) -> Factor | None:
    """Return the factor that has these values at some points, where there is one of few names and small numbers."""
    if not factors or not all(factors):
        return Factor(Fraction(0)) if factors and not any(factors) else None
    constant = _rational(factors)
    if constant is not None:
        return Factor(constant)
    names = [(name, size(Dim.named(name)), [float(values[name]) for values in at]) for name in sizes]
    names += [(v.attr[0], v, [float(values[v.attr[0]]) for values in at]) for v in variables if not v.shape]
    return _monomial(factors, names) or _monomial(factors, _one_less(sizes, at))


def _one_less(sizes: Sequence[str], at: Sequence[Mapping[str, Any]]) -> list[tuple[str, Expr, list[float]]]:
    """Each size, and one less than it, as where a variance is divided by n - 1."""
    found: list[tuple[str, Expr, list[float]]] = []
    for name in sizes:
        whole = size(Dim.named(name))
        found.append((name, whole, [float(values[name]) for values in at]))
        found.append((f"{name} - 1", add(whole, number(-1)), [float(values[name] - 1) for values in at]))
    return found


def _monomial(factors: Sequence[float], names: Sequence[tuple[str, Expr, list[float]]]) -> Factor | None:
    """The product of powers, found by the logarithms of the factors and then held against them."""
    import numpy as np

    names = [(name, part, values) for name, part, values in names if all(values)]
    if not names or len(names) > MOST_NAMES or len(factors) < len(names) + 2:
        return None
    table = np.log(np.abs([values for _, _, values in names])).T
    solved, _, rank, _ = np.linalg.lstsq(
        np.column_stack([np.ones(len(factors)), table]), np.log(np.abs(factors)), rcond=None
    )
    exponents = [round(float(exponent)) for exponent in solved[1:]]
    if rank <= len(names) or not any(exponents) or max(map(abs, exponents)) > LARGEST_POWER:
        return None
    rest = np.array(factors)
    for (_, _, values), exponent in zip(names, exponents, strict=True):
        rest = rest / np.array(values) ** exponent
    constant = _rational([float(value) for value in rest])
    if constant is None:
        return None
    powers = [(name, part, k) for (name, part, _), k in zip(names, exponents, strict=True) if k]
    return Factor(constant, powers)


def _rational(values: Sequence[float]) -> Fraction | None:
    """Return the number of small denominator that all values are, if they are one."""
    if max(values) - min(values) > CLOSE * max(map(abs, values)):
        return None
    found = Fraction(values[0]).limit_denominator(DENOMINATOR)
    return found if abs(found - Fraction(values[0])) <= CLOSE * abs(values[0]) else None


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

    def multiple(self, arrays: Arrays, of: Arrays, parts: Sequence[Expr] = ()) -> Factor | None:
        """Return by which factor values are a multiple of others at every point, where that factor has a name.

        Powers of some `parts` may stand in it, too.
        """
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
        found = factor_of(factors, at, self.sizes, self.variables)
        if found is not None or not parts:
            return found
        kept = [place for place, array in enumerate(of) if np.any(array)]
        valued = [(part, values) for part in parts if (values := self.values(part)) is not None]
        names = [("", part, [float(values[place][0, 0]) for place in kept]) for part, values in valued]
        return _monomial(factors, names)


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
