"""`mcalc plot` and `mcalc graph`: curves, descents, fields and patterns of a function, and its computation graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from mcalc.derivative import Derivative
from mcalc.errors import Mistake, clip
from mcalc.limits import DATA, check_elements
from mcalc.numeric.binding import Binding
from mcalc.numeric.curves import along_gradient, curve, field, length, pattern
from mcalc.numeric.data import Given, read_given
from mcalc.numeric.sampling import names_of_sizes
from mcalc.operators.leaves import variables_in
from mcalc.render.graph_pictures import Labels, tree
from mcalc.render.plots import along_lines, curve_lines, field_lines, pattern_lines
from mcalc.shell.evaluation import heading, parted_values
from mcalc.shell.output import Output, remarks
from mcalc.shell.reference import COMMANDS
from mcalc.shell.reference_page import Page
from mcalc.shell.settings import Settings
from mcalc.shell.streams import asked_for, format_of, shown

RANGE = (-5.0, 5.0)
SIZES = (12, 9, 7, 5)
"""What sizes are where nothing says it: pairwise different ones."""
WIDTH, FINE, LARGEST = 80, 33, 1 << 20


class Asked:
    """What is to be drawn: the derivative, the values given, the range and the kind."""

    def __init__(
        self, value: Derivative, given: dict[str, Given], ends: list[tuple[float, float]], kind: str | None
    ) -> None:
        self.value = value
        self.given = given
        self.ends = ends
        self.said_kind = kind
        self.free = [node for node in variables_in(value.function, value.expr) if node.attr[0] not in given]

    @property
    def kind(self) -> str:
        """The kind of picture: as it is asked for, else what fits."""
        if self.said_kind is not None:
            return self.said_kind
        value, function = self.value, self.value.function
        if not function.shape and len(value.variables) == 1 and value.variables[0].attr[0] in self.given:
            return "descent"
        if not function.shape and (len(value.variables) == 2 or [dim.value for dim in value.variables[0].shape] == [2]):
            return "field"
        if not function.shape and not value.variables[0].shape:
            return "curve"
        return "sparsity"

    def bound(self, *put: str) -> dict[str, Any]:
        """Return the values of all that is not drawn; raises Mistake where one is missing."""
        function = self.value.function
        needed = [node for node in variables_in(function, self.value.expr) if node.attr[0] not in put]
        sizes = [name for name in names_of_sizes(function, self.value.expr) if name not in put]
        if not needed and not sizes:
            return {}
        return dict(Binding(needed, needed, sizes, self.given).values)


def plot(text: str | None, to: str | None, settings: Settings) -> Callable[[], int]:
    """Return what draws; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "of which function?", hint='mcalc plot "x^2 exp(-x)"')
    chosen = format_of(to, settings.into, COMMANDS["plot"].formats, "text")
    if chosen == "png" and settings.into in (None, "-"):
        raise Mistake("E-USAGE", "a PNG is written into a file", hint="-o curve.png")
    settings.to = chosen if chosen in ("unicode", "ascii") else "text"
    values = parted_values(settings.sets)
    drawn = partial(_show, text, chosen, settings.kind, ranges(settings.extent), values, settings)
    return partial(shown, text, settings, drawn)


def ranges(text: str | None) -> list[tuple[float, float]]:
    """Return the ends of a range, or of two.

    Raises:
        Mistake: `E-USAGE`, where it is no range.

    >>> ranges("-3:3"), ranges("0:1,-2:2")
    ([(-3.0, 3.0)], [(0.0, 1.0), (-2.0, 2.0)])
    """
    found: list[tuple[float, float]] = []
    for part in (text or "").split(",") if text else []:
        low, sign, high = part.partition(":")
        try:
            ends = (float(low), float(high))
        except ValueError:
            ends = (0.0, 0.0)
        if not sign or not -1e12 < ends[0] < ends[1] < 1e12 or len(found) == 2:
            raise Mistake("E-USAGE", f"{clip(text or '')} is no range", hint="--range -3:3; of two variables -3:3,0:5")
        found.append(ends)
    return found


