"""Formulas of the paper and of machine learning that must be read, with the declarations they come with."""

from __future__ import annotations

import pytest

from mcalc import api
from mcalc.errors import Mistake
from mcalc.notation import Scope, read_expression, read_variables, read_where

V = "w, x: R^n"
PAPER = [
    ("1/N sum_{i=1}^{N} (y_i - max(0, w . x_i + b))^2", "w: R^n; b: R; X: R^{N x n}; y: R^N", "w b"),
    ("c", "c: R; x: R", "x"),
    ("99", "x: R", "x"),
    ("c sin(x)", "c: R; x: R", "x"),
    ("3x", "x: R", "x"),
    ("x^p", "p: R; x: R", "x"),
    ("x^2 + 3x", "x: R", "x"),
    ("sin(x) - exp(x)", "x: R", "x"),
    ("x^2 x", "x: R", "x"),
    ("ln(x^2)", "x: R", "x"),
    ("9(x + x^2)", "x: R", "x"),
    ("xy", "x: R; y: R", "x y"),
    ("3x^2y", "x: R; y: R", "x y"),
    ("2x + y^8", "x: R; y: R", "x y"),
    ("[3x^2y; 2x + y^8]", "x: R; y: R", "x y"),
    ("[x_1^2 + x_2 x_3; sin(x_1) + x_3]", "x: R^3", "x"),
    ("x_1", "x: R^4", "x_4"),
    ("[w_1 w_2; w_2^2] .* x", "w: R^2; x: R^2", "w x"),
    ("sin(w) .* exp(x)", V, "w x"),
    ("w_1 + x_1", V, "w_1 x_1"),
    ("w - x", V, "w x"),
    ("w ./ x", V, "w x"),
    ("max(w, x)", V, "w x"),
    ("w > x", V, "w x"),
    ("sin(x) exp(z)", "x: R^n; z: R", "x"),
    ("x + z", "x: R^n; z: R", "x z"),
    ("sum(x z)", "x: R^n; z: R", "x z"),
    ("sum([x_1 x_2; sin(x_2) + x_3^2])", "x: R^3", "x"),
    ("exp(sin(sin(x^2)))", "x: R", "x"),
    ("ln(sin(x^3)^2)", "x: R", "x"),
    ("u_2^2", "u_2: R", "u_2"),
    ("x * x^2", "x: R", "x"),
    ("[ln(g_1); sin(g_2)]", "g: R^2", "g"),
    ("sin(x .* x)", "x: R^n", "x"),
    ("w^T x", V, "w"),
    ("what . xhat", "what, xhat: R^m", "what"),
    ("max(0, w . x + b)", V + "; b: R", "w b"),
    ("y - max(0, w . x + b)", V + "; b, y: R", "w"),
]
MATRIX = [
    ("sum(X)^2", "X: R^{m x n}", "X"),
    ("x'*B*x", "x: R^n; B: R^{n x n}", "x"),
    ("(x-A*s)'*W*(x-A*s)", "x: R^m; A: R^{m x n}; s: R^n; W: R^{m x m}", "A"),
    ("det(X'*A*X)", "X: R^{m x n}; A: R^{m x m}", "X"),
    ("det(X^3)", "X: R^{n x n}", "X"),
    ("tr(B'*X'*C*X*X'*C*X*B)", "X: R^{m x n}; B: R^{n x k}; C: R^{m x m}", "X"),
    ("tr((A*X*B+C)*(A*X*B+C)')", "A: R^{p x m}; X: R^{m x n}; B: R^{n x k}; C: R^{p x k}", "X"),
    ("tr(inv(X'*C*X)*A)", "X: R^{m x n}; C: R^{m x m} symmetric posdef; A: R^{n x n}", "X"),
    ("norm2(x)^2", "x: R^n", "x"),
    ("(y.*v)'*x", "y, v, x: R^n", "y"),
    ("norm1(A*x-y)", "A: R^{m x n}; x: R^n; y: R^m", "x"),
    ("sum(log(exp(-y.*(X*w)) + 1))", "X: R^{m x n}; w: R^n; y: R^m", "w"),
    ("x'*A*x + c*sin(y)'*x", "A: R^{n x n} symmetric; c: R; x: R^n; y: R^n", "x"),
    ("normF(T-U*V')^2", "T: R^{m x n}; U: R^{m x k}; V: R^{n x k}", "U"),
    ("-y'*log(softmax(W*x+b))", "W: R^{k x n}; x: R^n; b: R^k; y: R^k", "W"),
    ("V'*softmax(K*q/sqrt(d))", "V: R^{m x p}; K: R^{m x n}; q: R^n; d: R > 0", "q"),
    ("-logdet(S)/2 - (x-mu)'*inv(S)*(x-mu)/2", "x: R^n; mu: R^n; S: R^{n x n}", "S"),
    ("(x'*A*x)/(x'*x)", "A: R^{n x n}; x: R^n", "x"),
    ("-sum(y.*log(sigmoid(X*w)) + (1-y).*log(1-sigmoid(X*w)))", "X: R^{m x n}; w: R^n; y: R^m", "w"),
    ("sum_{i=1}^{m} ((y_i - w'*X_i)^2)/m", "X: R^{m x n}; w: R^n; y: R^m", "w"),
    ("norm2(W2*relu(W1*x+b1)+b2-y)^2", "W1: R^{m x n}; b1: R^m; W2: R^{k x m}; b2: R^k; x: R^n; y: R^k", "W1 W2"),
    ("sum(max(0, 1 - y.*(X*w))) + l/2*w'*w", "X: R^{m x n}; w: R^n; y: R^m; l: R > 0", "w"),
    ("sum(p.*log(p./q))", "p, q: R^n", "p"),
    ("exp(-norm2(x-y)^2/(2*s^2))", "x: R^n; y: R^n; s: R > 0", "x"),
    ("0.5*y'*inv(K+s*eye(n))*y + 0.5*logdet(K+s*eye(n))", "K: R^{n x n} symmetric posdef; s: R > 0; y: R^n", "s"),
    ("y'*X*inv(X'*X)*X'*y", "X: R^{m x n}; y: R^m", "X"),
    ("sum(X.*log(X./(W*H)) - X + W*H)", "X: R^{m x n}; W: R^{m x k}; H: R^{k x n}", "W"),
    ("0.5*normF(Y-D*X)^2 + l*sum(abs(X))", "Y: R^{m x n}; D: R^{m x k}; X: R^{k x n}; l: R > 0", "X"),
    ("(A*x).*(B*x)", "A, B: R^{m x n}; x: R^n", "x"),
    ("x/(x'*x)", "x: R^n", "x"),
    ("diag(x)*A*x", "A: R^{n x n}; x: R^n", "x"),
    ("a'*log(A*exp(X)*B)*b", "a: R^m; A: R^{m x k}; X: R^{k x n}; B: R^{n x p}; b: R^p", "X"),
    ("tr(U'*A*U*inv(U'*B*U))", "U: R^{n x k}; A: R^{n x n} symmetric; B: R^{n x n} symmetric posdef", "U"),
    ("u'*(v+c)", "u, v, c: R^n", "v"),
]


