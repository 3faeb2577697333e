"""Golden results: the paper's, and matrix calculus beyond it, in print and by value; and the paper's derivations.

What a derivation of the paper has to name, and where mcalc deviates, is in golden/paper_steps.txt.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mcalc.api import derive, parse, scope_of
from mcalc.calculus.stories.lines import COMBINE, DIFFERENTIATE, NAME, Derivation
from mcalc.calculus.stories.rewriting import in_full
from mcalc.dims import Dim
from mcalc.expr import Expr, walk
from mcalc.notation import read_expression
from mcalc.numeric.evaluate import evaluate
from mcalc.render.text import unicode
from mcalc.results import Expression
from tests.conftest import Mcalc
from tests.reading import reads_back
from tests.values import agree, complex_step

FOLDER = Path(__file__).parent / "golden"
SIZES = {"n": 3, "m": 4, "k": 2, "p": 5, "N": 6}


def rows(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split(" | ")] for line in lines if line and not line.startswith("#")]


def point(expr: Expr, rng: np.random.Generator) -> dict[str, object]:
    """Return positive values, well inside every domain; symmetric matrices where they are declared so."""
    values: dict[str, object] = dict(SIZES)
    for node in walk(expr):
        if node.op.name == "symbol":
            name, shape, properties = node.attr
            value = rng.uniform(0.3, 0.9, size=[length(dim) for dim in shape])
            if len(shape) == 2 and shape[0] is shape[1]:
                value = value + 4 * np.eye(value.shape[0])
                value = value @ value.T if {"symmetric", "posdef"} & properties else value
            values[name] = value
    return values


def length(dim: Dim) -> int:
    return dim.value if dim.value is not None else SIZES.get(str(dim), 3)


def check(expr: str, wrt: list[str], where: str, order: int, printed: str) -> None:
    found = derive(expr, wrt=wrt, where=where, order=order)
    assert found.text == printed
    function = found.body if order == 1 else derive(expr, wrt=wrt, where=where, order=order - 1).expr
    values = point(found.body, np.random.default_rng(1))
    columns = []
    for variable in found.variables:
        whole = variable if variable.op.name == "symbol" else variable.args[0]
        values.setdefault(whole.attr[0], np.ones([length(dim) for dim in whole.shape]))
        column = complex_step(function, whole, values)
        for at in variable.args[1:] if whole is not variable else ():
            column = np.take(column, int(at.attr) - 1, axis=function.order)
        columns.append(column)
    want = columns[0]
    if len(columns) > 1:
        want = np.concatenate([c.reshape((*c.shape[: function.order], -1)) for c in columns], axis=-1)
    assert agree(found.evaluate(values), want)


@pytest.mark.parametrize("row", rows("paper.txt"), ids=lambda row: f"{row[0]}: {row[2]} by {row[3]}")
def test_result_of_the_paper_prints_in_its_words_and_is_right(row: list[str]) -> None:
    _, where, expr, wrt, printed = row
    check(expr, wrt.split(", "), where, 1, printed)


@pytest.mark.parametrize("row", rows("matrix.txt"), ids=lambda row: f"{row[2]} by {row[3]}")
def test_result_beyond_the_paper_prints_compactly_and_is_right(row: list[str]) -> None:
    order, where, expr, wrt, printed = row
    check(expr, [wrt], where, int(order), printed)


@pytest.mark.parametrize("row", rows("cookbook.txt"), ids=lambda row: f"({row[0]}) {row[2]}")
def test_equation_of_the_cookbook_prints_compactly_and_is_what_the_book_says(row: list[str]) -> None:
    _, where, expr, wrt, answer, printed = row
    if wrt == "-":
        found: Expression = parse(expr, where=where)
        assert found.text == printed
    else:
        variables = wrt.split(", ")
        found = derive(expr, wrt=variables[0], where=where, order=len(variables))
        check(expr, variables[:1], where, len(variables), printed)
    book = read_expression(answer, scope_of(where), shape=found.expr.shape).expr
    assert book is not None
    values = {**point(book, np.random.default_rng(1)), **point(found.expr, np.random.default_rng(1))}
    assert agree(found.evaluate(values), evaluate(book, values))
    assert not reads_back(found.expr)


def equations(texts: list[str]) -> set[int]:
    """Return the numbers of equations that stand at the beginning of some texts, one or a range of them."""
    found: set[int] = set()
    for text in texts:
        match = re.match(r"(\d+)(?:-(\d+))?(?= )", text)
        if match:
            found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return found


def test_every_equation_from_49_to_140_is_a_test_or_left_out_with_its_reason() -> None:
    lines = (FOLDER / "cookbook.txt").read_text(encoding="utf-8").splitlines()
    reasons = lines[lines.index("# Left out:") + 1 :]
    left_out = equations([line.removeprefix("# ") for line in reasons if line.startswith("# ")])
    tested = equations([f"{row[0]} " for row in rows("cookbook.txt")])
    assert not left_out & tested
    assert left_out | tested == set(range(49, 141))


def derivations() -> list[tuple[str, str]]:
    text = (FOLDER / "derivations.txt").read_text(encoding="utf-8")
    parts = text.split("\n## ")[1:]
    return [(head.strip(), body.strip("\n")) for head, _, body in [part.partition("\n") for part in parts]]


@pytest.mark.parametrize(("head", "told"), derivations(), ids=lambda text: text[:60])
def test_derivation_of_the_paper_is_told_with_its_rules_in_its_order(head: str, told: str) -> None:
    _, where, expr, wrt, *mode = [cell.strip() for cell in head.split(" | ")]
    found = derive(expr, wrt=wrt.split(", "), where=where, mode=mode[0] if mode else "auto")
    assert found.steps.text("full").strip("\n") == told


def beyond() -> list[tuple[str, list[str], str]]:
    """Return the derivations beyond the paper: the topic, the words of the command, and what it prints."""
    parts = (FOLDER / "derivations_beyond.txt").read_text(encoding="utf-8").split("\n## ")[1:]
    cut = [part.split("\n", 2) for part in parts]
    return [(topic, shlex.split(command)[2:], told.strip("\n")) for topic, command, told in cut]


@pytest.mark.parametrize(("topic", "words", "told"), beyond(), ids=[topic for topic, _, _ in beyond()])
def test_derivation_beyond_the_paper_is_told_at_the_first_try(
    mcalc: Mcalc, topic: str, words: list[str], told: str
) -> None:
    assert mcalc(*words).out.strip("\n").rpartition("\n\n")[0] == told, topic


def test_sample_losses_keep_the_braces_inside_the_sum() -> None:
    losses = [row for row in rows("paper.txt") if "sum_{i=1}^{N}" in row[2]]
    assert len(losses) >= 4
    for row in losses:
        assert "Σ_{i=1}^{N} {" in row[4]


def told_equations(derivation: Derivation) -> list[tuple[Expr, Expr]]:
    """Return the equations of a derivation, one for each member of a right side."""
    return [(line.lhs, member) for line in derivation.lines for member, _ in in_full(line)]


def without_use(derivation: Derivation) -> list[str]:
    """Return what a derivation names or differentiates and does not use: in a later definition, a product, the end."""
    unused: list[str] = []
    lines = derivation.lines
    names = [line.lhs for line in lines if line.part == NAME]
    for line in [line for line in lines if line.part == NAME and line.lhs is not names[-1]]:
        others = {node for one in lines if one is not line for side in (one.lhs, *one.rhs) for node in walk(side)}
        unused += [] if line.lhs in others else [unicode(line.lhs)]
    combined = [line for line in lines if line.part == COMBINE]
    factors = {node.args for line in combined for side in (line.lhs, *line.rhs) for node in walk(side) if node.args}
    for line in [line for line in lines if line.part == DIFFERENTIATE and combined]:
        unused += [] if line.lhs.args in factors else [unicode(line.lhs)]
    return unused


@pytest.mark.parametrize("head", [head for head, _ in derivations()], ids=lambda text: text[:60])
def test_no_line_of_a_derivation_is_repeated_and_nothing_is_listed_that_is_not_used(head: str) -> None:
    _, where, expr, wrt, *mode = [cell.strip() for cell in head.split(" | ")]
    found = derive(expr, wrt=wrt.split(", "), where=where, mode=mode[0] if mode else "auto")
    for story in found.steps.stories:
        told = told_equations(story.derivation)
        assert [line for line, times in Counter(told).items() if times > 1] == []
        assert without_use(story.derivation) == []
