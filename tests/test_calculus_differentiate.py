"""Local Jacobians accumulated forward, in reverse, along a direction and back through a definition: each by value.

What they give before anything is simplified is in golden/accumulated.txt; `MCALC_GOLDEN=write` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc import derive, parse
from mcalc.calculus.accumulate.differentiate import (
    LONG_PRODUCT,
    carried_back,
    expand_defined,
    forward,
    identity,
    local_jacobian,
    reverse,
)
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr, make, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import CASES, MUL, add, mul
from mcalc.operators.leaves import index, is_number, is_zero, number, size, symbol
from mcalc.operators.linear import SIGMA, TRANSPOSE, element
from mcalc.operators.spectral import EIGVECS_MAX
from mcalc.render.text import unicode
from tests.values import agree, complex_step

GOLDEN = Path(__file__).parent / "golden" / "accumulated.txt"
WHERE = "s, t: R; x, y: R^n; A: R^{m x n}; C, D: R^{n x n}; S: R^{n x n} symmetric"
OF = [
    ("sum_{i=1}^{n} x_i^2 y_i", "x"), ("sum_{i=1}^{n} sum_{j=1}^{n} x_i C_ij x_j", "C"), ("prod_{i=1}^{n} x_i", "x"),
    ("sum_{i=1}^{n} x_i prod_{j=1}^{n} (t + x_j y_i)", "x"), ("sum_{i=1}^{n} y_i^2", "x"), ("x_1 x_2^2", "x"),
    ("prod_{i=1}^{n} (1 + y_i)", "x"), ("max(0, sum(x)) x", "x"), ("{sum(x) if t > 0; sum(x.^2) otherwise}", "x"),
    ("{x if t > 0; x.^2 otherwise}", "x"), ("{x if t > 9; x.^2 otherwise}", "x"), ("{s if t > 9; s^2 otherwise}", "x"),
    ("{s if t > 0; y otherwise}", "s"), ("{y if t > 9; s^2 otherwise}", "s"), ("{t if x > 0; x.^2 otherwise}", "x"),
    ("{0 if t > 0; x otherwise}", "x"), ("sum({x.^2 if x > y; 3 x otherwise})", "x"), ("s x + s^2 y", "s"),
    ("tr(C D C)", "C"), ("A x", "A"), ("x' A' A x", "A"), ("A'", "A"), ("diag(x)", "x"), ("diag(C)", "C"),
    ("x y'", "y"),
    ("softmax(A x)", "x"), ("s A", "s"), ("t A", "A"), ("exp(C) .* C", "C"), ("inv(C) x", "C"), ("det(C)", "C"),
    ("norm(x) x", "x"), ("t + s", "x"), ("y", "x"), ("x", "x"), ("A", "A"), ("s", "s"), ("3 (x + y) + 2 s x", "x"),
    ("sum(x) y", "x"), ("x + s", "s"), ("x .* s", "s"), ("x.^s", "s"), ("log(S)", "S"), ("cumsum(x)", "x"),
    ("tr(C D C D C D)", "C"), ("tr(C D C D D)", "C"), ("2 tr(C C)", "C"), ("C D C D", "C"), ("-(x + 2 y)", "x"),
    ("tr(C D C D C)", "C"), ("sum_{i=1}^{n} x", "x"), ("sum_{i=1}^{n} s^2", "s"), ("eigval(S, 1)", "S"),
    ("2 (s^2 + s^3)", "s"), ("t + (s^2 + s^3)", "s"), ("t silu(s)", "s"), ("std(x)^2", "x"),
    ("2 (x.^2 + x.^3)", "x"), ("-(x.^2 - t x.^3)", "x"), ("{t if t > 9; x if x > y; x.^2 otherwise}", "x"),
    ("{s if t > 9; s^2 if t > 0; s^3 otherwise}", "s"), ("{s if t > 9; s^2 if t > 0; 2 s if t > -9}", "s"),
]  # fmt: skip
SIZES = {"n": 3, "m": 2}


def read(text: str) -> Expr:
    return expand_defined(parse(text, where=WHERE).expr)


def values_at(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    sizes: dict[str, Any] = {"x": 3, "y": 3, "A": (2, 3), "C": (3, 3), "D": (3, 3), "S": (3, 3)}
    values: dict[str, Any] = {name: rng.uniform(0.3, 1.5, size) for name, size in sizes.items()}
    return {**values, "s": 0.7, "t": 1.3, **SIZES}


def variable(name: str) -> Expr:
    [found] = [node for node in walk(parse(name, where=WHERE).expr) if node.op.name == "symbol"]
    return found


def accumulated(text: str, wrt: str) -> str:
    """Return what is accumulated in each way, as golden/accumulated.txt has it."""
    body, by = read(text), variable(wrt)
    found = {"forward": forward(body, by), "along w": forward(body, by, direction=symbol("w", by.shape))}
    found["reverse"] = reverse(body, by)
    if "_{i=" not in text:
        whole = parse(text, where=WHERE).expr
        found["back from v"] = carried_back(whole, symbol("v", whole.shape), by)
    return "\n".join([f"> {text} by {wrt}", *[f"  {way}: {unicode(expr)}" for way, expr in found.items()]])


if os.environ.get("MCALC_GOLDEN") == "write":
    GOLDEN.write_text(
        "# What is accumulated over the graph in each way, before it is simplified.\n\n"
        + "".join([f"{accumulated(*row)}\n\n" for row in OF]),
        "utf-8",
    )


SAID = GOLDEN.read_text("utf-8").split("\n\n")[1:-1]


@pytest.mark.parametrize(("text", "wrt"), OF)
def test_what_is_accumulated_is_what_it_was(text: str, wrt: str) -> None:
    assert accumulated(text, wrt) in SAID


@pytest.mark.parametrize(("text", "wrt"), OF)
def test_both_directions_have_the_value_of_the_derivative(text: str, wrt: str) -> None:
    body, by, values = read(text), variable(wrt), values_at(3)
    want = complex_step(body, by, values)
    for found in (forward(body, by), reverse(body, by)):
        assert found.shape == body.shape + by.shape
        assert agree(evaluate(found, values), want)


@pytest.mark.parametrize(("text", "wrt"), OF)
def test_along_a_direction_it_is_the_derivative_times_that(text: str, wrt: str) -> None:
    body, by, values = read(text), variable(wrt), values_at(5)
    way = symbol("w", by.shape)
    values["w"] = np.random.default_rng(1).normal(size=np.shape(values[wrt]))
    found = forward(body, by, direction=way)
    assert found.shape == body.shape
    whole = complex_step(body, by, values)
    assert agree(evaluate(found, values), np.tensordot(whole, values["w"], by.order))


@pytest.mark.parametrize(("text", "wrt"), [row for row in OF if "_{i=" not in row[0]])
def test_an_adjoint_is_carried_back_through_a_definition(text: str, wrt: str) -> None:
    body, by, values = parse(text, where=WHERE).expr, variable(wrt), values_at(7)
    adjoint = symbol("v", body.shape)
    values["v"] = np.random.default_rng(2).normal(size=np.shape(evaluate(body, values)))
    found = carried_back(body, adjoint, by)
    assert found.shape == by.shape
    whole = complex_step(body, by, values)
    assert agree(evaluate(found, values), np.tensordot(values["v"], whole, body.order))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("text", ["k^2 + sum_{i=1}^{k} x_i", "k prod_{i=1}^{k} x_i", "sum_{i=k}^{n} k x_i"])
def test_a_variable_in_the_limits_of_a_sum_is_refused_in_both_directions(text: str, mode: str) -> None:
    with pytest.raises(Mistake, match="k stands in"):
        derive(text, wrt="k", where="k: R; x: R^n", mode=mode)


@pytest.mark.parametrize("run", [forward, reverse])
def test_a_variable_in_a_subscript_is_refused_in_both_directions(run: Callable[[Expr, Expr], Expr]) -> None:
    k, x = symbol("k"), symbol("x", (Dim.named("n"),))
    body = mul(k, make(element(x, number(1)).op, (x, k)))
    with pytest.raises(Mistake, match="k stands in a subscript"):
        run(body, k)
    i = index("i", 0, number(1), size(Dim.named("n")))
    total = make(SIGMA, (i, element(x, i)))
    assert not is_zero(run(total, x))


def test_the_other_factors_of_a_product_run_over_an_index_of_a_new_name() -> None:
    body, x = read("sum_{j=1}^{n} prod_{i=1}^{n} (x_i + y_j)"), variable("x")
    for found in (forward(body, x), reverse(body, x)):
        assert {node.attr for node in walk(found) if node.op.name == "index"} == {("i", 0), ("j", 0), ("k", 0)}


@pytest.mark.parametrize("count", [LONG_PRODUCT, LONG_PRODUCT + 1, 40])
def test_a_long_product_becomes_a_product_of_products(count: int) -> None:
    factors = [add(symbol(f"x_{k}"), number(k + 1)) for k in range(count)]
    body = mul(*factors)
    found = expand_defined(body)
    assert (found is body) == (count <= LONG_PRODUCT)
    assert max(len(node.args) for node in walk(found) if node.op is MUL) <= LONG_PRODUCT
    values = {f"x_{k}": 0.1 * k for k in range(count)}
    assert agree(evaluate(found, values), evaluate(body, values))


def test_only_products_that_are_too_long_are_halved_and_only_as_often_as_that() -> None:
    factors = [add(symbol(f"x_{k}"), number(k + 1)) for k in range(2 * LONG_PRODUCT)]
    assert len(expand_defined(mul(*factors)).args) == LONG_PRODUCT
    fitting, total = make(MUL, tuple(factors[:1] * LONG_PRODUCT)), add(*factors)
    assert expand_defined(add(fitting, total)) is add(fitting, total)
    assert expand_defined(add(fitting, total, mul(*factors))).args[:-1] == add(fitting, total).args


def test_equal_factors_of_a_long_product_are_one_power() -> None:
    x = [make(parse("tanh(t)").expr.op, (symbol(f"x_{k}"),)) for k in range(7)]
    body = make(MUL, (*x, *x))
    found = expand_defined(body)
    assert {str(node.args[1].attr) for node in walk(found) if node.op.name == "pow"} == {"2"}
    assert found.op is MUL
    assert len(found.args) == 7


def test_what_is_composed_of_others_is_opened_to_the_bottom() -> None:
    for text in ("silu(gelu(x))", "mse(softplus(x), y)", "logsumexp(C x) x", "normalize(x)"):
        assert not expand_defined(parse(text, where=WHERE).expr).has_kind("defined")
    body = parse("A x", where=WHERE).expr
    assert expand_defined(body) is body
    opened = read("(t silu(s))^2")
    assert not [node for node in walk(opened) if node.op is MUL and any([arg.op is MUL for arg in node.args])]
    for text in ("(S + silu(S))'", "silu(S)' x", "mish(S)'"):
        assert not read(text).has(TRANSPOSE)
    assert unicode(read("(A + silu(A))'")) == "(A + A ⊗ σ(A))ᵀ"
    assert unicode(read("std(x)^2 + t^2 + (t silu(s))^2")) == "sum((x - sum(x) / n)²) / n + t² + (t s σ(s))²"


def test_a_variable_by_itself_is_an_identity_of_its_order() -> None:
    assert is_number(identity(symbol("s")), 1)
    for shape, sizes in (((3,), 3), ((2, 3), 6), ((2, 2, 2), 8)):
        found = evaluate(identity(symbol("v", tuple([Dim.of(length) for length in shape]))), {})
        assert np.array_equal(np.reshape(found, (sizes, sizes)), np.eye(sizes))


def test_a_row_without_a_derivative_is_refused_by_its_name() -> None:
    node = make(EIGVECS_MAX, (variable("S"), number(2)))
    with pytest.raises(Mistake, match=r"the derivative of eigvecs_max is not supported"):
        local_jacobian(node, 0)


def test_pieces_that_have_one_derivative_have_it_without_braces() -> None:
    x = variable("x")
    found = forward(read("{3 x if t > 0; 3 x + y otherwise}"), x)
    assert found is forward(read("3 x"), x)
    body = read("{3 x if t > 0; x + y otherwise}")
    assert forward(body, x).op is CASES
    alone = make(CASES, body.args[:2])
    assert agree(evaluate(forward(alone, x), values_at(3)), 3 * np.eye(3))
