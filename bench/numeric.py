"""Exported NumPy functions beside the best hand-written closed forms, and beside JAX and torch.func where they are.

    python bench/numeric.py [--peers PYTHON] [--rounds 9] [--only NAME]

Times are interleaved, round by round, on one thread; a figure is the median of the rounds' ratios. The peers run in an
environment of their own, PYTHON, on the same work in the same run; what they compute is compared with ours at 1e-6.
"""

from __future__ import annotations

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

Arrays = dict[str, Any]


class Workload:
    """A question, the sizes it is asked at, the best code by hand, and the same for the peers as text."""

    def __init__(
        self, name: str, expr: str, wrt: str, where: str, hand: Callable[..., Any], peer: str,
        sizes: list[dict[str, int]], order: int = 1, arguments: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self.expr = expr
        self.wrt = wrt
        self.where = where
        self.hand = hand
        self.peer = peer
        self.sizes = sizes
        self.order = order
        self.arguments = arguments.split() if arguments else []


def sigmoid(z: Any) -> Any:
    """Return the logistic function."""
    return 1 / (1 + np.exp(-z))


def logistic_hessian(X: Any, y: Any, w: Any) -> Any:
    """Return Xᵀ D X as BᵀB, which takes half the time."""
    s = sigmoid(-y * (X @ w))
    Z = np.sqrt(y * y * s * (1 - s))[:, None] * X
    return Z.T @ Z


def factorization_hessian(Y: Any, U: Any, V: Any) -> Any:
    """Return 2 VᵀV in each diagonal block."""
    m, k = U.shape
    H = np.zeros((m, k, m, k))
    np.einsum("ijil->ijl", H)[...] = 2 * (V.T @ V)
    return H


def lse_hessian(x: Any) -> Any:
    """Return diag(p) - p pᵀ."""
    p = np.exp(x - x.max())
    p /= p.sum()
    H = p[:, None] * -p
    H.flat[:: len(x) + 1] += p
    return H


def diagonal(d: Any) -> Any:
    """Return a diagonal matrix."""
    H = np.zeros((len(d), len(d)))
    H.flat[:: len(d) + 1] = d
    return H


def sample_loss(X: Any, w: Any, b: Any, y: Any) -> Any:
    """Return the gradient of the paper's loss."""
    z = X @ w + b
    return 2 / len(y) * ((np.maximum(z, 0) - y) * (z > 0) @ X)


def two_layer(W1: Any, W2: Any, X: Any, Y: Any) -> Any:
    """Return the gradient by the first weights, as back-propagation has it."""
    Z = X @ W1
    return 2 * X.T @ (((np.maximum(Z, 0) @ W2 - Y) @ W2.T) * (Z > 0))


def two_layer_hessian(W1: Any, W2: Any, X: Any, y: Any) -> Any:
    """By the first weights, of one output: rows of (mask ⊗ w2) ⊗ x, squared."""
    mask = (X @ W1 > 0) * W2
    n, h = W1.shape
    rows = (X[:, :, None] * mask[:, None, :]).reshape(len(X), n * h)
    return (2 * rows.T @ rows).reshape(n, h, n, h)


LOGISTIC = "sum(log(1 + exp(-y .* (X w))))"
N_BY_N = "X: R^{N x n}; y: R^N; w: R^n"
JAXSUM = "jnp.sum(jnp.log1p(jnp.exp(-y * (X @ w))))"
WORKLOADS = [
    Workload("sum(w⊗x) gradient", "sum(w .* x)", "w", "w, x: R^n", lambda w, x: x, "jnp.sum(w * x)",
             [{"n": 1000}, {"n": 1_000_000}]),
    Workload("max(0, w·x+b) gradient", "max(0, w . x + b)", "w", "w, x: R^n; b: R",
             lambda w, x, b: x if w @ x + b > 0 else np.zeros_like(x), "jnp.maximum(0, w @ x + b)",
             [{"n": 1000}, {"n": 1_000_000}]),
    Workload("sample loss gradient", "1/N sum((y - max(0, X w + b)).^2)", "w", "X: R^{N x n}; w: R^n; b: R; y: R^N",
             sample_loss, "jnp.mean((y - jnp.maximum(0, X @ w + b))**2)",
             [{"N": 100, "n": 10}, {"N": 10_000, "n": 100}, {"N": 200_000, "n": 100}]),
    Workload("logistic gradient", LOGISTIC, "w", N_BY_N, lambda X, y, w: -(y * sigmoid(-y * (X @ w))) @ X, JAXSUM,
             [{"N": 10_000, "n": 100}, {"N": 200_000, "n": 100}]),
    Workload("logistic Hessian", LOGISTIC, "w", N_BY_N, logistic_hessian, JAXSUM,
             [{"N": 10_000, "n": 100}, {"N": 4000, "n": 800}], order=2),
    Workload("matrix factorisation gradient", "normF(Y - U V')^2", "U", "Y: R^{m x n}; U: R^{m x k}; V: R^{n x k}",
             lambda Y, U, V: 2 * (U @ V.T - Y) @ V, "jnp.sum((Y - U @ V.T)**2)", [{"m": 200, "n": 300, "k": 5}]),
    Workload("matrix factorisation Hessian", "normF(Y - U V')^2", "U", "Y: R^{m x n}; U: R^{m x k}; V: R^{n x k}",
             factorization_hessian, "jnp.sum((Y - U @ V.T)**2)",
             [{"m": 50, "n": 60, "k": 5}, {"m": 200, "n": 300, "k": 5}], order=2),
    Workload("two-layer gradient", "normF(relu(X W1) W2 - Y)^2", "W1",
             "W1: R^{n x h}; W2: R^{h x k}; X: R^{N x n}; Y: R^{N x k}", two_layer,
             "jnp.sum((jnp.maximum(X @ W1, 0) @ W2 - Y)**2)", [{"N": 1000, "n": 20, "h": 10, "k": 3}]),
    Workload("two-layer Hessian", "norm(relu(X W1) W2 - y)^2", "W1",
             "W1: R^{n x h}; W2: R^h; X: R^{N x n}; y: R^N", two_layer_hessian,
             "jnp.sum((jnp.maximum(X @ W1, 0) @ W2 - y)**2)", [{"N": 1000, "n": 20, "h": 10}], order=2),
    Workload("xᵀAx Hessian", "x' A x", "x", "x: R^n; A: R^{n x n}", lambda x, A: A + A.T, "x @ A @ x", [{"n": 1000}],
             order=2),
    Workload("log-sum-exp Hessian", "log(sum(exp(x)))", "x", "x: R^n", lse_hessian, "jnp.log(jnp.sum(jnp.exp(x)))",
             [{"n": 1000}, {"n": 4000}], order=2),
    Workload("‖ABCx‖² gradient", "norm(A B C x)^2", "x", "A, B, C: R^{n x n}; x: R^n",
             lambda A, B, C, x: 2 * (((A @ (B @ (C @ x))) @ A @ B) @ C), "jnp.sum((A @ (B @ (C @ x)))**2)",
             [{"n": 1000}]),
    Workload("softmax Jacobian", "softmax(x)", "x", "x: R^n", lse_hessian, "jnp.exp(x) / jnp.sum(jnp.exp(x))",
             [{"n": 10}, {"n": 1000}]),
    Workload("w⊗sin(x) Jacobian", "w .* sin(x)", "x", "w, x: R^n", lambda w, x: diagonal(w * np.cos(x)),
             "w * jnp.sin(x)", [{"n": 10}, {"n": 1000}, {"n": 10_000}]),
]  # fmt: skip


def arrays_for(symbols: list[Any], sizes: dict[str, int], rng: np.random.Generator) -> Arrays:
    """Return random arrays of the shapes of some variables; labels y are of moderate size."""
    found: Arrays = {}
    for symbol in symbols:
        name, shape, _ = symbol.attr
        size = [dim.value if dim.value is not None else sizes[str(dim)] for dim in shape]
        found[name] = rng.normal(size=size) / (math.sqrt(size[-1]) if len(size) == 2 else 1)
    return found


def seconds(work: Callable[[], Any], repeat: int) -> float:
    """Return the time of one of `repeat` calls."""
    started = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - started) / repeat


