"""Functions that an equation defines: read, differentiated by value, and refused where they are not one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc import Mistake, derive, parse

WHERE = "K: R^{n x n}; p, f, u, g, d: R^n; X: R^{N x n}; y: R^N; w: R^n; λ: R"


def solved(text: str, values: dict[str, Any]) -> Any:
    """The solution of the equations below, by NumPy."""
    if "diag(p)" in text:
        return np.linalg.solve(values["K"] + np.diag(values["p"]), values["f"])
    n = values["X"].shape[1]
    return np.linalg.solve(values["X"].T @ values["X"] + values["λ"] * np.eye(n), values["X"].T @ values["y"])


def data() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    values: dict[str, Any] = {name: rng.uniform(0.5, 2, size=3) for name in "pfgd"}
    values |= {"K": rng.normal(size=(3, 3)) + 3 * np.eye(3), "X": rng.normal(size=(5, 3)), "y": rng.normal(size=5)}
    return values | {"λ": 0.7, "n": 3, "N": 5}


PLANT = "(K + diag(p)) u = f"
RIDGE = "X' (X w - y) + λ w = 0"
CASES = [
    (f"u*(p) where {PLANT}", "p", "-(K + diag(p))⁻¹ diag(u)", lambda u, v: u),
    (f"u where {PLANT}", "f", "(K + diag(p))⁻¹", lambda u, v: u),
    (f"g · u* where {PLANT}", "p", "(-u ⊗ ((K + diag(p))⁻ᵀ g))ᵀ", lambda u, v: v["g"] @ u),
    (f"‖u* - d‖² where {PLANT}", "p", "(2 u ⊗ ((K + diag(p))⁻ᵀ (d - u)))ᵀ", lambda u, v: ((u - v["d"]) ** 2).sum()),
    (f"p · u*(p) where {PLANT}", "p", None, lambda u, v: v["p"] @ u),
    (f"u* where {PLANT}", "K", None, lambda u, v: u),
    (f"w*(λ) where {RIDGE}", "λ", "-(Xᵀ X + λ I)⁻¹ w", lambda w, v: w),
    (f"w* where {RIDGE}", "y", "(Xᵀ X + λ I)⁻¹ Xᵀ", lambda w, v: w),
    (f"‖X w* - y‖² where {RIDGE}", "λ", None, lambda w, v: ((v["X"] @ w - v["y"]) ** 2).sum()),
    (f"w* where {RIDGE}", "X", None, lambda w, v: w),
]


@pytest.mark.parametrize(("text", "wrt", "want", "of"), CASES)
def test_derivatives_of_what_an_equation_defines_are_right(text: str, wrt: str, want: str | None, of: Any) -> None:
    d = derive(text, wrt=wrt, where=WHERE)
    values = data()
    name = "u" if PLANT in text else "w"
    if want is not None:
        assert d.text == want
    base = np.asarray(values[wrt], float)
    columns = []
    for place in np.ndindex(base.shape):
        sides = []
        for sign in (2, 1, -1, -2):
            moved = base.copy()
            moved[place] += sign * 1e-3
            at = {**values, wrt: moved}
            sides.append(of(solved(text, at), at))
        columns.append((-sides[0] + 8 * sides[1] - 8 * sides[2] + sides[3]) / 12e-3)
    found = np.asarray(d.evaluate({**values, name: solved(text, values)}))
    wanted = np.stack(columns, axis=-1).reshape((*np.shape(columns[0]), *base.shape))
    assert np.allclose(found.reshape(wanted.shape), wanted, atol=1e-8)
    assert f"{name} is the function that" in " ".join(d.notes)


@pytest.mark.parametrize(
    ("text", "wrt", "where", "want"),
    [
        ("x*(t) where F(x, t) = 0", "t", "F: R^n, R^k -> R^n; x: R^n; t: R^k", "-(∂₁F(x, t))⁻¹ ∂₂F(x, t)"),
        ("x*(t) where x^3 + t x - 1 = 0", "t", None, "-x / (3 x² + t)"),
        ("x*(t) where x^3 + t x = d/dt sin(t)", "t", None, "-(x + sin(t)) / (3 x² + t)"),
        (r"u^* \text{ where } A u = b", "b", "A: R^{n x n}; b, u: R^n", "A⁻¹"),
        ("x*(t) where F(x*(t), t) = 0", "t", "F: R^n, R^k -> R^n; x: R^n; t: R^k", "-(∂₁F(x, t))⁻¹ ∂₂F(x, t)"),
        (
            "x*(t) where x = tanh(W x + t)",
            "t",
            "W: R^{n x n}; x, t: R^n",
            "(I + diag(tanh(W x + t)² - 1) W)⁻¹ diag(1 - tanh(W x + t)²)",
        ),
        ("x* where F(x*, t) = 0", "t", "F: R^n, R^k -> R^n; x: R^n; t: R^k", "-(∂₁F(x, t))⁻¹ ∂₂F(x, t)"),
        ("u* + 1 where p u* = 2", "p", None, "-u / p"),
        ("x*(y + 1) where x + y = 3", "y", None, "x"),
        ("A*(x - b) where A x = b", "x", None, "A"),
        ("x*-y where x + y = 3", "y", None, "-x"),
        ("x + u where u = 2 x", "x", None, "3"),
        ("2 u where u = x^2", "x", None, "4 x"),
    ],
)
def test_an_equation_for_a_name_is_told_from_a_definition(text: str, wrt: str, where: str | None, want: str) -> None:
    assert derive(text, wrt=wrt, where=where).text == want


def test_what_defines_nothing_is_refused() -> None:
    for text, said in (
        (f"g · u where {PLANT}", "which name"),
        ("v* where (K + diag(p)) u = f", "does not occur in its equation"),
        ("u* where g · u = 1", "not as many entries"),
        ("Y* where K Y + Y K = X' X", "is a matrix"),
    ):
        with pytest.raises(Mistake, match=said):
            derive(text, wrt="p", where=f"{WHERE}; Y: R^{{n x n}}")
    with pytest.raises(Mistake, match="second derivative"):
        derive(f"u* where {PLANT}", wrt="p", where=WHERE, order=2)
    with pytest.raises(Mistake, match="is what the equation defines"):
        derive(f"u* where {PLANT}", wrt="u", where=WHERE)
    assert "no value by itself" in str(derive(f"u* where {PLANT}", wrt="p", where=WHERE).check())


def test_the_derivation_names_the_rule_and_ends_at_the_result() -> None:
    d = derive(f"g · u* where {PLANT}", wrt="p", where=WHERE)
    told = d.steps.text("full")
    assert "implicit function" in told
    assert d.text in told


def test_code_solves_with_the_transpose_once_for_a_number() -> None:
    code = derive(f"g · u* where {PLANT}", wrt="p", where=WHERE).to("numpy")
    assert "solve(" in code
    assert "inv(" not in code


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("dy/dx where x^2 + y^2 = 25", "-x / y"),
        ("∂z/∂x where x^2 + y^2 + z^2 = 1", "-x / z"),
        ("d/dx y where e^y = x + y", "1/(exp(y) - 1)"),
        ("x^2 + y^2 = 25, dy/dx", "-x / y"),
        ("x^2 + x y + y^2 = 7, find dy/dx", "-(2 x + y) / (x + 2 y)"),
    ],
)
def test_the_slope_of_a_curve_is_that_of_the_function_its_equation_defines(text: str, slope: str) -> None:
    assert parse(text).text == slope


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("x = cos t, y = sin t, dy/dx", "-cos(t) / sin(t)"),
        ("x = t^2, y = t^3, find d^2y/dx^2", "3/(4 t)"),
        ("dy/dx where x = a (t - sin(t)) and y = a (1 - cos(t))", "a sin(t) / (a - a cos(t))"),
    ],
)
def test_along_a_curve_the_quotient_of_both_derivatives_is_taken(text: str, want: str) -> None:
    assert parse(text).text == want


def test_by_a_number_nothing_is_differentiated() -> None:
    with pytest.raises(Mistake, match="x is no variable"):
        parse("x = 2, y = x^3, dy/dx")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("xy = 1, dy/dx", "-y / x"),
        ("sin(xy) = x, dy/dx", "(1/cos(x y) - y) / x"),
        ("x = tan y, dy/dx", "1/(1 + tan(y)²)"),
        ("y = sin(xy), dy/dx", "y cos(x y) / (1 - x cos(x y))"),
        ("y = x^2, dy/dx", "2 x"),
    ],
)
def test_the_slope_of_a_curve_is_read_whatever_its_left_side_looks_like(text: str, want: str) -> None:
    assert parse(text).text == want


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("x^2+xy+y^2=7 find dy/dx", "dy/dx where x^2 + x y + y^2 = 7"),
        ("sin(x y) = x + y, find dy/dx", "dy/dx where sin(x y) = x + y"),
        ("σ(x) = x^2, find σ'(x)", "σ(x) = x^2, dσ/dx"),
    ],
)
def test_words_between_an_equation_and_what_is_asked_are_left_out(asked: str, plain: str) -> None:
    assert derive(asked).text == derive(plain).text


def test_a_name_that_drops_out_of_an_equation_is_not_defined_by_it() -> None:
    with pytest.raises(Mistake, match="f drops out of its equation"):
        derive("df/dx where x y + f = 3 + f")


@pytest.mark.parametrize(
    "text",
    [
        "How do you implicitly differentiate x^2 + 2xy - y^2 + x = 3?",
        "implicit differentiation of x^2 + 2xy - y^2 + x = 3",
        "find dy/dx given x^2 + 2xy - y^2 + x = 3",
    ],
)
def test_an_equation_is_differentiated_where_words_ask_for_it(text: str) -> None:
    assert derive(text).text == derive("dy/dx where x^2 + 2 x y - y^2 + x = 3").text
