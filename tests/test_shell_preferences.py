"""Preferences: an option over a variable over config.toml over what mcalc does by itself; never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcalc.files import folder
from mcalc.limits import beyond, limit, set_limits
from mcalc.shell.options import CONFIGURED
from mcalc.shell.settings import Preferences
from tests.conftest import Mcalc


def test_an_option_stands_above_a_variable_above_the_file_above_the_default(
    mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mcalc("d/dw w·x").out == "xᵀ\n"
    monkeypatch.setenv("MCALC_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("to = 'ascii'\nlayout = 'denominator'\n", encoding="utf-8")
    assert mcalc("d/dw w·x").out == "x\n"
    assert mcalc("d/dw w·λ").out == "lambda\n"
    monkeypatch.setenv("MCALC_LAYOUT", "numerator")
    assert mcalc("d/dw w·x").out == "x^T\n"
    assert mcalc("d/dw w·x", "--to", "unicode").out == "xᵀ\n"
    assert mcalc("d/dw w·x", "--layout", "denominator").out == "x\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("to = ", "config.toml:1: Invalid value"),
        ("\nto == 1", "config.toml:2:5: "),
        ("layout = 'numerator'\n\nto = 'docx'", "config.toml:3: there is no to 'docx'"),
        ("colour = 'always'", "config.toml:1: there is no preference colour"),
        ("[limits]\ntime = -1", "config.toml:2: limits are whole numbers"),
        ("[limits]\nnothing = 1", "config.toml:2: limits are whole numbers"),
        ("to = ['json']", "config.toml:1: there is no to ['json']"),
        ("a = " + "[" * 10_000, "config.toml:1"),
        ("a = " + "1" * 5_000, "config.toml:1: a number is too long"),
        ("limits = 3", "config.toml:1: limits is a table"),
        (f"to = '{'x' * 5_000}'", "config.toml:1: there is no to 'xxxxxxxxxxxxxxxxxxxxxxxxxxxx…"),
    ],
)
def test_a_broken_file_is_a_warning_with_its_line(text: str, said: str) -> None:
    (warning,) = Preferences(text, {}).warnings
    assert warning.startswith(said)


def test_a_broken_file_stops_nothing(mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCALC_CONFIG_DIR", str(tmp_path))
    for content in (b"to = ", b"\xff\xfe", b"to = 'docx'"):
        (tmp_path / "config.toml").write_bytes(content)
        done = mcalc("d/dx x^2")
        assert (done.code, done.out) == (0, "2 x\n")
        assert done.err.startswith(f"warning: {tmp_path}/config.toml:")
        assert done.err.splitlines()[1:] == ["assumed: x ∈ ℝ"]
    (tmp_path / "config.toml").unlink()
    (tmp_path / "config.toml").mkdir()
    assert mcalc("d/dx x^2").code == 0


def test_a_variable_that_says_nothing_known_is_a_warning() -> None:
    found = Preferences("", {"MCALC_TO": "docx", "MCALC_LIMIT_TIME": "ten", "MCALC_LIMIT_ORDER": "20"})
    assert len(found.warnings) == 2
    assert found.limits == {"order": 20}
    assert found.words == {name: row.words[0] for name, row in CONFIGURED.items()}


def test_limits_are_raised_by_name(mcalc: Mcalc) -> None:
    argv = ["diff", "x^12", "--wrt", "x", "--order", "11"]
    done = mcalc(*argv)
    assert done.code == 4
    assert "--limit order=N" in done.err
    assert mcalc(*argv, "--limit", "order=11").out == "479001600 x\n"
    assert mcalc(*argv, "--limit", "order=0").code == 0
    for wrong in ("order", "order=x", "nothing=1", "order=-1"):
        assert mcalc(*argv, "--limit", wrong).code == 2


def test_a_limit_that_is_met_says_its_name() -> None:
    before = set_limits({"power": 3})
    assert limit("power") == 3
    assert "the limit is 3; --limit power=N" in beyond("power", "a matrix power of 4").hint
    set_limits(before)
    assert limit("power") == before["power"]


def test_folders_are_those_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MCALC_CONFIG_DIR", "MCALC_STATE_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/xdg")
    assert folder("config") == "/etc/xdg/mcalc"
    assert folder("state") == "/home/someone/.local/state/mcalc"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert folder("config") == "/home/someone/.config/mcalc"
    monkeypatch.setenv("MCALC_CONFIG_DIR", "/here")
    assert folder("config") == "/here"
    monkeypatch.setattr("sys.platform", "darwin")
    found = folder("state")
    assert found is not None
    assert "mcalc" in found