def _show(
    text: str,
    to: str,
    kind: str | None,
    ends: list[tuple[float, float]],
    sets: dict[str, str],
    settings: Settings,
    output: Output,
) -> None:
    given = {name: read_given(name, said) for name, said in sets.items()}
    value = asked_for(text, settings, {name: one.array.ndim for name, one in given.items() if not one.loose})
    asked = Asked(value, given, ends, kind)
    draw = {"curve": _curve, "field": _field, "sparsity": _sparsity, "descent": _descent}[asked.kind]
    page = Page(output)
    drawn, said = draw(asked, to, page)
    if isinstance(drawn, bytes):
        output.write(drawn)
        output.flush()
    else:
        output.result("\n".join(drawn), styled=True)
    assumed = remarks(value.assumed) if output.on_terminal or settings.into is not None else []
    for line in [*said, *assumed]:
        output.sentence(line)


def _titles(asked: Asked) -> tuple[str, str]:
    value = asked.value
    return value.written(value.function), f"{heading(value, unicode=True)} = {value.text}"


def _only(asked: Asked, kind: str) -> str:
    """Return the name of the one number that a curve is drawn over."""
    variable = asked.value.variables[0]
    if asked.value.function.shape or variable.shape or variable.op.name != "symbol" or len(asked.value.variables) > 1:
        raise Mistake("E-USAGE", f"a {kind} is drawn of a number, by a number", hint="--kind sparsity for a Jacobian")
    return str(variable.attr[0])


def drawn_curve(value: Derivative, given: dict[str, Given], ends: list[tuple[float, float]], page: Page) -> list[str]:
    """Return the curve of a function and of its derivative as lines of a terminal, with what is said of its kinks."""
    lines, said = _curve(Asked(value, given, ends, "curve"), "text", page)
    assert isinstance(lines, list)
    return [*lines, *said]


def _curve(asked: Asked, to: str, page: Page) -> tuple[bytes | list[str], list[str]]:
    name = _only(asked, "curve")
    value = asked.value
    found = curve(
        value.function, value.expr, name, asked.ends[0] if asked.ends else RANGE, asked.bound(name), value.symbols
    )
    mark = "f′" if page.unicode else "f'"
    said = [
        f"at {name} = {k.at:.6g} {mark} jumps from {k.before:.6g} to {k.after:.6g}; {k.taken:.6g} is taken"
        for k in found.kinks
    ]
    if to in ("svg", "png"):
        from mcalc.render.plots import curve_figure

        return curve_figure(found, name, value.written(value.function), f"d/d{name} = {value.text}", to), said
    width = page.width or WIDTH
    return curve_lines(found, name, width, unicode=page.unicode, color=page.output.color), said


def _descent(asked: Asked, to: str, page: Page) -> tuple[bytes | list[str], list[str]]:
    value = asked.value
    if value.function.shape or len(value.variables) > 1:
        raise Mistake("E-USAGE", "a descent is drawn of a number, by one variable", hint="--wrt w")
    name = str(value.variables[0].attr[0])
    most = asked.ends[0][1] if asked.ends else None
    found = along_gradient(value.function, value.expr, name, asked.bound(), value.symbols, most)
    best = min(range(len(found.at)), key=lambda k: found.values[k])
    said = [f"from {found.values[0]:.6g} down to {found.values[best]:.6g} at a step of {found.at[best]:.3g}"]
    if to in ("svg", "png"):
        from mcalc.render.plots import along_figure

        return along_figure(found, name, _titles(asked)[0], to), said
    return along_lines(found, page.width or WIDTH, unicode=page.unicode, color=page.output.color), said


