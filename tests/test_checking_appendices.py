"""Derivations pasted from the appendix of a paper: each line is judged, and a wrong one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mcalc import check

GOLDEN = Path(__file__).parent / "golden" / "appendices.txt"


class Derivation:
    """A derivation, and the changes that make one of its lines wrong."""

    def __init__(self, block: str) -> None:
        head, _, text = block.partition("\n--\n")
        self.name, *lines = head.split("\n")
        self.text = text.rstrip("\n")
        self.where = next(line.removeprefix("where ") for line in lines if line.startswith("where "))
        self.verdict = "other-layout" if "layout other" in lines else "equal"
        found = [re.fullmatch(r"step (\d): (.+) -> (.+)", line) for line in lines]
        self.wrong = [(int(m[1]), m[2], m[3]) for m in found if m is not None]

    def __repr__(self) -> str:
        return self.name


DERIVATIONS = [Derivation(block) for block in re.split(r"(?m)^== ", GOLDEN.read_text("utf-8"))[1:]]


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=repr)
def test_each_line_of_a_derivation_is_judged(derivation: Derivation) -> None:
    verdict = check(derivation.text, where=derivation.where)
    assert verdict.verdict == derivation.verdict, verdict.text
    assert derivation.wrong
    for step, right, wrong in derivation.wrong:
        assert right in derivation.text
        head, _, tail = derivation.text.rpartition(right)
        found = check(head + wrong + tail, where=derivation.where)
        assert found.verdict == "not-equal", (right, found.text)
        assert re.search(rf"\bstep {step}\b", found.text), (right, found.text)
