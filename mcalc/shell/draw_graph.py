"""`mcalc graph`: the computation graph of a function, as a tree, a picture, or for Graphviz and Mermaid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mcalc.errors import Mistake
from mcalc.render.graph_text import Labels, tree
from mcalc.shell.reference_page import Page
from mcalc.shell.subject import asked_for, format_of, shown

if TYPE_CHECKING:
    from mcalc.shell.output import Output
    from mcalc.shell.settings import Settings

FORMATS = {"text": ".txt", "unicode": "", "ascii": "", "svg": ".svg", "dot": ".dot", "mermaid": ".mmd"}
"""Each format with the ending of its files."""


def graph(text: str | None, to: str | None, settings: Settings) -> Callable[[], int]:
    """Return what shows a graph; raises Mistake where the options are not right."""
    if text is None:
        raise Mistake("E-USAGE", "of which function?", hint='mcalc graph "max(0, w·x + b)" --wrt w')
    chosen = format_of(to, settings.into, FORMATS, "text")
    settings.to = chosen if chosen in ("unicode", "ascii") else "text"
    return partial(shown, text, settings, partial(_show, text, chosen, settings))


def _show(text: str, to: str, settings: Settings, output: Output) -> None:
    value = asked_for(text, settings)
    picture = value.graph(settings.mode)
    if to in ("svg", "dot", "mermaid"):
        output.result(str(getattr(picture, to)).rstrip("\n"))
        return
    page = Page(output)
    page.rows(tree(Labels(picture.labels.graph, picture.labels.taken, unicode=page.unicode)))
    if output.on_terminal:
        if value.assumed:
            output.sentence(f"assumed: {'; '.join(value.assumed)}")
        for note in value.notes:
            output.sentence(f"note: {note}")
