"""Start-up: CPU of whole processes, as a ratio to `python -c pass` in the same round, from an installed wheel.

    python bench/startup.py [--rounds 15] [--limit 13]

Builds the wheel, installs it into an environment of its own together with what it depends on, and times the commands
in turn, so that a busy machine slows all alike. Exits with 1 where a command is above the limit.
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
    parser.add_argument("--limit", type=float, default=13.0, help="the most that mcalc diff may take")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        programs = installed(Path(folder, "venv"))
        python, mcalc = str(programs / "python"), str(programs / "mcalc")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
        environment |= {"LANG": "C.UTF-8", "XDG_CACHE_HOME": str(Path(folder, "cache")), "HOME": folder}
        commands: dict[str, tuple[list[str], bytes]] = {
            "python -c pass": ([python, "-c", "pass"], b""),
            "mcalc --version": ([mcalc, "--version"], b""),
            "mcalc diff": ([mcalc, "diff", "max(0, w·x + b)", "--wrt", "w"], b""),
            "mcalc STATEMENT": ([mcalc, "∂/∂w max(0, w·x + b)"], b""),
            "... | mcalc": ([mcalc], "∂/∂w max(0, w·x + b)\n".encode()),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(options.rounds + 1):
            for name, (command, stdin) in commands.items():
                spent = cpu(command, stdin, environment)
                if turn:  # the first round fills the caches
                    times[name].append(spent)
    ratios = {}
    for name, series in times.items():
        ratios[name] = statistics.median([t / base for t, base in zip(series, times["python -c pass"], strict=True)])
        print(f"{name:16} {statistics.median(series) * 1000:7.1f} ms CPU   {ratios[name]:5.2f} times python -c pass")
    print(f"mcalc diff: {ratios['mcalc diff']:.2f}, at most {options.limit}")
    return int(ratios["mcalc diff"] > options.limit)


if __name__ == "__main__":
    sys.exit(main())
