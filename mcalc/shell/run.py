"""One run: statements go through a session to an output, one by one, and what goes wrong is told and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from mcalc.errors import Mistake
from mcalc.expr import walk
from mcalc.limits import limit
from mcalc.notation import split_statements
from mcalc.notation.pastes.detect import notation_of
from mcalc.operators.leaves import SYMBOL
from mcalc.shell.batch import Definition, Line, Pending, Tally, in_order, moved
from mcalc.shell.options import DIRECTED
from mcalc.shell.output import Output, remarks
from mcalc.shell.session import NAMING, Outcome, Session, Standing
from mcalc.shell.settings import Settings, directive, is_directive
from mcalc.shell.showing import Showing
from mcalc.shell.signals import Clock

REMEMBERED = 256
"""Results of a pipe that are kept, in case a statement comes again."""
SMALL = 1 << 16
"""Bytes of a result that is worth keeping."""


class Run:
    """One run: a session whose outcomes go to an output, statement by statement, and the count of what went wrong."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self.output = output
        self.settings = settings
        self.showing = Showing(settings, output)
        self.clock = Clock()
        self.said: dict[str, tuple[bytes, bytes | None, Standing | None]] = {}
        self.tally = Tally()
        self.answered = 0
        self.pending = Pending(settings.wrt)
        self.tells = settings.notes
        self.session = Session(
            wrt=settings.wrt,
            order=settings.order,
            manner=settings.manner,
            must_derive=settings.must_derive,
            differential=settings.differential,
            equations=settings.equations,
            macros=settings.macros,
            asks=settings.asks,
        )

    @property
    def stopped(self) -> bool:
        """Whether a mistake has ended the run, as --fail-fast wants it."""
        return self.settings.fail_fast and self.tally.wrong > 0

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
        if line.text in self.said and line.mistake is None:
            self.again(line)
            return
        self.output.flush()
        if is_directive(line.text):
            self.choose(line, place)
            return
        try:
            pieces = list(pieces_of(line, self.settings.notation))
        except Mistake as mistake:
            self.tally.statements += line.number > 0  # a file that cannot be read is none
            self.session.standing = None
            self.fail(mistake, line, place)
            return
        if self.session.must_derive and len(pieces) > 1:
            pieces = in_order(pieces)
        for count, (text, number, offset) in enumerate(pieces, 1):
            last = not place and count == len(pieces)
            notation = notation_of(text, line.text, self.settings.notation)
            self.statement(text, Line(number, line.text), offset, place, last=last, notation=notation)
            if self.stopped:
                return

    def choose(self, line: Line, place: str = "") -> None:
        """Take what a directive says, or tell what is wrong with it."""
        try:
            name, value = directive(line.text)
        except Mistake as mistake:
            self.fail(mistake, line, place)
            return
        self.take_option(name, value)

    def take_option(self, name: str, value: str) -> None:
        """Write results from now on as a directive says, unless an option of the command line says otherwise."""
        if name not in self.settings.fixed:
            setattr(self.settings, DIRECTED[name].keyword, value)
            self.session.manner = self.settings.manner
            self.said.clear()

    def again(self, line: Line) -> None:
        """Write the result of a statement that is remembered; flushed later, since nothing here takes time."""
        head, tail, self.session.standing = self.said[line.text]
        self.tally.statements += 1
        self.output.write(head if tail is None else b"%b%d%b" % (head, line.number, tail))

    def statement(
        self, text: str, line: Line, offset: int, place: str, *, last: bool = False, notation: str = "auto"
    ) -> None:
        """Run one statement and show what came of it; a mistake, or a bug of mcalc, is told and the rest goes on."""
        self.tally.statements += 1
        scope = self.session.scope
        deriving = self.session.must_derive
        if deriving:
            self.pending.see(text)
            last = last and not self.pending.feeds(text)
            if last:
                self.settle()
        run = partial(self.session.run, text, line.number if place else None, last=last, notation=notation)
        try:
            outcome, shown = self.clock.within(lambda: self.worked_out(run, line.number))
        except Mistake as mistake:
            self.fail(mistake, line, place, offset, text)
        except MemoryError:
            self.fail(Mistake("E-LIMIT", "there is not enough memory for this"), line, place, offset, text)
        except Exception as trouble:  # noqa: BLE001 - the promise is that nothing a user types ends in a traceback
            from mcalc.shell.checking import Disagreement, bug, quoted, quoted_command

            self.tally.bugs += 1
            if self.output.face == "json":
                said = str(trouble) if isinstance(trouble, Disagreement) else type(trouble).__name__
                from mcalc.shell.record import failure

                self.output.result(failure(Mistake("E-BUG", said), line, text))
            once_more = f"printf '%s\\n' {quoted(text)} | mcalc -" if place else quoted_command()
            self.output.message(bug(trouble, once_more))
        else:
            self.answered += outcome.value is not None
            if deriving and outcome.value is None and outcome.kind in ("definition", "function"):
                self.pending.add(Definition(outcome.name or "", text, line, offset, place, notation))
            if shown is not None:
                data = self.output.encoded(shown, styled=self.output.styled)
                self.output.write(data)
                self.output.flush()
                if outcome.verdict is not None:
                    self.tally.claims += 1
                    self.tally.unequal += not outcome.verdict
                if text == line.text:  # a part of a line is read as the line is, in LaTeX or not
                    self.remember(text, outcome, data, line.number)
            if self.session.scope is not scope:
                self.said.clear()
            self.remark(outcome, f"{place}:{line.number}: " if place else "")

    def settle(self, *, ended: bool = False) -> None:
        """Derive the definitions that nothing uses; where the run has `ended` and nothing was derived, say so."""
        if not self.session.must_derive or self.stopped:
            return
        for one in self.pending.take(answered=self.answered > 0 or not ended):
            self.statement(one.text, one.line, one.offset, one.place, last=True, notation=one.notation)
            self.tally.statements -= 1
        if ended and not (self.answered or self.tally.wrong):
            hint = "a declaration gives names a shape: give the expression that is meant, too"
            self.fail(Mistake("E-SYNTAX", "there is nothing to differentiate", hint=hint), Line(0, ""))

    def say_what_to_ask(self) -> None:
        """Where statements only made a name, say how its derivative is asked for."""
        scope = self.session.scope
        if self.answered or self.tally.wrong or self.tally.claims or not (scope.definitions or scope.functions):
            return
        if scope.functions:
            name, function = [*scope.functions.items()][-1]
            by = [*function.parameters]
        else:
            name, expr = [*scope.definitions.items()][-1]
            by = [node.attr[0] for node in walk(expr) if node.op is SYMBOL]
        if by:
            self.output.sentence(f"note: this only defines {name}; for a derivative add ; d{name}/d{by[0]}")

    def worked_out(self, run: Callable[[], Outcome], number: int) -> tuple[Outcome, str | None]:
        """Run one statement, that of line `number`; return what came of it, and how that is shown."""
        outcome = run()
        if self.output.on_terminal if self.settings.check is None else self.settings.check:
            from mcalc.shell.checking import checked

            outcome.check = checked(outcome.value, self.settings.check, terminal=self.output.on_terminal)
        shown = self.showing.text(outcome, number)
        if shown is not None and self.output.on_terminal and len(shown) > limit("output"):
            shown = cut(shown, limit("output"), color=self.output.color)
        return outcome, shown

    def absorb(self, line: Line) -> None:
        """Take the names that a line makes, and nothing else: it is shown, and told of, by another process."""
        if is_directive(line.text):
            with suppress(Mistake):
                name, value = directive(line.text)
                self.take_option(name, value)
            return
        try:
            pieces = list(pieces_of(line, self.settings.notation))
        except Mistake:
            return
        for text, number, _ in pieces:
            try:
                notation = notation_of(text, line.text, self.settings.notation)
                self.clock.within(partial(self.session.absorb, text, number, notation))
            except Exception:  # noqa: BLE001, S112 - told of where it is shown
                continue
        self.said.clear()

    def remember(self, text: str, outcome: Outcome, data: bytes, number: int) -> None:
        """Keep the last results of a pipe, since streams repeat themselves."""
        if len(self.said) >= REMEMBERED:
            self.said.clear()
        as_record = self.output.face == "json"
        remarked = (
            outcome.warnings
            or (self.tells and (outcome.assumed or outcome.notes))
            or outcome.verdict is not None
            or (outcome.check is not None and not as_record)
        )
        if outcome.kind not in NAMING and not (self.output.on_terminal or remarked) and len(data) < SMALL:
            head, tail = data, None
            if as_record:
                from mcalc.shell.record import parted

                head, tail = parted(data, number)
            self.said[text] = head, tail, self.session.standing

    def remark(self, outcome: Outcome, where: str = "") -> None:
        """Say what was assumed and noted: on a terminal, of a lone statement, and where it is asked for.

        Beside a pipe it is one line of the messages, after `where` the statement stands. Warnings are said always.
        """
        out = self.output
        for warning in outcome.warnings:
            out.sentence(f"warning: {warning}")
        if out.on_terminal and out.to != "json":
            for said in remarks(outcome.assumed, outcome.notes):
                out.sentence(said)
        elif self.tells and out.to != "json" and (outcome.assumed or outcome.notes):
            out.sentence(where + "; ".join(remarks(outcome.assumed, outcome.notes)))
        if outcome.check is not None and out.to != "json":
            out.sentence(outcome.check.within(out.width if out.err_terminal else None))

    def fail(self, mistake: Mistake, line: Line, place: str = "", offset: int = 0, text: str | None = None) -> None:
        """Tell of a mistake, in the place where its result would be in a stream of records.

        Its spans count from `offset` in the line, where the statement `text` begins; they are moved, so that what is
        shown is the line; but not those in a text that stands elsewhere, such as a variable of --wrt.
        """
        self.tally.add(mistake)
        elsewhere = mistake.source is not None and mistake.source not in line.text
        told = mistake if elsewhere else moved(mistake, line.text, offset)
        if self.output.face == "json":
            from mcalc.shell.record import failure

            self.output.result(failure(told, line, line.text if text is None else text))
        else:
            self.output.mistake(told, f"{place}:{line.number}" if place and line.number else "")

    def end(self, *, summary: bool) -> int:
        """Say in one line what went wrong, and return the exit code."""
        self.output.flush()
        if summary and self.tally.summary:
            self.output.message(self.tally.summary + ("; the rest was not run" if self.stopped else ""))
        return self.tally.code


