"""A derivation as LaTeX: a line for the heading of each step, and its equations in an align* environment."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from mcalc.calculus.stories.lines import COMBINE, DIRECT, NAME, SUBSTITUTE, ByDifferentials, Derivation, Line, Marks
from mcalc.calculus.stories.reasons import PUT_BACK
from mcalc.expr import Expr
from mcalc.render.faces import Piece
from mcalc.render.glyphs import latex_name
from mcalc.render.latex_face import LATEX, LatexFace, fitting
from mcalc.render.latex_lines import COLUMN, INDENT, WHERE, join, lines, width_of
from mcalc.render.latex_text import escaped
from mcalc.render.quotients import gathered
from mcalc.render.steps_text import all_taken, chief_rule, heading, remark

GAP = 14.0
"""The room between an equation and its remark, at least."""
EQUALS = 13.4
INDENTED = r"\qquad "
RIGHT_SIDE = 0.8 * COLUMN
"""What a line of a right side has room for beside a usual left side."""
WORD = re.compile(r"(?:\$[^$]*\$|[^\s$])+")
WIDEST = 0.4
"""The part of a column that left sides may take; a wider one stands in lines of its own."""


class Equation(NamedTuple):
    """An equation of a derivation as pieces: its left side or nothing, the members of its right side, a remark."""

    lhs: Sequence[Piece]
    members: Sequence[Sequence[Piece]]
    remark: str = ""


def derivation_latex(derivation: Derivation, taken: Collection[str] = (), face: LatexFace = LATEX) -> str:
    r"""Return the steps of a derivation in LaTeX, for amsmath: the function, the steps, and the result.

    >>> from mcalc.calculus.stories.derivation import derive_in_steps
    >>> from mcalc.calculus.derive import derivative_of
    >>> from mcalc.operators.arithmetic import power
    >>> from mcalc.operators.leaves import number, symbol
    >>> x = symbol("x")
    >>> square = power(x, number(2))
    >>> print(derivation_latex(derive_in_steps(square, x, derivative_of(square, [x]))))
    \begin{align*}
    \frac{d}{d x} x^{2} &= 2 x && \text{power rule $\cdot$ \S2}
    \end{align*}
    """
    return "\n".join(_Told(derivation, taken, face).parts())


class _Told:
    """One derivation and the face that it is written in."""

    def __init__(self, derivation: Derivation, taken: Collection[str], face: LatexFace) -> None:
        self.derivation = derivation
        self.face = face
        self.taken = taken
        self.more_taken = all_taken(derivation, taken)
        self.marks = Marks(derivation)
        self.by_part = derivation.parts

    def pieces(self, expr: Expr, *, long: bool = False, brief: bool = False) -> list[Piece]:
        """Return a side of an equation; `long` where it may be given names for its parts."""
        names = self.more_taken if long else self.taken
        return fitting(gathered(expr), self.face, names, RIGHT_SIDE, marks=self.marks, brief=brief, products=True)[0]

    def named(self, name: str) -> str:
        """Return the name of an intermediate variable."""
        found = next((item.symbol for item in self.derivation.listed if item.symbol.attr[0] == name), None)
        return latex_name(name) if found is None else join(self.pieces(found))

    def parts(self) -> list[str]:
        """Return the lines of all parts."""
        out: list[str] = []
        derivation, last = self.derivation, self.derivation.lines[-1]
        named = bool(derivation.listed) and NAME in self.by_part
        by_differentials = derivation.function if isinstance(derivation, ByDifferentials) else None
        whole = self.by_part[NAME][-1].lhs if named else by_differentials
        if whole is not None:
            out += _align([Equation(self.pieces(whole), [self.pieces(derivation.body, long=True)])])
        for number, told in sorted(self.by_part.items()):
            chief = chief_rule(told) if number == COMBINE else None
            out += [escaped(heading(number, told))] if number else []
            out += _align(self.equations(told, chief, long=number in (DIRECT, SUBSTITUTE)))
        if named:
            result = self.pieces(derivation.result, long=True, brief=True)
            out += ["The result:", *_align([Equation(self.pieces(last.lhs), [result])])]
        return out

    def equations(self, told: Sequence[Line], chief: tuple[str, str] | None, *, long: bool) -> list[Equation]:
        """Return the lines of a part, each without the left side that it has from the line before.

        What is written as it was before, as where two fractions are written as one, is left out.
        """
        made: list[Equation] = []
        before: Expr | None = None
        written = ""
        for line in told:
            members: list[Sequence[Piece]] = []
            for member in line.rhs:
                shown = self.pieces(member, long=long)
                text = join(shown)
                if text != written or (line.lhs is not before and not members):
                    members.append(shown)
                written = text
            if members:
                said = "" if (line.rule, line.section) == chief else escaped(remark(line.rule, line.section))
                name = self.named(line.name) if PUT_BACK in line.reasons else ""
                lhs = [] if line.lhs is before else self.pieces(line.lhs, long=long)
                made.append(Equation(lhs, members, f"{said} ${name}$" if name else said))
            before = line.lhs
        return made


def _align(equations: Sequence[Equation]) -> list[str]:
    """Return the lines of an environment of equations, their remarks in a column where it has room for one."""
    laid, room = laid_out(equations)
    right = max([width_of(row) for rows, _ in laid for row in rows])
    noted = max([width_of(rf"\text{{{said}}}") for _, said in laid])
    fits = right + GAP + noted <= room
    rows: list[str] = []
    for told, said in laid:
        rows += told
        if not said:
            continue
        own = width_of(rf"\text{{({said})}}")
        roomy = [place for place in (-len(told), -1) if width_of(rows[place]) + 2 * INDENT + own <= room]
        if fits:
            rows[-len(told)] += rf" && \text{{{said}}}"
        elif roomy:
            rows[roomy[0]] += rf" \qquad \text{{({said})}}"
        else:
            rows += [rf"&\quad \text{{{words}}}" for words in _wrapped(f"({said})", room - INDENT)]
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]


def _wrapped(said: str, room: float) -> list[str]:
    """Return a remark in lines, broken between words and not in a formula."""
    rows = [""]
    for word in WORD.findall(said):
        longer = f"{rows[-1]} {word}".lstrip()
        if rows[-1] and width_of(rf"\text{{{longer}}}") > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def equations_latex(
    equations: Sequence[tuple[Expr, Sequence[Expr]]],
    face: LatexFace,
    taken: Collection[str] = (),
    marks: Marks | None = None,
    *,
    products: bool = False,
) -> str:
    """Return left sides with the members of their right sides, in one line where a column has room, else aligned.

    With `products` a line may begin with a factor, which reads well and is not read back.
    """
    made: list[Equation] = []
    for lhs, members in equations:
        exprs = [gathered(expr) for expr in (lhs, *members)]
        sides = [fitting(expr, face, taken, RIGHT_SIDE, marks=marks, products=products)[0] for expr in exprs]
        made.append(Equation(sides[0], sides[1:]))
    if len(made) == 1:
        whole = " = ".join([join(part) for part in (made[0].lhs, *made[0].members)])
        if width_of(whole) <= COLUMN:
            return whole
    rows = [row for rows, _ in laid_out(made, products=products)[0] for row in rows]
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


def laid_out(equations: Sequence[Equation], *, products: bool = True) -> tuple[list[tuple[list[str], str]], float]:
    """Return the rows of each equation with its remark, and how wide what stands right of the alignment may be."""
    lefts = [width_of(join(one.lhs)) for one in equations]
    left = max([one for one in lefts if one <= WIDEST * COLUMN], default=0.0)
    room = COLUMN - left
    laid: list[tuple[list[str], str]] = []
    for one, own in zip(equations, lefts, strict=True):
        rows: list[str] = []
        if own <= left:
            head = f"{join(one.lhs)} &= ".lstrip()
            indent = 0.0
        else:
            first, *more = lines(one.lhs, room, room - INDENT, products=products)
            rows += [f"&{first}", *[rf"&\quad {row}" for row in more]]
            head, indent = r"&\quad = ", INDENT
        laid.append(([*rows, *_members(one.members, head, room - indent, products=products)], one.remark))
    return laid, room


def _members(members: Sequence[Sequence[Piece]], head: str, room: float, *, products: bool) -> list[str]:
    """Return the members of a right side in one row, or in one each, those that are too wide in several."""
    texts = [join(member) for member in members]
    whole = " = ".join(texts)
    if width_of(whole) + EQUALS <= room and len(texts) <= 2:
        return [f"{head}{whole}"]
    rows: list[str] = []
    next_head = head if r"\quad" in head else "&= "
    for place, member in enumerate(members):
        first, *more = lines(member, room - EQUALS, room - INDENT, products=products)
        rows += [
            f"{next_head if place else head}{first}",
            *[rf"&{'' if row.startswith(WHERE) else INDENTED}{row}" for row in more],
        ]
    return rows
