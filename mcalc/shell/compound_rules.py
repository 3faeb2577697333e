"""The derivatives that tables of matrix calculus have, each worked out when it is shown.

Petersen and Pedersen, The Matrix Cookbook (2012), by its equations; Magnus and Neudecker, Matrix Differential Calculus.
"""

from __future__ import annotations

SHAPES_OF_ALL = "X: R^{n x n}; A, B, C, D: R^{n x n}; a, b, c: R^n; x: R^n; m: R^n"
"""What the letters are where a row says nothing of them."""
TALL = "X: R^{m x n}; A: R^{p x m}; B: R^{n x p}; C: R^{m x m}; D: R^{n x n}; a: R^m; b, c: R^n"
ROWS: tuple[tuple[str, str, str, str], ...] = (
    # of numbers and vectors
    ("a' x", "x", "", "69"),
    ("x' B x", "x", "", "81"),
    ("(B x + b)' C (D x + c)", "x", "", "78"),
    ("(x - A c)' B (x - A c)", "x", "", "84"),
    ("norm(x - a)", "x", "", "129"),
    ("norm(A x - b)^2", "x", "A: R^{m x n}; x: R^n; b: R^m", ""),
    ("(x - a)/norm(x - a)", "x", "", "130"),
    ("x' A x / (x' x)", "x", "A: R^{n x n} symmetric; x: R^n", ""),
    ("logsumexp(A x)", "x", "A: R^{m x n}; x: R^n", ""),
    ("softmax(x)", "x", "", ""),
    ("ln(1 + exp(-y w · x))", "w", "w, x: R^n; y: R", ""),
    # first and second order in a matrix
    ("a' X b", "X", TALL, "70"),
    ("b' X' a", "X", TALL, "71"),
    ("b' X' X c", "X", TALL, "77"),
    ("b' X' C X c", "X", TALL, "82"),
    ("(X b + a)' C (X b + a)", "X", TALL, "88"),
    ("norm(X)^2", "X", TALL, "131"),
    ("norm(A X - B)^2", "X", "A: R^{p x m}; X: R^{m x n}; B: R^{p x n}", ""),
    # traces
    ("tr(X)", "X", "", "99"),
    ("tr(X A)", "X", "", "100"),
    ("tr(A X B)", "X", TALL, "101"),
    ("tr(A X' B)", "X", "X: R^{m x n}; A: R^{p x n}; B: R^{m x p}", "102"),
    ("tr(X' X)", "X", TALL, "115"),
    ("tr(X^2)", "X", "", "106"),
    ("tr(X^2 B)", "X", "", "107"),
    ("tr(X' C X)", "X", TALL, "108"),
    ("tr(X D X')", "X", TALL, "109"),
    ("tr(A X B X)", "X", "", "112"),
    ("tr(A X B X' C)", "X", "", "118"),
    ("tr(kron(X, X))", "X", "", "120"),
    ("tr(X^3)", "X", "", "121"),
    # determinants and inverses
    ("det(X)", "X", "", "49"),
    ("det(A X B)", "X", "", "51"),
    ("det(X' C X)", "X", "C: R^{m x m} symmetric; X: R^{m x n}", "53"),
    ("ln(det(X))", "X", "", "57"),
    ("ln(det(X' X))", "X", TALL, "55"),
    ("det(X^3)", "X", "", "58"),
    ("inv(X)", "X", "", "60"),
    ("a' inv(X) b", "X", "X: R^{n x n}; a, b: R^n", "61"),
    ("det(inv(X))", "X", "", "62"),
    ("tr(A inv(X) B)", "X", "", "63"),
    ("tr(inv(X + A))", "X", "", "64"),
    ("tr(inv(X' C X) A)", "X", "C: R^{m x m} symmetric; A: R^{n x n} symmetric; X: R^{m x n}", "125"),
    # densities and layers
    ("(x - m)' inv(A) (x - m)", "A", "A: R^{n x n} symmetric; x, m: R^n", ""),
    ("ln(det(A)) + (x - m)' inv(A) (x - m)", "A", "A: R^{n x n} posdef; x, m: R^n", ""),
    ("norm(A relu(X b) - c)^2", "X", "X: R^{m x n}; A: R^{k x m}; b: R^n; c: R^k", ""),
    ("-y' ln(softmax(X b))", "X", "X: R^{k x n}; b: R^n; y: R^k", ""),
)
"""An expression, the variable, the shapes, and the equation of the Cookbook."""
