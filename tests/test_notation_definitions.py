"""Names and what they mean: one meaning each."""

from __future__ import annotations

import pytest

from mcalc.api import parse
from mcalc.errors import Mistake
from mcalc.notation import Scope, read


@pytest.mark.parametrize(
    "where", ["n: R; x: R^n", "x: R^n; n: R", "x: R^n; n: R^3", "n: R^n", "A: R^{m x k}; k: R", "x: R^{n+1}; n: R > 0"]
)
def test_a_name_is_not_a_variable_and_a_size_at_once(where: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse("1", where=where)
    assert caught.value.code == "E-NAME"
    assert caught.value.hint


def test_a_size_gets_no_value_by_a_definition() -> None:
    with pytest.raises(Mistake, match="size of x"):
        parse("n + 1", where="x: R^n; n = 3")


@pytest.mark.parametrize("argument", ["2", "2 t"])
def test_a_function_with_a_derivative_in_it_is_not_read_at_a_value_and_says_what_to_type(argument: str) -> None:
    scope = read("g(x) = f'(x)", read("f(x) = x^3", Scope()).scope).scope
    with pytest.raises(Mistake, match=f"not read where x is {argument}") as caught:
        read(f"g({argument})", scope)
    assert caught.value.hint == f"write g(x), and evaluate it where x = {argument}"


def test_a_run_of_letters_in_a_definition_is_no_name_where_it_is_differentiated_by_one_of_them() -> None:
    scope = read("Q = a x^2 + bxy + loss", Scope()).scope
    with pytest.raises(Mistake, match="bxy was taken for one name") as caught:
        read("dQ/dx", scope)
    assert caught.value.hint == "write b x y for a product, or declare it: bxy: R"
    assert read("dQ/ds", read("Q = loss + s^2", Scope()).scope).expr is not None


@pytest.mark.parametrize(
    ("defined", "asked", "said"),
    [("Q = x1^2 + x2^2", "dQ/dx", "x does not occur"), ("Q = tr(AXBX^T)", "dQ/dX", "nothing says what AXBX is")],
)
def test_no_zero_where_what_is_differentiated_by_hides_in_a_name_of_a_line_before(
    defined: str, asked: str, said: str
) -> None:
    with pytest.raises(Mistake, match=said):
        read(asked, read(defined, Scope()).scope)


@pytest.mark.parametrize(
    ("defined", "asked", "meant"),
    [
        ("f(x) = x^3", "f'", "d/dx f(x)"),
        ("f(x) = x^3", "2 f'' - 1", "2 d^2/dx^2 (f(x)) - 1"),
        ("f(x) = x^3", "second derivative of f", "d^2/dx^2 f(x)"),
        ("f(x) = x^T A x", "the gradient of f", "∂/∂x f(x)"),
        ("f(x) = x^T A x", "Hessian of f(x)", "∂²/∂x² f(x)"),
        ("f(x, y) = x^2 y", "gradient of f", "∂/∂(x, y) f(x, y)"),
    ],
)
def test_a_defined_function_needs_no_brackets_where_its_derivative_is_asked_for(
    defined: str, asked: str, meant: str
) -> None:
    scope = read(defined, Scope()).scope
    assert read(asked, scope).expr is read(meant, scope).expr


def test_the_derivative_of_a_name_alone_is_asked_by_what() -> None:
    for text, scope in (("gradient of f", Scope()), ("derivative of y", read("y = x^3", Scope()).scope)):
        with pytest.raises(Mistake, match="which variable"):
            read(text, scope)
