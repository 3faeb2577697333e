"""One-line text in Unicode and ASCII: the samples of the specification, and where parentheses go."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from mcalc.dims import Dim
from mcalc.expr import Expr, Operator, make
from mcalc.operators import TABLE
from mcalc.operators.abstract import apply, derivative
from mcalc.operators.arithmetic import AND, GT, LE, NE, OR, add, cases, div, mul, neg, power, same_shape
from mcalc.operators.blocks import block, selection
from mcalc.operators.elementwise import ABS, COS, EXP, SIGMOID, SIN
from mcalc.operators.leaves import PI, eye, index, number, ones, size, symbol, unit, zeros
from mcalc.operators.linear import (
    DIAG,
    PRODUCT,
    SIGMA,
    SUM,
    TRACE,
    dot,
    einsum,
    element,
    matmul,
    transpose,
)
from mcalc.operators.matrix import NORM1, inv, norm
from mcalc.render.faces import UNICODE
from mcalc.render.text import ascii as as_ascii
from mcalc.render.text import display_shape, lay_out, shape_words, unicode

n, m, N = Dim.named("n"), Dim.named("m"), Dim.named("N")
x, w, v = symbol("x", (n,)), symbol("w", (n,)), symbol("v", (n,))
y = symbol("y", (N,))
b, z, s, p, t, q = (symbol(name) for name in "bzsptq")
A, B = symbol("A", (n, n)), symbol("B", (n, n))
X = symbol("X", (N, n))
i, j = index("i", 0, number(1), size(N)), index("j", 0, number(1), size(n))
HALF = number(Fraction(1, 2))


def num(value: float | Fraction) -> Expr:
    return number(value)


def affine(sample: Expr) -> Expr:
    return add(dot(w, sample), b)


def sq(base: Expr) -> Expr:
    return power(base, num(2))


def at(kind: str, *args: Expr) -> Expr:
    return make(TABLE[kind], args)


relu_row = cases(transpose(zeros((n,))), make(LE, (affine(x), num(0))), transpose(x), make(GT, (affine(x), num(0))))
x_i, y_i = element(X, i), element(y, i)
error = add(dot(w, x_i), b, neg(y_i))
cost_row = mul(
    num(2), power(size(N), num(-1)),
    make(SIGMA, (i, cases(
        transpose(zeros((n,))), make(LE, (affine(x_i), num(0))),
        mul(error, transpose(x_i)), make(GT, (affine(x_i), num(0))),
    ))),
)  # fmt: skip

GOLDEN = [
    (relu_row, "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}", "{0vec^T if w . x + b <= 0; x^T if w . x + b > 0}"),
    (
        cost_row,
        "2/N Σ_{i=1}^{N} {0⃗ᵀ if w · xᵢ + b ≤ 0; (w · xᵢ + b - yᵢ) xᵢᵀ if w · xᵢ + b > 0}",
        "2/N sum_{i=1}^{N} {0vec^T if w . x_i + b <= 0; (w . x_i + b - y_i) x_i^T if w . x_i + b > 0}",
    ),
    (at("diag", power(x, num(-1))), "diag(1⃗ ⊘ x)", "diag(1vec ./ x)"),
    (at("diag", neg(mul(w, power(x, num(-2))))), "diag(-w ⊘ x²)", "diag(-w ./ x^2)"),
    (block(1, 2, mul(num(6), t, s), mul(num(3), sq(t))), "[6 t s, 3 t²]", "[6 t s, 3 t^2]"),
    (
        block(2, 2, mul(num(6), t, s), mul(num(3), sq(t)), num(2), mul(num(8), power(s, num(7)))),
        "[[6 t s, 3 t²], [2, 8 s⁷]]",
        "[[6 t s, 3 t^2], [2, 8 s^7]]",
    ),
    (mul(num(2), matmul(transpose(A), add(matmul(A, x), neg(w)))), "2 Aᵀ (A x - w)", "2 A^T (A x - w)"),
    (mul(p, power(t, add(p, num(-1)))), "p t^(p - 1)", "p t^(p - 1)"),
    (
        mul(num(6), sq(t), make(COS, (power(t, num(3)),)), power(make(SIN, (power(t, num(3)),)), num(-1))),
        "6 t² cos(t³) / sin(t³)",
        "6 t^2 cos(t^3) / sin(t^3)",
    ),
    (
        mul(make(COS, (add(t, sq(t)),)), add(num(1), mul(num(2), t))),
        "cos(t + t²) (1 + 2 t)",
        "cos(t + t^2) (1 + 2 t)",
    ),
    (mul(z, transpose(ones((n,)))), "z 1⃗ᵀ", "z 1vec^T"),
    (transpose(inv(A)), "A⁻ᵀ", "A^-T"),
    (inv(A), "A⁻¹", "A^-1"),
    (inv(matmul(A, B)), "(A B)⁻¹", "(A B)^-1"),
    (matmul(A, A, x), "A² x", "A^2 x"),
    (norm(x), "‖x‖", "||x||"),
    (sq(norm(add(matmul(A, x), neg(w)))), "‖A x - w‖²", "||A x - w||^2"),
    (norm(mul(norm(x), w)), "‖norm(x) w‖", "||norm(x) w||"),
    (make(NORM1, (x,)), "‖x‖₁", "norm1(x)"),
    (at("sigmoid", z), "σ(z)", "sigmoid(z)"),
    (make(PI), "π", "pi"),
    (make(TRACE, (A,)), "tr(A)", "tr(A)"),
    (eye(n), "I", "I"),
    (ones((m, n)), "ones(m, n)", "ones(m, n)"),
    (unit(num(2), n), "unit(2, n)", "unit(2, n)"),
    (selection(Dim.of(0), n, n + 1), "I(n + 1)[:, 1:n]", "I(n + 1)[:, 1:n]"),
    (apply("f", t), "f(t)", "f(t)"),
    (apply("f", t, counts=(1,)), "f′(t)", "f_prime(t)"),
    (apply("f", t, counts=(2,)), "f″(t)", "f_prime2(t)"),
    (apply("f", t, s, counts=(1, 1)), "∂₁∂₂f(t, s)", "d1 d2 f(t, s)"),
    (derivative(affine(x), w), "∂/∂w (w · x + b)", "d/dw (w . x + b)"),
    (derivative(affine(x), w, b), "∂/∂(w, b) (w · x + b)", "d/d(w, b) (w . x + b)"),
    (einsum(((0, 1), (1, 2, 3)), (0, 2, 3), (A, TENSOR := symbol("T_3", (n, n, n)))), "[Σₚ Aᵢₚ (T₃)ₚⱼₖ]_{ijk}",
     "[sum_p A_ip (T_3)_pjk]_{ijk}"),
    (einsum(((0, 1), (2,)), (0, 2, 1), (eye(n), x)), "[δ(n)ᵢₖ xⱼ]_{ijk}", "[delta(n)_ik x_j]_{ijk}"),
    (einsum(((0,), (1, 2)), (0, 1, 2), (ones((m,)), matmul(A, B))), "[1(m)ᵢ (A B)ⱼₖ]_{ijk}", "[1(m)_i (A B)_jk]_{ijk}"),
    (make(SIGMA, (i, sq(add(y_i, neg(dot(w, x_i)))))), "Σ_{i=1}^{N} (yᵢ - w · xᵢ)²", "sum_{i=1}^{N} (y_i - w . x_i)^2"),
    (make(SIGMA, (i, add(y_i, b))), "Σ_{i=1}^{N} (yᵢ + b)", "sum_{i=1}^{N} (y_i + b)"),
    (make(SIGMA, (i, dot(w, x_i))), "Σ_{i=1}^{N} (w · xᵢ)", "sum_{i=1}^{N} (w . x_i)"),
    (make(PRODUCT, (i, y_i)), "Π_{i=1}^{N} yᵢ", "prod_{i=1}^{N} y_i"),
    (
        make(SIGMA, (i, make(SIGMA, (k := index("k", 0, num(1), size(N), i), mul(y_i, element(y, k)))))),
        "Σ_{i ≠ k}^{N} yᵢ yₖ",
        "sum_{i != k}^{N} y_i y_k",
    ),
    (
        make(SIGMA, (i, mul(y_i, make(SIGMA, (k, element(y, k)))))),
        "Σ_{i=1}^{N} yᵢ Σ_{k=1, k ≠ i}^{N} yₖ",
        "sum_{i=1}^{N} y_i sum_{k=1, k != i}^{N} y_k",
    ),
    (element(A, i, j), "Aᵢⱼ", "A_ij"),
    (element(A, num(1), num(2)), "A_{1,2}", "A_{1,2}"),
    (element(x, num(12)), "x₁₂", "x_12"),
    (element(x, add(j, num(1))), "x_{j + 1}", "x_{j + 1}"),
    (element(element(A, i), j), "(aᵢ)ⱼ", "(a_i)_j"),
    (make(AND, (make(GT, (t, num(0))), make(OR, (make(GT, (s, num(1))), make(NE, (s, num(0))))))),
     "t > 0 and (s > 1 or s ≠ 0)", "t > 0 and (s > 1 or s != 0)"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "glyphs", "plain"), GOLDEN, ids=[g[2][:40] for g in GOLDEN])
def test_samples_of_the_specification_come_out_as_written(expr: Expr, glyphs: str, plain: str) -> None:
    assert unicode(expr) == glyphs
    assert as_ascii(expr) == plain
    assert plain.isascii()


ARITHMETIC = [
    (add(add(t, s), q), "(t + s) + q"),
    (add(t, neg(add(s, q))), "t - (s + q)"),
    (add(neg(t), s), "-t + s"),
    (add(t, mul(num(-2), s)), "t - 2 s"),
    (add(t, num(-2)), "t - 2"),
    (add(t, num(Fraction(-3, 2))), "t - 3/2"),
    (mul(mul(t, s), q), "(t s) q"),
    (neg(mul(t, s)), "-t s"),
    (make(TABLE["mul"], (num(-1), mul(t, s))), "(-1) (t s)"),
    (add(q, make(TABLE["mul"], (num(-1), mul(t, s)))), "q + (-1) (t s)"),
    (mul(t, num(2)), "t (2)"),
    (mul(t, num(-2)), "t (-2)"),
    (mul(t, HALF), "t / 2"),
    (mul(t, num(Fraction(3, 2))), "t (3/2)"),
    (mul(num(Fraction(3, 2)), t), "3/2 t"),
    (div(num(1), t), "1/t"),
    (div(num(-2), t), "-2/t"),
    (div(t, s), "t / s"),
    (div(t, mul(s, q)), "t / (s q)"),
    (div(t, sq(s)), "t / s²"),
    (mul(t, power(s, num(-1)), q), "t q / s"),
    (mul(t, power(s, num(-1)), power(q, num(-1))), "t / (s q)"),
    (mul(HALF, power(t, num(-1))), "1/(2 t)"),
    (power(t, num(-2)), "1/t²"),
    (power(t, HALF), "sqrt(t)"),
    (power(t, num(Fraction(-1, 2))), "1/sqrt(t)"),
    (power(t, num(Fraction(1, 3))), "t^(1/3)"),
    (power(t, num(Fraction(-2, 3))), "1/t^(2/3)"),
    (power(t, num(0.5)), "t^0.5"),
    (power(t, num(-0.5)), "t^(-0.5)"),
    (power(t, s), "t^s"),
    (power(t, symbol("n")), "tⁿ"),
    (power(t, symbol("T")), "t^(T)"),
    (power(t, size(n)), "tⁿ"),
    (power(t, neg(s)), "t^(-s)"),
    (power(power(t, s), q), "(t^s)^q"),
    (power(t, power(s, q)), "t^(s^q)"),
    (sq(neg(t)), "(-t)²"),
    (neg(sq(t)), "-t²"),
    (sq(make(SIN, (t,))), "sin(t)²"),
    (sq(mul(t, s)), "(t s)²"),
    (power(num(-2), t), "(-2)^t"),
    (power(HALF, t), "(1/2)^t"),
    (sq(cases(t, make(GT, (t, num(0))), s)), "({t if t > 0; s otherwise})²"),
    (make(GT, (make(GT, (t, s)), q)), "(t > s) > q"),
    (mul(make(GT, (t, s)), q), "(t > s) q"),
    (add(make(GT, (t, s)), q), "(t > s) + q"),
    (num(-3), "-3"),
    (num(Fraction(-1, 2)), "-1/2"),
    (num(1e-20), "1e-20"),
    (num(-0.0), "-0.0"),
]


@pytest.mark.parametrize(("expr", "text"), ARITHMETIC, ids=[a[1] for a in ARITHMETIC])
def test_scalars_get_the_parentheses_that_reading_needs_and_no_more(expr: Expr, text: str) -> None:
    assert unicode(expr) == text


TENSORS = [
    (mul(x, w), "x ⊗ w"),
    (mul(num(2), x, w), "2 x ⊗ w"),
    (mul(x, z, w), "x z ⊗ w"),
    (mul(x, w, z), "x ⊗ w z"),
    (mul(x, power(w, num(-1))), "x ⊘ w"),
    (mul(x, power(w, num(-1)), z), "x ⊘ w ⊗ z"),
    (mul(x, power(w, num(-1)), power(z, num(-1))), "x ⊘ w ⊘ z"),
    (mul(x, power(w, num(-1)), HALF), "x ⊘ w ⊘ 2"),
    (mul(x, power(w, num(-1)), v, z), "x ⊘ w ⊗ v z"),
    (mul(power(x, num(-1)), w), "1⃗ ⊘ x ⊗ w"),
    (neg(power(x, num(-1))), "-1⃗ ⊘ x"),
    (mul(z, power(x, num(-1))), "z ⊘ x"),
    (power(transpose(x), num(-1)), "1 ⊘ xᵀ"),
    (power(A, num(-1)), "1 ⊘ A"),
    (power(A, num(2)), "A.^2"),
    (power(A, num(-2)), "1 ⊘ A.^2"),
    (power(A, z), "A.^z"),
    (power(A, HALF), "sqrt(A)"),
    (sq(transpose(x)), "(xᵀ)²"),
    (transpose(sq(x)), "(x²)ᵀ"),
    (transpose(mul(x, w)), "(x ⊗ w)ᵀ"),
    (mul(matmul(A, x), matmul(B, w)), "(A x) ⊗ (B w)"),
    (mul(num(2), matmul(A, x)), "2 A x"),
    (mul(matmul(A, x), z), "A x z"),
    (mul(matmul(A, x), power(z, num(-1))), "A x / z"),
    (matmul(A, matmul(B, x)), "A (B x)"),
    (matmul(matmul(A, B), x), "(A B) x"),
    (matmul(A, mul(num(2), x)), "A (2 x)"),
    (matmul(A, mul(x, w)), "A (x ⊗ w)"),
    (matmul(A, add(x, w)), "A (x + w)"),
    (matmul(transpose(x), A, x), "xᵀ A x"),
    (mul(num(2), matmul(transpose(x), A, x)), "2 xᵀ A x"),
    (mul(matmul(transpose(x), w), A), "(xᵀ w) A"),
    (mul(matmul(transpose(x), w), matmul(transpose(x), v)), "(xᵀ w) (xᵀ v)"),
    (mul(num(2), dot(w, x)), "2 (w · x)"),
    (neg(dot(w, x)), "-w · x"),
    (mul(num(-1), dot(w, x), z), "-(w · x) z"),
    (add(b, neg(dot(w, x))), "b - w · x"),
    (mul(num(-2), dot(w, x)), "-2 (w · x)"),
    (mul(dot(w, x), x), "(w · x) x"),
    (dot(mul(num(2), w), x), "2 w · x"),
    (dot(mul(w, v), x), "(w ⊗ v) · x"),
    (dot(matmul(A, x), w), "A x · w"),
    (dot(add(w, v), x), "(w + v) · x"),
    (dot(neg(w), x), "(-w) · x"),
    (sq(dot(w, x)), "(w · x)²"),
    (mul(A, inv(A)), "A ⊗ A⁻¹"),
    (matmul(inv(A), inv(A)), "A⁻²"),
    (matmul(B, matmul(A, A)), "B (A²)"),
    (matmul(A, B, B, B, x), "A B³ x"),
    (matmul(x, transpose(ones((n,)))), "x 1⃗ᵀ"),
    (mul(A, make(SUM, (x,))), "A sum(x)"),
    (matmul(A, make(SIGMA, (i, x_i))), "A Σ_{i=1}^{N} xᵢ"),
    (mul(make(SIGMA, (i, y_i)), z), "(Σ_{i=1}^{N} yᵢ) z"),
    (mul(z, make(SIGMA, (i, y_i))), "z Σ_{i=1}^{N} yᵢ"),
    (mul(x, make(SIGMA, (i, x_i))), "x ⊗ (Σ_{i=1}^{N} Xᵢ)"),
    (dot(w, make(SIGMA, (i, x_i))), "w · (Σ_{i=1}^{N} xᵢ)"),
    (dot(mul(z, make(SIGMA, (i, x_i))), w), "(z Σ_{i=1}^{N} xᵢ) · w"),
    (add(make(SIGMA, (i, y_i)), b), "Σ_{i=1}^{N} yᵢ + b"),
    (sq(make(SIGMA, (i, y_i))), "(Σ_{i=1}^{N} yᵢ)²"),
    (div(z, make(SIGMA, (i, y_i))), "z / (Σ_{i=1}^{N} yᵢ)"),
    (mul(z, derivative(dot(w, x), w)), "z ∂/∂w (w · x)"),
    (mul(derivative(dot(w, x), b), z), "(∂/∂b (w · x)) z"),
    (block(2, 1, x, b), "[x; b]"),
    (transpose(block(1, 2, transpose(x), b)), "[xᵀ, b]ᵀ"),
    (make(ABS, (x,)), "abs(x)"),
    (at("max", num(0), x), "max(0, x)"),
    (make(DIAG, (make(GT, (x, num(0))),)), "diag(x > 0)"),
    (mul(make(GT, (x, num(0))), w), "(x > 0) ⊗ w"),
]


@pytest.mark.parametrize(("expr", "text"), TENSORS, ids=[a[1] for a in TENSORS])
def test_tensors_get_the_signs_and_parentheses_that_reading_needs(expr: Expr, text: str) -> None:
    assert unicode(expr) == text


def test_names_are_spelled_in_the_face() -> None:
    names = ["λ", "x_hat", "w_train", "u_1", "d_k", "y_hat_2", "c_{t-1}", "foo"]
    glyphs = ["λ", "x̂", "w_train", "u₁", "dₖ", "ŷ₂", "c_{t-1}", "foo"]
    assert [unicode(symbol(name)) for name in names] == glyphs
    assert [as_ascii(symbol(name)) for name in names] == ["lambda", *names[1:]]


def test_a_new_row_of_the_table_prints_without_an_edit_here() -> None:
    row = Operator("sinc", "elementwise", same_shape, spellings=("sinc",))
    assert unicode(make(row, (add(t, s),))) == "sinc(t + s)"


def test_every_row_of_the_table_has_a_template() -> None:
    from mcalc.render.templates import TEMPLATES

    assert {row.layout.split()[0] for row in TABLE.values() if row.kind != "spelling"} <= set(TEMPLATES)


def test_words_with_a_meaning_give_way_to_variables_of_that_name() -> None:
    sigma, capital_t, identity = symbol("σ"), symbol("T"), symbol("I")
    assert unicode(add(make(SIGMOID, (z,)), sigma)) == "sigmoid(z) + σ"
    assert unicode(make(SIGMOID, (z,)), taken={"σ"}) == "sigmoid(z)"
    assert as_ascii(mul(capital_t, transpose(x))) == "T x'"
    assert as_ascii(mul(capital_t, transpose(inv(A)))) == "T A^-1'"
    assert unicode(mul(identity, add(A, eye(n)))) == "I (A + eye(n))"


def test_rows_of_a_matrix_are_called_by_the_small_letter_only_where_it_is_free() -> None:
    other = symbol("x", (n,))
    assert unicode(make(SIGMA, (i, dot(x_i, other)))) == "Σ_{i=1}^{N} (Xᵢ · x)"
    assert unicode(x_i, taken={"x"}) == "Xᵢ"
    assert unicode(x_i) == "xᵢ"
    assert unicode(element(X, num(1))) == "X₁"


def test_an_identity_before_brackets_says_its_size() -> None:
    assert unicode(matmul(eye(n), add(x, w))) == "I(n) (x + w)"
    assert unicode(matmul(eye(n), x)) == "I x"


def test_an_inner_index_is_renamed_only_where_it_would_hide_one_in_use() -> None:
    inner = index("i", 1, num(1), size(N))
    harmless = make(SIGMA, (i, mul(y_i, make(SIGMA, (inner, element(y, inner))))))
    assert unicode(harmless) == "Σ_{i=1}^{N} yᵢ Σ_{i=1}^{N} yᵢ"
    hiding = make(SIGMA, (i, make(SIGMA, (inner, mul(y_i, element(y, inner))))))
    assert unicode(hiding) == "Σ_{i=1}^{N} Σ_{j=1}^{N} yᵢ yⱼ"


def test_indices_of_index_notation_avoid_names_in_use() -> None:
    text = unicode(mul(symbol("i"), einsum(((0, 1), (1,)), (0,), (A, x))))
    assert text == "i [Σₚ Aⱼₚ xₚ]_{j}"


def test_shapes_are_said_in_rows_and_columns() -> None:
    shapes = [display_shape(e) for e in (x, transpose(x), X, z, block(2, 1, x, b))]
    assert shapes == ["n×1", "1×n", "N×n", "1×1", "(n + 1)×1"]
    assert shape_words(transpose(x), "numerator") == "1×n, a row: numerator layout"
    assert shape_words(X, "denominator") == "N×n: denominator layout"
    assert shape_words(X) == "N×n"
    assert shape_words(z) == "a scalar"


def test_small_results_print_plainly_even_where_parts_are_shared() -> None:
    shared = make(SIN, (add(t, s),))
    assert unicode(mul(shared, make(EXP, (shared,)))) == "sin(t + s) exp(sin(t + s))"
    assert lay_out(mul(shared, shared), UNICODE).definitions == []


def test_the_same_expression_gives_the_same_text_whatever_was_printed_before() -> None:
    first = [unicode(e) for e, *_ in GOLDEN]
    assert [unicode(e) for e, *_ in reversed(GOLDEN)] == first[::-1]
    assert all(a is not b for a, b in pairwise(first))
