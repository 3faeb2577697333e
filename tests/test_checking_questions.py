"""Questions for practice: of every section, readable, with an answer, and the same for the same seed."""

from __future__ import annotations

import pytest

import mcalc
from mcalc.checking.questions import LEVELS, TEMPLATES, Questions, sections


@pytest.mark.parametrize("section", TEMPLATES)
def test_every_question_has_an_answer_that_is_right(section: str) -> None:
    questions = Questions([section], seed=1)
    for level in range(LEVELS):
        for _ in range(4):
            question = questions.next(level)
            answer = mcalc.derive(question.expression, wrt=question.wrt, where=question.where)
            verdict = mcalc.check(f"{question.statement} = {answer.text}", where=question.where)
            assert verdict.verdict == "equal", f"{question.statement} = {answer.text}: {verdict}"
            assert len(answer.steps) > 0


def test_a_section_stands_for_those_inside_it_and_none_for_all() -> None:
    assert sections("4") == ["4.1", "4.2", "4.3", "4.4", "4.5.1", "4.5.2", "4.5.3"]
    assert sections("§4.5.1") == ["4.5.1"]
    assert sections(None) == list(TEMPLATES)
    with pytest.raises(mcalc.Mistake):
        sections("7")


def test_the_same_seed_asks_the_same() -> None:
    one, other = [[Questions(sections(None), seed).next(0).statement for _ in range(2)] for seed in (4, 4)]
    assert one == other
