"""The options of one run, checked."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.errors import Mistake
from mcalc.files import open_to_read
from mcalc.limits import DEFAULTS, beyond, limit, set_limits
from mcalc.notation.detect.latex import NOTATIONS
from mcalc.shell.options import LEVELS
from mcalc.shell.output import CODE, Output
from mcalc.shell.preferences import CHOICES, preferences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.shell.session import Asks

LARGEST = 1 << 20
"""Characters in a file of macros."""


class Settings:
    """The options of one run; what is None is as the user prefers."""

    def __init__(
        self,
        *,
        wrt: str | None = None,
        where: str | None = None,
        order: int = 1,
        layout: str | None = None,
        mode: str | None = None,
        way: str | None = None,
        structured: str | None = None,
        steps: str | None = None,
        by: str | None = None,
        to: str | None = None,
        latex: str | None = None,
        into: str | None = None,
        force: bool = False,
        parts: str | None = None,
        as_operator: bool = False,
        color: str | None = None,
        limits: Sequence[str] = (),
        fail_fast: bool = False,
        jobs: int = 1,
        notation: str = "auto",
        macros: str | None = None,
        check: bool | None = None,
        notes: bool = False,
    ) -> None:
        prefer = preferences()
        self.limits = {**prefer.limits, **_limits(limits)}
        self.apply_limits()
        self.to = _chosen("to", "format", to)
        directed = {"layout": layout, "mode": mode, "as": way, "structured": structured}
        self.fixed = {name for name, said in directed.items() if said is not None}
        self.layout = _chosen("layout", "layout", layout)
        self.mode = _chosen("mode", "mode", mode)
        self.way = _chosen("as", "way of writing", way)
        self.structured = _chosen("structured", "convention", structured)
        self.by = _chosen("by", "way to tell a derivation", by)
        self.latex = _chosen("latex", "style of LaTeX", latex)
        self.color = _chosen("color", "choice of colours", color)
        self.theme = prefer.choice("theme")
        if (parts is not None or as_operator) and self.to not in CODE:
            raise Mistake("E-USAGE", "--with and --operator are for code", hint=f"--to {CODE[0]}")
        if steps is not None and steps not in LEVELS:
            raise Mistake("E-USAGE", f"there is no level of steps {steps!r}", hint=f"one of {', '.join(LEVELS)}")
        if order < 1:
            raise Mistake("E-USAGE", f"--order is 1 or more, not {order}", hint="--order 2 is the Hessian")
        if order > limit("order"):
            raise beyond("order", f"a derivative of order {order} is above the limit")
        if jobs < 1:
            raise Mistake("E-USAGE", f"--jobs is 1 or more, not {jobs}", hint="--jobs 4 uses four processes")
        if notation not in NOTATIONS:
            raise Mistake("E-USAGE", f"there is no notation {notation!r}", hint=f"one of {', '.join(NOTATIONS)}")
        self.notation = notation
        self.macros = None if macros is None else text_of(macros)
        self.wrt = wrt
        self.where = where
        self.order = order
        self.steps = steps
        self.into = into
        self.force = force
        self.parts = [part.strip() for part in parts.split(",")] if parts else []
        self.as_operator = as_operator
        self.fail_fast = fail_fast
        self.notes = notes
        self.jobs = jobs
        self.check = check
        self.must_derive = False
        self.differential = False
        self.equations = False
        self.asks: Asks | None = None

    def apply_limits(self) -> None:
        """Let the limits of this process be those that are wanted."""
        set_limits(self.limits)

    def output(self) -> Output:
        """Return the output of this process, in the format and the colours that are wanted."""
        return Output.of_process(self.to, self.color, self.theme)


def _chosen(name: str, said: str, value: str | None) -> str:
    """Return the word that an option has, or that is preferred."""
    allowed = CHOICES[name][0]
    if value is None:
        return preferences().choice(name)
    if value not in allowed:
        hint = f"one of {', '.join(allowed)}" + ("; did you mean --to latex?" if name == "latex" else "")
        raise Mistake("E-USAGE", f"there is no {said} {value!r}", hint=hint)
    return value


def _limits(said: Sequence[str]) -> dict[str, int]:
    """Return what --limit name=value says.

    >>> _limits(["time=0"])
    {'time': 0}
    """
    values: dict[str, int] = {}
    for text in said:
        name, _, value = text.partition("=")
        if name not in DEFAULTS or not (value.isascii() and value.isdecimal() and len(value) < 16):
            raise Mistake(
                "E-USAGE",
                f"--limit {text} is not understood",
                hint=f"--limit NAME=VALUE, where NAME is {', '.join(DEFAULTS)}; 0 is no limit",
            )
        values[name] = int(value)
    return values


def text_of(path: str) -> str:
    """Return the text of a file of macros; raises `E-FILE` where it cannot be read."""
    try:
        with open_to_read(path, pipes=True) as stream:
            text = stream.read(LARGEST + 1).decode()
    except OSError as trouble:
        raise Mistake("E-FILE", f"cannot read {path}: {trouble.strerror}") from None
    except UnicodeDecodeError:
        raise Mistake("E-FILE", f"cannot read {path}: it is not UTF-8") from None
    if len(text) > LARGEST:
        raise Mistake("E-LIMIT", f"{path} is larger than a file of macros may be")
    return text
