"""Questions as people type them, nothing declared, beside the same question with nothing left open.

`python -m tests.questions` prints those that are not read as meant, `python -m tests.questions PATTERN` some of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
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

    def changed(self, spelling: str) -> str:
        """Return what another spelling is read as, where it is read at all, and not as this one; else nothing."""
        other = SPELLINGS[spelling](self.asked).replace("BY", self.by)
        if other == self.asked or ("BY" in SPELLINGS[spelling](self.asked) and not self.by):
            return ""
        first, answer = self.answer(), Question(other, "" if other.startswith("d/d") else self.by, [], True).answer()
        if isinstance(answer, Mistake):
            return ""
        if not isinstance(first, Mistake) and (_unsized(answer.text) == _unsized(first.text) or alike(answer, first)):
            return ""
        return f"{other}: {answer.text}"

    def otherwise_where(self, declared: str) -> bool:
        """Say whether the answer is another one where what mcalc assumed is declared, or none."""
        first = self.answer()
        try:
            answer = derive(self.asked, wrt=self.by or None, where=declared)
        except Mistake:
            return True
        return isinstance(first, Mistake) or not (answer.text == first.text or alike(answer, first))

    def wrong(self) -> str:
        """Return what mcalc answered where that is not what was meant; empty where it is."""
        answer = self.answer()
        if isinstance(answer, Mistake):
            return "" if self.refused else f"refused: {str(answer).splitlines()[0]}"
        for text, where in self.meant:
            if alike(answer, derive(text, wrt=self.by if "d/d" not in text else None, where=where)):
                return ""
        return answer.text


def _unsized(text: str) -> str:
    """Return an answer without the letters that are given to sizes."""
    return re.sub(r"\b[nmkpqr]\b", "n", text)


def _is_formula(text: str) -> bool:
    """Say whether a question is nothing but a formula, which brackets and derivatives may stand around."""
    said = re.search(
        r"[=;$,:?]|where|[A-Za-z]{4,} [A-Za-z]{2,}|[dD∂]\S*/|∇|->|<-|[<>]|lambda|\\(?:nabla|frac\{d|frac\{\\partial)",
        text,
    )
    return said is None and re.search(r"\bby\b|\bfor\b|\bin\b|min|max_|\(A sym", text) is None


def _respelled(pattern: str, written: str, *, latex: bool | None = None) -> Callable[[str], str]:
    """Return what writes a part of a question in another way; questions in LaTeX, or in plain notation, alone."""
    return lambda text: text if latex is not None and latex != ("\\" in text) else re.sub(pattern, written, text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "raised T": _respelled("ᵀ", "^T"),
    "double bars": _respelled(r"\|\|", "‖", latex=False),
    "Σ": _respelled(r"(?<![A-Za-z])sum_(?=[\w{])", "Σ_", latex=False),
    "brackets": lambda text: f"({text})" if _is_formula(text) else text,
    "braces": _respelled(r"_(\w)(?![\w{])", r"_{\1}", latex=True),
    "a raised T in braces": _respelled(r"\^\\top|\^T(?![a-z])", "^{T}", latex=True),
    "an equation": _respelled(r"^([^$\[]*)$", r"\\begin{equation} \1 \\end{equation}", latex=True),
    "dfrac": _respelled(r"\\frac", r"\\dfrac", latex=True),
    "the prime of print": lambda text: text if "''" in text or '"' in text else text.replace("'", "′"),
    "blanks of pages": lambda text: text.replace(" ", "\u00a0"),
    "tabs": lambda text: text.replace(" ", "\t"),
    "wide blanks": lambda text: text.replace(" ", "  "),
    "a derivative": lambda text: f"d/dBY ({text})" if _is_formula(text) and "\\" not in text else text,
}
"""Other spellings of a question, which mean the same; BY stands for what is differentiated by."""


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
