"""A line of a page read: its text spelled out, the places that its sides are taken at, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from mcalc.calculus.derive import as_whole, simplified
from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.page_conditions import Course
from mcalc.checking.page_names import Known
from mcalc.checking.page_parts import PageLine
from mcalc.checking.page_prepared import VALUE, ZEROS
from mcalc.checking.page_spellings import (
    AT,
    BY_SEVERAL,
    VALUED,
    bare_gradients,
    bounded,
    gradients,
    lowered_partials,
    primed_brackets,
    primed_names,
    sides_of,
    taken_at,
    taken_at_numbers,
    values_in,
    with_components,
)
from mcalc.checking.page_verdicts import Claim, Told
from mcalc.checking.stated_reasons import stated
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr
from mcalc.notation import Scope, read
from mcalc.notation.names.scope import Reading
from mcalc.notation.surface.words import entries_of
from mcalc.operators.abstract import DERIVATIVE
from mcalc.operators.leaves import SYMBOL, is_zero, symbols_in, zeros
from mcalc.patterns import pattern
from mcalc.render.latex_face import latex

LETTER = pattern(r"[^\W\d_]")
MAPPED = pattern(r"\s*d\w+\s*(?:↦|\\mapsto)\s*")
"""What a line begins with that tells a differential as a map, dX ↦ …; it goes on from the line before it."""


def spelled(line: PageLine, head: tuple[str, bool] | None, course: Course) -> Told:
    """Return a line with primes as derivatives, and without the places that its sides are taken at."""
    known, root, latex = course.known, course.root, line.notation == "latex"
    text = MAPPED.sub("= ", line.spelled) if course.standing is not None else line.spelled
    text = taken_at_numbers(text, known.only_variable, known.only_parameter, latex=latex)
    text = primed_names(text, known.only_variable, latex=latex)
    text = primed_brackets(text, partial(known.variable_in, notation=line.notation), latex=latex)
    text = gradients(text, known.only_argument)
    behind = root.args[1:] if text.startswith("=") and root is not None and root.op is DERIVATIVE else ()
    by = [one.attr[0] for one in behind if one.op is SYMBOL]
    text = bare_gradients(text, by[0] if len(by) == 1 else None)
    text = lowered_partials(text, known.is_partial, latex=latex)
    whole = [VALUED.fullmatch((bounded(side) or [side])[0].strip()) for side in sides_of(text)]
    put = partial(VALUED.sub, partial(_valued, line, course))
    text = "=".join([side if as_it_is else put(side) for side, as_it_is in zip(sides_of(text), whole, strict=True)])
    within = bounded(text)
    last = sides_of(within[0])[-1] if within is not None else ""
    sure = within is not None and (AT.fullmatch(last) or (last is not within[0] and not LETTER.search(last)))
    text, bound = (within[0], within[1:]) if sure and within is not None else (text, None)
    text, places = taken_at(text)
    several = BY_SEVERAL.match(text)
    count = several[1].count(",") + 1 if several else len(behind)
    text = with_components(text, count, latex=latex)
    *before, last = sides_of(text)
    is_zero = last.strip(" .") in ZEROS and len(before) > 1 - course.prepared.leads(line)
    if is_zero:
        course.note_zero(line)
        text = "=".join(before).rstrip()
    at = {side: _point(values, line, course) for side, values in places.items()}
    made, given, value = text.partition(":=")
    if head is None and given:
        text = value if course.prepared.updates(line) else f"{made}={value}"
    return Told(line, head, text, at, bound, is_zero)


def _point(values: Mapping[str, str], line: PageLine, course: Course) -> dict[Expr, Expr]:
    """Read the values of variables at which something is taken."""
    point: dict[Expr, Expr] = {}
    for name, value in values.items():
        told = "exp(1)" if value == "e" and not course.known.has_meaning("e") else value
        variable, at = [read(part, course.known.scope, notation=line.notation).expr for part in (name, told)]
        if variable is not None and at is not None:
            point[variable] = zeros(variable.shape) if variable.shape and is_zero(at) else at
    return point


def _valued(line: PageLine, course: Course, found: re.Match[str]) -> str:
    """Return the value of f'(4) inside a formula, as text; the same text where it has none."""
    asked = read(found[1] or found[3], course.known.scope, notation=line.notation).expr
    point = _point(values_in(found[2] or found[4]), line, course)
    if asked is None or asked in point:
        return found[0]
    value = simplified(replaced(course.known.names.settled(asked, layout=course.known.layout), point), frozenset())
    return f"\\left({latex(value)}\\right)" if line.notation == "latex" else f"({course.known.text(value)})"


