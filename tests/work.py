"""How much work something is, counted and not timed: the calls of functions that it makes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

LINEAR = 2.5
"""The most that work may grow by when its size is doubled."""


def calls(run: Callable[[], object]) -> int:
    """Return how many calls of functions, Python's and C's, a piece of work makes."""
    count = 0

    def seen(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def growth(run: Callable[[int], object], size: int) -> float:
    """Return how many times the work of a size that of twice the size is: 2 where it is linear, 4 where quadratic."""
    run(size // 10)  # what is done but once
    once = calls(lambda: run(size))
    return calls(lambda: run(2 * size)) / once
