"""Derivatives of long and deep statements: their work grows as their size does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mcalc import derive
from mcalc.calculus.matrix.matrix_form import matrix_form
from mcalc.expr import Expr
from mcalc.operators.arithmetic import add
from mcalc.operators.leaves import symbol
from tests.work import LINEAR, growth, rounds


def many(letter: str, count: int) -> list[str]:
    """Return names with numbers."""
    return [f"{letter}_{k}" for k in range(1, count + 1)]


def matrices(count: int) -> str:
    return f"{', '.join(many('A', count))}: R^{{n x n}}"


def tanh_layers(count: int) -> str:
    text, where = "x", "x, v: R^n"
    for k in range(1, count + 1):
        text, where = f"tanh(W_{k} {text})", f"{where}; W_{k}: R^{{n x n}}"
    return derive(f"v' {text}", wrt="W_1", where=where).text


FAMILIES: dict[str, Callable[[int], str]] = {
    "layer norms": lambda n: derive("layernorm(W " * n + "x" + ")" * n, wrt="x", where="x: R^n; W: R^{n x n}").text,
    "softmax in softmax": lambda n: derive("softmax(" * n + "x" + ")" * n, wrt="x", where="x: R^n").text,
    "products": lambda n: derive(f"v' {' '.join(many('A', n))} x", wrt="x", where=f"v, x: R^n; {matrices(n)}").text,
    "traces": lambda n: derive(f"tr({' '.join(many('A', n))} X)", wrt="X", where=f"X: R^{{n x n}}; {matrices(n)}").text,
    "quadratic forms": lambda n: (
        derive(" + ".join([f"x' {a} x" for a in many("A", n)]), wrt="x", where=f"x: R^n; {matrices(n)}").text
    ),
    "entries": lambda n: derive(f"[{'; '.join([f'sin({x})' for x in many('x', n)])}]", wrt="x", where=f"x: R^{n}").text,
    "names": lambda n: derive(f"sin({' + '.join(many('x', n))})", wrt=many("x", n)).text,
    "tanh layers": tanh_layers,
    "maxima in maxima": lambda n: derive("max(0, " * n + "x" + " + 1)" * n, wrt="x").text,
    "sines, twice": lambda n: derive("sin(" * n + "x" + ")" * n, wrt="x", order=2).text,
    "roots in roots": lambda n: derive("sqrt(1 + " * n + "x" + ")" * n, wrt="x").text,
}

SIZES = {"layer norms": 16, "sines, twice": 120}


@pytest.mark.parametrize("name", FAMILIES)
def test_twice_the_size_takes_twice_the_work(name: str) -> None:
    assert growth(FAMILIES[name], SIZES.get(name, 60)) < LINEAR


LONG: dict[str, Callable[[int], str]] = {
    "tanh in tanh": lambda n: derive("tanh(" * n + "x" + ")" * n, wrt="x").text,
    "roots in roots": lambda n: derive("sqrt(" * n + "x" + ")" * n, wrt="x").text,
    "fractions in fractions": lambda n: derive("1/(1+" * n + "x" + ")" * n, wrt="x").text,
    "names": FAMILIES["names"],
    "code of sines": lambda n: str(derive("sin(" * n + "x" + ")" * n, wrt="x").to("numpy")),
}
"""Derivatives that are products of as many factors: what looks at all of them for each one turns so often in a loop."""


@pytest.mark.parametrize("name", LONG)
def test_a_factor_of_a_long_product_is_not_held_against_all_others(name: str) -> None:
    assert growth(LONG[name], 400, rounds) < 2.1


def test_a_term_of_a_long_sum_is_not_held_against_all_others() -> None:
    def summed(count: int) -> Expr:
        return matrix_form(add(*[symbol(name) for name in many("x", count)]))

    assert growth(summed, 800, rounds) < 2.1


def test_a_product_of_many_exponentials_is_simplified_as_one_of_few() -> None:
    def logistic(count: int) -> str:
        return derive("1/(1+exp(-" * count + "x" + "))" * count, wrt="x").text

    assert logistic(1) == "σ(x) (1 - σ(x))"
    assert growth(logistic, 40, rounds) < 3.7  # each of them is put for two factors, and all are looked at after that


def test_text_grows_with_the_layers_and_not_by_a_factor_for_each() -> None:
    assert len(FAMILIES["softmax in softmax"](32)) < 4 * len(FAMILIES["softmax in softmax"](8))
    assert len(FAMILIES["layer norms"](32)) < 12 * len(FAMILIES["layer norms"](4))


def test_a_deep_derivative_is_still_right() -> None:
    """What is no longer multiplied out holds against complex step at random points."""
    assert derive("softmax(" * 6 + "x" + ")" * 6, wrt="x", where="x: R^n").check().ok
    assert derive("layernorm(W " * 4 + "x" + ")" * 4, wrt="x", where="x: R^n; W: R^{n x n}").check().ok
    assert derive("tr(A (X + B) C X')", wrt="X", where="A, B, C, X: R^{n x n}").check().ok
