"""What was missed: kept in a file of text that is one's own, moved from box to box, and never lost."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from mcalc.errors import Mistake
from mcalc.practice.boxes import DAYS, HEAD, Boxes
from mcalc.practice.topics import Task

TODAY = date(2026, 3, 1)
TASK = Task("4.2", "∂/∂w (w .* x)", "w, x: R^n")
OTHER = Task("", "d/dx ([x^2; sin(x)])", "x: R")


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if not line.startswith("#")]


def test_what_was_missed_comes_again_and_waits_longer_each_time_it_is_right(tmp_path: Path) -> None:
    path = tmp_path / "new" / "quiz.txt"
    day = TODAY
    Boxes(str(path), day).note("derivative", TASK, missed=True)
    assert path.read_text().startswith(HEAD)
    assert lines(path) == ["2026-03-02 1 derivative ; 4.2 ; ∂/∂w (w .* x) ; w, x: R^n"]
    for box, days in enumerate(DAYS, 1):
        assert Boxes(str(path), day).due == []
        day += timedelta(days)
        [(kind, task)] = Boxes(str(path), day).due
        assert (kind, task.statement, task.where, task.topic) == ("derivative", TASK.statement, TASK.where, "4.2")
        Boxes(str(path), day).note(kind, task, missed=False)
        assert [line.split()[1] for line in lines(path)] == ([str(box + 1)] if box < len(DAYS) else [])


def test_a_miss_leads_back_to_the_first_box_and_other_kinds_of_a_question_are_other_questions(tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    path.write_text("2026-02-01 4 shape ; 4.2 ; ∂/∂w (w .* x) ; w, x: R^n\n")
    boxes = Boxes(str(path), TODAY)
    boxes.note("derivative", TASK, missed=True)
    boxes.note("shape", TASK, missed=True)
    assert [line.split(" ; ")[0] for line in lines(path)] == ["2026-03-02 1 shape", "2026-03-02 1 derivative"]


def test_what_was_never_missed_is_not_kept_and_what_is_not_due_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    boxes = Boxes(str(path), TODAY)
    boxes.note("derivative", TASK, missed=False)
    assert not path.exists()
    boxes.note("derivative", OTHER, missed=True)
    before = path.read_bytes()
    boxes.note("derivative", OTHER, missed=False)
    assert path.read_bytes() == before
    assert boxes.cards[0].task.statement == OTHER.statement
    assert boxes.cards[0].task.topic == ""


def test_lines_of_ones_own_that_begin_with_a_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    path.write_text("# mine\n\n2026-02-01 1 shape ; own ; d/dx (x^2) ; x: R\r\n# at the end")
    Boxes(str(path), TODAY).note("shape", Task("", "d/dx (x^2)", "x: R"), missed=False)
    assert path.read_text() == "# mine\n\n2026-03-04 2 shape ; own ; d/dx (x^2) ; x: R\n# at the end\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-30 1 shape ; 2 ; d/dx (x) ; x: R\n", "line 1 is no question"),
        ("# fine\n2026-02-01 9 shape ; 2 ; d/dx (x) ; x: R\n", "line 2 is no question"),
        ("2026-02-01 1 smell ; 2 ; d/dx (x) ; x: R\n", "line 1 is no question"),
        ("2026-02-01 1 shape ; 2 ; d/dx (x)", "line 1 is no question"),
        ("half a li", "line 1 is no question"),
        ("\x00\x00", "line 1 is no question"),
        ("# " + "x" * (1 << 20), "it is larger than a mebibyte"),
    ],
)
def test_a_damaged_file_is_told_of_and_left_as_it_is(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    path.write_text(text)
    with pytest.raises(Mistake, match=said) as caught:
        Boxes(str(path), TODAY)
    assert caught.value.code == "E-FILE"
    assert path.read_text() == text


def test_a_file_that_is_damaged_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    boxes = Boxes(str(path), TODAY)
    path.write_bytes(b"\xff\xfe\n")
    with pytest.raises(Mistake, match="it is not UTF-8"):
        boxes.note("derivative", TASK, missed=True)
    assert path.read_bytes() == b"\xff\xfe\n"
    assert os.listdir(tmp_path) == ["quiz.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="the folder of the user is closed to others there")
def test_the_file_is_for_the_user_alone_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path = tmp_path / "state" / "quiz.txt"
    Boxes(str(path), TODAY).note("derivative", TASK, missed=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    Boxes(str(link), TODAY).note("shape", TASK, missed=True)
    assert link.is_symlink()
    assert len(lines(path)) == 2
    path.chmod(0o666)
    with pytest.raises(Mistake, match="others may write it"):
        Boxes(str(path), TODAY)
    with pytest.raises(Mistake, match="it is a folder"):
        Boxes(str(tmp_path), TODAY)


def test_two_rounds_at_once_keep_what_both_missed(tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    one, other = Boxes(str(path), TODAY), Boxes(str(path), TODAY)
    one.note("derivative", TASK, missed=True)
    other.note("derivative", OTHER, missed=True)
    assert len(lines(path)) == 2
