"""A short text of every kind, and noise for each way in; the long runs are `tests.anything` and `bench/fuzz.py`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.anything import KINDS, ROOT, STATUS, texts
from tests.conftest import Mcalc, usual_environment

SIZE = 160


@pytest.mark.parametrize("name", [name for name, _ in texts(SIZE)])
def test_a_text_of_any_kind_has_an_answer_or_a_mistake(name: str, mcalc: Mcalc) -> None:
    done = mcalc("run", "-", stdin=dict(texts(SIZE))[name])
    assert done.code in STATUS
    assert "bug in mcalc" not in done.err


def test_the_kinds_differ_in_their_texts() -> None:
    made = [data for _, data in texts(SIZE)]
    assert len(made) > len(KINDS) >= 150
    assert len(set(made)) == len(made)
    assert all([len(data) <= 2 * SIZE for data in made])


def test_no_way_in_ends_in_a_bug_on_noise() -> None:
    argv = [sys.executable, "bench/fuzz.py", "--count", "450", "--seed", "19"]
    done = subprocess.run(
        argv, capture_output=True, cwd=ROOT, env={**usual_environment(), "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    assert done.stdout.startswith(b"0 of 450 inputs")
