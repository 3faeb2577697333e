"""What people type is what is derived, or it is refused: never something else."""

from __future__ import annotations

import pytest

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
