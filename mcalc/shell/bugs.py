"""What is said of an error inside mcalc: never a traceback, always the line that makes it happen again."""

from __future__ import annotations

import os
import sys


def quoted(text: str) -> str:
    """Return text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_command() -> str:
    """Return the command line of this process, to be typed again."""
    return " ".join(["mcalc", *[quoted(word) for word in sys.argv[1:]]])


def bug(trouble: BaseException, command: str) -> str:
    """Return what is said of an error inside mcalc: what and where, and the one line that reproduces it."""
    trace = trouble.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace is not None else ""
    said = f"{type(trouble).__name__}: {' '.join(str(trouble).split())[:200]}{where}"
    return f"mcalc: this is a bug in mcalc: {said}; please report it with this line:\n  {command}"
