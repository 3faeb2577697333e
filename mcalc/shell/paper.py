"""`mcalc paper`: the worked examples of the paper, section by section, derived now and told step by step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from mcalc.api import derive
from mcalc.choices import one_of
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, closest
from mcalc.render.equation_lines import laid_out
from mcalc.render.latex_text import escaped
from mcalc.shell.record import SCHEMA, line_of
from mcalc.shell.reference import COMMANDS
from mcalc.shell.reference_page import Page
from mcalc.shell.settings import Settings

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "paper.txt")
SHORT = 8
"""A derivation of no more steps than this is shown in full, unless it is asked for otherwise."""


class Example(NamedTuple):
    """A worked example: what is differentiated, by what, with which shapes, and what to notice."""

    section: str
    title: str
    expr: str
    wrt: str
    where: str
    mode: str = "auto"
    note: str = ""

    def derived(self) -> Derivative:
        """Return the derivative, worked out now."""
        return derive(self.expr, wrt=self.wrt.split(","), where=self.where, mode=self.mode)

    @property
    def command(self) -> str:
        """The command that shows it."""
        mode = f" --mode {self.mode}" if self.mode != "auto" else ""
        return f'mcalc diff "{self.expr}" --wrt {self.wrt} --where "{self.where}"{mode} --steps'


def examples() -> list[Example]:
    """Return all examples, in the paper's order.

    >>> examples()[0].expr, examples()[0].section
    ('99', '2')
    """
    found: list[Example] = []
    section = title = ""
    with open(TABLE, encoding="utf-8") as lines:
        for line in lines:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if text.startswith("== "):
                _, section, title = text.split(" ", 2)
            elif line.startswith(" "):
                found[-1] = found[-1]._replace(note=f"{found[-1].note} {text}".lstrip())
            else:
                expr, wrt, where, *mode = text.split(" ; ")
                found.append(Example(section, title, expr, wrt.removeprefix("by "), where, *mode))
    return found


def chosen(section: str | None) -> list[Example]:
    """Return the examples of a section and of those below it; of all for None.

    Raises:
        Mistake: `E-USAGE`, for a section without a worked example.
    """
    found = examples()
    if section is None:
        return found
    wanted = section.removeprefix("§").rstrip(".")
    matching = [one for one in found if one.section == wanted or one.section.startswith(f"{wanted}.")]
    if matching:
        return matching
    known = list(dict.fromkeys([one.section for one in found]))
    titles = {one.title.lower(): one.section for one in found}
    named = [one for one in found if wanted.lower() in one.title.lower()] if len(wanted) > 2 else []
    if named:
        return named
    close = closest(wanted, known, 1, 0.5) or [titles[title] for title in closest(wanted.lower(), titles, 1, 0.5)]
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    raise Mistake("E-USAGE", f"the paper's section {section} has no worked example", hint=hint)


class Tour:
    """Where in the paper a reader is."""

    def __init__(self) -> None:
        self.all = examples()
        self.place = 0

    @property
    def following(self) -> Example | None:
        """The example that comes next; None at the end of the paper."""
        return self.all[self.place] if self.place < len(self.all) else None

    def go_to(self, section: str) -> None:
        """Go to the first example of a section; raises Mistake where there is none."""
        first = chosen(section)[0]
        self.place = next(
            at for at, one in enumerate(self.all) if (one.section, one.expr) == (first.section, first.expr)
        )


def paper(section: str | None, settings: Settings) -> Callable[[], int]:
    """Return what shows the worked examples of a section with their steps; without a section, what there is."""
    one_of(COMMANDS["paper"].formats, "format", settings.to, here=True)
    return partial(show, chosen(section), settings, whole=section is None)


def show(found: Sequence[Example], settings: Settings, *, whole: bool) -> int:
    """Show examples: in one line each if it is the `whole` paper, else with what to notice and the steps."""
    output = settings.output()
    if output.face == "json":
        for one in found:
            output.result(line_of(record(one, settings)))
        return 0
    if output.to == "latex":
        output.result("\n".join(typeset(found, settings.latex)))
        return 0
    if output.to == "html":
        output.result(on_a_page(found, whole=whole))
        return 0
    page = Page(output)
    before = ""
    for one in found:
        if one.section != before:
            page.gap()
            page.line([(f"{one.section}  ", "place"), (one.title, "message")])
        before = one.section
        if whole:
            contents(page, one)
        else:
            told(page, one, settings)
    if whole:
        page.gap()
        page.line([("mcalc paper 5 shows a section with its steps", "words")])
    return 0


def typeset(found: Sequence[Example], style: str = "auto") -> list[str]:
    """Return examples in LaTeX: a heading for each section, and what to notice and the steps of each example."""
    lines: list[str] = []
    before = ""
    for one in found:
        if one.section != before:
            lines.append(rf"\section*{{{escaped(f'{one.section}  {one.title}')}}}")
        before = one.section
        lines += ["", escaped(one.note), "", one.derived().steps.to_latex(style)]
    return lines


def on_a_page(found: Sequence[Example], *, whole: bool) -> str:
    """Return examples as a page: each with what to notice and its steps, which are folded if it is the whole paper."""
    from mcalc.render.html_page import document, plain
    from mcalc.render.mathml import formula

    parts: list[str] = []
    before = ""
    for one in found:
        if one.section != before:
            parts.append(f"<h2>{plain(f'{one.section}  {one.title}')}</h2>")
        before = one.section
        value = one.derived()
        asked = formula(value.asked, value.taken, marks=value.steps.marks)
        head = f"<summary>{asked} = {formula(value.expr, value.taken, brief=True)}</summary>"
        inner = f"<pre>{plain(one.command)}</pre>\n<p>{plain(one.note)}</p>\n{value.steps.html}"
        parts.append(f'<details class="whole"{"" if whole else " open"}>{head}\n{inner}\n</details>')
    title = "The Matrix Calculus You Need For Deep Learning: the worked examples"
    return document(title, "\n".join([f"<h1>{title}</h1>", *parts])).rstrip("\n")


def contents(page: Page, one: Example) -> None:
    """Show an example and its result in one line."""
    page.rows(laid_out([one.derived().steps.equation(unicode=page.unicode)], page.width))


def told(page: Page, one: Example, settings: Settings) -> None:
    """Show an example: the input as it is typed, what to notice, the steps with the result."""
    derivative = one.derived()
    page.gap()
    page.command(one.command)
    page.words(one.note)
    page.gap()
    level = settings.steps or ("full" if len(derivative.steps) <= SHORT else "brief")
    page.rows(derivative.steps.rows(level, unicode=page.unicode, width=page.width))


def record(one: Example, settings: Settings) -> dict[str, Any]:
    """Return the record of an example."""
    derivative = one.derived()
    return {
        "schema": SCHEMA,
        "ok": True,
        "kind": "example",
        "section": one.section,
        "title": one.title,
        "input": one.expr,
        "where": one.where,
        "note": one.note,
        **derivative.record(),
        "steps": derivative.steps.record(),
    }
