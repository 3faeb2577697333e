"""Points at which two sides are compared: random ones in every branch, ones on kinks, ones that are easy to read.

How far rounding may move a value there is found by moving what every operator is given, where it does not jump.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcalc.checking.branches import Branches, tested, tests_in
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import Draws, Kink, Watch, fitted, length
from mcalc.operators.leaves import NUMBER

Values = dict[str, Any]

SHAKE = 1e-14
"""Every operator's arguments are moved by as much, relatively."""
TURNS = (0, 1, 2)
"""So often they are moved, each time otherwise."""


def jumps(node: Expr) -> bool:
    """Say whether an operator is constant but for jumps, as a comparison is; then it is told apart exactly.

    >>> from mcalc.operators.arithmetic import greater, mul
    >>> from mcalc.operators.leaves import symbol
    >>> x, y = symbol("x"), symbol("y")
    >>> jumps(greater(x, y)), jumps(mul(x, y))
    (True, False)
    """
    op = node.op
    if op.name == "unit":
        return True  # its argument is counted
    if op.partial is not None:
        return all([op.partial(node, place) is None for place in range(len(node.args))])
    try:
        return op.jacobian is not None and all([not op.jacobian(node, place) for place in range(len(node.args))])
    except Mistake:  # it has none
        return False


def noise(
    side: Expr, variables: Sequence[Expr], values: Mapping[str, Any], at: Any, turns: Sequence[int] = TURNS
) -> Any:
    """Return how far rounding may move each entry of a side, which is `at` a point; infinite where it has no value.

    What jumps is given what it was given at the point itself, so that a comparison comes out as it did there, and an
    entry that is equal to the largest one stays so.
    """
    import numpy as np

    fixed = frozenset(node for node in walk(side) if node.args and node.op.name != "index" and jumps(node))
    given: list[list[Any]] = []
    reach = np.zeros_like(at)

    def run(watch: Callable[[Expr, Sequence[Any]], None]) -> Any:
        return np.asarray(evaluate(side, values, variables, watch=watch), dtype=float)

    def keep(node: Expr, args: Sequence[Any]) -> None:
        if node in fixed:
            given.append(list(args))

    try:
        if fixed:
            run(keep)
        for turn in turns:
            rng = np.random.default_rng([13, turn])
            again = iter(given)

            def shake(node: Expr, args: Sequence[Any], rng: Any = rng, again: Any = again) -> None:
                if node in fixed:
                    args[:] = next(again)  # type: ignore[index]  # a list, where there are any
                elif node.op.name != "index":
                    known = node.args[:1] if node.op.name in ("element", "slice") else node.args
                    for k, arg in enumerate(known):
                        if arg.op.kind != "leaf" or arg.op.name == "symbol":
                            sign = rng.choice((-1, 1), np.shape(args[k]))
                            by = 1 + SHAKE * sign * rng.uniform(1, 2, np.shape(args[k]))  # equal ones might cancel
                            args[k] = np.asarray(args[k]) * by  # type: ignore[index]

            moved = run(shake)
            reach = np.maximum(reach, np.nan_to_num(np.abs(moved - at), nan=np.inf))
    except (Mistake, IndexError, np.linalg.LinAlgError):
        return np.full_like(at, np.inf)
    return reach


COUNT = 12
"""Points at which two sides are compared."""
MORE = 4
"""So many times more where the sides compare different things, and may part ways in a small place."""
ATTEMPTS = 72
WIDE = (1e-2, 10.0, 1e2, 1e3, 1e-4, 1e4, 1e6, 1e9)
"""Magnitudes at which a branch is looked for that no point near the origin enters."""
LARGEST = 1e6
HUGE = 1e15
ROUNDS = 3
"""So often points of each magnitude are tried."""
STARTS = 3
"""Points from which a test that came out one way only is made to come out the other."""
CHILDREN = 60
"""Points that are put together of two others, to enter branches of several tests."""
CROSSINGS, TESTS = 4, 5
"""Ways over borders that are gone, and borders that are looked for on one."""
READABLE = (2, 3, 1, -1, 4, -2, 5)
READABLE_SIZES = ((2,), (3,), (2, 3, 4), (3, 2, 1), (1,), (4,))
"""Lengths of points that are shown, small ones first: one for all, then different ones."""
READABLE_TRIES = 24
CORNERS = (0, 1, -1)


