"""Derivatives of three and four axes: as a matrix between vecs, and along a direction, by value."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.calculus.derive import derivative_of
from mcalc.calculus.other_forms import along_direction, between_vecs
from mcalc.errors import Mistake
from mcalc.numeric.evaluate import evaluate
from tests.generator import Generator
from tests.values import agree, random_values, variables

COUNT = 300
"""Random derivatives checked; at least a third of them have a form between vecs."""
SHAPES = "A: R^{m x n}; X: R^{n x p}; B: R^{p x k}; w: R^p; S: R^{n x n}; V: R^{k x p}; Y: R^{n x k}"
FORMS = [
    ("A X B", "X", 1, "dX ↦ A dX B", "kron(Bᵀ, A)"),
    ("X'", "X", 1, "dX ↦ dXᵀ", "commutation(n, p)"),
    ("sin(X)", "X", 1, "dX ↦ cos(X) ⊗ dX", "diag(vec(cos(X)))"),
    ("X w", "X", 1, "dX ↦ dX w", "kron(wᵀ, I(n))"),
    ("w w'", "w", 1, "dw ↦ dw wᵀ + w dwᵀ", "kron(w, I(p)) + kron(I(p), w)"),
    ("inv(S)", "S", 1, "dS ↦ -S⁻¹ dS S⁻¹", "-kron(S⁻ᵀ, S⁻¹)"),
    ("logdet(S)", "S", 2, "dS ↦ -S⁻ᵀ dSᵀ S⁻ᵀ", "-kron(S⁻¹, S⁻ᵀ) commutation(n, n)"),
    ("normF(X V' - Y)^2", "X", 2, "dX ↦ 2 dX Vᵀ V", "2 kron(Vᵀ V, I(n))"),
    ("tr(S X) X", "X", 1, None, None),
    ("sum(exp(A X))", "X", 2, "dX ↦ Aᵀ (exp(A X) ⊗ (A dX))", None),
]


@pytest.mark.parametrize(("expr", "wrt", "order", "direction", "vec"), FORMS)
def test_tensor_has_the_forms_a_person_writes(
    expr: str, wrt: str, order: int, direction: str | None, vec: str | None
) -> None:
    if direction is None:
        with pytest.raises(Mistake):
            derive(expr, wrt=wrt, where=SHAPES, order=order)
        return
    found = derive(expr, wrt=wrt, where=SHAPES, order=order)
    assert (found.direction, found.vec) == (direction, vec)
    record = found.record()
    assert (record["direction"], record["vec"]) == (direction, vec)


def test_a_matrix_has_no_other_forms() -> None:
    found = derive("X w", wrt="w", where=SHAPES)
    assert found.vec is None
    assert found.direction is None
    assert "vec" not in found.record()


def test_random_tensors_have_the_value_of_their_other_forms() -> None:
    wrong: list[str] = []
    done = with_vec = seed = 0
    while done < COUNT:
        seed += 1
        generator = Generator(seed)
        expr = generator.expression(2)
        choices = [v for v in variables(expr) if expr.order + v.order in (3, 4)]
        if not choices or expr.order not in (1, 2):
            continue
        variable = generator.random.choice(choices)
        result = derivative_of(expr, [variable])
        values = random_values(expr, np.random.default_rng(seed))
        tensor = np.asarray(evaluate(result, values, [variable]))
        if not np.all(np.isfinite(tensor)) or np.max(np.abs(tensor)) > 1e8:
            continue
        done += 1
        direction, applied = along_direction(result, expr.order, variable)
        given = np.random.default_rng(1).normal(size=tensor.shape[expr.order :])
        want = np.tensordot(tensor, given, axes=variable.order)
        if not agree(evaluate(applied, {**values, direction.attr[0]: given}, [variable]), want):
            wrong.append(f"seed {seed}, along a direction")
        matrix = between_vecs(result, expr.order)
        if matrix is not None:
            with_vec += 1
            rows = int(np.prod(tensor.shape[: expr.order]))
            if not agree(evaluate(matrix, values, [variable]), np.reshape(tensor, (rows, -1), order="F")):
                wrong.append(f"seed {seed}, between vecs")
    assert wrong == []
    assert with_vec >= COUNT // 3
