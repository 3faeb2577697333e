"""A product beside its inverse or its power: numbers stay exact."""

from __future__ import annotations

import pytest

from mcalc import derive
from mcalc.expr import walk
from tests.reading import reads_back

CASES = [
    ("det((inv(tanh(A) + 7 I) y) x^T)", "A"),
    ("det(3 inv(A + I) y x^T)", "A"),
    ("det(outer(x, x))^2", "x"),
    ("log(det(2 x x^T + A)) + tr((3 A B)^-1 A)", "A"),
    ("tr(inv(3 A^T A) A^T A B)", "A"),
]


@pytest.mark.parametrize(("text", "wrt"), CASES)
@pytest.mark.parametrize("order", [1, 2])
def test_exact_numbers_stay_exact(text: str, wrt: str, order: int) -> None:
    found = derive(text, wrt=wrt, where="A, B: R^{n x n}; x, y: R^n", order=order)
    assert not [node for node in walk(found.expr) if node.op.name == "number" and type(node.attr) is float]
    assert not reads_back(found.expr)