def refuse_failed(line: PageLine, course: Course) -> None:
    """Refuse a line with a name whose definition was not read: it would be judged by another meaning.

    Raises:
        Mistake: `E-NAME`, where that is so.
    """
    for name in course.prepared.names_in(line) if course.failed else ():
        for text in (name.full, entries_of(name.full), name.full[1:] if name.full[:1] in "d∂" else ""):
            number = course.failed.get(text)
            if number is not None and not course.known.has_meaning(text):
                hint = "put that right first"
                raise Mistake("E-NAME", f"{clip(text)} is defined in line {number}, which is not read", hint=hint)


def claim_of(told: Told, layout: str, course: Course) -> Claim | None:
    """Read a line, with its derivatives in some layout; None where it claims nothing, and is taken in."""
    line, head, text, known = told.line, told.head, told.text, course.known
    goes_on = text.startswith("=")
    if goes_on and course.standing is None and course.unread is not None:
        said = f"this goes on from line {course.unread}, which is not read"
        raise Mistake("E-SYNTAX", said, hint="put that right first")
    if head is not None and not head[1] and known.is_iterate(head[0]):
        form = read(sides_of(text)[1], _scope(known, line, layout), value=True, notation=line.notation).expr
        if form is not None:
            known.define(head[0], as_whole(form))
            course.root = course.standing = form
        if len(sides_of(text)) == 2:
            return None
    before = course.standing if goes_on else None

    def ask(scope: Scope) -> Reading:
        return _as_known(read(text, scope, equation=True, before=before, notation=line.notation), known)

    opened = head[0] if head is not None and not head[1] and known.is_open(head[0]) else ""
    was = known.scope.variables[opened] if opened else None
    reading = ask(_scope(known, line, layout, opened))
    if was is not None and reading.expr is not None and reading.expr.shape != was.shape:
        known.keep(ask(_scope(known, line, layout)))  # beside the name, what nothing declares is of its sizes
        reading = ask(_scope(known, line, layout, opened))
    if was is not None and reading.expr is not None and was in symbols_in(known.names.expanded(reading.expr)):
        reading = ask(_scope(known, line, layout))  # x = (u + v)/2, of u = x + y: the right side is made of x
    if was is not None and reading.expr is not None and VALUE.search(text) is not None:
        course.values[was] = reading.expr  # of a variable that is in use, x = 1 is no definition
        return None
    if reading.kind == "empty":
        return None
    if reading.kind != "claim":
        course.given += stated(reading)
    if reading.kind in ("declaration", "function"):
        known.scope = reading.scope
        if course.prepared.names_identity:
            known.scope.variables.pop("I", None)
        return None
    if reading.kind == "claim" and not goes_on and course.is_curve(line, reading):
        return None
    if reading.kind == "claim" or (told.bound is not None and reading.kind in ("expression", "derivative")):
        return Claim(reading, layout, told)
    known.keep(reading)
    if reading.expr is not None:
        if reading.kind == "definition" and reading.name is not None:
            known.define(reading.name, as_whole(reading.expr), was)
        course.root = course.standing = reading.expr
        course.root_layout, course.broken = layout, None
        if told.is_zero:
            zero = known.names.settled(reading.expr, layout=known.layout)
            course.take_zero(zero, line.number)
    return None


def _as_known(reading: Reading, known: Known) -> Reading:
    """Leave a variable that earlier lines use as it is, where words beside a line say more of it: S symmetric."""
    variables = known.scope.variables
    met = symbols_in(*reading.sides, *([] if reading.expr is None else [reading.expr]))
    said = {node: variables.get(node.attr[0], node) for node in met}
    turned = {node: other for node, other in said.items() if other is not node and other.shape == node.shape}
    if turned:
        reading.sides = [replaced(side, turned) for side in reading.sides]
        reading.expr = None if reading.expr is None else replaced(reading.expr, turned)
    return reading


def _scope(known: Known, line: PageLine, layout: str, without: str = "") -> Scope:
    """What a line is read with, its derivatives in some layout, and without a name that it defines."""
    scope = known.scope.copy()
    scope.line, scope.layout = line.number, layout
    if layout != "numerator":
        for name in known.rows:
            scope.variables[name] = scope.definitions.pop(name).args[0]
    scope.forget(without)
    return scope
