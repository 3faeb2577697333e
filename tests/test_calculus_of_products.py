"""The simplifications of one product that are no rows: each does what its equation says, and else nothing."""

from __future__ import annotations

import pytest

from mcalc.calculus.basics.simplifications import MERGE_POWERS, only
from mcalc.calculus.index_notation.term import ONE, Term
from mcalc.calculus.rules.of_products import absorb_sign, exponential_of_logarithm, face_alike
from mcalc.operators.elementwise import EXP
from mcalc.operators.leaves import number, symbol
from tests.terms import alike, said, terms

FACING = [
    ("(a - b)^2 (b - a)^3", "-(a - b)^5"),
    ("(a - b)^2 (b - a)^2", "(a - b)^4"),
    ("(a - b)^t (b - a)", "-(a - b)^(t + 1)"),
    ("(a - b - c) (b + c - a)", "-(a - b - c)^2"),
    ("3 (a - b) (b - a) (b - a)", "3 (a - b)^3"),
]
NOT_FACING = ["(a - b) (a + b)", "(a - b) (b - a)^t", "(a - b)^2 (b - a)^0.5", "a (a - b)"]


@pytest.mark.parametrize(("text", "wanted"), FACING)
def test_sums_that_are_each_others_negatives_are_written_as_one(text: str, wanted: str) -> None:
    [given] = terms(text)
    found = [face_alike(given)]
    assert alike(found, terms(wanted)), said(found)
    with only([MERGE_POWERS]):
        assert face_alike(given) is given


@pytest.mark.parametrize("text", NOT_FACING)
def test_other_sums_stay_as_they_are(text: str) -> None:
    [given] = terms(text)
    assert face_alike(given) is given


TURNED = [
    ("-2 (y - x)", "2 (x - y)"),
    ("-2 (a - b - c)", "2 (b + c - a)"),
    ("-(a - b) (a - c)", "(b - a) (a - c)"),
    ("-(a - b) c (z - b)^2", "(b - a) c (z - b)^2"),
    ("-c (a + b) (a - b)", "c (a + b) (b - a)"),
]
NOT_TURNED = ["2 (b - a)", "-2 (a + b)", "-2 (a + b - c)", "-(a - b)^2", "-2 a b", "-(x - y)' (x - y)", "-(a - b)^-1"]


@pytest.mark.parametrize(("text", "wanted"), TURNED)
def test_a_minus_turns_round_the_first_sum_of_at_least_as_many_minuses(text: str, wanted: str) -> None:
    [given] = terms(text)
    found = [absorb_sign(given)]
    assert alike(found, terms(wanted)), said(found)
    with only([MERGE_POWERS]):
        assert absorb_sign(given) is given


@pytest.mark.parametrize("text", NOT_TURNED)
def test_what_has_no_minus_to_give_or_to_take_is_not_turned(text: str) -> None:
    [given] = terms(text)
    assert absorb_sign(given) is given


def test_a_sum_that_is_turned_round_has_its_positive_terms_first() -> None:
    assert said([absorb_sign(terms("-(a - b - c)")[0])]) == "b + c - a"


OF_LOGARITHMS = [
    ("exp(a + 3 ln(u))", "exp(a) u^3"),
    ("exp(2 ln(u) - ln(v))", "u^2 v^-1"),
    ("exp(a)^2", None),
    ("exp(2 ln(u))^3", "u^6"),
    ("exp(ln(u^2 v))", "u^2 v"),
    ("exp(a ln(u) + ln(v))", "exp(a ln(u)) v"),
    ("exp(ln(u) ln(v))", None),
    ("exp(2 a)", None),
    ("exp(ln((a + b)^2))", "(a + b)^2"),
    ("exp(1/2 ln(u))", "u^(1/2)"),
    ("exp(1/2 ln(u v))", "(u v)^(1/2)"),
    ("exp(1/2 ln(u^2))", "(u^2)^(1/2)"),
    ("exp(x + 2 ln(y))", "exp(x) .* y.^2"),
    ("exp(ln(y) + a)", "y exp(a)"),
    ("exp(ln(u) + x)", "u exp(x)"),
    ("exp(ln(u) + x + y)", "u exp(x + y)"),
    ("exp(ln(u) 1vec(n))", None),
]


@pytest.mark.parametrize(("text", "wanted"), OF_LOGARITHMS)
def test_the_logarithms_in_an_exponential_are_powers_beside_it(text: str, wanted: str | None) -> None:
    [given] = terms(f"c {text} v")
    [place] = [place for place, (base, _, _) in enumerate(given.factors) if base.op is EXP]
    found = exponential_of_logarithm(given, place)
    if wanted is None:
        assert found is None
    else:
        assert found is not None
        assert alike([found], terms(f"c {wanted} v")), said([found])


def test_an_exponential_to_a_power_that_is_no_number_is_left_alone() -> None:
    [given] = terms("exp(ln(u))")
    [(base, labels, _)] = given.factors
    assert exponential_of_logarithm(Term(1, [(base, labels, symbol("t"))], ()), 0) is None
    assert exponential_of_logarithm(Term(1, [(base, labels, number(2))], ()), 0) is not None
    assert exponential_of_logarithm(Term(1, [(base, labels, ONE)], ()), 0) is not None
