"""The commands: what each does with its settings, and the exit code it ends with."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import IO

from mcalc.api import LAYOUTS, MODES, Derivative, Expression
from mcalc.calculus.sample_sums import WAYS
from mcalc.errors import Mistake, Span
from mcalc.notation import MAX_TEXT, split_statements
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import terminal_width, two_dimensional
from mcalc.render.text import shape_words
from mcalc.shell import batch
from mcalc.shell.batch import Line, Tally
from mcalc.shell.output import CODE, FORMATS, CannotWrite, Output
from mcalc.shell.record import failure, success
from mcalc.shell.session import Outcome, Session

REMEMBERED = 256
"""Results of a pipe that are kept, in case a statement comes again."""

NAMES = ("diff", "run", "paper", "rules")
LEVELS = ("brief", "full")
HIGHEST_ORDER = 10

HELP = """\
mcalc, a calculator for the derivatives of matrix calculus

  mcalc diff "max(0, w·x + b)" --wrt w                the derivative by w
  mcalc diff "x^T A x" --wrt x --where "x: R^n; A: R^{n x n}"
  mcalc diff "-sin(x)^2" --wrt x --order 2            a leading minus is no option
  mcalc diff "(w . x + b)^2" --wrt w,b                by several variables: one row
  mcalc diff "sin(x^2)" --wrt x --steps               the derivation, step by step
  mcalc "∂/∂w (w · x + b)"                            a statement
  mcalc statements.mc     mcalc -     ... | mcalc     statements, one a line

Commands
  diff EXPR --wrt NAMES   differentiate            options: mcalc diff --help
  run FILE...             run files of statements  options: mcalc run --help
  paper [SECTION]         the worked examples of the paper, with their steps
  rules [NAME]            the rules: formula, section of the paper, an example

Options
  --wrt NAMES        the variable: w, x_4, or several: w,b
  --where DECLS      shapes: "w, x: R^n; b: R"; what is not declared is inferred
  --order N          2 for the Hessian
  --steps [LEVEL]    the derivation: brief (default) or full
  --mode NAME        auto (default), forward or backward
  --layout NAME      numerator (default) or denominator
  --as WAY           matrix, sum (over samples) or index; else as the input is
  --to FORMAT        text (default), unicode, ascii, latex, json; code: numpy, jax, torch, array-api
  --with PARTS       code for several at once: value,grad,hess
  --operator         code for a structured Jacobian as products with vectors
  -o, --output FILE  write results to a file, all or none; --force replaces it
  --version, --help

