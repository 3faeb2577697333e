"""All benchmarks, one after the other, and what they gave written down.

    python bench/all.py [--peers PYTHON] [--only WORDS] [--to bench/RESULTS.md]

PYTHON has sympy and, where they are to be compared, tensorgrad, symengine and casadi. A program that misses what is
wanted of it ends with 1, which is told beside its name; all others are run nevertheless. What is not a processor's
time, the gain of several processes, means something on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "Statements from text to text": ("statements.py", ["--rounds", "3"]),
    "Beside SymPy and tensorgrad": ("deriving.py", []),
    "Beside SymEngine and CasADi": ("scalars.py", []),
    "Start-up": ("startup.py", ["--rounds", "9"]),
    "Growth": ("growth.py", []),
    "Streams": ("stream.py", ["--lines", "200000", "--distinct", "5000"]),
    "Reading": ("reading.py", ["--rounds", "3"]),
    "Values of large data": ("data.py", ["--rows", "1000000"]),
    "Length beside a person's": ("brevity.py", []),
}
"""What is run, each under its heading: the program and its options."""
WITH_PEERS = frozenset(("deriving.py", "scalars.py"))
TOO_LONG = 1200


def load() -> str:
    """Say how busy the machine is, where it can be known."""
    return f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def section(heading: str, program: str, options: list[str]) -> str:
    """Run a program, and return what it printed under its heading."""
    command = [sys.executable, str(ROOT / "bench" / program), *options]
    said_of = ["PYTHON" if Path(option).is_file() else option for option in options]
    shown = " ".join(["python", f"bench/{program}", *said_of])
    before = load()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=TOO_LONG)
        said, ended = done.stdout.replace(f"{ROOT}/", "").replace(str(ROOT), "here"), done.returncode
        said += done.stderr[-2000:] if ended not in (0, 1) else ""
    except subprocess.TimeoutExpired:
        said, ended = f"took more than {TOO_LONG} s\n", 1
    result = "" if not ended else " **Misses something that is wanted.**"
    body = said if said.startswith("|") else f"```\n{said}```\n"
    return f"## {heading}\n\n`{shown}`{before}.{result}\n\n{body}"


def main() -> int:
    """Run the programs and write their results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--only", default="")
    parser.add_argument("--to", default=str(ROOT / "bench" / "RESULTS.md"))
    options = parser.parse_args()
    today = f"{dt.datetime.now(tz=dt.UTC):%d %B %Y}"
    machine = f"{today}, {os.cpu_count()} cores of {platform.machine()}, Python {platform.python_version()}"
    parts = [
        "# What the benchmarks gave",
        f"Figures of one machine, mostly of the processor's time; nothing here is a test. {machine}.",
    ]
    for heading, (program, more) in PROGRAMS.items():
        if options.only not in program:
            continue
        part = section(heading, program, [*more, *(["--peers", options.peers] if program in WITH_PEERS else [])])
        print(part, flush=True)
        parts.append(part.rstrip("\n"))
        Path(options.to).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
