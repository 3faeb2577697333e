"""The check of a result before it is shown: by default on a terminal, elsewhere if it is asked for.

Of an error inside mcalc it is said how it comes about again: never a traceback, always the line that makes it happen.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache

from mcalc.derivative import Derivative
from mcalc.expr import Expr
from mcalc.operators.structures import STRUCTURES
from mcalc.render.text import ascii as as_ascii
from mcalc.results import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.numeric.judging import Claim
    from mcalc.numeric.verify import Verification

MOST = 2_000
"""Operators of a result that is checked without being asked: more would take longer than a person waits."""
LATEST = 16
"""So many checks stay known: a stream may ask for the same again and again, and the points would be the same."""


class Disagreement(Exception):
    """A derivative is not what numbers say it is: a bug of mcalc, and the result is not shown.

    `command` derives and checks it again, with nothing of the session that it came from.
    """

    def __init__(self, value: Expression, found: Verification) -> None:
        super().__init__(
            f"the derivative disagrees with {found.method} (relative error {found.max_rel_err:.1g}), "
            "and so it is not shown"
        )
        self.found = found
        self.command = reproducer(value)


def checked(value: Expression | None, asked: bool | None, *, terminal: bool) -> Verification | None:
    """Return what a check of a result finds; None where there is none to do: it is not asked for, or nothing derived.

    Raises :class:`Disagreement` where the result is wrong.
    """
    wanted = terminal if asked is None else asked
    claims = value.claims() if wanted and value is not None else []
    if value is None or not claims:
        return None
    found = _verified(tuple(claims), None if asked else MOST)
    if found.ok is False:
        raise Disagreement(value, found)
    return found


@lru_cache(LATEST)
def _verified(claims: Sequence[Claim], most: int | None) -> Verification:
    from mcalc.numeric.verify import verify_all

    return verify_all(claims, most=most)


def reproducer(value: Expression) -> str:
    """Return a command line that derives and checks a result again; definitions are written out in it.

    >>> from mcalc import derive
    >>> reproducer(derive("A x", wrt="x", where="A: R^{m x n}; x: R^n"))
    "mcalc diff 'A x' --wrt x --where 'A: R^{m x n}; x: R^n' --check"
    """
    shapes = "; ".join([declaration(node) for node in value.symbols if node.op.name == "symbol"])
    where = f" --where {quoted(shapes)}" if shapes else ""
    if not isinstance(value, Derivative):
        return f"mcalc diff {quoted(value.ascii)}{where} --check"
    options = f" --order {value.order}" if value.order > 1 else ""
    options += f" --layout {value.layout}" if value.layout != "numerator" else ""
    options += f" --as {value.manner.way}" if value.manner.way != "auto" else ""
    by = ",".join([as_ascii(variable) for variable in value.variables])
    return f"mcalc diff {quoted(as_ascii(value.body))} --wrt {by}{options}{where} --check"


def declaration(node: Expr) -> str:
    """Return the declaration of a variable, with its properties."""
    _, shape, properties = node.attr
    sizes = " x ".join([str(dim) for dim in shape])
    space = "R" if not shape else f"R^{sizes}" if len(shape) == 1 and sizes.isalnum() else f"R^{{{sizes}}}"
    words = next((word for word in ("posdef", *STRUCTURES) if word in properties), "")
    positive = " > 0" if "positive" in properties else ""
    return f"{as_ascii(node)}: {space}{positive}{f' {words}' if words else ''}"


def quoted(text: str) -> str:
    """Return text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_command() -> str:
    """Return the command line of this process, to be typed again."""
    return " ".join(["mcalc", *[quoted(word) for word in sys.argv[1:]]])


def bug(trouble: BaseException, command: str) -> str:
    """Return what is said of an error inside mcalc: what and where, and the one line that reproduces it.

    That is the `command`, but for what a check found, which has one of its own.
    """
    command = trouble.command if isinstance(trouble, Disagreement) else command
    trace = trouble.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace is not None else ""
    said = f"{type(trouble).__name__}: {' '.join(str(trouble).split())[:200]}{where}"
    return f"mcalc: this is a bug in mcalc: {said}; please report it with this line:\n  {command}"
