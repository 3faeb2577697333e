"""How long results are beside what a person writes: tokens of the printed form over tokens of the compact one.

    python bench/brevity.py [CASES.json ...] [--all]

Without a file, over the problems of tests/golden/problems.txt. A file names for each case an expression, shapes,
variables and the form written by hand; JSON as a list or under "cases".
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def read(path: str) -> list[dict[str, Any]]:
    """Return the cases of a file that have a hand-written form."""
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    return [case for case in (found["cases"] if isinstance(found, dict) else found) if case.get("compact")]


def own() -> list[dict[str, Any]]:
    """Return the project's own problems that have a hand-written form, as cases."""
    from tests.problems import problems

    found = [p for p in problems() if p.answer != "-" and len(set(p.wrt)) == 1]
    return [
        {"id": p.name, "expr": p.expr, "where": p.where, "wrt": p.wrt[0], "order": len(p.wrt), "compact": p.answer}
        for p in found
    ]


def main() -> int:
    """Print the ratio of each case that is above the limit, and the figures over all."""
    from mcalc import derive
    from tests.tokens import LIMIT, tokens

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--all", action="store_true", help="print every case")
    options = parser.parse_args()
    ratios: list[float] = []
    for case in [case for path in options.files for case in read(path)] if options.files else own():
        question = {"wrt": case["wrt"], "where": case["where"], "order": case.get("order", 1)}
        found = derive(case["expr"], **question)
        if found.expr.is_row:
            found = derive(case["expr"], **question, layout="denominator")  # the cases have columns
        ratio = tokens(found.text) / tokens(case["compact"])
        ratios.append(ratio)
        if options.all or ratio > LIMIT:
            print(f"{ratio:5.2f}  {case['id']}: {case['expr']}\n         {found.text}\n         {case['compact']}")
    within = sum([ratio <= LIMIT for ratio in ratios])
    print(f"{within} of {len(ratios)} within {LIMIT} times the tokens; median {statistics.median(ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
