"""Pages about the codes of mistakes: every code has one, and its example has that code now."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mcalc.shell.configuring import template
from mcalc.shell.explain import EXPLANATIONS, PAGES
from mcalc.shell.settings import Preferences
from tests.conftest import Mcalc

PACKAGE = Path(__file__).resolve().parent.parent / "mcalc"


def codes() -> set[str]:
    """Return every code in the source that a mistake is made with."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("E-[A-Z]+", node.value):
                found.add(node.value)
    return found


def test_every_code_that_is_raised_has_a_page() -> None:
    assert codes() == set(EXPLANATIONS)


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_the_example_of_a_page_has_its_code_and_is_shown(code: str, mcalc: Mcalc) -> None:
    mistake = EXPLANATIONS[code].met()
    assert (mistake.code if mistake is not None else "E-BUG") == code
    done = mcalc("explain", code)
    assert (done.code, done.err) == (0, "")
    assert done.lines[0] == f"{code}: {EXPLANATIONS[code].title}"
    if mistake is not None:
        assert f"error[{code}]: " in done.out
        assert f"  $ {EXPLANATIONS[code].command}" in done.lines


def test_a_code_may_be_spelled_short_and_all_are_listed(mcalc: Mcalc) -> None:
    assert mcalc("explain", "shape").out == mcalc("explain", "E-SHAPE").out
    assert len(mcalc("explain").lines) == len(PAGES)
    assert mcalc("explain", "layouts").out == mcalc("explain", "layout").out
    done = mcalc("explain", "E-SHAP")
    assert done.code == 2
    assert "did you mean E-SHAPE?" in done.err


def test_the_configuration_is_shown_found_and_begun(
    mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCALC_CONFIG_DIR", str(tmp_path / "new"))
    file = tmp_path / "new" / "config.toml"
    assert mcalc("config", "path").out == f"{file}\n"
    assert not file.exists()
    assert mcalc("config", "init").code == 0
    assert file.read_text("utf-8") == template() + "\n"
    assert mcalc("config", "--init").code == 1
    assert mcalc("config", "--init", "--force").code == 0
    monkeypatch.setenv("MCALC_TO", "latex")
    shown = mcalc("config")
    assert 'to = "latex"' in shown.lines
    assert not Preferences(shown.out, {}).warnings
    assert mcalc("config", "delete").code == 2


def test_the_file_to_begin_with_says_what_holds_without_it() -> None:
    uncommented = "\n".join(
        [line.removeprefix("# ") if " = " in line or "[" in line else line for line in template().split("\n")]
    )
    found = Preferences(uncommented, {})
    assert found.warnings == []
    assert found.words == Preferences("", {}).words
