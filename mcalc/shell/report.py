"""`mcalc report`: a derivation as a file of its own, for a browser, for LaTeX, for Markdown or as a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.shell import report_html, report_text
from mcalc.shell.arguments import is_file
from mcalc.shell.report_parts import Part, show_page
from mcalc.shell.subject import asked_for, asked_in_file, format_of
from mcalc.shell.target import Target

if TYPE_CHECKING:
    from mcalc.shell.settings import Settings

FORMATS = {"html": ".html", "latex": ".tex", "markdown": ".md", "notebook": ".ipynb"}
"""Each format with the ending of its files."""


def report(text: str | None, to: str | None, settings: Settings) -> Callable[[], int]:
    """Return what writes a report; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "a report of what?", hint='mcalc report "½ ‖X w - y‖²" --wrt w -o ridge.html')
    chosen = format_of(to, settings.into, FORMATS, "html")
    if settings.opened and (chosen != "html" or settings.into in (None, "-")):
        raise Mistake("E-USAGE", "--open shows a page that is written into a file", hint="-o report.html --open")
    settings.to = "text"
    return partial(_written, text, chosen, settings)


def _written(text: str, to: str, settings: Settings) -> int:
    try:
        asked = asked_in_file(text, settings) if is_file(text) else [(text, asked_for(text, settings), ())]
        parts = [Part(*one) for one in asked]
        made = _made(parts, to)
        with Target(settings) as output:
            output.result(made.rstrip("\n"))
    except Mistake as mistake:
        if mistake.source is None and mistake.spans:
            mistake.source = text
        settings.output().mistake(mistake)
        return mistake.exit_code
    if settings.opened and settings.into is not None:
        show_page(settings.into, settings.output())
    return 0


def _made(parts: Sequence[Part], to: str) -> str:
    if to == "html":
        return report_html.page(parts)
    return {"latex": report_text.latex, "markdown": report_text.markdown, "notebook": report_text.notebook}[to](parts)
