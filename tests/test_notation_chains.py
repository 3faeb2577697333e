"""Chains of operators: what stands together is decided by shapes, from left to right, and stays flat."""

from __future__ import annotations

import pytest

from mcalc.notation.names.spines import chained
from mcalc.notation.surface.syntax import Name, Node, Token
from mcalc.operators import FUNCTIONS
from tests.outline import WORLD, mistake, read_as, reading

CHAINS = {
    "3/2 z": "(mul 3/2 z)",
    "1/N z": "(mul (pow N -1) z)",
    "2/N z": "(mul 2 (pow N -1) z)",
    "z / 2": "(mul z 1/2)",
    "1/z": "(pow z -1)",
    "2 A x": "(mul 2 (matmul A x))",
    "A z x": "(mul (matmul A x) z)",
    "x^T A x": "(matmul (row x) A x)",
    "w^T x b": "(mul (matmul (row w) x) b)",
    "w^T x A": "(mul (matmul (row w) x) A)",
    "x*x'*x": "(matmul x (row x) x)",
    "A (B x)": "(matmul A (matmul B x))",
    "A^2 x": "(matmul A A x)",
    "(A^2) x": "(matmul (matmul A A) x)",
    "A^-1 x": "(matmul (inv A) x)",
    "A^0": "(eyen)",
    "A^{-T}": "(transpose (inv A))",
    "A⁻ᵀ": "(transpose (inv A))",
    "A'": "(transpose A)",
    "x.T": "(row x)",
    "xᵀ": "(row x)",
    "w^Tx": "(matmul (row w) x)",
    "A x ⊗ B x": "(mul (matmul A x) (matmul B x))",
    "w ⊗ x ⊘ w": "(mul w x (pow w -1))",
    "2 w ⊗ x": "(mul 2 w x)",
    "1vec ⊘ x": "(pow x -1)",
    "2 · z · b": "(mul 2 z b)",
    "w · x z": "(dot w (mul x z))",
    "(w · x) z": "(mul (dot w x) z)",
    "⟨w, x⟩": "(dot w x)",
    "<w, x>": "(dot w x)",
    "dot(w, x)": "(dot w x)",
    "x .^ 2": "(pow x 2)",
    "a + b - c": "(add a b (mul -1 c))",
    "(a + b) + c": "(add (add a b) c)",
    "a - (b + c)": "(add a (mul -1 (add b c)))",
    "-a b": "(mul -1 a b)",
    "2 * -z": "(mul 2 (mul -1 z))",
    "a^b^c": "(pow a (pow b c))",
    "b < z <= c": "(and (lt b z) (le z c))",
    "{b if z > 0 and z < 1 or z = 5; c otherwise}": "(cases b (or (and (gt z 0) (lt z 1)) (eq z 5)) c)",
    "where(z > 0, b, c)": "(cases b (gt z 0) c)",
    "‖w‖": "(norm w)",
    "||w||_1": "(norm1 w)",
    "‖A‖_F": "(norm A)",
    "½ z": "(mul 1/2 z)",
    "√2 z": "(mul (pow 2 1/2) z)",
    "e^{-z}": "(exp (mul -1 z))",
    "pi z^2": "(mul (pi) (pow z 2))",
    "[w; b]": "(block2x1 w b)",
    "[x^T, 1]^T": "(row (block1x2 (row x) 1))",
    "sum_{i != j} x_i x_j": "(sigma i=1..n (sigma j=1..n but i (mul (element x i) (element x j))))",
    "sum_{i,j} A_ij x_j": "(sigma i=1..n (sigma j=1..n (mul (element A i j) (element x j))))",
    "sum_i x_i sum_{j != i} x_j": "(sigma i=1..n (mul (element x i) (sigma j=1..n but i (element x j))))",
    "prod_i x_i": "(product i=1..n (element x i))",
    "sum_i y_i X_i": "(sigma i=1..N (mul (element y i) (element X i)))",
    "f′(z)": "(applyf (1,) z)",
    "f_prime2(z)": "(applyf (2,) z)",
    "∂₁f(z, b)": "(applyf (1, 0) z b)",
    "d1 f(z, b)": "(applyf (1, 0) z b)",
    "∂²/∂z∂b (z b)": "(derivative (derivative (mul z b) b) z)",
    "d^2/dz^2 z^3": "(derivative (derivative (pow z 3) z) z)",
    "∂/∂(w, b) (w · x + b)": "(derivative (add (dot w x) b) w b)",
    "∇_w (w · x)": "(derivative (dot w x) w)",
    "∇²_w (w · x)": "(derivative (derivative (dot w x) w) w)",
    "hess_w (w · x)": "(derivative (derivative (dot w x) w) w)",
    "d(w+x)/dw": "(derivative (add w x) w)",
    "d/dx_4 (x . x)": "(derivative (dot x x) (element x 4))",
    "diff(z^2, z)": "(derivative (pow z 2) z)",
    "unit(2, n)": "(unit 2)",
    "ones(N, n)": "(onesN,n)",
    "diag(1vec) + A": "(add (eyen) A)",
    "∂/∂w w · x + b": "(derivative (add (dot w x) b) w)",
    "∂/∂z z^2 + b": "(add (derivative (pow z 2) z) b)",
}


