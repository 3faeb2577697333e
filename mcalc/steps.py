"""The derivation of a result, told step by step; loaded when it is asked for, and then worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, overload

from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.derive import depends_on_layout, derivative_of, resolve
from mcalc.calculus.stories.derivation import derive_in_steps
from mcalc.calculus.stories.differential_rules import reason
from mcalc.calculus.stories.differential_story import ByDifferentials, Untold, tell_differential
from mcalc.calculus.stories.differential_story import tell as by_differentials
from mcalc.calculus.stories.entries_story import Independent, tell_entries, with_structure
from mcalc.calculus.stories.function_lists import as_list, entries_by, has_rows, told_by_rows
from mcalc.calculus.stories.intermediates import LETTERS as NUMBERED_BY
from mcalc.calculus.stories.lines import DIRECT, NAME, SUBSTITUTE, Derivation, Line, mark
from mcalc.calculus.stories.reasons import BY_INDEX, BY_MATRIX, BY_SUM, IN_ONE_ROW, TRANSPOSED, of_row
from mcalc.calculus.stories.rewriting import in_full
from mcalc.choices import LETTERS
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make
from mcalc.operators.abstract import DERIVATIVE, differential
from mcalc.operators.blocks import block
from mcalc.operators.leaves import is_zero
from mcalc.operators.linear import transpose
from mcalc.operators.structures import structure_of
from mcalc.render import notebook_cells as notebook
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.equation_lines import Equation
from mcalc.render.faces import ASCII, UNICODE
from mcalc.render.glyphs import unicode_name
from mcalc.render.latex_face import LATEX, face_of
from mcalc.render.latex_letters import letters
from mcalc.render.latex_words import escaped
from mcalc.render.marks import Marks
from mcalc.render.steps_latex import derivation_latex, equations_latex
from mcalc.render.steps_text import Writer, all_taken
from mcalc.render.styles import paint
from mcalc.render.text import lay_out
from mcalc.render.text import unicode as as_unicode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mcalc.operators.abstract import Move
    from mcalc.render.faces import Face, Piece
    from mcalc.render.latex_face import LatexFace

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


WAYS = {"matrix": BY_MATRIX, "sum": BY_SUM, "index": BY_INDEX}


class Step:
    """One equation of a derivation: ``lhs = rhs``, by a rule of a section.

    `part` is the step of the paper's process that it belongs to: 1 names an intermediate variable, `name`; 2
    differentiates it; 3 combines; 4 substitutes back; 0 in a derivation that needs none. `chain` are all members of the
    right side, of which `rhs` is the last; `wrt` and `order` say which derivative it leads to.
    """

    __slots__ = ("_face", "_line", "_marks", "_result", "_taken", "name", "order", "part", "rule", "section", "wrt")

    def __init__(
        self,
        line: Line,
        marks: Marks,
        order: int,
        wrt: str,
        taken: Collection[str],
        result: str | None = None,
        face: LatexFace = LATEX,
    ) -> None:
        self.part = line.part
        self.rule = line.rule
        self.section = line.section
        self.order = order
        self.wrt = wrt
        self._line = line
        self._marks = marks
        self._taken = taken
        self._result = result
        self._face = face
        self.name = unicode_name(line.name)

    def _text(self, expr: Expr, face: Face = UNICODE) -> str:
        laid = lay_out(expr, face, self._taken, marks=self._marks, alone=self.part == NAME)
        return "".join([text for text, _ in laid.pieces(face)])

    @property
    def lhs(self) -> str:
        """The left side, in Unicode."""
        return self._text(self._line.lhs)

    @property
    def rhs(self) -> str:
        """What it comes to: the last member of the right side."""
        return self._text(self._line.rhs[-1]) if self._result is None else self._result

    @property
    def chain(self) -> list[str]:
        """All members of the right side."""
        return [*[self._text(member) for member in self._line.rhs[:-1]], self.rhs]

    @property
    def rewritings(self) -> list[tuple[str, str]]:
        """The members of the right side with every simplification between them, each with its reason."""
        return [(self._text(member), names_of(reasons)) for member, reasons in in_full(self._line)]

    @property
    def ascii(self) -> str:
        """The whole equation in ASCII."""
        return " = ".join([self._text(side, ASCII) for side in (self._line.lhs, *self._line.rhs)])

    @property
    def latex(self) -> str:
        """The whole equation in LaTeX, in lines where it is wider than a column."""
        line = self._line
        return equations_latex([(line.lhs, line.rhs)], self._face, self._taken, self._marks, products=True)

    def record(self) -> dict[str, Any]:
        """Return what a JSON record says of it."""
        chain = self.chain
        return {
            "name": self.name,
            "rule": self.rule,
            "section": self.section,
            "lhs": self.lhs,
            "rhs": chain[-1],
            "part": self.part,
            "chain": chain,
            "wrt": self.wrt,
            "order": self.order,
        }

    def __str__(self) -> str:
        return " = ".join([self.lhs, *self.chain])

    def __repr__(self) -> str:
        return f"<Step {self}>"


class Story:
    """A derivation with a title and the derivative it leads to."""

    __slots__ = ("derivation", "order", "title", "wrt")

    def __init__(self, title: str, derivation: Derivation, order: int, wrt: str) -> None:
        self.title = title
        self.derivation = derivation
        self.order = order
        self.wrt = wrt


class Steps(Sequence[Step]):
    """The steps to a derivative. Nothing is computed before they are asked for.

    >>> from mcalc import derive
    >>> steps = derive("sin(x^2)", wrt="x").steps
    >>> len(steps), str(steps[0]), steps[-1].rhs, steps[3].rule
    (6, 'u₁ = x²', '2 x cos(x²)', 'sin')
    """

    def __init__(
        self,
        body: Expr,
        variables: Sequence[Expr],
        result: Expr,
        *,
        order: int = 1,
        layout: str = "numerator",
        mode: str = "auto",
        taken: Collection[str] = (),
        way: str = "auto",
        structured: str = "projected",
        by: str = "auto",
        moves: Sequence[Move] = (),
        fonts: Mapping[str, int] | None = None,
        called: str = "",
    ) -> None:
        self.called = called
        self.letters = LETTERS[0]
        self.fonts = fonts or {}
        self.body = body
        self.variables = variables
        self.result = result
        self.way = way
        self.structured = structured
        self.by = by
        self.moves = moves
        self.order = order
        self.layout = layout
        self.mode = mode
        self.taken = taken
        self._stories: list[Story] | None = None
        self._steps: list[Step] | None = None

    @property
    def stories(self) -> list[Story]:
        """One derivation for each order and variable, and what puts several into one row."""
        if self._stories is None:
            self._stories = self._told()
        return self._stories

    def _told_differential(self) -> list[Story]:
        """Return the way to a differential; in one line where it is not told, or goes along several variables."""
        body, variable = self.body, self.variables[0]
        if len(self.moves) == 1 and self.order == 1:
            try:
                return [
                    Story(
                        "",
                        tell_differential(body, variable, self.result, self.called),
                        1,
                        as_unicode(variable, self.taken),
                    )
                ]
            except Untold:
                pass
        lhs = differential(body, self.moves, self.order)
        line = Line(DIRECT, lhs, [self.result], *reason(body, dict(self.moves)))
        return [
            Story("", Derivation(body, variable, self.result, [line]), self.order, as_unicode(variable, self.taken))
        ]

    def _told(self) -> list[Story]:
        if self.moves:
            return self._told_differential()
        body = self.body
        if body.has_kind("derivative"):
            body = resolve(body, mode=self.mode)
        stories: list[Story] = []
        for order in range(1, self.order + 1):
            which = f"{ORDINALS[order - 1]} derivative" if self.order > 1 else ""
            last = order == self.order
            result = (
                self.result if last else derivative_of(body, self.variables, mode=self.mode, structured=self.structured)
            )
            if order > 1 and body.is_row:
                body = as_columns(body)
                which = f"{which}, that of the gradient as a column"
            functions = as_list(body)
            structured = any([self._structured(variable) for variable in self.variables])
            plain = self.layout == "numerator" and not structured
            entries = entries_by(functions, self.variables) if plain and self.mode == "auto" and order == 1 else []
            if entries or (plain and has_rows(functions, self.variables)):
                stories += self._told_by_rows(functions, entries or self.variables, result, order, which)
                body = result
                continue
            told: list[Derivation] = []
            for variable in self.variables:
                found = derivative_of(body, [variable], mode=self.mode, structured=self.structured)
                wrt = as_unicode(variable, self.taken)
                by = f"{'by' if which else 'By'} {wrt}" if len(self.variables) > 1 else ""
                title = ", ".join([word for word in (which, by) if word])
                if not self._structured(variable):
                    stories.append(Story(title, self._derivation(body, variable, found), order, wrt))
                else:
                    stories += self._told_by_structure(body, variable, found, title, order)
                told.append(stories[-1].derivation)
            closing = self._closing(body, told, result)
            if closing is not None:
                all_of_them = ", ".join([as_unicode(variable, self.taken) for variable in self.variables])
                title = "In one row" if len(told) > 1 else "Written otherwise" if self.way != "auto" else "Layout"
                stories.append(Story(title, closing, order, all_of_them))
            for story in stories if order > 1 else ():
                if story.order == order:
                    story.derivation.with_letter(NUMBERED_BY[(order - 1) % len(NUMBERED_BY)])
            body = result
        return stories

    def _structured(self, variable: Expr) -> bool:
        """Say whether the structure of a variable counts."""
        return self.structured != "ignore" and structure_of(variable) is not None

    def _told_by_structure(self, body: Expr, variable: Expr, result: Expr, title: str, order: int) -> list[Story]:
        """Return the derivation with all entries independent, and what the structure of the variable makes of it."""
        stories: list[Story] = []
        structure = structure_of(variable)
        assert structure is not None
        free = Independent(body, variable)
        found: list[Expr] = []
        for entry in free.variables:
            gradient = derivative_of(free.body, [entry], mode=self.mode)
            if stories and is_zero(gradient):
                continue
            wrt = as_unicode(entry, self.taken)
            stories.append(Story(title, self._derivation(free.body, entry, gradient), order, wrt))
            found.append(free.restored(gradient))
        closing = with_structure(body, variable, found, result, self.structured)
        if closing is None:
            stories[-1].derivation.result = result
        else:
            name = as_unicode(variable.args[0] if variable.args else variable, self.taken)
            for story in stories:
                by = f"by {story.wrt}" if len(stories) > 1 else ""
                story.title = ", ".join([w for w in (title, by, f"with the entries of {name} independent") if w])
                story.title = story.title if title else story.title[0].upper() + story.title[1:]
            said = f"{name} is {structure.said}"
            stories.append(
                Story(f"{title}: {said}" if title else said, closing, order, as_unicode(variable, self.taken))
            )
        return stories

    def _told_by_rows(self, body: Expr, variables: Sequence[Expr], result: Expr, order: int, which: str) -> list[Story]:
        """Return the gradient of each function, entry by entry, and the gradients as rows."""

        def told(function: Expr, variable: Expr) -> Derivation:
            return self._derivation(function, variable, derivative_of(function, [variable], mode=self.mode))

        stories: list[Story] = []
        called = self.called if body is as_list(self.body) else ""
        names = ", ".join([as_unicode(variable, self.taken) for variable in variables])
        for function, variable, derivation in told_by_rows(body, variables, result, told, self.variables, called):
            title, wrt = "All in one matrix" if not which else "all in one matrix", names
            if function is not None:
                named = f"{as_unicode(function.symbol, self.taken)} = {as_unicode(function.definition, self.taken)}"
                wrt = names if variable is None else as_unicode(variable, self.taken)
                title = f"{named}, in one row" if variable is None else f"{named}, by {wrt}"
            title = f"{which}: {title}" if which else title
            stories.append(Story(title, derivation, order, wrt))
        return stories

    def _derivation(self, body: Expr, variable: Expr, found: Expr) -> Derivation:
        """Return the derivation; in one line where a part of it cannot be told by itself, though the whole can."""
        if self._by_differentials(variable):
            try:
                return by_differentials(body, variable, found, self.called if body is self.body else "")
            except Untold:
                if self.by == "differentials":
                    hint = "leave out --by, and it is told by the chain rule"
                    raise Mistake("E-UNSUPPORTED", "this is not told by differentials", hint=hint) from None
        if self.by == "differentials":
            hint = "leave out --by, and it is told by the chain rule"
            raise Mistake("E-UNSUPPORTED", "differentials tell first derivatives", hint=hint)
        if self.by == "entries":
            try:
                return tell_entries(body, variable, found)
            except Untold:
                hint = "--by chain, or --by differentials, tells it"
                raise Mistake("E-UNSUPPORTED", "this is not told entry by entry", hint=hint) from None
        try:
            told = derive_in_steps(body, variable, found, mode=self.mode)
        except (Mistake, ShapeError):
            line = Line(DIRECT, make(DERIVATIVE, (body, variable)), [found], of_row(body.op))
            told = Derivation(body, variable, found, [line])
        told.call(self.called if body is self.body else "g" if body.shape and not self.body.shape else "")
        return told

    def _by_differentials(self, variable: Expr) -> bool:
        """Say whether a derivation is told by differentials: where it is asked for, else by a matrix."""
        if self.order > 1 or self.by not in ("auto", "differentials"):
            return False
        return self.by == "differentials" or (variable.order == 2 and self.mode == "auto")

    def _closing(self, body: Expr, told: Sequence[Derivation], result: Expr) -> Derivation | None:
        """Return what is left to say: the derivatives by several variables in a row, or the transpose."""
        ends = [
            mark(made.body, made.variable) if isinstance(made, ByDifferentials) else made.lines[-1].lhs for made in told
        ]
        if len(told) == 1:
            if told[0].result is result:
                return None
            turned = ends[0].order == 1 or (body.order == 1 and self.variables[0].order == 1)
            if self.layout == "denominator" and turned:
                line = Line(DIRECT, transpose(ends[0]), [result], TRANSPOSED, "the transpose")
            else:
                line = Line(DIRECT, ends[0], [result], WAYS.get(self.way, ()))
            return Derivation(body, self.variables[0], result, [line], told[0].listed)
        of = ends[0].args[0]
        members = [result]
        if all([end.op is DERIVATIVE and end.args[0] is of for end in ends]) and self.layout == "numerator":
            try:
                members.insert(0, block(1, len(ends), *ends))
            except ShapeError:
                of = body
        else:
            of = body
        lhs = make(DERIVATIVE, (of, *self.variables))
        return Derivation(body, self.variables[0], result, [Line(DIRECT, lhs, members, IN_ONE_ROW)], told[0].listed)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Step]:
        return iter(self._all())

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step]: ...
    def __getitem__(self, place: int | slice) -> Step | list[Step]:
        return self._all()[place]

    def _all(self) -> list[Step]:
        if self._steps is None:
            # The result is shown as it is printed, which may give names of its own to its parts.
            printed = {self.stories[-1].derivation.ending: as_unicode(self.result, self.taken, brief=True)}
            self._steps = [
                Step(
                    line,
                    marks,
                    story.order,
                    story.wrt,
                    names if line.part == SUBSTITUTE else self.taken,
                    printed.get(line),
                    self.face(),
                )
                for story in self.stories
                for marks, names in [(Marks(story.derivation), all_taken(story.derivation, self.taken))]
                for line in story.derivation.lines
            ]
        return self._steps

    def record(self) -> list[dict[str, Any]]:
        """Return what a JSON record says of the steps."""
        return [step.record() for step in self]

    def rows(
        self, level: str = "brief", *, unicode: bool = True, width: int | None = None, assumed: Sequence[str] = ()
    ) -> list[list[Piece]]:
        """Return the derivation as lines of pieces, for a terminal of some width or, without one, for a pipe."""
        rows: list[list[Piece]] = []
        for story in self.stories:
            matters = depends_on_layout(story.derivation.result, self.body, self.variables, story.order)
            layout = self.layout if matters else ""
            writer = (DifferentialWriter if isinstance(story.derivation, ByDifferentials) else Writer)(
                story.derivation, unicode=unicode, level=level, width=width, taken=self.taken, layout=layout
            )
            if rows:
                rows.append([])
            if story.title:
                rows.append([(writer.said(story.title), "place")])
            rows += writer.rows(assumed)
            assumed = ()
        return rows

    def text(
        self,
        level: str = "brief",
        *,
        unicode: bool = True,
        width: int | None = None,
        assumed: Sequence[str] = (),
        color: bool = False,
        theme: str = "dark",
    ) -> str:
        """Return the derivation as text."""
        return paint(self.rows(level, unicode=unicode, width=width, assumed=assumed), color=color, theme=theme)

    @property
    def marks(self) -> Marks:
        """Which mark the derivative has that they lead to: a straight d where all is a number of one variable."""
        return Marks(Derivation(self.body, self.variables[0], self.result, []))

    def equation(self, *, unicode: bool = True) -> Equation:
        """Return the derivative and its result as one equation."""
        face = UNICODE if unicode else ASCII
        marks = self.marks
        lhs = make(DERIVATIVE, (self.body, *self.variables))
        left, right = [lay_out(side, face, self.taken, marks=marks).pieces(face) for side in (lhs, self.result)]
        return Equation(left, [right])

    @property
    def latex(self) -> str:
        """The derivation in LaTeX: align* environments, with a line of text before each."""
        return self.to_latex(self.letters)

    def face(self, style: str = "auto") -> LatexFace:
        """Return the face of LaTeX in a style, with the fonts that the input had."""
        return face_of(letters(style, self.fonts))

    def to_latex(self, style: str = "auto") -> str:
        """Return the derivation in LaTeX, with the letters of a style: ``auto``, ``bold`` or ``plain``."""
        face = self.face(style)
        parts: list[str] = []
        for story in self.stories:
            parts += [rf"\textbf{{{escaped(story.title)}}}"] if story.title else []
            parts.append(derivation_latex(story.derivation, self.taken, face))
        return "\n".join(parts)

    @property
    def html(self) -> str:
        """The derivation in MathML, as a part of a page: aligned, its steps foldable, its reasons dim beside it."""
        from mcalc.render.html_page import derivation_html

        parts: list[str] = []
        for story in self.stories:
            parts += [f"<h3>{escape(story.title)}</h3>"] if story.title else []
            parts.append(derivation_html(story.derivation, self.taken))
        return "\n".join(parts)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the derivation in LaTeX, in Markdown with steps to be folded, and as text."""
        latex = self.latex
        bundle = notebook.bundle(self.text(), notebook.derivation(latex))
        return {**bundle, "text/markdown": notebook.foldable(latex)}

    def __str__(self) -> str:
        return self.text("full")

    def __repr__(self) -> str:
        return "<Steps>" if self._stories is None else f"<Steps: {len(self)}>"
