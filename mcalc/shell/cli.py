"""The arguments: which tokens are options, which command is meant, and the commands as typer declares them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any

import typer

from mcalc.errors import Mistake
from mcalc.shell import commands
from mcalc.shell.commands import Settings
from mcalc.shell.output import Output

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,  # A[i] and [bold] in a help text are mathematics, not markup
    pretty_exceptions_enable=False,  # the last resort is in __main__, in one line
    context_settings={"help_option_names": ["-h", "--help"]},
)

OPTIONAL = {"--steps": commands.LEVELS}
"""Options whose value may be left out, with the values they have: the first is the one that is meant then."""

Where = Annotated[str | None, typer.Option("--where", metavar="DECLS", help='Shapes: "w, x: R^n; b: R".')]
Layout = Annotated[str, typer.Option("--layout", metavar="NAME", help="numerator or denominator.")]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="FORMAT", help="text, unicode, ascii, latex, json; or code: numpy, jax, torch, array-api."
    ),
]
Into = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write results to a file, all or none.")
]
Force = Annotated[bool, typer.Option("--force", help="Let -o replace a file.")]
Wrt = Annotated[str | None, typer.Option("--wrt", metavar="NAMES", help="The variable: w, x_4, or several: w,b.")]


@app.command("statement", hidden=True)
@app.command("diff")
def diff(
    context: typer.Context,
    expression: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    wrt: Wrt = None,
    where: Where = None,
    order: Annotated[int, typer.Option("--order", metavar="N", help="1 for the derivative, 2 for the Hessian.")] = 1,
    layout: Layout = "numerator",
    mode: Annotated[str, typer.Option("--mode", metavar="NAME", help="auto, forward or backward.")] = "auto",
    way: Annotated[
        str, typer.Option("--as", metavar="WAY", help="matrix, sum (over samples) or index; else as the input is.")
    ] = "auto",
    steps: Annotated[
        str | None, typer.Option("--steps", metavar="[LEVEL]", help="Show the derivation: brief or full.")
    ] = None,
    to: To = "text",
    parts: Annotated[
        str | None, typer.Option("--with", metavar="PARTS", help="Code for several at once: value,grad,hess.")
    ] = None,
    as_operator: Annotated[
        bool, typer.Option("--operator", help="Code for a structured Jacobian as products with vectors.")
    ] = False,
    output: Into = None,
    force: Force = False,
) -> Callable[[], int]:
    """Print the derivative of EXPR by the variable given with --wrt; or of a statement such as "∂/∂w (w · x)".

    Without EXPR, each statement of standard input is differentiated.
    """
    settings = Settings(
        wrt=wrt,
        where=where,
        order=order,
        layout=layout,
        mode=mode,
        way=way,
        steps=steps,
        to=to,
        into=output,
        force=force,
        parts=parts,
        as_operator=as_operator,
    )
    # `mcalc "x^2"` is a statement, and shows how it is read; `mcalc diff "x^2"` lacks a variable.
    if context.info_name == "statement" and expression is not None:
        return partial(commands.statement, expression, settings)
    return partial(commands.diff, expression, settings)


@app.command()
def run(
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    where: Where = None,
    layout: Layout = "numerator",
    to: To = "text",
    output: Into = None,
    force: Force = False,
) -> Callable[[], int]:
    """Run the statements of each FILE, or of standard input for -, one a line; all files share their names."""
    return partial(commands.run, files, Settings(where=where, layout=layout, to=to, into=output, force=force))


@app.command()
def paper(
    section: Annotated[str | None, typer.Argument(metavar="SECTION", show_default=False)] = None,
    steps: Annotated[str, typer.Option("--steps", metavar="[LEVEL]", help="brief or full.")] = "brief",
    to: To = "text",
) -> Callable[[], int]:
    """Show the worked examples of a section of the paper, derived now; without SECTION, all with results."""
    from mcalc.shell.paper import paper as show

    return show(section, Settings(steps=steps, to=to))


@app.command()
def rules(
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    to: To = "text",
) -> Callable[[], int]:
    """Show the rule of an operator or a function: formula, shapes, section of the paper, example; without NAME, all."""
    from mcalc.shell.rules import rules as show

    return show(name, Settings(to=to))


class Options:
    """The options of each command, as typer knows them: name to whether a value follows."""

    def __init__(self) -> None:
        self.tree = typer.main.get_command(app)
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
        elif is_option_like(token):
            names.append(name)
        else:
            plain.append(token)
    command, operands = _command(plain)
    for name in names:
        if name not in options.of[command]:
            close = get_close_matches(name, options.of[command], 1, 0.6)
            hint = f"did you mean {close[0]}?" if close else f'if it is an expression: mcalc -- "{name}"'
            raise Mistake("E-USAGE", f"there is no option {name} here", hint=hint)
    return [command, *chosen, "--", *operands]


def _command(plain: Sequence[str]) -> tuple[str, list[str]]:
    """Return the command that the words begin with or imply, and the words left for it."""
    if not plain:
        return "run", ["-"]
    first, *rest = plain
    if first in commands.NAMES:
        return first, rest
    return ("run" if commands.is_file(first) else "statement"), [first, *rest]


def main(argv: Sequence[str]) -> int:
    """Run a command line and return the exit code."""
    options = Options()
    try:
        # The commands only say what is to be done: typer has its own ideas of closed pipes and interrupts.
        job: Any = options.tree(arrange(argv, options), prog_name="mcalc", standalone_mode=False)
    except typer.TyperException as trouble:
        message = trouble.format_message().rstrip(".")
        mistake = Mistake("E-USAGE", message[:1].lower() + message[1:], hint="mcalc --help")
    except Mistake as trouble:
        mistake = trouble
    else:
        return int(job()) if callable(job) else 0
    Output.of_process().mistake(mistake)
    return 4 if mistake.code == "E-LIMIT" else 2
