"""The largest and least entries: by their places, whatever rounding does, and each tie counted once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import mcalc
from tests.exported import exported
from tests.values import agree, complex_step, variables

WHERE = "A, B: R^{m x n}; x, y: R^n; z: R^m; s: R"
SIZES = {"m": 3, "n": 4}
EXTREMES = [
    "max([x; x])", "min([s; s; 2 s])", "max([x; -x; y])", "norminf([x; -x])", "norminf([s; s])", "max(s + max(0, x))",
    "min(s - max(0, x))", "max(A x)", "min(A x)", "norminf(A x)", "max(A)", "min(A B^T)", "max(A x)^2 + max(A y)",
    "max(x y^T)", "sum(max(A, rows))", "sum(min(A .* B, cols))", "max(A .* B, rows) · (A x)", "max(max(A, cols))",
    "max(x .* y) min(x .* y)", "max([A x; A y])", "sum_{i=1}^m max(A_i .* x)", "max(diag(x) y)",
    "norminf(max(A, cols))",
]  # fmt: skip
VARIABLES = {"A": (3, 4), "B": (3, 4), "x": (4,), "y": (4,), "z": (3,), "s": ()}


def points(name: str, count: int, step: float) -> Iterator[dict[str, Any]]:
    """Values of the variables on a grid, so that entries are often equal, and often differ by rounding alone."""
    rng = np.random.default_rng(sum(map(ord, name)))
    for _ in range(count):
        yield {key: rng.integers(-3, 4, size=shape) * step for key, shape in VARIABLES.items()}


def is_zero(text: str, values: dict[str, Any]) -> bool:
    """Whether an expression is 0 at a point."""
    return not np.any(mcalc.parse(text, where=WHERE).evaluate(values))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("text", EXTREMES)
def test_of_equal_entries_the_first_counts_once(text: str, mode: str) -> None:
    read = mcalc.parse(text, where=WHERE)
    for wrt in variables(read.expr):
        found = mcalc.derive(text, wrt=wrt.attr[0], where=WHERE, mode=mode)
        again = mcalc.parse(found.text, where=WHERE)
        for values in points(text, 12, 1.0):
            if "norminf" in text and is_zero(text, values):
                continue  # |z| has no derivative at 0, where complex step takes another
            want = complex_step(read.expr, wrt, {**SIZES, **values})
            assert agree(found.evaluate(values), want), (text, wrt.attr[0], values)
            assert agree(exported(found, values), want), (text, wrt.attr[0], values)
            assert agree(again.evaluate(values).reshape(want.shape), want), (text, found.text, values)


@pytest.mark.parametrize(
    ("text", "wrt", "name", "at"),
    [("max(A x)", f"A_{{{i},{j}}}", "A", (i - 1, j - 1)) for i in (1, 3) for j in (1, 4)]
    + [("min(A x)", f"x_{j}", "x", (j - 1,)) for j in (1, 4)]
    + [("norminf(A B^T z)", "A_{2,2}", "A", (1, 1)), ("max(A diag(x), rows) · z", "A_{1,2}", "A", (0, 1))],
)
def test_an_entry_has_the_derivative_that_the_whole_has_there_on_decimals(
    text: str, wrt: str, name: str, at: tuple[int, ...]
) -> None:
    whole, entry = [mcalc.derive(text, wrt=by, where=WHERE) for by in (name, wrt)]
    for values in points(text + wrt, 150, 0.1):
        assert np.isclose(entry.evaluate(values), whole.evaluate(values)[at]), values
        assert np.isclose(exported(entry, values), exported(whole, values)[at]), values


def test_the_place_is_printed_and_said() -> None:
    found = mcalc.derive("max(B x)", wrt="x", where="B: R^{m x n}; x: R^n")
    assert found.text == "hardmax(B x)ᵀ B"
    assert "hardmax(B x) is 1 at the first largest entry, 0 elsewhere" in found.notes
    assert "max(B x) has no derivative where two entries are the largest: that of the first is taken" in found.notes
    assert mcalc.derive("max(s + x)", wrt="s", where="s: R; x: R^n").text == "1"
    assert mcalc.derive("max(A, rows) · y", wrt="A", where="A: R^{m x n}").text == "diag(y) hardmax(A, rows)"


def test_one_hot_rows_add_up_to_one() -> None:
    where = "A: R^{m x n}; x: R^n; s: R"
    for text, simple in [("sum(hardmax(x))", "1"), ("sum(hardmin(A))", "1"), ("sum(hardmax(A, rows))", "m")]:
        values = {"A": np.ones((3, 4)), "x": np.ones(4)}
        assert mcalc.parse(text, where=where).evaluate(values) == (3 if simple == "m" else 1)
    assert mcalc.derive("sum(max(A + s, rows))", wrt="s", where=where).text == "m"
    assert mcalc.derive("max(A + s)", wrt="s", where=where).text == "1"


@pytest.mark.parametrize("text", ["hardmax(s)", "hardmax(x, rows)", "max(x, rows)"])
def test_what_has_no_entries_to_choose_from_is_refused(text: str) -> None:
    with pytest.raises(mcalc.Mistake):
        mcalc.parse(text, where="s: R; x: R^n")
