"""The arguments: which tokens are options and which are expressions, and which command is meant."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence

from mcalc.errors import Mistake, closest
from mcalc.shell.options import OPTIONS
from mcalc.shell.output import FORMATS
from mcalc.shell.reference import COMMANDS, EVERY, OTHER_WORDS, STATEMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = {spelled: row for row in OPTIONS.values() for spelled in row.spellings}
"""The options by all that they may be called."""
HELP = ("-h", "--help")
ANY = {spelled: bool(row.value) for spelled, row in NAMES.items()} | dict.fromkeys(HELP, False)
"""How options may be written, each with whether a value follows."""
OF = {
    name: [*[spelled for row in command.takes for spelled in row.spellings], *HELP] for name, command in EVERY.items()
}
"""How the options of each command may be written."""
OPTIONAL = {name: row.words for name, row in OPTIONS.items() if row.value.startswith("[")}
"""Options whose value may be left out, with the values they have: the first is the one that is meant then."""
MEANT = {
    "--latex": "did you mean --to latex? --latex bold, or plain, says which letters it has",
    "-w": "-w NAME is the variable; if it is an expression, write (-w)",
}
"""What is said of options that may be meant otherwise, where what follows them is no value of theirs."""
NEARLY = 0.75
"""How close to a command a word that stands alone must be, to be taken for a slip and not for a name."""


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

    Raises:
        Mistake: `E-USAGE`, for an option that is unknown, lacks its value, or is given two.
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
                elif not waiting or (token in MEANT and waiting[0] in ANY):
                    raise Mistake("E-USAGE", f"{token} needs a value after it", hint=MEANT.get(token, "mcalc --help"))
                else:
                    chosen.append(waiting.popleft())
            if ANY[known] and not NAMES[known].is_repeated:
                value = chosen[-1] if known == token else token[len(name) + 1 :]
                once = NAMES[known].name
                if values.setdefault(once, value) != value:
                    said = f"{once} {values[once]} and {known} {value} contradict each other"
                    raise Mistake("E-USAGE", said, hint="give it once")
        elif is_option_like(token):
            if name in ANY:
                raise Mistake("E-USAGE", f"{name} takes no value", hint="mcalc --help")
            names.append(name)
        else:
            plain.append(token)
    command, operands = _command(plain, scripted=not {"-e", "--expression"}.isdisjoint(names), alone=not names)
    _, *implied = OTHER_WORDS.get(plain[0] if plain else "", (command,))
    if implied:
        option, value = implied
        if values.get(option, value) != value:
            said = f"{plain[0]} is {option} {value}, and here is {option} {values[option]}"
            raise Mistake("E-USAGE", said, hint=f"mcalc {command} {option} {values[option]}")
        chosen += implied
    for name in names:
        if name not in OF[command]:
            raise Mistake("E-USAGE", f"there is no option {name} here", hint=_instead(name, command))
    return command, chosen, operands


def _instead(name: str, command: str) -> str:
    """Return what may be meant by an option that there is not."""
    if name[2:] in FORMATS and "--to" in OF[command]:
        return f"did you mean --to {name[2:]}?"
    if command == "run" and name in OF["diff"]:
        return f"diff has it: mcalc diff {name} ..."
    close = closest(name, OF[command], 1, 0.6)
    return f"did you mean {close[0]}?" if close else f'if it is an expression: mcalc -- "{name}"'


def _command(plain: Sequence[str], *, scripted: bool, alone: bool) -> tuple[str, list[str]]:
    """Return the command that the words begin with or imply, and the words left for it."""
    if not plain:
        return "run", [] if scripted else ["-"]
    first, *rest = plain
    if first in COMMANDS:
        return first, rest
    if first in OTHER_WORDS:
        return OTHER_WORDS[first][0], rest
    if scripted or is_file(first):
        return "run", [*plain]
    _refuse_slip(first, rest, alone=alone)
    return STATEMENT, [*plain]


def _refuse_slip(first: str, rest: Sequence[str], *, alone: bool) -> None:
    """Refuse a word that is nearly a command, and a formula that the shell has cut into words.

    >>> _refuse_slip("dif", ["x^2"], alone=True)
    Traceback (most recent call last):
    mcalc.errors.Mistake: E-USAGE: there is no command dif
    """
    if first.isalpha() and first.isascii() and (rest or (alone and len(first) > 2)):
        close = closest(first.lower(), [*COMMANDS, *OTHER_WORDS], 1, 0.6 if rest else NEARLY)
        if close:
            hint = f"did you mean mcalc {close[0]}?" + ("" if rest else f" If it is a name: mcalc -e {first}")
            raise Mistake("E-USAGE", f"there is no command {first}", hint=hint)
    if rest:
        whole = " ".join([first, *rest])
        hint = f'put it into quotes: mcalc "{whole}"' if len(whole) < 60 and '"' not in whole else "put it into quotes"
        raise Mistake("E-USAGE", "a statement is one argument, and here are several", hint=hint)


def is_file(word: str) -> bool:
    """Say whether a first word that is no command names a file rather than being a statement.

    It has to look like a file, too: that a file called `x` lies about does not change what `mcalc x` means. A folder
    or a device counts as one, so that it is told as such.
    """
    if word == "-" or word.endswith(".mc"):
        return True
    return ("." in word or os.sep in word) and os.path.exists(word)


def said(tokens: Sequence[str]) -> dict[str, Any] | None:
    """Return what the options of a command line say, by keyword; None where typer has to look at them.

    >>> said(["--wrt", "w", "--order=2", "--no-check", "--limit", "time=1"])
    {'wrt': 'w', 'order': 2, 'check': False, 'limits': ['time=1']}
    >>> said(["--order", "two"]) is said(["--help"]) is None
    True
    """
    found: dict[str, Any] = {}
    waiting = iter(tokens)
    for token in waiting:
        spelled, equals, value = (token, "", "") if token in NAMES else token.partition("=")
        row = NAMES.get(spelled)
        if row is None or (equals and not row.value):
            return None
        if not row.value:
            found[row.keyword] = not spelled.startswith("--no-")
            continue
        text = value if equals else next(waiting)
        if row.is_repeated:
            found.setdefault(row.keyword, []).append(text)
        elif row.is_whole:
            try:
                found[row.keyword] = int(text)
            except ValueError:
                return None
        else:
            found[row.keyword] = text
    return found
