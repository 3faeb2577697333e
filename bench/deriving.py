"""The median time to read, derive and print, over the project's problems; beside SymPy and tensorgrad where they are.

    python bench/deriving.py [--peers PYTHON] [--rounds 5]

A figure is the least of the rounds, of the processor's time of one thread, after one round to warm up. The peers run in
an environment of their own, PYTHON, in the same run, on the problems below that their language can say.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

LS = "X: R^{m x n}; w: R^n; y: R^m"
KXC = "K: R^{k x m}; X: R^{m x n}; C: R^{n x k}; B: R^{k x n}"
ROUND = "S, Q: R^{n x n}; x: R^n"
SHARED = [
    # expression, variable, shapes, order, SymPy, tensorgrad ("" where it has no word for it)
    ("x' S x", "x", ROUND, 1, "(x.T*S*x).diff(x)", "D(x @ S @ x1, x)"),
    ("norm(X w - y)^2", "w", LS, 1, "((X*w-y).T*(X*w-y)).diff(w)", "D(F.frobenius2(X @ w - y), w)"),
    ("norm(X w - y)^2", "w", LS, 2, "((X*w-y).T*(X*w-y)).diff(w).diff(w)", "D(D(F.frobenius2(X @ w - y), w), w)"),
    ("normF(K X - B)^2", "X", KXC, 1, "sp.trace((K*X-B).T*(K*X-B)).diff(X)", "D(F.frobenius2(K @ X - B), X)"),
    ("tr(K X C)", "X", KXC, 1, "sp.trace(K*X*C).diff(X)", "D(F.trace(K @ X @ C), X)"),
    ("tr(X' X)", "X", LS, 1, "sp.trace(X.T*X).diff(X)", "D(F.frobenius2(X), X)"),
    ("y' X w", "X", LS, 1, "(y.T*X*w).diff(X)", "D(y @ X @ w, X)"),
    ("sum(exp(X w))", "w", LS, 1, "(ones.T*(X*w).applyfunc(sp.exp)).diff(w)", "D(F.sum(F.exp(X @ w)), w)"),
    ("sum(ln(1 + exp(X w)))", "w", LS, 1, "(ones.T*(X*w).applyfunc(soft)).diff(w)", "D(F.sum(F.log(F.exp(X@w)+1)), w)"),
    ("log(sum(exp(x)))", "x", ROUND, 1, "", "D(F.log(F.sum(F.exp(x))), x)"),
    ("softmax(x)", "x", ROUND, 1, "", "D(F.softmax(x, ['n']), x)"),
    ("sin(X w)", "w", LS, 1, "(X*w).applyfunc(sp.sin).diff(w)", ""),
    ("tr(S inv(Q))", "Q", ROUND, 1, "sp.trace(S*Q.inv()).diff(Q)", ""),
    ("det(Q)", "Q", ROUND, 1, "sp.Determinant(Q).diff(Q)", ""),
    ("tr(Q^3)", "Q", ROUND, 1, "sp.trace(Q**3).diff(Q)", ""),
]  # fmt: skip
"""Problems that the peers are asked too."""

PEER = """
import json, sys, time
questions, rounds = json.load(sys.stdin)
which = sys.argv[1]
if which == "sympy":
    import sympy as sp
    def names():
        m, n, k = sp.symbols("m n k", integer=True, positive=True)
        M = sp.MatrixSymbol
        return dict(sp=sp, X=M("X", m, n), w=M("w", n, 1), y=M("y", m, 1), x=M("x", n, 1), S=M("S", n, n),
                    Q=M("Q", n, n), K=M("K", k, m), B=M("B", k, n), C=M("C", n, k), ones=M("u", m, 1),
                    soft=lambda t: sp.log(1 + sp.exp(t)))
    def answer(code):
        return str(eval(code, names()).doit())
else:
    import tensorgrad.functions as F
    from tensorgrad import Derivative, Variable, symbols
    def names():
        m, n, k, i = symbols("m n k i")
        S = Variable("S", n, j=n)
        x = Variable("x", n)
        return dict(F=F, D=Derivative, X=Variable("X", m, n), w=Variable("w", n), y=Variable("y", m), x=x, S=S,
                    x1=x.rename(n="j"), K=Variable("K", k, m), B=Variable("B", k, n), C=Variable("C", n, k))
    def answer(code):
        return str(eval(code, names()).full_simplify())
found = []
for code in questions:
    try:
        answer(code)
        best = None
        for _ in range(rounds):
            start = time.process_time()
            answer(code)
            spent = time.process_time() - start
            best = spent if best is None else min(best, spent)
        found.append(best)
    except Exception as problem:
        print(code, type(problem).__name__, problem, file=sys.stderr)
        found.append(None)
print(json.dumps(found))
"""


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the least processor time of some rounds, in seconds, after one to warm up."""
    work()
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def own_suite(rounds: int) -> list[float]:
    """Return the time of each problem of the project's own."""
    from tests.problems import problems

    return [best_of(rounds, lambda p=problem: p.derived().text) for problem in problems()]  # type: ignore[misc]


def peer_times(python: str, which: str, rounds: int) -> list[float | None]:
    """Return the peer's time of each shared problem, None where it has no answer."""
    at = {"sympy": 4, "tensorgrad": 5}[which]
    asked = [row[at] for row in SHARED]
    sent = json.dumps([[code for code in asked if code], rounds])
    done = subprocess.run([python, "-c", PEER, which], input=sent, capture_output=True, text=True, check=False)
    print(done.stderr, end="", file=sys.stderr)
    if done.returncode:
        return [None] * len(asked)
    answers = iter(json.loads(done.stdout.splitlines()[-1]))
    return [next(answers) if code else None for code in asked]


def main() -> int:
    """Print the median over the suite, and the medians beside the peers' on what both have answered."""
    from mcalc import derive

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has sympy and tensorgrad")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    times = [1e3 * seconds for seconds in own_suite(options.rounds)]
    longest = max(times)
    print(f"{len(times)} problems: median {statistics.median(times):.2f} ms, longest {longest:.1f} ms")
    if not options.peers:
        return 0
    ours = [
        best_of(options.rounds, lambda r=row: derive(r[0], wrt=r[1], where=r[2], order=r[3]).text)  # type: ignore[misc]
        for row in SHARED
    ]
    for which in ("sympy", "tensorgrad"):
        theirs = peer_times(options.peers, which, options.rounds)
        both = [(own, other) for own, other in zip(ours, theirs, strict=True) if other is not None]
        if not both:
            print(f"{which}: not there")
            continue
        mine, other = [1e3 * statistics.median(side) for side in zip(*both, strict=True)]
        ratio = statistics.geometric_mean([other / own for own, other in both])
        print(f"{which}, {len(both)} problems: mcalc {mine:.2f} ms, {which} {other:.1f} ms, {ratio:.0f} times as long")
    return 0


if __name__ == "__main__":
    sys.exit(main())
