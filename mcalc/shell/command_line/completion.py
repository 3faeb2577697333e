"""Completion in shells: what a word may become, by the rules that judge whole lines; the scripts are typer's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from typer._click.shell_completion import CompletionItem, get_completion_class
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script, install

from mcalc.api import parse
from mcalc.dims import shape_text
from mcalc.errors import Mistake
from mcalc.limits import DEFAULTS
from mcalc.operators import TABLE
from mcalc.practice.topics import BEYOND, TEMPLATES
from mcalc.shell.arguments import ANY, NAMES, OF, OPTIONAL
from mcalc.shell.explain import PAGES
from mcalc.shell.options import OPTIONS
from mcalc.shell.output import Output
from mcalc.shell.reference import ACTIONS, COMMANDS, OTHER_WORDS, SHELLS, STATEMENT

VARIABLE = "_MCALC_COMPLETE"
"""The variable in which a shell asks, such as complete_bash."""
VALUES: dict[str, Sequence[str]] = {
    **{name: row.words for name, row in OPTIONS.items() if row.words},
    "--limit": [f"{name}=" for name in DEFAULTS],
}
"""The values that an option may have; what is not here is free, or a file."""
BY = [spelled for spelled, row in NAMES.items() if row.value == "NAMES"]
"""Options whose values are names in the formula."""


def _sections() -> dict[str, str]:
    from mcalc.shell.paper import examples

    return {example.section: example.title for example in examples()}


def _topics() -> dict[str, str]:
    titles = _sections() | BEYOND
    return {topic: titles.get(topic, "") for topic in TEMPLATES}


OPERANDS: dict[str, Callable[[], Mapping[str, str]]] = {
    "explain": lambda: {code: page.title for code, page in PAGES.items()},
    "rules": lambda: {name: row.formula for name, row in sorted(TABLE.items())},
    "paper": _sections,
    "quiz": _topics,
    "config": lambda: dict.fromkeys(ACTIONS, ""),
    "completion": lambda: dict.fromkeys(SHELLS, ""),
}
"""What may stand behind a command, each with what is said of it."""


def candidates(words: Sequence[str], unfinished: str) -> dict[str, str]:
    """Return what the last word of a line may become, after the words before it, each with what is said of it.

    There is nothing where a file name is due.
    """
    before = list(words)
    if unfinished == "=":  # bash makes a word of its own of it
        before, unfinished = [*before, "="], ""
    if len(before) > 1 and before[-1] == "=":
        before.pop()
    command, waiting = _state(before)
    if waiting is not None and (waiting not in OPTIONAL or not unfinished.startswith("-")):
        own = COMMANDS[command].formats if waiting == "--to" and command in COMMANDS else ()
        found = variables(before) if waiting in BY else dict.fromkeys(own or VALUES.get(waiting, ()), "")
        name, equals, value = unfinished.partition("=")
        if name == waiting and equals:
            found, unfinished = {f"{name}={word}": says for word, says in found.items()}, f"{name}={value}"
    elif unfinished.startswith("-"):
        name, equals, _ = unfinished.partition("=")
        if equals and name in VALUES:
            found = dict.fromkeys([f"{name}={word}" for word in VALUES[name]], "")
        else:
            found = {
                word: NAMES[word].says if word in NAMES else "" for word in sorted(OF[command] if command else ANY)
            }
    elif command is None:
        found = {name: one.says for name, one in COMMANDS.items()}
        found |= {name: f"{' '.join(same)}" for name, same in OTHER_WORDS.items() if unfinished}
        found |= dict.fromkeys([name for name in _scripts() if unfinished], "")
    else:
        found = dict(OPERANDS[command]()) if command in OPERANDS and command == before[-1] else {}
    return {word: says for word, says in found.items() if word.startswith(unfinished)}


def variables(words: Sequence[str]) -> dict[str, str]:
    """Return the variables of the formula that stands on a line, each with its shape; none where it is not read.

    >>> variables(["diff", "'w·x + b'"])
    {'w': 'vector of n', 'x': 'vector of n', 'b': 'scalar'}
    """
    where = [word for before, word in pairwise(words) if before == "--where"]
    for word in words:
        text = word[1:-1] if word[:1] in ("'", '"') and word[-1:] == word[:1] else word
        if text in COMMANDS or text in OTHER_WORDS or text.startswith("--") or word in where:
            continue
        try:
            symbols = parse(text, where=where[0].strip("'\"") if where else None).symbols
        except Mistake:
            return {}
        return {node.attr[0]: shape_text(node.shape) for node in symbols if node.op.name == "symbol"}
    return {}


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
            command = command or (word if word in COMMANDS else OTHER_WORDS.get(word, (STATEMENT,))[0])
    return command, waiting


def _scripts() -> list[str]:
    try:
        return sorted([name for name in os.listdir() if name.endswith(".mc")])
    except OSError:
        return []


def answer(asked: str) -> int:
    """Answer a shell that asks what a word may become."""
    completion_init()
    shell = asked.partition("_")[2]
    kind: Any = get_completion_class(shell)
    if kind is None or not asked.startswith("complete_"):
        return 1

    class Answer(kind):  # type: ignore[misc]
        def get_completions(self, args: Sequence[str], incomplete: str) -> list[Any]:
            return [CompletionItem(word, help=says or None) for word, says in candidates(args, incomplete).items()]

    said = str(Answer(None, {}, "mcalc", VARIABLE).complete())
    if said:
        Output.of_process().result(said)
    return 0


def completion(shell: str | None, *, into_profile: bool) -> int:
    """Print the script that makes a shell complete mcalc, or put it where the shell finds it.

    Raises:
        Mistake: `E-USAGE`, for another shell; `E-FILE`, where its profile cannot be written.
    """
    name = shell or os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        said = f"there is no completion for {name}" if name else "which shell?"
        raise Mistake("E-USAGE", said, hint=f"mcalc completion {'|'.join(SHELLS)}")
    output = Output.of_process()
    if into_profile:
        try:
            _, path = install(shell=name, prog_name="mcalc", complete_var=VARIABLE)
        except OSError as trouble:
            raise Mistake("E-FILE", f"cannot write {trouble.filename}: {trouble.strerror}") from trouble
        output.message(f"wrote {path}; it holds in new shells")
        return 0
    output.result(get_completion_script(prog_name="mcalc", complete_var=VARIABLE, shell=name))
    return 0
