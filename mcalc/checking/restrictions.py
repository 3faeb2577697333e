"""Conditions under which a wrong answer is right: a matrix is symmetric, labels sum to 1, a test comes out one way.

Each is a row of one list: which variables it is tried of, what it is called, and how values are made to meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from mcalc.checking.branches import tests_in
from mcalc.checking.equality import FLIPPED, SAME, SHAPES, Comparison, agreement, fitting_faces
from mcalc.checking.points import Point, Search
from mcalc.checking.stated_reasons import CONDITION, Stated, bounds, is_stated
from mcalc.checking.verdict import ENOUGH, Evidence, Question, holds
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import AT_ZERO, PAIRED, only_size
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.leaves import SYMBOL, variables_in
from mcalc.patterns import pattern

if TYPE_CHECKING:
    Values = dict[str, Any]
    Write = Callable[[Expr], str]

UNEQUAL = pattern(r"!=|\\n(?:eq?|ot\s*=)(?![a-z])")
MOST_VARIABLES = 6
SIZES = range(2, 7)
"""Numbers that a size may have to be."""


class Restriction(NamedTuple):
    """A condition on one variable: where it is tried, what is said of it, and how values are changed to meet it."""

    kind: str
    said: str
    fits: Callable[[Expr], bool]
    meet: Callable[[Any], Any]
    declared: bool = False
    is_likely: bool = False


def _plain(node: Expr) -> bool:
    return node.is_square and not node.is_symmetric


def _vector(node: Expr) -> bool:
    return node.order == 1 and "positive" not in node.attr[2]


def _orthogonal(array: Any) -> Any:
    import numpy as np

    return np.linalg.qr(array)[0] if array.shape[0] >= array.shape[1] else None


def _diagonal(array: Any) -> Any:
    import numpy as np

    return np.diag(np.diag(array))


RESTRICTIONS = (
    Restriction("symmetric", "{} is symmetric", _plain, lambda a: (a + a.T) / 2, declared=True),
    Restriction("condition", "sum({}) = 1", _vector, lambda a: a + (1 - a.sum()) / a.size, is_likely=True),
    Restriction("condition", "sum({}) = 0", _vector, lambda a: a - a.sum() / a.size),
    Restriction("condition", "‖{}‖ = 1", _vector, lambda a: a / (a @ a) ** 0.5),
    Restriction("condition", "{0}ᵀ {0} = I", lambda node: node.order == 2 and not node.is_symmetric, _orthogonal),
    Restriction("condition", "each row of {} sums to 1", lambda node: node.order == 2 and not node.is_symmetric,
                lambda a: a + (1 - a.sum(axis=1, keepdims=True)) / a.shape[1]),
    Restriction("condition", "{} is diagonal", _plain, _diagonal),
)  # fmt: skip
"""The conditions that are tried, in this order."""


class Restrictions:
    """Looks for the condition under which two sides that differ are equal; none where their shapes differ."""

    def __init__(self, comparison: Comparison, question: Question | None, write: Write) -> None:
        self.left, self.right = left, right = comparison.left, comparison.right
        self.known = [left, right, *([question.body] if question is not None else [])]
        self.write = write
        faces = [face for face in fitting_faces(left, right, None) if face in (SAME, FLIPPED)]
        self._sides = _Sides(comparison, faces)
        fixed = {*question.variables, *question.directions} if question is not None else set()
        self.moves = question.moves if question is not None and question.directions else []
        found = variables_in(left, right)
        self.variables = found[:MOST_VARIABLES]
        self.indices = sorted([str(index.attr[0]) for index in self.left.free | self.right.free])
        self.others = [node for node in self.variables if node not in fixed]
        """Those that are not differentiated by: only an open set is a condition on a variable that moves."""

    def likely(self, *, is_multiple: bool) -> Iterator[tuple[str, Evidence]]:
        """Yield what is more likely meant than a slip: labels that sum to 1, a size that is taken for a number.

        Of an answer that `is_multiple` of what is right, sum(y) would be a factor that is missing.
        """
        if not is_multiple:
            yield from self._declared([known for known in RESTRICTIONS if known.is_likely])
        for name in self._sides.search.draws.names:
            for count in SIZES:
                if self._sides.equal_only_where(lambda at, n=name, k=count: at.values[n] == k, 2):  # type: ignore[misc]
                    said = f"right only where {name} = {count}"
                    yield "condition", Evidence(said, self.left, self.right, sizes={name: count})

    def others_than_slips(self) -> Iterator[tuple[str, Evidence]]:
        """Yield what is said where there is no slip: a matrix is symmetric, a test comes out one way, and more."""
        yield from self._meeting()
        yield from self._declared([known for known in RESTRICTIONS if not known.is_likely])
        yield from self._commuting()
        yield from self._branches()
        yield from self._positive()

    def stated(self, conditions: Sequence[Stated]) -> tuple[str, Sequence[str]]:
        """Return what is said of conditions under which the sides are equal, and which of those stated these are."""
        alone = [[condition] for condition in conditions]
        for chosen in alone if len(alone) == 1 else [*alone, [*conditions]]:
            texts = [condition.text for condition in chosen]
            relations = [condition.relation for condition in chosen if condition.relation is not None]
            found = next((one for one in self._of_stated(texts, relations) if holds(one)), None)
            if found is not None:
                return found.said, texts
        return "", []

    def _of_stated(self, conditions: Sequence[str], relations: Sequence[Expr]) -> Iterator[Evidence]:
        limits = [(node, bound) for node in self.variables for bound in bounds(node.attr[0], conditions)]
        imposed = [(bound.said.format(self.write(node)), _met(node, bound.meet)) for node, bound in limits]
        for one in RESTRICTIONS:
            for node in self.variables:
                said = one.said.format(self.write(node))
                if one.fits(node) and any([is_stated(said, condition) for condition in conditions]):
                    imposed.append((said, _met(node, one.meet)))
        if len(imposed) > 1:
            imposed.append((", ".join([said for said, _ in imposed]), _all_met([impose for _, impose in imposed])))
        for said, impose in imposed:
            if self._sides.equal_where(impose):
                yield Evidence(said, self.left, self.right, impose)
        for i, j in combinations(self.indices, 2):
            if any([is_stated(f"{a} ≠ {b}", UNEQUAL.sub("≠", c)) for c in conditions for a, b in ((i, j), (j, i))]):

                def apart(values: Values, i: str = i, j: str = j) -> Values | None:
                    return values if values[i] != values[j] else None

                if self._sides.equal_among(apart):
                    yield Evidence(f"{i} ≠ {j}", self.left, self.right, apart)
        if relations and len(relations) == len(conditions):
            meets = _all_met([_where(relation) for relation in relations])
            if self._sides.equal_among(meets):
                yield Evidence(
                    ", ".join([self.write(relation) for relation in relations]), self.left, self.right, meets
                )
        for _, evidence in chain(self.likely(is_multiple=False), self.others_than_slips()):
            said = evidence.said.removeprefix("right only where ").partition(": ")[0]
            turned = " = ".join(said.split(" = ")[::-1])
            if any([is_stated(one, condition) for condition in conditions for one in (said, turned)]):
                evidence.said = said
                yield evidence

    def _evidence(self, said: str, impose: Callable[[Values], Values | None]) -> Evidence:
        return Evidence(f"right only where {said}", self.left, self.right, impose)

    def _declared(self, known: Sequence[Restriction]) -> Iterator[tuple[str, Evidence]]:
        for one in known:
            for node in self.others:
                if one.fits(node) and self._sides.equal_where(impose := _met(node, one.meet)):
                    tail = ": then declare it so" if one.declared else ""
                    yield one.kind, self._evidence(one.said.format(self.write(node)) + tail, impose)

    def _meeting(self) -> Iterator[tuple[str, Evidence]]:
        """Where two indices that nothing binds are one: a δ is missing, or they are swapped."""
        for i, j in combinations(self.indices, 2):

            def impose(values: Values, i: str = i, j: str = j) -> Values:
                return {**values, j: values[i]}

            if self._sides.equal_where(impose):
                yield "index", self._evidence(f"{i} = {j}: is a δ missing, or are they swapped", impose)

    def _commuting(self) -> Iterator[tuple[str, Evidence]]:
        """Where a direction commutes with its variable, as numbers do."""
        for variable, direction in [move for move in self.moves if _plain(move[0]) and move[1].op is SYMBOL]:
            names = variable.attr[0], direction.attr[0]

            def impose(values: Values, names: tuple[str, str] = names) -> Values:
                import numpy as np

                x = values[names[0]]
                return {**values, names[1]: x @ x + x / 2 + np.eye(len(x))}

            if self._sides.equal_where(impose):
                a, b = self.write(variable), self.write(direction)
                yield "order", self._evidence(f"{a} {b} = {b} {a}: matrices do not commute", impose)

    def _branches(self) -> Iterator[tuple[str, Evidence]]:
        """Where a test of what is right comes out one way in every entry, and nowhere else."""
        sides = self._sides
        for node in tests_in(self.known[0], *self.known[2:]):
            if node.free or node.op.name not in PAIRED | {"abs", "sign"}:
                continue
            for sign, glyph in ((1, ">"), (-1, "<")):

                def comes_out(values: Values, node: Expr = node, sign: int = sign) -> Values | None:
                    signs = sides.search.branches.outcomes(values).get(node)
                    return values if signs is not None and all([s == sign for s in signs]) else None

                if sides.equal_only_where(lambda at: comes_out(at.values) is not None, ENOUGH):
                    other = self.write(node.args[1]) if node.op.name in PAIRED else "0"
                    yield "condition", self._evidence(f"{self.write(node.args[0])} {glyph} {other}", comes_out)

    def _positive(self) -> Iterator[tuple[str, Evidence]]:
        """Where a variable is positive, or where all are; not where a mask may be forgotten, which that would hide."""
        import numpy as np

        if any([node.op.name in PAIRED | (AT_ZERO - {"abs", "sign", "norm", "norm1"}) for node in walk(*self.known)]):
            return
        free = [node for node in self.variables if "positive" not in node.attr[2] and not node.is_symmetric]
        for chosen in [*[[node] for node in free], *([free] if len(free) > 1 else [])]:
            names = [node.attr[0] for node in chosen]

            def impose(values: Values, names: Sequence[str] = names) -> Values:
                return {**values, **{name: np.abs(values[name]) for name in names}}

            if self._sides.equal_where(impose):
                said = ", ".join([f"{self.write(node)} > 0" for node in chosen])
                yield "condition", self._evidence(f"{said}: then declare it so", impose)


class _Sides:
    """Two sides that differ, and points at which conditions are tried."""

    def __init__(self, comparison: Comparison, faces: Sequence[str]) -> None:
        assert comparison.search is not None
        self.faces = faces
        self.search = comparison.search
        self.points = comparison.points
        self._words: dict[tuple[int, str], str] = {}

    def word(self, place: int, face: str) -> str:
        """Say what the sides do at one of the points as it is, worked out once."""
        if (place, face) not in self._words:
            self._words[place, face] = agreement(self.search, self.points[place], face, None)
        return self._words[place, face]

    def agree(self, values: Values | None, face: str) -> str:
        """Say what the sides do at a point: ``agree``, ``differ``, ``unsure``, or nothing where they have no values."""
        point = None if values is None else self.search.at(values)
        return "" if point is None else agreement(self.search, point, face, None)

    def equal_where(self, impose: Callable[[Values], Values | None]) -> bool:
        """Say whether they agree wherever a condition is met, at points of several sizes, and not without it."""
        for face in self.faces:
            met: list[Values] = []
            apart = 0
            for place, point in enumerate(self.points):
                said = self.agree(impose(point.values), face)
                if said == "differ":
                    break
                if said == "agree":
                    met.append(point.values)
                    apart += self.word(place, face) == "differ"
            else:
                if apart and len(met) >= ENOUGH and not only_size(self.search.draws.names, met):
                    return True
        return False

    def equal_among(self, meets: Callable[[Values], Values | None]) -> bool:
        """Say whether they agree at all points that meet a condition, of several sizes, and there are enough."""
        meeting = [place for place, point in enumerate(self.points) if meets(point.values) is not None]
        met = [self.points[place].values for place in meeting]
        return (
            len(met) >= ENOUGH
            and not only_size(self.search.draws.names, met)
            and any([all(self.word(place, face) == "agree" for place in meeting) for face in self.faces])
        )

    def equal_only_where(self, meets: Callable[[Point], bool], least: int) -> bool:
        """Say whether they agree at all points that meet a condition, `least` of them or more, and differ elsewhere."""
        meeting = [meets(point) for point in self.points]
        if sum(meeting) < least or all(meeting):
            return False
        places = sorted(range(len(meeting)), key=lambda place: not meeting[place])
        return any(
            all(self.word(place, face) == ("agree" if meeting[place] else "differ") for place in places)
            for face in self.faces
        )


def _met(node: Expr, meet: Callable[[Any], Any]) -> Callable[[Values], Values | None]:
    name = node.attr[0]

    def impose(values: Values) -> Values | None:
        met = meet(values[name])
        return None if met is None else {**values, name: met}

    return impose


def _all_met(imposed: Sequence[Callable[[Values], Values | None]]) -> Callable[[Values], Values | None]:
    def impose(values: Values) -> Values | None:
        met: Values | None = values
        for one in imposed:
            met = None if met is None else one(met)
        return met

    return impose


def _where(relation: Expr) -> Callable[[Values], Values | None]:
    """Return what keeps the values for which a relation holds, in all entries."""

    def impose(values: Values) -> Values | None:
        try:
            return values if evaluate(relation, values).all() else None
        except Mistake:
            return None

    return impose


def under_stated(
    comparison: Comparison, question: Question | None, write: Write, conditions: Sequence[Stated]
) -> tuple[str, Sequence[str]]:
    """Return what is said of the conditions under which two sides that differ are equal, and those, as stated."""
    stated = [condition for condition in conditions if CONDITION.search(condition.text)]
    if not stated or comparison.method == SHAPES:
        return "", []
    if comparison.search is None:
        comparison.search = search = Search([with_values(comparison.left), with_values(comparison.right)])
        comparison.points = [*search.random(), *search.borders()]
    return Restrictions(comparison, question, write).stated(stated)
