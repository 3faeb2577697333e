"""Are two sides equal? By the normal form of their difference where that meets, else by value at points.

A side is compared as it is written, in two dimensions, and as its transpose: gradients and Jacobians come in two
layouts. A derivative with more axes than two, or by a matrix, may also be given as the matrix between vecs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcalc.calculus.accumulate.differentiate import expand_defined
from mcalc.calculus.basics.length import written_size
from mcalc.calculus.basics.orientation import as_columns, as_units
from mcalc.calculus.derive import simplified
from mcalc.calculus.index_notation.term import product
from mcalc.checking.points import TURNS, Point, Search
from mcalc.dims import Dim
from mcalc.expr import Expr, rebuild, walk
from mcalc.numeric.sampling import only_size
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.arithmetic import ADD, add, mul, neg
from mcalc.operators.leaves import is_zero, ones, zeros
from mcalc.operators.linear import transpose

TOLERANCE = 1e-9
FAR = 1000
"""A gap of so many times what rounding does at first sight is a difference."""
UNSURE = 1e-3
"""Where rounding reaches as far as this, relative to the values, a point says nothing."""
MOST_NODES = 4_000
"""Sides with more nodes are compared by value alone."""
SAME, FLIPPED, BETWEEN_VECS, VECS_FLIPPED = "same", "flipped", "between vecs", "between vecs, flipped"
TURNED = (FLIPPED, VECS_FLIPPED)
BETWEEN = (BETWEEN_VECS, VECS_FLIPPED)
SPOT_CHECKS = 2
"""Points at which sides are compared whose normal forms meet."""
NORMAL_FORM, SHAPES = "normal form", "shapes"


class Comparison:
    """What came of comparing two sides: a verdict, by which face of the right one, how it was decided, and the points.

    `kink` is a point on a kink where the sides differ, though they agree beside it.
    """

    def __init__(self, left: Expr, right: Expr) -> None:
        self.left = left
        self.right = right
        self.verdict = "undecided"
        self.face = SAME
        self.method = ""
        self.reason = ""
        self.points: list[Point] = []
        self.kink: Point | None = None
        self.partial: dict[str, Any] | None = None
        self.search: Search | None = None
        self._apart: dict[str, Expr | None] = {}

    def apart(self, face: str) -> Expr | None:
        """Return the right side less a face of the left one, worked out once."""
        if face not in self._apart:
            small = sum(1 for _ in walk(self.left, self.right)) <= MOST_NODES
            self._apart[face] = difference(self.left, self.right, face) if small else None
        return self._apart[face]


def compare(left: Expr, right: Expr, of: int | None = None) -> Comparison:
    """Compare two sides with no derivative left in them; of the axes of the left one, the first `of` are a function's.

    >>> from mcalc.operators.leaves import number, symbol
    >>> from mcalc.operators.arithmetic import mul
    >>> x = symbol("x")
    >>> compare(add(x, x), mul(number(2), x)).verdict
    'equal'
    """
    found = Comparison(left, right)
    if left is right:
        found.verdict, found.method = "equal", NORMAL_FORM
        return found
    if is_zero(right) and not right.shape and left.shape:
        found.right = right = transpose(zeros(left.shape)) if left.is_row else zeros(left.shape)
    faces = fitting_faces(left, right, of)
    if not faces:
        found.verdict, found.method = "not-equal", SHAPES
        return found
    for face in faces:
        apart = found.apart(face)
        if face in TURNED and SAME in faces:
            break  # first by value whether it is equal as it stands
        if apart is not None and is_zero(apart) and not _contradicted(found, face, of):
            found.verdict = "other-layout" if face in TURNED else "equal"
            found.face, found.method = face, NORMAL_FORM
            return found
    _by_value(found, faces, of)
    return found


def _contradicted(found: Comparison, face: str, of: int | None) -> bool:
    """Say whether values speak against normal forms that meet: then a rule is wrong, and values decide."""
    search = Search([with_values(found.left), with_values(found.right)])
    return any([agreement(search, point, face, of) == "differ" for point in search.random(SPOT_CHECKS)])


def _by_value(found: Comparison, faces: Sequence[str], of: int | None) -> None:
    """Decide at points: equal where some face agrees at all of them, not equal where each differs at one."""
    found.search = search = Search([with_values(found.left), with_values(found.right)])
    found.points = search.random()
    found.partial = search.partial
    if not found.points:
        found.reason = (
            "the right side has no value at any random point where the left one has"
            if search.partial is not None
            else search.reason
        )
        return
    found.points += search.borders()
    sure: list[dict[str, Any]] = []
    apart: set[str] = set()
    for point in found.points:
        said = {face: agreement(search, point, face, of) for face in faces}
        if any([word != "unsure" for word in said.values()]):
            sure.append(point.values)
        apart.update([face for face, word in said.items() if word == "differ"])
        if len(apart) == len(faces):
            break
    found.method = f"values at {len(found.points)} points"
    if not sure:
        found.reason = "at every random point rounding is larger than the difference"
        return
    left = [face for face in faces if face not in apart]
    if not left:
        found.verdict = "not-equal"
        return
    if one := only_size(search.draws.names, sure):
        found.reason = f"both sides have values only where {one}"
        return
    found.face = left[0]
    if _differs_by_a_term(found, search):
        found.verdict = "not-equal"
        return
    found.verdict = "other-layout" if found.face in TURNED else "equal"
    found.kink = next((at for at in search.corners() if agreement(search, at, found.face, of) == "differ"), None)


def _differs_by_a_term(found: Comparison, search: Search) -> bool:
    """Say whether the difference is one product that is not zero, so small that rounding might explain it by value."""
    apart = found.apart(found.face)
    if apart is None or apart.op is ADD or apart.has(ADD):
        return False
    search = Search([with_values(apart)])
    points = search.random(2)
    return bool(points) and all([bool((at.arrays[0] != 0).any()) for at in points])


def agreement(search: Search, point: Point, face: str, of: int | None) -> str:
    """Say whether the sides ``agree`` or ``differ`` at a point, or rounding leaves that ``unsure``."""
    import numpy as np

    left, right = search.sides
    a = faced(left, point.arrays[0], face, of)
    b = faced(right, point.arrays[1], SAME, None)
    if a.shape != b.shape:
        return "differ"
    gap = np.abs(a - b)
    sizes = np.maximum(np.abs(a), np.abs(b))
    if not np.any(gap > TOLERANCE * sizes):
        return "agree"

    def noise(turns: Sequence[int]) -> Any:
        reach = [search.noise(place, point, turns) for place in (0, 1)]
        return faced(left, reach[0], face, of) + faced(right, reach[1], SAME, None)

    reach = noise(TURNS[:1])
    if np.any(gap > FAR * (TOLERANCE * sizes + reach)):
        return "differ"
    reach = np.maximum(reach, noise(TURNS[1:]))
    if np.any(gap > TOLERANCE * sizes + reach):
        return "differ"
    top = float(np.max(sizes))
    return "unsure" if float(np.max(reach)) > UNSURE * top > UNSURE * TOLERANCE else "agree"


def faced(side: Expr, array: Any, face: str, of: int | None) -> Any:
    """Return the value of a side in two dimensions, a scalar as 1×1 and a row as 1×n, or as another face of it.

    What has more than two axes stays as it is, or has those of the variable first; between vecs it is a matrix, too.
    """
    if face in BETWEEN:
        split = of or 0
        axes = [*range(split)][::-1] + [*range(split, array.ndim)][::-1]
        rows = 1
        for length in array.shape[:split]:
            rows *= length
        matrix = array.transpose(axes).reshape((rows, -1))
        return matrix if face == BETWEEN_VECS else matrix.T
    if side.order > 2:
        split = 0 if face == SAME else of or 0
        return array.transpose([*range(split, array.ndim), *range(split)])
    if side.order < 2:
        array = array.reshape((1, -1) if side.is_row else (-1, 1))
    return array if face == SAME else array.T


def fitting_faces(left: Expr, right: Expr, of: int | None) -> list[str]:
    """Return the faces of the left side that have the shape of the right one; none is a mismatch of shapes."""
    mine, theirs = flat_shape(left), flat_shape(right)
    faces = [SAME] if mine == theirs else []
    split = (of or 0) if left.order > 2 else 1
    if (left.order < 3 or split) and mine[split:] + mine[:split] == theirs and (left.order or faces):
        faces += [FLIPPED] * (left.order > 0)
    if of is not None and left.order > 1 and (left.order > 2 or of != 1):
        rows, columns = Dim.of(1), Dim.of(1)
        for place, dim in enumerate(left.shape):
            rows, columns = (rows * dim, columns) if place < of else (rows, columns * dim)
        faces += [BETWEEN_VECS] if (rows, columns) == theirs else []
        faces += [VECS_FLIPPED] if (columns, rows) == theirs else []
    return faces


def flat_shape(side: Expr) -> tuple[Dim, ...]:
    """Return the sizes of a side written in two dimensions; those of more axes as they are."""
    if side.order > 1:
        return side.shape
    length = side.shape[0] if side.shape else Dim.of(1)
    return (Dim.of(1), length) if side.is_row else (length, Dim.of(1))


def difference(left: Expr, right: Expr, face: str = SAME) -> Expr | None:
    """Return the right side less the left one in normal form, with its vectors as columns.

    None where the two have no such difference, being of other shapes or between vecs.
    """
    if face not in (SAME, FLIPPED) or left.order != right.order or (left.order > 2 and face == FLIPPED):
        return None
    a, b = [_tensor(side) for side in (left, right)]
    if face == FLIPPED and left.order == 2:
        a = product(1, [(a, (1, 0))], (0, 1))
    if a.shape != b.shape:
        return None
    apart = simplified(add(b, neg(a)), frozenset())
    again = apart if is_zero(apart) else simplified(_tensor(apart), frozenset())
    return again if written_size(again) < written_size(apart) else apart


def _tensor(side: Expr) -> Expr:
    """A side without orientation and composed functions, each scalar in a sum of others written out."""
    return rebuild(as_units(as_columns(expand_defined(side))), _spread)


def _spread(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """Write a scalar in a sum of vectors out: x + z = x + z 1⃗."""
    if node.op is not ADD or not node.shape or all([arg.shape for arg in args]):
        return None
    return add(*[arg if arg.shape else mul(arg, ones(node.shape)) for arg in args])
