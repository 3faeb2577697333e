"""Derivatives of three and four axes: as a matrix between vecs and along a direction, read back and by value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc.api import derive, scope_of
from mcalc.derivative import Derivative
from mcalc.notation import read_expression
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import symbol
from tests.problems import SIZES
from tests.values import agree

# where | expression | variables, the first one first | "vec" where there must be such a form
PROBLEMS = """
A: R^{m x n}; x: R^n | A x | A | vec
A: R^{m x n}; x: R^m | A' x | A | vec
A: R^{m x n}; B: R^{n x k} | A B | A | vec
A: R^{m x n}; B: R^{n x k} | A B | B | vec
X: R^{n x p}; A: R^{m x n}; B: R^{p x k} | A X B | X | vec
X: R^{m x n}; A: R^{n x k}; B: R^{p x m} | X' B' | X | vec
X: R^{m x n}; A: R^{m x k}; B: R^{n x p} | A' X B | X | vec
X: R^{m x n} | X' | X | vec
X: R^{m x n} | X | X | vec
X: R^{m x n} | X' X | X | vec
X: R^{m x n} | X X' | X | vec
X: R^{m x n}; B: R^{n x n} | X B X' | X | vec
X: R^{m x n}; B: R^{m x m} symmetric | X' B X | X | vec
X: R^{n x n} | X^2 | X | vec
X: R^{n x n} | X^3 | X | vec
X: R^{n x n} | inv(X) | X | vec
X: R^{n x n} posdef | inv(X) | X | vec
X: R^{n x n}; A, B: R^{n x n} | A inv(X) B | X | vec
X: R^{n x n} | inv(X)' | X | vec
X: R^{n x n}; B: R^{n x k} | inv(X) B | X | vec
X: R^{n x n}; b: R^n | inv(X) b | X | vec
X: R^{n x n}; b: R^n | X' X b | X | vec
X: R^{m x n} | sin(X) | X | vec
X: R^{m x n}; A: R^{m x n} | A .* X | X | vec
X: R^{m x n}; A: R^{k x m} | exp(A X) | X |
X: R^{m x n}; w: R^n | tanh(X w) | X | vec
X: R^{m x n}; w: R^n | softmax(X w) | X | vec
X: R^{m x n}; w: R^m | diag(w) X | X | vec
X: R^{m x n}; w: R^m | diag(w) X | w |
x: R^n | x x' | x | vec
x: R^n; y: R^m | x y' | x | vec
x: R^n; y: R^m | y x' | x | vec
x: R^n; A: R^{m x n} | A diag(x) | x |
x: R^n; A: R^{n x n} | A + x x' | x | vec
x: R^n; A: R^{n x n} | (x' x) A | x | vec
x: R^n; A: R^{n x n} | diag(x) A diag(x) | x |
X: R^{n x n} | tr(X) X | X | vec
X: R^{n x n} | det(X) X | X | vec
X: R^{m x n}; s: R | X/normF(X) | X | vec
X: R^{n x n} | det(X) | X X | vec
X: R^{n x n} | logdet(X) | X X | vec
X: R^{n x n} posdef | logdet(X) | X X | vec
X: R^{n x n} | tr(X^3) | X X | vec
X: R^{n x n}; A: R^{n x n} | tr(A inv(X)) | X X | vec
X: R^{m x n} | normF(X)^2 | X X | vec
X: R^{m x n} | normF(X) | X X | vec
X: R^{m x n} | normF(X' X)^2 | X X | vec
X: R^{m x n}; A: R^{m x m} | tr(X' A X) | X X | vec
X: R^{m x n}; A: R^{m x m}; B: R^{n x n} | tr(X' A X B) | X X | vec
X: R^{m x n}; a: R^m; b: R^n | sin(a' X b) | X X | vec
X: R^{m x n}; a: R^m; b: R^n | exp(a' X b) | X X | vec
X: R^{m x n}; b: R^n | b' X' X b | X X | vec
X: R^{m x n}; b: R^n | norm(X b) | X X | vec
X: R^{m x n} | sum(exp(X)) | X X | vec
X: R^{m x n} | sum(X.^4) | X X | vec
X: R^{m x n} | sum(X)^3 | X X | vec
X: R^{m x n} | log(sum(exp(X))) | X X | vec
X: R^{m x n}; A: R^{k x m}; C: R^{k x n} | normF(A X - C)^2 | X X | vec
X: R^{m x n}; A: R^{k x m}; B: R^{n x p}; C: R^{k x p} | normF(A X B - C)^2 | X X | vec
T: R^{m x n}; U: R^{m x k}; V: R^{n x k} | normF(T - U V')^2 | U V |
T: R^{m x n}; U: R^{m x k}; V: R^{n x k} | normF(T - U V')^2 | U U | vec
X: R^{N x n}; W: R^{n x k}; Y: R^{N x k} | normF(X W - Y)^2 | W W | vec
x: R^n; W: R^{k x n}; y: R^k | logsumexp(W x) - y . (W x) | W W | vec
x: R^n; W: R^{k x n}; y: R^k | logsumexp(W x) - y . (W x) | W x |
A: R^{m x n}; x: R^n; y: R^m | y' A x | x A | vec
A: R^{m x n}; x: R^n; y: R^m | norm(A x - y)^2 | x A |
A: R^{m x n}; x: R^n; y: R^m | norm(A x - y)^2 | A x |
A: R^{m x n}; x: R^n; y: R^m | norm(A x - y)^2 | A A | vec
x: R^n; A: R^{n x n} | x' A x | A x | vec
x: R^m; A: R^{n x n}; B: R^{n x n} | kron(x, A B) | A |
A: R^{m x n}; B: R^{p x k} | kron(A, B) | A |
A: R^{m x n}; B: R^{n x k} | vec(A B) | A | vec
A: R^{m x n}; B: R^{n x k} | vec(A B) | B | vec
A: R^{m x n} | vec(A') | A | vec
A: R^{n x n} | vec(inv(A)) | A | vec
A: R^{m x n}; B: R^{p x k} | kron(B, A) | A |
X: R^{m x n} | tr(inv(X' X)) | X X | vec
X: R^{m x n}; y: R^m | norm(y - X inv(X' X) X' y)^2 | X X | vec
X: R^{m x n}; y: R^m; s: R | y' inv(X X' + s I) y | X X | vec
A: R^{m x n}; x: R^n | A x/norm(A x) | x x | vec
X: R^{n x n}; A, B: R^{m x n} | sum((A X) .* (B X)) | X X | vec
X: R^{m x n}; A: R^{n x n}; B: R^{m x m} | vec(X)' kron(A, B) vec(X) | X X | vec
X: R^{N x n}; A: R^{n x n} | sum_{i=1}^{N} norm(x_i - A x_i)^2 | A A | vec
x: R^n | norm(x) x | x x | vec
X: R^{m x n} | softmax(X) | X |
X: R^{m x n} | sum(X, rows) | X |
X: R^{m x n} | logsumexp(X) | X |
t: R; X: R^{n x n} | inv(X + t I) | t X |
"""


def rows() -> list[tuple[str, str, list[str], bool]]:
    found = []
    for line in PROBLEMS.strip().splitlines():
        where, expr, wrt, vec = [cell.strip() for cell in f"{line} ".split(" |")]
        found.append((where, expr, wrt.split(), bool(vec)))
    return found


def derived(where: str, expr: str, wrt: list[str]) -> Derivative:
    if len(set(wrt)) == 1:
        return derive(expr, wrt=wrt[0], where=where, order=len(wrt))
    return derive(" ".join([f"d/d{name}" for name in reversed(wrt)]) + f" ({expr})", where=where)


def drawn(shape: Any, properties: Any, rng: np.random.Generator) -> Any:
    value = rng.normal(size=[dim.value or SIZES[str(dim)] for dim in shape])
    if len(shape) == 2 and shape[0] is shape[1]:
        value = value + 4 * np.eye(len(value))
        value = value @ value.T if properties & {"symmetric", "posdef"} else value
    return value


@pytest.mark.parametrize(("where", "expr", "wrt", "vec"), rows(), ids=str)
def test_forms_of_a_tensor_agree(where: str, expr: str, wrt: list[str], vec: bool) -> None:
    found = derived(where, expr, wrt)
    scope = scope_of(where)
    rng = np.random.default_rng(3)
    values: dict[str, Any] = dict(SIZES)
    for name, variable in scope.variables.items():
        values[name] = drawn(variable.shape, variable.attr[2], rng)
    tensor = np.asarray(found.evaluate(values))
    last = scope.variables[wrt[-1]]
    if tensor.ndim < 3:
        assert found.vec is None
        assert found.direction is None
        return
    of = tensor.ndim - last.order
    assert found.direction is not None
    letter, _, applied = found.direction.partition(" ↦ ")
    direction = rng.normal(size=np.shape(values[wrt[-1]]))
    properties = last.attr[2] & {"symmetric"}
    direction = direction + direction.T if properties else direction
    inner = scope.copy()
    inner.variables[letter] = symbol(letter, last.shape, properties)
    applied_expr = read_expression(applied, inner, shape=found.expr.shape[:of]).expr
    assert applied_expr is not None
    want = np.tensordot(tensor, direction, last.order)
    assert agree(evaluate(applied_expr, {**values, letter: direction}), want)
    assert "]_{" not in applied, "the form along a direction is one of matrices"
    if vec:
        assert found.vec is not None
        assert "]_{" not in found.vec
    if found.vec is not None:
        matrix = read_expression(found.vec, scope).expr
        assert matrix is not None
        shape = (int(np.prod(tensor.shape[:of])), int(np.prod(tensor.shape[of:])))
        assert agree(evaluate(matrix, values), tensor.reshape(shape, order="F"))
