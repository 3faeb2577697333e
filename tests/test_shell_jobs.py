"""--jobs: whatever the number of processes, the bytes are those of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mcalc.shell.command_line.jobs import Pieces, Recorder
from tests.conftest import Mcalc

BLOCK = """\
w, x : R^n
z = w · x + b   # names that later lines use
f(t) = max(0, t)
∂/∂w f(z)
(((
∂/∂b f(z); f(z); y = 3; y x\u200b; y = 4
X: R^{N x n}; y: R^N
‖X y - w‖²
(1 +
 2) y
x: R^m
d/dx x^T x
x = x = x
d/dt t^3
 = t^2 + 2 t^2
 = (
 = 3 t^2
 = 4 t^2
sqt(y)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return a file in which names change their meaning again and again, in places that fall into all chunks."""
    file = tmp_path / "many.mc"
    file.write_text("".join(f"{BLOCK}d/dt sin(t)^{n}\nc_{n} = {n} x_1\n" for n in range(12)), encoding="utf-8")
    return file


@pytest.mark.parametrize("options", [[], ["--to", "json"], ["--fail-fast"], ["--color", "always"]], ids=str)
def test_the_bytes_and_the_exit_code_are_those_of_one_process(
    options: list[str], script: Path, environment: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "mcalc", "run", str(script), str(script), "nothing.mc", *options]
    one, two = [
        subprocess.run([*command, "--jobs", jobs], capture_output=True, env=environment, check=False, cwd=script.parent)
        for jobs in ("1", "2")
    ]
    assert one.returncode == two.returncode == 1
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert one.stdout


def test_results_and_messages_keep_their_order_among_each_other(script: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mcalc", "run", str(script)]
    one, two = [
        subprocess.run(
            [*command, *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
        )
        for more in ([], ["--jobs", "2"])
    ]
    assert one.stdout == two.stdout


def test_a_mistake_in_the_declarations_is_told_once(mcalc: Mcalc, script: Path) -> None:
    done = mcalc("run", str(script), "--jobs", "2", "--where", "x: R^")
    assert done.code == 1
    assert done.err.count("error[") == 1


@pytest.mark.parametrize(
    "text",
    [
        "d/dx sin(x)", "w · x + b", "‖X y‖²", "sum_{i=1}^{n} x_i", "{0 if x ≤ 0; 1 otherwise}", "A B", "x_1 + x_2",
        "s + t where s = x^2; t = 3", "x == y", "∂/∂w (w · x) = xᵀ", "(a + b)^2", "A^{-1} B",
    ],
)  # fmt: skip
def test_what_is_no_declaration_leaves_the_names_as_they_are(text: str, mcalc: Mcalc) -> None:
    probe = ["x", "y", "w", "A", "s", "n", "b"]
    alone = mcalc("--to", "json", stdin="\n".join(probe) + "\n").lines
    after = mcalc("--to", "json", stdin=text + "\n" + "\n".join(probe) + "\n").lines[1:]
    assert [line.partition(',"ok"')[2] for line in after] == [line.partition(',"ok"')[2] for line in alone]


def test_a_recorder_keeps_the_order_of_both_streams() -> None:
    pieces: Pieces = []
    out, err = Recorder(pieces, error=False), Recorder(pieces, error=True)
    out.write(b"1")
    err.write(b"2")
    out.write(b"3")
    out.flush()
    assert pieces == [(False, b"1"), (True, b"2"), (False, b"3")]
    assert not out.isatty()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_ends_all_processes(script: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mcalc", "run", str(script), "--jobs", "2"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.endswith(b"mcalc: cannot write: No space left on device\n")
