"""derive: the modes agree in print, and readings of everyday formulas come out as a person writes them."""

from __future__ import annotations

import pytest

from mcalc.api import derive
from tests.reading import reads_back

FORMULAS = [
    ("(X w)^T (X w)", "X", "X: R^{N x n}; w: R^n", "2 X w wᵀ"),
    ("(y - X w)^T (y - X w)", "X", "X: R^{N x n}; w: R^n; y: R^N", "2 (X w - y) wᵀ"),
    ("[x^T, t]^T", "x", "x: R^n; t: R", "[I(n); zeros(n)ᵀ]"),
    ("[x^T, t]^T", "t", "x: R^n; t: R", "unit(n + 1, n + 1)"),
    ("x(1+2x)", "x", "x: R", "1 + 4 x"),
    ("f(g(x))", "x", "x: R", "f′(g(x)) g′(x)"),
    ("prod_{i=1}^{n} x_i", "x", "x: R^n", "Σ_{i=1}^{n} (Π_{j=1, j ≠ i}^{n} xⱼ) unit(i, n)ᵀ"),
    ("asin(1/2 tanh(t 1vec))_1", "t", "t: R", "(1 - tanh(t)²) / (2 sqrt(1 - (1/2 tanh(t))²))"),
    ("tr(A X B X')", "X", "A: R^{m x m}; B: R^{n x n}; X: R^{m x n}", "Aᵀ X Bᵀ + A X B"),
    ("log(1 + exp(-y w·x))", "w", "w, x: R^n; y: R", "-y σ(-y w · x) xᵀ"),
    ("normF(kron(A, B))^2", "A", "A: R^{m x n}; B: R^{k x p}", "2 ‖B‖² A"),
    ("log(tr(expm(A)))", "A", "A: R^{n x n}", "expm(A)ᵀ / tr(expm(A))"),
    ("max(x, x)", "x", "x: R", "1"),
    ("-y log(σ(w·x)) - (1 - y) log(1 - σ(w·x))", "w", "w, x: R^n; y: R", "(σ(w · x) - y) xᵀ"),
    (
        "sum_{i=1}^N (-y_i log(σ(w·x_i)) - (1 - y_i) log(1 - σ(w·x_i)))",
        "w",
        "X: R^{N x n}; y: R^N",
        "Σ_{i=1}^{N} (σ(w · xᵢ) - yᵢ) xᵢᵀ",
    ),
    ("(I + A)(A + s I) x", "x", "A: R^{n x n}; s: R; x: R^n", "(I + A) (A + s I)"),
    ("(I + A)(A + s I)(I - A)(s I - A) x", "x", "A: R^{n x n}; s: R; x: R^n", "(I + A) (A + s I) (I - A) (s I - A)"),
    ("a' inv(A) A inv(A) A b", "b", "A: R^{n x n}; a, b: R^n", "aᵀ"),
    (
        "sin((x sum(x))' B) z",
        "x",
        "x: R^m; B: R^{m x p}; z: R^p",
        "sum(x) vᵀ Bᵀ + xᵀ B v where v = z ⊗ cos(Bᵀ (x sum(x)))",
    ),
    ("softplus(sum_{i=1}^{m} max(0, u_i))", "u", "u: R^m", "σ(Σ_{i=1}^{m} max(0, uᵢ)) (u > 0)ᵀ"),
]


@pytest.mark.parametrize(("text", "wrt", "where", "printed"), FORMULAS)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_both_modes_print_what_a_person_writes(text: str, wrt: str, where: str, printed: str, mode: str) -> None:
    assert derive(text, wrt=wrt, where=where, mode=mode).text == printed


def test_denominator_layout_is_the_transpose() -> None:
    by_rows = derive("[x^2 y; x + y]", wrt=["x", "y"], where="x, y: R")
    assert by_rows.text == "[[2 y x, x²], [1, 1]]"
    assert derive("A x", wrt="x", where="A: R^{m x n}; x: R^n", layout="denominator").text == "Aᵀ"
    assert derive("w . x", wrt="w", where="w, x: R^n", layout="denominator").text == "x"


def test_powers_of_a_recognised_softmax_are_taken_at_once() -> None:
    found = derive("sum((exp(x) / sum(exp(x)))^1500)", wrt="x", where="x: R^n").text
    assert found == "1500 (softmax(x)¹⁵⁰⁰ - sum(softmax(x)¹⁵⁰⁰) softmax(x))ᵀ"


def test_many_inverses_beside_their_matrices_cancel() -> None:
    chain = " ".join(["inv(A) A"] * 600)
    assert derive(f"a' {chain} b", wrt="b", where="A: R^{n x n}; a, b: R^n").text == "aᵀ"


def test_many_sums_in_one_product_are_not_all_multiplied_out() -> None:
    nested = "w"
    for k in range(40):
        nested = f"sin(A ({nested} + w.^{2 + k % 3}))"
    assert len(derive(f"sum({nested})", wrt="w", where="w: R^n; A: R^{n x n}").text) < 10_000


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(
    ("text", "wrt", "want"),
    [
        ("s w · w", ["w", "s"], "[[2 s I(n), 2 w], [2 wᵀ, 0]]"),
        ("(w · x + b - y)^2", ["w", "b"], "[[2 x xᵀ, 2 x], [2 xᵀ, 2]]"),
        ("x^2 y + y^3", ["x", "y"], "[[2 y, 2 x], [2 x, 6 y]]"),
        ("w · x + v · v", ["w", "v"], "[[zeros(n, n), zeros(n, m)], [zeros(m, n), 2 I(m)]]"),
    ],
)
def test_hessians_by_several_variables_are_blocks(text: str, wrt: list[str], want: str, layout: str) -> None:
    d = derive(text, wrt=wrt, where="w, x: R^n; v: R^m" if "v" in wrt else None, order=2, layout=layout)
    assert d.text == want
    assert d.check().ok
    assert "stack the gradients" in d.steps.text("full") or layout == "denominator"


def test_lists_of_vectors_by_several_variables_are_blocks() -> None:
    d = derive("[s w; s^2; w · w]", wrt=["w", "s"])
    assert d.text == "[[s I(n), w], [zeros(n)ᵀ, 2 s], [2 wᵀ, 0]]"
    assert d.check().ok


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("sum_{i=1}^{n} i sum_{i=2}^{n} x_i^2", "x"),
        ("prod(sum_{i=2}^{n} x_i X_i)^2", "x"),
        ("sum_{i=1}^{n} prod(y) sin(x_i)", "y"),
        ("sum_{i=1}^{n} exp(prod(y) x_1) y_i", "y"),
        ("sum_{i=1}^{n} x_i exp(sum_{i=2}^{n} sin(x_i) sum_{j=i}^{n} y_j^2)", "x"),
    ],
)
def test_nested_sums_over_one_name_are_read_back_as_they_are_in_the_result(text: str, wrt: str) -> None:
    assert reads_back(derive(text, wrt=wrt, where="x, y: R^n; X: R^{n x n}").expr) == ""