@pytest.mark.parametrize(("text", "where", "wrt"), PAPER + MATRIX)
def test_a_formula_with_declarations_is_read_without_assumptions(text: str, where: str, wrt: str) -> None:
    scope = Scope()
    read_where(where, scope)
    reading = read_expression(text, scope, wrt=wrt.split())
    assert reading.expr is not None
    assert reading.assumed == []
    assert [v.op.name for v in read_variables(wrt.split(), scope, reading)] == [
        "element" if name[-2:-1] == "_" and name not in scope.variables else "symbol" for name in wrt.split()
    ]


ASSUMED = [
    ("max(0, w·x + b)", ["w, x ∈ ℝⁿ", "b ∈ ℝ"]),
    ("‖X w - y‖²", ["X ∈ ℝ^{m×n}", "w ∈ ℝⁿ", "y ∈ ℝᵐ"]),
    ("W x + b", ["W ∈ ℝ^{m×n}", "x ∈ ℝⁿ", "b ∈ ℝᵐ"]),
    ("x^T A x", ["x ∈ ℝⁿ", "A ∈ ℝ^{n×n}"]),
    ("sum_{i=1}^{N} (w . x_i - y_i)^2", ["w ∈ ℝⁿ", "x ∈ ℝ^{N×n}", "y ∈ ℝᴺ"]),
    ("sum_{i,j} A_ij x_i x_j", ["A ∈ ℝ^{n×n}", "x ∈ ℝⁿ"]),
    ("λ/2 w . w", ["λ ∈ ℝ", "w ∈ ℝⁿ"]),
    ("sum(x z)", ["x ∈ ℝⁿ", "z ∈ ℝ"]),
    ("3x^2y", ["x, y ∈ ℝ"]),
    ("d/dx (x_1^2 + x_2)", ["x ∈ ℝⁿ"]),
    ("x_1^2 + x_2", ["x_1, x_2 ∈ ℝ"]),
    ("diag(x) + A", ["x ∈ ℝⁿ", "A ∈ ℝ^{n×n}"]),
    ("A^-1 b", ["A ∈ ℝ^{n×n}", "b ∈ ℝⁿ"]),
    ("tr(A^T B)", ["A, B ∈ ℝ^{m×n}"]),
    ("softmax(W x + b)", ["W ∈ ℝ^{m×n}", "x ∈ ℝⁿ", "b ∈ ℝᵐ"]),
    ("log(sum(exp(x)))", ["x ∈ ℝⁿ"]),
    ("e^x", ["x ∈ ℝ"]),
]


