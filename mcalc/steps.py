"""The derivation of a result, told step by step; loaded when it is asked for, and then worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from typing import Any, overload

from mcalc.calculus.basics.orientation import depends_on_layout
from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.stories.lines import NAME, SUBSTITUTE, ByDifferentials, Derivation, Line, Marks
from mcalc.calculus.stories.rewriting import in_full
from mcalc.choices import LETTERS
from mcalc.expr import Expr, make
from mcalc.operators.abstract import DERIVATIVE
from mcalc.render import latex_text as notebook
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.equation_lines import Equation
from mcalc.render.faces import ASCII, UNICODE, Face, Piece
from mcalc.render.glyphs import letters, unicode_name
from mcalc.render.latex_face import LATEX, LatexFace, face_of
from mcalc.render.latex_text import escaped
from mcalc.render.steps_latex import derivation_latex, equations_latex
from mcalc.render.steps_text import Writer, all_taken
from mcalc.render.terminal import paint
from mcalc.render.text import lay_out
from mcalc.render.text import unicode as as_unicode
from mcalc.telling import Stories


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


class Steps(Stories, Sequence[Step]):
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
        fonts: Mapping[str, int] | None = None,
        **asked: Any,
    ) -> None:
        super().__init__(body, variables, result, **asked)
        self.letters = LETTERS[0]
        self.fonts = fonts or {}
        self._steps: list[Step] | None = None

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
            layout = self.manner.layout if matters else ""
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
