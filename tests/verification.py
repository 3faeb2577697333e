"""The check behind test_numeric_verify, and the long run: `python -m tests.verification 5000`.

For each random expression its derivative is verified as a user's is: none may be refused, few left unchecked.
"""

from __future__ import annotations

import sys
import time

from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.numeric.verify import verify
from tests.generator import Generator
from tests.values import variables


class Tally:
    """How many derivatives were verified, left unchecked, and refused."""

    def __init__(self) -> None:
        self.checked = 0
        self.unchecked: list[str] = []
        self.refused: list[str] = []


def verify_seed(seed: int, tally: Tally) -> None:
    """Verify the derivative of the expression of one seed."""
    generator = Generator(seed)
    expr = generator.expression(2 + seed % 2)
    choices = variables(expr)
    if not choices or expr.order > 2:
        return
    variable = generator.random.choice(choices)
    try:
        result = derivative_of(expr, [variable])
    except Mistake:
        return
    found = verify(expr, [variable], result, seed=seed)
    if found.ok is None:
        tally.unchecked.append(f"seed {seed}: {found.reason}")
    elif found.ok:
        tally.checked += 1
    else:
        tally.refused.append(f"seed {seed}: {found}")


def main(count: int, first: int = 0) -> int:
    """Verify `count` derivatives, print what became of them, and return how many were refused."""
    tally = Tally()
    seed = first
    start = time.perf_counter()
    while tally.checked + len(tally.unchecked) + len(tally.refused) < count:
        verify_seed(seed, tally)
        seed += 1
    spent = time.perf_counter() - start
    print(f"{tally.checked} checked, {len(tally.unchecked)} not, {len(tally.refused)} refused, {spent:.0f} s")  # noqa: T201
    for line in [*tally.refused[:20], *tally.unchecked[:20]]:
        print(line)  # noqa: T201
    return len(tally.refused)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
