"""The paper's derivations name the same intermediate variables and the same rules, in the paper's order.

What the paper names is written down in golden/paper_steps.txt, with the deviations and the reason for each; how a whole
derivation reads is in golden/derivations.txt.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from mcalc.api import derive
from mcalc.steps import Steps

FOLDER = Path(__file__).parent / "golden"
INTERMEDIATE = 1


class Told:
    """A derivation of the paper: what is differentiated, and what it has to name."""

    def __init__(self, head: str) -> None:
        self.title, self.where, self.expr, wrt, *mode = [cell.strip() for cell in head.split(" | ")]
        self.wrt = wrt.split(", ")
        self.mode = mode[0] if mode else "auto"
        self.names: list[str] = []
        self.rules: list[str] = []
        self.equations: list[str] = []

    def steps(self) -> Steps:
        return derive(self.expr, wrt=self.wrt, where=self.where, mode=self.mode).steps


def derivations() -> list[Told]:
    found: list[Told] = []
    for line in (FOLDER / "paper_steps.txt").read_text(encoding="utf-8").splitlines():
        word, _, text = line.strip().partition(" ")
        if not line or line.startswith("#"):
            continue
        if not line.startswith(" "):
            found.append(Told(line))
        elif word == "names":
            found[-1].names = text.split(" ;; ")
        elif word == "rules":
            found[-1].rules = text.split(", ")
        elif word == "=":
            found[-1].equations.append(text)
        else:
            assert word == "instead", line
    return found


def missing(wanted: Iterable[str], text: str) -> list[str]:
    """Return what is not found in a text in the order wanted."""
    place = 0
    absent: list[str] = []
    for one in wanted:
        at = text.find(one, place)
        if at < 0:
            absent.append(one)
        else:
            place = at + len(one)
    return absent


@pytest.mark.parametrize("told", derivations(), ids=lambda told: told.title)
def test_the_paper_derivation_names_its_intermediates_and_rules_in_its_order(told: Told) -> None:
    steps = told.steps()
    if told.names:
        assert [str(step) for step in steps if step.part == INTERMEDIATE] == told.names
    assert missing(told.rules, "\n".join([step.rule for step in steps])) == []
    assert missing(told.equations, steps.text("full") + "\n") == []


def test_every_derivative_of_the_paper_is_among_them() -> None:
    told = {(one.expr, ", ".join(one.wrt)) for one in derivations()}
    lines = (FOLDER / "paper.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines if line and not line.startswith("#")]
    wanted = {(row[2], row[3]) for row in rows if row[0][0] in "23456"}
    assert len(wanted) > 90
    assert wanted - told == set()
