"""`mcalc eval`: an expression and its derivative as numbers, at the values given with --set."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mcalc.api import differentiated, read_value, scope_of, worked_out
from mcalc.choices import one_of
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, clip
from mcalc.expr import walk
from mcalc.limits import DATA
from mcalc.notation import Reading
from mcalc.notation.statements.asked import wanted_name
from mcalc.notation.surface.words import plain_name
from mcalc.numeric.binding import Binding
from mcalc.numeric.data import Given, read_given
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.values import Values
from mcalc.operators.leaves import variables_in
from mcalc.render.number_arrays import columns, one_line, size_words
from mcalc.results import Expression
from mcalc.shell.batch import Line
from mcalc.shell.checking import Disagreement, bug, checked
from mcalc.shell.output import Output
from mcalc.shell.record import SCHEMA, failure, line_of
from mcalc.shell.reference_page import Page
from mcalc.shell.settings import Settings
from mcalc.shell.streams import Target

if TYPE_CHECKING:
    from mcalc.numeric.verify import Verification

FORMATS = ("text", "unicode", "ascii", "json")
WIDTH = 80


class Numbers:
    """What an evaluation came to: the value, and the derivative if one was asked for, with what was read and bound."""

    def __init__(self, read: Expression, binding: Binding, given: Sequence[Given], check: Verification | None) -> None:
        self.read = read
        self.binding = binding
        self.given = list(given)
        self.check = check
        function, result = (read.function, read.expr) if isinstance(read, Derivative) else (read.expr, None)
        binding.check_room(list(walk(function, read.expr)))
        found = Values(function, result, binding.values, read.symbols, finite=binding.finite)
        self.value = found.value
        self.derivative = found.derivative
        self.warnings = [*read.warnings, *binding.warnings, *found.warnings]
        self.notes = [*read.notes, *binding.notes]


def evaluation(text: str | None, sets: Sequence[str], limits: Sequence[str], settings: Settings) -> Callable[[], int]:
    """Return what evaluates an expression; raises Mistake where the options are not right."""
    one_of(FORMATS, "format", settings.to, here=True)
    if text is None:
        raise Mistake("E-USAGE", "which expression?", hint='mcalc eval "w·x" --set w=[1,2] --set x=[3,4]')
    return partial(run, text, parted_values(sets), _limits(limits), settings)


def parted_values(sets: Sequence[str]) -> dict[str, str]:
    """Return the values of --set by the plain names of their variables.

    Raises:
        Mistake: `E-USAGE`, where one gives no value, or a second one.
    """
    found: dict[str, str] = {}
    for one in sets:
        name, sign, value = one.partition("=")
        base, mark, rest = name.strip().partition("_")
        if name.strip() and ("\\" in name or not name.isascii()):
            plain = wanted_name(name.strip()).full  # \mathbf{w}, \hat{y}
        else:
            plain = plain_name(base) + mark + rest.strip("{}")
        if not sign or not plain:
            raise Mistake("E-USAGE", f"--set {clip(one)} gives nothing a value", hint="--set w=[1,2], --set X=X.npy")
        if plain in found:
            raise Mistake("E-USAGE", f"{clip(plain)} is given two values", hint="once is enough")
        found[plain] = value
    return found


def _limits(limits: Sequence[str]) -> dict[str, int]:
    """Return the limits in force: the defaults, but for those given with --limit; 0 takes one away."""
    found = dict(DATA)
    for one in limits:
        name, _, value = one.partition("=")
        if name not in found or not (value.isascii() and value.isdecimal()):
            raise Mistake("E-USAGE", f"--limit {clip(one)} is not read", hint=f"--limit elements={DATA['elements']}")
        found[name] = int(value) or 1 << 62
    return found


def run(text: str, sets: dict[str, str], limits: dict[str, int], settings: Settings) -> int:
    """Evaluate and show it; return the exit code."""
    with Target(settings) as output:
        try:
            numbers = evaluated(text, sets, limits, settings, terminal=output.on_terminal)
        except Mistake as mistake:
            if mistake.source is None and mistake.spans:
                mistake.source = text
            if output.face == "json":
                output.result(failure(mistake, Line(1, text), text))
            else:
                output.mistake(mistake)
            return 4 if mistake.code == "E-LIMIT" else 1
        except Disagreement as trouble:
            output.message(bug(trouble, ""))
            if output.face == "json":
                output.result(failure(Mistake("E-BUG", str(trouble)), Line(1, text), text))
            return 70
        if output.face == "json":
            output.result(record(text, numbers, check=bool(settings.check)))
        else:
            show(numbers, output)
        for warning in numbers.warnings:
            output.message(f"warning: {warning}")
        if output.on_terminal and output.to != "json":
            remark(numbers, output)
        if numbers.check is not None and output.to != "json":
            output.sentence(numbers.check.within(output.width if output.err_terminal else None))
    return 0


def evaluated(
    text: str, sets: dict[str, str], limits: dict[str, int], settings: Settings, *, terminal: bool = False
) -> Numbers:
    """Read an expression and its values, derive and check it, and work it out.

    A name that nothing declares has as many axes as its value. Raises Mistake for whatever is wrong with either.
    """
    given = {name: read_given(name, value, limits) for name, value in sets.items()}
    read = _expression(text, settings, given)
    function = read.function if isinstance(read, Derivative) else read.expr
    binding = Binding(read.symbols, variables_in(function), names_of_sizes(function, read.expr), given, limits)
    check = checked(read, settings.check, terminal=terminal)
    return Numbers(read, binding, list(given.values()), check)


def _expression(text: str, settings: Settings, given: dict[str, Given]) -> Expression:
    """Read the expression, or the derivative that is asked for.

    The single row, or column, of a file is a vector where the expression does not say otherwise.
    """
    orders = {name: one.array.ndim for name, one in given.items() if not one.loose}
    reading = _read(text, settings, orders)
    more = {
        node.attr[0]: 1
        for node in reading.symbols
        if node.op.name == "symbol" and not node.shape and _is_loose(given.get(node.attr[0]))
    }
    if more:
        reading = _read(text, settings, orders | more)
    if settings.wrt is None:
        return worked_out(reading, settings.manner)
    return differentiated(reading, settings.wrt, settings.order, settings.manner)


def _is_loose(given: Given | None) -> bool:
    return given is not None and given.loose and given.array.size > 1


def _read(text: str, settings: Settings, orders: dict[str, int]) -> Reading:
    scope = scope_of(settings.where, settings.macros)
    scope.orders |= orders
    return read_value(text, scope, settings.wrt, settings.notation)


# what is shown -----------------------------------------------------------------------------------------------------


def show(numbers: Numbers, output: Output) -> None:
    """Show the value and, below it, the derivative: a line each in full, or laid out for a terminal."""
    read, derivative = numbers.read, numbers.derivative
    if not (output.on_terminal and output.to == "text"):
        for array in (numbers.value,) if derivative is None else (numbers.value, derivative):
            output.result(one_line(array))
        return
    page = Page(output)
    unicode = page.unicode
    room = (page.width or WIDTH) - 2
    if derivative is None:
        for line in columns(numbers.value, room, unicode=unicode):
            page.line([(line, "number")])
        return
    assert isinstance(read, Derivative)
    page.line([("value", "keyword")])
    for line in columns(numbers.value, room, unicode=unicode):
        page.line([("  ", "space"), (line, "number")])
    page.line([(f"{heading(read, unicode=unicode)} = ", "keyword"), (read.text if unicode else read.ascii, "text")])
    lines = columns(derivative, room, unicode=unicode)
    size = size_words(derivative.shape, is_row=read.expr.is_row)
    for place, line in enumerate(lines, 1):
        words = [(f"   {size}", "words")] if place == len(lines) and len(line) + len(size) + 3 <= room else []
        page.line([("  ", "space"), (line, "number"), *words])


def heading(read: Derivative, *, unicode: bool) -> str:
    """Return what stands before a derivative: ``∂/∂w``, ``∂²/∂w²``, ``∂/∂(w, b)``."""
    by = ", ".join(read.wrt)
    by = f"({by})" if len(read.wrt) > 1 else by
    power = "" if read.order == 1 else "²" if read.order == 2 else f"^{read.order}"
    if not unicode:
        power = power.replace("²", "^2")
        return f"d{power}/d{by}{power}"
    return f"∂{power}/∂{by}{power}"


def remark(numbers: Numbers, output: Output) -> None:
    """Say what was assumed, how long the sizes are, and what there is to note."""
    lengths = [f"{name} = {witness.length}" for name, witness in numbers.binding.sizes.items()]
    for word, said in (("assumed", numbers.read.assumed), ("sizes", lengths)):
        if said:
            output.message(f"{word}: {'; '.join(said) if word == 'assumed' else ', '.join(said)}")
    for note in numbers.notes:
        output.message(f"note: {note}")
    shown = [array for array in (numbers.value, numbers.derivative) if array is not None]
    if any(["…" in line for array in shown for line in columns(array, (Page(output).width or WIDTH) - 2)]):
        output.message("note: --to json, and a pipe, have every entry and every digit")


def record(text: str, numbers: Numbers, *, check: bool) -> str:
    """Return the record of an evaluation; what is no finite number is "NaN", "Infinity" or "-Infinity"."""
    read = numbers.read
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "line": 1,
        "ok": True,
        "kind": "evaluation",
        "input": text.strip(),
        **({} if isinstance(read, Derivative) else {"expr": read.text}),
        **read.record(),
        "value": plain(numbers.value),
    }
    if numbers.derivative is not None:
        found["derivative"] = plain(numbers.derivative)
    found["sizes"] = {name: witness.length for name, witness in numbers.binding.sizes.items()}
    found["given"] = [{"name": one.name, "shape": list(one.array.shape), "source": one.source} for one in numbers.given]
    if check and numbers.check is not None:
        found["check"] = numbers.check.record()
    found["assumed"] = read.assumed
    found["notes"] = [*numbers.warnings, *numbers.notes]
    return line_of(found)


def plain(array: Any) -> Any:
    """Return an array as nested lists of JSON's numbers, with words for those that JSON does not have.

    >>> import numpy as np
    >>> plain(np.array([1.0, np.nan, -np.inf])), plain(np.array(2.5))
    ([1.0, 'NaN', '-Infinity'], 2.5)
    """
    flat = [value if math.isfinite(value) else _word(value) for value in array.reshape(-1).tolist()]
    if not array.ndim:
        return flat[0]
    for length in reversed(array.shape[1:]):
        flat = [flat[k : k + length] for k in range(0, len(flat), length)]
    return flat


def _word(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
