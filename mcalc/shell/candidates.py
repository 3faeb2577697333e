"""What a word of the command line may become, as a shell asks for it: by the same rules that judge whole lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from mcalc.limits import DEFAULTS
from mcalc.operators import TABLE
from mcalc.shell.arguments import OPTIONAL
from mcalc.shell.explanations import EXPLANATIONS
from mcalc.shell.options import ANY, OF
from mcalc.shell.preferences import CHOICES
from mcalc.shell.reference import ACTIONS, COMMANDS
from mcalc.shell.shells import SHELLS

VALUES: dict[str, Sequence[str]] = {
    **{f"--{name}": words for name, (words, _) in CHOICES.items()},
    **OPTIONAL,
    "--limit": [f"{name}=" for name in DEFAULTS],
}
"""The values that an option may have; what is not here is free, or a file."""


def _sections() -> list[str]:
    from mcalc.shell.paper import examples

    return list(dict.fromkeys([example.section for example in examples()]))


OPERANDS: dict[str, Callable[[], Sequence[str]]] = {
    "explain": lambda: list(EXPLANATIONS),
    "rules": lambda: sorted(TABLE),
    "paper": _sections,
    "config": lambda: ACTIONS,
    "completion": lambda: SHELLS,
}
"""What may stand behind a command."""


def candidates(words: Sequence[str], unfinished: str) -> list[str]:
    """Return what the last word of a line may become, after the words before it; nothing where a file name is due."""
    before = list(words)
    if unfinished == "=":  # bash makes a word of its own of it
        before, unfinished = [*before, "="], ""
    if len(before) > 1 and before[-1] == "=":
        before.pop()
    command, waiting = _state(before)
    if waiting is not None and (waiting not in OPTIONAL or not unfinished.startswith("-")):
        found = list(VALUES[waiting]) if waiting in VALUES else []
        name, equals, value = unfinished.partition("=")
        if name == waiting and equals:
            found, unfinished = [f"{name}={word}" for word in found], f"{name}={value}"
    elif unfinished.startswith("-"):
        name, equals, _ = unfinished.partition("=")
        if equals and name in VALUES:
            found = [f"{name}={word}" for word in VALUES[name]]
        else:
            found = sorted(OF[command] if command else ANY)
    elif command is None:
        found = [*COMMANDS, *[name for name in _scripts() if unfinished]]
    else:
        found = list(OPERANDS[command]()) if command in OPERANDS and command == before[-1] else []
    return [word for word in found if word.startswith(unfinished)]


def _state(words: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the command of a line, and the option that waits for its value."""
    command: str | None = None
    waiting: str | None = None
    for word in words:
        if waiting is not None and not (waiting in OPTIONAL and word not in OPTIONAL[waiting]):
            waiting = None
        elif word in ANY:
            waiting = word if ANY[word] else None
        else:
            waiting = None
            command = command or (word if word in COMMANDS else "statement")
    return command, waiting


def _scripts() -> list[str]:
    try:
        return sorted([name for name in os.listdir() if name.endswith(".mc")])
    except OSError:
        return []
