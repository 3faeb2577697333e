"""Problems of matrix calculus: right by value, in matrix form where there is one, as short as a person writes them."""

from __future__ import annotations

import pytest

from tests.problems import Problem, problems, slips

PROBLEMS = problems()


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_answer_is_right_and_as_short_as_a_person_writes_it(problem: Problem) -> None:
    assert slips(problem) == []


def test_there_are_many_problems_and_few_may_be_longer() -> None:
    assert len(PROBLEMS) >= 150
    assert sum([bool(problem.reason) for problem in PROBLEMS]) <= len(PROBLEMS) / 20
