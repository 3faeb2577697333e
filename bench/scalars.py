"""Derivatives of scalar expressions, from text to text, beside SymPy, SymEngine and CasADi where they are installed.

    python bench/scalars.py [--peers PYTHON] [--count 300]

No expression comes twice. Each system reads a text, derives by x and prints what it found; CasADi, which reads none,
has Python evaluate it. Figures are the processor's time for an expression, after some to warm up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPES = (
    "sin({0}*x)**{1} + cos(x/{2})",
    "exp(-{0}*x**2)*sin({1}*x) + {2}*x",
    "log({0} + x**{1})/({2} + x)",
    "(x**{1} + {0}*x + 1)*tanh(x/{2})",
    "sqrt({0}*x**2 + {2}) - atan({1}*x)",
)
WORKER = """
import json, sys, time
which, texts = json.load(sys.stdin)
if which == "mcalc":
    from mcalc import derive
    answer = lambda text: derive(text.replace("**", "^"), wrt="x").text
elif which == "sympy":
    from sympy import Symbol, sympify
    x = Symbol("x")
    answer = lambda text: str(sympify(text).diff(x))
elif which == "symengine":
    from symengine import Symbol, sympify
    x = Symbol("x")
    answer = lambda text: str(sympify(text).diff(x))
else:
    import casadi
    x = casadi.SX.sym("x")
    names = {name: getattr(casadi, name) for name in ("sin", "cos", "exp", "log", "tanh", "sqrt", "atan")} | {"x": x}
    answer = lambda text: str(casadi.jacobian(eval(text, names), x))
early = len(texts) // 10
for text in texts[:early]:
    answer(text)
start = time.process_time()
for text in texts[early:]:
    answer(text)
print((time.process_time() - start) / (len(texts) - early))
"""


def main() -> int:
    """Print a line for each system."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    texts = [SHAPES[k % len(SHAPES)].format(k + 2, k % 7 + 2, k % 11 + 3) for k in range(options.count)]
    print("| system | µs an expression | expressions a second |\n|---|---|---|")
    for which in ("mcalc", "sympy", "symengine", "casadi"):
        command = [sys.executable if which == "mcalc" else options.peers, "-c", WORKER]
        done = subprocess.run(
            command, input=json.dumps([which, texts]), capture_output=True, text=True, check=False, cwd=ROOT
        )
        if done.returncode:
            print(f"| {which} | not installed | |")
        else:
            seconds = float(done.stdout)
            print(f"| {which} | {1e6 * seconds:.0f} | {1 / seconds:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
