"""Pictures made of characters: curves by plotext, fields of arrows and patterns of blocks by themselves."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.numeric.curves import Along, Curve, Field

PLOTEXT = '"plotext>=5.3,<6"'
"""What is installed for curves: in 6 its interface is another one."""
HEIGHT = 20
ARROWS = "→↗↑↖←↙↓↘"
PLAIN_ARROWS = r">/^\</v\ "[:8]
STILL = 1e-9
MOST_ROWS = 60
"""Rows of a pattern that are shown, two in each line."""


def curve_lines(found: Curve, name: str, width: int, *, unicode: bool, color: bool) -> list[str]:
    """Return a function and its derivative as lines of a terminal, with the kinks marked."""
    parts = [("f", found.values), ("f'" if not unicode else "f′", found.slopes)]
    lines: list[str] = []
    for place, (said, values) in enumerate(parts):
        plot = _plotext()
        plot.plot_size(width, HEIGHT if place == 0 else HEIGHT - 4)
        for at, part in _pieces(found.at, _clipped(values), [kink.at for kink in found.kinks] if place else []):
            plot.plot(at, part, marker="braille" if unicode else "*", color="cyan" if place == 0 else "magenta")
        marked = [(kink.at, kink.value if place == 0 else kink.taken) for kink in found.kinks]
        if marked:
            plot.scatter(*zip(*marked, strict=True), marker="●" if unicode else "o", color="red")
        plot.title(f"{said}({name})")
        plot.frame(True)
        lines += _built(plot, color=color)
    return lines


def along_lines(found: Along, width: int, *, unicode: bool, color: bool) -> list[str]:
    """Return a loss along its gradient as lines of a terminal, with the tangent at the beginning."""
    plot = _plotext()
    plot.plot_size(width, HEIGHT)
    plot.plot(found.at, found.values, marker="braille" if unicode else "*", color="cyan")
    low = min([value for value in found.values if math.isfinite(value)])
    tangent = [(t, found.values[0] + found.slope * t) for t in found.at]
    tangent = [(t, value) for t, value in tangent if value >= low]
    plot.plot(*zip(*tangent, strict=True), marker="·" if unicode else ".", color="magenta")
    plot.title("loss against the step along its gradient; dotted: the slope there")
    return _built(plot, color=color)


def _plotext() -> Any:
    """Return plotext, wiped clean; raises Mistake with the line that installs it."""
    try:
        import plotext
    except ImportError:
        raise missing("curves in a terminal are drawn by plotext", PLOTEXT) from None
    plotext.clear_figure()
    return plotext


def missing(said: str, package: str) -> Mistake:
    """Return the mistake of a package that is not there, with the line that installs it."""
    return Mistake(
        "E-UNSUPPORTED", f"{said}, which is not installed", hint=f"{sys.executable} -m pip install {package}"
    )


def _built(plot: Any, *, color: bool) -> list[str]:
    text = str(plot.build())
    if not color:
        text = str(plot.uncolorize(text))
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


def _clipped(values: Sequence[float]) -> list[float]:
    """Return values without those so large that nothing else could be seen: a pole is a gap."""
    sizes = sorted([abs(value) for value in values if math.isfinite(value)])
    bound = 20 * (sizes[int(len(sizes) * 0.8)] if sizes else 1.0) + 1e-300
    return [value if math.isfinite(value) and abs(value) <= bound else math.nan for value in values]


def _pieces(
    at: Sequence[float], values: Sequence[float], breaks: Sequence[float]
) -> list[tuple[list[float], list[float]]]:
    """Cut a curve where it has no value, and where it jumps."""
    pieces: list[tuple[list[float], list[float]]] = [([], [])]
    for x, value in zip(at, values, strict=True):
        here = pieces[-1][0]
        if math.isnan(value) or (here and any([here[-1] < place <= x for place in breaks])):
            pieces.append(([], []))
        if not math.isnan(value) and x not in breaks:
            pieces[-1][0].append(x)
            pieces[-1][1].append(value)
    return [piece for piece in pieces if piece[0]]


def field_lines(found: Field, *, unicode: bool) -> list[str]:
    """Return a gradient field as arrows, from above; a dot where it is 0, a blank where there is none."""
    arrows = ARROWS if unicode else PLAIN_ARROWS
    longest = max([math.hypot(*slope) for row in found.slopes for slope in row if _finite(slope)], default=0.0)
    lines: list[str] = []
    for y, row in reversed(list(zip(found.up, found.slopes, strict=True))):
        cells = [_arrow(slope, arrows, longest, "·" if unicode else ".") for slope in row]
        lines.append(f"{y:8.3g}  {' '.join(cells)}")
    ends = f"{found.across[0]:.3g}", f"{found.across[-1]:.3g}"
    wide = 2 * len(found.across) - 1
    return [*lines, " " * 10 + ends[0] + ends[1].rjust(wide - len(ends[0]))]


def _finite(slope: tuple[float, float]) -> bool:
    return math.isfinite(slope[0]) and math.isfinite(slope[1])


def _arrow(slope: tuple[float, float], arrows: str, longest: float, dot: str) -> str:
    if not _finite(slope):
        return " "
    if math.hypot(*slope) <= STILL * max(longest, 1e-300):
        return dot
    return arrows[round(math.atan2(slope[1], slope[0]) / (math.pi / 4)) % 8]


def pattern_lines(rows: Sequence[Sequence[bool]], width: int, *, unicode: bool) -> list[str]:
    """Return which entries of a matrix are not 0, two rows in a line where there are blocks for that.

    >>> pattern_lines([[True, False], [False, True]], 80, unicode=True)
    ['▀▄']
    >>> pattern_lines([[True, False], [False, True]], 80, unicode=False)
    ['#.', '.#']
    """
    cut = [list(row[: width - 2]) for row in rows[:MOST_ROWS]]
    if not unicode:
        return ["".join(["#" if one else "." for one in row]) for row in cut]
    if len(cut) % 2:
        cut.append([False] * len(cut[0]))
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): "·"}
    return [
        "".join([blocks[upper, lower] for upper, lower in zip(cut[k], cut[k + 1], strict=True)])
        for k in range(0, len(cut), 2)
    ]
