"""Problems with known answers, and random linear ones: what is solved is held against them by value.

`python -m tests.solving 500` solves so many random linear and Sylvester equations and prints the largest residual.
"""

from __future__ import annotations

import inspect
import random
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

import mcalc
from mcalc.export.code_words import identifiers
from mcalc.numeric.evaluate import evaluate
from mcalc.solving.solution import Solution

GOLDEN = Path(__file__).parent / "golden" / "solve.txt"
DRAWS = 3
"""Random data at which each answer is compared."""
ATTEMPTS = 60
CLOSE = 1e-6


class Problem:
    """A line of the golden file."""

    def __init__(self, line: str) -> None:
        parts = [part.strip() for part in re.split(r" \|(?= |$)", line)]
        self.statement, self.where, answer, self.nature, self.needs, *_ = [*parts, "", ""]
        found = re.search(r" up to (\w+)$", answer)
        self.up_to = found[1] if found else ""
        self.declined = answer == "declined"
        self.answers = [
            dict([[side.strip() for side in equation.split("=", 1)] for equation in one.split(";")])
            for one in re.sub(r" up to \w+$", "", answer).split(" or ")
            if not self.declined
        ]

    def solve(self) -> Solution:
        """Return what mcalc makes of it."""
        return mcalc.solve(self.statement, where=self.where)


def problems() -> list[Problem]:
    """Return the problems of the golden file."""
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [Problem(line) for line in lines if line.strip() and not line.startswith("#")]


def points_of(solution: Solution) -> list[dict[str, Any]]:
    """Return the points of a solution, one or several."""
    found = solution.solution
    return found if isinstance(found, list) else [found]


def differing(problem: Problem, solution: Solution) -> str:
    """Return how a solution differs from the known answers at random data; "" where it does not."""
    data = solution.points[0].looked.data
    compared = 0
    for attempt in range(ATTEMPTS):
        values = data.solved(solution.points[0].solution, attempt)
        if values is None:
            continue
        wanted = [
            {k: np.asarray(mcalc.parse(text, where=problem.where).evaluate(values)) for k, text in answer.items()}
            for answer in problem.answers
        ]
        missing = list(range(len(wanted)))
        for point in points_of(solution):
            got = {name: np.asarray(value.evaluate(values)) for name, value in point.items()}
            hits = [k for k, want in enumerate(wanted)
                    if got.keys() == want.keys() and _same(problem, solution, values, got, want)]  # fmt: skip
            if not hits:
                return f"{got} is none of {wanted}"
            missing = [k for k in missing if k not in hits]
        if missing and not problem.up_to:
            return f"{wanted[missing[0]]} is not found"
        compared += 1
        if compared == DRAWS:
            return ""
    return "too few data at which there is a value"


def _close(a: Any, b: Any) -> bool:
    return bool(a.shape == b.shape and np.abs(a - b).max(initial=0) <= CLOSE * max(1, np.abs(b).max(initial=0)))


def _same(problem: Problem, solution: Solution, values: Any, got: Any, want: Any) -> bool:
    if problem.up_to == "value":
        objective = solution.problem.objective
        assert objective is not None
        return _close(*[evaluate(objective, {**values, **one}, solution.problem.symbols) for one in (got, want)])
    if problem.up_to == "sign":
        return any(all(_close(sign * got[k], want[k]) for k in want) for sign in (1, -1))
    if problem.up_to == "scale":
        return all(
            _close(sign * got[k] / np.linalg.norm(got[k]), want[k] / np.linalg.norm(want[k]))
            for k in want
            for sign in [np.sign(np.sum(got[k] * want[k]))]
        )
    return all(_close(got[k], want[k]) for k in want)


def exported(solution: Solution) -> str:
    """Return how the code of a solution differs from it at random data; "" where it does not."""
    [point] = solution.points
    space: dict[str, Any] = {}
    exec(solution.to("numpy"), space)
    function = next(value for name, value in space.items() if name.startswith(("solve_", "solution")))
    for attempt in range(ATTEMPTS):
        values = point.looked.data.solved(point.solution, attempt)
        if values is None:
            continue
        names = identifiers(list(values))
        given = {names[name]: value for name, value in values.items()}
        found = function(*[given[name] for name in inspect.signature(function).parameters])
        for value, unknown in zip(found if isinstance(found, tuple) else (found,), point.solution, strict=True):
            if not _close(np.asarray(value), np.asarray(values[unknown.attr[0]])):
                return f"{unknown.attr[0]}: {value}, not {values[unknown.attr[0]]}"
        return ""
    return "no data at which there is a value"


# random linear equations -----------------------------------------------------------------------------------------

DECLARED = "A, E: R^{m x m}; B, F: R^{n x n}; P: R^{m x m} posdef; C, D, X: R^{m x n}; u, v, x: R^m; s: R > 0"
VECTORS = ("A x", "s x", "P x", "A E x", "A' x", "u (v · x)", "u (v' E x)")
MATRICES = ("A X", "X B", "A X B", "s X", "P X", "E X F", "A' X", "X B'", "P X F", "A X + X B", "E A X")


def random_equation(seed: int) -> tuple[str, str]:
    """Return a random linear equation, and the name of what is not known in it."""
    rng = random.Random(seed)
    kind, unknown, rest = rng.choice([(VECTORS, "x", ("u", "v", "u + v")), (MATRICES, "X", ("C", "D", "C - 2 D"))])
    terms = rng.sample(kind, rng.choice((1, 1, 2, 2, 3)))
    if unknown == "x" and all("u (" in term for term in terms):
        terms.append("P x")
    left = " ".join([terms[0], *[f"{rng.choice('+-')} {term}" for term in terms[1:]]])
    return f"{left} = {rng.choice(rest)}", unknown


def residual(seed: int) -> float:
    """Return how far the two sides of a random equation are apart where it is solved, relative to their terms."""
    text, unknown = random_equation(seed)
    solution = mcalc.solve(text, over=unknown, where=DECLARED)
    assert not solution.declined, f"{text}: {solution.declined}"
    [point] = solution.points
    [equation] = solution.problem.equations
    for attempt in range(ATTEMPTS):
        values = point.looked.data.solved(point.solution, attempt)
        if values is not None:
            # The equation is linear: a solution scaled by ten shows how large its terms are.
            there, far = [
                evaluate(equation, {**values, unknown: factor * values[unknown]}, solution.problem.symbols)
                for factor in (1, 10)
            ]
            return float(np.abs(there).max(initial=0.0) / max(1.0, np.abs(far).max(initial=0.0)))
    raise AssertionError(f"{text}: no data")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(f"{count} random equations: largest residual {max(map(residual, range(count))):.1e}")
