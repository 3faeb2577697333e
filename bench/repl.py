"""The REPL as it is felt: from start to prompt and to the first key, from key to echo, from Enter to answer.

    python -m bench.repl [--rounds 5] [--statements 10000]

Runs `python -m mcalc` on a pseudo-terminal, as tests/terminal.py does, in the end for a session of many statements.
Times are in milliseconds of the clock, so that they are those of a machine with nothing else to do; the start is given
beside that of `python -c pass` as well.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
LINE = "∂/∂w max(0, w·x + b)"


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def until(terminal: Terminal, text: str, count: int) -> None:
    """Read until a text is on the screen so many times, without pauses."""
    while terminal.text.count(text) < count:
        terminal.read(0.5)


def resident(terminal: Terminal) -> float:
    """Return the memory of the process in MiB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{terminal.child.pid}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def start(environment: dict[str, str]) -> tuple[Terminal, float]:
    """Start the REPL; return it with the time until its prompt."""
    begun = time.perf_counter()
    terminal = Terminal(environment)
    while not any([row == "mcalc>" for row in terminal.rows]):
        terminal.read(0.5)
    return terminal, (time.perf_counter() - begun) * 1000


def first_key(environment: dict[str, str]) -> float:
    """Return the time until a key is shown that was typed as soon as there was a prompt."""
    terminal, took = start(environment)
    with terminal:
        terminal.keys("Q")
        return took + timed(lambda: until(terminal, "mcalc> Q", 1))


def keys(terminal: Terminal) -> list[float]:
    """Type a line key by key, with time for a preview between them; return the times until each is shown."""
    times = []
    for place in range(1, len(LINE) + 1):
        if LINE[place - 1] == " ":
            terminal.keys(" ")
            continue
        terminal.keys(LINE[place - 1])
        times.append(timed(lambda shown=f"mcalc> {LINE[:place]}": until(terminal, shown, 1)))  # type: ignore[misc]
        until_quiet(terminal)
    return times


def until_quiet(terminal: Terminal) -> None:
    """Read for a tenth of a second, about as long as a fast typist waits."""
    end = time.monotonic() + 0.1
    while time.monotonic() < end:
        terminal.read(0.02)


def long_session(terminal: Terminal, statements: int, step: int = 500) -> list[tuple[int, float]]:
    """Paste statements, so many at once; return the memory after each tenth of them."""
    found = [(0, resident(terminal))]
    for done in range(step, statements + 1, step):
        terminal.paste("\n".join([f"d/dx x^{2 + (done + i) % 50}" for i in range(step)]))
        terminal.keys("Enter")
        until(terminal, f"_{done + 1}", 1)
        found.append((done, resident(terminal)))
    return found


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--statements", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        homes = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
        environment = {**os.environ, **homes, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        bare: list[float] = []
        starts: list[float] = []
        firsts: list[float] = []
        echoes: list[float] = []
        answers: list[float] = []
        for _ in range(options.rounds + 1):
            bare.append(timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True, env=environment)))
            firsts.append(first_key(environment))
            terminal, took = start(environment)
            with terminal:
                starts.append(took)
                until_quiet(terminal)
                echoes += keys(terminal)
                terminal.keys("Enter")
                answers.append(timed(lambda shown=terminal: until(shown, "_1", 1)))  # type: ignore[misc]
        print(f"python -c pass        {statistics.median(bare[1:]):7.0f} ms")
        print(f"start to prompt       {statistics.median(starts[1:]):7.0f} ms")
        print(f"start to first key    {statistics.median(firsts[1:]):7.0f} ms")
        echoes.sort()
        slowest = echoes[len(echoes) * 95 // 100]
        print(f"key to echo           {statistics.median(echoes):7.1f} ms, 95 of 100 within {slowest:.1f}")
        print(f"Enter to first answer {statistics.median(answers[1:]):7.0f} ms")
        terminal, _ = start(environment)
        with terminal:
            terminal.line("x: R")
            terminal.line("d/dx x")
            for done, memory in long_session(terminal, options.statements)[:: max(1, options.statements // 5000)]:
                print(f"after {done:6} statements {memory:6.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
