"""Functions recognised in a derivative, by what is printed and by value."""

from __future__ import annotations

import pytest

from mcalc import derive


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("log(1 - 1/(1 + exp(-z)))", "-σ(z)"),
        ("log(exp(z)/(1 + exp(z)))", "1 - σ(z)"),
        ("-(y log(1/(1 + exp(-z))) + (1 - y) log(1 - 1/(1 + exp(-z))))", "σ(z) - y"),
        ("y log(σ(z)) + (1 - y) log(σ(-z))", "y - σ(z)"),
    ],
)
def test_the_logistic_function_is_recognised_however_it_is_written(text: str, printed: str) -> None:
    d = derive(text, wrt="z")
    assert d.text == printed
    assert d.check()


def test_logistic_regression_written_with_exponentials_has_the_gradient_of_books() -> None:
    where = "X: R^{m x n}; w: R^n; y: R^m"
    text = "-sum(y .* log(1/(1 + exp(-X w))) + (1 - y) .* log(1 - 1/(1 + exp(-X w))))"
    assert derive(text, wrt="w", where=where).text == "(σ(X w) - y)ᵀ X"
