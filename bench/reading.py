"""Reading: the processor's time from a text to its expression, declared and not, beside other checkouts of mcalc.

    python bench/reading.py [--rounds 7] [CHECKOUT ...]

The texts are those of the golden files, in mcalc's notation: with their declarations, and those that stand without.
Every checkout reads all of them in a process of its own, in turn, round after round, so that a busy machine slows all
alike; a figure is the least of the rounds of each text, and the mean and the median over the texts that all of them
read.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKER = """
import gc, json, sys, time
from mcalc.errors import Mistake
from mcalc.notation import Scope, read_expression, read_where
found = []
for where, text, wrt in json.load(sys.stdin):
    scope = Scope()
    best = None
    try:
        read_where(where, scope)
        for _ in range(4):
            gc.collect(0)
            start = time.process_time()
            read_expression(text, scope, wrt=wrt)
            spent = time.process_time() - start
            best = spent if best is None else min(best, spent)
    except Mistake:
        best = None
    found.append(best)
print(json.dumps(found))
"""


def golden(name: str, mark: str = "|") -> list[list[str]]:
    """Return the cells of the lines of a golden file."""
    lines = (ROOT / "tests" / "golden" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split(f" {mark} ")] for line in lines if line and not line.startswith("#")]


def declared() -> list[tuple[str, str, list[str]]]:
    """Return declarations, text and variables of what is declared."""
    found = [(where, text, wrt.split(", ")) for name in ("paper", "matrix") for _, where, text, wrt, *_ in golden(name)]
    found += [(where, text, [] if wrt == "-" else wrt.split(", ")) for _, where, text, wrt, *_ in golden("cookbook")]
    return found + [(where, text, wrt.split()) for where, text, wrt, *_ in golden("problems")]


def undeclared() -> list[tuple[str, str, list[str]]]:
    """Return the same of what stands without declarations."""
    return [("", text, [wrt] if wrt else []) for text, wrt, *_ in golden("undeclared", ";;") if "\\" not in text]


def seconds(checkout: str, texts: list[tuple[str, str, list[str]]]) -> list[float | None]:
    """Return the time that a checkout takes to read each text, None where it does not."""
    environment = os.environ | {"PYTHONPATH": checkout}
    command = [sys.executable, "-c", WORKER]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True, env=environment, cwd=checkout
    )
    found: list[float | None] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the figures of each checkout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("checkouts", nargs="*", help="other checkouts, such as that of an earlier commit")
    options = parser.parse_args()
    checkouts = [str(ROOT), *options.checkouts]
    for what, texts in (("declared", declared()), ("undeclared", undeclared())):
        rounds = [[seconds(checkout, texts) for checkout in checkouts] for _ in range(options.rounds)]
        common = [k for k in range(len(texts)) if all(times[k] is not None for times in rounds[0])]
        print(f"{what}: {len(common)} of {len(texts)} texts")
        for place, checkout in enumerate(checkouts):
            least = [1e6 * min([times[place][k] or 0 for times in rounds]) for k in common]
            print(f"  mean {statistics.mean(least):6.0f} µs   median {statistics.median(least):6.0f} µs   {checkout}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
