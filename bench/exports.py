"""Exported code on every array library, compared with the tree's evaluation: ``python -m bench.exports [SECTION]``.

Needs the extra ``exports``. Sections: ``targets`` (the operator table and random expressions in NumPy,
array-api-strict, C, Julia, JAX, PyTorch and Dask), ``standard`` (one function of the Array API standard on each
library, in JAX also compiled and sharded by rows over four forced host devices), ``cluster`` (a Dask array larger than
a worker's memory).
The last line counts what is wrong, which is also the exit status.
"""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import array_api_strict
import dask.array as da
import jax
import jax.numpy as jnp
import numpy as np
import torch
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from mcalc.api import derive
from mcalc.numeric.evaluate import evaluate
from tests.exported import COMPILER, C, Case, Python, differing, julia, random_cases, symbols_in, table_cases
from tests.values import agree

jax.config.update("jax_enable_x64", True)
ROWS = 8
LENGTHS = {"N": ROWS, "n": 3, "m": 4, "k": 2, "h": 5}
ONE_FUNCTION = [
    ("1/N sum((y - max(0, X w + b)).^2)", "w", 1, "X: R^{N x n}; w: R^n; b: R; y: R^N"),
    ("sum(log(1 + exp(-y .* (X w)))) + b norm(w)^2", "w", 1, "X: R^{N x n}; y: R^N; w: R^n; b: R"),
    ("sum(log(1 + exp(-y .* (X w)))) + b norm(w)^2", "w", 2, "X: R^{N x n}; y: R^N; w: R^n; b: R"),
    ("normF(relu(X V) W - Y)^2", "V", 1, "V: R^{n x h}; W: R^{h x k}; X: R^{N x n}; Y: R^{N x k}"),
    ("normF(Y - U V')^2", "U", 2, "Y: R^{N x n}; U: R^{N x k}; V: R^{n x k}"),
    ("log(sum(exp(X w)))", "w", 2, "X: R^{N x n}; w: R^n"),
    ("softmax(X w)", "w", 1, "X: R^{N x n}; w: R^n"),
    ("v .* sin(u)", "u", 1, "u, v: R^N"),
    ("sum(sigmoid(X w)) + norm1(X w - y)", "w", 1, "X: R^{N x n}; w: R^n; y: R^N"),
]
"""A function of rows, and what it is differentiated by."""


def in_chunks(array: Any) -> Any:
    """Return a Dask array, its first axis cut in two; a square one stays whole, since inverses need square chunks."""
    if not array.ndim or array.shape[0] == array.shape[-1]:
        return da.from_array(array, chunks=-1) if array.ndim else array
    return da.from_array(array, chunks=((array.shape[0] + 1) // 2, *array.shape[1:]))


TARGETS: dict[str, Callable[[Case], Any]] = {
    "NumPy": Python("numpy", np.asarray),
    "array-api-strict": Python("array-api", array_api_strict.asarray),
    "PyTorch": Python("torch", torch.as_tensor),
    "Dask": Python("array-api", in_chunks),
    "Julia (read by these tests)": julia,
    "JAX, compiled": Python("jax", jnp.asarray),
}


def targets(count: int) -> int:
    """Run the operator table and random expressions in every target; return how many are wrong."""
    cases = [*table_cases(2), *random_cases(count)]
    print(f"{len(cases)} expressions and derivatives: every row of the table, and {count} random ones")
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        runs = dict(TARGETS)
        if COMPILER is not None:
            compiled = C(Path(folder))
            for case in cases:
                compiled.add(case)
            compiled.build()
            runs["C"] = compiled
        for name, run in runs.items():
            started = time.perf_counter()
            wrong, lacking = differing(run, cases)
            bad += len(wrong)
            missing = "".join([f"; {what}: {len(labels)}" for what, labels in lacking.items()])
            right = len(cases) - len(wrong) - sum([len(labels) for labels in lacking.values()])
            print(f"  {name:28} {right:5} right, {len(wrong)} wrong{missing} ({time.perf_counter() - started:.0f} s)")
            if wrong:
                print("     wrong:", ", ".join(wrong[:10]))
    return bad


def by_rows(mesh: Any, array: Any) -> Any:
    """Return a JAX array: rows over the devices of a mesh where there are as many as samples, else a copy on each."""
    rows = array.ndim > 0 and array.shape[0] == ROWS
    return jax.device_put(array, NamedSharding(mesh, PartitionSpec("rows") if rows else PartitionSpec()))


def standard() -> int:
    """Run one function of the standard on each library; return how many are wrong."""
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    libraries: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
        "NumPy": (np.asarray, lambda f: f),
        "PyTorch": (torch.as_tensor, lambda f: f),
        "JAX": (jnp.asarray, lambda f: f),
        "JAX, compiled": (jnp.asarray, jax.jit),
        "JAX, compiled, rows over 4 devices": (lambda array: by_rows(mesh, array), jax.jit),
        "Dask, rows in chunks": (in_chunks, lambda f: f),
        "array-api-strict": (array_api_strict.asarray, lambda f: f),
    }
    bad = 0
    rng = np.random.default_rng(0)
    found: dict[str, list[str]] = {name: [] for name in libraries}
    for expr, wrt, order, where in ONE_FUNCTION:
        d = derive(expr, wrt=wrt, where=where, order=order)
        function = d.compile("array-api")
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        shapes = {s.attr[0]: s.shape for s in [*symbols_in(d.body), *d.symbols]}
        values = {name: rng.normal(size=[LENGTHS[str(dim)] for dim in shapes[name]]) for name in names}
        want = evaluate(d.expr, values, d.symbols)
        for name, (array, prepared) in libraries.items():
            given = [array(np.asarray(values[argument])) for argument in names]
            if not agree(np.asarray(prepared(function)(*given)), want):
                found[name].append(expr)
                bad += 1
    for name, wrong in found.items():
        print(f"  {name:36} {len(ONE_FUNCTION) - len(wrong)} of {len(ONE_FUNCTION)} functions right {wrong or ''}")
    return bad


def cluster() -> int:
    """Compare the gradient of the sample loss on a cluster with NumPy's; return 1 where it differs.

    In a program of its own: the workers load what the program has loaded, and JAX and PyTorch would fill their memory.
    """
    done = subprocess.run([sys.executable, "-m", "bench.cluster"], capture_output=True, encoding="utf-8", check=False)
    print(f"  {done.stdout.strip() or done.stderr.strip()}")
    return done.returncode


def main() -> int:
    """Run the sections that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sections", nargs="*", default=["targets", "standard", "cluster"])
    parser.add_argument("--count", type=int, default=300, help="of random expressions")
    options = parser.parse_args()
    bad = 0
    for section in options.sections:
        print(section)
        bad += {"targets": lambda: targets(options.count), "standard": standard, "cluster": cluster}[section]()
    print(f"{bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
