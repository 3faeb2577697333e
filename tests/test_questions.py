"""What people type is what is derived, or it is refused: never something else."""

from __future__ import annotations

import pytest

from mcalc.derivative import Derivative
from tests.questions import SPELLINGS, Question, questions


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.asked)
def test_a_question_is_read_as_it_was_meant_or_refused(question: Question) -> None:
    assert not question.wrong()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_question_in_another_spelling_is_read_alike_or_refused(spelling: str) -> None:
    assert not [changed for question in questions() if (changed := question.changed(spelling))]


def test_other_spellings_change_the_questions() -> None:
    respelled = [other(question.asked) != question.asked for question in questions() for other in SPELLINGS.values()]
    assert sum(respelled) > 1000


def test_what_was_assumed_may_be_declared_and_changes_nothing() -> None:
    answers = [(question, question.answer()) for question in questions()]
    told = [(question, answer) for question, answer in answers if isinstance(answer, Derivative) and answer.assumed]
    told = [pair for pair in told if "⊗ I" not in pair[0].asked]  # of declared matrices that is entry by entry
    assert len(told) > 700
    assert not [question.asked for question, answer in told if question.otherwise_where("; ".join(answer.assumed))]
