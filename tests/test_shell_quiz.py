"""Practice at a prompt and from a pipe: questions, judged answers, hints, what is kept, and a summary in one line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Mcalc

OWN = ("d/dx (x^2 sin(x))", "--seed", "1")


def ask(mcalc: Mcalc, *lines: str, of: tuple[str, ...] = OWN) -> list[str]:
    done = mcalc("quiz", *of, stdin="\n".join(lines) + "\n")
    assert done.code == 0
    assert done.err == ""
    return done.lines


def test_a_right_answer_ends_a_question_and_a_wrong_one_is_told_why(mcalc: Mcalc) -> None:
    assert ask(mcalc, "2x sin(x) + x^2 cos(x)", ":quit") == [
        "1 · x ∈ ℝ",
        "  What is the derivative?",
        "  d/dx (x² sin(x)) = ?",
        "right: 2 x sin(x) + x² cos(x)",
        "",
        "2 · x ∈ ℝ",
        "  Which rule gives the right side of the last line? Type its name.",
        "  d/dx (x² sin(x)) = x² d/dx sin(x) + (d/dx x²) sin(x)",
        "1 question: 1 right at once",
    ]
    lines = ask(mcalc, "4x sin(x) + x^2 cos(x)", "2x sin(x) + x^2 cos(x)")
    assert lines[3:5] == ["not right yet", "  the term x² cos(x) agrees"]
    assert lines[5].startswith("  likely slip: a factor")
    assert lines[-1] == "1 question: 1 right later"


def test_nothing_tells_the_answer_before_it_is_asked_for(mcalc: Mcalc) -> None:
    lines = ask(mcalc, "2x", "x^2 cos(x)", "d/dx (x^2 sin(x))", ":hint", ":hint", ":help", ":answer")
    told = next(place for place, line in enumerate(lines) if "2 x sin(x) + x² cos(x)" in line)
    assert lines[told] == "  d/dx (x² sin(x)) = 2 x sin(x) + x² cos(x)"
    assert not [line for line in lines[:told] if "2xsin(x)+x²cos(x)" in line.replace(" ", "")]
    assert lines[-1] == "1 question: 1 skipped; 2 hints"


def test_hints_say_which_rule_which_shape_and_then_the_lines(mcalc: Mcalc) -> None:
    lines = ask(mcalc, *[":hint"] * 6, ":skip", ":quit")
    assert lines[3:9] == [
        "  by these rules: product rule, sin, power rule",
        "  it is a scalar",
        "  d/dx (x² sin(x)) = x² d/dx sin(x) + (d/dx x²) sin(x)   product rule · §2",
        "  d/dx (x² sin(x)) = x² cos(x) + (2 x) sin(x)   sin, power rule · §2",
        "  d/dx (x² sin(x)) = 2 x sin(x) + x² cos(x)   open brackets",
        "  that was the last hint; :answer tells the answer",
    ]
    assert lines[-1] == "1 question: 1 skipped; 5 hints"


def test_quit_and_the_end_of_the_input_sum_up(mcalc: Mcalc) -> None:
    for words in (["quit"], [":q"], ["", "# nothing"], []):
        assert ask(mcalc, *words)[-1] == "0 questions: none answered"
    assert ask(mcalc, "skip", of=("2", "--count", "3"))[-1] == "1 question: 1 skipped; level 1 of 3"


def test_a_round_has_as_many_questions_as_were_asked_for(mcalc: Mcalc) -> None:
    lines = ask(mcalc, *["skip"] * 9, of=("--count", "4"))
    assert [line.split(" · ")[0] for line in lines if " of 4 · " in line] == [f"{k} of 4" for k in range(1, 5)]
    assert lines[-1] == "4 questions: 4 skipped; level 1 of 3"


def test_a_variable_of_the_question_comes_before_a_command(mcalc: Mcalc) -> None:
    lines = ask(mcalc, "q", of=("q^2/2", "--wrt", "q"))
    assert lines[3] == "right: q"
    assert ask(mcalc, ":q", of=("q^2/2", "--wrt", "q"))[-1] == "0 questions: none answered"


def test_what_cannot_be_read_is_a_mistake_in_what_was_typed(mcalc: Mcalc) -> None:
    done = mcalc("quiz", *OWN, stdin=b"2 x +\n:hnt\n\xff\xfe\n" + b"x" * 5000 + b"\n((((\nx^(10^9\n\x1b[31m\n?\n")
    assert done.code == 0
    assert "error[E-SYNTAX]" in done.err
    assert "  | 2 x +\n" in done.err
    assert "error[E-NAME]: there is no command :hnt" in done.err
    assert "did you mean :hint?" in done.err
    assert "error[E-LIMIT]: an answer has up to 4000 characters" in done.err
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err + done.out


def test_wrong_usage_is_told(mcalc: Mcalc) -> None:
    for argv, said in (
        (["9"], "there are no questions on 9"),
        (["matrixes"], "did you mean matrices?"),
        (["--count", "0"], "--count is 1 or more"),
        (["--count", "many"], "many"),
        (["nowhere.mc"], "nowhere.mc"),
        (["x^2 +"], "E-SYNTAX"),
        (["x y"], "by which variable?"),
        (["--steps"], "there is no option --steps here"),
    ):
        done = mcalc("quiz", *argv, stdin="")
        assert done.code in (1, 2), argv
        assert said in done.err, argv
        assert done.out == ""


def test_topics_and_files_of_ones_own_are_asked(mcalc: Mcalc, tmp_path: Path) -> None:
    assert ask(mcalc, of=("matrices",))[0].startswith("1 of 10 · matrices · ")
    assert ask(mcalc, of=("networks",))[0].startswith("1 of 10 · networks · ")
    path = tmp_path / "mine.mc"
    path.write_text("X: R^{N x n}\nw: R^n\ny: R^N\nr = X w - y\nL = 1/2 ‖r‖²\n∂/∂w L\n")
    lines = ask(mcalc, "n", "X' (X w - y)", ":skip", of=(str(path),))
    assert lines[:4] == [
        "1 · X ∈ ℝ^{N×n}; w ∈ ℝⁿ; y ∈ ℝᴺ",
        "  What is its shape, rows by columns, in the numerator layout?",
        "  ∂/∂w (1/2 ‖X w - y‖²)",
        "right: 1×n",
    ]
    assert lines[8] == "right, in the other layout; here it is (X w - y)ᵀ X"
    empty = tmp_path / "empty.mc"
    empty.write_text("x: R\n")
    assert "asks for no derivative" in mcalc("quiz", str(empty), stdin="").err


def test_a_statement_that_asks_for_something_else_when_it_stands_alone_is_refused(mcalc: Mcalc) -> None:
    for text, name in (("y where x^2 + y^2 = 1", "x"), ("d tr(A X B)", "X")):
        done = mcalc("quiz", text, "--wrt", name, stdin="0\n")
        assert done.code == 1
        assert done.out == ""
        assert "is no question by itself" in done.err


def test_a_layout_that_is_preferred_leaves_the_questions_as_they_are(
    mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCALC_LAYOUT", "denominator")
    assert ask(mcalc, "n", "x", of=("w·x", "--wrt", "w"))[8] == "right, in the other layout; here it is xᵀ"


def test_without_a_seed_a_pipe_gets_the_same_questions_in_every_process(environment: dict[str, str]) -> None:
    outs = set()
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-m", "mcalc", "quiz", "--count", "8"]
        env = {**environment, "PYTHONHASHSEED": hash_seed}
        outs.add(subprocess.run(command, input=b"skip\n" * 8, env=env, capture_output=True, check=True).stdout)
    assert len(outs) == 1


def test_in_ascii_all_is_ascii_and_a_terminal_of_sixty_columns_is_enough(
    mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = mcalc("quiz", "--seed", "2", "--count", "6", stdin=":hint\n:hint\n:answer\n" * 6, encoding="ascii")
    assert done.out.isascii()
    monkeypatch.setattr("mcalc.shell.output.terminal_width", lambda stream=None: 60)
    wide = mcalc("quiz", "--seed", "2", "--count", "6", stdin=":hint\n:hint\n:answer\n" * 6, terminal=True)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in wide.lines]
    assert max(map(len, lines)) <= 60


def test_what_was_missed_is_kept_and_comes_again(mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCALC_STATE_DIR", str(tmp_path))
    kept = tmp_path / "quiz.txt"
    assert mcalc("quiz", "2", stdin="skip\n").code == 0
    assert not kept.exists()
    tomorrow = date.today() + timedelta(1)  # noqa: DTZ011 - the user's own day, as mcalc has it
    lines = ask(mcalc, "2x", of=(*OWN, "--keep"))
    assert lines[-1] == f"0 questions: none answered; 1 to come again, the first on {tomorrow}"
    kept.write_text("2020-01-01 3 derivative ; 4.5.1 ; d/dx (sin(x^2)) ; x: R\n")
    lines = ask(mcalc, "2x cos(x^2)", of=("2", "--keep", "--count", "1"))
    assert lines[0] == "1 of 1 · again · §4.5.1 · x ∈ ℝ"
    assert kept.read_text().split()[1] == "4"
    kept.write_text("no question\n")
    done = mcalc("quiz", "--keep", stdin="skip\n")
    assert done.code == 1
    assert done.out == ""
    assert done.err == (
        f"error[E-FILE]: cannot read {kept}: line 1 is no question\n"
        "  = hint: mend it, or move the file away; nothing in it was changed\n"
    )
    assert kept.read_text() == "no question\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on Unix")
def test_an_interrupt_sums_up_and_leaves_the_file_whole(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mcalc", "quiz", "d/dx x^3", "--keep"]
    env = {**environment, "MCALC_STATE_DIR": str(tmp_path)}
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert run.stdin is not None
    assert run.stdout is not None
    run.stdin.write(b":skip\n")
    run.stdin.flush()
    for line in run.stdout:
        if line.startswith(b"2 "):
            break
    while not (tmp_path / "quiz.txt").exists() and run.poll() is None:
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert out.decode().splitlines()[-1].startswith("1 question: 1 skipped; ")
    assert err == b""
    assert (tmp_path / "quiz.txt").read_text().count(" ; d/dx x") >= 1
    assert os.listdir(tmp_path) == ["quiz.txt"]
