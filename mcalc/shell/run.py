"""One run: statements go through a session to an output, one by one, and what goes wrong is told and counted."""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.notation import split_statements
from mcalc.notation.latex.detect import notation_of
from mcalc.shell.batch import Line, Tally
from mcalc.shell.bugs import bug, quoted, quoted_command
from mcalc.shell.checking import Disagreement, checked
from mcalc.shell.output import Output
from mcalc.shell.record import failure
from mcalc.shell.session import Outcome, Session, Standing
from mcalc.shell.settings import Settings
from mcalc.shell.showing import Showing

REMEMBERED = 256
"""Results of a pipe that are kept, in case a statement comes again."""


class Run:
    """One run: a session whose outcomes go to an output, statement by statement, and the count of what went wrong."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self.output = output
        self.settings = settings
        self.showing = Showing(settings, output)
        self.said: dict[str, tuple[str, Standing | None]] = {}
        self.tally = Tally()
        self.session = Session(
            wrt=settings.wrt,
            order=settings.order,
            layout=settings.layout,
            mode=settings.mode,
            way=settings.way,
            must_derive=settings.must_derive,
            equations=settings.equations,
            macros=settings.macros,
        )

    def declare(self, where: str | None) -> bool:
        """Take the declarations of --where; say whether they could be read."""
        try:
            if where is not None:
                self.session.declare(where)
        except Mistake as mistake:
            self.fail(mistake, Line(1, where or ""))
            return False
        return True

    def line(self, line: Line, place: str = "") -> None:
        """Run what stands on a line: one statement, or several with semicolons between them.

        `place` is the name of the stream, put before mistakes with the line and the column.
        """
        try:
            if line.mistake is not None:
                raise line.mistake
            several = any([mark in line.text for mark in ";\n\\$"])
            pieces = split_statements(line.text, self.settings.notation) if several else [(line.text, 1)]
        except Mistake as mistake:
            self.tally.statements += 1
            self.fail(mistake, line, place)
            return
        offset = 0
        for count, (text, below) in enumerate(pieces or [("", 1)], 1):
            offset = max(line.text.find(text, offset), 0)
            last = not place and count >= len(pieces)
            notation = notation_of(text, line.text, self.settings.notation)
            self.statement(text, Line(line.number + below - 1, line.text), offset, place, last=last, notation=notation)
            offset += len(text)

    def statement(
        self, text: str, line: Line, offset: int, place: str, *, last: bool = False, notation: str = "auto"
    ) -> None:
        """Run one statement and show what came of it; a mistake, or a bug of mcalc, is told and the rest goes on."""
        self.tally.statements += 1
        again = self.said.get(text)
        if again is not None:
            said, self.session.standing = again
            self.output.result(said)
            return
        try:
            outcome = self.session.run(text, line.number if place else None, last=last, notation=notation)
            outcome.check = checked(outcome.value, self.settings.check, terminal=self.output.on_terminal)
            shown = self.showing.text(outcome, line.number)
        except Mistake as mistake:
            self.fail(mistake, line, place, offset, text)
        except MemoryError:
            self.fail(Mistake("E-LIMIT", "there is not enough memory for this"), line, place, offset, text)
        except Exception as trouble:  # noqa: BLE001 - the promise is that nothing a user types ends in a traceback
            self.tally.bugs += 1
            once_more = f"printf '%s\\n' {quoted(text)} | mcalc -" if place else quoted_command()
            self.output.message(bug(trouble, trouble.command if isinstance(trouble, Disagreement) else once_more))
            if self.output.face == "json":
                said = str(trouble) if isinstance(trouble, Disagreement) else type(trouble).__name__
                self.output.result(failure(Mistake("E-BUG", said), line, text))
        else:
            if shown is not None:
                self.output.result(shown, styled=self.output.on_terminal and self.output.to == "text")
            if outcome.verdict is not None:
                self.tally.claims += 1
                self.tally.unequal += not outcome.verdict
            self.remember(text, outcome, shown)
            self.remark(outcome)

    def remember(self, text: str, outcome: Outcome, shown: str | None) -> None:
        """Keep the last results of a pipe, since streams repeat themselves; a declaration or definition ends that."""
        if shown is None or len(self.said) >= REMEMBERED:
            self.said.clear()
        remarked = outcome.warnings or outcome.check is not None or outcome.verdict is not None
        if shown is not None and not (self.output.on_terminal or self.output.face == "json" or remarked):
            self.said[text] = shown, self.session.standing

    def remark(self, outcome: Outcome) -> None:
        """Say what was assumed and noted, to who looks at a terminal; warnings go to the messages always."""
        out = self.output
        for warning in outcome.warnings:
            out.message(f"warning: {warning}")
        if out.on_terminal and out.to != "json":
            if outcome.assumed:
                out.message(f"assumed: {'; '.join(outcome.assumed)}")
            for note in outcome.notes:
                out.message(f"note: {note}")
        if outcome.check is not None and out.to != "json":
            out.message(str(outcome.check))

    def fail(self, mistake: Mistake, line: Line, place: str = "", offset: int = 0, text: str | None = None) -> None:
        """Tell of a mistake, in the place where its result would be in a stream of records.

        Its spans count from `offset` in the line, where the statement `text` begins; they are moved, so that what is
        shown is the line.
        """
        self.tally.add(mistake)
        spans = [Span(span.start + offset, span.end + offset, span.label) for span in mistake.spans]
        told = Mistake(mistake.code, mistake.message, spans, mistake.hint, line.text or None)
        if self.output.face == "json":
            self.output.result(failure(told, line, line.text if text is None else text))
        else:
            self.output.mistake(told, f"{place}:{line.number}" if place else "")

    def end(self, *, summary: bool) -> int:
        """Say in one line what went wrong, and return the exit code."""
        if summary and self.tally.summary:
            self.output.message(self.tally.summary)
        return self.tally.code