def cut(text: str, most: int, *, color: bool = False) -> str:
    r"""Return the beginning of a result that would fill a terminal, and what there is to do about it.

    >>> cut("x + y + z + x + y + z", 8)
    'x + y +\n... 14 more characters; -o FILE writes all, --limit output=N shows more'
    """
    end = text.rfind(" ", 0, most)
    end = most if end < most // 2 else end
    plain = "\x1b[0m" if color else ""
    return (
        f"{text[:end]}{plain}\n... {len(text) - end} more characters; -o FILE writes all, --limit output=N shows more"
    )


def pieces_of(line: Line, notation: str = "auto") -> Iterator[tuple[str, int, int]]:
    """Yield the statements of a line, each with the number of its line and its place in the text.

    Raises what is wrong with the line as a whole.

    >>> list(pieces_of(Line(3, "x: R; x^2")))
    [('x: R', 3, 0), ('x^2', 3, 6)]
    """
    if line.mistake is not None:
        raise line.mistake
    text = line.text
    if not any([mark in text for mark in ";\n\\$"]):
        yield text, line.number, 0
        return
    offset = 0
    for piece, below in split_statements(text, notation) or [("", 1)]:
        offset = max(text.find(piece, offset), 0)
        yield piece, line.number + below - 1, offset
        offset += len(piece)