@pytest.mark.parametrize("text", CHAINS)
def test_a_chain_is_read(text: str) -> None:
    assert read_as(text, WORLD + "; a: R") == CHAINS[text]


def test_index_notation_in_brackets_is_an_einsum() -> None:
    found = reading("[Σ_p A_ip B_pj δ_jk 1_l]_{ijkl}").expr
    assert found is not None
    assert found.op.name == "einsum"
    assert found.attr == (((0, 1), (1, 2), (2, 3), (4,)), (0, 2, 3, 4))


def test_a_chain_of_stars_and_dotted_stars_is_refused_where_both_readings_fit() -> None:
    assert mistake("A.*B*A").code == "E-AMBIG"
    assert read_as("y.*X*w") == "(mul y (matmul X w))"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A x^T", "E-SHAPE"),
        ("X y", "E-SHAPE"),
        ("X + y", "E-SHAPE"),
        ("A / B", "E-AMBIG"),
        ("2^A", "E-UNSUPPORTED"),
        ("X^2", "E-SHAPE"),
        ("P / Q", "E-AMBIG"),
        ("round(x)", "E-UNSUPPORTED"),
        ("z'", "E-SYNTAX"),
        ("f'(z, b)", "E-AMBIG"),
        ("sin(z, b)", "E-SYNTAX"),
        ("x_9", "fine"),
        ("w_1_2", "E-NAME"),
        ("dy/dx", "fine"),
        ("dq/dx", "E-NAME"),
        ("∇q", "E-NAME"),
        ("|w - x|", "E-AMBIG"),
        ("log z b", "E-AMBIG"),
        ("1 2", "E-SYNTAX"),
        ("[1, 2; 3]", "E-SHAPE"),
        ("sum_{i=3}^{1} x_i", "E-DOMAIN"),
        ("d/dn z", "E-NAME"),
        ("1e999", "E-RANGE"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, code: str) -> None:
    if code == "fine":
        reading(text)
    else:
        assert mistake(text).code == code


def test_a_shape_mistake_shows_both_operands_and_where_they_come_from() -> None:
    found = mistake("X y - w", "X: R^{N x n}; y: R^N; w: R^n")
    assert "X (N×n)" in found.message
    assert "n and N differ" in found.message
    assert [span.label for span in found.spans] == ["matrix N×n, declared", "vector of N, declared"]
    assert found.hint.startswith("Xᵀ y fits")


def test_a_sign_of_the_table_calls_its_function_of_the_factors_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "⋆", FUNCTIONS["kron"])
    names = [Node("name", k, k + 1, (), Name(letter)) for k, letter in enumerate("ABCDE")]
    signs = [Token("OP", text, 0, 0) for text in (" ", "⋆", " ", "⋆")]
    whole = chained(0, names, signs)
    inner, last = whole.parts
    assert (whole.kind, whole.value.full, inner.value.full, last) == ("call", "kron", "kron", names[4])
    assert [(part.kind, part.start, part.end, [*part.parts]) for part in inner.parts] == [
        ("product", 0, 2, names[:2]),
        ("product", 2, 4, names[2:4]),
    ]
    assert chained(0, names, [Token("OP", " ", 0, 0)] * 4).kind == "product"
