"""Entries of expressions and sums over entries: the diagonal in a sum, parts of a block, functions without a value."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from mcalc import Mistake, check, derive, parse
from mcalc.dims import Dim
from mcalc.expr import walk
from tests.reading import reads_back
from tests.values import agree, complex_step

WHERE = "A, B: R^{n x n}; x, w, y: R^n; s: R; C: R^{n x 1}; D: R^{1 x n}"
DIAGONALS = [
    ("sum_i A_ii", "A", "I"),
    ("sum_{i=1}^n A_{i,i}", "A", "I"),
    ("sum_i A_ii^2", "A", "2 diag(diag(A))"),
    ("sum_i exp(A_ii)", "A", "diag(exp(diag(A)))"),
    ("sum_i A_ii x_i", "A", "diag(x)"),
    ("sum_i A_ii x_i", "x", "diag(A)ᵀ"),
    ("sum_{i=1}^n (A x)_i A_ii", "A", "diag(A x) + diag(A) xᵀ"),
    ("sum_i sum_j A_ij A_ji", "A", "2 Aᵀ"),
    ("sum_i A_ii B_ii", "A", "diag(diag(B))"),
    ("½ ‖(Σ_{i=1}^n (Σ_{j=1}^n A_ij x_j) unit(i, n)) - y‖²", "A", "(A x - y) xᵀ"),
]
MORE_SUMS = [
    ("sum_i sum_j A_ij A_ii", "A"),
    ("sum_i tanh(A_ii x_i)^2", "A"),
    ("sum_i (A_ii - mean(x))^2", "A"),
    ("prod_i A_ii", "A"),
    ("sum_{i=2}^n A_ii", "A"),
    ("sum_{i=1}^{n-1} A_{i,i+1} A_ii", "A"),
    *[
        (f"½ ‖(Σ_{{i=1}}^n (Σ_{{j=1}}^n A_ij x_j) {f}(x_i) unit(i, n)) - y‖²", wrt)
        for f in ("", "tanh")
        for wrt in "Ax"
    ],
    *[("½ ‖(Σ_{i=1}^n (Σ_{j=1}^n A_ij x_j) tanh(x_i) unit(i, n)) - y‖²", wrt) for wrt in "Ax"],
    *[("½ ‖(Σ_{i=1}^n (Σ_{j=1}^n A_ij tanh(Σ_{i=1}^n B_ji x_i)) unit(i, n)) - y‖²", wrt) for wrt in "ABx"],
    ("Σ_{i=1}^n y_i ((Σ_{i=1}^n (Σ_{j=1}^n A_ij x_j) unit(i, n))_i - Σ_{j=1}^n A_ji)^2", "A"),
]
BLOCKS = [
    ("sum([w; s]^2)", "w_1", "2 w₁"),
    ("sum([s; w]^2)", "w_1", "2 w₁"),
    ("sum([w; s]^2)", "w_n", "2 wₙ"),
    ("sum([w; s]^2)", "w_2", "2 [w; s]₂"),
    ("sum([w; s]^2)", "s", "2 s"),
    ("sum([s, s^2]^2)", "s", "2 s + 4 s³"),
    ("[s, s^2]_1", "s", "1"),
]
MORE_BLOCKS = [
    ("sum([s; w; s w]^2)", "w_2"),
    ("sum([w; s]^2)", "w"),
    ("sum(sin([A, x; x^T, 1]))", "A_{1,2}"),
    ("sum(sin([A; x^T]))", "x_1"),
    ("sum(sin([A, x]))", "A_{n,n}"),
    ("sum(sin([C; s]))", "C"),
    ("sum(sin([C; s]))", "C_{1,1}"),
    ("sum(sin([D, s]))", "D"),
    ("sum(sin([C; x]))", "C"),
    ("sum(sin([x, C]))", "C"),
    ("sum(sin([x, C]))", "x_1"),
    ("[D, s]", "s"),
    ("[C; s]", "s"),
    ("sum_i C_{i,1}", "C"),
    ("C_{1,1}", "C"),
    ("sum_i D_{1,i} x_i", "D"),
    ("sum(sin(B' x sum(x)))", "x"),
    ("sum(sin((x (1⃗' x))' (A B)) .* (x' A))", "x"),
]


CONDITIONS = [
    ("sum_i {B_i · y if w_i > x_i; w_i otherwise}", "Bwy"),
    ("sum_i (y · {B_i if w_i > x_i; y otherwise}) (A_i · x)", "ABy"),
    ("sum_i sum_j {B_ij^2 if w_i > 0 and y_j < w_i; y_j w_i otherwise}", "Bwy"),
    ("sum_i (x · {B_i if w_i > 0 or w_i <= x_i; y otherwise})^2", "Bxy"),
]


def agrees(text: str, wrt: str, n: int) -> None:
    """Hold the value of a derivative, that of its print read again and that of its code against complex step."""
    rng = np.random.default_rng(n)
    shapes = {"A": (n, n), "B": (n, n), "x": (n,), "w": (n,), "y": (n,), "s": (), "C": (n, 1), "D": (1, n)}
    at = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    derivative = derive(text, wrt=wrt, where=WHERE)
    name, _, subscript = wrt.partition("_")
    function = parse(text, where=WHERE).expr
    [variable] = [node for node in walk(function) if node.op.name == "symbol" and node.attr[0] == name]
    want = complex_step(function, variable, {**at, "n": n})
    places = [n if place == "n" else int(place) for place in subscript.strip("{}").split(",") if place]
    for place in places:
        want = want[place - 1]
    assert agree(derivative.evaluate(at), want)
    assert agree(parse(derivative.text, where=WHERE).evaluate({**at, "m": n}), want)
    made = derivative.compile()
    assert agree(made(*[at.get(one, n) for one in inspect.signature(made).parameters]), want)


@pytest.mark.parametrize(("text", "wrt", "printed"), [*DIAGONALS, *BLOCKS])
def test_entries_come_out_as_a_person_writes_them(text: str, wrt: str, printed: str) -> None:
    assert derive(text, wrt=wrt, where=WHERE).text == printed


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize(("text", "wrt"), [*[case[:2] for case in [*DIAGONALS, *BLOCKS]], *MORE_SUMS, *MORE_BLOCKS])
def test_derivatives_by_entries_are_right_by_value_in_print_and_in_code(text: str, wrt: str, n: int) -> None:
    agrees(text, wrt, n)


UNKNOWN = [
    "sum_i g(x_i)",
    "sum_i (f(x_i) - y_i)^2",
    "sum_i f(x_i) g(y_i)",
    "sum_i f(x_i, y_i)",
    "sum_i f(A_ii x_i)",
    "sum_i exp(g(x_i))",
    "prod_i f(x_i)",
    "mean(x) sum_i g(x_i)",
    "sum_i w_i f(x_i - mean(x))",
    "sum_i f(w · x) x_i",
]


@pytest.mark.parametrize("text", UNKNOWN)
@pytest.mark.parametrize("wrt", ["x", "y", "x_1", "A"])
def test_a_sum_of_a_function_without_a_definition_is_differentiated_term_by_term(text: str, wrt: str) -> None:
    derivative = derive(text, wrt=wrt, where=WHERE)
    assert not reads_back(derivative.expr)
    if wrt == "x":
        assert "′" in derivative.text or "∂" in derivative.text


def test_a_sum_of_a_function_is_right_where_it_is_given_a_meaning_afterwards() -> None:
    x, y = np.array([0.3, -0.7, 1.2]), np.array([1.0, 0.5, -2.0])
    text = derive("sum_i (f(x_i) - y_i)^2", wrt="x", where=WHERE).text
    assert text == "2 Σ_{i=1}^{n} f′(xᵢ) (f(xᵢ) - yᵢ) unit(i, n)ᵀ"
    known = text.replace("f′(xᵢ)", "cos(xᵢ)").replace("f(xᵢ)", "sin(xᵢ)")
    assert agree(parse(known, where=WHERE).evaluate({"x": x, "y": y}), 2 * np.cos(x) * (np.sin(x) - y))


def test_slices_that_reach_beyond_the_shortest_vectors_are_judged_where_they_do_not() -> None:
    assert check("∂/∂x (w[1:2] · x[2:3]) = x^T", where=WHERE).verdict == "not-equal"
    assert check("∂/∂x (w[1:2] · x[2:3]) = [0; w[1:2]; zeros(n - 3)]^T", where=WHERE).verdict == "equal"


@pytest.mark.parametrize("text", ["zeros(n - 3)", "x[2:3]", "unit(3, n)", "x_3", "I(n)[:, 2:3]", "sum(ones(n - 3))"])
def test_what_has_no_such_place_at_a_size_is_a_mistake(text: str) -> None:
    with pytest.raises(Mistake, match="E-SHAPE"):
        parse(text, where=WHERE).evaluate({"x": [1.0, 2.0], "n": 2})


@pytest.mark.parametrize(
    ("size", "least"),
    [(Dim.of(3), 3), (Dim.named("n"), 1), (Dim.named("n") - 1, 0), (Dim.of(2) - Dim.named("n"), None)],
)
def test_the_least_that_a_size_can_be(size: Dim, least: int | None) -> None:
    assert size.least == least


@pytest.mark.parametrize(("text", "wrt"), [(text, wrt) for text, names in CONDITIONS for wrt in names])
def test_a_condition_that_runs_with_a_sum_stays_one_where_it_is_gathered(text: str, wrt: str) -> None:
    for mode in ("forward", "reverse"):
        assert not reads_back(derive(text, wrt=wrt, where=WHERE, mode=mode).expr)
    agrees(text, wrt, 3)
