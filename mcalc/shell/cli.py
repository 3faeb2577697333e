"""The command line: every command with its options, as typer declares them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

import typer

from mcalc.errors import Mistake
from mcalc.shell import commands, shells
from mcalc.shell.arguments import arrange
from mcalc.shell.output import Output
from mcalc.shell.reference import OPTIONS, PARAGRAPHS, SHORT
from mcalc.shell.session import Asks
from mcalc.shell.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,  # A[i] and [bold] in a help text are mathematics, not markup
    pretty_exceptions_enable=False,  # the last resort is in __main__, in one line
    context_settings={"help_option_names": ["-h", "--help"]},
)


def option(name: str) -> Any:
    """Return an option whose words are those of the reference."""
    value, words = OPTIONS[name]
    names = [SHORT[name], name] if name in SHORT else [name]
    return typer.Option(*names, metavar=value or None, help=words, show_default=False)


Where = Annotated[str | None, option("--where")]
Layout = Annotated[str | None, option("--layout")]
To = Annotated[str | None, option("--to")]
Into = Annotated[str | None, option("--output")]
Force = Annotated[bool, option("--force")]
Check = Annotated[bool | None, option("--check/--no-check")]
From = Annotated[str, option("--from")]
Macros = Annotated[str | None, option("--macros")]
Latex = Annotated[str | None, option("--latex")]
Color = Annotated[str | None, option("--color")]
Limit = Annotated[list[str] | None, option("--limit")]
FailFast = Annotated[bool, option("--fail-fast")]
Notes = Annotated[bool, option("--notes")]


@app.command("statement", hidden=True, help=PARAGRAPHS["diff"])
@app.command("diff", help=PARAGRAPHS["diff"])
def diff(
    context: typer.Context,
    operand: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    order: Annotated[int, option("--order")] = 1,
    layout: Layout = None,
    mode: Annotated[str | None, option("--mode")] = None,
    way: Annotated[str | None, option("--as")] = None,
    structured: Annotated[str | None, option("--structured")] = None,
    steps: Annotated[str | None, option("--steps")] = None,
    by: Annotated[str | None, option("--by")] = None,
    to: To = None,
    latex: Latex = None,
    parts: Annotated[str | None, option("--with")] = None,
    as_operator: Annotated[bool, option("--operator")] = False,
    check: Check = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
    fail_fast: FailFast = False,
    notes: Notes = False,
) -> Callable[[], int]:
    """Prepare `mcalc diff`."""
    return commands.prepared(str(context.info_name), context.params)


@app.command("d", help=PARAGRAPHS["d"])
def differential(
    context: typer.Context,
    operand: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    order: Annotated[int, option("--order")] = 1,
    steps: Annotated[str | None, option("--steps")] = None,
    to: To = None,
    latex: Latex = None,
    check: Check = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
    fail_fast: FailFast = False,
    notes: Notes = False,
) -> Callable[[], int]:
    """Prepare `mcalc d`."""
    return commands.prepared("d", context.params)


@app.command(help=PARAGRAPHS["check"])
def check(
    context: typer.Context,
    operand: Annotated[str | None, typer.Argument(metavar="CLAIM", show_default=False)] = None,
    where: Where = None,
    layout: Layout = None,
    to: To = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
    fail_fast: FailFast = False,
    notation: From = "auto",
    macros: Macros = None,
) -> Callable[[], int]:
    """Prepare `mcalc check`."""
    return commands.prepared("check", context.params)


def _optimum(name: str, goal: str) -> None:
    """Make the command for the least or the greatest value."""

    @app.command(name, help=PARAGRAPHS[name])
    def best(
        text: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
        over: Annotated[str | None, option("--over")] = None,
        subject: Annotated[list[str] | None, option("--subject")] = None,
        answer: Annotated[str | None, option("--answer")] = None,
        where: Where = None,
        steps: Annotated[str | None, option("--steps")] = None,
        to: To = None,
        latex: Latex = None,
        notation: From = "auto",
        macros: Macros = None,
        output: Into = None,
        force: Force = False,
        color: Color = None,
        limits: Limit = None,
        fail_fast: FailFast = False,
        notes: Notes = False,
    ) -> Callable[[], int]:
        """Prepare `mcalc min` or `mcalc max`."""
        settings = Settings(
            where=where, steps=steps, to=to, latex=latex, into=output, force=force, color=color, limits=limits or (),
            fail_fast=fail_fast, notation=notation, macros=macros, notes=notes,
        )  # fmt: skip
        return partial(commands.solve, Asks(goal, over, subject or (), answer), text, settings)


_optimum("min", "minimise")
_optimum("max", "maximise")


@app.command("solve", help=PARAGRAPHS["solve"])
def solve(
    text: Annotated[str | None, typer.Argument(metavar="STATEMENT", show_default=False)] = None,
    over: Annotated[str | None, option("--for")] = None,
    answer: Annotated[str | None, option("--answer")] = None,
    where: Where = None,
    steps: Annotated[str | None, option("--steps")] = None,
    to: To = None,
    latex: Latex = None,
    notation: From = "auto",
    macros: Macros = None,
    output: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
    fail_fast: FailFast = False,
    notes: Notes = False,
) -> Callable[[], int]:
    """Prepare `mcalc solve`."""
    settings = Settings(
        where=where, steps=steps, to=to, latex=latex, into=output, force=force, color=color, limits=limits or (),
        fail_fast=fail_fast, notation=notation, macros=macros, notes=notes,
    )  # fmt: skip
    return partial(commands.solve, Asks("solve", over, (), answer), text, settings)


@app.command(help=PARAGRAPHS["run"])
def run(
    context: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE]...")] = None,
    script: Annotated[list[str] | None, option("--expression")] = None,
    where: Where = None,
    layout: Layout = None,
    to: To = None,
    latex: Latex = None,
    check: Check = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
    fail_fast: FailFast = False,
    jobs: Annotated[int, option("--jobs")] = 1,
    notes: Notes = False,
) -> Callable[[], int]:
    """Prepare `mcalc run`."""
    return commands.prepared("run", context.params)


@app.command("eval", help=PARAGRAPHS["eval"])
def evaluate(
    context: typer.Context,
    operand: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    sets: Annotated[list[str] | None, option("--set")] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    order: Annotated[int, option("--order")] = 1,
    layout: Layout = None,
    to: To = "text",
    check: Check = None,
    notation: From = "auto",
    macros: Macros = None,
    limits: Limit = None,
    into: Into = None,
    force: Force = False,
) -> Callable[[], int]:
    """Prepare `mcalc eval`."""
    return commands.prepared("eval", context.params)


@app.command(help=PARAGRAPHS["graph"])
def graph(
    operand: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    mode: Annotated[str | None, option("--mode")] = None,
    to: To = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
) -> Callable[[], int]:
    """Prepare `mcalc graph`."""
    from mcalc.shell.graph import graph as prepared

    settings = Settings(
        wrt=wrt, where=where, mode=mode, to="text", notation=notation, macros=macros, into=into, force=force,
        color=color, limits=limits or (),
    )  # fmt: skip
    return prepared(operand, to, settings)


@app.command(help=PARAGRAPHS["plot"])
def plot(
    operand: Annotated[str | None, typer.Argument(metavar="EXPR", show_default=False)] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    sets: Annotated[list[str] | None, option("--set")] = None,
    range_: Annotated[str | None, option("--range")] = None,
    kind: Annotated[str | None, option("--kind")] = None,
    to: To = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    color: Color = None,
    limits: Limit = None,
) -> Callable[[], int]:
    """Prepare `mcalc plot`."""
    from mcalc.shell.plot import plot as prepared

    settings = Settings(
        wrt=wrt, where=where, to="text", notation=notation, macros=macros, into=into, force=force, color=color,
        limits=limits or (),
    )  # fmt: skip
    return prepared(operand, to, kind, range_, sets or (), settings)


@app.command(help=PARAGRAPHS["report"])
def report(
    operand: Annotated[str | None, typer.Argument(metavar="EXPR|FILE", show_default=False)] = None,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    order: Annotated[int, option("--order")] = 1,
    layout: Layout = None,
    mode: Annotated[str | None, option("--mode")] = None,
    to: To = None,
    notation: From = "auto",
    macros: Macros = None,
    into: Into = None,
    force: Force = False,
    opened: Annotated[bool, option("--open")] = False,
    limits: Limit = None,
) -> Callable[[], int]:
    """Prepare `mcalc report`."""
    from mcalc.shell.report import report as prepared

    settings = Settings(
        wrt=wrt, where=where, order=order, layout=layout, mode=mode, to="text", notation=notation, macros=macros,
        into=into, force=force, limits=limits or (),
    )  # fmt: skip
    return prepared(operand, to, settings, opened=opened)


@app.command(help=PARAGRAPHS["serve"])
def serve(
    port: Annotated[int, option("--port")] = 0,
    opened: Annotated[bool, option("--open")] = False,
) -> Callable[[], int]:
    """Prepare `mcalc serve`."""
    from mcalc.shell.serve import serve as prepared

    return prepared(port, opened=opened)


@app.command(help=PARAGRAPHS["quiz"])
def quiz(
    topic: Annotated[str | None, typer.Argument(metavar="TOPIC|FILE|EXPR", show_default=False)] = None,
    count: Annotated[int, option("--count")] = 10,
    seed: Annotated[int | None, option("--seed")] = None,
    keep: Annotated[bool, option("--keep")] = False,
    wrt: Annotated[str | None, option("--wrt")] = None,
    where: Where = None,
    color: Color = None,
    limits: Limit = None,
) -> Callable[[], int]:
    """Prepare `mcalc quiz`."""
    from mcalc.shell.quiz import quiz as prepared

    return prepared(
        topic, count, seed, Settings(wrt=wrt, where=where, to="text", color=color, limits=limits or ()), keep=keep
    )


@app.command(help=PARAGRAPHS["paper"])
def paper(
    section: Annotated[str | None, typer.Argument(metavar="SECTION", show_default=False)] = None,
    steps: Annotated[str | None, option("--steps")] = None,
    to: To = "text",
    latex: Latex = None,
) -> Callable[[], int]:
    """Prepare `mcalc paper`."""
    from mcalc.shell.paper import paper as show

    return show(section, Settings(steps=steps, to=to, latex=latex))


@app.command(help=PARAGRAPHS["repl"])
def repl() -> Callable[[], int]:
    """Prepare `mcalc repl`."""
    return commands.repl


@app.command(help=PARAGRAPHS["rules"])
def rules(
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    to: To = "text",
) -> Callable[[], int]:
    """Prepare `mcalc rules`."""
    from mcalc.shell.rules import rules as show

    return show(name, Settings(to=to))


@app.command(help=PARAGRAPHS["explain"])
def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", show_default=False)] = None,
    color: Color = None,
) -> Callable[[], int]:
    """Prepare `mcalc explain`."""
    from mcalc.shell.explain import explain as show

    return partial(show, code, Settings(to="text", color=color))


@app.command(help=PARAGRAPHS["config"])
def config(
    action: Annotated[str, typer.Argument(metavar="[ACTION]", show_default=False)] = "show",
    init: Annotated[bool, typer.Option("--init", help="write a file to begin with", show_default=False)] = False,
    force: Force = False,
) -> Callable[[], int]:
    """Prepare `mcalc config`."""
    from mcalc.shell.configuring import config as configure

    return partial(configure, "init" if init else action, Settings(to="text", force=force))


@app.command(help=PARAGRAPHS["completion"])
def completion(
    shell: Annotated[str | None, typer.Argument(metavar="[SHELL]", show_default=False)] = None,
    install: Annotated[
        bool, typer.Option("--install", help="put it where the shell finds it", show_default=False)
    ] = False,
) -> Callable[[], int]:
    """Prepare `mcalc completion`."""
    return partial(shells.completion, shell, into_profile=install)


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
    else:
        return int(job()) if callable(job) else 0
    Output.of_process().mistake(mistake)
    return 4 if mistake.code == "E-LIMIT" else 2
