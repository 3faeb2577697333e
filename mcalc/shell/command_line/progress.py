"""A bar that says how far files have been read, on standard error while results go elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcalc.shell.output import Output

PATIENCE = 0.5
"""Seconds before there is a bar at all."""
EVERY = 0.1
"""Seconds between two pictures of it."""


class Bar:
    """Draws a bar when it is told how far files have been read; it makes room for messages."""

    def __init__(self, sizes: Mapping[str, int], output: Output) -> None:
        self.sizes = dict(sizes)
        self.output = output
        self.done = dict.fromkeys(sizes, 0)
        self.next = time.monotonic() + PATIENCE
        self.bar: Any = None
        output.before_message = self.clear

    def __enter__(self) -> Bar:
        return self

    def __call__(self, place: str, end: int) -> None:
        """Take note that a file has been read up to a byte."""
        if place in self.done:
            self.done[place] = end
            if time.monotonic() >= self.next:
                self.draw()

    def __exit__(self, *trouble: object) -> None:
        self.clear()
        self.output.before_message = None

    def draw(self) -> None:
        """Draw the bar as it is now."""
        from rich.console import Console
        from rich.progress import Progress

        if self.bar is None:
            console = Console(stderr=True, markup=False, highlight=False, emoji=False)
            self.bar = Progress(console=console, auto_refresh=False, transient=True)
            self.task = self.bar.add_task("", total=max(sum(self.sizes.values()), 1))
        self.bar.start()
        self.bar.update(self.task, completed=sum(self.done.values()))
        self.bar.refresh()
        self.next = time.monotonic() + EVERY

    def clear(self) -> None:
        """Take the bar away, until it is drawn again."""
        if self.bar is not None:
            self.bar.stop()
