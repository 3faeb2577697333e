"""`mcalc` and `python -m mcalc`: the version at once, and all else with what it needs."""

from __future__ import annotations

import gc
import os
import sys

from mcalc import __version__

TYPE_CHECKING = False  # see mcalc/__init__.py
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

OBJECTS = 50_000
"""So many new objects later Python looks for garbage again: a start makes fewer, and none of them is garbage."""

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run mcalc with these arguments, or those of the process, and return the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if argv and argv[0] == "--version" and _printed(f"mcalc {__version__}\n"):
        return 0
    from mcalc.shell.command_line.entry import run

    return run(argv)


def _printed(text: str) -> bool:
    """Print a line; say whether that went well."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):
        return False
    return True


def program() -> NoReturn:
    """Run mcalc as a process of its own, which ends as soon as all is written: nothing is taken apart before."""
    try:
        gc.set_threshold(OBJECTS)
        if sys.argv[1:2] != ["eval"]:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a check has small arrays, threads take long to start
        code = main()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)  # before anything was done that could have to be undone
    threading = sys.modules.get("threading")
    if threading is None or (threading.active_count() == 1 and "multiprocessing" not in sys.modules):
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (OSError, ValueError):
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    program()
