"""Random points at which an expression has a value: sizes pairwise different, declared properties kept, kinks away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake
from mcalc.expr import Dim, Expr, walk
from mcalc.numeric.evaluate import evaluate

if TYPE_CHECKING:
    Values = dict[str, Any]

SIZES = (3, 4, 2, 5, 6, 7)
"""Lengths that named sizes get, in turn; pairwise different, so that a transpose in the wrong place does not fit."""
LONGEST = 400
"""Lengths are not made longer than this for the sake of an entry that is taken."""
NEAR = 1e-7
"""Two arguments of a maximum that are closer than this are at a kink; so is an absolute value below it."""
LARGEST = 1e6
"""A point where something is larger says little, since numbers are rounded relative to it."""
HUGE = 1e100
"""A point where something is larger says nothing."""
ATTEMPTS = 48
PAIRED = frozenset({"max", "min", "gt", "ge", "lt", "le", "eq", "ne"})
AT_ZERO = frozenset({"abs", "relu", "sign", "step", "norm1", "leaky_relu", "elu", "norm"})
INVERTED = frozenset({"inv", "det", "logdet"})
ILL_CONDITIONED = 1e6
EXTREMES = frozenset({"maximum", "minimum", "norminf"})


class Kink(Exception):
    """A point lies too near to where a function has no derivative."""


def symbols_in(*exprs: Expr) -> list[Expr]:
    """Return the variables of some expressions, in order of first appearance."""
    return [node for node in walk(*exprs) if node.op.name == "symbol" and not node.args]


def names_of_sizes(*exprs: Expr) -> list[str]:
    """Return the named sizes in some expressions."""
    dims = [dim for node in walk(*exprs) for dim in (*node.shape, *([node.attr] if node.op.name == "size" else []))]
    return list(dict.fromkeys([name for dim in dims for name in dim.names]))


def points(exprs: Sequence[Expr], variables: Sequence[Expr], count: int, seed: int) -> Iterator[tuple[Values, str]]:
    """Yield random points at which every expression has a finite value, away from the kinks of the first one.

    With each point comes an empty text; where no point is found, one pair of an empty point and the reason. Points of
    large values come only where there are no others.
    """
    import numpy as np

    found = 0
    large: list[Values] = []
    reason = "no random point lies in the domain"
    watch = Watch(tied_everywhere(exprs, variables, seed), generic=True)
    for attempt in range(ATTEMPTS + count):
        rng = np.random.default_rng([seed, attempt])
        values = draw(rng, [*exprs, *variables], attempt)
        small = True
        try:
            for place, expr in enumerate(exprs):
                value = evaluate(expr, values, variables, watch=watch.away_from_kinks if place == 0 else None)
                if not np.all(np.isfinite(value)) or np.max(np.abs(value), initial=0.0) > HUGE:
                    break
                small = small and bool(np.max(np.abs(value), initial=0.0) <= LARGEST)
            else:
                if small:
                    found += 1
                    yield values, ""
                else:
                    large.append(values)
        except Kink as kink:
            reason = str(kink)
        except Mistake as mistake:
            reason = mistake.message
        except np.linalg.LinAlgError:
            reason = "a matrix has no inverse at any random point"
        if found == count:
            return
    if not found:
        yield from [(values, "") for values in large[:count]] or [({}, reason)]


def draw(rng: Any, exprs: Sequence[Expr], attempt: int) -> Values:
    """Return a point: of either sign, positive, small, or with matrices that have an inverse, in turn.

    Lengths are pairwise different, small, and large enough for the entries and slices that are taken.
    """
    import numpy as np

    kind = ("any", "positive", "small", "regular")[attempt % 4]
    names = names_of_sizes(*exprs)
    lengths = [*SIZES, *range(8, 8 + len(names))]
    more = max(min(_furthest(exprs), LONGEST) - min(SIZES), 0)
    turn = attempt % max(len(names), 1)
    order = [*names[turn:], *names[:turn]]
    values: Values = {name: lengths[place] + more for place, name in enumerate(order)}
    for node in symbols_in(*exprs):
        name, shape, properties = node.attr
        size = [length(dim, values) for dim in shape]
        if kind in ("positive", "regular") or "positive" in properties:
            value = rng.uniform(0.2, 0.9, size=size)
        else:
            value = rng.normal(size=size) * (0.3 if kind == "small" else 1.0)
        if len(size) == 2 and size[0] == size[1]:
            if "posdef" in properties:
                value = value @ value.T / size[0] + np.eye(size[0])
            elif "symmetric" in properties:
                value = (value + value.T) / 2
            if kind == "regular":
                value = value + 3 * np.eye(size[0])
        values[name] = float(value) if not size else value
    return values


def _furthest(exprs: Sequence[Expr]) -> int:
    """Return the largest number of an entry that is taken, or of entries that are left out at an end."""
    taken = [0]
    for node in walk(*exprs):
        taken += [-coefficient for dim in node.shape for monomial, coefficient in dim.terms if not monomial]
        if node.op.name in ("element", "unit"):
            places = node.args[1:] if node.op.name == "element" else node.args
            taken += [place.attr for place in places if place.op.name == "number" and isinstance(place.attr, int)]
    return max(taken)


def length(dim: Dim, values: Values) -> int:
    """Return a size as a number at a point."""
    total = 0
    for monomial, coefficient in dim.terms:
        part = coefficient
        for name in monomial:
            part *= int(values[name])
        total += part
    return max(total, 1)


def tied_everywhere(exprs: Sequence[Expr], variables: Sequence[Expr], seed: int) -> frozenset[Expr]:
    """Return the maxima and comparisons with arguments that are equal at all of several points: one function there.

    So max(A + I, A) has a derivative, though its arguments are equal beside the diagonal.
    """
    import numpy as np

    tied: set[Expr] | None = None
    for attempt in range(3):
        found: set[Expr] = set()
        values = draw(np.random.default_rng([seed, 1, attempt]), [*exprs, *variables], attempt)

        def note(node: Expr, args: Sequence[Any], found: set[Expr] = found) -> None:
            if _is_tied(node, args):
                found.add(node)

        try:
            evaluate(exprs[0], values, variables, watch=note)
        except (Mistake, np.linalg.LinAlgError):
            continue
        tied = found if tied is None else tied & found
    return frozenset(tied or ())


def _is_tied(node: Expr, args: Sequence[Any]) -> bool:
    """Say whether two arguments of a maximum are equal in an entry; those of a comparison to the last digit."""
    import numpy as np

    if node.op.name not in PAIRED:
        return False
    bound = NEAR if node.op.name in ("max", "min") else 0.0
    return any([
        bool(np.any(np.abs(np.subtract(a, b, dtype=float)) <= bound))
        for place, a in enumerate(args)
        for b in args[place + 1 :]
    ])  # fmt: skip


class Watch:
    """Sees every operator at a point, and raises Kink where it is near to having no derivative.

    At a `generic` point, of random values, what is 0 or equal to the last digit is so all around the point, as where a
    step is 0, and is no kink.
    """

    __slots__ = ("generic", "tied")

    def __init__(self, tied: frozenset[Expr], *, generic: bool = False) -> None:
        self.tied = tied
        self.generic = generic

    def away_from_kinks(self, node: Expr, args: Sequence[Any]) -> None:
        """Raise Kink where two arguments are nearly equal, but for those that are equal everywhere."""
        if node.op.name in PAIRED:
            self._apart(node, args)
        else:
            _away_from_kinks(node, args, generic=self.generic)

    def _apart(self, node: Expr, args: Sequence[Any]) -> None:
        import numpy as np

        for place, a in enumerate(args):
            for b in args[place + 1 :]:
                gaps = np.ravel(np.abs(np.subtract(a, b, dtype=float)))
                if node in self.tied or self.generic:
                    gaps = gaps[gaps > (1e-12 if node in self.tied and node.op.name in ("max", "min") else 0.0)]
                if np.min(gaps, initial=np.inf) < NEAR:
                    raise Kink(f"two arguments of {node.op.name} are equal at every random point")


def _away_from_kinks(node: Expr, args: Sequence[Any], *, generic: bool) -> None:
    """Raise Kink where the argument of an operator is near to where it has no derivative."""
    import numpy as np

    name = node.op.name
    if name in INVERTED:
        matrix = np.asarray(args[0], dtype=float)
        if np.all(np.isfinite(matrix)) and np.linalg.cond(matrix) > ILL_CONDITIONED:
            raise Kink(f"the matrix under {name} is nearly singular at every random point")
    elif name in AT_ZERO:
        sizes = np.abs(np.asarray(args[0], dtype=float))
        apart = sizes[sizes > 0] if generic else sizes
        least = np.sqrt(np.sum(sizes**2)) if name == "norm" else np.min(apart, initial=np.inf)
        if least < NEAR:
            raise Kink(f"the argument of {name} is 0 at every random point")
    elif name == "floor":
        if np.min(np.abs(np.subtract(args[0], np.round(args[0]), dtype=float)), initial=np.inf) < NEAR:
            raise Kink("the argument of floor is a whole number at every random point")
    elif name.split()[0] in EXTREMES:
        flat = np.sort(np.abs(np.ravel(args[0])) if name == "norminf" else np.ravel(args[0]))
        if flat.size > 1 and np.min(np.diff(flat)) < NEAR / 10:
            raise Kink(f"two entries under {name} are equal at every random point")
