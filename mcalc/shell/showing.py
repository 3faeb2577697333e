"""What came of a statement as text: a result in the format that is asked for, with or without its derivation."""

from __future__ import annotations

import os

from mcalc.choices import LEVELS
from mcalc.derivative import Derivative
from mcalc.errors import Mistake, clip
from mcalc.operators.kronecker import PAIRING
from mcalc.render.terminal import terminal_width
from mcalc.results import Expression
from mcalc.shell.output import CODE, LINES, Output, remarks
from mcalc.shell.session import Outcome
from mcalc.shell.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.solving.solution import Solution

LONGEST_HINT = 300
"""Characters of the equation that a message shows."""
FACES = ("unicode", "ascii", "latex")


def line(value: Expression, face: str) -> str:
    """Return a result in a format of one line."""
    return LINES[face]()(value.expr, value.taken, value.brief)


class Showing:
    """Says outcomes as an output and the settings of a run want them; `test` is the test of the code last shown."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self.settings = settings
        self.output = output
        self.test: str | None = None

    def text(self, outcome: Outcome, number: int, mark: str = "") -> str | None:
        """Return the text of an outcome of line `number`, or None where there is nothing to show.

        `mark` is put at the right of a result on a terminal, after its shape.
        """
        out = self.output
        if outcome.solution is not None:
            outcome.solution.letters = self.settings.latex
        if outcome.solution is not None and (out.face != "json" or outcome.solution.declined):
            return self.solved(outcome.solution)
        if outcome.value is not None:
            outcome.value.letters = self.settings.latex
        if isinstance(outcome.value, Derivative):
            outcome.value.by = self.settings.by
        if out.face == "json":
            from mcalc.shell.record import success

            return success(outcome, number, steps=self.settings.steps is not None, check=bool(self.settings.check))
        if outcome.verdict is not None:
            return out.in_rows([outcome.verdict.text] if out.room is None else outcome.verdict.lines)
        value = outcome.value
        if value is None:
            return None
        if out.to in CODE:
            return self.code(value)
        if self.settings.steps is not None and isinstance(value, Derivative):
            return self.told(value, outcome)
        if out.face == "html":
            return self.paragraph(value, outcome)
        if out.face in LINES:
            return line(value, out.face)
        if out.on_terminal and out.to == "text":
            words = value.shape_words + (f"   {mark}" if mark else "")
            told = self.as_tensor(value) if isinstance(value, Derivative) else []
            if told:
                return "\n".join([f"{told[0]}   {words}", *told[1:]])
            from mcalc.render.two_dimensional import two_dimensional

            return two_dimensional(
                value.expr, unicode=out.unicode, color=out.color, theme=out.theme, words=words, brief=value.brief
            )
        face = out.face if out.face in FACES else "unicode"
        form = value.other_form(self._way(value), face) if isinstance(value, Derivative) else None
        if form is not None:
            return form
        if out.color:
            return value.colored(out.theme, unicode=out.unicode)
        return value.text if out.face == "unicode" else value.ascii if out.face == "ascii" else value.latex

    def _way(self, value: Derivative) -> str:
        """Return how a derivative is written in a pipe: as asked, a map where its entries need pairs of indices."""
        return "map" if self.settings.way == "auto" and value.expr.has(PAIRING) else self.settings.way

    def as_tensor(self, value: Derivative) -> list[str]:
        """Return what a terminal shows of a derivative that matrix notation has no room for: the form wanted, the map.

        The matrix between vecs and the entries stand below it.
        """
        face = "unicode" if self.output.unicode else "ascii"
        forms = {"map": value.other_form("map", face)}
        if forms["map"] is None:
            return []
        forms |= {"vec": value.other_form("vec", face), "index": value.text if face == "unicode" else value.ascii}
        wanted = self.settings.way if forms.get(self.settings.way) is not None else "map"
        heads = {"map": "as a linear map: ", "vec": "between vecs, which stack columns: ", "index": "entries: "}
        rest = [f"{heads[name]}{text}" for name, text in forms.items() if name != wanted and text is not None]
        return [str(forms[wanted]), *rest]

    def solved(self, solution: Solution) -> str:
        """Return the points that a problem came to, a line for each unknown; with --steps the way there before it.

        Raises:
            Mistake: `E-CLOSED`, where there is no closed form.
        """
        out = self.output
        if out.to in CODE:
            return solution.to(out.to).rstrip("\n")
        if solution.declined:
            open_ = solution.declined.startswith("no closed form")
            said = clip(solution.equation.replace("\n", "; "), LONGEST_HINT)
            hint = f"to be solved by numbers: {said}" if open_ else ""
            raise Mistake("E-CLOSED", solution.declined, hint=hint)
        steps = self.settings.steps is not None
        if out.face == "latex":
            return "\n".join([*([step.latex for step in solution.steps] if steps else []), solution.latex])
        if out.face in LINES:
            return "\n".join([line(value, out.face) for point in solution.told for value in point.values()])
        told = [(step.name, str(step)) for step in solution.steps] if steps else []
        lines = [line for k, (name, text) in enumerate(told, 1) for line in (f"{k}  {name}", f"     {text}")]
        points = solution.ascii if out.face == "ascii" else solution.text
        text = out.in_rows([*lines, *([""] if steps else []), *points.split("\n")])
        if out.face != "html":
            return text
        from mcalc.render.mathml import preformatted

        return preformatted(text)

    def code(self, value: Expression) -> str:
        """Return the source of a derivative as a function; with -o also its test, which is written beside it.

        Raises:
            Mistake: `E-USAGE`, for what is no derivative.
        """
        if not isinstance(value, Derivative):
            raise Mistake("E-USAGE", "only a derivative is exported as code", hint="--wrt says by what")
        settings = self.settings
        source = value.to(settings.to, settings.code_parts, as_operator=settings.as_operator).rstrip("\n")
        if settings.into not in (None, "-") and not settings.as_operator:
            self.test = value.test_source(os.path.basename(str(settings.into)), settings.to, settings.code_parts)
        return source

    def paragraph(self, value: Expression, outcome: Outcome) -> str:
        """Return a result as a paragraph of a page, with what is to be said of it."""
        from mcalc.render.mathml import paragraph

        words = [value.shape_words, *remarks(outcome.assumed), *outcome.warnings, *outcome.notes]
        return paragraph(value.mathml, words)

    def told(self, value: Derivative, outcome: Outcome) -> str:
        """Return the derivation of a result, which ends with the result.

        On a terminal that is in two dimensions; in a pipe it is a line of its own, the one printed without --steps.

        Raises:
            Mistake: `E-USAGE`, for a format that has no steps.
        """
        out, level = self.output, self.settings.steps or LEVELS[0]
        if out.face == "latex":
            return value.steps.latex
        if out.face in LINES:
            raise Mistake("E-USAGE", f"steps are not written as {out.face}", hint="--to html, latex, json or text")
        if out.face == "html":
            return value.steps.html + self.paragraph(value, outcome)
        glyphs = out.face == "unicode"
        if not (out.on_terminal and out.to == "text"):
            return f"{value.steps.text(level, unicode=glyphs)}\n\n{value.text if glyphs else value.ascii}"
        room = terminal_width(out.out)
        text = value.steps.text(
            level, unicode=glyphs, width=room, assumed=outcome.assumed, color=out.color, theme=out.theme
        )
        outcome.assumed = [] if "assumed: " in text else outcome.assumed
        return text
