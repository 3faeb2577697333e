"""The LaTeX that mcalc writes, set by KaTeX in its strictest mode: results, derivations, random expressions, names.

    npm install --prefix FOLDER katex
    python -m bench.typeset FOLDER [--count 2000]

Takes the problems of tests/golden with their derivations, and `count` seeds of `tests.latex_reading`, every other one
under names that mean something else too. Tells each text that is refused, and exits with 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from mcalc.errors import Mistake
from mcalc.operators.leaves import symbol
from mcalc.render.latex import latex
from tests.latex_reading import hostile
from tests.problems import problems
from tests.test_render_names import BASES, SUBSCRIPTS, named

ALIGNED = re.compile(r"\\begin\{align\*\}.*?\\end\{align\*\}", re.DOTALL)
PROGRAM = """
const katex = require("katex");
let text = "";
process.stdin.on("data", part => text += part).on("end", () => {
  const refused = [];
  for (const [label, source] of JSON.parse(text))
    try { katex.renderToString(source, {displayMode: true, strict: "error", throwOnError: true}); }
    catch (trouble) { refused.push([label, source, trouble.message]); }
  process.stdout.write(JSON.stringify(refused));
});
"""


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Yield each text with what it is."""
    for problem in problems():
        try:
            found = problem.derived()
        except Mistake:
            continue
        yield problem.name, found.latex
        for step in found.steps:
            yield f"{problem.name}, a step", step.latex
        # Headings stand between the formulas of a derivation, as text.
        yield from [(f"{problem.name}, the derivation", part) for part in ALIGNED.findall(found.steps.latex)]
    for base in BASES:
        names = [base, *[f"{base}_{sub}" if sub.isalnum() else f"{base}_{{{sub}}}" for sub in SUBSCRIPTS]]
        for name in names:
            yield from [(f"the name {name}", latex(expr)) for expr in (*named(name), symbol(name))]
    for seed in range(count):
        for expr in hostile(seed):
            yield from [(f"seed {seed}", latex(expr, brief=brief)) for brief in (False, True)]


def main() -> int:
    """Set all texts; return how many are refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where KaTeX was installed")
    parser.add_argument("--count", type=int, default=2000, help="random expressions")
    options = parser.parse_args()
    every = list(dict.fromkeys(texts(options.count)))
    done = subprocess.run(
        ["node", "-e", PROGRAM], input=json.dumps(every), capture_output=True, text=True, cwd=options.folder, check=True
    )
    refused = json.loads(done.stdout)
    print(f"{len(every)} texts, {len(refused)} refused")
    for label, source, trouble in refused[:20]:
        print(f"{label}: {trouble}\n  {source[:300]}")
    return len(refused)


if __name__ == "__main__":
    sys.exit(bool(main()))
