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


def rounds(run: Callable[[], object]) -> int:
    """Return how many lines of Python a piece of work goes through, a loop in one line as often as it turns."""
    count = 0

    def seen(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return seen

    before = sys.gettrace()
    sys.settrace(seen)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def growth(run: Callable[[int], object], size: int, counted: Callable[[Callable[[], object]], int] = calls) -> float:
    """Return how many times the work of a size that of twice the size is: 2 where it is linear, 4 where quadratic."""
    run(size // 10)  # what is done but once
    once = counted(lambda: run(size))
    return counted(lambda: run(2 * size)) / once
