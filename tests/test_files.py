"""Files that are opened to be read: nothing waits for ever, whatever a name stands for."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from pathlib import Path

import pytest

from mcalc.errors import Mistake
from mcalc.files import open_to_read
from mcalc.shell.batch import lines
from mcalc.shell.output import Output
from mcalc.shell.repl.command_table import make_desk, take
from tests.conftest import Mcalc

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")


def test_a_pipe_is_read_only_where_one_is_meant(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Mistake, match="no ordinary file"):
        open_to_read(str(pipe))
    writer = threading.Thread(target=pipe.write_bytes, args=(b"x^2\nx^3\n",))
    writer.start()
    with open_to_read(str(pipe), pipes=True) as stream:
        assert stream.read() == b"x^2\nx^3\n"
    writer.join()


def test_a_pipe_is_read_though_its_writer_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcalc.files.PATIENCE", 0.05)
    ours, theirs = os.pipe()

    def write() -> None:
        os.write(theirs, b"late")
        os.close(theirs)

    late = threading.Timer(0.2, write)
    late.start()
    with open_to_read(f"/dev/fd/{ours}", pipes=True) as stream:
        assert stream.read() == b"late"
    late.join()
    os.close(ours)


@pytest.mark.parametrize(
    ("name", "said"),
    [("pipe", "nobody writes"), ("/dev/zero", "device"), ("/dev/full", "device"), (".", "folder"), ("a\0b", "null")],
)
def test_what_may_never_end_is_told_at_once(
    mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mcalc.files.PATIENCE", 0.05)
    os.mkfifo("pipe")
    for command in (["run", name], ["diff", "x", "--wrt", "x", "--macros", name]):
        ran = mcalc(*command)
        assert ran.code in (1, 2)
        assert "E-FILE" in ran.err
        assert said in ran.err


def test_a_pipe_that_nobody_reads_is_told_at_once_and_one_that_is_read_is_written(
    mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcalc.files.PATIENCE", 0.05)
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    for more in ([], ["--force"]):
        ran = mcalc("diff", "x^2", "--wrt", "x", "-o", pipe, *more)
        assert ran.code == 1
        assert "E-FILE" in ran.err
        assert "nobody reads from it" in ran.err
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert mcalc("diff", "x^2", "--wrt", "x", "-o", pipe).code == 0
    assert os.read(reader, 100) == b"2 x\n"
    os.close(reader)


def test_the_empty_device_is_an_empty_file() -> None:
    with open_to_read(os.devnull, pipes=True) as stream:
        assert stream.read() == b""


def test_a_line_without_end_is_told_at_the_limit() -> None:
    class Endless:
        taken = 0

        def read(self, count: int) -> bytes:
            self.taken += count
            assert self.taken < 1 << 20
            return b"x" * count

    first = next(lines(Endless(), 1000))
    assert first.mistake is not None
    assert first.mistake.code == "E-LIMIT"


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/full", "/"])
def test_what_is_no_file_is_told_by_its_name_wherever_a_file_may_stand(mcalc: Mcalc, name: str) -> None:
    for argv in ([name], ["check", name], ["report", name], ["run", name], ["diff", "x", "--wrt=x", "--macros", name]):
        done = mcalc(*argv)
        assert done.code in (1, 2)
        assert done.err.startswith(f"error[E-FILE]: cannot read {name}: it is a "), argv


def test_what_a_session_cannot_write_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/null/nowhere")
    screen = io.BytesIO()
    desk = make_desk(Output(screen, screen))
    for line in ("d/dx x^2", ":open", ":save a\0b", ":save ~a\0b", ":load ~\0", ":save /dev/null/nowhere/a.mc"):
        take(desk, line)
    assert screen.getvalue().count(b"error[E-FILE]: cannot write") == 2
    assert screen.getvalue().count(b"a name of a file has no null character") == 3
