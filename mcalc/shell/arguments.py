"""The arguments: which tokens are options and which are expressions, and which command is meant."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from mcalc.errors import Mistake, closest
from mcalc.shell.commands import is_file
from mcalc.shell.reference import COMMANDS
from mcalc.shell.settings import LEVELS

OPTIONAL = {"--steps": LEVELS}
"""Options whose value may be left out, with the values they have: the first is the one that is meant then."""


class Options:
    """The options of each command, as typer knows them: name to whether a value follows."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        found = getattr(self.tree, "commands", {})
        self.of = {
            name: {
                spelling: not getattr(param, "is_flag", False)
                for param in command.params
                if param.param_type_name == "option"
                for spelling in (*param.opts, *param.secondary_opts)
            }
            | {"-h": False, "--help": False}
            for name, command in found.items()
        }
        self.repeated = {
            spelling
            for command in found.values()
            for param in command.params
            if getattr(param, "multiple", False)
            for spelling in param.opts
        }
        self.any = {spelling: takes for one in self.of.values() for spelling, takes in one.items()}


def is_option_like(token: str) -> bool:
    """Say whether a token that is no known option can only be meant as one: two dashes, a word, perhaps a value.

    >>> is_option_like("--stpes"), is_option_like("--x + 2"), is_option_like("-sin(x)")
    (True, False, False)
    """
    name = token.partition("=")[0]
    return name.startswith("--") and len(name) > 3 and name[2:].replace("-", "").isalpha() and name.isascii()


def arrange(argv: Sequence[str], options: Options) -> list[str]:
    """Return the arguments as typer wants them: a command, its options, ``--``, and all that is not an option.

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
        known = name if equals and options.any.get(name) else token
        if token == "--":
            plain.extend(waiting)
            waiting.clear()
        elif known in options.any:
            names.append(known)
            chosen.append(token)
            if options.any[known] and known == token:
                allowed = OPTIONAL.get(known)
                if allowed is not None and not (waiting and waiting[0] in allowed):
                    chosen.append(allowed[0])
                elif not waiting:
                    raise Mistake("E-USAGE", f"{token} needs a value after it", hint="mcalc --help")
                else:
                    chosen.append(waiting.popleft())
            if options.any[known] and known not in options.repeated:
                value = chosen[-1] if known == token else token[len(name) + 1 :]
                if values.setdefault(known, value) != value:
                    said = f"{known} {values[known]} and {known} {value} contradict each other"
                    raise Mistake("E-USAGE", said, hint="give it once")
        elif is_option_like(token):
            names.append(name)
        else:
            plain.append(token)
    command, operands = _command(plain, scripted=not {"-e", "--expression"}.isdisjoint(names))
    for name in names:
        if name not in options.of[command]:
            close = closest(name, options.of[command], 1, 0.6)
            hint = f"did you mean {close[0]}?" if close else f'if it is an expression: mcalc -- "{name}"'
            raise Mistake("E-USAGE", f"there is no option {name} here", hint=hint)
    return [command, *chosen, "--", *operands]


def _command(plain: Sequence[str], *, scripted: bool) -> tuple[str, list[str]]:
    """Return the command that the words begin with or imply, and the words left for it."""
    if not plain:
        return "run", [] if scripted else ["-"]
    first, *rest = plain
    if first in COMMANDS:
        return first, rest
    return ("run" if scripted or is_file(first) else "statement"), [first, *rest]
