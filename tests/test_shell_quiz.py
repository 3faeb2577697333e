"""Practice from a pipe: questions, judged answers, hints, and a summary that stays here."""

from __future__ import annotations

from tests.conftest import Mcalc


def ask(mcalc: Mcalc, *lines: str, count: str = "1") -> list[str]:
    done = mcalc("quiz", "2", "--seed", "1", "--count", count, stdin="\n".join(lines) + "\n")
    assert done.code == 0
    assert done.err == ""
    return done.lines


def test_a_right_answer_ends_a_question_and_a_wrong_one_is_told_why(mcalc: Mcalc) -> None:
    answer = ask(mcalc, "answer")[1].partition(" = ")[2]
    asked, right, summary = ask(mcalc, answer)
    assert asked.endswith("x: R")
    assert right == f"right: {answer}"
    assert summary == "1 question: 1 right at once"
    lines = ask(mcalc, f"-({answer})", f"= {answer}")
    assert lines[1] == "not right yet"
    assert "likely slip: a sign" in lines[2]
    assert not [line for line in lines[:4] if answer in line.removeprefix("  ")]
    assert lines[-1] == "1 question: 1 right later"


def test_hints_are_the_steps_of_the_derivation_one_by_one(mcalc: Mcalc) -> None:
    lines = ask(mcalc, "hint", "hint", "skip")
    assert lines[1].startswith("  d/dx ")
    assert lines[1] != lines[2]
    assert lines[-1] == "1 question: 1 skipped; 2 hints"


def test_quit_and_the_end_of_the_input_sum_up(mcalc: Mcalc) -> None:
    assert ask(mcalc, "quit")[-1] == "0 questions: none answered"
    assert ask(mcalc, "", "# nothing")[-1] == "0 questions: none answered"
    assert ask(mcalc, "skip", count="3")[-1] == "1 question: 1 skipped"


def test_an_answer_that_cannot_be_read_is_a_mistake_in_what_was_typed(mcalc: Mcalc) -> None:
    done = mcalc("quiz", "2", "--seed", "1", stdin="2 x +\n")
    assert "error[E-SYNTAX]" in done.err
    assert "  | 2 x +\n" in done.err


def test_a_section_without_questions_is_wrong_usage(mcalc: Mcalc) -> None:
    done = mcalc("quiz", "9", stdin="")
    assert done.code == 2
    assert "4.5.1" in done.err
    assert mcalc("quiz", "--count", "0", stdin="").code == 2


def test_without_a_seed_a_pipe_gets_the_same_questions_each_time(mcalc: Mcalc) -> None:
    assert mcalc("quiz", stdin="skip\n" * 3).out == mcalc("quiz", stdin="skip\n" * 3).out
