"""Derivations: what having them costs where they are not asked for, and what they cost where they are.

    python bench/steps.py [--rounds 15] [--limit 2]

For the first, whole processes are timed in turn, from a copy of the package and from one in which every file that only
derivations need is deleted; the copy works, which shows that none of them is loaded, and exits with 1 where the
difference of the least times is above the limit, in per cent. For the second, one process times each part.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONLY_STEPS = (
    "steps.py", "render/steps_text.py", "render/steps_latex.py", "render/latex_text.py",
    "render/equation_lines.py", "render/marks.py", "shell/paper.py",
    "shell/paper.txt", "shell/rules_pages.py", "shell/reference_page.py", "calculus/stories",
)  # fmt: skip
"""What only derivations need."""
NEURON = ["diff", "max(0, w·x + b)", "--wrt", "w"]


def cpu(package: Path, argv: list[str], environment: dict[str, str]) -> float:
    """Return the CPU seconds of a command line."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "mcalc", *argv],
        capture_output=True,
        cwd=package,
        env=environment,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of some work."""
    times: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def processes(rounds: int) -> float:
    """Time whole processes; return what the files of derivations add to one that does not use them, in per cent."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("mcalc", "grammar"):
            shutil.copytree(ROOT / name, Path(folder, "with", name))
            shutil.copytree(ROOT / name, Path(folder, "without", name))
        for name in ONLY_STEPS:
            gone = Path(folder, "without", "mcalc", name)
            shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
        environment |= {"LANG": "C.UTF-8", "XDG_CACHE_HOME": str(Path(folder, "cache"))}
        commands = {
            "diff, without the files": ("without", NEURON),
            "diff": ("with", NEURON),
            "diff --steps": ("with", [*NEURON, "--steps"]),
            "diff --steps full": ("with", [*NEURON, "--steps", "full"]),
            "diff --steps --to json": ("with", [*NEURON, "--steps", "--to", "json"]),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 2):
            for name, (package, argv) in list(commands.items())[:: 1 if turn % 2 else -1]:
                spent = cpu(Path(folder, package), argv, environment)
                if turn > 1:  # the first rounds compile and fill the caches
                    times[name].append(spent)
    for name, series in times.items():
        print(f"{name:26} {statistics.median(series) * 1000:7.1f} ms CPU")
    # The least times: a busy machine only ever adds.
    return (min(times["diff"]) / min(times["diff, without the files"]) - 1) * 100


def inside(rounds: int) -> None:
    """Time the parts of a derivation in this process."""
    sys.path.insert(0, str(ROOT))
    from mcalc import derive

    nest = "x"
    for _ in range(200):
        nest = f"sin({nest})"
    for title, expr, wrt in (("neuron", "max(0, w·x + b)", "w"), ("200 operators", nest, "x")):
        new = partial(derive, expr, wrt=wrt)  # a new derivative each time: one keeps its steps
        result = milliseconds(lambda new=new: new().text, rounds)  # type: ignore[misc]
        lines = milliseconds(lambda new=new: new().steps.stories, rounds)  # type: ignore[misc]
        told = [f"{title:14} result {result:.2f} ms", f"lines {lines - result:.1f} ms"]
        for level in ("brief", "full"):
            spent = milliseconds(lambda new=new, level=level: new().steps.text(level, width=80), rounds)  # type: ignore[misc]
            told.append(f"{level} {spent - result:.1f} ms")
        print(", ".join(told))


def main() -> int:
    """Time all and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--limit", type=float, default=2.0, help="the most that derivations may add, in per cent")
    options = parser.parse_args()
    added = processes(options.rounds)
    inside(options.rounds)
    print(f"having derivations adds {added:+.1f} %, at most {options.limit} %")
    return int(added > options.limit)


if __name__ == "__main__":
    sys.exit(main())
