"""Formulas of papers and books, read as they are pasted: right, or refused with what is in the way named."""

from __future__ import annotations

import numpy as np
import pytest

from mcalc.api import asks_derivative, one_side, scope_of
from mcalc.calculus.derive import resolve
from mcalc.errors import Mistake
from mcalc.expr import Expr
from mcalc.notation import Reading, read, split_statements
from mcalc.numeric.evaluate import evaluate
from mcalc.render.text import unicode
from tests.pasted import OBJECTIVES, OUTSIDE, Formula
from tests.values import agree, random_values

SIZES = {letter: 2 + place % 4 for place, letter in enumerate("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")}
LEAST = 0.95
READ = [o for o in OBJECTIVES if o.meaning is not None]
NOT_READ = [o for o in (*OBJECTIVES, *OUTSIDE) if o.meaning is None]


def pasted(text: str, where: str) -> Reading:
    """Return the reading of one formula whose value is wanted."""
    [(statement, _)] = split_statements(text)
    reading = read(statement, scope_of(where), value=True, notation="latex")
    return reading if reading.kind != "claim" or asks_derivative(reading) else one_side(reading, statement)


def values(exprs: tuple[Expr, Expr], seed: int) -> dict[str, object]:
    """Return positive values of all variables, of matrices far from singular."""
    rng = np.random.default_rng(seed)
    found: dict[str, object] = {}
    for expr in exprs:
        for name, value in random_values(expr, rng, SIZES).items():
            if isinstance(value, int):
                found[name] = value
                continue
            array = np.abs(np.asarray(value)) / 4 + 0.05
            square = array.ndim == 2 and array.shape[0] == array.shape[1]
            found[name] = array + 2 * np.eye(array.shape[0]) if square else array
    return found


def same(one: Expr, other: Expr) -> bool:
    """Say whether two expressions are one, or have one value at random points."""
    if one is other:
        return True
    pair = resolve(one), resolve(other)
    for seed in (1, 2):
        at = values(pair, seed)
        if not agree(evaluate(pair[0], at), evaluate(pair[1], at)):
            return False
    return True


def sides(reading: Reading) -> list[Expr]:
    """Return the sides of a claim, or the one expression."""
    assert reading.expr is not None
    return reading.sides if reading.kind == "claim" else [reading.expr]


@pytest.mark.parametrize("objective", READ, ids=[o.source for o in READ])
def test_a_formula_says_what_its_author_means(objective: Formula) -> None:
    assert objective.meaning is not None
    got = sides(pasted(objective.latex, objective.where))
    want = sides(read(objective.meaning, scope_of(objective.where), value=True))
    assert len(got) == len(want)
    for one, other in zip(got, want, strict=True):
        assert same(one, other), f"read as {unicode(one)}"


@pytest.mark.parametrize("objective", NOT_READ, ids=[o.source for o in NOT_READ])
def test_what_is_not_read_is_refused_or_noted_by_name(objective: Formula) -> None:
    said: list[str]
    try:
        found = pasted(objective.latex, objective.where)
        said = [*found.notes, *found.assumed]
    except Mistake as mistake:
        said = [mistake.message, *[objective.latex[span.start : span.end] for span in mistake.spans]]
    assert objective.named
    assert any(objective.named in text for text in said), said


def test_of_the_list_at_least_95_percent_are_read() -> None:
    assert len(OBJECTIVES) >= 150
    assert len(READ) >= LEAST * len(OBJECTIVES)
