"""Lines of a script that say how the results after them are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Mcalc
from tests.test_shell_repl import Session

SCRIPT = """\
x: R^n; A: R^{n x n}
d/dx (x · x)
  # mcalc: layout denominator
d/dx (x · x)
d/dx A x
# mcalc: layout=numerator
# mcalc: this one is a comment
d/dx (x · x)
"""
RESULTS = ["2 xᵀ", "2 x", "Aᵀ", "2 xᵀ"]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "s.mc"
    path.write_text(SCRIPT, "utf-8")
    return path


@pytest.mark.parametrize("options", [(), ("--jobs", "2")])
def test_results_after_a_directive_are_written_as_it_says(mcalc: Mcalc, script: Path, options: tuple[str, ...]) -> None:
    assert mcalc("run", str(script), *options).out.splitlines() == RESULTS


def test_an_option_of_the_command_line_stands_above_a_directive(mcalc: Mcalc, script: Path) -> None:
    assert mcalc("run", str(script), "--layout", "numerator").out.splitlines() == ["2 xᵀ", "2 xᵀ", "A", "2 xᵀ"]


def test_a_directive_that_is_wrong_is_told_with_its_line_and_changes_nothing(mcalc: Mcalc) -> None:
    done = mcalc(stdin="x: R^n\n# mcalc: layout rows\nd/dx x · x\n")
    assert (done.code, done.out) == (1, "2 xᵀ\n")
    assert "<stdin>:2" in done.err
    assert "numerator, denominator" in done.err


def test_what_is_known_of_a_repeated_statement_is_forgotten_at_a_directive(mcalc: Mcalc) -> None:
    text = "x: R^n\nd/dx x · x\nd/dx x · x\n# mcalc: layout denominator\nd/dx x · x\n"
    assert mcalc(stdin=text).out.splitlines() == ["2 xᵀ", "2 xᵀ", "2 x"]


def test_a_session_with_its_options_is_saved_run_and_loaded_again(mcalc: Mcalc, tmp_path: Path) -> None:
    path = tmp_path / "session.mc"
    session = Session()
    session.type("x: R^n", "d/dx x · x", ":set layout denominator", "d/dx x · x", f":save {path}")
    assert mcalc("run", str(path)).out.splitlines() == ["2 xᵀ", "2 x"]
    other = Session()
    assert "2 xᵀ" in other.type(f":load {path}")
    assert "2 x\n" in other.type("d/dx x · x")  # the layout is that of the session which was saved
    path.write_text("# mcalc: layout numerator\nsqt(x)\n", "utf-8")
    other.type(f":load {path}")
    assert "2 x\n" in other.type("d/dx x · x")  # nothing of a file with a mistake in it is kept
