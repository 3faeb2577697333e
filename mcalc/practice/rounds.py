"""A round of practice: which exercise is next, at which level, and none twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

from mcalc.errors import Mistake, ShapeError
from mcalc.practice.exercises import DERIVATIVES, SHAPES, Entry, Exercise, of_derivative, of_shape
from mcalc.practice.line_exercises import MISSING, RULES, SLIPS, Told, of_line, of_rule, of_slip
from mcalc.practice.topics import LEVELS, Task, Topics

AT_ONCE, LATER, GIVEN_UP = "right at once", "right later", "skipped"
"""What may come of an exercise."""
KINDS = (SHAPES, DERIVATIVES, RULES, MISSING, SLIPS)
"""What may be asked of a derivative, in an order in which no question tells the answer of a later one."""
BAG = (*KINDS, DERIVATIVES)
"""The kinds of so many questions on the run; derivatives themselves come twice."""
TRIES = 12
"""Tasks of which an exercise of some kind is tried to be made."""
RISE = 2
"""As many right answers at once, one after the other, lead to the next level."""


def exercise(kind: str, task: Task, entry: Entry, rng: random.Random) -> Exercise | None:
    """Return an exercise of a kind; None where the task gives none that does not tell its own answer."""
    try:
        made = _exercise(kind, task, entry, rng)
    except (Mistake, ShapeError):
        return None
    return None if made is None or made.leaks else made


def _exercise(kind: str, task: Task, entry: Entry, rng: random.Random) -> Exercise | None:
    if kind == DERIVATIVES:
        return of_derivative(task, entry)
    if kind == SHAPES:
        return of_shape(task) if task.derivative.expr.order in (1, 2) else None
    told = Told(task)
    return of_rule(told, rng, entry) if kind == RULES else {MISSING: of_line, SLIPS: of_slip}[kind](told, rng)


class Round:
    """A row of exercises, the same for the same seed and the same answers.

    First come those that are due, and `is_due` says that the last one was. Then they are made of topics, or of one's
    own derivatives. A derivative is asked about once in a round; only one's own in every kind, in an order in which no
    question tells a later answer.
    """

    def __init__(
        self, source: Topics | Sequence[Task], seed: int, entry: Entry, due: Sequence[tuple[str, Task]] = ()
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - for practice, and the same each time
        self.source = source
        self.entry = entry
        self.due = list(due)
        self.level = 0
        self.is_due = False
        self.asked: set[str] = set()
        self._row = 0
        self._bag: list[str] = []
        self._own: list[tuple[str, Task]] = []
        if not isinstance(source, Topics):
            tasks = list(source)
            self.rng.shuffle(tasks)
            self._own = [(kind, task) for kind in KINDS for task in tasks]

    def next(self) -> Exercise | None:
        """Return the next exercise; None where there is nothing left to ask."""
        self.is_due = True
        while self.due:
            made = self._unless_asked(*self.due.pop(0))
            if made is not None:
                self.asked.add(made.task.statement)
                return made
        self.is_due = False
        while self._own:
            made = self._unless_asked(*self._own.pop(0))
            if made is not None and not (made.kind == MISSING and made.answer == made.task.derivative.text):
                return made
        return self._made(self.source) if isinstance(self.source, Topics) else None

    def _unless_asked(self, kind: str, task: Task) -> Exercise | None:
        """Return an exercise; None where it cannot be made, or its derivative was asked for in this round."""
        return None if task.statement in self.asked else exercise(kind, task, self.entry, self.rng)

    def _made(self, topics: Topics) -> Exercise | None:
        """Return an exercise of the level and the kind whose turn it is, or where there is none of other ones."""
        if not self._bag:
            self._bag = list(BAG)
            self.rng.shuffle(self._bag)
        levels = sorted(range(LEVELS), key=lambda level: abs(level - self.level))
        for level, kind in product(levels, [self._bag.pop(), *KINDS]):
            for _ in range(TRIES):
                task = topics.task(level, self.rng)
                made = self._unless_asked(kind, task)
                if made is not None:
                    self.asked.add(task.statement)
                    topics.used[task.template] += 1
                    return made
        return None

    def note(self, came: str) -> None:
        """Take down what came of an exercise: the level rises and falls with it."""
        if came == AT_ONCE:
            self._row += 1
            if self._row == RISE:
                self.level, self._row = min(self.level + 1, LEVELS - 1), 0
        else:
            self._row = 0
            self.level = max(self.level - (came == GIVEN_UP), 0)
