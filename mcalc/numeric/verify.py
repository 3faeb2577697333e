"""Is a derivative right? Its value at random points beside what complex step finds there, on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcalc.expr import Expr, walk
from mcalc.numeric.judging import COMPLEX_STEP, DIFFERENCES, Claim, Judge
from mcalc.numeric.sampling import names_of_sizes, only_size, points
from mcalc.numeric.stand_ins import with_values
from mcalc.operators.leaves import is_number

MOST_NUMBERS = 1_000_000
"""Larger arrays are not made for the sake of a check."""
SMALL = 2
"""What a named size is at some of the random points."""
OPERATIONS = 80_000
"""As many operations, each of which a point takes several times, are spread over the points of a check."""
FEWEST = 2
"""At so many points even what takes very long is checked."""


class Verification:
    """What became of a check: `ok`, the largest relative error, the point where it was; or why nothing was checked.

    `points` is how many points were compared, by which `method`; with none, `ok` is None and `reason` says why.
    """

    __slots__ = ("max_rel_err", "method", "ok", "points", "reason", "worst")

    def __init__(
        self, ok: bool | None, max_rel_err: float, worst: Mapping[str, Any], method: str, points: int, reason: str = ""
    ) -> None:
        self.ok = ok
        self.max_rel_err = max_rel_err
        self.worst = dict(worst)
        self.method = method
        self.points = points
        self.reason = reason

    def __bool__(self) -> bool:
        return bool(self.ok)

    def __str__(self) -> str:
        if self.ok is None:
            return f"not checked: {self.reason}"
        found = f"largest relative error {self.max_rel_err:.1g}"
        word = "checked" if self.ok else "WRONG"
        return f"{word} at {self.points} random points by {self.method}: {found}"

    def within(self, room: int | None) -> str:
        """Return the line that says it; where the room is less than that, a shorter one.

        >>> print(Verification(True, 2e-16, {}, "complex step", 8).within(60))
        checked at 8 points by complex step: error 2e-16
        """
        full = str(self)
        if room is None or len(full) <= room or self.ok is None:
            return full
        return full.replace("random points", "points").replace("largest relative error", "error")

    def __repr__(self) -> str:
        return f"<Verification: {self}>"

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        if self.ok is None:
            return {"ok": None, "reason": self.reason}
        error = float(f"{self.max_rel_err:.1g}")  # further digits are rounding, and differ from machine to machine
        return {"method": self.method, "points": self.points, "max_rel_err": error, "ok": self.ok}


def verify_all(claims: Sequence[Claim], count: int = 8, seed: int = 0, most: int | None = None) -> Verification:
    """Check claims that rest on one another, such as a Hessian on a gradient: right if all are.

    With `most`, expressions of more operators than that are left alone.
    """
    found: Verification | None = None
    for claim in claims:
        if most is not None and (size := work(claim)) > most:
            return Verification(None, 0.0, {}, "", 0, f"with {size} operations it would take long; --check does it")
        one = verify(
            claim.function, claim.variables, claim.result, count, seed, turned=claim.turned, structured=claim.structured
        )
        if one.ok is False:
            return one
        # Of those that are right the roughest is told of; differences come after complex step by name as well.
        if (
            found is None
            or not one.ok
            or (found.ok and (one.method, one.max_rel_err) > (found.method, found.max_rel_err))
        ):
            found = one
    return found if found is not None else Verification(None, 0.0, {}, "", 0, "nothing was differentiated")


def work(claim: Claim) -> int:
    """Return about how many operations one evaluation takes: operators, times the terms of sums that run over them."""
    total = 0
    for node in walk(claim.function, claim.result):
        total += 1
        if node.op.kind == "binder":
            limits = [limit.attr for limit in node.args[0].args[:2] if is_number(limit)]
            if len(limits) == 2 and limits[1] > limits[0]:
                total += int(limits[1] - limits[0])
    return total


def largest_array(claim: Claim) -> int:
    """Return how many numbers the largest array on the way has; named sizes are small at random points."""
    most = 1
    for node in walk(claim.function, claim.result, *claim.variables):
        count = 1
        for dim in node.shape:
            count *= dim.value if dim.value is not None else SMALL
        most = max(most, count)
    return most


def verify(
    function: Expr,
    variables: Sequence[Expr],
    result: Expr,
    count: int = 8,
    seed: int = 0,
    *,
    turned: bool = False,
    structured: str = "projected",
) -> Verification:
    """Compare the derivative of a function by some variables with complex step at random points.

    The axes are those of a :class:`Claim`. It is wrong if it is wrong at a point, or in doubt at more than half as many
    as those where it agrees; it is right if it agrees at `count` points, or at as many as were found. What takes very
    long at one is compared at fewer.
    """
    function, result = with_values(function), with_values(result)
    claim = Claim(function, variables, result, turned=turned, structured=structured)
    if (count_of := largest_array(claim)) > MOST_NUMBERS:
        return Verification(None, 0.0, {}, "", 0, f"an array of {count_of} numbers is too large for it")
    count = min(count, max(FEWEST, OPERATIONS // work(claim)))
    judge = Judge(claim)
    largest, done, method = 0.0, 0, COMPLEX_STEP
    worst: Mapping[str, Any] = {}
    doubtful: list[tuple[float, Mapping[str, Any]]] = []
    agreeing: list[dict[str, Any]] = []
    for values, reason in points([function, result], judge.whole, 3 * count, seed, claim.variables):
        if done >= count:
            break
        if reason:
            return Verification(None, 0.0, {}, "", 0, reason)
        verdict, error, by = judge.at(values)
        method = by if by == DIFFERENCES else method
        if verdict == "wrong":
            return Verification(False, error, values, method, done + 1)
        if verdict == "doubtful":
            doubtful.append((error, values))
        if verdict == "agrees":
            done += 1
            agreeing.append(values)
            if not done > 1 or error > largest:
                largest, worst = error, values
    if len(doubtful) > done // 2:
        error, at = max(doubtful, key=lambda pair: pair[0])
        return Verification(False, error, at, method, done + len(doubtful))
    if not done:
        return Verification(None, 0.0, {}, "", 0, "at every random point rounding is larger than the result")
    if one := only_size(names_of_sizes(function, result, *variables), agreeing):
        return Verification(None, 0.0, {}, "", 0, f"no random point lies in the domain but where {one}")
    return Verification(True, largest, worst, method, done)
