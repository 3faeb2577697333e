"""e^A of a square matrix is the matrix exponential; entry by entry stays what says so; in LaTeX both are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc.api import check, derive, parse
from mcalc.errors import Mistake
from mcalc.render.quotients import gathered
from tests.values import agree

WHERE = "A, B: R^{n x n}; S: R^{n x n} symmetric; t, s: R; x: R^n; X: R^{m x n}"
NILPOTENT = np.array([[0.0, 1.0], [0.0, 0.0]])


def exponential(a: Any) -> Any:
    """By its series, summed until nothing is added; for the small matrices here that is exact to rounding."""
    total = term = np.eye(len(a))
    for k in range(1, 60):
        term = term @ a / k
        total = total + term
    return total


@pytest.mark.parametrize(
    ("text", "wrt", "result"),
    [
        ("e^{t A}", "t", "A expm(t A)"),
        ("e^{A t/s}", "t", "A expm(A t / s) / s"),
        ("e^{-t A} x", "t", "-A expm(-t A) x"),
        ("e^{sin(t) A}", "t", "cos(t) A expm(sin(t) A)"),
        ("e^{t (A + B)}", "t", "(A + B) expm(t (A + B))"),
        ("x' e^{t S} x", "t", "xᵀ S expm(t S) x"),
        ("tr(e^A)", "A", "expm(A)ᵀ"),
        ("tr(e^{t A})", "A", "t expm(t A)ᵀ"),
        ("tr(e^{t A})", "t", "tr(A expm(t A))"),
        ("expm(t A)", "t", "A expm(t A)"),
    ],
)
def test_a_matrix_exponential_is_differentiated(text: str, wrt: str, result: str) -> None:
    found = derive(text, wrt=wrt, where=WHERE)
    assert found.text == result
    assert found.check().ok
    assert parse(found.text, where=WHERE).expr is found.expr
    assert parse(found.latex, where=WHERE, notation="latex").expr is gathered(found.expr)


def test_the_second_derivative_by_t() -> None:
    found = derive("e^{t A}", wrt="t", where=WHERE, order=2)
    assert found.text == "A² expm(t A)"
    assert found.check().ok


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_its_values_are_those_of_the_series(n: int) -> None:
    a = np.random.default_rng(n).normal(size=(n, n))
    assert agree(derive("e^{t A}", wrt="t", where=WHERE).evaluate({"A": a, "t": 0.3}), a @ exponential(0.3 * a))
    assert agree(derive("tr(e^A)", wrt="A", where=WHERE).evaluate({"A": a}), exponential(a).T)
    compiled = derive("e^{t A}", wrt="t", where=WHERE).compile()
    assert agree(compiled(t=0.3, A=a), a @ exponential(0.3 * a))


def test_a_nilpotent_matrix() -> None:
    assert agree(derive("tr(e^A)", wrt="A", where=WHERE).evaluate({"A": NILPOTENT}), [[1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("e^A", "L_exp(A)"),
        ("e^{t A}", "[t (L_exp(t A))ᵢⱼₖₗ]_{ijkl}"),
        ("x' e^A x", "L_exp(A, x xᵀ)ᵀ"),
        ("tr(B e^A)", "L_exp(A, B)ᵀ"),
        ("tr(A e^A)", "expm(A)ᵀ + expm(A)ᵀ Aᵀ"),
    ],
)
def test_by_what_is_in_the_matrix_it_is_a_map(text: str, result: str) -> None:
    found = derive(text, wrt="A", where=WHERE)
    assert found.text == result
    assert found.check().ok
    assert parse(found.text, where=WHERE).expr is found.expr


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("d/dt e^{t A} = A e^{t A}", "equal"),
        ("d/dt e^{t A} = e^{t A} A", "equal"),
        ("d/dt e^{t A} x = A e^{t A} x", "equal"),
        (r"\frac{d}{dt} e^{tA} = A e^{tA}", "equal"),
        ("∂/∂A tr(e^A) = (e^A)'", "equal"),
        ("d/dt e^{t A} = e^{t A}", "not-equal"),
        ("d/dt e^{t A} = t e^{t A}", "not-equal"),
        ("e^{A + B} = e^A e^B", "not-equal"),
        ("e^{t I(n)} = exp(t) I(n)", "equal"),
    ],
)
def test_claims_about_it_are_judged(claim: str, verdict: str) -> None:
    found = check(claim, where=WHERE)
    assert found.verdict == verdict
    assert "expm(t, A)" not in found.text


def test_entry_by_entry_is_said() -> None:
    for text in ("exp(A)", "log(A)", "sqrt(A)"):
        assert any(["entry by entry" in note for note in parse(text, where=WHERE).notes])
    assert "e^A of a matrix that is not square is entry by entry" in parse("e^X", where=WHERE).notes
    assert parse("e^X", where=WHERE).text == "exp(X)"


@pytest.mark.parametrize("text", [r"\exp(A)", r"\log A", r"\ln(A B)", r"\operatorname{tr}(\exp(t A))"])
def test_latex_that_says_neither_is_refused_with_both(text: str) -> None:
    with pytest.raises(Mistake, match="two readings") as raised:
        parse(text, where=WHERE)
    for hint in raised.value.hint.split("; "):
        assert not hint.startswith("\\") or parse(hint.split(" is ")[0], where=WHERE).text


@pytest.mark.parametrize("text", [r"\exp(X)", r"\sqrt{x^\top A x}", r"\log\det A", r"\sum_i \exp(x_i)", r"\exp(x)"])
def test_latex_of_what_is_no_square_matrix_is_read(text: str) -> None:
    assert parse(text, where=WHERE).text


@pytest.mark.parametrize("text", ["exp(A)", "ln(1 + exp(-A))", "sqrt(A .* A + 1)", "exp(A) x", "exp(A)/2"])
def test_what_is_entry_by_entry_is_printed_so_in_latex(text: str) -> None:
    found = parse(text, where=WHERE)
    assert parse(found.latex, where=WHERE, notation="latex").expr is gathered(found.expr)


@pytest.mark.parametrize(
    ("text", "wrt", "mode"),
    [
        ("sum(L_log(A, diag(x)))", "x", "auto"),  # an entry of the diagonal is no trace
        ("x' diag(L_exp(A, B))", "B", "auto"),
        ("tr((C .* L_exp(A, B) .* B)' L_exp(A, C))", "A", "forward"),  # three factors of one pair are no chain
        ("tr((C .* B .* sin(L_exp(A, B)))' L_exp(A, B) A)", "A", "forward"),
        ("sum(C .* L_exp(A, B .* C .* A))", "A", "auto"),
    ],
)
def test_a_map_in_a_product_is_applied_to_what_it_is_contracted_with(text: str, wrt: str, mode: str) -> None:
    assert derive(text, wrt=wrt, where="A, B, C: R^{n x n}; x: R^n", mode=mode).check().ok
