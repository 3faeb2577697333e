"""Nothing that is typed or read is run as a program, and mcalc speaks to nobody."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "mcalc"
CALLS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint"})
"""Functions of Python's own that run a text."""
MODULES = frozenset({
    "asyncio", "cffi", "code", "codeop", "concurrent", "ctypes", "dill", "ftplib", "http", "importlib", "joblib",
    "marshal", "multiprocessing", "pickle", "pty", "runpy", "shelve", "smtplib", "socket", "socketserver", "ssl",
    "subprocess", "sympy", "telnetlib", "urllib", "webbrowser", "xmlrpc", "yaml",
})  # fmt: skip
"""Modules that run programs, open connections, or make objects of bytes."""
METHODS = frozenset({
    "system", "popen", "fork", "forkpty", "execv", "execve", "execvp", "execvpe", "execl", "execlp", "posix_spawn",
    "spawnl", "spawnv", "startfile", "eval", "sympify", "literal_eval", "loadtxt", "genfromtxt", "fromregex",
})  # fmt: skip
"""Attributes that do the same, of whatever module."""

ALLOWED = {
    ("__init__.py", "__import__"): "the public names are loaded when they are asked for, from a table of this file",
    ("notation/meaning/elaborate.py", "__import__"): "what seldom nodes mean is loaded from a table of this file",
    ("export/exported.py", "exec"): "Derivative.compile runs the module that mcalc has just written of an expression",
    ("export/exported.py", "compile"): "the same",
    ("shell/report.py", "webbrowser"): "`report --open` shows the page that it has just written, by its address",
    ("shell/serve.py", "http"): "`serve` listens on the loopback address, and answers who knows its token",
    ("shell/serve.py", "urllib"): "the same: the parts of an address are told apart, and nothing is fetched",
    (
        "shell/command_line/jobs.py",
        "multiprocessing",
    ): "`run --jobs` spreads its files over processes of its own",
    ("shell/repl/background.py", "ctypes"): "a preview that is out of date is stopped by an exception in its thread",
}
"""Where one of these may stand, and why nothing that was typed gets there as a program."""


def dangers(tree: ast.Module) -> set[str]:
    """Return what a file calls or imports that can run a program or open a connection."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in CALLS:
            found.add(node.id)
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.split(".")[0]} & MODULES
            found |= {alias.name for alias in node.names} & METHODS
        elif isinstance(node, ast.Attribute) and node.attr in METHODS:
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not _is_false(node.value):
            found.add("allow_pickle")
    return found


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def test_nothing_runs_a_text_but_what_is_listed_with_its_reason() -> None:
    found = {
        (str(path.relative_to(PACKAGE)), danger)
        for path in PACKAGE.rglob("*.py")
        for danger in dangers(ast.parse(path.read_text("utf-8")))
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "text",
    ["eval('1')", "f = exec", "import pickle", "from os import system", "import os; os.popen('ls')",
     "import urllib.request", "np.load(file, allow_pickle=True)", "ast.literal_eval(text)"],
)  # fmt: skip
def test_each_kind_of_danger_is_found(text: str) -> None:
    assert dangers(ast.parse(text))


WATCHED = """
import io, os, sys
import numpy  # what it loads of the system is its own; the hook sees what mcalc does
from mcalc.__main__ import main

KINDS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "pickle.", "urllib.")
events = []
sys.addaudithook(lambda event, args: events.append(event) if event.startswith(KINDS) else None)
codes = []
for argv, given in RUNS:
    sys.argv = ["mcalc", *argv]
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
    codes.append(main())
sys.stdout.flush()
seen = list(events)
os.system("true")
print([seen, events, codes], file=sys.stderr)
"""
BAIT = "__import__('os').system('echo HARMLESS')"
GOOD: list[tuple[list[str], str]] = [
    (["diff", "max(0, w . x + b)", "--wrt", "w", "--steps"], ""),
    (["diff", r"\frac{1}{2}\|Xw - y\|^2", "--wrt", "w", "--where", "X: R^{N x n}; y: R^N", "--check"], ""),
    (["diff", "x^T A x", "--wrt", "x", "--where", "x: R^n; A: R^{n x n}", "--to", "json"], ""),
    (["diff", "x^T A x", "--wrt", "x", "--where", "x: R^n; A: R^{n x n}", "--to", "numpy"], ""),
    (["eval", "d/dx sin(x)^2", "--set", "x=1.5"], ""),
    (["check", "d/dx x^2 = 2 x"], ""),
    (["rules", "softmax"], ""),
    (["paper", "4.4"], ""),
    (["explain", "E-NAME"], ""),
]
"""What mcalc does, one of each."""
BAITED: list[tuple[list[str], str]] = [
    (["-"], f"x^2\n{BAIT}\nd/dx {BAIT}\n"),
    (["eval", "x", "--set", f"x={BAIT}"], ""),
    (["eval", "x", "--set", "x=http://localhost/x.npy"], ""),
    (["diff", BAIT, "--wrt", BAIT, "--where", BAIT], ""),
    (["diff", "x", "--macros", BAIT], ""),
    (["check", BAIT], ""),
    (["run", BAIT], ""),
]
"""A program, or an address, wherever something is typed."""


def test_a_run_of_everything_opens_no_connection_and_starts_no_program(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"RUNS = {[*GOOD, *BAITED]!r}\n{WATCHED}"],
        capture_output=True, env=environment, cwd=tmp_path, check=True,
    )  # fmt: skip
    seen, watched, codes = ast.literal_eval(done.stderr.decode().splitlines()[-1])
    assert seen == []
    assert watched == ["os.system"], "the hook sees nothing"
    assert codes[: len(GOOD)] == [0] * len(GOOD)
    assert 0 not in codes[len(GOOD) :]
    assert b"HARMLESS" not in done.stdout.splitlines()
