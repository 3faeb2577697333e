"""The pictures of the page on pictures: `python -m docs.drawings` writes docs/graph.svg and docs/curve.svg.

The second needs matplotlib.
"""

from __future__ import annotations

from pathlib import Path

from mcalc import derive
from mcalc.numeric.curves import curve
from mcalc.render.plots import curve_figure

FOLDER = Path(__file__).resolve().parent


def graph() -> bytes:
    """Return the graph of ridge regression."""
    return derive("½ ‖X w - y‖² + λ/2 ‖w‖²", wrt="w").graph().svg.encode()


def kinks() -> bytes:
    """Return a curve with two kinks."""
    d = derive("max(0, x) + x^2/10 + abs(x - 2)", wrt="x")
    found = curve(d.function, d.expr, "x", (-5, 5), {}, d.symbols)
    return curve_figure(found, "x", d.written(d.function), f"d/dx = {d.text}", "svg")


if __name__ == "__main__":
    (FOLDER / "graph.svg").write_bytes(graph())
    (FOLDER / "curve.svg").write_bytes(kinks())
