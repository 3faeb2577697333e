"""What a claim asks for, and verdicts on it: as text, as a record, and in Python; and whether a hint in them is true.

A hint rests on two sides that are equal if it is true, as they are or one transposed: yours with the slip undone and
mcalc's; at times under a condition on a variable, as that A is symmetric. It is replayed at points that it was not
found at, of other sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.checking.equality import FLIPPED, SAME, agreement, fitting_faces
from mcalc.checking.points import Point, Search
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.numeric.sampling import only_size
from mcalc.numeric.stand_ins import with_values
from mcalc.render.latex_text import bundle, sentences

if TYPE_CHECKING:
    Values = dict[str, Any]


class Question(NamedTuple):
    """What was differentiated: a body by variables, with the derivative that mcalc has for it, laid out.

    Of a differential, `directions` has the one in which each variable moves.
    """

    body: Expr
    variables: Sequence[Expr]
    order: int
    left: Expr
    directions: Sequence[Expr] = ()

    @property
    def moves(self) -> list[tuple[Expr, Expr]]:
        """The variables that move, each with its direction."""
        return list(zip(self.variables, self.directions, strict=True))

    def derivative(self, body: Expr) -> Expr | None:
        """Return the derivative of another body by the same variables, as often; None where it has none."""
        found = body
        try:
            if self.directions:
                return differential_of(body, self.moves, self.order)
            for _ in range(self.order):
                found = derivative_of(found, self.variables)
        except Mistake:
            return None
        return found


WORDS = {
    "equal": "equal",
    "other-layout": "equal, in the other layout",
    "not-equal": "not equal",
    "undecided": "undecided",
}


class Verdict:
    """What became of a claim; true where the two sides are equal, be it in the other layout.

    `verdict` is "equal", "other-layout", "not-equal" or "undecided"; `method` says how that was decided. Where the
    sides are not equal, `difference` is yours less what is right, in normal form, `slip` the kind of the likely slip,
    `agreeing` the terms of yours that are right, and `point` values of the variables with what the two sides come to.
    `conditions` are those stated beside the claim under which alone it holds. `reason` says it in words, `evidence` has
    what each hint rests on. `links` are the verdicts of a chain of equalities, one for each equals sign, and `wrong` is
    the place of the first that does not hold.

    >>> from mcalc import check
    >>> found = check("d/dx sin(x^2) = cos(x^2)")
    >>> found.verdict, found.slip, bool(found)
    ('not-equal', 'inner derivative', False)
    """

    def __init__(self, verdict: str, left: str, right: str, method: str = "") -> None:
        self.verdict = verdict
        self.left = left
        self.right = right
        self.method = method
        self.headline = WORDS[verdict]
        self.conditions: Sequence[str] = ()
        self.details: list[str] = []
        self.difference: str | None = None
        self.slip: str | None = None
        self.agreeing: list[str] = []
        self.evidence: list[Evidence] = []
        self.point: dict[str, str] | None = None
        self.links: Sequence[Verdict] = ()
        self.wrong: int | None = None
        self.assumed: list[str] = []
        self.notes: list[str] = []

    def of_whole(self, place: int, said: str) -> Verdict:
        """Return this verdict on a part, in its place, as that on the whole."""
        whole = Verdict(self.verdict, self.left, self.right, self.method)
        for name in ("difference", "slip", "agreeing", "point", "evidence"):
            setattr(whole, name, getattr(self, name))
        whole.details = list(self.details)
        whole.headline = f"{said}: {self.headline}"
        whole.wrong = place
        return whole

    def __bool__(self) -> bool:
        return self.verdict in ("equal", "other-layout")

    @property
    def reason(self) -> str:
        """What is to be said beside the verdict, in words."""
        return "; ".join(self.details)

    @property
    def text(self) -> str:
        """The verdict on one line, as it is printed in a pipe."""
        return "; ".join([self.headline, *self.details])

    @property
    def lines(self) -> list[str]:
        """The verdict line by line, as it is printed on a terminal."""
        return [self.headline, *[f"  {detail}" for detail in self.details]]

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        return {
            "verdict": self.verdict,
            "text": self.text,
            "method": self.method,
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            "slip": self.slip,
            "agreeing": self.agreeing,
            "point": self.point,
            "reason": self.reason,
            **({"links": [link.record() for link in self.links], "wrong": self.wrong} if self.links else {}),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the verdict line by line."""
        lines = [*self.lines, *([f"  assumed: {'; '.join(self.assumed)}"] if self.assumed else [])]
        return bundle("\n".join(lines), sentences(lines))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Verdict {self.verdict}: {self.text}>"


