"""Derivatives of random functions, as they are printed: golden/derived.txt, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcalc.api import derive

GOLDEN = Path(__file__).parent / "golden" / "derived.txt"
WHERE = "x, y: R^n; s, t: R; A, B: R^{n x n}; S: R^{n x n} symmetric; P: R^{n x n} posdef"
ROWS = [line.split(" ;; ") for line in GOLDEN.read_text("utf-8").split("\n") if " ;; " in line and line[0] != "#"]


@pytest.mark.parametrize(("text", "by", "printed"), ROWS)
def test_a_random_function_has_the_derivative_that_it_had(text: str, by: str, printed: str) -> None:
    assert derive(text, wrt=by, where=WHERE).text == printed
