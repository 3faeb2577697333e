"""Derivations by differentials: as a person writes them, each line true by value, each reason an entry of the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcalc import derive
from mcalc.calculus.stories.differential_story import Untold
from mcalc.derivative import Derivative
from mcalc.expr import walk
from mcalc.shell.rule_entries import found
from tests.conftest import Mcalc
from tests.derivations import replay as replay_by_value
from tests.differentials import LONGEST, replay, replay_seed, shown_lines, told_of
from tests.problems import problems

GOLDEN = Path(__file__).parent / "golden" / "differentials.txt"
SEEDS = range(0, 60, 2)
SELDOM_INVERTIBLE = "W' A W"


def blocks() -> list[tuple[str, str, str, str]]:
    """Return the golden derivations: expression, variable, shapes, text."""
    parts = GOLDEN.read_text("utf-8").split("\n## ")[1:]
    made = [part.split("\n", 1) for part in parts]
    return [(*[said.strip() for said in head.split(" | ")], text.strip("\n")) for head, text in made]  # type: ignore[misc]


def by_differentials(expr: str, wrt: str, where: str) -> Derivative:
    """Return a derivative that is told by differentials."""
    made = derive(expr, wrt=wrt, where=where)
    made.by = "differentials"
    return made


@pytest.mark.parametrize(("expr", "wrt", "where", "text"), blocks())
def test_a_golden_derivation_is_told_as_it_stands_and_holds_line_by_line(
    expr: str, wrt: str, where: str, text: str
) -> None:
    made = by_differentials(expr, wrt, where)
    assert made.steps.text() == text
    assert replay(told_of(made.body, made.variables[0]), 1) == []
    assert made.steps[-1].rhs == made.text


@pytest.mark.parametrize(("expr", "wrt", "where", "text"), blocks())
def test_every_reason_is_an_entry_of_the_rules(expr: str, wrt: str, where: str, text: str) -> None:
    for step in by_differentials(expr, wrt, where).steps:
        for name in step.rule.partition(":")[0].split(", ") if step.rule else ():
            assert found(name).formula


@pytest.mark.parametrize(("expr", "wrt", "where", "text"), blocks())
def test_no_line_is_repeated_and_each_name_is_used(expr: str, wrt: str, where: str, text: str) -> None:
    made = by_differentials(expr, wrt, where)
    told = told_of(made.body, made.variables[0])
    equations = [(line.lhs, side) for line in told.lines for side in line.rhs]
    assert len(set(equations)) == len(equations)
    for name in [item.symbol for item in told.listed]:
        assert any([name in walk(side) for line in told.lines if line.lhs is not name for side in line.rhs])


def test_the_problems_by_a_matrix_are_told_and_hold() -> None:
    told, wrong, long = 0, [], []
    for problem in problems():
        made = derive(problem.expr, wrt=problem.wrt[0], where=problem.where)
        variable = made.variables[0]
        if variable.order != 2 or made.body.order > 2 or len(problem.wrt) > 1 or SELDOM_INVERTIBLE in problem.expr:
            continue
        try:
            story = told_of(made.body, variable)
        except Untold:
            continue
        told += 1
        wrong += replay(story, 1)
        long += [problem.expr] * (shown_lines(story) > LONGEST)
    assert (wrong, long) == ([], [])
    assert told >= 80


def test_random_derivations_by_differentials_hold_line_by_line() -> None:
    results = [replay_seed(seed) for seed in SEEDS]
    assert [line for found_ in results for line in found_ or []] == []
    assert sum([found_ is not None for found_ in results]) > len(SEEDS) / 3


def test_the_number_of_one_term_is_not_pulled_out_of_a_sum() -> None:
    made = derive("B inv(tanh(B) + 7 I) y", wrt="B", where="B: R^{m x m}; y: R^m")
    story = made.steps.stories[-1]
    assert replay_by_value(story.derivation, 3, *made.variables) == []
    assert not any("df = -(" in f"{step.lhs} = {step.rhs}" for step in made.steps)


def test_by_chooses_how_a_derivation_is_told(mcalc: Mcalc) -> None:
    asked = ("diff", "tr(A X)", "--wrt", "X", "--steps")
    assert mcalc(*asked).out == mcalc(*asked, "--by", "differentials").out
    assert "X changes by dX, A is held" in mcalc(*asked).out
    assert "Name the intermediate variables" in mcalc(*asked, "--by", "chain").out
    assert "dy = (A + Aᵀ)" not in mcalc("diff", "x' A x", "--wrt", "x", "--steps").out
    assert "x changes by dx" in mcalc("diff", "x' A x", "--wrt", "x", "--steps", "--by", "differentials").out
    assert mcalc(*asked, "--by", "magic").code == 2


def test_a_tensor_is_first_the_map_that_it_is(mcalc: Mcalc) -> None:
    told = mcalc("diff", "inv(X)", "--wrt", "X", "--steps").lines
    places = [next(k for k, line in enumerate(told) if said in line) for said in ("dX ↦", "kron", "ᵢₖ")]
    assert places == sorted(places)


ENTRIES = [
    ("tr(A X B)", "X: R^{m x n}; A: R^{p x m}; B: R^{n x p}"),
    ("normF(A X - B)^2", "X: R^{m x n}; A: R^{p x m}; B: R^{p x n}"),
    ("sum(exp(A X))", "X: R^{m x n}; A: R^{p x m}"),
    ("A X B", "X: R^{m x n}; A: R^{p x m}; B: R^{n x p}"),
    ("tr(X' A X)", "X: R^{m x n}; A: R^{m x m}"),
    ("a' relu(X b)", "X: R^{m x n}; a: R^m; b: R^n"),
    ("X' X", "X: R^{m x n}"),
]


@pytest.mark.parametrize(("expr", "where"), ENTRIES)
def test_a_derivation_by_entries_has_deltas_and_holds_line_by_line(expr: str, where: str) -> None:
    made = derive(expr, wrt="X", where=where)
    made.by = "entries"
    told = made.steps.stories[0].derivation
    assert "δ" in made.steps.text()
    assert replay_by_value(told, 1, told.variable) == []
    assert made.steps[-1].rhs == made.text
    assert all(found(step.rule).formula for step in made.steps)


def test_what_is_no_product_of_entries_is_not_told_by_entries(mcalc: Mcalc) -> None:
    done = mcalc("diff", "inv(X)", "--wrt", "X", "--steps", "--by", "entries")
    assert (done.code, "--by differentials" in done.err) == (1, True)


def test_the_differential_is_told_as_far_as_it_goes(mcalc: Mcalc) -> None:
    told = mcalc("d", "ln(det(X))", "--steps").lines
    assert told[-1] == "tr(X⁻¹ dX)"
    assert not any("Read off" in line for line in told)
    assert mcalc("d", "W x", "--wrt", "W,x", "--steps").lines[-1] == "dW x + W dx"
