"""Signals at random moments: `python -m tests.signals 600` is the long run."""

from __future__ import annotations

import os

import pytest

from tests.signals import JOBS, SIGNALS, send

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
    pytest.mark.flaky(reruns=2),  # a signal may come late on a busy machine
]


def test_a_process_that_is_told_to_end_leaves_no_traceback_and_no_unfinished_file() -> None:
    assert len(JOBS) * len(SIGNALS) >= 24
    assert send(16) == []
