"""Start-up: CPU of whole processes, as a ratio to `python -c pass` in the same round, from an installed wheel.

    python bench/startup.py [--rounds 15]

Builds the wheel, installs it into an environment of its own together with what it depends on, and times the commands
in turn, each right after `python -c pass`, so that a busy machine slows both alike. Exits with 1 where one takes more
than is wanted of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
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
        for turn in range(options.rounds + 1):
            for name, (arguments, text, _) in COMMANDS.items():
                base = cpu([python, "-c", "pass"], b"", environment)
                spent = cpu([mcalc, *arguments], text.encode(), environment)
                if turn:  # the first round fills the caches
                    ratios[name].append(spent / base)
                    passes.append(base)
    print(f"python -c pass: {statistics.median(passes) * 1000:.1f} ms of the processor")
    missed = 0
    for name, (_, _, most) in COMMANDS.items():
        found = statistics.median(ratios[name])
        missed += found > most
        print(f"{name:22} {found:6.2f} times that, wanted {most}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
