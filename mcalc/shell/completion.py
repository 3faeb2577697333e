"""Completion in shells: the scripts, which are typer's, and the answer to what a word may become, with our words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from typer._click.shell_completion import CompletionItem, get_completion_class
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script, install

from mcalc.errors import Mistake
from mcalc.shell.candidates import candidates
from mcalc.shell.output import Output
from mcalc.shell.reference import SHELLS

VARIABLE = "_MCALC_COMPLETE"
"""The variable in which a shell asks, such as complete_bash."""


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
    """Print the script that makes a shell complete mcalc, or put it where the shell finds it."""
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
