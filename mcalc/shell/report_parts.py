"""What every report says of a derivative: names and shapes, code in each language, the points of its check."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.notation import assumed_text
from mcalc.numeric.judging import samples
from mcalc.render.number_arrays import one_line
from mcalc.shell.output import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.numeric.judging import Sample
    from mcalc.results import Derivative
    from mcalc.shell.output import Output

LONGEST = 44
"""Characters of an array that is written out in a table."""


class Part:
    """A derivative that is reported, with the statement that asks for it and what was said before."""

    __slots__ = ("before", "text", "value")

    def __init__(self, text: str, value: Derivative, before: Sequence[str]) -> None:
        self.text = text
        self.value = value
        self.before = list(before)


def title(value: Derivative) -> str:
    """Return what a report is about."""
    by = value.wrt[0] if len(value.wrt) == 1 else f"({', '.join(value.wrt)})"
    straight = len(value.symbols) == 1 and not value.symbols[0].shape
    mark = "d" if straight else "∂"
    power = "" if value.order == 1 else "²" if value.order == 2 else f"^{value.order}"
    return f"{mark}{power}/{mark}{by}{power} {value.written(value.body)}"


def names(value: Derivative) -> list[tuple[str, bool]]:
    """Return what each name stands for, those of one shape together, and whether that was assumed."""
    symbols = [node for node in value.symbols if node.op.name == "symbol" and not node.args]
    return [(line, line in value.assumed) for line in assumed_text(symbols)]


def code(value: Derivative) -> list[tuple[str, str]]:
    """Return the source of the derivative in each language that has what it takes."""
    found: list[tuple[str, str]] = []
    for target in CODE:
        try:
            found.append((target, value.to(target).rstrip("\n")))
        except Mistake:
            continue
    return found


def proof(value: Derivative) -> tuple[str, list[Sample]]:
    """Return what the check found, in words, and some of the points it looks at."""
    return str(value.check()), samples(value.claims()[-1])


def row(sample: Sample, most: int = LONGEST) -> list[str]:
    """Return a point of a check as the cells of a table: sizes, by the formula, without any rule, apart by."""
    sizes = ", ".join([f"{name} = {size}" for name, size in sample.sizes.items()]) or "none"
    arrays = [shortened(one_line(array), most) for array in (sample.ours, sample.found)]
    return [sizes, *arrays, f"{sample.error:.0e}"]


def shortened(text: str, most: int = LONGEST) -> str:
    """Return an array as far as a table has room for it, with few digits."""
    said = re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda match: f"{float(match[0]):.5g}", text)
    return said if len(said) <= most else f"{said[: most - 1]}…"


def show_page(path: str, output: Output) -> None:
    """Open a page, a file or an address, in the browser that the system has."""
    import webbrowser

    if not webbrowser.open(path if path.startswith("http://") else "file://" + os.path.abspath(path)):
        output.message(f"no browser was found; the page is {path}")
