"""Beside SymPy and JAX: how long the first answer takes, and which of some gradients come out right.

    python bench/peers.py --peers PYTHON    # PYTHON has sympy, jax and numpy

Each gradient is compared with central differences at random matrices; a result of 0 where the gradient is none is
counted apart, since nothing warns of it. Times are those of whole processes, the median of some.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

PROBLEMS: dict[str, tuple[str, str, str, str, str]] = {
    "log det A": ("log(det(A))", "A", "A: R^{n x n}", "log(Determinant(A))", "jnp.log(jnp.linalg.det(A))"),
    "exp tr A": ("exp(tr(A))", "A", "A: R^{n x n}", "exp(Trace(A))", "jnp.exp(jnp.trace(A))"),
    "sin tr(A A)": ("sin(tr(A A))", "A", "A: R^{n x n}", "sin(Trace(A*A))", "jnp.sin(jnp.trace(A @ A))"),
    "tr(A B)": ("tr(A B)", "A", "A, B: R^{n x n}", "Trace(A*B)", "jnp.trace(A @ B)"),
    "x' A x": ("x^T A x", "x", "x: R^n; A: R^{n x n}", "(x.T*A*x)", "x @ A @ x"),
    "log(x' A x)": ("log(x^T A x)", "x", "x: R^n; A: R^{n x n}", "log((x.T*A*x)[0, 0])", "jnp.log(x @ A @ x)"),
    "exp(-x' x / 2)": ("exp(-x^T x/2)", "x", "x: R^n", "exp(-(x.T*x)[0, 0]/2)", "jnp.exp(-x @ x / 2)"),
    "max(0, w' x + b)": ("max(0, w^T x + b)", "x", "w, x: R^n; b: R", "Max(0, (w.T*x)[0, 0] + b)",
                         "jnp.maximum(0, w @ x + b)"),
    "½ |B - A C|² + ½ |A|²": ("1/2 ‖B - A C‖^2 + 1/2 ‖A‖^2", "A", "A, B, C: R^{n x n}",
                             "Trace((B - A*C).T*(B - A*C))/2 + Trace(A.T*A)/2",
                             "jnp.sum((B - A @ C)**2)/2 + jnp.sum(A**2)/2"),
}  # fmt: skip
"""Each gradient: the function and its variable as mcalc, SymPy and JAX write them."""
SIZE, STEP, NEARLY = 3, 1e-6, 1e-5
STARTS: dict[str, str | list[str]] = {
    "mcalc": [sys.executable, "-m", "mcalc", "diff", "x^T A x", "--wrt", "x"],
    "sympy": "from sympy import *; n = Symbol('n'); A = MatrixSymbol('A', n, n); x = MatrixSymbol('x', n, 1); "
    "print((x.T*A*x).diff(x))",
    "jax": "import jax, jax.numpy as jnp; print(jax.grad(lambda x, A: x @ A @ x)(jnp.ones(3), jnp.eye(3)))",
}
"""A first answer of each, as a process."""

IN_PEER = """
import json, sys
import numpy as np
which, given, problems = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
found = {}
if which == "sympy":
    import sympy as sp
    from sympy import Determinant, Max, Trace, exp, log, sin
    n = sp.Integer(3)
    names = {name: sp.MatrixSymbol(name, 3, 3) for name in "ABC"} | {name: sp.MatrixSymbol(name, 3, 1) for name in "xw"}
    names["b"] = sp.Symbol("b", real=True)
    version = sp.__version__
    for name, (_, by, _, text, _) in problems.items():
        try:
            slope = sp.diff(eval(text, {**globals(), **names}), names[by])
            values = {names[k]: (sp.Matrix(v) if np.ndim(v) else sp.Float(v)) for k, v in given.items()}
            number = sp.Matrix(slope.subs(values).doit()) if slope != 0 else 0
            found[name] = np.array(number, dtype=float).ravel().tolist()
        except Exception as trouble:
            found[name] = type(trouble).__name__
