"""The answer to a shell that asks what a word may become: the form is typer's, the words are ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer._click.shell_completion import CompletionItem, get_completion_class
from typer._completion_classes import completion_init
from typer.main import get_command

from mcalc.shell.candidates import candidates
from mcalc.shell.output import Output
from mcalc.shell.shells import VARIABLE


def answer(asked: str) -> int:
    """Answer a shell that asks what a word may become."""
    from mcalc.shell.cli import app

    completion_init()
    shell = asked.partition("_")[2]
    kind: Any = get_completion_class(shell)
    if kind is None or not asked.startswith("complete_"):
        return 1
    tree = get_command(app)

    class Answer(kind):  # type: ignore[misc]
        def get_completions(self, args: Sequence[str], incomplete: str) -> list[Any]:
            return [CompletionItem(word, help=says or None) for word, says in candidates(args, incomplete).items()]

    said = str(Answer(tree, {}, "mcalc", VARIABLE).complete())
    if said:
        Output.of_process().result(said)
    return 0
