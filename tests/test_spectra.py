"""Spectra, decompositions and functions of matrices by value: functions of NumPy, written apart, by differences.

Each case is a text, its variable, and the same function in NumPy. First and second derivatives are compared with
differences of that function at random data with distinct eigenvalues; no rule and no value of mcalc is used for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mcalc import derive, parse
from mcalc.errors import Mistake

WHERE = (
    "A, B: R^{n x n}; S, T: R^{n x n} symmetric; P, Q: R^{n x n} posdef; X: R^{m x n}; Y: R^{n x m}; a, b, x: R^n; "
    "y: R^m; t: R"
)
Values = dict[str, Any]


def draw(seed: int, n: int = 3, m: int = 4) -> Values:
    """Return random data: matrices whose eigenvalues and singular values are distinct and away from 0."""
    rng = np.random.default_rng(seed)
    normal = rng.normal

    def symmetric(least: float) -> Any:
        vectors = np.linalg.qr(normal(size=(n, n)))[0]
        return vectors @ np.diag(least + np.arange(n) + rng.uniform(0.0, 0.5, n)) @ vectors.T

    def oblong(rows: int, columns: int) -> Any:
        left, right = np.linalg.qr(normal(size=(rows, rows)))[0], np.linalg.qr(normal(size=(columns, columns)))[0]
        values = np.zeros((rows, columns))
        values[np.arange(min(rows, columns)), np.arange(min(rows, columns))] = 1 + np.arange(min(rows, columns))
        return left @ values @ right

    similar = np.eye(n) + normal(size=(n, n)) / 4
    return {
        "A": similar @ symmetric(1.0) @ np.linalg.inv(similar), "B": normal(size=(n, n)) / 2,
        "S": symmetric(-1.3), "T": symmetric(-0.8), "P": symmetric(0.7), "Q": symmetric(1.1),
        "X": oblong(m, n), "Y": oblong(n, m), "a": normal(size=n), "b": normal(size=n), "x": normal(size=n),
        "y": normal(size=m), "t": 0.6,
    }  # fmt: skip


def half(a: Any) -> Any:
    """Return the symmetric part, so that differences give the projected gradient."""
    return (a + a.T) / 2


def eigenvalue(a: Any, place: int) -> Any:
    """Return an eigenvalue by its place from the largest down."""
    return np.sort(np.real(np.linalg.eigvals(a)))[::-1][place]


def eigenvector(a: Any, place: int) -> Any:
    """Return a unit eigenvector of a symmetric matrix."""
    return np.linalg.eigh(half(a))[1][:, ::-1][:, place]


def singular(x: Any) -> Any:
    """Return the singular values."""
    return np.linalg.svd(x, compute_uv=False)


def factor(x: Any, place: int) -> Any:
    """Return u vᵀ of the singular value at a place."""
    u, _, v = np.linalg.svd(x)
    return np.outer(u[:, place], v[place])


def lower(a: Any) -> Any:
    """Return the Cholesky factor, column by column."""
    found = np.zeros_like(a)
    for j in range(len(a)):
        found[j, j] = np.sqrt(a[j, j] - found[j, :j] @ found[j, :j])
        found[j + 1 :, j] = (a[j + 1 :, j] - found[j + 1 :, :j] @ found[j, :j]) / found[j, j]
    return found


def generalised(x: Any) -> Any:
    """Return the pseudoinverse of a matrix of full rank."""
    return np.linalg.solve(x.T @ x, x.T) if x.shape[0] >= x.shape[1] else np.linalg.solve(x @ x.T, x).T


def lyapunov(a: Any, b: Any, c: Any) -> Any:
    """Return X with A X + X B = C by its vec."""
    whole = np.kron(np.eye(len(b)), a) + np.kron(b.T, np.eye(len(a)))
    return np.linalg.solve(whole, c.flatten(order="F")).reshape(c.shape, order="F")


def exponential(a: Any) -> Any:
    """Return e^A by its series, of a matrix halved and squared back."""
    small, total = a / 64, np.eye(len(a))
    term = total
    for k in range(1, 30):
        term = term @ small / k
        total = total + term
    return np.linalg.matrix_power(total, 64)


def of_matrix(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function of diagonalisable matrices by their eigenvalues."""

    def value(a: Any) -> Any:
        values, vectors = np.linalg.eig(a)
        return np.real((vectors * function(values.astype(complex))) @ np.linalg.inv(vectors))

    return value


log, root = of_matrix(np.log), of_matrix(np.sqrt)


