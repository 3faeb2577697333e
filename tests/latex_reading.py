"""LaTeX that mcalc prints, read back; `python -m tests.latex_reading 2000` is the long run of the test."""

from __future__ import annotations

import sys
import time

from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.render.latex_face import latex
from mcalc.render.quotients import gathered
from tests.generator import DIFFERENTIABLE, Generator
from tests.reading import misread, under_other_names
from tests.values import variables


def reads_back(expr: Expr) -> str:
    """Return "" where the LaTeX of an expression, long and brief, is read as the same object, else what went wrong."""
    return misread(gathered(expr), [latex(expr, brief=brief) for brief in (False, True)], "latex")


def expressions(seed: int) -> list[Expr]:
    """Return the random expression of a seed and, for every other one, its derivative by one of its variables."""
    generator = Generator(seed)
    if seed % 3 == 1:
        expr = generator.featuring(DIFFERENTIABLE[seed // 3 % len(DIFFERENTIABLE)], 1 + seed % 2, scalar=False)
    else:
        expr = generator.listed(1) if seed % 7 == 0 else generator.expression(2 + seed % 3)
    found = [expr]
    choices = variables(expr)
    if choices and expr.order <= 2 and seed % 2 == 0:
        try:
            found.append(derivative_of(expr, [generator.random.choice(choices)]))
        except Mistake:
            return found
    return found


def hostile(seed: int) -> list[Expr]:
    """Return the expressions of a seed, every other time under names that indices and functions have too."""
    found = expressions(seed)
    return [under_other_names(expr, seed) for expr in found] if seed // 6 % 2 else found


def main(count: int, first: int = 0) -> int:
    """Check `count` seeds, print what was found, and return the number of wrong ones."""
    start = time.perf_counter()
    read = 0
    wrong: list[str] = []
    for seed in range(first, first + count):
        for expr in hostile(seed):
            read += 1
            slip = reads_back(expr)
            if slip:
                wrong.append(f"seed {seed}: {slip}")
    print(f"{read} read back, {len(wrong)} wrong, {time.perf_counter() - start:.0f} s")
    for line in wrong[:20]:
        print(line)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(*[int(argument) for argument in sys.argv[1:]])))
