"""Pages on the command line: a file, standard input, an argument; text, records, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Mcalc

PAGE = "u = x^2\ny = sin(u)\ndy/du = cos(u)\ndy/dx = dy/du du/dx\n= x cos(x^2)\n= 2x cos(x^2)\n"


def test_a_page_is_judged_line_by_line_and_as_a_whole(mcalc: Mcalc, tmp_path: Path) -> None:
    done = mcalc("check", stdin=PAGE)
    assert done.code == 3
    assert [line.partition(":")[0] for line in done.lines[:-1]] == ["line 3", "line 4", "line 5", "line 6"]
    assert done.lines[-1] == "your last line is right; line 5 does not hold"
    file = tmp_path / "page.txt"
    file.write_text(PAGE, encoding="utf-8")
    assert mcalc("check", str(file)).out == done.out
    assert mcalc("check", PAGE).out == done.out


def test_on_a_terminal_each_line_stands_with_its_verdict(mcalc: Mcalc) -> None:
    done = mcalc("check", PAGE, terminal=True)
    assert [line[0] for line in done.lines if line[0] != " "] == ["✓", "✓", "✗", "✓", "y"]


def test_records_of_a_page_have_the_lines_and_verdicts(mcalc: Mcalc) -> None:
    records = [json.loads(line) for line in mcalc("check", "--to", "json", stdin=PAGE).lines]
    assert [(r["line"], r["verdict"]) for r in records] == [(3, "equal"), (4, "equal"), (5, "not-equal"), (6, "equal")]


def test_a_mistake_on_a_page_is_told_with_its_line(mcalc: Mcalc, tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("u = x^2\ndu/dx = 2 +) x\n", encoding="utf-8")
    done = mcalc("check", str(file))
    assert done.code == 1
    assert f"{file}:2:" in done.err


def test_what_is_no_page_is_checked_as_a_stream(mcalc: Mcalc) -> None:
    done = mcalc("check", stdin=b"d/dx x^2 = 2x\n\xff\nd/dx x^2 = 3x\n")
    assert done.code == 1
    assert [line.partition(":")[0] for line in done.lines] == ["equal", "not equal"]
