"""Deep and shared expressions: time at 10,000 and at 100,000 levels, and their ratio.

    python bench/depth.py

Each line is one kind of nesting: parse, derive, print and evaluate are timed apart. A ratio of 10 is linear growth. The
last line is `f ← f · exp(f)`, 64 times, whose tree would have 2^64 leaves.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

from mcalc.calculus.derive import derivative_of
from mcalc.expr import Expr, make
from mcalc.notation import Scope, read_expression
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import mul
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import symbol
from mcalc.render.text import unicode

KINDS: dict[str, Callable[[int], str]] = {
    "nested calls": lambda n: "sin(" * n + "x" + ")" * n,
    "nested sums": lambda n: "(x + " * n + "x" + ")" * n,
    "a long sum": lambda n: " + ".join(["x"] * n),
    "nested products": lambda n: "(x sin(y) " * n + "x" + ")" * n,
    "unary minus": lambda n: "-" * n + "x",
    "nested powers": lambda n: "(" * n + "x" + " + 1)^2" * n,
    "parentheses": lambda n: "(" * n + "x" + ")" * n,
}
LEVELS = (10_000, 100_000)
ROUNDS = 3


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the processor time of a call, and its value."""
    gc.collect()
    start = time.process_time()
    value = work()
    return time.process_time() - start, value


def stages(text: str) -> list[float]:
    """Return the times to parse, derive, print and evaluate one expression."""
    x = symbol("x")
    scope = Scope()
    scope.variables.update(x=x, y=symbol("y"))
    parse, expr = timed(lambda: read_expression(text, scope).expr)
    assert isinstance(expr, Expr)
    derive, result = timed(lambda: derivative_of(expr, [x]))
    assert isinstance(result, Expr)
    shown, _ = timed(lambda: unicode(result))
    value, _ = timed(lambda: evaluate(result, {"x": 0.3, "y": 0.2}))
    return [parse, derive, shown, value]


def main() -> None:
    """Print a line for each kind of nesting."""
    heads = " ".join(f"{head:>7}" for head in ("parse", "derive", "print", "value", "all"))
    print(f"{'':16} {'levels':>8} {heads}  ratio of {LEVELS[1]:,} to {LEVELS[0]:,} levels")
    for name, text_of in KINDS.items():
        totals = []
        for levels in LEVELS:
            rounds = [stages(text_of(levels)) for _ in range(ROUNDS)]
            medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
            totals.append(sum(medians))
            print(f"{name:16} {levels:8} " + " ".join(f"{t:7.2f}" for t in medians) + f" {totals[-1]:7.2f}", end="")
            print(f"  {totals[1] / totals[0]:.1f}" if len(totals) > 1 else "")
    f = x = symbol("x")
    for _ in range(64):
        f = mul(f, make(EXP, (f,)))
    derive, result = timed(lambda: derivative_of(f, [x]))
    assert isinstance(result, Expr)
    shown, text = timed(lambda: unicode(result))
    times = f"{derive * 1000:.0f} ms to derive, {shown * 1000:.0f} ms to print"
    print(f"f ← f·exp(f), 64 times: {times} {len(str(text))} characters")


if __name__ == "__main__":
    main()
