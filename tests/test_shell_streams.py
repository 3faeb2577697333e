"""Scripts of -e, where runs stop, when results go out, and the clock."""

from __future__ import annotations

import io
import time

import pytest

from mcalc.errors import Mistake
from mcalc.limits import set_limits
from mcalc.shell.batch import lines, raw_lines
from mcalc.shell.command_line.jobs import Bar
from mcalc.shell.output import Output
from mcalc.shell.run import Run
from mcalc.shell.settings import Settings
from mcalc.shell.signals import Clock
from tests.conftest import Mcalc

pytestmark = pytest.mark.flaky(reruns=2)
"""A terminal or a signal may come late on a busy machine."""


class _Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def test_a_script_of_arguments_is_run_line_by_line_before_files(mcalc: Mcalc) -> None:
    assert mcalc("-e", "x: R^n", "-e", "d/dx x·x").out == "2 xᵀ\n"
    assert mcalc("-e", "x: R^n", "-e", "-x", "-", stdin="d/dx x·x\n").lines == ["-x", "2 xᵀ"]
    assert mcalc("-e", "(1 +", "-e", " 2) x", stdin=None).out == "3 x\n"
    done = mcalc("-e", "x", "-e", "2 +* 3")
    assert done.code == 1
    assert done.err.startswith("-e:2:4: error[E-SYNTAX]")


def test_a_run_stops_at_the_first_mistake_where_that_is_wanted(mcalc: Mcalc) -> None:
    done = mcalc("--fail-fast", stdin="x; (; y\nz\n")
    assert (done.code, done.out) == (1, "x\n")
    assert done.err.splitlines()[-1] == "mcalc: 1 of 2 statements had a mistake; the rest was not run"


def test_a_result_that_is_remembered_has_its_own_line_in_a_record(mcalc: Mcalc) -> None:
    done = mcalc("--to", "json", stdin="d/dx x^2\n\nd/dx x^2\nx = 3\nx\n")
    first, second, *_ = done.lines
    assert second == first.replace('"line":1', '"line":3')
    assert '"text":"3"' in done.lines[-1]


def test_results_go_out_before_input_is_waited_for_and_before_a_statement_is_worked_out() -> None:
    out = io.BytesIO()
    flushed: list[int] = []
    out.flush = lambda: flushed.append(len(out.getvalue()))  # type: ignore[method-assign]
    output = Output(out, None)
    run = Run(Settings(), output)
    for line in lines(io.BytesIO(b"x\nx\nx\ny\n"), None, output.flush):
        run.line(line, "<stdin>")
    assert flushed == [2, 6, 8]


def test_lines_are_cut_where_blocks_end() -> None:
    data = b"a" * 40_000 + b"\n" + b"b\n" * 20_000 + b"c"
    assert [raw for raw, _, _ in raw_lines(io.BytesIO(data), 1 << 20, lambda: None)] == data.split(b"\n")
    assert all(data[start:].startswith(raw) for raw, start, _ in raw_lines(io.BytesIO(data), 10, lambda: None))


def busy() -> None:
    until = time.process_time() + 10
    while time.process_time() < until:
        pass


def test_a_statement_that_takes_too_long_is_a_limit() -> None:
    before = set_limits({"time": 1})
    try:
        clock = Clock()
        clock.seconds = 0.05  # type: ignore[assignment]
        with pytest.raises(Mistake) as caught:
            clock.within(busy)
        assert caught.value.code == "E-LIMIT"
        assert "--limit time=N" in caught.value.hint
        assert clock.within(lambda: 3) == 3
    finally:
        set_limits(before)


def test_a_bar_is_drawn_for_files_and_makes_room_for_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setattr("mcalc.shell.command_line.jobs.PATIENCE", 0)
    output = Output(None, _Terminal())
    with Bar({"a.mc": 10}, output) as bar:
        bar("b.mc", 5)
        assert not err.getvalue()
        bar("a.mc", 5)
        assert "50%" in err.getvalue()
        output.message("said")
        bar.draw()
    assert output.before_message is None
