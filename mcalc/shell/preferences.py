"""What a user prefers: a variable MCALC_NAME of the environment, over config.toml, over what mcalc does by itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache

from mcalc.errors import Mistake
from mcalc.files import folder, open_to_read
from mcalc.limits import DEFAULTS
from mcalc.shell.options import CONFIGURED, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLES = ("limits", "repl")
"""The tables of config.toml: values of limits, and what the REPL looks up for itself."""
LARGEST = 1 << 20
"""Bytes of a configuration that are read."""
NAME = "config.toml"
STARTUP = "init.mc"


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
        elif name not in CONFIGURED:
            self._warn(name, f"there is no preference {name}: {', '.join([*CONFIGURED, *TABLES])}")
        elif value not in CONFIGURED[name].words:
            self._warn(name, _unknown(CONFIGURED[name], value))
        else:
            self._words[name] = value

    def _warn(self, key: str, said: str) -> None:
        lines = self._text.split("\n")
        number = next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[?\W?{re.escape(key)}\b", line)), 1)
        self.warnings.append(f"{self.path}:{number}: {said}")


def _unknown(row: Option, value: object) -> str:
    return f"there is no {row.word} {value!r}: {', '.join(row.words)}"


def _parsed(text: str, path: str, warnings: list[str]) -> dict[str, Any]:
    if not text.strip():
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as trouble:
        said = str(trouble)
        place = re.search(r" \(at line (\d+), column (\d+)\)", said)
        where = f"{place[1]}:{place[2]}" if place else str(text.count("\n") + 1)
        warnings.append(
            f"{path}:{where}: {said.partition(' (at ')[0] or 'this is nested too deeply'}; none of it is used"
        )
        return {}


def config_file() -> str | None:
    """Return where config.toml lies, or would lie; None where there is no home."""
    place = folder("config")
    return None if place is None else os.path.join(place, NAME)


def startup_script() -> str | None:
    """Return where the statements lie, or would lie, that the REPL runs when it starts."""
    place = folder("config")
    return None if place is None else os.path.join(place, STARTUP)


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
