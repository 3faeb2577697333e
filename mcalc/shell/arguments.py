"""The arguments: which tokens are options and which are expressions, and which command is meant."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence

from mcalc.errors import Mistake, closest
from mcalc.shell.options import ANY, LEVELS, MANY, OF
from mcalc.shell.reference import COMMANDS

OPTIONAL = {"--steps": LEVELS}
"""Options whose value may be left out, with the values they have: the first is the one that is meant then."""


def is_option_like(token: str) -> bool:
    """Say whether a token that is no known option can only be meant as one: two dashes, a word, perhaps a value.

    >>> is_option_like("--stpes"), is_option_like("--x + 2"), is_option_like("-sin(x)")
    (True, False, False)
    """
    name = token.partition("=")[0]
    return name.startswith("--") and len(name) > 3 and name[2:].replace("-", "").isalpha() and name.isascii()


def arrange(argv: Sequence[str]) -> list[str]:
    """Return the arguments as typer wants them: a command, its options, ``--``, and all that is not an option."""
    command, chosen, operands = parted(argv)
    return [command, *chosen, "--", *operands]


def parted(argv: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """Return the command that is meant, the options with their values, and all that is not an option.

    Looked at here, before typer sees them, since a parser of options takes ``-sin(x)`` for ``-s`` with something
    behind it. Only an option that is known, exactly, is one; ``--word`` otherwise is a mistake; any other token is
    an expression, whatever it begins with. A first word that is no command is a file, or a statement.
    """
    chosen: list[str] = []
    plain: list[str] = []
    names: list[str] = []
    values: dict[str, str] = {}
    waiting = deque(argv)
    while waiting:
        token = waiting.popleft()
        name, equals, _ = token.partition("=")
        known = name if equals and ANY.get(name) else token
        if token == "--":
            plain.extend(waiting)
            waiting.clear()
        elif known in ANY:
            names.append(known)
            chosen.append(token)
            if ANY[known] and known == token:
                allowed = OPTIONAL.get(known)
                if allowed is not None and not (waiting and waiting[0] in allowed):
                    chosen.append(allowed[0])
                elif not waiting:
                    raise Mistake("E-USAGE", f"{token} needs a value after it", hint="mcalc --help")
                else:
                    chosen.append(waiting.popleft())
            if ANY[known] and known not in MANY:
                value = chosen[-1] if known == token else token[len(name) + 1 :]
                if values.setdefault(known, value) != value:
                    said = f"{known} {values[known]} and {known} {value} contradict each other"
                    raise Mistake("E-USAGE", said, hint="give it once")
        elif is_option_like(token):
            if name in ANY:
                raise Mistake("E-USAGE", f"{name} takes no value", hint="mcalc --help")
            names.append(name)
        else:
            plain.append(token)
    command, operands = _command(plain, scripted=not {"-e", "--expression"}.isdisjoint(names))
    for name in names:
        if name not in OF[command]:
            close = closest(name, OF[command], 1, 0.6)
            hint = f"did you mean {close[0]}?" if close else f'if it is an expression: mcalc -- "{name}"'
            raise Mistake("E-USAGE", f"there is no option {name} here", hint=hint)
    return command, chosen, operands


def _command(plain: Sequence[str], *, scripted: bool) -> tuple[str, list[str]]:
    """Return the command that the words begin with or imply, and the words left for it."""
    if not plain:
        return "run", [] if scripted else ["-"]
    first, *rest = plain
    if first in COMMANDS:
        return first, rest
    return ("run" if scripted or is_file(first) else "statement"), [first, *rest]


def is_file(word: str) -> bool:
    """Say whether a first word that is no command names a file rather than being a statement.

    It has to look like a file, too: that a file called `x` lies about does not change what `mcalc x` means. A folder
    counts as one, so that it is told as such.
    """
    if word == "-" or word.endswith(".mc"):
        return True
    return ("." in word or os.sep in word) and (os.path.isfile(word) or os.path.isdir(word))
