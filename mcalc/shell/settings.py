"""The options of one run, checked."""

from __future__ import annotations

from mcalc.api import LAYOUTS, MODES
from mcalc.calculus.sample_sums import WAYS
from mcalc.errors import Mistake
from mcalc.notation.latex.detect import NOTATIONS
from mcalc.shell.output import CODE, FORMATS

LEVELS = ("brief", "full")
HIGHEST_ORDER = 10
LARGEST = 1 << 20
"""Characters in a file of macros."""


class Settings:
    """The options of one run, checked."""

    def __init__(
        self,
        *,
        wrt: str | None = None,
        where: str | None = None,
        order: int = 1,
        layout: str = "numerator",
        mode: str = "auto",
        way: str = "auto",
        steps: str | None = None,
        to: str = "text",
        into: str | None = None,
        force: bool = False,
        parts: str | None = None,
        as_operator: bool = False,
        check: bool | None = None,
        notation: str = "auto",
        macros: str | None = None,
    ) -> None:
        if (parts is not None or as_operator) and to not in CODE:
            raise Mistake("E-USAGE", "--with and --operator are for code", hint=f"--to {CODE[0]}")
        for name, value, allowed in (
            ("format", to, FORMATS),
            ("layout", layout, LAYOUTS),
            ("mode", mode, MODES),
            ("way of writing", way, WAYS),
            ("notation", notation, NOTATIONS),
            ("level of steps", steps or LEVELS[0], LEVELS),
        ):
            if value not in allowed:
                raise Mistake("E-USAGE", f"there is no {name} {value!r}", hint=f"one of {', '.join(allowed)}")
        if order < 1:
            raise Mistake("E-USAGE", f"--order is 1 or more, not {order}", hint="--order 2 is the Hessian")
        if order > HIGHEST_ORDER:
            raise Mistake("E-LIMIT", f"a derivative of order {order} is above the limit of {HIGHEST_ORDER}")
        self.wrt = wrt
        self.where = where
        self.order = order
        self.layout = layout
        self.mode = mode
        self.way = way
        self.steps = steps
        self.to = to
        self.into = into
        self.force = force
        self.parts = [part.strip() for part in parts.split(",")] if parts else []
        self.as_operator = as_operator
        self.check = check
        self.notation = notation
        self.macros = None if macros is None else text_of(macros)
        self.must_derive = False
        self.equations = False


def text_of(path: str) -> str:
    """Return the text of a file of macros; raises `E-FILE` where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read(LARGEST + 1)
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "it is not UTF-8"
        raise Mistake("E-FILE", f"cannot read {path}: {reason}") from None
    if len(text) > LARGEST:
        raise Mistake("E-LIMIT", f"{path} is larger than a file of macros may be")
    return text
