"""What the check of a result costs, and how soon text becomes a number.

    python bench/check.py [--rounds 9]

For typical statements: milliseconds to derive and print, to check at 8 random points, and from text to the first number
of its derivative, NumPy being loaded; each is the median of new texts, so that nothing is remembered. Then the CPU of
whole processes with and without the check, and of loading NumPy, which the first check does.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import mcalc

STATEMENTS = (
    ("max(0, w·x + b)", "w", None),
    ("sum(w ⊗ x)", "w", None),
    ("x^T A x", "x", "x: R^n; A: R^{n x n}"),
    ("1/2 ‖X w - y‖² + λ/2 ‖w‖²", "w", "X: R^{m x n}; w: R^n; y: R^m; λ: R"),
    ("1/m sum_{i=1}^{m} (y_i - max(0, w·x_i + b))^2", "w", "X: R^{m x n}; w: R^n; y: R^m; b: R"),
    ("sum(softplus(-y ⊗ (X w)))", "w", "X: R^{m x n}; w: R^n; y: R^m"),
    ("softmax(W x)", "x", "W: R^{m x n}; x: R^n"),
    ("logsumexp(A x)", "x", "A: R^{m x n}; x: R^n"),
    ("logdet(A)", "A", "A: R^{n x n}"),
    ("‖X - U V‖²", "U", "X: R^{m x n}; U: R^{m x k}; V: R^{k x n}"),
    ("sum(tanh(V sigmoid(W x)))", "W", "W: R^{m x n}; V: R^{k x m}; x: R^n"),
    ("tr(A^T A B)", "A", "A, B: R^{n x n}"),
)
SIZES = {"m": 5, "n": 3, "k": 2}


def milliseconds(of: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    of()
    return (time.perf_counter() - start) * 1000


def values(read: mcalc.Derivative) -> dict[str, object]:
    """Return values for the variables of a derivative."""
    rng = np.random.default_rng(0)
    found: dict[str, object] = {}
    for node in read.symbols:
        if node.op.name == "symbol":
            name, shape, _ = node.attr
            found[name] = rng.uniform(0.5, 1.5, size=[SIZES.get(str(dim), 3) for dim in shape])
    return found


def cpu(arguments: list[str]) -> float:
    """Return the CPU milliseconds of a Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    mcalc.derive("sin(z)", wrt="z").check()  # loads the grammar, and what the check needs
    print(f"{'':48} derive   check   text to number, ms")
    series: list[list[float]] = []
    for text, wrt, where in STATEMENTS:
        times: list[list[float]] = []
        given = values(mcalc.derive(text, wrt=wrt, where=where))
        for turn in range(rounds):

            def derived(added: int, text: str = text, wrt: str = wrt, where: str | None = where) -> mcalc.Derivative:
                return mcalc.derive(f"{text} + {added}", wrt=wrt, where=where)  # a new text each time

            derive = milliseconds(lambda turn=turn: derived(2 * turn + 2).text)  # type: ignore[misc]
            number = milliseconds(lambda turn=turn, given=given: derived(2 * turn + 3).evaluate(given))  # type: ignore[misc]
            times.append([derive, milliseconds(derived(0).check), number])
        medians = [statistics.median(column) for column in zip(*times, strict=True)]
        series.append(medians)
        print(f"{text:48} {medians[0]:6.1f}  {medians[1]:6.1f}  {medians[2]:6.1f}")
    columns = list(zip(*series, strict=True))
    print(f"{'median':48} {'  '.join([f'{statistics.median(column):6.1f}' for column in columns])}")
    print(f"{'largest':48} {'  '.join([f'{max(column):6.1f}' for column in columns])}")
    plain, checked, loading, bare = [], [], [], []
    command = ["-m", "mcalc", "diff", "max(0, w·x + b)", "--wrt", "w"]
    for _ in range(rounds):
        plain.append(cpu([*command, "--no-check"]))
        checked.append(cpu([*command, "--check"]))
        loading.append(cpu(["-c", "import numpy"]))
        bare.append(cpu(["-c", "pass"]))
    extra = [a - b - (c - d) for a, b, c, d in zip(checked, plain, loading, bare, strict=True)]
    print(
        f"process: {statistics.median(plain):.0f} ms CPU, with the check {statistics.median(checked):.0f}; "
        f"beyond loading NumPy {statistics.median(extra):.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
