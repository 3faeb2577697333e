"""The simplifications of the terms of a sum that are no rows: each does what its equation says, and else nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mcalc import derive
from mcalc.calculus.basics.simplifications import (
    COMMON_DENOMINATOR,
    FACE_ALIKE,
    MERGE_POWERS,
    NAME_ALIKE,
    RECOGNISE,
    Simplification,
    logged,
    only,
)
from mcalc.calculus.index_notation.term import Term
from mcalc.calculus.rules.of_sums import complemented, facing_alike, merged_terms, named_alike, over_one_denominator
from tests.terms import alike, said, terms

Simplifying = Callable[[list[Term]], list[Term]]
NAMES: dict[Simplifying, Simplification] = {
    facing_alike: FACE_ALIKE,
    named_alike: NAME_ALIKE,
    complemented: RECOGNISE,
    over_one_denominator: COMMON_DENOMINATOR,
}
CHANGED = [
    (facing_alike, "a (1 - t)^2 + b (t - 1)", "a (1 - t)^2 - b (1 - t)"),
    (facing_alike, "a (1 - t)^2 + b (t - 1)^2", "a (1 - t)^2 + b (1 - t)^2"),
    (facing_alike, "a (1 - t) - b (t - 1)^3 + c u", "a (1 - t) + b (1 - t)^3 + c u"),
    (facing_alike, "a (x - y) + b (y - x)", "a (x - y) - b (x - y)"),
    (named_alike, "a sum_{i=1}^n x_i^2 + b sum_{j=1}^n x_j^2", "a sum_{i=1}^n x_i^2 + b sum_{i=1}^n x_i^2"),
    (complemented, "(1 - b) σ(a) - b σ(-a)", "σ(a) - b"),
    (complemented, "b σ(a) - (1 - b) σ(-a)", "σ(a) + b - 1"),
    (complemented, "(1 - y) .* σ(x) .* w - y .* σ(-x) .* w", "σ(x) .* w - y .* w"),
    (complemented, "c (1 - b) σ(a) - c b σ(-a) + t", "c σ(a) - c b + t"),
    (over_one_denominator, "2 t/(1 + t^2) - 2 t^3/(1 + t^2)^2", "2 t/(1 + t^2)^2"),
    (over_one_denominator, "2 t/(1 + t^2) - 2 t^3/(1 + t^2)^2 + a", "2 t/(1 + t^2)^2 + a"),
    (over_one_denominator, "1/(a + b) - a/(a + b)^2", "b/(a + b)^2"),
    (over_one_denominator, "t/(1 + t^2) + a/(1 + t^2)^2", "t/(1 + t^2)^2 + t^3/(1 + t^2)^2 + a/(1 + t^2)^2"),
    (over_one_denominator, "c/(a + b) - c a/(a + b)^2 - c b/(a + b)^2", "0"),
    (over_one_denominator, "1 ./ (x + y) - x ./ (x + y).^2", "y ./ (x + y).^2"),
]
UNCHANGED = [
    (facing_alike, "a (1 - t)^2 + b (t - 1)^u"),
    (facing_alike, "a (1 - t)^u + b (t - 1)"),
    (facing_alike, "a (1 - t) + b (1 + t)"),
    (facing_alike, "a (1 - t)"),
    (facing_alike, "a b + t u"),
    (named_alike, "a sum_{i=1}^n x_i^2 + b sum_{j=1}^n y_j^2"),
    (named_alike, "a sum_{i=1}^n x_i^2 + b"),
    (named_alike, "a sum_{i=1}^n x_i^2"),
    (complemented, "σ(a) + b σ(-a)"),
    (complemented, "σ(a) - b σ(-c)"),
    (complemented, "c σ(-a) + c σ(a) + b t u σ(-a)"),
    (complemented, "σ(a)"),
    (complemented, "(1 - b) σ(-a)"),
    (over_one_denominator, "a/(1 + t) + b/(1 + t)"),
    (over_one_denominator, "a/(1 + t) + b/(1 + u)"),
    (over_one_denominator, "1/(a b) - a/(a b)^2"),
    (over_one_denominator, "(a + b) - a (a + b)^2"),
    (over_one_denominator, "2 t/(1 + t^2)"),
]


@pytest.mark.parametrize(("simplified", "text", "wanted"), CHANGED)
def test_terms_are_written_alike_or_put_together_and_that_is_noted(
    simplified: Simplifying, text: str, wanted: str
) -> None:
    given = terms(text)
    with logged() as log:
        found = simplified(given)
    assert alike(found, [term for term in terms(wanted) if not term.is_zero]), said(found)
    assert NAMES[simplified] in log.applied
    with only([MERGE_POWERS]):
        assert simplified(given) is given


@pytest.mark.parametrize(("simplified", "text"), UNCHANGED)
def test_where_nothing_gets_alike_the_terms_stay_and_nothing_is_noted(simplified: Simplifying, text: str) -> None:
    given = terms(text)
    with logged() as log:
        found = simplified(given)
    assert alike(found, given), said(found)
    assert NAMES[simplified] not in log.applied


def test_like_terms_are_merged_whatever_their_order_and_zeros_left_out() -> None:
    assert alike(merged_terms(terms("a b x + 2 x b a - y")), terms("3 a b x - y"))
    assert merged_terms([*terms("a x"), *terms("-a x")]) == []


@pytest.mark.parametrize("simplified", [complemented, over_one_denominator])
def test_a_sum_of_more_than_eight_terms_is_left_alone(simplified: Simplifying) -> None:
    """What costs the square of the number of terms is for sums that a person would simplify."""
    text = "(1 - b) σ(a) - b σ(-a)" if simplified is complemented else "1/(a + b) - a/(a + b)^2"
    rest = [f"t^{k}" for k in range(2, 9 - len(terms(text)) + 2 - 1)]
    eight = terms(" + ".join([text, *rest]))
    assert len(eight) == 8
    assert not alike(simplified(eight), eight)
    nine = terms(" + ".join([text, *rest, "u"]))
    assert simplified(nine) is nine


@pytest.mark.parametrize(
    "text",
    [
        "sum(logsigmoid(diag(x)) .* sin(logsigmoid(diag(x))))",  # the sum has other axes than the sigmoid
        "(x + y)' A (σ(x) .* softplus(-x))",
        "sum(diag(x + y) A diag(σ(x) - softplus(-x)))",
    ],
)
def test_a_sum_beside_a_sigmoid_is_multiplied_out_over_its_own_axes(text: str) -> None:
    for order in (1, 2):
        assert derive(text, wrt="x", where="x, y: R^n; A: R^{n x n}", order=order).check().ok