def _field(asked: Asked, to: str, page: Page) -> tuple[bytes | list[str], list[str]]:
    value = asked.value
    variables = [str(node.attr[0]) for node in value.variables]
    pair = len(variables) == 1 and len(value.variables[0].shape) == 1
    if value.function.shape or not (pair or (len(variables) == 2 and not any([v.shape for v in value.variables]))):
        raise Mistake("E-USAGE", "a field is drawn of a number, by two numbers", hint="--wrt x,y, or w: R^2")
    known = asked.bound(*variables, *(names_of_sizes(value.variables[0]) if pair else []))
    ends = asked.ends or [RANGE]
    names = (f"{variables[0]}₁", f"{variables[0]}₂") if pair else (variables[0], variables[1])

    def put(x: float, y: float) -> dict[str, Any]:
        return {**known, variables[0]: [x, y]} if pair else {**known, variables[0]: x, variables[1]: y}

    room = (page.width or WIDTH) - 12
    fine = to in ("svg", "png")
    count = (FINE, FINE) if fine else (min(room // 2, FINE), 17)
    found = field(value.function, value.expr, put, (ends[0], ends[-1]), value.symbols, count)
    if fine:
        from mcalc.render.plots import field_figure

        return field_figure(found, names, _titles(asked)[0], to), []
    return field_lines(found, unicode=page.unicode), [
        f"arrows point up the slope; {names[0]} to the right, {names[1]} up"
    ]


def _sparsity(asked: Asked, to: str, page: Page) -> tuple[bytes | list[str], list[str]]:
    value = asked.value
    result = value.expr
    if not 0 < len(result.shape) < 3:
        raise Mistake("E-USAGE", "a pattern is drawn of a matrix", hint="--kind curve for a number by a number")
    used = variables_in(value.function, result)
    bound = [node for node in used if node.attr[0] in asked.given]
    given = {name: one for name, one in asked.given.items() if name in {node.attr[0] for node in bound}}
    names = names_of_sizes(value.function, result)
    sizes = {name: int(asked.given[name].array) for name in names if name in asked.given}
    sizes |= {name: witness.length for name, witness in Binding(bound, (), (), given).sizes.items()}
    left = [name for name in names if name not in sizes]
    sizes |= {name: SIZES[place % len(SIZES)] for place, name in enumerate(left)}
    count = 1
    for dim in result.shape:
        count *= length(dim, sizes)
    check_elements(count, "the matrix that is drawn", {**DATA, "elements": LARGEST})
    rows = pattern(result, sizes, {name: one.array for name, one in given.items()}, value.symbols)
    full = sum([sum(row) for row in rows])
    said = [f"{full} of {len(rows) * len(rows[0])} entries are not 0, {len(rows)}×{len(rows[0])}"]
    if sizes:
        said.append(
            f"sizes: {', '.join([f'{name} = {size}' for name, size in sizes.items()])}; --set {names[0]}=20 for others"
        )
    if to in ("svg", "png"):
        from mcalc.render.plots import pattern_figure

        return pattern_figure(rows, _titles(asked)[1], to), said
    return pattern_lines(rows, page.width or WIDTH, unicode=page.unicode), said


def graph(text: str | None, to: str | None, settings: Settings) -> Callable[[], int]:
    """Return what shows a graph; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "of which function?", hint='mcalc graph "max(0, w·x + b)" --wrt w')
    chosen = format_of(to, settings.into, COMMANDS["graph"].formats, "text")
    settings.to = chosen if chosen in ("unicode", "ascii") else "text"
    return partial(shown, text, settings, partial(_show_graph, text, chosen, settings))


def _show_graph(text: str, to: str, settings: Settings, output: Output) -> None:
    value = asked_for(text, settings)
    picture = value.graph(settings.mode)
    if to in ("svg", "dot", "mermaid"):
        output.result(str(getattr(picture, to)).rstrip("\n"))
        return
    page = Page(output)
    page.rows(tree(Labels(picture.labels.graph, picture.labels.taken, unicode=page.unicode)))
    if output.on_terminal:
        for said in remarks(value.assumed, value.notes):
            output.sentence(said)
