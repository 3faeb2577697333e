"""The manual page: from the same source as the help, and shown by man as it should be."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from mcalc.shell.manual import escaped, manual
from mcalc.shell.options import OPTIONS
from mcalc.shell.output import FORMATS
from mcalc.shell.reference import COMMANDS, help_text
from tests.conftest import ROOT

PAGE = ROOT / "man" / "mcalc.1"


def test_the_page_that_is_shipped_is_the_one_the_source_makes() -> None:
    assert PAGE.read_text("utf-8") == manual(), "python -m mcalc.shell.manual > man/mcalc.1"


def test_every_command_and_option_is_in_it() -> None:
    text = PAGE.read_text("utf-8")
    for name in COMMANDS:
        assert f".SS mcalc {name}" in text
        assert f"  {name} " in help_text()
    for name in OPTIONS:
        assert escaped(name.partition("/")[0]) in text


def test_the_help_of_a_command_is_whole_where_python_drops_docstrings(environment: dict[str, str]) -> None:
    command = [sys.executable, "-OO", "-m", "mcalc", "diff", "--help"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True, encoding="utf-8")
    assert " ".join(COMMANDS["diff"].paragraphs.split()) in " ".join(done.stdout.split())


def test_the_words_of_to_name_all_formats() -> None:
    assert all(name in OPTIONS["--to"].says for name in FORMATS)


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man here")
def test_man_shows_it_without_a_warning(environment: dict[str, str]) -> None:
    command = ["man", "--warnings", "-l", str(PAGE)]
    done = subprocess.run(
        command, capture_output=True, env={**environment, "MANWIDTH": "80"}, check=False, encoding="utf-8"
    )
    assert done.returncode == 0
    assert not done.stderr
    assert "a calculator for the derivatives of matrix calculus" in done.stdout
