"""The smallest words of Python code: numbers, sizes, how tightly each binds, and how libraries spell functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mcalc.dims import Dim
from mcalc.export.code import OF_NUMBERS

if TYPE_CHECKING:
    from mcalc.expr import Number


Text = tuple[str, int]

ATOM, POWER, SIGN, TIMES, PLUS, COMPARE, LOOSE, CHOICE = 9, 8, 7, 6, 5, 4, 0, -1
INFIX = {
    "add": (" + ", PLUS), "sub": (" - ", PLUS), "mul": (" * ", TIMES), "div": (" / ", TIMES), "matmul": (" @ ", TIMES),
    "lt": (" < ", COMPARE), "le": (" <= ", COMPARE), "gt": (" > ", COMPARE), "ge": (" >= ", COMPARE),
    "eq": (" == ", COMPARE), "ne": (" != ", COMPARE),
}  # fmt: skip
MATH = {**{op: op for op in OF_NUMBERS}, "abs": "fabs"}
"""Functions of numbers alone, by Python's own names."""


def size_text(dim: Dim, names: dict[str, str]) -> Text:
    """Return the length of an axis in terms of named sizes, which code may call otherwise."""
    parts: list[str] = []
    for monomial, c in dim.terms:
        name = " * ".join([names.get(one, one) for one in monomial])
        part = f"{abs(c)} * {name}" if name and abs(c) != 1 else name or str(abs(c))
        parts.append(part if not parts and c > 0 else f"-{part}" if not parts else f" {'-' if c < 0 else '+'} {part}")
    plain = len(dim.terms) == 1 and len(dim.terms[0][0]) <= 1 and dim.terms[0][1] == 1
    text = "".join(parts) or "0"
    return text, ATOM if plain or dim.value is not None else PLUS


def number_text(value: Number) -> Text:
    """Return a number as Python writes it."""
    if isinstance(value, Fraction):
        exact = float(value)
        if Fraction(exact) == value:
            return repr(exact), ATOM if value >= 0 else SIGN
        return f"{value.numerator} / {value.denominator}", TIMES
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")', ATOM
    if isinstance(value, int) and abs(value) > 2**53:
        return repr(float(value)) if abs(value) < 10**300 else 'float("inf")', ATOM
    return repr(value), ATOM if value >= 0 else SIGN


class Dialect:
    """How one array library spells what the others spell differently.

    `xp` is the name of its namespace, `names` its spellings of functions, `lacks` what it has no way to do.
    """

    def __init__(
        self,
        xp: str,
        imports: Sequence[str],
        *,
        axis: str = "axis",
        names: dict[str, str] | None = None,
        lacks: Sequence[str] = (),
        typed: bool = False,
        in_place: bool = False,
    ) -> None:
        self.xp = xp
        self.imports = tuple(imports)
        self.axis = axis
        self.names = names or {}
        self.lacks = frozenset(lacks)
        self.typed = typed
        self.in_place = in_place

    def function(self, op: str) -> str:
        """Return the name of a function."""
        return f"{self.xp}.{self.names.get(op, op)}"

    def device(self, array: str) -> str:
        """Return where an array lies; under a compiler, and in Dask, an array has no such attribute."""
        return f"device({array})" if self.xp == "xp" else f"{array}.device"


INVERSES = {"asinh": "arcsinh", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
NUMPY = Dialect("np", ["import numpy as np"], in_place=True, names={**INVERSES, "concat": "concatenate"})
JAX = Dialect("jnp", ["import jax", "import jax.numpy as jnp"], names={**INVERSES, "concat": "concatenate"})
TORCH = Dialect(
    "torch", ["import torch"], axis="dim", typed=True, in_place=True,
    names={"concat": "cat", "max": "amax", "min": "amin", "permute": "permute"},
)  # fmt: skip
ARRAY_API = Dialect(
    "xp", ["from array_api_compat import array_namespace, device"], typed=True, lacks=("erf", "erfc"),
    names={"permute": "permute_dims", "cumsum": "cumulative_sum"},
)  # fmt: skip
DIALECTS = {"numpy": NUMPY, "jax": JAX, "torch": TORCH, "array-api": ARRAY_API}
