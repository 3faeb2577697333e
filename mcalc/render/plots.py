"""Curves, fields and patterns: drawn by matplotlib as the bytes of an SVG or a PNG, or in a terminal.

The same input gives the same bytes.
"""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mcalc.errors import Mistake

if TYPE_CHECKING:
    from mcalc.numeric.curves import Along, Curve, Field

MATPLOTLIB = '"matplotlib>=3.8"'
BLUE, RED, GREY = "#2f5fb3", "#c0392b", "#8a97a8"
DPI = 160


def _figure(size: tuple[float, float], rows: int = 1) -> tuple[Any, Any]:
    """Return a figure with axes; raises Mistake with the line that installs matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise missing("pictures of curves are drawn by matplotlib", MATPLOTLIB) from None
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
    for one in axes:
        one.spines[["top", "right"]].set_visible(False)
        one.grid(visible=True, color="#e3e7ed", linewidth=0.6)
        one.set_axisbelow(True)
    return figure, axes


def _saved(figure: Any, to: str) -> bytes:
    import matplotlib as mpl

    stream = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "mcalc", "svg.fonttype": "path"}):
        figure.savefig(stream, format=to, dpi=DPI, metadata={"Date": None} if to == "svg" else {"Software": None})
    return stream.getvalue()


def curve_figure(found: Curve, name: str, function: str, slope: str, to: str) -> bytes:
    """Return a function above its derivative; kinks are marked, and what is taken for the derivative there."""
    figure, (above, below) = _figure((7, 5.6), 2)
    above.plot(found.at, _gaps(found.values), color=BLUE)
    above.set_title(_math(function), fontsize=11, loc="left")
    breaks = [kink.at for kink in found.kinks]
    at, slopes = _broken(found.at, found.slopes, breaks)
    below.plot(at, _gaps(slopes), color=RED)
    below.set_title(_math(slope), fontsize=11, loc="left")
    below.set_xlabel(name)
    for kink in found.kinks:
        for one in (above, below):
            one.axvline(kink.at, color=GREY, linewidth=0.8, linestyle=":")
        above.plot([kink.at], [kink.value], "o", color=RED, markersize=5)
        below.plot([kink.at] * 2, [kink.before, kink.after], "o", color=RED, markerfacecolor="white", markersize=5)
        below.plot([kink.at], [kink.taken], "o", color=RED, markersize=5)
    return _saved(figure, to)


def along_figure(found: Along, name: str, function: str, to: str) -> bytes:
    """Return a loss against the step along its gradient, with the tangent at the beginning."""
    figure, (axes,) = _figure((7, 4))
    axes.plot(found.at, found.values, color=BLUE, label="loss")
    axes.plot(*_tangent(found), color=RED, linestyle=":", label="slope")
    best = min(range(len(found.at)), key=lambda k: found.values[k] if math.isfinite(found.values[k]) else math.inf)
    axes.plot([found.at[best]], [found.values[best]], "o", color=BLUE)
    axes.set_xlabel(f"step t along the gradient: {name} - t g")
    axes.set_title(_math(function), fontsize=11, loc="left")
    axes.legend(frameon=False)
    return _saved(figure, to)


def _tangent(found: Along) -> Iterator[tuple[float, ...]]:
    """Return the tangent of a loss at the beginning, as far down as the loss goes."""
    low = min([value for value in found.values if math.isfinite(value)])
    tangent = [(t, found.values[0] + found.slope * t) for t in found.at]
    return zip(*[pair for pair in tangent if pair[1] >= low], strict=True)


def field_figure(found: Field, names: tuple[str, str], function: str, to: str) -> bytes:
    """Return the contours of a function of two numbers, with its gradient as arrows."""
    figure, (axes,) = _figure((6.4, 5.6))
    axes.contour(found.across, found.up, found.values, levels=14, colors=GREY, linewidths=0.7)
    step = max(len(found.across) // 16, 1)
    across, up = found.across[::step], found.up[::step]
    slopes = [row[::step] for row in found.slopes[::step]]
    axes.quiver(
        across, up, [[s[0] for s in row] for row in slopes], [[s[1] for s in row] for row in slopes], color=BLUE
    )
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    axes.set_title(_math(function), fontsize=11, loc="left")
    return _saved(figure, to)


def pattern_figure(rows: Sequence[Sequence[bool]], title: str, to: str) -> bytes:
    """Return which entries of a matrix are not 0."""
    figure, (axes,) = _figure((5, 5))
    axes.grid(visible=False)
    axes.imshow([[0.0 if one else 1.0 for one in row] for row in rows], cmap="gray", vmin=0, vmax=1.15)
    axes.spines[["top", "right"]].set_visible(True)
    axes.set_title(_math(title), fontsize=11, loc="left")
    return _saved(figure, to)


def _math(text: str) -> str:
    """Return words in which no sign means anything to matplotlib."""
    return text.replace("$", r"\$")


def _gaps(values: Sequence[float]) -> list[float]:
    """Return values with a gap where there is none, and where a pole would hide all else."""
    sizes = sorted([abs(value) for value in values if math.isfinite(value)])
    bound = 20 * (sizes[int(len(sizes) * 0.8)] if sizes else 1.0) + 1e-300
    return [value if math.isfinite(value) and abs(value) <= bound else math.nan for value in values]


def _broken(at: Sequence[float], values: Sequence[float], breaks: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return a curve with a gap at each place where it jumps."""
    found_at: list[float] = []
    found: list[float] = []
    for x, value in zip(at, values, strict=True):
        if found_at and any([found_at[-1] < place <= x for place in breaks]):
            found_at.append(x)
            found.append(math.nan)
        if x not in breaks:
            found_at.append(x)
            found.append(value)
    return found_at, found


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
        for at, part in _pieces(found.at, _gaps(values), [kink.at for kink in found.kinks] if place else []):
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
    plot.plot(*_tangent(found), marker="·" if unicode else ".", color="magenta")
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
