"""The commands that take statements: one from an argument, many from files and pipes; each returns its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from mcalc.api import ONE_CHAIN, is_page, nothing_to_check, page_of
from mcalc.errors import Mistake
from mcalc.limits import beyond, limit
from mcalc.render.glyphs import spell_ascii
from mcalc.shell.batch import Line
from mcalc.shell.output import Output, remarks
from mcalc.shell.reference import STATEMENT, help_page
from mcalc.shell.run import Run
from mcalc.shell.session import Asks, Outcome
from mcalc.shell.settings import Settings
from mcalc.shell.streams import File, Script, Target, beginning, is_file, page_text, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mcalc.checking.page import Page
    from mcalc.checking.page_verdicts import Judged

GOALS = {"min": "minimise", "max": "maximise", "solve": "solve"}
"""What is asked by the commands that solve."""
PAGES = frozenset(
    ("eval", "graph", "plot", "report", "serve", "quiz", "paper", "repl", "rules", "explain", "config", "completion")
)
"""Commands whose results are text unless they are told otherwise, whatever is preferred."""
PICTURES = ("graph", "plot", "report")
"""Those that have formats of their own."""


def default() -> int:
    """Run the statements that are piped in."""
    return help_page(asked=False) if sys.stdin is None else run(["-"], Settings())


def repl() -> int:
    """Answer line after line until the user leaves."""
    from mcalc.shell.repl.start import start

    return start()


def prepared(command: str, operands: Sequence[str], said: dict[str, Any]) -> Callable[[], int]:
    """Return what does a command, with its operands and what its options say, by keyword; None is not said.

    Raises :class:`~mcalc.errors.Mistake` where that cannot be.
    """
    operand = operands[0] if operands else None
    if command in PAGES:
        return _page(command, operand, said)
    settings = Settings(**said)
    if command in GOALS:
        over = settings.unknowns if command == "solve" else settings.over
        settings.asks = Asks(GOALS[command], over, settings.subject, settings.answer)
        return partial(each, operand, settings)
    if command == "run":
        if not operands and not settings.script:
            hint = "mcalc run FILE, mcalc run -, or mcalc -e STATEMENT"
            raise Mistake("E-USAGE", "which file is to be run?", hint=hint)
        return partial(run, operands, settings, settings.script)
    # `mcalc "x^2"` is a statement, and shows how it is read; `mcalc diff "x^2"` lacks a variable.
    if command == STATEMENT and operand is not None:
        return partial(statement, operand, settings)
    if command == "check":
        return partial(check, operand, settings)
    settings.must_derive, settings.differential = True, command == "d"
    return partial(each, operand, settings)


def _page(command: str, operand: str | None, said: dict[str, Any]) -> Callable[[], int]:
    """Return what does a command whose results are text unless told otherwise; each is loaded when it is needed."""
    to = said.pop("to", None) if command in PICTURES else None
    limits = said.pop("limits", ()) if command == "eval" else ()  # those of data, too, which only this one knows
    if said.get("to") is None:
        said["to"] = "text"
    settings = Settings(**said)
    if command == "eval":
        from mcalc.shell.evaluation import evaluation

        return evaluation(operand, settings.sets, limits or (), settings)
    if command == "graph":
        from mcalc.shell.plot import graph

        return graph(operand, to, settings)
    if command == "plot":
        from mcalc.shell.plot import plot

        return plot(operand, to, settings)
    if command == "report":
        from mcalc.shell.report import report

        return report(operand, to, settings)
    if command == "serve":
        from mcalc.shell.serve import serve

        return serve(settings.port, opened=settings.opened)
    if command == "quiz":
        from mcalc.shell.quiz import quiz

        return quiz(operand, settings.count, settings.seed, settings, keep=settings.keep)
    if command == "paper":
        from mcalc.shell.paper import paper

        return paper(operand, settings)
    if command == "rules":
        from mcalc.shell.rules_pages import rules

        return rules(operand, settings)
    if command == "explain":
        from mcalc.shell.explain import explain

        return partial(explain, operand, settings)
    if command == "config":
        from mcalc.shell.configuring import config

        return partial(config, "init" if settings.init else operand or "show", settings)
    if command == "completion":
        from mcalc.shell.command_line.completion import completion

        return partial(completion, operand, into_profile=settings.install)
    return repl


def each(text: str | None, settings: Settings) -> int:
    """Run one statement, or each of standard input where none is given."""
    if text is None and (sys.stdin is None or sys.stdin.isatty()):
        return help_page(asked=False)
    return run(["-"], settings) if text is None else statement(text, settings)


def check(claim: str | None, settings: Settings) -> int:
    """Check one claim, or a page of them: the lines of a derivation, from an argument, a file, or standard input."""
    if claim is None and (sys.stdin is None or sys.stdin.isatty()):
        return help_page(asked=False)
    settings.equations = True
    if claim is not None and not is_file(claim):
        chain = ONE_CHAIN.sub(" ", claim)
        return page(claim, "", settings) if is_page(chain, settings.notation) else statement(chain, settings)
    name = "-" if claim is None else claim
    data = beginning(name)
    text = page_text(data)
    return run([name], settings, begun=data) if text is None else page(text, place_of(name), settings)


def page(text: str, place: str, settings: Settings) -> int:
    """Judge the lines of a page, and say of the whole whether it holds; `place` is the name of its file, or nothing."""
    with Target(settings) as output:
        job = Run(settings, output)
        if job.declare(settings.where):
            _judge(job, text, place)
        return job.end(summary=False)


HOLDS, HOLDS_NOT = "✓", "✗"


def _judge(job: Run, text: str, place: str = "") -> None:
    """Judge the lines of a page and show what came of each: a verdict, or the mistake for which it was not read."""
    settings, output = job.settings, job.output
    page = page_of(text, job.session.scope, settings.layout, settings.notation, job.clock.within)
    job.tally.statements = len(page.judged)
    for one in page.judged:
        if one.mistake is not None:
            job.fail(one.mistake, Line(one.line.number, one.line.text), place or "line")
        elif one.verdict is not None:
            job.tally.claims += 1
            job.tally.unequal += not one.verdict
            output.result(_line_of(job, one, alone=len(page.claims) == 1))
    if not page.judged or not (page.claims or page.mistakes):
        job.fail(nothing_to_check(text), Line(1, text))
    elif output.face != "json" and len(page.claims) > 1:
        output.result(spell_ascii(page.summary) if output.face == "ascii" else page.summary)
    _remark_on(page, job)


def _line_of(job: Run, one: Judged, *, alone: bool) -> str:
    """Return what is shown of a line that was judged."""
    out, verdict = job.output, one.verdict
    assert verdict is not None
    if out.face == "json" and one.reading is not None:
        from mcalc.shell.record import success

        outcome = Outcome(one.reading, one.line.text)
        outcome.verdict = verdict
        return success(outcome, one.line.number)
    if out.room is None:
        said = [verdict.text if alone else f"line {one.line.number}: {verdict.text}"]
    elif alone:
        said = verdict.lines
    else:
        mark = HOLDS if verdict else HOLDS_NOT
        said = [f"{mark} {one.line.number:>3}  {one.line.text}"]
        if verdict.verdict != "equal" or not verdict.headline.startswith("equal: "):
            said += [f"       {line}" for line in verdict.lines]
    return out.in_rows(said)


def _remark_on(page: Page, job: Run) -> None:
    """Say what was assumed, once for the page, and what was noted."""
    out = job.output
    if out.to == "json" or not (out.on_terminal or job.tells):
        return
    judged = [one.verdict for one in page.claims if one.verdict is not None]
    assumed = dict.fromkeys([text for verdict in judged for text in verdict.assumed])
    notes = dict.fromkeys([*page.notes, *[note for verdict in judged for note in verdict.notes]])
    for said in remarks(assumed, notes):
        out.sentence(said)


def statement(text: str, settings: Settings) -> int:
    """Run what stands in one argument: a statement, or several with semicolons between them."""
    with Target(settings) as output:
        job = Run(settings, output)
        job.tells = True
        if len(text) > limit("argument"):
            mistake = beyond("argument", f"an argument of {len(text)} characters")
            mistake.hint += f"\nor pipe it in: a statement of a stream may have {limit('statement')} bytes"
            job.fail(mistake, Line(1, ""))
        elif job.declare(settings.where):
            job.line(Line(1, text))
            if settings.equations and not (job.tally.claims or job.tally.wrong):
                job.fail(nothing_to_check(text), Line(1, text))
            job.settle(ended=True)
            job.say_what_to_ask()
    return write_test(job, settings) or job.end(summary=False)


def write_test(job: Run, settings: Settings) -> int:
    """Write the test of exported code beside it: test_ridge.py for ridge.py."""
    if job.showing.test is None or settings.into is None:
        return 0
    folder, name = os.path.split(settings.into)
    beside = Settings(into=os.path.join(folder, f"test_{name}"), force=settings.force)
    with Target(beside) as output:
        output.result(job.showing.test.rstrip("\n"))
    return 0


def run(files: Sequence[str], settings: Settings, script: Sequence[str] = (), begun: bytes = b"") -> int:
    """Run the statements of a script given as arguments, one a line, then those of files, all in one session.

    ``-`` is standard input, of which `begun` has been read already.
    """
    with Target(settings) as output:
        job = Run(settings, output)
        if not job.declare(settings.where):
            return job.end(summary=False)
        sources: list[Script | File] = [Script(script), *[File(name, output.flush, begun) for name in files]]
        with progress_of(files, output) as advance:
            if settings.jobs > 1 and not output.on_terminal and _is_somewhere():
                from mcalc.shell.command_line.jobs import spread

                spread(sources, job, advance)
            else:
                for source in sources:
                    for line in source:
                        job.line(line, source.place)
                        advance(source.place, line.end)
                        if job.stopped:
                            return job.end(summary=True)
            job.settle(ended=True)
        return job.end(summary=True)


def _is_somewhere() -> bool:
    """Say whether the working folder is there, where a process may be started."""
    try:
        return bool(os.getcwd())
    except OSError:
        return False


def progress_of(files: Sequence[str], output: Output) -> AbstractContextManager[Callable[[str, int], None]]:
    """Return what is told how far files have been read: a bar where messages go to a terminal and results do not."""
    if output.err is None or not output.err.isatty() or output.on_terminal or os.environ.get("TERM") == "dumb":
        return nullcontext(lambda place, end: None)
    sizes = {name: os.path.getsize(name) for name in files if os.path.isfile(name)}
    if not sizes:
        return nullcontext(lambda place, end: None)
    from mcalc.shell.command_line.jobs import Bar

    return Bar(sizes, output)