def raised(a: Any, p: float) -> Any:
    """Return a power of a matrix by its eigenvalues."""
    return of_matrix(lambda values: values**p)(a)


def corner(function: Callable[[Any], Any], a: Any, e: Any) -> Any:
    """Return the upper right block of a function of [[A, E], [0, A]], for A moved so that it can be diagonalised."""
    n, h = len(a), 1e-5
    return (
        (function(a + h * e) - function(a - h * e)) / (2 * h)
        if function is not exponential
        else exponential(np.block([[a, e], [np.zeros((n, n)), a]]))[:n, n:]
    )


def nearest(x: Any) -> Any:
    """Return the polar factor by Newton's method for the square part of a thin factorisation."""
    if x.shape[0] < x.shape[1]:
        return nearest(x.T).T
    q, r = np.linalg.qr(x)
    for _ in range(60):
        r = (r + np.linalg.inv(r).T) / 2
    return q @ r


CASES: list[tuple[str, str, Callable[[Values], Any]]] = [
    ("λ_max(S)", "S", lambda v: eigenvalue(half(v["S"]), 0)),
    ("λ_min(S)", "S", lambda v: eigenvalue(half(v["S"]), -1)),
    ("λ_2(S)^3", "S", lambda v: eigenvalue(half(v["S"]), 1) ** 3),
    ("λ_max(A)", "A", lambda v: eigenvalue(v["A"], 0)),
    ("λ_2(A)", "A", lambda v: eigenvalue(v["A"], 1)),
    ("λ_min(A' A)", "A", lambda v: eigenvalue(v["A"].T @ v["A"], -1)),
    ("λ_max(S + t T)", "t", lambda v: eigenvalue(v["S"] + v["t"] * v["T"], 0)),
    ("λ_max(P) / λ_min(P)", "P", lambda v: eigenvalue(half(v["P"]), 0) / eigenvalue(half(v["P"]), -1)),
    ("ln(λ_max(X' X))", "X", lambda v: np.log(eigenvalue(v["X"].T @ v["X"], 0))),
    ("λ_max(S + x x')", "x", lambda v: eigenvalue(v["S"] + np.outer(v["x"], v["x"]), 0)),
    ("λ_max(diag(x) + S)", "x", lambda v: eigenvalue(v["S"] + np.diag(v["x"]), 0)),
    ("(a · v_max(S))^2", "S", lambda v: (v["a"] @ eigenvector(v["S"], 0)) ** 2),
    ("(a · v_min(S)) (b · v_min(S))", "S", lambda v: np.prod([v[k] @ eigenvector(v["S"], 2) for k in "ab"])),
    ("(a · v_2(S))^2", "S", lambda v: (v["a"] @ eigenvector(v["S"], 1)) ** 2),
    ("v_max(S)' T v_max(S)", "S", lambda v: eigenvector(v["S"], 0) @ v["T"] @ eigenvector(v["S"], 0)),
    ("eigvals(S)", "S", lambda v: np.array([eigenvalue(v["S"], place) for place in range(3)])),
    ("eigvals(A)", "A", lambda v: np.array([eigenvalue(v["A"], place) for place in range(3)])),
    ("sum(exp(eigvals(S)))", "S", lambda v: np.exp(np.linalg.eigvalsh(half(v["S"]))).sum()),
    ("sum(eigvals(P) .* ln(eigvals(P)))", "P", lambda v: np.trace(half(v["P"]) @ log(half(v["P"])))),
    ("sum(sqrt(eigvals(P)))", "P", lambda v: np.trace(root(half(v["P"])))),
    ("σ_max(X)", "X", lambda v: singular(v["X"])[0]),
    ("σ_min(X)", "X", lambda v: singular(v["X"])[-1]),
    ("σ_min(Y)", "Y", lambda v: singular(v["Y"])[-1]),
    ("σ_2(X)^2", "X", lambda v: singular(v["X"])[1] ** 2),
    ("‖X‖_2^2", "X", lambda v: singular(v["X"])[0] ** 2),
    ("‖A - B‖_2", "B", lambda v: singular(v["A"] - v["B"])[0]),
    ("a' lsvec(A, 2) rsvec(A, 2)' b", "A", lambda v: v["a"] @ factor(v["A"], 1) @ v["b"]),
    ("y' lsvec_max(X) rsvec_max(X)' a", "X", lambda v: v["y"] @ factor(v["X"], 0) @ v["a"]),
    ("‖X‖_*", "X", lambda v: singular(v["X"]).sum()),
    ("‖Y‖_*^2", "Y", lambda v: singular(v["Y"]).sum() ** 2),
    ("nuclear(X Y)", "Y", lambda v: singular(v["X"] @ v["Y"])[:3].sum()),
    ("schatten(X, 3)", "X", lambda v: (singular(v["X"]) ** 3).sum() ** (1 / 3)),
    ("‖Y‖_{S_4}", "Y", lambda v: (singular(v["Y"]) ** 4).sum() ** 0.25),
    ("schatten(A, 5)^2", "A", lambda v: (singular(v["A"]) ** 5).sum() ** 0.4),
    ("y' polar(X) a", "X", lambda v: v["y"] @ nearest(v["X"]) @ v["a"]),
    ("a' polar(Y) y", "Y", lambda v: v["a"] @ nearest(v["Y"]) @ v["y"]),
    ("polar(A) a", "A", lambda v: nearest(v["A"]) @ v["a"]),
    ("chol(P) a", "P", lambda v: lower(half(v["P"])) @ v["a"]),
    ("b' chol(P) a", "P", lambda v: v["b"] @ lower(half(v["P"])) @ v["a"]),
    ("‖solve(chol(P), b)‖²", "P", lambda v: v["b"] @ np.linalg.solve(half(v["P"]), v["b"])),
    ("sum(ln(diag(chol(X' X))))", "X", lambda v: np.log(np.diag(lower(v["X"].T @ v["X"]))).sum()),
    ("a' X⁺ y", "X", lambda v: v["a"] @ generalised(v["X"]) @ v["y"]),
    ("y' Y^+ a", "Y", lambda v: v["y"] @ generalised(v["Y"]) @ v["a"]),
    ("pinv(X) y", "X", lambda v: generalised(v["X"]) @ v["y"]),
    ("‖y - X X⁺ y‖²", "X", lambda v: ((v["y"] - v["X"] @ generalised(v["X"]) @ v["y"]) ** 2).sum()),
    ("‖X⁺‖²", "X", lambda v: (generalised(v["X"]) ** 2).sum()),
    ("a' solve(A, b)", "A", lambda v: v["a"] @ np.linalg.solve(v["A"], v["b"])),
    ("tr(solve(A, B))", "A", lambda v: np.trace(np.linalg.solve(v["A"], v["B"]))),
    ("a' sylvester(A, Q, B) b", "A", lambda v: v["a"] @ lyapunov(v["A"], v["Q"], v["B"]) @ v["b"]),
    ("a' sylvester(P, A, B) b", "A", lambda v: v["a"] @ lyapunov(v["P"], v["A"], v["B"]) @ v["b"]),
    ("tr(sylvester(A, A', S))", "A", lambda v: np.trace(lyapunov(v["A"], v["A"].T, v["S"]))),
    ("expm(A)", "A", lambda v: exponential(v["A"])),
    ("a' expm(A) b", "A", lambda v: v["a"] @ exponential(v["A"]) @ v["b"]),
    ("expm(t A)", "t", lambda v: exponential(v["t"] * v["A"])),
    ("a' expm(t A + B) b", "t", lambda v: v["a"] @ exponential(v["t"] * v["A"] + v["B"]) @ v["b"]),
    ("tr(expm(B' B))", "B", lambda v: np.trace(exponential(v["B"].T @ v["B"]))),
    ("tr(expm(S) T)", "S", lambda v: np.trace(exponential(half(v["S"])) @ v["T"])),
    ("expm(B) a", "B", lambda v: exponential(v["B"]) @ v["a"]),
    ("ln(tr(expm(S)))", "S", lambda v: np.log(np.trace(exponential(half(v["S"]))))),
    ("a' L_exp(B, A) b", "B", lambda v: v["a"] @ corner(exponential, v["B"], v["A"]) @ v["b"]),
    ("tr(P (logm(P) - logm(Q)))", "P", lambda v: np.trace(half(v["P"]) @ (log(half(v["P"])) - log(v["Q"])))),
    ("a' logm(A) b", "A", lambda v: v["a"] @ log(v["A"]) @ v["b"]),
    ("‖logm(P)‖²", "P", lambda v: (log(half(v["P"])) ** 2).sum()),
    ("logm(P) a", "P", lambda v: log(half(v["P"])) @ v["a"]),
    ("tr(sqrtm(X' X))", "X", lambda v: np.trace(root(v["X"].T @ v["X"]))),
    ("sqrtm(A)", "A", lambda v: root(v["A"])),
    ("a' A^(1/2) b", "A", lambda v: v["a"] @ root(v["A"]) @ v["b"]),
    (
        "tr(P + Q - 2 sqrtm(P^(1/2) Q P^(1/2)))",
        "Q",
        lambda v: np.trace(v["P"] + half(v["Q"]) - 2 * root(root(v["P"]) @ half(v["Q"]) @ root(v["P"]))),
    ),
    ("a' P^(-1/2) b", "P", lambda v: v["a"] @ raised(half(v["P"]), -0.5) @ v["b"]),
    ("tr(P^(3/2))", "P", lambda v: np.trace(raised(half(v["P"]), 1.5))),
    ("a' A^(1/3) b", "A", lambda v: v["a"] @ raised(v["A"], 1 / 3) @ v["b"]),
    ("a' P^t b", "P", lambda v: v["a"] @ raised(half(v["P"]), v["t"]) @ v["b"]),
    ("a' P^t b", "t", lambda v: v["a"] @ raised(v["P"], v["t"]) @ v["b"]),
    ("tr(P^t)", "P", lambda v: np.trace(raised(half(v["P"]), v["t"]))),
    ("norm21(X)", "X", lambda v: np.sqrt((v["X"] ** 2).sum(axis=1)).sum()),
    ("‖x - a‖_P^2", "x", lambda v: (v["x"] - v["a"]) @ v["P"] @ (v["x"] - v["a"])),
    (
        "mahalanobis(x, a, P)",
        "P",
        lambda v: np.sqrt((v["x"] - v["a"]) @ np.linalg.solve(half(v["P"]), v["x"] - v["a"])),
    ),
]


