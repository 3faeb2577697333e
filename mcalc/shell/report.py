"""`mcalc report`: a derivation as a file of its own, for a browser, for LaTeX, for Markdown or as a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.results import Derivative
from mcalc.shell import report_html, report_text
from mcalc.shell.arguments import is_file
from mcalc.shell.asked import asked_for, format_of
from mcalc.shell.report_parts import Part, show_page
from mcalc.shell.session import Session
from mcalc.shell.sources import File
from mcalc.shell.target import Target

if TYPE_CHECKING:
    from mcalc.results import Expression
    from mcalc.shell.session import Outcome
    from mcalc.shell.settings import Settings

FORMATS = {"html": ".html", "latex": ".tex", "markdown": ".md", "notebook": ".ipynb"}
"""Each format with the ending of its files."""
MOST = 50
"""Derivatives of a file that are reported."""


def report(text: str | None, to: str | None, settings: Settings, *, opened: bool) -> Callable[[], int]:
    """Return what writes a report; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "a report of what?", hint='mcalc report "½ ‖X w - y‖²" --wrt w -o ridge.html')
    chosen = format_of(to, settings.into, FORMATS, "html")
    if opened and (chosen != "html" or settings.into in (None, "-")):
        raise Mistake("E-USAGE", "--open shows a page that is written into a file", hint="-o report.html --open")
    settings.to = "text"
    return partial(_written, text, chosen, settings, opened=opened)


def _written(text: str, to: str, settings: Settings, *, opened: bool) -> int:
    try:
        parts = _of_file(text, settings) if is_file(text) else [Part(text, asked_for(text, settings), ())]
        made = _made(parts, to)
        with Target(settings) as output:
            output.result(made.rstrip("\n"))
    except Mistake as mistake:
        if mistake.source is None and mistake.spans:
            mistake.source = text
        settings.output().mistake(mistake)
        return mistake.exit_code
    if opened and settings.into is not None:
        show_page(settings.into, settings.output())
    return 0


def _made(parts: Sequence[Part], to: str) -> str:
    if to == "html":
        return report_html.page(parts)
    return {"latex": report_text.latex, "markdown": report_text.markdown, "notebook": report_text.notebook}[to](parts)


def _of_file(path: str, settings: Settings) -> list[Part]:
    """Return the derivatives that the statements of a file ask for, each with the statements that made its names."""
    session = Session(layout=settings.layout, mode=settings.mode, macros=settings.macros)
    if settings.where is not None:
        session.declare(settings.where)
    before: list[str] = []
    found: list[Part] = []
    for line in File(path, lambda: None):
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
            found.append(Part(outcome.input, value, before))
        elif outcome.kind in ("declaration", "definition", "function"):
            before.append(outcome.input)
    if not found:
        raise Mistake("E-USAGE", f"{path} asks for no derivative", hint="a line such as ∂/∂w f is reported")
    if len(found) > MOST:
        raise Mistake("E-LIMIT", f"{path} asks for {len(found)} derivatives, and a report has {MOST}", hint="part it")
    return found
