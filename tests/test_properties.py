"""Random well-shaped expressions: every derivative right by value, and every printed form read back."""

from __future__ import annotations

import pytest

from mcalc import parse
from mcalc.calculus.derive import derivative_of
from mcalc.numeric.verify import verify
from mcalc.operators import TABLE
from tests.conventions import BY_VALUE, CONVENTIONS, by_convention, slopes, stands
from tests.generator import DIFFERENTIABLE, FEATURED_ROWS, Generator
from tests.properties import FEATURED, FEATURED_TWICE, Outcome, check_seed, drawn_sizes, featured, is_tied
from tests.reading import reads_back
from tests.values import variables

ONCE, AGAIN = [
    18 * len(FEATURED_ROWS) // len(FEATURED),
    31 * len(DIFFERENTIABLE) // len(FEATURED_TWICE),
]
"""As many seeds as it takes to reach each row, where some draws have no value."""
SEEDS = [
    *range(150),
    *[seed for seed in range(150, ONCE) if seed % 12 in FEATURED],
    *[seed for seed in range(2000, 1850 + AGAIN) if seed % 12 in FEATURED_TWICE],
]
"""In a normal run, each row of the table and some others; `python -m tests.properties 20000` is the long one."""
SEVERAL = 75
"""Random expressions that are differentiated by several variables at once, twice."""


EVERYWHERE = {"number", "symbol", "index"}
WITHOUT_A_VALUE = {"apply", "map", "expectation", "implicit", "derivative", "differential"}
"""A function without a definition, and a derivative not yet worked out."""


def test_random_expressions_have_every_row_of_the_table_in_them_that_has_a_value() -> None:
    rows = {row.name for row in TABLE.values() if row.kind not in ("spelling", "solution")}
    assert rows == {row.name for row in FEATURED_ROWS} | EVERYWHERE | WITHOUT_A_VALUE


def test_every_row_with_a_kink_has_the_convention_that_it_states() -> None:
    kinked = {row.name for row in TABLE.values() if row.kink and row.kind not in ("spelling", "defined")}
    assert kinked == CONVENTIONS.keys() | BY_VALUE


def test_sizes_are_drawn_from_one_to_six_pairwise_different_in_half_of_the_draws_and_data_are_tied_in_a_tenth() -> None:
    drawn = [drawn_sizes(seed) for seed in range(1_000)]
    assert {length for sizes in drawn for length in sizes.values()} == set(range(1, 7))
    assert sum([len(set(sizes.values())) == len(sizes) for sizes in drawn]) > 500
    assert 70 < sum([is_tied(seed) for seed in range(1_000)]) < 130


@pytest.mark.parametrize(
    ("text", "at", "want"),
    [
        ("abs(x)", 0.0, 0.0),
        ("max(0, x)", 0.0, 0.0),
        ("max(x, 2 x)", 0.0, 1.0),
        ("max(x, x)", 0.0, 1.0),
        ("min(x, 1)", 1.0, 0.0),
        ("norm([x; x])", 0.0, 0.0),
        ("norm1([x; 1])", 0.0, 0.0),
        ("norminf([x; -x])", 2.0, 1.0),
        ("max([x; x])", 2.0, 1.0),
        ("max([x^2; x])", 1.0, 2.0),
        ("leaky_relu(x, 1/4)", 0.0, 0.25),
        ("{x^2 if x >= 1; x otherwise}", 1.0, 2.0),
    ],
)
def test_the_reference_at_a_kink_is_what_the_row_states(text: str, at: float, want: float) -> None:
    expr = parse(text, where="x: R").expr
    [x] = variables(expr)
    assert by_convention(expr, x, {"x": at}) == pytest.approx(want)


def test_beside_a_kink_only_a_slope_between_those_of_the_sides_stands() -> None:
    expr = parse("max(x, 3 x) + x^2", where="x: R").expr
    [x] = variables(expr)
    sides = slopes(expr, x, {"x": 0.0})
    assert sides is not None
    assert [stands(found, sides) for found in (0.9, 1.0, 2.0, 3.0, 3.1)] == [False, True, True, True, False]
    for text in ("step(x)", "sqrt(abs(x))", "1/x"):
        assert slopes(parse(text, where="x: R").expr, x, {"x": 0.0}) is None


PARTS = 6
"""The seeds are checked in so many parts, which may run side by side; the seeds of one row are in one part."""


def order_of(seed: int) -> int:
    """Return how often the expression of a seed is differentiated."""
    return 2 if seed % 4 == 0 else 1


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_random_derivatives_agree_with_complex_step_and_read_back(part: int) -> None:
    outcome = Outcome()
    places = {seed: featured(seed, order_of(seed)) for seed in SEEDS}
    seeds = [seed for seed, place in places.items() if (seed if place is None else place) % PARTS == part]
    for seed in seeds:
        check_seed(seed, outcome, order_of(seed))
    assert outcome.wrong == []
    assert outcome.checked > len(seeds)
    assert outcome.tied > len(seeds) / 40
    assert {row.name for row in FEATURED_ROWS[part::PARTS]} <= outcome.once
    assert {row.name for row in DIFFERENTIABLE[part::PARTS]} <= outcome.twice


def test_random_derivatives_by_several_variables_and_their_hessians_agree_with_complex_step() -> None:
    checked = 0
    for seed in range(SEVERAL):
        expr = Generator(seed).of((), 2 + seed % 2)
        by = [variable for variable in variables(expr) if variable.order < 2][:3]
        if len(by) < 2:
            continue
        gradient = derivative_of(expr, by)
        for function, result in ((expr, gradient), (gradient, derivative_of(gradient, by))):
            found = verify(function, by, result)
            assert found.ok is not False, (seed, found)
            assert not reads_back(result), seed
            checked += found.points > 0
    assert checked > SEVERAL / 3
