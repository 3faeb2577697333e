"""What there is to practise: of every topic, readable, with an answer, and the same for the same seed."""

from __future__ import annotations

import random

import pytest

import mcalc
from mcalc.practice.topics import BEYOND, LEVELS, TEMPLATES, Topics, topics


@pytest.mark.parametrize("topic", TEMPLATES)
def test_every_derivative_has_an_answer_that_is_right(topic: str) -> None:
    made = Topics([topic])
    rng = random.Random(1)
    for level in range(LEVELS):
        for _ in TEMPLATES[topic][level]:
            task = made.task(level, rng)
            answer = task.derivative
            verdict = mcalc.check(f"{task.statement} = {answer.text}", where=task.where)
            assert verdict.verdict == "equal", f"{task.statement} = {answer.text}: {verdict}"
            assert len(answer.steps) > 0


def test_a_section_stands_for_those_inside_it_and_none_for_the_paper() -> None:
    assert topics("4") == ["4.1", "4.2", "4.3", "4.4", "4.5.1", "4.5.2", "4.5.3"]
    assert topics("§4.5.1") == ["4.5.1"]
    assert topics("Matrices") == ["matrices"]
    assert topics(None) == [topic for topic in TEMPLATES if topic not in BEYOND]
    with pytest.raises(mcalc.Mistake, match=r"7"):
        topics("7")
    with pytest.raises(mcalc.Mistake) as caught:
        topics("matrixes")
    assert caught.value.hint == "did you mean matrices?"


def test_templates_that_were_used_wait_until_all_were() -> None:
    made, rng = Topics(["2"]), random.Random(3)
    for _ in TEMPLATES["2"][0]:
        made.used[made.task(0, rng).template] += 1
    assert sorted(made.used.values()) == [1] * len(TEMPLATES["2"][0])


def test_the_same_seed_gives_the_same() -> None:
    one, other = [[Topics(topics(None)).task(0, random.Random(seed)).statement for _ in range(2)] for seed in (4, 4)]
    assert one == other
