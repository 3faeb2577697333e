"""`mcalc plot`: curves with their kinks, fields, patterns and descents, by value and as they are drawn."""

from __future__ import annotations

import builtins
import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc import derive
from mcalc.errors import Mistake
from mcalc.numeric.curves import Curve, along_gradient, curve, field, pattern
from mcalc.render.plots import _gaps, _pieces, field_lines, pattern_lines
from tests.conftest import Mcalc


def drawn(text: str, low: float = -5, high: float = 5) -> Curve:
    d = derive(text, wrt="x")
    return curve(d.function, d.expr, "x", (low, high), {}, d.symbols)


@pytest.mark.parametrize(
    ("text", "kinks"),
    [
        ("abs(x)", [(0, -1, 1, 0)]),
        ("max(0, x)", [(0, 0, 1, 0)]),
        ("max(0, x - 1/3) + abs(x + 2)", [(-2, -1, 1, 0), (1 / 3, 1, 2, 1)]),
        ("{x^2 if x < 1; 2x - 1 if x >= 1}", []),
        ("{0 if x < 1; x - 1 if x >= 1}", [(1, 0, 1, 1)]),
        ("x^3 - 10 x", []),
        ("tanh(20 x)", []),
        ("1/x", []),
        ("exp(x)", []),
    ],
)
def test_kinks_are_found_where_they_are_and_nowhere_else(text: str, kinks: list[tuple[float, ...]]) -> None:
    found = [(kink.at, kink.before, kink.after, kink.taken) for kink in drawn(text).kinks]
    assert len(found) == len(kinks), found
    for one, other in zip(found, kinks, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_curve_has_no_value_where_the_function_has_none() -> None:
    found = drawn("ln(x)", -1, 1)
    assert all(math.isnan(value) == (x < 0) for x, value in zip(found.at, found.values, strict=True) if x)
    with pytest.raises(Mistake) as caught:
        drawn("ln(-x^2 - 1)")
    assert caught.value.code == "E-DOMAIN"


def test_a_descent_goes_from_the_point_to_where_the_loss_is_as_high_again() -> None:
    d = derive("‖X w - y‖²", wrt="w")
    given = {"X": np.array([[1.0, 2], [3, 4], [5, 7]]), "w": np.array([1.0, -1]), "y": np.array([1.0, 2, 3])}
    found = along_gradient(d.function, d.expr, "w", given, d.symbols)
    slope = (found.values[1] - found.values[0]) / (found.at[1] - found.at[0])
    assert min(found.values) < found.values[0] <= found.values[-1]
    assert slope == pytest.approx(found.slope, rel=0.05)
    with pytest.raises(Mistake):
        along_gradient(d.function, d.expr, "w", {**given, "y": given["X"] @ given["w"]}, d.symbols)


def test_a_pattern_has_the_entries_that_are_not_zero() -> None:
    d = derive("A tanh(x)", wrt="x", where="A: R^{m x n}")
    assert pattern(d.expr, {"m": 3, "n": 2}, {}, d.symbols) == [[True, True]] * 3
    d = derive("x .* sin(x)", wrt="x", where="x: R^n")
    assert pattern(d.expr, {"n": 4}, {}, d.symbols) == np.eye(4, dtype=bool).tolist()


def test_arrows_point_up_the_slope() -> None:
    d = derive("x + 0 y", wrt=["x", "y"])
    found = field(d.function, d.expr, lambda x, y: {"x": x, "y": y}, ((0, 1), (0, 1)), d.symbols, (3, 2))
    assert [line.split()[1:] for line in field_lines(found, unicode=True)[:-1]] == [["→"] * 3] * 2
    d = derive("-y", wrt=["x", "y"], where="x, y: R")
    found = field(d.function, d.expr, lambda x, y: {"x": x, "y": y}, ((0, 1), (0, 1)), d.symbols, (2, 1))
    assert "v v" in field_lines(found, unicode=False)[0]


def test_patterns_are_cut_to_the_screen() -> None:
    lines = pattern_lines([[True] * 300] * 300, 80, unicode=True)
    assert max(len(line) for line in lines) <= 80
    assert len(lines) <= 30


def test_curves_are_cut_at_poles_and_jumps() -> None:
    assert math.isnan(_gaps([1.0, 2.0, 1e9, 1.0, 1.0, 2.0])[2])
    assert _pieces([0, 1, 2, 3], [0.0, 0.0, 1.0, 1.0], [1.5]) == [([0, 1], [0.0, 0.0]), ([2, 3], [1.0, 1.0])]


@pytest.mark.parametrize(
    ("argv", "said", "code"),
    [
        (("plot",), "of which function?", 2),
        (("plot", "x", "--kind", "pie"), "one of curve, field, sparsity, descent", 2),
        (("plot", "x", "--to", "png"), "-o curve.png", 2),
        (("plot", "x", "--to", "gif"), "one of text", 2),
        (("plot", "x", "--range", "3:1"), "3:1 is no range", 2),
        (("plot", "x", "--range", "nan:1"), "is no range", 2),
        (("plot", "a x^2", "--wrt", "x"), "a has no value", 1),
        (("plot", "x^2", "--kind", "field"), "a field is drawn of a number, by two numbers", 2),
        (("plot", "x^2", "--kind", "sparsity"), "a pattern is drawn of a matrix", 2),
        (("plot", "A x", "--wrt", "x", "--kind", "curve"), "a curve is drawn of a number", 2),
        (("plot", "A x", "--wrt", "x", "--set", "n=100000", "--set", "m=100000"), "E-LIMIT", 4),
        (("plot", "w^2", "--wrt", "w", "--set", "w=0"), "the gradient is 0", 1),
        (("plot", "sqt(x)"), "did you mean sqrt?", 1),
    ],
)
def test_what_cannot_be_drawn_is_told(argv: tuple[str, ...], said: str, code: int, mcalc: Mcalc) -> None:
    done = mcalc(*argv)
    assert said in done.err
    assert (done.code, done.out) == (code, "")


@pytest.fixture
def _nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in ("plotext", "matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)


@pytest.mark.usefixtures("_nothing_installed")
def test_without_the_extra_the_line_that_installs_it_is_said(mcalc: Mcalc, tmp_path: Path) -> None:
    done = mcalc("plot", "x^2")
    assert done.code == 1
    assert '-m pip install "plotext>=5.3,<6"' in done.err
    done = mcalc("plot", "x^2", "-o", str(tmp_path / "x.svg"))
    assert '-m pip install "matplotlib>=3.8"' in done.err
    assert not list(tmp_path.iterdir())
    assert mcalc("plot", "x .* x", "--wrt", "x", "--where", "x: R^n").code == 0
    assert mcalc("plot", "x y", "--wrt", "x,y").code == 0


def test_a_terminal_shows_curves(mcalc: Mcalc, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("plotext", reason="plotext is in the extra plot")
    for columns in ("60", "80"):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("NO_COLOR", "1")
        done = mcalc("plot", "max(0, x)", terminal=True)
        assert done.code == 0
        assert max(len(line) for line in done.lines) <= int(columns)
        assert "\x1b" not in done.out
        assert "f′(x)" in done.out
        assert "at x = 0 f′ jumps from 0 to 1; 0 is taken" in done.err
    done = mcalc("plot", "‖w‖²", "--wrt", "w", "--set", "w=[3,4]")
    assert "from 25 down to" in done.err


def test_pictures_are_files_of_their_own(mcalc: Mcalc, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is in the extra plot")
    for argv in (
        ("max(0, x)",),
        ("x^2 + y^2", "--wrt", "x,y"),
        ("‖w‖^2", "--wrt", "w", "--where", "w: R^2"),
        ("x .* x", "--wrt", "x", "--where", "x: R^n"),
        ("‖w‖^2", "--wrt", "w", "--set", "w=[3,4]"),
    ):
        file = tmp_path / "a.svg"
        assert mcalc("plot", *argv, "-o", str(file), "--force").code == 0
        first = file.read_bytes()
        ET.fromstring(first)
        assert mcalc("plot", *argv, "-o", str(file), "--force").code == 0
        assert file.read_bytes() == first
        assert mcalc("plot", *argv, "-o", str(tmp_path / "a.png"), "--force").code == 0
        assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
