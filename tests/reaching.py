"""Which tests reach which lines of mcalc, and which lines run while mcalc is imported: what `tests.mutation` goes by.

Each test file is measured once, as it is and for mcalc as it was then, and kept in .mutation_cache. Lines are kept by
what they say, so that they are found wherever they stand; what is known only decides in which order tests are tried.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.forks import Job, forked

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".mutation_cache"
ENOUGH = 15.0
"""Seconds of tests that are kept for a line, the quickest ones."""
LONGEST = 1800.0
PYTEST = (
    *("-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow", "--tb=no"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""How pytest is called in a process that is forked."""


@cache
def lines_of(path: str) -> list[str]:
    """Return the lines of a file."""
    return (ROOT / path).read_text("utf-8").split("\n")


def files(patterns: Iterable[str]) -> list[str]:
    """Return the files of some patterns, each once, in the order of the patterns."""
    return list(dict.fromkeys([str(p.relative_to(ROOT)) for pattern in patterns for p in sorted(ROOT.glob(pattern))]))


def import_everything() -> None:
    """Import each module of mcalc."""
    package = importlib.import_module("mcalc")
    for module in pkgutil.walk_packages(package.__path__, "mcalc."):
        if module.name not in ("mcalc.__main__", "mcalc.notebook"):
            importlib.import_module(module.name)


def _tracer(targets: list[str]) -> Any:
    import coverage

    return coverage.Coverage(data_file=None, include=[str(ROOT / path) for path in targets], config_file=False)


def while_importing() -> dict[str, Any]:
    """Return what runs while mcalc is imported: the lines of each file, and its functions by line and name."""
    tracer = _tracer(["mcalc/*"])
    called: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def note(frame: FrameType, event: str, given: object) -> None:
        if event == "call":
            code = frame.f_code
            called[code.co_filename].append((code.co_firstlineno, code.co_name))

    tracer.start()
    sys.setprofile(note)
    import_everything()
    sys.setprofile(None)
    tracer.stop()
    data = tracer.get_data()
    names = {file: str(Path(file).relative_to(ROOT)) for file in data.measured_files()}
    return {
        "lines": {name: data.lines(file) for file, name in names.items()},
        "called": {name: list(dict.fromkeys(called[file])) for file, name in names.items()},
    }


class Watch:
    """A plugin of pytest: the time that each test takes, the lines that it reaches, and whether any fails."""

    def __init__(self, tracer: Any) -> None:
        self.tracer = tracer
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.tracer.switch_context(item.nodeid)
        start = time.process_time()
        done = yield
        self.seconds[item.nodeid] = time.process_time() - start
        self.tracer.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def watched(path: str, targets: list[str]) -> dict[str, Any]:
    """Run a test file; return the time of each test, what failed, and for each line of some files who reaches it."""
    tracer = _tracer(targets)
    watch = Watch(tracer)
    tracer.start()
    pytest.main([*PYTEST, path], plugins=[watch])
    tracer.stop()
    numbers = {name: number for number, name in enumerate(watch.seconds)}
    seconds = [*watch.seconds.values()]
    data = tracer.get_data()
    lines: dict[str, dict[str, list[int]]] = {}
    for file in data.measured_files():
        name = str(Path(file).relative_to(ROOT))
        found: dict[str, set[int]] = defaultdict(set)
        for line, contexts in data.contexts_by_lineno(file).items():
            found[lines_of(name)[line - 1].strip()].update([numbers[one] for one in contexts if one])
        lines[name] = {said: _quickest(tests, seconds) for said, tests in found.items() if tests}
    return {"seconds": watch.seconds, "failed": watch.failed, "lines": {k: v for k, v in lines.items() if v}}


def _quickest(tests: set[int], seconds: list[float]) -> list[int]:
    ordered, total = sorted(tests, key=lambda test: seconds[test]), 0.0
    for count, test in enumerate(ordered):
        total += seconds[test]
        if total > ENOUGH:
            return ordered[:count]
    return ordered


def _digest(path: str) -> str:
    """Return what tells a test file, with the golden data that it names, from what it was."""
    text = (ROOT / path).read_bytes()
    data = [file for file in sorted((ROOT / "tests" / "golden").glob("*.txt")) if f'"{file.name}"'.encode() in text]
    return hashlib.sha256(b"".join([text, *[file.read_bytes() for file in data]])).hexdigest()[:12]


def known(paths: list[str], targets: list[str], jobs: int) -> dict[str, dict[str, Any]]:
    """Return what is known of some test files, measured first where it is not known yet.

    Ends the run where a test fails.
    """
    KEPT.mkdir(exist_ok=True)
    kept = {path: KEPT / f"{Path(path).stem}-{_digest(path)}.json" for path in paths}
    missing = (path for path in paths if not kept[path].exists())
    for path, made in forked((Job(path, LONGEST, partial(watched, path, targets)) for path in missing), jobs):
        if made is None or made["failed"]:
            sys.exit(f"{path} fails on what is not changed: {made and made['failed']}")
        print(f"{path}: {len(made['seconds'])} tests, {sum(made['seconds'].values()):.1f} s", flush=True)
        for old in KEPT.glob(f"{Path(path).stem}-*.json"):
            old.unlink()
        kept[path].write_text(json.dumps(made), "utf-8")
    return {path: json.loads(file.read_text("utf-8")) for path, file in kept.items()}
