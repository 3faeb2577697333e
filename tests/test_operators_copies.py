"""Results can be copied and pickled: a copy of an expression is the same object, however deep it is."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

from mcalc import Mistake, check, derive, minimise, parse

RESULTS = [
    lambda: derive("softmax(W x + b) · y", wrt="W"),
    lambda: derive("f(x, y) + tr(A^T X A)", wrt="x"),
    lambda: check("d/dx x^2 = 3x"),
    lambda: parse("sum_{i=1}^{n} (y_i - w^T x_i)^2"),
    lambda: minimise("||A x - b||^2", "x"),
]


@pytest.mark.parametrize("make", RESULTS)
def test_a_result_comes_back_from_a_pickle_and_from_a_copy(make: Any) -> None:
    result = make()
    for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert str(again) == str(result)
        assert type(again) is type(result)


def test_a_copied_expression_is_the_same_object_at_any_depth() -> None:
    deep = parse("sin(" * 20_000 + "x" + ")" * 20_000)
    assert pickle.loads(pickle.dumps(deep)).expr is deep.expr
    assert copy.deepcopy(deep).expr is deep.expr


def test_a_pickled_result_is_read_in_another_process() -> None:
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).text)"
    sent = pickle.dumps(derive("w · w", wrt="w"))
    done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "2 wᵀ"


def test_a_mistake_comes_back_with_its_code() -> None:
    with pytest.raises(Mistake) as caught:
        parse("x +")
    assert pickle.loads(pickle.dumps(caught.value)).code == caught.value.code
