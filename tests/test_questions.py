"""What people type is what is derived, or it is refused: never something else."""

from __future__ import annotations

import pytest

from tests.questions import Question, questions

REFUSED = {"sin x cos x", "sum(w*x)", "norm(x, 1)", "-sum_k y_k log softmax(z)_k"}
"""What a person could have meant in one way only, and is refused all the same."""


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.asked)
def test_a_question_is_read_as_it_was_meant_or_refused(question: Question) -> None:
    wrong = question.wrong()
    assert wrong.startswith("refused") if question.asked in REFUSED else not wrong
