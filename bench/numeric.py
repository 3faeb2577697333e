"""Exported NumPy functions beside the best hand-written closed forms, and beside JAX and torch.func where they are.

    python bench/numeric.py [--peers PYTHON] [--rounds 15] [--only NAME]

Times are CPU times, which other programs disturb least, interleaved round by round, on one thread; a figure is the
median of the rounds' ratios. The peers run in a program of their own by PYTHON, on the same arrays, in the same
rounds; what they compute is compared with ours at 1e-6. A structured Jacobian kept as an operator, and the way from
text to the first number, come at the end.
"""

from __future__ import annotations

import os

for chosen in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(chosen, None)  # OpenBLAS looks at the processor itself
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import argparse
import ctypes
import math
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
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
             [{"n": 10}, {"n": 1000}, {"n": 10_000}]),
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
    started = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - started) / repeat


PEER = """
import os, sys, time, json
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import numpy as np, jax, jax.numpy as jnp, torch
jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
class torch_names:
    sum = staticmethod(torch.sum); mean = staticmethod(torch.mean); exp = staticmethod(torch.exp)
    log = staticmethod(torch.log); log1p = staticmethod(torch.log1p); sin = staticmethod(torch.sin)
    @staticmethod
    def maximum(a, b):
        return torch.clamp(b, min=a) if not torch.is_tensor(a) else torch.clamp(a, min=b)
work = {}
def load(path, names, wrt, order, text):
    data, names = np.load(path), names.split(",")
    k = names.index(wrt)
    source = "lambda " + ", ".join(names) + ": " + text
    f, g = eval(source), eval(source, {"jnp": torch_names})
    jax_args = [jnp.asarray(data[name]) for name in names]
    torch_args = [torch.as_tensor(data[name]) for name in names]
    compiled = jax.jit(jax.jacrev(f, k) if order == "1" else jax.hessian(f, k))
    derived = torch.func.jacrev(g, k) if order == "1" else torch.func.hessian(g, k)
    work.update(jax=lambda: jax.block_until_ready(compiled(*jax_args)), torch=lambda: derived(*torch_args))
    np.save(path + ".jax.npy", np.asarray(work["jax"]()))
for line in sys.stdin:
    try:
        word, *rest = line.rstrip().split("\t")
        if word == "load":
            load(*rest)
            print("ready", flush=True)
            continue
        started = time.process_time()
        for _ in range(int(rest[0])):
            work[word]()
        print((time.process_time() - started) / int(rest[0]), flush=True)
    except Exception as trouble:
        print("failed", repr(trouble)[:80], flush=True)
"""


