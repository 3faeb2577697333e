"""A session that is kept: numbers of results, ans, undo and redo, scripts; without a terminal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mcalc.choices import Manner
from mcalc.errors import Mistake
from mcalc.shell.session import Session
from mcalc.shell.worksheet import REMEMBERED, WHOLE, Worksheet, script

TABLES = ("variables", "sizes", "definitions", "functions", "origins", "outdated")


def made(*texts: str) -> Worksheet:
    sheet = Worksheet(Session())
    for text in texts:
        sheet.run(text)
    return sheet


def value(sheet: Worksheet, text: str) -> str:
    found = sheet.run(text).outcome.value
    assert found is not None
    return found.text


def names(sheet: Worksheet) -> list[Any]:
    return [list(getattr(sheet.scope, table).items()) for table in TABLES]


def state(sheet: Worksheet) -> tuple[Any, ...]:
    return names(sheet), [entry.text for entry in sheet.entries], [entry.expr for entry in sheet.entries]


def test_results_are_numbered_and_declarations_definitions_and_mistakes_are_not() -> None:
    sheet = made("x: R", "f = x^3", "d/dx f", "f(t) = t^2")
    with pytest.raises(Mistake):
        sheet.run("x +")
    assert sheet.run("d/dx x^2").number == 2
    assert [entry.number for entry in sheet.results] == [1, 2]


@pytest.mark.parametrize(
    ("text", "printed"), [("ans", "6 x"), ("_", "6 x"), ("_1", "3 x²"), ("_1 + _2", "3 x² + 6 x"), ("d/dx ans", "6")]
)
def test_earlier_results_have_names(text: str, printed: str) -> None:
    assert value(made("x: R", "d/dx x^3", "d/dx ans"), text) == printed


def test_a_result_brings_its_assumed_variables_with_it() -> None:
    sheet = made("d/dv (v · v)")
    assert value(sheet, "ans v") == "2 (v · v)"
    assert not sheet.scope.variables
    sheet.run("g = ans")
    assert sheet.scope.origins["v"] == "assumed"


def test_a_result_of_a_variable_that_means_something_else_now_is_refused() -> None:
    sheet = made("x: R", "d/dx x^2", "x: R^n")
    with pytest.raises(Mistake, match="an earlier x"):
        sheet.run("ans + 1")


@pytest.mark.parametrize(
    ("before", "text", "said"),
    [
        ((), "ans", "no result yet"),
        ((), "1 + _", "no result yet"),
        (("d/dx x^2",), "_7 + 1", "no result _7"),
        (("d/dx x^2",), "_0", "no result _0"),
        (("d/dx x^2",), "f(t) = t ans", "cannot hold an earlier result"),
    ],
)
def test_a_result_that_is_not_there_is_a_mistake_in_its_place(before: tuple[str, ...], text: str, said: str) -> None:
    sheet = made(*before)
    was = state(sheet)
    with pytest.raises(Mistake, match=said):
        sheet.run(text)
    assert state(sheet) == was


def test_a_name_of_the_users_own_comes_before_the_last_result() -> None:
    sheet = made("d/dx x^2", "ans: R", "ans^2")
    assert value(sheet, "∂/∂ans ans^3") == "3 ans²"


def test_undo_takes_back_a_redefinition_with_the_order_of_the_names() -> None:
    sheet = made("x, y: R", "a = x", "b = y")
    was = names(sheet)
    sheet.run("x: R^n")
    assert names(sheet) != was
    sheet.undo()
    assert names(sheet) == was
    sheet.redo()
    assert str(sheet.scope.variables["x"].shape[0]) == "n"


def test_a_new_statement_ends_redoing() -> None:
    sheet = made("x: R", "y: R")
    sheet.undo()
    sheet.run("z: R")
    assert sheet.redo() is None
    assert [entry.text for entry in sheet.entries] == ["x: R", "z: R"]


def test_what_is_held_for_undoing_has_a_limit() -> None:
    count = 60
    sheet = made("x: R", *[f"a_{i} = x" for i in range(count)])
    sheet._held += REMEMBERED
    sheet.run("y: R")
    undone = 0
    while sheet.undo() is not None:
        undone += 1
    assert undone == 1
    assert len(sheet.entries) == count + 1


def test_old_results_are_kept_as_expressions_alone() -> None:
    sheet = made(*[f"d/dx x^{i}" for i in range(2, WHOLE + 5)])
    assert sheet.entries[0].outcome is None
    assert value(sheet, "_1") == "2 x"


@pytest.mark.parametrize(
    ("texts", "saved"),
    [
        (("x: R", "d/dx x^2", "_ + 1"), "x: R\nd/dx x^2\n(d/dx x^2) + 1\n"),
        (("d/dx x^2", "1", "_1 + ans"), "d/dx x^2\n1\n(d/dx x^2) + (1)\n"),
        (("k = 1", "d/dx x^k", "k = 2", "ans"), "k = 1\nd/dx x^k\nans_1 = d/dx x^k\nk = 2\nans_1\n"),
        (("x: R^n", "x_1 + 1"), "x: R^n\nx_1 + 1\n"),
        (("ans: R", "ans^2"), "ans: R\nans^2\n"),
    ],
)
def test_a_script_names_the_results_that_are_used(texts: tuple[str, ...], saved: str) -> None:
    assert script(made(*texts)) == saved


def test_a_script_says_which_options_each_of_its_statements_was_run_with() -> None:
    sheet = made("x: R^n")
    sheet.session.manner = Manner("denominator")
    sheet.run("d/dx (x · x)")
    sheet.run("_1")
    sheet.session.manner = Manner(way="index")
    sheet.run("d/dx (x · x)")
    expected = [
        "x: R^n", "# mcalc: layout denominator", "d/dx (x · x)", "(d/dx (x · x))",
        "# mcalc: layout numerator", "# mcalc: as index", "d/dx (x · x)",
    ]  # fmt: skip
    assert script(sheet).splitlines() == expected


STATEMENTS = st.sampled_from((
    "x: R", "x, w: R^n", "y: R^m; ", "X: R^{m x n}", "b = 3", "z = w · x", "z = X w", "f(t) = t^2", "f(t) = max(0, t)",
    "∂/∂w (w · x)", "∂/∂w z", "d/dx x^2", "∂/∂x f(x)", "f(b)", "ans", "_ + 1", "_1", "_2 + _1", "g = ans", "ans ans",
    "X y", "∂/∂w (X w + y)", "((", "sqt(x)", "X X", "_99", "q + 1 = 2", "x = x + 1", "\x1b[31m", "",
))  # fmt: skip


class Sessions(RuleBasedStateMachine):
    """Statements right and wrong, undone and redone, saved and run again."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Worksheet(Session())

    @rule(text=STATEMENTS)
    def run(self, text: str) -> None:
        before = state(self.sheet)
        count = len(self.sheet.results)
        try:
            trial = self.sheet.run(text.rstrip("; "))
        except Mistake:
            assert state(self.sheet) == before
            return
        assert len(self.sheet.entries) == len(before[1]) + 1
        if trial.number:
            assert trial.number == count + 1
            assert trial.outcome.value is not None
            assert self.sheet.results[-1].expr is trial.outcome.expr
        after = state(self.sheet)
        self.sheet.undo()
        assert state(self.sheet) == before
        self.sheet.redo()
        assert state(self.sheet) == after

    @precondition(lambda self: self.sheet.entries)
    @rule()
    def undo(self) -> None:
        self.sheet.undo()

    @rule()
    def redo(self) -> None:
        self.sheet.redo()

    @rule()
    def save_and_run_again(self) -> None:
        session = Session()
        found = []
        for line in script(self.sheet).splitlines():
            outcome = session.run(line)
            if outcome.value is not None:
                found.append(outcome.value.text)
        shown = [entry.outcome.value.text for entry in self.sheet.results if entry.outcome and entry.outcome.value]
        assert found == shown
        if not any(name.startswith("ans_") for name in session.scope.definitions):
            assert session.scope.names() == self.sheet.scope.names()

    @invariant()
    def the_last_result_is_ans(self) -> None:
        if self.sheet.results:
            with suppress(Mistake):
                scope = self.sheet.reading_scope("ans")
                assert scope.definitions["ans"] is self.sheet.results[-1].expr


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
