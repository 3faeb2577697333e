"""Elements that no vector of that size has are refused when they are read; those that may exist are not."""

from __future__ import annotations

import pytest

from mcalc.api import derive
from mcalc.errors import Mistake

OUTSIDE = [
    ("x_{n+1}", "x: R^n"),
    ("sum_{i=1}^{n} x_{i+1}", "x: R^n"),
    ("sum_{i=1}^{n} x_{i-1}", "x: R^n"),
    ("sum_{i=0}^{n} x_i", "x: R^n"),
    ("sum_{i=1}^{n+1} x_i", "x: R^n"),
    ("sum_{i=1}^{5} x_i", "x: R^3"),
    ("sum_{i=1}^{n} x_{n-i}", "x: R^n"),
    ("sum_{i=1}^{n} sum_{j=i}^{n} x_{j+1}", "x: R^n"),
    ("prod_{i=1}^{n} x_{i+1}", "x: R^n"),
    ("sum_{i=1}^{n} x_i A_{i,i+1}", "A: R^{n x n}; x: R^n"),
]
INSIDE = [
    ("sum_{i=1}^{n-1} x_{i+1}", "x: R^n"),
    ("sum_{i=2}^{n} x_{i-1}", "x: R^n"),
    ("sum_{i=1}^{n} x_{n-i+1}", "x: R^n"),
    ("sum_{i=1}^{2} x_i", "x: R^n"),
    ("sum_{i=1}^{m} x_i", "x: R^n"),
    ("sum_{i=1}^{n} sum_{j=i+1}^{n} x_{j-i}", "x: R^n"),
    ("sum_{i=1}^{n} {x_{i+1} if i < n; 0 otherwise}", "x: R^n"),
    ("sum_{i=1}^{n} where(i < n, x_{i+1}, 0)", "x: R^n"),
]


@pytest.mark.parametrize(("text", "where"), OUTSIDE)
def test_element_that_is_surely_outside_is_refused(text: str, where: str) -> None:
    with pytest.raises(Mistake, match="there is no element") as caught:
        derive(text, wrt="x", where=where)
    assert caught.value.code == "E-SHAPE"
    assert caught.value.spans


@pytest.mark.parametrize(("text", "where"), INSIDE)
def test_element_that_may_exist_is_read(text: str, where: str) -> None:
    assert derive(text, wrt="x", where=where).text
