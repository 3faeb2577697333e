"""Processes that are told to end at random moments: status and files are as promised, and nothing is a traceback.

`python -m tests.signals 600` sends as many signals, an interrupt, a hang-up or a termination each, to mcalc at work: a
stream, `run` with several processes, a check, an export to a file, an evaluation, `--help` and a session. Where there
are several processes, the first or another of them may be killed as well.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

MCALC = [sys.executable, "-m", "mcalc"]
STREAM = b"".join([b"d/dx (sin(x)^%d + exp(x))\n" % (n % 60 + 2) for n in range(4000)])
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OURSELVES, A_HELPER = "the first process", "another process"
"""Which of several processes is killed."""
LONGEST = 0.8
"""Seconds after which a signal comes at the latest; half of them come in the first tenth, while Python starts."""
PATIENCE = 30


class Job(NamedTuple):
    """A command line, the file it writes, if any, whether it reads a stream, and whether it starts processes."""

    argv: list[str]
    target: str = ""
    streams: bool = False
    spreads: bool = False


JOBS = (
    Job(["-"], streams=True),
    Job(["-", "-o", "out.txt", "--force"], "out.txt", streams=True),
    Job(["run", "--jobs", "2", "lines.mc"], spreads=True),
    Job(["run", "--jobs", "2", "lines.mc", "-o", "out.txt", "--force"], "out.txt", spreads=True),
    Job(["check", "d/dW tr((A W - B)^T (A W - B)) = 2 A^T (A W - B)"]),
    Job(["diff", "||W2 tanh(W1 x + b1) - y||^2", "--wrt", "W1", "--to", "numpy", "-o", "out.py", "--force"], "out.py"),
    Job(["diff", "softmax(W x) . y", "--wrt", "W", "--check", "--steps"]),
    Job(["eval", "∂/∂X sum(log(expm(X X^T)))", "--set", "X=data.csv"]),
    Job(["repl"], streams=True),
    Job(["--help"]),
)
EXPECTED = frozenset(("lines.mc", "data.csv", "out.txt", "out.py", "test_out.py"))
"""What is in the folder; the last is the test beside exported code."""
OURS = re.compile(rb'File "[^"]*mcalc[/\\\\](?!__(?:main|init)__.py", line \d+, in <module>)|multiprocessing')
ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def helpers(pid: int) -> list[int]:
    """Return the processes that a process has started, where the system says so."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def wrong(job: Job, number: signal.Signals, delay: float, folder: Path, killed: str = "") -> str:
    """Send a signal to a job after a delay, or kill one of its processes; return what is not as promised, if anything.

    What is killed cleans nothing up: a file that it was writing stays beside the one that is as it was.
    """
    before = (folder / job.target).read_bytes() if job.target else b""
    with (folder / "lines.mc" if job.streams else Path(os.devnull)).open("rb") as stdin:
        process = subprocess.Popen(
            [*MCALC, *job.argv], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
            start_new_session=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )  # fmt: skip
    time.sleep(delay)
    try:
        if killed == A_HELPER:
            for helper in random.Random(delay).sample(helpers(process.pid), 1) if helpers(process.pid) else []:
                os.kill(helper, signal.SIGKILL)
        elif number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
    except ProcessLookupError:
        pass  # it has ended
    try:
        _, said = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return "it did not end"
    status = process.returncode
    if b"Traceback" in said and not OURS.search(said):
        return ""  # Python was interrupted before it came to mcalc
    if b"Traceback" in said or b"Exception ignored" in said or b"bug in mcalc" in said:
        kept = [line for line in said.decode(errors="replace").split("\n") if line[:2] not in ("<s", "  ")]
        return "\n".join(kept)[-2000:]
    promised = (0, 1, 4) if killed == A_HELPER else (0, 1, ENDED.get(number, -number), -number)
    if status not in promised:
        return f"status {status}"
    left = [path for path in folder.iterdir() if path.name not in EXPECTED]
    for path in left:
        path.unlink()
    if left and not (killed == OURSELVES and [path.suffix for path in left] == [".part"]):
        return f"left behind: {left[0].name}"
    after = (folder / job.target).read_bytes() if job.target else b""
    if status not in (0, 1) and after != before:
        return f"{job.target} was changed"
    return ""


def send(count: int, seed: int = 0) -> list[str]:
    """Send some signals; return what went wrong, a line each with how to see it again."""
    chosen = random.Random(seed)
    found: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lines.mc").write_bytes(STREAM)
        (folder / "data.csv").write_text("0.1,0.2,0.3\n0.4,0.5,0.6\n0.7,0.8,1\n", "utf-8")
        for target in ("out.txt", "out.py"):
            (folder / target).write_text("as it was\n", "utf-8")
        for k in range(count):
            job, number = chosen.choice(JOBS), chosen.choice(SIGNALS)
            delay = chosen.uniform(0, 0.1 if chosen.random() < 0.5 else LONGEST)
            killed = chosen.choice(["", OURSELVES, A_HELPER]) if job.spreads else ""
            if killed:
                number, delay = signal.SIGKILL, chosen.uniform(0, 2 * LONGEST)
            problem = wrong(job, number, delay, folder, killed)
            if problem:
                to = f"{killed} of mcalc" if killed else "mcalc"
                found.append(f"{k}: {number.name} after {delay:.3f} s to {to} {' '.join(job.argv)}: {problem}")
    return found


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] or [600]
    problems = send(*asked)
    print(*problems, f"{asked[0]} signals, {len(problems)} ended otherwise than promised", sep="\n")
    sys.exit(bool(problems))
