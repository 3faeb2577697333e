"""`mcalc` and `python -m mcalc`: starts the command asked for, and has the last word on how the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from mcalc import __version__
from mcalc.errors import Mistake
from mcalc.shell import commands
from mcalc.shell.bugs import bug, quoted_command
from mcalc.shell.output import CannotWrite, Output, abandon
from mcalc.shell.reference import COMMANDS
from mcalc.shell.settings import Settings


def dispatch(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code.

    A stream, a lone statement or file, and the version need no parser of options, and so do not pay for loading one.
    """
    asked = os.environ.get("_MCALC_COMPLETE")
    if asked and not argv:
        from mcalc.shell import completion

        return completion.answer(asked)
    word = argv[0] if len(argv) == 1 else None
    if not argv:
        return commands.default()
    if word == "repl":
        return commands.repl()
    if word in ("--help", "-h", "help"):
        return commands.help_page()
    if argv[0] == "--version":
        Output.of_process().result(f"mcalc {__version__}")
        return 0
    if word is not None and word not in COMMANDS and (word == "-" or not word.startswith("-")):
        settings = Settings()
        return commands.run([word], settings) if commands.is_file(word) else commands.statement(word, settings)

    from mcalc.shell import cli

    return cli.main(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run mcalc with these arguments, or those of the process, and return the exit code."""
    try:
        return dispatch(sys.argv[1:] if argv is None else argv)
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
        Output.of_process().message(bug(trouble, quoted_command()))
        return 70


if __name__ == "__main__":
    sys.exit(main())
