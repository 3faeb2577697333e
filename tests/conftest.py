"""What the tests share: running the command line inside this process, with streams of its own."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mcalc.__main__ import main
from mcalc.limits import set_limits
from mcalc.shell.settings import preferences

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background so

ROOT = Path(__file__).resolve().parent.parent


class _Bytes(io.BytesIO):
    """Bytes that say whether they are a terminal, and stay readable when they are closed."""

    def __init__(self, data: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(data)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def close(self) -> None:
        self.flush()


class Done:
    """What a command line came to."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode("utf-8")
        self.err = err.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def __repr__(self) -> str:
        return f"Done({self.code}, {self.out!r}, {self.err!r})"


Mcalc = Callable[..., Done]


@pytest.fixture
def mcalc(monkeypatch: pytest.MonkeyPatch) -> Mcalc:
    """Run `mcalc` with these arguments and this standard input (None: a terminal), and return what came of it."""
    monkeypatch.setenv("MCALC_CONFIG_DIR", "/nowhere")
    for name in ("NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: str, stdin: bytes | str | None = b"", terminal: bool = False, encoding: str = "utf-8") -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        given = _Bytes(data or b"", terminal=data is None)
        out, err = _Bytes(terminal=terminal), _Bytes(terminal=terminal)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["mcalc", *argv])
            patch.setattr(sys, "stdin", io.TextIOWrapper(given, encoding="utf-8"))
            patch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=encoding))
            patch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding=encoding, errors="backslashreplace"))
            before = set_limits({})
            preferences.cache_clear()
            code = main()
            set_limits(before)
            sys.stdout.flush()
            sys.stderr.flush()
        return Done(code, out.getvalue(), err.getvalue())

    return run


def usual_environment() -> dict[str, str]:
    """Return the environment for a process of its own: UTF-8, this checkout's mcalc, and no colour set by hand."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "COV_")) and "COLOR" not in k
    }
    return {**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


@pytest.fixture
def environment() -> dict[str, str]:
    """Return the environment for a process of its own."""
    return usual_environment()
