"""Derivatives in a chain: by a square where no order stands above the line, and what is no variable below it."""

from __future__ import annotations

import pytest

import mcalc
from mcalc.errors import Mistake


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("∂ℓ/∂σ² where ℓ = -n/2 ln(2 π σ²) - s/(2σ²)", "s / (2 σ⁴) - n / (2 σ²)"),
        (r"\frac{\partial}{\partial \sigma^2} \ln \sigma^2", "1/σ²"),
        ("∂/∂(x²) (x^4 + x²)", "2 x² + 1"),
        ("∂/∂σ_1² (σ_1² σ_2²)", "σ₂²"),
        ("d^2/dx^2 x^4", "12 x²"),
        ("d(x^2)/d(x^2)", "1"),
        ("d(x^4)/d(x^2)", "2 x²"),
        ("d(sin x)/d(x^2)", "cos(x) / (2 x)"),
        ("d^2(x^4)/dx^2", "12 x²"),
    ],
)
def test_a_square_below_a_line_without_an_order_above_is_what_is_differentiated_by(text: str, printed: str) -> None:
    assert mcalc.parse(text).text == printed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("d/dx^2 x^4", "E-AMBIG"),
        ("dy/dx² where y = x^4", "E-AMBIG"),
        ("d/d(2x) sin(2x)", "E-UNSUPPORTED"),
        ("d(x^4)/dx^2", "E-AMBIG"),
        ("df/d(3x)", "E-UNSUPPORTED"),
    ],
)
def test_what_no_derivative_is_by_is_refused(text: str, code: str) -> None:
    with pytest.raises(Mistake) as caught:
        mcalc.parse(text)
    assert caught.value.code == code


def test_a_thousand_derivatives_are_taken_and_one_more_is_refused() -> None:
    assert mcalc.parse("d^1000/dx^1000 x^2").text == "0"
    with pytest.raises(Mistake, match="E-LIMIT: a derivative of order 1001"):
        mcalc.parse("d^1001/dx^1001 x^2")
