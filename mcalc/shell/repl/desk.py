"""The desk: a worksheet, how what comes of it is shown, and what is known about its names; without a terminal."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mcalc.calculus.basics.length import written_size
from mcalc.choices import LEVELS, Manner
from mcalc.derivative import Derivative
from mcalc.dims import shape_text
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import MAX_TEXT, assumed_text, split_statements
from mcalc.numeric.data import Given
from mcalc.operators import FUNCTIONS
from mcalc.render.equation_lines import wrapped
from mcalc.render.glyphs import spell_ascii, unicode_name
from mcalc.render.mistake import render_mistake
from mcalc.render.number_arrays import WIDTH, constant_line
from mcalc.render.terminal import paint, safe, terminal_width
from mcalc.render.text import shape_words, unicode
from mcalc.render.two_dimensional import result_lines
from mcalc.shell.batch import Line, moved
from mcalc.shell.checking import bug, checked, quoted
from mcalc.shell.options import DIRECTED, PROMPTED
from mcalc.shell.output import FORMATS, Output, remarks
from mcalc.shell.reference_page import Page
from mcalc.shell.session import Outcome, Session
from mcalc.shell.settings import Settings, directive, is_directive, prompted
from mcalc.shell.showing import Showing
from mcalc.shell.worksheet import Entry, Trial, Worksheet

if TYPE_CHECKING:
    from mcalc.shell.paper import Tour


class Command(NamedTuple):
    """A command: what it is called, what it takes, what is said of it, and what it does.

    A `bare` one may be typed without the colon, where no name is spelled so. `completes` is the kind of its operand;
    `is_listed` says that the page of help has it.
    """

    name: str
    operands: str
    says: str
    action: Callable[[Any, str], None]
    completes: str = ""
    bare: bool = False
    also: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{'' if self.bare else ':'}{self.name} {self.operands}".rstrip()


NUMBERED = ("text", "unicode", "ascii")
"""Formats in which a formula without variables is followed by its value."""
LONGEST_ECHO = 200
"""Nodes of a definition that is shown again as it was read; of a larger one only the shape is said."""


class Desk:
    """What a REPL works on: statements are run, shown and kept here, each whole or not at all."""

    formats = FORMATS

    def __init__(self, output: Output, commands: Sequence[Command] = ()) -> None:
        self.output = output
        self.commands = commands
        self.sheet = Worksheet(Session())
        self.preferences = prompted(output.theme)
        self.prefer("theme", self.preferences["theme"])
        self.is_open = True
        self.values: dict[str, Given] = {}
        self.tour: Tour | None = None
        self.is_touring = False

    # statements ---------------------------------------------------------------------------------------------------

    def statements(self, text: str, to: str | None = None, follow: Callable[[str], bool] | None = None) -> None:
        """Run what was typed: one statement or several; after a mistake the rest is left.

        `follow` does what a piece says that is a command and no statement, and says whether it was one.

        Raises:
            Mistake: `E-LIMIT`, where the line is too long.
        """
        if len(text) > MAX_TEXT:
            raise Mistake("E-LIMIT", f"a line may have {MAX_TEXT} characters, and this one has more")
        pieces = split_statements(text)
        offset = 0
        for count, (piece, _) in enumerate(pieces, 1):
            offset = max(text.find(piece, offset), 0)
            try:
                done = (follow is not None and follow(piece)) or self._statement(piece, text, offset, (), to)
            except Mistake as mistake:
                self.told(mistake)
                done = False
            if not done:
                left = len(pieces) - count
                if left:
                    self.say(f"what follows it was not run: {left} statement{'s' * (left != 1)}")
                return
            offset += len(piece)

    def made(self, text: str, lent: tuple[Expr, ...]) -> None:
        """Run a statement that a command made, after showing it."""
        self.say(text)
        self._statement(text, text, 0, lent)

    def load(self, lines: Sequence[Line], name: str) -> None:
        """Run the lines of a file on a copy of all there is; show and keep them if none has a mistake."""
        before = self.sheet.scope
        preferred = {name: self.preferences[name] for name in DIRECTED}
        sheet = self.sheet.copy()
        shown: list[tuple[Trial, str | None]] = []
        ended = False
        try:
            for line in lines:
                offset = 0
                try:
                    if line.mistake is not None:
                        raise line.mistake
                    if is_directive(line.text):
                        self.prefer(*directive(line.text))
                        continue
                    for text, _ in split_statements(line.text):
                        offset = max(line.text.find(text, offset), 0)
                        trial = sheet.run(text)
                        self._check(trial)
                        shown.append((trial, self._shown(trial)))
                        offset += len(text)
                except Mistake as mistake:
                    self.told(moved(mistake, line.text, offset), f"{name}:{line.number}")
                    self.say(f"nothing of {name} was kept")
                    return
            ended = True
        finally:
            if not ended:
                sheet.session.scope = before
                for option, value in preferred.items():
                    self.prefer(option, value)
        self.sheet = sheet
        for trial, said in shown:
            if said is not None and trial.number:
                self.say(" ".join(trial.text.split()))
                self._show(trial, said)
        self.say(f"{len(shown)} statement{'s' * (len(shown) != 1)} of {name}; :vars lists the names")

    def _statement(self, piece: str, text: str, offset: int, lent: tuple[Expr, ...], to: str | None = None) -> bool:
        try:
            trial = self.sheet.attempt(piece, lent)
            self._check(trial)
            shown = self._shown(trial, to)
        except Mistake as mistake:
            self.told(moved(mistake, text, offset))
            return False
        except MemoryError:
            self.told(Mistake("E-LIMIT", "there is not enough memory for this"))
            return False
        except Exception as trouble:  # noqa: BLE001 - nothing that is typed ends the session
            self.output.message(bug(trouble, f"printf '%s\\n' {quoted(piece)} | mcalc -"))
            return False
        self.sheet.keep(trial)
        self._show(trial, shown)
        return True

    def _check(self, trial: Trial) -> None:
        """Compare a result with numbers before it is shown; raises Disagreement where it is wrong."""
        asked = None if self.is_on("check") else False
        trial.outcome.check = checked(trial.outcome.value, asked, terminal=self.output.on_terminal)

    # what is shown ------------------------------------------------------------------------------------------------

    def _shown(self, trial: Trial, to: str | None = None) -> str | None:
        """Return the text of what came of a statement."""
        outcome = trial.outcome
        if outcome.value is not None or outcome.verdict is not None or outcome.solution is not None:
            shown = self._showing(to).text(outcome, 1, f"_{trial.number}" if trial.number else "")
            return self._with_number(shown, outcome, to or self.preferences["to"])
        if not self.output.on_terminal:
            return None
        return self._made(trial)

    def _with_number(self, shown: str | None, outcome: Outcome, to: str) -> str | None:
        """Return a result with the number that it is, where it has no variables and is none as it is written."""
        if shown is None or outcome.value is None or to not in NUMBERED or outcome.solution is not None:
            return shown
        try:
            room = (self.page().width or WIDTH) - 2
            line = constant_line(
                outcome.value.expr, room, lambda text: self.say(f"warning: {text}"), unicode=self.output.unicode
            )
        except Mistake as mistake:
            line = f"no value: {mistake.message.rpartition(': ')[2]}"
        return shown if line is None else f"{shown}\n{line}"

    def _made(self, trial: Trial) -> str | None:
        """Return what is said of names that were made: what they stand for, and of which shape it is."""
        outcome, after = trial.outcome, trial.after
        name = outcome.name or ""
        if outcome.kind == "definition" and name in after.definitions:
            expr = after.definitions[name]
            if written_size(expr) > LONGEST_ECHO:
                rows = [[(f"{self.spelled(name)}: {shape_words(expr)}", "words")]]
            else:
                words = shape_words(expr)
                rows = result_lines(
                    expr,
                    unicode=self.output.unicode,
                    width=terminal_width(self.output.out),
                    before=f"{self.spelled(name)} = ",
                    words=words,
                )
        elif outcome.kind == "function":
            rows = [[(f"{self.spelled(name)} is a function", "words")]]
        else:
            made = [after.variables[one] for one in name.split(", ") if one in after.variables]
            rows = [[("; ".join(assumed_text(made)), "words")]]
        if not self.output.unicode:
            rows = [[(spell_ascii(text), role) for text, role in row] for row in rows]
        return paint(rows, color=self.output.color, theme=self.output.theme)

    def _show(self, trial: Trial, shown: str | None) -> None:
        if shown is not None:
            self.output.result(shown, styled=self.output.on_terminal and self.output.to == "text")
        self._remark(trial.outcome)

    def _remark(self, outcome: Outcome) -> None:
        for warning in outcome.warnings:
            self.say(f"warning: {warning}")
        for said in remarks(outcome.assumed, outcome.notes):
            self.say(said)
        if outcome.check is not None:
            self.say(outcome.check.within(terminal_width(self.output.out) if self.output.on_terminal else None))

    def text_of(self, entry: Entry, to: str) -> str:
        """Return a result in a format."""
        assert entry.outcome is not None
        return self._showing(to).text(entry.outcome, 1) or ""

    def show_again(self, entry: Entry, to: str) -> None:
        """Show a result once more, in another format."""
        shown = self.text_of(entry, to)
        if shown:
            self.output.result(shown, styled=to == "text" and self.output.on_terminal)

    def say_check(self, value: Derivative) -> None:
        """Test a derivative by numbers, and say what came of it."""
        page = self.page()
        page.words(value.check().within(page.width), "text", 0)

    def _showing(self, to: str | None = None) -> Showing:
        """Return what says outcomes as the preferences want them, or once in another format."""
        values = self.preferences
        steps = values["steps"] if to is None and values["steps"] != "off" else None
        wanted = to or values["to"]
        settings = Settings(
            layout=self.layout,
            mode=values["mode"],
            way=values["as"],
            structured=values["structured"],
            steps=steps,
            to=wanted,
            latex=values["latex"],
        )
        if wanted == self.output.to:
            return Showing(settings, self.output)
        output = copy.copy(self.output)
        output.to = wanted
        output.color = output.color and wanted == "text"
        return Showing(settings, output)

    def say(self, text: str, role: str = "words") -> None:
        """Write a remark, which is no result."""
        out = self.output
        said = text if out.err_unicode else spell_ascii(text)
        width = terminal_width(out.out) if out.on_terminal else None
        rows = wrapped([(safe(said), role)], width, 0, 2)
        out.message(paint(rows, color=out.err_color, theme=out.theme), styled=True)

    def told(self, mistake: Mistake, place: str = "") -> None:
        """Write a mistake, with the file and line it is in where it is in one."""
        out = self.output
        room = terminal_width(out.out) if out.on_terminal else out.width
        text = render_mistake(
            mistake, place, room, color=out.err_color, unicode=out.err_unicode, wrapped=out.on_terminal
        )
        out.message(text, styled=out.err_color)

    def page(self) -> Page:
        """Return a page on the output."""
        return Page(self.output)

    # what is known ------------------------------------------------------------------------------------------------

    @property
    def layout(self) -> str:
        """The layout of derivatives."""
        return self.preferences["layout"]

    def is_on(self, name: str) -> bool:
        """Say whether a switch of `:set` is on."""
        return self.preferences[name] == "on"

    def prefer(self, name: str, value: str) -> None:
        """Take a preference, and what follows from it for the session."""
        self.preferences[name] = value
        words = [self.preferences[choice] for choice in ("layout", "mode", "as", "structured")]
        self.sheet.session.manner = Manner(*words)
        self.output.theme = self.preferences["theme"]

    def command(self, word: str) -> Command | None:
        """Return the command of a name, or None."""
        return next((one for one in self.commands if word == one.name or word in one.also), None)

    def last(self, hint: str) -> Entry:
        """Return the last result or definition; raises Mistake with a hint where there is none."""
        entry = self.sheet.last
        if entry is None or entry.outcome is None:
            raise Mistake("E-USAGE", "there is no result yet", hint=hint)
        return entry

    def spelled(self, name: str) -> str:
        """Return a name as it is printed; of a function with its parameters."""
        function = self.sheet.scope.functions.get(name)
        said = unicode_name(name) if self.output.unicode else name
        return said if function is None else f"{said}({', '.join(function.parameters)})"

    def meaning(self, name: str) -> str:
        """Say in a line what a name of the session stands for."""
        scope = self.sheet.scope
        if name in scope.definitions:
            expr = scope.definitions[name]
            shape = shape_text(expr.shape)
            said = shape if written_size(expr) > LONGEST_ECHO else f"= {unicode(expr, scope.names())}, {shape}"
            changed = scope.outdated.get(name)
            said += f"; made with an earlier {changed}" if changed else ""
        elif name in scope.variables:
            said = assumed_text([scope.variables[name]])[0].partition(" ")[2]
            said += " (assumed)" if scope.origins.get(name) == "assumed" else ""
        elif name in scope.functions:
            said = f"= {scope.functions[name].text.partition('=')[2].strip()}"
        else:
            said = "a size"
        return said if self.output.unicode else spell_ascii(said)

    def choices(self, kind: str, begun: str) -> list[tuple[str, str]]:
        """Return what an operand of a kind may be, each with what is said of it."""
        scope = self.sheet.scope
        if kind == "preferences":
            name, blank, _ = begun.partition(" ")
            if blank and name in PROMPTED:
                return [(f"{name} {value}", PROMPTED[name].prompt) for value in PROMPTED[name].prompted]
            return [(one, f"{self.preferences[one]}: {row.prompt}") for one, row in PROMPTED.items()]
        if kind == "sections":
            from mcalc.shell.paper import examples

            return list(dict.fromkeys([(one.section, one.title) for one in examples()]))
        names = [(name, self.meaning(name)) for name in [*scope.variables, *scope.definitions, *scope.functions]]
        functions = [(name, row.formula) for name, row in sorted(FUNCTIONS.items()) if len(name) > 1]
        return {
            "names": names,
            "levels": [(level, "") for level in LEVELS],
            "formats": [(name, "") for name in FORMATS],
            "topics": [*names, *[(one.name, one.says) for one in self.commands], *functions],
        }.get(kind, [])
