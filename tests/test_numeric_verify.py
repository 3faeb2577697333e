"""The check of derivatives: it finds each wrong rule, raises no false alarm, and says why where it finds no point."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mcalc.api import derive, parse
from mcalc.calculus.derive import derivative_of
from mcalc.dims import Dim
from mcalc.expr import Expr, make
from mcalc.numeric.evaluate import evaluate
from mcalc.numeric.judging import TOLERANCE, Claim
from mcalc.numeric.sampling import Draws
from mcalc.numeric.verify import verify, verify_all
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import add, mul, power
from mcalc.operators.leaves import number, ones, size, symbol, unit
from mcalc.operators.linear import dot, element, matmul, transpose
from tests.sabotage import every, look_at
from tests.verification import Tally, verify_seed

COUNT = 200
"""Random derivatives in a normal run; `python -m tests.verification 5000` is the long one."""
WRONG = 60
"""Wrong rules in a normal run; `python -m tests.sabotage` tries them all."""
N, M = Dim.named("n"), Dim.named("m")
x, y, A = symbol("x", (N,)), symbol("y", (N,)), symbol("A", (N, N))
s, t = symbol("s"), symbol("t")


def test_random_derivatives_are_checked_at_eight_points_without_a_false_alarm() -> None:
    tally = Tally()
    for seed in range(COUNT):
        verify_seed(seed, tally)
    assert tally.refused == tally.crashed == []
    assert len(tally.unchecked) <= 0.01 * tally.total
    assert len(tally.few) <= 0.01 * tally.total
    assert tally.checked > 0.8 * COUNT


def test_wrong_rules_are_caught_whenever_they_change_a_value() -> None:
    tried = 0
    for sabotage in every():
        outcome = look_at(sabotage, expressions=6, enough=1)
        assert outcome.verdict != "missed", (sabotage, outcome.missed)
        tried += outcome.verdict == "caught"
        if tried == WRONG:
            return
    raise AssertionError(tried)


@pytest.mark.parametrize(
    ("function", "by", "wrong"),
    [
        (dot(x, y), x, x),
        (dot(x, x), x, x),
        (matmul(A, x), x, transpose(A)),
        (matmul(transpose(x), A, x), A, matmul(A, A)),
        (mul(s, t), s, add(t, number(1))),
        (mul(s, power(number(10), number(-40))), s, number(0)),
        (mul(power(s, number(2)), power(number(10), number(-40))), s, mul(s, power(number(10), number(-40)))),
        (add(dot(x, x), power(element(x, number(1)), number(3)), mul(s, power(number(10), number(-9)))), s, number(0)),
        (make(TABLE["abs"], (s,)), s, number(1)),
        (make(TABLE["max"], (number(0), s)), s, number(1)),
        (add(power(s, number(2)), mul(number(1000), t)), s, mul(number(2.0001), s)),
        (make(TABLE["exp"], (mul(number(-9), s),)), s, number(0)),
    ],
)
def test_a_wrong_result_is_refused_with_the_point(function: Expr, by: Expr, wrong: Expr) -> None:
    found = verify(function, [by], wrong)
    assert found.ok is False
    assert found.max_rel_err > TOLERANCE
    assert by.attr[0] in found.worst


def test_a_wrong_shape_is_refused() -> None:
    assert verify(dot(x, y), [x], dot(x, y)).ok is False


def test_a_wrong_gradient_is_found_under_a_hessian_that_follows_from_it() -> None:
    wrong = mul(number(3), x)
    claims = [Claim(dot(x, x), [x], wrong), Claim(wrong, [x], mul(number(3), make(TABLE["eye"], (), N)))]
    assert verify_all(claims[1:]).ok
    assert verify_all(claims).ok is False
    nowhere = Claim(make(TABLE["ln"], (mul(number(-1), dot(x, x)),)), [x], x)
    assert verify_all([nowhere, claims[1]]).ok is None
    assert verify_all([claims[1], nowhere]).ok is None
    assert verify_all([nowhere, claims[0]]).ok is False


def test_a_small_entry_that_is_wrong_does_not_hide_behind_a_large_one() -> None:
    small = power(number(10), number(-8))
    function = add(mul(number(100), power(element(x, number(1)), number(2))), mul(small, dot(x, x)))
    right = derivative_of(function, [x])
    assert verify(function, [x], right).ok
    assert (
        verify(function, [x], derivative_of(mul(number(100), power(element(x, number(1)), number(2))), [x])).ok is False
    )


@pytest.mark.parametrize(
    ("text", "by", "where"),
    [
        ("sum(A^2)", "A", "A: R^{60 x 60}"),
        ("xᵀ A x", "x", "A: R^{90 x 90}; x: R^90"),
        ("A x", "x", "A: R^{3 x 90}; x: R^90"),
        ("w·x + b", "w,b", "w, x: R^90; b: R"),
        ("sum(x^3)", "x", "x: R^100000"),
    ],
)
def test_of_many_entries_a_random_direction_is_compared(text: str, by: str, where: str) -> None:
    for layout in ("numerator", "denominator"):
        d = derive(text, wrt=by, where=where, layout=layout)
        assert d.check().ok
        [claim] = d.claims()
        bad = mul(number(2), claim.result)
        assert verify(claim.function, claim.variables, bad, turned=claim.turned).ok is False


def test_one_wrong_entry_of_many_is_found_and_so_is_a_wrong_shape() -> None:
    many = symbol("z", (Dim.of(200),))
    function = dot(many, many)
    wrong = add(mul(number(2), many), unit(number(77), Dim.of(200)))
    assert verify(function, [many], wrong).ok is False
    assert verify(function, [many], function).ok is False


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("sum(x)", "x: R^1000000000", "an array of 1000000000 numbers is too large for it"),
        ("x^2", "x: R^100000", "an array of 10000000000 numbers is too large for it"),
        ("sum_{i=1}^{5000000} i x", "x: R", "a sum or product of 5000000 terms"),
    ],
)
def test_what_would_take_too_much_is_not_checked_and_says_so(text: str, where: str, reason: str) -> None:
    assert derive(text, wrt="x", where=where).check().reason == reason


def test_work_beyond_a_bound_is_left_unless_it_is_asked_for() -> None:
    d = derive("sum_{i=1}^{3000} i x", wrt="x", where="x: R")
    assert d.check(most=2000).reason.endswith("operations it would take long; --check does it")
    assert d.check().ok


@pytest.mark.parametrize("text", ["sum(softmax(x))", "norm(x / norm(x))^2", "sum(x - mean(x))", "ln(exp(c)) - c"])
def test_what_is_constant_by_cancellation_has_a_derivative_of_0_that_agrees(text: str) -> None:
    assert derive(text, wrt="c" if "c)" in text else "x", where="x: R^n; c: R").check().ok


def test_a_derivative_of_few_digits_is_refused_however_near_it_is() -> None:
    assert verify(power(s, number(2)), [s], mul(number(2 + 1e-7), s)).ok is False
    assert verify(power(s, number(2)), [s], mul(number(2 + 1e-13), s)).ok


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ln(-1 - x^2)", "no random point lies in the domain"),
        ("inv(x x^T)_{1,1} + x_1", "no random point lies in the domain but where n = 1"),
        ("inv([x_1, x_2; 2 x_1, 2 x_2])_{1,1}", "the matrix under inv is nearly singular at every random point"),
        ("x_100000 + sum(x)", "there is no element 100000"),
    ],
)
def test_where_there_is_no_valid_point_the_reason_is_said(text: str, reason: str) -> None:
    where = "x: R^n" if "_" in text else "x: R"
    found = derive(text, wrt="x", where=where).check()
    assert (found.ok, found.points) == (None, 0)
    assert found.reason.startswith(reason)
    assert str(found).startswith(f"not checked: {reason}")


@pytest.mark.parametrize(
    "text",
    [
        "|x|",
        "max(0, x)",
        "max(x, x^3)",
        "sign(x) x^2",
        "floor(x) x",
        "{x^2 if x < 0; x^3 if x >= 0}",
        "sqrt(x)",
        "ln(x)",
        "asin(x)",
        "acos(x / 3)",
        "x^x",
        "1 / x",
        "tan(x)",
        "abs(sin(x))",
        "max(0, max(0, x) - 1)",
        "relu(relu(x)) + |relu(x)|",
        "ln(x - 0.2)",
        "sqrt(1 - x^2)",
        "sigmoid(40 x)",
        "exp(-x^2 / 2)",
        "erf(x)",
        "gelu(x)",
        "exp(exp(x))",
        "10^9 x^2",
        "10^30 sin(x) + 7",
        "10^(-30) x^3",
        "(x - 1)^20",
    ],
)
def test_kinks_and_edges_of_domains_raise_no_false_alarm(text: str) -> None:
    for seed in range(6):
        assert derive(text, wrt="x", where="x: R").check(seed=seed).ok, (text, seed)


@pytest.mark.parametrize(
    "text",
    [
        "logdet(S)",
        "x^T S x",
        "inv(S) x",
        "norm(x)",
        "tr(S^2)",
        "x^T inv(S) x",
        "sum(max(0, S x))",
        "softmax(S x)",
        "ln(c) norm(x)^2",
        "max(x)",
        "norm1(x) + norminf(x)",
        "det(S)",
        "x_9 x_1 + x_12^2",
        "sum(x[15:n])",
        "layernorm(x)",
        "sum(sqrt(abs(x)))",
    ],
)
def test_points_have_the_declared_properties_and_entries(text: str) -> None:
    where = "x: R^n; S: R^{n x n} posdef; c: R > 0"
    for seed in range(3):
        assert derive(text, wrt="x" if "x" in text.replace("max", "") else "S", where=where).check(seed=seed).ok


@pytest.mark.parametrize(
    ("text", "wrt"), [("x · x", "x_n"), ("x_n x_1", "x_n"), ("tr(A A)", "A_{n,1}"), ("A x", "A_n")]
)
def test_a_derivative_by_an_entry_at_a_named_place_is_checked(text: str, wrt: str) -> None:
    found = derive(text, wrt=wrt, where="x: R^n; A: R^{n x n}").check()
    assert found.ok is True
    assert found.points > 0


def test_differences_stand_in_where_complex_numbers_cannot_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def real(env: Any, node: Expr, value: Any) -> Any:
        if np.iscomplexobj(value):
            raise TypeError("real numbers only")
        return np.sinh(value)

    monkeypatch.setattr(TABLE["sinh"], "numpy", real)
    found = derive("sum(sinh(x))", wrt="x", where="x: R^n").check()
    assert (found.ok, found.method) == (True, "differences")
    assert found.max_rel_err < 1e-5
    wrong = verify(make(TABLE["sinh"], (s,)), [s], mul(number(1.001), make(TABLE["cosh"], (s,))))
    assert (wrong.ok, wrong.method) == (False, "differences")


def test_an_oracle_that_loses_imaginary_parts_does_not_refuse_what_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TABLE["sinh"], "numpy", lambda env, node, value: np.sinh(np.real(value)))
    found = derive("sinh(x)", wrt="x", where="x: R").check()
    assert (found.ok, found.method) == (True, "differences")


def test_the_same_seed_gives_the_same_check() -> None:
    d = derive("softmax(A x)", wrt="x", where="A: R^{m x n}; x: R^n")
    assert d.check().record() == d.check().record()
    assert d.check(points=3).points == 3


def test_each_size_is_one_two_odd_and_even_within_a_few_points_and_differs_from_the_others() -> None:
    z = symbol("z", (M,))
    for exprs, names in (([dot(x, x)], "n"), ([matmul(symbol("B", (N, M)), z)], "nm")):
        draws = Draws(exprs)
        places = [draws.at(np.random.default_rng([0, attempt]), attempt) for attempt in range(8)]
        for name in names:
            lengths = {values[name] for values in places}
            assert {1, 2} < lengths
            assert len({length % 2 for length in lengths - {1, 2}}) == 2
    orders = {(values["n"] > values["m"]) - (values["n"] < values["m"]) for values in places}
    assert {1, -1} <= orders
    assert np.shape(places[0]["B"]) == (places[0]["n"], places[0]["m"])


def test_sizes_leave_room_for_the_entries_and_slices_that_are_taken() -> None:
    for text in ("x_9 x_1", "sum(x[15:n])", "max(x[3:n])", "x[1:n-1]·x[2:n]"):
        expr = parse(text, where="x: R^n").expr
        draws = Draws([expr])
        for attempt in range(12):
            assert np.shape(evaluate(expr, draws.at(np.random.default_rng(attempt), attempt))) == ()


def test_one_size_never_decides() -> None:
    """What holds for n = 3 alone, as a derivative that was made with 3 in the place of n."""
    n = size(N)
    assert verify(mul(n, dot(x, x)), [x], mul(number(6), transpose(x))).ok is False
    assert verify(make(TABLE["mean"], (x,)), [x], mul(number(Fraction(1, 3)), transpose(ones((N,))))).ok is False
    assert (
        verify(
            make(TABLE["det"], (mul(number(2), A),)), [A], derivative_of(mul(number(8), make(TABLE["det"], (A,))), [A])
        ).ok
        is False
    )
