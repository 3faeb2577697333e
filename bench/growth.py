"""Growth: how the time of each family of statements grows with its size, over the last two doublings.

    python bench/growth.py [--search] [--only WORDS]

A statement is read, derived and printed. The exponent is that of the time, 1 where it is linear; where the text of the
answer grows faster than the statement, it is that of the time by the length of the text. Each family is measured at the
size where it once took two seconds, at a half and at a quarter of it; `--search` looks for the size that takes two
seconds now. Exits with 1 where an exponent is above 1.2.
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mcalc.__main__ import OBJECTS
from mcalc.api import derive
from mcalc.shell.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1.2
LONG = 2.0
LARGEST = 1 << 17
ROUNDS = 3


def nested(before: str, inner: str, after: str, count: int) -> str:
    """Return a text around which the same stands many times."""
    return before * count + inner + after * count


def derived(text: str, wrt: str | list[str], where: str = "", order: int = 1) -> str:
    """Return the text of a derivative."""
    return derive(text, wrt=wrt, where=where, order=order).text


def definitions(count: int) -> str:
    """Run a file of definitions, each of which uses the one before, and the derivative of the last."""
    session = Session()
    session.run("f_0 = sin(x)")
    for k in range(1, count):
        session.run(f"f_{k} = sin(f_{k - 1}) + x")
    value = session.run(f"d/dx f_{count - 1}").value
    assert value is not None
    return value.text


def network(layers: int) -> str:
    """Return the derivative of a network of tanh layers by its first weights."""
    text = "x"
    where = "x, v: R^n"
    for k in range(1, layers + 1):
        text = f"tanh(W_{k} {text})"
        where += f"; W_{k}: R^{{n x n}}"
    return derived(f"v' {text}", "W_1", where)


def names(letter: str, count: int) -> list[str]:
    """Return names with numbers."""
    return [f"{letter}_{k}" for k in range(1, count + 1)]


def matrices(count: int) -> str:
    """Return the declaration of matrices with numbers."""
    return f"{', '.join(names('A', count))}: R^{{n x n}}"


def vectors(count: int) -> str:
    """Return the declaration of x and of vectors with numbers."""
    return f"x, {', '.join(names('a', count))}: R^n"


FAMILIES: dict[str, tuple[Callable[[int], str], int]] = {
    "layer-normalised nets by x": (
        lambda n: derived(nested("layernorm(W ", "x", ")", n), "x", "x: R^n; W: R^{n x n}"),
        8,
    ),
    "nested softmax": (lambda n: derived(nested("softmax(", "x", ")", n), "x", "x: R^n"), 64),
    "second derivative of a chain": (lambda n: derived(nested("sin(", "x", ")", n), "x", order=2), 512),
    "tr(X ⋯ X)": (lambda n: derived(f"tr({' '.join(['X'] * n)})", "X", "X: R^{n x n}"), 96),
    "long matrix products": (
        lambda n: derived(f"v' {' '.join(names('A', n))} x", "x", f"v, x: R^n; {matrices(n)}"),
        512,
    ),
    "traces of long products": (
        lambda n: derived(f"tr({' '.join(names('A', n))} X)", "X", f"X: R^{{n x n}}; {matrices(n)}"),
        512,
    ),
    "sums of vectors": (
        lambda n: derived(" + ".join([f"sin({a} · x)" for a in names("a", n)]), "x", vectors(n)),
        8192,
    ),
    "sums of matrix products": (
        lambda n: derived(" + ".join([f"x' {a} x" for a in names("A", n)]), "x", f"x: R^n; {matrices(n)}"),
        1024,
    ),
    "blocks of many entries": (
        lambda n: derived(f"[{'; '.join([f'sin({x})' for x in names('x', n)])}]", "x", f"x: R^{n}"),
        512,
    ),
    "gradient by many names": (lambda n: derived(f"sin({' + '.join(names('x', n))})", names("x", n)), 2048),
    "tanh nets by W₁": (network, 512),
    "files of definitions": (definitions, 4096),
    "nested max": (lambda n: derived(nested("max(0, ", "x", " + 1)", n), "x"), 1024),
    "nested sqrt": (lambda n: derived(nested("sqrt(1 + ", "x", ")", n), "x"), 256),
}
"""Families, each with the size where it once took two seconds."""


def measured(make: Callable[[int], str], size: int, rounds: int = ROUNDS) -> tuple[float, int]:
    """Return the least processor time of some rounds, and the length of the text."""
    least, length = float("inf"), 0
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        length = len(make(size))
        least = min(least, time.process_time() - start)
        if least > LONG:
            break
    return least, length


def sought(make: Callable[[int], str]) -> int:
    """Return the first power of two that takes two seconds, or a size that is large enough."""
    size = 4
    while size < LARGEST and measured(make, size, 1)[0] < LONG:
        size *= 2
    return size


def main() -> int:
    """Print a line for each family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    gc.set_threshold(OBJECTS)  # as the command has it
    missed = 0
    print("| family | size | seconds at a quarter, a half, all of it | exponent |\n|---|---|---|---|")
    for name, (make, known) in FAMILIES.items():
        if options.only not in name:
            continue
        size = sought(make) if options.search else known
        found = [measured(make, size // part) for part in (4, 2, 1)]
        longer = max(1.0, math.log2(found[-1][1] / found[0][1]) / 2)
        exponent = math.log2(found[-1][0] / found[0][0]) / 2 / longer
        missed += exponent > MOST
        times = ", ".join([f"{seconds:.3f}" for seconds, _ in found])
        print(f"| {name} | {size} | {times} | {exponent:.2f} |", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
