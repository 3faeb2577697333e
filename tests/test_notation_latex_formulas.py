"""Formulas of papers and books against their values in NumPy: right, or refused with what is in the way named."""

from __future__ import annotations

import pytest

from mcalc.calculus.derive import resolve
from mcalc.errors import Mistake
from mcalc.numeric.evaluate import evaluate
from mcalc.render.text import unicode
from tests.pasted import FORMULAS, OBJECTIVES, UNREAD, Formula, value
from tests.test_notation_latex_objectives import LEAST, pasted, sides, values
from tests.values import agree

READ = [f for f in FORMULAS if f.meaning is not None]
NOT_READ = [f for f in (*FORMULAS, *UNREAD) if f.meaning is None]


@pytest.mark.parametrize("formula", READ, ids=[f.source for f in READ])
def test_a_formula_has_the_value_that_its_author_means(formula: Formula) -> None:
    assert formula.meaning is not None
    [expr] = sides(pasted(formula.latex, formula.where))
    expr = resolve(expr)
    for seed in (1, 2):
        at = values((expr, expr), seed)
        assert agree(evaluate(expr, at), value(formula.meaning, at)), f"read as {unicode(expr)}"


@pytest.mark.parametrize("formula", NOT_READ, ids=[f.source for f in NOT_READ])
def test_what_is_not_read_is_refused_or_noted_by_name(formula: Formula) -> None:
    said: list[str]
    try:
        found = pasted(formula.latex, formula.where)
        said = [*found.notes, *found.assumed]
    except Mistake as mistake:
        said = [mistake.message, *[formula.latex[span.start : span.end] for span in mistake.spans]]
    assert formula.named
    assert any(formula.named in text for text in said), said


def test_of_both_lists_at_least_95_percent_are_read() -> None:
    assert len(READ) >= 120
    read = len(READ) + len([o for o in OBJECTIVES if o.meaning is not None])
    assert read >= LEAST * (len(FORMULAS) + len(OBJECTIVES))
