"""The LaTeX that mcalc writes, set by KaTeX in its strictest mode and by pdflatex: no error, and no line too wide.

    npm install --prefix FOLDER katex
    python -m bench.typeset FOLDER [--count 2000]

Takes the derivatives of tests/golden with their derivations, the formulas that are pasted there, written anew, and
`count` seeds of `tests.latex_reading`, every other one under names that mean something else too. KaTeX is looked for in
the folder, pdflatex on the path; of what is not there it is said. Tells each text that is refused, or wider than the
column of an article, and exits with 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mcalc.api import derive, parse
from mcalc.choices import LETTERS
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.operators.leaves import symbol
from mcalc.render.latex_face import latex
from mcalc.shell.paper import examples
from tests import solving
from tests.latex_reading import hostile
from tests.pasted import FORMULAS, OBJECTIVES
from tests.problems import problems
from tests.test_golden import rows
from tests.test_render_names import BASES, SUBSCRIPTS, named
from tests.test_render_steps_latex import HEADS

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
PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\hfuzz=0.5pt
\begin{document}
"""
AT_A_TIME = 1000
"""Texts in one document."""
SHOWN = 20


def derivatives() -> Iterator[tuple[str, Derivative]]:
    """Yield each derivative of tests/golden and of the paper with what it is."""
    for problem in problems():
        try:
            yield problem.name, problem.derived()
        except Mistake:
            continue
    for name in ("paper.txt", "matrix.txt"):
        for row in rows(name):
            variables = [part.strip() for part in row[3].split(",")]
            yield f"{row[2]} by {row[3]}", derive(row[2], wrt=variables, where=row[1])
    for row in rows("cookbook.txt"):
        if row[3] != "-":
            yield row[2], derive(row[2], wrt=row[3], where=row[1])
    for head in HEADS:
        _, where, expr, wrt, *mode = [cell.strip() for cell in head]
        yield f"{expr} by {wrt}", derive(expr, wrt=wrt.split(", "), where=where, mode=mode[0] if mode else "auto")
    for example in examples():
        yield f"the paper, {example.section}", example.derived()


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Yield each text with what it is."""
    for name, found in derivatives():
        for style in LETTERS:
            yield f"{name}, {style}", found.to_latex(style)
        for step in found.steps:
            yield f"{name}, a step", step.latex
        # Headings stand between the formulas of a derivation, as text.
        yield from [(f"{name}, the derivation", part) for part in ALIGNED.findall(found.steps.latex)]
    for formula in (*OBJECTIVES, *FORMULAS):
        try:
            yield formula.latex, parse(formula.latex, where=formula.where, notation="latex").latex
        except Mistake:
            continue
    for one in solving.problems():
        solution = one.solve()
        if solution.points:
            yield from [(one.statement, text) for text in (solution.latex, *[step.latex for step in solution.steps])]
    for base in BASES:
        names = [base, *[f"{base}_{sub}" if sub.isalnum() else f"{base}_{{{sub}}}" for sub in SUBSCRIPTS]]
        for name in names:
            yield from [(f"the name {name}", latex(expr)) for expr in (*named(name), symbol(name))]
    for seed in range(count):
        for expr in hostile(seed):
            yield from [(f"seed {seed}", latex(expr, brief=brief)) for brief in (False, True)]


def in_katex(every: list[tuple[str, str]], folder: Path) -> list[list[str]]:
    """Return the texts that KaTeX refuses, each with what it is and what it says."""
    done = subprocess.run(
        ["node", "-e", PROGRAM], input=json.dumps(every), capture_output=True, text=True, cwd=folder, check=True
    )
    refused: list[list[str]] = json.loads(done.stdout)
    return refused


def in_pdflatex(every: list[tuple[str, str]], folder: Path) -> list[list[str]]:
    """Return the texts that pdflatex reports an error of, or a box that is too wide for a column."""
    found: list[list[str]] = []
    for start in range(0, len(every), AT_A_TIME):
        part = every[start : start + AT_A_TIME]
        body = [
            rf"\typeout{{@ {place}}}" + (text if text.startswith(r"\begin{align*}") else rf"\[{text}\]") + r"\clearpage"
            for place, (_, text) in enumerate(part)
        ]
        (folder / "texts.tex").write_text(PREAMBLE + "\n".join(body) + "\n\\end{document}\n", encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-draftmode", "texts.tex"]
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        label, text = "the document", ""
        for line in (folder / "texts.log").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("@ "):
                label, text = part[int(line[2:])]
            elif line.startswith(("! ", r"Overfull \hbox")) and (not found or found[-1][0] != label):
                found.append([label, text, line])
    return found


def main() -> int:
    """Set all texts; return how many are refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where KaTeX was installed")
    parser.add_argument("--count", type=int, default=2000, help="random expressions")
    options = parser.parse_args()
    first = {text: label for label, text in reversed(list(texts(options.count)))}
    every = [(label, text) for text, label in first.items()]
    wrong: list[list[str]] = []
    if (options.folder / "node_modules" / "katex").is_dir():
        wrong += told("KaTeX", every, in_katex(every, options.folder))
    else:
        print(f"KaTeX: not in {options.folder}, nothing is set by it")
    if shutil.which("pdflatex"):
        ascii_only = [(label, text) for label, text in every if text.isascii()]
        print(f"pdflatex: {len(every) - len(ascii_only)} texts have names in letters that its fonts lack")
        with tempfile.TemporaryDirectory() as folder:
            wrong += told("pdflatex", ascii_only, in_pdflatex(ascii_only, Path(folder)))
    else:
        print("pdflatex: not installed, nothing is set by it")
    return len(wrong)


def told(what: str, every: list[tuple[str, str]], refused: list[list[str]]) -> list[list[str]]:
    """Print what came of the texts, and return the ones refused."""
    wide = sum([trouble.startswith("Overfull") for _, _, trouble in refused])
    print(f"{what}: {len(every)} texts, {len(refused) - wide} refused, {wide} too wide")
    for label, source, trouble in refused[:SHOWN]:
        print(f"{label}: {trouble}\n  {source[:400]}")
    return refused


if __name__ == "__main__":
    sys.exit(bool(main()))
