"""The table of simplifications: each row holds by value, and what is summed is summed there alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from mcalc import derive
from mcalc.calculus.rules.conditions import UNDER, assume
from mcalc.calculus.rules.equation import IDENTITY, NUMBER, REST, built, read_expressions
from mcalc.calculus.rules.matcher import Rule
from mcalc.calculus.rules.table import TABLE
from mcalc.expr import Dim, make, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import GT
from mcalc.operators.leaves import number, symbol
from tests.reading import reads_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


def test_a_label_that_stands_twice_is_no_chain_of_matrices() -> None:
    """Σ_q A_iq B_qq C_qk is no A B C, whose inverse stands beside it."""
    text, where = "tr(M inv(A B C) A diag(diag(B)) C)", "M: R^{m x m}; A: R^{m x n}; B: R^{n x n}; C: R^{n x m}"
    d = derive(text, wrt="M", where=where)
    assert d.text == "Cᵀ diag(diag(B)) Aᵀ (A B C)⁻ᵀ"
    assert d.check()


SIZES = {"i": 3, "j": 4, "k": 2, "a": 5}
ROWS = [rule for rule in TABLE if isinstance(rule, Rule)]


def value(rule: Rule, side: int, order: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return one side of a rule, with random numbers for its letters, of `order` axes where that is left open."""
    factors = rule.sides[side]
    spelled = {REST: "ab"[: order - max([len((f.labels or "").strip(REST)) for s in rule.sides for f in s])]}
    labels = ["".join([spelled.get(x, x) for x in (REST if f.labels is None else f.labels)]) for f in factors]
    longest = max(["".join([spelled.get(x, x) for x in f.labels or REST]) for f in rule.sides[0]], key=len)
    square = "inv" in rule.text
    lengths = [3 if square else SIZES.get(x, 4) for x in longest]
    letters = {name: symbol(name, tuple([Dim.of(length) for length in lengths])) for name in "AZcuz"}
    bound = {**letters, "k": number(2)}
    if "[c]" in rule.text:
        bound["c"] = make(GT, (letters["c"], number(0)))
    values = {name: rng.standard_normal(lengths) for name in letters}
    arrays = []
    for factor, own in zip(factors, labels, strict=True):
        exponent = 2 + factor.more if isinstance(factor.exponent, str) else factor.exponent
        if factor.base.kind == IDENTITY:
            array = np.eye(3)
        elif factor.base.kind == NUMBER:
            array = np.ones([3 if square else SIZES.get(x, 4) for x in own])
        else:
            array = np.asarray(evaluate(built(factor.base, bound), values), dtype=float)
        arrays.append(array**exponent)
    out = "".join(sorted({x for f in rule.sides[1] for x in f.labels or REST if x != REST}))
    everywhere = spelled[REST] if REST in "".join([f.labels if f.labels is not None else REST for f in factors]) else ""
    found: NDArray[np.float64] = np.einsum(f"{','.join(labels)}->{everywhere}{out}", *arrays)
    return found


@pytest.mark.parametrize("rule", ROWS, ids=[f"{rule.text} {list(rule.heads or {})}" for rule in ROWS])
def test_each_row_of_the_table_holds_by_value(rule: Rule) -> None:
    given = max([len(factor.labels or "") for factor in rule.sides[0]])
    for order in (1, 2) if REST in rule.text or not given else (given,):
        for seed in range(3):
            left, right = [value(rule, side, order, np.random.default_rng(seed)) for side in (0, 1)]
            assert left.shape == right.shape
            assert np.allclose(left, right, rtol=1e-9)


GRANTED = [
    (op.name, text, said) for op, found in UNDER.items() for text, conditions in found.items() for said in conditions
]


@pytest.mark.parametrize(("name", "text", "said"), GRANTED)
def test_each_row_holds_where_its_condition_does(name: str, text: str, said: str) -> None:
    (left, right), [condition] = read_expressions(text), read_expressions(said)
    letters = {letter: symbol(letter) for letter in "abu"}
    assert assume(built(left, letters), [built(condition, letters)]) is built(right, letters)
    rng = np.random.default_rng(1)
    seen = 0
    for values in [dict(zip("abu", rng.integers(-2, 3, 3).astype(float), strict=True)) for _ in range(200)]:
        if evaluate(built(condition, letters), values):
            assert evaluate(built(left, letters), values) == evaluate(built(right, letters), values)
            seen += 1
    assert seen > 20
