"""Every index and name that mcalc makes up is free: what is printed says the same wherever it is read."""

from __future__ import annotations

import numpy as np
import pytest

import mcalc
from mcalc.calculus.basics.running_indices import told_apart
from mcalc.dims import Dim
from mcalc.expr import make, walk
from mcalc.fresh import RUNNING, free_base, free_names, names_in
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.leaves import index, number, size, symbol
from mcalc.operators.linear import PRODUCT, SIGMA, element
from mcalc.operators.matrix import MEAN
from tests.latex_reading import expressions
from tests.latex_reading import reads_back as reads_back_in_latex
from tests.reading import SIZE_NAMES, reads_back, under_other_names
from tests.values import agree, random_values, variables

SIZES = {"n": 3, "m": 2, "k": 4, "N": 2, "i": 5, "j": 2}
CLASHES = [
    ("prod_{j=1}^m (y_j + mean(z))", "y", "y: R^m; z: R^k"),  # k divides
    ("sum_{k=1}^m (y_k - mean(z))^2", "y", "y: R^m; z: R^k"),
    ("prod(i x)", "x", "i: R; x: R^n"),
    ("prod(j x) i", "x", "i, j: R; x: R^n"),
    ("prod(x)", "x", "x: R^n; x_i: R; x_j: R"),  # x_i is a variable, and so no entry
    ("x_i prod(x) x_k", "x", "x: R^n; x_i, x_k: R"),
    ("mean(x) mean(y) prod(x)", "x", "x: R^i; y: R^j"),
    ("sum_i (x_i·w)^2 norm(sum_i (x_i·w)^2 w + z z_1)", "w", "X: R^{N x n}; w, z: R^n; z_1: R"),
    ("norm(A - i x x')^2", "A", "A: R^{n x n}; x: R^n; i: R"),
    ("sum_k tr(A_k A_k') mean(z)", "A", "A: R^{n x m}; z: R^k"),
]


@pytest.mark.parametrize(("text", "wrt", "where"), CLASHES, ids=[text for text, _, _ in CLASHES])
def test_a_result_in_which_indices_could_be_mistaken_is_read_back_to_its_value(text: str, wrt: str, where: str) -> None:
    found = mcalc.derive(text, wrt=wrt, where=where)
    rng = np.random.default_rng(1)
    values = {s.attr[0]: rng.standard_normal([SIZES[str(dim)] for dim in s.shape]) for s in variables(found.body)}
    want = found.evaluate(values)
    assert found.check().ok
    for printed in (found.text, found.ascii, found.latex):
        again = mcalc.parse(printed, where=where)
        assert agree(again.evaluate(values), want)


@pytest.mark.parametrize("part", range(6))
def test_random_expressions_under_names_that_indices_have_too_are_read_back(part: int) -> None:
    slips: list[str] = []
    for seed in range(part, 150, 6):
        for place, plain in enumerate(expressions(seed)):
            expr = under_other_names(plain, 2 * seed + place)
            slips += [slip for slip in (reads_back(expr), reads_back_in_latex(expr)) if slip]
    assert slips == []


def test_an_expression_keeps_its_value_when_its_indices_are_told_apart() -> None:
    changed = 0
    for seed in range(200):
        expr = under_other_names(expressions(seed)[-1], seed)
        apart = told_apart(expr)
        if apart is not expr:
            changed += 1
            values = random_values(expr, np.random.default_rng(seed), dict.fromkeys(SIZE_NAMES, 3))
            assert agree(evaluate(apart, values), evaluate(expr, values))
    assert changed > 5


def test_no_index_of_a_result_has_the_name_of_a_variable_or_a_size() -> None:
    for seed in range(150):
        expr = told_apart(under_other_names(expressions(seed)[-1], seed))
        others = names_in(expr, indices=False)
        assert not {node.attr[0] for node in walk(expr) if node.op.layout == "index"} & others


def test_an_inner_index_that_hides_one_used_with_it_gets_another_name() -> None:
    n = Dim.named("n")
    y = symbol("y", (n,))
    outer, inner = [index("i", level, number(1), size(n)) for level in (0, 1)]
    body = make(PRODUCT, (inner, mul(element(y, inner), element(y, outer))))
    apart = told_apart(make(SIGMA, (outer, body)))
    assert [node.args[0].attr for node in walk(apart) if node.op.kind == "binder"] == [("j", 0), ("i", 0)]


def test_of_two_sums_over_one_name_the_outer_one_that_nothing_runs_with_gets_another() -> None:
    n = Dim.named("n")
    i = index("i", 0, number(1), size(n))
    apart = told_apart(make(SIGMA, (i, make(SIGMA, (i, element(symbol("y", (n,)), i))))))
    assert [node.args[0].attr for node in walk(apart) if node.op.kind == "binder"] == [("i", 0), ("j", 0)]


def test_names_never_run_out() -> None:
    names = free_names(RUNNING)
    assert [next(names) for _ in range(3)] == ["i_1", "j_1", "k_1"]
    assert free_base({"u_1", "v", "uu"}, "uv") == "uuu"


def test_with_every_letter_taken_an_index_is_still_found_and_read() -> None:
    letters = [c for c in "abcdfghijklmnopqrstuvwyz" if c != "n"]
    text = f"prod(({' + '.join(letters)}) x)"
    where = f"{', '.join(letters)}: R; x: R^n"
    found = mcalc.derive(text, wrt="x", where=where)
    for printed in (found.text, found.ascii, found.latex):
        assert mcalc.parse(printed, where=where).expr is found.expr


def test_a_mean_keeps_its_size_apart_from_what_runs() -> None:
    m, k = Dim.named("m"), Dim.named("k")
    j = index("k", 0, number(1), size(m))
    mean = make(MEAN, (symbol("z", (k,)),))
    apart = told_apart(make(SIGMA, (j, add(element(symbol("y", (m,)), j), mean))))
    assert apart.args[0].attr == ("i", 0)


def test_a_part_is_not_named_as_a_row_is() -> None:
    where = "Z: R^{N x n}; w: R^n; y: R^N"
    found = mcalc.derive("norm(exp(tanh(sum_i (Z_i·w - y_i)^2 w)))", wrt="w", where=where)
    assert " z = " not in found.text
    assert mcalc.parse(found.text, where=where).expr is told_apart(found.expr, {"Z", "w", "y"})
