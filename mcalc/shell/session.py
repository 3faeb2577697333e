"""A session: the names that statements have made, and one statement at a time run against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.api import Derivative, Expression, differentiated, looked_up, unused
from mcalc.errors import Mistake
from mcalc.notation import Scope, read, read_where

if TYPE_CHECKING:
    from mcalc.expr import Expr


class Outcome:
    """What came of a statement: its kind, the name it made, the value it has to show, and what is to be said of it."""

    __slots__ = ("assumed", "input", "kind", "name", "notes", "value", "warnings")

    def __init__(self, kind: str, text: str, value: Expression | None = None, name: str = "") -> None:
        self.kind = kind
        self.input = text
        self.value = value
        self.name = name
        self.assumed = value.assumed if value is not None else []
        self.notes = value.notes if value is not None else []
        self.warnings: list[str] = value.warnings if value is not None else []
