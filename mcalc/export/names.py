"""Identifiers for the names of variables: Greek letters by their words, subscripts after a line, no keyword."""

from __future__ import annotations

import keyword
from collections.abc import Iterable

AWAY = frozenset(
    {"np", "jnp", "jax", "torch", "xp", "math", "sum", "range", "float", "array_namespace", "erf", "expm", "logdet"}
)
"""Names that the code uses itself."""


def identifiers(names: Iterable[str], away: Iterable[str] = ()) -> dict[str, str]:
    """Return an identifier for each name, all different, and none that means something in Python.

    >>> identifiers(["lambda", "x_1", "w_hat", "np"])
    {'lambda': 'lambda_', 'x_1': 'x_1', 'w_hat': 'w_hat', 'np': 'np_'}
    """
    taken = set(away) | AWAY
    found: dict[str, str] = {}
    for name in names:
        made = "".join([c if c.isascii() and (c.isalnum() or c == "_") else f"_u{ord(c):x}" for c in name]) or "v"
        made = f"v{made}" if made[0].isdigit() else made
        while made in taken or keyword.iskeyword(made) or keyword.issoftkeyword(made):
            made += "_"
        taken.add(made)
        found[name] = made
    return found
