"""Start-up: CPU of whole processes, as a ratio to `python -c pass` in the same round, from an installed wheel.

    python bench/startup.py [--rounds 15]

Builds the wheel, installs it into an environment of its own together with what it depends on, and times the commands
in turn, each right after `python -c pass`, so that a busy machine slows both alike. The REPL is timed on a
pseudo-terminal, until its prompt is there, and until a key that was typed at once is shown, which is when the line
editor is loaded. Exits with 1 where one takes more than is wanted of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


STATEMENT = "∂/∂w max(0, w·x + b)"
DIFF = ("diff", "max(0, w·x + b)", "--wrt", "w")
COMMANDS: dict[str, tuple[tuple[str, ...], str, float]] = {
    "mcalc --version": (("--version",), "", 1.3),
    "mcalc --help": (("--help",), "", 2.0),
    "mcalc STATEMENT": ((STATEMENT,), "", 4.5),
    "... | mcalc": ((), f"{STATEMENT}\n", 4.5),
    "mcalc diff": (DIFF, "", 5.0),
    "mcalc diff --to json": ((*DIFF, "--to", "json"), "", 7.0),
    "mcalc diff --to latex": ((*DIFF, "--to", "latex"), "", 7.0),
    "mcalc diff --to numpy": ((*DIFF, "--to", "numpy"), "", 7.0),
    "mcalc diff --check": ((*DIFF, "--check"), "", 17.0),
}
"""What is timed: arguments, standard input, and how many times `python -c pass` it is to take at most."""


def installed(folder: Path) -> Path:
    """Install the checkout's wheel into a new environment and return the folder of its programs."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    # pip compiles what it installs; an editable install would measure a finder of its own
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", ROOT], check=True)
    return programs


def cpu(command: list[str], stdin: bytes, environment: dict[str, str]) -> float:
    """Return the CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


PROMPT = 5.0
"""How many times `python -c pass` the REPL is to take at most until its prompt."""
ASKS, ANSWERED = b"\x1b[6n", b"\x1b[4;1R"
"""Where is the cursor? A terminal says so, and the line editor waits for it."""


def repl(mcalc: str, environment: dict[str, str]) -> tuple[float, float, float]:
    """Return CPU seconds until the prompt and until a key typed then is shown, and how long a person waits for it."""
    import pty

    ours, theirs = pty.openpty()
    began = time.perf_counter()
    with subprocess.Popen(
        [mcalc], stdin=theirs, stdout=theirs, stderr=theirs, env=environment | {"TERM": "xterm"}
    ) as it:
        clock = (~it.pid << 3) | 2  # the one of a process's CPU, in Linux

        def shown(text: bytes) -> float:
            found = b""
            while text not in found:
                found += os.read(ours, 65536)
                if ASKS in found:
                    os.write(ours, ANSWERED)
                    found = found.replace(ASKS, b"")
            return time.clock_gettime(clock)

        at_prompt = shown(b"mcalc>")
        os.write(ours, b"Q")
        at_key = shown(b"Q")
        took = time.perf_counter() - began
        it.kill()
    os.close(ours)
    os.close(theirs)
    return at_prompt, at_key, took


def main() -> int:
    """Time the commands and print their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        programs = installed(Path(folder, "venv"))
        python, mcalc = str(programs / "python"), str(programs / "mcalc")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
        environment |= {"LANG": "C.UTF-8", "XDG_CACHE_HOME": str(Path(folder, "cache")), "HOME": folder}
        ratios: dict[str, list[float]] = {name: [] for name in COMMANDS}
        passes: list[float] = []
        starts: list[tuple[float, float, float]] = []
        for turn in range(options.rounds + 1):
            for name, (arguments, text, _) in COMMANDS.items():
                base = cpu([python, "-c", "pass"], b"", environment)
                spent = cpu([mcalc, *arguments], text.encode(), environment)
                if turn:  # the first round fills the caches
                    ratios[name].append(spent / base)
                    passes.append(base)
            base = cpu([python, "-c", "pass"], b"", environment)
            at_prompt, at_key, took = repl(mcalc, environment)
            if turn:
                starts.append((at_prompt / base, at_key / base, took))
    print(f"python -c pass: {statistics.median(passes) * 1000:.1f} ms of the processor")
    missed = 0
    for name, (_, _, most) in COMMANDS.items():
        found = statistics.median(ratios[name])
        missed += found > most
        print(f"{name:22} {found:6.2f} times that, wanted {most}")
    at_prompt, at_key, took = [statistics.median(each) for each in zip(*starts, strict=True)]
    print(f"{'mcalc, to its prompt':22} {at_prompt:6.2f} times that, wanted {PROMPT}")
    print(f"{'  to the first key':22} {at_key:6.2f} times that, {took * 1000:.0f} ms of the clock")
    return int(missed > 0 or at_prompt > PROMPT)


if __name__ == "__main__":
    sys.exit(main())
