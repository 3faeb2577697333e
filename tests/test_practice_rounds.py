"""Rounds of practice: questions that take their own answers, tell none, and come once; levels that rise and fall."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from mcalc.practice.rounds import AT_ONCE, GIVEN_UP, KINDS, LATER, Round
from mcalc.practice.topics import LEVELS, TEMPLATES, Task, Topics
from mcalc.shell.quiz import rule_called
from tests.quiz import judge_seed


@pytest.mark.parametrize("seed", range(4))
def test_each_question_takes_its_own_answer_tells_it_nowhere_and_stands_once_in_its_round(seed: int) -> None:
    assert judge_seed(seed, Counter()) == []


def row(source: Topics | list[Task], seed: int, count: int, due: list[tuple[str, Task]] | None = None) -> list[str]:
    made = Round(source, seed, rule_called, due or [])
    found = [made.next() for _ in range(count)]
    return [f"{one.kind}: {one.question}" if one is not None else "" for one in found]


def test_the_same_seed_asks_the_same_and_another_one_other_questions() -> None:
    assert row(Topics(list(TEMPLATES)), 3, 6) == row(Topics(list(TEMPLATES)), 3, 6)
    assert row(Topics(list(TEMPLATES)), 3, 6) != row(Topics(list(TEMPLATES)), 4, 6)


def test_six_questions_are_of_all_kinds_where_the_topic_has_them() -> None:
    made = Round(Topics(["2", "4.1", "4.5.3"]), 1, rule_called)
    kinds = [one.kind for one in (made.next() for _ in range(6)) if one is not None]
    assert set(kinds) == set(KINDS)


def test_the_level_rises_with_right_answers_and_falls_with_skipped_ones() -> None:
    made = Round(Topics(["2"]), 1, rule_called)
    seen = []
    for came in (AT_ONCE, AT_ONCE, AT_ONCE, LATER, AT_ONCE, AT_ONCE, AT_ONCE, AT_ONCE, GIVEN_UP, GIVEN_UP, GIVEN_UP):
        made.note(came)
        seen.append(made.level)
    assert seen == [0, 1, 1, 1, 1, 2, 2, 2, 1, 0, 0]
    assert max(seen) == LEVELS - 1


def test_what_is_due_comes_first_and_what_cannot_be_asked_is_passed_over() -> None:
    due = [("derivative", Task("2", "d/dx (nonsense(", "x: R")), ("shape", Task("4.2", "∂/∂w (w .* x)", "w, x: R^n"))]
    made = Round(Topics(["2"]), 1, rule_called, due)
    first = made.next()
    assert first is not None
    assert (first.kind, first.answer, made.is_due) == ("shape", "n×n", True)
    made.next()
    assert not made.is_due


def test_of_what_is_due_a_derivative_is_asked_about_once() -> None:
    one = Task("4.5.1", "d/dx (sin(x^2))", "x: R")
    asked = row([one], 1, 4, [("wrong", one), ("derivative", one), ("shape", Task("", "∂/∂x (x)", "x: R^n"))])
    assert [text.partition(":")[0] for text in asked] == ["wrong", "shape", "", ""]


def test_of_ones_own_derivative_no_question_tells_the_answer_of_a_later_one() -> None:
    task = Task("", "∂/∂x (||A x - b||^2)", "A: R^{m x n}; x: R^n; b: R^m")
    asked = row([task], 1, 6)
    kinds = [one.partition(":")[0] for one in asked if one]
    assert kinds == [kind for kind in KINDS if kind in kinds]
    assert {"shape", "derivative", "wrong"} <= set(kinds)
    assert asked[-1] == ""
    assert not any([task.derivative.text in one for one in asked[: kinds.index("derivative") + 1]])


def test_a_topic_that_is_used_up_ends_the_round() -> None:
    asked = row(Topics(["5"]), 1, 12)
    questions = [one for one in asked if one]
    assert len(questions) == sum([len(level) for level in TEMPLATES["5"]])
    assert len({one.splitlines()[-1] for one in questions}) == len(questions)


def test_levels_have_questions_of_every_kind_that_differ() -> None:
    rng = random.Random(0)
    made = {Topics(["4.5.1"]).task(level, rng).statement for level in range(LEVELS)}
    assert len(made) == LEVELS
