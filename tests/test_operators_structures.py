"""Structures of variables: gradients by value along a basis of the directions in which a variable may move.

What each says of a matrix and of its gradient is in golden/structures.txt; `MCALC_GOLDEN=write` writes it anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc.api import check, derive, parse
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.leaves import symbol
from mcalc.operators.structures import CONSTANTS, STRUCTURES, applied, structure_of
from mcalc.render.text import unicode
from tests.conftest import Mcalc
from tests.said import said_in, write

GOLDEN = Path(__file__).parent / "golden" / "structures.txt"
STEP = 1e-30
Basis = Callable[[Any], list[Any]]


def one(n: int, *entries: tuple[int, int, float]) -> Any:
    """Return a matrix with a few entries, of length 1."""
    found = np.zeros((n, n))
    for i, j, value in entries:
        found[i, j] = value
    return found / np.linalg.norm(found)


def along_the_manifold(x: Any) -> list[Any]:
    """Directions X Ω and X⊥ K, orthonormal, in which a matrix of orthonormal columns may move."""
    n, k = x.shape
    beside = np.linalg.svd(x)[0][:, k:]
    turns = [x @ one(k, (i, j, 1), (j, i, -1)) for i in range(k) for j in range(i)]
    return turns + [np.outer(beside[:, a], np.eye(k)[b]) for a in range(n - k) for b in range(k)]


def in_the_plane(p: Any) -> list[Any]:
    """An orthonormal basis of the directions whose entries add up to 0."""
    n = len(p)
    return list(np.linalg.svd(np.ones((1, n)))[2][1:])


BASES: dict[str, Basis] = {
    "symmetric": lambda x: [one(len(x), (i, j, 1), (j, i, 1)) for i in range(len(x)) for j in range(i + 1)],
    "skew": lambda x: [one(len(x), (i, j, 1), (j, i, -1)) for i in range(len(x)) for j in range(i)],
    "diagonal": lambda x: [one(len(x), (i, i, 1)) for i in range(len(x))],
    "lower": lambda x: [one(len(x), (i, j, 1)) for i in range(len(x)) for j in range(i + 1)],
    "upper": lambda x: [one(len(x), (j, i, 1)) for i in range(len(x)) for j in range(i + 1)],
    "toeplitz": lambda x: [np.eye(len(x), k=k) / (len(x) - abs(k)) ** 0.5 for k in range(1 - len(x), len(x))],
    "orthogonal": along_the_manifold,
    "stiefel": along_the_manifold,
    "simplex": in_the_plane,
}
TEXTS = {
    "tr(A X B X')": "matrix",
    "‖X - C‖^2": "any",
    "sum(sin(X .* C))": "any",
    "a' X b + (a' X b)^2": "matrix",
    "ln(1 + ‖X b‖^2)": "matrix",
    "logdet(X + 4 I)": "square",
    "tr(X^3)": "square",
    "a' inv(X + 4 I) a": "square",
    "ln(9 + c' X + ‖X‖^2)": "vector",
    "c' exp(X)": "vector",
}


def where(name: str, text: str) -> str:
    """Return the declarations of a text with a variable X of a structure."""
    if name == "simplex":
        return "X: R^n simplex; c, C: R^n"
    columns = "k" if name == "stiefel" else "n"
    shapes = {"A": "{n x n}", "B": f"{{{columns} x {columns}}}", "C": f"{{n x {columns}}}", "a": "n", "b": columns}
    return "; ".join([f"X: R^{{n x {columns}}} {name}", *[f"{one}: R^{shape}" for one, shape in shapes.items()]])


def data(name: str, n: int, seed: int) -> dict[str, Any]:
    """Return values of the structure."""
    rng = np.random.default_rng([seed, n])
    k = max(n - 2, 1) if name == "stiefel" else n
    x = rng.normal(size=(n,)) if name == "simplex" else rng.normal(size=(n, k))
    values = {"X": STRUCTURES[name].fit(np, x), "A": rng.normal(size=(n, n)), "B": rng.normal(size=(k, k)), "n": n}
    values |= {"C": rng.normal(size=x.shape), "a": rng.normal(size=n), "b": rng.normal(size=k), "c": rng.normal(size=n)}
    return values | ({"k": k} if name == "stiefel" else {})


def fits(name: str, kind: str) -> bool:
    """Say whether a text is of matrices, vectors or square matrices as the structure is."""
    if name == "simplex":
        return kind in ("vector", "any")
    return kind != "vector" and (kind != "square" or name != "stiefel")


CASES = [(name, text) for name in BASES for text, kind in TEXTS.items() if fits(name, kind)]


@pytest.mark.parametrize(("name", "text"), CASES)
def test_the_gradient_is_the_one_among_the_directions_of_the_structure(name: str, text: str) -> None:
    d = derive(text, wrt="X", where=where(name, text))
    for n in (1, 2, 3, 4):
        values = data(name, n, 3)
        want = np.zeros(values["X"].shape)
        for way in BASES[name](values["X"]):
            moved = {**values, "X": values["X"] + 1j * STEP * way}
            want = want + np.imag(evaluate(d.body, moved)) / STEP * way
        assert np.allclose(evaluate(d.expr, values), want, atol=1e-9, rtol=1e-9)
    assert d.check().ok


@pytest.mark.parametrize(("name", "text"), [case for case in CASES if case[0] not in ("orthogonal", "stiefel")][::2])
def test_second_derivatives_pass_the_check(name: str, text: str) -> None:
    assert derive(text, wrt="X", where=where(name, text), order=2).check().ok


@pytest.mark.parametrize("name", [name for name in BASES if STRUCTURES[name].free])
def test_by_free_entries_each_counts_once_and_ignored_they_are_independent(name: str) -> None:
    text, at = "tr(A X B X') + a' X b", data(name, 4, 5)
    full = derive(text, wrt="X", where=where(name, text), structured="ignore").evaluate(at)
    projected = derive(text, wrt="X", where=where(name, text)).evaluate(at)
    free = derive(text, wrt="X", where=where(name, text), structured="free").evaluate(at)
    independent = at["A"].T @ at["X"] @ at["B"].T + at["A"] @ at["X"] @ at["B"] + np.outer(at["a"], at["b"])
    if name not in ("symmetric", "diagonal"):  # in which X' is X
        assert np.allclose(full, independent)
    for way in BASES[name](at["X"]):
        unit = way / np.abs(way).max()  # one free entry moves by 1
        slope = (independent * unit).sum()
        place = np.unravel_index(np.abs(unit).argmax(), unit.shape)
        assert np.isclose(free[place], slope * unit[place])
        assert np.isclose((projected * unit).sum(), slope)


@pytest.mark.parametrize(
    ("claim", "declared", "said"),
    [
        ("∂/∂L tr(A L) = tril(A')", "L: R^{n x n} lower", ""),
        ("∂/∂L tr(A L) = A'", "L: R^{n x n} lower", "independent"),
        ("∂/∂L tr(A L) = (A' - A)/2", "L: R^{n x n} skew", ""),
        ("∂/∂L tr(A L) = A' - A", "L: R^{n x n} skew", "counts as one"),
        ("∂/∂L tr(A L) = diag(diag(A))", "L: R^{n x n} diagonal", ""),
        ("∂/∂L tr(A L) = diagmean(A')", "L: R^{n x n} toeplitz", ""),
        ("∂/∂L tr(A L) = diagsum(A')", "L: R^{n x n} toeplitz", "each diagonal of L counts as one"),
        ("∂/∂L tr(A L) = (A' - L A L)/2", "L: R^{n x n} orthogonal", ""),
        ("∂/∂L tr(A L) = A'", "L: R^{n x n} orthogonal", "independent"),
        ("∂/∂L (a' L) = (a - mean(a))'", "L: R^n simplex", ""),
        ("∂/∂L (a' L) = a'", "L: R^n simplex", "independent"),
    ],
)
def test_a_check_accepts_each_convention_and_says_which(claim: str, declared: str, said: str) -> None:
    found = check(claim, where=f"{declared}; A: R^{{n x n}}; a: R^n")
    assert found, found.text
    assert said in found.headline


def test_entries_of_a_structure_count_all_that_moves_with_them() -> None:
    world = "X: R^{n x n} skew; a, b: R^n"
    assert derive("a' X b", wrt="X_{1,2}", where=world).text == "a₁ b₂ - a₂ b₁"
    assert derive("a' X b", wrt="X_{2,1}", where=world.replace("skew", "lower")).text == "a₂ b₁"
    assert derive("a' X b", wrt="X_12", where="X: R^{3 x 3} symmetric; a, b: R^3").text == "a₁ b₂ + a₂ b₁"
    with pytest.raises(Mistake, match="moves alone"):
        derive("a' X b", wrt="X_{1,2}", where=world.replace("skew", "orthogonal"))


def test_what_a_structure_cannot_be_is_refused(mcalc: Mcalc) -> None:
    for text in (
        "X: R^{m x n} lower",
        "X: R^n skew",
        "X: R^{n x n} simplex",
        "x: R^n stiefel",
        "X: R^{n x n} lower upper",
    ):
        with pytest.raises(Mistake):
            parse("1 + 1", where=text)
    with pytest.raises(Mistake, match="second derivative"):
        derive("tr(A X)", wrt="X", where="A: R^{n x n}; X: R^{n x n} orthogonal", order=2)
    done = mcalc("eval", "sum(X)", "--where", "X: R^{2 x 2} lower", "--set", "X=[1 1; 1 1]")
    assert done.code == 1
    assert "X is declared lower triangular" in done.err
    with pytest.raises(Mistake, match="no convention"):
        derive("tr(X)", wrt="X", structured="all")


def test_results_are_as_a_person_writes_them() -> None:
    world = "L: R^{n x n} lower; A: R^{n x n} symmetric; B: R^{n x n}"
    assert derive("‖L L' - A‖²", wrt="L", where=world).text == "4 tril((L Lᵀ - A) L)"
    assert derive("tr(B X)", wrt="X", where="X: R^{n x n} skew; B: R^{n x n}").text == "1/2 (Bᵀ - B)"
    assert derive("tr(B X)", wrt="X", where="X: R^{n x n} diagonal; B: R^{n x n}").text == "diag(diag(B))"
    assert derive("‖X - B‖²", wrt="X", where="X: R^{n x n} toeplitz; B: R^{n x n}").text == "2 diagmean(X - B)"
    found = derive("tr(Q' A Q B)", wrt="Q", where="Q: R^{n x n} orthogonal; A, B: R^{n x n} symmetric")
    assert found.text == "A Q B - Q B Qᵀ A Q"
    assert structure_of(found.variables[0]) is STRUCTURES["orthogonal"]


def entries(array: Any) -> str:
    return " ".join([f"{entry + 0.0:.4g}" for entry in np.ravel(array)])


def told(name: str) -> list[str]:
    """Return the lines of golden/structures.txt on a structure: its rules in words and by value, and what fits it."""
    structure = STRUCTURES[name]
    count = (Dim.named("n"),) * (1 if name == "simplex" else 2)
    given = np.linspace(0.2, 1.7, 3 ** len(count)).reshape((3,) * len(count)) ** 2
    gradient = symbol("G", count)
    at = structure.fit(np, np.cos(given * 7))
    rules = {"projected": structure.projected, "free": structure.free, "of an entry": structure.rule("", of_entry=True)}
    of = {rule: applied(of, given, at, lambda one: evaluate(one, {"n": 3}), count, np) for rule, of in rules.items()}
    wraps = [wrap and unicode(wrap(gradient)) for wrap in (structure.wrap, structure.wrap_free)]
    words = (structure.name, structure.said, structure.projection, structure.by_free, structure.free_words)
    return [
        " | ".join([*words, structure.of_entry, *[str(wrap) for wrap in wraps], str(structure.moves)]),
        f"fitted: {entries(structure.fit(np, given))}",
        *[f"{rule}: {entries(found)}" for rule, found in of.items()],
        f"holds: {structure.holds(gradient)} {structure.holds(symbol('G', count, frozenset({'symmetric'})))}",
    ]


if os.environ.get("MCALC_GOLDEN") == "write":
    head = "# Each structure of variables: its words, what it makes of a matrix, and of a gradient at a variable."
    write(GOLDEN, head, {name: told(name) for name in STRUCTURES})


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_structure_says_of_a_gradient_what_it_did(name: str) -> None:
    assert told(name) == said_in(GOLDEN)[name]


def test_the_constants_of_the_rules_are_what_they_were() -> None:
    shape = (Dim.named("n"),) * 2
    assert [f"{name}: {unicode(made(shape))}" for name, made in CONSTANTS.items()] == [
        "I: I", "L: tril(ones(n, n))", "U: triu(ones(n, n))", "D: diagonals(n)",
        "w: 1⃗ ⊘ [Σ_{p,q} (diagonals(n))_ipq]_{i}", "o: ones(n, n)", "m: 1/n",
    ]  # fmt: skip
