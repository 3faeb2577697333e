"""A derivation by differentials as text: names, differentials, what they come to together, the derivative read off."""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.other_forms import along_direction, between_vecs, is_tensor
from mcalc.calculus.stories.differential_rules import listed
from mcalc.calculus.stories.differential_story import NAMES, OFF
from mcalc.calculus.stories.lines import ByDifferentials, Line, Section
from mcalc.calculus.stories.reasons import PUT_IN_DIFFERENTIALS as PUT_IN
from mcalc.expr import walk
from mcalc.operators.leaves import SYMBOL
from mcalc.patterns import pattern
from mcalc.render.equation_lines import EQUALS, blank, broken, laid_out, packed, wrapped
from mcalc.render.faces import Piece
from mcalc.render.glyphs import unicode_name
from mcalc.render.steps_text import Writer, remark, with_changes

INDENT = 4
WITH_SCRIPT = pattern(r"\w+_\w+")


class DifferentialWriter(Writer):
    """Writes a derivation by differentials, section by section."""

    derivation: ByDifferentials

    def rows(self, assumed: Sequence[str] = ()) -> list[list[Piece]]:
        """Return all lines."""
        told = self.derivation
        rows = [[*self.pieces(told.function), EQUALS, *self.pieces(told.body, long=True)]]
        if assumed:
            rows += wrapped([(self.said(f"assumed: {'; '.join(assumed)}"), "words")], self.width, 2, 4)
        rows += wrapped([(self.said(self.moves()), "words")], self.width, 2, 4)
        for section in told.sections:
            if [line.rhs for line in section.lines] == [(told.body,)]:
                continue  # y = ... stands above
            title = self.title(section)
            rows += wrapped([(self.said(title), "message")], self.width, 0, 2) if title else []
            rows += self.section(section)
        return rows

    def moves(self) -> str:
        """Return what moves and what is held, in words."""
        told = self.derivation
        held = [node for node in walk(told.body) if node.op is SYMBOL and node is not told.variable and not node.args]
        names = [self.text(node) for node in held]
        said = f"{self.text(told.variable)} changes by {self.text(told.direction)}"
        return said if not names else f"{said}, {listed(names)} {'is' if len(names) == 1 else 'are'} held"

    def text(self, node: object) -> str:
        """Return a name as text."""
        return "".join([text for text, _ in self.pieces(node)])  # type: ignore[arg-type]

    def title(self, section: Section) -> str:
        """Return the heading of a section, the last of which says what is read off."""
        if section.title != OFF:
            return section.title
        told = self.derivation
        y, x, dx = self.text(told.function), self.text(told.variable), self.text(told.direction)
        if told.body.shape:
            return f"{OFF}: the derivative is the linear map from {dx} to d{y}"
        form = f"tr(Gᵀ {dx})" if told.variable.order > 1 else f"g {dx}"
        return f"{OFF}: d{y} = {form} means {form[3] if told.variable.order > 1 else 'g'} = ∂{y}/∂{x}"

    def section(self, section: Section) -> list[list[Piece]]:
        """Return the lines of a section; names stand side by side."""
        if section.title == NAMES:
            made = [self.equation(line) for line in section.lines if not line.rule]
            told = [self.equation(line, self.why_of(line)) for line in section.lines if line.rule]
            items = [[*one.lhs, *[p for member in one.members for p in (EQUALS, *member)]] for one in made]
            return [*packed(items, self.width), *laid_out(told, self.width, INDENT + 1)]
        lines = section.lines
        made = self.chain([(line, line.rhs, self.why_of(line)) for line in lines])
        made = with_changes(made)
        if section.title != OFF:
            return laid_out(made, self.width, INDENT)
        for equation in made:
            equation.remark = ""
        rows = laid_out(made[:-1], self.width, INDENT)
        rows += self.forms()
        if len(lines[-1].rhs) > 1 and self.width is not None:
            made[-1].members = made[-1].members[:-1]
            rows += laid_out(made[-1:], self.width, INDENT)
        return [*rows, *(self.result(lines[-1]) if self.width is not None else laid_out(made[-1:], None, INDENT))]

    def forms(self) -> list[list[Piece]]:
        """Return a derivative of three or four axes as the map that it is, and as the matrix between vecs."""
        told = self.derivation
        if not is_tensor(told.result):
            return []
        direction, applied = along_direction(told.result, told.body.order, told.variable)
        arrow = " ↦ " if self.unicode else " -> "
        rows = [[blank(INDENT), *self.pieces(direction), (arrow, "operator"), *self.pieces(applied)]]
        matrix = between_vecs(told.result, told.body.order)
        if matrix is not None:
            words = self.said("between vecs, which stack columns: ")
            rows.append([blank(INDENT), (words, "words"), *self.pieces(matrix)])
        return rows if self.width is None else [part for row in rows for part in broken(row, self.width, INDENT + 2)]

    def why_of(self, line: Line) -> str:
        """Return the rule of a line, with what it puts in."""
        said = remark(WITH_SCRIPT.sub(lambda name: unicode_name(name[0]), line.rule), line.section)
        return f"{said} {spelled(line.name)}" if PUT_IN in line.reasons and line.name else said


def spelled(names: str) -> str:
    """Return names that are joined by and, each in glyphs.

    >>> spelled("dz_1 and dr")
    'dz₁ and dr'
    """
    return " and ".join([unicode_name(name) for name in names.split(" and ")])