PEER = """
import os, sys, time, json
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import numpy as np, jax, jax.numpy as jnp
jax.config.update("jax_enable_x64", True)
data = np.load(sys.argv[1])
names = sys.argv[2].split(",")
wrt, order, repeat, rounds = sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6])
arrays = [jnp.asarray(data[name]) for name in names]
f = eval("lambda " + ", ".join(names) + ": " + sys.argv[7])
k = names.index(wrt)
make = jax.jacrev if order == 1 else lambda f, k: jax.hessian(f, k)
g = jax.jit(make(f, k))
value = jax.block_until_ready(g(*arrays))
times = []
for _ in range(rounds):
    started = time.perf_counter()
    for _ in range(repeat):
        jax.block_until_ready(g(*arrays))
    times.append((time.perf_counter() - started) / repeat)
result = {"jax": sorted(times)[len(times) // 2]}
np.save(sys.argv[1] + ".jax.npy", np.asarray(value))
try:
    import torch
    torch.set_num_threads(1)
    class jnp_:
        sum = staticmethod(torch.sum); mean = staticmethod(torch.mean); exp = staticmethod(torch.exp)
        log = staticmethod(torch.log); log1p = staticmethod(torch.log1p); sin = staticmethod(torch.sin)
        @staticmethod
        def maximum(a, b):
            return torch.clamp(b, min=a) if not torch.is_tensor(a) else torch.clamp(a, min=b)
    ft = eval("lambda " + ", ".join(names) + ": " + sys.argv[7], {"jnp": jnp_})
    targs = [torch.as_tensor(data[name]) for name in names]
    gt = torch.func.jacrev(ft, k) if order == 1 else torch.func.hessian(ft, k)
    gt(*targs)
    times = []
    for _ in range(max(3, rounds // 3)):
        started = time.perf_counter()
        for _ in range(max(1, repeat // 4)):
            gt(*targs)
        times.append((time.perf_counter() - started) / max(1, repeat // 4))
    result["torch"] = sorted(times)[len(times) // 2]
except Exception as trouble:
    result["torch failed"] = repr(trouble)[:80]
print(json.dumps(result))
"""


