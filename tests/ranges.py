"""Run the tests at both ends of the version ranges, on every Python that is supported and installed here.

`python -m tests.ranges` takes each of them at the lowest and at the highest versions that the ranges of
pyproject.toml allow; `python -m tests.ranges 3.12 lowest tests/test_api.py` one of them, with some tests. Needs `uv`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
ENDS = {"lowest": "lowest-direct", "highest": "highest"}


def run(version: str, end: str, tests: list[str]) -> int:
    """Return the exit status of the tests on one Python at one end of the ranges."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("this command needs uv: python3 -m pip install uv")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "venv" / "bin" / "python"
        pins = Path(folder) / "pins.txt"
        made = [
            [uv, "venv", "-q", "--no-python-downloads", "--python", version, str(python.parent.parent)],
            [
                *(uv, "pip", "compile", "-q", "--no-build", "--resolution", ENDS[end], "--python", str(python)),
                *("pyproject.toml", "-o", str(pins)),
            ],
            [uv, "pip", "install", "-q", "--python", str(python), "-c", str(pins), "-e", ".[test]"],
        ]
        for command in made:
            if subprocess.run(command, check=False, cwd=ROOT).returncode:
                return 1
        print(version, end, *[line for line in pins.read_text("utf-8").split("\n") if "==" in line], flush=True)
        pytest = [str(python), "-m", "pytest", "-q", "-n", "auto", "-m", "not slow", *tests]
        return subprocess.run(pytest, check=False, cwd=ROOT).returncode


def main(words: list[str]) -> int:
    """Run what was asked for; return 1 if any run failed."""
    versions = [word for word in words if word in PYTHONS] or PYTHONS
    ends = [word for word in words if word in ENDS] or ENDS
    tests = [word for word in words if word not in PYTHONS and word not in ENDS]
    found = {f"{version} {end}": run(version, end, tests) for version, end in product(versions, ends)}
    for name, status in found.items():
        print(name, "passed" if not status else "failed")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
