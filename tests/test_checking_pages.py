"""Derivations as people write them: each line of a page is judged as a teacher would."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from mcalc.api import check, page_of, scope_of
from mcalc.checking.page_parts import _trimmed
from mcalc.errors import Mistake
from tests import pages as run

GOLDEN = Path(__file__).parent / "golden" / "pages.txt"
MARKS = {"+": True, "-": False}


def pages() -> list[tuple[str, str, list[str]]]:
    """Return the name, the declared shapes and the marked lines of each page."""
    blocks = GOLDEN.read_text(encoding="utf-8").split("\n## ")[1:]
    cut = [block.rstrip().split("\n") for block in blocks]
    return [(head.partition(" | ")[0], head.partition(" | ")[2], rows) for head, *rows in cut]


@pytest.mark.parametrize(("name", "where", "rows"), pages(), ids=[name for name, _, _ in pages()])
def test_each_line_of_a_page_is_judged_as_a_teacher_would(name: str, where: str, rows: list[str]) -> None:
    page = page_of("\n".join([row[2:] for row in rows]), scope_of(where))
    assert not [(one.line, one.mistake) for one in page.mistakes], name
    found: dict[int, bool] = {}
    for one in page.claims:
        found[one.line.number] = bool(one.verdict) and found.get(one.line.number, True)
    want = {number: MARKS[row[0]] for number, row in enumerate(rows, 1) if row[0] in MARKS}
    assert found == want


def test_of_pages_made_from_derivations_no_line_is_misjudged() -> None:
    tally = run.Tally()
    for seed in range(12):
        run.judge_seed(seed, tally)
    assert tally.right > 30
    assert tally.wrong > 3
    assert not tally.misjudged


def test_a_differential_at_a_point_is_refused() -> None:
    with pytest.raises(Mistake) as caught:
        check("f(x) = x³ - 2x\nf'(x) = 3x² - 2\ndf/+x |_{x=1} = 1")
    assert caught.value.code == "E-UNSUPPORTED"


def test_definitions_that_go_round_in_a_circle_end() -> None:
    page = "f = uTu\n  u = Xw − y\n+ 8f/8u = 2 uT\n+ Of/\nw = 2 uTX\n+ = 2(Xw − y)TXO- af/aw = uTX"
    with suppress(Mistake):
        check(page)


@pytest.mark.parametrize(
    ("piece", "bare"),
    [(" , x \\, ", "x"), ("\\quad x\\qquad;", "x"), ("\\ ", ""), ("\\quadx", "\\quadx"), ("", ""), ("x\\,\\!", "x")],
)
def test_spaces_and_commas_around_a_formula_are_no_part_of_it(piece: str, bare: str) -> None:
    assert _trimmed(piece) == bare
