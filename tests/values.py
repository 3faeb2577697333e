"""Derivatives by value: complex step at random points of pairwise different sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

from mcalc.expr import Expr, walk
from mcalc.numeric.evaluate import evaluate
from tests.generator import SIZES

STEP = 1e-30


def variables(expr: Expr) -> list[Expr]:
    """Return the variables of an expression in order of first appearance."""
    return [node for node in walk(expr) if node.op.name == "symbol"]


def random_values(expr: Expr, rng: np.random.Generator, sizes: dict[str, int] = SIZES) -> dict[str, Any]:
    """Return an array for each variable, a symmetric matrix where it is declared one."""
    values: dict[str, Any] = dict(sizes)
    for node in variables(expr):
        name, shape, properties = node.attr
        value = rng.normal(size=[d.substitute({}).value or sizes[str(d)] for d in shape])
        values[name] = (value + value.T) / 2 if "symmetric" in properties else value
    return values


def complex_step(expr: Expr, variable: Expr, values: dict[str, Any], step: float = STEP) -> Any:
    """Return ∂expr/∂variable at a point, entry by entry of the variable; axes of the expression come first."""
    name = variable.attr[0]
    base = np.asarray(values[name], complex)
    columns = []
    for place in np.ndindex(base.shape):
        moved = base.copy()
        moved[place] += step * 1j
        columns.append(np.imag(evaluate(expr, {**values, name: moved})) / step)
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + base.shape)


def agree(got: Any, want: Any, tolerance: float = 1e-9) -> bool:
    """Say whether two arrays agree relatively to the largest entry, and entry by entry with a floor."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    if got.shape != want.shape:
        return False
    scale = max(1e-2, float(np.max(np.abs(want), initial=0.0)))
    return bool(np.all(np.abs(got - want) <= tolerance * scale + tolerance * np.abs(want)))
