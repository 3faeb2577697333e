"""What holds for one run: what an invocation says, what config.toml prefers, and what lines of a script direct.

A directive is a line such as ``# mcalc: layout denominator``, which says how the results after it are written.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from mcalc.choices import Manner
from mcalc.errors import Mistake, clip
from mcalc.files import folder, open_to_read
from mcalc.limits import DEFAULTS, beyond, limit, set_limits
from mcalc.patterns import pattern
from mcalc.shell.options import CONFIGURED, DIRECTED, PROMPTED, Option, Said
from mcalc.shell.output import CODE, Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.shell.session import Asks, Session

TABLES = ("limits", "repl")
"""The tables of config.toml: values of limits, and what the REPL looks up for itself."""
LARGEST = 1 << 20
"""Bytes of a configuration that are read."""
NAME = "config.toml"
STARTUP = "init.mc"
_PLACE = pattern(r" \(at line (\d+), column (\d+)\)")


class Preferences:
    """Preferences, and a warning for each that cannot be followed, with its line in the file.

    >>> Preferences("", {"MCALC_TO": "latex"}).choice("to")
    'latex'
    >>> Preferences("color = 'red'", {}).warnings
    ["config.toml:1: there is no color 'red': auto, always, never"]
    """

    def __init__(self, text: str, environ: Mapping[str, str], path: str = NAME) -> None:
        self.path = path
        self.warnings: list[str] = []
        self.limits: dict[str, int] = {}
        self.repl: dict[str, Any] = {}
        self._text = text
        self._words: dict[str, str] = {}
        for name, value in _parsed(text, path, self.warnings).items():
            self._take(name, value)
        for name, row in CONFIGURED.items():
            said = environ.get(f"MCALC_{name.upper()}")
            if said is not None and said not in row.words:
                self.warnings.append(f"MCALC_{name.upper()}: {_unknown(row, said)}")
            elif said is not None:
                self._words[name] = said
        for name in DEFAULTS:
            said = environ.get(f"MCALC_LIMIT_{name.upper()}")
            if said is not None and not (said.isascii() and said.isdecimal() and len(said) < 16):
                self.warnings.append(f"MCALC_LIMIT_{name.upper()}: a limit is a whole number, 0 for none")
            elif said is not None:
                self.limits[name] = int(said)

    @property
    def words(self) -> dict[str, str]:
        """All preferences that are words."""
        return {name: self.choice(name) for name in CONFIGURED}

    def choice(self, name: str) -> str:
        """Return a preference that is a word."""
        return self._words.get(name, CONFIGURED[name].words[0])

    def _take(self, name: str, value: Any) -> None:
        if name == "limits" and isinstance(value, dict):
            for key, number in value.items():
                if key not in DEFAULTS or type(number) is not int or number < 0:
                    self._warn(key, f"limits are whole numbers for {', '.join(DEFAULTS)}")
                else:
                    self.limits[key] = number
        elif name == "repl" and isinstance(value, dict):
            self.repl = value
        elif name in TABLES:
            self._warn(name, f"{name} is a table: [{name}], and a line for each of it")
        elif name not in CONFIGURED:
            self._warn(name, f"there is no preference {name}: {', '.join([*CONFIGURED, *TABLES])}")
        elif value not in CONFIGURED[name].words:
            self._warn(name, _unknown(CONFIGURED[name], value))
        else:
            self._words[name] = value

    def _warn(self, key: str, said: str) -> None:
        import re

        lines = self._text.split("\n")
        number = next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[?\W?{re.escape(key)}\b", line)), 1)
        self.warnings.append(f"{self.path}:{number}: {said}")


def _unknown(row: Option, value: object) -> str:
    return f"there is no {row.word} {clip(repr(value))}: {', '.join(row.words)}"


def _parsed(text: str, path: str, warnings: list[str]) -> dict[str, Any]:
    if not text.strip():
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as trouble:
        said = str(trouble) if isinstance(trouble, tomllib.TOMLDecodeError) else ""  # else of Python's own limits
        place = _PLACE.search(said)
        where = f"{place[1]}:{place[2]}" if place else str(text.count("\n") + 1)
        what = said.partition(" (at ")[0] or "a number is too long, or something is nested too deeply"
        warnings.append(f"{path}:{where}: {what}; none of it is used")
        return {}


def config_file() -> str | None:
    """Return where config.toml lies, or would lie; None where there is no home."""
    return _configured(NAME)


def startup_script() -> str | None:
    """Return where the statements lie, or would lie, that the REPL runs when it starts."""
    return _configured(STARTUP)


def _configured(name: str) -> str | None:
    place = folder("config")
    return None if place is None else os.path.join(place, name)


@cache
def preferences() -> Preferences:
    """Return the preferences of this process, read once; a file that cannot be read is a warning."""
    path = config_file()
    if path is None:
        return Preferences("", os.environ)
    if not os.path.lexists(path):
        return Preferences("", os.environ, path)
    try:
        with open_to_read(path) as file:
            return Preferences(file.read(LARGEST).decode(), os.environ, path)
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
    except Mistake as mistake:
        reason = mistake.message.rpartition(": ")[2]
    found = Preferences("", os.environ, path)
    found.warnings.insert(0, f"{path}: cannot be read: {reason}")
    return found


def prompted(theme: str) -> dict[str, str]:
    """Return what `:set` begins with in a session: what is preferred, where that is one of the words."""
    found = {name: row.prompted_default for name, row in PROMPTED.items()}
    for name, value in {**preferences().words, **preferences().repl, "theme": theme}.items():
        said = ("off", "on")[value] if isinstance(value, bool) else value
        if name in PROMPTED and said in PROMPTED[name].prompted:
            found[name] = said
    return found


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
            raise Mistake("E-USAGE", "--with and --operator are for code", hint=f"--to {next(iter(CODE))}")
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

    @property
    def manner(self) -> Manner:
        """How derivatives are wanted."""
        return Manner(self.layout, self.mode, self.way, self.structured)

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


_LINE = pattern(rf"\s*#\s*mcalc:\s*({'|'.join(DIRECTED)})\b[\s=]*(.*?)\s*$")


def is_directive(text: str) -> bool:
    """Say whether a line, which to others is a comment, says how results are written.

    >>> is_directive("# mcalc: layout denominator"), is_directive("# mcalc: a session")
    (True, False)
    """
    return text.lstrip().startswith("#") and _LINE.match(text) is not None


def directive(text: str) -> tuple[str, str]:
    """Return the preference that a directive names, and its value; raises `E-USAGE` where it cannot have that value."""
    found = _LINE.match(text)
    assert found is not None
    name, value = found.groups()
    allowed = DIRECTED[name].words
    if value not in allowed:
        raise Mistake("E-USAGE", f"{name} cannot be {value[:30] or 'empty'}", hint=f"one of {', '.join(allowed)}")
    return name, value


def options_of(session: Session) -> tuple[str, ...]:
    """Return what a session has for each of the options, in their order."""
    return tuple([getattr(session.manner, row.keyword) for row in DIRECTED.values()])


def lines_between(before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    """Return the directives that make some options of others.

    >>> lines_between(("numerator", "auto", "auto", "free"), ("denominator", "auto", "auto", "free"))
    ['# mcalc: layout denominator']
    """
    changes = zip(DIRECTED, before, after, strict=True)
    return [f"# mcalc: {name} {new}" for name, old, new in changes if new != old]


USUAL = tuple([row.default for row in DIRECTED.values()])
"""The options where nobody chooses any."""
