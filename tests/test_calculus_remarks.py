"""The notes say where a derivative does not exist and which value is taken, and nothing where it cannot happen."""

from __future__ import annotations

import pytest

from mcalc.api import derive

SAID = [
    (
        "norm(A x - y)",
        "x",
        "A: R^{m x n}; x: R^n; y: R^m",
        ["‖A x - y‖ has no derivative where it is 0; in numbers 0 is taken there"],
    ),
    ("|z|", "z", "z: R", ["at z = 0 the derivative of |z| is taken as 0"]),
    (
        "max(0, w . x + b)",
        "w",
        "w, x: R^n; b: R",
        ["at w · x + b = 0 the derivative of max(0, w · x + b) is taken as 0"],
    ),
    ("sqrt(z + 1)", "z", "z: R", ["the derivative holds where z + 1 > 0"]),
    ("sum(log(b - A x))", "x", "A: R^{m x n}; x: R^n; b: R^m", ["the derivative holds where b - A x > 0"]),
    ("tr(inv(X))", "X", "X: R^{n x n}", ["the derivative holds where det(X) ≠ 0"]),
    ("det(X)", "X", "X: R^{n x n}", ["the derivative holds where det(X) ≠ 0"]),
    ("log(det(X))", "X", "X: R^{n x n}", ["the derivative holds where det(X) > 0"]),
    ("z / z", "z", "z: R", ["the derivative holds where z ≠ 0"]),
    ("(z^2 + z) / z", "z", "z: R", ["the derivative holds where z ≠ 0"]),
    ("floor(z)", "z", "z: R", ["constant but for the jumps at whole numbers"]),
    ("norm1(x)", "x", "x: R^n", ["where an entry is 0 its derivative is taken as 0"]),
    ("hinge(m x)", "x", "m, x: R", ["at m x = 1 the derivative of hinge is taken as 0"]),
    ("hypot(u, v)", "u", "u, v: R", ["hypot(u, v) has no derivative where it is 0"]),
    (
        "log(a exp(-(x - m)^2/2) + b exp(-(x - c)^2/2))",
        "x",
        "a, b, c, m, x: R",
        ["the derivative holds where the argument of ln > 0"],
    ),
]
UNSAID = [
    ("norm(A x - y)^2", "x", "A: R^{m x n}; x: R^n; y: R^m"),
    ("norm(x)", "x", "x: R^n > 0"),
    ("log(exp(z) + 1)", "z", "z: R"),
    ("log(1 + z^2)", "z", "z: R"),
    ("log(1 + x' x)", "x", "x: R^n"),
    ("log(1 + x' P x)", "x", "x: R^n; P: R^{n x n} posdef"),
    ("sqrt(s)", "s", "s: R > 0"),
    ("s / s", "s", "s: R > 0"),
    ("1 / (2 z)", "z", "z: R"),
    ("1 / (1 + exp(-z))", "z", "z: R"),
    ("sum(log(p))", "p", "p: R^n > 0"),
    ("abs(s)", "s", "s: R > 0"),
    ("max(0, s)", "s", "s: R > 0"),
    ("logdet(P + s I)", "s", "P: R^{n x n} posdef; s: R > 0"),
    ("logdet(X' X + s I)", "X", "X: R^{m x n}; s: R > 0"),
    ("y' inv(P) y", "y", "P: R^{n x n} posdef; y: R^n"),
    ("y' inv(A) y", "y", "A: R^{n x n}; y: R^n"),
    ("{z^2 if z > 0; 0 otherwise} + log(2)", "c", "z, c: R"),
    ("log(sum(exp(x)))", "x", "x: R^n"),
    ("-sum(log(softmax(x)))", "x", "x: R^n"),
]


@pytest.mark.parametrize(("text", "wrt", "where", "notes"), SAID)
def test_note_says_where_and_which_value(text: str, wrt: str, where: str, notes: list[str]) -> None:
    assert derive(text, wrt=wrt, where=where).notes == notes


@pytest.mark.parametrize(("text", "wrt", "where"), UNSAID)
def test_no_note_where_it_cannot_happen(text: str, wrt: str, where: str) -> None:
    assert derive(text, wrt=wrt, where=where).notes == []


def test_what_is_meant_by_a_derivative_by_a_symmetric_matrix_is_said() -> None:
    where = "A: R^{n x n}; X: R^{n x n} symmetric"
    found = derive("tr(A X)", wrt="X", where=where)
    assert found.text == "1/2 (Aᵀ + A)"
    assert any(["(G + Gᵀ)/2" in note and "G + Gᵀ - diag(diag(G))" in note for note in found.notes])
    assert derive("tr(A X)", wrt="X_{2,1}", where=where).notes == [
        "X is symmetric: X_{1,2} counts its pair, the entry across the diagonal too"
    ]
    assert derive("tr(A X)", wrt="X_{1,1}", where=where).notes == []
