"""`mcalc explain CODE`: a page about a code or a topic, with an example that is run as the page is shown."""

from __future__ import annotations

from mcalc.errors import Mistake, closest
from mcalc.render.mistake import lay_out_mistake
from mcalc.shell.explanations import PAGES
from mcalc.shell.output import Output
from mcalc.shell.page import Page
from mcalc.shell.settings import Settings


def explain(code: str | None, settings: Settings) -> int:
    """Show the page of a code, with or without its E-; without one, the titles of all."""
    output = settings.output()
    if code is None:
        page = Page(output)
        for name, explanation in PAGES.items():
            page.line([(f"{name:16}", "error"), (explanation.title, "text")])
    else:
        explained(code, output)
    return 0


def explained(code: str, output: Output) -> None:
    """Show the page of one code."""
    page = Page(output)
    name = found(code)
    explanation = PAGES[name]
    page.line([(name, "error"), (f": {explanation.title}", "message")])
    page.gap()
    for place, part in enumerate(explanation.text.split("\n\n")):
        if place:
            page.gap()
        page.words(part)
    mistake = explanation.met()
    if explanation.command:
        page.gap()
        page.line([("  $ ", "margin"), (explanation.command, "text")])
    if mistake is not None:
        for row in lay_out_mistake(mistake, room=(page.width or 80) - 2, unicode=page.unicode):
            page.rows([[("  ", "space"), *row]])
    page.gap()
    page.words(explanation.remedy)


def found(code: str) -> str:
    """Return a code or a topic as it is spelled; raises `E-USAGE` for what is none.

    >>> found("shape"), found("e-name"), found("layouts")
    ('E-SHAPE', 'E-NAME', 'layout')
    """
    word, name = code.lower().removesuffix("s"), code.upper()
    name = name if name.startswith("E-") else f"E-{name}"
    for one in (word, name):
        if one in PAGES:
            return one
    close = closest(name, PAGES, 1, 0.65)
    hint = f"did you mean {close[0]}?" if close else ", ".join(PAGES)
    raise Mistake("E-USAGE", f"there is no page about {code}", hint=hint)
