"""Statements from text to text: the processor's time of each suite, and whether other checkouts answer the same.

    python bench/statements.py [--rounds 5] [--random 0] [CHECKOUT ...]

A statement is read with its declarations, derived and printed. The suites are those of the golden files; `--random`
adds as many random expressions, which every checkout derives once. All work in a process of their own, in turn, round
after round, so that a busy machine slows them alike; a figure is the least of the rounds of each statement. Exits with
1 where a checkout answers another text, which it shows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcalc.expr import Expr

ROOT = Path(__file__).resolve().parent.parent
SUITES = ("paper", "matrix", "cookbook", "problems")
SHOWN = 10
WORKER = """
import gc, json, sys, time
from mcalc.api import derive, parse
from mcalc.errors import Mistake
times = []
def answer(text, where, wrt, order):
    try:
        return (derive(text, wrt=wrt, where=where, order=order) if wrt else parse(text, where=where)).text
    except Mistake as mistake:
        return f"{mistake.code}: {mistake.message}"
asked, rounds = json.load(sys.stdin)
found = []
for one in asked:
    least = None
    for _ in range(rounds):
        gc.collect(0)
        start = time.process_time()
        said = answer(*one)
        spent = time.process_time() - start
        least = spent if least is None else min(least, spent)
    found.append((least, said))
print(json.dumps(found))
"""

Statement = tuple[str, str, list[str], int]
"""Text, declarations, variables, order."""


def suite(name: str) -> list[Statement]:
    """Return the statements of a golden file."""
    found: list[Statement] = []
    for line in (ROOT / "tests" / "golden" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in re.split(r" \| ", line)]
        where, text, wrt = cells[:3] if name == "problems" else cells[1:4]
        names = [] if wrt == "-" else wrt.split() if name == "problems" else wrt.split(", ")
        if name != "problems" or len(set(names)) == 1:
            found.append(
                (text, where, names[:1] if name == "problems" else names, len(names) if name == "problems" else 1)
            )
        else:
            marks = " ".join([f"d/d{name}" for name in reversed(names)])
            found.append((f"{marks} ({text})", where, [], 1))
    return found


def declared(variable: Expr) -> str:
    """Return the declaration of a variable."""
    return f"{variable.attr[0]}: R" + (f"^{{{' x '.join(map(str, variable.shape))}}}" if variable.shape else "")


def drawn(count: int) -> Iterator[Statement]:
    """Yield random expressions by one of their variables, the same in every run."""
    from mcalc.expr import walk
    from mcalc.render.text import unicode
    from tests.generator import Generator

    seed = 0
    while count:
        seed += 1
        generator = Generator(seed)
        expr = generator.expression(2 + seed % 3)
        variables = sorted(
            {node for node in walk(expr) if node.op.name == "symbol"}, key=lambda node: str(node.attr[0])
        )
        if variables:
            count -= 1
            wrt = str(generator.random.choice(variables).attr[0])
            yield unicode(expr), "; ".join(map(declared, variables)), [wrt], 1


def answers(checkout: str, statements: list[Statement], rounds: int) -> list[tuple[float, str]]:
    """Return the time and the text that a checkout has for each statement."""
    environment = os.environ | {"PYTHONPATH": checkout}
    sent = json.dumps([statements, rounds])
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        input=sent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
        cwd=checkout,
    )
    found: list[tuple[float, str]] = json.loads(done.stdout)
    return found


def compared(what: str, statements: list[Statement], checkouts: list[str], rounds: int) -> int:
    """Print the times of all checkouts on some statements, and return how many they answer with another text."""
    least = [[float("inf")] * len(statements) for _ in checkouts]
    texts: list[list[str]] = [[] for _ in checkouts]
    for _ in range(rounds):
        for place, checkout in enumerate(checkouts):
            found = answers(checkout, statements, 2 if rounds > 1 else 1)
            least[place] = [min(a, b) for a, (b, _) in zip(least[place], found, strict=True)]
            texts[place] = [text for _, text in found]
    print(f"{what}: {len(statements)} statements")
    for times, checkout in zip(least, checkouts, strict=True):
        mean, median, most = [1e6 * figure for figure in (statistics.mean(times), statistics.median(times), max(times))]
        print(f"  mean {mean:6.0f} µs   median {median:6.0f} µs   longest {most:7.0f} µs   {checkout}")
    others = [
        (statement, said, other)
        for found in texts[1:]
        for statement, said, other in zip(statements, texts[0], found, strict=True)
        if said != other
    ]
    for (text, where, wrt, _), said, other in others[:SHOWN]:
        print(f"  {text}   by {', '.join(wrt)}   where {where}\n    here  {said}\n    there {other}")
    return len(others)


def main() -> int:
    """Time the suites in each checkout, and compare what they answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("checkouts", nargs="*", help="other checkouts, such as that of an earlier commit")
    options = parser.parse_args()
    checkouts = [str(ROOT), *[str(Path(checkout).resolve()) for checkout in options.checkouts]]
    differing = sum([compared(name, suite(name), checkouts, options.rounds) for name in SUITES])
    if options.random:
        sys.path.insert(0, str(ROOT))
        differing += compared("random", list(drawn(options.random)), checkouts, 1)
    print(f"{differing} answered otherwise")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
