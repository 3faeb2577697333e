"""Derivatives by structured variables: by value along the structure, whatever the spelling, in each convention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mcalc.api import check, derive
from mcalc.calculus.derive import derivative_of
from mcalc.errors import Mistake
from mcalc.expr import Expr, rebuild
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import number, symbol
from mcalc.operators.linear import element
from mcalc.render.text import unicode
from mcalc.steps import Steps
from tests.derivations import replay
from tests.generator import Generator
from tests.properties import usable
from tests.values import STEP, agree, complex_step, random_values, variables

WHERE = "S, T: R^{n x n} symmetric; P: R^{n x n} posdef; a, b, x, y: R^n; A, B: R^{n x n}; X: R^{N x n}; s: R"
COUNT = 90
"""Random functions of a symmetric matrix."""


def values_of_size(n: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng([seed, n])
    values: dict[str, Any] = {name: rng.normal(size=n) for name in "abxy"}
    values |= {name: rng.normal(size=(n, n)) for name in "ABSTP"}
    values |= {name: values[name] + values[name].T for name in "ST"}
    return values | {"P": values["P"] @ values["P"].T + np.eye(n), "X": rng.normal(size=(n + 2, n)), "s": 0.7}


def along_structure(function: Expr, name: str, values: dict[str, Any]) -> Any:
    """The gradient among symmetric matrices, by its definition: entry ij is half the slope along E_ij + E_ji."""
    n = len(values[name])
    columns = []
    for i, j in np.ndindex(n, n):
        moved = np.asarray(values[name], complex)
        moved[i, j] += 0.5j * STEP
        moved[j, i] += 0.5j * STEP
        columns.append(np.imag(evaluate(function, {**values, name: moved})) / STEP)
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, n, n))


def by_entry(function: Expr, name: str, values: dict[str, Any], i: int, j: int) -> Any:
    """The slope where an entry and the one across the diagonal move as one."""
    moved = np.asarray(values[name], complex)
    moved[i, j] += 1j * STEP
    if i != j:
        moved[j, i] += 1j * STEP
    return np.imag(evaluate(function, {**values, name: moved})) / STEP


def random_functions(count: int) -> list[tuple[int, Expr, Expr]]:
    """Random expressions with one of their square matrices made symmetric."""
    found: list[tuple[int, Expr, Expr]] = []
    seed = 0
    while len(found) < count:
        seed += 1
        expr = Generator(seed).of(() if seed % 3 else ("n",), 2 + seed % 2)
        square = [v for v in variables(expr) if v.order == 2 and v.shape[0] is v.shape[1] and not v.args]
        if square:
            free, held = square[0], symbol(square[0].attr[0], square[0].shape, frozenset({"symmetric"}))
            found.append((seed, rebuild(expr, lambda n, a, free=free, held=held: held if n is free else None), held))  # type: ignore[misc]
    return found


@pytest.mark.parametrize(("seed", "function", "matrix"), random_functions(COUNT))
def test_any_function_of_a_symmetric_matrix_has_the_gradient_among_symmetric_ones(
    seed: int, function: Expr, matrix: Expr
) -> None:
    values = random_values(function, np.random.default_rng(seed))
    name = matrix.attr[0]
    try:
        results = {how: derivative_of(function, [matrix], structured=how) for how in ("projected", "free", "ignore")}
        entries = {at: derivative_of(function, [element(matrix, *map(number, at))]) for at in ((1, 2), (1, 1))}
    except Mistake:
        return  # no row that has a derivative; which ones have is held elsewhere
    want = along_structure(function, name, values)
    if not usable(want) or not usable(complex_step(function, matrix, values)):
        return
    assert agree(evaluate(results["projected"], values), want)
    free = 2 * want - want * np.eye(want.shape[-1])
    assert agree(evaluate(results["free"], values), free)
    independent = evaluate(results["ignore"], values)
    assert agree((independent + np.swapaxes(independent, -1, -2)) / 2, want)
    for (i, j), result in entries.items():
        assert agree(evaluate(result, values), by_entry(function, name, values, i - 1, j - 1))
        assert agree(evaluate(result, values), free[..., i - 1, j - 1])


@pytest.mark.parametrize(("seed", "function", "matrix"), random_functions(COUNT)[::3])
def test_derivations_hold_line_by_line(seed: int, function: Expr, matrix: Expr) -> None:
    for variable in (matrix, element(matrix, number(1), number(2))):
        try:
            result = derivative_of(function, [variable])
        except Mistake:
            return
        steps = Steps(function, [variable], result)
        stories = steps.stories
        assert [line for story in stories for line in replay(story.derivation, seed, function)] == []
        assert stories[-1].derivation.result is result
        assert steps[-1].rhs == unicode(result, brief=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a' S b", "b' S a"),
        ("a' S b", "a' S' b"),
        ("tr(A S B S)", "tr(A S' B S)"),
        ("tr(S A)", "tr(A' S)"),
        ("sum(A .* S)", "sum(A' .* S)"),
        ("S_{1,2} S_{2,1}", "S_{1,2}^2"),
        ("S_{2,1} a_1", "S_{1,2} a_1"),
        ("(S x)_1", "x' S_1"),
        ("a' inv(P) b", "b' inv(P') a"),
        ("norm(S x - y)^2", "norm(x' S - y')^2"),
    ],
)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_the_answer_does_not_depend_on_the_spelling(one: str, other: str, n: int) -> None:
    values = values_of_size(n)
    name = "P" if "P" in one else "S"
    for wrt in (name, f"{name}_{{1,2}}", f"{name}_{{2,1}}", f"{name}_{{1,1}}", f"{name}_2"):
        found = [derive(text, wrt=wrt, where=WHERE).evaluate(values) for text in (one, other)]
        assert agree(*found), wrt


@pytest.mark.parametrize(
    ("text", "wrt", "result"),
    [
        ("a' S b", "S", "1/2 (a bᵀ + b aᵀ)"),
        ("tr(A S)", "S", "1/2 (Aᵀ + A)"),
        ("normF(S - A)^2", "S", "2 S - A - Aᵀ"),
        ("log(1 + a' S b)", "S", "(a bᵀ + b aᵀ) / (2 (1 + aᵀ S b))"),
        ("a' inv(P) b", "P", "-1/2 P⁻¹ (a bᵀ + b aᵀ) P⁻¹"),
        ("sum(sigmoid(X S))", "S", "1/2 (Xᵀ C + Cᵀ X) where C = σ(X S) ⊗ (1 - σ(X S))"),
        # what is symmetric already stays as it is
        ("x' S x", "S", "x xᵀ"),
        ("logdet(P)", "P", "P⁻¹"),
        ("tr(S^3)", "S", "3 S²"),
        ("tr(S)^2", "S", "2 tr(S) I"),
        ("0.5 y' inv(P) y + 0.5 logdet(P)", "P", "1/2 (P⁻¹ - P⁻¹ y yᵀ P⁻¹)"),
        # an entry counts its pair
        ("a' S b", "S_{1,2}", "a₁ b₂ + a₂ b₁"),
        ("a' S b", "S_{1,1}", "a₁ b₁"),
        ("S_{1,2} S_{2,1}", "S_{2,1}", "2 S_{1,2}"),
    ],
)
def test_results_are_as_short_as_a_person_writes_them(text: str, wrt: str, result: str) -> None:
    found = derive(text, wrt=wrt, where=WHERE)
    assert found.text == result
    assert found.check().ok


@pytest.mark.parametrize(
    ("text", "wrt"), [("S x", "S"), ("inv(P)", "P"), ("S A S", "S"), ("S x", "S_{1,2}"), ("a' S b S_{1,1}", "S")]
)
def test_jacobians_and_second_derivatives_pass_the_check(text: str, wrt: str) -> None:
    for order in (1, 2) if text.startswith("a'") else (1,):
        assert derive(text, wrt=wrt, where=WHERE, order=order).check().ok


def test_a_jacobian_acts_on_symmetric_directions() -> None:
    assert derive("S x", wrt="S", where=WHERE).direction == "dS ↦ dS x"
    assert derive("inv(P)", wrt="P", where=WHERE).direction == "dP ↦ -P⁻¹ dP P⁻¹"


PAIR, INDEPENDENT = "counts as one variable", "taken as independent"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("∂/∂S (a' S b) = (a b' + b a')/2", ""),
        ("∂/∂S (a' S b) = a b'", INDEPENDENT),
        ("∂/∂S (a' S b) = b a'", INDEPENDENT),
        ("∂/∂S (a' S b) = a b' + b a' - (a b') .* I", PAIR),
        ("∂/∂S (a' S b) = a b' + b a' - diag(a .* b)", PAIR),
        ("∂/∂S tr(A S) = A + A' - A .* I(n)", PAIR),
        ("∂/∂S tr(A S B S) = A' S B' + B' S A'", INDEPENDENT),
        ("∂/∂P logdet(P) = inv(P)", ""),
        ("∂/∂P logdet(P) = 2 inv(P) - diag(diag(inv(P)))", PAIR),
        ("∂/∂S_{1,2} (a' S b) = a_1 b_2 + a_2 b_1", ""),
        ("∂/∂S_{1,2} (a' S b) = a_1 b_2", INDEPENDENT),
        ("1 + ∂/∂S_{1,2} (a' S b) = a_1 b_2 + 1", INDEPENDENT),
        ("∂/∂S (S x) = kron(x', I)", INDEPENDENT),
        ("∂²/∂S² tr(S S) = 2 kron(I(n), I(n))", INDEPENDENT),
    ],
)
def test_each_convention_is_accepted_and_told(claim: str, said: str) -> None:
    found = check(claim, where=WHERE)
    assert found, found.text
    assert said in found.headline
    assert bool(said) is (found.headline.startswith("equal, w")), found.headline


@pytest.mark.parametrize(
    "claim",
    [
        "∂/∂S (a' S b) = a b' + b a'",
        "∂/∂S (a' S b) = 2 a b'",
        "∂/∂S (a' S b) = a b' + x y'",
        "∂/∂P logdet(P) = 2 inv(P)",
        "∂/∂S tr(A S B S) = A S B' + B S A'",
        "∂/∂S_{1,2} (a' S b) = 2 a_1 b_2",
        "∂/∂A (a' A b) = (a b' + b a')/2",
    ],
)
def test_what_holds_in_no_convention_is_wrong(claim: str) -> None:
    assert check(claim, where=WHERE).verdict == "not-equal"


def test_a_derivation_goes_from_independent_entries_to_the_projection() -> None:
    d = derive("a' S b", wrt="S", where=WHERE)
    d.by = "chain"
    told = [str(step) for step in d.steps]
    assert told == ["∂/∂S (aᵀ S b) = a bᵀ", "∂/∂S (aᵀ S b) = 1/2 (a bᵀ + (a bᵀ)ᵀ) = 1/2 (a bᵀ + b aᵀ)"]
    whole = derive("x' S x", wrt="S", where=WHERE)
    whole.by = "chain"
    assert len(whole.steps) == 1
    assert len(derive("S_{1,1}^2", wrt="S_{1,1}", where=WHERE).steps.stories) == 1


@pytest.mark.parametrize(("text", "wrt"), [("a' S b", "S"), ("a' inv(P) b", "P"), ("S x", "S"), ("a' S b", "S_{1,2}")])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_exported_code_has_the_same_values(text: str, wrt: str, n: int) -> None:
    found = derive(text, wrt=wrt, where=WHERE)
    values = values_of_size(n)
    function = found.compile()
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    assert agree(function(*[values[name] for name in names]), found.evaluate(values))
