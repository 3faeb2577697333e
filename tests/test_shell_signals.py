"""Signals at random moments: `python -m tests.signals 600` is the long run."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import usual_environment
from tests.signals import JOBS, MCALC, SIGNALS, STREAM, helpers, send

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
    pytest.mark.flaky(reruns=2),  # a signal may come late on a busy machine
]


def test_a_process_that_is_told_to_end_leaves_no_traceback_and_no_unfinished_file() -> None:
    assert len(JOBS) * len(SIGNALS) >= 24
    assert send(16) == []


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="nothing says which processes there are")
def test_a_killed_process_of_several_is_a_limit_and_no_bug(tmp_path: Path) -> None:
    (tmp_path / "lines.mc").write_bytes(STREAM)
    (tmp_path / "out.txt").write_text("as it was", "utf-8")
    argv = [*MCALC, "run", "--jobs", "2", "lines.mc", "-o", "out.txt", "--force"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, cwd=tmp_path, env=usual_environment()) as process:
        while len(helpers(process.pid)) < 2 and process.poll() is None:
            time.sleep(0.01)
        os.kill(helpers(process.pid)[-1], signal.SIGKILL)
        _, said = process.communicate()
    assert (process.returncode, said[:42]) == (4, b"error[E-LIMIT]: a process of --jobs was ki")
    assert (tmp_path / "out.txt").read_text("utf-8") == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"lines.mc", "out.txt"}
