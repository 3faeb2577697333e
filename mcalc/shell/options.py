"""Which options each command takes, and what they say: read here, without typer, where nothing is wrong with them.

typer declares them as well (`cli.py`), and has all else: messages, help, completion. A test holds both alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mcalc.shell.reference import OPTIONS, SHORT

_DERIVATIVES = (
    "--wrt", "--where", "--order", "--layout", "--mode", "--as", "--structured", "--steps", "--by", "--to", "--latex",
    "--with", "--operator", "--check/--no-check", "--from", "--macros", "--output", "--force", "--color", "--limit",
    "--fail-fast", "--notes",
)  # fmt: skip
_EXTREMES = (
    "--over", "--subject", "--answer", "--where", "--steps", "--to", "--latex", "--from", "--macros", "--output",
    "--force", "--color", "--limit", "--fail-fast", "--notes",
)  # fmt: skip
TAKEN: dict[str, tuple[str, ...]] = {
    "statement": _DERIVATIVES,
    "diff": _DERIVATIVES,
    "d": (
        "--wrt", "--where", "--order", "--steps", "--to", "--latex", "--check/--no-check", "--from", "--macros",
        "--output", "--force", "--color", "--limit", "--fail-fast", "--notes",
    ),
    "check": (
        "--where", "--layout", "--to", "--output", "--force", "--color", "--limit", "--fail-fast", "--from", "--macros",
    ),
    "run": (
        "--expression", "--where", "--layout", "--to", "--latex", "--check/--no-check", "--from", "--macros",
        "--output", "--force", "--color", "--limit", "--fail-fast", "--jobs", "--notes",
    ),
    "eval": (
        "--set", "--wrt", "--where", "--order", "--layout", "--to", "--check/--no-check", "--from", "--macros",
        "--limit", "--output", "--force",
    ),
    "min": _EXTREMES,
    "max": _EXTREMES,
    "solve": ("--for", *_EXTREMES[2:]),
    "graph": (
        "--wrt", "--where", "--mode", "--to", "--from", "--macros", "--output", "--force", "--color", "--limit",
    ),
    "plot": (
        "--wrt", "--where", "--set", "--range", "--kind", "--to", "--from", "--macros", "--output", "--force",
        "--color", "--limit",
    ),
    "report": (
        "--wrt", "--where", "--order", "--layout", "--mode", "--to", "--from", "--macros", "--output", "--force",
        "--open", "--limit",
    ),
    "serve": ("--port", "--open"),
    "quiz": ("--count", "--seed", "--keep", "--wrt", "--where", "--color", "--limit"),
    "paper": ("--steps", "--to", "--latex"),
    "repl": (),
    "rules": ("--to",),
    "explain": ("--color",),
    "config": ("--init", "--force"),
    "completion": ("--install",),
}  # fmt: skip
"""The options of each command, in the order of its help; `statement` is what stands for no command."""
RENAMED = {
    "--as": "way", "--with": "parts", "--operator": "as_operator", "--check/--no-check": "check", "--from": "notation",
    "--output": "into", "--limit": "limits", "--set": "sets", "--expression": "script",
}  # fmt: skip
"""The keywords of options that are not called as the option is."""
LEVELS = ("brief", "full")
"""How much --steps tells."""
BYS = ("auto", "differentials", "chain", "entries")
"""How --steps tells: by differentials where the variable is a matrix, else by the paper's chain rule; or as chosen."""
WHOLE = frozenset(("--order", "--count", "--seed", "--jobs", "--port"))
"""Options whose value is a whole number."""
REPEATED = frozenset(("--limit", "--set", "--expression", "--subject"))
"""Options that may stand several times."""
HELP = ("-h", "--help")


def keyword(name: str) -> str:
    """Return the name under which a command is told of an option.

    >>> keyword("--as"), keyword("--fail-fast")
    ('way', 'fail_fast')
    """
    return RENAMED.get(name) or name[2:].replace("-", "_")


def takes_value(name: str) -> bool:
    """Say whether a value follows an option."""
    return name in OPTIONS and bool(OPTIONS[name][0])


def spellings(name: str) -> list[str]:
    """Return how an option may be written."""
    return [*([SHORT[name]] if name in SHORT else []), *name.split("/")]


OF = {
    command: {spelled: takes_value(name) for name in names for spelled in spellings(name)} | dict.fromkeys(HELP, False)
    for command, names in TAKEN.items()
}
"""How the options of each command may be written, each with whether a value follows."""
ANY = {spelled: takes for one in OF.values() for spelled, takes in one.items()}
"""The same for all commands together."""
MANY = frozenset([spelled for name in REPEATED for spelled in spellings(name)])
"""How those may be written that may stand several times."""
NAMES = {spelled: name for names in TAKEN.values() for name in names for spelled in spellings(name)}


def said(tokens: Sequence[str]) -> dict[str, object] | None:
    """Return what the options of a command line say, by keyword; None where typer has to look at them.

    >>> said(["--wrt", "w", "--order=2", "--no-check", "--limit", "time=1"])
    {'wrt': 'w', 'order': 2, 'check': False, 'limits': ['time=1']}
    >>> said(["--order", "two"]) is said(["--help"]) is None
    True
    """
    found: dict[str, object] = {}
    repeated: Mapping[str, list[str]] = {name: [] for name in REPEATED}
    waiting = iter(tokens)
    for token in waiting:
        spelled, equals, value = (token, "", "") if token in NAMES else token.partition("=")
        name = NAMES.get(spelled)
        if name is None or (equals and not takes_value(name)):
            return None
        if not takes_value(name):
            found[keyword(name)] = not spelled.startswith("--no-")
            continue
        text = value if equals else next(waiting)
        if name in REPEATED:
            repeated[name].append(text)
            found[keyword(name)] = repeated[name]
        elif name in WHOLE:
            try:
                found[keyword(name)] = int(text)
            except ValueError:
                return None
        else:
            found[keyword(name)] = text
    return found
