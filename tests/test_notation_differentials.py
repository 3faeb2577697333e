"""d behind which a formula stands is the sign of a differential; each spelling is read as what a person means by it."""

from __future__ import annotations

import pytest

from mcalc import Mistake, api
from mcalc.expr import walk
from mcalc.notation import Scope, read
from mcalc.operators.abstract import DIFFERENTIAL, MARK

SAME = [
    ("d tr(A X B)", "d(tr(A X B))", ""),
    ("dtr(A X B)", "d(tr(A X B))", ""),
    ("d ln det(X)", "d(ln(det(X)))", ""),
    ("d ½ ‖x‖²", "d(1/2 x·x)", "x: R^n"),
    ("d 1/2 ‖x‖^2", "d(1/2 x·x)", "x: R^n"),
    ("d‖x‖²", "d(x·x)", "x: R^n"),
    ("d(X) B", "dX B", "X, B: R^{n x n}"),
    ("dX (A + B)", "dX A + dX B", "A, B: R^{n x n}"),
    ("dX⁻¹", "d(X⁻¹)", "X: R^{n x n}"),
    ("d X^-1", "d(inv(X))", "X: R^{n x n}"),
    ("dXᵀ", "d(Xᵀ)", "X: R^{m x n}"),
    ("2 dx²", "2 dx dx", "x: R"),
    ("d²(x³)", "6 x (dx)²", "x: R"),
    ("d d x^3", "d^2(x^3)", "x: R"),
    ("d Σ_i x_i", "d sum(x)", "x: R^n"),
    ("dW1 x", "d(W_1) x", "W_1: R^{m x n}; x: R^n"),
    ("dθ + dx", "dtheta + dx", "θ, x: R"),
    ("A : dX", "tr(Aᵀ dX)", "A, X: R^{m x n}"),
    ("⟨A, dX⟩_F", "tr(Aᵀ dX)", "A, X: R^{m x n}"),
    (r"\mathrm{d}\operatorname{tr}(AXB)", "d tr(A X B)", ""),
    (r"\mathrm{d}(X^{-1})", "d(X^-1)", ""),
    (r"\mathrm{d}X^{-1}", "d(X^-1)", ""),
    (r"\operatorname{tr}(A\,\mathrm{d}X (B + C))", "tr(A dX (B + C))", "A, X, B, C: R^{n x n}"),
    (r"d\log\det X", "d ln(det(X))", "X: R^{n x n}"),
    (r"\mathrm{d}^2 \log\det X", "d² ln(det(X))", "X: R^{n x n}"),
]


@pytest.mark.parametrize(("text", "other", "where"), SAME)
def test_two_spellings_of_a_differential_are_one(text: str, other: str, where: str) -> None:
    one, two = [api.parse(t, where=where or None) for t in (text, other)]
    assert api.check(f"{one.text} = {two.text}", where=where or None)
    assert MARK in {word for node in walk(one.expr) if node.op.name == "symbol" for word in node.attr[2]}


DIRECTIONS = [
    "f'(X)[H] = X H + H X where f(X) = X X",
    "Df(X)[H] = X H + H X where f(X) = X X",
    "D f(X)[H] = X H + H X where f(X) = X X",
    "∂f/∂X [H] = X H + H X where f(X) = X X",
    "∂f/∂X[H] = X H + H X where f(X) = X X",
    r"f'(X)[H] = XH + HX \text{ where } f(X) = X^2",
    r"Df(X)[H] = XH + HX \text{ where } f(X) = X^2",
    r"\frac{\partial f}{\partial X}[H] = XH + HX \text{ where } f(X) = X^2",
    "f'(X)[dX] = X dX + dX X where f(X) = X X",
    "det'(X)[H] = det(X) tr(X^-1 H)",
]


@pytest.mark.parametrize("claim", DIRECTIONS)
def test_a_derivative_is_applied_to_a_direction(claim: str) -> None:
    assert api.check(claim, where="X, H: R^{n x n}").verdict == "equal"


