"""Arrays as text: every digit on one line, or columns that fit a terminal."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.numeric.data import read_given
from mcalc.render.number_arrays import columns, number_text, one_line


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 1), (1, 3), (3, 1), (2, 3)])
def test_what_is_printed_on_one_line_can_be_given_again(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).normal(size=shape) * 10.0 ** np.random.default_rng(2).integers(-30, 30, size=shape)
    back = read_given("x", one_line(array)).array
    assert back.shape == shape
    np.testing.assert_array_equal(back, array)


def test_whole_numbers_are_written_without_a_point_and_huge_ones_with_an_exponent() -> None:
    assert [number_text(x) for x in (3.0, -0.0, 1e15, 1e22, float("-inf"))] == [
        "3",
        "0",
        "1000000000000000",
        "1e+22",
        "-inf",
    ]
    assert number_text(-1e-9, 2) == "-1e-09"


@pytest.mark.parametrize(
    "shape", [(1,), (7,), (1000,), (2, 2), (50, 3), (3, 50), (500, 700), (2, 3, 4), (30, 2, 2), (1, 2, 100000)]
)
@pytest.mark.parametrize("width", [20, 60, 200])
def test_columns_fit_the_terminal_and_are_few(shape: tuple[int, ...], width: int) -> None:
    array = np.random.default_rng(3).normal(size=shape)
    for unicode in (True, False):
        lines = columns(array, max(width, 40), unicode=unicode)
        assert max(map(len, lines)) <= max(width, 40)
        assert len(lines) <= 70
        assert unicode or "".join(lines).isascii()


def test_places_of_matrices_in_an_array_of_more_axes_count_from_1() -> None:
    assert columns(np.zeros((2, 1, 1, 2)), 80)[::2] == ["at 1,1:", "at 2,1:"]