def slope(function: Callable[[Values], Any], values: Values, name: str, width: float) -> Any:
    """Return the derivative of a function by differences of five points; its axes, then those of the variable."""
    at = np.asarray(values[name], float)
    columns = []
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = width
        two, one, back, twice = [np.asarray(function({**values, name: at + k * step})) for k in (2, 1, -1, -2)]
        columns.append((twice - two + 8 * (one - back)) / (12 * width))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + at.shape)


def near(got: Any, want: Any, tolerance: float) -> bool:
    """Say whether two arrays of one shape agree relatively to the largest entry."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    assert got.shape == want.shape
    return bool(np.abs(got - want).max() <= tolerance * max(1.0, float(np.abs(want).max())))


@pytest.mark.parametrize(("text", "name", "function"), CASES, ids=[f"{text} by {name}" for text, name, _ in CASES])
def test_first_and_second_derivatives_have_the_values_of_differences(
    text: str, name: str, function: Callable[[Values], Any]
) -> None:
    first = derive(text, wrt=name, where=WHERE)
    assert "pairing" not in first.text
    assert "unit(" not in first.text
    for seed in (1, 2):
        values = draw(seed)
        want = slope(function, values, name, 1e-3)
        assert near(parse(text, where=WHERE).evaluate(values), function(values), 1e-9)
        assert near(first.evaluate(values), want, 1e-7)
        if np.ndim(function(values)) == 0:
            second = derive(text, wrt=name, where=WHERE, order=2).evaluate(values)
            assert near(second, slope(lambda v: slope(function, v, name, 2e-3), values, name, 2e-3), 3e-5)


@pytest.mark.parametrize(("text", "name", "function"), CASES, ids=[f"{text} by {name}" for text, name, _ in CASES])
def test_it_is_exported_right(text: str, name: str, function: Callable[[Values], Any]) -> None:
    made = derive(text, wrt=name, where=WHERE)
    compiled, values = made.compile(), draw(3)
    names = compiled.__code__.co_varnames[: compiled.__code__.co_argcount]
    assert near(compiled(*[values[given] for given in names]), made.evaluate(values), 1e-9)


@pytest.mark.parametrize("text", ["v_max(S)", "a · v_min(S)", "sum(v_2(S)^3)", "lsvec(X, 1) · y", "exp(a · v_max(S))"])
def test_what_depends_on_the_sign_of_a_vector_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match="sign of"):
        derive(text, wrt="X" if "X" in text else "S", where=WHERE)


@pytest.mark.parametrize("text", ["|a · v_max(S)|", "v_max(S) v_max(S)'", "cos(a · v_max(S))", "‖v_max(S) + v_max(S)‖"])
def test_what_is_even_in_it_has_a_derivative(text: str) -> None:
    assert derive(text, wrt="S", where=WHERE).check().ok


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("λ_max(S)", "eigvec_max(S) eigvec_max(S)ᵀ"),
        ("‖X‖₂", "lsvec_max(X) rsvec_max(X)ᵀ"),
        (r"\|X\|_*", "polar(X)"),
        ("schatten(X, 3)", "X polar(X)ᵀ X / schatten(X, 3)²"),
        ("‖X‖_{S_2}", "X / ‖X‖"),
        ("λ_1(S)", "eigvec_max(S) eigvec_max(S)ᵀ"),
        ("sum(eigvals(S)^3)", "3 S²"),
        ("sum(ln(eigvals(S)))", "S⁻¹"),
        ("ln(sum(exp(eigvals(S))))", "eigvecs(S) diag(softmax(eigvals(S))) eigvecs(S)ᵀ"),
        ("2 sum(ln(diag(chol(S))))", "S⁻¹"),
        ("‖chol(S)⁻¹ b‖²", "-S⁻¹ b bᵀ S⁻¹"),
        ("‖chol(S)‖²", "I"),
        (r"\lambda_{\max}(S)", "eigvec_max(S) eigvec_max(S)ᵀ"),
        ("tr(sqrtm(X' X))", "X (Xᵀ X)^(-1/2)"),
        (r"\operatorname{tr}(\sqrt{X^\top X})", "X (Xᵀ X)^(-1/2)"),
        ("tr(expm(X' X))", "2 X expm(Xᵀ X)"),
        ("tr(logm(S))", "S⁻¹"),
        ("tr(S^t)", "t S^(t - 1)"),
        ("‖y - X X⁺ y‖²", "2 ((X⁺)ᵀ Xᵀ y - y) yᵀ (X⁺)ᵀ"),
        ("tr(X⁺ X)", "zeros(m, n)"),
    ],
)
def test_it_is_written_as_a_person_would(text: str, want: str) -> None:
    assert derive(text, wrt="S" if "S" in text and "X" not in text else "X", where=WHERE).text == want


@pytest.mark.parametrize(
    "text",
    [
        "λ_max(S) - λ_min(S)", "eigval(S, 2)", "σ_max(X)", "svdval(X, 2)", "nuclear(X)", "schatten(X, 3)", "X⁺ X",
        "(X⁺)ᵀ", "xᵀ A⁺ + bᵀ", "chol(P)⁻¹ b", "sylvester(A, Aᵀ, S)", "sylvester(A, A)", "polar(X)", "halftril(n)",
        "lsvec(X, 2) rsvec(X, 2)ᵀ", "eigvec(S, 2)", "eigvecs(S)",
        "eigvals(A)", "(λ_max(S) I - S)⁺ a", "(σ_max(X)² I - X Xᵀ)⁺", "eigvec_max(S)",
        "L_exp(A, B, 2)", "L_exp(A)", "L_pow(P, 1/3, B)", "L_log(P, B)ᵀ", "(P^(1/2))ᵀ x", "P^(-1/2)", "P^(t + 1)",
    ],
)  # fmt: skip
def test_it_is_read_back_from_each_notation(text: str) -> None:
    found = parse(text, where=WHERE)
    for written, notation in ((found.text, "auto"), (found.ascii, "auto"), (found.latex, "latex")):
        assert parse(written, where=WHERE, notation=notation).expr is found.expr


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("d tr(expm(A))", "tr(expm(A) dA)"),
        ("d expm(A)", "L_exp(A, dA)"),
        ("d tr(logm(A))", "tr(A⁻¹ dA)"),
        ("d sqrtm(A)", "sylvester(A^(1/2), A^(1/2), dA)"),
        ("d λ_max(S)", "eigvec_max(S)ᵀ dS eigvec_max(S)"),
        ("d² λ_max(S)", "2 eigvec_max(S)ᵀ dS (λ_max(S) I - S)⁺ dS eigvec_max(S)"),
        ("d ‖X‖_*", "tr(polar(X)ᵀ dX)"),
    ],
)
def test_differentials_are_those_of_the_textbooks(text: str, want: str) -> None:
    assert parse(text, where=WHERE).text == want


@pytest.mark.parametrize("text", ["t^+", "(x - a)^+", "x⁺"])
def test_a_plus_above_what_is_no_matrix_is_refused_with_the_positive_part(text: str) -> None:
    with pytest.raises(Mistake, match="no pseudoinverse") as raised:
        parse(text, where=WHERE)
    assert "max(0" in raised.value.hint


def test_a_place_has_no_derivative_and_one_that_is_not_there_is_refused() -> None:
    with pytest.raises(Mistake, match="whole number"):
        derive("eigval(S, t)", wrt="t", where=WHERE)
    with pytest.raises(Mistake, match="there is no"):
        parse("λ_4(M)", where="M: R^{3 x 3} symmetric")
