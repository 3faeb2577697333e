"""The command line as typer has it: help, and what is wrong with a line, from the tables of commands and options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer

from mcalc.errors import Mistake
from mcalc.shell.arguments import HELP, arrange
from mcalc.shell.command_line import commands
from mcalc.shell.options import Option
from mcalc.shell.output import CannotWrite, Output
from mcalc.shell.reference import EVERY, STATEMENT, Command

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,  # A[i] and [bold] in a help text are mathematics, not markup
    pretty_exceptions_enable=False,  # the last resort is in __main__, in one line
    context_settings={"help_option_names": [*HELP]},
)


def declared(row: Option) -> Any:
    """Return the type of an option, with what its help says of it; each may be left out, and is None then."""
    kind = int if row.is_whole else list[str] if row.is_repeated else str if row.value else bool
    told: Any = typer.Option(*row.declarations, metavar=row.value or None, help=row.says, show_default=False)
    return Annotated[kind | None, told]


def callback_of(name: str, command: Command) -> Callable[..., Callable[[], int]]:
    """Return the function of a command as typer wants it, with a parameter for each option and for the operand."""

    def prepare(operand: Sequence[str] | str | None = None, **said: Any) -> Callable[[], int]:
        operands = [operand] if isinstance(operand, str) else operand or []
        return commands.prepared(name, operands, said)

    kinds = {row.keyword: declared(row) for row in command.takes}
    if command.operand:
        kind = list[str] if command.operand.endswith("...") else str
        kinds["operand"] = Annotated[kind | None, typer.Argument(metavar=command.operand, show_default=False)]
    of = Parameter.KEYWORD_ONLY
    vars(prepare)["__signature__"] = Signature(
        [Parameter(keyword, of, default=None, annotation=kind) for keyword, kind in kinds.items()]
    )
    return prepare


for _name, _command in EVERY.items():
    app.command(_name, hidden=_name == STATEMENT, help=_command.paragraphs)(callback_of(_name, _command))


def main(argv: Sequence[str]) -> int:
    """Run a command line and return the exit code."""
    tree: Any = typer.main.get_command(app)
    try:
        # The commands only say what is to be done: typer has its own ideas of closed pipes and interrupts.
        job: Any = tree(arrange(argv), prog_name="mcalc", standalone_mode=False)
    except typer.TyperException as trouble:
        message = trouble.format_message().rstrip(".")
        mistake = Mistake("E-USAGE", message[:1].lower() + message[1:], hint="mcalc --help")
    except Mistake as trouble:
        mistake = trouble
    except BrokenPipeError:
        raise
    except OSError as trouble:  # typer writes its help itself
        raise CannotWrite(trouble.strerror or str(trouble)) from trouble
    else:
        return int(job()) if callable(job) else 0
    Output.of_process().mistake(mistake)
    return 4 if mistake.code == "E-LIMIT" else 2
