"""What was missed, and when it is asked again: Leitner's boxes in a file of text, a line for each question.

A question that was missed lies in the first box and comes again the next day. Each time it is right at once it goes one
box on, and waits longer; after the last box it is known, and its line goes. Source: S. Leitner, So lernt man lernen
(1972). (The package `fsrs` fits the days to a history of answers; a line for each answer, with numbers that nobody
reads, is more than some dozens of kinds of derivatives are worth.)
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from typing import NamedTuple

from mcalc.errors import Mistake
from mcalc.files import open_to_read, write_privately
from mcalc.practice.rounds import KINDS
from mcalc.practice.topics import Task

DAYS = (1, 3, 7, 16, 35)
"""Days that a question waits in each box."""
LARGEST = 1 << 20
"""Bytes of a file that are read."""
NAME = "quiz.txt"
HEAD = "# mcalc quiz --keep: the day when it is due, its box of 5, the kind of question; topic; derivative; shapes\n"
LINE = re.compile(r"(\d{4}-\d\d-\d\d) +([1-5]) +([a-z]+) ;([^;]*);(.*) ; ([^\n]*)")
OWN = "own"
"""What stands for the topic of a derivative of one's own."""


class Card(NamedTuple):
    """A question that was missed: the day when it is due, its box, and what is asked."""

    due: date
    box: int
    kind: str
    task: Task

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the question that it is."""
        return self.kind, self.task.statement, self.task.where

    def __str__(self) -> str:
        task = self.task
        return f"{self.due} {self.box} {self.kind} ; {task.topic or OWN} ; {task.statement} ; {task.where}"


class Boxes:
    """The file of what was missed. It is read anew for each answer, and replaced whole: two rounds may share it.

    Lines that begin with # are kept as they are.

    Raises:
        Mistake: `E-FILE`, where the file is not one's own, cannot be read or written, or has a line that is no
            question; then nothing is changed.
    """

    def __init__(self, path: str, today: date) -> None:
        self.path = os.path.realpath(path)
        self.today = today
        self.read()

    def read(self) -> list[str | Card]:
        """Return the lines of the file; those that are no comments as questions."""
        if not os.path.lexists(self.path):
            return []
        with open_to_read(self.path, own=True) as stream:
            data = stream.read(LARGEST + 1)
        try:
            lines = data.decode().removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            raise self._damaged("it is not UTF-8") from None
        if len(data) > LARGEST:
            raise self._damaged("it is larger than a mebibyte")
        return [self._card(line, number) for number, line in enumerate(lines, 1)]

    def _card(self, line: str, number: int) -> str | Card:
        if not line.strip() or line.startswith("#"):
            return line
        match = LINE.fullmatch(line.rstrip("\r"))
        damaged = self._damaged(f"line {number} is no question")
        if match is None or match[3] not in KINDS:
            raise damaged
        try:
            due = date.fromisoformat(match[1])
        except ValueError:
            raise damaged from None
        topic, statement, where = [part.strip() for part in match.groups()[3:]]
        return Card(due, int(match[2]), match[3], Task("" if topic == OWN else topic, statement, where))

    def _damaged(self, reason: str) -> Mistake:
        hint = "mend it, or move the file away; nothing in it was changed"
        return Mistake("E-FILE", f"cannot read {self.path}: {reason}", hint=hint)

    @property
    def cards(self) -> list[Card]:
        """All questions that are kept, those that are due first at the beginning."""
        return sorted([card for card in self.read() if isinstance(card, Card)], key=lambda card: card.due)

    @property
    def due(self) -> list[tuple[str, Task]]:
        """The questions that are due, with their kinds."""
        return [(card.kind, card.task) for card in self.cards if card.due <= self.today]

    def note(self, kind: str, task: Task, *, missed: bool) -> None:
        """Take down whether a question was missed; one that never was is not kept."""
        lines = self.read()
        wanted = (kind, task.statement, task.where)
        place, old = next(
            ((k, one) for k, one in enumerate(lines) if isinstance(one, Card) and one.key == wanted), (len(lines), None)
        )
        if not missed and (old is None or old.due > self.today):
            return  # asked again before its day, that it is right says nothing
        box = 1 if missed or old is None else old.box + 1
        new = [Card(self.today + timedelta(DAYS[box - 1]), box, kind, task)] if box <= len(DAYS) else []
        head = "" if lines else HEAD
        lines[place : place + 1] = new
        text = "".join([f"{line}\n" for line in lines])
        try:
            write_privately(self.path, f"{head}{text}".encode())
        except OSError as trouble:
            raise Mistake("E-FILE", f"cannot write {self.path}: {trouble.strerror}") from None
