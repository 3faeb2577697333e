"""Values of large data: `mcalc eval` beside NumPy by hand, time of the processor and peak memory of whole processes.

    python bench/data.py [--rows 200000] [--rounds 3]

The loss is Σ max(0, y - X w)² of as many rows and a hundred columns, and its gradient. Both read the data from the same
files, which are mapped into memory, and print the loss and the gradient.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = 100
MOST = 1.15
SMALL = 10
BY_HAND = """
import numpy as np
X, y, w = [np.load(name, mmap_mode="r") for name in ("X.npy", "y.npy", "w.npy")]
rest = np.maximum(0, y - X @ w)
print(rest @ rest)
print(-2 * (rest @ X))
"""
MEASURED = """
import resource, sys
{}
spent = resource.getrusage(resource.RUSAGE_SELF)
sys.stderr.write(f"{{spent.ru_utime + spent.ru_stime}} {{spent.ru_maxrss}}")
"""
MCALC = """
from mcalc.__main__ import main
code = main(["eval", "sum(max(0, y - X w)^2)", "--wrt", "w", "--limit", "elements=0", "--limit", "bytes=0",
             "--set", "X=X.npy", "--set", "y=y.npy", "--set", "w=w.npy"])
if code:
    sys.exit(code)
"""


def measured(code: str, folder: str) -> tuple[float, float]:
    """Return the seconds of the processor and the peak memory in MiB of a program."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", MEASURED.format(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    seconds, memory = done.stderr.split()[-2:]
    return float(seconds), int(memory) / 1024


def main() -> int:
    """Print both, and how many times as much mcalc takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    small, large = [compared(rows, options.rounds) for rows in (SMALL, options.rows)]
    print(f"| {options.rows} × {COLUMNS} | mcalc eval | by hand | ratio |\n|---|---|---|---|")
    line("time", "s", *[one[0] for one in large])
    within = line("time less that of 10 rows", "s", *[all_[0] - few[0] for all_, few in zip(large, small, strict=True)])
    memory = line("peak memory", "MiB", *[one[1] for one in large])
    return int(max(within, memory) > MOST)


def line(what: str, unit: str, own: float, hand: float) -> float:
    """Print a line of the table, and return how many times as much mcalc takes."""
    print(f"| {what} | {own:.2f} {unit} | {hand:.2f} {unit} | {own / hand:.2f} |")
    return own / hand


def compared(rows: int, rounds: int) -> list[tuple[float, float]]:
    """Return the time and the memory of mcalc, and those by hand."""
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder, "X.npy"), rng.normal(size=(rows, COLUMNS)))
        np.save(Path(folder, "y.npy"), rng.normal(size=rows))
        np.save(Path(folder, "w.npy"), rng.normal(size=COLUMNS))
        found = [[measured(code, folder) for code in (MCALC, BY_HAND)] for _ in range(rounds)]
    return [
        (statistics.median([one[who][0] for one in found]), statistics.median([one[who][1] for one in found]))
        for who in (0, 1)
    ]


if __name__ == "__main__":
    sys.exit(main())
