"""What an expression is where a condition holds, and what a product with a condition in it is."""

from __future__ import annotations

import pytest

from mcalc import parse
from mcalc.calculus.basics.simplifications import MERGE_POWERS, only
from mcalc.calculus.rules.conditions import apply_conditions, assume, scalar_conditions
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import AND, CASES, GT, OR
from mcalc.operators.leaves import number
from mcalc.render.text import unicode
from tests.terms import WHERE, alike, said, terms


def read(text: str) -> Expr:
    return parse(text, where=WHERE).expr


ASSUMED = [
    ("max(0, z)", "z > 0", "z"),
    ("max(a, b)", "a ≥ b", "a"),
    ("max(a, b)", "b < a", "a"),
    ("max(a, b)", "b ≤ a", "a"),
    ("min(a, b)", "b > a", "a"),
    ("min(a, b)", "a ≤ b", "a"),
    ("abs(z)", "z < 0", "-z"),
    ("sign(z)", "z < 0", "-1"),
    ("relu(z) + relu(t)", "z < 0", "relu(t)"),
    ("relu(z + t)", "z > 0", "relu(z + t)"),
    ("(z > 0) t", "z > 0", "t"),
    ("(z ≤ 0) t + a", "z > 0", "a"),
    ("(z > 1) t", "z > 0", "(z > 1) t"),
    ("y - max(0, z + b)", "z + b > 0", "y - z - b"),
    ("t - 2 max(0, z + b)", "z + b > 0", "t - 2 z - 2 b"),
    ("max(0, z)^2", "z > 0", "z^2"),
    ("abs(z)^2 t", "z < 0", "(-z)^2 t"),
    ("exp(max(0, z))", "z > 0", "exp(z)"),
    ("sign(z)^3 t", "z < 0", "-t"),
    ("t^sign(z)", "z > 0", "t"),
    ("(t + (z > 0))^(z > 0)", "z > 0", "t + 1"),
    ("max(0, z) x", "z > 0", "z x"),
    ("relu(x)", "z > 0", "relu(x)"),
    ("{a if z > 0; b otherwise}", "z > 0", "a"),
    ("{a if z > 0; b otherwise}", "z ≤ 0", "b"),
    ("{a if z > 0; b if t > 0; c otherwise}", "t > 0", "{a if z > 0; b otherwise}"),
    ("{a if z > 0; b if t > 0; c otherwise}", "z ≤ 0", "{b if t > 0; c otherwise}"),
    ("{a if z > 0; b if t > 0; c otherwise}", "t ≤ 0", "{a if z > 0; c otherwise}"),
    ("{a if z > 0; b otherwise}", "t > 0", "{a if z > 0; b otherwise}"),
    ("{max(0, t) if z > 0; b otherwise}", "t > 0", "{t if z > 0; b otherwise}"),
    ("{x if z > 0; y otherwise}", "z > 0", "x"),
    ("{a if z > 0 and t > 0; b otherwise}", "z > 0", "{a if t > 0; b otherwise}"),
    ("{a if z > 0 and t > 0; b otherwise}", "z ≤ 0", "b"),
    ("{a if z > 0 or t > 0; b otherwise}", "z > 0", "a"),
    ("{a if z > 0 or t > 0; b otherwise}", "z ≤ 0", "{a if t > 0; b otherwise}"),
    ("{a if z > 0 and t > 0 and u > 0; b otherwise}", "z > 0", "{a if t > 0 and u > 0; b otherwise}"),
    ("relu(u) relu(v)", "u > 0 and v > 0", "u v"),
    ("relu(u) + relu(v)", "u > 0 or v > 0", "relu(u) + relu(v)"),
]


@pytest.mark.parametrize(("text", "condition", "wanted"), ASSUMED)
def test_an_expression_where_a_condition_holds(text: str, condition: str, wanted: str) -> None:
    op = OR if " or " in condition else AND
    known = [read(part) for part in condition.replace(" or ", " and ").split(" and ")]
    found = assume(read(text), [make(op, tuple(known))] if len(known) > 1 else known)
    assert found is read(wanted), unicode(found)


def test_all_conditions_at_once_hold_where_each_does_and_leave_nothing_of_them() -> None:
    both = make(AND, (read("z > 0"), read("t > 0")))
    assert assume(both, [read("z > 0"), read("t > 0")]) is number(1)
    assert assume(make(OR, both.args), [read("z ≤ 0"), read("t ≤ 0")]) is number(0)
    assert assume(both, [read("u > 0")]) is both


def test_pieces_of_which_none_is_left_have_no_value_and_stay_pieces() -> None:
    alone = make(CASES, (read("a"), read("z > 0")))
    assert assume(alone, [read("z > 0")]) is read("a")
    assert assume(alone, [read("z ≤ 0")]).op is CASES


def test_a_condition_on_an_entry_says_nothing_of_the_index_inside_a_sum_over_it() -> None:
    total = read("sum_{i=1}^{n} relu(x_i)")
    [inside] = total.args[1].args
    condition = make(GT, (inside, number(0)))
    assert assume(total, [condition]) is total
    assert assume(total.args[1], [condition]) is inside


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(z > 0) max(0, z)", "(z > 0) z"),
        ("(z > 0) (t > 0) relu(z) relu(t)", "(z > 0) (t > 0) z t"),
        ("(z > 0) relu(z) relu(x)", "(z > 0) z relu(x)"),
    ],
)
def test_a_product_is_simplified_by_the_conditions_in_it(text: str, wanted: str) -> None:
    [given] = terms(text)
    found = [apply_conditions(given)]
    assert alike(found, terms(wanted)), said(found)
    with only([MERGE_POWERS]):
        assert apply_conditions(given) is given


@pytest.mark.parametrize("text", ["max(0, z) t", "(z > 0) t", "(x > 0) .* relu(x)", "(z > 0) relu(x)"])
def test_what_no_condition_of_a_number_touches_stays(text: str) -> None:
    [given] = terms(text)
    assert apply_conditions(given) is given


def test_conditions_of_numbers_are_told_from_those_of_entries_and_from_powers() -> None:
    assert scalar_conditions(terms("(z > 0) t x")[0]) == [read("z > 0")]
    assert scalar_conditions(terms("(x > 0) .* x")[0]) == []
