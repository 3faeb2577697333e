"""The array libraries of Python, and how each spells what the others spell differently."""

from __future__ import annotations

from collections.abc import Sequence


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
