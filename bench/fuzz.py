"""Random bytes, shuffled tokens and broken formulas through the whole of mcalc: never a traceback, never a hang.

    python bench/fuzz.py [--count 20000] [--seed 0]

Each input is run as a stream in this process, in a format that turns by turn is each of them, under a limit of two
seconds for a statement. Tells every input that ends in a bug or is slow, and exits with 1 where there is one. The same
seed gives the same inputs.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from pathlib import Path

from mcalc.limits import set_limits
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.shell.batch import lines, statements
from mcalc.shell.output import Output
from mcalc.shell.run import Run
from mcalc.shell.settings import Settings

FACES = ("unicode", "ascii", "latex", "mathml", "html", "json")
SLOW = 2
SEEDS = [op.example for op in TABLE.values() if op.example]
TOKENS = [
    *"xywAXbinNfg012,;:=()[]{}|‖⟨⟩+-*/^_'.·⊗⊙∘⊘×√∂∇∑∏Σ∈ℝᵀ²₁⁻½\\#\t \"`$%&@!?~<>≤≥≠…",
    " : R^n", " ∈ ℝⁿ", "d/dx ", "∂/∂w ", "∇_x ", "^T", "R^{n x n}", "sum_{i=1}^{n} ",
    "{x if x > 0; 0 otherwise}", " where ",
    "x_i", "lambda", "e-3", "1e400", "..", ":=", "==", "||", " = ", "\n", "\n= ", "\u200b", "\u202e",
    "\x00", "\x1b[31m", "é", "語", "а",
    *sorted(name for name in FUNCTIONS if name.isidentifier()),
]  # fmt: skip


def mutated(rng: random.Random, seeds: list[str]) -> bytes:
    """Return an input: bytes, tokens, or a formula in which tokens are left out, doubled, moved or cut off."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 80))
    if kind == 1:
        return "".join(rng.choices(TOKENS, k=rng.randrange(1, 14))).encode()
    text = rng.choice(seeds)
    if kind == 2:
        return text.encode()[: rng.randrange(len(text) + 1)]
    parts = list(text)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(parts) + 1)
        change = rng.randrange(4)
        if change == 0 and place < len(parts):
            del parts[place]
        elif change == 1 and place < len(parts):
            parts.insert(place, parts[place])
        elif change == 2:
            parts.insert(place, rng.choice(TOKENS))
        elif len(parts) > 1:
            other = rng.randrange(len(parts))
            place = min(place, len(parts) - 1)
            parts[place], parts[other] = parts[other], parts[place]
    text = "".join(parts)
    return (f"{rng.choice(('d/dx ', '∂/∂w ', '', 'A: R^{n x n}; d/dA '))}{text}" if kind > 3 else text).encode()


def tried(data: bytes, to: str) -> tuple[str, float]:
    """Return what was told of a bug of mcalc, and the seconds that an input took."""
    out, err = io.BytesIO(), io.BytesIO()
    output = Output(out, err, to=to)
    begun = time.monotonic()
    run = Run(Settings(to=to), output)
    for line in statements(lines(io.BytesIO(data))):
        run.line(line, "<stdin>")
    run.end(summary=True)
    took = time.monotonic() - begun
    shown = (out.getvalue() + err.getvalue()).decode("utf-8")
    if run.tally.bugs:
        return err.getvalue().decode(), took
    bad = [c for c in shown if c < " " and c != "\n"]
    return (f"a control character was shown: {bad[0]!r}" if bad else ""), took


def main() -> int:
    """Try random inputs, and tell of those that fail."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    folder = Path(__file__).resolve().parent.parent / "tests" / "golden"
    seeds = [
        *SEEDS,
        *[
            line.split("|")[2].strip()
            for line in (folder / "paper.txt").read_text("utf-8").splitlines()
            if line.count("|") > 3
        ],
    ]
    set_limits({"time": SLOW})
    wrong = 0
    for number in range(options.count):
        data = mutated(rng, seeds)
        said, took = tried(data, FACES[number % len(FACES)])
        if said or took > SLOW:
            wrong += 1
            print(f"{data!r}: {said or f'{took:.1f} s'}", flush=True)
    print(f"{wrong} of {options.count} inputs ended in a bug or took more than {SLOW} s")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
