"""How long results are beside what a person writes: tokens of the printed form over tokens of the compact one.

    python bench/brevity.py CASES.json [CASES.json ...] [--all]

Each case names an expression, shapes, variables and the form written by hand; JSON as a list or under "cases". A token
is a name, a number, an operator or a bracket; a transpose, an inverse and a power count one each; what only steers
layout counts nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]\w*|_|\S")
LIMIT = 1.1


def tokens(text: str) -> int:
    """Return how many tokens a form takes, in Unicode or in ASCII.

    A blank that multiplies is no token, and so neither is the sign * in its place.
    """
    plain = text
    for sign in ("'", ".T", "^T"):
        plain = plain.replace(sign, "ᵀ")
    plain = re.sub(r"\^\(?-1\)?|\binv\(([A-Za-z]\w*)\)", lambda m: (m[1] or "") + "⁻¹", plain)
    plain = plain.replace("⁻¹", " INV ").replace("⁻ᵀ", " INV TR ").replace("ᵀ", " TR ").replace("1⃗", " ones ")
    plain = re.sub(r"[⁰¹²³⁴-⁹]+", " POW ", plain)
    plain = re.sub(r"\.?\^ ?(\d+)|\*\* ?(\d+)", " POW ", plain)
    plain = plain.replace(".*", "⊗").replace("./", "⊘").replace("||", "‖")
    plain = re.sub(r"(?<![.*])\*(?!\*)", " ", plain)
    plain = re.sub(r"[ₐ-ₜ₀-₉ᵢⱼ]+", "", plain)
    return len(TOKEN.findall(plain))


def read(path: str) -> list[dict[str, Any]]:
    """Return the cases of a file that have a hand-written form."""
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    return [case for case in (found["cases"] if isinstance(found, dict) else found) if case.get("compact")]


def main() -> int:
    """Print the ratio of each case that is above the limit, and the figures over all."""
    from mcalc import derive

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--all", action="store_true", help="print every case")
    options = parser.parse_args()
    ratios: list[float] = []
    for case in [case for path in options.files for case in read(path)]:
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
