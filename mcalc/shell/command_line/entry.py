"""From the words of a command line to the command that they ask for, and the last word on how the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from mcalc import __version__
from mcalc.errors import Mistake
from mcalc.shell.arguments import parted, said
from mcalc.shell.output import CannotWrite, Output, abandon, take_away_unfinished
from mcalc.shell.reference import EVERY, help_page


def dispatch(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code.

    Where nothing is wrong and no help of a command is asked for, typer is not needed, and nobody waits for it.
    """
    asked = os.environ.get("_MCALC_COMPLETE")
    if asked and not argv:
        from mcalc.shell.command_line import completion

        return completion.answer(asked)
    word = argv[0] if len(argv) == 1 else None
    if word in ("--help", "-h", "help"):
        return help_page()
    if argv and argv[0] == "--version":
        Output.of_process().result(f"mcalc {__version__}")
        return 0
    if word == "repl" or (not argv and sys.stdin is not None and sys.stdin.isatty()):
        from mcalc.shell.repl.start import start

        return start()
    from mcalc.shell.command_line import commands

    if not argv:
        return commands.default()
    job = quick(argv)
    if job is not None:
        return job()
    from mcalc.shell.command_line import cli

    return cli.main(argv)


def quick(argv: Sequence[str]) -> Callable[[], int] | None:
    """Return what does a command line; None where typer is to read it, which then tells what is wrong."""
    from mcalc.shell.command_line import commands

    try:
        command, chosen, operands = parted(argv)
        options = said(chosen)
        most = {"": 0}.get(EVERY[command].operand, 1)
        if options is None or (len(operands) > most and command != "run"):
            return None
        return commands.prepared(command, operands, options)
    except Mistake:
        return None


def run(argv: Sequence[str]) -> int:
    """Run a command line and return the exit code, whatever happens."""
    try:
        return dispatch(argv)
    except Mistake as mistake:
        Output.of_process().mistake(mistake)
        return mistake.exit_code
    except CannotWrite as trouble:
        Output.of_process().message(f"mcalc: cannot write: {trouble}")
        abandon(sys.stdout)
        return 1
    except BrokenPipeError:
        # Whoever reads has enough, of results or of messages: end in silence, as if by SIGPIPE.
        abandon(sys.stdout)
        abandon(sys.stderr)
        return 141
    except KeyboardInterrupt:
        abandon(sys.stdout)
        return 130
    except Exception as trouble:  # noqa: BLE001 - never a traceback
        from mcalc.shell.checking import bug, quoted_command

        Output.of_process().message(bug(trouble, quoted_command()))
        return 70
    finally:
        take_away_unfinished()
