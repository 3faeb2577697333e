"""Exported code of spectra and functions of matrices beside NumPy and SciPy as a person writes them.

``python -m bench.spectra`` prints seconds of both and their ratio, which is to stay below 1.1. It needs SciPy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.linalg as linear  # type: ignore[import-untyped]  # it ships no types

from mcalc import derive, parse
from mcalc.export.exported import compiled
from mcalc.export.function import Function, Output
from mcalc.operators.leaves import variables_in

LIKELIHOOD = "-1/2 ‖solve(chol(S), x - m)‖² - sum(ln(diag(chol(S)))) - n/2 ln(2 π)"
WHERE = "S: R^{n x n} posdef; x, m: R^n; X: R^{p x q}; A: R^{k x k}; t: R"
ROUNDS = 40


def likelihood(S: Any, x: Any, m: Any) -> Any:  # noqa: N803 - the names of the formula
    """Return the log-density of a Gaussian, by its Cholesky factor."""
    factor = np.linalg.cholesky(S)
    z = linear.solve_triangular(factor, x - m, lower=True)
    return -0.5 * z @ z - np.log(np.diag(factor)).sum() - 0.5 * len(x) * np.log(2 * np.pi)


def by_mean(S: Any, x: Any, m: Any) -> Any:  # noqa: N803 - the names of the formula
    """Return its derivative by the mean."""
    factor = np.linalg.cholesky(S)
    z = linear.solve_triangular(factor, x - m, lower=True)
    return linear.solve_triangular(factor, z, lower=True, trans=1)


def nuclear(X: Any) -> Any:  # noqa: N803 - the names of the formula
    """Return the derivative of the nuclear norm."""
    left, _, right = np.linalg.svd(X, full_matrices=False)
    return left @ right


CASES: list[tuple[str, str | None, Callable[..., Any]]] = [
    (LIKELIHOOD, None, likelihood),
    (LIKELIHOOD, "m", by_mean),
    ("nuclear(X)", None, lambda X: np.linalg.svd(X, compute_uv=False).sum()),  # noqa: N803 - as above
    ("nuclear(X)", "X", nuclear),
    ("expm(A)", None, linear.expm),
    ("expm(t A)", "t", lambda t, A: A @ linear.expm(t * A)),  # noqa: N803 - as above
]


def seconds(*calls: Callable[[], Any]) -> list[float]:
    """Return the least time of each of several calls, which take turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS + 1):
        for call, own in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            own.append(time.perf_counter() - start)
    return [min(own[1:]) for own in times]


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(0)
    root = rng.normal(size=(400, 400))
    values = {
        "S": root @ root.T / 400 + np.eye(400), "x": rng.normal(size=400), "m": rng.normal(size=400),
        "X": rng.normal(size=(300, 200)), "A": rng.normal(size=(200, 200)) / 10, "t": 0.7,
    }  # fmt: skip
    for text, name, by_hand in CASES:
        if name is None:
            expr = parse(text, where=WHERE).expr
            exported = compiled(Function("f", variables_in(expr), [Output("value", expr)]))
        else:
            exported = derive(text, wrt=name, where=WHERE).compile()
        names = exported.__code__.co_varnames[: exported.__code__.co_argcount]
        given = {key: values[key] for key in names}
        own = ("A",) if by_hand is linear.expm else by_hand.__code__.co_varnames[: by_hand.__code__.co_argcount]
        known = [values[key] for key in own]
        gap = np.abs(np.asarray(exported(**given)) - by_hand(*known)).max()
        ours, theirs = seconds(partial(exported, **given), partial(by_hand, *known))
        what = f"{text[:40]} by {name}" if name else text[:40]
        print(f"{what:48} {ours:.5f} {theirs:.5f}  {ours / theirs:.2f}  off by {gap:.1g}")


if __name__ == "__main__":
    main()
