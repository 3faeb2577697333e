"""What is said of an answer, and whether it is true: replayed at points that it was not found at, of other sizes.

A hint rests on two sides that are equal if it is true, as they are or one transposed: yours with the slip undone and
mcalc's; at times under a condition on a variable, as that A is symmetric.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.checking.equality import FLIPPED, SAME, agreement, fitting_faces
from mcalc.checking.points import Point, Search
from mcalc.expr import Expr
from mcalc.numeric.sampling import only_size
from mcalc.numeric.stand_ins import with_values

if TYPE_CHECKING:
    Values = dict[str, Any]

SEED = 1
"""Points for replays are drawn with another seed than those at which sides are compared."""
COUNT = 8
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
    if evidence.sizes:
        return any([_everywhere(search, search.of_sizes(evidence.sizes, COUNT), face, one_size=True) for face in faces])
    places: list[Point | None] = [*search.random(COUNT), *search.borders()]
    if evidence.impose is None:
        if shown is not None:
            known = {node.attr[0] for node in search.variables} | set(search.draws.names)
            if known <= shown.values.keys():
                places.append(search.at(shown.values, kinks=True))
    else:
        met = [evidence.impose(point.values) for point in places if point is not None]
        places = [search.at(values) for values in met if values is not None]
    points = [point for point in places if point is not None]
    return any([_everywhere(search, points, face) for face in faces])


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
