"""mcalc as a process among others: pipes that close, disks that are full, signals, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import Mcalc, usual_environment

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="POSIX pipes, devices and signals"),
    pytest.mark.flaky(reruns=2),  # a signal may come late on a busy machine
]
MCALC = [sys.executable, "-m", "mcalc"]


def test_a_reader_that_has_enough_ends_it_in_silence(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        MCALC, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"x^2\n")
        process.stdin.flush()
        assert process.stdout.readline() == "x²\n".encode()
        process.stdout.close()
        try:
            process.stdin.write(b"x^2\n" * 1000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait(20) == 141
        assert process.stderr.read() == b""


def test_results_come_as_soon_as_their_statement_is_complete(environment: dict[str, str]) -> None:
    with subprocess.Popen(MCALC, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin
        assert process.stdout
        for number in (1, 2, 3):
            process.stdin.write(f"{number} + x\n".encode())
            process.stdin.flush()
            assert process.stdout.readline() == f"{number} + x\n".encode()
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_one_message(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(MCALC, input=b"x^2\n", stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr == b"mcalc: cannot write: No space left on device\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_are_no_crash(closed: str, environment: dict[str, str]) -> None:
    command = f'printf "x^2\\n" | "$0" -m mcalc - {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, env=environment, check=False)
    assert done.returncode == (0 if closed == "2>&-" else 1)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_an_interrupt_ends_with_130_and_no_traceback(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        MCALC,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - a shell's `&` ignores it
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"x\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    "setting", [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_where_unicode_cannot_be_shown_the_ascii_face_is(setting: dict[str, str], environment: dict[str, str]) -> None:
    command = [*MCALC, "diff", "w·x", "--wrt", "w"]
    done = subprocess.run(command, capture_output=True, env={**environment, **setting}, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"x^T\n", b"assumed: w, x in R^n\n")


def test_a_long_stream_takes_no_more_memory_than_a_short_one(environment: dict[str, str]) -> None:
    code = (
        "import resource, sys\nfrom mcalc.__main__ import main\nsys.argv[1:] = ['-', '--to', 'json']\n"
        "assert main() == 0\n"
        "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
    )
    peaks = []
    for count in (200, 4000):
        data = b"".join([b"d/dx sin(x)^%d\n" % (n % 50 + 2) for n in range(count)])
        done = subprocess.run(
            [sys.executable, "-c", code], input=data, capture_output=True, env=environment, check=True
        )
        assert len(done.stdout.splitlines()) == count
        peaks.append(int(done.stderr))
    assert peaks[1] <= 1.2 * peaks[0]


NAMELESS = {"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "MCALC_CONFIG_DIR"}


TEXT = "I, w: R^n; d/dw (w·I + 1.5 w·w)\nd/dx x^T A x + y^T B x\nsqt(I)\nİ + ı\n".encode()


@cache
def usual() -> tuple[bytes, bytes]:
    """Return what comes of the text, and what is said of it, in the environment of the tests."""
    done = subprocess.run(MCALC, input=TEXT, capture_output=True, env=usual_environment(), check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "setting",
    [
        {"HOME": "/proc"},
        {"HOME": "/nowhere/at/all"},
        {"HOME": "relative"},
        {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
        {"LC_ALL": "de_DE.UTF-8"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2"},
        {"PYTHONWARNINGS": "error"},
        {"TERM": "dumb"},
        {"TZ": "Nowhere/At_All"},
        {},
    ],
    ids=str,
)
def test_the_same_bytes_whatever_the_environment(
    setting: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> None:
    kept = {name: value for name, value in environment.items() if name not in NAMELESS}
    done = subprocess.run(MCALC, input=TEXT, capture_output=True, env={**kept, **setting}, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, *usual())
    assert done.stdout.count(b"\n") == 2


def test_a_folder_that_is_gone_does_not_matter(tmp_path: Path, environment: dict[str, str]) -> None:
    gone = tmp_path / "gone"
    for words in ('"d/dx x^2"', "run -e 'd/dx x^2' --jobs 2"):
        command = f'mkdir -p "{gone}" && cd "{gone}" && rmdir "{gone}" && exec "{sys.executable}" -m mcalc {words}'
        done = subprocess.run(["sh", "-c", command], capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stdout, b"bug" in done.stderr) == (0, b"2 x\n", False)


def test_a_process_that_is_told_to_end_leaves_no_unfinished_file(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [*MCALC, "-", "-o", str(tmp_path / "out.txt")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdin
        assert process.stderr
        deadline = time.monotonic() + 20
        while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
        assert process.stderr.read() == b""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "argv",
    [["rules"], ["paper"], ["explain"], ["explain", "E-LIMIT"], ["completion", "bash"], ["--help"], ["diff", "--help"]],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_every_command_tells_of_a_full_disk_in_one_line(argv: list[str], environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*MCALC, *argv], stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr == b"mcalc: cannot write: No space left on device\n"


def test_colours_that_are_asked_for_reach_a_pipe_and_only_text(mcalc: Mcalc, environment: dict[str, str]) -> None:
    command = [*MCALC, "diff", "2 x^2", "--wrt", "x"]
    always = subprocess.run([*command, "--color", "always"], capture_output=True, env=environment, check=True)
    assert b"\x1b[36m4\x1b[0m" in always.stdout
    forced = subprocess.run(command, capture_output=True, env={**environment, "FORCE_COLOR": "1"}, check=True)
    assert forced.stdout == always.stdout
    never = subprocess.run(
        [*command, "--color", "never"], capture_output=True, env={**environment, "FORCE_COLOR": "1"}, check=True
    )
    assert never.stdout == b"4 x\n"
    for to in ("latex", "json", "unicode", "mathml"):
        assert "\x1b" not in mcalc("diff", "2 x^2", "--wrt", "x", "--color", "always", "--to", to).out