In a shell, put formulas in double quotes; x' and $ and ! and * need them.
Exit status: 0 all right, 1 a mistake in an expression, 2 usage, 4 a limit was hit,
70 a bug in mcalc, 130 interrupted, 141 the reader closed the pipe.
"""


class Settings:
    """The options of one run, checked."""

    def __init__(
        self,
        *,
        wrt: str | None = None,
        where: str | None = None,
        order: int = 1,
        layout: str = "numerator",
        mode: str = "auto",
        way: str = "auto",
        steps: str | None = None,
        to: str = "text",
        into: str | None = None,
        force: bool = False,
        parts: str | None = None,
        as_operator: bool = False,
    ) -> None:
        if (parts is not None or as_operator) and to not in CODE:
            raise Mistake("E-USAGE", "--with and --operator are for code", hint=f"--to {CODE[0]}")
        for name, value, allowed in (
            ("format", to, FORMATS),
            ("layout", layout, LAYOUTS),
            ("mode", mode, MODES),
            ("way of writing", way, WAYS),
            ("level of steps", steps or LEVELS[0], LEVELS),
        ):
            if value not in allowed:
                raise Mistake("E-USAGE", f"there is no {name} {value!r}", hint=f"one of {', '.join(allowed)}")
        if order < 1:
            raise Mistake("E-USAGE", f"--order is 1 or more, not {order}", hint="--order 2 is the Hessian")
        if order > HIGHEST_ORDER:
            raise Mistake("E-LIMIT", f"a derivative of order {order} is above the limit of {HIGHEST_ORDER}")
        self.wrt = wrt
        self.where = where
        self.order = order
        self.layout = layout
        self.mode = mode
        self.way = way
        self.steps = steps
        self.to = to
        self.into = into
        self.force = force
        self.parts = [part.strip() for part in parts.split(",")] if parts else []
        self.as_operator = as_operator
        self.must_derive = False


class Run:
    """One run: a session whose outcomes go to an output, statement by statement, and the count of what went wrong."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self.output = output
        self.settings = settings
        self.steps = settings.steps
        self.test: str | None = None
        self.said: dict[str, str] = {}
        self.tally = Tally()
        self.session = Session(
            wrt=settings.wrt,
            order=settings.order,
            layout=settings.layout,
            mode=settings.mode,
            way=settings.way,
            must_derive=settings.must_derive,
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
            pieces = split_statements(line.text) if ";" in line.text or "\n" in line.text else [(line.text, 1)]
        except Mistake as mistake:
            self.tally.statements += 1
            self.fail(mistake, line, place)
            return
        offset = 0
        for count, (text, below) in enumerate(pieces or [("", 1)], 1):
            offset = max(line.text.find(text, offset), 0)
            last = not place and count >= len(pieces)
            self.statement(text, Line(line.number + below - 1, line.text), offset, place, last=last)
            offset += len(text)

    def statement(self, text: str, line: Line, offset: int, place: str, *, last: bool = False) -> None:
        """Run one statement and show what came of it; a mistake, or a bug of mcalc, is told and the rest goes on."""
        self.tally.statements += 1
        again = self.said.get(text)
        if again is not None:
            self.output.result(again)
            return
        try:
            outcome = self.session.run(text, line.number if place else None, last=last)
            shown = self.shown(outcome, line.number)
        except Mistake as mistake:
            self.fail(mistake, line, place, offset, text)
        except MemoryError:
            self.fail(Mistake("E-LIMIT", "there is not enough memory for this"), line, place, offset, text)
        except Exception as trouble:  # noqa: BLE001 - the promise is that nothing a user types ends in a traceback
            self.tally.bugs += 1
            command = f"printf '%s\\n' {quoted(text)} | mcalc -" if place else quoted_command()
            self.output.message(bug(trouble, command))
            if self.output.face == "json":
                self.output.result(failure(Mistake("E-BUG", type(trouble).__name__), line, text))
        else:
            if shown is not None:
                self.output.result(shown, styled=self.output.on_terminal and self.output.to == "text")
            self.remember(text, outcome, shown)
            self.remark(outcome)

    def remember(self, text: str, outcome: Outcome, shown: str | None) -> None:
        """Keep the last results of a pipe, since streams repeat themselves; a declaration or definition ends that."""
        if shown is None or len(self.said) >= REMEMBERED:
            self.said.clear()
        if shown is not None and not (self.output.on_terminal or self.output.face == "json" or outcome.warnings):
            self.said[text] = shown

    def shown(self, outcome: Outcome, number: int) -> str | None:
        """Return the text of an outcome in the output's format, or None where there is nothing to show."""
        out = self.output
        if out.face == "json":
            return success(outcome, number, steps=self.steps is not None)
        value = outcome.value
        if value is None:
            return None
        if out.to in CODE:
            return self.code(value)
        if self.steps is not None and isinstance(value, Derivative):
            return self.told(value, outcome)
        if out.on_terminal and out.to == "text":
            words = shape_words(value.expr, self.session.layout)
            shown = two_dimensional(
                value.expr, unicode=out.unicode, color=out.color, theme=out.theme, words=words, brief=value.brief
            )
            return "\n".join([shown, *(other_forms(value, out.unicode) if isinstance(value, Derivative) else [])])
        return value.text if out.face == "unicode" else value.ascii if out.face == "ascii" else value.latex

    def code(self, value: Expression) -> str:
        """Return the source of a derivative as a function; with -o also its test, which is written beside it."""
        if not isinstance(value, Derivative):
            raise Mistake("E-USAGE", "only a derivative is exported as code", hint="--wrt says by what")
        settings = self.settings
        source = value.to(settings.to, settings.parts, as_operator=settings.as_operator).rstrip("\n")
        if settings.into not in (None, "-") and not settings.as_operator:
            module = os.path.splitext(os.path.basename(str(settings.into)))[0]
            self.test = value.test_source(module, settings.to, settings.parts)
        return source

    def told(self, value: Derivative, outcome: Outcome) -> str:
        """Return the derivation of a result, which ends with the result.

        On a terminal that is in two dimensions; in a pipe it is a line of its own, the one printed without --steps.
        """
        out, level = self.output, self.steps or LEVELS[0]
        if out.face == "latex":
            return value.steps.latex
        glyphs = out.face == "unicode"
        if not (out.on_terminal and out.to == "text"):
            return f"{value.steps.text(level, unicode=glyphs)}\n\n{value.text if glyphs else value.ascii}"
        room = terminal_width(out.out)
        text = value.steps.text(
            level, unicode=glyphs, width=room, assumed=outcome.assumed, color=out.color, theme=out.theme
        )
        outcome.assumed = [] if "assumed: " in text else outcome.assumed
        return text

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


def other_forms(value: Derivative, glyphs: bool) -> list[str]:
    """Return lines with the other forms of a derivative that matrix notation has no room for."""
    lines = [f"along a direction: {value.direction}"] if value.direction is not None else []
    lines += [f"between vecs, which stack columns: {value.vec}"] if value.vec is not None else []
    return lines if glyphs else [spell_ascii(line.replace("↦", "->")) for line in lines]


def is_file(word: str) -> bool:
    """Say whether a first word that is no command names a file rather than being a statement.

    It has to look like a file, too: that a file called `x` lies about does not change what `mcalc x` means.
    """
    return word == "-" or word.endswith(".mc") or (("." in word or os.sep in word) and os.path.isfile(word))


def help_page(*, asked: bool = True) -> int:
    """Show the page of help: as a result where it was asked for, else as a message of wrong usage."""
    output = Output.of_process()
    text = HELP.rstrip("\n")
    if not (output.unicode if asked else output.err_unicode):
        text = text.translate({ord("∂"): "d", ord("·"): "."})
    (output.result if asked else output.message)(text)
    return 0 if asked else 2


def default() -> int:
    """Run the statements that are piped in; on a terminal, show how to call mcalc."""
    if sys.stdin is None or sys.stdin.isatty():
        return help_page(asked=False)
    return run(["-"], Settings())


def diff(expression: str | None, settings: Settings) -> int:
    """Differentiate one expression, or each of standard input where none is given."""
    if expression is None and (sys.stdin is None or sys.stdin.isatty()):
        return help_page(asked=False)
    settings.must_derive = True
    return run(["-"], settings) if expression is None else statement(expression, settings)


def statement(text: str, settings: Settings) -> int:
    """Run what stands in one argument: a statement, or several with semicolons between them."""
    with Target(settings) as output:
        job = Run(settings, output)
        if len(text) > MAX_TEXT:
            said = f"an argument may have {MAX_TEXT} characters, this one has {len(text)}"
            job.fail(
                Mistake("E-LIMIT", said, hint=f"pipe it in: a statement of a stream may have {batch.LIMIT} bytes"),
                Line(1, ""),
            )
        elif job.declare(settings.where):
            job.line(Line(1, text))
    return write_test(job, settings) or job.end(summary=False)


def write_test(job: Run, settings: Settings) -> int:
    """Write the test of exported code beside it: test_ridge.py for ridge.py."""
    if job.test is None or settings.into is None:
        return 0
    folder, name = os.path.split(settings.into)
    beside = Settings(into=os.path.join(folder, f"test_{name}"), force=settings.force)
    with Target(beside) as output:
        output.result(job.test.rstrip("\n"))
    return 0


def run(files: list[str], settings: Settings) -> int:
    """Run the statements of files, one after the other in one session; ``-`` is standard input."""
    with Target(settings) as output:
        job = Run(settings, output)
        if not job.declare(settings.where):
            return job.end(summary=False)
        for name in files:
            place = "<stdin>" if name == "-" else name
            try:
                with opened(name) as stream:
                    for line in batch.statements(batch.lines(stream)):
                        job.line(line, place)
            except BrokenPipeError:
                raise
            except (OSError, ValueError) as trouble:
                reason = getattr(trouble, "strerror", None) or str(trouble)
                job.fail(Mistake("E-FILE", f"cannot read {place}: {reason}"), Line(0, ""))
        return job.end(summary=True)


def opened(name: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file to read, or standard input for ``-``; raises OSError where that cannot be."""
    if name != "-":
        return open(name, "rb")
    if sys.stdin is None:
        raise OSError("it is closed")
    return nullcontext(sys.stdin.buffer)


class Target:
    """The output of a run: the standard streams, or with -o a file that has its name when all is written, or never."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.into = None if settings.into in (None, "-") else settings.into
        self.output = Output.of_process(settings.to)
        self.unfinished: str | None = None

    def __enter__(self) -> Output:
        if self.into is None:
            return self.output
        path = self.into
        try:
            if os.path.exists(path) and not os.path.isfile(path):
                stream: IO[bytes] = open(path, "wb")  # a device or a pipe is written as it is
            else:
                if os.path.exists(path) and not self.settings.force:
                    raise Mistake("E-FILE", f"{path} is there already", hint="--force replaces it")
                self.unfinished = f"{path}.{os.getpid()}.part"
                stream = open(self.unfinished, "xb")
        except OSError as trouble:
            raise Mistake("E-FILE", f"cannot write {path}: {trouble.strerror}") from trouble
        message = self.output
        self.output = Output(
            stream, message.err, to=self.settings.to, err_encoding=message.err_encoding, environ=os.environ
        )
        return self.output

    def __exit__(self, kind: object, trouble: object, trace: object) -> None:
        stream = self.output.out
        if self.into is None or stream is None:
            return
        try:
            stream.close()
            if self.unfinished is not None and kind is None:
                os.replace(self.unfinished, self.into)
        except OSError as failed:
            raise CannotWrite(failed.strerror or str(failed)) from failed
        finally:
            if self.unfinished is not None and os.path.exists(self.unfinished):
                os.unlink(self.unfinished)


def quoted(text: str) -> str:
    """Return text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_command() -> str:
    """Return the command line of this process, to be typed again."""
    return " ".join(["mcalc", *[quoted(word) for word in sys.argv[1:]]])


def bug(trouble: BaseException, command: str) -> str:
    """Return what is said of an error inside mcalc: what and where, and the one line that reproduces it."""
    trace = trouble.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace is not None else ""
    said = f"{type(trouble).__name__}: {' '.join(str(trouble).split())[:200]}{where}"
    return f"mcalc: this is a bug in mcalc: {said}; please report it with this line:\n  {command}"
