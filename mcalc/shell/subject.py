"""What a command is about that takes a derivative, or a file of them: a statement, or a function with its variable."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from mcalc.api import differentiated, read_value, scope_of, worked_out
from mcalc.choices import one_of
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.results import Expression
from mcalc.shell.output import Output
from mcalc.shell.session import Outcome, Session
from mcalc.shell.settings import Settings
from mcalc.shell.streams import File, Target

MOST = 50
"""Derivatives that are taken of one file."""


def asked_for(text: str, settings: Settings, orders: Mapping[str, int] | None = None) -> Derivative:
    """Return the derivative that is asked for; of a function of one variable, that by it.

    `orders` are the numbers of axes of names that nothing declares, where they are known. Raises
    :class:`~mcalc.errors.Mistake`.
    """
    scope = scope_of(settings.where, settings.macros)
    scope.orders = dict(orders or {})
    reading = read_value(text, scope, settings.wrt, settings.notation)
    wrt: str | None = settings.wrt
    if wrt is None:
        value = worked_out(reading, settings.manner)
        if isinstance(value, Derivative):
            return value
        symbols = [node.attr[0] for node in value.symbols if node.op.name == "symbol"]
        if len(symbols) != 1:
            said = f"it has the variables {', '.join(symbols[:6])}" if symbols else "it has no variable"
            hint = f"--wrt {symbols[0]}" if symbols else ""
            raise Mistake("E-USAGE", f"by which variable? {said}", hint=hint)
        wrt = str(symbols[0])
    return differentiated(reading, wrt, settings.order, settings.manner)


def asked_in_file(path: str, settings: Settings) -> list[tuple[str, Derivative, Sequence[str]]]:
    """Return the derivatives that the statements of a file ask for, each with the statements that made its names.

    Raises :class:`~mcalc.errors.Mistake`, also where there are none, or too many.
    """
    session = Session(manner=settings.manner, macros=settings.macros)
    if settings.where is not None:
        session.declare(settings.where)
    before: list[str] = []
    found: list[tuple[str, Derivative, Sequence[str]]] = []
    for line in File(path):
        if line.mistake is not None:
            raise line.mistake
        try:
            outcome: Outcome = session.run(line.text, line.number, notation=settings.notation)
        except Mistake as mistake:
            mistake.message = f"line {line.number}: {mistake.message}"
            mistake.source = mistake.source or line.text
            raise
        value: Expression | None = outcome.value
        if isinstance(value, Derivative):
            found.append((outcome.input, value, list(before)))
        elif outcome.kind in ("declaration", "definition", "function"):
            before.append(outcome.input)
    if not found:
        raise Mistake("E-USAGE", f"{path} asks for no derivative", hint="a line such as ∂/∂w f is one")
    if len(found) > MOST:
        raise Mistake("E-LIMIT", f"{path} asks for {len(found)} derivatives, and {MOST} are taken", hint="part it")
    return found


def format_of(said: str | None, into: str | None, formats: Mapping[str, str], usual: str) -> str:
    """Return the format that is asked for, or that the ending of a file tells; `formats` has the endings.

    >>> format_of(None, "curve.svg", {"text": ".txt", "svg": ".svg"}, "text")
    'svg'
    """
    if said is not None:
        return one_of(formats, "format", said, here=True)
    ending = os.path.splitext(into or "")[1].lower()
    return next((name for name, one in formats.items() if ending and one == ending), usual)


def shown(text: str, settings: Settings, show: Callable[[Output], None]) -> int:
    """Show something on the output of a run, or what is wrong, and then no file is written; return the exit code."""
    try:
        with Target(settings) as output:
            show(output)
    except Mistake as mistake:
        settings.output().mistake(mistake, text=text)
        return mistake.exit_code
    return 0
