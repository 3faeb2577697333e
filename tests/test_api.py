"""The Python interface: what derive and parse give."""

from __future__ import annotations

import numpy as np
import pytest

import mcalc
from mcalc.limits import limit, set_limits
from tests.reading import reads_back


def test_a_derivative_has_its_faces_its_shape_and_its_form() -> None:
    d = mcalc.derive("max(0, w·x + b)", wrt="w", where="w, x: R^n; b: R")
    assert d.text == str(d) == "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}"
    assert d.ascii == "{0vec^T if w . x + b <= 0; x^T if w . x + b > 0}"
    assert "cases" in d.latex
    assert d.latex in d._repr_latex_()
    assert (d.shape, d.form, d.wrt, d.order, d.layout) == (("n",), "matrix", ["w"], 1, "numerator")
    assert d.text in repr(d)
    assert d.assumed == []


def test_what_was_assumed_is_said() -> None:
    assert mcalc.derive("max(0, w·x + b)", wrt="w").assumed == ["w, x ∈ ℝⁿ", "b ∈ ℝ"]


def test_values_have_the_axes_of_the_output_then_of_the_variable() -> None:
    rng = np.random.default_rng(1)
    a, x = rng.normal(size=(2, 3)), rng.normal(size=3)
    where = "A: R^{m x n}; x: R^n"
    assert np.allclose(mcalc.derive("A x", wrt="x", where=where).evaluate({"A": a, "x": x}), a)
    assert mcalc.derive("A x", wrt="A", where=where).evaluate({"A": a, "x": x}).shape == (2, 2, 3)
    assert np.allclose(mcalc.derive("x·x", wrt="x", order=2).evaluate({"x": x}), 2 * np.eye(3))
    assert np.allclose(mcalc.derive("w·x + b", wrt=["w", "b"]).evaluate({"w": x, "x": x, "b": 1.0}), [*x, 1.0])


def test_sizes_come_from_all_variables_not_only_those_of_the_result() -> None:
    assert mcalc.derive("sum(x)", wrt="x").evaluate({"x": [1.0, 2.0, 3.0]}).tolist() == [1.0, 1.0, 1.0]


def test_values_are_the_same_in_either_layout() -> None:
    rng = np.random.default_rng(2)
    values = {"A": rng.normal(size=(2, 3)), "x": rng.normal(size=3)}
    both = [
        mcalc.derive("sin(A x)", wrt="x", where="A: R^{m x n}; x: R^n", layout=layout)
        for layout in ("numerator", "denominator")
    ]
    assert both[0].text != both[1].text
    assert both[0].shape == both[1].shape == ("m", "n")
    assert np.allclose(both[0].evaluate(values), both[1].evaluate(values))


def test_a_greek_letter_may_be_spelled_out_in_values() -> None:
    assert float(mcalc.parse("2 λ").evaluate({"lambda": 3.0})) == 6.0


def test_a_derivative_statement_needs_no_variable() -> None:
    assert mcalc.derive("∂/∂w (w · x)").text == "xᵀ"
    d = mcalc.derive("d/dx d/dx x^3")
    assert (d.text, d.order) == ("6 x", 2)


def test_an_expression_is_read_and_evaluated() -> None:
    e = mcalc.parse("max(0, w·x + b)")
    assert (e.text, e.shape, e.display_shape) == ("max(0, w · x + b)", (), "1×1")
    assert float(e.evaluate({"w": [1.0, 2.0], "x": [3.0, 4.0], "b": 0.5})) == 11.5


def test_a_derivative_inside_an_expression_is_worked_out() -> None:
    assert float(mcalc.parse("2 d/dx x^2").evaluate({"x": 3.0})) == 12.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(d/dx x^2) + 3x", "5 x"),
        ("2 d/dx x^2", "4 x"),
        ("x d/dx x^2", "2 x²"),
        ("cos(x) d/dx sin(x)", "cos(x)²"),
        ("x' + grad_x (x . x)", "3 xᵀ"),
        ("(d/dx (A x)) x", "A x"),
        ("(d/dx x^2) + (x + 1) (x + 2)", "5 x + x² + 2"),
    ],
)
def test_a_derivative_that_was_worked_out_is_collected_with_what_stands_around_it(text: str, value: str) -> None:
    assert mcalc.parse(text).text == value


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"expr": "x^2"}, "E-USAGE"),
        ({"expr": "3"}, "E-USAGE"),
        ({"expr": "x^2", "wrt": "x", "layout": "sideways"}, "E-USAGE"),
        ({"expr": "x^2", "wrt": "x", "mode": "sideways"}, "E-USAGE"),
        ({"expr": "x^2", "wrt": "x", "order": 0}, "E-USAGE"),
        ({"expr": "sqt(x)", "wrt": "x"}, "E-NAME"),
        ({"expr": "A x", "wrt": "x", "where": "A: R^{m x n}; x: R^k"}, "E-SHAPE"),
        ({"expr": "(x", "wrt": "x"}, "E-SYNTAX"),
    ],
)
def test_whatever_is_wrong_is_a_mistake(arguments: dict[str, str], code: str) -> None:
    with pytest.raises(mcalc.Mistake) as caught:
        mcalc.derive(**arguments)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_each_variable_is_listed_once() -> None:
    assert [v.attr[0] for v in mcalc.derive("w·x", wrt="w").symbols] == ["w", "x"]


@pytest.mark.parametrize(
    ("text", "value"), [("diag(3)", [[3]]), ("diag(c)", [[4]]), ("diag(1, c)", [[1, 0], [0, 4]]), ("sum(diag(c))", 4)]
)
def test_a_diagonal_of_scalars_holds_them(text: str, value: object) -> None:
    found = mcalc.parse(text, where="c: R")
    assert found.evaluate({"c": 4.0}).tolist() == value
    assert reads_back(found.expr) == ""


@pytest.mark.parametrize(
    "arguments",
    [
        {"expr": "softmax(" * 40 + "x" + ")" * 40, "wrt": "x", "where": "x: R^n"},
        {"expr": "max(0, " * 900 + "x" + " + 1)" * 900, "wrt": "x"},
        {"expr": "sqrt(1 + " * 600 + "x" + ")" * 600, "wrt": "x"},
        {"expr": "[" + "; ".join([f"sin(x)^{k}" for k in range(2, 400)]) + "]", "wrt": "x"},
        {"expr": "sin(" * 40 + "x" + ")" * 40, "wrt": "x", "order": 3},
    ],
)
def test_work_is_counted_as_that_of_the_command_and_the_limit_is_a_mistake(arguments: dict[str, str]) -> None:
    assert limit("work") > 3000
    before = set_limits({"work": 3000})
    try:
        with pytest.raises(mcalc.Mistake) as caught:
            mcalc.derive(**arguments)  # type: ignore[arg-type]
        assert (caught.value.code, caught.value.hint) == ("E-LIMIT", "the limit is 3000; --limit work=N sets another")
        assert mcalc.derive("x^2", wrt="x").text == "2 x"
        set_limits({"work": 0})
        assert mcalc.derive(**arguments).text  # type: ignore[arg-type]
    finally:
        set_limits(before)
