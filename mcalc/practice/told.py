"""A derivation that is short enough to be shown at a prompt, and which of its lines something may be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.calculus.stories.differential_story import ByDifferentials
from mcalc.calculus.stories.lines import DIFFERENTIATE, DIRECT, NAME
from mcalc.operators.derivative import DERIVATIVE
from mcalc.practice.exercises import text_of
from mcalc.render.differential_steps import DifferentialWriter
from mcalc.render.steps_text import Writer, is_cited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.calculus.stories.lines import Derivation, Line
    from mcalc.practice.topics import Task
    from mcalc.render.equation_lines import Equation

MOST_LINES = 14
"""A derivation of more lines is not shown."""
WIDEST = 110
"""Characters of a line that is shown."""

UNASKED = frozenset(("read off", "put in", "cancel", "collect terms", "simplify", "mask to the other side"))
"""Reasons in derivations by differentials that are no rules one knows by name."""


class Told:
    """The derivation of a task as one story of a few lines, and how its lines are written; `lines` is empty if not."""

    def __init__(self, task: Task) -> None:
        self.task = task
        value = task.derivative
        stories = value.steps.stories if value.order == 1 and len(value.variables) == 1 else []
        self.lines: list[Line] = []
        if len(stories) != 1:
            return
        self.derivation: Derivation = stories[0].derivation
        self.taken = value.taken
        lines = self.derivation.lines
        if len(lines) <= MOST_LINES and max([len(self.text(line)) for line in lines]) <= WIDEST:
            self.lines = lines

    def equation(self, line: Line, *, unicode: bool = True) -> Equation:
        """Return a line in pieces."""
        kind = DifferentialWriter if isinstance(self.derivation, ByDifferentials) else Writer
        return kind(self.derivation, unicode=unicode, level="full", taken=self.taken).equation(line)

    def text(self, line: Line) -> str:
        """Return a line as text."""
        return text_of(self.equation(line))

    def is_whole(self, line: Line) -> bool:
        """Say whether a line gives a derivative, and no derivative is left in what it comes to."""
        return line.lhs.op is DERIVATIVE and not line.lhs.free and not line.rhs[-1].has_kind("derivative")

    def may_be_missing(self, place: int) -> bool:
        """Say whether a line may be left out: it gives a derivative, and no line before it has come as far."""
        line = self.lines[place]
        before = [one for one in self.lines[:place] if one.lhs is line.lhs]
        if any([item.running or item.told.free for item in self.derivation.listed]):
            return False
        return bool(line.rule) and self.is_whole(line) and not any([self.is_whole(one) for one in before])

    def may_ask_rule(self, line: Line) -> bool:
        """Say whether the rule of a line has a name to ask for: one of the paper's, or one of differentials."""
        if line.part == NAME or line.lhs.free or ";" in line.rule:
            return False
        if isinstance(self.derivation, ByDifferentials):
            return line.rule not in UNASKED
        return line.lhs.op is DERIVATIVE and is_cited(line.section)

    def read_with(self, place: int) -> Sequence[Line]:
        """Return the lines that a line is to be read with: definitions, or what it goes on from."""
        line = self.lines[place]
        if line.part == DIRECT:
            before = self.lines[max(place - 1, 0) : place]
            return [one for one in before if one.lhs is line.lhs or isinstance(self.derivation, ByDifferentials)]
        names = [one for one in self.lines if one.part == NAME]
        return [one for one in names if one.lhs is line.lhs.args[0]] if line.part == DIFFERENTIATE else names
