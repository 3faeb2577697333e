"""Every row of the operator table, and random expressions, exported to every target that can be run here.

JAX, PyTorch and Dask, and many more seeds, are run by ``python -m bench.exports``.
"""

from __future__ import annotations

from pathlib import Path

import array_api_strict
import numpy as np
import pytest

from mcalc.api import derive
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.export.exported import TARGETS
from mcalc.expr import make, walk
from mcalc.operators import TABLE, matrix_functions, singular, solutions, spectral
from mcalc.operators.arithmetic import add, mul
from mcalc.operators.leaves import symbol
from mcalc.operators.linear import dot, matmul
from tests.exported import (
    COMPILER,
    C,
    Case,
    Python,
    clashing_cases,
    differing,
    julia,
    random_cases,
    table_cases,
    with_derivative,
)

NUMPY = Python("numpy", np.asarray)
STRICT = Python("array-api", array_api_strict.asarray)
COUNT = 300
"""Random expressions, and the derivative of each."""
WITHOUT_ERF = {
    "the array API standard has no erf": {"erf", "gelu"},
    "the array API standard has no erfc": {"erfc", "normcdf"},
}
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler here")


DECOMPOSED = {row.name for module in (solutions, matrix_functions, spectral, singular) for row in module.ROWS}
"""Rows that only libraries of Python have all of; the other languages refuse them by name."""


@pytest.mark.parametrize(
    ("run", "lacks"), [(NUMPY, {}), (STRICT, WITHOUT_ERF), (julia, {})], ids=["numpy", "array-api", "julia"]
)
def test_every_row_of_the_table_is_exported_right_or_what_is_lacking_is_named(
    run: Python, lacks: dict[str, set[str]]
) -> None:
    wrong, lacking = differing(run, table_cases(1))
    assert wrong == []
    by_name = {message for message in lacking if " has no " in message and "standard" not in message}
    assert {message: set(labels) for message, labels in lacking.items() if message not in by_name} == lacks
    assert {label for message in by_name for label in lacking[message]} <= DECOMPOSED
    assert run is not NUMPY or not by_name


@pytest.mark.parametrize("run", [NUMPY, julia], ids=["numpy", "julia"])
def test_no_loop_or_temporary_array_takes_the_name_of_an_argument_or_a_size(run: Python) -> None:
    assert differing(run, clashing_cases(200)) == ([], {})


@needs_compiler
def test_no_loop_in_c_takes_the_name_of_an_argument_or_a_size(tmp_path: Path) -> None:
    cases = clashing_cases(60)
    compiled = C(tmp_path)
    for case in cases:
        compiled.add(case)
    compiled.build()
    assert differing(compiled, cases) == ([], {})


@needs_compiler
def test_every_row_of_the_table_is_exported_right_to_c(tmp_path: Path) -> None:
    cases = [*[case for case in table_cases(1) if case.label not in DECOMPOSED], *random_cases(30)]
    compiled = C(tmp_path)
    for case in cases:
        compiled.add(case)
    compiled.build()
    assert differing(compiled, cases) == ([], {})


def test_the_cases_have_every_row_in_them_but_those_without_a_value() -> None:
    found = {node.op.name for case in table_cases(1) for node in walk(case.expr)}
    rows = {row.name for row in TABLE.values() if row.kind not in ("spelling", "solution")}
    assert rows - found == {"apply", "map", "expectation", "implicit", "derivative", "differential"}


@pytest.mark.parametrize("target", TARGETS)
def test_a_function_without_a_definition_is_named_when_it_is_exported(target: str) -> None:
    with pytest.raises(Mistake, match="f"):
        derive("f(x)^2", wrt="x").to(target)


@pytest.mark.parametrize("run", [NUMPY, STRICT], ids=["numpy", "array-api"])
def test_random_expressions_and_their_derivatives_are_exported_right(run: Python) -> None:
    cases = random_cases(COUNT)
    wrong, lacking = differing(run, cases)
    assert wrong == []
    assert set(lacking) <= set(WITHOUT_ERF)
    assert len(cases) > 1.5 * COUNT


NAMES = [
    "end",
    "exp",
    "double",
    "λ",
    "np",
    "xp",
    "t1",
    "i",
    "result",
    "softmax",
    "device",
    "I",
    "__import__",
    "名",
    "x y",
    '"',
]
"""Words that mean something where they would stand, or are no identifiers."""


def named_cases() -> list[Case]:
    """Return σ(A x) · softmax(x) + s sum(exp(x)) and its derivative, the variables called by words that mean more."""
    n = Dim.named("n")
    cases: list[Case] = []
    for k, name in enumerate(NAMES):
        x, s = symbol(name, (n,)), symbol(NAMES[k - 3], ())
        product = matmul(symbol(NAMES[k - 7], (n, n)), x)
        total = mul(s, make(TABLE["sum"], (make(TABLE["exp"], (x,)),)))
        whole = add(dot(make(TABLE["softmax"], (x,)), make(TABLE["sigmoid"], (product,))), total)
        cases += with_derivative(name, whole, k, x)
    return cases


@pytest.mark.parametrize("run", [NUMPY, STRICT, julia], ids=["numpy", "array-api", "julia"])
def test_variables_may_be_called_anything(run: Python) -> None:
    assert differing(run, named_cases()) == ([], {})


@needs_compiler
def test_variables_may_be_called_anything_in_c(tmp_path: Path) -> None:
    compiled, cases = C(tmp_path), named_cases()
    for case in cases:
        compiled.add(case)
    compiled.build()
    assert differing(compiled, cases) == ([], {})
