"""The settings of one run: what is said, over what the user prefers, checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mcalc.errors import Mistake
from mcalc.files import open_to_read
from mcalc.limits import DEFAULTS, beyond, limit, set_limits
from mcalc.shell.options import CONFIGURED, DIRECTED, Said
from mcalc.shell.output import CODE, Output
from mcalc.shell.preferences import preferences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.shell.session import Asks

LARGEST = 1 << 20
"""Characters in a file of macros."""


class Settings(Said):
    """What holds for one run; what is not said is as the user prefers. Raises :class:`~mcalc.errors.Mistake`."""

    def settle(self, said: Collection[str]) -> None:
        """Take what is preferred where nothing is said, and refuse what does not go together."""
        prefer = preferences()
        self.bounds = {**prefer.limits, **_limits(self.limits)}
        self.apply_limits()
        for row in CONFIGURED.values():
            if row.keyword not in said:
                setattr(self, row.keyword, prefer.choice(row.word))
        self.fixed = {name for name, row in DIRECTED.items() if row.keyword in said}
        if (self.parts is not None or self.as_operator) and self.to not in CODE:
            raise Mistake("E-USAGE", "--with and --operator are for code", hint=f"--to {CODE[0]}")
        if self.order < 1:
            raise Mistake("E-USAGE", f"--order is 1 or more, not {self.order}", hint="--order 2 is the Hessian")
        if self.order > limit("order"):
            raise beyond("order", f"a derivative of order {self.order} is above the limit")
        if self.jobs < 1:
            raise Mistake("E-USAGE", f"--jobs is 1 or more, not {self.jobs}", hint="--jobs 4 uses four processes")
        if self.macros is not None:
            self.macros = text_of(self.macros)
        self.code_parts = [part.strip() for part in self.parts.split(",")] if self.parts else []
        self.must_derive = False
        self.differential = False
        self.equations = False
        self.asks: Asks | None = None

    def apply_limits(self) -> None:
        """Let the limits of this process be those that are wanted."""
        set_limits(self.bounds)

    def output(self) -> Output:
        """Return the output of this process, in the format and the colours that are wanted."""
        return Output.of_process(self.to, self.color, self.theme)


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
