"""Points at which two sides are compared: random ones in every branch, ones on kinks, ones that are easy to read."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import (
    AT_ZERO,
    PAIRED,
    Kink,
    Watch,
    draw,
    length,
    names_of_sizes,
    symbols_in,
    tied_everywhere,
)
from mcalc.operators.abstract import APPLY
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.functions import COS, EXP, SIN
from mcalc.operators.leaves import NUMBER, number

if TYPE_CHECKING:
    Values = dict[str, Any]

COUNT = 12
"""Points at which two sides are compared."""
MORE = 4
"""So many times more where the sides compare different things, and may part ways in a small place."""
ATTEMPTS = 72
WIDE = (1e-2, 10.0, 1e2, 1e3, 1e-4, 1e4, 1e6, 1e9)
"""Magnitudes at which a branch is looked for that no point near the origin enters."""
LARGEST = 1e6
HUGE = 1e15
BORDERS = 5
HALVINGS = 30
CLOSE_BY = 1e-4
READABLE = (2, 3, 1, -1, 4, -2, 5)
CORNERS = (0, 1, -1)


SHAKE = 1e-14
"""Every operator's arguments are moved by as much, relatively, to see how far rounding reaches."""
SHAKEN = 3
STEADY = frozenset({"unit", "floor", "eq", "ne", "gt", "ge", "lt", "le"})
"""Operators whose arguments are left alone: counted, or compared."""


class Point:
    """Values of the variables and sizes, and what the sides come to there."""

    __slots__ = ("arrays", "values")

    def __init__(self, values: Values, arrays: list[Any]) -> None:
        self.values = values
        self.arrays = arrays


