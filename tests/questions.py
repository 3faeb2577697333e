"""Questions as people type them, nothing declared, beside the same question with nothing left open.

`python -m tests.questions` prints those that are not read as meant, `python -m tests.questions PATTERN` some of them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mcalc.api import derive
from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from tests.values import agree, random_values, variables

FILE = Path(__file__).parent / "golden" / "questions.txt"
SIZES = {"n": 3, "m": 4, "k": 2, "l": 5, "N": 6, "K": 3}


class Question(NamedTuple):
    """What was asked, by which variable, and what was meant: readings, declared, and whether a refusal is right."""

    asked: str
    by: str
    meant: list[tuple[str, str]]
    refused: bool

    def answer(self) -> Derivative | Mistake:
        """Return mcalc's answer, nothing declared."""
        try:
            return derive(self.asked, wrt=self.by or None)
        except Mistake as mistake:
            return mistake

    def wrong(self) -> str:
        """Return what mcalc answered where that is not what was meant; empty where it is."""
        answer = self.answer()
        if isinstance(answer, Mistake):
            return "" if self.refused else f"refused: {str(answer).splitlines()[0]}"
        for text, where in self.meant:
            if alike(answer, derive(text, wrt=self.by if "d/d" not in text else None, where=where)):
                return ""
        return answer.text


def alike(got: Derivative, meant: Derivative) -> bool:
    """Say whether two derivatives are written alike, or have the same value where one has."""
    if got.text == meant.text:
        return True
    drawn = random_values(meant.expr, np.random.default_rng(7), SIZES)
    values = {node.attr[0]: drawn[node.attr[0]] for node in variables(meant.expr)}
    try:
        return agree(got.evaluate(values), meant.evaluate(values))
    except Mistake:
        return False


def questions() -> list[Question]:
    """Return the questions of the file."""
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            asked, by, *readings = [cell.strip() for cell in line.split(";;")]
            meant = [tuple(cell.split(" where ")) for cell in readings if cell != "refuse"]
            found.append(Question(asked, by, [(text, where) for text, where in meant], "refuse" in readings))
    return found


def main() -> None:
    pattern = sys.argv[1] if len(sys.argv) > 1 else ""
    asked = [question for question in questions() if re.search(pattern, question.asked)]
    said = {question.asked: question.wrong() for question in asked}
    for text, wrong in said.items():
        if wrong:
            print(f"{text}\n    {wrong}")
    read_as_else = sum(bool(wrong) and not wrong.startswith("refused") for wrong in said.values())
    print(
        f"{len(asked)} questions: {sum(not w for w in said.values())} as meant, {read_as_else} read as something else"
    )


if __name__ == "__main__":
    main()
