"""`mcalc config`: where the configuration lies, what holds, and a file to begin with."""

from __future__ import annotations

import os

from mcalc.errors import Mistake
from mcalc.files import write_privately
from mcalc.limits import DEFAULTS, limit
from mcalc.shell.options import CONFIGURED
from mcalc.shell.output import Output
from mcalc.shell.reference import ACTIONS
from mcalc.shell.settings import Settings, config_file, preferences, startup_script
from mcalc.shell.streams import tell


def config(action: str, settings: Settings) -> int:
    """Show what holds, say where the file lies, or write one in which every line is a comment.

    Raises:
        Mistake: `E-USAGE`, for another action; `E-FILE`, where there is no home for a file.
    """
    output = settings.output()
    tell(output)
    if action not in ACTIONS:
        raise Mistake("E-USAGE", f"mcalc config cannot {action}", hint=f"one of {', '.join(ACTIONS)}")
    path = config_file()
    if path is None:
        raise Mistake("E-FILE", "there is no home for a configuration", hint="set HOME, or MCALC_CONFIG_DIR")
    if action == "path":
        output.result(path)
    elif action == "init":
        write(path, output, force=settings.force)
    else:
        output.result(shown(path))
    return 0


def shown(path: str) -> str:
    """Return what holds, as the file would say it."""
    words = preferences().words
    there = "" if os.path.exists(path) else " (not there)"
    script = startup_script() or ""
    lines = [
        f"# {path}{there}",
        f"# {script}{'' if os.path.exists(script) else ' (not there)'}: run by the REPL at its start",
    ]
    lines += [f'{name} = "{value}"' for name, value in words.items()]
    lines += ["", "[limits]", *[f"{name} = {limit(name) if limit(name) < 1 << 62 else 0}" for name in DEFAULTS]]
    repl = preferences().repl
    return "\n".join(
        [*lines, *(["", "[repl]", *[f"{name} = {value!r}" for name, value in repl.items()]] if repl else [])]
    )


def template() -> str:
    """Return a file that says everything as it is by itself, in comments."""
    lines = [
        "# The configuration of mcalc. An option stands above a variable MCALC_NAME, and that above this file.",
        "",
    ]
    for name, row in CONFIGURED.items():
        lines.append(f'# {name} = "{row.default}"'.ljust(32) + f"# {row.config}: {', '.join(row.words)}")
    lines += ["", "# [limits]"]
    lines += [
        f"# {name} = {value}".ljust(32) + f"# {words}; 0 is no limit" for name, (value, words) in DEFAULTS.items()
    ]
    return "\n".join(lines)


def write(path: str, output: Output, *, force: bool) -> None:
    """Write the file to begin with, whole or not at all.

    Raises:
        Mistake: `E-FILE`, where it is there already, or cannot be written.
    """
    if os.path.exists(path) and not force:
        raise Mistake("E-FILE", f"{path} is there already", hint="--force replaces it")
    try:
        write_privately(path, f"{template()}\n".encode())
    except OSError as trouble:
        raise Mistake("E-FILE", f"cannot write {path}: {trouble.strerror}") from trouble
    output.message(f"wrote {path}")
