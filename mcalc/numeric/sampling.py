"""Random points at which an expression has a value: sizes 1, 2, odd and even, properties kept, kinks away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr, in_order, nodes_of, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import to_dim, variables_in
from mcalc.operators.structures import structure_of

if TYPE_CHECKING:
    Values = dict[str, Any]

SIZES = (3, 2, 4, 1, 5)
"""Lengths that named sizes get in turn, pairwise different, so that a transpose in the wrong place does not fit."""
ANY_SIZES = 6
"""Lengths up to this are drawn at every third point, where two may be the same."""
LONGEST = 400
"""Lengths are not made longer than this for the sake of an entry that is taken."""
NEAR = 1e-7
"""Two arguments of a maximum that are closer than this are at a kink; so is an absolute value below it."""
LARGEST = 1e6
"""A point where something is larger says little, since numbers are rounded relative to it."""
HUGE = 1e100
"""A point where something is larger says nothing."""
ATTEMPTS = 48
FEWEST, OPERATIONS = 4, 500_000
"""So often at least a point is looked for, and so many operators are evaluated for it in vain at most."""
OF_MATRIX = 20
"""A function of a matrix takes as long as so many other operations."""
TIED_ATTEMPTS, TIED_POINTS = 12, 3
"""Points at which it is looked for arguments that are equal everywhere: tried, and enough."""
PAIRED = frozenset({"max", "min", "gt", "ge", "lt", "le", "eq", "ne"})
AT_ZERO = frozenset({"abs", "relu", "sign", "step", "norm1", "leaky_relu", "elu", "norm"})
INVERTED = frozenset({"inv", "det", "logdet"})
ILL_CONDITIONED = 1e6
ALONG = ("max rows", "max cols", "min rows", "min cols")
EXTREMES = frozenset(
    {"maximum", "minimum", "norminf", *ALONG, "hardmax", "hardmin", *[f"hard{name}" for name in ALONG]}
)


class Kink(Exception):
    """A point lies too near to where a function has no derivative."""


MOST_NAMES, FEW = 40, 13
"""Of so many named sizes each has a length of its own; more share a few lengths, or the arrays would be too large."""


def names_of_sizes(*exprs: Expr) -> list[str]:
    """Return the named sizes in some expressions."""
    dims = [dim for node in walk(*exprs) for dim in (*node.shape, *([node.attr] if node.op.name == "size" else []))]
    return list(dict.fromkeys([name for dim in dims for name in dim.names]))


def only_size(names: Sequence[str], places: Sequence[Values]) -> str:
    """Return the lengths of some points in words where they are the same at all: these say nothing of other sizes.

    So is it where two sizes are equal at all of them.

    >>> only_size(["n"], [{"n": 1}, {"n": 1}]), only_size(["n"], [{"n": 1}, {"n": 2}]), only_size([], [{}])
    ('n = 1', '', '')
    >>> only_size(["m", "n"], [{"m": 1, "n": 1}, {"m": 2, "n": 2}])
    'm = n'
    """
    lengths = {tuple([int(values[name]) for name in names]) for values in places}
    if not names or len(lengths) != 1:
        alike = (f"{a} = {b}" for a, b in combinations(names, 2) if all([at[a] == at[b] for at in places]))
        return next(alike, "")
    return ", ".join([f"{name} = {length}" for name, length in zip(names, *lengths, strict=True)])


def points(
    exprs: Sequence[Expr], variables: Sequence[Expr], count: int, seed: int, entries: Sequence[Expr] = ()
) -> Iterator[tuple[Values, str]]:
    """Yield random points at which every expression has a finite value, away from the kinks of the first one.

    With each point comes an empty text; where no point is found, one pair of an empty point and the reason. Points of
    large values come only where there are no others. `entries` are entries of the variables at free indices.
    """
    import numpy as np

    found = 0
    large: list[Values] = []
    reason = "no random point lies in the domain"
    draws = Draws([*exprs, *variables, *entries])
    watch = Watch.of(exprs[0], draws, seed, generic=True)
    nodes = sum([OF_MATRIX if node.op.kind == "tensor" else 1 for expr in exprs for node in nodes_of(expr)])
    for attempt in range(min(ATTEMPTS + count, max(FEWEST, OPERATIONS // nodes))):
        values = draws.at(np.random.default_rng([seed, attempt]), attempt)
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


class Draws:
    """Draws points for some expressions: of either sign, positive, small, or with matrices that have an inverse.

    Each named size comes to be 1, 2, odd and even within a few points, in every order beside the others; where entries
    and slices are taken, so much more that they are there. A free index is a whole number within its axis.
    """

    __slots__ = ("_compound", "_cycle", "_more", "free", "names", "variables")

    def __init__(self, exprs: Sequence[Expr]) -> None:
        self.names = names_of_sizes(*exprs)
        # A number that is a size, too, as x is beside ones(x), gets the length drawn for it.
        self.variables = [v for v in variables_in(*exprs) if v.shape or v.attr[0] not in self.names]
        self.free = sorted({index for expr in exprs for index in expr.free}, key=lambda index: str(index.attr[0]))
        dims = {dim for node in walk(*exprs) for dim in node.shape}
        self._compound = [dim for dim in dims if dim.names and (len(dim.terms) > 1 or len(dim.names) > 1)]
        self._more = min(_furthest(exprs), LONGEST) - 1
        # As many lengths as names, and an odd number of them: the four kinds of points go round beside them.
        longest = len(self.names) if len(self.names) <= MOST_NAMES else FEW
        self._cycle = [*SIZES, *range(len(SIZES) + 1, (longest | 1) + 1)]

    def sizes(self, rng: Any, attempt: int) -> Values:
        """Return a length for each name, such that no axis anywhere is empty, if there are such."""
        lengths: Values = {}
        for turn in range(len(self._cycle)):
            if attempt % 3 == 2:
                lengths = self.lengths([int(k) for k in rng.integers(1, ANY_SIZES + 1, size=max(len(self.names), 1))])
            else:
                first = (attempt + turn) % len(self._cycle)
                lengths = self.lengths([*self._cycle[first:], *self._cycle[:first]])
            if all([_count(dim, lengths) > 0 for dim in self._compound]):
                break
        return lengths

    def lengths(self, counts: Sequence[int]) -> Values:
        """Return these lengths by name, in turn, each so much longer that the entries that are taken are there."""
        return {name: counts[place % len(counts)] + self._more for place, name in enumerate(self.names)}

    def at(self, rng: Any, attempt: int, sizes: Values | None = None) -> Values:
        """Return the point of an attempt: values of the variables, and of the sizes by name, drawn or these."""
        import numpy as np

        kind = ("any", "positive", "small", "regular")[attempt % 4]
        values = dict(sizes) if sizes is not None else self.sizes(rng, attempt)
        for node in self.variables:
            name, shape, properties = node.attr
            size = [length(dim, values) for dim in shape]
            if kind in ("positive", "regular") or "positive" in properties:
                value = rng.uniform(0.2, 0.9, size=size)
            else:
                value = rng.normal(size=size) * (0.3 if kind == "small" else 1.0)
            if len(size) == 2 and size[0] == size[1]:
                if "posdef" in properties:
                    value = value @ value.T / size[0] + np.eye(size[0])
                if kind == "regular":
                    value = value + 3 * np.eye(size[0])
            values[name] = float(value) if not size else fitted(node, value)
        return self.with_indices(values, rng)

    def with_indices(self, values: Values, rng: Any) -> Values:
        """Return the values of a point with one for each free index: any place of the axis that it runs through."""
        for index in self.free:
            dim = to_dim(index.args[1])
            values[index.attr[0]] = int(rng.integers(1, (length(dim, values) if dim is not None else 1) + 1))
        return values


def fitted(variable: Expr, value: Any) -> Any:
    """Return an array brought into the structure of a variable, where it has one.

    >>> import numpy as np
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> fitted(symbol("S", (n, n), frozenset({"skew"})), np.array([[1.0, 4.0], [2.0, 1.0]])).tolist()
    [[0.0, 1.0], [-1.0, 0.0]]
    """
    import numpy as np

    structure = structure_of(variable)
    if structure is None or "posdef" in variable.attr[2]:
        return value
    return structure.fit(np, value)


def _furthest(exprs: Sequence[Expr]) -> int:
    """Return the largest number of an entry that is taken, or one more than entries are left out at an end."""
    taken = [1]
    for node in walk(*exprs):
        taken += [1 - coefficient for dim in node.shape for monomial, coefficient in dim.terms if not monomial]
        if node.op.name in ("element", "unit"):
            places = node.args[1:] if node.op.name == "element" else node.args
            taken += [place.attr for place in places if place.op.name == "number" and isinstance(place.attr, int)]
    return max(taken)


def length(dim: Dim, values: Values) -> int:
    """Return a size as a number at a point; 1 where it would be less."""
    return max(_count(dim, values), 1)


def _count(dim: Dim, values: Values) -> int:
    """Return a size as a number at a point."""
    return dim.at(lambda name: int(values[name]))


def tied_everywhere(expr: Expr, draws: Draws, seed: int) -> frozenset[Expr]:
    """Return the maxima and comparisons with arguments that are equal at all of several points: one function there.

    So max(A + I, A) has a derivative, though its arguments are equal beside the diagonal.
    """
    import numpy as np

    if all([node.op.name not in PAIRED for node in walk(expr)]):
        return frozenset()
    tied: set[Expr] | None = None
    seen = 0
    for attempt in range(TIED_ATTEMPTS):
        found: set[Expr] = set()

        def note(node: Expr, args: Sequence[Any], found: set[Expr] = found) -> None:
            if _is_tied(node, args):
                found.add(node)

        try:
            value = evaluate(
                expr, draws.at(np.random.default_rng([seed, 1, attempt]), attempt), draws.variables, watch=note
            )
        except (Mistake, np.linalg.LinAlgError):
            continue
        if np.all(np.isfinite(value)):  # outside the domain, what is no number is equal to nothing
            tied = found if tied is None else tied & found
            seen += 1
        if seen == TIED_POINTS:
            break
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


class Watch(NamedTuple):
    """Sees every operator at a point, and raises Kink where it is near to having no derivative.

    At a `generic` point, of random values, what is 0 or equal to the last digit is so all around the point, as where a
    step is 0, and is no kink. A comparison that `counts` has to have a value; one inside a piece of braces has not,
    where another piece is taken.
    """

    tied: frozenset[Expr]
    generic: bool = False
    counts: frozenset[Expr] = frozenset()

    @classmethod
    def of(cls, expr: Expr, draws: Draws, seed: int, *, generic: bool) -> Watch:
        """Return one for an expression, which knows what is equal in it everywhere."""
        counts = frozenset(in_order([expr], lambda node: node.args[1::2] if node.op.name == "cases" else node.args))
        return cls(tied_everywhere(expr, draws, seed), generic=generic, counts=counts)

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
                if node in self.counts and np.any(np.isnan(gaps)):
                    raise Kink("no random point lies in the domain")
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
    elif name in EXTREMES:
        gaps = _below_the_top(name, np.asarray(args[0], dtype=float))
        if np.min(gaps[gaps > 0] if generic else gaps, initial=np.inf) < NEAR / 10:
            raise Kink(f"two entries under {name} are equal at every random point")


def _below_the_top(name: str, array: Any) -> Any:
    """Return how far the other entries are from the one that a maximum takes, in each row or column or in all."""
    import numpy as np

    array = np.abs(array) if name == "norminf" else -array if name.removeprefix("hard").startswith("min") else array
    lines = array if name.endswith("rows") else array.T if name.endswith("cols") else array.reshape((1, -1))
    ordered = np.sort(lines, axis=1)
    return np.ravel(ordered[:, -1:] - ordered[:, :-1])
