"""A derivation as LaTeX: a line for the heading of each step, and its equations in an align* environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.lines import COMBINE, PARTS, PUT_BACK, SUBSTITUTE
from mcalc.render.glyphs import unicode_name
from mcalc.render.latex import LATEX, join
from mcalc.render.latex_words import escaped
from mcalc.render.layout import lay_out
from mcalc.render.marks import Marks
from mcalc.render.steps import all_taken, chief_rule, remark

if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.calculus.lines import Derivation, Line
    from mcalc.expr import Expr

LONG = 90
"""Characters of LaTeX after which an equation goes on in the next line."""


def derivation_latex(derivation: Derivation, taken: Collection[str] = ()) -> str:
    r"""Return the steps of a derivation in LaTeX, for amsmath.

    >>> from mcalc.calculus.derivation import derive_in_steps
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
    marks = Marks(derivation)
    parts: dict[int, list[Line]] = {}
    for line in derivation.lines:
        parts.setdefault(line.part, []).append(line)

    more_taken = all_taken(derivation, taken)

    def written(expr: Expr, part: int) -> str:
        names = more_taken if part == SUBSTITUTE else taken
        return join(lay_out(expr, LATEX, names, marks=marks).pieces(LATEX))

    out: list[str] = []
    for number, lines in sorted(parts.items()):
        chief = chief_rule(lines) if number == COMBINE else None
        if number:
            title = PARTS[number] + (f": {remark(*chief)}" if chief else "")
            out += [f"{number}. {escaped(title)}"]
        rows: list[str] = []
        before: Expr | None = None
        for line in lines:
            said = "" if (line.rule, line.section) == chief else remark(line.rule, line.section)
            said = f"{said} {unicode_name(line.name)}" if line.rule == PUT_BACK else said
            rows += _rows(
                "" if line.lhs is before else written(line.lhs, number),
                [written(member, number) for member in line.rhs],
                said,
            )
            before = line.lhs
        out += [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
    return "\n".join(out)


def _rows(lhs: str, members: list[str], said: str) -> list[str]:
    """Return the lines of one equation: its members in one, or in one each where they are long."""
    note = rf" && \text{{{escaped(said)}}}" if said else ""
    if sum([len(member) for member in members]) <= LONG:
        return [f"{lhs} &= {' = '.join(members)}{note}".lstrip()]
    first, *rest = members
    return [f"{lhs} &= {first}{note}".lstrip(), *[f"&= {member}" for member in rest]]
