"""Every reason that a derivation gives is an entry of the reference, and the example of the entry shows it."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import derive
from mcalc.calculus.basics.simplifications import Reason
from mcalc.calculus.stories.reasons import TABLE
from mcalc.calculus.stories.rewriting import in_full
from mcalc.checking.stated_reasons import RULES
from mcalc.numeric.evaluate import evaluate
from mcalc.shell.rule_entries import COOKBOOK, SHAPES_OF_ALL, Rule, all_found, found
from tests.conftest import Mcalc
from tests.reasons import WAYS, random_reasons, reasons, results, unknown
from tests.test_golden import point
from tests.values import agree, complex_step

ROWS_OF_REASONS = [(heading, reason) for heading, rows in TABLE.items() for reason in rows.values()]
IN_JUDGEMENTS = ("chain rule", "linearity")
"""Names that no derivation gives: what is said of a reason that stands on a page."""
SELDOM = ("write it as a row",)
"""What none of the golden results, problems and random expressions needs."""


@pytest.mark.parametrize(("heading", "reason"), ROWS_OF_REASONS, ids=lambda one: getattr(one, "name", ""))
def test_the_example_of_a_reason_shows_it(heading: str, reason: Reason) -> None:
    assert reason.formula in [rule.formula for rule in all_found(reason.name)]
    given: set[str] = set()
    for made, _ in Rule.reason(reason, heading).derived():
        for line in [line for story in made.steps.stories for line in story.derivation.lines]:
            given |= {one.name for why in (line.reasons, *[why for _, why in in_full(line)]) for one in why}
    assert given
    assert (reason.name in given) != (reason.name in (*IN_JUDGEMENTS, *SELDOM))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way.values()) or "auto")
def test_every_reason_over_the_golden_results_is_an_entry(way: dict[str, str]) -> None:
    given: set[str] = set()
    for expr, wrt, where in [*results()][:: 30 if way else 6]:
        made = derive(expr, wrt=wrt.split(", "), where=where)
        given.update(reasons(made.body, list(made.variables), made.expr, way))
    assert given
    assert [said for said in given if unknown(said)] == []


def test_every_reason_of_random_derivations_is_an_entry() -> None:
    given = {said for seed in range(0, 400, 20) for said in random_reasons(seed)}
    assert len(given) > 30
    assert [said for said in given if unknown(said)] == []


STACKED = "stack the derivatives, one row for each function"
AS_PRINTED = [
    ("sum rule · §2", ["sum rule"]),
    ("sin, power rule, sum rule · §2", ["sin", "power rule", "sum rule"]),
    (f"{STACKED}, sin · §4.1", [STACKED, "sin"]),
    ("max(0, z); 0 chosen at z = 0 · §5", ["max"]),
    ("a · 1 = a, a + 0 = a", ["a · 1 = a", "a + 0 = a"]),
    ("constant: A and B are held", ["constant"]),
    ("symmetric: (G + Gᵀ)/2", ["symmetric"]),
    ("substitute u₁", ["substitute"]),
    ("definition of layernorm", ["definition of layernorm"]),
    ("put in dz and dr", ["put in"]),
    ("Quotient Rule", ["quotient rule"]),
    ("cyclic", ["cyclic trace"]),
    ("total derivative", ["single-variable total-derivative chain rule"]),
]


@pytest.mark.parametrize(("said", "names"), AS_PRINTED)
def test_a_reason_is_found_as_a_line_has_it(said: str, names: list[str]) -> None:
    assert [rule.name for rule in all_found(said)] == names


@pytest.mark.parametrize("name", [*RULES])
def test_a_rule_that_a_page_may_state_has_an_entry(name: str) -> None:
    assert found(name if name == "linearity" else f"{name} rule").formula


NEAR = [
    ("multiply out and cancle", "multiply out and cancel"),
    ("vector chian rule", "vector chain rule"),
    ("mask to other side", "mask to the other side"),
]


@pytest.mark.parametrize(("wrong", "right"), NEAR)
def test_a_near_miss_is_asked_about(mcalc: Mcalc, wrong: str, right: str) -> None:
    done = mcalc("rules", wrong)
    assert (done.code, done.out) == (2, "")
    assert f"did you mean {right}?" in done.err


@pytest.mark.parametrize("row", COOKBOOK, ids=lambda row: row[0])
def test_a_derivative_of_the_tables_is_right_by_value_and_found_by_its_formula(row: tuple[str, str, str, str]) -> None:
    expr, wrt, where, _ = row
    made = derive(expr, wrt=wrt, where=where or SHAPES_OF_ALL)
    values = point(made.body, np.random.default_rng(1))
    assert agree(evaluate(made.expr, values), complex_step(made.body, made.variables[0], values))
    assert found(expr).formula == Rule.compound(row).formula


@pytest.mark.parametrize("name", ["norm", "sum", "mean", "std"])
def test_a_function_of_vectors_that_takes_matrices_shows_both(name: str) -> None:
    shapes = [made.variables[0].order for made, _ in found(name).derived()]
    assert shapes == [1, 2]
