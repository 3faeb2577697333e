"""What people type is what is derived, or it is refused: never something else."""

from __future__ import annotations

import pytest

from tests.questions import Question, questions


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.asked)
def test_a_question_is_read_as_it_was_meant_or_refused(question: Question) -> None:
    assert not question.wrong()
