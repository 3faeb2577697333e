"""A page that is checked, as it is shown: each line with its verdict, and a word on the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mcalc.api import nothing_to_check, page_of
from mcalc.checking.page_verdicts import Judged
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import folded, terminal_width
from mcalc.shell.batch import Line
from mcalc.shell.output import remarks
from mcalc.shell.record import success
from mcalc.shell.run import Run
from mcalc.shell.session import Outcome

if TYPE_CHECKING:
    from mcalc.checking.page import Page

HOLDS, HOLDS_NOT = "✓", "✗"


def judge_page(job: Run, text: str, place: str = "") -> None:
    """Judge the lines of a page and show what came of each: a verdict, or the mistake for which it was not read."""
    settings, output = job.settings, job.output

    def within(work: Callable[[], None]) -> None:
        job.clock.within(work)

    page = page_of(text, job.session.scope, settings.layout, settings.notation, within)
    job.tally.statements = len(page.judged)
    for one in page.judged:
        if one.mistake is not None:
            job.fail(one.mistake, Line(one.line.number, one.line.text), place or "line")
        elif one.verdict is not None:
            job.tally.claims += 1
            job.tally.unequal += not one.verdict
            output.result(shown(job, one, alone=len(page.claims) == 1))
    if not page.judged or not (page.claims or page.mistakes):
        job.fail(nothing_to_check(text), Line(1, text))
    elif output.face != "json" and len(page.claims) > 1:
        output.result(spell_ascii(page.summary) if output.face == "ascii" else page.summary)
    remark(job, page)


def shown(job: Run, one: Judged, *, alone: bool) -> str:
    """Return what is shown of a line that was judged."""
    out, verdict = job.output, one.verdict
    assert verdict is not None
    if out.face == "json" and one.reading is not None:
        outcome = Outcome(one.reading, one.line.text)
        outcome.verdict = verdict
        return success(outcome, one.line.number)
    on_terminal = out.on_terminal and out.to == "text"
    wide = terminal_width(out.out) if on_terminal else None
    if not on_terminal:
        said = [verdict.text if alone else f"line {one.line.number}: {verdict.text}"]
    elif alone:
        said = verdict.lines
    else:
        mark = HOLDS if verdict else HOLDS_NOT
        said = [f"{mark} {one.line.number:>3}  {one.line.text}"]
        if verdict.verdict != "equal" or not verdict.headline.startswith("equal: "):
            said += [f"       {line}" for line in verdict.lines]
    return "\n".join([folded(spell_ascii(line) if out.face == "ascii" else line, wide) for line in said])


def remark(job: Run, page: Page) -> None:
    """Say what was assumed, once for the page, and what was noted."""
    out = job.output
    if out.to == "json" or not (out.on_terminal or job.tells):
        return
    judged = [one.verdict for one in page.claims if one.verdict is not None]
    assumed = dict.fromkeys([text for verdict in judged for text in verdict.assumed])
    notes = dict.fromkeys([*page.notes, *[note for verdict in judged for note in verdict.notes]])
    for said in remarks(assumed, notes):
        out.sentence(said)