REFUSED = [
    ("d x y", "E-AMBIG", "d(x y)"),
    ("d tr(A X) det(X)", "E-AMBIG", "d(tr(A X) det(X))"),
    ("dx²", "E-AMBIG", "(dx)²"),
    ("a + b x + c x^2 + d x^3", "E-AMBIG", "declare d: R"),
    ("x + dx^2", "E-AMBIG", "declare d: R"),
    ("sin(dx)", "E-AMBIG", "declare d: R"),
    ("d(y · x)", "E-AMBIG", "--wrt y"),
    ("dx^2/dx", "E-SYNTAX", "d/dx"),
    ("d sum_i", "E-SYNTAX", "sum_"),
]


@pytest.mark.parametrize(("text", "code", "hint"), REFUSED)
def test_a_d_with_two_readings_is_refused_with_what_to_type(text: str, code: str, hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        api.parse(text)
    assert caught.value.code == code
    assert hint in caught.value.hint


def test_a_differential_of_what_nobody_defined_is_refused() -> None:
    with pytest.raises(Mistake) as caught:
        api.check("df = tr(A dX)")
    assert (caught.value.code, "f = ..." in caught.value.hint) == ("E-NAME", True)


KEPT = [("d x", "d, x: R", "d x"), ("d(x + 1)", "d, x: R", "d (x + 1)"), ("dX", "dX: R^n", "dX"), ("dᵀ x", "", "dᵀ x")]


@pytest.mark.parametrize(("text", "where", "printed"), KEPT)
def test_a_name_that_begins_with_d_stays_a_name(text: str, where: str, printed: str) -> None:
    read_as = api.parse(text, where=where or None)
    assert read_as.text == printed
    assert all(MARK not in node.attr[2] for node in walk(read_as.expr) if node.op.name == "symbol")


def test_a_declared_dx_is_the_direction_of_x() -> None:
    assert api.check("d(X X) = dX X + X dX", where="X, dX: R^{n x n}")
    with pytest.raises(Mistake, match="E-SHAPE"):
        api.check("d(X X) = dX X + X dX", where="X: R^{n x n}; dX: R")


def test_what_is_defined_has_the_differential_of_what_it_stands_for() -> None:
    scope = read("R = A X - B", api.scope_of("A: R^{m x n}; X: R^{n x k}; B: R^{m x k}")).scope
    claim = read("dR = A dX", scope)
    assert claim.kind == "claim"
    assert api.judged(claim)
    assert read("dR = 0.1", scope).kind == "definition"


def test_by_a_name_that_is_given_that_one_moves_and_else_the_one_that_carries_a_d() -> None:
    reading = read("d(y · x)", Scope(), wrt="y")
    assert reading.expr is not None
    assert reading.expr.op is DIFFERENTIAL
    assert [node.attr[0] for node in reading.expr.args[1:]] == ["y", "dy"]
    assert api.check("d(u · v) = v · du", where="u, v: R^n")
    assert not api.check("d(u · v) = v · du + v · dv", where="u, v: R^n")


def test_the_differential_of_a_symmetric_matrix_is_symmetric() -> None:
    where = "S: R^{n x n} symmetric; A: R^{n x n}"
    assert api.check("d tr(A S) = tr(Aᵀ dS)", where=where)
    assert not api.check("d tr(A X) = tr(Aᵀ dX)", where="X, A: R^{n x n}")


@pytest.mark.parametrize("letter", [*"xXyYzZwWuUvVtTθΘ"])
def test_of_two_names_the_one_that_is_a_letter_of_variables_moves(letter: str) -> None:
    found = read(f"d(k {letter})", Scope())
    assert found.notes == [f"{letter} moves, k is held; --wrt says otherwise"]


@pytest.mark.parametrize("letter", [*"LMabcpqrΣλ"])
def test_which_of_two_other_letters_moves_is_asked(letter: str) -> None:
    with pytest.raises(Mistake, match="E-AMBIG"):
        read(f"d(k {letter})", Scope())