@pytest.mark.parametrize(("text", "assumed"), ASSUMED)
def test_shapes_are_inferred_and_said_in_order_of_appearance(text: str, assumed: list[str]) -> None:
    assert read_expression(text, Scope()).assumed == assumed


SAME = [
    ("d/dx y log σ(x)", "d/dx (y log(σ(x)))", ""),
    ("∂/∂A log det(A)", "∂/∂A log(det(A))", "A: R^{n x n}"),
    ("{log σ(z) if z > 0; 0 otherwise}", "{log(σ(z)) if z > 0; 0 otherwise}", ""),
    ("sin^2 cos(z)", "sin(cos(z))^2", ""),
    ("d^2/(dx dy) (x^2 y^3)", "∂²/∂x∂y (x^2 y^3)", ""),
    ("∂²/(∂x ∂y) (x^2 y^3)", "∂²/∂x∂y (x^2 y^3)", ""),
    ("∂²(x^2 y^3)/(∂x∂y)", "∂²/∂x∂y (x^2 y^3)", ""),
    ("∂a/∂x ∂b/∂x", "da/dx db/dx", "x: R; a = x^2; b = sin(x)"),
]


@pytest.mark.parametrize(("text", "other", "where"), SAME)
def test_two_spellings_are_one_expression(text: str, other: str, where: str) -> None:
    one, two = [api.worked_out(read_expression(t, api.scope_of(where))).expr for t in (text, other)]
    assert one is two


REFUSED = [
    ("d x^2/dx", "E-SYNTAX"),
    ("dx^2/dx", "E-SYNTAX"),
    ("d/dx x[0]", "E-SHAPE"),
    ("x mod 2", "E-UNSUPPORTED"),
    ("int_0^1 x dx", "E-UNSUPPORTED"),
    ("log σ(z) z", "E-AMBIG"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_looks_like_something_else_is_no_product_of_names(text: str, code: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_expression(text, Scope())
    assert caught.value.code == code


def test_a_variable_whose_shape_is_inferred_is_not_said_to_be_absent() -> None:
    assert read_expression("∂/∂A tr(A)", Scope()).notes == []
    assert read_expression("∂/∂x y", Scope()).notes == ["y does not depend on x"]


@pytest.mark.parametrize(
    "condition", ["x", "x y", "1", "sin(x)", "step(x)", "(x > 0) (y > 0)", "1 - (x > 0)", "v", "max(v)"]
)
def test_where_takes_a_comparison_as_braces_do(condition: str) -> None:
    scope = api.scope_of("x, y: R; v: R^n")
    for text in (f"where({condition}, x^2, y)", f"{{x^2 if {condition}; y otherwise}}"):
        with pytest.raises(Mistake) as caught:
            read_expression(text, scope)
        assert caught.value.code == "E-SYNTAX"
        assert "comparison" in caught.value.message
        assert caught.value.hint
        assert caught.value.spans


@pytest.mark.parametrize("condition", ["x != 0", "x > 0 and y > 0", "x < 0 or y < 0", "v > 0", "0 < x < 1"])
def test_where_is_braces(condition: str) -> None:
    scope = api.scope_of("x, y: R; v: R^n")
    one = read_expression(f"where({condition}, x^2, y)", scope).expr
    assert one is read_expression(f"{{x^2 if {condition}; y otherwise}}", scope).expr
