"""Special functions against values computed apart: by the standard library, by identities, by sums written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mcalc import Mistake, derive, parse

POINTS = [0.01, 0.3, 0.5, 1.0, 1.4616321449683623, 2.0, 3.7, 12.0, 170.5]
EULER = 0.5772156649015329


def value(text: str, **at: float) -> float:
    """Return the value of a text at some numbers."""
    return float(parse(text, where=", ".join(at) + ": R").evaluate(at))


@pytest.mark.parametrize("x", POINTS)
def test_values_are_those_of_the_standard_library(x: float) -> None:
    assert value("lgamma(x)", x=x) == pytest.approx(math.lgamma(x), rel=1e-13, abs=4e-15)
    assert value("Γ(x)", x=x) == pytest.approx(math.gamma(x), rel=1e-12)
    assert value("erfc(x)", x=x) == pytest.approx(math.erfc(x), rel=1e-14)
    assert value("Φ(x)", x=-x) == pytest.approx(math.erfc(x / math.sqrt(2)) / 2, rel=1e-13)
    assert value("log1p(x)", x=x * 1e-9) == pytest.approx(math.log1p(x * 1e-9), rel=1e-14)
    assert value("expm1(x)", x=x * 1e-9) == pytest.approx(math.expm1(x * 1e-9), rel=1e-14)
    assert value("acosh(x)", x=x + 1) == pytest.approx(math.acosh(x + 1), rel=1e-13)
    assert value("atanh(x)", x=x / 200) == pytest.approx(math.atanh(x / 200), rel=1e-13)


@pytest.mark.parametrize("k", range(6))
def test_derivatives_of_the_gamma_function_are_those_known_at_one(k: int) -> None:
    """ψ(1) = -γ, and polygamma(k, 1) = (-1)^(k+1) k! ζ(k + 1)."""
    n = np.arange(1, 2_000_000, dtype=float)
    zeta = float((1 / n ** (k + 1)).sum() + (n[-1] + 0.5) ** -k / k) if k else 0.0
    want = (-1) ** (k + 1) * math.factorial(k) * zeta if k else -EULER
    assert value(f"polygamma({k}, x)", x=1.0) == pytest.approx(want, rel=1e-12)
    found = derive("lgamma(x)", wrt="x", order=k + 1)
    assert float(found.evaluate({"x": 1.0})) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("x", POINTS)
def test_recurrences_hold(x: float) -> None:
    assert value("digamma(x + 1) - digamma(x)", x=x) == pytest.approx(1 / x, rel=1e-11)
    assert value("trigamma(x) - trigamma(x + 1)", x=x) == pytest.approx(1 / x**2, rel=1e-9)
    assert value("lgamma(x + 1) - lgamma(x)", x=x) == pytest.approx(math.log(x), rel=1e-12, abs=2e-13)
    assert value("β(a, b)", a=x, b=2.5) == pytest.approx(
        math.exp(math.lgamma(x) + math.lgamma(2.5) - math.lgamma(x + 2.5)), rel=1e-12
    )


@pytest.mark.parametrize(("y", "x"), [(1, 2), (2, 1), (-1, 2), (1, -2), (-3, -1), (0, -1), (0, 1), (2, 0), (-2, 0)])
def test_the_angle_of_a_point_lies_in_its_quadrant(y: float, x: float) -> None:
    assert value("atan2(y, x)", y=y, x=x) == pytest.approx(math.atan2(y, x), rel=1e-15)


def test_what_is_large_does_not_overflow() -> None:
    assert value("logaddexp(a, b)", a=1000.0, b=999.0) == pytest.approx(1000 + math.log1p(math.exp(-1)))
    assert value("logcosh(x)", x=-1000.0) == pytest.approx(1000 - math.log(2))
    assert value("mish(x)", x=-1000.0) == pytest.approx(0)
    assert value("logsigmoid(x)", x=-1000.0) == pytest.approx(-1000)


def test_outside_its_domain_a_logarithm_has_no_value() -> None:
    assert math.isnan(value("lgamma(x)", x=-0.5))
    assert math.isnan(value("Γ(x)", x=-1.5))


def test_a_letter_before_one_argument_is_a_factor_and_before_two_the_beta_function() -> None:
    assert parse("β(x - y)", where="β, x, y: R").text == "β (x - y)"
    assert parse("β(x - y)").text == "β (x - y)"
    assert parse("β(a, b)").expr.op.name == "beta function"
    assert "Φ(...) is read as the normal distribution function" in parse("Φ(x)").notes
    with pytest.raises(Mistake, match="two readings"):
        parse("gamma(x)")


def test_the_order_of_polygamma_is_a_number_and_is_not_differentiated_by() -> None:
    assert derive("polygamma(3, x)", wrt="x").text == "polygamma(4, x)"
    with pytest.raises(Mistake, match="by its order"):
        derive("polygamma(k, x)", wrt="k")


@pytest.mark.parametrize(
    ("text", "wrt", "where", "want"),
    [
        ("sum(huber(X w - y, δ))", "w", "X: R^{N x n}; w: R^n; y: R^N; δ: R", "min(max(X w - y, -δ), δ)ᵀ X"),
        ("rmsnorm(x)", "x", "x: R^n", "sqrt(n) (I - x xᵀ / ‖x‖²) / ‖x‖"),
        ("kl(p, q)", "p", "p, q: R^n", "(ln(p) - ln(q) + 1)ᵀ"),
        ("Φ(x)", "x", "x: R", "exp(-1/2 x²) / sqrt(2 π)"),
        ("logcosh(x)", "x", "x: R", "tanh(x)"),
        ("lgamma(x)", "x", "x: R", "digamma(x)"),
        ("log1p(exp(x))", "x", "x: R", "σ(x)"),
        ("logaddexp(a, b)", "a", "a, b: R", "σ(a - b)"),
        ("atan2(y, x)", "y", "y, x: R", "x / (x² + y²)"),
    ],
)
def test_derivatives_are_as_a_person_writes_them(text: str, wrt: str, where: str, want: str) -> None:
    assert derive(text, wrt=wrt, where=where).text == want


@pytest.mark.parametrize(
    ("text", "where", "meant"),
    [
        ("glu(a, b)", "a, b: R^n", "a ⊗ σ(b)"),
        ("glu(x)", "x: R^6", "x[1:3] ⊗ σ(x[4:6])"),
        ("groupnorm(x, 2)", "x: R^6", "[layernorm(x[1:3]); layernorm(x[4:6])]"),
        ("blockdiag(A, B)", "A: R^{m x n}; B: R^{p x q}", "[A, zeros(m, q); zeros(p, n), B]"),
    ],
)
def test_what_is_another_way_to_write_something_is_that(text: str, where: str, meant: str) -> None:
    assert parse(text, where=where).expr is parse(meant, where=where).expr
    wrt = text[text.index("(") + 1]
    assert derive(f"‖{text}‖²", wrt=wrt, where=where).check().ok


@pytest.mark.parametrize("text", ["glu(x)", "groupnorm(x, 2)", "groupnorm(y, 4)", "vech(A)", "toeplitz(x)"])
def test_what_has_no_meaning_here_is_refused_by_name(text: str) -> None:
    with pytest.raises(Mistake, match=text.partition("(")[0]):
        parse(text, where="x: R^n; y: R^6; A: R^{n x n}")
