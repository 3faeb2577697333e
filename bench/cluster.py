"""The gradient of the sample loss on a Dask array larger than a worker's memory, on a cluster of this machine.

    python -m bench.cluster [--rows 500000] [--columns 150] [--workers 2] [--memory 400]

Needs the extra ``exports``. The chunks of X are made on the workers, so X never lies anywhere as a whole; NumPy's
answer is added up from the same chunks, one at a time. Prints the sizes, the time, and the largest difference relative
to the largest entry.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import numpy as np

from mcalc.api import derive

CHUNK = 20_000
"""Rows of a chunk."""
LOSS = ("1/N sum((y - max(0, X w + b)).^2)", "w", "X: R^{N x n}; w: R^n; b: R; y: R^N")


class Outcome:
    """What was seen: how large, how long, and how far from NumPy."""

    def __init__(self, text: str, error: float) -> None:
        self.text = text
        self.error = error


def rows_of(number: int, columns: int, rows: int) -> Any:
    """Return one chunk of X, the same wherever it is made."""
    return np.random.default_rng(number).normal(size=(rows, columns))


def on_a_cluster(*, rows: int, columns: int, workers: int, memory_mb: int) -> Outcome:
    """Return how the exported gradient on a cluster of workers, each with so much memory, compares with NumPy's."""
    import dask
    import dask.array as da
    from dask.distributed import Client, LocalCluster

    rng = np.random.default_rng(0)
    w, b, y = rng.normal(size=columns), 0.1, rng.normal(size=rows)
    starts = range(0, rows, CHUNK)
    gradient = derive(*LOSS).compile("array-api")
    made = dask.delayed(rows_of)
    blocks = [
        da.from_delayed(made(k, columns, min(CHUNK, rows - k)), (min(CHUNK, rows - k), columns), dtype=float)
        for k in starts
    ]
    samples = da.concatenate(blocks)
    size = samples.nbytes / 1e6
    assert size > memory_mb, "the data fits into one worker"
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "60s"}),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, memory_limit=f"{memory_mb}MB", dashboard_address=None
        ) as local,
        Client(local),
    ):
        started = time.perf_counter()
        found = gradient(da.from_array(y, chunks=CHUNK), samples, da.from_array(w), b).compute()
        seconds = time.perf_counter() - started
    plain = derive(*LOSS).compile("numpy")
    want = np.zeros(columns)
    for k in starts:
        part = rows_of(k, columns, min(CHUNK, rows - k))
        want += plain(y[k : k + len(part)], part, w, b) * len(part) / rows
    error = float(np.max(np.abs(found - want)) / np.max(np.abs(want)))
    text = (
        f"X of {rows:,} × {columns}, {size:.0f} MB in {len(blocks)} chunks, {workers} workers of {memory_mb} MB each: "
        f"{seconds:.1f} s, differs from NumPy by {error:.1e}"
    )
    return Outcome(text, error)


def main() -> int:
    """Run once, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("rows", 500_000), ("columns", 150), ("workers", 2), ("memory", 400)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    outcome = on_a_cluster(
        rows=options.rows, columns=options.columns, workers=options.workers, memory_mb=options.memory
    )
    print(outcome.text)
    return 0 if outcome.error < 1e-9 else 1


if __name__ == "__main__":
    sys.exit(main())