class Point(NamedTuple):
    """Values of the variables and sizes, what the sides come to there, and which ways each test in them comes out."""

    values: Values
    arrays: list[Any]
    signs: dict[Expr, set[int]]


class Search:
    """Looks for points at which every side has a value, away from kinks; `reason` says why there is none.

    `partial` is a point where the first side alone has a value; `branches` says which branches were entered.
    """

    def __init__(self, sides: Sequence[Expr], seed: int = 0) -> None:
        self.sides = list(sides)
        self.draws = Draws(sides)
        self.variables = self.draws.variables
        self.seed = seed
        self.reason = "no random point lies in the domain"
        self.partial: Values | None = None
        self.branches = Branches(sides, self.variables)
        self._tests = [frozenset(tests_in(side)) for side in sides]
        self._generic = [Watch.of(side, self.draws, seed, generic=True) for side in sides]
        self._strict = [Watch(known.tied, counts=known.counts) for known in self._generic]

    def random(self, count: int = COUNT) -> list[Point]:
        """Return points of either sign, positive, small and regular in turn; then some in branches not yet entered."""
        found: list[Point] = []
        differ = len(set(self._tests)) > 1
        more = MORE if differ else 1
        for attempt in range(more * ATTEMPTS):
            if len(found) >= more * count:
                break
            point = self.at(self._drawn(0, attempt))
            if point is not None:
                self.branches.enter(point.signs)
                found.append(point)
        if differ or self.branches.unseen or not found:
            found += self._elsewhere(len(found) or count)
        return found

    def of_sizes(self, sizes: Mapping[str, int], count: int) -> list[Point]:
        """Return random points at which some of the named sizes are these."""
        found: list[Point] = []
        for attempt in range(count):
            rng = self._rng(3, attempt)
            point = self.at(self.draws.at(rng, attempt, {**self.draws.sizes(rng, attempt), **sizes}))
            found += [point] if point is not None else []
        return found

    def _elsewhere(self, enough: int) -> list[Point]:
        """Points of other magnitudes and around the numbers in the sides, where they enter a new branch or no point is.

        Then ones to which a test is led that came out one way only, and on the way there either side of each border.
        """
        found: list[Point] = []
        ways: list[tuple[Values, Values]] = []
        known = bool(self.branches.entered)
        for near, other in self._wide():
            point = self.at(other, HUGE)
            if point is not None and (self.branches.enter(point.signs) or (not known and len(found) < enough)):
                found.append(point)
                ways.append((near, other))
        for node in self.branches.unseen[:TESTS]:
            for start in range(STARTS):
                near = self._drawn(0, start)
                far = self.branches.towards(node, near, self._rng(5, start))
                if far is not None:
                    ways.insert(0, (near, far))
                    break
        for near, far in ways[: TESTS + CROSSINGS]:
            found += self._entering([far, *self.branches.borders(near, far, TESTS)])
        return found + self._entering(self._crossed(found))

    def _entering(self, places: Iterable[Values]) -> list[Point]:
        """Those points that enter a new branch."""
        made = (self.at(values, HUGE) for values in places)
        return [point for point in made if point is not None and self.branches.enter(point.signs)]

    def _crossed(self, parents: Sequence[Point]) -> Iterator[Values]:
        """Yield points with some variables from one point and some from another: where several tests must come out."""
        rng = self._rng(6, 0)
        for _ in range(CHILDREN if len(parents) > 1 and len(self.variables) > 1 else 0):
            one, other = [parents[int(place)].values for place in rng.integers(len(parents), size=2)]
            child = dict(one)
            for node in self.variables:
                name = node.attr[0]
                if rng.random() < 0.5 and getattr(one[name], "shape", ()) == getattr(other[name], "shape", ()):
                    child[name] = other[name]
            yield child

    def _wide(self) -> Iterator[tuple[Values, Values]]:
        """Yield pairs of points of the same sizes, the second far away: of another magnitude, or of a number here."""
        numbers = {abs(float(node.attr)) for node in walk(*self.sides) if node.op is NUMBER}
        scales = [*WIDE, *sorted(value for value in numbers if 2 < value < HUGE)] * ROUNDS
        for attempt, scale in enumerate(scales):
            rng = self._rng(7, attempt)
            near = self.draws.at(rng, attempt)
            far = dict(near)
            for node in self.variables:
                name, _, properties = node.attr
                moved = near[name] * scale
                if not properties and attempt >= len(scales) // ROUNDS:
                    moved = (near[name] + float(rng.choice((-1, 1)))) * scale
                far[name] = moved
            yield near, far

    def borders(self) -> Iterator[Point]:
        """Yield points close to where a test of some side comes out the other way, on either side of that place."""
        for attempt in range(CROSSINGS if any(self._tests) else 0):
            one = self._drawn(17, attempt)
            other = self.draws.at(self._rng(18, attempt), attempt, {name: one[name] for name in self.draws.names})
            for values in self.branches.borders(one, other, TESTS):
                point = self.at(values, HUGE)
                if point is not None:
                    yield point

    def at(
        self, values: Values, largest: float = LARGEST, *, strict: bool = False, kinks: bool = False
    ) -> Point | None:
        """Return the point, where every side has a finite value there and none is near a kink.

        `strict` is for values that are not random: there what is equal is on a kink; with `kinks` that does not matter.
        """
        import numpy as np

        arrays: list[Any] = []
        signs: dict[Expr, set[int]] = {}
        for side, watch in zip(self.sides, self._strict if strict else self._generic, strict=True):

            def look(node: Expr, args: Sequence[Any], watch: Watch = watch) -> None:
                if not kinks:
                    watch.away_from_kinks(node, args)
                gap = tested(node, args)
                if gap is not None:
                    signs.setdefault(node, set()).update([sign for sign in (1, -1) if np.any(sign * gap > 0)])

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
                if arrays and self.partial is None:
                    self.partial = values
                return None
            if np.max(np.abs(array), initial=0.0) > largest:
                return None
            arrays.append(np.asarray(array, dtype=float))
        return Point(values, arrays, signs)

    def noise(self, place: int, point: Point, turns: Sequence[int]) -> Any:
        """Return how far rounding may move each entry of a side, as far as some turns of `rounding` show it."""
        return noise(self.sides[place], self.variables, point.values, point.arrays[place], turns)

    def readable(self) -> Iterator[Point]:
        """Yield points of small whole numbers, in vectors and matrices as small as they may be."""
        for attempt in range(READABLE_TRIES):
            point = self.at(self._whole(READABLE, attempt), strict=True)
            if point is not None:
                yield point

    def corners(self) -> Iterator[Point]:
        """Yield points of noughts and ones that lie on a kink of some side, where all have values."""
        for attempt in range(READABLE_TRIES):
            values = self._whole(CORNERS, attempt)
            if self.at(values, strict=True) is None:
                point = self.at(values, kinks=True)
                if point is not None:
                    yield point

    def _rng(self, stream: int, attempt: int) -> Any:
        import numpy as np

        return np.random.default_rng([self.seed, stream, attempt])

    def _drawn(self, stream: int, attempt: int) -> Values:
        return self.draws.at(self._rng(stream, attempt), attempt)

    def _whole(self, choices: Sequence[int], attempt: int) -> Values:
        import numpy as np

        rng = self._rng(11, attempt)
        values = self.draws.lengths(READABLE_SIZES[attempt % len(READABLE_SIZES)])
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
            values[name] = np.asarray(array if node.is_symmetric else fitted(node, array), dtype=float)
        return self.draws.with_indices(values, rng)
