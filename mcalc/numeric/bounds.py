"""How much data is taken: counted before memory is."""

from __future__ import annotations

from collections.abc import Mapping

from mcalc.errors import Mistake

LIMITS: Mapping[str, int] = {"elements": 1 << 24, "bytes": 1 << 30}
"""The most numbers in one array, and the most bytes of a file and of all arrays of a run together."""


def check_elements(count: int, what: str, limits: Mapping[str, int]) -> None:
    """Raise E-LIMIT where an array has more numbers than are taken.

    >>> check_elements(10, "X.npy", {"elements": 9, "bytes": 100})
    Traceback (most recent call last):
    mcalc.errors.Mistake: E-LIMIT: X.npy has 10 numbers, above the limit elements=9
    """
    if count > limits["elements"]:
        raise above("elements", f"{what} has {count} numbers", count, limits)
    if count * 8 > limits["bytes"]:
        raise above("bytes", f"{what} takes {count * 8} bytes", count * 8, limits)


def above(name: str, said: str, needed: int, limits: Mapping[str, int]) -> Mistake:
    """Return the mistake of something beyond a limit, with the option that raises it."""
    return Mistake(
        "E-LIMIT", f"{said}, above the limit {name}={limits[name]}", hint=f"--limit {name}={needed} allows it"
    )
