"""Subscripts under sums: multiples of an index, an index as a factor, indices that no sum binds, rows and sizes."""

from __future__ import annotations

import numpy as np
import pytest

import mcalc
from mcalc.errors import Mistake
from tests.reading import reads_back

X = np.array([2.0, 3.0, 5.0, 7.0, 11.0])


@pytest.mark.parametrize("where", ["x: R^5", None])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum_{i=1}^{2} x_{2i}", 3 + 7),
        ("sum_{i=1}^{2} x_{2 i}", 3 + 7),
        ("sum_{i=1}^{2} x_{2i-1} x_{2i}", 2 * 3 + 5 * 7),
        ("sum_{i=1}^{2} x_{2*i+1}", 5 + 11),
        ("sum_{i=1}^{2} i (x_i + 1)", 3 + 8),
        ("sum_{i=1}^{2} i(i + 1) x_i", 2 * 2 + 6 * 3),
        ("sum(i=1..2, i(x_i + 1))", 3 + 8),
        ("prod_{k=1}^{2} k (x_k - k)", 1 * 1 * 2 * 1),
    ],
)
def test_an_index_is_a_number(text: str, value: float, where: str | None) -> None:
    found = mcalc.parse(text, where=where)
    assert float(found.evaluate({"x": X})) == value
    assert reads_back(found.expr) == ""
    assert mcalc.parse(found.latex, where=where).text == found.text


def test_two_subscripts_of_a_matrix_are_an_entry_and_a_multiple_is_written_with_a_star() -> None:
    given = np.arange(15.0).reshape(5, 3)
    assert float(mcalc.parse("sum_{j=1}^{3} A_{2j}", where="A: R^{5 x 3}").evaluate({"A": given})) == 3 + 4 + 5
    rows = mcalc.parse("sum_{i=1}^{2} A_{2*i}", where="A: R^{5 x 3}")
    assert rows.evaluate({"A": given}).tolist() == (given[1] + given[3]).tolist()
    assert reads_back(rows.expr) == ""


@pytest.mark.parametrize("text", ["sum_{k=1}^{2} w_{hk} x_k", "sum_{k=1}^{2} x_k a_kb"])
def test_an_index_beside_one_that_no_sum_binds_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="is bound by no sum"):
        mcalc.parse(text)


def test_an_index_of_a_declared_name_is_part_of_it() -> None:
    assert mcalc.parse("sum_{k=1}^{2} w_{hk} x_k", where="w_hk: R").shape == ()


@pytest.mark.parametrize("way", ["matrix", "sum", "index"])
def test_a_row_has_no_letter_that_a_size_has(way: str) -> None:
    where = "Q: R^{m x d}; K: R^{k x d}; V: R^{k x n}"
    d = mcalc.derive("sum(softmax(Q K' / sqrt(d)) V)", wrt="Q", where=where, way=way)
    assert reads_back(d.expr) == ""


@pytest.mark.parametrize(
    ("text", "wrt", "where", "printed"),
    [
        ("z_{n+1}^2", "z", "z: R^{n+1}", "[zeros(n); 2 z_{n + 1}]ᵀ"),
        ("sum_{i=1}^{n+1} z_i^3", "z", "z: R^{n+1}", "3 (z²)ᵀ"),
        ("sum_{i=1}^{2n} z_i", "z", "z: R^{2n}", "1⃗ᵀ"),
        ("prod(z)", "z", "z: R^{n+1}", "Σ_{i=1}^{n + 1} (Π_{j=1, j ≠ i}^{n + 1} zⱼ) unit(i, n + 1)ᵀ"),
        ("[A, x; y', c] z", "c", "A: R^{n x n}; x, y: R^n; c: R; z: R^{n+1}", "[zeros(n); z_{n + 1}]"),
    ],
)
def test_a_size_is_one_place_however_it_is_written(text: str, wrt: str, where: str, printed: str) -> None:
    d = mcalc.derive(text, wrt=wrt, where=where)
    assert d.text == printed
    assert reads_back(d.expr) == ""
    assert d.check().ok


@pytest.mark.parametrize("text", ["sum_{i=1}^{w} x_i", "sum_{i=w}^{3} x_i", "prod_{i=1}^{w} i", "sum_{i=1}^{2 w} x"])
def test_what_an_index_runs_between_is_a_number(text: str) -> None:
    with pytest.raises(Mistake, match="what i runs between is a number, and this is a"):
        mcalc.parse(text, where="w: R^n")
