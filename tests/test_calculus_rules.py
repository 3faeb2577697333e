"""The table of simplifications: each row holds by value, and what is summed is summed there alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from mcalc import derive
from mcalc.calculus.basics.simplifications import FACE_ALIKE, MERGE_POWERS, RECOGNISE, logged, only
from mcalc.calculus.index_notation.term import is_product
from mcalc.calculus.rules.conditions import UNDER, assume
from mcalc.calculus.rules.equation import IDENTITY, NUMBER, REST, built, read_expressions
from mcalc.calculus.rules.matcher import Rule, _times
from mcalc.calculus.rules.table import TABLE, in_one_product
from mcalc.dims import Dim
from mcalc.expr import make, walk
from mcalc.numeric.evaluate import evaluate
from mcalc.operators import TABLE as OPERATORS
from mcalc.operators.arithmetic import GT
from mcalc.operators.leaves import number, ratio, symbol
from tests.latex_reading import expressions
from tests.reading import reads_back
from tests.terms import alike, said, terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mcalc.expr import Number

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
    square = any([word in rule.text for word in ("inv", "eigvecs", "chol")])
    lengths = [3 if square else SIZES.get(x, 4) for x in longest]
    letters = {name: symbol(name, tuple([Dim.of(length) for length in lengths])) for name in "AZcuz"}
    letters["S"] = symbol("S", (Dim.of(3), Dim.of(3)), frozenset({"symmetric", "posdef"}))
    bound = {**letters, "k": number(2), "n": number(3)}
    if "[c]" in rule.text:
        bound["c"] = make(GT, (letters["c"], number(0)))
    values = {name: rng.standard_normal(lengths) for name in letters}
    root = rng.standard_normal((3, 3))
    values["S"] = np.eye(3) + root @ root.T
    arrays = []
    for factor, own in zip(factors, labels, strict=True):
        exponent = 2 + factor.more if isinstance(factor.exponent, str) else factor.exponent
        if factor.base.kind == IDENTITY:
            array = np.eye(3)
        elif factor.base.kind == NUMBER:
            array = float(factor.base.leaf) * np.ones([3 if square else SIZES.get(x, 4) for x in own])
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


PRODUCTS = [
    ("exp(z)^3 (1+exp(z))^-2", "σ(z)^2 exp(z)"),
    ("sin(u)^5 cos(u)^-2", "tan(u)^2 sin(u)^3"),
    ("sinh(u) cosh(u)^-1 sin(u) cos(u)^-1", "tanh(u) tan(u)"),
    ("ln(exp(u))^3", "u^3"),
    ("sign(u)^3 abs(u)^2", "u^2 sign(u)"),
    ("(1+exp(u)) σ(u)^2", "exp(u) σ(u)"),
    ("(1 - σ(-u)) σ(-u)", "σ(u) (1 - σ(u))"),
    ("max(0, u) (u > 0) t", "u (u > 0) t"),
    ("(x > 0) .* max(0, x)", "max(0, x)"),
    ("(x > 0) .* relu(x)", "relu(x)"),
    ("(u > 0)^3", "u > 0"),
    ("exp(2 ln(u) + a)^2", "u^4 exp(a)^2"),
    ("(C w)^-2 .* (C w)", "(C w)^-1"),
    ("exp(x) .* w ./ sum(exp(x))", "softmax(x) .* w"),
    ("softmax(x) ./ exp(x) .* w", "w ./ sum(exp(x))"),
    ("inv(C) C w", "w"),
    ("w' inv(C)' C' y", "w' y"),
    ("inv(C)^3 C w", "inv(C) inv(C) w"),
    ("inv(C D) C D w", "w"),
    ("C inv(C D) C D w", "C w"),
    ("inv(A' A) A' A x", "x"),
    ("inv(2 A' A) A' A x", "1/2 x"),
    ("x' inv(A' A) A' A", "x'"),
    ("A' A inv(A' A) x", "x"),
    ("tr(inv(A' A) A' A)", "n"),
    ("inv(C D)' D' C' w", "w"),
    ("inv(2 C) C w", "1/2 w"),
    ("tr(inv(C) C)", "n"),
    ("sum(inv(C) .* C')", "n"),
    ("A pinv(A) A w", "A w"),
    ("(a - b) (b - a)", "-(a - b)^2"),
    ("-(a - b) u", "(b - a) u"),
]
"""Products, and what the whole table makes of them."""
LEFT_ALONE = [
    "sin(u) cos(v)^-1", "sin(u) cos(u)", "sin(u)^-1 cos(u)", "sin(u)^(1/2) cos(u)^-1", "(u > 0)^-3", "(u > 0)^t",
    "max(0, u) (v > 0)", "exp(x) .* w ./ sum(exp(y))", "exp(x) ./ sum(exp(x) .* w)", "inv(C) D w", "inv(A' A) x",
    "inv(C)' C w", "diag(inv(C)) .* diag(C)", "inv(C) .* C", "inv(C) .* C'", "inv(C) diag(w) C x", "pinv(A) A w",
    "A' A pinv(A' A)^2",
    "inv(C D) D C w", "inv(C D) .* (C D)", "(C w)^-2 .* (D w)", "u^-2 u", "inv(C + D) C w",
    "inv(A' A) A' diag(A x) A x",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PRODUCTS)
def test_a_product_is_what_the_rules_that_fit_make_of_it_as_often_as_they_do(text: str, wanted: str) -> None:
    found = [in_one_product(term) for term in terms(text)]
    assert alike(found, terms(wanted)), said(found)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_product_that_no_rule_fits_is_the_very_same(text: str) -> None:
    [given] = terms(text)
    with logged() as log:
        assert in_one_product(given) is given
    assert not log.applied


def test_a_rule_that_is_not_enabled_is_not_applied_and_one_that_is_is_noted() -> None:
    [given] = terms("sin(u) cos(u)^-1 (a - b) (b - a)")
    for rule, wanted in ((RECOGNISE, "tan(u) (a - b) (b - a)"), (FACE_ALIKE, "-sin(u) cos(u)^-1 (a - b)^2")):
        with only([rule, MERGE_POWERS]), logged() as log:
            assert alike([in_one_product(given)], terms(wanted))
        assert rule in log.applied


@pytest.mark.parametrize("rule", [rule for rule in TABLE if isinstance(rule, Rule)], ids=str)
def test_what_the_text_of_a_rule_excludes_is_no_operator_that_it_begins_with(rule: Rule) -> None:
    found = {op for op in OPERATORS.values() if rule.may_begin_with(op)}
    begins = rule.begins or (lambda op: op in rule.operators or not rule.operators)
    assert found == {op for op in OPERATORS.values() if begins(op)}


def test_a_rule_of_products_begins_with_all_that_may_be_one() -> None:
    [rule] = [rule for rule in TABLE if isinstance(rule, Rule) and rule.begins is not None]
    products = [node for seed in range(90) for expr in expressions(seed) for node in walk(expr) if is_product(node)]
    assert len({node.op for node in products}) > 9
    assert all(rule.may_begin_with(node.op) for node in products)


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


def test_a_factor_stands_in_a_power_as_often_as_its_exponent_goes_into_it() -> None:
    powers: list[tuple[int, Number]] = [
        (-2, -5),
        (2, 5),
        (2, 1),
        (-2, 5),
        (2, -5),
        (3, 3),
        (1, 4),
        (-1, -1),
        (2, 0),
        (-1, 0),
        (2, ratio(5, 2)),
    ]
    assert [_times(exponent, power) for exponent, power in powers] == [2, 2, 0, 0, 0, 1, 4, 1, 0, 0, 0]
