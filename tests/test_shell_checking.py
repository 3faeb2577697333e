"""The check of a result before it is shown: when it runs, what it says; a wrong derivative is never printed."""

from __future__ import annotations

import json
import shlex

import pytest

from mcalc.api import derive
from mcalc.expr import Expr
from mcalc.operators import TABLE
from mcalc.operators.arithmetic import neg
from mcalc.shell.checking import reproducer
from tests.conftest import Mcalc

CHECKED = "checked at 8 random points by complex step: largest relative error"


@pytest.fixture
def wrong_sine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give sin a derivative of the wrong sign."""
    right = TABLE["sin"].partial
    assert right is not None

    def wrong(node: Expr, place: int) -> Expr | None:
        made = right(node, place)
        return None if made is None else neg(made)

    monkeypatch.setattr(TABLE["sin"], "partial", wrong)


def test_a_terminal_is_told_of_the_check_and_a_pipe_only_if_it_asks(mcalc: Mcalc) -> None:
    assert CHECKED in mcalc("diff", "w·x", "--wrt", "w", terminal=True).err
    assert CHECKED in mcalc("∂/∂w (w·x)", terminal=True).err
    assert mcalc("diff", "w·x", "--wrt", "w", "--no-check", terminal=True).err == "assumed: w, x ∈ ℝⁿ\n"
    assert mcalc("diff", "w·x", "--wrt", "w").err == "assumed: w, x ∈ ℝⁿ\n"
    asked = mcalc("diff", "w·x", "--wrt", "w", "--check")
    assert (asked.out, asked.err.splitlines()[1].startswith(CHECKED)) == ("xᵀ\n", True)


def test_what_has_no_derivative_in_it_is_not_said_to_be_checked(mcalc: Mcalc) -> None:
    assert "checked" not in mcalc("w·x", terminal=True).err


def test_a_record_has_the_check_where_it_was_asked_for_and_the_same_bytes_on_a_terminal(mcalc: Mcalc) -> None:
    record = json.loads(mcalc("diff", "w·x", "--wrt", "w", "--to", "json", "--check").out)
    assert record["check"] == {
        "method": "complex step",
        "points": 8,
        "max_rel_err": pytest.approx(0, abs=1e-12),
        "ok": True,
    }
    in_a_pipe = mcalc("diff", "w·x", "--wrt", "w", "--to", "json")
    assert "check" not in json.loads(in_a_pipe.out)
    assert mcalc("diff", "w·x", "--wrt", "w", "--to", "json", terminal=True).out == in_a_pipe.out


def test_where_nothing_can_be_checked_the_reason_is_said_in_words(mcalc: Mcalc) -> None:
    done = mcalc("diff", "ln(-1 - x^2)", "--wrt", "x", "--where", "x: R", "--check")
    assert (done.code, done.err.splitlines()[-1]) == (0, "not checked: no random point lies in the domain")
    record = json.loads(mcalc("diff", "ln(-1 - x^2)", "--wrt", "x", "--check", "--to", "json").out)
    assert record["check"] == {"ok": None, "reason": "no random point lies in the domain"}


@pytest.mark.usefixtures("wrong_sine")
def test_a_wrong_derivative_is_not_printed_and_can_be_reproduced(mcalc: Mcalc) -> None:
    done = mcalc("diff", "sin(A x) · x", "--wrt", "x", "--where", "A: R^{n x n}; x: R^n", terminal=True)
    assert (done.code, done.out) == (70, "")
    message, command = done.err.splitlines()
    assert "the derivative disagrees with complex step" in message
    again = mcalc(*shlex.split(command)[1:])
    assert (again.code, again.out, again.err.splitlines()[1]) == (70, "", command)


@pytest.mark.usefixtures("wrong_sine")
def test_in_a_stream_the_other_lines_go_on_and_the_reproducer_needs_none_of_them(mcalc: Mcalc) -> None:
    lines = "λ: R > 0\ng(t) = sin(λ t)\nd/dt g(t)\nd/dt t^2\n"
    done = mcalc("run", "-", "--check", stdin=lines)
    assert (done.code, done.lines) == (70, ["2 t"])
    command = done.err.splitlines()[1]
    assert command == "  mcalc diff 'sin(lambda t)' --wrt t --where 't: R; lambda: R > 0' --check"
    assert mcalc(*shlex.split(command)[1:]).code == 70
    records = [json.loads(line) for line in mcalc("run", "-", "--check", "--to", "json", stdin=lines).lines]
    assert [record["ok"] for record in records] == [True, True, False, True]
    assert records[2]["error"]["code"] == "E-BUG"
    assert "disagrees" in records[2]["error"]["message"]


@pytest.mark.usefixtures("wrong_sine")
def test_a_wrong_gradient_under_a_consistent_hessian_and_one_inside_an_expression_are_caught(mcalc: Mcalc) -> None:
    assert mcalc("diff", "x^2 sin(y)", "--wrt", "y", "--order", "2", "--check").code == 70
    assert mcalc("∂/∂x (x · ∂/∂x sum(sin(x)))", terminal=True).code == 70
    assert mcalc("1 + x d/dx sin(x)", terminal=True).code == 70


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_what_is_checked_is_what_is_printed_in_either_layout(layout: str) -> None:
    for expr, wrt in (("A x", "x"), ("t^2 x", "t,x"), ("w · x", "w"), ("t x", "t"), ("sum(A)", "A")):
        d = derive(expr, wrt=wrt, where="A: R^{m x n}; x, w: R^n; t: R", layout=layout)
        assert d.check().ok, (expr, wrt, d.text)


def test_a_reproducer_says_everything_that_matters() -> None:
    d = derive("xᵀ S x + ln(s)", wrt="x", where="S: R^{n x n} symmetric; x: R^n; s: R > 0", order=2)
    want = "mcalc diff 'x^T S x + ln(s)' --wrt x --order 2 --where 'S: R^{n x n} symmetric; x: R^n; s: R > 0' --check"
    assert reproducer(d) == want


def test_a_result_of_very_many_operators_is_left_unchecked_on_a_terminal_and_says_so(mcalc: Mcalc) -> None:
    deep = "sin(" * 3000 + "x" + ")" * 3000
    done = mcalc("diff", deep, "--wrt", "x", terminal=True)
    assert "not checked: with " in done.err
    assert "--check does it" in done.err
