"""A derivation on a page: equations in MathML under each other, each step foldable, each reason dim beside its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.basics.simplifications import names_of
from mcalc.calculus.stories.differential_story import ByDifferentials
from mcalc.calculus.stories.lines import COMBINE, PARTS
from mcalc.calculus.stories.reasons import PUT_BACK
from mcalc.calculus.stories.rewriting import in_full
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.glyphs import unicode_name
from mcalc.render.html_page import fitted, plain, shown_width
from mcalc.render.marks import Marks
from mcalc.render.mathml import formula
from mcalc.render.steps_text import all_taken, chief_rule, remark

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mcalc.calculus.stories.differential_story import Section
    from mcalc.calculus.stories.lines import Derivation, Line
    from mcalc.expr import Expr

WIDE = 46
"""Characters of a side of an equation beside which there is room for its reason."""


def derivation_html(derivation: Derivation, taken: Collection[str] = ()) -> str:
    """Return a derivation: a part with a heading can be folded, and each reason unfolds to every simplification."""
    return "\n".join(_Told(derivation, taken).parts())


class _Told:
    """One derivation and how its sides are written."""

    def __init__(self, derivation: Derivation, taken: Collection[str]) -> None:
        self.derivation = derivation
        self.marks = Marks(derivation)
        self.taken = taken
        self.more_taken = all_taken(derivation, taken)

    def math(self, expr: Expr) -> str:
        """Return a side of an equation."""
        return formula(expr, self.more_taken, marks=self.marks)

    def parts(self) -> list[str]:
        """Return all parts."""
        derivation = self.derivation
        if isinstance(derivation, ByDifferentials):
            writer = DifferentialWriter(derivation, taken=self.taken)
            first, *more = [
                self.part(
                    "" if [line.rhs for line in one.lines] == [(derivation.body,)] else writer.title(one), one.lines
                )
                for one in derivation.sections
            ]
            return [first, f'<p class="note">{plain(writer.moves())}</p>', *more]
        by_part: dict[int, list[Line]] = {}
        for line in derivation.lines:
            by_part.setdefault(line.part, []).append(line)
        return [self.part(_heading(number, lines), lines) for number, lines in sorted(by_part.items())]

    def title(self, section: Section, writer: DifferentialWriter) -> str:
        """Return the heading of a section of a derivation by differentials; a function that is only named has none."""
        is_name = [line.rhs for line in section.lines] == [(self.derivation.body,)]
        return "" if is_name else writer.title(section)

    def part(self, heading: str, lines: Sequence[Line]) -> str:
        """Return the lines under a heading; without one they are not folded."""
        rows = [row for before, line in zip((None, *lines), lines, strict=False) for row in self.rows(line, before)]
        widest = max([shown_width(row) for row in rows], default=0)
        inner = f'<div class="{fitted("eqs", widest)}">{"".join(rows)}</div>'
        if not heading:
            return inner
        return f'<details class="step" open><summary>{plain(heading)}</summary>\n{inner}\n</details>'

    def rows(self, line: Line, before: Line | None) -> list[str]:
        """Return the members of a line one below the other, with its reason; a left side is not said twice."""
        members = [self.math(member) for member in line.rhs]
        goes_on = before is not None and before.lhs is line.lhs
        lefts = ["" if goes_on else self.math(line.lhs), *[""] * (len(members) - 1)]
        rows = [
            f'<span class="left">{left}</span><span class="right">= {member}</span>'
            for left, member in zip(lefts, members, strict=True)
        ]
        wide = max([shown_width(member) for member in members]) > WIDE
        why = self.why(line, " below" * wide)
        return [*rows, why] if wide else [rows[0], why, *rows[1:]]

    def why(self, line: Line, where: str) -> str:
        """Return the reason of a line; one behind which several simplifications stand unfolds to them."""
        put_back = (
            f"{line.rule} {unicode_name(line.name)} back" if PUT_BACK in line.reasons and line.name else line.rule
        )
        reason = remark(put_back, line.section)
        if not reason:
            return ""
        steps = [f"<li>{plain(names_of(why))}: = {self.math(member)}</li>" for member, why in in_full(line) if why]
        if not steps:
            return f'<span class="why{where}">{plain(reason)}</span>'
        return f'<details class="why{where}"><summary>{plain(reason)}</summary><ol>{"".join(steps)}</ol></details>'


def _heading(number: int, lines: Sequence[Line]) -> str:
    """Return the heading of a step of the paper's process; nothing in a derivation that needs none."""
    if not number:
        return ""
    rule = chief_rule(lines) if number == COMBINE else None
    return f"{number}. {PARTS[number]}" + (f": {remark(*rule)}" if rule else "")
