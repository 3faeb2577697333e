"""Evaluating hostile values in a process that watches itself: nothing is run, unpickled, fetched, or opened besides."""

from __future__ import annotations

import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

WATCHED = """
import os, sys
from mcalc.shell.evaluation import evaluation
from mcalc.shell.settings import Settings

values = sys.argv[1:]
for warm in ("X=warm.npy", "X=warm.npz", "X=warm.csv", "X=none.npy", "X=nan"):  # everything is loaded after these
    evaluation("sum(X)", [warm], [], Settings())()
named = {os.path.join(os.getcwd(), value.partition("=")[2].partition(".npz:")[0]) for value in values}
EVENTS = ("exec", "compile", "import", "os.system", "pickle.find_class", "socket", "subprocess", "ctypes", "urllib")

def watch(event, arguments):
    bad = event.startswith(EVENTS)
    if event == "open" and not isinstance(arguments[0], int):
        bad = os.path.abspath(arguments[0]) not in named or any(c in str(arguments[1]) for c in "wax+")
    if bad:
        sys.__stderr__.write(f"FORBIDDEN {event} {arguments!r}\\n")

sys.addaudithook(watch)
for value in values:
    evaluation("sum(X)", [value], [], Settings())()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with files that mean harm."""
    np.save(tmp_path / "warm.npy", np.eye(2))
    np.savez_compressed(tmp_path / "warm.npz", X=np.eye(2))
    np.savetxt(tmp_path / "warm.csv", np.eye(2), delimiter=",")
    np.save(tmp_path / "evil.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "evil.npz", X=np.array([print], dtype=object))
    (tmp_path / "raw.npy").write_bytes(pickle.dumps(print))
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os').getpid(),), }"
    (tmp_path / "code.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
    (tmp_path / "code.csv").write_text("__import__('os').system('touch pwned')\n=1+1\n")
    with zipfile.ZipFile(tmp_path / "path.npz", "w") as archive:
        archive.writestr("../../pwned.npy", b"\x93NUMPY")
    return tmp_path


def test_nothing_is_run_fetched_or_opened_but_the_named_files(folder: Path, environment: dict[str, str]) -> None:
    values = [f"X={path.name}" for path in sorted(folder.iterdir())]
    values += ["X=http://127.0.0.1:9/x.csv", "X=file:///etc/passwd", "X=ftp://x/y.npy", "X=path.npz:../../pwned"]
    values += ["X=[__import__('os')]", "X=np.eye(2)", "X=1e400", "X=[[1,2],[3,4]]", "X=nan"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *values],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "FORBIDDEN" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error[E-") >= 12
    assert not list(folder.rglob("pwned*"))
