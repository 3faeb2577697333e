"""Kronecker products in any function: by value, by each argument, and in blocks where pairs of indices are summed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc import derive, parse
from mcalc.numeric.evaluate import evaluate

STEP = 1e-30
WORLD = (
    "X: R^{3 x 4}; B: R^{2 x 5}; G: R^{6 x 20}; S: R^{3 x 3} posdef; T: R^{2 x 2} posdef; Y: R^{2 x 3}; "
    "x: R^3; y: R^2; u: R^6; a: R^6; b: R^20; H: R^{20 x 6}; C: R^{3 x 3}; D: R^{2 x 2}; K: R^{6 x 6}"
)
CASES = [
    ("‖kron(X, B) - G‖²", "X", "2 blockdot(kron(X, B) - G, B)"),
    ("‖kron(X, B) - G‖²", "B", "2 blocksum(kron(X, B) - G, X)"),
    ("tr(H kron(X, B))", "X", "blockdot(Hᵀ, B)"),
    ("tr(H kron(X, B))", "B", "blocksum(Hᵀ, X)"),
    ("tr(K kron(C, I(2)))", "C", "blockdot(Kᵀ, I(2))"),
    ("tr(K kron(I(3), D))", "D", "blocksum(Kᵀ, I(3))"),
    ("a' kron(X, B) b", "X", "unvec(a, 2, 3)ᵀ B unvec(b, 5, 4)"),
    ("a' kron(X, B) b", "B", "unvec(a, 2, 3) X unvec(b, 5, 4)ᵀ"),
    ("u · kron(x, y)", "x", "yᵀ unvec(u, 2, 3)"),
    ("‖kron(x, y) - u‖²", "y", "2 xᵀ unvec(kron(x, y) - u, 2, 3)ᵀ"),
    ("kron(x, y)", "x", "kron(I(3), y)"),
    ("kron(x, y)", "y", "kron(x, I(2))"),
    ("sum(sin(kron(X, B)))", "X", "blockdot(cos(kron(X, B)), B)"),
    ("vec(Y)' inv(kron(S, T)) vec(Y)", "S", "-S⁻¹ Yᵀ T⁻¹ Y S⁻¹"),
    ("vec(Y)' inv(kron(S, T)) vec(Y)", "T", "-T⁻¹ Y S⁻¹ Yᵀ T⁻¹"),
    ("logdet(kron(S, T))", "S", "2 S⁻¹"),
    ("tr(kron(C, D))^2", "C", "2 tr(kron(C, D)) tr(D) I"),
    ("‖kron(X, X)‖²", "X", "4 ‖X‖² X"),
    ("ln(det(kron(C, D) + 9 I))", "C", "blockdot((kron(C, D) + 9 I)⁻ᵀ, D)"),
    ("‖blockdot(G, B)‖²", "G", "2 kron(blockdot(G, B), B)"),
    ("‖blocksum(G, X)‖²", "X", "2 blockdot(G, blocksum(G, X))"),
    ("‖unvec(u, 2, 3) C‖²", "u", "2 vec(unvec(u, 2, 3) C Cᵀ)ᵀ"),
]


def data() -> dict[str, Any]:
    """Return values of the world."""
    rng = np.random.default_rng(6)
    shapes = {"X": (3, 4), "B": (2, 5), "G": (6, 20), "S": (3, 3), "T": (2, 2), "Y": (2, 3), "H": (20, 6), "C": (3, 3)}
    shapes |= {"D": (2, 2), "K": (6, 6)}
    values: dict[str, Any] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    values |= {name: values[name] @ values[name].T + np.eye(len(values[name])) for name in "ST"}
    return values | {name: rng.normal(size=n) for name, n in {"x": 3, "y": 2, "u": 6, "a": 6, "b": 20}.items()}


def by_step(function: Any, name: str, values: dict[str, Any]) -> Any:
    """The derivative by complex step, entry by entry; of a symmetric matrix along both entries of each pair."""
    base = np.asarray(values[name], complex)
    columns = []
    for place in np.ndindex(base.shape):
        moved = base.copy()
        for at in (place, place[::-1]) if name in "ST" else (place,):
            moved[at] += (0.5j if name in "ST" else 1j) * STEP
        columns.append(np.imag(evaluate(function, {**values, name: moved})) / STEP)
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *base.shape))


@pytest.mark.parametrize(("text", "wrt", "want"), CASES)
def test_gradients_through_kronecker_products_are_right_and_in_blocks(text: str, wrt: str, want: str) -> None:
    d = derive(text, wrt=wrt, where=WORLD)
    values = data()
    assert d.text == want
    assert np.allclose(evaluate(d.expr, values), by_step(d.body, wrt, values))
    assert d.check().ok


@pytest.mark.parametrize(("text", "wrt", "want"), [case for case in CASES if case[0][0] not in "kl"][::2])
def test_second_derivatives_through_kronecker_products_pass_the_check(text: str, wrt: str, want: str) -> None:
    assert derive(text, wrt=wrt, where=WORLD, order=2).check().ok


def test_block_products_have_the_values_of_their_blocks() -> None:
    values = data()
    blocks = [[values["G"][2 * i : 2 * i + 2, 5 * j : 5 * j + 5] for j in range(4)] for i in range(3)]
    inner = [[(block * values["B"]).sum() for block in row] for row in blocks]
    total = sum([values["X"][i, j] * blocks[i][j] for i in range(3) for j in range(4)])
    assert np.allclose(parse("blockdot(G, B)", where=WORLD).evaluate(values), inner)
    assert np.allclose(parse("blocksum(G, X)", where=WORLD).evaluate(values), total)
    assert np.allclose(parse("kron(x, y)", where=WORLD).evaluate(values), np.kron(values["x"], values["y"]))


def test_a_kronecker_product_by_its_factor_is_a_map() -> None:
    d = derive("kron(X, B)", wrt="X", where=WORLD)
    assert d.direction == "dX ↦ kron(dX, B)"
    assert d.check().ok


def test_a_size_that_is_a_factor_of_another_is_found_in_reading_and_in_values() -> None:
    """The sum of the diagonal blocks of A + Aᵀ, from sizes that nothing declares: m n and k n are equal if m is k."""
    d = derive(r"\operatorname{tr}\left(A (I_n \otimes F)^\top + (I_n \otimes F) A\right)", wrt="F")
    a = np.random.default_rng(2).normal(size=(6, 6))
    want = sum([(a + a.T)[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] for k in range(3)])
    assert d.text == "blocksum(Aᵀ + A, I(n))"
    assert np.allclose(d.evaluate({"A": a, "F": np.eye(2)}), want)