SEED = 1
"""Points for replays are drawn with another seed than those at which sides are compared."""
COUNT, MORE = 8, 8
"""Points of a replay, and so many times more where a condition leaves few of them, or keeps them out of a branch."""
ENOUGH = 3
"""At fewer points nothing is sure."""


class Evidence:
    """What is said, and the two sides that are equal if it is true; `impose` makes points at which that is claimed.

    It takes the values of a point and returns others that meet the condition, or None where there are none. A condition
    on sizes is given by those, as `sizes`.
    """

    __slots__ = ("impose", "left", "right", "said", "sizes")

    def __init__(
        self,
        said: str,
        left: Expr,
        right: Expr,
        impose: Callable[[Values], Values | None] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.said = said
        self.left = left
        self.right = right
        self.impose = impose
        self.sizes = dict(sizes or {})

    def __repr__(self) -> str:
        return f"<Evidence {self.said}>"


def holds(evidence: Evidence, shown: Point | None = None, seed: int = SEED) -> bool:
    """Say whether what is said is true: at random points of several sizes, in every branch, and at the one shown."""
    left, right = evidence.left, evidence.right
    faces = [face for face in fitting_faces(left, right, None) if face in (SAME, FLIPPED)]
    search = Search([with_values(left), with_values(right)], seed)
    if evidence.sizes:  # where a norm or a deviation of two entries is an absolute value, there are branches unseen
        places = search.of_sizes(evidence.sizes, MORE * COUNT)
        return any([_everywhere(search, places, face, one_size=True) for face in faces])
    free = [*search.random(COUNT), *search.borders()]
    points = free
    if evidence.impose is None:
        if shown is not None:
            known = {node.attr[0] for node in search.variables} | set(search.draws.names)
            at = search.at(shown.values, kinks=True) if known <= shown.values.keys() else None
            points = free if at is None else [*free, at]
    else:
        points = _meeting(search, evidence.impose, free)
        if len(points) < ENOUGH or not _branches(free) <= _branches(points):
            points = _meeting(search, evidence.impose, [*search.random(MORE * COUNT), *search.borders()])
    return any([_everywhere(search, points, face) for face in faces])


def _branches(points: Sequence[Point]) -> set[tuple[Expr, int]]:
    """Return which ways each test came out at some points."""
    return {(node, sign) for point in points for node, signs in point.signs.items() for sign in signs}


def _meeting(search: Search, impose: Callable[[Values], Values | None], places: Sequence[Point]) -> list[Point]:
    """Return the points that are made of some to meet a condition, or that meet it."""
    met = [impose(point.values) for point in places]
    return [found for values in met if values is not None and (found := search.at(values)) is not None]


def _everywhere(search: Search, points: Sequence[Point], face: str, *, one_size: bool = False) -> bool:
    """Say whether the sides agree at all points, at enough of them surely, and not all of `one_size`."""
    sure: list[Values] = []
    for point in points:
        word = agreement(search, point, face, None)
        if word == "differ":
            return False
        if word == "agree":
            sure.append(point.values)
    return len(sure) >= ENOUGH and (one_size or not only_size(search.draws.names, sure))
