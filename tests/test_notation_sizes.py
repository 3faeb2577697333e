"""Sizes that are left open: what one is bound to where two sizes must agree, and what is called what in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from mcalc.dims import Dim
from mcalc.notation.shapes.sizes import LETTERS, Sizes, _alone
from mcalc.operators.leaves import symbol

n, m, k = [Dim.named(name) for name in "nmk"]
Pair: TypeAlias = Callable[[Dim, Dim], tuple[Dim | int, Dim | int]]
EQUAL: list[tuple[Pair, str]] = [
    (lambda a, b: (a, n), "?1 = n"), (lambda a, b: (n, a), "?1 = n"), (lambda a, b: (a, b), "?2 = ?1"),
    (lambda a, b: (b, a), "?2 = ?1"), (lambda a, b: (a, a), ""), (lambda a, b: (a + 1, 3), "?1 = 2"),
    (lambda a, b: (a, 1), "?1 = 1"), (lambda a, b: (a + b, n), "?2 = -?1 + n"), (lambda a, b: (a + b, b + n), "?1 = n"),
    (lambda a, b: (n - a, m + 1), "?1 = -m + n - 1"), (lambda a, b: (a * n, m * n), "?1 = m"),
    (lambda a, b: (n * k, a * n), "?1 = k"), (lambda a, b: (a * b, n * b), "?1 = n"),
    (lambda a, b: (a * a, a), "?1 = 1"),
    (lambda a, b: (a * 2 + b, n), "?2 = -2 ?1 + n"), (lambda a, b: (n, n), ""),
    (lambda a, b: (b + n + 1, a + m), "?2 = ?1 + m - n - 1"),
]  # fmt: skip
UNEQUAL: list[Pair] = [
    lambda a, b: (2, 3), lambda a, b: (n, m), lambda a, b: (a, 0), lambda a, b: (a + 3, 3), lambda a, b: (a + 1, 1),
    lambda a, b: (a * 2, n), lambda a, b: (a * n, m * k), lambda a, b: (a, a + 1), lambda a, b: (n * m, n * k),
    lambda a, b: (a * n * 2, m * n * 4), lambda a, b: (a * n + 1, m * n + 1), lambda a, b: (n + 1, n),
]  # fmt: skip


def equated(pair: Pair) -> tuple[Sizes, bool, Dim, Dim]:
    sizes = Sizes()
    left, right = [Dim.of(side) if isinstance(side, int) else side for side in pair(sizes.fresh(), sizes.fresh())]
    return sizes, sizes.equate(left, right), left, right


@pytest.mark.parametrize(("pair", "bound"), EQUAL)
def test_sizes_that_can_agree_do(pair: Pair, bound: str) -> None:
    sizes, equal, left, right = equated(pair)
    assert equal
    assert "; ".join([f"{name} = {dim}" for name, dim in sizes.bound.items()]) == bound
    assert sizes.equate_shapes((left, n), (right, n))
    assert not sizes.equate_shapes((left, n), (right,))
    assert not sizes.equate_shapes((left, n), (right, m))


@pytest.mark.parametrize("pair", UNEQUAL)
def test_sizes_that_cannot_agree_leave_everything_open(pair: Pair) -> None:
    sizes, equal, _, _ = equated(pair)
    assert not equal
    assert not sizes.bound


@pytest.mark.parametrize("pair", [*[pair for pair, _ in EQUAL], *UNEQUAL])
def test_sizes_are_made_equal_likewise_whichever_comes_first(pair: Pair) -> None:
    sizes, equal, _, _ = equated(pair)
    other, turned, _, _ = equated(lambda a, b: pair(a, b)[::-1])
    assert (turned, other.bound) == (equal, sizes.bound)


def test_what_is_settled_has_all_that_is_known_of_it() -> None:
    sizes = Sizes()
    a, b, c = sizes.fresh(), sizes.fresh(), sizes.fresh()
    assert sizes.equate(a, b)
    assert sizes.equate(b, c)
    assert sizes.equate(c, n)
    assert sizes.settle(a + b * c + 1) is n + n * n + 1
    assert not sizes.is_open((sizes.settle(a), n))
    assert sizes.is_open((n, n + sizes.fresh() * 2))


def test_what_is_left_open_is_named_columns_before_rows_by_letters_that_are_free() -> None:
    sizes = Sizes()
    rows, columns, hidden, known = [sizes.fresh() for _ in range(4)]
    assert sizes.equate(known, k)
    sizes.name_rest([(rows, columns), (known,)], {"m"})
    assert [str(sizes.settle(dim)) for dim in (rows, columns, known)] == ["p", "n", "k"]
    sizes.name_all({"m", "q"})
    assert str(sizes.settle(hidden)) == "r"
    found = sizes.resolve(symbol("X", (rows, hidden)))
    assert found is symbol("X", (Dim.named("p"), Dim.named("r")))
    assert Sizes().resolve(found) is found


def test_there_are_as_many_names_as_are_asked_for() -> None:
    assert LETTERS == "nmkpqrsthl"
    sizes = Sizes()
    dims = [sizes.fresh() for _ in range(2 * len(LETTERS) + 1)]
    sizes.name_all({"m_1"})
    assert [str(sizes.settle(dim)) for dim in dims] == [
        *LETTERS, *[f"{letter}_1" for letter in LETTERS if letter != "m"], "n_2", "m_2"
    ]  # fmt: skip


def test_a_message_has_names_in_place_of_placeholders() -> None:
    assert Sizes().text("sizes ?12 and ?3 differ: ?12×2 of n") == "sizes m and k differ: m×2 of n"
    many = [f"?{number}" for number in range(1, 12)]
    assert Sizes().text(" ".join(many)) == f"{' '.join(LETTERS)} n_11"


def test_a_placeholder_is_told_from_other_sizes() -> None:
    sizes = Sizes()
    open_, n = sizes.fresh(), Dim.named("n")
    assert _alone(open_) == "?1"
    assert [_alone(dim) for dim in (n, Dim.of(3), open_ + 1, open_ * 2, open_ * n, open_ * open_)] == [None] * 6


def test_every_placeholder_is_named_once_and_by_no_letter_in_use() -> None:
    sizes = Sizes()
    made = [sizes.fresh() for _ in range(2 * len(LETTERS))]
    sizes.name_all({"n", "k_1"})
    named = [str(sizes.settle(dim)) for dim in made]
    assert len(set(named)) == len(named)
    assert {"n", "k_1"}.isdisjoint(named)
    assert named[:2] == ["m", "k"]
