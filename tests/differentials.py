"""The replay of derivations by differentials, and the long run: `python -m tests.differentials 500`.

For each random expression with a matrix in it: its derivation is told by differentials, and every line is replayed by
value at a random point and in a random direction dX. The last line must be the result of the engine.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from mcalc.calculus.derive import derivative_of
from mcalc.calculus.stories.differential_story import Untold, tell
from mcalc.calculus.stories.lines import ByDifferentials
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.sampling import names_of_sizes
from mcalc.render.text import unicode
from tests.derivations import at_positions, is_rounding
from tests.generator import SIZES, Generator
from tests.properties import usable
from tests.values import agree, random_values, variables

LONGEST = 14
OPERATORS = 10


def replay(told: ByDifferentials, seed: int) -> list[str]:
    """Evaluate both sides of every line at a random point; return the lines that do not hold."""
    rng = np.random.default_rng(seed)
    named = names_of_sizes(told.body, told.variable)
    sizes = {**SIZES, **{name: 2 + k % 4 for k, name in enumerate(named) if name not in SIZES}}
    values = {**random_values(told.direction, rng, sizes), **random_values(told.body, rng, sizes)}
    dx = values[told.direction.attr[0]]
    if told.variable.is_symmetric:
        values[told.direction.attr[0]] = (dx + dx.T) / 2
    wrong: list[str] = []
    for line in told.lines:
        sides = [told.settled(side) for side in (line.lhs, *line.rhs)]
        positions = {index: 1 for side in sides for index in side.free}
        want = evaluate(at_positions(sides[0], positions), values)
        if not usable(want):
            continue
        for side, settled in zip(line.rhs, sides[1:], strict=True):
            found = evaluate(at_positions(settled, positions), values)
            if not agree(found, want) and not is_rounding(settled, values, np.asarray(found) - np.asarray(want)):
                wrong.append(f"{unicode(line.lhs)} = {unicode(side)}   ({line.rule})")
    return wrong


def shown_lines(told: ByDifferentials) -> int:
    """Return how many lines a story has, its names counted as one."""
    return sum([1 if section.title == "Name" else len(section.lines) for section in told.sections])


def told_of(expr: Expr, variable: Expr) -> ByDifferentials:
    """Return the story of a derivative by differentials; raises Untold where there is none."""
    return tell(expr, variable, derivative_of(expr, [variable]))


def replay_seed(seed: int) -> list[str] | None:
    """Return what is wrong with the derivation of a seed; None where it has no matrix, or is not told so."""
    generator = Generator(seed)
    expr = generator.of((), 2 + seed % 2) if seed % 3 else generator.expression(2)
    choices = [variable for variable in variables(expr) if variable.order == 2]
    if not choices or expr.order > 2:
        return None
    variable = generator.random.choice(choices)
    if not usable(evaluate(expr, random_values(expr, np.random.default_rng(seed)))):
        return None
    try:
        told = told_of(expr, variable)
    except Untold:
        return None
    wrong = [f"seed {seed}: {line}" for line in replay(told, seed)]
    count = shown_lines(told)
    if count > LONGEST and sum([bool(node.args) for node in walk(expr)]) <= OPERATORS:
        wrong.append(f"seed {seed}: {count} lines for {unicode(expr)}")
    return wrong


def main(count: int, first: int = 0) -> int:
    """Replay `count` derivations; print what was found; return the number of wrong lines."""
    start = time.perf_counter()
    replayed = 0
    wrong: list[str] = []
    seed = first
    while replayed < count and seed < first + 40 * count:
        try:
            found = replay_seed(seed)
        except Mistake:
            found = None
        except Exception as problem:  # noqa: BLE001 - the run goes on, and tells of it
            found = [f"seed {seed}: {type(problem).__name__}: {problem}"]
        replayed += found is not None
        wrong += found or []
        seed += 1
    took = time.perf_counter() - start
    print(f"{replayed} derivations by differentials of {seed - first} seeds, {len(wrong)} lines wrong, {took:.0f} s")
    for line in wrong[:40]:
        print(line)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)))
