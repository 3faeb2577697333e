"""Differentials are answered, checked by value, and claims with them are judged."""

from __future__ import annotations

import json

import numpy as np
import pytest

import mcalc
from mcalc import api
from mcalc.differential import Differential
from tests.conftest import Mcalc

ANSWERS = [
    ("d tr(A X B)", "", "tr(A dX B)"),
    ("d(X^-1)", "X: R^{n x n}", "-X⁻¹ dX X⁻¹"),
    ("d ln det(X)", "", "tr(X⁻¹ dX)"),
    ("d ‖A X - B‖²", "", "2 tr((A X - B)ᵀ A dX)"),
    ("d (xᵀ A x)", "", "xᵀ (A + Aᵀ) dx"),
    ("d² (xᵀ A x)", "", "2 dxᵀ A dx"),
    ("d² ln det(X)", "", "-tr(X⁻¹ dX X⁻¹ dX)"),
    ("d (x_3 x_1)", "x: R^n", "x₁ dx₃ + x₃ dx₁"),
    ("d softmax(z)", "", "softmax(z) ⊗ (dz - softmax(z) · dz)"),
    ("d θ³", "", "3 θ² dθ"),
]


@pytest.mark.parametrize(("text", "where", "printed"), ANSWERS)
def test_a_differential_is_answered_checked_and_read_back(text: str, where: str, printed: str) -> None:
    found = mcalc.parse(text, where=where or None)
    assert isinstance(found, Differential)
    assert found.text == printed
    assert found.check().ok
    again = [mcalc.parse(said, where=where or None) for said in (found.text, found.ascii, found.latex)]
    assert [one.text for one in again] == [found.text] * 3


def test_its_value_is_that_of_the_directions_too() -> None:
    found = mcalc.parse("d(X X)", where="X: R^{n x n}")
    x, dx = np.array([[1.0, 2], [3, 4]]), np.array([[0.0, 1], [1, 0]])
    assert found.evaluate({"X": x, "dX": dx}).tolist() == (x @ dx + dx @ x).tolist()
    assert isinstance(found, Differential)
    assert (found.wrt, found.directions, found.order, found.shape) == (["X"], ["dX"], 1, ("n", "n"))


CLAIMS = [
    ("d(A X B) = A dX B", "A: R^{k x m}; X: R^{m x n}; B: R^{n x p}", "equal", ""),
    ("d(X ⊗ X) = 2 X ⊗ dX", "X: R^{m x n}", "equal", ""),
    ("d ‖x‖ = xᵀ dx/‖x‖", "x: R^n", "equal", ""),
    ("d logsumexp(z) = softmax(z)ᵀ dz", "z: R^n", "equal", ""),
    ("d² x³ = 6 x dx²", "x: R", "equal", ""),
    ("d(X^-1) = X^-1 dX X^-1", "X: R^{n x n}", "not-equal", "a sign"),
    ("d(X^-1) = -dX X^-2", "X: R^{n x n}", "not-equal", "the order of the factors"),
    ("d tr(X^3) = 3 tr(X dX)", "X: R^{n x n}", "not-equal", "should be"),
    ("d(Xᵀ X) = 2 Xᵀ dX", "X: R^{m x n}", "not-equal", ""),
    ("d vec(A X B) = kron(A, Bᵀ) vec(dX)", "A, X, B: R^{n x n}", "not-equal", "vec stacks columns"),
    ("d tr(Xᵀ A X) = 2 tr(Xᵀ A dX)", "X: R^{m x n}; A: R^{m x m}", "not-equal", "A is symmetric"),
    ("d ‖A X - B‖² = 2 tr((A X - B)ᵀ dX)", "A, X, B: R^{n x n}", "not-equal", ""),
]


@pytest.mark.parametrize(("claim", "where", "verdict", "said"), CLAIMS)
def test_a_claim_with_differentials_is_judged_and_its_slip_named(
    claim: str, where: str, verdict: str, said: str
) -> None:
    found = api.check(claim, where=where)
    assert found.verdict == verdict
    assert said in found.text


PAGE = "R = A X - B\nf = tr(Rᵀ R)\ndf = {} tr(Rᵀ dR)\ndR = A dX\n∂f/∂X = 2 Aᵀ R"


@pytest.mark.parametrize(("factor", "wrong"), [("2", None), ("1/2", 3)])
def test_on_a_page_the_differential_of_a_name_is_that_of_what_it_stands_for(factor: str, wrong: int | None) -> None:
    found = api.check(PAGE.format(factor), where="A: R^{m x n}; X: R^{n x k}; B: R^{m x k}")
    assert (found.verdict, found.wrong) == ("not-equal" if wrong else "equal", wrong)


def test_the_command_d_has_the_differential(mcalc: Mcalc) -> None:
    assert mcalc("d", "tr(A X B)").lines == ["tr(A dX B)"]
    assert mcalc("d", "W x", "--wrt", "W,x").lines == ["dW x + W dx"]
    assert mcalc("d", "f where f = tr(X X)", "--order", "2").lines == ["2 tr(dX²)"]
    assert mcalc("d", "tr(A X B)", "--to", "ascii").lines == mcalc("d tr(A X B)", "--to", "ascii").lines
    assert mcalc("d", "W x + b").code == 1
    assert json.loads(mcalc("d", "x^2", "--to", "json").out)["directions"] == ["dx"]


FORMS = [("map", "dX ↦ -X⁻¹ dX X⁻¹"), ("vec", "-kron(X⁻ᵀ, X⁻¹)"), ("index", "-[(X⁻¹)ᵢₖ (X⁻¹)ₗⱼ]_{ijkl}")]


@pytest.mark.parametrize(("way", "line"), FORMS)
def test_a_tensor_is_shown_as_a_map_or_between_vecs_or_by_entries(mcalc: Mcalc, way: str, line: str) -> None:
    asked = ("diff", "inv(X)", "--wrt", "X")
    assert mcalc(*asked, "--as", way).lines == [line]
    on_terminal = mcalc(*asked, "--as", way, "--no-check", "--color", "never", terminal=True).lines
    assert on_terminal[0].startswith(line)
    assert all(any(other in shown for shown in on_terminal) for _, other in FORMS)


def test_a_pipe_has_index_notation_and_a_terminal_the_map_first(mcalc: Mcalc) -> None:
    asked = ("diff", "inv(X)", "--wrt", "X", "--no-check", "--color", "never")
    assert mcalc(*asked).lines == [FORMS[2][1]]
    assert mcalc(*asked, terminal=True).lines[0].startswith(FORMS[0][1])


def test_mcalcs_own_derivation_by_differentials_passes_its_check_as_a_page() -> None:
    lines = ["y = tr(Z⁻¹ A)", "Z = Xᵀ C X", "dy = tr(d(Z⁻¹) A)", "d(Z⁻¹) = -Z⁻¹ dZ Z⁻¹", "dZ = dXᵀ C X + Xᵀ C dX"]
    where = "C: R^{m x m}; X: R^{m x n}; A: R^{n x n}"
    assert api.check("\n".join(lines), where=where)
    assert not api.check("\n".join([*lines, "dy = tr(Z⁻¹ dZ Z⁻¹ A)"]), where=where)
    log = ["y = ln(det(X))", "dy = 1/det(X) d det(X)", "d det(X) = det(X) tr(X⁻¹ dX)", "∂y/∂X = X⁻ᵀ"]
    assert api.check("\n".join(log), where="X: R^{n x n}")


def test_a_differential_that_is_derived_is_itself() -> None:
    assert api.derive("d(x^2)", wrt="x", where="x: R").text == "2 x dx"
