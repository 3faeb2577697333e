"""A command of the REPL, as the table of commands holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Command(NamedTuple):
    """A command: what it is called, what it takes, what is said of it, and what it does.

    A `bare` one may be typed without the colon, where no name is spelled so. `completes` is the kind of its operand;
    `is_listed` says that the page of help has it.
    """

    name: str
    operands: str
    says: str
    action: Callable[[Any, str], None]
    completes: str = ""
    bare: bool = False
    also: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{'' if self.bare else ':'}{self.name} {self.operands}".rstrip()
