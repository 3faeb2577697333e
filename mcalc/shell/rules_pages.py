"""`mcalc rules`: operators and all reasons of derivations as a reference, each with an example that is derived now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from mcalc.choices import one_of
from mcalc.render.equation_lines import columns
from mcalc.shell.record import SCHEMA, line_of
from mcalc.shell.reference import COMMANDS
from mcalc.shell.reference_page import Page
from mcalc.shell.rule_entries import Rule, all_found, table
from mcalc.shell.settings import Settings

WIDEST = 40
"""Names of rules stand in a column of no more than this."""


def rules(name: str | None, settings: Settings) -> Callable[[], int]:
    """Return what shows the rule of a name, or all of them."""
    one_of(COMMANDS["rules"].formats, "format", settings.to, here=True)
    return partial(show, table() if name is None else all_found(name), settings, whole=name is None)


def show(shown: Sequence[Rule], settings: Settings, *, whole: bool) -> int:
    """Show rules: in one line each if it is the `whole` table, else with an example."""
    output = settings.output()
    if output.face == "json":
        for rule in shown:
            output.result(line_of(record(rule)))
    elif output.to == "html":
        output.result(listed_on_a_page(shown) if whole else on_a_page(shown))
    elif whole:
        listed(Page(output), shown)
    else:
        paper = Page(output)
        for rule in shown:
            paper.gap()
            page(paper, rule)
    return 0


def listed(page: Page, shown: Sequence[Rule]) -> None:
    """Show a line for each rule, by the section of the paper."""
    for place, group in groupby(shown, key=lambda rule: rule.place):
        rules = list(group)
        page.gap()
        page.line([(place, "place")])
        widest = WIDEST if page.width is None else page.width // 3
        column = min(max([columns([(rule.name, "")]) for rule in rules]) + 2, widest)
        for rule in rules:
            page.entry(rule.name, rule.formula, column)


def page(page: Page, rule: Rule) -> None:
    """Show all of one rule."""
    page.line([(rule.title, "message"), (f" · {rule.place}", "words")])
    page.words(rule.formula)
    for word, text in rule.facts:
        page.fact(word, text)
    examples = rule.derived()
    if not examples and rule.example:
        page.fact("example", rule.example)
    for derivative, where in examples:
        page.gap()
        page.command(rule.command(derivative, where))
        page.rows(derivative.steps.rows(rule.level, unicode=page.unicode, width=page.width))


def on_a_page(shown: Sequence[Rule]) -> str:
    """Return all of some rules as a page."""
    from mcalc.render.html_page import document, plain

    parts: list[str] = []
    for rule in shown:
        rows = [f"<tr><th>{plain(word)}</th><td>{plain(text)}</td></tr>" for word, text in rule.facts]
        parts += [
            f"<h1>{plain(rule.title)}</h1>",
            f'<p class="note">{plain(rule.place)}</p>',
            f'<div class="result">{plain(rule.formula)}</div>',
            *([f"<table>{''.join(rows)}</table>"] if rows else []),
            "<h2>Example</h2>",
        ]
        examples = rule.derived()
        parts += [f"<pre>{plain(rule.example)}</pre>"] if not examples else []
        for derivative, where in examples:
            parts += [f"<pre>{plain(rule.command(derivative, where))}</pre>", derivative.steps.html]
    return document(shown[0].title, "\n".join(parts)).rstrip("\n")


def listed_on_a_page(shown: Sequence[Rule]) -> str:
    """Return a line for each rule as a page, by the section of the paper."""
    from mcalc.render.html_page import document, plain

    parts = ["<h1>Rules</h1>"]
    for place, some in groupby(shown, key=lambda rule: rule.place):
        rows = [f"<tr><th>{plain(rule.name)}</th><td>{plain(rule.formula)}</td></tr>" for rule in some]
        parts.append(f"<h2>{plain(place)}</h2>\n<table>{''.join(rows)}</table>")
    return document("Rules", "\n".join(parts)).rstrip("\n")


def record(rule: Rule) -> dict[str, Any]:
    """Return the record of a rule."""
    examples = rule.derived()
    return {
        "schema": SCHEMA,
        "ok": True,
        "kind": "rule",
        "name": rule.name,
        "also": list(rule.also),
        "rule": rule.rule,
        "section": rule.section,
        "formula": rule.formula,
        "shapes": rule.shapes(),
        "domain": rule.domain,
        "kink": rule.kink,
        "example": rule.example,
        "derivative": examples[0][0].text if examples else None,
    }