def beside_peers(python: str, load: Workload, arrays: Arrays, ours: Any, repeat: int, rounds: int) -> dict[str, float]:
    """Run the peers on the same arrays; return their times, after their result was compared with ours."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data.npz")
        np.savez(data, **arrays)
        done = subprocess.run(
            [python, "-c", PEER, data, ",".join(arrays), load.wrt, str(load.order), str(repeat), str(rounds),
             load.peer],
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode:
            print("   peers:", done.stderr.strip().split("\n")[-1][:120])
            return {}
        theirs = np.load(data + ".jax.npy")
        if theirs.shape != ours.shape or not np.allclose(theirs, ours, rtol=1e-6, atol=1e-8):
            print("   JAX gives another value")
        found: dict[str, float] = json.loads(done.stdout.strip().split("\n")[-1])
        return found


def mean(ratios: list[float]) -> float:
    """Return the geometric mean."""
    return math.exp(statistics.fmean([math.log(ratio) for ratio in ratios]))


def main() -> int:
    """Print a line for each workload and size, then the means."""
    from mcalc import derive

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", help="python of an environment with jax and torch")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    ratios: list[float] = []
    against: dict[str, list[float]] = {"jax": [], "torch": []}
    for load in [load for load in WORKLOADS if options.only in load.name]:
        d = derive(load.expr, wrt=load.wrt, where=load.where, order=load.order)
        function: Any = d.compile("numpy")
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        for sizes in load.sizes:
            arrays = arrays_for([s for s in d.symbols if s.attr[0] in names], sizes, rng)
            ordered = [arrays[name] for name in names]
            by_hand = [arrays[name] for name in load.hand.__code__.co_varnames[: load.hand.__code__.co_argcount]]
            ours, best = partial(function, *ordered), partial(load.hand, *by_hand)
            value = np.asarray(ours())
            assert np.allclose(value, best(), rtol=1e-8, atol=1e-10), load.name
            repeat = max(1, int(0.02 / max(seconds(best, 1), 1e-7)))
            repeat = min(repeat, 20_000)
            rounds = [(seconds(ours, repeat), seconds(best, repeat)) for _ in range(options.rounds)]
            ratio = statistics.median([mine / hand for mine, hand in rounds])
            mine = statistics.median([mine for mine, _ in rounds])
            ratios.append(ratio)
            said = f"{load.name:32} {sizes!s:38} {mine * 1e6:11.1f} µs  {ratio:5.2f} of hand-written"
            if options.peers:
                found = beside_peers(options.peers, load, arrays, value, max(1, repeat // 4), options.rounds)
                for peer, ratios_to in against.items():
                    if peer in found:
                        ratios_to.append(found[peer] / mine)
                        said += f"  {peer} {found[peer] / mine:7.2f}"
            print(said, flush=True)
    print(f"geometric mean {mean(ratios):.3f}, worst {max(ratios):.2f} of hand-written, {len(ratios)} workloads")
    for peer, found_ratios in against.items():
        if found_ratios:
            print(f"{peer}: {mean(found_ratios):.1f} times our time, least {min(found_ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
