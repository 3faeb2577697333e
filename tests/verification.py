"""The check behind test_numeric_verify, and the long run: `python -m tests.verification 5000`.

For each random expression its derivative is verified as a user's is: none may be refused, few left unchecked. Every row
of the operator table has its turn; every fourth derivative is a second one, with the first one verified on the way.
"""

from __future__ import annotations

import sys
import time

from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.numeric.judging import Claim
from mcalc.numeric.verify import verify_all
from tests.generator import DIFFERENTIABLE, Generator
from tests.values import variables


class Tally:
    """How many derivatives were verified, by how many points at least, left unchecked, refused, and not found."""

    def __init__(self) -> None:
        self.checked = 0
        self.few: list[str] = []
        self.unchecked: list[str] = []
        self.refused: list[str] = []
        self.crashed: list[str] = []

    @property
    def total(self) -> int:
        return self.checked + len(self.unchecked) + len(self.refused)


def verify_seed(seed: int, tally: Tally) -> None:
    """Verify the derivative of the expression of one seed."""
    generator = Generator(seed)
    order = 2 if seed % 4 == 3 else 1
    if seed % 3 == 1 or order == 2:
        rows = DIFFERENTIABLE
        expr = generator.featuring(rows[seed // 4 % len(rows)], 1 + seed % 2, scalar=order == 2)
    else:
        expr = generator.expression(2 + seed % 2)
    choices = variables(expr)
    if not choices or expr.order > 2:
        return
    variable = generator.random.choice(choices)
    claims: list[Claim] = []
    try:
        for _ in range(order):
            result = derivative_of(expr, [variable])
            claims.append(Claim(expr, [variable], result))
            expr = result
    except Mistake:
        return
    except Exception as trouble:  # noqa: BLE001 - the run goes on, and tells of it
        tally.crashed.append(f"seed {seed}: {type(trouble).__name__}: {trouble}")
        return
    found = verify_all(claims, seed=seed)
    if found.ok is None:
        tally.unchecked.append(f"seed {seed}: {found.reason}")
    elif found.ok:
        tally.checked += 1
        if found.points < 8:
            tally.few.append(f"seed {seed}: {found}")
    else:
        tally.refused.append(f"seed {seed}: {found}")


def main(count: int, first: int = 0) -> int:
    """Verify `count` derivatives, print what became of them, and return how many were refused or not found."""
    tally = Tally()
    seed = first
    start = time.perf_counter()
    while tally.total < count:
        verify_seed(seed, tally)
        seed += 1
    spent = time.perf_counter() - start
    counts = f"{tally.checked} checked ({len(tally.few)} at fewer than 8 points), {len(tally.unchecked)} not"
    print(f"{counts}, {len(tally.refused)} refused, {len(tally.crashed)} crashed, {spent:.0f} s")
    for line in [*tally.crashed[:20], *tally.refused[:20], *tally.unchecked[:20], *tally.few[:20]]:
        print(line)
    return len(tally.refused) + len(tally.crashed)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