class Peers:
    """JAX and torch.func in a program of their own, asked for one round at a time."""

    def __init__(self, python: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.data = str(Path(self.folder.name) / "data.npz")
        self.ready = False
        self.program = subprocess.Popen(
            [python, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )  # fmt: skip

    def _asked(self, *words: object) -> str:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write("\t".join([str(word) for word in words]) + "\n")
        self.program.stdin.flush()
        return self.program.stdout.readline().strip()

    def load(self, load: Workload, arrays: Arrays) -> None:
        """Give them a workload, and have it compiled."""
        np.savez(self.data, **arrays)
        self.ready = self._asked("load", self.data, ",".join(arrays), load.wrt, load.order, load.peer) == "ready"

    def value(self) -> Any:
        """Return what JAX gives."""
        return np.load(self.data + ".jax.npy")

    def seconds(self, peer: str, repeat: int) -> float | None:
        """Return the time of one of some calls, or None where the peer cannot do it."""
        answer = self._asked(peer, repeat)
        return float(answer) if answer and not answer.startswith("failed") else None

    def close(self) -> None:
        """End the program."""
        assert self.program.stdin is not None
        self.program.stdin.close()
        self.program.wait()
        self.folder.cleanup()


def mean(ratios: list[float]) -> float:
    """Return the geometric mean."""
    return math.exp(statistics.fmean([math.log(ratio) for ratio in ratios]))


def kernel() -> str:
    """Return the name of the processor that OpenBLAS takes this one for."""
    for path in (Path(np.__file__).parent.parent / "numpy.libs").glob("*openblas*"):
        library = ctypes.CDLL(str(path))
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename64_", "openblas_get_corename"):
            if hasattr(library, name):
                function = getattr(library, name)
                function.restype = ctypes.c_char_p
                found: bytes = function()
                return found.decode("ascii")
    return "unknown"


class Row:
    """What one workload at one size took: ours by hand's, and each peer's by ours."""

    def __init__(self, mine: float, ratio: float, peers: dict[str, float]) -> None:
        self.mine = mine
        self.ratio = ratio
        self.peers = peers


def measured(load: Workload, sizes: dict[str, int], rng: np.random.Generator, peers: Peers | None, rounds: int) -> Row:
    """Measure one workload at one size."""
    from mcalc import derive

    d = derive(load.expr, wrt=load.wrt, where=load.where, order=load.order)
    function: Any = d.compile("numpy")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    arrays = arrays_for([s for s in d.symbols if s.attr[0] in names], sizes, rng)
    by_hand = [arrays[name] for name in load.hand.__code__.co_varnames[: load.hand.__code__.co_argcount]]
    ours, best = partial(function, *[arrays[name] for name in names]), partial(load.hand, *by_hand)
    value = np.asarray(ours())
    assert np.allclose(value, best(), rtol=1e-8, atol=1e-10), load.name
    repeat = min(20_000, max(1, int(0.02 / max(min([seconds(best, 1) for _ in range(3)]), 1e-7))))
    if peers is not None:
        peers.load(load, arrays)
    if peers is not None and peers.ready:
        theirs = peers.value()
        assert theirs.shape == value.shape, load.name
        assert np.allclose(theirs, value, rtol=1e-6, atol=1e-8), f"JAX gives another value: {load.name}"
    del value
    mine: list[float] = []
    ratios: list[float] = []
    others: dict[str, list[float]] = {"jax": [], "torch": []}
    calls: dict[str, int] = {}  # of a peer in one round, about a tenth of a second
    if peers is not None and peers.ready:
        calls = {peer: max(1, min(repeat, int(0.1 / max(peers.seconds(peer, 1) or 1, 1e-7)))) for peer in others}
    for number in range(rounds):
        first, second = (ours, best) if number % 2 else (best, ours)
        one, other = seconds(first, repeat), seconds(second, repeat)
        own, hand = (one, other) if number % 2 else (other, one)
        mine.append(own)
        ratios.append(own / hand)
        for peer, found in others.items():
            if peers is None or not peers.ready or (peer == "torch" and number % 3):
                continue  # torch.func is so much slower that every third round will do
            taken = peers.seconds(peer, calls[peer])
            if taken is not None:
                found.append(taken / own)
    return Row(
        statistics.median(mine),
        statistics.median(ratios),
        {peer: statistics.median(found) for peer, found in others.items() if found},
    )


def operator() -> None:
    """Print what a Jacobian of 10,000 inputs takes as an operator: made, and multiplied with a vector."""
    from mcalc import derive

    make: Any = derive("w .* sin(x)", wrt="x", where="w, x: R^n").compile(as_operator=True)
    w, x, v = np.random.default_rng(0).normal(size=(3, 10_000))
    times = [seconds(lambda: make(w, x) @ v, 20) for _ in range(30)]
    tracemalloc.start()
    assert np.allclose(make(w, x) @ v, w * np.cos(x) * v)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(
        f"operator of 10,000 inputs, made and applied: {statistics.median(times) * 1e6:.0f} µs, {memory / 1e6:.2f} MB"
    )


FIRST = """
import numpy as np, time
def number(text):
    started = time.process_time()
    d = mcalc.derive(text, wrt="w", where="X: R^{N x n}; w: R^n; b: R; y: R^N")
    d.compile()(X=np.ones((5, 3)), w=np.ones(3), b=0.1, y=np.ones(5))
    return time.process_time() - started
started = time.process_time()
import mcalc
mcalc.derive("x^2", wrt="x").compile()(1.0)
loading = time.process_time() - started
print(loading, number("1/N sum((y - max(0, X w + b)).^2)"), number("sum(y .* log(1 + exp(b X w)))"))
"""


def first_number() -> None:
    """Print what CPU time it takes from text to a number with NumPy loaded, in new programs."""
    here = str(Path(__file__).resolve().parent.parent)
    runs: list[list[float]] = []
    for _ in range(7):
        done = subprocess.run(
            [sys.executable, "-c", FIRST], capture_output=True, encoding="utf-8", check=True,
            env={**os.environ, "PYTHONPATH": here},
        )  # fmt: skip
        runs.append([float(word) for word in done.stdout.split()])
    loading, first, second = [statistics.median(column) * 1e3 for column in zip(*runs, strict=True)]
    print(f"text to number: {first:.1f} ms, the next {second:.1f} ms, once mcalc is loaded in {loading:.0f} ms (CPU)")


def main() -> int:
    """Print a line for each workload and size, then the means."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", help="python of an environment with jax and torch")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    print(f"NumPy {np.__version__}, OpenBLAS kernel {kernel()}, one thread, {options.rounds} rounds")
    rows: list[Row] = []
    peers = Peers(options.peers) if options.peers else None
    for load in [load for load in WORKLOADS if options.only in load.name]:
        for sizes in load.sizes:
            rounds = max(5, options.rounds // 3) if max(sizes.values()) > 5000 else options.rounds
            row = measured(load, sizes, rng, peers, rounds)
            rows.append(row)
            said = f"{load.name:32} {sizes!s:38} {row.mine * 1e6:11.1f} µs  {row.ratio:5.2f} of hand-written"
            print(said + "".join([f"  {peer} {times:7.2f}" for peer, times in row.peers.items()]), flush=True)
    if peers is not None:
        peers.close()
    ratios = [row.ratio for row in rows]
    print(f"geometric mean {mean(ratios):.3f}, worst {max(ratios):.2f} of hand-written, {len(ratios)} workloads")
    for peer in ("jax", "torch"):
        # a gradient that is one of the arguments, and so takes nothing, would raise the mean
        found = [row.peers[peer] for row in rows if peer in row.peers and row.mine > 5e-7]
        if found:
            print(f"{peer}: {mean(found):.1f} times our time, least {min(found):.2f}, {len(found)} workloads")
    if not options.only:
        operator()
        first_number()
    return 0


if __name__ == "__main__":
    sys.exit(main())