else:
    import jax, jax.numpy as jnp
    jax.config.update("jax_enable_x64", True)
    version = jax.__version__
    arrays = {k: jnp.asarray(v, dtype=float) for k, v in given.items()}
    for name, (_, by, _, _, text) in problems.items():
        slope = jax.grad(lambda value: eval(text, {"jnp": jnp, **arrays, by: value}))(arrays[by])
        found[name] = np.ravel(slope).tolist()
print(json.dumps([version, found]))
"""


def values() -> dict[str, Any]:
    """Return matrices and vectors at which all of the functions have a value."""
    import numpy as np

    rng = np.random.default_rng(0)
    root = rng.normal(size=(SIZE, SIZE))
    given: dict[str, Any] = {"A": root @ root.T + np.eye(SIZE) + 0.1 * rng.normal(size=(SIZE, SIZE))}
    given |= {name: rng.normal(size=(SIZE, SIZE)) for name in "BC"} | {name: rng.uniform(0.2, 1, SIZE) for name in "xw"}
    return {**given, "b": 0.3}


def by_differences(function: Callable[[Any], float], at: Any) -> Any:
    """Return the gradient by central differences."""
    import numpy as np

    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ahead, behind = at.copy(), at.copy()
        ahead[place] += STEP
        behind[place] -= STEP
        found[place] = (function(ahead) - function(behind)) / (2 * STEP)
    return found.ravel()


def _at(function: Any, given: dict[str, Any], by: str, value: Any) -> float:
    return float(function.evaluate({**given, by: value}))


def judged(found: Any, wanted: Any) -> str:
    """Say what is to be thought of an answer."""
    import numpy as np

    if isinstance(found, str):
        return found
    if not np.any(found):
        return "0"
    if len(found) != len(wanted):
        return "of another shape"
    return "right" if np.allclose(found, wanted, rtol=NEARLY, atol=NEARLY) else "wrong"


def answers(peer: str) -> None:
    """Print what each makes of the problems."""
    from mcalc import derive, parse

    given = values()
    plain = {name: value.tolist() if hasattr(value, "tolist") else value for name, value in given.items()}
    table: dict[str, dict[str, Any]] = {"mcalc": {}}
    wanted: dict[str, Any] = {}
    for name, (text, by, where, _, _) in PROBLEMS.items():
        function = parse(text, where=where)
        used = {symbol.attr[0] for symbol in function.symbols}
        mine = {key: value for key, value in given.items() if key in used}
        wanted[name] = by_differences(partial(_at, function, mine, by), given[by])
        table["mcalc"][name] = derive(text, wrt=by, where=where).evaluate(mine).ravel().tolist()
    for which in ("sympy", "jax"):
        command = [peer, "-c", IN_PEER, which, json.dumps(plain), json.dumps(PROBLEMS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        version, table[f"{which}"] = json.loads(done.stdout.splitlines()[-1])
        print(which, version)
    for name in PROBLEMS:
        print(f"{name:24}", *[f"{which} {judged(found[name], wanted[name]):18}" for which, found in table.items()])
    for which, found in table.items():
        right = sum([judged(found[name], wanted[name]) == "right" for name in PROBLEMS])
        print(f"{which}: {right} of {len(PROBLEMS)} right")


def starts(peer: str, rounds: int) -> None:
    """Print how long a first answer takes."""
    for which, what in STARTS.items():
        command = [peer, "-c", what] if isinstance(what, str) else what
        seconds = []
        for _ in range(rounds):
            begun = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            seconds.append(time.perf_counter() - begun)
        print(f"{which}: {statistics.median(seconds):.2f} s to a first answer, from a cold start")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--peers", default=sys.executable, metavar="PYTHON", help="an interpreter that has sympy and jax"
    )
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    answers(options.peers)
    starts(options.peers, options.rounds)
