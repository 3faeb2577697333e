"""Numbers at the prompt: formulas without variables, `eval`, values behind `at`, and what is refused beside them."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from mcalc.notation.surface.words import BUILT_IN
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.shell.options import PROMPTED
from mcalc.shell.output import FORMATS, Output
from mcalc.shell.repl.command_table import COMMANDS, make_desk, take
from mcalc.shell.repl.typing_aids import previews
from tests.transcripts import Screen


def typed(*lines: str) -> list[str]:
    """Return what the last of some lines shows in a pipe, results and messages together."""
    written = io.BytesIO()
    desk = make_desk(Output(written, written))
    for line in lines[:-1]:
        take(desk, line)
    start = len(written.getvalue())
    take(desk, lines[-1])
    return written.getvalue()[start:].decode().splitlines()


HINT = "  = hint: at x=2, y=0.1: y is a scalar"


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["2 + 3"], ["5"]),
        (["sqrt(2) + 1.5"], ["sqrt(2) + 3/2", "≈ 2.914213562"]),
        (["1.5"], ["3/2", "= 1.5"]),
        (["2/7"], ["2/7", "≈ 0.2857142857"]),
        (["x = [1; 2]", "x' x"], ["[1; 2]ᵀ [1; 2]", "= 5"]),
        (["x = [1; 2]", "x"], ["[1; 2]"]),
        (["f(t) = t^2 + 1", "f(3)"], ["10"]),
        (["sum_{k=1}^{10} k"], ["Σ_{k=1}^{10} k", "= 55"]),
        (["sqrt(2)^2 - 2 + 0.1"], ["0.1"]),
        (["cos(pi/2)"], ["cos(π / 2)", "≈ 6.123233996e-17"]),
        (["inv([1, 2; 2, 4])"], ["[[1, 2], [2, 4]]⁻¹", "no value: a matrix in it has no inverse"]),
        (["x^2"], ["x²", "assumed: x ∈ ℝ"]),
    ],
)
def test_a_formula_without_variables_is_followed_by_its_value(lines: list[str], shown: list[str]) -> None:
    assert typed(*lines) == shown


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["w: R^2", "L = ½ ‖w‖²", "eval L at w = [0.3, -0.2]"], ["  0.065"]),
        (
            ["w: R^2", "L = ½ ‖w‖²", "eval L at w = [0.3, -0.2]", "eval L"],
            ["  0.065", "with w = [0.3, -0.2]"],
        ),
        (["w: R^2", "L = ½ ‖w‖²", "w = [0.3, -0.2]", "eval L"], ["  0.065", "with w = [0.3, -0.2]"]),
        (["w: R^n", "L = ½ ‖w‖²", "grad w at w = [0.3, -0.2]"], ["∂/∂w L", "wᵀ", "  [ 0.3  -0.2 ]   1×2"]),
        (["eval p·q at p = [1, 2], q = [3, 4]"], ["  11", "assumed: p, q ∈ ℝⁿ"]),
        (["x: R", "x^3", "hess at x = 2"], ["d²/dx² _1", "6 x", "  12"]),
        (["x: R", "x^3", "eval at x = 1/2 and y = 1"], ["  0.125", "warning: y is given a value and does not occur"]),
        (["x: R", "d/dx x^3 at x = sqrt(2)"], ["3 x²", "  6"]),
        (["x: R", "x^3; grad; eval at x = 3"], ["x³", "d/dx _1", "3 x²", "  27"]),
        (["eval sin(pi/3)"], ["  0.8660254038"]),
        (["at: R", "eval 2 at"], ["error[E-NAME]: at has no value", "  = hint: at at=0.1: at is a scalar"]),
        (["x: R", "x^3", "eval x = 2"], ["  8"]),
        (["x, y: R", "x² y", "eval x = 2"], ["error[E-NAME]: y has no value", HINT]),
        (["w: R^2", "w·w", "eval w=[1,2]"], ["  5"]),
        (["w: R^2", "w·w", "eval where w=[1,1]"], ["  2"]),
        (["w: R^n", "eval ‖w‖"], ["error[E-NAME]: w has no value", "  = hint: at w=[1, 2]: w is a vector of n"]),
    ],
)
def test_values_are_given_behind_at_and_stay(lines: list[str], shown: list[str]) -> None:
    assert typed(*lines) == shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("eval x at x =", "error[E-SYNTAX]"),
        ("eval x at x = 1, x = 2", "x is given two values"),
        ("eval x at x = nofile.npy", "error[E-FILE]"),
        ("eval x at x = y", "the value of x has y in it"),
        ("eval u + v at u = [1, 2], v = [1, 2, 3]", "error[E-SHAPE]"),
        ("eval", "type a formula first"),
        ("!ls -l", "mcalc runs no programs, and not ls -l"),
        (":!ls", "mcalc runs no programs, and not ls"),
    ],
)
def test_what_has_no_value_is_said_in_the_words_of_the_session(line: str, said: str) -> None:
    shown = "\n".join(typed(line))
    assert said in shown
    assert "--" not in shown


def test_values_come_from_files_too(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.array([[1.0, 2.0], [3.0, 4.0]]))
    shown = typed(f"eval tr(X) at X = {tmp_path}/X.npy")
    assert shown[0] == "  5"


def test_a_result_is_sent_to_the_clipboard_of_a_terminal() -> None:
    screen = Screen()
    with mock.patch.dict(os.environ, {"NO_COLOR": "1"}):
        desk = make_desk(Output(screen, screen, environ=os.environ))
        for line in ("x: R", "d/dx x^3", ":copy latex"):
            take(desk, line)
    coded = base64.b64encode(b"3 x^{2}")
    assert b"\x1b]52;c;" + coded + b"\x07" in screen.getvalue()
    assert typed("d/dx x^3", ":copy")[0] == "error[E-USAGE]: there is no terminal whose clipboard could take it"
    assert "type a formula first" in "\n".join(typed(":copy"))
    assert "there is no format pdf" in "\n".join(typed("x^2", ":copy pdf"))


def test_clear_clears_the_screen_and_no_name() -> None:
    screen = Screen()
    desk = make_desk(Output(screen, screen))
    for line in ("x: R", "clear"):
        take(desk, line)
    assert screen.getvalue().endswith(b"\x1b[H\x1b[2J")
    assert "x" in desk.sheet.scope.names()
    assert typed("clear: R", "clear") == ["clear"]


NAMES = [
    *FUNCTIONS,
    *TABLE,
    *sorted(BUILT_IN),
    *[one.name for one in COMMANDS],
    *FORMATS,
    *PROMPTED,
    "layout",
    "e",
    "ℝ",
    "λ",
    "x",
]


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_every_name_has_something_to_be_said_of_it(name: str) -> None:
    shown = "\n".join(typed(f"?{name}"))
    assert shown
    assert "error[" not in shown, shown


def test_names_of_the_session_are_found_however_they_are_spelled() -> None:
    assert typed("λ: R", "?\\lambda") == typed("λ: R", "?lambda") == ["λ  ∈ ℝ"]


def test_a_line_with_values_has_a_preview() -> None:
    desk = make_desk(Output(io.BytesIO(), io.BytesIO()))
    take(desk, "x: R")
    assert any("3 x²" in said for group in previews("d/dx x^3 at x = 2", desk) for said in group)


def test_open_shows_the_last_derivation_as_a_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []

    def noted(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", noted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shown = typed("d/dx sin(x^2)", ":open")
    [address] = opened
    assert shown == [f"the page is {address.removeprefix('file://')}"]
    assert "numerator" not in Path(address.removeprefix("file://")).read_text("utf-8").split("Derivation")[0]
    assert "the last statement is no derivative" in "\n".join(typed("x^2", ":open"))
    assert "cannot read nothing.mc" in "\n".join(typed(":open nothing.mc"))


def test_plot_draws_the_last_function() -> None:
    assert typed("A: R^{m x n}; x: R^n; ∂/∂x (A x)", ":plot")[0].startswith("error[E-USAGE]")
    shown = "\n".join(typed("a, x: R; d/dx (a x^2)", ":plot -1:1"))
    assert "a has no value" in shown
    assert "eval at a=0.1" in shown
    assert "3:1 is no range" in "\n".join(typed("d/dx x^2", ":plot 3:1"))
    pytest.importorskip("plotext", reason="plotext is in the extra plot")
    lines = typed("x: R; d/dx max(0, x)", ":plot -1:1")
    assert lines[-1] == "at x = 0 f′ jumps from 0 to 1; 0 is taken"
    assert "f(x)" in lines[0]
    assert "f(x)" in typed("a, x: R; d/dx (a x^2)", "eval at a = 2, x = 1", ":plot")[0]
