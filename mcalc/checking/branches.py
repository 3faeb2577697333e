"""The branches of two sides: which way each test in them comes out at a point, and points where it is another way.

A test is a comparison, a maximum of two, or a function with a kink at 0; a branch is how all of them come out together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import AT_ZERO, PAIRED
from mcalc.operators.structures import structure_of

if TYPE_CHECKING:
    Values = dict[str, Any]
    Outcomes = dict[Expr, tuple[float, ...]]

STEPS = 60
"""Points that are tried on the way to another outcome of a test."""
REACH = (0.03, 0.3, 1.0, 10.0, 100.0, 1e4)
"""How far a step goes, relative to where it starts."""
HALVINGS = 24
CLOSE_BY = (1e-4, 3e-6)
"""How near to a border points are taken, as parts of the way over it."""


def tests_in(*sides: Expr) -> list[Expr]:
    """Return the tests in some expressions."""
    return [node for node in walk(*sides) if node.op.name in TESTS]


TESTS = (PAIRED - {"eq", "ne"}) | (AT_ZERO - {"norm", "norm1"})


def tested(node: Expr, args: Sequence[Any]) -> Any:
    """Return what a test looks at the sign of, the difference of its first two arguments or the one; else None."""
    import numpy as np

    if node.op.name not in TESTS:
        return None
    if node.op.name in PAIRED:
        return np.subtract(args[0], args[1], dtype=float)
    return np.asarray(args[0], dtype=float)


class Branches:
    """The branches of some sides that were entered: `entered` are the outcomes seen, all tests together."""

    def __init__(self, sides: Sequence[Expr], variables: Sequence[Expr]) -> None:
        self.sides = list(sides)
        self.variables = list(variables)
        self.signs: dict[Expr, set[int]] = {}
        self.entered: set[frozenset[tuple[Expr, frozenset[int]]]] = set()

    @property
    def unseen(self) -> list[Expr]:
        """The tests that came out one way at all points so far."""
        return [node for node, signs in self.signs.items() if len(signs) < 2]

    def enter(self, found: dict[Expr, set[int]]) -> bool:
        """Note how the tests came out at a point, and say whether that is new."""
        branch = frozenset((node, frozenset(signs)) for node, signs in found.items())
        for node, signs in found.items():
            self.signs.setdefault(node, set()).update(signs)
        is_new = branch not in self.entered
        self.entered.add(branch)
        return is_new

    def outcomes(self, values: Values) -> Outcomes:
        """Return how every test comes out at a point, entry by entry; nothing where the sides have no values there."""
        import numpy as np

        return {node: tuple(np.sign(gaps)) for node, gaps in self._gaps(values).items()}

    def _gaps(self, values: Values) -> dict[Expr, Any]:
        import numpy as np

        found: dict[Expr, Any] = {}

        def look(node: Expr, args: Sequence[Any]) -> None:
            gap = tested(node, args)
            if gap is not None:
                found[node] = np.append(found[node], np.ravel(gap)) if node in found and node.free else np.ravel(gap)

        try:
            for side in self.sides:
                evaluate(side, values, self.variables, watch=look)
        except (Mistake, IndexError, np.linalg.LinAlgError):
            return {}
        return found

    def towards(self, node: Expr, values: Values, rng: Any) -> Values | None:
        """Return a point where a test comes out as it has not yet, climbing from a point; None where none is found."""
        import numpy as np

        wanted = -1 if 1 in self.signs[node] else 1

        def height(at: Values) -> float:
            gaps = self._gaps(at).get(node)
            highest = -np.inf if gaps is None else np.max(wanted * gaps, initial=-np.inf)
            return -np.inf if np.isnan(highest) else float(highest)

        best = height(values)
        free = [v for v in self.variables if structure_of(v) is None]
        for step in range(STEPS if free else 0):
            moved = dict(values)
            for variable in free if step % 3 == 2 else [free[step % len(free)]]:
                name, _, properties = variable.attr
                array = np.asarray(values[name], dtype=float)
                by = REACH[int(rng.integers(len(REACH)))] * rng.normal(size=array.shape)
                array = array + by * max(1.0, float(np.max(np.abs(array), initial=0.0)))
                moved[name] = np.abs(array) if "positive" in properties else array
            here = height(moved)
            if here > best:
                best, values = here, moved
            if best > 0:
                return values
        return None

    def borders(self, one: Values, other: Values, most: int) -> Iterator[Values]:
        """Yield points on either side of where a test changes, on the way from one point to another of its sizes."""
        here, there = self.outcomes(one), self.outcomes(other)
        for node in [node for node in here if there.get(node, here[node]) != here[node]][:most]:
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                stays = self.outcomes(between(one, other, middle)).get(node) == here[node]
                low, high = (middle, high) if stays else (low, middle)
            for by in CLOSE_BY:
                yield between(one, other, low - by)
                yield between(one, other, high + by)


def between(one: Values, other: Values, share: float) -> Values:
    """Return the point so far along the way from one to another."""
    return {
        name: value if isinstance(value, int) else value + share * (other[name] - value) for name, value in one.items()
    }