class Search:
    """Looks for points at which every side has a value, away from kinks; `reason` says why there is none.

    `partial` is a point where the first side alone has a value, `unseen` are tests that came out one way only.
    """

    def __init__(self, sides: Sequence[Expr], seed: int = 0) -> None:
        self.sides = list(sides)
        self.variables = symbols_in(*sides)
        self.seed = seed
        self.reason = "no random point lies in the domain"
        self.partial: Values | None = None
        self.signs: dict[Expr, set[int]] = {}
        self._watches = [Watch(tied_everywhere([side], self.variables, seed)) for side in sides]

    def random(self, count: int = COUNT) -> list[Point]:
        """Return points of either sign, positive, small and regular in turn; then some in branches not yet entered."""
        import numpy as np

        found: list[Point] = []
        tests = {frozenset(node for node in walk(side) if node.op.name in PAIRED) for side in self.sides}
        more = MORE if len(tests) > 1 else 1
        count *= more
        for attempt in range(more * ATTEMPTS):
            if len(found) >= count:
                break
            values = draw(np.random.default_rng([self.seed, attempt]), [*self.sides, *self.variables], attempt)
            point = self.at(values)
            if point is not None:
                found.append(point)
        wanted = len(found) or count
        for values in self._elsewhere() if self.unseen or not found else ():
            point = self.at(values, HUGE)
            if point is not None:
                found.append(point)
            if not self.unseen and len(found) >= wanted:
                break
        return found

    @property
    def unseen(self) -> list[Expr]:
        """The tests that came out one way at all points so far."""
        return [node for node, signs in self.signs.items() if len(signs) < 2]

    def at(self, values: Values, largest: float = LARGEST, *, on_kinks: bool = False) -> Point | None:
        """Return the point, where every side has a finite value there and, but `on_kinks`, none is near a kink."""
        import numpy as np

        arrays: list[Any] = []
        signs: dict[Expr, set[int]] = {}
        for place, (side, watch) in enumerate(zip(self.sides, self._watches, strict=True)):

            def look(node: Expr, args: Sequence[Any], watch: Watch = watch) -> None:
                if not on_kinks:
                    watch.away_from_kinks(node, args)
                _note_signs(node, args, signs)

            try:
                array = np.asarray(evaluate(side, values, self.variables, watch=look))
            except Kink as kink:
                self.reason = str(kink)
                return None
            except Mistake as mistake:
                self.reason = mistake.message
                return None
            except IndexError:
                self.reason = "an entry is asked for beyond the size of what has it"
                return None
            except np.linalg.LinAlgError:
                self.reason = "a matrix has no inverse at any random point"
                return None
            if not np.all(np.isfinite(array)):
                if place and self.partial is None:
                    self.partial = values
                return None
            if np.max(np.abs(array), initial=0.0) > largest:
                return None
            arrays.append(np.asarray(array, dtype=float))
        for node, seen in signs.items():
            self.signs.setdefault(node, set()).update(seen)
        return Point(values, arrays)

    def borders(self) -> Iterator[Point]:
        """Yield points close to where a test of some side comes out the other way, on either side of that place."""
        import numpy as np

        for attempt in range(BORDERS):
            ends = [
                draw(np.random.default_rng([self.seed, 17, attempt, end]), [*self.sides, *self.variables], attempt)
                for end in (0, 1)
            ]
            here, there = [self._outcomes(values) for values in ends]
            for node in [node for node in here if there.get(node, here[node]) != here[node]][:BORDERS]:
                low, high = 0.0, 1.0
                for _ in range(HALVINGS):
                    middle = (low + high) / 2
                    stays = self._outcomes(_between(ends[0], ends[1], middle)).get(node) == here[node]
                    low, high = (middle, high) if stays else (low, middle)
                for at in (low - CLOSE_BY, high + CLOSE_BY):
                    point = self.at(_between(ends[0], ends[1], at), HUGE)
                    if point is not None:
                        yield point

    def _outcomes(self, values: Values) -> dict[Expr, tuple[float, ...]]:
        """How every test comes out at a point, entry by entry; none where the sides have no values there."""
        import numpy as np

        found: dict[Expr, tuple[float, ...]] = {}

        def look(node: Expr, args: Sequence[Any]) -> None:
            tested = _tested(node, args)
            if tested is not None:
                found[node] = tuple(np.sign(np.ravel(tested)))

        try:
            for side in self.sides:
                evaluate(side, values, self.variables, watch=look)
        except (Mistake, IndexError, np.linalg.LinAlgError):
            return {}
        return found

    def noise(self, place: int, point: Point) -> Any:
        """Return how far rounding may move each entry of a side: found by moving every operator's arguments."""
        import numpy as np

        side = self.sides[place]
        reach = np.zeros_like(point.arrays[place])
        for turn in range(SHAKEN):
            rng = np.random.default_rng([self.seed, 13, turn])

            def shake(node: Expr, args: Sequence[Any], rng: Any = rng) -> None:
                if node.op.name in STEADY or node.op.kind == "binder":
                    return
                known = node.args[:1] if node.op.name in ("element", "slice") else node.args
                for k, arg in enumerate(known):
                    if arg.op.kind != "leaf" or arg.op.name == "symbol":
                        moved = np.asarray(args[k]) * (1 + SHAKE * rng.choice((-1, 1), np.shape(args[k])))
                        args[k] = moved  # type: ignore[index]  # a list, where it is shaken

            try:
                moved = np.asarray(evaluate(side, point.values, self.variables, watch=shake), dtype=float)
            except (Mistake, IndexError, np.linalg.LinAlgError):
                return np.full_like(reach, np.inf)
            reach = np.maximum(reach, np.nan_to_num(np.abs(moved - point.arrays[place]), nan=np.inf))
        return reach

    def _elsewhere(self) -> Iterator[Values]:
        """Yield points of other magnitudes, and around the numbers that stand in the sides."""
        import numpy as np

        numbers = {abs(float(node.attr)) for node in walk(*self.sides) if node.op is NUMBER}
        scales = [*WIDE, *sorted(value for value in numbers if 2 < value < HUGE)]
        for attempt, scale in enumerate([*scales, *scales, *scales]):
            rng = np.random.default_rng([self.seed, 7, attempt])
            values = draw(rng, [*self.sides, *self.variables], attempt)
            for node in self.variables:
                name, _, properties = node.attr
                moved = values[name] * scale
                if not properties and attempt >= len(scales):
                    moved = (values[name] + float(rng.choice((-1, 1)))) * scale
                values[name] = moved
            yield values

    def readable(self) -> Iterator[Point]:
        """Yield points of small whole numbers, in vectors and matrices as small as they may be."""
        for attempt in range(24):
            point = self.at(self._whole(READABLE, attempt, 2 + attempt % 2))
            if point is not None:
                yield point

    def corners(self) -> Iterator[Point]:
        """Yield points of noughts and ones that lie on a kink of some side, where all have values."""
        for attempt in range(24):
            values = self._whole(CORNERS, attempt, 2)
            if self.at(values) is None:
                point = self.at(values, on_kinks=True)
                if point is not None:
                    yield point

    def _whole(self, choices: Sequence[int], attempt: int, side: int) -> Values:
        import numpy as np

        rng = np.random.default_rng([self.seed, 11, attempt])
        values: Values = dict.fromkeys(names_of_sizes(*self.sides, *self.variables), side)
        for place, node in enumerate(self.variables):
            name, shape, properties = node.attr
            size = [length(dim, values) for dim in shape]
            if attempt or size:
                array = rng.choice(choices[: 4 + attempt // 4], size=size)
            else:
                array = np.array(choices[place % len(choices)])
            if "positive" in properties:
                array = np.abs(array) + (array == 0)
            if len(size) == 2 and size[0] == size[1]:
                if "posdef" in properties:
                    array = array @ array.T + np.eye(size[0])
                elif "symmetric" in properties:
                    array = np.triu(array) + np.triu(array, 1).T
            values[name] = np.asarray(array, dtype=float)
        return values


def _between(one: Values, other: Values, share: float) -> Values:
    """The point so far along the way from one to another."""
    return {
        name: value if isinstance(value, int) else value + share * (other[name] - value) for name, value in one.items()
    }


def _tested(node: Expr, args: Sequence[Any]) -> Any:
    """What a test looks at the sign of: the difference of its first two arguments, or the one; None for no test."""
    import numpy as np

    name = node.op.name
    if name in PAIRED and name not in ("eq", "ne"):
        return np.subtract(args[0], args[1], dtype=float)
    return np.asarray(args[0], dtype=float) if name in AT_ZERO and name not in ("norm", "norm1") else None


def _note_signs(node: Expr, args: Sequence[Any], signs: dict[Expr, set[int]]) -> None:
    """Note which way a test came out: which of two arguments was larger, or the sign of the one."""
    import numpy as np

    difference = _tested(node, args)
    if difference is None:
        return
    found = signs.setdefault(node, set())
    if np.any(difference > 0):
        found.add(1)
    if np.any(difference < 0):
        found.add(-1)


def with_values(expr: Expr) -> Expr:
    """Put functions that have values for those that are only named: f(x) becomes sin(a + b x) + c exp(d x).

    The derivatives of f become those of that. Two sides that agree for it agree for no reason but being equal.
    """

    def valued(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
        if node.op is not APPLY:
            return None
        name, counts = node.attr
        rng = random.Random(f"{name} {len(args)}")  # noqa: S311 - any numbers will do, the same each time
        shift, factor, *slopes = [Fraction(rng.randint(5, 40), 20) for _ in range(2 + 2 * len(args))]
        inner = add(number(shift), *[mul(number(s), arg) for s, arg in zip(slopes, args, strict=False)])
        outer = add(*[mul(number(s), arg) for s, arg in zip(slopes[len(args) :], args, strict=True)])
        turns = sum(counts) % 4
        waves, growth = Fraction(-1 if turns > 1 else 1), factor
        for k, count in enumerate(counts):
            waves *= slopes[k] ** count
            growth *= slopes[len(args) + k] ** count
        wave = make(COS if turns % 2 else SIN, (inner,))
        return add(mul(number(waves), wave), mul(number(growth), make(EXP, (outer,))))

    return rebuild(expr, valued)
